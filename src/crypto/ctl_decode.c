/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_decode.c - what a trust list says: its head, its entries.
 *
 * CertificateTrustList ::= SEQUENCE {
 *   version INTEGER DEFAULT v1, usage SEQUENCE OF OID,
 *   listIdentifier OCTET STRING OPTIONAL, sequenceNumber INTEGER OPTIONAL,
 *   thisUpdate Time, nextUpdate Time OPTIONAL, algorithm AlgorithmIdentifier,
 *   entries SEQUENCE OF Entry OPTIONAL, extensions [0] OPTIONAL }
 * Entry ::= SEQUENCE { id OCTET STRING, properties SET OF Property OPTIONAL }
 * Source: wincrypt.h, CTL_INFO and CTL_ENTRY; the files. */
#include "crypto/ctl_decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "crypto/der.h"

#define TAG_OCTETS 0x04
#define TAG_UTC_TIME 0x17
#define TAG_GENERAL_TIME 0x18
#define TAG_SET 0x31
#define TAG_0 0xa0

#define SEQUENCE_MAX 64  /* bytes of a number; ours: 9 today */
#define TEXTS_MAX 200000 /* purposes in a list; ours: 4,000 today */

struct oid {
    const char *body;
    size_t len;
    int means;
};

static const struct oid usages[] = {
    { "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x09", 10, HF_CTL_ROOTS },
    { "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x1e", 10, HF_CTL_DISALLOWED },
};

/* A digest of the certificate, or a property of it: 3 is its SHA-1, 15 the
 * digest of what is signed in it (szOID_DISALLOWED_HASH). */
static const struct oid algorithms[] = {
    { "\x2b\x0e\x03\x02\x1a", 5, HF_CTL_BY_SHA1 },
    { "\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9, HF_CTL_BY_SHA256 },
    { "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0b\x03", 10, HF_CTL_BY_SHA1 },
    { "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0b\x0f", 10, HF_CTL_BY_SIGNED },
};

static int find_oid(struct hf_view oid, const struct oid *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hf_view_same(oid, hf_view(table[i].body, table[i].len)))
            return table[i].means;
    return -1;
}

/* --- the head ------------------------------------------------------------ */

/* The head's elements one after the other; `at` is for error texts. */
struct head {
    struct hf_rd rd;
    const uint8_t *file;
    struct hf_err *err;
};

static int fail(const struct head *h, const char *what)
{
    return HF_FAIL(h->err, HF_E_PARSE, "offset %zu: expected %s",
                   (size_t)(h->rd.at - h->file), what);
}

/* Takes the next element when it has that tag. */
static bool take(struct head *h, uint8_t tag, struct hf_tlv *ret_tlv)
{
    struct hf_rd rd = h->rd;

    if (rd.left == 0 || rd.at[0] != tag || !hf_der_next(&rd, ret_tlv))
        return false;
    h->rd = rd;
    return true;
}

static bool read_digits(struct hf_rd *rd, int count, int *ret_value)
{
    struct hf_view v = hf_rd_bytes(rd, (size_t)count);
    int value = 0;

    if (rd->bad)
        return false;
    for (size_t i = 0; i < v.len; i++) {
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return false;
        value = value * 10 + (v.ptr[i] - '0');
    }
    *ret_value = value;
    return true;
}

/* "250616175611Z" or "20250616175611Z"; seconds may be left out.
 * Source: X.680 46, 47 */
static bool read_time(const struct hf_tlv *tlv, int64_t *ret_s)
{
    struct hf_rd rd = hf_rd(tlv->body);
    struct hf_date d = { 0 };
    bool utc = tlv->tag == TAG_UTC_TIME;

    if (!read_digits(&rd, utc ? 2 : 4, &d.year) ||
        !read_digits(&rd, 2, &d.month) || !read_digits(&rd, 2, &d.day) ||
        !read_digits(&rd, 2, &d.hour) || !read_digits(&rd, 2, &d.minute) ||
        (rd.left > 1 && !read_digits(&rd, 2, &d.second)))
        return false;
    if (utc)
        d.year += d.year < 50 ? 2000 : 1900; /* RFC 5280 4.1.2.5.1 */
    return rd.left == 1 && rd.at[0] == 'Z' && hf_calendar_date(d, ret_s);
}

