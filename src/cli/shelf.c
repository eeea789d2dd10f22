/* SPDX-License-Identifier: Apache-2.0 */
/* cli/shelf.c - the stores a command works on, opened, read and named. */
#include "cli/shelf.h"

#include <stdlib.h>

const char hf_store_help[] =
    "a store: system, pem:FILE, pem:DIR; may be repeated";

const char *hf_book_status_name(enum hf_book_status status)
{
    static const char *const names[] = { "read",      "unreadable", "touched",
                                         "unchanged", "skipped",    "failed" };

    return names[status];
}

static void note_unreadable(struct hf_session *s, struct hf_book *book)
{
    const char *path = hf_store_path(book->store);

    hf_findings_add(&s->findings, "HF1101", HF_CERTAIN,
                    hf_store_name(book->store));
    hf_findings_summary(&s->findings, "The trust store '%s' cannot be read.",
                        hf_store_name(book->store));
    hf_findings_evidence(&s->findings, "%s", book->reason);
    hf_findings_remedy(&s->findings, false, NULL,
                       "Look at %s as root; reinstall the package it belongs "
                       "to when it is damaged.",
                       path);
}

static void note_damaged(struct hf_session *s, const struct hf_book *book)
{
    if (book->list.damaged == 0)
        return;
    hf_findings_add(&s->findings, "HF1102", HF_CERTAIN,
                    hf_store_name(book->store));
    hf_findings_summary(&s->findings,
                        "%zu of %zu entries of the trust store '%s' cannot be "
                        "decoded; programs pass over such entries or refuse "
                        "the whole store.",
                        book->list.damaged, book->list.count,
                        hf_store_name(book->store));
    for (size_t i = 0, shown = 0; i < book->list.count && shown < 5; i++)
        if (book->list.entry[i].fault) {
            hf_findings_evidence(&s->findings, "%s: %s",
                                 book->list.entry[i].where,
                                 book->list.entry[i].fault);
            shown++;
        }
    hf_findings_remedy(&s->findings, false, NULL,
                       "Write the store anew from its sources, or take the "
                       "damaged part out.");
}

int hf_book_reread(struct hf_book *book, struct hf_err *err)
{
    struct hf_store_list list = { 0 };

    if (hf_store_read(book->store, &list, err) < 0)
        return hf_err_code(err);
    hf_store_list_done(&book->list);
    hf_certs_done(&book->certs);
    book->list = list;
    hf_store_list_certs(&book->list, &book->certs);
    return hf_certs_check(&book->certs, err);
}

static int read_book(struct hf_session *s, struct hf_shelf *shelf,
                     struct hf_book *book, struct hf_err *err)
{
    struct hf_err why;
    int rc = hf_book_reread(book, &why);

    if (rc == HF_E_NOMEM) {
        *err = why;
        return rc;
    }
    book->status = HF_BOOK_READ;
    if (rc < 0) {
        book->status = HF_BOOK_UNREADABLE;
        hf_err_text(&why, book->reason, sizeof(book->reason));
        shelf->unreadable++;
        note_unreadable(s, book);
    }
    note_damaged(s, book);
    return 0;
}

static int open_named(struct hf_session *s, const struct hf_args *names,
                      struct hf_stores *stores, struct hf_err *err)
{
    stores->store = calloc(names->count, sizeof(struct hf_store *));
    if (!stores->store)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for stores");
    for (size_t i = 0; i < names->count; i++) {
        if (hf_store_open(names->word[i], s->common->root, &stores->store[i],
                          err) < 0)
            return HF_WRAP(err, "--store '%s'", names->word[i]);
        stores->count++;
    }
    return 0;
}

