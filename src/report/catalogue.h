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

/* Texts of both rows may hold line breaks; a line that begins with "$ " is to
 * be typed as it stands. In the tables these are written \n and \\. */

/* ours: there are 53 codes and 39 causes; what looks for one walks them all */
#define HF_CATALOGUE_ROWS 1000

struct hf_catalogue;

/* Reads the two tables (doc/embed.h): the embedded ones, and over them those
 * of ROOT/etc/holdfast, whose rows replace the row of the same name or are
 * added. A code keeps its cause, so a finding means the same everywhere.
 * root  NULL for this machine.
 * Returns 0, HF_E_PARSE (table and line), HF_E_LIMIT, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_catalogue_load(const char *root,
                                  struct hf_catalogue **ret_catalogue,
                                  struct hf_err *err);

/* An empty catalogue, and two tables read into one: what the function above
 * does, for tables that are at hand. `text` is not kept; a table that is
 * refused leaves the rows before its fault. */
HF_MUST_USE int hf_catalogue_new(struct hf_catalogue **ret_catalogue,
                                 struct hf_err *err);
HF_MUST_USE int hf_catalogue_causes(struct hf_catalogue *catalogue,
                                    const char *name, struct hf_view text,
                                    struct hf_err *err);
HF_MUST_USE int hf_catalogue_codes(struct hf_catalogue *catalogue,
                                   const char *name, struct hf_view text,
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
