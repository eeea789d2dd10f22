/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_sync.c - holdfast roots sync: a store made equal to a list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/mirror.h"
#include "cli/repair.h"
#include "cli/show_cert.h"
#include "doc/embed.h"
#include "plat/file.h"

#define SHOWN_MAX 40 /* certificates of each list shown without -v */

struct sync_opts {
    struct hf_common common;
    struct hf_args source;
    struct hf_args stores;
    bool keep;
    bool yes;
    bool dry_run;
};

#define AT(field) offsetof(struct sync_opts, field)

static const struct hf_opt sync_opts[] = {
    { NULL, 0, "SOURCE", AT(source), hf_set_list, HF_VALUE_FILE,
      "what is right: a folder or http:// URL as certutil -syncWithWU writes "
      "it, a trust list, a PEM file, or any store by its name",
      NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      "the store to change; a Windows registry with its part: "
      "hive:FILE#AuthRoot",
      "system" },
    { "keep", 0, NULL, AT(keep), hf_set_switch, HF_VALUE_ANY,
      "remove nothing, only add", NULL },
    { "yes", 'y', NULL, AT(yes), hf_set_switch, HF_VALUE_ANY,
      "do not ask before the store is changed", NULL },
    { "dry-run", 'n', NULL, AT(dry_run), hf_set_switch, HF_VALUE_ANY,
      "show the difference, touch nothing", NULL },
    { 0 }
};

struct sync {
    struct hf_session *s;
    const struct sync_opts *opts;
    struct hf_shelf shelf; /* the one store */
    struct hf_repair repair;
    struct hf_mirror mirror;
    struct hf_certs wanted;
    struct hf_texts bodiless; /* on the list, and no body to be had */
    struct hf_certs add, remove;
};

/* --- what is right -------------------------------------------------------- */

/* A Linux bundle trusts whatever it holds for TLS servers. */
static unsigned purposes_of(const struct sync *y)
{
    return hf_store_stack(y->shelf.book[0].store) == HF_STACK_WINDOWS
               ? 0
               : HF_PURPOSE_TLS_SERVER;
}

static bool is_wanted(const struct hf_store_entry *entry, unsigned purposes)
{
    return entry->standing == HF_STANDING_ANCHOR &&
           (purposes == 0 || entry->purposes == 0 ||
            (entry->purposes & purposes));
}

static int read_source(struct sync *y, const char *spec, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    unsigned purposes = purposes_of(y);

    if (hf_store_open(spec, NULL, &store, err) < 0 ||
        hf_store_read(store, &list, err) < 0)
        return hf_err_code(err);
    if (list.damaged > 0 || list.incomplete)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s' is not whole (%zu damaged entries): nothing is "
                       "made equal to it",
                       spec, list.damaged);
    hf_store_list_anchors(&list, purposes, &y->wanted);
    for (size_t i = 0; i < list.count; i++)
        if (!list.entry[i].cert && list.entry[i].named &&
            is_wanted(&list.entry[i], purposes) &&
            !hf_texts_take(&y->bodiless, hf_view_dup(hf_view_text(
                                             list.entry[i].named->name))))
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    if (y->wanted.count == 0)
        return HF_FAIL(err, HF_E_GUARD,
                       "'%s' trusts nothing: a store is not emptied by a list "
                       "that is empty",
                       spec);
    return hf_certs_check(&y->wanted, err);
}

/* "ctl:PATH" or "pem:PATH", by what is there. */
static char *spec_of(const char *path)
{
    static const char *const lists[] = { ".stl", ".cab" };
    HF_AUTO(hf_free_ptr) char *cab = hf_path_join(path, "authrootstl.cab");
    HF_AUTO(hf_free_ptr) char *stl = hf_path_join(path, "authroot.stl");
    size_t len = strlen(path);
    bool list = cab && stl && (hf_path_exists(cab) || hf_path_exists(stl));
    char *spec;

    for (size_t i = 0; i < HF_COUNT(lists); i++)
        list |= len > 4 && strcasecmp(path + len - 4, lists[i]) == 0;
    return asprintf(&spec, "%s:%s", list ? "ctl" : "pem", path) < 0 ? NULL
                                                                    : spec;
}

static int mirror(struct sync *y, const char *url, struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs at_hand = { 0 };
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    hf_certs_add_all(&at_hand, &y->shelf.book[0].certs);
    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        hf_certs_add(&at_hand, cert);
    }
    if (hf_certs_check(&at_hand, err) < 0)
        return hf_err_code(err);
    return hf_mirror_fetch(y->s, url, &at_hand, &y->mirror, err);
}

