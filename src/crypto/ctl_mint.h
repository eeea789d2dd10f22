/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_mint.h - signed trust lists made on the spot, for tests. */
#ifndef HF_CRYPTO_CTL_MINT_H
#define HF_CRYPTO_CTL_MINT_H

#include <openssl/pkcs7.h>

#include "base/buf.h"
#include "crypto/cert_x509.h"
#include "crypto/ctl_mint_der.h"
#include "crypto/mint.h"

#define CTL_OF_ROOTS "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x09"
#define CTL_OF_DISALLOWED "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x1e"
#define CTL_SHA1 "\x2b\x0e\x03\x02\x1a"
#define CTL_SHA256 "\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define CTL_SIGNED "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0b\x0f"
#define CTL_SIGNER_EKU "extendedKeyUsage=1.3.6.1.4.1.311.10.3.9"
#define CTL_TIME "250601000000Z" /* MINT_AT_S */

/* A text with NULs in it as a view. */
#define CTL_BYTES(text) hf_view(text, sizeof(text) - 1)

/* Appends the property 1.3.6.1.4.1.311.10.11.`id`. */
static inline void ctl_property(struct hf_buf *out, unsigned id,
                                struct hf_view value)
{
    uint8_t oid[11] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x0b };
    struct hf_buf octets = ctl_buf(), parts = ctl_buf();
    size_t len = 9;

    if (id >= 0x80)
        oid[len++] = (uint8_t)(0x80 | id >> 7);
    oid[len++] = (uint8_t)(id & 0x7f);
    ctl_der(&octets, 0x04, value);
    ctl_der(&parts, 0x06, hf_view(oid, len));
    ctl_wrap(&parts, 0x31, &octets);
    ctl_wrap(out, 0x30, &parts);
}

/* Appends an entry with these properties, which are done with. */
static inline void ctl_entry(struct hf_buf *out, struct hf_view id,
                             struct hf_buf *properties)
{
    struct hf_buf parts = ctl_buf();

    ctl_der(&parts, 0x04, id);
    ctl_wrap(&parts, 0x31, properties);
    ctl_wrap(out, 0x30, &parts);
}

/* A list to be made. Zero is the usual. */
struct ctl_mint {
    const char *usage, *algorithm; /* CTL_OF_ROOTS, CTL_SHA1 */
    const char *time;
    bool identifier, next; /* has a name, has a date for the next */
    struct hf_view entries;
};

/* The body of the list's SEQUENCE. */
static inline void ctl_content(struct hf_buf *out, const struct ctl_mint *m)
{
    struct hf_buf part = ctl_buf();

    ctl_der(&part, 0x06, hf_view_text(m->usage ? m->usage : CTL_OF_ROOTS));
    ctl_wrap(out, 0x30, &part);
    if (m->identifier)
        ctl_der(out, 0x04,
                CTL_BYTES("D\0_\0"
                          "1\0\0"));
    ctl_der(out, 0x02, CTL_BYTES("\x14\x01\xdb\xde\xe7\xf1\xa4\xf4\x49"));
    ctl_der(out, 0x17, hf_view_text(m->time ? m->time : CTL_TIME));
    if (m->next)
        ctl_der(out, 0x18, hf_view_text("20260101000000Z"));
    ctl_der(&part, 0x06, hf_view_text(m->algorithm ? m->algorithm : CTL_SHA1));
    ctl_der(&part, 0x05, hf_view(NULL, 0));
    ctl_wrap(out, 0x30, &part);
    ctl_der(out, 0x30, m->entries);
}

static inline PKCS7 *ctl_inner(struct hf_view content)
{
    PKCS7 *inner = PKCS7_new();
    ASN1_STRING *list = ASN1_STRING_type_new(V_ASN1_SEQUENCE);
    struct hf_buf whole = ctl_buf();

    ctl_der(&whole, 0x30, content);
    assert(inner && list && ASN1_STRING_set(list, whole.ptr, (int)whole.len));
    ASN1_OBJECT_free(inner->type);
    inner->type = OBJ_txt2obj("1.3.6.1.4.1.311.10.1", 1);
    inner->d.other = ASN1_TYPE_new();
    assert(inner->d.other);
    ASN1_TYPE_set(inner->d.other, V_ASN1_SEQUENCE, list);
    hf_buf_done(&whole);
    return inner;
}

static inline void ctl_add_signer(PKCS7 *p7, struct hf_view content,
                                  struct hf_cert *signer, EVP_PKEY *key,
                                  const EVP_MD *md)
{
    PKCS7_SIGNER_INFO *info;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    struct hf_err err;

    info = PKCS7_add_signature(p7, hf_cert_x509(signer, &err), key, md);
    assert(EVP_Digest(content.ptr, content.len, digest, &len, md, NULL));
    assert(info && PKCS7_add_certificate(p7, hf_cert_x509(signer, &err)));
    assert(PKCS7_add_attrib_content_type(
        info, OBJ_txt2obj("1.3.6.1.4.1.311.10.1", 1)));
    assert(PKCS7_add1_attrib_digest(info, digest, (int)len));
    assert(PKCS7_SIGNER_INFO_sign(info));
}

/* Appends a .stl over `content`, signed `signatures` times. */
static inline void ctl_sign_with(struct hf_buf *out, struct hf_view content,
                                 struct hf_cert *signer, EVP_PKEY *key,
                                 int signatures, const EVP_MD *md)
{
    PKCS7 *p7 = PKCS7_new();
    unsigned char *der = NULL;
    int len;

    assert(p7 && PKCS7_set_type(p7, NID_pkcs7_signed) &&
           PKCS7_set_content(p7, ctl_inner(content)));
    for (int i = 0; i < signatures; i++)
        ctl_add_signer(p7, content, signer, key, md);
    len = i2d_PKCS7(p7, &der);
    assert(len > 0);
    hf_buf_add(out, der, (size_t)len);
    OPENSSL_free(der);
    PKCS7_free(p7);
}

static inline void ctl_sign(struct hf_buf *out, struct hf_view content,
                            struct hf_cert *signer, EVP_PKEY *key,
                            int signatures)
{
    ctl_sign_with(out, content, signer, key, signatures, EVP_sha256());
}

/* Somebody who signs lists, and the root above. */
struct ctl_signer {
    EVP_PKEY *root_key, *key;
    struct hf_cert *root, *cert;
    struct hf_certs anchors;
};

static inline void ctl_signer_init(struct ctl_signer *s, const char *eku)
{
    *s = (struct ctl_signer){ .root_key = mint_key(), .key = mint_key() };
    s->root = MINT("List Root", "List Root", s->root_key, s->root_key, MINT_CA);
    s->cert = MINT("List Publisher", "List Root", s->key, s->root_key, eku,
                   .serial = 2, .to_s = MINT_AT_S + 86400);
    hf_certs_add(&s->anchors, s->root);
}

static inline void ctl_signer_done(struct ctl_signer *s)
{
    EVP_PKEY_free(s->root_key);
    EVP_PKEY_free(s->key);
    hf_cert_unref(s->root);
    hf_cert_unref(s->cert);
    hf_certs_done(&s->anchors);
}

/* Appends a list as `m` says, signed by `s`. */
static inline void ctl_make(struct hf_buf *out, const struct ctl_signer *s,
                            struct ctl_mint m)
{
    struct hf_buf content = ctl_buf();

    ctl_content(&content, &m);
    ctl_sign(out, hf_buf_peek(&content), s->cert, s->key, 1);
    hf_buf_done(&content);
}

#endif
