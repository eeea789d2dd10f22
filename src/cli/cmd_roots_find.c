/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_find.c - holdfast roots find: one certificate in the stores. */
#include "cli/commands.h"
#include "cli/match.h"
#include "cli/shelf.h"
#include "cli/show_cert.h"
#include "doc/embed.h"

struct find_opts {
    struct hf_common common;
    struct hf_args words;
    struct hf_args stores;
    bool commands;
};

static const struct hf_opt find_opts[] = {
    { NULL, 0, "WHAT...", offsetof(struct find_opts, words), hf_set_list,
      HF_VALUE_ANY,
      "a part of the name (CN, O or OU), a serial number, a SHA-1 or SHA-256",
      NULL },
    { "store", 's', "STORE", offsetof(struct find_opts, stores), hf_set_list,
      HF_VALUE_STORE, hf_store_help, "every store found" },
    { "commands", 0, NULL, offsetof(struct find_opts, commands), hf_set_switch,
      HF_VALUE_ANY,
      "print what an administrator types on Windows, macOS and Linux to see "
      "the same",
      NULL },
    { 0 }
};

/* Where the Linux command looks when the certificate is in no store here. */
#define USUAL_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

struct finder {
    struct hf_session *s;
    const struct find_opts *opts;
    bool as_json;
    struct hf_json json;
    struct hf_certs shown;
    size_t found;
};

static void show(struct finder *f, struct hf_cert *cert,
                 const struct hf_book *book, const char *where)
{
    if (f->as_json) {
        hf_json_stored_cert(&f->json, cert,
                            book ? hf_store_name(book->store) : NULL, where);
        return;
    }
    hf_show_cert(f->s, cert, where);
    if (f->opts->commands)
        hf_show_cert_commands(f->s, cert,
                              book ? hf_store_path(book->store) : USUAL_BUNDLE);
    hf_buf_text(&f->s->out, "\n");
}

static bool wanted(const struct finder *f, struct hf_cert *cert)
{
    for (size_t i = 0; i < f->opts->words.count; i++) {
        struct hf_match match = hf_match_read(f->opts->words.word[i]);

        if (hf_match_cert(&match, cert))
            return true;
    }
    return false;
}

static void search_book(struct finder *f, const struct hf_book *book)
{
    for (size_t i = 0; i < book->list.count; i++) {
        struct hf_cert *cert = book->list.entry[i].cert;

        if (!cert || !wanted(f, cert))
            continue;
        f->found++;
        hf_certs_add(&f->shown, cert);
        show(f, cert, book, book->list.entry[i].where);
    }
}

/* Bodies that this program carries and no store here has. */
static int search_known(struct finder *f, struct hf_err *err)
{
    size_t count, told = 0;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        if (!wanted(f, cert) ||
            hf_certs_by_sha256(&f->shown, hf_cert_sha256(cert)))
            continue;
        if (!f->as_json && told++ == 0)
            hf_buf_text(&f->s->out, "In no store here, but known to "
                                    "holdfast:\n\n");
        show(f, cert, NULL, NULL);
    }
    return 0;
}

static int search(struct finder *f, const struct hf_shelf *shelf,
                  struct hf_err *err)
{
    if (f->as_json)
        hf_json_array(&f->json, "certificates");
    for (size_t i = 0; i < shelf->count; i++)
        search_book(f, &shelf->book[i]);
    if (f->as_json) {
        hf_json_end(&f->json);
        hf_json_array(&f->json, "known");
    }
    if (search_known(f, err) < 0)
        return hf_err_code(err);
    if (f->as_json)
        hf_json_end(&f->json);
    return hf_certs_check(&f->shown, err);
}

static enum hf_result result_of(const struct finder *f,
                                const struct hf_shelf *shelf)
{
    if (f->found > 0)
        return HF_RESULT_HEALTHY;
    return shelf->unreadable > 0 ? HF_RESULT_INCOMPLETE : HF_RESULT_FINDINGS;
}

static size_t count_matches(struct finder *f, const struct hf_shelf *shelf)
{
    size_t count = 0;

    for (size_t i = 0; i < shelf->count; i++)
        for (size_t k = 0; k < shelf->book[i].certs.count; k++)
            count += wanted(f, shelf->book[i].certs.cert[k]);
    return count;
}

static int run_shelf(struct finder *f, const struct hf_shelf *shelf,
                     struct hf_err *err)
{
    int rc;

    if (f->as_json) {
        /* the result stands before the certificates */
        f->found = count_matches(f, shelf);
        hf_json_init(&f->json, &f->s->out, true);
        hf_render_json_open(&f->json, "roots find", result_of(f, shelf),
                            &f->s->findings);
        hf_shelf_json(&f->json, shelf);
        f->found = 0;
    }
    rc = search(f, shelf, err);
    hf_certs_done(&f->shown);
    if (rc < 0)
        return rc;
    if (f->as_json)
        hf_json_end(&f->json);
    else if (f->found == 0)
        hf_buf_text(&f->s->out, "No store here holds it.\n");
    if (!f->as_json)
        hf_render_findings(&f->s->out, &f->s->style, &f->s->findings);
    return hf_session_exit(result_of(f, shelf));
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct find_opts *opts = v;
    struct finder f = { .s = s, .opts = opts, .as_json = opts->common.json };
    struct hf_shelf shelf = { 0 };
    int rc;

    if (opts->words.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "name what to find: a name, a serial number or a hash");
    if (hf_match_check(&opts->words, err) < 0 ||
        hf_shelf_open(s, &opts->stores, &shelf, err) < 0)
        return hf_err_code(err);
    rc = run_shelf(&f, &shelf, err);
    hf_shelf_done(&shelf);
    return rc;
}

static void done(void *v)
{
    struct find_opts *opts = v;

    hf_args_done(&opts->words);
    hf_args_done(&opts->stores);
}

static const struct hf_example examples[] = {
    { "roots find 'DigiCert Global Root CA'", "by a part of its name" },
    { "roots find a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436 --commands",
      "by SHA-1, with what to type elsewhere" },
    { "roots find 08:3b:e0:56:90:42:46:b1:a1:75:6a:c9:59:91:c7:4a",
      "by its serial number" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_find = {
    .path = "roots find",
    .words = "WHAT...",
    .summary = "one certificate, by name, serial number or hash",
    .about = "Prints every certificate in the stores that matches, with both "
             "hashes, and those that no store here has but this program "
             "knows. Exits with 0 when a store holds one, 1 when none does.",
    .opts = find_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct find_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
