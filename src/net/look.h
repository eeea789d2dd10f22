/* SPDX-License-Identifier: Apache-2.0 */
/* net/look.h - connect to TLS servers, many at once, and see what they serve.
 *
 * Nothing is judged here: the handshake is carried through whatever the server
 * presents, so that judge/ can rule on it. This is the one place in the
 * program that does so; no data of a user is ever sent on such a connection. */
#ifndef HF_NET_LOOK_H
#define HF_NET_LOOK_H

#include "crypto/cert.h"
#include "net/loop.h"
#include "net/proxy.h"

/* Where a look ended. */
enum hf_look_end {
    HF_LOOK_DONE,     /* the server's certificates were seen; also when it then
                         ended the handshake for want of a client certificate */
    HF_LOOK_NO_NAME,  /* the name does not resolve */
    HF_LOOK_CLOSED,   /* connection refused */
    HF_LOOK_NO_ROUTE, /* network or host unreachable */
    HF_LOOK_SILENT,   /* no answer to SYN, or none to the hello, in time */
    HF_LOOK_NOT_TLS,  /* something else answered: see first_bytes */
    HF_LOOK_ALERT,    /* the server refused with an alert */
    HF_LOOK_CUT,      /* reset or closed in the handshake without an alert */
    HF_LOOK_PROXY,    /* the proxy refused or failed */
    HF_LOOK_FAILED    /* our own TLS library refused what was served */
};
const char *hf_look_end_name(enum hf_look_end end);

struct hf_look_ask {
    const char *host; /* DNS name or IP address (IPv6 without brackets) */
    uint16_t port;
    const char *sni; /* NULL: host, none for an IP address */
    bool ask_date;   /* after the handshake send "HEAD / HTTP/1.1" and read
                        the Date header: a second opinion on our clock */
};

struct hf_look_seen {
    size_t at; /* index of the ask */
    enum hf_look_end end;
    char detail[240]; /* one sentence for people: what failed, the errno text */
    char address[64]; /* peer "192.0.2.1", or "" (also behind a proxy) */
    char proxy[128];  /* "proxy.example:3128" (no password), or "" */
    struct hf_certs served; /* leaf first, as sent; empty unless seen, and
                               there at any end that came later */
    bool finished;          /* the handshake was carried to its end */
    char version[16];       /* "TLSv1.3" */
    char cipher[64];
    int alert;               /* number the server sent, -1: none */
    uint8_t first_bytes[16]; /* of the server's first answer */
    size_t first_len;
    bool hello_answered;    /* the server spoke TLS at all */
    bool client_cert_asked; /* CertificateRequest seen */
    bool has_sct;           /* SCTs by TLS extension or staple */
    struct hf_view staple;  /* OCSP response, DER; valid during the call */
    int64_t date_s;         /* of the Date header, 0: none */
    int32_t connect_ms, handshake_ms;
};

/* Called once for each ask, in order of completion. `seen` is the callee's to
 * read until it returns; it may keep references to certificates. */
typedef void hf_look_fn(void *user, const struct hf_look_seen *seen);

struct hf_look_conf {
    unsigned parallel; /* connections at once, 1 to 4096; 0: 128; fewer when
                          the limit of open files says so */
    int connect_ms;    /* 0: 5000; a SYN is repeated after 1 s and 3 s */
    int handshake_ms;  /* 0: 5000; absolute, from connected to done */
    int resolve_ms;    /* 0: 5000 */
    const struct hf_proxy_conf *proxy; /* NULL: go directly */
};

/* Runs the loop until every ask has ended. Offers TLS 1.0 to 1.3 and weak
 * keys and digests too (security level 0): to see is not to trust.
 * Returns 0 (each ask has its own outcome), HF_E_NOMEM, HF_E_CRYPTO. */
HF_MUST_USE int hf_look_all(struct hf_loop *loop,
                            const struct hf_look_conf *conf,
                            const struct hf_look_ask *ask, size_t count,
                            hf_look_fn *done, void *user, struct hf_err *err);

#endif