static int read_usage(struct head *h, struct hf_ctl_head *head)
{
    struct hf_tlv list, oid;
    struct hf_rd rd;
    int usage;

    if (!take(h, HF_DER_SEQUENCE, &list))
        return fail(h, "what the list is for");
    rd = hf_rd(list.body);
    usage = hf_der_expect(&rd, HF_DER_OID, &oid) && rd.left == 0
                ? find_oid(oid.body, usages, HF_COUNT(usages))
                : -1;
    if (usage < 0)
        return HF_FAIL(h->err, HF_E_PARSE,
                       "offset %zu: this is no list of roots, nor of what is "
                       "disallowed",
                       (size_t)(list.body.ptr - h->file));
    head->usage = (enum hf_ctl_usage)usage;
    return 0;
}

static int read_number_and_time(struct head *h, struct hf_ctl_head *head)
{
    struct hf_tlv tlv;

    (void)take(h, TAG_OCTETS, &tlv); /* "DisallowedCert_AutoUpdate_1" */
    if (take(h, HF_DER_INTEGER, &tlv))
        head->sequence = tlv.body;
    if (head->sequence.len > SEQUENCE_MAX)
        return HF_FAIL(h->err, HF_E_LIMIT,
                       "a sequence number of %zu bytes: at most %d are read",
                       head->sequence.len, SEQUENCE_MAX);
    if ((!take(h, TAG_UTC_TIME, &tlv) && !take(h, TAG_GENERAL_TIME, &tlv)) ||
        !read_time(&tlv, &head->this_update_s))
        return fail(h, "the date of the list");
    /* when the next is due */
    if (!take(h, TAG_UTC_TIME, &tlv))
        (void)take(h, TAG_GENERAL_TIME, &tlv);
    return 0;
}

static int read_algorithm(struct head *h, struct hf_ctl_head *head)
{
    struct hf_tlv list, oid;
    struct hf_rd rd;
    int by;

    if (!take(h, HF_DER_SEQUENCE, &list))
        return fail(h, "by what entries name certificates");
    rd = hf_rd(list.body);
    if (!hf_der_expect(&rd, HF_DER_OID, &oid))
        return fail(h, "an algorithm before this");
    by = find_oid(oid.body, algorithms, HF_COUNT(algorithms));
    head->by = by < 0 ? HF_CTL_BY_OTHER : (enum hf_ctl_by)by;
    return 0;
}

int hf_ctl_decode_head(const struct hf_ctl_outline *outline,
                       struct hf_ctl_head *ret_head, struct hf_err *err)
{
    struct head h = { hf_rd(outline->content), outline->file, err };
    struct hf_ctl_head head = { 0 };
    struct hf_tlv tlv;

    (void)take(&h, HF_DER_INTEGER, &tlv); /* version */
    if (read_usage(&h, &head) < 0 || read_number_and_time(&h, &head) < 0 ||
        read_algorithm(&h, &head) < 0)
        return hf_err_code(err);
    if (take(&h, HF_DER_SEQUENCE, &tlv))
        head.entries = tlv.body;
    (void)take(&h, TAG_0, &tlv); /* extensions */
    if (h.rd.left > 0)
        return fail(&h, "the end of the list");
    *ret_head = head;
    return 0;
}

/* --- entries ------------------------------------------------------------- */

static void set_id(struct hf_ctl_entry *entry, enum hf_ctl_by by,
                   struct hf_view id)
{
    /* what a list calls SHA-1 with 32 bytes is none: the length decides */
    if (by != HF_CTL_BY_SIGNED && by != HF_CTL_BY_OTHER)
        by = id.len == HF_SHA1_LEN     ? HF_CTL_BY_SHA1
             : id.len == HF_SHA256_LEN ? HF_CTL_BY_SHA256
                                       : HF_CTL_BY_OTHER;
    entry->by = by;
    if (by == HF_CTL_BY_SHA1) {
        memcpy(entry->sha1, id.ptr, HF_SHA1_LEN);
    } else if (by == HF_CTL_BY_SHA256) {
        memcpy(entry->sha256, id.ptr, HF_SHA256_LEN);
        entry->has_sha256 = true;
    } else {
        memcpy(entry->id, id.ptr, id.len);
        entry->id_len = id.len;
    }
}

