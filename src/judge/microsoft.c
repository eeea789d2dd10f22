/* SPDX-License-Identifier: Apache-2.0 */
/* judge/microsoft.c - Microsoft's lists that are at hand. */
#include "judge/microsoft.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "doc/embed.h"
#include "doc/tsv.h"
#include "judge/cells.h"
#include "plat/file.h"
#include "store/ctl.h"

#define FILE_NAME "microsoft.tsv"
#define OVERLAY "/etc/holdfast"
#define BYTES_MAX (2 * 1024 * 1024) /* ours: 12 times today's table */
#define SEQUENCE_MAX                                                           \
    64 /* digits; ours: an INTEGER of 32 bytes; today's: 18                    \
        */

enum {
    SEQUENCE,
    DATE,
    SHA1,
    SHA256,
    NAME,
    PURPOSES,
    DISALLOWED,
    DISALLOWED_FOR,
    NOT_BEFORE,
    NOT_BEFORE_FOR
};
static const char *const columns[] = {
    "sequence",   "date",           "sha1",       "sha256",
    "name",       "purposes",       "disallowed", "disallowed_for",
    "not_before", "not_before_for", NULL
};

/* --- a row --------------------------------------------------------------- */

static bool is_sequence(struct hf_view text)
{
    if (text.len == 0 || text.len > SEQUENCE_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return false;
    return true;
}

/* Every row says which list it is from; a table is of one. */
static int check_list(struct hf_ctl *ctl, const struct hf_tsv *tsv,
                      const struct hf_tsv_row *row, struct hf_err *err)
{
    int64_t date_s;

    if (!is_sequence(row->field[SEQUENCE]))
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: sequence is no lower-case hexadecimal number",
                       tsv->name, row->line_no);
    if (!hf_cell_date(row->field[DATE], &date_s))
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: date is no date like 2021-02-01", tsv->name,
                       row->line_no);
    if (ctl->count == 0) {
        free(ctl->sequence);
        ctl->sequence = hf_view_dup(row->field[SEQUENCE]);
        ctl->this_update_s = date_s;
    }
    if (!ctl->sequence)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    if (!hf_view_is(row->field[SEQUENCE], ctl->sequence) ||
        date_s != ctl->this_update_s)
        return HF_FAIL(err, HF_E_PARSE,
                       "%s:%u: sequence or date is another list's than in the "
                       "rows above",
                       tsv->name, row->line_no);
    return 0;
}

static bool read_when(struct hf_view text, struct hf_ctl_when *when)
{
    when->cleared = hf_view_is(text, "cleared");
    if (when->cleared || text.len == 0)
        return true;
    if (hf_view_is(text, "always"))
        when->time_s = hf_calendar_filetime_s(0);
    else if (!hf_cell_date(text, &when->time_s))
        return false;
    when->set = true;
    return true;
}

static int read_times(struct hf_ctl_entry *entry, const struct hf_tsv *tsv,
                      const struct hf_tsv_row *row, struct hf_err *err)
{
    const char *bad = NULL;

    if (!read_when(row->field[DISALLOWED], &entry->disallowed))
        bad = columns[DISALLOWED];
    else if (!read_when(row->field[NOT_BEFORE], &entry->not_before))
        bad = columns[NOT_BEFORE];
    if (!bad)
        return 0;
    return HF_FAIL(err, HF_E_PARSE,
                   "%s:%u: %s is no date like 2021-02-01, nor 'cleared' "
                   "or 'always'",
                   tsv->name, row->line_no, bad);
}

/* One of the two may be empty. */
static int read_hashes(struct hf_ctl_entry *entry, const struct hf_tsv *tsv,
                       const struct hf_tsv_row *row, struct hf_err *err)
{
    bool has_sha1 = row->field[SHA1].len > 0;

    entry->has_sha256 = row->field[SHA256].len > 0;
    entry->by =
        has_sha1 || !entry->has_sha256 ? HF_CTL_BY_SHA1 : HF_CTL_BY_SHA256;
    if (entry->by == HF_CTL_BY_SHA1 &&
        !hf_hex_read(row->field[SHA1], entry->sha1, HF_SHA1_LEN))
        return HF_FAIL(err, HF_E_PARSE, "%s:%u: sha1 has no 40 digits",
                       tsv->name, row->line_no);
    if (entry->has_sha256 &&
        !hf_hex_read(row->field[SHA256], entry->sha256, HF_SHA256_LEN))
        return HF_FAIL(err, HF_E_PARSE, "%s:%u: sha256 has no 64 digits",
                       tsv->name, row->line_no);
    return 0;
}

