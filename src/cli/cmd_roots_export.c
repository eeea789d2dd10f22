/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_export.c - holdfast roots export: certificates as a file that
 * other programs import. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "cli/certout.h"
#include "cli/commands.h"
#include "cli/lists.h"
#include "cli/match.h"
#include "cli/needs.h"
#include "cli/outfile.h"
#include "cli/show_cert.h"
#include "judge/body.h"
#include "plat/file.h"

#define OUT_MAX (256 * 1024 * 1024) /* bytes; ours: 10,000 roots as .reg */

struct export_opts {
    struct hf_common common;
    struct hf_args words;
    struct hf_args stores;
    struct hf_args from;
    const char *format;
    const char *out;
    bool include_distrusted;
};

#define AT(field) offsetof(struct export_opts, field)

static const struct hf_opt export_opts[] = {
    { NULL, 0, "WHAT...", AT(words), hf_set_list, HF_VALUE_PRODUCT,
      "a product, a store (system, ctl:FILE ...), or a certificate by name or "
      "hash",
      NULL },
    { "format", 'f', hf_certout_words, AT(format), hf_set_text, HF_VALUE_WORDS,
      "of the file", "pem" },
    { "out", 'o', "PATH", AT(out), hf_set_text, HF_VALUE_FILE,
      "the file to write; a folder gets a file <SHA-1>.crt for each",
      "standard output" },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "every store found" },
    { "from", 0, "PATH", AT(from), hf_set_list, HF_VALUE_FILE,
      "a file or folder with certificate bodies; may be repeated", NULL },
    { "include-distrusted", 0, NULL, AT(include_distrusted), hf_set_switch,
      HF_VALUE_ANY, "a product's expired and distrusted roots too", NULL },
    { 0 }
};

struct export
{
    struct hf_session *s;
    const struct export_opts *opts;
    enum hf_certout format;
    struct hf_certs certs;
    struct hf_certs extra; /* bodies from --from */
    struct hf_distrust *distrust;
    struct hf_texts left_out; /* "GeoTrust Global CA: ended on 2022-05-21" */
    struct hf_shelf shelf;    /* opened when a word is a certificate */
    struct hf_buf bytes;
    bool whole_list; /* the bytes are a trust list's table already */
};

static int leave_out(struct export *e, const char *name, const char *why,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;

    hf_buf_init(&text, 4096);
    hf_buf_printf(&text, "%s: %s", name, why);
    return hf_texts_take(&e->left_out, hf_buf_steal(&text))
               ? 0
               : HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
}

/* --- a product ------------------------------------------------------------ */

static int add_product(struct export *e, const struct hf_product *product,
                       struct hf_err *err)
{
    static const struct hf_certs none = { 0 };
    HF_AUTO(hf_product_verdict_done) struct hf_product_verdict verdict = { 0 };
    /* as a Windows store that holds nothing would be judged */
    const struct hf_need_ask ask = {
        .have = &none,
        .issuers = &none,
        .extra = &e->extra,
        .distrust = e->distrust,
        .at_s = e->s->at_s,
        .purposes_known = true,
        .include_distrusted = e->opts->include_distrusted,
    };

    if (hf_judge_product(&ask, product, &verdict, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < verdict.need_count; i++) {
        const struct hf_need_verdict *need = &verdict.need[i];

        if (hf_need_importable(need)) {
            if (!hf_certs_by_sha256(&e->certs, hf_cert_sha256(need->cert)))
                hf_certs_add(&e->certs, need->cert);
        } else if (need->state != HF_NEED_SPARED &&
                   leave_out(e, need->need->name, need->reason, err) < 0) {
            return hf_err_code(err);
        }
    }
    return hf_certs_check(&e->certs, err);
}

/* --- a store -------------------------------------------------------------- */

static int add_store(struct export *e, const char *spec, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };

    if (hf_store_open(spec, e->s->common->root, &store, err) < 0 ||
        hf_store_read(store, &list, err) < 0)
        return hf_err_code(err);
    if (list.ctl && e->format == HF_CERTOUT_TSV) {
        e->whole_list = true;
        hf_ctl_tsv(&e->bytes, list.ctl);
        return hf_buf_check(&e->bytes, err);
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct hf_store_entry *entry = &list.entry[i];

        if (entry->cert && entry->standing != HF_STANDING_REFUSED &&
            !hf_certs_by_sha256(&e->certs, hf_cert_sha256(entry->cert)))
            hf_certs_add(&e->certs, entry->cert);
        else if (!entry->cert && entry->named &&
                 leave_out(e, entry->named->name, "no body at hand", err) < 0)
            return hf_err_code(err);
    }
    return hf_certs_check(&e->certs, err);
}

/* --- a certificate -------------------------------------------------------- */

