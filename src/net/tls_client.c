/* SPDX-License-Identifier: Apache-2.0 */
/* net/tls_client.c - a TLS client that refuses nothing, and takes notes. */
#include "net/tls_client.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/tls1.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <sys/socket.h>

#include "crypto/cert_x509.h"

/* Everything OpenSSL can do and a default openssl.cnf of a hardened system
 * would take away: SHA-1 and DSA signatures too. */
#define SIGALGS                                                                \
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:"                    \
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"             \
    "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:"                \
    "RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA224:RSA+SHA224:"                \
    "ECDSA+SHA1:RSA+SHA1:DSA+SHA256:DSA+SHA1"
#define GROUPS "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072"
/* Without a certificate there is nothing to look at. */
#define CIPHERS "ALL:!aNULL:!eNULL:@SECLEVEL=0"

struct hf_tls_client {
    SSL_CTX *ctx;
    BIO_METHOD *wire;
};

/* --- the wire: a socket that remembers what it heard first -----------------
 */

bool hf_tls_is_record(struct hf_view first)
{
    if (first.len == 0 ||
        (first.ptr[0] != SSL3_RT_HANDSHAKE && first.ptr[0] != SSL3_RT_ALERT))
        return false;
    return first.len < 2 || first.ptr[1] == SSL3_VERSION_MAJOR;
}

static void hear(struct hf_tls_notes *notes, const void *bytes, size_t len)
{
    notes->heard_len = len < sizeof(notes->heard) ? len : sizeof(notes->heard);
    memcpy(notes->heard, bytes, notes->heard_len);
}

void hf_tls_overhear(struct hf_tls_notes *notes)
{
    uint8_t bytes[HF_TLS_HEARD_MAX];
    ssize_t n = recv(notes->fd, bytes, sizeof(bytes), MSG_PEEK);

    if (n > 0 && notes->heard_len == 0)
        hear(notes, bytes, (size_t)n);
}

static int wire_read(BIO *bio, char *to, int room)
{
    struct hf_tls_notes *notes = BIO_get_data(bio);
    ssize_t n = recv(notes->fd, to, (size_t)room, 0);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    else if (n < 0)
        notes->sys = errno;
    else if (n == 0)
        notes->eof = true;
    if (n > 0 && notes->heard_len == 0) {
        hear(notes, to, (size_t)n);
        if (!hf_tls_is_record(hf_view(notes->heard, notes->heard_len)))
            return -1;
    }
    return (int)n;
}

static int wire_write(BIO *bio, const char *from, int len)
{
    struct hf_tls_notes *notes = BIO_get_data(bio);
    ssize_t n = send(notes->fd, from, (size_t)len, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    else if (n < 0)
        notes->sys = errno;
    return (int)n;
}

static long wire_ctrl(BIO *bio, int what, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH; /* nothing is kept back */
}

static BIO_METHOD *new_wire(void)
{
    int type = BIO_get_new_index();
    BIO_METHOD *wire =
        type < 0 ? NULL
                 : BIO_meth_new(type | BIO_TYPE_SOURCE_SINK, "remembering");

    if (wire && BIO_meth_set_read(wire, wire_read) &&
        BIO_meth_set_write(wire, wire_write) &&
        BIO_meth_set_ctrl(wire, wire_ctrl))
        return wire;
    BIO_meth_free(wire);
    return NULL;
}

static BIO *open_wire(struct hf_tls_client *client, struct hf_tls_notes *notes)
{
    BIO *bio = BIO_new(client->wire);

    if (!bio)
        return NULL;
    BIO_set_data(bio, notes);
    BIO_set_init(bio, 1);
    return bio;
}

/* --- the notes --------------------------------------------------------------
 */

static struct hf_tls_notes *notes_of(const SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

static int note_cert(struct hf_tls_notes *notes, X509 *x509, int at)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct hf_err err;
    /* shares what OpenSSL has decoded: the judge needs it again */
    int rc = hf_cert_from_x509(x509, &cert, &err);

    if (rc < 0) {
        snprintf(notes->fault, sizeof(notes->fault),
                 "certificate %d of those the server sent: %.150s", at + 1,
                 err.frame[0].text);
        return rc;
    }
    hf_certs_add(notes->served, cert);
    return 0;
}

/* Stands in for the whole of OpenSSL's chain building. What the server sent is
 * taken here and not after the handshake, so that it is known even when the
 * handshake fails later. */
static int take_certs(X509_STORE_CTX *ctx, void *unused)
{
    SSL *ssl =
        X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct hf_tls_notes *notes = notes_of(ssl);
    /* of a server's chain: with the leaf, in the order sent */
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);

    (void)unused;
    if (notes->served->count > 0)
        return 1; /* a second handshake of the same connection */
    for (int i = 0; i < sk_X509_num(sent); i++)
        if (note_cert(notes, sk_X509_value(sent, i), i) < 0)
            return 0;
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
}

