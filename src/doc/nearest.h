/* SPDX-License-Identifier: Apache-2.0 */
/* doc/nearest.h - the word a person probably meant. */
#ifndef HF_DOC_NEAREST_H
#define HF_DOC_NEAREST_H

#include "base/view.h"

/* The word closest to `text` without case, or NULL when none is close: at most
 * a third of the letters wrong (missing, added, other, or two swapped).
 * words  ended by NULL; words over 64 bytes are passed over.
 * Cost: O(words x 64 x 64). */
const char *hf_nearest(const char *const *words, struct hf_view text);

#endif
