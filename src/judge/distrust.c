/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust.c - roots a platform restricts or refuses. */
#include "judge/distrust_parts.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "doc/embed.h"
#include "doc/tsv.h"
#include "judge/cells.h"
#include "judge/microsoft.h"

#define FILE_NAME "distrust.tsv"
#define BYTES_MAX (4 * 1024 * 1024) /* ours: 40 times today's table of 514 */
#define ROWS_MAX 20000              /* ours: the same, in rows */

enum { SHA256, NAME, PLATFORM, KIND, SINCE, PURPOSES, SOURCE };
static const char *const columns[] = { "sha256", "name",     "platform", "kind",
                                       "since",  "purposes", "source",   NULL };
static const char *const kinds[] = { "not-before", "removed", "disallowed" };

void hf_distrust_rows_done(struct hf_distrust_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        hf_distrust_row_done(&rows->row[i]);
    free(rows->row);
    *rows = (struct hf_distrust_rows){ 0 };
}

void hf_distrust_row_done(struct hf_distrust_row *row)
{
    free(row->name);
    free(row->platform);
    free(row->kind);
    free(row->purposes);
    free(row->source);
}

void hf_distrust_free(struct hf_distrust *distrust)
{
    if (!distrust)
        return;
    hf_distrust_rows_done(&distrust->rows);
    hf_distrust_rows_done(&distrust->part_rows);
    hf_ctl_free(distrust->parts);
    free(distrust->roots.sequence);
    free(distrust->refused.sequence);
    free(distrust);
}

int hf_distrust_new(struct hf_distrust **ret_distrust, struct hf_err *err)
{
    struct hf_distrust *distrust = calloc(1, sizeof(*distrust));

    if (!distrust)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    *ret_distrust = distrust;
    return 0;
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

static int check_row(const struct hf_tsv *tsv, const struct hf_tsv_row *row,
                     struct hf_distrust_row *ret_row, struct hf_err *err)
{
    ret_row->has_sha256 = true;
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
    if (row->field[SINCE].len > 0 &&
        !hf_cell_date(row->field[SINCE], &ret_row->since_s))
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: since is no date like 2021-02-01", tsv->name,
                       row->line_no);
    return 0;
}

int hf_distrust_rows_take(struct hf_distrust_rows *rows,
                          struct hf_distrust_row *row, struct hf_err *err)
{
    size_t room = rows->room ? rows->room * 2 : 64;
    struct hf_distrust_row *grown = rows->row;

    if (rows->count == rows->room)
        grown = reallocarray(rows->row, room, sizeof(*grown));
    if (grown && rows->count == rows->room)
        rows->room = room;
    if (grown)
        rows->row = grown;
    if (!grown || !row->name || !row->platform || !row->kind ||
        !row->purposes || !row->source) {
        hf_distrust_row_done(row);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    }
    rows->row[rows->count++] = *row;
    return 0;
}

static int add_row(struct hf_distrust_rows *rows, const struct hf_tsv *tsv,
                   const struct hf_tsv_row *fields, struct hf_err *err)
{
    struct hf_distrust_row row = { .origin = HF_DISTRUST_TABLE };

    if (check_row(tsv, fields, &row, err) < 0)
        return hf_err_code(err);
    if (rows->count == ROWS_MAX)
        return HF_FAIL(err, HF_E_LIMIT, FILE_NAME ": more than %d rows",
                       ROWS_MAX);
    row.name = hf_view_dup(fields->field[NAME]);
    row.platform = hf_view_dup(fields->field[PLATFORM]);
    row.kind = hf_view_dup(fields->field[KIND]);
    row.purposes = hf_view_dup(fields->field[PURPOSES]);
    row.source = hf_view_dup(fields->field[SOURCE]);
    return hf_distrust_rows_take(rows, &row, err);
}

/* Rows that have a SHA-256 first, by it; the others by their SHA-1. Then in an
 * order that is the same every time. */
static int by_hash(const void *a, const void *b)
{
    const struct hf_distrust_row *left = a, *right = b;
    int order = left->has_sha256 != right->has_sha256
                    ? (int)right->has_sha256 - (int)left->has_sha256
                : left->has_sha256 ? memcmp(left->sha256, right->sha256, 32)
                                   : memcmp(left->sha1, right->sha1, 20);

    if (order == 0)
        order = (int)left->origin - (int)right->origin;
    return order ? order : strcmp(left->kind, right->kind);
}

void hf_distrust_sort(struct hf_distrust *d)
{
    if (d->rows.count > 1)
        qsort(d->rows.row, d->rows.count, sizeof(d->rows.row[0]), by_hash);
    d->with_sha256 = 0;
    while (d->with_sha256 < d->rows.count &&
           d->rows.row[d->with_sha256].has_sha256)
        d->with_sha256++;
}

