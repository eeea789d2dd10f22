/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_product.c - holdfast product list and show: what is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "cli/commands.h"
#include "cli/need_json.h"
#include "doc/embed.h"
#include "judge/body.h"
#include "product/product.h"

#define NAMES_MAX 8192 /* bytes; ours: a product with 100 aliases */

struct product_opts {
    struct hf_common common;
    struct hf_args words;
};

static const struct hf_opt show_opts[] = {
    { NULL, 0, "PRODUCT...", offsetof(struct product_opts, words), hf_set_list,
      HF_VALUE_PRODUCT, "products by id or alias", NULL },
    { 0 }
};

static const char *const store_words[] = { "root", "authroot", "ca" };

static const struct {
    unsigned bit;
    const char *word;
} purposes[] = { { HF_NEED_TLS, "tls" },
                 { HF_NEED_CODESIGN, "codesign" },
                 { HF_NEED_TIMESTAMP, "timestamp" },
                 { HF_NEED_CROSS, "cross" } };

/* --- JSON ---------------------------------------------------------------- */

static void json_texts(struct hf_json *json, const char *key,
                       const struct hf_text_list *list)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < list->count; i++)
        hf_json_text(json, NULL, list->text[i]);
    hf_json_end(json);
}

static bool body_known(const struct hf_need *need)
{
    return need->pem || (need->has_sha256 && hf_embed_root_find(need->sha256));
}

static int json_need(struct hf_json *json, const struct hf_need *need,
                     struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *body = NULL;

    if (hf_body_find(NULL, need, &body, err) < 0)
        return hf_err_code(err);
    hf_json_object(json, NULL);
    hf_json_need_cert(json, need, body);
    hf_json_text(json, "store", store_words[need->store]);
    hf_json_array(json, "purposes");
    for (size_t i = 0; i < HF_COUNT(purposes); i++)
        if (need->purposes & purposes[i].bit)
            hf_json_text(json, NULL, purposes[i].word);
    hf_json_end(json);
    hf_json_text(json, "any_of", need->any_of);
    hf_json_text(json, "versions", need->versions);
    hf_json_bool(json, "expiry_tolerated", need->expiry_tolerated);
    hf_json_bool(json, "body_available", body != NULL);
    hf_json_text(json, "get_from", need->get_from);
    hf_json_text(json, "source", need->source);
    hf_json_text(json, "confidence", hf_confidence_name(need->confidence));
    hf_json_end(json);
    return 0;
}

static int json_product(struct hf_json *json, const struct hf_product *p,
                        struct hf_err *err)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "id", p->id);
    hf_json_text(json, "name", p->name);
    hf_json_text(json, "vendor", p->vendor);
    json_texts(json, "aliases", &p->aliases);
    hf_json_array(json, "certificates");
    for (size_t i = 0; i < p->need_count; i++)
        if (json_need(json, &p->need[i], err) < 0)
            return hf_err_code(err);
    hf_json_end(json);
    hf_json_array(json, "hosts");
    for (size_t i = 0; i < p->host_count; i++) {
        hf_json_object(json, NULL);
        hf_json_text(json, "host", p->host[i].host);
        hf_json_number(json, "port", p->host[i].port);
        hf_json_bool(json, "wildcard", p->host[i].wildcard);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_text(json, "tls_min", p->tls_min);
    json_texts(json, "bypass", &p->bypass);
    json_texts(json, "programs", &p->programs);
    json_texts(json, "symptoms", &p->symptoms);
    json_texts(json, "detect", &p->detect);
    hf_json_array(json, "other");
    for (size_t i = 0; i < p->other_count; i++) {
        hf_json_object(json, NULL);
        hf_json_text(json, "text", p->other[i].text);
        hf_json_text(json, "source", p->other[i].source);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_text(json, "source", p->source);
    hf_json_text(json, "confidence", hf_confidence_name(p->confidence));
    hf_json_text(json, "file", p->path);
    hf_json_end(json);
    return 0;
}

static int put_json(struct hf_session *s, const struct hf_products *all,
                    struct hf_err *err)
{
    struct hf_json json;

    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, s->cmd->path, HF_RESULT_HEALTHY, &s->findings);
    hf_json_array(&json, "products");
    for (size_t i = 0; i < all->count; i++)
        if (json_product(&json, all->product[i], err) < 0)
            return hf_err_code(err);
    hf_json_end(&json);
    hf_json_end(&json);
    return 0;
}

