/* SPDX-License-Identifier: Apache-2.0 */
/* net/loop.h - the event loop of a process, its resolver and its proxies. */
#ifndef HF_NET_LOOP_H
#define HF_NET_LOOP_H

#include "base/err.h"

struct hf_loop;

/* One a process. SIGPIPE is ignored from then on. */
HF_MUST_USE int hf_loop_new(struct hf_loop **ret_loop, struct hf_err *err);
void hf_loop_free(struct hf_loop *loop);
HF_FREEP(struct hf_loop, hf_loop_free)

/* Calls `tick(user)` every `ms` while a hf_look_all or hf_fetch_all runs:
 * progress. NULL takes it away. */
HF_MUST_USE int hf_loop_tick(struct hf_loop *loop, int ms,
                             void (*tick)(void *user), void *user,
                             struct hf_err *err);

#endif
