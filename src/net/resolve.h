/* SPDX-License-Identifier: Apache-2.0 */
/* net/resolve.h - names to addresses as every program of this machine does it,
 * getaddrinfo(), but off the loop: in child processes.
 *
 * getaddrinfo() blocks for as long as a name server pleases and cannot be
 * stopped; a process can. Processes and not threads: libraries of ours start
 * no threads (a fork of a threaded process is a trap for everybody else). */
#ifndef HF_NET_RESOLVE_H
#define HF_NET_RESOLVE_H

#include "base/err.h"
#include "net/addr.h"

/* ours: with 75 ms a look-up, 1,000 names take 5 s; the machine's own resolver
 * and its cache are the limit, not the forks (each about 1 ms, shared pages) */
#define HF_RESOLVERS_MAX 16
#define HF_RESOLVE_WHY 128 /* bytes of the reason, NUL included */

struct event_base;
struct hf_resolver;
struct hf_lookup;

/* What a child says: the addresses, or none and the reason. */
struct hf_resolved {
    struct hf_addrs addrs;
    char why[HF_RESOLVE_WHY]; /* the text of getaddrinfo(), "" if found */
};

/* Does the work, in a child. */
typedef void hf_resolve_work(const char *host, uint16_t port,
                             struct hf_resolved *ret_found);
/* getaddrinfo(): order by RFC 6724, /etc/hosts, nsswitch and all. */
hf_resolve_work hf_resolve_system;

/* No child is started before the first look-up. work is a test's, or
 * hf_resolve_system. */
HF_MUST_USE int hf_resolver_new(struct event_base *base, hf_resolve_work *work,
                                struct hf_resolver **ret_resolver,
                                struct hf_err *err);
void hf_resolver_free(struct hf_resolver *resolver); /* ends its children */
HF_FREEP(struct hf_resolver, hf_resolver_free)

struct hf_lookup_ask {
    const char *host; /* copied; hf_host_plausible() */
    uint16_t port;
    int ms; /* from now on, whatever happens */
    /* Called once, never from inside hf_lookup_start(). */
    void (*fn)(void *user, const struct hf_resolved *found);
    void *user;
};

/* Looks a name up. A child that is stuck is killed when the time is over, and
 * replaced; one that died is said so.
 * ret_lookup  free it with hf_lookup_free(), which also takes the question
 *             back when it has not been answered. Set before `fn` is called.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_lookup_start(struct hf_resolver *resolver,
                                const struct hf_lookup_ask *ask,
                                struct hf_lookup **ret_lookup,
                                struct hf_err *err);
void hf_lookup_free(struct hf_lookup *lookup);

#endif
