/* SPDX-License-Identifier: Apache-2.0 */
/* names/hostport.h - a host and a port as people type and paste them, and what
 * a host name is: an address, part of a registered domain, public. */
#ifndef HF_NAMES_HOSTPORT_H
#define HF_NAMES_HOSTPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define HF_HOST_MAX 253      /* bytes; 255 on the wire, RFC 1035 2.3.4 */
#define HF_LABEL_MAX 63      /* bytes; RFC 1035 2.3.4 */
#define HF_HOSTPORT_MAX 2048 /* bytes of input; ours: a pasted URL */

struct hf_hostport {
    /* A name: lower case, A-labels, no dot at the end. An address: as
     * inet_ntop() writes it, IPv6 without brackets. */
    char host[256];
    uint16_t port;
    bool is_ip;
};

/* Reads "host", "host:port", "192.0.2.1:port", "[v6]:port", a bare v6 address,
 * or a URL of a scheme that begins with TLS ("https://host:port/path"); a path
 * after the host is passed over. Names beyond ASCII become A-labels.
 * default_port  when neither the text nor its scheme gives one.
 * Returns 0, or HF_E_USAGE: the text says what cannot be, and never repeats a
 * password. Source: RFC 3986 3.2, RFC 5891 (IDNA, with the mapping of UTS 46),
 * RFC 1123 2.1; an underscore is allowed, since such names exist. */
HF_MUST_USE int hf_hostport_read(const char *text, uint16_t default_port,
                                 struct hf_hostport *ret_hostport,
                                 struct hf_err *err);

/* The functions below take a host as the one above writes it. */

/* An IPv4 or IPv6 address, without brackets? */
bool hf_host_is_ip(const char *host);

/* The part of `host` that somebody registered ("example.co.uk" of
 * "www.example.co.uk"): a pointer into `host`. NULL for an address and for a
 * public suffix itself. Source: the Public Suffix List, as libpsl carries it;
 * below an unknown top-level name the last two labels. */
const char *hf_host_registrable(const char *host);

/* A name below a suffix that ICANN delegated, and none of those reserved for
 * examples, tests and local use (RFC 2606, 6761, 6762, 7686, 8375, 9476)?
 * No for an address. */
bool hf_host_is_public(const char *host);

#endif
