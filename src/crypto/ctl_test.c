/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_test.c - trust lists made here: what is believed, and what is
 * not. */
#include "base/hex.h"
#include "crypto/ctl_decode.h"
#include "crypto/ctl_mint.h"
#include "hf_oom.h"

#define DAY_2023 "\x00\x40\x91\x20\xd0\x35\xd9\x01" /* 2023-02-01 */
#define DAY_2021 "\x00\xc0\x03\x2f\x2d\xf8\xd6\x01" /* 2021-02-01 */
#define OID_SERVER "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
#define OID_CODE "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x03"
#define OID_OCSP "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x09"
#define OID_STRANGE "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x5e\x01\x02"

static struct ctl_signer signer;

/* An identifier of `len` bytes that are `byte`. */
static struct hf_view id_of(int byte, size_t len)
{
    static uint8_t bytes[HF_CTL_ID_MAX + 1];

    memset(bytes, byte, sizeof(bytes));
    return hf_view(bytes, len);
}

static const struct hf_ctl_entry *entry_of(const struct hf_ctl *ctl, int byte)
{
    return hf_ctl_find(ctl, id_of(byte, HF_SHA1_LEN).ptr);
}

static int read_signed(struct hf_view entries, struct hf_ctl **ret_ctl,
                       struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();

    ctl_make(&bytes, &signer, (struct ctl_mint){ .entries = entries });
    return hf_ctl_read(hf_buf_peek(&bytes), &signer.anchors, ret_ctl, err);
}

/* Every property, in no order. */
static void full_entries(struct hf_buf *entries)
{
    struct hf_buf properties = ctl_buf();

    ctl_property(&properties, 11, CTL_BYTES("R\0o\0o\0t\0\t\0\x16\x20\0\0"));
    ctl_property(&properties, 9,
                 CTL_BYTES("\x30\x20" OID_SERVER OID_CODE OID_STRANGE));
    ctl_property(&properties, 98, id_of(0x5a, HF_SHA256_LEN));
    ctl_property(&properties, 104, CTL_BYTES(DAY_2023));
    ctl_property(&properties, 126, CTL_BYTES(DAY_2021));
    ctl_property(&properties, 127, CTL_BYTES("\x30\x0a" OID_SERVER));
    ctl_property(&properties, 105, CTL_BYTES("what it is, nobody knows"));
    ctl_entry(entries, id_of(0xbb, HF_SHA1_LEN), &properties);
    ctl_property(&properties, 104, hf_view(NULL, 0));
    ctl_entry(entries, id_of(0xaa, HF_SHA1_LEN), &properties);
    ctl_property(&properties, 122, CTL_BYTES("\x30\x0a" OID_OCSP));
    ctl_entry(entries, id_of(0xcc, HF_SHA1_LEN), &properties);
    hf_buf_done(&properties);
}

static bool words_are(const struct hf_ctl_entry *entry, const char *want)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = ctl_buf();

    hf_ctl_words(&out, entry);
    return hf_view_is(hf_buf_peek(&out), want);
}

static void check_head(const struct hf_ctl *ctl)
{
    HF_CHECK(ctl->usage == HF_CTL_ROOTS &&
                 strcmp(ctl->sequence, "1401dbdee7f1a4f449") == 0 &&
                 ctl->this_update_s == MINT_AT_S,
             "read: use, sequence number, date");
    HF_CHECK(strcmp(ctl->signer, "List Publisher") == 0 &&
                 ctl->embedded.count == 1,
             "read: who signed it");
    HF_CHECK(ctl->count == 3 && ctl->entry[0].sha1[0] == 0xaa &&
                 ctl->entry[0].number == 2 && ctl->entry[2].sha1[0] == 0xcc &&
                 ctl->entry[1].offset > 0 &&
                 ctl->entry[1].offset < ctl->entry[0].offset,
             "read: entries by SHA-1, with their places in the file");
}

