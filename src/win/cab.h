/* SPDX-License-Identifier: Apache-2.0 */
/* win/cab.h - Microsoft cabinets: one file taken out, one file put in. */
#ifndef HF_WIN_CAB_H
#define HF_WIN_CAB_H

#include "base/buf.h"

#define HF_CAB_MEMBER_MAX (16 * 1024 * 1024) /* ours: 0.2 MB today */
#define HF_CAB_NAME_MAX 255                  /* bytes; [MS-CAB] 2.3 */

/* Does it begin as a cabinet does ("MSCF")? */
bool hf_cab_is(struct hf_view bytes);

/* Takes out the first member whose name ends in `suffix` (without case), into
 * an initialised buffer, whose own maximum counts too. Stored, MSZIP, Quantum
 * and LZX; check sums are verified. One part of a set is refused.
 * Returns 0, HF_E_ABSENT (no such member), HF_E_PARSE (offset named),
 * HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_cab_extract(struct hf_view bytes, const char *suffix,
                               struct hf_buf *ret_member, struct hf_err *err);

/* Appends a cabinet that holds `member` under `name`, stored without
 * compression, dated `time_s` (UTC, in even seconds; before 1980 or past 2107
 * the nearest end). Returns 0, HF_E_USAGE (a name that cannot be), HF_E_LIMIT,
 * HF_E_NOMEM. Source: [MS-CAB] 2. */
HF_MUST_USE int hf_cab_store(struct hf_buf *out, const char *name,
                             struct hf_view member, int64_t time_s,
                             struct hf_err *err);

#endif
