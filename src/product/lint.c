/* SPDX-License-Identifier: Apache-2.0 */
/* product/lint.c - all that is wrong with a product file. */
#include "product/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "product/read.h"

void hf_lint_init(struct hf_lint *lint, const char *name)
{
    *lint = (struct hf_lint){ .name = name };
}

void hf_lint_done(struct hf_lint *lint)
{
    for (size_t i = 0; i < lint->count; i++)
        free(lint->item[i].text);
    free(lint->item);
    *lint = (struct hf_lint){ .name = lint->name };
}

int hf_lint_check(const struct hf_lint *lint, struct hf_err *err)
{
    if (lint->bad)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a list of problems");
    return 0;
}

/* Keeps the list in the order of lines; few problems, so one by one. */
static void insert(struct hf_lint *lint, struct hf_lint_item item)
{
    struct hf_lint_item *grown;
    size_t at = lint->count;

    grown = realloc(lint->item, (lint->count + 1) * sizeof(lint->item[0]));
    if (!grown) {
        free(item.text);
        lint->bad = HF_E_NOMEM;
        return;
    }
    lint->item = grown;
    while (at > 0 && grown[at - 1].line > item.line)
        at--;
    memmove(grown + at + 1, grown + at,
            (lint->count - at) * sizeof(lint->item[0]));
    grown[at] = item;
    lint->count++;
    lint->errors += item.error;
}

static void add_text(struct hf_lint *lint, bool error, unsigned line,
                     const char *text)
{
    struct hf_lint_item item = { error, line, NULL };

    if (lint->bad)
        return;
    if (lint->count == HF_LINT_MAX) {
        lint->dropped++;
        lint->errors += error;
        return;
    }
    item.text = hf_view_dup(hf_view_text(text));
    if (!item.text) {
        lint->bad = HF_E_NOMEM;
        return;
    }
    insert(lint, item);
}

void hf_lint_add(struct hf_lint *lint, bool error, unsigned line,
                 unsigned column, const char *format, ...)
{
    char why[HF_ERR_TEXT] = "", text[2 * HF_ERR_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    if (line > 0)
        (void)snprintf(text, sizeof(text), "%s:%u:%u: %s", lint->name, line,
                       column, why);
    else
        (void)snprintf(text, sizeof(text), "%s: %s", lint->name, why);
    add_text(lint, error, line, text);
}

/* The line in "NAME:LINE:COLUMN: ...", or 0. */
static unsigned line_of(const struct hf_lint *lint, const char *text)
{
    size_t len = strlen(lint->name);
    unsigned line = 0;

    if (strncmp(text, lint->name, len) != 0 || text[len] != ':')
        return 0;
    for (const char *at = text + len + 1; *at >= '0' && *at <= '9'; at++)
        line = line * 10 + (unsigned)(*at - '0');
    return line;
}

static int on_fault(void *user, struct hf_err *err)
{
    struct hf_lint *lint = user;
    char text[2 * HF_ERR_TEXT];

    hf_err_text(err, text, sizeof(text));
    add_text(lint, true, line_of(lint, text), text);
    return hf_lint_check(lint, err);
}

/* --- what the tables do not say ------------------------------------------ */

static bool is_id(const char *id)
{
    for (const char *at = id; *at; at++)
        if (!(*at >= 'a' && *at <= 'z') && !(*at >= '0' && *at <= '9') &&
            (*at != '-' || at == id))
            return false;
    return id[0] != '\0' && strlen(id) <= 64;
}

static bool same_cert(const struct hf_need *a, const struct hf_need *b)
{
    if (a->has_sha256 && b->has_sha256)
        return memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0;
    return a->has_sha1 && b->has_sha1 &&
           memcmp(a->sha1, b->sha1, sizeof(a->sha1)) == 0;
}

/* The same certificate may stand in two stores, as Windows has it. */
static void check_double(struct hf_lint *lint, const struct hf_product *product,
                         size_t at)
{
    const struct hf_need *need = &product->need[at];

    for (size_t i = 0; i < at; i++)
        if (same_cert(&product->need[i], need) &&
            product->need[i].store == need->store)
            hf_lint_add(lint, true, need->line, need->column,
                        "the certificate is the one of line %u",
                        product->need[i].line);
}

static void check_group(struct hf_lint *lint, const struct hf_product *product,
                        size_t at)
{
    const struct hf_need *need = &product->need[at];

    if (!need->any_of)
        return;
    for (size_t i = 0; i < product->need_count; i++)
        if (i != at && product->need[i].any_of &&
            strcmp(product->need[i].any_of, need->any_of) == 0)
            return;
    hf_lint_add(lint, false, need->line, need->column,
                "any_of '%s' has this one member: it is needed by itself",
                need->any_of);
}

static void check_need(struct hf_lint *lint, const struct hf_product *product,
                       size_t at)
{
    const struct hf_need *need = &product->need[at];
    unsigned line = need->line, column = need->column;

    if (!need->has_sha256 && !need->has_sha1)
        hf_lint_add(lint, true, line, column,
                    "a certificate needs sha256, or sha1 where only that is "
                    "known");
    else if (!need->has_sha256 && !need->get_from)
        hf_lint_add(lint, false, line, column,
                    "known by SHA-1 only, and no get_from says where the body "
                    "is to be had");
    if (!need->source)
        hf_lint_add(lint, false, line, column,
                    "no source: where is this known from?");
    if (need->expiry_tolerated &&
        !(need->purposes & (HF_NEED_CODESIGN | HF_NEED_TIMESTAMP)))
        hf_lint_add(lint, false, line, column,
                    "expiry_tolerated without codesign or timestamp: only "
                    "signatures outlive their root");
    check_double(lint, product, at);
    check_group(lint, product, at);
}

static void check_product(struct hf_lint *lint,
                          const struct hf_product *product)
{
    if (!is_id(product->id))
        hf_lint_add(lint, true, 0, 0,
                    "the file's name must be lower-case letters, digits and "
                    "hyphens, at most 64, and end in .yaml");
    if (!product->source)
        hf_lint_add(lint, false, 0, 0, "no source: where is this known from?");
    if (product->need_count == 0 && product->host_count == 0)
        hf_lint_add(lint, false, 0, 0,
                    "neither certificates nor hosts: nothing can be checked");
    for (size_t i = 0; i < product->need_count; i++)
        check_need(lint, product, i);
    for (size_t i = 0; i < product->other_count; i++)
        if (!product->other[i].source)
            hf_lint_add(lint, false, 0, 0,
                        "other, entry %zu: no source: where is this known "
                        "from?",
                        i + 1);
}

int hf_lint_shape(struct hf_lint *lint, const char *id, struct hf_view text,
                  struct hf_product **ret_product, struct hf_err *err)
{
    struct hf_yaml_collect collect = { on_fault, lint };
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    int rc = hf_yaml_parse(lint->name, text, &doc, err);

    if (rc == 0)
        rc = hf_product_read(doc, id, &collect, &product, err);
    if (rc == HF_E_PARSE || rc == HF_E_LIMIT)
        rc = on_fault(lint, err);
    if (rc < 0)
        return rc;
    if (product)
        check_product(lint, product);
    if (hf_lint_check(lint, err) < 0)
        return hf_err_code(err);
    *ret_product = HF_STEAL(product);
    return 0;
}