static void test_read(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    const struct hf_ctl_entry *e;
    struct hf_err err;

    full_entries(&entries);
    HF_CHECK(read_signed(hf_buf_peek(&entries), &ctl, &err) == 0,
             "read: a signed list");
    if (!ctl)
        return;
    check_head(ctl);
    e = entry_of(ctl, 0xbb);
    HF_CHECK(e && strcmp(e->name, "Root\t\xe2\x80\x96") == 0 && e->has_sha256 &&
                 e->sha256[31] == 0x5a,
             "read: name and SHA-256");
    HF_CHECK(e &&
                 e->purposes == (HF_PURPOSE_TLS_SERVER | HF_PURPOSE_CODE |
                                 HF_PURPOSE_OTHER) &&
                 e->eku.count == 3 &&
                 strcmp(e->eku.text[0], "1.3.6.1.4.1.311.94.1.2") == 0,
             "read: purposes as bits and as words");
    HF_CHECK(e && e->disallowed.set && e->disallowed.time_s == 1675209600 &&
                 e->not_before.set && e->not_before.time_s == 1612137600,
             "read: times");
    HF_CHECK(e && words_are(e, "for 1.3.6.1.4.1.311.94.1.2, codeSign, "
                               "serverAuth; disallowed since 2023-02-01; "
                               "nothing issued after 2021-02-01 for "
                               "serverAuth"),
             "words: all of them");
    e = entry_of(ctl, 0xaa);
    HF_CHECK(e && e->disallowed.cleared && !e->disallowed.set &&
                 e->purposes == 0 && e->name[0] == '\0' && words_are(e, ""),
             "read: an empty time is cleared and says nothing");
    HF_CHECK(words_are(entry_of(ctl, 0xcc), "disallowed for ocsp"),
             "words: refused for a purpose, without a date");
    HF_CHECK(!entry_of(ctl, 0xdd), "find: what is not in it");
}

static void test_table(void)
{
    static const char want[] =
        "# Microsoft's list of roots (authroot.stl): sequence number "
        "1401dbdee7f1a4f449, of 2025-06-01.\n"
        "# Signed by: List Publisher\n"
        "# Entries: 3\n"
        "sequence\tdate\tsha1\tsha256\tname\tpurposes\tdisallowed\t"
        "disallowed_for\tnot_before\tnot_before_for\n"
        "1401dbdee7f1a4f449\t2025-06-01\t"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\t\t\t\tcleared\t\t\t\n"
        "1401dbdee7f1a4f449\t2025-06-01\t"
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\t"
        "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\t"
        "Root\\x09\xe2\x80\x96\t1.3.6.1.4.1.311.94.1.2 codeSign serverAuth\t"
        "2023-02-01\t\t2021-02-01\tserverAuth\n"
        "1401dbdee7f1a4f449\t2025-06-01\t"
        "cccccccccccccccccccccccccccccccccccccccc\t\t\t\t\tocsp\t\t\n";
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf out = ctl_buf();
    struct hf_err err;

    full_entries(&entries);
    if (read_signed(hf_buf_peek(&entries), &ctl, &err) == 0)
        hf_ctl_tsv(&out, ctl);
    HF_CHECK(hf_view_is(hf_buf_peek(&out), want), "table: as it is written");
}

/* --- other ways to name a certificate ------------------------------------ */

static void put_plain(struct hf_buf *entries, struct hf_view id)
{
    struct hf_buf none = ctl_buf();

    ctl_entry(entries, id, &none);
    hf_buf_done(&none);
}

/* What of `cert` is signed, as property 15 of a hive is made. */
static struct hf_view signed_part(const struct hf_cert *cert)
{
    const uint8_t *der = hf_cert_der(cert).ptr + 4;

    return hf_view(der, 4 + ((size_t)der[2] << 8 | der[3]));
}

