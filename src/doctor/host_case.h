/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/host_case.h - one server's evidence, and what else bears on it. */
#ifndef HF_DOCTOR_HOST_CASE_H
#define HF_DOCTOR_HOST_CASE_H

#include "probe/hosts.h"
#include "product/product.h"
#include "report/finding.h"

/* Somebody re-signs this server's traffic. */
struct hf_inspected {
    bool yes;
    enum hf_certainty certainty;
    char by[160];       /* "FortiGate", or "" when only the signs show it */
    char signs[4][200]; /* what shows it; empty from the first unused on */
};

struct hf_host_case {
    const struct hf_host *host;
    struct hf_inspected inspected;
    const struct hf_product *product; /* must not be inspected here, or NULL */
    bool updates_off; /* a policy keeps Windows from fetching roots: a root that
                         is missing is its consequence, told there */
    bool told_by_stacks; /* another store here trusts it: told as their
                            difference */
    bool clock_explains; /* the dates are right, this machine's clock is not */
    int64_t at_s;
    int64_t now_s;
};

/* Fills `inspected` and `product` of every case: by the issuer's name, and by
 * the signs that need none, which only show over several hosts.
 * all  every product known: which hosts must not be inspected. */
void hf_find_inspection(struct hf_host_case *cases, size_t count,
                        const struct hf_products *all);

/* Says that the clock is wrong where that explains the dates at fault, and
 * marks those cases. `machine_s`: the clock. */
void hf_find_clock(struct hf_host_case *cases, size_t count, int64_t machine_s,
                   struct hf_findings *list);
/* The clock by itself: before this release, or decades after it. */
void hf_find_clock_alone(int64_t machine_s, struct hf_findings *list);

/* Adds what one case shows: one cause, not ten symptoms. */
void hf_find_host(const struct hf_host_case *c, struct hf_findings *list);

#endif
