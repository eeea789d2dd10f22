/* SPDX-License-Identifier: Apache-2.0 */
/* doc/tsv.c - tables of tab-separated values, read row by row. */
#include "doc/tsv.h"

#include <assert.h>

#include "base/utf8.h"

/* The column, from 1, of the first byte that is no text, or 0. */
static size_t bad_column(struct hf_view line)
{
    size_t column = 1;

    for (; line.len > 0; column++) {
        size_t len = hf_utf8_len(line);
        uint8_t c = line.ptr[0];

        if (len == 0 || (c < 0x20 && c != '\t') || c == 0x7f)
            return column;
        line = hf_view_from(line, len);
    }
    return 0;
}

/* The next line that says something. Returns 1, 0 at the end, HF_E_PARSE. */
static int next_line(struct hf_tsv *tsv, struct hf_view *ret_line,
                     struct hf_err *err)
{
    while (tsv->rest.len > 0) {
        struct hf_view line = hf_view_line(&tsv->rest);
        size_t bad;

        tsv->line_no++;
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        bad = bad_column(line);
        if (bad > 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "%s:%u:%zu: a byte that is no UTF-8 text", tsv->name,
                           tsv->line_no, bad);
        *ret_line = line;
        return 1;
    }
    return 0;
}

/* Takes the field before the next tab off `*line`; the last one ends it. */
static struct hf_view take_field(struct hf_view *line, bool *ret_last)
{
    const uint8_t *tab = line->len ? memchr(line->ptr, '\t', line->len) : NULL;
    struct hf_view field = *line;

    *ret_last = !tab;
    if (tab) {
        field.len = (size_t)(tab - line->ptr);
        *line = hf_view_from(*line, field.len + 1);
    }
    return field;
}

static int check_header(struct hf_tsv *tsv, struct hf_view line,
                        const char *const *columns, struct hf_err *err)
{
    bool last = false;

    for (; columns[tsv->columns]; tsv->columns++) {
        const char *want = columns[tsv->columns];
        struct hf_view field;

        assert(tsv->columns < HF_TSV_COLUMNS);
        field = last ? hf_view(NULL, 0) : take_field(&line, &last);
        if (!hf_view_is(field, want))
            return HF_FAIL(err, HF_E_PARSE,
                           "%s:%u: column %u is '%.*s', expected '%s'",
                           tsv->name, tsv->line_no, tsv->columns + 1,
                           (int)(field.len < 40 ? field.len : 40),
                           field.len ? (const char *)field.ptr : "", want);
    }
    if (!last)
        return HF_FAIL(err, HF_E_PARSE, "%s:%u: more than %u columns",
                       tsv->name, tsv->line_no, tsv->columns);
    return 0;
}

int hf_tsv_open(struct hf_tsv *tsv, const char *name, struct hf_view text,
                const char *const *columns, struct hf_err *err)
{
    struct hf_view line;
    int rc;

    *tsv = (struct hf_tsv){ .name = name, .rest = text };
    if (hf_view_starts(text, "\xef\xbb\xbf")) /* a byte order mark */
        tsv->rest = hf_view_from(text, 3);
    rc = next_line(tsv, &line, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return HF_FAIL(err, HF_E_PARSE, "%s: the table is empty", name);
    return check_header(tsv, line, columns, err);
}

int hf_tsv_next(struct hf_tsv *tsv, struct hf_tsv_row *ret_row,
                struct hf_err *err)
{
    struct hf_tsv_row row = { 0 };
    struct hf_view line;
    bool last = false;
    int rc = next_line(tsv, &line, err);

    if (rc <= 0)
        return rc;
    row.line_no = tsv->line_no;
    for (unsigned i = 0; !last; i++) {
        struct hf_view field = take_field(&line, &last);

        if (i == tsv->columns)
            return HF_FAIL(err, HF_E_PARSE,
                           "%s:%u: more fields than the %u columns", tsv->name,
                           tsv->line_no, tsv->columns);
        row.field[i] = field;
    }
    *ret_row = row;
    return 1;
}
