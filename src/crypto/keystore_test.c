/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_test.c - Java keystores, read. */
#include "crypto/keystore.h"

#include <openssl/pkcs12.h>

#include "crypto/keystore_parts.h"
#include "crypto/keystore_pbe.h"
#include "crypto/test_keystore.h"
#include "hf_data.h"
#include "hf_mangle.h"
#include "hf_test.h"

static void test_files(void)
{
    static const struct {
        const char *file, *password, *format;
        struct tally want;
        bool verified, has_check;
        int rc;
    } row[] = {
        { "two.jks", NULL, "JKS", { 2, 1, 0, 1 }, true, true, 0 },
        { "two.jks", "changeit", "JKS", { 2, 1, 0, 1 }, true, true, 0 },
        { "two.jks", "wrong", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "two.jks", "", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "own.jks", NULL, "JKS", { 1, 0, 0, 0 }, false, true, 0 },
        { "own.jks",
          "p\u00e4ssw\u00f6rt-\u20ac",
          "JKS",
          { 1, 0, 0, 0 },
          true,
          true,
          0 },
        { "secret.jceks", NULL, "JCEKS", { 2, 0, 0, 1 }, true, true, 0 },
        { "default.p12", NULL, "PKCS#12", { 2, 1, 0, 2 }, true, true, 0 },
        { "default.p12", "changeit", "PKCS#12", { 2, 1, 0, 2 }, true, true, 0 },
        { "default.p12", "wrong", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "default.p12", "", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "own.p12", NULL, NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "own.p12", "secret", "PKCS#12", { 1, 0, 0, 0 }, true, true, 0 },
        { "legacy.p12", NULL, "PKCS#12", { 1, 0, 0, 0 }, true, true, 0 },
        { "bare.p12", NULL, "PKCS#12", { 2, 0, 0, 0 }, false, false, 0 },
        { "bare.p12", "any", "PKCS#12", { 2, 0, 0, 0 }, false, false, 0 },
        { "pbmac1.p12", NULL, "PKCS#12", { 2, 0, 0, 0 }, true, true, 0 },
        { "pbmac1.p12", "wrong", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
        { "nss.p12", NULL, "PKCS#12", { 0, 1, 0, 1 }, true, true, 0 },
        { "ber.p12", "secret", "PKCS#12", { 1, 0, 0, 0 }, true, true, 0 },
        { "ber.p12", "wrong", NULL, { 0 }, 0, 0, HF_E_CRYPTO },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
        char path[100];
        struct hf_buf bytes;
        struct hf_err err = { 0 };
        int rc;

        (void)snprintf(path, sizeof(path), "keystores/%s", row[i].file);
        hf_data_read(path, &bytes);
        rc = hf_keystore_read(hf_buf_peek(&bytes), row[i].password, &keystore,
                              &err);
        HF_CHECK(rc == row[i].rc &&
                     (rc < 0 || (strcmp(keystore.format, row[i].format) == 0 &&
                                 tally_is(tally_of(&keystore), row[i].want) &&
                                 keystore.verified == row[i].verified &&
                                 keystore.has_check == row[i].has_check &&
                                 keystore.unread == 0)),
                 "read %s, password %s", row[i].file,
                 row[i].password ? row[i].password : "not given");
        hf_buf_done(&bytes);
    }
}

static void test_entries(void)
{
    static const struct {
        const char *file, *alias[3];
        enum hf_keystore_kind kind[3];
    } row[] = {
        /* a JKS is in the order of Java's hash table */
        { "two.jks",
          { "root b", "root a", "my key" },
          { HF_KEYSTORE_TRUSTED, HF_KEYSTORE_TRUSTED, HF_KEYSTORE_CHAIN } },
        { "secret.jceks",
          { "root b", "root a" },
          { HF_KEYSTORE_TRUSTED, HF_KEYSTORE_TRUSTED } },
        { "bare.p12",
          { "root A", "root B" },
          { HF_KEYSTORE_TRUSTED, HF_KEYSTORE_TRUSTED } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
        char path[100];
        struct hf_buf bytes;
        struct hf_err err;
        size_t found = 0, want = 0;

        (void)snprintf(path, sizeof(path), "keystores/%s", row[i].file);
        hf_data_read(path, &bytes);
        HF_CHECK(hf_keystore_read(hf_buf_peek(&bytes), NULL, &keystore, &err) ==
                     0,
                 "entries of %s", row[i].file);
        for (; want < 3 && row[i].alias[want]; want++)
            for (size_t k = 0; k < keystore.count; k++)
                found +=
                    strcmp(keystore.entry[k].alias, row[i].alias[want]) == 0 &&
                    keystore.entry[k].kind == row[i].kind[want] &&
                    keystore.entry[k].offset > 0 &&
                    keystore.entry[k].offset < bytes.len;
        HF_CHECK(found == want && keystore.count == want,
                 "%s: aliases, kinds, places", row[i].file);
        hf_buf_done(&bytes);
    }
}

/* --- JKS ------------------------------------------------------------------ */

static void test_version_1(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = root_cert("One");
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf jks = { 0 };
    struct hf_err err;

    hf_buf_init(&jks, KEYSTORE_MAX);
    put_head(&jks, 0xfeedfeed, 1, 1);
    /* NUL, U+20AC, U+1F511 in two surrogates, a byte that is none */
    put_trusted(&jks, "a\xc0\x80\xe2\x82\xac\xed\xa0\xbd\xed\xb4\x91\xff", NULL,
                hf_cert_der(cert));
    put_sum(&jks);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&jks), "changeit", &keystore, &err) ==
                     0 &&
                 tally_of(&keystore).trusted == 1 && keystore.verified,
             "JKS of version 1");
    HF_CHECK(keystore.count == 1 &&
                 strcmp(keystore.entry[0].alias,
                        "a\ufffd\u20ac\U0001f511\ufffd") == 0 &&
                 hf_cert_same(keystore.entry[0].cert, cert),
             "Java's own UTF-8");
}

