/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_change.c - holdfast roots add and remove. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/lists.h"
#include "cli/match.h"
#include "cli/password.h"
#include "cli/repair.h"
#include "cli/show_cert.h"
#include "crypto/load.h"
#include "judge/distrust.h"
#include "plat/file.h"

struct change_opts {
    struct hf_common common;
    struct hf_args words;
    struct hf_args stores;
    const char *password_file; /* add: of a PKCS#12 */
    bool force;                /* add: whatever it is; remove: all that match */
    bool dry_run;
};

#define AT(field) offsetof(struct change_opts, field)

static const char dry_help[] = "say what would be done, touch nothing";

static const struct hf_opt add_opts[] = {
    { NULL, 0, "FILE...", AT(words), hf_set_list, HF_VALUE_FILE,
      "files with certificates: PEM, DER, PKCS#7, PKCS#12", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "the machine's own and every Java keystore" },
    { "password-file", 0, "FILE", AT(password_file), hf_set_text, HF_VALUE_FILE,
      "its first line opens a PKCS#12 file", NULL },
    { "force", 'f', NULL, AT(force), hf_set_switch, HF_VALUE_ANY,
      "add what is no CA, expired or distrusted too", NULL },
    { "dry-run", 'n', NULL, AT(dry_run), hf_set_switch, HF_VALUE_ANY, dry_help,
      NULL },
    { 0 }
};

static const struct hf_opt remove_opts[] = {
    { NULL, 0, "WHAT...", AT(words), hf_set_list, HF_VALUE_ANY,
      "a part of the name, a serial number, a SHA-1 or SHA-256", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "every store found" },
    { "all", 'a', NULL, AT(force), hf_set_switch, HF_VALUE_ANY,
      "remove every certificate that matches, not only a single one", NULL },
    { "dry-run", 'n', NULL, AT(dry_run), hf_set_switch, HF_VALUE_ANY, dry_help,
      NULL },
    { 0 }
};

struct change {
    struct hf_session *s;
    const struct change_opts *opts;
    bool adding;
    struct hf_password password; /* of the files; wiped when done */
    struct hf_certs certs;       /* to add, or to remove */
    struct hf_shelf shelf;
    struct hf_repair repair;
};

/* May this be made a trust anchor without --force? */
static int check_anchor(const struct change *c, const char *path,
                        struct hf_cert *cert,
                        const struct hf_distrust *distrust, struct hf_err *err)
{
    const struct hf_cert_info *info = hf_cert_info(cert, err);
    const struct hf_distrust_row *row;
    char day[HF_TIME_TEXT];

    if (!info)
        return HF_WRAP(err, "'%s'", path);
    if (c->opts->force)
        return 0;
    if (!info->ca)
        return HF_FAIL(err, HF_E_GUARD,
                       "'%s': '%s' is no CA certificate: --force adds it all "
                       "the same",
                       path, info->name);
    if (info->not_after_s < c->s->at_s)
        return HF_FAIL(err, HF_E_GUARD,
                       "'%s': '%s' ended on %s: --force adds it all the same",
                       path, info->name,
                       hf_calendar_day(info->not_after_s, day));
    row = hf_distrust_find_cert(distrust, cert, c->s->at_s);
    if (row)
        return HF_FAIL(err, HF_E_GUARD,
                       "'%s': '%s' is distrusted by %s: --force adds it all "
                       "the same",
                       path, info->name, row->platform);
    return 0;
}

static int load_file(struct change *c, const char *path,
                     const struct hf_distrust *distrust, struct hf_err *err)
{
    struct hf_load load = { 0 };
    int rc = hf_load_file(path, c->password.given ? c->password.text : NULL,
                          &load, err);

    if (rc == HF_E_CRYPTO && !c->password.given)
        return HF_WRAP(err, "a PKCS#12 is opened with --password-file");
    if (rc < 0)
        return rc;
    if (load.fault_count > 0)
        rc = HF_FAIL(err, HF_E_PARSE, "'%s': %s", path, load.fault[0].text);
    else if (load.count == 0)
        rc = HF_FAIL(err, HF_E_PARSE, "'%s': no certificate in it", path);
    for (size_t i = 0; rc == 0 && i < load.count; i++) {
        struct hf_cert *cert = load.item[i].cert;

        rc = check_anchor(c, path, cert, distrust, err);
        if (!hf_certs_by_sha256(&c->certs, hf_cert_sha256(cert)))
            hf_certs_add(&c->certs, cert);
    }
    hf_load_done(&load);
    return rc < 0 ? rc : hf_certs_check(&c->certs, err);
}

