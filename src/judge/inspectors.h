/* SPDX-License-Identifier: Apache-2.0 */
/* judge/inspectors.h - products that inspect TLS, known by the names of their
 * authorities (data/inspectors.tsv). */
#ifndef HF_JUDGE_INSPECTORS_H
#define HF_JUDGE_INSPECTORS_H

#include "crypto/cert.h"

struct hf_inspectors;

struct hf_inspector {
    char *product;
    char *confidence; /* list, seen, weak, test */
    char *source;
};

/* root: NULL for this machine. Returns 0, HF_E_PARSE (line named), HF_E_NOMEM.
 */
HF_MUST_USE int hf_inspectors_load(const char *root,
                                   struct hf_inspectors **ret_inspectors,
                                   struct hf_err *err);
void hf_inspectors_free(struct hf_inspectors *inspectors);
HF_FREEP(struct hf_inspectors, hf_inspectors_free)

/* The product whose authority issued a certificate of the chain, or NULL. */
const struct hf_inspector *
hf_inspectors_match(const struct hf_inspectors *inspectors,
                    const struct hf_certs *chain);

#endif