static void test_damaged_entries(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = root_cert("One");
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf jks = { 0 };
    struct hf_err err;

    hf_buf_init(&jks, KEYSTORE_MAX);
    put_head(&jks, 0xfeedfeed, 2, 3);
    put_trusted(&jks, "pgp", "PGP", hf_view_text("key"));
    put_trusted(&jks, "bad", "X.509", hf_view_text("\x30\x05no"));
    put_trusted(&jks, "good", "X509", hf_cert_der(cert));
    put_sum(&jks);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&jks), NULL, &keystore, &err) == 0 &&
                 tally_is(tally_of(&keystore), (struct tally){ 1, 0, 2, 0 }),
             "a damaged certificate hides no other");
    HF_CHECK(keystore.count == 3 && keystore.entry[0].offset == 12 &&
                 strstr(keystore.entry[0].fault, "offset 12: ") &&
                 strstr(keystore.entry[1].fault, "offset ") &&
                 strcmp(keystore.entry[1].alias, "bad") == 0,
             "it says where and what");
}

/* Bytes that are no keystore, and what the error names. */
static void test_refused(void)
{
#define JKS "\xfe\xed\xfe\xed\0\0\0\2"
    static const uint8_t sum[HF_SHA1_LEN] = { 0 };
    static const struct {
        const char *name;
        const char *bytes;
        size_t len;
        const char *says;
        int rc;
    } row[] = {
        { "text", "-----BEGIN", 10, "offset 0: byte 0x2d", HF_E_PARSE },
        { "JKS magic alone", "\xfe\xed\xfe\xed", 4, "is cut", HF_E_PARSE },
        { "JKS version", "\xfe\xed\xfe\xed\0\0\0\3\0\0\0\0", 12,
          "offset 4: version 3", HF_E_PARSE },
        { "JKS count", JKS "\0\0\0\1", 12, "offset 12: ", HF_E_PARSE },
        { "JKS huge count", JKS "\xff\xff\xff\xff", 12, "entry 1 of 4294967295",
          HF_E_PARSE },
        { "JKS kind", JKS "\0\0\0\1\0\0\0\7\0\0\0\0\0\0\0\0\0\0", 26,
          "is of kind 7", HF_E_PARSE },
        { "JKS with a JCEKS key", JKS "\0\0\0\1\0\0\0\3\0\0\0\0\0\0\0\0\0\0",
          26, "is of kind 3", HF_E_PARSE },
        { "JKS with more bytes", JKS "\0\0\0\0more", 16,
          "offset 12: 24 bytes after the last of 0 entries", HF_E_PARSE },
        { "JKS key of 4 GB",
          JKS "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff", 30,
          "cut or malformed in entry 1 of 1", HF_E_PARSE },
        { "JKS chain of 4 billion",
          JKS "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff",
          34, "cut or malformed in entry 1 of 1", HF_E_PARSE },
        { "PKCS#12 head", "\x30\x82\x01\x00", 4, "offset 0: ", HF_E_PARSE },
        { "PKCS#12 of nothing", "\x30\x00", 2, "offset 0: ", HF_E_PARSE },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
        HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
        struct hf_err err = { 0 };

        hf_buf_init(&bytes, KEYSTORE_MAX);
        hf_buf_add(&bytes, row[i].bytes, row[i].len);
        if (row[i].len >= 12)
            hf_buf_add(&bytes, sum, sizeof(sum));
        HF_CHECK(hf_keystore_read(hf_buf_peek(&bytes), NULL, &keystore, &err) ==
                         row[i].rc &&
                     err_says(&err, row[i].says) && !keystore.entry,
                 "refused: %s", row[i].name);
    }
}