static void on_info(const SSL *ssl, int where, int value)
{
    struct hf_tls_notes *notes;

    if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT)
        return;
    notes = notes_of(ssl);
    if ((value & 0xff) == SSL_AD_CLOSE_NOTIFY)
        return;
    notes->alert = value & 0xff;
    notes->alert_fatal = value >> 8 == SSL3_AL_FATAL;
}

/* The server asked for a certificate of ours: we have none. */
static int on_client_cert(SSL *ssl, X509 **x509, EVP_PKEY **key)
{
    (void)x509;
    (void)key;
    notes_of(ssl)->client_cert_asked = true;
    return 0;
}

/* OpenSSL could check SCTs, but then it wants the logs; to know that there are
 * some is enough. sizes: the form is OpenSSL's SSL_custom_ext_parse_cb_ex. */
static int on_sct(SSL *ssl, unsigned type, unsigned context,
                  const unsigned char *in, size_t len, X509 *x509, size_t at,
                  int *ret_alert, void *unused)
{
    (void)type;
    (void)context;
    (void)in;
    (void)x509;
    (void)ret_alert;
    (void)unused;
    if (at == 0 && len > 2) /* a list of SCTs has two bytes of length */
        notes_of(ssl)->has_sct = true;
    return 1;
}

/* --- the client -------------------------------------------------------------
 */

static bool set_offer(SSL_CTX *ctx)
{
    return SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) &&
           SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) &&
           SSL_CTX_set_cipher_list(ctx, CIPHERS) &&
           SSL_CTX_set1_sigalgs_list(ctx, SIGALGS) &&
           SSL_CTX_set1_groups_list(ctx, GROUPS) &&
           SSL_CTX_set_tlsext_status_type(ctx, TLSEXT_STATUSTYPE_ocsp) &&
           SSL_CTX_add_custom_ext(ctx, TLSEXT_TYPE_signed_certificate_timestamp,
                                  SSL_EXT_CLIENT_HELLO |
                                      SSL_EXT_TLS1_2_SERVER_HELLO |
                                      SSL_EXT_TLS1_3_CERTIFICATE,
                                  NULL, NULL, NULL, on_sct, NULL);
}

static void set_habits(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET |
                                 SSL_OP_NO_RENEGOTIATION);
    /* some old load balancers hang on hellos of 256 to 511 bytes */
    SSL_CTX_set_options(ctx, SSL_OP_TLSEXT_PADDING);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, HF_CERT_MAX);
    SSL_CTX_set_read_ahead(ctx, 1); /* one read a flight, not two a record */
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, take_certs, NULL);
    SSL_CTX_set_info_callback(ctx, on_info);
    SSL_CTX_set_client_cert_cb(ctx, on_client_cert);
}

int hf_tls_client_new(struct hf_tls_client **ret_client, struct hf_err *err)
{
    HF_AUTO(hf_tls_client_freep)
    struct hf_tls_client *client = calloc(1, sizeof(*client));

    if (!client)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a TLS client");
    client->wire = new_wire();
    client->ctx = SSL_CTX_new(TLS_client_method());
    if (client->ctx)
        SSL_CTX_set_security_level(client->ctx, 0);
    if (!client->wire || !client->ctx || !set_offer(client->ctx)) {
        unsigned long lib = ERR_peek_error();
        const char *why = ERR_reason_error_string(lib);

        (void)HF_FAIL(err, HF_E_CRYPTO, "cannot set up a TLS client: %s",
                      why ? why : "no reason given");
        err->lib = lib;
        ERR_clear_error();
        return HF_E_CRYPTO;
    }
    set_habits(client->ctx);
    *ret_client = HF_STEAL(client);
    return 0;
}

void hf_tls_client_free(struct hf_tls_client *client)
{
    if (!client)
        return;
    SSL_CTX_free(client->ctx);
    BIO_meth_free(client->wire);
    free(client);
}

SSL *hf_tls_client_connect(struct hf_tls_client *client, const char *sni,
                           struct hf_tls_notes *notes)
{
    SSL *ssl = SSL_new(client->ctx);
    BIO *bio = ssl ? open_wire(client, notes) : NULL;

    if (bio)
        SSL_set_bio(ssl, bio, bio);
    if (!bio || !SSL_set_app_data(ssl, notes) ||
        (sni && !SSL_set_tlsext_host_name(ssl, sni))) {
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_connect_state(ssl);
    return ssl;
}
