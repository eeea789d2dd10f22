/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust.c - roots a platform restricts or refuses. */
#include "judge/distrust.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "doc/embed.h"
#include "doc/tsv.h"

#define FILE_NAME "distrust.tsv"
#define BYTES_MAX (4 * 1024 * 1024) /* ours: 40 times today's table of 514 */
#define ROWS_MAX 20000              /* ours: the same, in rows */

enum { SHA256, NAME, PLATFORM, KIND, SINCE, PURPOSES, SOURCE };
static const char *const columns[] = { "sha256", "name",     "platform", "kind",
                                       "since",  "purposes", "source",   NULL };
static const char *const kinds[] = { "not-before", "removed", "disallowed" };

struct hf_distrust {
    struct hf_distrust_row *row; /* sorted by SHA-256 */
    size_t count, room;
};

void hf_distrust_free(struct hf_distrust *distrust)
{
    if (!distrust)
        return;
    for (size_t i = 0; i < distrust->count; i++) {
        free(distrust->row[i].name);
        free(distrust->row[i].platform);
        free(distrust->row[i].kind);
        free(distrust->row[i].purposes);
        free(distrust->row[i].source);
    }
    free(distrust->row);
    free(distrust);
}

enum hf_distrust_kind hf_distrust_kind(const struct hf_distrust_row *row)
{
    for (unsigned i = 0; i < HF_COUNT(kinds); i++)
        if (strcmp(row->kind, kinds[i]) == 0)
            return (enum hf_distrust_kind)i;
    return HF_DISTRUST_DISALLOWED; /* not reached: checked when loaded */
}

/* --- loading ------------------------------------------------------------- */

static bool is_kind(struct hf_view text)
{
    for (size_t i = 0; i < HF_COUNT(kinds); i++)
        if (hf_view_is(text, kinds[i]))
            return true;
    return false;
}

/* `count` digits as a number, or -1. */
static int digits(const uint8_t *at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

/* "2021-02-01", or nothing where the date is not known. */
static bool read_since(struct hf_view text, int64_t *ret_s)
{
    int year, month, day;

    *ret_s = 0;
    if (text.len == 0)
        return true;
    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-')
        return false;
    year = digits(text.ptr, 4);
    month = digits(text.ptr + 5, 2);
    day = digits(text.ptr + 8, 2);
    return year >= 0 && month >= 0 && day >= 0 &&
           hf_calendar_s(year, month, day, 0, 0, 0, ret_s);
}

static int check_row(const struct hf_tsv *tsv, const struct hf_tsv_row *row,
                     struct hf_distrust_row *ret_row, struct hf_err *err)
{
    if (!hf_hex_read(row->field[SHA256], ret_row->sha256, 32))
        return HF_FAIL(err, HF_E_PARSE, "%s:%u: sha256 has no 64 digits",
                       tsv->name, row->line_no);
    if (!is_kind(row->field[KIND]))
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: kind is none of not-before, removed, "
                       "disallowed",
                       tsv->name, row->line_no);
    if (row->field[PLATFORM].len == 0 || row->field[PURPOSES].len == 0)
        return HF_FAIL(err, HF_E_PARSE, "%s:%u: platform or purposes is empty",
                       tsv->name, row->line_no);
    if (!read_since(row->field[SINCE], &ret_row->since_s))
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: since is no date like 2021-02-01", tsv->name,
                       row->line_no);
    return 0;
}

static int grow(struct hf_distrust *d, struct hf_err *err)
{
    size_t room = d->room ? d->room * 2 : 64;
    struct hf_distrust_row *grown;

    if (d->count < d->room)
        return 0;
    if (d->count == ROWS_MAX)
        return HF_FAIL(err, HF_E_LIMIT, FILE_NAME ": more than %d rows",
                       ROWS_MAX);
    grown = realloc(d->row, room * sizeof(d->row[0]));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    d->row = grown;
    d->room = room;
    return 0;
}

static int add_row(struct hf_distrust *d, const struct hf_tsv *tsv,
                   const struct hf_tsv_row *fields, struct hf_err *err)
{
    struct hf_distrust_row row = { .since_s = 0 };

    if (check_row(tsv, fields, &row, err) < 0 || grow(d, err) < 0)
        return hf_err_code(err);
    row.name = hf_view_dup(fields->field[NAME]);
    row.platform = hf_view_dup(fields->field[PLATFORM]);
    row.kind = hf_view_dup(fields->field[KIND]);
    row.purposes = hf_view_dup(fields->field[PURPOSES]);
    row.source = hf_view_dup(fields->field[SOURCE]);
    d->row[d->count++] = row; /* freed with the table, half-built or not */
    if (!row.name || !row.platform || !row.kind || !row.purposes || !row.source)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    return 0;
}

