/* SPDX-License-Identifier: Apache-2.0 */
/* product/lint.h - all that is wrong with a product file, not the first only.
 *
 * judge/lint.h adds the checks that look into certificates; it is what
 * `holdfast product lint` calls. */
#ifndef HF_PRODUCT_LINT_H
#define HF_PRODUCT_LINT_H

#include "product/product.h"

#define HF_LINT_MAX 200 /* problems kept; ours: nobody reads more at once */

struct hf_lint_item {
    bool error;    /* the file will not load; else a doubt about it */
    unsigned line; /* 0: the file as a whole */
    char *text;    /* "cylance.yaml:12:5: expected 64 hexadecimal digits" */
};

/* Problems in the order of their lines. Sticky: after memory ran out nothing
 * more is added, and hf_lint_check() tells. */
struct hf_lint {
    const char *name; /* of the file, borrowed */
    struct hf_lint_item *item;
    size_t count;
    size_t errors;
    size_t dropped; /* beyond HF_LINT_MAX */
    int bad;        /* 0 or HF_E_NOMEM */
};

void hf_lint_init(struct hf_lint *lint, const char *name);
void hf_lint_done(struct hf_lint *lint);
HF_MUST_USE int hf_lint_check(const struct hf_lint *lint, struct hf_err *err);
/* line, column  0: the file as a whole. */
void hf_lint_add(struct hf_lint *lint, bool error, unsigned line,
                 unsigned column, const char *format, ...) HF_PRINTF(5, 6);

/* Looks at everything but the insides of certificates.
 * ret_product  as much of it as could be read, for further checks: texts may
 *              be NULL, certificates without a hash. NULL when the file is no
 *              YAML at all.
 * Returns 0 whatever is wrong with the file; HF_E_NOMEM. */
HF_MUST_USE int hf_lint_shape(struct hf_lint *lint, const char *id,
                              struct hf_view text,
                              struct hf_product **ret_product,
                              struct hf_err *err);

#endif
