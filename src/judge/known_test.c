/* SPDX-License-Identifier: Apache-2.0 */
/* judge/known_test.c - public roots, private ones, and bad tables. */
#include "judge/known.h"

#include "hf_oom.h"

#include <stdio.h>
#include <unistd.h>

#include "base/calendar.h"
#include "crypto/mint.h"
#include "doc/embed.h"
#include "judge/microsoft.h"
#include "plat/file.h"

#define MICROSOFT                                                              \
    "sequence\tdate\tsha1\tsha256\tname\tpurposes\tdisallowed\t"               \
    "disallowed_for\tnot_before\tnot_before_for\n"
#define MOZILLA "sha256\tname\tsource\n"
#define LIST "14ff\t2025-06-16\t"
#define SHA1 "a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436"
#define SHA256                                                                 \
    "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161"
#define OTHER_SHA256                                                           \
    "00000000444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161"

/* The embedded root of that file name. */
static struct hf_cert *root_named(const char *name)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    struct hf_cert *cert = NULL;
    struct hf_err err;

    for (size_t i = 0; i < count && !cert; i++)
        if (strcmp(root[i].name, name) == 0 &&
            hf_cert_new(root[i].der, &cert, &err) < 0)
            return NULL;
    return cert;
}

static bool lists_are(const struct hf_known *known, struct hf_cert *cert,
                      const char *want)
{
    const char *lists = cert ? hf_known_lists(known, cert) : "no certificate";

    return want ? lists && strcmp(lists, want) == 0 : !lists;
}

static void test_built_in(void)
{
    static const struct {
        const char *root, *lists;
    } row[] = {
        { "digicert-global-root-g2", "Microsoft, Mozilla" },
        { "isrg-root-x1", "Microsoft, Mozilla" },
        /* refused by now, and public all the same */
        { "geotrust-global-ca", "Microsoft" },
        { "microsoft-root-ca-2010", "Microsoft" },
    };
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL;
    EVP_PKEY *key = mint_key();
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *own = MINT("Own", "Own", key, key, MINT_CA);
    struct hf_err err = { 0 };
    int64_t date_s = 0;

    EVP_PKEY_free(key);
    HF_CHECK(hf_known_load("/nonexistent-holdfast", NULL, &known, &err) == 0,
             "the tables load");
    if (!known) {
        printf("# %s\n", err.frame[0].text);
        return;
    }
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = root_named(row[i].root);

        HF_CHECK(lists_are(known, cert, row[i].lists), "%s is on: %s",
                 row[i].root, row[i].lists);
    }
    HF_CHECK(lists_are(known, own, NULL), "a private root is on no list");
    HF_CHECK(hf_microsoft_compare(hf_known_sequence(known, &date_s),
                                  "1401dbdee7f1a4f449") >= 0 &&
                 date_s >= INT64_C(1750032000),
             "the list is that of 2025-06-16, or newer");
}

/* --- one more list ------------------------------------------------------- */

static void test_more(void)
{
    EVP_PKEY *key = mint_key();
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *a = MINT("A", "A", key, key, MINT_CA);
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *b = MINT("B", "B", key, key, MINT_CA);
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *c = MINT("C", "C", key, key, MINT_CA);
    struct hf_ctl_entry entry[] = {
        { .by = HF_CTL_BY_SHA1 },
        { .by = HF_CTL_BY_SHA256, .has_sha256 = true },
        { .by = HF_CTL_BY_SHA1, .disallowed = { .set = true } }
    };
    struct hf_ctl ctl = { .sequence = (char *)"ff01dbdee7f1a4f449",
                          .this_update_s = MINT_TO_S,
                          .entry = entry,
                          .count = HF_COUNT(entry) };
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL, *not = NULL;
    struct hf_err err = { 0 };
    int64_t date_s = 0;

    EVP_PKEY_free(key);
    memcpy(entry[0].sha1, hf_cert_sha1(a), HF_SHA1_LEN);
    memcpy(entry[1].sha256, hf_cert_sha256(b), HF_SHA256_LEN);
    memcpy(entry[2].sha1, hf_cert_sha1(c), HF_SHA1_LEN);
    if (hf_known_load("/nonexistent-holdfast", &ctl, &known, &err) < 0) {
        HF_CHECK(false, "one more list: %s", err.frame[0].text);
        return;
    }
    HF_CHECK(lists_are(known, a, "Microsoft"), "a list that gives SHA-1 only");
    HF_CHECK(lists_are(known, b, "Microsoft"), "a list that goes by SHA-256");
    HF_CHECK(lists_are(known, c, NULL),
             "what was always refused is not public");
    HF_CHECK(strcmp(hf_known_sequence(known, &date_s), ctl.sequence) == 0 &&
                 date_s == MINT_TO_S,
             "the newer list is the one that counts");
    ctl.usage = HF_CTL_DISALLOWED;
    HF_CHECK(hf_known_load("/nonexistent-holdfast", &ctl, &not, &err) == 0 &&
                 lists_are(not, a, NULL),
             "a list of what is disallowed makes nothing public");
}

