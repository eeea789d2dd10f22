/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_list.c - from what the child says to the entries of a store.
 *
 * The child has read bytes of a stranger: nothing in its answer is taken on
 * trust. */
#include <stdio.h>

#include "crypto/der.h"
#include "store/nss.h"

/* --- trust ---------------------------------------------------------------- */

/* NSS keeps trust apart from certificates, by issuer and serial number; where
 * it notes a SHA-1 too, that must fit. */
struct key {
    struct hf_view issuer, serial, sha1;
};

struct trust {
    struct key key;
    size_t number;     /* the first of two counts */
    const uint8_t *of; /* enum hf_nss_trust each use */
};

struct trusts {
    struct trust *trust;
    size_t count, room;
};

static void trusts_done(struct trusts *trusts)
{
    free(trusts->trust);
}

static int compare_views(struct hf_view a, struct hf_view b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_keys(const struct key *a, const struct key *b)
{
    int order = compare_views(a->issuer, b->issuer);

    order = order ? order : compare_views(a->serial, b->serial);
    return order ? order : compare_views(a->sha1, b->sha1);
}

static int by_key(const void *x, const void *y)
{
    const struct trust *a = x, *b = y;
    int order = compare_keys(&a->key, &b->key);

    return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* The first with this key, or NULL. */
static const struct trust *find(const struct trusts *trusts,
                                const struct key *key)
{
    size_t low = 0, high = trusts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_keys(&trusts->trust[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < trusts->count &&
                   compare_keys(&trusts->trust[low].key, key) == 0
               ? &trusts->trust[low]
               : NULL;
}

/* The serial number as DER; empty when the certificate has none. */
static struct hf_view serial_of(const struct hf_cert *cert)
{
    struct hf_rd rd = hf_rd(hf_cert_der(cert));
    struct hf_tlv tlv = { 0 };

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return hf_view(NULL, 0);
    rd = hf_rd(tlv.body);
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return hf_view(NULL, 0);
    rd = hf_rd(tlv.body);
    if (!hf_der_next(&rd, &tlv) ||
        (tlv.tag == 0xa0 && !hf_der_next(&rd, &tlv))) /* the version */
        return hf_view(NULL, 0);
    return tlv.tag == HF_DER_INTEGER ? tlv.whole : hf_view(NULL, 0);
}

static const uint8_t *trust_of(const struct trusts *trusts,
                               struct hf_cert *cert)
{
    static const uint8_t none[HF_NSS_USES] = { 0 };
    struct key key = { hf_cert_issuer_der(cert), serial_of(cert),
                       hf_view(hf_cert_sha1(cert), HF_SHA1_LEN) };
    const struct trust *found = find(trusts, &key);

    if (!found) {
        key.sha1 = hf_view(NULL, 0);
        found = find(trusts, &key);
    }
    return found ? found->of : none;
}

/* --- entries -------------------------------------------------------------- */

static unsigned anchor_purposes(const uint8_t trust[HF_NSS_USES])
{
    static const unsigned bits[HF_NSS_USES] = {
        [HF_NSS_SERVER] = HF_PURPOSE_TLS_SERVER,
        [HF_NSS_CLIENT] = HF_PURPOSE_TLS_CLIENT,
        [HF_NSS_EMAIL] = HF_PURPOSE_EMAIL,
        [HF_NSS_CODE] = HF_PURPOSE_CODE,
    };
    unsigned purposes = 0;

    for (size_t i = 0; i < HF_COUNT(bits); i++)
        if (trust[i] == HF_NSS_ANCHOR)
            purposes |= bits[i];
    return purposes;
}

static bool says(const uint8_t trust[HF_NSS_USES], enum hf_nss_trust what)
{
    for (size_t i = 0; i < HF_NSS_USES; i++)
        if (trust[i] == what)
            return true;
    return false;
}

/* Without trust: at hand for chains, or there for another reason. */
static int judge_untrusted(struct hf_store_entry *entry, struct hf_err *err)
{
    struct hf_err why;
    const struct hf_cert_info *info = hf_cert_info(entry->cert, &why);

    if (!info && why.code == HF_E_NOMEM)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a certificate");
    entry->standing = info && info->ca ? HF_STANDING_ISSUER : HF_STANDING_HELD;
    return 0;
}

/* What is prohibited for TLS servers is refused, whatever else it is for. */
static int judge(struct hf_store_entry *entry, const uint8_t trust[HF_NSS_USES],
                 struct hf_err *err)
{
    unsigned purposes = anchor_purposes(trust);

    if (trust[HF_NSS_SERVER] == HF_NSS_PROHIBITED ||
        (purposes == 0 && says(trust, HF_NSS_PROHIBITED) &&
         !says(trust, HF_NSS_PEER))) {
        entry->standing = HF_STANDING_REFUSED;
        return 0;
    }
    if (purposes) {
        entry->standing = HF_STANDING_ANCHOR;
        entry->purposes = purposes;
        return 0;
    }
    if (!says(trust, HF_NSS_PEER))
        return judge_untrusted(entry, err);
    entry->standing = HF_STANDING_HELD;
    entry->place = hf_view_dup(hf_view_text("trusted peer"));
    return entry->place ? 0
                        : HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
}

static int add_cert(const char *shown, struct hf_view body,
                    const struct trusts *trusts, struct hf_store_list *list,
                    struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    HF_AUTO(hf_free_ptr) char *label = NULL;
    HF_AUTO(hf_free_ptr) char *where = NULL;
    struct hf_rd rd = hf_rd(body);
    struct hf_view name = hf_rd_bytes(&rd, hf_rd_uint(&rd, 2));
    struct hf_store_entry *entry;
    struct hf_err why;
    char text[4 * HF_ERR_TEXT];

    label = hf_view_dup(
        hf_view(name.ptr, strnlen((const char *)name.ptr, name.len)));
    if (!label || asprintf(&where, "%s: %s", shown, label) < 0) {
        where = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    if (hf_cert_new(hf_view(rd.at, rd.left), &cert, &why) < 0) {
        hf_err_text(&why, text, sizeof(text));
        return why.code == HF_E_NOMEM
                   ? HF_FAIL(err, HF_E_NOMEM, "no memory for a certificate")
                   : hf_store_list_fault(list, where, text, err);
    }
    entry = hf_store_list_add(list, cert, where, err);
    if (!entry)
        return hf_err_code(err);
    entry->label = HF_STEAL(label);
    return judge(entry, trust_of(trusts, cert), err);
}

/* --- records -------------------------------------------------------------- */

struct record {
    char what;
    struct hf_view body;
};

static bool next_record(struct hf_rd *rd, struct record *ret_record)
{
    struct hf_view what = hf_rd_bytes(rd, 1);
    size_t len = hf_rd_uint(rd, 4);
    struct hf_view body = hf_rd_bytes(rd, len);

    if (rd->bad || len > HF_NSS_RECORD_MAX)
        return false;
    *ret_record = (struct record){ (char)what.ptr[0], body };
    return true;
}

static int add_trust(struct hf_view body, struct trusts *trusts,
                     struct hf_err *err)
{
    struct hf_rd rd = hf_rd(body);
    struct trust trust = { .of = hf_rd_bytes(&rd, HF_NSS_USES).ptr,
                           .number = trusts->count };

    trust.key.sha1 = hf_rd_bytes(&rd, hf_rd_uint(&rd, 2));
    trust.key.issuer = hf_rd_bytes(&rd, hf_rd_uint(&rd, 2));
    trust.key.serial = hf_rd_bytes(&rd, hf_rd_uint(&rd, 2));
    if (rd.bad)
        return HF_FAIL(err, HF_E_PARSE, "NSS gave no sound answer");
    if (trusts->count == trusts->room) {
        size_t room = trusts->room ? 2 * trusts->room : 64;
        struct trust *grown = reallocarray(trusts->trust, room, sizeof(*grown));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
        trusts->trust = grown;
        trusts->room = room;
    }
    trusts->trust[trusts->count++] = trust;
    return 0;
}

/* The child's words made safe. */
static void say(struct hf_view words, char *ret_text, size_t size)
{
    size_t len = words.len < size ? words.len : size - 1;

    if (len > 0)
        memcpy(ret_text, words.ptr, len);
    for (size_t i = 0; i < len; i++)
        if (ret_text[i] < ' ' || (unsigned char)ret_text[i] >= 0x7f)
            ret_text[i] = ' ';
    ret_text[len] = '\0';
}

/* What the child could not do. */
static int failed(struct hf_view body, struct hf_err *err)
{
    static const enum hf_code codes[] = { HF_E_PARSE, HF_E_CRYPTO, HF_E_LIMIT,
                                          HF_E_IO };
    enum hf_code code = HF_E_PARSE;
    char text[HF_ERR_TEXT];

    for (size_t i = 0; body.len > 0 && i < HF_COUNT(codes); i++)
        if (body.ptr[0] == (uint8_t)-codes[i])
            code = codes[i];
    say(hf_view_from(body, 1), text, sizeof(text));
    return HF_FAIL(err, code, "%s", text);
}

static int add_fault(const char *shown, struct hf_view words,
                     struct hf_store_list *list, struct hf_err *err)
{
    char text[HF_ERR_TEXT];

    say(words, text, sizeof(text));
    return hf_store_list_fault(list, shown, text, err);
}

/* A list without certificates, of a database that is damaged, is none. */
static int add_damage(struct hf_view words, struct hf_store_list *list,
                      struct hf_err *err)
{
    char text[HF_ERR_TEXT];

    say(words, text, sizeof(text));
    if (list->count == 0)
        return HF_FAIL(err, HF_E_PARSE, "the database is damaged: %s", text);
    if (!list->incomplete &&
        asprintf(&list->incomplete, "the database is damaged: %s", text) < 0) {
        list->incomplete = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    }
    return 0;
}

static int add(const char *shown, const struct record *record,
               const struct trusts *trusts, struct hf_store_list *list,
               struct hf_err *err)
{
    switch (record->what) {
    case 'c':
        return add_cert(shown, record->body, trusts, list, err);
    case 'f':
        return add_fault(shown, record->body, list, err);
    case 'd': /* after all certificates */
        return add_damage(record->body, list, err);
    default:
        return 0;
    }
}

/* Trust comes after what it is about: gathered first. Returns 0 when the
 * answer is whole. */
static int gather(struct hf_view answer, struct trusts *trusts,
                  struct hf_err *err)
{
    struct hf_rd rd = hf_rd(answer);
    struct record record;

    while (next_record(&rd, &record)) {
        if (record.what == 'x')
            return failed(record.body, err);
        if (record.what == 'e')
            return 0;
        if (record.what == 't' && add_trust(record.body, trusts, err) < 0)
            return hf_err_code(err);
    }
    return HF_FAIL(err, HF_E_PARSE,
                   "NSS stopped half way: the database is damaged");
}

int hf_nss_list(const char *shown, struct hf_view answer,
                struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(trusts_done) struct trusts trusts = { 0 };
    struct hf_rd rd = hf_rd(answer);
    struct record record;
    int rc = 0;

    if (gather(answer, &trusts, err) < 0)
        return hf_err_code(err);
    if (trusts.count > 1)
        qsort(trusts.trust, trusts.count, sizeof(trusts.trust[0]), by_key);
    while (rc == 0 && next_record(&rd, &record) && record.what != 'e')
        rc = add(shown, &record, &trusts, list, err);
    return rc;
}
