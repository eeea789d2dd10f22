/* SPDX-License-Identifier: Apache-2.0 */
/* cli/needs.h - products judged against the stores of a shelf, and shown. */
#ifndef HF_CLI_NEEDS_H
#define HF_CLI_NEEDS_H

#include "cli/update.h"
#include "doctor/update_findings.h"
#include "judge/need.h"

/* One product in one store. */
struct hf_needs_row {
    struct hf_book *book; /* borrowed */
    struct hf_product_verdict verdict;
};

struct hf_needs {
    struct hf_products products;
    struct hf_distrust *distrust;
    struct hf_certs extra;   /* bodies from --from */
    struct hf_update update; /* of the Windows on the shelf, if any */
    struct hf_needs_row *row;
    size_t count;
    struct hf_update_lack *lack; /* missing because updates are off; filled by
                                    hf_needs_lacks() */
    size_t lack_count;
};

struct hf_needs_ask {
    const struct hf_args *products; /* ids and aliases */
    const struct hf_args *from;     /* files and folders with bodies, or NULL */
    bool include_distrusted;
};

/* The certificates in files and folders (NULL: none), appended to `certs`. In a
 * folder, files without certificates are passed over. Returns 0, or what
 * reading returned; the text names --from. */
HF_MUST_USE int hf_needs_bodies(const struct hf_args *from,
                                struct hf_certs *certs, struct hf_err *err);

/* Loads the products and judges each in each readable store. Returns 0,
 * HF_E_USAGE (no such product), or an error of reading. */
HF_MUST_USE int hf_needs_judge(struct hf_session *s,
                               const struct hf_needs_ask *ask,
                               struct hf_shelf *shelf,
                               struct hf_needs *ret_needs, struct hf_err *err);
void hf_needs_done(struct hf_needs *needs);

/* The same anew, after a change. */
HF_MUST_USE int hf_needs_again(struct hf_session *s,
                               const struct hf_needs_ask *ask,
                               struct hf_needs *needs, struct hf_err *err);

/* Fills `lack`. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_needs_lacks(struct hf_needs *needs, struct hf_err *err);

/* Adds what the verdicts say to the session's findings. What is missing because
 * updates are off goes to `lack` instead. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_needs_findings(struct hf_session *s, struct hf_needs *needs,
                                  struct hf_err *err);

/* Adds what is wrong with the root update, where it is why something is
 * missing here. */
void hf_needs_update_findings(struct hf_session *s,
                              const struct hf_needs *needs,
                              const struct hf_args *products,
                              const struct hf_args *stores);

void hf_needs_show(struct hf_session *s, const struct hf_needs *needs);
/* "products": [...] */
void hf_needs_json(struct hf_json *json, const struct hf_needs *needs);

#endif
