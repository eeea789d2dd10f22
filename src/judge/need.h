/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need.h - a product's certificates against the stores of a machine. */
#ifndef HF_JUDGE_NEED_H
#define HF_JUDGE_NEED_H

#include "judge/distrust.h"
#include "product/product.h"
#include "report/finding.h"
#include "store/store.h"

/* How one needed certificate stands. */
enum hf_need_state {
    HF_NEED_PRESENT,    /* there */
    HF_NEED_MISSING,    /* absent, and importable */
    HF_NEED_NO_BODY,    /* absent; its body is nowhere to be had, or cannot be
                           told from a forgery: known by SHA-1 only */
    HF_NEED_EXPIRED,    /* absent, and ended: import only when insisted on */
    HF_NEED_DISTRUSTED, /* absent, and the platform distrusts it */
    HF_NEED_NOT_TLS,    /* absent, and not for TLS: no TLS anchor on Linux */
    HF_NEED_MISPLACED,  /* there, in the wrong store */
    HF_NEED_ON_DEMAND,  /* absent; Windows fetches it when it is first needed */
    HF_NEED_SPARED      /* absent, but its any-of group is met */
};
const char *hf_need_state_name(enum hf_need_state state); /* "missing" */

/* Where a misplaced one stands. */
enum hf_need_among {
    HF_AMONG_ANCHORS, /* an intermediate among the roots: trusted by itself */
    HF_AMONG_ISSUERS, /* a root among the intermediates: not trusted */
    HF_AMONG_REFUSED  /* among the disallowed: refused */
};

struct hf_need_verdict {
    const struct hf_need *need;
    enum hf_need_state state;
    struct hf_cert
        *cert;      /* body found (in a store, embedded, a folder), or NULL */
    bool expired;   /* by its own dates at the time asked, present or not */
    bool no_anchor; /* not for TLS, or no root: not to be an anchor here */
    enum hf_need_among among; /* of a misplaced one */
    bool sha1_only; /* the profile has no SHA-256: recognised by SHA-1 where
                       it is present, never imported */
    const struct hf_distrust_row *distrust; /* or NULL */
    char *where;  /* store entry that holds it, or NULL */
    char *reason; /* for people: "ended on 2022-05-21; Microsoft has ..." */
};

struct hf_product_verdict {
    const struct hf_product *product;
    struct hf_need_verdict *need;
    size_t need_count;
    size_t missing; /* importable ones, misplaced ones that are not met */
    size_t on_demand;
    size_t refused; /* expired, distrusted, not for TLS */
    size_t no_body;
    size_t present;
    bool explained; /* why anything is missing is told by another finding */
};

/* What judging needs; all borrowed. Bodies of what is absent come from
 * `extra`, the profile and the embedded roots, and count only when their
 * SHA-256 is the profile's. */
struct hf_need_ask {
    const struct hf_certs *have;        /* the anchors of the store */
    const struct hf_certs *issuers;     /* the intermediates it holds; NULL: a
                                           store of anchors, where they have no
                                           place */
    const struct hf_certs *refused;     /* what it refuses; may be NULL */
    const struct hf_store_list *list;   /* to tell where, or NULL */
    const struct hf_certs *extra;       /* other bodies at hand; may be NULL */
    const struct hf_distrust *distrust; /* may be NULL */
    const struct hf_ctl *ctl; /* the list the store goes by, or is; or NULL */
    bool is_list;             /* the store is that list and no more */
    bool fetches; /* what the list names comes by itself, when first needed */
    int64_t at_s;
    bool purposes_known; /* false: a Linux bundle, where every anchor is for
                            everything, so a root for code signing only is not
                            to be made one */
    bool include_distrusted;
};

/* The verdict borrows product and distrust rows. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_judge_product(const struct hf_need_ask *ask,
                                 const struct hf_product *product,
                                 struct hf_product_verdict *ret_verdict,
                                 struct hf_err *err);
void hf_product_verdict_done(struct hf_product_verdict *verdict);

/* Is the need unmet, and a copy at hand that can be put in place? */
bool hf_need_importable(const struct hf_need_verdict *verdict);

/* The findings of a verdict, one a certificate: what is missing and can be
 * imported is an error, what is refused for a reason or has no body a warning
 * or a note. store_name: the store that was looked at. */
void hf_product_verdict_findings(const struct hf_product_verdict *verdict,
                                 const char *store_name,
                                 struct hf_findings *list);

/* Adds the needed certificates that are there, in force now, and will have
 * ended at `at_s`: "what breaks on that day?" */
void hf_product_verdict_ending(const struct hf_product_verdict *verdict,
                               const char *store_name, int64_t now_s,
                               int64_t at_s, struct hf_findings *list);

#endif
