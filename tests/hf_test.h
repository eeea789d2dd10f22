/* SPDX-License-Identifier: Apache-2.0 */
/* hf_test.h - unit tests as TAP: one flat line a row, nothing jumps. */
#ifndef HF_TEST_H
#define HF_TEST_H

#include <stdio.h>

#include "base/view.h"

static unsigned hf_test_count, hf_test_failed;
static int hf_test_good; /* the row being written */

static inline void hf_test_verdict(int good)
{
    hf_test_good = good;
    hf_test_failed += !good;
    printf("%s %u - ", good ? "ok" : "not ok", ++hf_test_count);
}

static inline void hf_test_where(const char *file, int line, const char *what)
{
    printf("\n");
    if (!hf_test_good)
        printf("# %s:%d: %s\n", file, line, what);
}

/* One row: a condition that must hold, and a sentence that names it, whose
 * values are read after the condition. */
#define HF_CHECK(condition, ...)                                               \
    (hf_test_verdict(!!(condition)), (void)printf(__VA_ARGS__),                \
     hf_test_where(__FILE__, __LINE__, #condition))

/* Ends main(): the plan, and the exit status. */
static inline int hf_test_end(void)
{
    printf("1..%u\n", hf_test_count);
    return hf_test_failed ? 1 : 0;
}

#endif
