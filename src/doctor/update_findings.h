/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/update_findings.h - does this Windows get its roots, and what is
 * missing because it does not? */
#ifndef HF_DOCTOR_UPDATE_FINDINGS_H
#define HF_DOCTOR_UPDATE_FINDINGS_H

#include "report/finding.h"
#include "settings/rootupdate.h"

/* A root that never arrived, and who misses it. */
struct hf_update_lack {
    const char *who;      /* "Cylance PROTECT", "api.example.com:443" */
    const char *name;     /* "DigiCert Global Root CA" */
    struct hf_cert *cert; /* its body, or NULL */
};

/* What bears on the update; all borrowed. */
struct hf_update_case {
    const struct hf_rootupdate *update;
    const char *const *source; /* names of what was read, by index */
    const struct hf_update_lack *lack;
    size_t lack_count;
    const char *again; /* the command that repairs: "holdfast doctor --fix" */
    int64_t at_s;
    bool nobody_asked; /* no product or host was named: the lacks are those of
                          all products known */
    bool repaired;     /* switched on a moment ago: nothing can have come yet */
};

/* One cause: where the updates are off, what is missing is its consequence. */
void hf_find_rootupdate(const struct hf_update_case *c,
                        struct hf_findings *list);

/* The value by which --fix puts a deviating setting right: absent. False where
 * a person has to decide. */
bool hf_rootupdate_repairable(const struct hf_rootupdate_value *value);

#endif
