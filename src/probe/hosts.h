/* SPDX-License-Identifier: Apache-2.0 */
/* probe/hosts.h - servers looked at and judged, many at once. */
#ifndef HF_PROBE_HOSTS_H
#define HF_PROBE_HOSTS_H

#include "judge/served.h"
#include "names/hostport.h"
#include "net/fetch.h"
#include "net/look.h"

/* What was seen of one server, and how its chain was judged. */
struct hf_host {
    struct hf_hostport target;
    char label[300];          /* "api.example.com:443" */
    struct hf_look_seen seen; /* its certificates are ours; staple is empty */
    bool judged;
    struct hf_served verdict;    /* when judged */
    char fault[HF_ERR_TEXT * 2]; /* why a chain that was seen is not judged */
    char crl_fault[300]; /* a revocation list that was not to be had, and why;
                            "" when there is none */
    int64_t date_s;      /* the server's clock, 0: not asked or not told */
};

struct hf_hosts_conf {
    struct hf_loop *loop;
    struct hf_look_conf look;
    struct hf_trust *trust; /* learns the issuers that are met */
    int64_t at_s;           /* the time to judge for */
    bool clock_is_now;      /* at_s is the clock's: servers' dates compare */
    bool fetch;             /* issuers and CRLs may be fetched over HTTP */
    void (*on_done)(void *user, const struct hf_host *host); /* may be NULL */
    void *user;
};

/* Looks at every target, judges what is served, fetches issuers and CRLs that
 * certificates point to, asks servers the time where a date is at fault.
 * host  target is given, all else is filled in here; free with
 *       hf_hosts_done().
 * Returns 0 (each host has its own outcome), HF_E_NOMEM, HF_E_CRYPTO. */
HF_MUST_USE int hf_hosts_look(const struct hf_hosts_conf *conf,
                              struct hf_host *host, size_t count,
                              struct hf_err *err);
void hf_hosts_done(struct hf_host *host, size_t count);

#endif
