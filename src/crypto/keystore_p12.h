/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_p12.h - inside crypto/: a PKCS#12 keystore, opened. */
#ifndef HF_CRYPTO_KEYSTORE_P12_H
#define HF_CRYPTO_KEYSTORE_P12_H

#include <openssl/provider.h>

#include "crypto/der.h"
#include "crypto/keystore_parts.h"
#include "crypto/keystore_pbe.h"

#define HF_P12_SAFES_MAX 1024 /* ours: a keystore has two or three */

#define HF_DER_OCTETS 0x04
#define HF_DER_BMP 0x1e
#define HF_DER_SET 0x31
#define HF_DER_CONTEXT_0 0xa0 /* [0], constructed */
#define HF_DER_IMPLICIT_0 0x80

/* The bytes of an object identifier, as a view. */
#define HF_OID_VIEW(oid) hf_view((oid), sizeof(oid))
extern const uint8_t hf_oid_data[9], hf_oid_encrypted[9];
extern const uint8_t hf_oid_cert_bag[11], hf_oid_x509_cert[10];
extern const uint8_t hf_oid_friendly_name[9], hf_oid_trusted_key[12];

/* A SafeContents: bags, perhaps encrypted. */
struct hf_p12_safe {
    struct hf_view whole;     /* its ContentInfo */
    struct hf_view algorithm; /* empty: not encrypted */
    struct hf_view sealed;
    struct hf_view bags;   /* the SEQUENCE of bags, whole, opened */
    struct hf_plain plain; /* where `bags` is then */
    size_t offset;         /* byte in the file, 0 where it is not known */
};

struct hf_p12 {
    struct hf_view bytes;
    struct hf_plain outer, inner; /* made DER of BER; NULL where they were */
    struct hf_view version;       /* INTEGER, whole */
    struct hf_view content;       /* AuthenticatedSafe, whole */
    struct hf_view mac;           /* MacData, whole, or empty */
    struct hf_view rest, tail;    /* behind it; behind everything */
    struct hf_p12_safe *safe;
    size_t count;
    size_t encrypted; /* safes */
    struct hf_pbe pbe;
    bool locked; /* no password fits the check sum, and none was needed */
    OSSL_PROVIDER *legacy;
};

/* Opens every safe. Clean up with hf_p12_done() also after a failure. */
HF_MUST_USE int hf_p12_open(struct hf_view bytes, const char *password,
                            struct hf_p12 *p12, struct hf_err *err);
void hf_p12_done(struct hf_p12 *p12);
HF_MUST_USE int hf_p12_list(const struct hf_p12 *p12,
                            struct hf_keystore *keystore, struct hf_err *err);

enum hf_p12_bag_kind {
    HF_P12_CERT,
    HF_P12_KEY,    /* or a secret */
    HF_P12_NESTED, /* a SafeContents; Java does not look into it */
    HF_P12_OTHER
};

struct hf_p12_bag {
    enum hf_p12_bag_kind kind;
    struct hf_view whole;
    struct hf_view der;   /* the certificate, or the nested SafeContents */
    struct hf_view alias; /* UTF-16BE */
    bool named, trusted;
};

/* `ret_rd` over the bags of a SafeContents. */
HF_MUST_USE bool hf_p12_bags(struct hf_view bags, struct hf_rd *ret_rd);
/* False, and `rd` bad, when the next is malformed. */
HF_MUST_USE bool hf_p12_bag_next(struct hf_rd *rd, struct hf_p12_bag *ret_bag);

#endif