static void test_limits(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf jks = { 0 };
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    struct hf_err err;
    char alias[HF_KEYSTORE_ALIAS_MAX + 2];

    memset(alias, 'a', sizeof(alias) - 1);
    alias[sizeof(alias) - 1] = '\0';
    hf_buf_init(&jks, KEYSTORE_MAX);
    put_head(&jks, 0xfeedfeed, 2, 1);
    put_trusted(&jks, alias, "X.509", hf_view_text("x"));
    put_sum(&jks);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&jks), NULL, &keystore, &err) ==
                     HF_E_LIMIT &&
                 err_says(&err, "an alias of 4097 bytes"),
             "limit: an alias");
    hf_buf_done(&jks);
    hf_buf_init(&jks, KEYSTORE_MAX);
    put_head(&jks, 0xfeedfeed, 2, HF_KEYSTORE_ENTRIES_MAX + 1);
    for (int i = 0; i <= HF_KEYSTORE_ENTRIES_MAX; i++)
        put_trusted(&jks, "a", "X.509", hf_view_text("x"));
    put_sum(&jks);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&jks), NULL, &keystore, &err) ==
                     HF_E_LIMIT &&
                 err_says(&err, "more than 20000"),
             "limit: entries");
    HF_CHECK(hf_keystore_read(hf_view(NULL, 0), NULL, &keystore, &err) == 0 &&
                 keystore.count == 0 && strcmp(keystore.format, "JKS") == 0,
             "no bytes: a store without entries");
}

/* --- JCEKS ---------------------------------------------------------------- */

