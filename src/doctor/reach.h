/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/reach.h - servers that showed no certificate, and why. */
#ifndef HF_DOCTOR_REACH_H
#define HF_DOCTOR_REACH_H

#include "probe/hosts.h"
#include "report/finding.h"

/* A host of which no certificate was seen. */
void hf_find_reach(const struct hf_host *host, struct hf_findings *list);

/* What came after the certificate: a client certificate wanted, a handshake
 * that failed all the same. */
void hf_find_after(const struct hf_host *host, struct hf_findings *list);

#endif