static int find_wanted(struct sync *y, struct hf_err *err)
{
    const char *source = y->opts->source.word[0];
    HF_AUTO(hf_free_ptr) char *spec = NULL;

    if (strncmp(source, "http:", 5) == 0 || strncmp(source, "https:", 6) == 0) {
        if (mirror(y, source, err) < 0)
            return hf_err_code(err);
        source = y->mirror.folder;
    }
    if (hf_path_exists(source))
        spec = spec_of(source);
    else
        spec = hf_view_dup(hf_view_text(source));
    if (!spec)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return read_source(y, spec, err);
}

/* --- the difference ------------------------------------------------------- */

static int find_difference(struct sync *y, struct hf_err *err)
{
    const struct hf_book *book = &y->shelf.book[0];
    struct hf_certs have = { 0 };
    int rc;

    hf_store_list_anchors(&book->list, 0, &have);
    for (size_t i = 0; i < y->wanted.count; i++)
        if (!hf_book_holds(book, y->wanted.cert[i]))
            hf_certs_add(&y->add, y->wanted.cert[i]);
    for (size_t i = 0; i < have.count && !y->opts->keep; i++)
        if (!hf_certs_by_sha256(&y->wanted, hf_cert_sha256(have.cert[i])))
            hf_certs_add(&y->remove, have.cert[i]);
    rc = hf_certs_check(&have, err);
    hf_certs_done(&have);
    if (rc < 0 || hf_certs_check(&y->add, err) < 0)
        return hf_err_code(err);
    return hf_certs_check(&y->remove, err);
}

static void show_list(struct hf_session *s, const char *title,
                      const struct hf_certs *certs)
{
    if (certs->count == 0)
        return;
    hf_buf_printf(&s->out, "%s%s: %zu%s\n", hf_ink(&s->style, HF_INK_BOLD),
                  title, certs->count, hf_ink(&s->style, HF_INK_PLAIN));
    for (size_t i = 0; i < certs->count; i++) {
        if (i == SHOWN_MAX && !s->style.verbose) {
            hf_buf_printf(&s->out, "  and %zu more (-v)\n",
                          certs->count - SHOWN_MAX);
            break;
        }
        hf_show_cert_line(s, certs->cert[i]);
    }
    hf_buf_text(&s->out, "\n");
}

static void show_difference(struct sync *y)
{
    struct hf_session *s = y->s;

    hf_book_line(s, &y->shelf.book[0]);
    hf_buf_text(&s->out, "\n");
    show_list(s, "To be added", &y->add);
    show_list(s, "To be removed", &y->remove);
    if (y->bodiless.count > 0) {
        hf_buf_printf(&s->out, "On the list, and no body to be had: %zu\n",
                      y->bodiless.count);
        for (size_t i = 0; i < y->bodiless.count; i++) {
            if (i == SHOWN_MAX && !s->style.verbose) {
                hf_buf_printf(&s->out, "  and %zu more (-v)\n",
                              y->bodiless.count - SHOWN_MAX);
                break;
            }
            hf_buf_text(&s->out, "  ");
            hf_render_safe(&s->out, &s->style, y->bodiless.text[i]);
            hf_buf_text(&s->out, "\n");
        }
        hf_buf_text(&s->out, "\n");
    }
}

static bool has_difference(const struct sync *y)
{
    return y->add.count + y->remove.count > 0;
}

/* The difference first, then the question. */
static int confirm(struct sync *y, struct hf_err *err)
{
    if (y->opts->yes || y->opts->dry_run || !has_difference(y))
        return 0;
    /* with --json nobody saw the difference */
    if (y->opts->common.json || !isatty(STDIN_FILENO))
        return HF_FAIL(err, HF_E_GUARD,
                       "%zu to add, %zu to remove: nobody is there to be "
                       "asked, give --yes (or --dry-run to look)",
                       y->add.count, y->remove.count);
    if (hf_print(y->s, err) < 0)
        return hf_err_code(err);
    y->s->out.len = 0;
    if (!hf_ask_yes("The store is changed as shown."))
        return HF_FAIL(err, HF_E_GUARD,
                       "Yes was not given: nothing was "
                       "changed");
    return 0;
}

/* --- doing it ------------------------------------------------------------- */

static int change(struct sync *y, struct hf_err *err)
{
    struct hf_repair_item *item;

    if (hf_repair_plan(&y->repair, &y->shelf, err) < 0)
        return hf_err_code(err);
    item = &y->repair.item[0];
    hf_certs_add_all(&item->add, &y->add);
    hf_certs_add_all(&item->remove, &y->remove);
    if (hf_certs_check(&item->add, err) < 0 ||
        hf_certs_check(&item->remove, err) < 0)
        return hf_err_code(err);
    return hf_repair_run(&y->repair, y->opts->dry_run, err);
}

static void json_certs(struct hf_json *json, const char *key,
                       const struct hf_certs *certs)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < certs->count; i++)
        hf_json_stored_cert(json, certs->cert[i], NULL, NULL);
    hf_json_end(json);
}