static void test_objects(void)
{
#define BYTES(text) (text), sizeof(text) - 1
#define HEAD "\xac\xed\0\5"
#define CLASS "\x72\0\1A\1\2\3\4\5\6\7\x08"
    static const struct {
        const char *name, *bytes;
        size_t len;
        int left; /* bytes; -1: refused */
    } row[] = {
        { "null", BYTES(HEAD "\x70rest"), 4 },
        { "text", BYTES(HEAD "\x74\0\3abcrest"), 4 },
        { "text that is cut", BYTES(HEAD "\x74\0\4abc"), -1 },
        { "array of bytes",
          BYTES(HEAD "\x75\x72\0\2[B\1\2\3\4\5\6\7\x08\2\0\0\x78\x70"
                     "\0\0\0\2ab"),
          0 },
        { "array of 4 GB",
          BYTES(HEAD "\x75\x72\0\2[J\1\2\3\4\5\6\7\x08\2\0\0\x78\x70"
                     "\xff\xff\xff\xff"),
          -1 },
        { "array of arrays",
          BYTES(HEAD "\x75\x72\0\3[[B\1\2\3\4\5\6\7\x08\2\0\0\x78\x70"
                     "\0\0\0\0"),
          -1 },
        { "object of numbers",
          BYTES(HEAD "\x73" CLASS "\2\0\2I\0\1iZ\0\1b\x78\x70iiiib"), 0 },
        { "object with what its class wrote",
          BYTES(HEAD "\x73" CLASS "\3\0\0\x78\x70\x77\2ab\x78!"), 1 },
        { "object that is cut",
          BYTES(HEAD "\x73" CLASS "\2\0\1I\0\1i\x78\x70i"), -1 },
        { "class that is its own ancestor",
          BYTES(HEAD "\x73" CLASS "\2\0\0\x78\x71\0\x7e\0\0"), 0 },
        { "class that is not there",
          BYTES(HEAD "\x73" CLASS "\2\0\0\x78\x71\0\x7e\0\1"), -1 },
        { "object whose length its class alone knows",
          BYTES(HEAD "\x73" CLASS "\4\0\0\x78\x70"), -1 },
        { "enumeration", BYTES(HEAD "\x7e\x70"), -1 },
        { "other head", BYTES("\xac\xed\0\6\x70"), -1 },
        { "nothing", BYTES(""), -1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_rd rd = hf_rd(hf_view(row[i].bytes, row[i].len));
        bool good = hf_java_object_skip(&rd);

        HF_CHECK(good == (row[i].left >= 0) &&
                     (!good || rd.left == (size_t)row[i].left),
                 "object: %s", row[i].name);
    }
}

static void test_deep_object(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_rd rd;

    /* an object in what the class of an object wrote about itself, and on */
    hf_buf_init(&bytes, KEYSTORE_MAX);
    hf_buf_add(&bytes, "\xac\xed\0\5", 4);
    for (int i = 0; i < 100000; i++)
        hf_buf_add(&bytes, "\x73\x72\0\1A\1\2\3\4\5\6\7\x08\2\0\0", 16);
    rd = hf_rd(hf_buf_peek(&bytes));
    HF_CHECK(!hf_java_object_skip(&rd), "object: nested without end");
}

static void test_unread(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = root_cert("One");
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf jceks = { 0 };
    struct hf_err err;

    hf_buf_init(&jceks, KEYSTORE_MAX);
    put_head(&jceks, 0xcececece, 2, 4);
    put_trusted(&jceks, "first", "X.509", hf_cert_der(cert));
    put_number(&jceks, 3, 4);
    put_utf(&jceks, "odd");
    put_number(&jceks, 0, 8);
    hf_buf_add(&jceks, "\xac\xed\0\5\x7e", 5);
    put_trusted(&jceks, "third", "X.509", hf_cert_der(cert));
    put_trusted(&jceks, "fourth", "X.509", hf_cert_der(cert));
    put_sum(&jceks);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&jceks), NULL, &keystore, &err) ==
                     0 &&
                 keystore.count == 2 && keystore.unread == 2 &&
                 keystore.entry[0].cert &&
                 strcmp(keystore.entry[1].alias, "odd") == 0 &&
                 strstr(keystore.entry[1].fault, "are not read"),
             "JCEKS: what stands behind an unknown object is counted");
}

/* --- PKCS#12 -------------------------------------------------------------- */

static void p12_of(const char *password, int nid, struct hf_buf *ret_bytes)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    EVP_PKEY *key = mint_key();
    unsigned char *der = NULL;
    const unsigned char *at;
    PKCS12 *p12;
    X509 *x509;
    int len;

    cert =
        MINT("leaf", .issuer = "leaf", .key = key, .by = key, .ext = MINT_LEAF);
    at = hf_cert_der(cert).ptr;
    x509 = d2i_X509(NULL, &at, (long)hf_cert_der(cert).len);
    p12 = PKCS12_create(password, "leaf", key, x509, NULL, nid, nid, 3, 3, 0);
    len = i2d_PKCS12(p12, &der);
    assert(len > 0);
    hf_buf_init(ret_bytes, KEYSTORE_MAX);
    hf_buf_add(ret_bytes, der, (size_t)len);
    OPENSSL_free(der);
    PKCS12_free(p12);
    X509_free(x509);
    EVP_PKEY_free(key);
}

