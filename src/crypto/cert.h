/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert.h - one X.509 certificate: its bytes, its hashes, what it says.
 */
#ifndef HF_CRYPTO_CERT_H
#define HF_CRYPTO_CERT_H

#include "base/err.h"
#include "base/json.h"
#include "base/texts.h"
#include "base/view.h"

#define HF_SHA1_LEN 20
#define HF_SHA256_LEN 32
/* bytes; ours: the largest seen has 10,000 names and 0.5 MB (badssl.com) */
#define HF_CERT_MAX (1024 * 1024)

/* Immutable and shared: stores, chains and searches hold the same one. */
struct hf_cert;

/* What a certificate is meant for, as bits. */
enum hf_purpose {
    HF_PURPOSE_TLS_SERVER = 1,
    HF_PURPOSE_TLS_CLIENT = 2,
    HF_PURPOSE_CODE = 4,
    HF_PURPOSE_EMAIL = 8,
    HF_PURPOSE_TIMESTAMP = 16,
    HF_PURPOSE_OCSP = 32,
    HF_PURPOSE_ANY = 64,
    HF_PURPOSE_OTHER = 128 /* one without a bit here: crypto/eku.h only */
};

enum hf_key_type { HF_KEY_OTHER, HF_KEY_RSA, HF_KEY_EC, HF_KEY_ED, HF_KEY_DSA };
enum hf_digest {
    HF_DIGEST_OTHER,
    HF_DIGEST_MD2,
    HF_DIGEST_MD5,
    HF_DIGEST_SHA1,
    HF_DIGEST_SHA2,
    HF_DIGEST_SHA3,
    HF_DIGEST_NONE /* Ed25519 */
};

/* What a certificate says, decoded. Texts are UTF-8, never NULL unless said;
 * bytes of a stranger, so made safe before a terminal sees them. */
struct hf_cert_info {
    char *subject, *issuer; /* "CN=..., O=..., C=..", RFC 4514-like */
    char *name;             /* CN, else the first OU, else O, else subject */
    char *org;              /* O of the subject, or "" */
    char *issuer_name, *issuer_org; /* the same of the issuer */
    char *serial;                   /* lower-case hexadecimal, no leading 00 */
    int64_t not_before_s, not_after_s; /* unix seconds */
    enum hf_key_type key_type;
    char *key_text; /* "RSA 2048", "EC prime256v1" */
    int key_bits;
    enum hf_digest digest; /* of the signature on it */
    char *signature;       /* "sha256WithRSAEncryption" */
    bool ca;               /* basicConstraints CA, or a self-signed v1 */
    int path_len;          /* -1: none */
    bool has_usage;        /* keyUsage present */
    bool may_sign_certs;   /* keyUsage absent or keyCertSign */
    unsigned purposes;     /* enum hf_purpose bits of EKU; 0: no EKU */
    struct hf_texts eku;   /* names or OIDs */
    struct hf_texts dns;   /* SAN dNSName */
    struct hf_texts ip;    /* SAN iPAddress, as text */
    char *subject_key_id, *authority_key_id; /* hexadecimal or NULL */
    struct hf_texts issuers_url;             /* AIA caIssuers */
    struct hf_texts ocsp_url;
    struct hf_texts crl_url;
    bool self_issued; /* subject = issuer */
    bool has_sct;     /* embedded SCT list, RFC 6962 3.3 */
};

/* Takes a DER certificate. Only its outline is looked at (cost: one walk over
 * the outer fields and one SHA-256); the rest when it is asked for.
 * der  copied. Returns 0, or HF_E_PARSE whose text names the byte offset,
 * HF_E_LIMIT, HF_E_NOMEM. Source: RFC 5280 4.1 */
HF_MUST_USE int hf_cert_new(struct hf_view der, struct hf_cert **ret_cert,
                            struct hf_err *err);
struct hf_cert *hf_cert_ref(struct hf_cert *cert);
void hf_cert_unref(struct hf_cert *cert);
HF_FREEP(struct hf_cert, hf_cert_unref)

struct hf_view hf_cert_der(const struct hf_cert *cert);
const uint8_t *hf_cert_sha256(const struct hf_cert *cert);
const uint8_t *hf_cert_sha1(struct hf_cert *cert); /* computed when asked */
bool hf_cert_same(const struct hf_cert *a, const struct hf_cert *b);

/* Raw DER of the names, from the outline. */
struct hf_view hf_cert_subject_der(const struct hf_cert *cert);
struct hf_view hf_cert_issuer_der(const struct hf_cert *cert);

/* Decodes everything; kept with the certificate, freed with it.
 * Returns NULL and an error when the inside is malformed. */
HF_MUST_USE const struct hf_cert_info *hf_cert_info(struct hf_cert *cert,
                                                    struct hf_err *err);

/* Members "subject", "sha1", "sha256", "not_before", "not_after" and more of
 * an object that is open. A certificate that does not decode gets its hashes
 * and "error". */
void hf_cert_json(struct hf_json *json, struct hf_cert *cert);

/* "-----BEGIN CERTIFICATE-----" and the rest. */
void hf_cert_pem(struct hf_buf *out, const struct hf_cert *cert);

/* OpenSSL's -hash of the subject: the name of the link in a hashed folder. */
HF_MUST_USE int hf_cert_subject_hash(struct hf_cert *cert, uint32_t *ret_hash,
                                     struct hf_err *err);

/* --- lists --------------------------------------------------------------- */

/* Growing list of shared certificates; sticky like hf_buf. */
struct hf_certs {
    struct hf_cert **cert;
    size_t count, room;
    int bad; /* 0 or HF_E_NOMEM */
};

void hf_certs_done(struct hf_certs *list);
void hf_certs_add(struct hf_certs *list,
                  struct hf_cert *cert); /* takes a ref */
void hf_certs_add_all(struct hf_certs *list, const struct hf_certs *more);
/* Those of `more` that `list` does not hold yet, each once. */
void hf_certs_add_unique(struct hf_certs *list, const struct hf_certs *more);
struct hf_cert *hf_certs_by_sha256(const struct hf_certs *list,
                                   const uint8_t sha256[HF_SHA256_LEN]);
struct hf_cert *hf_certs_by_sha1(const struct hf_certs *list,
                                 const uint8_t sha1[HF_SHA1_LEN]);
HF_MUST_USE int hf_certs_check(const struct hf_certs *list, struct hf_err *err);

#endif