static void put_json(struct sync *y, enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &y->s->out, true);
    hf_render_json_open(&json, y->s->cmd->path, result, &y->s->findings);
    hf_json_bool(&json, "dry_run", y->opts->dry_run);
    hf_shelf_json(&json, &y->shelf);
    json_certs(&json, "added", &y->repair.item[0].added);
    json_certs(&json, "removed", &y->repair.item[0].removed);
    hf_json_array(&json, "without_body");
    for (size_t i = 0; i < y->bodiless.count; i++)
        hf_json_text(&json, NULL, y->bodiless.text[i]);
    hf_json_end(&json);
    hf_json_end(&json);
}

static void put_text(struct sync *y)
{
    struct hf_session *s = y->s;
    const struct hf_repair_item *item = &y->repair.item[0];

    if (!has_difference(y)) {
        hf_buf_text(&s->out, "The store is equal to its source already.\n");
        return;
    }
    hf_book_line(s, &y->shelf.book[0]);
    if (y->opts->dry_run) {
        hf_buf_text(&s->out, "Nothing was touched: this was a dry run.\n");
        return;
    }
    if (item->added.count + item->removed.count == 0) {
        hf_buf_text(&s->out, "Nothing was changed.\n");
        return;
    }
    hf_buf_printf(&s->out,
                  "%zu added, %zu removed; 'holdfast roots undo%s' "
                  "takes it back.\n",
                  item->added.count, item->removed.count,
                  s->scope ? s->scope : "");
    hf_repair_follow_ups(s, &y->repair);
}

static int check_target(const struct sync *y, struct hf_err *err)
{
    const struct hf_book *book = &y->shelf.book[0];

    if (book->status == HF_BOOK_UNREADABLE)
        return HF_FAIL(err, HF_E_IO, "%s", book->reason);
    if (hf_store_stack(book->store) == HF_STACK_WINDOWS &&
        !strchr(hf_store_name(book->store), '#'))
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' has several parts: name the one to change, "
                       "%s#AuthRoot",
                       hf_store_name(book->store), hf_store_name(book->store));
    return 0;
}

static int work(struct sync *y, struct hf_err *err)
{
    static const char *system_word[] = { "system" };
    const struct hf_args system = { .word = system_word, .count = 1 };
    const struct hf_args *stores =
        y->opts->stores.count > 0 ? &y->opts->stores : &system;
    enum hf_result result;

    if (hf_repair_begin(y->s, y->opts->dry_run, &y->repair, err) < 0 ||
        hf_shelf_open(y->s, stores, &y->shelf, err) < 0 ||
        check_target(y, err) < 0 || find_wanted(y, err) < 0 ||
        find_difference(y, err) < 0)
        return hf_err_code(err);
    if (!y->opts->common.json)
        show_difference(y);
    if (confirm(y, err) < 0 || change(y, err) < 0)
        return hf_err_code(err);
    result =
        hf_session_result(y->s, y->repair.failed > 0 || y->bodiless.count > 0);
    if (y->opts->common.json)
        put_json(y, result);
    else
        put_text(y);
    return hf_session_exit(result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct sync_opts *opts = v;
    struct sync y = { .s = s, .opts = opts };
    int rc;

    if (opts->source.count != 1 || opts->stores.count > 1)
        return HF_FAIL(err, HF_E_USAGE,
                       "name one SOURCE, and one store with --store");
    rc = work(&y, err);
    hf_mirror_done(&y.mirror);
    hf_repair_done(&y.repair);
    hf_shelf_done(&y.shelf);
    hf_certs_done(&y.wanted);
    hf_certs_done(&y.add);
    hf_certs_done(&y.remove);
    hf_texts_done(&y.bodiless);
    return rc;
}

static void done(void *v)
{
    struct sync_opts *opts = v;

    hf_args_done(&opts->source);
    hf_args_done(&opts->stores);
}

static const struct hf_example examples[] = {
    { "roots sync /srv/ctl --store 'hive:SOFTWARE#AuthRoot' --dry-run",
      "what a Windows machine lacks of a share" },
    { "roots sync http://pki.example/ctl --store pem:/etc/app/ca.pem",
      "a CA file kept equal to Microsoft's list" },
    { "roots sync approved.pem --keep --yes", "add what is approved" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_sync = {
    .path = "roots sync",
    .words = "SOURCE",
    .summary = "make a store equal to a list",
    .about = "Makes a store hold exactly what a source trusts: a share as "
             "certutil -syncWithWU writes it (the list's signature is "
             "verified, each body by its hash), a PEM bundle, or another "
             "store. The difference is shown first, and Yes is asked for. A "
             "Linux bundle gets only what the list trusts for TLS servers. "
             "'holdfast roots undo' takes it back.",
    .opts = sync_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct sync_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
