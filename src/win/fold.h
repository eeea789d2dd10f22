/* SPDX-License-Identifier: Apache-2.0 */
/* win/fold.h - inside win/: names in UTF-8 compared without case. */
#ifndef HF_WIN_FOLD_H
#define HF_WIN_FOLD_H

#include "base/view.h"

/* Orders two names; 0 when Windows takes them for the same one (capitals by
 * hf_regname_upper()). Bytes that are not UTF-8 compare as they are. */
int hf_fold_compare(struct hf_view a, struct hf_view b);

#endif
