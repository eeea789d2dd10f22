/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/store_findings.h - is a trust store sound? */
#ifndef HF_DOCTOR_STORE_FINDINGS_H
#define HF_DOCTOR_STORE_FINDINGS_H

#include "judge/distrust.h"
#include "report/finding.h"
#include "store/store.h"

/* Adds what is wrong with a store that was read: empty, not readable for
 * ordinary programs, writable by anybody (findings); expired and distrusted
 * anchors in it (notes). Damaged entries are the reader's finding. */
void hf_find_store(const struct hf_store *store, const struct hf_certs *certs,
                   const struct hf_distrust *distrust, int64_t at_s,
                   struct hf_findings *list);

/* Adds the anchors that are in force now and will have ended at `at_s`: "what
 * breaks on that day?" */
void hf_find_store_ending(const struct hf_store *store,
                          const struct hf_certs *certs, int64_t now_s,
                          int64_t at_s, struct hf_findings *list);

#endif
