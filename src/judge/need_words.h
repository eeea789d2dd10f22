/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_words.h - verdicts in words; private to judge/need*.c. */
#ifndef HF_JUDGE_NEED_WORDS_H
#define HF_JUDGE_NEED_WORDS_H

#include "judge/need.h"

/* Why what is absent is not imported, however near a copy is. */
#define HF_NEED_SHA1_ONLY                                                      \
    "known by SHA-1 only: the profile gives no SHA-256, so nothing is "        \
    "imported"

/* "TLS, code signing" */
void hf_need_purposes(struct hf_buf *out, const struct hf_need *need);

/* "ended on 2022-05-21; Microsoft has disallowed it since 2023-02-01; ..." for
 * what speaks against the certificate; appends nothing when nothing does. */
void hf_need_against(struct hf_buf *out, const struct hf_need_ask *ask,
                     const struct hf_need_verdict *verdict);

/* Fills verdict->reason. met_by: the member that meets a spared one's group.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_need_reason(const struct hf_need_ask *ask,
                               struct hf_need_verdict *verdict,
                               const char *met_by, struct hf_err *err);

#endif
