/* SPDX-License-Identifier: Apache-2.0 */
/* hf_test.h - unit tests as TAP: one flat line a row, nothing jumps. */
#ifndef HF_TEST_H
#define HF_TEST_H

#include <stdio.h>

#include "base/view.h"

static unsigned hf_test_count, hf_test_failed;

/* One row: a condition that must hold, and a sentence that names it. */
#define HF_CHECK(condition, ...)                                               \
    do {                                                                       \
        int good_ = !!(condition);                                             \
        hf_test_failed += !good_;                                              \
        printf("%s %u - ", good_ ? "ok" : "not ok", ++hf_test_count);          \
        printf(__VA_ARGS__);                                                   \
        printf("\n");                                                          \
        if (!good_)                                                            \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);           \
    } while (0)

/* Ends main(): the plan, and the exit status. */
static inline int hf_test_end(void)
{
    printf("1..%u\n", hf_test_count);
    return hf_test_failed ? 1 : 0;
}

#endif
