/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_outline.c - where a trust list stands in its PKCS#7. RFC 2315 9.1
 *
 * Walked by our own reader, so that what OpenSSL verifies is what we read: it
 * is given these bytes as the content, not its own idea of them. */
#include "crypto/ctl_decode.h"
#include "crypto/der.h"

/* What stands around the list: real files have 4 KB, two certificates and one
 * signer. OpenSSL needs up to forty times the bytes it decodes, digests the
 * list once for each algorithm, and builds a chain for each signer. */
#define AROUND_MAX (256 * 1024) /* bytes; ours */
#define DIGESTS_MAX 4           /* ours */
#define CERTS_MAX 32            /* ours */

#define TAG_SET 0x31
#define TAG_0 0xa0
#define TAG_1 0xa1

static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                       0x0d, 0x01, 0x07, 0x02 };
/* 1.3.6.1.4.1.311.10.1 */
static const uint8_t trust_list[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
                                      0x82, 0x37, 0x0a, 0x01 };

struct walk {
    const uint8_t *file;
    struct hf_err *err;
};

/* Enters the element with `tag`, the next of `rd`. */
static int enter(const struct walk *walk, struct hf_rd *rd, uint8_t tag,
                 const char *what, struct hf_rd *ret_inside)
{
    size_t at = (size_t)(rd->at - walk->file);
    struct hf_tlv tlv;

    if (!hf_der_expect(rd, tag, &tlv))
        return HF_FAIL(walk->err, HF_E_PARSE, "offset %zu: expected %s", at,
                       what);
    *ret_inside = hf_rd(tlv.body);
    return 0;
}

static int expect_oid(const struct walk *walk, struct hf_rd *rd,
                      struct hf_view oid, const char *what)
{
    size_t at = (size_t)(rd->at - walk->file);
    struct hf_tlv tlv;

    if (!hf_der_expect(rd, HF_DER_OID, &tlv) || !hf_view_same(tlv.body, oid))
        return HF_FAIL(walk->err, HF_E_PARSE, "offset %zu: expected %s", at,
                       what);
    return 0;
}

/* How many elements `rd` still has; at most `max`. */
static int count(const struct walk *walk, struct hf_rd rd, size_t max,
                 const char *what, size_t *ret_count)
{
    struct hf_tlv tlv;
    size_t n = 0;

    while (rd.left > 0) {
        size_t at = (size_t)(rd.at - walk->file);

        if (!hf_der_next(&rd, &tlv))
            return HF_FAIL(walk->err, HF_E_PARSE, "offset %zu: the %s are cut",
                           at, what);
        if (++n > max)
            return HF_FAIL(walk->err, HF_E_LIMIT,
                           "offset %zu: at most %zu %s are read", at, max,
                           what);
    }
    *ret_count = n;
    return 0;
}

/* ContentInfo down to the fields of SignedData. */
static int open_signed(const struct walk *walk, struct hf_view bytes,
                       struct hf_rd *ret_fields)
{
    struct hf_rd all = hf_rd(bytes), info, tagged;

    if (enter(walk, &all, HF_DER_SEQUENCE, "a PKCS#7", &info) < 0)
        return hf_err_code(walk->err);
    if (all.left > 0)
        return HF_FAIL(walk->err, HF_E_PARSE,
                       "offset %zu: %zu bytes follow the list",
                       bytes.len - all.left, all.left);
    if (expect_oid(walk, &info, hf_view(signed_data, sizeof(signed_data)),
                   "PKCS#7 SignedData") < 0 ||
        enter(walk, &info, TAG_0, "SignedData", &tagged) < 0)
        return hf_err_code(walk->err);
    return enter(walk, &tagged, HF_DER_SEQUENCE, "SignedData", ret_fields);
}

static int find_content(const struct walk *walk, struct hf_rd *fields,
                        struct hf_ctl_outline *outline)
{
    struct hf_rd info, tagged, list;

    if (enter(walk, fields, HF_DER_SEQUENCE, "what is signed", &info) < 0 ||
        expect_oid(walk, &info, hf_view(trust_list, sizeof(trust_list)),
                   "a certificate trust list") < 0 ||
        enter(walk, &info, TAG_0, "the list", &tagged) < 0 ||
        enter(walk, &tagged, HF_DER_SEQUENCE, "the list", &list) < 0)
        return hf_err_code(walk->err);
    outline->content = hf_view(list.at, list.left);
    outline->file = walk->file;
    return 0;
}

/* Certificates, revocation lists, signers. */
static int check_tail(const struct walk *walk, struct hf_rd *fields)
{
    size_t at, n;
    struct hf_tlv tlv;

    for (;;) {
        at = (size_t)(fields->at - walk->file);
        if (!hf_der_next(fields, &tlv))
            return HF_FAIL(walk->err, HF_E_PARSE,
                           "offset %zu: expected the signers", at);
        if (tlv.tag != TAG_0 && tlv.tag != TAG_1)
            break;
        if (count(walk, hf_rd(tlv.body), CERTS_MAX, "certificates", &n) < 0)
            return hf_err_code(walk->err);
    }
    if (tlv.tag != TAG_SET)
        return HF_FAIL(walk->err, HF_E_PARSE,
                       "offset %zu: expected the signers", at);
    if (count(walk, hf_rd(tlv.body), 1, "signers", &n) < 0)
        return hf_err_code(walk->err);
    if (n == 0)
        return HF_FAIL(walk->err, HF_E_CRYPTO,
                       "offset %zu: nobody has signed the list", at);
    return 0;
}

int hf_ctl_outline(struct hf_view bytes, struct hf_ctl_outline *ret_outline,
                   struct hf_err *err)
{
    struct walk walk = { bytes.ptr, err };
    struct hf_ctl_outline outline;
    struct hf_rd fields, digests;
    struct hf_tlv version;
    size_t n;

    if (bytes.len > HF_CTL_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a trust list of %zu bytes: at most %d are read",
                       bytes.len, HF_CTL_MAX);
    if (open_signed(&walk, bytes, &fields) < 0)
        return hf_err_code(err);
    if (!hf_der_expect(&fields, HF_DER_INTEGER, &version))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the SignedData does not begin with its "
                       "version",
                       (size_t)(fields.at - bytes.ptr));
    if (enter(&walk, &fields, TAG_SET, "the digest algorithms", &digests) < 0 ||
        count(&walk, digests, DIGESTS_MAX, "digest algorithms", &n) < 0 ||
        find_content(&walk, &fields, &outline) < 0 ||
        check_tail(&walk, &fields) < 0)
        return hf_err_code(err);
    if (bytes.len - outline.content.len > AROUND_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "%zu bytes around the list: at most %d are read",
                       bytes.len - outline.content.len, AROUND_MAX);
    *ret_outline = outline;
    return 0;
}