static int add_match(struct export *e, const char *word, struct hf_err *err)
{
    struct hf_match match = hf_match_read(word);
    size_t before = e->certs.count;

    if (!e->shelf.book &&
        hf_shelf_open(e->s, &e->opts->stores, &e->shelf, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < e->shelf.count; i++)
        for (size_t k = 0; k < e->shelf.book[i].certs.count; k++) {
            struct hf_cert *cert = e->shelf.book[i].certs.cert[k];

            if (hf_match_cert(&match, cert) &&
                !hf_certs_by_sha256(&e->certs, hf_cert_sha256(cert)))
                hf_certs_add(&e->certs, cert);
        }
    if (e->certs.count == before)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is no product, no store, and no certificate in a "
                       "store here",
                       word);
    return hf_certs_check(&e->certs, err);
}

static bool is_store(const char *word)
{
    const struct hf_store_scheme *scheme = hf_store_schemes();
    const char *colon = strchr(word, ':');

    if (strcmp(word, "system") == 0)
        return true;
    for (size_t i = 0; colon && scheme[i].form; i++)
        if (strncmp(scheme[i].form, word, (size_t)(colon - word) + 1) == 0)
            return true;
    return false;
}

static int add_word(struct export *e, const char *word, struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    struct hf_err why;
    int rc;

    if (is_store(word))
        return add_store(e, word, err);
    rc = hf_product_find(e->s->common->root, word, &product, &why);
    if (rc == 0)
        return add_product(e, product, err);
    if (rc != HF_E_ABSENT) {
        *err = why;
        return rc;
    }
    return add_match(e, word, err);
}

/* --- writing -------------------------------------------------------------- */

