/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_p12.c - PKCS#12 keystores, read. RFC 7292
 *
 * Walked as DER, so that every part can be told byte for byte; what is BER is
 * made DER first. Java's view of it: OpenJDK sun.security.pkcs12. */
#include "crypto/keystore_p12.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "crypto/load_parts.h"

#define BAG_DEPTH_MAX 4 /* ours: bags inside bags are not met in the wild */

const uint8_t hf_oid_data[9] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                 0x0d, 0x01, 0x07, 0x01 };
const uint8_t hf_oid_encrypted[9] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                      0x0d, 0x01, 0x07, 0x06 };
const uint8_t hf_oid_cert_bag[11] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                      0x01, 0x0c, 0x0a, 0x01, 0x03 };
const uint8_t hf_oid_x509_cert[10] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                       0x0d, 0x01, 0x09, 0x16, 0x01 };
const uint8_t hf_oid_friendly_name[9] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                          0x0d, 0x01, 0x09, 0x14 };
/* 2.16.840.1.113894.746875.1.1: Oracle's "trusted key usage" */
const uint8_t hf_oid_trusted_key[12] = { 0x60, 0x86, 0x48, 0x01, 0x86, 0xf9,
                                         0x66, 0xad, 0xca, 0x7b, 0x01, 0x01 };

static bool is_oid(const struct hf_tlv *oid, struct hf_view want)
{
    return oid->tag == HF_DER_OID && hf_view_same(oid->body, want);
}

/* What [0] holds: one element of the tag. */
static bool take_context(struct hf_rd *rd, uint8_t tag, struct hf_tlv *ret_tlv)
{
    struct hf_tlv context;
    struct hf_rd inner;

    if (!hf_der_expect(rd, HF_DER_CONTEXT_0, &context))
        return false;
    inner = hf_rd(context.body);
    return hf_der_expect(&inner, tag, ret_tlv);
}

/* --- bags ---------------------------------------------------------------- */

bool hf_p12_bags(struct hf_view bags, struct hf_rd *ret_rd)
{
    struct hf_rd rd = hf_rd(bags);
    struct hf_tlv tlv;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv) || rd.left > 0)
        return false;
    *ret_rd = hf_rd(tlv.body);
    return true;
}

static bool take_attributes(struct hf_view set, struct hf_p12_bag *bag)
{
    struct hf_rd rd = hf_rd(set);

    while (rd.left > 0) {
        struct hf_tlv one, oid, values, name;
        struct hf_rd inner;

        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &one))
            return false;
        inner = hf_rd(one.body);
        if (!hf_der_expect(&inner, HF_DER_OID, &oid) ||
            !hf_der_expect(&inner, HF_DER_SET, &values))
            return false;
        inner = hf_rd(values.body);
        if (is_oid(&oid, HF_OID_VIEW(hf_oid_trusted_key))) {
            bag->trusted = true; /* Java does not look at the value */
        } else if (is_oid(&oid, HF_OID_VIEW(hf_oid_friendly_name)) &&
                   hf_der_expect(&inner, HF_DER_BMP, &name)) {
            bag->alias = name.body;
            bag->named = true;
        }
    }
    return true;
}

static bool take_cert(struct hf_view body, struct hf_p12_bag *bag)
{
    struct hf_rd rd = hf_rd(body);
    struct hf_tlv oid, der;

    if (!hf_der_expect(&rd, HF_DER_OID, &oid))
        return false;
    if (!is_oid(&oid, HF_OID_VIEW(hf_oid_x509_cert)))
        return true; /* another kind of certificate: HF_P12_OTHER */
    if (!take_context(&rd, HF_DER_OCTETS, &der))
        return false;
    bag->kind = HF_P12_CERT;
    bag->der = der.body;
    return true;
}

/* The kinds of bags differ in the last byte: RFC 7292 appendix D. */
static bool take_value(const struct hf_tlv *oid, const struct hf_tlv *value,
                       struct hf_p12_bag *bag)
{
    struct hf_rd rd = hf_rd(value->body);
    struct hf_tlv inner;