static void test_openssl(void)
{
    static const struct {
        const char *name, *made, *given;
        int nid, rc;
    } row[] = {
        { "AES", "secret", "secret", NID_aes_256_cbc, 0 },
        { "3DES", "secret", "secret", NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
          0 },
        { "no ASCII", "p\u00e4\u20ac\U0001f511", "p\u00e4\u20ac\U0001f511",
          NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 0 },
        { "no ASCII, AES", "p\u00e4\u20ac", "p\u00e4\u20ac", NID_aes_128_cbc,
          0 },
        { "no ASCII, wrong", "p\u00e4\u20ac", "pa\u20ac", NID_aes_128_cbc,
          HF_E_CRYPTO },
        { "the empty password", "", "", NID_aes_128_cbc, 0 },
        { "the empty password, not given", "", NULL, NID_aes_128_cbc, 0 },
        { "no password", NULL, NULL, NID_aes_128_cbc, 0 },
        { "no password, the empty one given", NULL, "", NID_aes_128_cbc, 0 },
        { "no password, one given", NULL, "changeit", NID_aes_128_cbc,
          HF_E_CRYPTO },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
        struct hf_err err = { 0 };
        struct hf_buf p12;
        int rc;

        p12_of(row[i].made, row[i].nid, &p12);
        rc = hf_keystore_read(hf_buf_peek(&p12), row[i].given, &keystore, &err);
        HF_CHECK(rc == row[i].rc &&
                     (rc < 0 || tally_is(tally_of(&keystore),
                                         (struct tally){ 0, 1, 0, 1 })),
                 "OpenSSL's PKCS#12: %s", row[i].name);
        hf_buf_done(&p12);
    }
}

/* A safe that is not encrypted, under a check sum whose password nobody knows.
 */
static void test_locked(void)
{
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    struct hf_err err = { 0 };
    struct hf_buf p12;

    p12_of("unknown", -1, &p12);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&p12), NULL, &keystore, &err) == 0 &&
                 tally_of(&keystore).chain == 1 && keystore.has_check &&
                 !keystore.verified,
             "PKCS#12 without encryption is read without its password");
    hf_keystore_done(&keystore);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&p12), "wrong", &keystore, &err) ==
                 HF_E_CRYPTO,
             "and not with a wrong one");
    hf_buf_done(&p12);
}

/* The work that a file may ask for is bounded before it is done. */
static void test_work(void)
{
    static const uint8_t pbkdf2[] = {
        0x30, 0x36, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05,
        0x0d, 0x30, 0x29, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
        0x0d, 0x01, 0x05, 0x0c, 0x30, 0x0b, 0x04, 0x04, 's',  'a',  'l',  't',
        0x02, 0x03, 0x7f, 0xff, 0xff, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
        0x01, 0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x00
    };
    /* N 2^16, r 1, p 2^16: within OpenSSL's 32 MB, and hours of work */
    static const uint8_t scrypt[] = {
        0x30, 0x41, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05,
        0x0d, 0x30, 0x34, 0x30, 0x23, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
        0xda, 0x47, 0x04, 0x0b, 0x30, 0x16, 0x04, 0x04, 's',  'a',  'l',  't',
        0x02, 0x03, 0x01, 0x00, 0x00, 0x02, 0x01, 0x01, 0x02, 0x03, 0x01, 0x00,
        0x00, 0x02, 0x01, 0x20, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
        0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x00
    };
    struct hf_pbe pbe = { "x", 0, HF_PBE_ROUNDS_MAX };
    struct hf_plain plain;
    struct hf_keystore keystore;
    struct hf_err err;
    struct hf_buf costly;

    hf_data_read("certs/costly.p12", &costly);
    HF_CHECK(hf_keystore_read(hf_buf_peek(&costly), "secret", &keystore,
                              &err) == HF_E_LIMIT &&
                 err_says(&err, "rounds of key derivation"),
             "work: a check sum of too many rounds");
    hf_buf_done(&costly);
    HF_CHECK(hf_pbe_decrypt(&pbe, hf_view(pbkdf2, sizeof(pbkdf2)),
                            hf_view("0123456789abcdef", 16), &plain,
                            &err) == HF_E_LIMIT &&
                 err_says(&err, "8388607 rounds"),
             "work: PBKDF2 of too many rounds");
    HF_CHECK(hf_pbe_decrypt(&pbe, hf_view(scrypt, sizeof(scrypt)),
                            hf_view("0123456789abcdef", 16), &plain,
                            &err) == HF_E_LIMIT &&
                 err_says(&err, "4294967296 rounds"),
             "work: scrypt of too many blocks");
}