static int collect_files(struct change *c, struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;

    if (c->opts->password_file &&
        hf_password_read(c->opts->password_file, &c->password, err) < 0)
        return HF_WRAP(err, "--password-file");
    if (hf_lists_distrust(c->s, &distrust, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < c->opts->words.count; i++)
        if (load_file(c, c->opts->words.word[i], distrust, err) < 0)
            return hf_err_code(err);
    return 0;
}

/* The certificates a word means: one, unless --all. */
static int collect_word(struct change *c, const char *word, struct hf_err *err)
{
    struct hf_match match = hf_match_read(word);
    size_t before = c->certs.count;

    for (size_t i = 0; i < c->shelf.count; i++)
        for (size_t k = 0; k < c->shelf.book[i].certs.count; k++) {
            struct hf_cert *cert = c->shelf.book[i].certs.cert[k];

            if (hf_match_cert(&match, cert) &&
                !hf_certs_by_sha256(&c->certs, hf_cert_sha256(cert)))
                hf_certs_add(&c->certs, cert);
        }
    if (hf_certs_check(&c->certs, err) < 0)
        return hf_err_code(err);
    if (c->certs.count - before > 1 && !c->opts->force)
        return HF_FAIL(err, HF_E_GUARD,
                       "'%s' means %zu certificates: name one by its SHA-256 "
                       "('holdfast roots find'), or give --all",
                       word, c->certs.count - before);
    return 0;
}

static int collect(struct change *c, struct hf_err *err)
{
    if (c->adding)
        return 0; /* the files were read before anything was opened */
    for (size_t i = 0; i < c->opts->words.count; i++)
        if (collect_word(c, c->opts->words.word[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* What is added without naming a store goes where the whole machine looks: not
 * into users' own profiles and hives, nor where nobody can write. */
static bool is_for_all(const struct hf_book *book)
{
    enum hf_stack stack = hf_store_stack(book->store);

    return book->named || stack == HF_STACK_JAVA ||
           (book->machine && stack != HF_STACK_MACOS);
}

static int work(struct change *c, struct hf_err *err)
{
    if ((c->adding && collect_files(c, err) < 0) ||
        hf_repair_begin(c->s, c->opts->dry_run, &c->repair, err) < 0 ||
        hf_shelf_open(c->s, &c->opts->stores, &c->shelf, err) < 0 ||
        collect(c, err) < 0 || hf_repair_plan(&c->repair, &c->shelf, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < c->repair.count; i++) {
        struct hf_repair_item *item = &c->repair.item[i];

        if (c->adding && !is_for_all(item->book)) {
            item->book->status = HF_BOOK_SKIPPED;
            (void)snprintf(item->book->reason, sizeof(item->book->reason),
                           "not for the whole machine, or read only: name it "
                           "with --store");
            continue;
        }
        hf_certs_add_all(c->adding ? &item->add : &item->remove, &c->certs);
        if (hf_certs_check(c->adding ? &item->add : &item->remove, err) < 0)
            return hf_err_code(err);
    }
    if (hf_repair_run(&c->repair, c->opts->dry_run, err) < 0)
        return hf_err_code(err);
    return hf_findings_check(&c->s->findings, err);
}

/* What did change, or would, in each store. */
static void json_changed(struct hf_json *json, const struct hf_repair *repair,
                         const char *key, bool added)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < repair->count; i++) {
        const struct hf_repair_item *item = &repair->item[i];
        const struct hf_certs *certs = added ? &item->added : &item->removed;

        for (size_t k = 0; k < certs->count; k++)
            hf_json_stored_cert(json, certs->cert[k],
                                hf_store_name(item->book->store),
                                hf_book_where(item->book, certs->cert[k]));
    }
    hf_json_end(json);
}

static void put_json(struct change *c, enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &c->s->out, true);
    hf_render_json_open(&json, c->s->cmd->path, result, &c->s->findings);
    hf_json_bool(&json, "dry_run", c->opts->dry_run);
    hf_shelf_json(&json, &c->shelf);
    hf_json_array(&json, "certificates");
    for (size_t i = 0; i < c->certs.count; i++)
        hf_json_stored_cert(&json, c->certs.cert[i], NULL, NULL);
    hf_json_end(&json);
    json_changed(&json, &c->repair, c->adding ? "added" : "removed", c->adding);
    hf_json_end(&json);
}

static void put_text(struct change *c)
{
    struct hf_session *s = c->s;

    for (size_t i = 0; i < c->certs.count; i++) {
        hf_show_cert(s, c->certs.cert[i], NULL);
        hf_buf_text(&s->out, "\n");
    }
    if (c->certs.count == 0)
        hf_buf_text(&s->out, "No store here holds it: nothing to remove.\n");
    for (size_t i = 0; i < c->shelf.count; i++)
        hf_book_line(s, &c->shelf.book[i]);
    hf_render_findings(&s->out, &s->style, &s->findings);
    hf_repair_follow_ups(s, &c->repair);
    if (c->opts->dry_run)
        hf_buf_text(&s->out, "Nothing was touched: this was a dry run.\n");
}

static int run_change(struct hf_session *s, const struct change_opts *opts,
                      bool adding, struct hf_err *err)
{
    struct change c = { .s = s, .opts = opts, .adding = adding };
    enum hf_result result;
    int rc;

    if (opts->words.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       adding ? "name a FILE with certificates"
                              : "name what to remove");
    if (!adding && hf_match_check(&opts->words, err) < 0)
        return hf_err_code(err);
    rc = work(&c, err);
    if (rc == 0) {
        result =
            hf_session_result(s, c.shelf.unreadable > 0 || c.repair.failed > 0);
        if (opts->common.json)
            put_json(&c, result);
        else
            put_text(&c);
        rc = hf_session_exit(result);
    }
    hf_password_wipe(&c.password);
    hf_repair_done(&c.repair);
    hf_shelf_done(&c.shelf);
    hf_certs_done(&c.certs);
    return rc;
}

static int run_add(struct hf_session *s, const void *v, struct hf_err *err)
{
    return run_change(s, v, true, err);
}

static int run_remove(struct hf_session *s, const void *v, struct hf_err *err)
{
    return run_change(s, v, false, err);
}

static void done(void *v)
{
    struct change_opts *opts = v;

    hf_args_done(&opts->words);
    hf_args_done(&opts->stores);
}

static const struct hf_example add_examples[] = {
    { "roots add corporate-root.crt", "trust a CA on this machine" },
    { "roots add ca.p7b --store pem:/etc/app/ca.pem", "in one CA file" },
    { 0 }
};

static const struct hf_example remove_examples[] = {
    { "roots remove 'Old Corporate Root'", "by name; it must be the only one" },
    { "roots remove 8d722f81a9c113c0791df136a2966db26c950a971db46b4199f4ea54b78"
      "bfb9f",
      "by SHA-256" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_add = {
    .path = "roots add",
    .words = "FILE...",
    .summary = "add certificates from files to the stores",
    .about = "Adds every certificate in the files to the stores as a trust "
             "anchor, and reads the stores back. What is no CA, has ended or "
             "is distrusted by a platform is refused (exit status 4) unless "
             "--force. 'holdfast roots undo' takes it back.",
    .opts = add_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL | HF_GROUP_ROOT |
              HF_GROUP_TIME,
    .size = sizeof(struct change_opts),
    .examples = add_examples,
    .run = run_add,
    .done = done,
};

const struct hf_cmd hf_cmd_roots_remove = {
    .path = "roots remove",
    .words = "WHAT...",
    .summary = "remove certificates from the stores",
    .about = "Removes a certificate from every store that holds it, in a way "
             "that the distribution's own tools keep: its source is deselected "
             "or blocked, not only cut out. 'holdfast roots undo' takes it "
             "back.",
    .opts = remove_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_ROOT,
    .size = sizeof(struct change_opts),
    .examples = remove_examples,
    .run = run_remove,
    .done = done,
};
