/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load_pem.c - PEM blocks, with anything between them. RFC 7468 */
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/der.h"
#include "crypto/load_parts.h"

#define DASHES "-----"
#define BEGIN "-----BEGIN "
#define END "-----END "

enum label { LABEL_CERT, LABEL_TRUSTED, LABEL_PKCS7, LABEL_CRL, LABEL_OTHER };

static const struct {
    const char *text;
    enum label label;
} labels[] = {
    { "CERTIFICATE", LABEL_CERT },
    { "X509 CERTIFICATE", LABEL_CERT },
    { "TRUSTED CERTIFICATE", LABEL_TRUSTED }, /* OpenSSL: settings follow */
    { "PKCS7", LABEL_PKCS7 },
    { "PKCS #7 SIGNED DATA", LABEL_PKCS7 },
    { "CMS", LABEL_PKCS7 },
    { "X509 CRL", LABEL_CRL },
};

static enum label label_of(struct hf_view text)
{
    for (size_t i = 0; i < HF_COUNT(labels); i++)
        if (hf_view_is(text, labels[i].text))
            return labels[i].label;
    return LABEL_OTHER;
}

/* Counts lines as the walk goes on, so that the whole costs one pass. */
struct walk {
    struct hf_view all;
    size_t counted; /* bytes whose lines are in line_no */
    unsigned line_no;
    struct hf_buf der;
};

static unsigned line_at(struct walk *w, size_t offset)
{
    const uint8_t *lf;

    while (w->counted < offset &&
           (lf = memchr(w->all.ptr + w->counted, '\n', offset - w->counted))) {
        w->counted = (size_t)(lf - w->all.ptr) + 1;
        w->line_no++;
    }
    w->counted = offset > w->counted ? offset : w->counted;
    return w->line_no;
}

/* A block: BEGIN line, body, END line. */
struct block {
    struct hf_view label, body;
    size_t body_at, end;
};

/* Finds the END line; false when there is none before the next BEGIN. `b->end`
 * is then where the search goes on. */
static bool find_end(struct hf_view all, struct block *b)
{
    struct hf_view rest = hf_view_from(all, b->body_at);
    size_t next = hf_view_find(rest, BEGIN);
    struct hf_view own = hf_view(rest.ptr, next == SIZE_MAX ? rest.len : next);
    size_t end = hf_view_find(own, END);
    struct hf_view line;

    if (end == SIZE_MAX) {
        b->end = b->body_at + own.len;
        return false;
    }
    b->body = hf_view(own.ptr, end);
    rest = hf_view_from(rest, end);
    b->end = b->body_at + end + rest.len;
    line = hf_view_trim(hf_view_line(&rest));
    b->end -= rest.len;
    line = hf_view_from(line, strlen(END));
    return line.len == b->label.len + strlen(DASHES) &&
           hf_view_same(hf_view(line.ptr, b->label.len), b->label) &&
           hf_view_is(hf_view_from(line, b->label.len), DASHES);
}

/* Decodes the body into w->der. Returns 1 decoded, 0 a fault was noted. */
static int decode(struct hf_load *load, struct walk *w, const struct block *b,
                  const struct hf_load_place *place, struct hf_err *err)
{
    size_t offset;
    int rc;

    w->der.len = 0;
    rc = hf_base64_read(b->body, &w->der, &offset);
    if (rc == 0)
        return 1;
    if (rc != HF_E_PARSE) {
        /* what does not fit is one damaged block; no memory is no memory */
        rc = hf_buf_check(&w->der, err);
        w->der.bad = 0;
        if (rc == HF_E_NOMEM)
            return rc;
        return hf_load_fault(load, place, err,
                             "line %u: the block holds more than %zu bytes",
                             place->line_no, w->der.max);
    }
    offset += b->body_at;
    if (offset >= b->body_at + b->body.len)
        return hf_load_fault(load, place, err,
                             "line %u: the base64 ends in the middle of a "
                             "group of four characters",
                             line_at(w, offset));
    return hf_load_fault(load, place, err,
                         "line %u: byte 0x%02x at offset %zu is not base64 "
                         "there",
                         line_at(w, offset), (unsigned)w->all.ptr[offset],
                         offset);
}

static int add_block(struct hf_load *load, struct walk *w,
                     const struct block *b, const struct hf_load_place *place,
                     struct hf_err *err)
{
    enum label label = label_of(b->label);
    struct hf_view der;
    int rc;

    if (label == LABEL_CRL || label == LABEL_OTHER) {
        load->crl_count += label == LABEL_CRL;
        load->other_count += label == LABEL_OTHER;
        return 0;
    }
    rc = decode(load, w, b, place, err);
    if (rc <= 0)
        return rc;
    der = hf_buf_peek(&w->der);
    if (label == LABEL_PKCS7)
        return hf_load_pkcs7(load, der, place, err);
    if (label == LABEL_TRUSTED && hf_der_len(der) > 0)
        der.len = hf_der_len(der);
    return hf_load_add(load, der, place, err);
}

/* The block that begins at `at`; sets b->end to where the walk goes on. */
static int read_block(struct hf_load *load, struct walk *w, size_t at,
                      struct block *b, struct hf_err *err)
{
    struct hf_load_place place = { at, 0, line_at(w, at) };
    struct hf_view rest = hf_view_from(w->all, at);
    size_t before = rest.len;
    struct hf_view line = hf_view_trim(hf_view_line(&rest));

    b->body_at = at + before - rest.len;
    b->end = b->body_at;
    line = hf_view_from(line, strlen(BEGIN));
    if (line.len < strlen(DASHES) ||
        !hf_view_is(hf_view_from(line, line.len - strlen(DASHES)), DASHES))
        return hf_load_fault(load, &place, err,
                             "line %u: a BEGIN line without its closing dashes",
                             place.line_no);
    b->label = hf_view(line.ptr, line.len - strlen(DASHES));
    if (!find_end(w->all, b))
        return hf_load_fault(load, &place, err,
                             "line %u: '-----BEGIN %.*s-----' has no END line "
                             "that matches",
                             place.line_no,
                             (int)(b->label.len < 40 ? b->label.len : 40),
                             (const char *)b->label.ptr);
    place.end = b->end;
    return add_block(load, w, b, &place, err);
}

int hf_load_pem(struct hf_load *load, struct hf_view bytes, struct hf_err *err)
{
    struct walk w = { .all = bytes, .line_no = 1 };
    size_t at = hf_view_find(bytes, BEGIN);
    int rc = 0;

    load->kind = HF_LOAD_PEM;
    hf_buf_init(&w.der, HF_LOAD_BINARY_MAX);
    while (at != SIZE_MAX && rc == 0) {
        struct block b = { 0 };
        size_t next;

        rc = read_block(load, &w, at, &b, err);
        next = hf_view_find(hf_view_from(bytes, b.end), BEGIN);
        at = next == SIZE_MAX ? SIZE_MAX : b.end + next;
    }
    hf_buf_done(&w.der);
    return rc;
}