/* --- text ---------------------------------------------------------------- */

/* Columns of the longest id. */
static size_t id_columns(const struct hf_products *all)
{
    size_t longest = 0;

    for (size_t i = 0; i < all->count; i++) {
        size_t len = strlen(all->product[i]->id);

        longest = len > longest ? len : longest;
    }
    return longest;
}

static void put_line(struct hf_session *s, const struct hf_product *p,
                     size_t columns)
{
    HF_AUTO(hf_buf_done) struct hf_buf names = { 0 };
    HF_AUTO(hf_free_ptr) char *text = NULL;
    /* two blanks, the id, " 12 certificates  " */
    unsigned indent = (unsigned)columns + 20;

    if (s->common->quiet) {
        hf_buf_printf(&s->out, "%s\n", p->id);
        return;
    }
    hf_buf_init(&names, NAMES_MAX);
    hf_buf_text(&names, p->name);
    for (size_t i = 0; i < p->aliases.count; i++)
        hf_buf_printf(&names, "%s%s", i == 0 ? " (also " : ", ",
                      p->aliases.text[i]);
    hf_buf_text(&names, p->aliases.count > 0 ? ")" : "");
    text = hf_buf_steal(&names);
    hf_buf_printf(&s->out, "  %-*s %2zu %-12s  ", (int)columns, p->id,
                  p->need_count,
                  hf_plural(p->need_count, "certificate", "certificates"));
    hf_render_wrapped(&s->out, &s->style, indent, text ? text : p->name);
    hf_buf_text(&s->out, "\n");
}