static int write_each(struct export *e, struct hf_err *err)
{
    for (size_t i = 0; i < e->certs.count; i++) {
        char name[2 * HF_SHA1_LEN + 5], hex[2 * HF_SHA1_LEN + 1];
        HF_AUTO(hf_free_ptr) char *path = NULL;

        hf_hex(hf_view(hf_cert_sha1(e->certs.cert[i]), HF_SHA1_LEN), hex);
        (void)snprintf(name, sizeof(name), "%s.crt", hex);
        path = hf_path_join(e->opts->out, name);
        if (!path)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (hf_file_write(path, hf_cert_der(e->certs.cert[i]), 0644, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int write_out(struct export *e, struct hf_err *err)
{
    const char *out = e->opts->out;
    bool binary = e->format != HF_CERTOUT_PEM && e->format != HF_CERTOUT_TSV;

    if (e->format == HF_CERTOUT_DER && out && hf_path_is_dir(out))
        return write_each(e, err);
    if (!e->whole_list &&
        hf_certout_write(e->format, &e->certs, &e->bytes, err) < 0)
        return hf_err_code(err);
    if (out)
        return hf_outfile_write(out, hf_buf_peek(&e->bytes), err);
    if (binary && isatty(STDOUT_FILENO))
        return HF_FAIL(err, HF_E_USAGE,
                       "%s is no text for a terminal: name a file with --out",
                       e->opts->format);
    hf_buf_add(&e->s->out, e->bytes.ptr, e->bytes.len);
    return 0;
}

/* What a person does with the file. */
static const char *const use[] = {
    [HF_CERTOUT_PEM] = "Linux: holdfast roots add FILE; most programs: their "
                       "CA file setting.",
    [HF_CERTOUT_DER] = "Windows, as administrator: certutil -addstore Root "
                       "FILE.",
    [HF_CERTOUT_P7B] =
        "One machine, as administrator: certutil -addstore Root FILE.\n"
        "A domain: Group Policy Management, edit a policy that applies to the "
        "machines; Computer Configuration / Policies / Windows Settings / "
        "Security Settings / Public Key Policies / Trusted Root Certification "
        "Authorities, Import; then gpupdate /force on a machine, and see "
        "certutil -grouppolicy -store Root.",
    [HF_CERTOUT_SST] = "Windows PowerShell, as administrator: Get-Item FILE | "
                       "Import-Certificate -CertStoreLocation "
                       "Cert:\\LocalMachine\\Root.",
    [HF_CERTOUT_REG] = "Windows, as administrator: reg import FILE.",
    [HF_CERTOUT_POL] = "The machine's local policy: "
                       "Windows\\System32\\GroupPolicy\\Machine\\Registry.pol; "
                       "merge, do not replace, one that is there (holdfast "
                       "roots add ... --store pol:FILE).",
    [HF_CERTOUT_TSV] = "A table, for diff, grep and spreadsheets.",
};

static void put_json(struct export *e)
{
    struct hf_json json;

    hf_json_init(&json, &e->s->out, true);
    hf_render_json_open(&json, e->s->cmd->path, HF_RESULT_HEALTHY,
                        &e->s->findings);
    hf_json_text(&json, "format", e->opts->format ? e->opts->format : "pem");
    hf_json_text(&json, "out", e->opts->out);
    hf_json_array(&json, "certificates");
    for (size_t i = 0; i < e->certs.count; i++)
        hf_json_stored_cert(&json, e->certs.cert[i], NULL, NULL);
    hf_json_end(&json);
    hf_json_array(&json, "left_out");
    for (size_t i = 0; i < e->left_out.count; i++)
        hf_json_text(&json, NULL, e->left_out.text[i]);
    hf_json_end(&json);
    hf_json_end(&json);
}

static void put_use(struct hf_session *s, const char *text)
{
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        HF_AUTO(hf_free_ptr) char *one = hf_view_dup(hf_view(line, len));

        hf_buf_text(&s->out, "\n");
        hf_render_wrapped(&s->out, &s->style, 0, one ? one : "");
        hf_buf_text(&s->out, "\n");
        line += len + (line[len] == '\n');
    }
}

static void put_text(struct export *e)
{
    struct hf_session *s = e->s;

    if (e->whole_list)
        hf_buf_text(&s->out, "The list was written to ");
    else
        hf_buf_printf(
            &s->out, "%zu %s written to ", e->certs.count,
            hf_plural(e->certs.count, "certificate was", "certificates were"));
    hf_render_safe(&s->out, &s->style, e->opts->out);
    hf_buf_text(&s->out, ".\n");
    for (size_t i = 0; i < e->certs.count && !e->whole_list; i++)
        hf_show_cert_line(s, e->certs.cert[i]);
    for (size_t i = 0; i < e->left_out.count; i++) {
        hf_buf_text(&s->out, "  left out: ");
        hf_render_wrapped(&s->out, &s->style, 12, e->left_out.text[i]);
        hf_buf_text(&s->out, "\n");
    }
    if (s->common->quiet || e->whole_list)
        return;
    put_use(s, use[e->format]);
}

static int work(struct export *e, struct hf_err *err)
{
    if (hf_needs_bodies(&e->opts->from, &e->extra, err) < 0 ||
        hf_lists_distrust(e->s, &e->distrust, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < e->opts->words.count; i++)
        if (add_word(e, e->opts->words.word[i], err) < 0)
            return hf_err_code(err);
    if (!e->whole_list && e->certs.count == 0)
        return HF_FAIL(err, HF_E_ABSENT, "there is nothing to export%s%s",
                       e->left_out.count > 0 ? ": " : "",
                       e->left_out.count > 0 ? e->left_out.text[0] : "");
    if (write_out(e, err) < 0)
        return hf_err_code(err);
    if (e->opts->common.json)
        put_json(e);
    else if (e->opts->out)
        put_text(e);
    return HF_EXIT_HEALTHY;
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct export_opts *opts = v;
    struct export e = { .s = s, .opts = opts };
    int rc;

    if (opts->words.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "name a PRODUCT, a store or a certificate to export");
    if (hf_match_check(&opts->words, err) < 0)
        return hf_err_code(err);
    if (!hf_certout_read(opts->format ? opts->format : "pem", &e.format))
        return HF_FAIL(err, HF_E_USAGE, "--format '%s': expected one of %s",
                       opts->format, hf_certout_words);
    if (opts->common.json && !opts->out)
        return HF_FAIL(err, HF_E_USAGE,
                       "--json needs --out: standard output "
                       "is where the certificates go");
    hf_buf_init(&e.bytes, OUT_MAX);
    rc = work(&e, err);
    hf_buf_done(&e.bytes);
    hf_texts_done(&e.left_out);
    hf_certs_done(&e.certs);
    hf_certs_done(&e.extra);
    hf_distrust_free(e.distrust);
    hf_shelf_done(&e.shelf);
    return rc;
}

static void done(void *v)
{
    struct export_opts *opts = v;

    hf_args_done(&opts->words);
    hf_args_done(&opts->stores);
    hf_args_done(&opts->from);
}

static const struct hf_example examples[] = {
    { "roots export A1 --format p7b --out a1.p7b",
      "a product's certificates, for Group Policy" },
    { "roots export cylance --format reg --out cylance.reg",
      "for one Windows machine" },
    { "roots export ctl:authrootstl.cab --format tsv",
      "Microsoft's list as a table" },
    { "roots export 'Corporate Root' --format der --out root.crt",
      "one certificate of a store here" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_export = {
    .path = "roots export",
    .words = "WHAT...",
    .summary = "certificates as a file that other programs import",
    .about = "Writes the certificates a product needs, what a store holds, or "
             "single certificates as PEM, DER, PKCS#7, a serialized store, a "
             "registry export, a Group Policy file or a table, and says what "
             "to do with it. A product's roots that have ended or are "
             "distrusted are left out unless --include-distrusted.",
    .opts = export_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL |
              HF_GROUP_QUIET | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct export_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
