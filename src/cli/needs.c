/* SPDX-License-Identifier: Apache-2.0 */
/* cli/needs.c - products judged against the stores of a shelf, and shown. */
#include "cli/needs.h"
#include "cli/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "crypto/load.h"
#include "plat/file.h"

#define STATE_COLUMNS 12 /* ours: at least; "not for TLS" and a blank */

static int add_file(struct hf_certs *certs, const char *path,
                    struct hf_err *err)
{
    struct hf_load load = { 0 };

    if (hf_load_file(path, NULL, &load, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(certs, load.item[i].cert);
    hf_load_done(&load);
    return hf_certs_check(certs, err);
}

/* A folder may hold other files as well: those without certificates are passed
 * over. */
static int add_folder(struct hf_certs *certs, const char *path,
                      struct hf_err *err)
{
    struct hf_names names = { 0 };
    int rc = hf_dir_names(path, &names, err);

    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        HF_AUTO(hf_free_ptr) char *file = hf_path_join(path, names.name[i]);

        if (!file)
            rc = HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        else if (!hf_path_is_dir(file) && add_file(certs, file, err) < 0 &&
                 err->code == HF_E_NOMEM)
            rc = err->code;
    }
    hf_names_done(&names);
    return rc;
}

int hf_needs_bodies(const struct hf_args *from, struct hf_certs *certs,
                    struct hf_err *err)
{
    for (size_t i = 0; from && i < from->count; i++) {
        const char *path = from->word[i];
        int rc = hf_path_is_dir(path) ? add_folder(certs, path, err)
                                      : add_file(certs, path, err);

        if (rc < 0)
            return HF_WRAP(err, "--from");
    }
    return 0;
}

static int load_products(struct hf_session *s, const struct hf_args *ids,
                         struct hf_products *products, struct hf_err *err)
{
    products->product = calloc(ids->count + 1, sizeof(struct hf_product *));
    if (!products->product)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for products");
    for (size_t i = 0; i < ids->count; i++) {
        int rc = hf_product_find(s->common->root, ids->word[i],
                                 &products->product[i], err);

        if (rc == HF_E_ABSENT)
            err->code = HF_E_USAGE;
        if (rc < 0)
            return hf_err_code(err);
        products->count++;
    }
    return 0;
}

/* What a book's store holds, by standing. */
struct held {
    struct hf_certs anchors, issuers, refused;
};

static void held_done(struct held *held)
{
    hf_certs_done(&held->anchors);
    hf_certs_done(&held->issuers);
    hf_certs_done(&held->refused);
}

static int sort_entries(const struct hf_book *book, struct held *held,
                        struct hf_err *err)
{
    hf_store_list_anchors(&book->list, 0, &held->anchors);
    for (size_t i = 0; i < book->list.count; i++) {
        const struct hf_store_entry *entry = &book->list.entry[i];

        if (entry->cert && entry->standing == HF_STANDING_ISSUER)
            hf_certs_add(&held->issuers, entry->cert);
        else if (entry->cert && entry->standing == HF_STANDING_REFUSED)
            hf_certs_add(&held->refused, entry->cert);
    }
    if (hf_certs_check(&held->anchors, err) < 0 ||
        hf_certs_check(&held->issuers, err) < 0)
        return hf_err_code(err);
    return hf_certs_check(&held->refused, err);
}

static int judge_row(struct hf_session *s, const struct hf_needs_ask *ask,
                     struct hf_needs *needs, size_t at, struct hf_err *err)
{
    struct hf_needs_row *row = &needs->row[at];
    const struct hf_rootupdate *update = &needs->update.update;
    bool windows = hf_store_stack(row->book->store) == HF_STACK_WINDOWS;
    bool list = row->book->list.ctl != NULL;
    HF_AUTO(held_done) struct held held = { 0 };
    const struct hf_need_ask one = {
        .have = &held.anchors,
        .issuers = windows ? &held.issuers : NULL,
        .refused = windows ? &held.refused : NULL,
        .list = &row->book->list,
        .extra = &needs->extra,
        .distrust = needs->distrust,
        .ctl = list      ? row->book->list.ctl
               : windows ? update->ctl
                         : NULL,
        .is_list = list,
        .fetches = windows && !update->roots_off,
        .at_s = s->at_s,
        .purposes_known = windows || list,
        .include_distrusted = ask->include_distrusted,
    };