static int read_table(struct hf_distrust *d, const char *root,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    int rc;

    hf_buf_init(&text, BYTES_MAX);
    if (hf_embed_read(root, FILE_NAME, &text, err) < 0)
        return hf_err_code(err);
    rc = hf_tsv_open(&tsv, FILE_NAME, hf_buf_peek(&text), columns, err);
    while (rc == 0 && (rc = hf_tsv_next(&tsv, &row, err)) > 0)
        rc = add_row(&d->rows, &tsv, &row, err);
    hf_distrust_sort(d);
    return rc;
}

static int take_list(void *arg, const struct hf_ctl *ctl, struct hf_err *err)
{
    return hf_distrust_take_ctl(arg, ctl, err);
}

int hf_distrust_load(const char *root, struct hf_distrust **ret_distrust,
                     struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;

    if (hf_distrust_new(&d, err) < 0 || read_table(d, root, err) < 0 ||
        hf_microsoft_each(root, take_list, d, err) < 0)
        return HF_WRAP(err, "cannot load the distrusted roots");
    *ret_distrust = HF_STEAL(d);
    return 0;
}

/* --- asking -------------------------------------------------------------- */

/* The rows from `from` up to `to` whose hash, `offset` bytes into the row, is
 * `hash`; they are sorted by it. */
static const struct hf_distrust_row *
rows_between(const struct hf_distrust *d, size_t from, size_t to, size_t offset,
             struct hf_view hash, size_t *ret_count)
{
    size_t low = from, high = to, end;

#define HASH_OF(i) ((const uint8_t *)&d->rows.row[i] + offset)
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (memcmp(HASH_OF(mid), hash.ptr, hash.len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    end = low;
    while (end < to && memcmp(HASH_OF(end), hash.ptr, hash.len) == 0)
        end++;
#undef HASH_OF
    *ret_count = end - low;
    return end > low ? &d->rows.row[low] : NULL;
}

const struct hf_distrust_row *hf_distrust_rows(const struct hf_distrust *list,
                                               const uint8_t sha256[32],
                                               size_t *ret_count)
{
    return rows_between(list, 0, list->with_sha256,
                        offsetof(struct hf_distrust_row, sha256),
                        hf_view(sha256, 32), ret_count);
}

bool hf_distrust_holds(const struct hf_distrust_row *row, int64_t at_s)
{
    return at_s >= row->since_s && (hf_cell_has(row->purposes, "all") ||
                                    hf_cell_has(row->purposes, "serverAuth"));
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

/* The weightiest of `best` (or NULL) and those of `row` that hold. */
static const struct hf_distrust_row *
weightiest(const struct hf_distrust_row *row, size_t count, int64_t at_s,
           const struct hf_distrust_row *best)
{
    for (size_t i = 0; i < count; i++)
        if (hf_distrust_holds(&row[i], at_s) &&
            (!best || weight(&row[i]) > weight(best)))
            best = &row[i];
    return best;
}

const struct hf_distrust_row *
hf_distrust_find(const struct hf_distrust *distrust, const uint8_t sha256[32],
                 int64_t at_s)
{
    size_t count;
    const struct hf_distrust_row *row =
        hf_distrust_rows(distrust, sha256, &count);

    return weightiest(row, count, at_s, NULL);
}

static const struct hf_distrust_row *
find_sha1(const struct hf_distrust *d, const uint8_t sha1[20], int64_t at_s,
          const struct hf_distrust_row *best)
{
    size_t count;
    const struct hf_distrust_row *row = rows_between(
        d, d->with_sha256, d->rows.count,
        offsetof(struct hf_distrust_row, sha1), hf_view(sha1, 20), &count);

    return weightiest(row, count, at_s, best);
}

const struct hf_distrust_row *
hf_distrust_find_cert(const struct hf_distrust *distrust, struct hf_cert *cert,
                      int64_t at_s)
{
    const struct hf_ctl_entry *part = NULL;
    const struct hf_distrust_row *best =
        hf_distrust_find(distrust, hf_cert_sha256(cert), at_s);

    /* its other digests are computed only where something goes by them */
    if (distrust->with_sha256 < distrust->rows.count)
        best = find_sha1(distrust, hf_cert_sha1(cert), at_s, best);
    if (distrust->parts)
        part = hf_ctl_find_cert(distrust->parts, cert);
    return part ? weightiest(&distrust->part_rows.row[part->number], 1, at_s,
                             best)
                : best;
}

const struct hf_distrust_row *
hf_distrust_find_entry(const struct hf_distrust *distrust,
                       const struct hf_ctl_entry *entry, int64_t at_s)
{
    const struct hf_distrust_row *best = NULL;

    if (entry->has_sha256)
        best = hf_distrust_find(distrust, entry->sha256, at_s);
    return entry->by == HF_CTL_BY_SHA1
               ? find_sha1(distrust, entry->sha1, at_s, best)
               : best;
}

void hf_distrust_words(struct hf_buf *out, const struct hf_distrust_row *row)
{
    char day[HF_TIME_TEXT];

    hf_buf_text(out, row->platform);
    switch (hf_distrust_kind(row)) {
    case HF_DISTRUST_DISALLOWED:
        hf_buf_text(out, " has disallowed it");
        if (!hf_cell_has(row->purposes, "all"))
            hf_buf_printf(out, " for %s", row->purposes);
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
