/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_brief.c - a certificate's name, dates and key, without decoding
 * the rest. */
#include "crypto/cert_brief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "crypto/der.h"

#define TAG_UTF8 0x0c
#define TAG_PRINTABLE 0x13
#define TAG_IA5 0x16
#define TAG_UTC_TIME 0x17
#define TAG_GENERALIZED_TIME 0x18
#define TAG_SET 0x31
#define TAG_BITS 0x03
#define NAME_MAX_BYTES                                                         \
    1024 /* ours: longer ones are left to the full decoding */

static int unusual(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE, "not of the common run");
}

/* --- the name ------------------------------------------------------------- */

/* "2.5.4.N" as DER */
static int attribute_of(struct hf_view oid)
{
    return oid.len == 3 && oid.ptr[0] == 0x55 && oid.ptr[1] == 0x04 ? oid.ptr[2]
                                                                    : -1;
}

/* The last value of each kind of part, as the full decoding takes it. */
struct parts {
    struct hf_tlv common, unit, organisation;
    bool strange; /* several values in one part */
};

static bool read_part(struct hf_view set, struct parts *parts)
{
    struct hf_rd rd = hf_rd(set), in;
    struct hf_tlv pair, oid, value;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &pair))
        return false;
    parts->strange |= (!rd.bad && rd.left > 0);
    in = hf_rd(pair.body);
    if (!hf_der_expect(&in, HF_DER_OID, &oid) || !hf_der_next(&in, &value))
        return false;
    switch (attribute_of(oid.body)) {
    case 3:
        parts->common = value;
        break;
    case 10:
        parts->organisation = value;
        break;
    case 11:
        parts->unit = value;
        break;
    default:
        break;
    }
    return true;
}

/* Does the text stand for itself, whatever decodes it? */
static bool is_plain(const struct hf_tlv *value)
{
    bool ascii_only = value->tag == TAG_PRINTABLE || value->tag == TAG_IA5;
    size_t len;

    if ((!ascii_only && value->tag != TAG_UTF8) ||
        value->body.len > NAME_MAX_BYTES)
        return false;
    for (size_t at = 0; at < value->body.len; at += len) {
        struct hf_view rest = hf_view_from(value->body, at);

        len = hf_utf8_len(rest);
        if (len == 0 || (ascii_only && len > 1))
            return false;
    }
    return true;
}

static int read_name(struct hf_view subject, char **ret_name,
                     struct hf_err *err)
{
    struct hf_rd all = hf_rd(subject), rd;
    struct parts parts = { 0 };
    const struct hf_tlv *order[] = { &parts.common, &parts.unit,
                                     &parts.organisation };
    struct hf_tlv name, set;
    HF_AUTO(hf_buf_done) struct hf_buf text;

    hf_buf_init(&text, 8 * NAME_MAX_BYTES);
    if (!hf_der_expect(&all, HF_DER_SEQUENCE, &name))
        return unusual(err);
    for (rd = hf_rd(name.body); (!rd.bad && rd.left > 0);)
        if (!hf_der_expect(&rd, TAG_SET, &set) || !read_part(set.body, &parts))
            return unusual(err);
    for (size_t i = 0; i < HF_COUNT(order) && !parts.strange; i++) {
        if (order[i]->body.len == 0)
            continue;
        if (!is_plain(order[i]))
            break;
        hf_utf8_safe(&text, order[i]->body);
        *ret_name = hf_buf_steal(&text);
        return *ret_name ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    }
    return unusual(err);
}

/* --- dates ---------------------------------------------------------------- */