    if (sort_entries(row->book, &held, err) < 0)
        return hf_err_code(err);
    hf_product_verdict_done(&row->verdict);
    if (hf_judge_product(&one,
                         needs->products.product[at % needs->products.count],
                         &row->verdict, err) < 0)
        return hf_err_code(err);
    row->verdict.explained = windows && update->roots_off;
    return 0;
}

static int judge_rows(struct hf_session *s, const struct hf_needs_ask *ask,
                      struct hf_needs *needs, struct hf_err *err)
{
    for (size_t i = 0; i < needs->count; i++)
        if (judge_row(s, ask, needs, i, err) < 0)
            return HF_WRAP(
                err, "%s in %s",
                needs->products.product[i % needs->products.count]->id,
                hf_store_name(needs->row[i].book->store));
    return 0;
}

static int prepare(struct hf_session *s, const struct hf_needs_ask *ask,
                   struct hf_shelf *shelf, struct hf_needs *needs,
                   struct hf_err *err)
{
    if (load_products(s, ask->products, &needs->products, err) < 0 ||
        hf_needs_bodies(ask->from, &needs->extra, err) < 0 ||
        hf_lists_distrust(s, &needs->distrust, err) < 0 ||
        hf_update_read(shelf, &needs->update, err) < 0)
        return hf_err_code(err);
    needs->row =
        calloc(shelf->count * needs->products.count + 1, sizeof(*needs->row));
    if (!needs->row)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for verdicts");
    for (size_t i = 0; i < shelf->count; i++)
        for (size_t k = 0;
             k < needs->products.count && shelf->book[i].machine &&
             shelf->book[i].status != HF_BOOK_UNREADABLE;
             k++)
            needs->row[needs->count++].book = &shelf->book[i];
    return 0;
}

int hf_needs_judge(struct hf_session *s, const struct hf_needs_ask *ask,
                   struct hf_shelf *shelf, struct hf_needs *ret_needs,
                   struct hf_err *err)
{
    struct hf_needs needs = { 0 };

