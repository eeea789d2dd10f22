/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/test_keystore.h - for unit tests of keystores: stores made by hand. */
#ifndef HF_CRYPTO_TEST_KEYSTORE_H
#define HF_CRYPTO_TEST_KEYSTORE_H

#include <openssl/evp.h>

#include "crypto/keystore.h"
#include "crypto/mint.h"

#define KEYSTORE_MAX (4 * 1024 * 1024)

/* What a test expects to find. */
struct tally {
    size_t trusted, chain, faults, keys;
};

static inline struct tally tally_of(const struct hf_keystore *keystore)
{
    struct tally tally = { .keys = keystore->keys };

    for (size_t i = 0; i < keystore->count; i++) {
        const struct hf_keystore_entry *entry = &keystore->entry[i];

        tally.faults += !entry->cert;
        tally.trusted += entry->cert && entry->kind == HF_KEYSTORE_TRUSTED;
        tally.chain += entry->cert && entry->kind == HF_KEYSTORE_CHAIN;
    }
    return tally;
}

static inline bool tally_is(struct tally a, struct tally b)
{
    return a.trusted == b.trusted && a.chain == b.chain &&
           a.faults == b.faults && a.keys == b.keys;
}

static inline bool err_says(const struct hf_err *err, const char *text)
{
    char all[HF_ERR_TEXT * HF_ERR_FRAMES];

    hf_err_text(err, all, sizeof(all));
    return strstr(all, text) != NULL;
}

/* A self-signed root of this name. */
static inline struct hf_cert *root_cert(const char *name)
{
    EVP_PKEY *key = mint_key();
    struct hf_cert *cert =
        MINT(name, .issuer = name, .key = key, .by = key, .ext = MINT_CA);

    EVP_PKEY_free(key);
    return cert;
}

/* --- JKS by hand ---------------------------------------------------------- */

static inline void put_number(struct hf_buf *out, uint64_t value, int bytes)
{
    while (bytes-- > 0)
        hf_buf_add(out, (uint8_t[]){ (uint8_t)(value >> (8 * bytes)) }, 1);
}

static inline void put_utf(struct hf_buf *out, const char *text)
{
    put_number(out, strlen(text), 2);
    hf_buf_text(out, text);
}

static inline void put_head(struct hf_buf *out, uint32_t magic,
                            uint32_t version, uint32_t count)
{
    put_number(out, magic, 4);
    put_number(out, version, 4);
    put_number(out, count, 4);
}

/* A trusted certificate; `type` NULL as in version 1. */
static inline void put_trusted(struct hf_buf *out, const char *alias,
                               const char *type, struct hf_view der)
{
    put_number(out, 2, 4);
    put_utf(out, alias);
    put_number(out, 1700000000000, 8);
    if (type)
        put_utf(out, type);
    put_number(out, der.len, 4);
    hf_buf_view(out, der);
}

/* The check sum for "changeit". */
static inline void put_sum(struct hf_buf *out)
{
    static const uint8_t salted[] = "\0c\0h\0a\0n\0g\0e\0i\0tMighty Aphrodite";
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t sum[EVP_MAX_MD_SIZE];

    assert(EVP_DigestInit(ctx, EVP_sha1()) &&
           EVP_DigestUpdate(ctx, salted, sizeof(salted) - 1) &&
           EVP_DigestUpdate(ctx, out->ptr, out->len) &&
           EVP_DigestFinal(ctx, sum, NULL));
    EVP_MD_CTX_free(ctx);
    hf_buf_add(out, sum, HF_SHA1_LEN);
}

/* --- DER by hand ---------------------------------------------------------- */

/* Puts the bytes of `out` from `from` on into one element of the tag. */
static inline void wrap_der(struct hf_buf *out, size_t from, uint8_t tag)
{
    size_t len = out->len - from;
    uint8_t head[] = { tag, 0x83, (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                       (uint8_t)len };

    hf_buf_add(out, head, sizeof(head));
    assert(!out->bad);
    memmove(out->ptr + from + sizeof(head), out->ptr + from, len);
    memcpy(out->ptr + from, head, sizeof(head));
}

#endif
