/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert.c - one certificate: its bytes, its outline, its hashes. */
#include "crypto/cert.h"

#include <stdlib.h>

/* the one-shot digests of OpenSSL 3 allocate and may fail; these do neither */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/sha.h>

#include "crypto/cert_x509.h"
#include "crypto/der.h"

struct hf_cert {
    unsigned refs;
    bool has_sha1;
    uint8_t sha256[HF_SHA256_LEN];
    uint8_t sha1[HF_SHA1_LEN];
    struct hf_view subject, issuer; /* into der */
    X509 *x509;                     /* NULL until asked for */
    struct hf_cert_info *info;      /* NULL until asked for */
    size_t der_len;
    uint8_t der[];
};

/* Finds the names; false with `at` where it stopped.
 * Source: RFC 5280 4.1: Certificate, TBSCertificate */
static bool read_outline(struct hf_view der, struct hf_view *ret_issuer,
                         struct hf_view *ret_subject, const uint8_t **at)
{
    struct hf_rd all = hf_rd(der), outer, tbs;
    struct hf_tlv certificate, tlv;

    *at = all.at;
    if (!hf_der_expect(&all, HF_DER_SEQUENCE, &certificate))
        return false;
    outer = hf_rd(certificate.body);
    *at = outer.at;
    if (!hf_der_expect(&outer, HF_DER_SEQUENCE, &tlv))
        return false;
    tbs = hf_rd(tlv.body);
    *at = tbs.at;
    if (!hf_der_next(&tbs, &tlv))
        return false;
    if (tlv.tag == 0xa0) { /* version; then the serial number */
        *at = tbs.at;
        if (!hf_der_next(&tbs, &tlv))
            return false;
    }
    if (tlv.tag != HF_DER_INTEGER)
        return false;
    *at = tbs.at;
    if (!hf_der_expect(&tbs, HF_DER_SEQUENCE, &tlv)) /* signature */
        return false;
    *at = tbs.at;
    if (!hf_der_expect(&tbs, HF_DER_SEQUENCE, &tlv))
        return false;
    *ret_issuer = tlv.whole;
    *at = tbs.at;
    if (!hf_der_expect(&tbs, HF_DER_SEQUENCE, &tlv)) /* validity */
        return false;
    *at = tbs.at;
    if (!hf_der_expect(&tbs, HF_DER_SEQUENCE, &tlv))
        return false;
    *ret_subject = tlv.whole;
    return true;
}

int hf_cert_new(struct hf_view der, struct hf_cert **ret_cert,
                struct hf_err *err)
{
    size_t len = hf_der_len(der);
    struct hf_view issuer, subject;
    const uint8_t *at;
    struct hf_cert *cert;
    SHA256_CTX sha256;

    if (der.len > HF_CERT_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a certificate of %zu bytes: at most %d are read",
                       der.len, HF_CERT_MAX);
    if (len == 0)
        return HF_FAIL(
            err, HF_E_PARSE,
            "no certificate: %zu bytes that are no whole DER element", der.len);
    if (len < der.len)
        return HF_FAIL(err, HF_E_PARSE,
                       "%zu bytes follow the certificate at offset %zu",
                       der.len - len, len);
    if (!read_outline(der, &issuer, &subject, &at))
        return HF_FAIL(err, HF_E_PARSE,
                       "no certificate: the structure breaks off at offset %zu",
                       (size_t)(at - der.ptr));
    cert = malloc(sizeof(*cert) + der.len);
    if (!cert)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a certificate");
    *cert = (struct hf_cert){ .refs = 1, .der_len = der.len };
    memcpy(cert->der, der.ptr, der.len);
    cert->issuer = hf_view(cert->der + (issuer.ptr - der.ptr), issuer.len);
    cert->subject = hf_view(cert->der + (subject.ptr - der.ptr), subject.len);
    SHA256_Init(&sha256);
    SHA256_Update(&sha256, cert->der, der.len);
    SHA256_Final(cert->sha256, &sha256);
    *ret_cert = cert;
    return 0;
}

int hf_cert_from_x509(X509 *x509, struct hf_cert **ret_cert, struct hf_err *err)
{
    unsigned char *der = NULL;
    int len = i2d_X509(x509, &der);
    int rc;

    if (len <= 0)
        return hf_fail_crypto(err, HF_E_CRYPTO, "cannot encode a certificate");
    rc = hf_cert_new(hf_view(der, (size_t)len), ret_cert, err);
    OPENSSL_free(der);
    if (rc == 0 && X509_up_ref(x509))
        (*ret_cert)->x509 = x509;
    return rc;
}

struct hf_cert *hf_cert_ref(struct hf_cert *cert)
{
    cert->refs++;
    return cert;
}

void hf_cert_unref(struct hf_cert *cert)
{
    if (!cert || --cert->refs > 0)
        return;
    hf_cert_info_free(cert->info);
    X509_free(cert->x509);
    free(cert);
}

struct hf_view hf_cert_der(const struct hf_cert *cert)
{
    return hf_view(cert->der, cert->der_len);
}

const uint8_t *hf_cert_sha256(const struct hf_cert *cert)
{
    return cert->sha256;
}

const uint8_t *hf_cert_sha1(struct hf_cert *cert)
{
    SHA_CTX sha1;

    if (!cert->has_sha1) {
        SHA1_Init(&sha1);
        SHA1_Update(&sha1, cert->der, cert->der_len);
        SHA1_Final(cert->sha1, &sha1);
    }
    cert->has_sha1 = true;
    return cert->sha1;
}

bool hf_cert_same(const struct hf_cert *a, const struct hf_cert *b)
{
    return memcmp(a->sha256, b->sha256, HF_SHA256_LEN) == 0;
}

struct hf_view hf_cert_subject_der(const struct hf_cert *cert)
{
    return cert->subject;
}

struct hf_view hf_cert_issuer_der(const struct hf_cert *cert)
{
    return cert->issuer;
}

struct hf_cert_info **hf_cert_info_slot(struct hf_cert *cert)
{
    return &cert->info;
}

X509 *hf_cert_x509(struct hf_cert *cert, struct hf_err *err)
{
    const unsigned char *at = cert->der;

    if (cert->x509)
        return cert->x509;
    cert->x509 = d2i_X509(NULL, &at, (long)cert->der_len);
    if (!cert->x509)
        hf_fail_crypto(err, HF_E_PARSE, "the certificate does not decode");
    return cert->x509;
}

bool hf_cert_is_decoded(const struct hf_cert *cert)
{
    return cert->x509 != NULL;
}

int hf_cert_subject_hash(struct hf_cert *cert, uint32_t *ret_hash,
                         struct hf_err *err)
{
    X509 *x509 = hf_cert_x509(cert, err);

    if (!x509)
        return hf_err_code(err);
    *ret_hash = (uint32_t)X509_subject_name_hash(x509);
    return 0;
}

int hf_fail_crypto(struct hf_err *err, enum hf_code code, const char *what)
{
    unsigned long lib = ERR_peek_error();
    const char *reason = lib ? ERR_reason_error_string(lib) : NULL;

    ERR_clear_error();
    if (lib && ERR_GET_REASON(lib) == ERR_R_MALLOC_FAILURE)
        code = HF_E_NOMEM;
    HF_FAIL(err, code, "%s: %s", what, reason ? reason : "no reason given");
    err->lib = lib;
    return code;
}
