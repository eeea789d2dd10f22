/* SPDX-License-Identifier: Apache-2.0 */
/* net/reach.h - a connected socket to a host: name, addresses, proxy. */
#ifndef HF_NET_REACH_H
#define HF_NET_REACH_H

#include "net/addr.h"
#include "net/loop.h"
#include "net/proxy.h"

enum hf_reach_end {
    HF_REACH_OPEN,
    HF_REACH_NO_NAME,
    HF_REACH_REFUSED,
    HF_REACH_NO_ROUTE,
    HF_REACH_SILENT,
    HF_REACH_PROXY, /* anything on the way to, in or beyond the proxy */
    HF_REACH_OURS   /* no descriptor, no memory */
};

struct hf_reached {
    enum hf_reach_end end;
    int fd;                     /* the callee's to close; -1 unless open */
    char address[HF_ADDR_TEXT]; /* of the host, "" behind a proxy */
    int32_t connect_ms;         /* from the first SYN to open */
    char detail[240];           /* "" when open */
};

struct hf_reach_ask {
    const char *host; /* borrowed until the end */
    uint16_t port;
    const struct hf_proxy *proxy; /* NULL: directly; borrowed */
    bool tunnel;                  /* CONNECT when there is a proxy */
    int resolve_ms, connect_ms;   /* connect_ms covers CONNECT too */
    /* Called once, never from inside hf_reach_start(). */
    void (*fn)(void *user, const struct hf_reached *reached);
    void *user;
};

struct hf_reach;

/* Resolves, connects and tunnels, each with its own absolute deadline.
 * ret_reach  free with hf_reach_free(), also to give up.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_reach_start(struct hf_loop *loop,
                               const struct hf_reach_ask *ask,
                               struct hf_reach **ret_reach, struct hf_err *err);
void hf_reach_free(struct hf_reach *reach);

#endif
