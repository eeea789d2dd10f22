/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_test.c - one certificate: its outline, its hashes, its texts. */
#include "crypto/cert.h"

#include <string.h>

#include "base/hex.h"
#include "hf_data.h"
#include "hf_test.h"

static struct hf_cert *read_cert(const char *name)
{
    struct hf_cert *cert = NULL;
    struct hf_buf der;
    struct hf_err err;

    hf_data_read(name, &der);
    if (hf_cert_new(hf_buf_peek(&der), &cert, &err) < 0)
        printf("# '%s' does not load\n", name);
    hf_buf_done(&der);
    return cert;
}

static void test_outline(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *leaf = read_cert("certs/leaf.der");
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *between = read_cert("certs/between.der");
    HF_AUTO(hf_cert_unrefp) struct hf_cert *root = read_cert("certs/root.der");

    HF_CHECK(leaf && between && root, "three certificates load");
    if (!leaf || !between || !root)
        return;
    HF_CHECK(
        hf_view_same(hf_cert_issuer_der(leaf), hf_cert_subject_der(between)),
        "the issuer of one is the subject of the next");
    HF_CHECK(hf_view_same(hf_cert_issuer_der(root), hf_cert_subject_der(root)),
             "the root issued itself");
    HF_CHECK(hf_cert_subject_der(leaf).ptr > hf_cert_der(leaf).ptr &&
                 hf_cert_subject_der(leaf).ptr[0] == 0x30,
             "a name is a view into the certificate");
    HF_CHECK(hf_cert_same(leaf, leaf) && !hf_cert_same(leaf, root),
             "same is by bytes");
}

static void test_hashes(void)
{
    static const char empty1[] = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    HF_AUTO(hf_cert_unrefp) struct hf_cert *leaf = read_cert("certs/leaf.der");
    struct hf_certs list = { 0 };
    uint8_t other[HF_SHA256_LEN] = { 0 };
    char text[2 * HF_SHA256_LEN + 1];

    if (!leaf)
        return;
    hf_hex(hf_view(hf_cert_sha1(leaf), HF_SHA1_LEN), text);
    HF_CHECK(strlen(text) == 40 && strcmp(text, empty1) != 0,
             "SHA-1 when asked: %s", text);
    hf_certs_add(&list, leaf);
    HF_CHECK(hf_certs_by_sha256(&list, hf_cert_sha256(leaf)) == leaf &&
                 hf_certs_by_sha1(&list, hf_cert_sha1(leaf)) == leaf,
             "found by both hashes");
    HF_CHECK(!hf_certs_by_sha256(&list, other) &&
                 !hf_certs_by_sha1(&list, other),
             "not found by another");
    hf_certs_done(&list);
}

/* Every way to break the outline: cut after so many bytes. */
static void test_cut(void)
{
    struct hf_buf der;
    struct hf_err err;
    struct hf_cert *cert = NULL;
    unsigned wrong = 0, vague = 0;
    char text[HF_ERR_TEXT * 4];

    hf_data_read("certs/leaf.der", &der);
    for (size_t len = 0; len < der.len; len++) {
        if (hf_cert_new(hf_view(der.ptr, len), &cert, &err) != HF_E_PARSE)
            wrong++;
        hf_err_text(&err, text, sizeof(text));
        vague += strstr(text, "bytes") == NULL;
    }
    HF_CHECK(wrong == 0 && !cert, "cut anywhere it is refused");
    HF_CHECK(vague == 0, "and the text says how long it is");
    hf_buf_add(&der, "x", 1);
    HF_CHECK(hf_cert_new(hf_buf_peek(&der), &cert, &err) == HF_E_PARSE,
             "one byte more is refused");
    hf_buf_done(&der);
}

