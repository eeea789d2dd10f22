/* SPDX-License-Identifier: Apache-2.0 */
/* cli/shelf.c - the stores a command works on, opened, read and named. */
#include "cli/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/password.h"
#include "cli/show_entry.h"

const char hf_store_help[] =
    "a store: system, pem:FILE, java:FILE, hive:FILE ... "
    "(see holdfast-stores(5)); may be repeated";

const char *hf_book_status_name(enum hf_book_status status)
{
    static const char *const names[] = { "read",      "unreadable", "touched",
                                         "unchanged", "skipped",    "failed" };

    return names[status];
}

static void note_unreadable(struct hf_session *s, struct hf_book *book, int rc)
{
    const char *path = hf_store_path(book->store);

    hf_findings_add(&s->findings, "HF1101", HF_CERTAIN,
                    hf_store_name(book->store));
    hf_findings_summary(&s->findings, "The trust store '%s' cannot be read.",
                        hf_store_name(book->store));
    hf_findings_evidence(&s->findings, "%s", book->reason);
    if (rc == HF_E_PARSE && hf_store_stack(book->store) != HF_STACK_SYSTEM)
        hf_findings_remedy(&s->findings, false, NULL,
                           "Look whether %s is of the kind it was named by "
                           "(%s); if it is, it is damaged: restore it.",
                           path, hf_store_kind(book->store));
    else if (rc != HF_E_CRYPTO)
        hf_findings_remedy(&s->findings, false, NULL,
                           "Look at %s as root; reinstall the package it "
                           "belongs to when it is damaged.",
                           path);
    else if (hf_store_stack(book->store) == HF_STACK_LIST)
        hf_findings_remedy(&s->findings, false, NULL,
                           "Get the list anew from where it came; nothing of "
                           "one that does not verify is believed.");
    else
        hf_findings_remedy(&s->findings, false, NULL,
                           "Give its password: --store-password-file FILE.");
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
    hf_certs_done(&book->anchors);
    book->list = list;
    hf_store_list_certs(&book->list, &book->certs);
    hf_store_list_anchors(&book->list, HF_PURPOSE_TLS_SERVER, &book->anchors);
    return hf_certs_check(&book->certs, err) < 0
               ? hf_err_code(err)
               : hf_certs_check(&book->anchors, err);
}

bool hf_book_holds(const struct hf_book *book, const struct hf_cert *cert)
{
    struct hf_view issuer = hf_cert_issuer_der(cert);
    struct hf_view subject = hf_cert_subject_der(cert);
    bool root = issuer.len == subject.len &&
                memcmp(issuer.ptr, subject.ptr, issuer.len) == 0;

    /* Windows keeps an intermediate where it is no anchor */
    return hf_certs_by_sha256(!root && hf_store_stack(book->store) ==
                                           HF_STACK_WINDOWS
                                  ? &book->certs
                                  : &book->anchors,
                              hf_cert_sha256(cert)) != NULL;
}

/* Is it a file that Windows has open while it runs? */
static bool is_hive(struct hf_store *store)
{
    const struct hf_registry *registry = NULL;
    struct hf_err err;

    return hf_store_registry(store, &registry, &err) == 0 && registry &&
           hf_registry_form(registry) == HF_REGISTRY_HIVE;
}

/* What stands in the way of a complete answer. */
static void note_incomplete(struct hf_session *s, const struct hf_book *book)
{
    if (!book->list.incomplete)
        return;
    if (!is_hive(book->store)) {
        hf_findings_add(&s->findings, "HF1102", HF_CERTAIN,
                        hf_store_name(book->store));
        hf_findings_summary(&s->findings,
                            "The trust store '%s' is not whole: there may be "
                            "more in it than was read, and nothing is written "
                            "to it.",
                            hf_store_name(book->store));
        hf_findings_evidence(&s->findings, "%s", book->list.incomplete);
        hf_findings_remedy(&s->findings, false, NULL,
                           "Copy or export it once more, in full.");
        return;
    }
    hf_findings_add(&s->findings, "HF1113", HF_CERTAIN,
                    hf_store_name(book->store));
    hf_findings_summary(&s->findings,
                        "The registry behind the store '%s' is not complete: "
                        "what was read may be older than what Windows goes "
                        "by, and nothing is written to it.",
                        hf_store_name(book->store));
    hf_findings_evidence(&s->findings, "%s", book->list.incomplete);
    hf_findings_remedy(&s->findings, false, NULL,
                       "Let Windows start and shut down cleanly, then look "
                       "again.");
}