/* `count` digits; -1 when they are none. */
static int number(const uint8_t *at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

/* YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. Source: RFC 5280 4.1.2.5 */
static bool read_time(struct hf_rd *rd, int64_t *ret_s)
{
    struct hf_tlv time;
    const uint8_t *at;
    int wide, year;

    if (!hf_der_next(rd, &time))
        return false;
    wide = time.tag == TAG_GENERALIZED_TIME ? 4 : 2;
    if ((time.tag != TAG_UTC_TIME && time.tag != TAG_GENERALIZED_TIME) ||
        time.body.len != (size_t)wide + 11 || time.body.ptr[wide + 10] != 'Z')
        return false;
    at = time.body.ptr;
    year = number(at, wide);
    if (wide == 2 && year >= 0)
        year += year < 50 ? 2000 : 1900;
    at += wide;
    return year >= 0 && hf_calendar_s(year, number(at, 2), number(at + 2, 2),
                                      number(at + 4, 2), number(at + 6, 2),
                                      number(at + 8, 2), ret_s);
}

/* --- the key -------------------------------------------------------------- */

static const struct {
    uint8_t oid[8];
    size_t len;
    const char *text;
} curves[] = {
    { { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 }, 8, "EC prime256v1" },
    { { 0x2b, 0x81, 0x04, 0x00, 0x22 }, 5, "EC secp384r1" },
    { { 0x2b, 0x81, 0x04, 0x00, 0x23 }, 5, "EC secp521r1" },
};

static bool is_oid(struct hf_view oid, const uint8_t *bytes, size_t len)
{
    return oid.len == len && memcmp(oid.ptr, bytes, len) == 0;
}

static bool read_rsa(struct hf_view bits, char text[32])
{
    struct hf_rd rd = hf_rd(bits), in;
    struct hf_tlv key, modulus, exponent;
    uint8_t top;
    size_t count;

    if (hf_rd_uint(&rd, 1) != 0 || /* unused bits of the last byte */
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &key))
        return false;
    in = hf_rd(key.body);
    if (!hf_der_expect(&in, HF_DER_INTEGER, &modulus) ||
        !hf_der_expect(&in, HF_DER_INTEGER, &exponent) ||
        in.left + rd.left > 0 || modulus.body.len < 2 || exponent.body.len == 0)
        return false;
    if (modulus.body.ptr[0] & 0x80)
        return false; /* negative */
    if (modulus.body.ptr[0] == 0)
        modulus.body = hf_view_from(modulus.body, 1);
    top = modulus.body.ptr[0];
    if (top == 0 || modulus.body.len > 4096)
        return false;
    for (count = modulus.body.len * 8; !(top & 0x80); top = (uint8_t)(top << 1))
        count--;
    (void)snprintf(text, 32, "RSA %zu", count);
    return true;
}

static bool read_key(struct hf_view info, char text[32])
{
    static const uint8_t rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                   0x0d, 0x01, 0x01, 0x01 };
    static const uint8_t ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
    struct hf_rd rd = hf_rd(info), in;
    struct hf_tlv algorithm, oid, curve, bits;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &algorithm) ||
        !hf_der_expect(&rd, TAG_BITS, &bits))
        return false;
    in = hf_rd(algorithm.body);
    if (!hf_der_expect(&in, HF_DER_OID, &oid))
        return false;
    if (is_oid(oid.body, rsa, sizeof(rsa)))
        return read_rsa(bits.body, text);
    if (!is_oid(oid.body, ec, sizeof(ec)) ||
        !hf_der_expect(&in, HF_DER_OID, &curve))
        return false;
    for (size_t i = 0; i < HF_COUNT(curves); i++)
        if (is_oid(curve.body, curves[i].oid, curves[i].len)) {
            (void)snprintf(text, 32, "%s", curves[i].text);
            return true;
        }
    return false;
}

/* --- the certificate ------------------------------------------------------ */

int hf_cert_brief(const struct hf_cert *cert, struct hf_cert_brief *ret_brief,
                  struct hf_err *err)
{
    struct hf_view der = hf_cert_der(cert), issuer = hf_cert_issuer_der(cert);
    size_t after = (size_t)(issuer.ptr - der.ptr) + issuer.len;
    struct hf_rd rd = hf_rd(hf_view_from(der, after)), dates;
    struct hf_cert_brief brief = { 0 };
    struct hf_tlv validity, subject, key;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &validity) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &subject) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &key))
        return unusual(err);
    dates = hf_rd(validity.body);
    if (!read_time(&dates, &brief.not_before_s) ||
        !read_time(&dates, &brief.not_after_s) ||
        !read_key(key.body, brief.key_text))
        return unusual(err);
    if (read_name(subject.whole, &brief.name, err) < 0)
        return hf_err_code(err);
    *ret_brief = brief;
    return 0;
}