static void test_disallowed(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf out = ctl_buf();
    uint8_t sha256[SHA256_DIGEST_LENGTH], md5[16];
    unsigned len = 16;
    struct hf_view content = signed_part(signer.root);
    const struct hf_ctl_entry *e;
    unsigned char *key = NULL;
    struct hf_err err;

    SHA256(content.ptr, content.len, sha256);
    put_plain(&entries, hf_view(sha256, sizeof(sha256)));
    put_plain(&entries, id_of(7, 20)); /* not the SHA-1 of a certificate */
    (void)EVP_Digest(hf_cert_sha1(signer.root), 20, md5, &len, EVP_md5(), NULL);
    (void)EVP_PKEY_get1_encoded_public_key(signer.key, &key);
    if (key)
        (void)EVP_Digest(key, 65, md5, &len, EVP_md5(), NULL);
    OPENSSL_free(key);
    put_plain(&entries, hf_view(md5, 16));
    ctl_make(&bytes, &signer,
             (struct ctl_mint){ .usage = CTL_OF_DISALLOWED,
                                .algorithm = CTL_SIGNED,
                                .identifier = true,
                                .next = true,
                                .entries = hf_buf_peek(&entries) });
    HF_CHECK(hf_ctl_read(hf_buf_peek(&bytes), &signer.anchors, &ctl, &err) ==
                     0 &&
                 ctl->usage == HF_CTL_DISALLOWED && ctl->count == 3,
             "disallowed: read, with its name and the date of the next");
    if (!ctl)
        return;
    e = hf_ctl_find_cert(ctl, signer.root);
    HF_CHECK(e && e->by == HF_CTL_BY_SIGNED && e->id_len == 32 &&
                 hf_ctl_means(e, signer.root) && !hf_ctl_means(e, signer.cert),
             "disallowed: found by the digest of what is signed");
    e = hf_ctl_find_cert(ctl, signer.cert);
    HF_CHECK(e && e->id_len == 16, "disallowed: found by the MD5 of its key");
    HF_CHECK(!entry_of(ctl, 7), "disallowed: its 20 bytes are no SHA-1");
    hf_ctl_tsv(&out, ctl);
    HF_CHECK(hf_view_find(hf_buf_peek(&out), "# Entries: 3, of which 3 name") !=
                 SIZE_MAX,
             "disallowed: the table says what it cannot show");
}

static void test_sha256(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf out = ctl_buf();
    struct hf_err err;

    put_plain(&entries, id_of(9, 33)); /* nobody knows what that is */
    put_plain(&entries, hf_view(hf_cert_sha256(signer.root), HF_SHA256_LEN));
    put_plain(&entries, hf_view(hf_cert_sha1(signer.cert), HF_SHA1_LEN));
    ctl_make(&bytes, &signer,
             (struct ctl_mint){ .usage = CTL_OF_DISALLOWED,
                                .algorithm = CTL_SHA256,
                                .entries = hf_buf_peek(&entries) });
    HF_CHECK(hf_ctl_read(hf_buf_peek(&bytes), &signer.anchors, &ctl, &err) ==
                     0 &&
                 ctl->count == 3 && ctl->entry[2].by == HF_CTL_BY_OTHER &&
                 !hf_ctl_means(&ctl->entry[2], signer.root),
             "SHA-256: the length says what an identifier is");
    if (!ctl)
        return;
    HF_CHECK(hf_ctl_find_cert(ctl, signer.root) == &ctl->entry[1] &&
                 hf_ctl_find_cert(ctl, signer.cert) == &ctl->entry[0],
             "SHA-256: both are found");
    hf_ctl_tsv(&out, ctl);
    HF_CHECK(hf_view_find(hf_buf_peek(&out), "\t\t\talways\t") != SIZE_MAX,
             "table: what is disallowed without a date is so always");
}

static void test_means(void)
{
    struct hf_ctl_entry entry = { .by = HF_CTL_BY_SHA1, .has_sha256 = true };

    memcpy(entry.sha1, hf_cert_sha1(signer.root), HF_SHA1_LEN);
    HF_CHECK(!hf_ctl_means(&entry, signer.root),
             "means: the SHA-1 alone does not do where there is a SHA-256");
    memcpy(entry.sha256, hf_cert_sha256(signer.root), HF_SHA256_LEN);
    HF_CHECK(hf_ctl_means(&entry, signer.root), "means: both");
}

/* --- what is not believed ------------------------------------------------ */

static void small_list(struct hf_buf *bytes, const struct ctl_signer *by,
                       struct ctl_mint m)
{
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();

    full_entries(&entries);
    m.entries = hf_buf_peek(&entries);
    ctl_make(bytes, by, m);
}