/* Puts `len` bytes before those from `at` on, and all into one element. */
static void wrap_with(struct hf_buf *out, size_t at, const void *head,
                      size_t len)
{
    hf_buf_add(out, head, len);
    assert(!out->bad);
    memmove(out->ptr + at + len, out->ptr + at, out->len - at - len);
    memcpy(out->ptr + at, head, len);
    wrap_der(out, at, 0x30);
}

/* A certificate that is marked as trusted, in so many bags more. */
static void nested_p12(struct hf_cert *cert, int depth, struct hf_buf *p12)
{
#define DATA "\6\x09\x2a\x86\x48\x86\xf7\x0d\1\7\1"
#define BAG "\6\x0b\x2a\x86\x48\x86\xf7\x0d\1\x0c\x0a\1"
#define MARK                                                                   \
    "\x31\x18\x30\x16\6\x0c\x60\x86\x48\1\x86\xf9\x66\xad\xca\x7b\1\1"         \
    "\x31\6\6\4\x55\x1d\x25\0"
    hf_buf_view(p12, hf_cert_der(cert));
    wrap_der(p12, 0, 0x04);
    wrap_der(p12, 0, 0xa0);
    wrap_with(p12, 0, "\6\x0a\x2a\x86\x48\x86\xf7\x0d\1\x09\x16\1", 12);
    wrap_der(p12, 0, 0xa0);
    hf_buf_add(p12, MARK, 26);
    wrap_with(p12, 0, BAG "\3", 13);
    for (int i = 0; i < depth; i++) {
        wrap_der(p12, 0, 0x30);
        wrap_der(p12, 0, 0xa0);
        wrap_with(p12, 0, BAG "\6", 13);
    }
    wrap_der(p12, 0, 0x30);
    for (int i = 0; i < 2; i++) { /* a safe, the safes */
        wrap_der(p12, 0, 0x04);
        wrap_der(p12, 0, 0xa0);
        wrap_with(p12, 0, DATA, 11);
        if (i == 0)
            wrap_der(p12, 0, 0x30);
    }
    wrap_with(p12, 0, "\2\1\3", 3);
}

static void test_nested(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = root_cert("One");

    for (int depth = 0; depth < 8; depth++) {
        HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
        HF_AUTO(hf_buf_done) struct hf_buf p12 = { 0 };
        struct tally want = { depth == 0, depth > 0, 0, 0 };
        struct hf_err err;
        int rc;

        hf_buf_init(&p12, KEYSTORE_MAX);
        nested_p12(cert, depth, &p12);
        rc = hf_keystore_read(hf_buf_peek(&p12), NULL, &keystore, &err);
        HF_CHECK(depth > 4 ? rc == HF_E_PARSE
                           : rc == 0 && tally_is(tally_of(&keystore), want),
                 "a marked certificate in %d bags more", depth);
    }
}

/* --- damage --------------------------------------------------------------- */

static int read_any(struct hf_view bytes, void *user, struct hf_err *err)
{
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };

    if (hf_keystore_read(bytes, NULL, &keystore, err) < 0)
        return hf_err_code(err);
    (void)user;
    return 0;
}

static void test_mangled(void)
{
    static const char *const file[] = { "own.jks", "secret.jceks", "bare.p12" };

    for (size_t i = 0; i < HF_COUNT(file); i++) {
        char path[100];
        struct hf_buf bytes;

        (void)snprintf(path, sizeof(path), "keystores/%s", file[i]);
        hf_data_read(path, &bytes);
        HF_CHECK(hf_mangle(hf_buf_peek(&bytes), read_any, NULL) == 0,
                 "%s: cut and changed at every byte", file[i]);
        hf_buf_done(&bytes);
    }
}

int main(void)
{
    test_files();
    test_entries();
    test_version_1();
    test_damaged_entries();
    test_refused();
    test_limits();
    test_objects();
    test_deep_object();
    test_unread();
    test_openssl();
    test_locked();
    test_work();
    test_nested();
    test_mangled();
    return hf_test_end();
}
