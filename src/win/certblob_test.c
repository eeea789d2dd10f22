/* SPDX-License-Identifier: Apache-2.0 */
/* win/certblob_test.c - certificates with properties, alone and in a .sst. */
#include "win/certblob.h"

#include "hf_mangle.h"
#include "hf_oom.h"

#define BYTES(text)                                                            \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }
#define U32(a) a "\0\0\0"
#define PROP(id, len, bytes) U32(id) U32("\1") U32(len) bytes
#define CERT PROP("\x20", "\3", "DER")
#define NAME PROP("\x0b", "\6", "A\0B\0\0\0")
#define EKU PROP("\x09", "\2", "\x30\0")
#define SHA1 PROP("\3", "\x14", "0123456789abcdefghij")
#define ODD PROP("\x5c", "\4", "????")
#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0"
#define SST "\0\0\0\0CERT"

static bool text_is(const struct hf_err *err, const char *want)
{
    return hf_view_starts(hf_view_text(err->frame[0].text), want);
}

/* --- registry blobs ------------------------------------------------------ */

static void test_read(void)
{
    static const struct {
        const char *name;
        struct hf_view blob;
        const char *der;
        size_t names, ekus, sha1s;
        bool other;
    } row[] = {
        { "a certificate alone", BYTES(CERT), "DER", 0, 0, 0, false },
        { "with properties", BYTES(SHA1 NAME EKU CERT), "DER", 6, 2, 20,
          false },
        { "in another order", BYTES(CERT EKU SHA1 NAME), "DER", 6, 2, 20,
          false },
        { "one nobody knows", BYTES(ODD CERT ODD), "DER", 0, 0, 0, false },
        { "one twice: the last counts",
          BYTES(PROP("\x09", "\4", "\x30\2\5\0") EKU CERT), "DER", 0, 2, 0,
          false },
        { "a SHA-1 that is none", BYTES(PROP("\3", "\4", "0123") CERT), "DER",
          0, 0, 0, false },
        { "a CRL", BYTES(PROP("\x21", "\3", "CRL")), "", 0, 0, 0, true },
        { "a CTL", BYTES(PROP("\x22", "\3", "CTL") NAME), "", 6, 0, 0, true },
        { "properties only", BYTES(SHA1), "", 0, 0, 20, false },
        { "nothing", { NULL, 0 }, "", 0, 0, 0, false },
        { "zeros behind it", BYTES(CERT ZEROS "\0\0"), "DER", 0, 0, 0, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_certblob blob;
        struct hf_err err;

        HF_CHECK(hf_certblob_read(row[i].blob, &blob, &err) == 0 &&
                     hf_view_is(blob.der, row[i].der) &&
                     blob.friendly_name.len == row[i].names &&
                     blob.eku.len == row[i].ekus &&
                     blob.sha1.len == row[i].sha1s &&
                     blob.other == row[i].other,
                 "read: %s", row[i].name);
    }
}

static void test_encoding(void)
{
    static const char pkcs7[] = U32("\x20") "\1\0\1\0" U32("\1") "D";
    struct hf_certblob blob;
    struct hf_err err;

    HF_CHECK(hf_certblob_read(hf_view(pkcs7, sizeof(pkcs7) - 1), &blob, &err) ==
                     0 &&
                 blob.encoding == 0x10001 && hf_view_is(blob.der, "D"),
             "read: another encoding is noted");
}

static void test_malformed(void)
{
    static const struct {
        const char *name;
        struct hf_view blob;
        const char *want;
    } row[] = {
        { "a head that is cut", BYTES(SHA1 "\x20\0\0"),
          "offset 32: expected the 12 bytes" },
        { "more than there is", BYTES(PROP("\x20", "\4", "DER")),
          "offset 0: property 32 of 4 bytes is cut: 3 are there" },
        { "4 GB",
          BYTES(SHA1 U32("\x20") U32("\1") "\xff\xff\xff\xff"
                                           "DER"),
          "offset 32: property 32 of 4294967295 bytes is cut" },
        { "two certificates", BYTES(CERT CERT), "offset 15: a second" },
        { "a certificate and a CTL", BYTES(CERT PROP("\x22", "\1", "C")),
          "offset 15: a second" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_certblob blob;
        struct hf_err err = { 0 };

        HF_CHECK(hf_certblob_read(row[i].blob, &blob, &err) == HF_E_PARSE &&
                     text_is(&err, row[i].want),
                 "malformed: %s", row[i].name);
    }
}

static void test_write(void)
{
    static const char plain[] = SHA1 CERT, named[] = SHA1 NAME CERT;
    const uint8_t *sha1 = (const uint8_t *)"0123456789abcdefghij";
    struct hf_view der = hf_view_text("DER");
    HF_AUTO(hf_buf_done) struct hf_buf a = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf b = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf c = { 0 };
    struct hf_err err;

    hf_buf_init(&a, 1000);
    hf_buf_init(&b, 1000);
    hf_buf_init(&c, 40);
    HF_CHECK(
        hf_certblob_write(&a, der, sha1, NULL, &err) == 0 &&
            hf_view_same(hf_buf_peek(&a), hf_view(plain, sizeof(plain) - 1)),
        "write: without a name");
    HF_CHECK(
        hf_certblob_write(&b, der, sha1, "AB", &err) == 0 &&
            hf_view_same(hf_buf_peek(&b), hf_view(named, sizeof(named) - 1)),
        "write: with a name");
    HF_CHECK(hf_certblob_write(&c, der, sha1, "AB", &err) == HF_E_LIMIT,
             "write: no more than the buffer may hold");
}

/* --- .sst ---------------------------------------------------------------- */

struct seen {
    size_t count, others, stop_at;
    size_t offset[4], len[4];
};

static int see(void *user, const struct hf_certblob *blob, size_t offset,
               struct hf_err *err)
{
    struct seen *seen = user;

    (void)err;
    if (seen->count < HF_COUNT(seen->offset)) {
        seen->offset[seen->count] = offset;
        seen->len[seen->count] = blob->whole.len;
    }
    seen->others += blob->other;
    return ++seen->count == seen->stop_at ? 7 : 0;
}

static void test_sst(void)
{
    static const char store[] = SST SHA1 NAME CERT PROP("\x21", "\1", "C")
        ODD EKU CERT ZEROS "what follows";
    struct seen seen = { 0 }, first = { .stop_at = 1 };
    struct hf_err err;

    HF_CHECK(hf_sst_read(hf_view(store, sizeof(store) - 1), see, &seen, &err) ==
                     0 &&
                 seen.count == 3 && seen.others == 1,
             "sst: two certificates and a CRL");
    HF_CHECK(seen.offset[0] == 8 && seen.len[0] == 65 && seen.offset[1] == 73 &&
                 seen.len[1] == 13 && seen.offset[2] == 86 && seen.len[2] == 45,
             "sst: each begins with its first property");
    HF_CHECK(hf_sst_read(hf_view(store, sizeof(store) - 1), see, &first,
                         &err) == 7 &&
                 first.count == 1,
             "sst: whoever is called may stop it");
}

static void test_sst_malformed(void)
{
    static const struct {
        const char *name;
        struct hf_view bytes;
        const char *want; /* NULL: nothing is wrong */
        size_t count;
    } row[] = {
        { "an empty store", BYTES(SST ZEROS), NULL, 0 },
        { "no bytes", { NULL, 0 }, "offset 0: expected a serialized", 0 },
        { "another file", BYTES("-----BEGIN CERTIFICATE-----"),
          "offset 0: expected a serialized", 0 },
        { "another version", BYTES("\1\0\0\0CERT" ZEROS),
          "offset 0: expected a serialized", 0 },
        { "no end", BYTES(SST CERT), "offset 23: expected the 12 bytes", 1 },
        { "half an end", BYTES(SST CERT "\0\0\0\0\0\0"),
          "offset 23: expected the 12 bytes before a property, found 6", 1 },
        { "a certificate that is cut",
          BYTES(SST CERT SHA1 PROP("\x20", "\4", "DER")),
          "offset 55: property 32 of 4 bytes is cut: 3 are there", 1 },
        { "properties of nothing", BYTES(SST CERT SHA1 ZEROS),
          "offset 55: the store ends after properties", 1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct seen seen = { 0 };
        struct hf_err err = { 0 };
        int rc = hf_sst_read(row[i].bytes, see, &seen, &err);

        HF_CHECK(rc == (row[i].want ? HF_E_PARSE : 0) &&
                     (!row[i].want || text_is(&err, row[i].want)) &&
                     seen.count == row[i].count,
                 "sst: %s", row[i].name);
    }
}

static void test_sst_limit(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf many = { 0 };
    static const char tiny[] = U32("\x20") U32("\1") "\0\0\0";
    struct seen seen = { 0 };
    struct hf_err err;

    hf_buf_init(&many, HF_SST_MAX);
    hf_sst_begin(&many);
    for (size_t i = 0; i < HF_SST_COUNT_MAX; i++)
        hf_buf_add(&many, tiny, sizeof(tiny));
    hf_sst_end(&many);
    HF_CHECK(hf_sst_read(hf_buf_peek(&many), see, &seen, &err) == 0 &&
                 seen.count == HF_SST_COUNT_MAX,
             "sst: as many as are allowed");
    many.len -= 12;
    hf_buf_add(&many, tiny, sizeof(tiny));
    hf_sst_end(&many);
    HF_CHECK(hf_sst_read(hf_buf_peek(&many), see, &seen, &err) == HF_E_LIMIT,
             "sst: one more");
}

/* --- damage, and no memory ----------------------------------------------- */

static int read_either(struct hf_view bytes, void *user, struct hf_err *err)
{
    struct seen seen = { 0 };
    struct hf_certblob blob;

    (void)user;
    if (hf_view_starts(bytes, "\3"))
        return hf_certblob_read(bytes, &blob, err);
    return hf_sst_read(bytes, see, &seen, err);
}

static void test_mangled(void)
{
    static const char blob[] = SHA1 NAME EKU ODD CERT;
    static const char store[] = SST SHA1 NAME CERT EKU CERT ZEROS;

    HF_CHECK(hf_mangle(hf_view(blob, sizeof(blob) - 1), read_either, NULL) == 0,
             "mangled: a blob");
    HF_CHECK(hf_mangle(hf_view(store, sizeof(store) - 1), read_either, NULL) ==
                 0,
             "mangled: a store");
}

static int write_one(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };

    hf_buf_init(&out, 1000);
    hf_sst_begin(&out);
    if (hf_certblob_write(&out, hf_view_text("DER"), arg, "name", err) < 0)
        return hf_err_code(err);
    hf_sst_end(&out);
    return hf_buf_check(&out, err);
}

int main(void)
{
    uint8_t sha1[20] = { 0 };

    test_read();
    test_encoding();
    test_malformed();
    test_write();
    test_sst();
    test_sst_malformed();
    test_sst_limit();
    test_mangled();
    hf_oom_test("write", HF_OOM_ALL, write_one, sha1);
    return hf_test_end();
}
