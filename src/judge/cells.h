/* SPDX-License-Identifier: Apache-2.0 */
/* judge/cells.h - what stands in the fields of the tables of roots. */
#ifndef HF_JUDGE_CELLS_H
#define HF_JUDGE_CELLS_H

#include "base/err.h"
#include "base/texts.h"
#include "base/view.h"

#define HF_CELL_WORDS 100 /* ours: the longest list of purposes has 10 */

/* "2021-02-01" or "2021-02-01T08:30:00Z" and nothing else: no time that
 * depends on when it is read. */
HF_MUST_USE bool hf_cell_date(struct hf_view text, int64_t *ret_s);

/* Appends the words of a text, between blanks. Returns 0, HF_E_LIMIT,
 * HF_E_NOMEM; `words` then holds those before. */
HF_MUST_USE int hf_cell_words(struct hf_view text, struct hf_texts *words,
                              struct hf_err *err);

/* Is `word` one of the words of `text`? */
bool hf_cell_has(const char *text, const char *word);

#endif
