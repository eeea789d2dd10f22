/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/stack_findings.h - one store of a machine trusts a server, another
 * does not. */
#ifndef HF_DOCTOR_STACK_FINDINGS_H
#define HF_DOCTOR_STACK_FINDINGS_H

#include "doctor/host_case.h"

/* The difference; all borrowed. */
struct hf_stack_gap {
    const char *trusting; /* store that trusts the server */
    const char *lacking;  /* store that does not */
    const char *user;     /* who goes by that one: "Java", "OpenSSL" */
    struct hf_cert *root; /* what it lacks, or NULL when nobody can tell */
    bool refused;         /* it holds the root and refuses it */
};

/* Adds HF1218 about the host. */
void hf_find_stack_gap(const struct hf_host_case *c,
                       const struct hf_stack_gap *gap,
                       struct hf_findings *list);

#endif
