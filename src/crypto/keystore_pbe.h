/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_pbe.h - inside crypto/: what a password does in a PKCS#12. */
#ifndef HF_CRYPTO_KEYSTORE_PBE_H
#define HF_CRYPTO_KEYSTORE_PBE_H

#include "base/buf.h"

/* Rounds of key derivation that are done to open a file; ours: about a second
 * of PBKDF2. The tools at hand write 1,000 to 600,000. */
#define HF_PBE_ROUNDS_MAX 2000000u

/* A password and the work done with it and others on one file. */
struct hf_pbe {
    const char *password; /* borrowed; NULL: none, which is not the empty one */
    uint64_t rounds;      /* spent */
    uint64_t rounds_max;
};

/* Bytes that may hold keys: wiped. */
struct hf_plain {
    uint8_t *ptr;
    size_t len;
};
void hf_plain_done(struct hf_plain *plain);

/* What opening something encrypted by `algorithm` takes; 0: not known. */
uint64_t hf_pbe_rounds(struct hf_view algorithm);

/* Is the cipher one of those that OpenSSL keeps in its legacy provider? Also
 * true of one that is not known. */
bool hf_pbe_is_old(struct hf_view algorithm);

/* algorithm  an AlgorithmIdentifier, whole.
 * Returns 0, HF_E_CRYPTO (another password, damaged, or a way of encryption
 * that is not known), HF_E_LIMIT (too many rounds of key derivation). */
HF_MUST_USE int hf_pbe_decrypt(struct hf_pbe *pbe, struct hf_view algorithm,
                               struct hf_view sealed,
                               struct hf_plain *ret_plain, struct hf_err *err);

/* Encrypts by the same algorithm with a salt and an initial vector of its own;
 * ret_algorithm, ret_sealed: appended. */
HF_MUST_USE int hf_pbe_encrypt(struct hf_pbe *pbe, struct hf_view algorithm,
                               struct hf_view plain,
                               struct hf_buf *ret_algorithm,
                               struct hf_buf *ret_sealed, struct hf_err *err);

/* Does the MacData `mac` (whole) fit `content`? */
HF_MUST_USE int hf_pbe_mac_fits(struct hf_pbe *pbe, struct hf_view mac,
                                struct hf_view content, bool *ret_fits,
                                struct hf_err *err);

/* Appends MacData of the same kind for `content`, with a salt of its own. */
HF_MUST_USE int hf_pbe_mac_renew(struct hf_pbe *pbe, struct hf_view mac,
                                 struct hf_view content, struct hf_buf *out,
                                 struct hf_err *err);

#endif
