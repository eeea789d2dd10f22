/* SPDX-License-Identifier: Apache-2.0 */
/* base/auto.h - ownership of locals, and the attributes every header uses. */
#ifndef HF_BASE_AUTO_H
#define HF_BASE_AUTO_H

#include <stdlib.h>

/* A local that owns: `fn` gets its address when the scope is left. */
#define HF_AUTO(fn) __attribute__((cleanup(fn)))

/* Hands ownership on: yields the pointer and leaves NULL behind. */
#define HF_STEAL(p)                                                            \
    ({                                                                         \
        __typeof__(p) hf_stolen_ = (p);                                        \
        (p) = NULL;                                                            \
        hf_stolen_;                                                            \
    })

#define HF_MUST_USE __attribute__((warn_unused_result))
#define HF_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define HF_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* HF_AUTO(hf_free_ptr) char *text = NULL; */
static inline void hf_free_ptr(void *at)
{
    free(*(void **)at);
}

/* Defines x_freep() for HF_AUTO from x_free(). */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in them */
#define HF_FREEP(type, name)                                                   \
    static inline void name##p(type **at)                                      \
    {                                                                          \
        name(*at);                                                             \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
