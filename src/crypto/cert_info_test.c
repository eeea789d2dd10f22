/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_info_test.c - what a certificate says, decoded. */
#include <string.h>

#include <openssl/rsa.h>

#include "crypto/mint.h"
#include "hf_test.h"

static EVP_PKEY *key;

/* What it says, of a certificate that is kept until the next call. */
static const struct hf_cert_info *info_of(struct hf_cert *cert)
{
    static struct hf_cert *last;
    const struct hf_cert_info *info;
    struct hf_err err;
    char text[HF_ERR_TEXT * 4];

    hf_cert_unref(last);
    last = cert;
    if (!cert)
        return NULL;
    info = hf_cert_info(cert, &err);
    if (!info) {
        hf_err_text(&err, text, sizeof(text));
        printf("# %s\n", text);
    }
    return info;
}

static bool is(const char *text, const char *want)
{
    bool good = text && want ? strcmp(text, want) == 0 : text == want;

    if (!good)
        printf("# '%s' where '%s' was wanted\n", text ? text : "(none)",
               want ? want : "(none)");
    return good;
}

static bool list_is(const struct hf_texts *list, const char *want)
{
    char text[512] = "";

    for (size_t i = 0; i < list->count; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
                       i > 0 ? " " : "", list->text[i]);
    return is(text, want);
}

static void test_full(void)
{
    const struct hf_cert_info *info = info_of(
        MINT("host.example", "An Authority", key, key,
             "basicConstraints=critical,CA:FALSE\n"
             "keyUsage=digitalSignature\n"
             "extendedKeyUsage=serverAuth,clientAuth,1.2.3.4.5\n"
             "subjectAltName=DNS:host.example,DNS:*.host.example,IP:192.0.2.1,"
             "IP:2001:db8::1,email:a@b.example\n"
             "authorityInfoAccess=caIssuers;URI:http://ca.example/ca.der,"
             "OCSP;URI:http://ocsp.example/\n"
             "crlDistributionPoints=URI:http://ca.example/a.crl,"
             "URI:http://ca.example/b.crl\n"
             "1.3.6.1.4.1.11129.2.4.2=DER:0400",
             .serial = 0x0102ff));

    HF_CHECK(info, "it decodes");
    if (!info)
        return;
    HF_CHECK(is(info->subject, "CN=host.example"), "subject");
    HF_CHECK(is(info->issuer, "CN=An Authority"), "issuer");
    HF_CHECK(is(info->name, "host.example"), "name");
    HF_CHECK(is(info->issuer_name, "An Authority"), "issuer's name");
    HF_CHECK(is(info->org, "") && is(info->issuer_org, ""), "no O");
    HF_CHECK(is(info->serial, "0102ff"), "serial");
    HF_CHECK(info->not_before_s == MINT_FROM_S &&
                 info->not_after_s == MINT_TO_S,
             "validity");
    HF_CHECK(info->key_type == HF_KEY_EC && info->key_bits == 256 &&
                 is(info->key_text, "EC prime256v1"),
             "key");
    HF_CHECK(info->digest == HF_DIGEST_SHA2 &&
                 is(info->signature, "ecdsa-with-SHA256"),
             "signature");
    HF_CHECK(!info->ca && info->path_len == -1 && info->has_usage &&
                 !info->may_sign_certs && !info->self_issued,
             "no authority");
    HF_CHECK(info->purposes ==
                     (HF_PURPOSE_TLS_SERVER | HF_PURPOSE_TLS_CLIENT) &&
                 list_is(&info->eku, "serverAuth clientAuth 1.2.3.4.5"),
             "extended key usage");
    HF_CHECK(list_is(&info->dns, "host.example *.host.example"), "DNS names");
    HF_CHECK(list_is(&info->ip, "192.0.2.1 2001:db8::1"), "addresses");
    HF_CHECK(list_is(&info->issuers_url, "http://ca.example/ca.der") &&
                 list_is(&info->ocsp_url, "http://ocsp.example/"),
             "authority information");
    HF_CHECK(list_is(&info->crl_url,
                     "http://ca.example/a.crl http://ca.example/b.crl"),
             "revocation lists");
    HF_CHECK(info->subject_key_id && strlen(info->subject_key_id) == 40 &&
                 is(info->authority_key_id, info->subject_key_id),
             "key ids");
    HF_CHECK(info->has_sct, "embedded SCTs");
}