static void test_signers(void)
{
    static const struct {
        const char *name, *eku, *usage, *time;
        const char *error; /* NULL: believed */
    } row[] = {
        { "for lists of roots", CTL_SIGNER_EKU, CTL_OF_ROOTS, CTL_TIME, NULL },
        { "for lists of roots, signs what is disallowed", CTL_SIGNER_EKU,
          CTL_OF_DISALLOWED, CTL_TIME, NULL },
        { "for what is disallowed", "extendedKeyUsage=1.3.6.1.4.1.311.10.3.30",
          CTL_OF_DISALLOWED, CTL_TIME, NULL },
        { "for what is disallowed, signs roots",
          "extendedKeyUsage=1.3.6.1.4.1.311.10.3.30", CTL_OF_ROOTS, CTL_TIME,
          "not meant for" },
        { "for code", "extendedKeyUsage=codeSigning", CTL_OF_ROOTS, CTL_TIME,
          "not meant for" },
        { "for any purpose", "extendedKeyUsage=anyExtendedKeyUsage",
          CTL_OF_ROOTS, CTL_TIME, "not meant for" },
        { "for nothing said", "basicConstraints=CA:FALSE", CTL_OF_ROOTS,
          CTL_TIME, "not meant for" },
        { "after its end", CTL_SIGNER_EKU, CTL_OF_ROOTS, "250603000000Z",
          "certificate has expired" },
        { "before its beginning", CTL_SIGNER_EKU, CTL_OF_ROOTS, "23060300Z",
          "expected the date" },
        { "in another year", CTL_SIGNER_EKU, CTL_OF_ROOTS, "230603000000Z",
          "not yet valid" },
        { "for another kind of list", CTL_SIGNER_EKU,
          "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x20", CTL_TIME,
          "no list of roots" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
        HF_AUTO(ctl_signer_done) struct ctl_signer by;
        struct hf_err err = { 0 };
        int rc;

        ctl_signer_init(&by, row[i].eku);
        small_list(
            &bytes, &by,
            (struct ctl_mint){ .usage = row[i].usage, .time = row[i].time });
        rc = hf_ctl_read(hf_buf_peek(&bytes), &by.anchors, &ctl, &err);
        HF_CHECK(row[i].error
                     ? rc < 0 && !ctl && strstr(err.frame[0].text, row[i].error)
                     : rc == 0,
                 "signer: %s", row[i].name);
    }
}

static void test_strangers(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(ctl_signer_done) struct ctl_signer stranger;
    struct hf_certs none = { 0 };
    struct hf_err err = { 0 };

    ctl_signer_init(&stranger, CTL_SIGNER_EKU);
    small_list(&bytes, &stranger, (struct ctl_mint){ 0 });
    /* the roots have one name, and other keys */
    HF_CHECK(hf_ctl_read(hf_buf_peek(&bytes), &signer.anchors, &ctl, &err) ==
                     HF_E_CRYPTO &&
                 strstr(err.frame[0].text, "nothing of this list is believed"),
             "signer: below another root");
    HF_CHECK(hf_ctl_read(hf_buf_peek(&bytes), &none, &ctl, &err) ==
                     HF_E_CRYPTO &&
                 !ctl,
             "signer: below no root at all");
}

/* `signatures` of the same; and over other content than is in it. */
static void test_signatures(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf content = ctl_buf();
    struct ctl_mint m = { 0 };

    ctl_content(&content, &m);
    for (int i = 0; i < 3; i++) {
        HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
        struct hf_err err = { 0 };
        int rc;

        ctl_sign(&bytes, hf_buf_peek(&content), signer.cert, signer.key, i);
        rc = hf_ctl_read(hf_buf_peek(&bytes), &signer.anchors, &ctl, &err);
        HF_CHECK(i == 1   ? rc == 0 && ctl->count == 0
                 : i == 0 ? rc == HF_E_CRYPTO &&
                                strstr(err.frame[0].text, "nobody has signed")
                          : rc == HF_E_LIMIT,
                 "signatures: %d of them", i);
    }
}

/* The certificate with another key, signed by that key. */
static struct hf_cert *rekeyed(struct hf_cert *of, EVP_PKEY *key,
                               const EVP_MD *md)
{
    struct hf_cert *cert = NULL;
    struct hf_err err;
    X509 *x509 = X509_dup(hf_cert_x509(of, &err));

    if (!x509 || !X509_set_pubkey(x509, key) || X509_sign(x509, key, md) <= 0 ||
        hf_cert_from_x509(x509, &cert, &err) < 0)
        cert = NULL;
    X509_free(x509);
    return cert;
}

static void test_digests(void)
{
    static const struct {
        const char *name;
        const EVP_MD *(*of_list)(void), *(*of_cert)(void);
        const char *error; /* NULL: believed */
    } row[] = {
        { "SHA-1 of the list", EVP_sha1, EVP_sha256, NULL },
        { "SHA-1 of the signer", EVP_sha256, EVP_sha1, NULL },
        { "MD5 of the list", EVP_md5, EVP_sha256, "signed with a broken" },
        { "MD5 of the signer", EVP_sha256, EVP_md5,
          "signer's chain is signed" },
    };
    HF_AUTO(hf_buf_done) struct hf_buf content = ctl_buf();
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    EVP_PKEY *key = EVP_RSA_gen(1024); /* ECDSA has no form with MD5 */
    struct hf_cert *root = rekeyed(signer.root, key, EVP_sha256());
    struct ctl_mint m = { 0 };

    HF_CHECK(root, "digests: an RSA key");
    if (!root)
        return;
    hf_certs_add(&anchors, root);
    hf_cert_unref(root);
    ctl_content(&content, &m);
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
        HF_AUTO(hf_cert_unrefp)
        struct hf_cert *cert = rekeyed(signer.cert, key, row[i].of_cert());
        struct hf_err err = { 0 };
        int rc;

        if (!cert) /* an OpenSSL without it */
            continue;
        ctl_sign_with(&bytes, hf_buf_peek(&content), cert, key, 1,
                      row[i].of_list());
        rc = hf_ctl_read(hf_buf_peek(&bytes), &anchors, &ctl, &err);
        HF_CHECK(row[i].error ? rc == HF_E_CRYPTO && !ctl &&
                                    strstr(err.frame[0].text, row[i].error)
                              : rc == 0,
                 "digest: %s", row[i].name);
    }
    EVP_PKEY_free(key);
}

