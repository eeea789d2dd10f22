/* SPDX-License-Identifier: Apache-2.0 */
/* plat/clock.h - the machine's clocks. Libraries take a time as an argument;
 * cli/ and daemon/ ask here. */
#ifndef HF_PLAT_CLOCK_H
#define HF_PLAT_CLOCK_H

#include <stdint.h>

int64_t hf_clock_now_s(void);        /* unix seconds */
int64_t hf_clock_monotonic_ms(void); /* never goes back */

#endif
