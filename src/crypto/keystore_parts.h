/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_parts.h - the formats behind crypto/keystore.h. */
#ifndef HF_CRYPTO_KEYSTORE_PARTS_H
#define HF_CRYPTO_KEYSTORE_PARTS_H

#include "base/rd.h"
#include "crypto/keystore.h"

/* What is tried when no password is given; a PKCS#12 may also have none. */
extern const char *const hf_keystore_usual[2];

/* --- what a reader found ------------------------------------------------- */

/* Appends a certificate, damaged or not. `alias_take` is owned from here on,
 * also on failure; NULL: none. Returns 0, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_keystore_put(struct hf_keystore *keystore, char *alias_take,
                                struct hf_view der, enum hf_keystore_kind kind,
                                size_t offset, struct hf_err *err);
/* The same for one known to be damaged; `fault` is copied. */
HF_MUST_USE int hf_keystore_put_fault(struct hf_keystore *keystore,
                                      char *alias_take, const char *fault,
                                      size_t offset, struct hf_err *err);
/* Counts a key. */
HF_MUST_USE int hf_keystore_put_key(struct hf_keystore *keystore,
                                    char *alias_take, struct hf_err *err);

/* UTF-16LE as text on the heap; NULs become U+FFFD. */
HF_MUST_USE int hf_keystore_text(struct hf_view utf16le, char **ret_text,
                                 struct hf_err *err);

/* --- what a writer shall do ---------------------------------------------- */

struct hf_keystore_change {
    struct hf_certs added, removed;
    struct hf_texts alias; /* of the added, in their order */
};
void hf_keystore_change_done(struct hf_keystore_change *change);

/* What of the edit is left to do in this store. */
HF_MUST_USE int hf_keystore_choose(const struct hf_keystore *keystore,
                                   const struct hf_keystore_edit *edit,
                                   struct hf_keystore_change *ret_change,
                                   struct hf_err *err);

static inline bool hf_keystore_is_idle(const struct hf_keystore_change *change)
{
    return change->added.count + change->removed.count == 0;
}

/* Is the certificate one that goes? */
bool hf_keystore_goes(const struct hf_keystore_change *change,
                      struct hf_view der);

/* --- formats ------------------------------------------------------------- */

/* A writer appends to `out` only when something changes. */
HF_MUST_USE int hf_jks_read(struct hf_view bytes, const char *password,
                            struct hf_keystore *keystore, struct hf_err *err);
HF_MUST_USE int hf_jks_write(struct hf_view bytes,
                             const struct hf_keystore_edit *edit,
                             struct hf_keystore_change *change,
                             struct hf_buf *out, struct hf_err *err);
HF_MUST_USE int hf_p12_read(struct hf_view bytes, const char *password,
                            struct hf_keystore *keystore, struct hf_err *err);
HF_MUST_USE int hf_p12_write(struct hf_view bytes,
                             const struct hf_keystore_edit *edit,
                             struct hf_keystore_change *change,
                             struct hf_buf *out, struct hf_err *err);

/* Moves past one object of Java's serialization (JCEKS secret keys) without
 * making anything of it. False, and `rd` is bad, when it is cut or not of the
 * few forms that a sealed key takes. */
HF_MUST_USE bool hf_java_object_skip(struct hf_rd *rd);

#endif