/* Do the agents of the machine go by it? */
static bool is_machine(struct hf_store *store)
{
    const struct hf_registry *registry = NULL;
    struct hf_err err;

    switch (hf_store_stack(store)) {
    case HF_STACK_SYSTEM:
    case HF_STACK_FILE:
    case HF_STACK_MACOS:
        return true;
    case HF_STACK_WINDOWS: /* a user's hive and a policy file are not it */
        return hf_store_registry(store, &registry, &err) == 0 && registry &&
               hf_registry_form(registry) == HF_REGISTRY_HIVE &&
               strcmp(hf_registry_mount(registry), "HKLM\\SOFTWARE") == 0;
    default:
        return false;
    }
}

/* Reads once more with what a person types, where one is there to be asked. */
static int ask_and_read(struct hf_book *book, struct hf_err *err)
{
    struct hf_password typed = { 0 };
    char question[400];
    int rc = HF_E_CRYPTO;

    (void)snprintf(question, sizeof(question), "Password of %s",
                   hf_store_name(book->store));
    if (hf_password_ask(question, &typed)) {
        rc = hf_store_unlock(book->store, typed.text, err);
        if (rc == 0)
            rc = hf_book_reread(book, err);
    }
    hf_password_wipe(&typed);
    return rc;
}

/* What the first reading of a book came to. */
struct first {
    bool done;
    int rc;
    struct hf_err why;
};

static int settle_book(struct hf_session *s, struct hf_shelf *shelf,
                       struct hf_book *book, struct first *first,
                       struct hf_err *err)
{
    if (first->rc == HF_E_CRYPTO && !s->common->store_password_file &&
        hf_store_stack(book->store) != HF_STACK_LIST)
        first->rc = ask_and_read(book, &first->why);
    if (first->rc == HF_E_NOMEM) {
        *err = first->why;
        return first->rc;
    }
    book->status = HF_BOOK_READ;
    if (first->rc < 0) {
        book->status = HF_BOOK_UNREADABLE;
        hf_err_text(&first->why, book->reason, sizeof(book->reason));
        shelf->unreadable++;
        note_unreadable(s, book, first->rc);
    }
    note_damaged(s, book);
    note_incomplete(s, book);
    return 0;
}

static void read_first(struct hf_book *book, const struct hf_password *password,
                       struct first *first)
{
    if (first->done)
        return;
    first->done = true;
    first->rc = password->given
                    ? hf_store_unlock(book->store, password->text, &first->why)
                    : 0;
    if (first->rc == 0)
        first->rc = hf_book_reread(book, &first->why);
}

/* All books, those that are read by processes of their own beside each other.
 * Nobody is asked anything meanwhile. */
