/* SPDX-License-Identifier: Apache-2.0 */
/* net/loop_in.h - the inside of the event loop, for the files of net/ only. */
#ifndef HF_NET_LOOP_IN_H
#define HF_NET_LOOP_IN_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "net/loop.h"
#include "net/resolve.h"
#include "net/tls_client.h"

struct hf_loop {
    struct event_base *base;
    struct hf_resolver *resolver;
    struct hf_tls_client *tls; /* made by the first look */
    struct event tick;
    int tick_ms;
    void (*tick_fn)(void *user);
    void *tick_user;
};

/* Runs until hf_loop_stop(); the tick ticks meanwhile. */
HF_MUST_USE int hf_loop_run(struct hf_loop *loop, struct hf_err *err);
void hf_loop_stop(struct hf_loop *loop);

/* Lets `timer`, assigned without a descriptor, fire in this round of the loop:
 * how an operation that ends at once still ends after its start returned. */
void hf_loop_soon(struct event *timer);

/* Arms `timer` in `ms`; again replaces. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_loop_after(struct event *timer, int ms, struct hf_err *err);

/* Lifts the soft limit of open files towards the hard one.
 * Returns how many descriptors may be open, at most `want`. */
unsigned hf_loop_files(unsigned want);

#endif
