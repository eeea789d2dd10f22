/* SPDX-License-Identifier: Apache-2.0 */
/* judge/known.c - which roots are public. */
#include "judge/known.h"

#include <stdlib.h>

#include "base/hex.h"
#include "doc/embed.h"
#include "doc/tsv.h"
#include "judge/microsoft.h"

#define MOZILLA_FILE "mozilla.tsv"
#define BYTES_MAX (1024 * 1024)           /* ours: 50 times today's table */
#define ROWS_MAX (8 * HF_CTL_ENTRIES_MAX) /* ours: some full lists */

enum { SHA256, NAME, SOURCE };
static const char *const columns[] = { "sha256", "name", "source", NULL };

/* Who names a root, as bits. */
enum { MICROSOFT = 1, MOZILLA = 2, BUILT_IN = 4 };
static const char *const lists[] = {
    [MICROSOFT] = "Microsoft",
    [MOZILLA] = "Mozilla",
    [MICROSOFT | MOZILLA] = "Microsoft, Mozilla",
    [BUILT_IN] = "Holdfast", /* not worth saying where another does */
    [BUILT_IN | MICROSOFT] = "Microsoft",
    [BUILT_IN | MOZILLA] = "Mozilla",
    [BUILT_IN | MICROSOFT | MOZILLA] = "Microsoft, Mozilla",
};

struct row {
    uint8_t hash[HF_SHA256_LEN]; /* SHA-1, then zeros, in `by_sha1` */
    unsigned lists;
};

struct rows {
    struct row *row; /* sorted, each hash once, when `settled` */
    size_t count, room;
};

struct hf_known {
    struct rows by_sha256;
    struct rows by_sha1; /* what a list names by its SHA-1 only */
    char *sequence;      /* NULL: no list */
    int64_t date_s;
};

void hf_known_free(struct hf_known *known)
{
    if (!known)
        return;
    free(known->by_sha256.row);
    free(known->by_sha1.row);
    free(known->sequence);
    free(known);
}

static int add(struct rows *rows, struct hf_view hash, unsigned list,
               struct hf_err *err)
{
    if (rows->count == ROWS_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "more than %d known roots", ROWS_MAX);
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 1024;
        struct row *grown = reallocarray(rows->row, room, sizeof(*grown));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for the known roots");
        rows->row = grown;
        rows->room = room;
    }
    rows->row[rows->count] = (struct row){ .lists = list };
    memcpy(rows->row[rows->count++].hash, hash.ptr, hash.len);
    return 0;
}

/* --- the lists ----------------------------------------------------------- */

static int note_sequence(struct hf_known *known, const struct hf_ctl *ctl,
                         struct hf_err *err)
{
    char *sequence;

    if (known->sequence &&
        hf_microsoft_compare(ctl->sequence, known->sequence) <= 0)
        return 0;
    sequence = strdup(ctl->sequence);
    if (!sequence)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the known roots");
    free(known->sequence);
    known->sequence = sequence;
    known->date_s = ctl->this_update_s;
    return 0;
}

/* What a list names in order to refuse it was never public. */
static int take_entry(struct hf_known *known, const struct hf_ctl_entry *entry,
                      struct hf_err *err)
{
    if (entry->disallowed.set && entry->disallowed.time_s <= 0)
        return 0;
    if (entry->has_sha256)
        return add(&known->by_sha256, hf_view(entry->sha256, HF_SHA256_LEN),
                   MICROSOFT, err);
    if (entry->by != HF_CTL_BY_SHA1)
        return 0;
    return add(&known->by_sha1, hf_view(entry->sha1, HF_SHA1_LEN), MICROSOFT,
               err);
}

static int take_ctl(void *arg, const struct hf_ctl *ctl, struct hf_err *err)
{
    struct hf_known *known = arg;

    if (ctl->usage != HF_CTL_ROOTS)
        return 0;
    for (size_t i = 0; i < ctl->count; i++)
        if (take_entry(known, &ctl->entry[i], err) < 0)
            return hf_err_code(err);
    return note_sequence(known, ctl, err);
}

static int take_mozilla(struct hf_known *known, struct hf_view text,
                        struct hf_err *err)
{
    uint8_t sha256[HF_SHA256_LEN];
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    int rc = hf_tsv_open(&tsv, MOZILLA_FILE, text, columns, err);

