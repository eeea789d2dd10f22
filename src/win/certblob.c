/* SPDX-License-Identifier: Apache-2.0 */
/* win/certblob.c - a certificate with its properties, alone and in a .sst. */
#include "win/certblob.h"

#include "base/rd.h"
#include "base/utf16.h"

#define X509_ENCODING 1 /* wincrypt.h, X509_ASN_ENCODING */
#define SST_MAGIC "\0\0\0\0CERT"
#define SST_MAGIC_LEN 8
#define HEAD_LEN 12 /* of a property; as many zeros end a .sst */

struct prop {
    uint32_t id, encoding;
    struct hf_view bytes;
};

static uint32_t read_u32le(struct hf_rd *rd)
{
    uint32_t n = hf_rd_uint(rd, 4);

    return __builtin_bswap32(n);
}

/* offset  of the property in the file, for the text */
static int read_prop(struct hf_rd *rd, size_t offset, struct prop *ret_prop,
                     struct hf_err *err)
{
    struct prop prop;
    size_t had = rd->left;
    uint32_t len;

    prop.id = read_u32le(rd);
    prop.encoding = read_u32le(rd);
    len = read_u32le(rd);
    if (rd->bad)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: expected the 12 bytes before a property, "
                       "found %zu",
                       offset, had);
    if (len > rd->left)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: property %u of %u bytes is cut: %zu are "
                       "there",
                       offset, (unsigned)prop.id, (unsigned)len, rd->left);
    prop.bytes = hf_rd_bytes(rd, len);
    *ret_prop = prop;
    return 0;
}

static bool is_element(const struct prop *prop)
{
    return prop->id == HF_PROP_CERT || prop->id == HF_PROP_CRL ||
           prop->id == HF_PROP_CTL;
}

static void keep(const struct prop *prop, struct hf_certblob *blob)
{
    switch (prop->id) {
    case HF_PROP_CERT:
        blob->der = prop->bytes;
        blob->encoding = prop->encoding;
        break;
    case HF_PROP_CRL:
    case HF_PROP_CTL:
        blob->other = true;
        blob->encoding = prop->encoding;
        break;
    case HF_PROP_EKU:
        blob->eku = prop->bytes;
        break;
    case HF_PROP_FRIENDLY_NAME:
        blob->friendly_name = prop->bytes;
        break;
    case HF_PROP_SHA1:
        if (prop->bytes.len == 20)
            blob->sha1 = prop->bytes;
        break;
    default:
        break;
    }
}

/* --- a registry blob ----------------------------------------------------- */

static bool all_zero(const struct hf_rd *rd)
{
    for (size_t i = 0; i < rd->left; i++)
        if (rd->at[i] != 0)
            return false;
    return true;
}

int hf_certblob_read(struct hf_view bytes, struct hf_certblob *ret_blob,
                     struct hf_err *err)
{
    struct hf_certblob blob = { .whole = bytes };
    struct hf_rd rd = hf_rd(bytes);
    bool full = false;

    while (rd.left > 0 && !all_zero(&rd)) {
        size_t offset = bytes.len - rd.left;
        struct prop prop;

        if (read_prop(&rd, offset, &prop, err) < 0)
            return hf_err_code(err);
        if (is_element(&prop) && full)
            return HF_FAIL(err, HF_E_PARSE,
                           "offset %zu: a second certificate in one blob",
                           offset);
        full = full || is_element(&prop);
        keep(&prop, &blob);
    }
    *ret_blob = blob;
    return 0;
}

static void add_u32le(struct hf_buf *out, uint32_t n)
{
    const uint8_t bytes[] = { (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16),
                              (uint8_t)(n >> 24) };

    hf_buf_add(out, bytes, sizeof(bytes));
}

static void add_prop(struct hf_buf *out, enum hf_cert_prop id,
                     struct hf_view bytes)
{
    add_u32le(out, id);
    add_u32le(out, X509_ENCODING);
    add_u32le(out, (uint32_t)bytes.len);
    hf_buf_view(out, bytes);
}

static int add_name(struct hf_buf *out, const char *name, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    hf_buf_init(&text, 4 * strlen(name) + 2);
    hf_utf8_to_utf16le(&text, hf_view_text(name));
    hf_buf_add(&text, "\0", 2);
    if (hf_buf_check(&text, err) < 0)
        return hf_err_code(err);
    add_prop(out, HF_PROP_FRIENDLY_NAME, hf_buf_peek(&text));
    return 0;
}

int hf_certblob_write(struct hf_buf *out, struct hf_view der,
                      const uint8_t sha1[20], const char *name,
                      struct hf_err *err)
{
    if (der.len > UINT32_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a certificate of %zu bytes", der.len);
    add_prop(out, HF_PROP_SHA1, hf_view(sha1, 20));
    if (name && *name && add_name(out, name, err) < 0)
        return hf_err_code(err);
    add_prop(out, HF_PROP_CERT, der);
    return hf_buf_check(out, err);
}

/* --- a .sst -------------------------------------------------------------- */

struct sst {
    struct hf_view bytes;
    struct hf_rd rd;
    size_t count;
};

static size_t sst_offset(const struct sst *sst)
{
    return sst->bytes.len - sst->rd.left;
}

/* One element with the properties before it. Returns 0, 1 past the last. */
static int next_element(struct sst *sst, struct hf_certblob *ret_blob,
                        struct hf_err *err)
{
    struct hf_certblob blob = { 0 };
    size_t from = sst_offset(sst);
    struct prop prop = { 0 };

    while (!is_element(&prop)) {
        size_t offset = sst_offset(sst);

        if (read_prop(&sst->rd, offset, &prop, err) < 0)
            return hf_err_code(err);
        if (prop.id == 0 && offset == from)
            return 1;
        if (prop.id == 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "offset %zu: the store ends after properties: "
                           "expected what they belong to",
                           offset);
        keep(&prop, &blob);
    }
    blob.whole = hf_view(sst->bytes.ptr + from, sst_offset(sst) - from);
    *ret_blob = blob;
    return 0;
}

int hf_sst_read(struct hf_view bytes, hf_sst_each *each, void *user,
                struct hf_err *err)
{
    struct sst sst = { .bytes = bytes,
                       .rd = hf_rd(hf_view_from(bytes, SST_MAGIC_LEN)) };

    if (bytes.len < SST_MAGIC_LEN ||
        memcmp(bytes.ptr, SST_MAGIC, SST_MAGIC_LEN) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: expected a serialized certificate store: "
                       "four zero bytes and \"CERT\"");
    for (;;) {
        size_t offset = sst_offset(&sst);
        struct hf_certblob blob;
        int rc = next_element(&sst, &blob, err);

        if (rc != 0)
            return rc < 0 ? rc : 0;
        if (++sst.count > HF_SST_COUNT_MAX)
            return HF_FAIL(err, HF_E_LIMIT,
                           "offset %zu: more than %d certificates", offset,
                           HF_SST_COUNT_MAX);
        rc = each(user, &blob, offset, err);
        if (rc != 0)
            return rc;
    }
}

void hf_sst_begin(struct hf_buf *out)
{
    hf_buf_add(out, SST_MAGIC, SST_MAGIC_LEN);
}

void hf_sst_end(struct hf_buf *out)
{
    static const uint8_t zeros[HEAD_LEN];

    hf_buf_add(out, zeros, sizeof(zeros));
}
