/* SPDX-License-Identifier: Apache-2.0 */
/* store/kych.c - the certificates in the bytes of a macOS keychain file. */
#include "store/kych.h"

#include "base/rd.h"

#define HEAD_LEN 20
#define VERSION_MAJOR 1
#define TABLE_HEAD_LEN 28
#define RECORD_HEAD_LEN 24
#define CERT_ATTRIBUTES 9 /* of a certificate; 4 bytes each say where it is */
#define PRINT_NAME 2      /* the number of its name among them */
#define CERT_RECORD_MIN (RECORD_HEAD_LEN + 4 * CERT_ATTRIBUTES)

/* CSSM_DB_RECORDTYPE */
#define TYPE_PUBLIC_KEY 0x0000000fu
#define TYPE_SYMMETRIC_KEY 0x00000011u
#define TYPE_PASSWORD 0x80000000u       /* generic, */
#define TYPE_SHARE_PASSWORD 0x80000002u /* internet, AppleShare */
#define TYPE_CERTIFICATE 0x80001000u

struct reader {
    struct hf_view bytes;
    size_t spent; /* bytes of parts looked at: more than there are overlap */
    size_t count;
    hf_kych_each *each;
    void *user;
    struct hf_kych_about *about;
};

struct table {
    size_t at;          /* in the file */
    struct hf_view all; /* cut to what the file has */
    uint32_t len, type, records, slots;
};

/* The number at an offset that was checked. */
static uint32_t number(struct hf_view v, size_t at)
{
    struct hf_rd rd = hf_rd(hf_view_from(v, at));

    return hf_rd_uint(&rd, 4);
}

static int spend(struct reader *r, size_t len, size_t at, struct hf_err *err)
{
    if (__builtin_add_overflow(r->spent, len, &r->spent) ||
        r->spent > r->bytes.len)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the parts of the keychain overlap", at);
    return 0;
}

/* --- a record ------------------------------------------------------------ */

/* Empty when it has none, or one that lies elsewhere. */
static struct hf_view print_name(struct hf_view record)
{
    uint32_t from = number(record, RECORD_HEAD_LEN + 4 * PRINT_NAME);
    struct hf_rd rd;

    if (from <= CERT_RECORD_MIN) /* one more than where it is; 0: none */
        return hf_view(NULL, 0);
    rd = hf_rd(hf_view_from(record, from - 1));
    return hf_rd_bytes(&rd, hf_rd_uint(&rd, 4));
}

/* Returns how many bytes of the file the record takes. */
static size_t read_record(struct hf_view all, size_t slot,
                          struct hf_kych_record *record)
{
    struct hf_view rest = hf_view_from(all, slot);
    uint32_t len, der_len;

    if (rest.len < CERT_RECORD_MIN) {
        record->fault = "the record lies outside of its table";
        return CERT_RECORD_MIN;
    }
    len = number(rest, 0);
    der_len = number(rest, 16);
    if (len > rest.len)
        record->fault = "the record is cut";
    else if (len < CERT_RECORD_MIN || der_len > len - CERT_RECORD_MIN)
        record->fault = "the record is too short for its certificate";
    if (record->fault)
        return CERT_RECORD_MIN;
    record->der = hf_view(rest.ptr + CERT_RECORD_MIN, der_len);
    record->label = print_name(hf_view(rest.ptr, len));
    return len;
}

/* slot  where the record is in the table; 0 and odd numbers: an empty place,
 *       the latter in the list of those to be used again. */
static int take_record(struct reader *r, const struct table *table,
                       uint32_t slot, struct hf_err *err)
{
    struct hf_kych_record record = { .offset = table->at + slot };
    size_t len;

    if (slot == 0 || slot % 2 == 1)
        return 0;
    if (++r->count > HF_KYCH_COUNT_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "offset %zu: more than %d certificates",
                       record.offset, HF_KYCH_COUNT_MAX);
    len = read_record(table->all, slot, &record);
    if (spend(r, len, record.offset, err) < 0)
        return hf_err_code(err);
    r->about->present++;
    return r->each(r->user, &record, err);
}