    while (rc == 0 && (rc = hf_tsv_next(&tsv, &row, err)) > 0) {
        if (!hf_hex_read(row.field[SHA256], sha256, sizeof(sha256)))
            return HF_FAIL(err, HF_E_PARSE, "%s:%u: sha256 has no 64 digits",
                           tsv.name, row.line_no);
        rc = add(&known->by_sha256, hf_view(sha256, sizeof(sha256)), MOZILLA,
                 err);
    }
    return rc;
}

static int take_built_in(struct hf_known *known, struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++)
        if (add(&known->by_sha256, hf_view(root[i].sha256, HF_SHA256_LEN),
                BUILT_IN, err) < 0)
            return hf_err_code(err);
    return 0;
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(((const struct row *)a)->hash, ((const struct row *)b)->hash,
                  HF_SHA256_LEN);
}

/* Sorts, and makes one row of those with the same hash. */
static void settle(struct rows *rows)
{
    size_t kept = 0;

    if (rows->count > 1)
        qsort(rows->row, rows->count, sizeof(rows->row[0]), by_hash);
    for (size_t i = 0; i < rows->count; i++)
        if (kept > 0 && by_hash(&rows->row[kept - 1], &rows->row[i]) == 0)
            rows->row[kept - 1].lists |= rows->row[i].lists;
        else
            rows->row[kept++] = rows->row[i];
    rows->count = kept;
}

/* What both ways of loading end with. */
static int finish(struct hf_known *known, struct hf_view mozilla,
                  struct hf_err *err)
{
    if (take_mozilla(known, mozilla, err) < 0 || take_built_in(known, err) < 0)
        return hf_err_code(err);
    settle(&known->by_sha256);
    settle(&known->by_sha1);
    return 0;
}

static struct hf_known *start(struct hf_err *err)
{
    struct hf_known *known = calloc(1, sizeof(*known));

    if (!known)
        HF_FAIL(err, HF_E_NOMEM, "no memory for the known roots");
    return known;
}

int hf_known_load(const char *root, const struct hf_ctl *ctl,
                  struct hf_known **ret_known, struct hf_err *err)
{
    HF_AUTO(hf_known_freep) struct hf_known *known = start(err);
    HF_AUTO(hf_buf_done) struct hf_buf mozilla;

    hf_buf_init(&mozilla, BYTES_MAX);
    if (!known || hf_microsoft_each(root, take_ctl, known, err) < 0 ||
        (ctl && take_ctl(known, ctl, err) < 0) ||
        hf_embed_read(root, MOZILLA_FILE, &mozilla, err) < 0 ||
        finish(known, hf_buf_peek(&mozilla), err) < 0)
        return HF_WRAP(err, "cannot load the known roots");
    *ret_known = HF_STEAL(known);
    return 0;
}

int hf_known_read(struct hf_view microsoft, struct hf_view mozilla,
                  struct hf_known **ret_known, struct hf_err *err)
{
    HF_AUTO(hf_known_freep) struct hf_known *known = start(err);
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;

    if (!known ||
        hf_microsoft_read("microsoft.tsv", microsoft, &ctl, err) < 0 ||
        take_ctl(known, ctl, err) < 0 || finish(known, mozilla, err) < 0)
        return HF_WRAP(err, "cannot load the known roots");
    *ret_known = HF_STEAL(known);
    return 0;
}

/* --- asking -------------------------------------------------------------- */

static unsigned lists_of(const struct rows *rows, struct hf_view hash)
{
    struct row key = { .lists = 0 };
    const struct row *found;

    if (rows->count == 0)
        return 0;
    memcpy(key.hash, hash.ptr, hash.len);
    found = bsearch(&key, rows->row, rows->count, sizeof(key), by_hash);
    return found ? found->lists : 0;
}

const char *hf_known_lists(const struct hf_known *known, struct hf_cert *cert)
{
    unsigned found = lists_of(&known->by_sha256,
                              hf_view(hf_cert_sha256(cert), HF_SHA256_LEN));

    if (known->by_sha1.count > 0)
        found |=
            lists_of(&known->by_sha1, hf_view(hf_cert_sha1(cert), HF_SHA1_LEN));
    return lists[found];
}

const char *hf_known_sequence(const struct hf_known *known, int64_t *ret_date_s)
{
    *ret_date_s = known->sequence ? known->date_s : 0;
    return known->sequence ? known->sequence : "";
}
