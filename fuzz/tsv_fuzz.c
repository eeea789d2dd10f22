/* SPDX-License-Identifier: Apache-2.0 */
/* tsv_fuzz.c - rows of text within the table, or an error with its line. */
#include "base/utf8.h"
#include "doc/tsv.h"
#include "fuzz.h"

static void check_row(const struct hf_tsv *tsv, const struct hf_tsv_row *row,
                      struct hf_view text)
{
    HF_PROMISE(row->line_no == tsv->line_no);
    for (unsigned i = 0; i < HF_TSV_COLUMNS; i++) {
        struct hf_view field = row->field[i];

        if (field.len == 0)
            continue;
        HF_PROMISE(i < tsv->columns);
        HF_PROMISE(field.ptr >= text.ptr &&
                   field.ptr + field.len <= text.ptr + text.len);
        for (; field.len > 0; field = hf_view_from(field, hf_utf8_len(field)))
            HF_PROMISE(hf_utf8_len(field) > 0 && field.ptr[0] >= 0x20);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = { "a", "b", "c", NULL };
    struct hf_view text = hf_view(data, size);
    struct hf_err err = { 0 };
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    unsigned last = 0;
    int rc = hf_tsv_open(&tsv, "t", text, columns, &err);

    if (rc < 0) {
        HF_PROMISE(rc == HF_E_PARSE && err.n == 1);
        return 0;
    }
    HF_PROMISE(tsv.columns == 3);
    while ((rc = hf_tsv_next(&tsv, &row, &err)) > 0) {
        HF_PROMISE(row.line_no > last);
        last = row.line_no;
        check_row(&tsv, &row, text);
    }
    HF_PROMISE(rc == 0 ? tsv.rest.len == 0
                       : rc == HF_E_PARSE && err.n == 1 && tsv.line_no > last);
    return 0;
}