/* --- tables -------------------------------------------------------------- */

static int read_certs(struct reader *r, const struct table *table,
                      struct hf_err *err)
{
    r->about->announced += table->records;
    if (table->slots > (table->all.len - TABLE_HEAD_LEN) / 4)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: %u records do not fit into a table of %zu "
                       "bytes",
                       table->at + 24, (unsigned)table->slots, table->all.len);
    for (uint32_t i = 0; i < table->slots; i++) {
        size_t at = TABLE_HEAD_LEN + 4 * (size_t)i;
        int rc = spend(r, 4, table->at + at, err);

        if (rc == 0)
            rc = take_record(r, table, number(table->all, at), err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static bool is_secret(uint32_t type)
{
    return (type >= TYPE_PUBLIC_KEY && type <= TYPE_SYMMETRIC_KEY) ||
           (type >= TYPE_PASSWORD && type <= TYPE_SHARE_PASSWORD);
}

static int read_table(struct reader *r, size_t at, struct hf_err *err)
{
    struct hf_view rest = hf_view_from(r->bytes, at);
    struct table table = { .at = at };
    int rc;

    if (rest.len < TABLE_HEAD_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: expected a table, found the end of the "
                       "keychain",
                       at);
    table.len = number(rest, 0);
    table.type = number(rest, 4);
    table.records = number(rest, 8);
    table.slots = number(rest, 24);
    table.all = hf_view(rest.ptr, table.len < rest.len ? table.len : rest.len);
    if (table.len < TABLE_HEAD_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: a table of %u bytes: expected %d or more",
                       at, (unsigned)table.len, TABLE_HEAD_LEN);
    if (spend(r, TABLE_HEAD_LEN, at, err) < 0)
        return hf_err_code(err);
    if (is_secret(table.type) && table.records > 0)
        r->about->has_keys = true;
    rc = table.type == TYPE_CERTIFICATE ? read_certs(r, &table, err) : 0;
    if (rc == 0 && table.len > rest.len)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: a table of %u bytes is cut: %zu are there",
                       at, (unsigned)table.len, rest.len);
    return rc;
}

static int check_head(struct hf_view bytes, struct hf_err *err)
{
    if (hf_view_starts(bytes, "SQLite format 3"))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: a keychain of the newer kind (SQLite), which "
                       "holds passwords and keys, no roots");
    if (!hf_view_starts(bytes, "kych"))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: expected a keychain, which begins \"kych\"");
    if (bytes.len < HEAD_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the header of the keychain is cut: "
                       "expected %d bytes",
                       bytes.len, HEAD_LEN);
    if (number(bytes, 4) >> 16 != VERSION_MAJOR)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 4: a keychain of version %u: expected %d",
                       (unsigned)(number(bytes, 4) >> 16), VERSION_MAJOR);
    return 0;
}

int hf_kych_read(struct hf_view bytes, hf_kych_each *each, void *user,
                 struct hf_kych_about *ret_about, struct hf_err *err)
{
    struct reader r = {
        .bytes = bytes, .each = each, .user = user, .about = ret_about
    };
    size_t start;
    struct hf_view array;
    uint32_t count;

    if (check_head(bytes, err) < 0)
        return hf_err_code(err);
    start = number(bytes, 12);
    array = hf_view_from(bytes, start);
    count = array.len >= 8 ? number(array, 4) : 0;
    if (array.len < 8 || count > (array.len - 8) / 4)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the array of %u tables is cut", start,
                       (unsigned)count);
    for (uint32_t i = 0; i < count; i++) {
        int rc = read_table(&r, start + number(array, 8 + 4 * (size_t)i), err);

        if (rc != 0)
            return rc;
    }
    return 0;
}
