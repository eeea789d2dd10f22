/* SPDX-License-Identifier: Apache-2.0 */
/* net/dial.h - a TCP connection to a host that has several addresses. */
#ifndef HF_NET_DIAL_H
#define HF_NET_DIAL_H

#include "net/addr.h"
#include "net/loop.h"

/* Source: RFC 8305 5 and 8, "Connection Attempt Delay", recommended value */
#define HF_DIAL_STAGGER_MS 250

/* How one attempt, and all of them, ended. In this order of weight: when the
 * addresses of a host fail differently, the greatest is what is told. A refusal
 * proves that the host is up and answers; "unreachable" is a router's word on
 * the way to it; silence proves nothing; a fault of our own (no descriptor, no
 * port left) says nothing about the host at all. */
enum hf_dial_end {
    HF_DIAL_OURS,
    HF_DIAL_SILENT,
    HF_DIAL_UNREACHABLE,
    HF_DIAL_REFUSED,
    HF_DIAL_OPEN
};

/* What an errno of connect() or socket() means. */
enum hf_dial_end hf_dial_class(int sys);

struct hf_dialled {
    enum hf_dial_end end;
    int fd;              /* the callee's to close; -1 unless open */
    int sys;             /* errno behind `end`, 0 if open */
    struct hf_addr peer; /* the address that answered, or failed so */
    unsigned others;     /* further addresses that failed too */
};

struct hf_dial;

struct hf_dial_ask {
    const struct hf_addrs *addrs; /* copied; at least one */
    int ms;                       /* for all of them together */
    /* Called once, never from inside hf_dial_start(). */
    void (*fn)(void *user, const struct hf_dialled *dialled);
    void *user;
};

/* Connects to the addresses in their order, the next one 250 ms after the last
 * or as soon as that failed; the first that opens wins, the others are closed.
 * ret_dial  free with hf_dial_free(), also to give up.
 * Returns 0 or HF_E_NOMEM. Source: RFC 8305 5 */
HF_MUST_USE int hf_dial_start(struct hf_loop *loop,
                              const struct hf_dial_ask *ask,
                              struct hf_dial **ret_dial, struct hf_err *err);
void hf_dial_free(struct hf_dial *dial);

#endif
