/* SPDX-License-Identifier: Apache-2.0 */
/* net/shake.h - one TLS handshake on the loop, and how it ended. */
#ifndef HF_NET_SHAKE_H
#define HF_NET_SHAKE_H

#include "net/look.h"

struct hf_shake;

struct hf_shake_ask {
    int fd;                /* connected, not blocking; stays the caller's */
    const char *sni;       /* NULL: none */
    int ms;                /* from now to the end, the date included */
    const char *date_host; /* Host of a HEAD request for the server's date, with
                              brackets and port as needed; NULL: do not ask */
    /* Called once, never from inside hf_shake_start(). */
    void (*fn)(void *user);
    void *user;
};

/* Shakes hands and fills in `seen` what there is to see, its end too.
 * ask        its texts are borrowed until the end.
 * seen       the caller's; zeroed but for what is known already; `staple` in
 *            it is valid until hf_shake_free().
 * ret_shake  free with hf_shake_free(), also to give up.
 * Returns 0 or HF_E_NOMEM, HF_E_CRYPTO. */
HF_MUST_USE int hf_shake_start(struct hf_loop *loop,
                               const struct hf_shake_ask *ask,
                               struct hf_look_seen *seen,
                               struct hf_shake **ret_shake, struct hf_err *err);
void hf_shake_free(struct hf_shake *shake);

#endif
