/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit_kin.h - which entries of a store have to do with each other. */
#ifndef HF_JUDGE_AUDIT_KIN_H
#define HF_JUDGE_AUDIT_KIN_H

#include "store/store.h"

#define HF_KIN_NONE SIZE_MAX

/* Indices of other entries of the list, or HF_KIN_NONE. */
struct hf_kin {
    size_t again;    /* the first with the same bytes in the same place, when
                        that is an earlier one */
    size_t refused;  /* the first with the same bytes that is refused */
    size_t anchor;   /* the first with the same bytes that is an anchor */
    size_t namesake; /* of an anchor that is not refused: another such, with
                        the same subject and another key */
};

/* ret_kin  one for each entry; free(). Returns 0 or HF_E_NOMEM.
 * Cost: n log n comparisons, whatever the entries are. */
HF_MUST_USE int hf_kin_find(const struct hf_store_list *list,
                            struct hf_kin **ret_kin, struct hf_err *err);

#endif