static void put_field(struct hf_session *s, const char *label,
                      const char *value)
{
    if (!value || !*value)
        return;
    hf_buf_printf(&s->out, "  %s%-11s%s ", hf_ink(&s->style, HF_INK_DIM), label,
                  hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_wrapped(&s->out, &s->style, 14, value);
    hf_buf_text(&s->out, "\n");
}

static void put_texts(struct hf_session *s, const char *label,
                      const struct hf_text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        put_field(s, i == 0 ? label : "", list->text[i]);
}

static void put_hash(struct hf_session *s, const char *label,
                     struct hf_view bytes)
{
    char hash[2 * 32 + 1];

    hf_hex(bytes, hash);
    hf_buf_printf(&s->out, "      %s%-8s%s %s\n", hf_ink(&s->style, HF_INK_DIM),
                  label, hf_ink(&s->style, HF_INK_PLAIN), hash);
}

static void put_remark(struct hf_session *s, const char *label,
                       const char *text)
{
    if (!text)
        return;
    hf_buf_printf(&s->out, "      %s%-8s%s ", hf_ink(&s->style, HF_INK_DIM),
                  label, hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_wrapped(&s->out, &s->style, 15, text);
    hf_buf_text(&s->out, "\n");
}

static void put_need(struct hf_session *s, const struct hf_need *need)
{
    hf_buf_text(&s->out, "    ");
    hf_render_safe(&s->out, &s->style, need->name);
    hf_buf_printf(&s->out, "  %s[%s", hf_ink(&s->style, HF_INK_DIM),
                  store_words[need->store]);
    for (size_t i = 0; i < HF_COUNT(purposes); i++)
        if (need->purposes & purposes[i].bit)
            hf_buf_printf(&s->out, " %s", purposes[i].word);
    hf_buf_printf(&s->out, "]%s\n", hf_ink(&s->style, HF_INK_PLAIN));
    if (need->has_sha1)
        put_hash(s, "SHA-1", hf_view(need->sha1, 20));
    if (need->has_sha256)
        put_hash(s, "SHA-256", hf_view(need->sha256, 32));
    put_remark(s, "any of", need->any_of);
    put_remark(s, "versions", need->versions);
    if (!body_known(need))
        put_remark(s, "body",
                   need->get_from ? need->get_from : "unavailable here");
    if (s->style.verbose) {
        put_remark(s, "source", need->source);
        put_remark(s, "belief", hf_confidence_name(need->confidence));
    }
}

static void put_hosts(struct hf_session *s, const struct hf_product *p)
{
    for (size_t i = 0; i < p->host_count; i++) {
        char text[300];

        (void)snprintf(text, sizeof(text), "%s:%u", p->host[i].host,
                       (unsigned)p->host[i].port);
        put_field(s, i == 0 ? "hosts" : "", text);
    }
}

static void put_product(struct hf_session *s, const struct hf_product *p)
{
    hf_buf_printf(&s->out, "%s", hf_ink(&s->style, HF_INK_BOLD));
    hf_render_safe(&s->out, &s->style, p->name);
    hf_buf_printf(&s->out, "%s  (%s)\n", hf_ink(&s->style, HF_INK_PLAIN),
                  p->id);
    put_field(s, "vendor", p->vendor);
    put_texts(s, "also", &p->aliases);
    put_texts(s, "symptoms", &p->symptoms);
    put_hosts(s, p);
    put_field(s, "TLS from", p->tls_min);
    put_texts(s, "bypass", &p->bypass);
    put_texts(s, "programs", &p->programs);
    if (s->style.verbose)
        put_texts(s, "found by", &p->detect);
    for (size_t i = 0; i < p->other_count; i++)
        put_field(s, i == 0 ? "needs also" : "", p->other[i].text);
    put_field(s, "source", p->source);
    put_field(s, "belief", hf_confidence_name(p->confidence));
    put_field(s, "file", p->path);
    hf_buf_text(&s->out, "  certificates\n");
    for (size_t i = 0; i < p->need_count; i++)
        put_need(s, &p->need[i]);
}

static int run_list(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct product_opts *opts = v;
    struct hf_products all = { 0 };
    size_t columns;
    int rc = 0;

    if (hf_products_all(opts->common.root, &all, err) < 0)
        return hf_err_code(err);
    columns = id_columns(&all);
    if (opts->common.json)
        rc = put_json(s, &all, err);
    for (size_t i = 0; i < all.count && !opts->common.json; i++)
        put_line(s, all.product[i], columns);
    hf_products_done(&all);
    return rc < 0 ? rc : HF_EXIT_HEALTHY;
}

static int run_show(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct product_opts *opts = v;
    struct hf_products shown = { 0 };
    int rc = 0;

    if (opts->words.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "name a PRODUCT: 'holdfast product "
                       "list' shows them");
    shown.product = calloc(opts->words.count, sizeof(struct hf_product *));
    if (!shown.product)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for products");
    for (size_t i = 0; rc == 0 && i < opts->words.count; i++) {
        rc = hf_product_find(opts->common.root, opts->words.word[i],
                             &shown.product[i], err);
        shown.count += rc == 0;
    }
    if (rc == HF_E_ABSENT)
        err->code = HF_E_USAGE;
    if (rc == 0 && opts->common.json)
        rc = put_json(s, &shown, err);
    for (size_t i = 0; rc == 0 && !opts->common.json && i < shown.count; i++) {
        hf_buf_text(&s->out, i > 0 ? "\n" : "");
        put_product(s, shown.product[i]);
    }
    hf_products_done(&shown);
    return rc < 0 ? err->code : HF_EXIT_HEALTHY;
}

static void done(void *v)
{
    struct product_opts *opts = v;

    hf_args_done(&opts->words);
}

static const struct hf_example list_examples[] = {
    { "product list", "every product known, with the files in "
                      "/etc/holdfast/products" },
    { "product list -q", "their ids alone" },
    { 0 }
};

static const struct hf_example show_examples[] = {
    { "product show cylance", "roots, hosts, symptoms, and where that is known "
                              "from" },
    { "product show A1 -v", "with the source of each certificate" },
    { 0 }
};

const struct hf_cmd hf_cmd_product_list = {
    .path = "product list",
    .words = "",
    .summary = "the products whose needs are known",
    .about = "Lists the products this program knows the needs of: those built "
             "in and those in /etc/holdfast/products.",
    .opts = NULL,
    .groups = HF_GROUP_JSON | HF_GROUP_QUIET | HF_GROUP_ROOT,
    .size = sizeof(struct product_opts),
    .examples = list_examples,
    .run = run_list,
    .done = done,
};

const struct hf_cmd hf_cmd_product_show = {
    .path = "product show",
    .words = "PRODUCT...",
    .summary = "what a product needs, and where that is known from",
    .about = "Prints everything known about a product: the certificates it "
             "needs, its hosts, the domains never to be inspected, the "
             "symptoms people see, and the source and confidence of each "
             "statement.",
    .opts = show_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_ROOT,
    .size = sizeof(struct product_opts),
    .examples = show_examples,
    .run = run_show,
    .done = done,
};
