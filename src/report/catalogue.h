/* SPDX-License-Identifier: Apache-2.0 */
/* report/catalogue.h - every cause and every code this program can name. */
#ifndef HF_REPORT_CATALOGUE_H
#define HF_REPORT_CATALOGUE_H

#include "base/err.h"
#include "base/view.h"

enum hf_severity { HF_NOTE, HF_WARNING, HF_ERROR };

/* One row of data/causes.tsv: the closed list of causes. */
struct hf_cause_row {
    char *name;    /* "root-missing" */
    char *meaning; /* what it means */
    char *told;    /* how it is told from its neighbours */
    char *aka;     /* names in other tables, or "" */
};

/* One row of data/findings.tsv. */
struct hf_catalogue_row {
    char *code; /* "HF1203" */
    const struct hf_cause_row *cause;
    enum hf_severity severity;
    char *title;      /* "a root certificate is missing" */
    char *meaning;    /* a paragraph for `explain` */
    char *recognised; /* by what it was recognised */
    char *remedy;     /* what to do in general */
    char *source;     /* where that is known from */
};

struct hf_catalogue;

/* Reads the two tables (doc/embed.h). root: NULL for this machine. */
HF_MUST_USE int hf_catalogue_load(const char *root,
                                  struct hf_catalogue **ret_catalogue,
                                  struct hf_err *err);
void hf_catalogue_free(struct hf_catalogue *catalogue);
HF_FREEP(struct hf_catalogue, hf_catalogue_free)

/* Case does not matter; NULL when unknown. */
const struct hf_catalogue_row *
hf_catalogue_code(const struct hf_catalogue *catalogue, const char *code);
const struct hf_cause_row *
hf_catalogue_cause(const struct hf_catalogue *catalogue, const char *cause);

size_t hf_catalogue_count(const struct hf_catalogue *catalogue);
const struct hf_catalogue_row *
hf_catalogue_at(const struct hf_catalogue *catalogue, size_t i);
size_t hf_catalogue_cause_count(const struct hf_catalogue *catalogue);
const struct hf_cause_row *
hf_catalogue_cause_at(const struct hf_catalogue *catalogue, size_t i);

const char *hf_severity_name(enum hf_severity severity); /* "error" ... */

#endif
