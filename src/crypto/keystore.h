/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore.h - Java keystores: JKS, JCEKS (read only), PKCS#12.
 *
 * Source: the format as OpenJDK's JavaKeyStore writes it: u32 magic FEEDFEED,
 * u32 version, u32 count, entries (u32 tag: 1 key, 2 certificate), then SHA-1
 * over the password in UTF-16BE, "Mighty Aphrodite" and all bytes before. */
#ifndef HF_CRYPTO_KEYSTORE_H
#define HF_CRYPTO_KEYSTORE_H

#include "crypto/cert.h"

enum hf_keystore_kind {
    HF_KEYSTORE_TRUSTED, /* a trust anchor */
    HF_KEYSTORE_CHAIN    /* belongs to a private key of the store */
};

struct hf_keystore_entry {
    struct hf_cert *cert; /* NULL: damaged */
    char *alias;
    char *fault;
    enum hf_keystore_kind kind;
    size_t offset;
};

struct hf_keystore {
    const char *format; /* "JKS", "JCEKS", "PKCS#12" */
    struct hf_keystore_entry *entry;
    size_t count;
    size_t keys;    /* private keys: seen and left alone */
    bool verified;  /* the password fits the store's check sum */
    bool has_check; /* false: a PKCS#12 without one, as JDK 18 writes */
};
void hf_keystore_done(struct hf_keystore *keystore);

/* Reads a Java keystore of any of its formats, told by its first bytes.
 * password  NULL: a JKS is read without one, and checked against "changeit",
 *           its usual one; a PKCS#12 is tried with that, the empty one and
 *           none.
 * Returns 0 (for a JKS whose check sum does not fit the password given:
 * HF_E_CRYPTO), HF_E_PARSE (offset), HF_E_CRYPTO, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_keystore_read(struct hf_view bytes, const char *password,
                                 struct hf_keystore *ret_keystore,
                                 struct hf_err *err);

/* Writes the store `bytes` anew with the trusted certificates of `add` in it
 * and those of `remove` out of it; what else it holds stays byte for byte.
 * Aliases of new ones are made of their names, lower case, unique. An empty
 * `bytes` makes a new JKS. ret_added, ret_removed: what did change.
 * Returns 0, HF_E_CRYPTO (the password does not fit: nothing is written by
 * somebody who cannot keep its check sum right), or as above. */
struct hf_keystore_edit {
    const struct hf_certs *add, *remove;
    const char *password; /* NULL as above */
    int64_t now_s;        /* date of new entries */
};
HF_MUST_USE int
hf_keystore_write(struct hf_view bytes, const struct hf_keystore_edit *edit,
                  struct hf_buf *out, struct hf_certs *ret_added,
                  struct hf_certs *ret_removed, struct hf_err *err);

#endif
