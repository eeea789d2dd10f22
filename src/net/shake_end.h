/* SPDX-License-Identifier: Apache-2.0 */
/* net/shake_end.h - what a handshake that failed means. */
#ifndef HF_NET_SHAKE_END_H
#define HF_NET_SHAKE_END_H

#include "net/look.h"
#include "net/tls_client.h"

/* What is known when a handshake stops, beside the notes. */
struct hf_shake_stop {
    bool late;         /* the time was over */
    unsigned long lib; /* ERR_peek_error(), 0: none */
    int ms;            /* the time there was */
};

/* Sets end, detail, alert and hello_answered of `seen` by the most telling of
 * what is known: our refusal, something that is no TLS, an alert, silence, the
 * connection's end, the library's error. */
void hf_shake_judge(const struct hf_shake_stop *stop,
                    const struct hf_tls_notes *notes,
                    struct hf_look_seen *seen);

#endif