static void read_all(struct hf_stores *stores, struct hf_shelf *shelf,
                     const struct hf_password *password, struct first *first)
{
    sigset_t before;

    hf_stores_begin(stores->store, stores->count, &before);
    for (size_t i = 0; i < stores->count; i++)
        shelf->book[shelf->count++].store = HF_STEAL(stores->store[i]);
    for (int late = 0; late < 2; late++)
        for (size_t i = 0; i < shelf->count; i++)
            /* what runs beside us is waited for when all else is done */
            if (hf_store_begun(shelf->book[i].store) == (late == 1))
                read_first(&shelf->book[i], password, &first[i]);
    hf_stores_begun(&before);
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

static int fill(struct hf_session *s, struct hf_stores *stores, bool named,
                const struct hf_password *password, struct hf_shelf *shelf,
                struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    struct first *first = calloc(stores->count + 1, sizeof(*first));

    shelf->book = calloc(stores->count + 1, sizeof(*shelf->book));
    if (!first || !shelf->book)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for stores");
    read_all(stores, shelf, password, first);
    for (size_t i = 0; i < shelf->count; i++) {
        struct hf_book *book = &shelf->book[i];

        if (settle_book(s, shelf, book, &first[i], err) < 0)
            return hf_err_code(err);
        book->named = named;
        book->machine = named || is_machine(book->store);
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
    struct hf_password password = { 0 };
    bool named = names && names->count > 0;
    int rc = named ? open_named(s, names, &stores, err)
                   : hf_stores_find(s->common->root, &stores, err);

    if (rc == 0 && s->common->store_password_file &&
        hf_password_read(s->common->store_password_file, &password, err) < 0)
        rc = HF_WRAP(err, "--store-password-file");
    if (rc == 0)
        rc = fill(s, &stores, named, &password, &shelf, err);
    hf_password_wipe(&password);
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
        hf_certs_done(&shelf->book[i].anchors);
        hf_store_free(shelf->book[i].store);
    }
    free(shelf->book);
    *shelf = (struct hf_shelf){ 0 };
}

/* Which trust list a store is. */
static void json_list(struct hf_json *json, const struct hf_ctl *ctl)
{
    if (!ctl)
        return;
    hf_json_object(json, "list");
    hf_json_text(json, "sequence", ctl->sequence);
    hf_json_time(json, "date", ctl->this_update_s);
    hf_json_text(json, "signer", ctl->signer);
    hf_json_end(json);
}

void hf_shelf_json(struct hf_json *json, const struct hf_shelf *shelf)
{
    hf_json_array(json, "stores");
    for (size_t i = 0; i < shelf->count; i++) {
        const struct hf_book *book = &shelf->book[i];

        hf_json_object(json, NULL);
        hf_json_text(json, "name", hf_store_name(book->store));
        hf_json_text(json, "kind", hf_store_kind(book->store));
        hf_json_text(json, "stack", hf_stack_name(hf_store_stack(book->store)));
        hf_json_text(json, "path", hf_store_path(book->store));
        hf_json_text(json, "status", hf_book_status_name(book->status));
        if (book->reason[0])
            hf_json_text(json, "reason", book->reason);
        if (book->status != HF_BOOK_UNREADABLE) {
            hf_json_number(json, "certificates", (int64_t)book->certs.count);
            hf_json_number(json, "damaged", (int64_t)book->list.damaged);
            json_list(json, book->list.ctl);
        }
        if (book->list.bodiless > 0)
            hf_json_number(json, "without_body", (int64_t)book->list.bodiless);
        if (book->list.incomplete)
            hf_json_text(json, "incomplete", book->list.incomplete);
        hf_json_end(json);
    }
    hf_json_end(json);
}

/* ": 150 certificates, Debian bundle, " */
static void put_count(struct hf_session *s, const struct hf_book *book)
{
    size_t count = book->certs.count + book->list.bodiless;

    hf_buf_printf(&s->out, ": %zu %s", count,
                  book->list.ctl
                      ? hf_plural(count, "entry", "entries")
                      : hf_plural(count, "certificate", "certificates"));
    if (book->list.bodiless > 0)
        hf_buf_printf(&s->out, " (%zu without a body at hand)",
                      book->list.bodiless);
    hf_buf_printf(&s->out, ", %s, ", hf_store_kind(book->store));
}

void hf_shelf_entries_json(struct hf_json *json, const struct hf_shelf *shelf)
{
    hf_json_array(json, "certificates");
    for (size_t i = 0; i < shelf->count; i++)
        for (size_t k = 0; k < shelf->book[i].list.count; k++)
            hf_json_entry(json, &shelf->book[i].list.entry[k],
                          hf_store_name(shelf->book[i].store));
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
        put_count(s, book);
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