    bag->kind = HF_P12_OTHER;
    if (oid->body.len != sizeof(hf_oid_cert_bag) ||
        memcmp(oid->body.ptr, hf_oid_cert_bag, sizeof(hf_oid_cert_bag) - 1) !=
            0)
        return true;
    switch (oid->body.ptr[sizeof(hf_oid_cert_bag) - 1]) {
    case 1: /* a key */
    case 2: /* one encrypted */
    case 5: /* a secret */
        bag->kind = HF_P12_KEY;
        return true;
    case 3:
        return hf_der_expect(&rd, HF_DER_SEQUENCE, &inner) &&
               take_cert(inner.body, bag);
    case 6:
        bag->kind = HF_P12_NESTED;
        bag->der = value->body;
        return true;
    default:
        return true;
    }
}

bool hf_p12_bag_next(struct hf_rd *rd, struct hf_p12_bag *ret_bag)
{
    struct hf_p12_bag bag = { 0 };
    struct hf_tlv outer, oid, value, set;
    struct hf_rd inner;

    if (!hf_der_expect(rd, HF_DER_SEQUENCE, &outer))
        return false;
    inner = hf_rd(outer.body);
    bag.whole = outer.whole;
    if (!hf_der_expect(&inner, HF_DER_OID, &oid) ||
        !hf_der_expect(&inner, HF_DER_CONTEXT_0, &value) ||
        !take_value(&oid, &value, &bag) ||
        (inner.left > 0 && (!hf_der_expect(&inner, HF_DER_SET, &set) ||
                            !take_attributes(set.body, &bag)))) {
        rd->bad = true;
        return false;
    }
    *ret_bag = bag;
    return true;
}

static bool bags_are_fine(struct hf_view bags, int depth)
{
    struct hf_p12_bag bag;
    struct hf_rd rd;

    if (depth > BAG_DEPTH_MAX || !hf_p12_bags(bags, &rd))
        return false;
    while (rd.left > 0)
        if (!hf_p12_bag_next(&rd, &bag) ||
            (bag.kind == HF_P12_NESTED && !bags_are_fine(bag.der, depth + 1)))
            return false;
    return true;
}

/* --- from BER to DER ----------------------------------------------------- */

/* Decoded whole and encoded again: up to ten times the memory, so not for
 * everything. False: not of this form either. */
static bool make_der(struct hf_view bytes, const ASN1_ITEM *item,
                     struct hf_plain *ret_der, struct hf_view *ret_tail)
{
    const unsigned char *at = bytes.ptr;
    unsigned char *der = NULL;
    ASN1_VALUE *value;
    int len = -1;

    if (bytes.len > HF_LOAD_BINARY_MAX)
        return false;
    value = ASN1_item_d2i(NULL, &at, (long)bytes.len, item);
    if (value)
        len = ASN1_item_i2d(value, &der, item);
    ASN1_item_free(value, item);
    ERR_clear_error();
    if (len <= 0)
        return false;
    *ret_der = (struct hf_plain){ der, (size_t)len };
    if (ret_tail)
        *ret_tail = hf_view_from(bytes, (size_t)(at - bytes.ptr));
    return true;
}

static struct hf_view view_of(const struct hf_plain *plain)
{
    return hf_view(plain->ptr, plain->len);
}

/* --- the outer parts ----------------------------------------------------- */

/* Where a part stands in the file; 0 in what was made DER. */
static size_t offset_of(const struct hf_p12 *p12, const uint8_t *at)
{
    uintptr_t first = (uintptr_t)p12->bytes.ptr, it = (uintptr_t)at;

    return it >= first && it - first < p12->bytes.len ? it - first : 0;
}