static int read_list(struct hf_view bytes, struct hf_buf *table)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_err err = { 0 };
    int rc = hf_ctl_read(bytes, &signer.anchors, &ctl, &err);

    if (rc == 0)
        hf_ctl_tsv(table, ctl);
    return rc < 0 && (ctl || err.n == 0) ? 1 : rc;
}

/* Whichever byte is another: refused, or nothing of what is believed has
 * changed (the length of a length, say). */
static void test_flips(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf want = ctl_buf();
    size_t believed = 0, wrong = 0;

    small_list(&bytes, &signer, (struct ctl_mint){ 0 });
    HF_CHECK(read_list(hf_buf_peek(&bytes), &want) == 0, "flips: as it was");
    if (bytes.len == 0)
        return;
    for (size_t i = 0; i < 2 * bytes.len; i++) {
        HF_AUTO(hf_buf_done) struct hf_buf table = ctl_buf();
        uint8_t mask = i < bytes.len ? 0x01 : 0x40;
        uint8_t *byte = &bytes.ptr[i % bytes.len];
        int rc;

        *byte ^= mask;
        rc = read_list(hf_buf_peek(&bytes), &table);
        *byte ^= mask;
        believed += rc == 0;
        wrong += rc > 0 || (rc == 0 && !hf_view_same(hf_buf_peek(&table),
                                                     hf_buf_peek(&want)));
    }
    HF_CHECK(wrong == 0, "flips: %zu of %zu changed what is believed", wrong,
             2 * bytes.len);
    HF_CHECK(believed < 40, "flips: %zu were in what is not signed", believed);
}

static void test_cuts(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf table = ctl_buf();
    size_t refused = 0;

    small_list(&bytes, &signer, (struct ctl_mint){ 0 });
    for (size_t len = 0; len < bytes.len; len++)
        refused += read_list(hf_view(bytes.ptr, len), &table) == HF_E_PARSE;
    HF_CHECK(refused == bytes.len, "cuts: %zu of %zu are refused", refused,
             bytes.len);
    hf_buf_add(&bytes, "", 1);
    HF_CHECK(read_list(hf_buf_peek(&bytes), &table) == HF_E_PARSE,
             "cuts: a byte more is refused too");
}

/* --- memory -------------------------------------------------------------- */

static struct hf_buf oom_bytes;

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };

    (void)arg;
    hf_buf_init(&out, 1 << 16);
    if (hf_ctl_read(hf_buf_peek(&oom_bytes), &signer.anchors, &ctl, err) < 0)
        return hf_err_code(err);
    hf_ctl_tsv(&out, ctl);
    return hf_buf_check(&out, err);
}

int main(void)
{
    ctl_signer_init(&signer, CTL_SIGNER_EKU);
    oom_bytes = ctl_buf();
    small_list(&oom_bytes, &signer, (struct ctl_mint){ 0 });
    test_read();
    test_table();
    test_disallowed();
    test_sha256();
    test_means();
    test_signers();
    test_strangers();
    test_signatures();
    test_digests();
    test_flips();
    test_cuts();
    hf_oom_test("read", HF_OOM_OURS, attempt, NULL);
    hf_buf_done(&oom_bytes);
    ctl_signer_done(&signer);
    return hf_test_end();
}
