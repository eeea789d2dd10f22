/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit.h - is every certificate of a store one that should be there? */
#ifndef HF_JUDGE_AUDIT_H
#define HF_JUDGE_AUDIT_H

#include "judge/distrust.h"
#include "judge/known.h"
#include "report/finding.h"
#include "store/store.h"

/* What an audit goes by; all borrowed. */
struct hf_audit_ask {
    const char *store; /* its name, for texts */
    const struct hf_store_list *list;
    const struct hf_distrust *distrust; /* NULL: not asked */
    const struct hf_known *known; /* lists of public roots; NULL: not asked */
    int64_t at_s;
    int64_t expiring_s;  /* seconds ahead of at_s; 0: not asked */
    enum hf_stack stack; /* hf_store_stack(): Windows keeps roots and
                            intermediates apart, so that they can be misplaced
                            there */
};

/* What is said of one certificate; bits. */
enum hf_audit_mark {
    HF_AUDIT_EXPIRED = 1,
    HF_AUDIT_EXPIRING = 2,
    HF_AUDIT_WEAK_KEY = 4,       /* RSA under 2048, EC under 224 */
    HF_AUDIT_WEAK_SIGNATURE = 8, /* MD5 or SHA-1, on what is no root */
    HF_AUDIT_DISTRUSTED = 16,    /* by a platform, for TLS, as a whole */
    HF_AUDIT_RESTRICTED = 32,    /* nothing new it issues is trusted */
    HF_AUDIT_UNKNOWN = 64,       /* an anchor that is on no list */
    HF_AUDIT_DUPLICATE = 128,    /* the same certificate again */
    HF_AUDIT_SAME_NAME = 256,    /* another anchor has its name, another key */
    HF_AUDIT_MISPLACED = 512,    /* an intermediate among the roots, a root
                                    among the intermediates */
    HF_AUDIT_DAMAGED = 1024
};
#define HF_AUDIT_MARKS 11                                /* kinds of mark */
const char *hf_audit_mark_name(enum hf_audit_mark mark); /* "same-name" */

struct hf_audit_row {
    const struct hf_store_entry *entry;
    unsigned marks;
    char *text; /* for people, what the marks mean here; "" without marks */
    struct {
        unsigned short from, len;
    } part[HF_AUDIT_MARKS]; /* of `text`, what belongs to the mark 1 << i */
};

struct hf_audit {
    struct hf_audit_row *row; /* one for each entry of the list, in order */
    size_t count;
    size_t marked;
};

/* Anchors are judged in full, unless the same store refuses them; what is at
 * hand to build chains, or there for another reason, by its dates, key,
 * signature and place; what is refused, by whether it is there twice or should
 * not be refused; what a list names without its body, by distrust alone.
 * Returns 0 or HF_E_NOMEM. Rows borrow the list's entries. Cost: n log n. */
HF_MUST_USE int hf_audit_store(const struct hf_audit_ask *ask,
                               struct hf_audit *ret_audit, struct hf_err *err);
void hf_audit_done(struct hf_audit *audit);

/* What the part of a row's text that belongs to one mark says; "" without. */
struct hf_view hf_audit_part(const struct hf_audit_row *row,
                             enum hf_audit_mark mark);

/* One finding for each kind of mark in the store, HF1120 to HF1129, with the
 * certificates as evidence (bounded), and how to repair it. What has ended, and
 * what no chain can use, has no weak key or signature worth a finding, and is
 * not unknown in a Windows store; only anchors are told that they have ended;
 * what is damaged is HF1102, which whoever reads the store tells. */
void hf_audit_findings(const struct hf_audit_ask *ask,
                       const struct hf_audit *audit,
                       struct hf_findings *findings);

#endif
