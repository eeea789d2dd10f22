/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_p12_write.c - PKCS#12 keystores, changed. RFC 7292
 *
 * A safe that nothing is taken from stays byte for byte, encrypted as it is.
 * What comes stands in a safe of its own, encrypted like the certificates that
 * are there. */
#include <string.h>

#include <openssl/crypto.h>

#include "crypto/keystore_p12.h"
#include "crypto/load.h"

/* ours: each encrypted safe costs whoever opens the store a key derivation;
 * from here on what comes goes into one that is there */
#define SAFES_USUAL 8
#define NO_HOST SIZE_MAX

static const uint8_t oid_any_usage[] = { 0x55, 0x1d, 0x25, 0x00 };

/* --- DER ----------------------------------------------------------------- */

/* Tag and length; Java takes no longer form than needed. */
static void put_head(struct hf_buf *out, uint8_t tag, size_t body_len)
{
    uint8_t head[6] = { tag };
    size_t len = 1;

    if (body_len < 0x80) {
        head[len++] = (uint8_t)body_len;
    } else {
        int bytes = body_len > 0xffffff ? 4
                    : body_len > 0xffff ? 3
                    : body_len > 0xff   ? 2
                                        : 1;

        head[len++] = (uint8_t)(0x80 | bytes);
        while (bytes-- > 0)
            head[len++] = (uint8_t)(body_len >> (8 * bytes));
    }
    hf_buf_add(out, head, len);
}

static void put(struct hf_buf *out, uint8_t tag, struct hf_view body)
{
    put_head(out, tag, body.len);
    hf_buf_view(out, body);
}

/* Puts what `buf` holds into one element of the tag, in place. */
static void wrap(struct hf_buf *buf, uint8_t tag)
{
    struct hf_buf outer;

    hf_buf_init(&outer, buf->max);
    put(&outer, tag, hf_buf_peek(buf));
    if (buf->bad && !outer.bad)
        outer.bad = buf->bad;
    hf_buf_done(buf);
    *buf = outer;
}

/* Takes `buf` empty again; what went wrong with it is kept. */
static void put_buf(struct hf_buf *out, struct hf_buf *buf)
{
    if (buf->bad && !out->bad)
        out->bad = buf->bad;
    hf_buf_view(out, hf_buf_peek(buf));
    hf_buf_done(buf);
}

/* --- a new bag ----------------------------------------------------------- */

/* SEQUENCE { oid, SET { value } } */
static void put_attribute(struct hf_buf *out, struct hf_view oid,
                          struct hf_buf *value)
{
    struct hf_buf body;

    hf_buf_init(&body, HF_LOAD_MAX);
    wrap(value, HF_DER_SET);
    put(&body, HF_DER_OID, oid);
    put_buf(&body, value);
    wrap(&body, HF_DER_SEQUENCE);
    put_buf(out, &body);
}

/* The alias, and what makes Java trust it; in the order of DER: the shorter of
 * two sequences comes first. */
static void put_attributes(struct hf_buf *out, const char *alias)
{
    struct hf_buf name, trust, value;

    hf_buf_init(&name, HF_LOAD_MAX);
    hf_buf_init(&trust, HF_LOAD_MAX);
    hf_buf_init(&value, HF_LOAD_MAX);
    for (const char *c = alias; *c; c++) /* ASCII: hf_keystore_choose() */
        hf_buf_add(&value, (uint8_t[]){ 0, (uint8_t)*c }, 2);
    wrap(&value, HF_DER_BMP);
    put_attribute(&name, HF_OID_VIEW(hf_oid_friendly_name), &value);
    hf_buf_init(&value, HF_LOAD_MAX);
    put(&value, HF_DER_OID, HF_OID_VIEW(oid_any_usage));
    put_attribute(&trust, HF_OID_VIEW(hf_oid_trusted_key), &value);
    if (name.len < trust.len) {
        put_buf(out, &name);
        put_buf(out, &trust);
    } else {
        put_buf(out, &trust);
        put_buf(out, &name);
    }
    wrap(out, HF_DER_SET);
}