static int read_texts(struct hf_ctl_entry *entry, const struct hf_tsv *tsv,
                      const struct hf_tsv_row *row, struct hf_err *err)
{
    entry->name = hf_view_dup(row->field[NAME]);
    if (!entry->name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    if (hf_cell_words(row->field[PURPOSES], &entry->eku, err) < 0 ||
        hf_cell_words(row->field[DISALLOWED_FOR], &entry->disallowed_eku, err) <
            0 ||
        hf_cell_words(row->field[NOT_BEFORE_FOR], &entry->not_before_eku, err) <
            0)
        return HF_WRAP(err, "%s:%u", tsv->name, row->line_no);
    return 0;
}

static int grow(struct hf_ctl *ctl, size_t *room, struct hf_err *err)
{
    size_t want = *room ? *room * 2 : 512;
    struct hf_ctl_entry *grown;

    if (ctl->count < *room)
        return 0;
    if (ctl->count >= HF_CTL_ENTRIES_MAX)
        return HF_FAIL(err, HF_E_LIMIT, FILE_NAME ": more than %d rows",
                       HF_CTL_ENTRIES_MAX);
    grown = reallocarray(ctl->entry, want, sizeof(*grown));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    ctl->entry = grown;
    *room = want;
    return 0;
}

static int add_row(struct hf_ctl *ctl, size_t *room, const struct hf_tsv *tsv,
                   const struct hf_tsv_row *row, struct hf_err *err)
{
    struct hf_ctl_entry *entry;

    if (check_list(ctl, tsv, row, err) < 0 || grow(ctl, room, err) < 0)
        return hf_err_code(err);
    entry = &ctl->entry[ctl->count++]; /* freed with the list, half-read too */
    *entry = (struct hf_ctl_entry){ .number = ctl->count };
    if (read_hashes(entry, tsv, row, err) < 0 ||
        read_times(entry, tsv, row, err) < 0)
        return hf_err_code(err);
    return read_texts(entry, tsv, row, err);
}

/* --- a table ------------------------------------------------------------- */

/* As crypto/ctl.h has them. */
static int by_hash(const void *a, const void *b)
{
    const struct hf_ctl_entry *x = a, *y = b;

    if (x->by != y->by)
        return x->by < y->by ? -1 : 1;
    return x->by == HF_CTL_BY_SHA1
               ? memcmp(x->sha1, y->sha1, HF_SHA1_LEN)
               : memcmp(x->sha256, y->sha256, HF_SHA256_LEN);
}

int hf_microsoft_read(const char *name, struct hf_view text,
                      struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = calloc(1, sizeof(*ctl));
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    size_t room = 0;
    int rc;

    if (ctl)
        ctl->sequence = strdup("");
    if (!ctl || !ctl->sequence)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
    rc = hf_tsv_open(&tsv, name, text, columns, err);
    while (rc == 0 && (rc = hf_tsv_next(&tsv, &row, err)) > 0)
        rc = add_row(ctl, &room, &tsv, &row, err);
    if (rc < 0)
        return HF_WRAP(err, "cannot load Microsoft's list of roots");
    if (ctl->count > 1)
        qsort(ctl->entry, ctl->count, sizeof(ctl->entry[0]), by_hash);
    *ret_ctl = HF_STEAL(ctl);
    return 0;
}

int hf_microsoft_table(const char *root, struct hf_ctl **ret_ctl,
                       struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;

    hf_buf_init(&text, BYTES_MAX);
    if (hf_embed_read(root, FILE_NAME, &text, err) < 0)
        return HF_WRAP(err, "cannot load Microsoft's list of roots");
    return hf_microsoft_read(FILE_NAME, hf_buf_peek(&text), ret_ctl, err);
}

/* ROOT's own `name`, links followed below `root`. */
static int overlay_path(const char *root, const char *name, char **ret_path,
                        struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(OVERLAY, name);

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (root && strcmp(root, "/") != 0)
        return hf_path_resolve(root, path, ret_path, err);
    *ret_path = HF_STEAL(path);
    return 0;
}

/* Returns 0 also where there is no such file. */
static int take_file(const char *root, const char *name,
                     hf_microsoft_take *take, void *arg, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    int rc = overlay_path(root, name, &path, err);

    if (rc == 0)
        rc = hf_ctl_load(path, &ctl, err);
    if (rc == HF_E_ABSENT)
        return 0;
    return rc < 0 ? rc : take(arg, ctl, err);
}

int hf_microsoft_each(const char *root, hf_microsoft_take *take, void *arg,
                      struct hf_err *err)
{
    static const char *const files[] = { "authroot.stl", "authrootstl.cab",
                                         "disallowedcert.stl",
                                         "disallowedcertstl.cab" };
    HF_AUTO(hf_ctl_freep) struct hf_ctl *table = NULL;

    if (hf_microsoft_table(root, &table, err) < 0 || take(arg, table, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < HF_COUNT(files); i++)
        if (take_file(root, files[i], take, arg, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_microsoft_compare(const char *a, const char *b)
{
    size_t a_len, b_len;

    a += strspn(a, "0");
    b += strspn(b, "0");
    a_len = strlen(a);
    b_len = strlen(b);
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    return strcmp(a, b);
}