static void test_authorities(void)
{
    const struct hf_cert_info *info =
        info_of(MINT("Root", "Root", key, key,
                     "basicConstraints=critical,CA:TRUE,pathlen:3\n"
                     "keyUsage=keyCertSign"));

    HF_CHECK(info && info->ca && info->path_len == 3 && info->may_sign_certs &&
                 info->self_issued && info->purposes == 0,
             "an authority with a path length");
    info = info_of(
        MINT("Root", "Root", key, key, "basicConstraints=critical,CA:TRUE"));
    HF_CHECK(info && info->ca && !info->has_usage && info->may_sign_certs,
             "an authority without key usage");
    info = info_of(MINT("Root", "Root", key, key, NULL, .version1 = true));
    HF_CHECK(info && info->ca && info->path_len == -1 && !info->subject_key_id,
             "a version 1 root");
    info = info_of(MINT("Leaf", "Root", key, key, NULL, .version1 = true));
    HF_CHECK(info && !info->ca && info->dns.count == 0,
             "version 1, not self-signed");
    info = info_of(MINT("Any", "Root", key, key,
                        "extendedKeyUsage=anyExtendedKeyUsage,codeSigning"));
    HF_CHECK(info && info->purposes == (HF_PURPOSE_ANY | HF_PURPOSE_CODE),
             "any purpose, and one");
}

/* A part of the subject as `type` of ASN.1. */
static struct hf_cert *named(const char *field, int type, const void *bytes,
                             int len)
{
    struct mint m = { .issuer = "Root", .key = key, .by = key };
    X509 *x509 = mint_begin(&m);

    assert(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), field, type,
                                      bytes, len, -1, 0));
    return mint_end(x509, key, NULL);
}