static void put_bag(struct hf_buf *out, struct hf_view der, const char *alias)
{
    struct hf_buf cert, bag, attributes;

    hf_buf_init(&cert, HF_LOAD_MAX);
    hf_buf_init(&bag, HF_LOAD_MAX);
    hf_buf_init(&attributes, HF_LOAD_MAX);
    put(&cert, HF_DER_OCTETS, der);
    wrap(&cert, HF_DER_CONTEXT_0);
    put(&bag, HF_DER_OID, HF_OID_VIEW(hf_oid_x509_cert));
    put_buf(&bag, &cert);
    wrap(&bag, HF_DER_SEQUENCE);
    wrap(&bag, HF_DER_CONTEXT_0);
    hf_buf_init(&cert, HF_LOAD_MAX);
    put(&cert, HF_DER_OID, HF_OID_VIEW(hf_oid_cert_bag));
    put_buf(&cert, &bag);
    put_attributes(&attributes, alias);
    put_buf(&cert, &attributes);
    wrap(&cert, HF_DER_SEQUENCE);
    put_buf(out, &cert);
}

static void put_bags(struct hf_buf *out,
                     const struct hf_keystore_change *change)
{
    for (size_t i = 0; i < change->added.count; i++)
        put_bag(out, hf_cert_der(change->added.cert[i]), change->alias.text[i]);
}

/* --- a safe -------------------------------------------------------------- */

static void put_info(struct hf_buf *out, struct hf_view oid,
                     struct hf_buf *content)
{
    struct hf_buf info;

    hf_buf_init(&info, HF_LOAD_MAX);
    wrap(content, HF_DER_CONTEXT_0);
    put(&info, HF_DER_OID, oid);
    put_buf(&info, content);
    wrap(&info, HF_DER_SEQUENCE);
    put_buf(out, &info);
}

static int put_encrypted(struct hf_p12 *p12, struct hf_view algorithm,
                         struct hf_view bags, struct hf_buf *out,
                         struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf body = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf renewed = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf sealed = { 0 };
    static const uint8_t version_0[] = { 0x02, 0x01, 0x00 };
    struct hf_buf content;

    hf_buf_init(&body, HF_LOAD_MAX);
    hf_buf_init(&renewed, HF_LOAD_MAX);
    hf_buf_init(&sealed, HF_LOAD_MAX);
    hf_buf_init(&content, HF_LOAD_MAX);
    if (hf_pbe_encrypt(&p12->pbe, algorithm, bags, &renewed, &sealed, err) < 0)
        return hf_err_code(err);
    wrap(&sealed, HF_DER_IMPLICIT_0);
    put(&body, HF_DER_OID, HF_OID_VIEW(hf_oid_data));
    put_buf(&body, &renewed);
    put_buf(&body, &sealed);
    wrap(&body, HF_DER_SEQUENCE);
    hf_buf_add(&content, version_0, sizeof(version_0));
    put_buf(&content, &body);
    wrap(&content, HF_DER_SEQUENCE);
    put_info(out, HF_OID_VIEW(hf_oid_encrypted), &content);
    return 0;
}

/* `bags`: the SEQUENCE, whole. */
static int put_safe(struct hf_p12 *p12, struct hf_view algorithm,
                    struct hf_view bags, struct hf_buf *out, struct hf_err *err)
{
    struct hf_buf content;

    if (algorithm.len > 0)
        return put_encrypted(p12, algorithm, bags, out, err);
    hf_buf_init(&content, HF_LOAD_MAX);
    put(&content, HF_DER_OCTETS, bags);
    put_info(out, HF_OID_VIEW(hf_oid_data), &content);
    return 0;
}

/* --- what becomes of the safes ------------------------------------------- */

static bool bag_goes(const struct hf_p12_bag *bag,
                     const struct hf_keystore_change *change)
{
    return bag->kind == HF_P12_CERT && bag->trusted &&
           hf_keystore_goes(change, bag->der);
}

/* What of a safe's bags is trusted, goes, stays. */
struct tally {
    size_t certs, trusted, going, all;
    size_t stay_len; /* bytes */
};

