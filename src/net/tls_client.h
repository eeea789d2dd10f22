/* SPDX-License-Identifier: Apache-2.0 */
/* net/tls_client.h - a TLS client that refuses nothing, and takes notes. */
#ifndef HF_NET_TLS_CLIENT_H
#define HF_NET_TLS_CLIENT_H

#include <openssl/ssl.h>

#include "crypto/cert.h"

/* ours: the first line of any banner seen */
#define HF_TLS_HEARD_MAX 128 /* bytes */

/* What one connection told while it shook hands. */
struct hf_tls_notes {
    int fd;                  /* set by the caller */
    struct hf_certs *served; /* the caller's; filled as sent, leaf first */
    int alert;               /* the last one received, -1: none */
    bool alert_fatal;
    bool client_cert_asked;
    bool has_sct;    /* in the extension of RFC 6962 3.3.1 */
    char fault[200]; /* why we refused the certificates, or "" */
    /* the server's first bytes; when they cannot be TLS nothing more is read
     * and the handshake fails */
    uint8_t heard[HF_TLS_HEARD_MAX];
    size_t heard_len;
    int sys;  /* errno that broke the connection, 0: none */
    bool eof; /* the server closed it */
};

/* What all connections share. */
struct hf_tls_client;

/* TLS 1.0 to 1.3, security level 0, whatever the machine's openssl.cnf says; a
 * server that speaks only worse must still be seen to be told about. No session
 * is kept, no certificate is verified (that is judge/'s work, from the notes):
 * this is for looking only, nothing may be sent over such a connection that is
 * anybody's. Returns 0 or HF_E_CRYPTO, HF_E_NOMEM. */
HF_MUST_USE int hf_tls_client_new(struct hf_tls_client **ret_client,
                                  struct hf_err *err);
void hf_tls_client_free(struct hf_tls_client *client);
HF_FREEP(struct hf_tls_client, hf_tls_client_free)

/* A connection over notes->fd, not blocking; `notes` outlives it.
 * sni  NULL: none. Returns NULL without memory; free with SSL_free(). */
SSL *hf_tls_client_connect(struct hf_tls_client *client, const char *sni,
                           struct hf_tls_notes *notes);

/* Keeps what has come as the server's first bytes, without taking it: for a
 * connection that broke before the first read. */
void hf_tls_overhear(struct hf_tls_notes *notes);

/* Could a server's first bytes be TLS? The first record of a server is a
 * handshake or an alert, of a version 3.x. Source: RFC 8446 5.1 */
bool hf_tls_is_record(struct hf_view first);

#endif