/* --- tables at hand ------------------------------------------------------ */

#define ROW(rest) MICROSOFT LIST rest "\n"

static void test_tables(void)
{
    static const struct {
        const char *name, *microsoft, *mozilla;
        const char *fault; /* NULL: it loads */
        const char *lists; /* of DigiCert Global Root CA, when it loads */
    } row[] = {
        { "nothing in them", MICROSOFT, MOZILLA, NULL, "Holdfast" },
        { "both name it", ROW(SHA1 "\t" SHA256), MOZILLA SHA256 "\tx\ts\n",
          NULL, "Microsoft, Mozilla" },
        { "Mozilla twice", MICROSOFT,
          MOZILLA SHA256 "\tx\ts\n" SHA256 "\tx\ts\n", NULL, "Mozilla" },
        { "by SHA-1 only", ROW(SHA1 "\t\tx"), MOZILLA, NULL, "Microsoft" },
        { "by SHA-256 only", ROW("\t" SHA256), MOZILLA, NULL, "Microsoft" },
        { "another SHA-256 beside its SHA-1", ROW(SHA1 "\t" OTHER_SHA256),
          MOZILLA, NULL, "Holdfast" },
        { "all fields",
          ROW(SHA1 "\t" SHA256 "\tx\tserverAuth\t2023-02-01\tserverAuth\t"
                   "2021-02-01T08:00:00Z\tcodeSigning"),
          MOZILLA, NULL, "Microsoft" },
        { "cleared", ROW(SHA1 "\t" SHA256 "\tx\t\tcleared\t\tcleared"), MOZILLA,
          NULL, "Microsoft" },
        { "refused for ever", ROW(SHA1 "\t" SHA256 "\tx\t\talways"), MOZILLA,
          NULL, "Holdfast" },
        { "no hash at all", ROW("\t\tx"), MOZILLA,
          "microsoft.tsv:2: sha1 has no 40 digits", NULL },
        { "a short SHA-1", ROW("a8985d"), MOZILLA,
          "microsoft.tsv:2: sha1 has no 40 digits", NULL },
        { "a short SHA-256", ROW(SHA1 "\t4348"), MOZILLA,
          "microsoft.tsv:2: sha256 has no 64 digits", NULL },
        { "a day that is none", ROW(SHA1 "\t\tx\t\t2023-02-30"), MOZILLA,
          "microsoft.tsv:2: disallowed is no date", NULL },
        { "a time from now on", ROW(SHA1 "\t\tx\t\t\t\t+90d"), MOZILLA,
          "microsoft.tsv:2: not_before is no date", NULL },
        { "an hour that is none", ROW(SHA1 "\t\tx\t\t2023-02-01T24:00:00Z"),
          MOZILLA, "microsoft.tsv:2: disallowed is no date", NULL },
        { "letters for an hour", ROW(SHA1 "\t\tx\t\t2023-02-01Txx:00:00Z"),
          MOZILLA, "microsoft.tsv:2: disallowed is no date", NULL },
        { "no sequence", MICROSOFT "\t2025-06-16\t" SHA1 "\n", MOZILLA,
          "microsoft.tsv:2: sequence is no", NULL },
        { "a sequence in capitals", MICROSOFT "14FF\t2025-06-16\t" SHA1 "\n",
          MOZILLA, "microsoft.tsv:2: sequence is no", NULL },
        { "no date", MICROSOFT "14ff\t\t" SHA1 "\n", MOZILLA,
          "microsoft.tsv:2: date is no date", NULL },
        { "rows of two lists", ROW(SHA1) "15ff\t2025-06-16\t" SHA1 "\n",
          MOZILLA, "microsoft.tsv:3: sequence or date", NULL },
        { "another header", "sha1\n", MOZILLA, "microsoft.tsv:1: column 1",
          NULL },
        { "an empty table", "", MOZILLA, "microsoft.tsv: the table is empty",
          NULL },
        { "Mozilla: a short hash", MICROSOFT, MOZILLA "4348\tx\ts\n",
          "mozilla.tsv:2: sha256 has no 64 digits", NULL },
        { "Mozilla: another header", MICROSOFT, "sha1\tname\tsource\n",
          "mozilla.tsv:1: column 1", NULL },
    };
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *cert = root_named("digicert-global-root-ca");

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_known_freep) struct hf_known *known = NULL;
        struct hf_err err = { 0 };
        int rc = hf_known_read(hf_view_text(row[i].microsoft),
                               hf_view_text(row[i].mozilla), &known, &err);

        HF_CHECK(row[i].fault ? rc == HF_E_PARSE && !known &&
                                    strncmp(err.frame[0].text, row[i].fault,
                                            strlen(row[i].fault)) == 0
                              : rc == 0 && lists_are(known, cert, row[i].lists),
                 "a table: %s", row[i].name);
        if (rc < 0 && !row[i].fault)
            printf("# %s\n", err.frame[0].text);
    }
}

