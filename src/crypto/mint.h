/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/mint.h - certificates made on the spot, for the tests of crypto/. */
#ifndef HF_CRYPTO_MINT_H
#define HF_CRYPTO_MINT_H

#include <assert.h>
#include <stdio.h>

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "crypto/cert.h"

#define MINT_FROM_S 1704067200 /* 2024-01-01 */
#define MINT_AT_S 1748736000   /* 2025-06-01 */
#define MINT_TO_S 1893456000   /* 2030-01-01 */
#define MINT_CA                                                                \
    "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign"
#define MINT_LEAF                                                              \
    "basicConstraints=CA:FALSE\nsubjectAltName=DNS:host.example\n"             \
    "extendedKeyUsage=serverAuth"

/* What to make. Zero is the usual: version 3, SHA-256, key ids. */
struct mint {
    const char *subject, *issuer; /* common names, NULL: no name at all */
    EVP_PKEY *key, *by;           /* its key, and the one that signs */
    const char *ext;              /* "name=value" lines, as in openssl.cnf */
    int64_t from_s, to_s;
    const EVP_MD *digest;
    int serial;
    bool no_key_ids, version1;
};

static inline EVP_PKEY *mint_key(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");

    assert(key);
    return key;
}

static inline void mint_name(X509_NAME *name, const char *common)
{
    if (common)
        assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                          (const unsigned char *)common, -1, -1,
                                          0));
}

/* SHA-1 over the point of an EC key: RFC 5280 4.2.1.2 (1). */
static inline ASN1_OCTET_STRING *mint_key_id(EVP_PKEY *key)
{
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    unsigned char hash[SHA_DIGEST_LENGTH], point[256];
    size_t len = 0;

    assert(id && EVP_PKEY_get_octet_string_param(key, "pub", point,
                                                 sizeof(point), &len));
    SHA1(point, len, hash);
    assert(ASN1_OCTET_STRING_set(id, hash, sizeof(hash)));
    return id;
}

static inline void mint_key_ids(X509 *x509, const struct mint *m)
{
    ASN1_OCTET_STRING *own = mint_key_id(m->key);
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();

    authority->keyid = mint_key_id(m->by);
    assert(
        X509_add1_ext_i2d(x509, NID_subject_key_identifier, own, 0, 0) &&
        X509_add1_ext_i2d(x509, NID_authority_key_identifier, authority, 0, 0));
    ASN1_OCTET_STRING_free(own);
    AUTHORITY_KEYID_free(authority);
}

static inline void mint_extensions(X509 *x509, const char *lines)
{
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, x509, x509, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&ctx);
    while (lines && *lines) {
        char line[512];
        int len = (int)strcspn(lines, "\n");
        char *value;
        X509_EXTENSION *ext;

        (void)snprintf(line, sizeof(line), "%.*s", len, lines);
        value = strchr(line, '=');
        assert(value);
        *value++ = '\0';
        ext = X509V3_EXT_nconf(NULL, &ctx, line, value);
        assert(ext && X509_add_ext(x509, ext, -1));
        X509_EXTENSION_free(ext);
        lines += len + (lines[len] == '\n');
    }
}

/* Not signed yet, so that a test can bend it. */
static inline X509 *mint_begin(const struct mint *m)
{
    X509 *x509 = X509_new();

    assert(x509 && X509_set_version(x509, m->version1 ? 0 : 2));
    ASN1_INTEGER_set(X509_get_serialNumber(x509), m->serial ? m->serial : 1);
    mint_name(X509_get_subject_name(x509), m->subject);
    mint_name(X509_get_issuer_name(x509), m->issuer);
    ASN1_TIME_set(X509_getm_notBefore(x509),
                  (time_t)(m->from_s ? m->from_s : MINT_FROM_S));
    ASN1_TIME_set(X509_getm_notAfter(x509),
                  (time_t)(m->to_s ? m->to_s : MINT_TO_S));
    assert(X509_set_pubkey(x509, m->key));
    if (!m->version1) {
        mint_extensions(x509, m->ext);
        if (!m->no_key_ids)
            mint_key_ids(x509, m);
    }
    return x509;
}

/* Signs, and frees `x509`. */
static inline struct hf_cert *mint_end(X509 *x509, EVP_PKEY *by,
                                       const EVP_MD *digest)
{
    struct hf_cert *cert = NULL;
    struct hf_err err;
    unsigned char *der = NULL;
    int len;

    assert(X509_sign(x509, by, digest ? digest : EVP_sha256()));
    len = i2d_X509(x509, &der);
    X509_free(x509);
    assert(len > 0 && hf_cert_new(hf_view(der, (size_t)len), &cert, &err) == 0);
    OPENSSL_free(der);
    return cert;
}

static inline struct hf_cert *mint(struct mint m)
{
    return mint_end(mint_begin(&m), m.by, m.digest);
}

/* MINT("subject", "issuer", key, by, ext, .field = ...) */
#define MINT(...) mint((struct mint){ .subject = __VA_ARGS__ })

#endif