static int by_sha256(const void *a, const void *b)
{
    return memcmp(((const struct hf_distrust_row *)a)->sha256,
                  ((const struct hf_distrust_row *)b)->sha256, 32);
}

int hf_distrust_load(const char *root, struct hf_distrust **ret_distrust,
                     struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep)
    struct hf_distrust *d = calloc(1, sizeof(*d));
    HF_AUTO(hf_buf_done) struct hf_buf text;
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    int rc;

    hf_buf_init(&text, BYTES_MAX);
    if (!d)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    if (hf_embed_read(root, FILE_NAME, &text, err) < 0 ||
        hf_tsv_open(&tsv, FILE_NAME, hf_buf_peek(&text), columns, err) < 0)
        return HF_WRAP(err, "cannot load the distrusted roots");
    while ((rc = hf_tsv_next(&tsv, &row, err)) > 0)
        if (add_row(d, &tsv, &row, err) < 0)
            return HF_WRAP(err, "cannot load the distrusted roots");
    if (rc < 0)
        return HF_WRAP(err, "cannot load the distrusted roots");
    if (d->count > 1)
        qsort(d->row, d->count, sizeof(d->row[0]), by_sha256);
    *ret_distrust = HF_STEAL(d);
    return 0;
}

/* --- asking -------------------------------------------------------------- */

const struct hf_distrust_row *hf_distrust_rows(const struct hf_distrust *list,
                                               const uint8_t sha256[32],
                                               size_t *ret_count)
{
    size_t low = 0, high = list->count, end;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (memcmp(list->row[mid].sha256, sha256, 32) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    end = low;
    while (end < list->count && memcmp(list->row[end].sha256, sha256, 32) == 0)
        end++;
    *ret_count = end - low;
    return end > low ? &list->row[low] : NULL;
}

/* Is `word` one of the words of `text`? */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at += len)
        if ((at == text || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

bool hf_distrust_holds(const struct hf_distrust_row *row, int64_t at_s)
{
    return at_s >= row->since_s && (has_word(row->purposes, "all") ||
                                    has_word(row->purposes, "serverAuth"));
}

static int weight(const struct hf_distrust_row *row)
{
    static const int of[] = { [HF_DISTRUST_NOT_BEFORE] = 2,
                              [HF_DISTRUST_REMOVED] = 3,
                              [HF_DISTRUST_DISALLOWED] = 4 };
    enum hf_distrust_kind kind = hf_distrust_kind(row);

    /* what cannot be dated says less to a person than what can */
    if (kind == HF_DISTRUST_REMOVED && row->since_s == 0)
        return 1;
    return of[kind];
}

const struct hf_distrust_row *
hf_distrust_find(const struct hf_distrust *distrust, const uint8_t sha256[32],
                 int64_t at_s)
{
    const struct hf_distrust_row *best = NULL, *row;
    size_t count;

    row = hf_distrust_rows(distrust, sha256, &count);
    for (size_t i = 0; i < count; i++)
        if (hf_distrust_holds(&row[i], at_s) &&
            (!best || weight(&row[i]) > weight(best)))
            best = &row[i];
    return best;
}

void hf_distrust_words(struct hf_buf *out, const struct hf_distrust_row *row)
{
    char day[HF_TIME_TEXT];

    hf_buf_text(out, row->platform);
    switch (hf_distrust_kind(row)) {
    case HF_DISTRUST_DISALLOWED:
        hf_buf_text(out, " has disallowed it");
        break;
    case HF_DISTRUST_REMOVED:
        hf_buf_text(out, " has removed it from its store");
        break;
    case HF_DISTRUST_NOT_BEFORE:
        hf_buf_printf(out, " trusts nothing issued under it after %s",
                      hf_calendar_day(row->since_s, day));
        return;
    }
    if (row->since_s)
        hf_buf_printf(out, " %s %s",
                      hf_distrust_kind(row) == HF_DISTRUST_REMOVED ? "on"
                                                                   : "since",
                      hf_calendar_day(row->since_s, day));
}