/* A row whose purposes never end. */
static void test_words(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL, *none = NULL;
    struct hf_err err = { 0 };

    hf_buf_init(&text, 10000);
    hf_buf_text(&text, MICROSOFT LIST SHA1 "\t\tx\t");
    for (int i = 0; i < 100; i++)
        hf_buf_text(&text, "  a");
    HF_CHECK(hf_known_read(hf_buf_peek(&text), hf_view_text(MOZILLA), &known,
                           &err) == 0,
             "a hundred purposes are read");
    hf_buf_text(&text, " a");
    HF_CHECK(hf_known_read(hf_buf_peek(&text), hf_view_text(MOZILLA), &none,
                           &err) == HF_E_LIMIT &&
                 strstr(err.frame[1].text, "microsoft.tsv:2"),
             "one more is refused");
}

static void test_sequences(void)
{
    static const struct {
        const char *a, *b;
        int order;
    } row[] = {
        { "14ff", "14ff", 0 },
        { "14fe", "14ff", -1 },
        { "9", "a", -1 },
        { "10", "f", 1 },
        { "0010", "f", 1 },
        { "00", "", 0 },
        { "", "1", -1 },
        { "0f", "f", 0 },
        { "1401d6818d38c612c3", "1401dbdee7f1a4f449", -1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        int order = hf_microsoft_compare(row[i].a, row[i].b);

        HF_CHECK((order > 0) - (order < 0) == row[i].order &&
                     (order != 0) ==
                         (hf_microsoft_compare(row[i].b, row[i].a) != 0),
                 "sequence numbers '%s' and '%s'", row[i].a, row[i].b);
    }
}

/* --- /etc/holdfast ------------------------------------------------------- */

static void write_in(const char *root, const char *name, const char *text)
{
    char path[300];
    struct hf_err err;

    (void)snprintf(path, sizeof(path), "%s/etc/holdfast", root);
    assert(hf_file_mkdirs(path, 0755, &err) == 0);
    (void)snprintf(path, sizeof(path), "%s/etc/holdfast/%s", root, name);
    assert(hf_file_write(path, hf_view_text(text), 0644, &err) == 0);
}

static void clean(const char *root)
{
    static const char *const part[] = { "/etc/holdfast/microsoft.tsv",
                                        "/etc/holdfast/mozilla.tsv",
                                        "/etc/holdfast/authroot.stl",
                                        "/etc/holdfast",
                                        "/etc",
                                        "" };
    char path[300];

    for (size_t i = 0; i < HF_COUNT(part); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", root, part[i]);
        (void)remove(path);
    }
}

static void test_overlay(void)
{
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *g2 = root_named("digicert-global-root-g2");
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL, *none = NULL;
    const char *tmp = getenv("TMPDIR");
    struct hf_err err = { 0 };
    char root[200], text[HF_ERR_TEXT];

    (void)snprintf(root, sizeof(root), "%s/hf-known-XXXXXX",
                   tmp ? tmp : "/tmp");
    assert(mkdtemp(root));
    write_in(root, "mozilla.tsv", MOZILLA);
    HF_CHECK(hf_known_load(root, NULL, &known, &err) == 0 &&
                 lists_are(known, g2, "Microsoft"),
             "a table of one's own replaces the built-in one");
    write_in(root, "authroot.stl", "no list at all");
    HF_CHECK(hf_known_load(root, NULL, &none, &err) < 0 && !none,
             "a list that is none is an error");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strstr(text, "etc/holdfast/authroot.stl"), "which names it: %s",
             text);
    clean(root);
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL;

    return hf_known_load(arg, NULL, &known, err);
}

int main(void)
{
    test_built_in();
    test_more();
    test_tables();
    test_words();
    test_sequences();
    test_overlay();
    hf_oom_test("the lists", HF_OOM_OURS, attempt,
                (void *)"/nonexistent-holdfast");
    return hf_test_end();
}
