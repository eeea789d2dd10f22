/* SPDX-License-Identifier: Apache-2.0 */
/* net/proxy.h - which proxy a connection goes through, by the variables that
 * curl and most agents on Linux read. */
#ifndef HF_NET_PROXY_H
#define HF_NET_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct hf_proxy_conf;

/* Reads https_proxy, HTTPS_PROXY, http_proxy (lower case only, as curl does:
 * HTTP_PROXY can be set by a request in CGI), all_proxy, ALL_PROXY, no_proxy,
 * NO_PROXY through `get` (getenv, or a test's).
 * Returns 0 or HF_E_USAGE: a value that is not
 * http://[USER:PASSWORD@]HOST[:PORT] or HOST:PORT (the text names the variable,
 * never the password). */
HF_MUST_USE int hf_proxy_read(const char *(*get)(const char *name),
                              struct hf_proxy_conf **ret_conf,
                              struct hf_err *err);
void hf_proxy_free(struct hf_proxy_conf *conf);
HF_FREEP(struct hf_proxy_conf, hf_proxy_free)

struct hf_proxy {
    const char *host;
    uint16_t port;
    const char *authorization; /* "Basic ..." or NULL */
};

/* The proxy for a host, or NULL: direct. no_proxy: names with or without a
 * leading dot cover sub-domains, "*" is everything, IP addresses and CIDR
 * blocks match addresses, a port after a colon restricts the entry. */
const struct hf_proxy *hf_proxy_for(const struct hf_proxy_conf *conf, bool tls,
                                    const char *host, uint16_t port);

#endif
