/* SPDX-License-Identifier: Apache-2.0 */
/* store/pemtext.c - certificates put into and cut out of a PEM text. */
#include "store/pemtext.h"

#include <stdio.h>

#include "base/hex.h"
#include "base/utf8.h"

#define SLUG_MAX 48 /* bytes; ours: keeps file names readable */

void hf_pem_change_done(struct hf_pem_change *change)
{
    hf_buf_done(&change->text);
    hf_certs_done(&change->added);
    hf_certs_done(&change->removed);
}

/* Nothing but visible characters, blanks and what is not ASCII? */
static bool is_text(struct hf_view bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] < ' ' && !memchr("\t\n\f\r", bytes.ptr[i], 4))
            return false;
    return true;
}

int hf_pem_load(struct hf_view bytes, struct hf_load *ret_load,
                struct hf_err *err)
{
    int rc;

    if (hf_view_trim(bytes).len == 0) {
        *ret_load = (struct hf_load){ .kind = HF_LOAD_PEM };
        return 0;
    }
    rc = hf_load_certs(bytes, NULL, ret_load, err);
    /* a text of comments is an empty bundle; bytes that are none are not */
    if (rc == HF_E_PARSE && is_text(bytes) &&
        hf_view_find(bytes, "-----BEGIN ") == SIZE_MAX) {
        *ret_load = (struct hf_load){ .kind = HF_LOAD_PEM };
        return 0;
    }
    return rc;
}

static bool is_listed(const struct hf_certs *list, const struct hf_cert *cert)
{
    return list && hf_certs_by_sha256(list, hf_cert_sha256(cert));
}

/* A block that holds several certificates can only go whole. */
static int check_cut(const char *path, const struct hf_load *load,
                     const struct hf_certs *remove, struct hf_err *err)
{
    for (size_t i = 1; i < load->count; i++) {
        const struct hf_loaded *a = &load->item[i - 1], *b = &load->item[i];

        if (b->offset < a->end &&
            is_listed(remove, a->cert) != is_listed(remove, b->cert))
            return HF_FAIL(err, HF_E_USAGE,
                           "'%s' line %u: the certificate stands in one block "
                           "with others and cannot be cut out alone",
                           path, a->line_no);
    }
    return 0;
}

/* Copies everything but the blocks of `remove`. */
static void copy_rest(struct hf_view bytes, const struct hf_load *load,
                      const struct hf_certs *remove,
                      struct hf_pem_change *change)
{
    size_t from = 0;

    for (size_t i = 0; i < load->count; i++) {
        const struct hf_loaded *item = &load->item[i];

        if (!is_listed(remove, item->cert)) {
            change->left++;
            continue;
        }
        if (!is_listed(&change->removed, item->cert))
            hf_certs_add(&change->removed, item->cert);
        if (item->offset < from)
            continue; /* of the block that was cut just now */
        hf_buf_add(&change->text, bytes.ptr + from, item->offset - from);
        from = item->end;
    }
    hf_buf_view(&change->text, hf_view_from(bytes, from));
    change->left += load->fault_count;
}

static bool has_crlf(struct hf_view text)
{
    const uint8_t *lf = text.len > 0 ? memchr(text.ptr, '\n', text.len) : NULL;

    return lf && lf > text.ptr && lf[-1] == '\r';
}

static void append(struct hf_buf *text, const struct hf_cert *cert, bool crlf)
{
    HF_AUTO(hf_buf_done) struct hf_buf pem = { 0 };
    struct hf_view rest;

    hf_buf_init(&pem, 2 * HF_CERT_MAX);
    hf_cert_pem(&pem, cert);
    if (pem.bad && !text->bad)
        text->bad = pem.bad;
    rest = hf_buf_peek(&pem);
    while (crlf && rest.len > 0) {
        hf_buf_view(text, hf_view_line(&rest));
        hf_buf_text(text, "\r\n");
    }
    hf_buf_view(text, rest);
}

static void add_missing(const struct hf_load *load, const struct hf_certs *add,
                        bool crlf, struct hf_pem_change *change)
{
    struct hf_buf *text = &change->text;

    for (size_t i = 0; i < add->count; i++) {
        struct hf_cert *cert = add->cert[i];
        bool there = is_listed(&change->added, cert);

        for (size_t k = 0; k < load->count && !there; k++)
            there = hf_cert_same(load->item[k].cert, cert) &&
                    !is_listed(&change->removed, cert);
        if (there)
            continue;
        if (text->len > 0 && text->ptr[text->len - 1] != '\n')
            hf_buf_text(text, crlf ? "\r\n" : "\n");
        append(text, cert, crlf);
        hf_certs_add(&change->added, cert);
        change->left++;
    }
}

static int edit(const char *path, struct hf_view bytes,
                const struct hf_load *load, const struct hf_certs *add,
                const struct hf_certs *remove, struct hf_pem_change *change,
                struct hf_err *err)
{
    if (check_cut(path, load, remove, err) < 0)
        return hf_err_code(err);
    hf_buf_init(&change->text, HF_LOAD_MAX);
    copy_rest(bytes, load, remove, change);
    if (add)
        add_missing(load, add, has_crlf(bytes), change);
    if (load->kind != HF_LOAD_PEM &&
        change->added.count + change->removed.count > 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is not PEM: such a file is read, not changed",
                       path);
    if (hf_certs_check(&change->added, err) < 0 ||
        hf_certs_check(&change->removed, err) < 0)
        return hf_err_code(err);
    return hf_buf_check(&change->text, err) < 0 ? HF_WRAP(err, "'%s'", path)
                                                : 0;
}

int hf_pem_edit(const char *path, struct hf_view bytes,
                const struct hf_certs *add, const struct hf_certs *remove,
                struct hf_pem_change *ret_change, struct hf_err *err)
{
    struct hf_pem_change change = { 0 };
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };

    if (hf_pem_load(bytes, &load, err) < 0)
        return HF_WRAP(err, "'%s'", path);
    if (edit(path, bytes, &load, add, remove, &change, err) < 0) {
        hf_pem_change_done(&change);
        return hf_err_code(err);
    }
    *ret_change = change;
    return 0;
}

int hf_pem_file_name(struct hf_cert *cert, char **ret_name, struct hf_err *err)
{
    const struct hf_cert_info *info = hf_cert_info(cert, err);
    char text[SLUG_MAX + 1], digits[9];
    char *name;

    if (!info)
        return HF_WRAP(err, "the certificate to add");
    hf_utf8_slug(info->name, text, sizeof(text));
    hf_hex(hf_view(hf_cert_sha256(cert), 4), digits);
    if (asprintf(&name, "holdfast-%s-%s", text[0] ? text : "certificate",
                 digits) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a file name");
    *ret_name = name;
    return 0;
}