static void test_outline_errors(void)
{
    /* SEQUENCE { SEQUENCE { [0], INTEGER, SEQUENCE, SEQUENCE, SEQUENCE,
     *                       SEQUENCE } } with one wrong tag each */
    static const uint8_t good[] = { 0x30, 0x0f, 0x30, 0x0d, 0xa0, 0x00,
                                    0x02, 0x01, 0x05, 0x30, 0x00, 0x30,
                                    0x00, 0x30, 0x00, 0x30, 0x00 };
    static const struct {
        size_t at;
        const char *part;
    } row[] = {
        { 2, "offset 2" },   { 9, "offset 9" },   { 11, "offset 11" },
        { 13, "offset 13" }, { 15, "offset 15" },
    };
    struct hf_err err;
    struct hf_cert *cert = NULL;
    char text[HF_ERR_TEXT * 4];

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        uint8_t der[sizeof(good)];

        memcpy(der, good, sizeof(good));
        der[row[i].at] = 0x31;
        HF_CHECK(hf_cert_new(hf_view(der, sizeof(der)), &cert, &err) ==
                     HF_E_PARSE,
                 "a wrong tag at %zu is refused", row[i].at);
        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(strstr(text, row[i].part), "and said: %s", text);
    }
    HF_CHECK(hf_cert_new(hf_view(good, sizeof(good)), &cert, &err) == 0,
             "the outline alone is taken");
    HF_CHECK(!hf_cert_info(cert, &err) && err.code == HF_E_PARSE,
             "and what is missing is found when it is asked for");
    hf_cert_unref(cert);
}

static void test_large(void)
{
    HF_AUTO(hf_free_ptr) uint8_t *bytes = calloc(1, HF_CERT_MAX + 1);
    struct hf_cert *cert = NULL;
    struct hf_err err;

    HF_CHECK(bytes && hf_cert_new(hf_view(bytes, HF_CERT_MAX + 1), &cert,
                                  &err) == HF_E_LIMIT,
             "over 1 MiB is refused");
}

static void test_out(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *leaf = read_cert("certs/leaf.der");
    static const char *const member[] = { "\"subject\":\"CN=Leaf, O=Test\"",
                                          "\"sha1\":\"",
                                          "\"sha256\":\"",
                                          "\"not_before\":\"20",
                                          "\"not_after\":\"20",
                                          "\"dns\":[\"host.example\"]",
                                          "\"ip\":[\"192.0.2.1\"]",
                                          "\"key\":\"EC prime256v1\"",
                                          "\"ca\":false" };
    struct hf_json json;
    struct hf_buf out;

    if (!leaf)
        return;
    hf_buf_init(&out, HF_DATA_MAX);
    hf_cert_pem(&out, leaf);
    HF_CHECK(
        hf_view_starts(hf_buf_peek(&out), "-----BEGIN CERTIFICATE-----\nMII"),
        "PEM begins");
    HF_CHECK(hf_view_find(hf_buf_peek(&out), "\n-----END CERTIFICATE-----\n") +
                     27 ==
                 out.len,
             "and ends");
    out.len = 0;
    hf_json_init(&json, &out, false);
    hf_json_object(&json, NULL);
    hf_cert_json(&json, leaf);
    hf_json_end(&json);
    for (size_t i = 0; i < HF_COUNT(member); i++)
        HF_CHECK(hf_view_find(hf_buf_peek(&out), member[i]) != SIZE_MAX,
                 "JSON has %s", member[i]);
    hf_buf_done(&out);
}

/* The known answer of "openssl x509 -subject_hash" for its name. */
static void test_subject_hash(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *root = read_cert("certs/root.der");
    struct hf_err err;
    uint32_t hash = 0;

    HF_CHECK(root && hf_cert_subject_hash(root, &hash, &err) == 0 &&
                 hash == 0x73fd14f6,
             "the subject's hash is OpenSSL's: %08x", hash);
}

int main(void)
{
    test_outline();
    test_hashes();
    test_cut();
    test_outline_errors();
    test_large();
    test_out();
    test_subject_hash();
    return hf_test_end();
}
