/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load_test.c - certificates out of every kind of file. */
#include "crypto/load.h"

#include <string.h>

#include "base/hex.h"
#include "hf_data.h"
#include "hf_test.h"

#define COUNT_MAX 8

/* Loads `bytes`; says whether what came is what was wanted. */
struct want {
    enum hf_load_kind kind;
    size_t certs, faults, crls, others;
};

static bool load_gives(struct hf_view bytes, const char *password,
                       struct want want)
{
    struct hf_load load = { 0 };
    struct hf_err err;
    char text[HF_ERR_TEXT * 4];
    bool good;

    if (hf_load_certs(bytes, password, &load, &err) < 0) {
        hf_err_text(&err, text, sizeof(text));
        printf("# refused: %s\n", text);
        return false;
    }
    for (size_t i = 0; i < load.fault_count; i++)
        printf("# %s\n", load.fault[i].text);
    good = load.kind == want.kind && load.count == want.certs &&
           load.fault_count == want.faults && load.crl_count == want.crls &&
           load.other_count == want.others;
    if (!good)
        printf(
            "# kind %d, %zu certificates, %zu faults, %zu CRLs, %zu others\n",
            (int)load.kind, load.count, load.fault_count, load.crl_count,
            load.other_count);
    hf_load_done(&load);
    return good;
}

/* Refused with this code, and a text that has `part` in it? */
static bool load_fails(struct hf_view bytes, const char *password, int code,
                       const char *part)
{
    struct hf_load load = { 0 };
    struct hf_err err;
    char text[HF_ERR_TEXT * 4];

    if (hf_load_certs(bytes, password, &load, &err) == 0) {
        printf("# loaded %zu certificates\n", load.count);
        hf_load_done(&load);
        return false;
    }
    hf_err_text(&err, text, sizeof(text));
    printf("# %s\n", text);
    return (int)err.code == code && strstr(text, part) && load.item == NULL;
}

