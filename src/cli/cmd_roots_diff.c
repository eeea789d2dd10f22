/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_diff.c - holdfast roots diff: two stores side by side. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/shelf.h"
#include "cli/show_entry.h"

struct diff_opts {
    struct hf_common common;
    struct hf_args stores;
};

static const struct hf_opt diff_opts[] = {
    { NULL, 0, "STORE STORE", offsetof(struct diff_opts, stores), hf_set_list,
      HF_VALUE_STORE, "the two stores", NULL },
    { 0 }
};

/* A certificate of one side, to be looked up by the other. Rows of a list that
 * have no SHA-256 are known by SHA-1 alone. */
struct side_row {
    uint8_t sha1[HF_SHA1_LEN];
    const struct hf_store_entry *entry;
};

struct side {
    const struct hf_book *book;
    struct side_row *row; /* sorted by SHA-1, each once */
    size_t count;
};

struct diff {
    struct hf_session *s;
    struct hf_shelf shelf;
    struct side side[2];
    bool trust_only; /* the stores are of two kinds */
    bool tls_only;   /* and one of them knows no purposes */
    size_t only[2], differ, same;
};

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct side_row *)a)->sha1,
                  ((const struct side_row *)b)->sha1, HF_SHA1_LEN);
}

/* Of several entries of one certificate the one that decides: refused, then
 * trusted. */
static bool outweighs(const struct hf_store_entry *a,
                      const struct hf_store_entry *b)
{
    static const int weight[] = { [HF_STANDING_REFUSED] = 3,
                                  [HF_STANDING_ANCHOR] = 2,
                                  [HF_STANDING_ISSUER] = 1,
                                  [HF_STANDING_HELD] = 0 };

    return weight[a->standing] > weight[b->standing];
}

static void drop_repeats(struct side *side)
{
    size_t kept = 0;

    for (size_t i = 0; i < side->count; i++) {
        if (kept > 0 && compare(&side->row[i], &side->row[kept - 1]) == 0) {
            if (outweighs(side->row[i].entry, side->row[kept - 1].entry))
                side->row[kept - 1] = side->row[i];
            continue;
        }
        side->row[kept++] = side->row[i];
    }
    side->count = kept;
}

static const uint8_t *sha1_of(const struct hf_store_entry *entry)
{
    if (entry->cert)
        return hf_cert_sha1(entry->cert);
    return entry->named && entry->named->by == HF_CTL_BY_SHA1
               ? entry->named->sha1
               : NULL;
}

/* Do its programs take an anchor for everything, TLS servers first of all? */
static bool is_plain(const struct hf_book *book)
{
    enum hf_stack stack = hf_store_stack(book->store);

    return stack != HF_STACK_WINDOWS && stack != HF_STACK_LIST;
}

/* Between stores of two kinds only trust can be compared: that one of them has
 * room for intermediates, for a user's own certificates or for roots of other
 * purposes is no difference. */
static bool counts(const struct diff *d, const struct hf_store_entry *entry)
{
    if (!d->trust_only)
        return true;
    if (d->tls_only && entry->purposes &&
        !(entry->purposes & HF_PURPOSE_TLS_SERVER))
        return false;
    return entry->standing == HF_STANDING_ANCHOR ||
           entry->standing == HF_STANDING_REFUSED;
}

static int make_side(struct diff *d, int at, struct hf_err *err)
{
    struct side *side = &d->side[at];
    const struct hf_book *book = &d->shelf.book[at];

    side->book = book;
    side->row = calloc(book->list.count + 1, sizeof(*side->row));
    if (!side->row)
        return HF_FAIL(err, HF_E_NOMEM, "no memory to compare");
    for (size_t i = 0; i < book->list.count; i++) {
        const struct hf_store_entry *entry = &book->list.entry[i];
        const uint8_t *sha1 = sha1_of(entry);

        if (!sha1 || !counts(d, entry))
            continue;
        memcpy(side->row[side->count].sha1, sha1, HF_SHA1_LEN);
        side->row[side->count++].entry = entry;
    }
    qsort(side->row, side->count, sizeof(*side->row), compare);
    drop_repeats(side);
    return 0;
}

/* Is it trusted by both, for the same? What a CA store holds beside a list of
 * anchors is no difference of trust. */
static bool is_same(const struct hf_store_entry *a,
                    const struct hf_store_entry *b)
{
    return a->standing == b->standing;
}

/* Refused by one and unknown to the other is the same in effect. */
static bool is_nothing(const struct diff *d, const struct hf_store_entry *a,
                       const struct hf_store_entry *b)
{
    const struct hf_store_entry *one = a ? a : b;

    return d->trust_only && (!a || !b) && one->standing == HF_STANDING_REFUSED;
}

/* Calls `each` for the three kinds of row: in the first only (0), in the second
 * only (1), in both and not the same (2). */
typedef void visit(struct diff *d, int kind, const struct hf_store_entry *a,
                   const struct hf_store_entry *b, struct hf_json *json);

static void walk(struct diff *d, int wanted, visit *each, struct hf_json *json)
{
    const struct side *a = &d->side[0], *b = &d->side[1];

    for (size_t i = 0, k = 0; i < a->count || k < b->count;) {
        int order = i == a->count   ? 1
                    : k == b->count ? -1
                                    : compare(&a->row[i], &b->row[k]);
        const struct hf_store_entry *left = order <= 0 ? a->row[i].entry : NULL;
        const struct hf_store_entry *right =
            order >= 0 ? b->row[k].entry : NULL;
        int kind = is_nothing(d, left, right) ? 3
                   : order < 0                ? 0
                   : order > 0                ? 1
                   : is_same(left, right)     ? 3
                                              : 2;

        i += order <= 0;
        k += order >= 0;
        if (kind == wanted)
            each(d, kind, left, right, json);
    }
}

