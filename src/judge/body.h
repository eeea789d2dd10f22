/* SPDX-License-Identifier: Apache-2.0 */
/* judge/body.h - the certificate a profile means, wherever it is to be had. */
#ifndef HF_JUDGE_BODY_H
#define HF_JUDGE_BODY_H

#include "crypto/cert.h"
#include "product/product.h"

/* To recognise: the one of `list` (NULL: none) whose SHA-256 is the profile's,
 * or whose SHA-1 is where the profile has no SHA-256. Borrowed; NULL when there
 * is none. */
struct hf_cert *hf_body_in(const struct hf_certs *list,
                           const struct hf_need *need);

/* To import: the one whose SHA-256 is the profile's, from `extra`, the
 * profile's own PEM or the embedded roots.
 * ret_cert  a reference, or NULL when it is nowhere to be had, and always where
 *           the profile has no SHA-256: SHA-1 can be forged. A PEM in the
 *           profile that is damaged or another certificate is passed over:
 *           `product lint` tells. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_body_find(const struct hf_certs *extra,
                             const struct hf_need *need,
                             struct hf_cert **ret_cert, struct hf_err *err);

/* To suggest a SHA-256, never to import: the embedded root whose SHA-1 is the
 * profile's. The rest is as above. */
HF_MUST_USE int hf_body_by_sha1(const struct hf_need *need,
                                struct hf_cert **ret_cert, struct hf_err *err);

#endif