static int read_entry(const struct hf_ctl_outline *outline,
                      const struct hf_ctl_head *head, struct hf_view body,
                      size_t *texts_left, struct hf_ctl_entry *entry,
                      struct hf_err *err)
{
    struct hf_rd rd = hf_rd(body);
    struct hf_tlv id, set = { 0 };

    if (!hf_der_expect(&rd, TAG_OCTETS, &id) || id.body.len == 0 ||
        id.body.len > HF_CTL_ID_MAX)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: expected the digest an entry goes by",
                       (size_t)(body.ptr - outline->file));
    if ((rd.left > 0 && !hf_der_expect(&rd, TAG_SET, &set)) || rd.left > 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: expected the properties of an entry",
                       (size_t)(id.whole.ptr + id.whole.len - outline->file));
    set_id(entry, head->by, id.body);
    return hf_ctl_properties(set.body, outline->file, texts_left, entry, err);
}

static int count_entries(const struct hf_ctl_outline *outline,
                         struct hf_view entries, size_t *ret_count,
                         struct hf_err *err)
{
    struct hf_rd rd = hf_rd(entries);
    struct hf_tlv tlv;
    size_t n = 0;

    while (rd.left > 0) {
        size_t at = (size_t)(rd.at - outline->file);

        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
            return HF_FAIL(err, HF_E_PARSE, "offset %zu: expected entry %zu",
                           at, n + 1);
        if (++n > HF_CTL_ENTRIES_MAX)
            return HF_FAIL(err, HF_E_LIMIT,
                           "offset %zu: at most %d entries are read", at,
                           HF_CTL_ENTRIES_MAX);
    }
    *ret_count = n;
    return 0;
}

/* The order of the file where entries are the same. */
static int compare(const void *a, const void *b)
{
    const struct hf_ctl_entry *x = a, *y = b;
    int order = hf_ctl_order(a, b);

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int read_entries(const struct hf_ctl_outline *outline,
                        const struct hf_ctl_head *head, struct hf_ctl *ctl,
                        struct hf_err *err)
{
    struct hf_rd rd = hf_rd(head->entries);
    size_t texts_left = TEXTS_MAX;

    while (rd.left > 0) {
        struct hf_ctl_entry *entry = &ctl->entry[ctl->count];
        struct hf_tlv tlv;

        if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
            return HF_FAIL(err, HF_E_PARSE, "an entry is cut");
        ctl->count++; /* freed with the list, half-built or not */
        entry->offset = (size_t)(tlv.whole.ptr - outline->file);
        entry->number = ctl->count;
        if (read_entry(outline, head, tlv.body, &texts_left, entry, err) < 0)
            return HF_WRAP(err, "entry %zu", ctl->count);
    }
    if (ctl->count > 1)
        qsort(ctl->entry, ctl->count, sizeof(ctl->entry[0]), compare);
    return 0;
}

int hf_ctl_decode_entries(const struct hf_ctl_outline *outline,
                          const struct hf_ctl_head *head,
                          struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = calloc(1, sizeof(*ctl));
    size_t count;

    if (count_entries(outline, head->entries, &count, err) < 0)
        return hf_err_code(err);
    if (!ctl)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a trust list");
    ctl->usage = head->usage;
    ctl->this_update_s = head->this_update_s;
    ctl->sequence = malloc(2 * head->sequence.len + 1);
    ctl->entry = calloc(count ? count : 1, sizeof(ctl->entry[0]));
    if (!ctl->sequence || !ctl->entry)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a trust list");
    hf_hex(head->sequence, ctl->sequence);
    if (read_entries(outline, head, ctl, err) < 0)
        return hf_err_code(err);
    *ret_ctl = HF_STEAL(ctl);
    return 0;
}