static void count_one(struct diff *d, int kind, const struct hf_store_entry *a,
                      const struct hf_store_entry *b, struct hf_json *json)
{
    (void)a;
    (void)b;
    (void)json;
    if (kind < 2)
        d->only[kind]++;
    else if (kind == 2)
        d->differ++;
    else
        d->same++;
}

/* --- showing -------------------------------------------------------------- */

static void json_one(struct diff *d, int kind, const struct hf_store_entry *a,
                     const struct hf_store_entry *b, struct hf_json *json)
{
    const char *first = hf_store_name(d->side[0].book->store);
    const char *second = hf_store_name(d->side[1].book->store);

    if (kind == 2) {
        hf_json_object(json, NULL);
        hf_json_array(json, "entries");
    }
    if (a)
        hf_json_entry(json, a, first);
    if (b)
        hf_json_entry(json, b, second);
    if (kind == 2) {
        hf_json_end(json);
        hf_json_end(json);
    }
}

static void put_json(struct diff *d, enum hf_result result)
{
    static const char *const keys[] = { "only_first", "only_second",
                                        "different" };
    struct hf_json json;

    hf_json_init(&json, &d->s->out, true);
    hf_render_json_open(&json, d->s->cmd->path, result, &d->s->findings);
    hf_shelf_json(&json, &d->shelf);
    hf_json_number(&json, "same", (int64_t)d->same);
    for (int kind = 0; kind < 3; kind++) {
        hf_json_array(&json, keys[kind]);
        walk(d, kind, json_one, &json);
        hf_json_end(&json);
    }
    hf_json_end(&json);
}

static void show_one(struct diff *d, int kind, const struct hf_store_entry *a,
                     const struct hf_store_entry *b, struct hf_json *json)
{
    (void)json;
    if (kind < 2) {
        hf_show_entry_line(d->s, a ? a : b);
        return;
    }
    hf_show_entry_line(d->s, a->cert ? a : b);
    hf_buf_printf(&d->s->out, "%14s%s in the first, %s in the second\n", "",
                  hf_standing_name(a->standing), hf_standing_name(b->standing));
}

static void put_part(struct diff *d, int kind, const char *title, size_t count)
{
    struct hf_session *s = d->s;

    if (count == 0)
        return;
    hf_buf_printf(&s->out, "\n%s%s", hf_ink(&s->style, HF_INK_BOLD), title);
    if (kind < 2)
        hf_render_safe(&s->out, &s->style,
                       hf_store_name(d->side[kind].book->store));
    hf_buf_printf(&s->out, "%s: %zu\n", hf_ink(&s->style, HF_INK_PLAIN), count);
    walk(d, kind, show_one, NULL);
}

static void put_text(struct diff *d)
{
    struct hf_session *s = d->s;

    for (size_t i = 0; i < d->shelf.count && !s->common->quiet; i++)
        hf_book_line(s, &d->shelf.book[i]);
    put_part(d, 0, "Only in ", d->only[0]);
    put_part(d, 1, "Only in ", d->only[1]);
    put_part(d, 2, "In both, and not to the same effect", d->differ);
    if (!s->common->quiet)
        hf_buf_printf(&s->out, "\nThe same in both: %zu.\n", d->same);
}

static int work(struct diff *d, const struct diff_opts *opts,
                struct hf_err *err)
{
    enum hf_result result;

    if (hf_shelf_open(d->s, &opts->stores, &d->shelf, err) < 0)
        return hf_err_code(err);
    d->trust_only = hf_store_stack(d->shelf.book[0].store) !=
                    hf_store_stack(d->shelf.book[1].store);
    d->tls_only = is_plain(&d->shelf.book[0]) || is_plain(&d->shelf.book[1]);
    for (int i = 0; i < 2; i++)
        if (make_side(d, i, err) < 0)
            return hf_err_code(err);
    for (int kind = 0; kind < 4; kind++)
        walk(d, kind, count_one, NULL);
    result = d->shelf.unreadable > 0                   ? HF_RESULT_INCOMPLETE
             : d->only[0] + d->only[1] + d->differ > 0 ? HF_RESULT_FINDINGS
                                                       : HF_RESULT_HEALTHY;
    if (opts->common.json)
        put_json(d, result);
    else
        put_text(d);
    return hf_session_exit(result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct diff_opts *opts = v;
    struct diff d = { .s = s };
    int rc;

    if (opts->stores.count != 2)
        return HF_FAIL(err, HF_E_USAGE, "name two stores to compare");
    rc = work(&d, opts, err);
    free(d.side[0].row);
    free(d.side[1].row);
    hf_shelf_done(&d.shelf);
    return rc;
}

static void done(void *v)
{
    struct diff_opts *opts = v;

    hf_args_done(&opts->stores);
}

static const struct hf_example examples[] = {
    { "roots diff system ctl:authrootstl.cab", "Linux against Windows" },
    { "roots diff hive:old/SOFTWARE hive:new/SOFTWARE", "two images" },
    { "roots diff system java:/etc/ssl/certs/java/cacerts",
      "what Java trusts and curl does not" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_diff = {
    .path = "roots diff",
    .words = "STORE STORE",
    .summary = "what one store holds and another does not",
    .about = "Compares two stores of any kind, certificate by certificate: "
             "what only the first holds, what only the second, and what both "
             "hold and one of them refuses. Exits with 0 when they are the "
             "same, 1 when they differ.",
    .opts = diff_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_QUIET |
              HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct diff_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
