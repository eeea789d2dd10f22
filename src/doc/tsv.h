/* SPDX-License-Identifier: Apache-2.0 */
/* doc/tsv.h - tables of tab-separated values, read row by row. */
#ifndef HF_DOC_TSV_H
#define HF_DOC_TSV_H

#include "base/err.h"
#include "base/view.h"

#define HF_TSV_COLUMNS 16 /* ours: our widest table has 9 */

struct hf_tsv {
    const char *name; /* borrowed; for error texts */
    struct hf_view rest;
    unsigned line_no;
    unsigned columns; /* of the header; a row may have fewer, never more */
};

struct hf_tsv_row {
    unsigned line_no;
    struct hf_view field[HF_TSV_COLUMNS]; /* empty where the row is short */
};

/* text     borrowed for as long as rows are used; UTF-8, LF or CRLF; lines
 *          that are empty or begin with '#' are passed over.
 * columns  the header wanted, in order, ended by NULL: a table whose first
 *          line differs is refused. Returns 0 or HF_E_PARSE. */
HF_MUST_USE int hf_tsv_open(struct hf_tsv *tsv, const char *name,
                            struct hf_view text, const char *const *columns,
                            struct hf_err *err);

/* Returns 1 with a row, 0 at the end, or HF_E_PARSE (too many fields, bytes
 * that are no text), naming table and line. */
HF_MUST_USE int hf_tsv_next(struct hf_tsv *tsv, struct hf_tsv_row *ret_row,
                            struct hf_err *err);

#endif