static int fill(struct hf_session *s, struct hf_stores *stores,
                struct hf_shelf *shelf, struct hf_err *err)
{
    shelf->book = calloc(stores->count + 1, sizeof(*shelf->book));
    if (!shelf->book)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for stores");
    for (size_t i = 0; i < stores->count; i++) {
        struct hf_book *book = &shelf->book[shelf->count++];

        book->store = HF_STEAL(stores->store[i]);
        if (read_book(s, shelf, book, err) < 0)
            return hf_err_code(err);
    }
    if (shelf->count == 0)
        return HF_FAIL(err, HF_E_ABSENT,
                       "no trust store of a known kind below '%s'",
                       s->common->root ? s->common->root : "/");
    return 0;
}

int hf_shelf_open(struct hf_session *s, const struct hf_args *names,
                  struct hf_shelf *ret_shelf, struct hf_err *err)
{
    struct hf_stores stores = { 0 };
    struct hf_shelf shelf = { 0 };
    int rc = names && names->count > 0
                 ? open_named(s, names, &stores, err)
                 : hf_stores_find(s->common->root, &stores, err);

    if (rc == 0)
        rc = fill(s, &stores, &shelf, err);
    hf_stores_done(&stores);
    if (rc < 0)
        hf_shelf_done(&shelf);
    else
        *ret_shelf = shelf;
    return rc;
}

void hf_shelf_done(struct hf_shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        hf_store_list_done(&shelf->book[i].list);
        hf_certs_done(&shelf->book[i].certs);
        hf_store_free(shelf->book[i].store);
    }
    free(shelf->book);
    *shelf = (struct hf_shelf){ 0 };
}

void hf_shelf_json(struct hf_json *json, const struct hf_shelf *shelf)
{
    hf_json_array(json, "stores");
    for (size_t i = 0; i < shelf->count; i++) {
        const struct hf_book *book = &shelf->book[i];

        hf_json_object(json, NULL);
        hf_json_text(json, "name", hf_store_name(book->store));
        hf_json_text(json, "kind", hf_store_kind(book->store));
        hf_json_text(json, "path", hf_store_path(book->store));
        hf_json_text(json, "status", hf_book_status_name(book->status));
        if (book->reason[0])
            hf_json_text(json, "reason", book->reason);
        if (book->status != HF_BOOK_UNREADABLE) {
            hf_json_number(json, "certificates", (int64_t)book->certs.count);
            hf_json_number(json, "damaged", (int64_t)book->list.damaged);
        }
        hf_json_end(json);
    }
    hf_json_end(json);
}

void hf_book_line(struct hf_session *s, const struct hf_book *book)
{
    bool bad =
        book->status == HF_BOOK_UNREADABLE || book->status == HF_BOOK_FAILED;
    const char *ink = hf_ink(&s->style, bad ? HF_INK_BAD : HF_INK_GOOD);
    const char *plain = hf_ink(&s->style, HF_INK_PLAIN);

    hf_buf_printf(
        &s->out, "  %s%-10s%s ", ink,
        book->status == HF_BOOK_READ ? "ok" : hf_book_status_name(book->status),
        plain);
    hf_render_safe(&s->out, &s->style, hf_store_name(book->store));
    if (book->status != HF_BOOK_UNREADABLE)
        hf_buf_printf(
            &s->out, ": %zu %s, %s, ", book->certs.count,
            hf_plural(book->certs.count, "certificate", "certificates"),
            hf_store_kind(book->store));
    else
        hf_buf_printf(&s->out, ": %s, ", hf_store_kind(book->store));
    hf_render_safe(&s->out, &s->style, hf_store_path(book->store));
    hf_buf_text(&s->out, "\n");
    if (book->reason[0]) {
        hf_buf_printf(&s->out, "%13s", "");
        hf_render_wrapped(&s->out, &s->style, 13, book->reason);
        hf_buf_text(&s->out, "\n");
    }
}

const char *hf_book_where(const struct hf_book *book,
                          const struct hf_cert *cert)
{
    for (size_t i = 0; i < book->list.count; i++)
        if (book->list.entry[i].cert &&
            hf_cert_same(book->list.entry[i].cert, cert))
            return book->list.entry[i].where;
    return NULL;
}