    if (prepare(s, ask, shelf, &needs, err) < 0 ||
        judge_rows(s, ask, &needs, err) < 0) {
        hf_needs_done(&needs);
        return hf_err_code(err);
    }
    *ret_needs = needs;
    return 0;
}

static int add_lack(struct hf_needs *needs, const char *who,
                    const struct hf_need_verdict *need, struct hf_err *err)
{
    struct hf_update_lack *grown = reallocarray(
        needs->lack, needs->lack_count + 1, sizeof(needs->lack[0]));

    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for what is missing");
    needs->lack = grown;
    grown[needs->lack_count++] =
        (struct hf_update_lack){ who, need->need->name, need->cert };
    return 0;
}

static int gather_lacks(struct hf_needs *needs,
                        const struct hf_product_verdict *verdict,
                        struct hf_err *err)
{
    for (size_t i = 0; verdict->explained && i < verdict->need_count; i++)
        if (verdict->need[i].state == HF_NEED_MISSING &&
            add_lack(needs, verdict->product->name, &verdict->need[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_needs_lacks(struct hf_needs *needs, struct hf_err *err)
{
    for (size_t i = 0; i < needs->count; i++)
        if (gather_lacks(needs, &needs->row[i].verdict, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_needs_findings(struct hf_session *s, struct hf_needs *needs,
                      struct hf_err *err)
{
    for (size_t i = 0; i < needs->count; i++) {
        const struct hf_product_verdict *verdict = &needs->row[i].verdict;
        const char *store = hf_store_name(needs->row[i].book->store);

        hf_product_verdict_findings(verdict, store, &s->findings);
        hf_product_verdict_ending(verdict, store, s->now_s, s->at_s,
                                  &s->findings);
    }
    return hf_needs_lacks(needs, err);
}

void hf_needs_update_findings(struct hf_session *s,
                              const struct hf_needs *needs,
                              const struct hf_args *products,
                              const struct hf_args *stores)
{
    HF_AUTO(hf_free_ptr)
    char *again = hf_again("doctor", products, stores, " --fix");
    const struct hf_update_case c = {
        .update = &needs->update.update,
        .source = needs->update.name,
        .lack = needs->lack,
        .lack_count = needs->lack_count,
        .again = again ? again : "holdfast doctor --fix",
        .at_s = s->at_s,
    };

    if (needs->lack_count > 0)
        hf_find_rootupdate(&c, &s->findings);
}

int hf_needs_again(struct hf_session *s, const struct hf_needs_ask *ask,
                   struct hf_needs *needs, struct hf_err *err)
{
    return judge_rows(s, ask, needs, err);
}

void hf_needs_done(struct hf_needs *needs)
{
    for (size_t i = 0; i < needs->count; i++)
        hf_product_verdict_done(&needs->row[i].verdict);
    free(needs->row);
    free(needs->lack);
    hf_update_done(&needs->update);
    hf_distrust_free(needs->distrust);
    hf_certs_done(&needs->extra);
    hf_products_done(&needs->products);
    *needs = (struct hf_needs){ 0 };
}

static enum hf_ink state_ink(const struct hf_need_verdict *need)
{
    switch (need->state) {
    case HF_NEED_PRESENT:
        return need->expired || need->distrust ? HF_INK_WARN : HF_INK_GOOD;
    case HF_NEED_MISSING:
        return HF_INK_BAD;
    case HF_NEED_MISPLACED:
        return need->among == HF_AMONG_ANCHORS ? HF_INK_WARN : HF_INK_BAD;
    case HF_NEED_SPARED:
        return HF_INK_DIM;
    default:
        return HF_INK_WARN;
    }
}

/* Columns of the longest state there is to show. */
static unsigned state_columns(const struct hf_needs *needs)
{
    size_t longest = STATE_COLUMNS;

    for (size_t i = 0; i < needs->count; i++)
        for (size_t k = 0; k < needs->row[i].verdict.need_count; k++) {
            size_t len =
                strlen(hf_need_state_name(needs->row[i].verdict.need[k].state));

            longest = len > longest ? len : longest;
        }
    return (unsigned)longest;
}

static void show_need(struct hf_session *s, const struct hf_need_verdict *need,
                      unsigned columns)
{
    unsigned indent = columns + 3;

    hf_buf_printf(&s->out, "  %s%-*s%s ", hf_ink(&s->style, state_ink(need)),
                  (int)columns, hf_need_state_name(need->state),
                  hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_safe(&s->out, &s->style, need->need->name);
    hf_buf_text(&s->out, "\n");
    if (need->reason && *need->reason &&
        (need->state != HF_NEED_PRESENT || need->expired || need->distrust ||
         s->style.verbose)) {
        hf_buf_printf(&s->out, "%*s%s", (int)indent, "",
                      hf_ink(&s->style, HF_INK_DIM));
        hf_render_wrapped(&s->out, &s->style, indent, need->reason);
        hf_buf_printf(&s->out, "%s\n", hf_ink(&s->style, HF_INK_PLAIN));
    }
}

void hf_needs_show(struct hf_session *s, const struct hf_needs *needs)
{
    unsigned columns = state_columns(needs);

    for (size_t i = 0; i < needs->count; i++) {
        const struct hf_product_verdict *v = &needs->row[i].verdict;

        hf_buf_printf(&s->out, "%s", hf_ink(&s->style, HF_INK_BOLD));
        hf_render_safe(&s->out, &s->style, v->product->name);
        hf_buf_printf(&s->out, "%s in ", hf_ink(&s->style, HF_INK_PLAIN));
        hf_render_safe(&s->out, &s->style,
                       hf_store_name(needs->row[i].book->store));
        hf_buf_printf(&s->out, ": %zu of %zu present\n", v->present,
                      v->need_count);
        for (size_t k = 0; k < v->need_count; k++)
            show_need(s, &v->need[k], columns);
        hf_buf_text(&s->out, "\n");
    }
}

static void json_distrust(struct hf_json *json,
                          const struct hf_distrust_row *row)
{
    hf_json_object(json, "distrusted");
    hf_json_text(json, "platform", row->platform);
    hf_json_text(json, "kind", row->kind);
    if (row->since_s)
        hf_json_time(json, "since", row->since_s);
    else
        hf_json_null(json, "since");
    hf_json_end(json);
}

static void json_need(struct hf_json *json, const struct hf_need_verdict *need)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "name", need->need->name);
    if (need->need->has_sha256)
        hf_json_hex(json, "sha256", hf_view(need->need->sha256, 32));
    if (need->need->has_sha1)
        hf_json_hex(json, "sha1", hf_view(need->need->sha1, 20));
    hf_json_text(json, "state", hf_need_state_name(need->state));
    hf_json_bool(json, "expired", need->expired);
    if (need->distrust)
        json_distrust(json, need->distrust);
    if (need->where)
        hf_json_text(json, "where", need->where);
    hf_json_text(json, "reason", need->reason);
    if (need->cert) {
        hf_json_object(json, "certificate");
        hf_cert_json(json, need->cert);
        hf_json_end(json);
    }
    hf_json_end(json);
}

void hf_needs_json(struct hf_json *json, const struct hf_needs *needs)
{
    hf_json_array(json, "products");
    for (size_t i = 0; i < needs->count; i++) {
        const struct hf_product_verdict *v = &needs->row[i].verdict;

        hf_json_object(json, NULL);
        hf_json_text(json, "id", v->product->id);
        hf_json_text(json, "name", v->product->name);
        hf_json_text(json, "store", hf_store_name(needs->row[i].book->store));
        hf_json_array(json, "needs");
        for (size_t k = 0; k < v->need_count; k++)
            json_need(json, &v->need[k]);
        hf_json_end(json);
        hf_json_end(json);
    }
    hf_json_end(json);
}
