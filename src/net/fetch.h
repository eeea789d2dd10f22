/* SPDX-License-Identifier: Apache-2.0 */
/* net/fetch.h - small public files over plain HTTP: issuers and CRLs.
 * Source: RFC 5280 4.2.1.13 and 4.2.2.1 (their content is signed itself). */
#ifndef HF_NET_FETCH_H
#define HF_NET_FETCH_H

#include "base/buf.h"
#include "net/loop.h"
#include "net/proxy.h"

struct hf_fetch_ask {
    const char *url; /* http:// only; others end with an error */
    size_t max;      /* bytes of body */
};

struct hf_fetch_seen {
    size_t at;           /* index of the ask */
    int status;          /* HTTP status, 0: no answer */
    struct hf_view body; /* valid during the call; empty unless status is 200 */
    char detail[240]; /* why there is no body, for people; "" when there is */
};
typedef void hf_fetch_fn(void *user, const struct hf_fetch_seen *seen);

/* Runs the loop until every fetch has ended, at most `deadline_ms` (0: 5000)
 * each, 16 at once. No redirects are followed, no cookies kept.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_fetch_all(struct hf_loop *loop,
                             const struct hf_proxy_conf *proxy,
                             const struct hf_fetch_ask *ask, size_t count,
                             int deadline_ms, hf_fetch_fn *done, void *user,
                             struct hf_err *err);

#endif
