/* SPDX-License-Identifier: Apache-2.0 */
/* net/url.h - the http URLs that certificates point to. */
#ifndef HF_NET_URL_H
#define HF_NET_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define HF_URL_MAX 2048 /* bytes; ours: the longest in a public CA's is 250 */

struct hf_url {
    char host[254]; /* IPv6 without brackets */
    bool is_v6;     /* was in brackets */
    uint16_t port;
    struct hf_view target; /* "/path?query" of the text; empty means "/" */
};

/* Takes an "http://HOST[:PORT][/PATH]" apart; a fragment is dropped.
 * ret_url  target is a view into `text`.
 * Returns 0 or HF_E_PARSE: another scheme, credentials, a blank, a control
 * character or a byte over 0x7e, a port that is none, no host.
 * Source: RFC 3986 3, RFC 9110 4.2 */
HF_MUST_USE int hf_url_read(const char *text, struct hf_url *ret_url,
                            struct hf_err *err);

/* Takes "HOST", "HOST:PORT", "[V6]" or "[V6]:PORT" apart.
 * port  the default, kept when none is there. `ret_host` has 254 bytes.
 * Returns false for anything else. */
HF_MUST_USE bool hf_url_host_port(struct hf_view text, char ret_host[254],
                                  bool *ret_is_v6, uint16_t *port);

#endif
