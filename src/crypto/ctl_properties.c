/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_properties.c - what a trust list says of one certificate.
 *
 * Property ::= SEQUENCE { type OID 1.3.6.1.4.1.311.10.11.N,
 *                         SET { value OCTET STRING } }
 * N is a CERT_*_PROP_ID of wincrypt.h. A property we do not know is passed
 * over; one we know and cannot read is an error: what restricts a root must
 * not get lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "base/utf16.h"
#include "crypto/ctl_decode.h"
#include "crypto/der.h"
#include "crypto/eku.h"

#define TAG_OCTETS 0x04
#define TAG_SET 0x31
#define OID_TEXT 256 /* bytes; ours: 31 today */

enum property {
    EKU = 9,
    NAME = 11,
    SHA256 = 98,
    DISALLOWED = 104,
    DISALLOWED_EKU = 122,
    NOT_BEFORE = 126,
    NOT_BEFORE_EKU = 127
};

struct properties {
    const uint8_t *file;
    size_t *texts_left;
    struct hf_ctl_entry *entry;
    struct hf_err *err;
};

static int fail(const struct properties *p, const uint8_t *at, const char *what)
{
    return HF_FAIL(p->err, HF_E_PARSE, "offset %zu: expected %s",
                   (size_t)(at - p->file), what);
}

/* --- purposes ------------------------------------------------------------ */

static const struct {
    const char *oid, *word;
} words[] = {
    { "1.3.6.1.5.5.7.3.1", "serverAuth" },
    { "1.3.6.1.5.5.7.3.2", "clientAuth" },
    { "1.3.6.1.5.5.7.3.3", "codeSign" },
    { "1.3.6.1.5.5.7.3.4", "email" },
    { "1.3.6.1.5.5.7.3.5", "ipsecEnd" },
    { "1.3.6.1.5.5.7.3.6", "ipsecTunnel" },
    { "1.3.6.1.5.5.7.3.7", "ipsecUser" },
    { "1.3.6.1.5.5.7.3.8", "timestamp" },
    { "1.3.6.1.5.5.7.3.9", "ocsp" },
    { "1.3.6.1.4.1.311.10.3.4", "EFS" },
    { "1.3.6.1.4.1.311.10.3.12", "docSign" },
};

/* One number of an identifier; false when it is cut or does not fit. */
static bool read_arc(struct hf_rd *rd, uint64_t *ret_arc)
{
    uint64_t arc = 0;
    uint32_t byte;

    do {
        byte = hf_rd_uint(rd, 1);
        if (rd->bad || arc >> 57)
            return false;
        arc = arc << 7 | (byte & 0x7f);
    } while (byte & 0x80);
    *ret_arc = arc;
    return true;
}

/* "1.3.6.1.5.5.7.3.1". Source: X.690 8.19 */
static bool oid_text(struct hf_view body, char text[OID_TEXT])
{
    struct hf_rd rd = hf_rd(body);
    uint64_t arc;
    size_t len;

    if (!read_arc(&rd, &arc))
        return false;
    len = (size_t)snprintf(
        text, OID_TEXT, "%u.%llu", arc < 80 ? (unsigned)(arc / 40) : 2u,
        (unsigned long long)(arc < 80 ? arc % 40 : arc - 80));
    while (rd.left > 0) {
        if (!read_arc(&rd, &arc) || len >= OID_TEXT)
            return false;
        len += (size_t)snprintf(text + len, OID_TEXT - len, ".%llu",
                                (unsigned long long)arc);
    }
    return len < OID_TEXT;
}

static int add_purpose(const struct properties *p, struct hf_view oid,
                       struct hf_texts *texts)
{
    char text[OID_TEXT];
    const char *word = text;

    if (!oid_text(oid, text))
        return fail(p, oid.ptr, "the identifier of a purpose");
    if (*p->texts_left == 0)
        return HF_FAIL(p->err, HF_E_LIMIT, "more purposes than are read");
    (*p->texts_left)--;
    for (size_t i = 0; i < HF_COUNT(words); i++)
        if (strcmp(words[i].oid, text) == 0)
            word = words[i].word;
    if (!hf_texts_take(texts, hf_view_dup(hf_view_text(word))))
        return HF_FAIL(p->err, HF_E_NOMEM, "no memory for a purpose");
    return 0;
}

static int compare(const void *a, const void *b)
{
    return strcasecmp(*(char *const *)a, *(char *const *)b);
}

/* An empty value takes a restriction back; an empty list is one. */
static int read_purposes(const struct properties *p, struct hf_view value,
                         struct hf_texts *texts)
{
    struct hf_rd rd = hf_rd(value);
    struct hf_tlv tlv;

    if (value.len == 0)
        return 0;
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv) || rd.left > 0)
        return fail(p, value.ptr, "a list of purposes");
    rd = hf_rd(tlv.body);
    while (rd.left > 0) {
        const uint8_t *at = rd.at;

        if (!hf_der_expect(&rd, HF_DER_OID, &tlv))
            return fail(p, at, "the identifier of a purpose");
        if (add_purpose(p, tlv.body, texts) < 0)
            return hf_err_code(p->err);
    }
    if (texts->count > 1)
        qsort(texts->text, texts->count, sizeof(texts->text[0]), compare);
    return 0;
}

