/* SPDX-License-Identifier: Apache-2.0 */
/* net/tunnel.h - through an HTTP proxy to a host: CONNECT. */
#ifndef HF_NET_TUNNEL_H
#define HF_NET_TUNNEL_H

#include "net/http.h"
#include "net/loop.h"
#include "net/proxy.h"

struct hf_tunnel;

struct hf_tunnel_ask {
    int fd;           /* connected to the proxy, not blocking; stays the
                         caller's */
    const char *host; /* behind the proxy; IPv6 without brackets */
    uint16_t port;
    const char *authorization; /* "Basic ..." or NULL */
    int ms;
    /* Called once, never from inside hf_tunnel_start(). `why` is NULL when the
     * way is open, else what the proxy did, for people. */
    void (*fn)(void *user, const char *why);
    void *user;
};

/* Asks the proxy for the way. No byte behind the proxy's own answer is read:
 * a server that speaks first is still heard by whoever reads next.
 * ret_tunnel  free with hf_tunnel_free(), also to give up.
 * Returns 0 or HF_E_NOMEM. Source: RFC 9110 9.3.6 */
HF_MUST_USE int hf_tunnel_start(struct hf_loop *loop,
                                const struct hf_tunnel_ask *ask,
                                struct hf_tunnel **ret_tunnel,
                                struct hf_err *err);
void hf_tunnel_free(struct hf_tunnel *tunnel);

#endif
