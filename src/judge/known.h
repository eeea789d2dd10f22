/* SPDX-License-Identifier: Apache-2.0 */
/* judge/known.h - which roots are public: on Microsoft's list, on Mozilla's, or
 * built into this program. */
#ifndef HF_JUDGE_KNOWN_H
#define HF_JUDGE_KNOWN_H

#include "crypto/ctl.h"

struct hf_known;

/* data/microsoft.tsv and data/mozilla.tsv, or those of ROOT/etc/holdfast, the
 * lists of Microsoft that lie there (judge/microsoft.h), and data/roots; `ctl`
 * (may be NULL) is one more list. A root that any of them names is known, also
 * where a newer one does not name it any more.
 * Returns 0, HF_E_PARSE (line named), HF_E_CRYPTO, HF_E_LIMIT, HF_E_IO,
 * HF_E_NOMEM. */
HF_MUST_USE int hf_known_load(const char *root, const struct hf_ctl *ctl,
                              struct hf_known **ret_known, struct hf_err *err);
void hf_known_free(struct hf_known *known);
HF_FREEP(struct hf_known, hf_known_free)

/* The same of the two tables at hand, and data/roots. */
HF_MUST_USE int hf_known_read(struct hf_view microsoft, struct hf_view mozilla,
                              struct hf_known **ret_known, struct hf_err *err);

/* "Microsoft, Mozilla": the lists that name it; "Holdfast" where it is only
 * among the roots built in; NULL when none does. Static. Cost: a bisection. */
const char *hf_known_lists(const struct hf_known *known, struct hf_cert *cert);

/* The newest list of Microsoft known: its sequence number and date; "" and 0
 * when there is none. */
const char *hf_known_sequence(const struct hf_known *known,
                              int64_t *ret_date_s);

#endif