static void test_files(void)
{
    static const struct {
        const char *file, *password;
        struct want want;
    } row[] = {
        { "chain.pem", NULL, { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "mixed.pem", NULL, { HF_LOAD_PEM, 2, 0, 1, 1 } },
        { "trusted.pem", NULL, { HF_LOAD_PEM, 1, 0, 0, 0 } },
        { "chain.p7b.pem", NULL, { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "between.crl.pem", NULL, { HF_LOAD_PEM, 0, 0, 1, 0 } },
        { "leaf.der", NULL, { HF_LOAD_DER, 1, 0, 0, 0 } },
        { "two.der", NULL, { HF_LOAD_DER, 2, 0, 0, 0 } },
        { "chain.p7b", NULL, { HF_LOAD_PKCS7, 3, 0, 0, 0 } },
        { "ber.p7b", NULL, { HF_LOAD_PKCS7, 2, 0, 0, 0 } },
        { "modern.p12", "secret", { HF_LOAD_PKCS12, 2, 0, 0, 1 } },
        { "legacy.p12", "secret", { HF_LOAD_PKCS12, 2, 0, 0, 1 } },
        { "empty.p12", NULL, { HF_LOAD_PKCS12, 2, 0, 0, 1 } },
        { "empty.p12", "", { HF_LOAD_PKCS12, 2, 0, 0, 1 } },
        { "plain.p12", NULL, { HF_LOAD_PKCS12, 2, 0, 0, 1 } },
        { "java.p12", "secret", { HF_LOAD_PKCS12, 1, 0, 0, 0 } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_buf bytes;
        char path[64];

        (void)snprintf(path, sizeof(path), "certs/%s", row[i].file);
        hf_data_read(path, &bytes);
        HF_CHECK(load_gives(hf_buf_peek(&bytes), row[i].password, row[i].want),
                 "'%s' loads with %s", row[i].file,
                 row[i].password ? row[i].password : "no password");
        hf_buf_done(&bytes);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *file, *password;
        int code;
        const char *part;
    } row[] = {
        { "modern.p12", "wrong", HF_E_CRYPTO, "another password" },
        { "modern.p12", NULL, HF_E_CRYPTO, "has a password" },
        { "legacy.p12", "wrong", HF_E_CRYPTO, "another password" },
        { "java.p12", NULL, HF_E_CRYPTO, "has a password" },
        { "costly.p12", "secret", HF_E_LIMIT, "2000001 rounds" },
        { "scrypt.p12", "secret", HF_E_LIMIT, "1073741824 rounds" },
        { "make.sh", NULL, HF_E_PARSE, "expected PEM" },
        { "revoked.crl", NULL, HF_E_PARSE, "breaks off" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_buf bytes;
        char path[64];

        (void)snprintf(path, sizeof(path), "certs/%s", row[i].file);
        hf_data_read(path, &bytes);
        HF_CHECK(load_fails(hf_buf_peek(&bytes), row[i].password, row[i].code,
                            row[i].part),
                 "'%s' with %s is refused: %s", row[i].file,
                 row[i].password ? row[i].password : "no password",
                 row[i].part);
        hf_buf_done(&bytes);
    }
}

/* The PEM file, every `from` replaced by `to`. */
static void replace(struct hf_view text, const char *from, const char *to,
                    struct hf_buf *out)
{
    size_t at;

    hf_buf_init(out, HF_DATA_MAX);
    while ((at = hf_view_find(text, from)) != SIZE_MAX) {
        hf_buf_view(out, hf_view(text.ptr, at));
        hf_buf_text(out, to);
        text = hf_view_from(text, at + strlen(from));
    }
    hf_buf_view(out, text);
}

static void test_bent_pem(void)
{
    static const struct {
        const char *name, *from, *to;
        struct want want;
    } row[] = {
        { "CRLF", "\n", "\r\n", { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "blanks before every line",
          "\n",
          "\n \t",
          { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "blanks after every line",
          "\n",
          " \t\n",
          { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "junk between",
          "-----BEGIN",
          "subject=/CN=x\n=====\n-----BEGIN",
          { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "bag attributes",
          "-----BEGIN",
          "Bag Attributes\n    localKeyID: 01 \n-----BEGIN",
          { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "the old label",
          " CERTIFICATE",
          " X509 CERTIFICATE",
          { HF_LOAD_PEM, 3, 0, 0, 0 } },
        { "another END",
          "END CERT",
          "END X509 CERT",
          { HF_LOAD_PEM, 0, 3, 0, 0 } },
        { "no END",
          "-----END CERTIFICATE-----\n",
          "",
          { HF_LOAD_PEM, 0, 3, 0, 0 } },
        { "BEGIN without its dashes",
          "CERTIFICATE-----\nM",
          "CERTIFICATE\nM",
          { HF_LOAD_PEM, 0, 3, 0, 0 } },
        { "a byte that is not base64",
          "\nMII",
          "\nM*I",
          { HF_LOAD_PEM, 0, 3, 0, 0 } },
        { "one character less", "\nMII", "\nMI", { HF_LOAD_PEM, 0, 3, 0, 0 } },
        { "everything is a comment",
          "-----BEGIN",
          "# BEGIN",
          { HF_LOAD_PEM, 0, 0, 0, 0 } },
    };
    struct hf_buf pem, bent;

    hf_data_read("certs/chain.pem", &pem);
    for (size_t i = 0; i + 1 < HF_COUNT(row); i++) {
        replace(hf_buf_peek(&pem), row[i].from, row[i].to, &bent);
        HF_CHECK(load_gives(hf_buf_peek(&bent), NULL, row[i].want),
                 "PEM with %s", row[i].name);
        hf_buf_done(&bent);
    }
    hf_buf_init(&bent, HF_DATA_MAX);
    hf_buf_text(&bent, "\xef\xbb\xbf");
    hf_buf_view(&bent, hf_buf_peek(&pem));
    HF_CHECK(load_gives(hf_buf_peek(&bent), NULL,
                        (struct want){ HF_LOAD_PEM, 3, 0, 0, 0 }),
             "PEM with a byte order mark");
    hf_buf_done(&bent);
    hf_buf_done(&pem);
}

/* One damaged block does not hide the others; its line is named. */
static void test_one_damaged(void)
{
    struct hf_load load = { 0 };
    struct hf_buf pem;
    struct hf_err err;
    size_t at;

    hf_data_read("certs/chain.pem", &pem);
    at = pem.len / 2;
    while (pem.ptr[at] == '\n')
        at++;
    pem.ptr[at] = '-';
    HF_CHECK(hf_load_certs(hf_buf_peek(&pem), NULL, &load, &err) == 0 &&
                 load.count == 2 && load.fault_count == 1,
             "two of three load");
    HF_CHECK(load.fault_count == 1 && load.fault[0].line_no > 1 &&
                 strstr(load.fault[0].text, "line 1") &&
                 strstr(load.fault[0].text, "0x2d"),
             "the third is named: %s",
             load.fault_count == 1 ? load.fault[0].text : "it is not");
    hf_load_done(&load);
    hf_buf_done(&pem);
}

static void test_places(void)
{
    struct hf_load load = { 0 };
    struct hf_buf pem;
    struct hf_err err;
    bool good = true;

    hf_data_read("certs/chain.pem", &pem);
    HF_CHECK(hf_load_certs(hf_buf_peek(&pem), NULL, &load, &err) == 0 &&
                 load.count == 3,
             "three load");
    for (size_t i = 0; i < load.count; i++)
        good =
            good &&
            hf_view_starts(hf_view_from(hf_buf_peek(&pem), load.item[i].offset),
                           "-----BEGIN CERTIFICATE-----") &&
            pem.ptr[load.item[i].end - 1] == '\n';
    HF_CHECK(good, "offset is at BEGIN, end after the line of END");
    HF_CHECK(load.count == 3 && load.item[0].line_no == 1 &&
                 load.item[0].end == load.item[1].offset &&
                 load.item[2].end == pem.len,
             "blocks follow each other");
    hf_load_done(&load);
    hf_buf_done(&pem);
}

static void test_binary_places(void)
{
    struct hf_load load = { 0 };
    struct hf_buf der;
    struct hf_err err;
    bool good = true;

    hf_data_read("certs/chain.p7b", &der);
    HF_CHECK(hf_load_certs(hf_buf_peek(&der), NULL, &load, &err) == 0 &&
                 load.count == 3,
             "three load");
    for (size_t i = 0; i < load.count; i++)
        good = good &&
               hf_view_same(hf_view(der.ptr + load.item[i].offset,
                                    load.item[i].end - load.item[i].offset),
                            hf_cert_der(load.item[i].cert));
    HF_CHECK(good, "a certificate of a PKCS#7 stands where it says");
    hf_load_done(&load);
    hf_buf_done(&der);
}

static void test_bare_base64(void)
{
    static const char *const file[] = { "certs/leaf.der", "certs/chain.p7b",
                                        "certs/modern.p12" };
    static const struct want want[] = { { HF_LOAD_DER, 1, 0, 0, 0 },
                                        { HF_LOAD_PKCS7, 3, 0, 0, 0 },
                                        { HF_LOAD_PKCS12, 2, 0, 0, 1 } };

    for (size_t i = 0; i < HF_COUNT(file); i++) {
        struct hf_buf der, text;

        hf_data_read(file[i], &der);
        hf_buf_init(&text, HF_DATA_MAX);
        hf_base64_lines(&text, hf_buf_peek(&der));
        HF_CHECK(load_gives(hf_buf_peek(&text), "secret", want[i]),
                 "'%s' as base64 without BEGIN and END", file[i]);
        text.ptr[text.len / 2] = '!';
        HF_CHECK(
            load_fails(hf_buf_peek(&text), "secret", HF_E_PARSE, "not base64"),
            "'%s' as base64, damaged", file[i]);
        hf_buf_done(&der);
        hf_buf_done(&text);
    }
}

static void test_texts(void)
{
    static const struct {
        const char *name, *text, *part;
    } row[] = {
        { "nothing", "", "expected PEM" },
        { "blanks", " \n\n", "expected PEM" },
        { "a web page", "<html><body>404</body></html>", "expected PEM" },
        { "UTF-16", "\xff\xfe-", "UTF-16" },
        { "a private key in DER", "\x30\x08\x02\x01\x00\x02\x03\x01\x02\x03",
          "private key" },
        { "a cut certificate", "\x30\x82\x01\x00\x30\x82", "offset 0" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        size_t len = strlen(row[i].text);

        /* the one with NUL bytes */
        if (row[i].text[0] == '\x30')
            len = strcmp(row[i].name, "a cut certificate") == 0 ? 6 : 10;
        HF_CHECK(load_fails(hf_view(row[i].text, len), NULL, HF_E_PARSE,
                            row[i].part),
                 "%s: %s", row[i].name, row[i].part);
    }
}

/* What a PEM file may contain is bounded, and so is what comes of it. */
static void test_bounds(void)
{
    struct hf_buf text;

    hf_buf_init(&text, HF_LOAD_MAX + 1);
    for (int i = 0; i < 1001; i++)
        hf_buf_text(&text, "-----BEGIN CERTIFICATE-----\nMII\n");
    HF_CHECK(load_fails(hf_buf_peek(&text), NULL, HF_E_LIMIT,
                        "more than 1000 damaged"),
             "a file of damaged blocks is refused at some point");
    text.len = 0;
    while (text.len <= HF_LOAD_MAX && text.bad == 0)
        hf_buf_text(&text, "-----BEGIN KEY-----\n");
    text.bad = 0;
    text.len = HF_LOAD_MAX;
    HF_CHECK(load_gives(hf_buf_peek(&text), NULL,
                        (struct want){ HF_LOAD_PEM, 0, 1000, 0, 0 }) ||
                 load_fails(hf_buf_peek(&text), NULL, HF_E_LIMIT, "1000"),
             "16 MiB of BEGIN lines end in time");
    hf_buf_done(&text);
}

int main(void)
{
    test_files();
    test_refusals();
    test_bent_pem();
    test_one_damaged();
    test_places();
    test_binary_places();
    test_bare_base64();
    test_texts();
    test_bounds();
    return hf_test_end();
}
