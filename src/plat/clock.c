/* SPDX-License-Identifier: Apache-2.0 */
/* plat/clock.c - the machine's clocks. */
#include "plat/clock.h"

#include <time.h>

int64_t hf_clock_now_s(void)
{
    struct timespec now = { 0 };

    /* cannot fail: the clock exists and the pointer is good */
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

int64_t hf_clock_monotonic_ms(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
