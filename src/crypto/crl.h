/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/crl.h - certificate revocation lists. */
#ifndef HF_CRYPTO_CRL_H
#define HF_CRYPTO_CRL_H

#include "base/err.h"
#include "base/view.h"

/* bytes; ours: the largest public CRL fetched by browsers has about 10 MB */
#define HF_CRL_MAX (16 * 1024 * 1024)

/* A set of lists; each is checked against its issuer when a path is judged. */
struct hf_crls;

HF_MUST_USE int hf_crls_new(struct hf_crls **ret_crls, struct hf_err *err);
void hf_crls_free(struct hf_crls *crls);
HF_FREEP(struct hf_crls, hf_crls_free)

/* Adds the lists in `bytes` (DER or PEM, several). `name` is for error texts:
 * a path or URL. Returns 0, HF_E_PARSE, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_crls_add(struct hf_crls *crls, const char *name,
                            struct hf_view bytes, struct hf_err *err);
size_t hf_crls_count(const struct hf_crls *crls);

#endif
