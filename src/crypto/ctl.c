/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl.c - a certificate trust list in memory: which entry means a
 * certificate. */
#include "crypto/ctl_decode.h"

#include <stdlib.h>
#include <string.h>

/* the one-shot digests of OpenSSL 3 allocate and may fail; these do neither */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>

#include "crypto/der.h"

#define TAG_BITS 0x03
#define TAG_VERSION 0xa0
#define DIGESTS 6

void hf_ctl_free(struct hf_ctl *ctl)
{
    if (!ctl)
        return;
    for (size_t i = 0; i < ctl->count; i++) {
        free(ctl->entry[i].name);
        hf_texts_done(&ctl->entry[i].eku);
        hf_texts_done(&ctl->entry[i].disallowed_eku);
        hf_texts_done(&ctl->entry[i].not_before_eku);
    }
    free(ctl->entry);
    free(ctl->sequence);
    free(ctl->signer);
    hf_certs_done(&ctl->embedded);
    if (ctl->disallowed) /* which has none itself */
        hf_ctl_free(ctl->disallowed);
    free(ctl);
}

/* --- digests of parts ---------------------------------------------------- */

/* What a list may name a certificate by: CERT_SIGNATURE_HASH_PROP_ID, which is
 * the digest of what is signed, by whichever algorithm the signature has, and
 * CERT_SUBJECT_PUBLIC_KEY_MD5_HASH_PROP_ID, the MD5 of the key's bits. */
struct digest {
    uint8_t bytes[HF_CTL_ID_MAX];
    size_t len;
};

/* Finds what is signed, and the bits of the key in it. RFC 5280 4.1 */
static bool find_parts(struct hf_view der, struct hf_view *ret_signed,
                       struct hf_view *ret_key)
{
    struct hf_rd rd = hf_rd(der);
    struct hf_tlv tlv;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return false;
    rd = hf_rd(tlv.body);
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return false;
    *ret_signed = tlv.whole;
    rd = hf_rd(tlv.body);
    if (!hf_der_next(&rd, &tlv))
        return false;
    /* serial number behind a version, then four fields and the key */
    for (int i = tlv.tag == TAG_VERSION ? -1 : 0; i < 5; i++)
        if (!hf_der_next(&rd, &tlv))
            return false;
    rd = hf_rd(tlv.body);
    if (!hf_der_next(&rd, &tlv) || !hf_der_expect(&rd, TAG_BITS, &tlv))
        return false;
    *ret_key = hf_view_from(tlv.body, 1); /* how many bits are unused */
    return true;
}

static void put_md5(struct hf_view v, struct digest *digest)
{
    MD5_CTX md5;

    MD5_Init(&md5);
    MD5_Update(&md5, v.ptr, v.len);
    MD5_Final(digest->bytes, &md5);
    digest->len = MD5_DIGEST_LENGTH;
}

static void put_sha1(struct hf_view v, struct digest *digest)
{
    SHA_CTX sha1;

    SHA1_Init(&sha1);
    SHA1_Update(&sha1, v.ptr, v.len);
    SHA1_Final(digest->bytes, &sha1);
    digest->len = SHA_DIGEST_LENGTH;
}

static void put_sha256(struct hf_view v, struct digest *digest)
{
    SHA256_CTX sha256;

    SHA256_Init(&sha256);
    SHA256_Update(&sha256, v.ptr, v.len);
    SHA256_Final(digest->bytes, &sha256);
    digest->len = SHA256_DIGEST_LENGTH;
}

static void put_sha512(struct hf_view v, bool short_one, struct digest *digest)
{
    SHA512_CTX sha512;

    if (short_one)
        SHA384_Init(&sha512);
    else
        SHA512_Init(&sha512);
    SHA512_Update(&sha512, v.ptr, v.len);
    SHA512_Final(digest->bytes, &sha512);
    digest->len = short_one ? SHA384_DIGEST_LENGTH : SHA512_DIGEST_LENGTH;
}

/* All that HF_CTL_BY_SIGNED may go by; how many. */
static size_t put_digests(const struct hf_cert *cert,
                          struct digest digest[DIGESTS])
{
    struct hf_view content, key;