static struct tally count_bags(const struct hf_p12_safe *safe,
                               const struct hf_keystore_change *change)
{
    struct tally tally = { 0 };
    struct hf_p12_bag bag;
    struct hf_rd rd;

    if (!hf_p12_bags(safe->bags, &rd))
        return tally;
    while (rd.left > 0 && hf_p12_bag_next(&rd, &bag)) {
        bool goes = bag_goes(&bag, change);

        tally.all++;
        tally.certs += bag.kind == HF_P12_CERT;
        tally.trusted += bag.kind == HF_P12_CERT && bag.trusted;
        tally.going += goes;
        tally.stay_len += goes ? 0 : bag.whole.len;
    }
    return tally;
}

static void copy_bags(const struct hf_p12_safe *safe,
                      const struct hf_keystore_change *change, uint8_t *to)
{
    struct hf_p12_bag bag;
    struct hf_rd rd;

    if (!hf_p12_bags(safe->bags, &rd))
        return;
    while (rd.left > 0 && hf_p12_bag_next(&rd, &bag)) {
        if (bag_goes(&bag, change))
            continue;
        memcpy(to, bag.whole.ptr, bag.whole.len);
        to += bag.whole.len;
    }
}

/* The bags that stay, and `more`, in memory that is wiped: an encrypted safe
 * may hold a key as it is. */
static int put_changed(struct hf_p12 *p12, const struct hf_p12_safe *safe,
                       const struct hf_keystore_change *change,
                       struct hf_view more, struct hf_buf *out,
                       struct hf_err *err)
{
    size_t stay_len = count_bags(safe, change).stay_len;
    HF_AUTO(hf_buf_done) struct hf_buf head = { 0 };
    HF_AUTO(hf_plain_done) struct hf_plain bags = { 0 };

    hf_buf_init(&head, 8);
    put_head(&head, HF_DER_SEQUENCE, stay_len + more.len);
    if (hf_buf_check(&head, err) < 0)
        return hf_err_code(err);
    bags.len = head.len + stay_len + more.len;
    bags.ptr = OPENSSL_malloc(bags.len);
    if (!bags.ptr)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a keystore");
    memcpy(bags.ptr, head.ptr, head.len);
    copy_bags(safe, change, bags.ptr + head.len);
    if (more.len > 0)
        memcpy(bags.ptr + head.len + stay_len, more.ptr, more.len);
    return put_safe(p12, safe->algorithm, hf_view(bags.ptr, bags.len), out,
                    err);
}

/* The safe whose encryption new certificates get: one with trusted ones, else
 * one with any; NULL: they are not encrypted. */
static const struct hf_p12_safe *
find_model(const struct hf_p12 *p12, const struct hf_keystore_change *change)
{
    const struct hf_p12_safe *model = NULL;

    for (size_t i = 0; i < p12->count; i++) {
        struct tally tally = count_bags(&p12->safe[i], change);

        if (tally.trusted > 0)
            return &p12->safe[i];
        if (tally.certs > 0 && !model)
            model = &p12->safe[i];
    }
    return model;
}

/* May whoever opens the store open one more safe, encrypted like `model`? */
static bool may_grow(const struct hf_p12 *p12, const struct hf_p12_safe *model)
{
    uint64_t more = model ? hf_pbe_rounds(model->algorithm) : 0;

    return p12->count < HF_P12_SAFES_MAX &&
           p12->pbe.rounds + more <= HF_PBE_ROUNDS_MAX;
}

/* The last safe of trusted certificates alone, or NO_HOST. */
static size_t find_host(const struct hf_p12 *p12,
                        const struct hf_keystore_change *change)
{
    for (size_t i = p12->count; i-- > 0;) {
        struct tally tally = count_bags(&p12->safe[i], change);

        if (tally.trusted > 0 && tally.trusted == tally.all)
            return i;
    }
    return NO_HOST;
}

