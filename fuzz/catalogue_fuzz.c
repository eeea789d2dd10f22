/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue_fuzz.c - a catalogue that loads is sound, and loads over itself.
 *
 * The input is the table of causes, a NUL, and the table of codes. */
#include <string.h>

#include "doc/tsv.h"
#include "fuzz.h"
#include "report/catalogue.h"

/* The fields of the other table the program reads this way. */
static void read_inspectors(struct hf_view text)
{
    static const char *const columns[] = { "product",        "issuer_CN_regex",
                                           "issuer_O_regex", "source",
                                           "confidence",     NULL };
    struct hf_err err = { 0 };
    struct hf_tsv_row row;
    struct hf_tsv tsv;
    int rc = hf_tsv_open(&tsv, "t", text, columns, &err);

    while (rc == 0 && (rc = hf_tsv_next(&tsv, &row, &err)) > 0) {
        rc = 0;
        for (size_t i = 0; i < HF_TSV_COLUMNS; i++) {
            struct hf_view field = row.field[i];

            HF_PROMISE(i < 5 || field.len == 0);
            HF_PROMISE(field.len == 0 ||
                       (field.ptr >= text.ptr &&
                        field.ptr + field.len <= text.ptr + text.len &&
                        !memchr(field.ptr, '\t', field.len) &&
                        !memchr(field.ptr, '\n', field.len)));
        }
        if (tsv.rest.len == 0)
            break;
    }
}

static void check_rows(const struct hf_catalogue *catalogue)
{
    const char *before = "";

    for (size_t i = 0; i < hf_catalogue_count(catalogue); i++) {
        const struct hf_catalogue_row *row = hf_catalogue_at(catalogue, i);

        HF_PROMISE(hf_catalogue_code(catalogue, row->code) == row);
        HF_PROMISE(hf_catalogue_cause(catalogue, row->cause->name) ==
                   row->cause);
        HF_PROMISE(hf_severity_name(row->severity) && strlen(row->code) == 6);
        HF_PROMISE(row->title[0] && row->remedy[0] && row->source[0]);
        HF_PROMISE(strcmp(before, row->code) < 0); /* sorted, none twice */
        before = row->code;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
    size_t cut = nul ? (size_t)(nul - data) : size;
    struct hf_view causes = hf_view(data, cut);
    struct hf_view codes = hf_view_from(hf_view(data, size), cut + 1);
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    struct hf_err err = { 0 };
    size_t count;
    int rc;

    read_inspectors(causes);
    if (hf_catalogue_new(&catalogue, &err) < 0)
        return 0;
    rc = hf_catalogue_causes(catalogue, "causes", causes, &err);
    if (rc == 0)
        rc = hf_catalogue_codes(catalogue, "codes", codes, &err);
    HF_PROMISE(rc == 0 || err.n > 0);
    if (rc < 0)
        return 0;
    check_rows(catalogue);
    count = hf_catalogue_count(catalogue);
    HF_PROMISE(hf_catalogue_causes(catalogue, "causes", causes, &err) == 0 &&
               hf_catalogue_codes(catalogue, "codes", codes, &err) == 0 &&
               hf_catalogue_count(catalogue) == count);
    check_rows(catalogue);
    return 0;
}