static void test_names(void)
{
    static const struct {
        const char *what, *field;
        int type;
        const char *bytes;
        int len;
        const char *name, *subject;
    } row[] = {
        { "UTF-8", "CN", V_ASN1_UTF8STRING,
          "B\xc3\xbc"
          "cher",
          7,
          "B\xc3\xbc"
          "cher",
          "CN=B\xc3\xbc"
          "cher" },
        { "BMPString", "CN", V_ASN1_BMPSTRING, "\0H\0i\x20\xac", 6,
          "Hi\xe2\x82\xac", "CN=Hi\xe2\x82\xac" },
        { "Latin-1 in T61String", "CN", V_ASN1_T61STRING, "f\xfc", 2,
          "f\xc3\xbc", "CN=f\xc3\xbc" },
        { "OU only", "OU", V_ASN1_UTF8STRING, "Class 2", 7, "Class 2",
          "OU=Class 2" },
        { "O only", "O", V_ASN1_UTF8STRING, "Company", 7, "Company",
          "O=Company" },
        { "C only", "C", V_ASN1_PRINTABLESTRING, "DE", 2, "C=DE", "C=DE" },
        { "NUL inside", "CN", V_ASN1_UTF8STRING, "a\0b", 3, "a\\x00b",
          "CN=a\\00b" },
        { "escape sequence", "CN", V_ASN1_UTF8STRING, "\x1b[2J", 4, "\\x1b[2J",
          "CN=\\1B[2J" },
        { "right-to-left override", "CN", V_ASN1_UTF8STRING,
          "\xe2\x80\xae"
          "x",
          4, "\\u{202e}x", "CN=\\u{202e}x" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct hf_cert_info *info =
            info_of(named(row[i].field, row[i].type, row[i].bytes, row[i].len));

        HF_CHECK(info && is(info->name, row[i].name), "name: %s", row[i].what);
        HF_CHECK(info && (!row[i].subject || is(info->subject, row[i].subject)),
                 "subject: %s", row[i].what);
    }
}

static void test_empty_name(void)
{
    const struct hf_cert_info *info = info_of(
        MINT(NULL, NULL, key, key, "subjectAltName=critical,DNS:a.example"));

    HF_CHECK(info && is(info->subject, "") && is(info->name, "") &&
                 is(info->issuer, "") && info->self_issued,
             "no name at all");
}

/* The last value counts: it is the most specific. */
static void test_two_common_names(void)
{
    struct mint m = {
        .subject = "first", .issuer = "Root", .key = key, .by = key
    };
    X509 *x509 = mint_begin(&m);
    const struct hf_cert_info *info;

    mint_name(X509_get_subject_name(x509), "second");
    info = info_of(mint_end(x509, key, NULL));
    HF_CHECK(info && is(info->name, "second") &&
                 is(info->subject, "CN=second, CN=first"),
             "two common names");
}

/* A subjectAltName from its DER. */
static struct hf_cert *with_san(const char *hex)
{
    char line[512];

    (void)snprintf(line, sizeof(line), "subjectAltName=DER:%s", hex);
    return MINT("san", "Root", key, key, line);
}

static void test_alt_names(void)
{
    static const struct {
        const char *what, *hex, *dns, *ip;
    } row[] = {
        { "NUL in a DNS name", "3005 8203 61 00 62", "a\\x00b", "" },
        { "an empty DNS name", "3002 8200", "", "" },
        { "bytes over 127", "3003 8201 fc", "\\xfc", "" },
        { "an address of five bytes", "3007 8705 0102030405", "",
          "malformed address" },
        { "an address of four bytes", "3006 8704 c0000201", "", "192.0.2.1" },
        { "an empty list", "3000", "", "" },
        { "no list", "0500", "", "" },
        { "cut", "3005 8210 61", "", "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        char hex[128];
        size_t len = 0;
        const struct hf_cert_info *info;

        for (const char *at = row[i].hex; *at; at++)
            if (*at != ' ')
                hex[len++] = *at;
        hex[len] = '\0';
        info = info_of(with_san(hex));
        HF_CHECK(info && list_is(&info->dns, row[i].dns) &&
                     list_is(&info->ip, row[i].ip),
                 "alternative names: %s", row[i].what);
    }
}

/* As many names as the largest certificate seen. */
static void test_many_names(void)
{
    struct mint m = {
        .subject = "many", .issuer = "Root", .key = key, .by = key
    };
    X509 *x509 = mint_begin(&m);
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    const struct hf_cert_info *info;

    for (int i = 0; i < 10000; i++) {
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_IA5STRING *text = ASN1_IA5STRING_new();
        char host[32];

        (void)snprintf(host, sizeof(host), "h%d.example", i);
        assert(ASN1_STRING_set(text, host, -1));
        GENERAL_NAME_set0_value(name, GEN_DNS, text);
        assert(sk_GENERAL_NAME_push(names, name) > 0);
    }
    assert(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, 0));
    GENERAL_NAMES_free(names);
    info = info_of(mint_end(x509, key, NULL));
    HF_CHECK(info && info->dns.count == 10000 &&
                 is(info->dns.text[9999], "h9999.example"),
             "10,000 names");
}

static void test_keys(void)
{
    static const struct {
        const char *what;
        enum hf_key_type type;
        int bits;
        const char *text;
        enum hf_digest digest;
    } row[] = {
        { "RSA", HF_KEY_RSA, 1024, "RSA 1024", HF_DIGEST_SHA1 },
        { "ED25519", HF_KEY_ED, 256, "EdDSA 256", HF_DIGEST_NONE },
        { "P-384", HF_KEY_EC, 384, "EC secp384r1", HF_DIGEST_SHA2 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        EVP_PKEY *other = i == 0   ? EVP_RSA_gen(1024)
                          : i == 1 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                   : EVP_EC_gen("P-384");
        struct mint m = { .subject = "a",
                          .issuer = "b",
                          .key = other,
                          .by = other,
                          .no_key_ids = true };
        X509 *x509 = mint_begin(&m);
        unsigned char *der = NULL;
        struct hf_cert *cert = NULL;
        const struct hf_cert_info *info;
        struct hf_err err;
        int len;

        assert(X509_sign(x509, other,
                         i == 0   ? EVP_sha1()
                         : i == 1 ? NULL
                                  : EVP_sha384()));
        len = i2d_X509(x509, &der);
        assert(len > 0 &&
               hf_cert_new(hf_view(der, (size_t)len), &cert, &err) == 0);
        OPENSSL_free(der);
        X509_free(x509);
        EVP_PKEY_free(other);
        info = info_of(cert);
        HF_CHECK(info && info->key_type == row[i].type &&
                     info->key_bits == row[i].bits &&
                     is(info->key_text, row[i].text) &&
                     info->digest == row[i].digest,
                 "key and digest: %s", row[i].what);
    }
}

static struct hf_cert *dated(const char *from, const char *to)
{
    struct mint m = { .subject = "a", .issuer = "b", .key = key, .by = key };
    X509 *x509 = mint_begin(&m);

    /* set without a check: types and texts as a broken tool writes them */
    assert(ASN1_STRING_set(X509_getm_notBefore(x509), from, -1));
    assert(ASN1_STRING_set(X509_getm_notAfter(x509), to, -1));
    X509_getm_notBefore(x509)->type = V_ASN1_GENERALIZEDTIME;
    X509_getm_notAfter(x509)->type = V_ASN1_GENERALIZEDTIME;
    return mint_end(x509, key, NULL);
}

static void test_dates(void)
{
    static const struct {
        const char *from, *to;
        bool good;
        int64_t to_s;
    } row[] = {
        { "20240101000000Z", "20491231235959Z", true, 2524607999 },
        { "20240101000000Z", "99991231235959Z", true, 253402300799 },
        { "19500101000000Z", "20380119031408Z", true, 2147483648 },
        { "20240101000000Z", "20241301000000Z", false, 0 },
        { "20240101000000Z", "20240230000000Z", false, 0 },
        { "20240101000000Z", "tomorrow", false, 0 },
        { "", "20491231235959Z", false, 0 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct hf_cert_info *info =
            info_of(dated(row[i].from, row[i].to));

        HF_CHECK(row[i].good ? info && info->not_after_s == row[i].to_s : !info,
                 "from '%s' to '%s'", row[i].from, row[i].to);
    }
}

int main(void)
{
    key = mint_key();
    test_full();
    test_authorities();
    test_names();
    test_empty_name();
    test_two_common_names();
    test_alt_names();
    test_many_names();
    test_keys();
    test_dates();
    (void)info_of(NULL);
    EVP_PKEY_free(key);
    return hf_test_end();
}