/* PFX: version, the content, a check sum. */
static bool parse_pfx(struct hf_p12 *p12, struct hf_view bytes)
{
    struct hf_rd rd = hf_rd(bytes), inner;
    struct hf_tlv pfx, version, info, oid, content, mac;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &pfx))
        return false;
    p12->tail = hf_view(rd.at, rd.left);
    rd = hf_rd(pfx.body);
    if (!hf_der_expect(&rd, HF_DER_INTEGER, &version) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &info))
        return false;
    inner = hf_rd(info.body);
    if (!hf_der_expect(&inner, HF_DER_OID, &oid) ||
        !is_oid(&oid, HF_OID_VIEW(hf_oid_data)) ||
        !take_context(&inner, HF_DER_OCTETS, &content))
        return false;
    p12->version = version.whole;
    p12->content = content.body;
    p12->mac = hf_view(NULL, 0);
    if (rd.left > 0) {
        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &mac))
            return false;
        p12->mac = mac.whole;
    }
    p12->rest = hf_view(rd.at, rd.left);
    return true;
}

static int open_pfx(struct hf_p12 *p12, struct hf_err *err)
{
    struct hf_view tail;

    if (parse_pfx(p12, p12->bytes))
        return 0;
    if (!make_der(p12->bytes, ASN1_ITEM_rptr(PKCS12), &p12->outer, &tail))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: the PKCS#12 is cut or malformed");
    if (!parse_pfx(p12, view_of(&p12->outer)))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: the PKCS#12 is malformed, or sealed with a "
                       "key in place of a password");
    p12->tail = tail;
    return 0;
}

/* --- the safes ----------------------------------------------------------- */

static int fail_safe(size_t offset, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE,
                   "offset %zu: a safe of the PKCS#12 is cut or malformed",
                   offset);
}

static bool take_encrypted(struct hf_view body, struct hf_p12_safe *safe)
{
    struct hf_rd rd = hf_rd(body);
    struct hf_tlv tlv, algorithm, sealed;

    if (!hf_der_expect(&rd, HF_DER_INTEGER, &tlv) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return false;
    rd = hf_rd(tlv.body);
    if (!hf_der_expect(&rd, HF_DER_OID, &tlv) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &algorithm) ||
        !hf_der_expect(&rd, HF_DER_IMPLICIT_0, &sealed))
        return false;
    safe->algorithm = algorithm.whole;
    safe->sealed = sealed.body;
    return true;
}

static int take_safe(struct hf_p12 *p12, const struct hf_tlv *info,
                     struct hf_p12_safe *ret_safe, struct hf_err *err)
{
    struct hf_p12_safe safe = { .whole = info->whole,
                                .offset = offset_of(p12, info->whole.ptr) };
    struct hf_rd rd = hf_rd(info->body);
    struct hf_tlv oid, body;

    if (!hf_der_expect(&rd, HF_DER_OID, &oid))
        return fail_safe(safe.offset, err);
    if (is_oid(&oid, HF_OID_VIEW(hf_oid_data))) {
        if (!take_context(&rd, HF_DER_OCTETS, &body))
            return fail_safe(safe.offset, err);
        safe.bags = body.body;
    } else if (is_oid(&oid, HF_OID_VIEW(hf_oid_encrypted))) {
        if (!take_context(&rd, HF_DER_SEQUENCE, &body) ||
            !take_encrypted(body.body, &safe))
            return fail_safe(safe.offset, err);
        p12->encrypted++;
    } else {
        return HF_FAIL(err, HF_E_CRYPTO,
                       "offset %zu: a safe of the PKCS#12 is sealed to a key, "
                       "not to a password",
                       safe.offset);
    }
    *ret_safe = safe;
    return 0;
}

static int add_safe(struct hf_p12 *p12, const struct hf_tlv *info,
                    struct hf_err *err)
{
    size_t count = p12->count;

    if (count == HF_P12_SAFES_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset %zu: the PKCS#12 has more than %d safes",
                       offset_of(p12, info->whole.ptr), HF_P12_SAFES_MAX);
    /* room doubles at powers of two */
    if ((count & (count - 1)) == 0) {
        struct hf_p12_safe *grown =
            reallocarray(p12->safe, count ? count * 2 : 1, sizeof(*p12->safe));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a keystore");
        p12->safe = grown;
    }
    if (take_safe(p12, info, &p12->safe[count], err) < 0)
        return hf_err_code(err);
    p12->count++;
    return 0;
}

