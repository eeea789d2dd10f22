/* SPDX-License-Identifier: Apache-2.0 */
/* judge/lint.h - everything that is wrong with a product file. */
#ifndef HF_JUDGE_LINT_H
#define HF_JUDGE_LINT_H

#include "product/lint.h"

/* Looks at a product file whole: its form (product/lint.h), and whether its
 * hashes, stores and PEM bodies agree with the certificates themselves.
 * path  of the file; its name without ".yaml" is the product's id. Problems
 *       name it.
 * lint  initialised with hf_lint_init() here; free with hf_lint_done().
 * Returns 0 whatever is wrong with the file: see lint->errors; HF_E_NOMEM. */
HF_MUST_USE int hf_product_lint(const char *path, struct hf_view text,
                                struct hf_lint *lint, struct hf_err *err);

#endif
