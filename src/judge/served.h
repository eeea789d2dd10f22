/* SPDX-License-Identifier: Apache-2.0 */
/* judge/served.h - a served chain against what a machine trusts: is it good,
 * and if not, what is missing where? */
#ifndef HF_JUDGE_SERVED_H
#define HF_JUDGE_SERVED_H

#include "judge/trust.h"

/* Why the chain does not end in something this machine trusts. */
enum hf_gap {
    HF_GAP_NONE,         /* it does */
    HF_GAP_ROOT_MISSING, /* it ends in a root that is known, not trusted here */
    HF_GAP_INTERMEDIATE, /* the server left out an issuer that is known */
    HF_GAP_BOTH,         /* both of these */
    HF_GAP_INTERMEDIATE_LIKELY, /* the leaf came alone, its issuer is unknown */
    HF_GAP_UNTRUSTED,  /* it ends in a private root that nobody knows */
    HF_GAP_SELF_SIGNED /* the leaf signed itself */
};

struct hf_served_ask {
    const struct hf_certs *served; /* leaf first */
    const char *host;              /* NULL: names are not asked */
    int64_t at_s;
    enum hf_purpose purpose;
};

struct hf_served {
    struct hf_path path; /* the chain that explains most, and its faults; for a
                            gap, the chain as it would be with it filled */
    bool good;           /* valid as served, with what is trusted here */
    enum hf_gap gap;
    struct hf_cert *root; /* the known root that is missing, or NULL; borrowed
                             from path.chain */
    struct hf_cert *intermediate; /* the issuer left out, or NULL; likewise */
    char *gap_text;               /* how the gap was told, a sentence */
    const struct hf_inspector *inspector; /* borrowed from the trust, or NULL */
    const struct hf_distrust_row *distrust; /* of the anchor, or NULL */
    bool public_root; /* the anchor is a known public root */
};

HF_MUST_USE int hf_judge_served(const struct hf_served_ask *ask,
                                const struct hf_trust *trust,
                                struct hf_served *ret_served,
                                struct hf_err *err);
void hf_served_done(struct hf_served *served);

/* Does the verdict have a fault of this kind? Gaps are not faults here. */
bool hf_served_has(const struct hf_served *served, enum hf_fault_kind kind);

#endif
