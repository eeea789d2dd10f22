/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - what every fuzz target offers and uses. */
#ifndef HF_FUZZ_H
#define HF_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Called by libFuzzer, or by driver.c; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

_Noreturn static inline void hf_broken(const char *file, int line,
                                       const char *what)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, what);
    abort();
}

/* A promise of a header that must hold for every input. */
#define HF_PROMISE(condition)                                                  \
    ((condition) ? (void)0 : hf_broken(__FILE__, __LINE__, #condition))

#endif