static int read_eku(const struct properties *p, struct hf_view value)
{
    if (read_purposes(p, value, &p->entry->eku) < 0)
        return hf_err_code(p->err);
    if (value.len == 0)
        return 0;
    if (p->entry->eku.count == 0 &&
        !hf_texts_take(&p->entry->eku, hf_view_dup(hf_view_text("none"))))
        return HF_FAIL(p->err, HF_E_NOMEM, "no memory for a purpose");
    return hf_eku_purposes(value, &p->entry->purposes, p->err);
}

/* --- the others ---------------------------------------------------------- */

static int read_name(const struct properties *p, struct hf_view value)
{
    HF_AUTO(hf_buf_done) struct hf_buf name = { 0 };

    /* two bytes become at most three */
    hf_buf_init(&name, 2 * value.len + 4);
    hf_utf16le_to_utf8(&name, hf_utf16le_trim(value));
    p->entry->name = hf_buf_steal(&name);
    if (!p->entry->name)
        return HF_FAIL(p->err, HF_E_NOMEM, "no memory for a name");
    return 0;
}

static int read_sha256(const struct properties *p, struct hf_view value)
{
    struct hf_ctl_entry *entry = p->entry;

    if (value.len != HF_SHA256_LEN ||
        (entry->by == HF_CTL_BY_SHA256 &&
         memcmp(entry->sha256, value.ptr, HF_SHA256_LEN) != 0))
        return fail(p, value.ptr, "the SHA-256 of the certificate");
    memcpy(entry->sha256, value.ptr, HF_SHA256_LEN);
    entry->has_sha256 = true;
    return 0;
}

/* A FILETIME. An empty one says that there is no such time any more. */
static int read_when(const struct properties *p, struct hf_view value,
                     struct hf_ctl_when *when)
{
    uint64_t filetime = 0;

    if (value.len != 0 && value.len != 8)
        return fail(p, value.ptr, "a time of eight bytes");
    when->cleared = value.len == 0;
    when->set = value.len == 8;
    for (size_t i = value.len; i > 0; i--)
        filetime = filetime << 8 | value.ptr[i - 1];
    if (when->set)
        when->time_s = hf_calendar_filetime_s(filetime);
    return 0;
}

static int read_property(const struct properties *p, unsigned id,
                         struct hf_view value)
{
    struct hf_ctl_entry *entry = p->entry;

    switch (id) {
    case EKU:
        return read_eku(p, value);
    case NAME:
        return read_name(p, value);
    case SHA256:
        return read_sha256(p, value);
    case DISALLOWED:
        return read_when(p, value, &entry->disallowed);
    case DISALLOWED_EKU:
        return read_purposes(p, value, &entry->disallowed_eku);
    case NOT_BEFORE:
        return read_when(p, value, &entry->not_before);
    case NOT_BEFORE_EKU:
        return read_purposes(p, value, &entry->not_before_eku);
    default:
        return 0;
    }
}

/* Its bit in the set of those that are read, 0 for one that is not. */
static unsigned known_bit(unsigned id)
{
    static const uint8_t known[] = { EKU,           NAME,       SHA256,
                                     DISALLOWED,    NOT_BEFORE, DISALLOWED_EKU,
                                     NOT_BEFORE_EKU };

    for (unsigned i = 0; i < HF_COUNT(known); i++)
        if (known[i] == id)
            return 1u << i;
    return 0;
}

/* The number behind 1.3.6.1.4.1.311.10.11., or 0. */
static unsigned property_id(struct hf_view oid)
{
    static const char prefix[] = "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0b";
    struct hf_rd rd;
    uint64_t id;

    if (oid.len < sizeof(prefix) ||
        memcmp(oid.ptr, prefix, sizeof(prefix) - 1) != 0)
        return 0;
    rd = hf_rd(hf_view_from(oid, sizeof(prefix) - 1));
    return read_arc(&rd, &id) && rd.left == 0 && id < 256 ? (unsigned)id : 0;
}

/* One property. `*seen` tells those that were there before. */
static int read_one(const struct properties *p, struct hf_view body,
                    unsigned *seen)
{
    struct hf_rd rd = hf_rd(body), inside;
    struct hf_tlv oid, set, value;
    unsigned id, bit;

    if (!hf_der_expect(&rd, HF_DER_OID, &oid))
        return fail(p, body.ptr, "the identifier of a property");
    id = property_id(oid.body);
    bit = known_bit(id);
    if (bit == 0)
        return 0;
    if (!hf_der_expect(&rd, TAG_SET, &set) || rd.left > 0)
        return fail(p, oid.whole.ptr + oid.whole.len, "one value");
    inside = hf_rd(set.body);
    if (!hf_der_expect(&inside, TAG_OCTETS, &value) || inside.left > 0)
        return fail(p, set.body.ptr, "one value");
    if (*seen & bit)
        return HF_FAIL(p->err, HF_E_PARSE,
                       "offset %zu: property %u stands there twice",
                       (size_t)(body.ptr - p->file), id);
    *seen |= bit;
    return read_property(p, id, value.body);
}

int hf_ctl_properties(struct hf_view set, const uint8_t *file,
                      size_t *texts_left, struct hf_ctl_entry *entry,
                      struct hf_err *err)
{
    struct properties p = { file, texts_left, entry, err };
    struct hf_rd rd = hf_rd(set);
    unsigned seen = 0;

    while (rd.left > 0) {
        const uint8_t *at = rd.at;
        struct hf_tlv tlv;

        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
            return fail(&p, at, "a property");
        if (read_one(&p, tlv.body, &seen) < 0)
            return hf_err_code(err);
    }
    if (!entry->name) {
        entry->name = hf_view_dup(hf_view(NULL, 0));
        if (!entry->name)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    }
    return 0;
}