/* The safes that were there; `host` with the bags of `fresh` more. */
static int put_old(struct hf_p12 *p12, const struct hf_keystore_change *change,
                   size_t host, struct hf_view fresh, struct hf_buf *out,
                   struct hf_err *err)
{
    for (size_t i = 0; i < p12->count; i++) {
        const struct hf_p12_safe *safe = &p12->safe[i];
        struct tally tally = count_bags(safe, change);
        struct hf_view more = i == host ? fresh : hf_view(NULL, 0);

        if (tally.going == 0 && more.len == 0)
            hf_buf_view(out, safe->whole);
        else if ((tally.going < tally.all || more.len > 0) &&
                 put_changed(p12, safe, change, more, out, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int put_safes(struct hf_p12 *p12,
                     const struct hf_keystore_change *change,
                     struct hf_buf *out, struct hf_err *err)
{
    const struct hf_p12_safe *model = find_model(p12, change);
    size_t host = NO_HOST;
    HF_AUTO(hf_buf_done) struct hf_buf fresh = { 0 };

    hf_buf_init(&fresh, HF_LOAD_MAX);
    put_bags(&fresh, change);
    if (p12->count >= SAFES_USUAL || !may_grow(p12, model))
        host = find_host(p12, change);
    if (fresh.len > 0 && host == NO_HOST && !may_grow(p12, model))
        return HF_FAIL(err, HF_E_LIMIT,
                       "the PKCS#12 takes so much work to open that nothing is "
                       "added to it");
    /* each safe is written at most once, and the check sum: no more work than
     * opening all of it */
    p12->pbe.rounds_max = 2 * HF_PBE_ROUNDS_MAX;
    if (put_old(p12, change, host, hf_buf_peek(&fresh), out, err) < 0)
        return hf_err_code(err);
    if (host == NO_HOST && fresh.len > 0)
        wrap(&fresh, HF_DER_SEQUENCE);
    if (hf_buf_check(&fresh, err) < 0)
        return hf_err_code(err);
    return host != NO_HOST || fresh.len == 0
               ? 0
               : put_safe(p12, model ? model->algorithm : hf_view(NULL, 0),
                          hf_buf_peek(&fresh), out, err);
}

/* --- the whole ----------------------------------------------------------- */

static int put_pfx(struct hf_p12 *p12, struct hf_view content,
                   struct hf_buf *out, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf pfx = { 0 };
    struct hf_buf octets;

    hf_buf_init(&pfx, HF_LOAD_MAX);
    hf_buf_init(&octets, HF_LOAD_MAX);
    hf_buf_view(&pfx, p12->version);
    put(&octets, HF_DER_OCTETS, content);
    put_info(&pfx, HF_OID_VIEW(hf_oid_data), &octets);
    if (p12->mac.len > 0 &&
        hf_pbe_mac_renew(&p12->pbe, p12->mac, content, &pfx, err) < 0)
        return hf_err_code(err);
    hf_buf_view(&pfx, p12->rest);
    wrap(&pfx, HF_DER_SEQUENCE);
    put_buf(out, &pfx);
    hf_buf_view(out, p12->tail);
    return hf_buf_check(out, err);
}

int hf_p12_write(struct hf_view bytes, const struct hf_keystore_edit *edit,
                 struct hf_keystore_change *change, struct hf_buf *out,
                 struct hf_err *err)
{
    HF_AUTO(hf_p12_done) struct hf_p12 p12 = { 0 };
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf content = { 0 };

    hf_buf_init(&content, HF_LOAD_MAX);
    if (hf_p12_open(bytes, edit->password, &p12, err) < 0 ||
        hf_p12_list(&p12, &keystore, err) < 0 ||
        hf_keystore_choose(&keystore, edit, change, err) < 0)
        return hf_err_code(err);
    if (hf_keystore_is_idle(change))
        return 0;
    if (p12.locked)
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the check sum of the PKCS#12 fits none of the usual "
                       "passwords");
    if (put_safes(&p12, change, &content, err) < 0)
        return hf_err_code(err);
    wrap(&content, HF_DER_SEQUENCE);
    if (hf_buf_check(&content, err) < 0)
        return hf_err_code(err);
    return put_pfx(&p12, hf_buf_peek(&content), out, err);
}
