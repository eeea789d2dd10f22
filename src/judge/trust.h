/* SPDX-License-Identifier: Apache-2.0 */
/* judge/trust.h - what a machine trusts and what else is known, prepared once
 * for many chains. */
#ifndef HF_JUDGE_TRUST_H
#define HF_JUDGE_TRUST_H

#include "crypto/path.h"
#include "judge/distrust.h"
#include "judge/inspectors.h"
#include "product/product.h"

struct hf_trust {
    struct hf_cert_index *anchors; /* what the stores trust */
    struct hf_cert_index *known;   /* roots of the embedded set, of products and
                                      given by hand: public, or wanted */
    struct hf_cert_index *pool;    /* intermediates known from anywhere */
    struct hf_certs pool_certs;
    struct hf_crls *crls; /* NULL until one was added */
    struct hf_distrust *distrust;
    struct hf_inspectors *inspectors;
};

/* anchors   certificates of the stores.
 * extra     bodies given by hand, may be NULL: roots are known, the rest goes
 *           to the pool.
 * products  may be NULL: roots their files carry as PEM are known.
 * root      NULL for this machine: whose /etc/holdfast to read. */
HF_MUST_USE int hf_trust_init(struct hf_trust *trust, const char *root,
                              const struct hf_certs *anchors,
                              const struct hf_certs *extra,
                              const struct hf_products *products,
                              struct hf_err *err);
void hf_trust_done(struct hf_trust *trust);

/* Makes more issuers known (served by others, fetched by AIA). */
HF_MUST_USE int hf_trust_learn(struct hf_trust *trust,
                               const struct hf_certs *more, struct hf_err *err);

#endif