    memset(digest, 0, DIGESTS * sizeof(digest[0]));
    if (!find_parts(hf_cert_der(cert), &content, &key))
        return 0;
    put_md5(content, &digest[0]);
    put_sha1(content, &digest[1]);
    put_sha256(content, &digest[2]);
    put_sha512(content, true, &digest[3]);
    put_sha512(content, false, &digest[4]);
    put_md5(key, &digest[5]);
    return DIGESTS;
}

static bool is_digest(const struct hf_ctl_entry *entry,
                      const struct hf_cert *cert)
{
    struct digest digest[DIGESTS];
    size_t count = put_digests(cert, digest);

    for (size_t i = 0; i < count; i++)
        if (hf_view_same(hf_view(entry->id, entry->id_len),
                         hf_view(digest[i].bytes, digest[i].len)))
            return true;
    return false;
}

/* --- finding ------------------------------------------------------------- */

int hf_ctl_order(const void *a, const void *b)
{
    const struct hf_ctl_entry *x = a, *y = b;

    if (x->by != y->by)
        return x->by < y->by ? -1 : 1;
    switch (x->by) {
    case HF_CTL_BY_SHA1:
        return memcmp(x->sha1, y->sha1, HF_SHA1_LEN);
    case HF_CTL_BY_SHA256:
        return memcmp(x->sha256, y->sha256, HF_SHA256_LEN);
    default:
        return memcmp(x->id, y->id, HF_CTL_ID_MAX);
    }
}

static const struct hf_ctl_entry *find(const struct hf_ctl *ctl,
                                       const struct hf_ctl_entry *key)
{
    if (ctl->count == 0)
        return NULL;
    return bsearch(key, ctl->entry, ctl->count, sizeof(ctl->entry[0]),
                   hf_ctl_order);
}

const struct hf_ctl_entry *hf_ctl_find(const struct hf_ctl *ctl,
                                       const uint8_t sha1[HF_SHA1_LEN])
{
    struct hf_ctl_entry key = { .by = HF_CTL_BY_SHA1 };

    memcpy(key.sha1, sha1, HF_SHA1_LEN);
    return find(ctl, &key);
}

static const struct hf_ctl_entry *find_signed(const struct hf_ctl *ctl,
                                              const struct hf_cert *cert)
{
    struct digest digest[DIGESTS];
    size_t count = put_digests(cert, digest);
    const struct hf_ctl_entry *found = NULL;

    for (size_t i = 0; !found && i < count; i++) {
        struct hf_ctl_entry key = { .by = HF_CTL_BY_SIGNED };

        memcpy(key.id, digest[i].bytes, sizeof(key.id));
        found = find(ctl, &key);
        if (found && found->id_len != digest[i].len)
            found = NULL;
    }
    return found;
}

const struct hf_ctl_entry *hf_ctl_find_cert(const struct hf_ctl *ctl,
                                            struct hf_cert *cert)
{
    struct hf_ctl_entry key = { .by = HF_CTL_BY_SHA256 };
    const struct hf_ctl_entry *found = hf_ctl_find(ctl, hf_cert_sha1(cert));

    memcpy(key.sha256, hf_cert_sha256(cert), HF_SHA256_LEN);
    if (!found)
        found = find(ctl, &key);
    /* sorted: one of the kind that costs six digests stands near the end */
    if (!found && ctl->count > 0 &&
        ctl->entry[ctl->count - 1].by >= HF_CTL_BY_SIGNED)
        found = find_signed(ctl, cert);
    return found && hf_ctl_means(found, cert) ? found : NULL;
}

bool hf_ctl_means(const struct hf_ctl_entry *entry, struct hf_cert *cert)
{
    if (entry->has_sha256 &&
        memcmp(entry->sha256, hf_cert_sha256(cert), HF_SHA256_LEN) != 0)
        return false;
    switch (entry->by) {
    case HF_CTL_BY_SHA1:
        return memcmp(entry->sha1, hf_cert_sha1(cert), HF_SHA1_LEN) == 0;
    case HF_CTL_BY_SHA256:
        return entry->has_sha256;
    case HF_CTL_BY_SIGNED:
        return is_digest(entry, cert);
    case HF_CTL_BY_OTHER:
        break;
    }
    return false;
}