static int add_safes(struct hf_p12 *p12, struct hf_view content,
                     struct hf_err *err)
{
    struct hf_rd rd = hf_rd(content);
    struct hf_tlv list, info;

    p12->count = p12->encrypted = 0;
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &list) || rd.left > 0)
        return fail_safe(offset_of(p12, content.ptr), err);
    rd = hf_rd(list.body);
    while (rd.left > 0) {
        const uint8_t *at = rd.at;

        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &info))
            return fail_safe(offset_of(p12, at), err);
        if (add_safe(p12, &info, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int open_safes(struct hf_p12 *p12, struct hf_err *err)
{
    struct hf_err first;
    int rc = add_safes(p12, p12->content, err);

    if (rc != HF_E_PARSE)
        return rc;
    first = *err;
    if (!make_der(p12->content, ASN1_ITEM_rptr(PKCS12_AUTHSAFES), &p12->inner,
                  NULL)) {
        *err = first;
        return rc;
    }
    return add_safes(p12, view_of(&p12->inner), err);
}

/* --- the password -------------------------------------------------------- */

static bool settle_bags(struct hf_p12_safe *safe)
{
    struct hf_plain der;

    if (bags_are_fine(safe->bags, 0))
        return true;
    if (!make_der(safe->bags, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), &der, NULL))
        return false;
    hf_plain_done(&safe->plain);
    safe->plain = der;
    safe->bags = view_of(&der);
    return bags_are_fine(safe->bags, 0);
}

static int open_safe(struct hf_p12 *p12, struct hf_p12_safe *safe,
                     struct hf_err *err)
{
    if (safe->algorithm.len > 0) {
        hf_plain_done(&safe->plain);
        if (hf_pbe_decrypt(&p12->pbe, safe->algorithm, safe->sealed,
                           &safe->plain, err) < 0)
            return HF_WRAP(err, "the safe at offset %zu", safe->offset);
        safe->bags = view_of(&safe->plain);
    }
    if (settle_bags(safe))
        return 0;
    if (safe->algorithm.len == 0)
        return fail_safe(safe->offset, err);
    /* about every 256th wrong password comes this far */
    return HF_FAIL(err, HF_E_CRYPTO,
                   "the safe at offset %zu does not open: another password, or "
                   "it is damaged",
                   safe->offset);
}

static int try_password(struct hf_p12 *p12, const char *password,
                        struct hf_err *err)
{
    bool fits = true;

    p12->pbe.password = password;
    if (p12->mac.len > 0 &&
        hf_pbe_mac_fits(&p12->pbe, p12->mac, p12->content, &fits, err) < 0)
        return HF_WRAP(err, "the check sum at offset %zu",
                       offset_of(p12, p12->mac.ptr));
    if (!fits)
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the check sum at offset %zu does not fit: another "
                       "password, or the PKCS#12 is damaged",
                       offset_of(p12, p12->mac.ptr));
    for (size_t i = 0; i < p12->count; i++)
        if (open_safe(p12, &p12->safe[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* No password is written in two ways, as the empty one and as none. */
static int unlock(struct hf_p12 *p12, const char *given, struct hf_err *err)
{
    const char *tries[] = { hf_keystore_usual[0], hf_keystore_usual[1], NULL };
    size_t first = 0, count = HF_COUNT(tries);
    int rc = HF_E_CRYPTO;

    if (given && *given) {
        tries[0] = given;
        count = 1;
    } else if (given) {
        first = 1;
    }
    for (size_t i = first; i < count && rc == HF_E_CRYPTO; i++)
        rc = try_password(p12, tries[i], err);
    if (rc != HF_E_CRYPTO || given || p12->encrypted > 0)
        return rc;
    /* nothing is encrypted: it can be read, not written */
    p12->locked = true;
    for (size_t i = 0; i < p12->count; i++)
        if (open_safe(p12, &p12->safe[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_p12_open(struct hf_view bytes, const char *password, struct hf_p12 *p12,
                struct hf_err *err)
{
    *p12 =
        (struct hf_p12){ .bytes = bytes, .pbe.rounds_max = HF_PBE_ROUNDS_MAX };
    if (open_pfx(p12, err) < 0 || open_safes(p12, err) < 0)
        return hf_err_code(err);
    /* JDK 8 and older encrypt with RC2 */
    for (size_t i = 0; i < p12->count && !p12->legacy; i++)
        if (p12->safe[i].algorithm.len > 0 &&
            hf_pbe_is_old(p12->safe[i].algorithm))
            p12->legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
    return unlock(p12, password, err);
}

void hf_p12_done(struct hf_p12 *p12)
{
    for (size_t i = 0; i < p12->count; i++)
        hf_plain_done(&p12->safe[i].plain);
    free(p12->safe);
    hf_plain_done(&p12->outer);
    hf_plain_done(&p12->inner);
    if (p12->legacy)
        OSSL_PROVIDER_unload(p12->legacy);
    ERR_clear_error();
    *p12 = (struct hf_p12){ 0 };
}

/* --- the list ------------------------------------------------------------ */

static int alias_of(const struct hf_p12_bag *bag, size_t offset,
                    char **ret_alias, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf units = { 0 };

    *ret_alias = NULL;
    if (!bag->named)
        return 0;
    if (bag->alias.len > HF_KEYSTORE_ALIAS_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the safe at offset %zu: an alias of %zu bytes: at most "
                       "%d are read",
                       offset, bag->alias.len, HF_KEYSTORE_ALIAS_MAX);
    hf_buf_init(&units, HF_KEYSTORE_ALIAS_MAX);
    for (size_t i = 0; i + 2 <= bag->alias.len; i += 2)
        hf_buf_add(&units,
                   (uint8_t[]){ bag->alias.ptr[i + 1], bag->alias.ptr[i] }, 2);
    if (hf_buf_check(&units, err) < 0)
        return hf_err_code(err);
    return hf_keystore_text(hf_buf_peek(&units), ret_alias, err);
}

static int list_bags(struct hf_view bags, size_t offset, bool nested,
                     struct hf_keystore *keystore, struct hf_err *err)
{
    struct hf_p12_bag bag;
    struct hf_rd rd;

    if (!hf_p12_bags(bags, &rd))
        return fail_safe(offset, err);
    while (rd.left > 0) {
        char *alias;
        int rc = 0;

        if (!hf_p12_bag_next(&rd, &bag))
            return fail_safe(offset, err);
        if (bag.kind == HF_P12_NESTED) {
            rc = list_bags(bag.der, offset, true, keystore, err);
        } else if (bag.kind != HF_P12_OTHER) {
            rc = alias_of(&bag, offset, &alias, err);
            if (rc == 0)
                rc = bag.kind == HF_P12_KEY
                         ? hf_keystore_put_key(keystore, alias, err)
                         : hf_keystore_put(keystore, alias, bag.der,
                                           bag.trusted && !nested
                                               ? HF_KEYSTORE_TRUSTED
                                               : HF_KEYSTORE_CHAIN,
                                           offset, err);
        }
        if (rc < 0)
            return rc;
    }
    return 0;
}

int hf_p12_list(const struct hf_p12 *p12, struct hf_keystore *keystore,
                struct hf_err *err)
{
    for (size_t i = 0; i < p12->count; i++)
        if (list_bags(p12->safe[i].bags, p12->safe[i].offset, false, keystore,
                      err) < 0)
            return hf_err_code(err);
    keystore->has_check = p12->mac.len > 0;
    keystore->verified = keystore->has_check && !p12->locked;
    return 0;
}

int hf_p12_read(struct hf_view bytes, const char *password,
                struct hf_keystore *keystore, struct hf_err *err)
{
    HF_AUTO(hf_p12_done) struct hf_p12 p12 = { 0 };

    if (hf_p12_open(bytes, password, &p12, err) < 0)
        return hf_err_code(err);
    return hf_p12_list(&p12, keystore, err);
}
