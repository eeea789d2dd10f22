/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore.h - Java keystores: JKS, JCEKS, PKCS#12.
 *
 * Source: JKS as OpenJDK's JavaKeyStore writes it: u32 magic FEEDFEED, u32
 * version, u32 count, entries (u32 tag: 1 key, 2 certificate; JCEKS also 3,
 * a serialized secret key), then SHA-1 over the password in UTF-16BE, "Mighty
 * Aphrodite" and all bytes before. PKCS#12: RFC 7292; a certificate is trusted
 * by Java when its bag has the attribute 2.16.840.1.113894.746875.1.1. */
#ifndef HF_CRYPTO_KEYSTORE_H
#define HF_CRYPTO_KEYSTORE_H

#include "base/buf.h"
#include "crypto/cert.h"

/* ours: certificates and keys of one store; the largest seen has 180 */
#define HF_KEYSTORE_ENTRIES_MAX 20000
#define HF_KEYSTORE_ALIAS_MAX 4096 /* bytes as stored; ours */

enum hf_keystore_kind {
    HF_KEYSTORE_TRUSTED, /* a trust anchor */
    HF_KEYSTORE_CHAIN    /* belongs to a private key of the store, or lies there
                            without the attribute that makes Java trust it */
};

struct hf_keystore_entry {
    struct hf_cert *cert; /* NULL: damaged */
    char *alias;          /* UTF-8 of a stranger; NULL: has none */
    char *fault;
    enum hf_keystore_kind kind;
    size_t offset; /* byte in the file; PKCS#12: of the safe it is in */
};

struct hf_keystore {
    const char *format; /* "JKS", "JCEKS", "PKCS#12" */
    struct hf_keystore_entry *entry;
    size_t count;
    size_t keys; /* private and secret keys: seen and left alone */
    struct hf_texts key_alias;
    size_t unread;  /* entries behind one that is not understood: the last fault
                       says which (JCEKS) */
    bool verified;  /* the password fits the store's check sum */
    bool has_check; /* false: a PKCS#12 without one, as JDK 18 writes */
};
void hf_keystore_done(struct hf_keystore *keystore);

/* "JKS", "JCEKS", "PKCS#12" by the first bytes, or NULL. */
const char *hf_keystore_format(struct hf_view bytes);

/* Reads a Java keystore of any of its formats, told by its first bytes. No
 * bytes at all are a store without entries. Keys are never decrypted.
 * password  NULL: a JKS is read without one, and checked against the usual
 *           ones ("changeit", the empty one); a PKCS#12 is tried with these
 *           and with none. What is not encrypted is read without.
 * Returns 0, HF_E_CRYPTO (the password does not fit, or one is needed),
 * HF_E_PARSE (offset), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_keystore_read(struct hf_view bytes, const char *password,
                                 struct hf_keystore *ret_keystore,
                                 struct hf_err *err);

struct hf_keystore_edit {
    const struct hf_certs *add, *remove; /* what is in both is added */
    const char *password;                /* NULL as above */
    int64_t now_s;                       /* date of new entries */
};

/* Writes the store `bytes` anew with the trusted certificates of `add` in it
 * and those of `remove` out of it; what else it holds stays byte for byte.
 * Where nothing is to be done, out is `bytes`.
 * Aliases of new ones are made of their names, lower case, unique. An empty
 * `bytes` makes a new JKS with the usual password, or the one given.
 * ret_added, ret_removed: what did change, appended.
 * Returns 0, HF_E_CRYPTO (the password does not fit: nothing is written by
 * somebody who cannot keep its check sum right), HF_E_USAGE (a JCEKS with a
 * part that is not understood), or as above. */
HF_MUST_USE int
hf_keystore_write(struct hf_view bytes, const struct hf_keystore_edit *edit,
                  struct hf_buf *out, struct hf_certs *ret_added,
                  struct hf_certs *ret_removed, struct hf_err *err);

#endif
