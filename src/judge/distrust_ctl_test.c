/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust_ctl_test.c - what lists restrict, and which one counts. */
#include "hf_oom.h"

#include "crypto/mint.h"
#include "judge/distrust.h"

#define SINCE INT64_C(1675209600) /* 2023-02-01 */
#define DATE INT64_C(1750096571)  /* 2025-06-16 */

#define GEOTRUST                                                               \
    {                                                                          \
        0xff, 0x85, 0x6a, 0x2d, 0x25, 0x1d, 0xcd, 0x88, 0xd3, 0x66, 0x56,      \
            0xf4, 0x50, 0x12, 0x67, 0x98, 0xcf, 0xab, 0xaa, 0xde, 0x40, 0x79,  \
            0x9c, 0x72, 0x2d, 0xe4, 0xd2, 0xb5, 0xdb, 0x36, 0xa7, 0x3a         \
    }

static char *tls[] = { (char *)"serverAuth" };
static char *code[] = { (char *)"codeSigning", (char *)"1.2.3" };
#define FOR_TLS                                                                \
    {                                                                          \
        tls, 1                                                                 \
    }
#define FOR_CODE                                                               \
    {                                                                          \
        code, 2                                                                \
    }

/* --- what an entry says -------------------------------------------------- */

static void test_entries(void)
{
    static const struct {
        const char *name;
        struct hf_ctl_entry entry;
        int64_t at_s;
        const char *kind; /* NULL: trusted */
        size_t rows;
    } row[] = {
        { "nothing said", { .eku = FOR_TLS }, DATE, NULL, 0 },
        { "disallowed this second",
          { .disallowed = { .set = true, .time_s = SINCE } },
          SINCE,
          "disallowed",
          1 },
        { "disallowed a second later",
          { .disallowed = { .set = true, .time_s = SINCE } },
          SINCE - 1,
          NULL,
          1 },
        { "disallowed for code only",
          { .disallowed = { .set = true, .time_s = SINCE },
            .disallowed_eku = FOR_CODE },
          DATE,
          NULL,
          1 },
        { "disallowed for TLS servers",
          { .disallowed = { .set = true, .time_s = SINCE },
            .disallowed_eku = FOR_TLS },
          DATE,
          "disallowed",
          1 },
        { "disallowed once, not any more",
          { .disallowed = { .cleared = true }, .disallowed_eku = FOR_TLS },
          DATE,
          NULL,
          0 },
        { "a purpose taken away, no date",
          { .disallowed_eku = FOR_TLS },
          0,
          "disallowed",
          1 },
        { "disallowed since ever",
          { .disallowed = { .set = true, .time_s = INT64_C(-11644473600) } },
          0,
          "disallowed",
          1 },
        { "nothing new this second",
          { .not_before = { .set = true, .time_s = SINCE } },
          SINCE,
          "not-before",
          1 },
        { "nothing new a second later",
          { .not_before = { .set = true, .time_s = SINCE } },
          SINCE - 1,
          NULL,
          1 },
        { "nothing new for code",
          { .not_before = { .set = true, .time_s = SINCE },
            .not_before_eku = FOR_CODE },
          DATE,
          NULL,
          1 },
        { "a date for what is new cleared",
          { .not_before = { .cleared = true } },
          DATE,
          NULL,
          0 },
        { "both, and the heavier counts",
          { .disallowed = { .set = true, .time_s = SINCE },
            .not_before = { .set = true, .time_s = 1 } },
          DATE,
          "disallowed",
          2 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
        struct hf_ctl_entry entry = row[i].entry;
        struct hf_ctl ctl = { .sequence = (char *)"1",
                              .entry = &entry,
                              .count = 1 };
        const struct hf_distrust_row *found = NULL;
        struct hf_err err;
        size_t rows = 0;

        entry.has_sha256 = true;
        entry.sha256[0] = 7;
        if (hf_distrust_new(&d, &err) == 0 &&
            hf_distrust_take_ctl(d, &ctl, &err) == 0) {
            found = hf_distrust_find(d, entry.sha256, row[i].at_s);
            (void)hf_distrust_rows(d, entry.sha256, &rows);
        }
        HF_CHECK(rows == row[i].rows &&
                     (row[i].kind
                          ? found && strcmp(found->kind, row[i].kind) == 0
                          : !found),
                 "an entry: %s", row[i].name);
    }
}

static void test_words(void)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf words;
    struct hf_ctl_entry entry = { .by = HF_CTL_BY_SHA256,
                                  .has_sha256 = true,
                                  .disallowed_eku = FOR_TLS };
    struct hf_ctl ctl = { .sequence = (char *)"1",
                          .entry = &entry,
                          .count = 1 };
    const struct hf_distrust_row *row;
    struct hf_err err;

    hf_buf_init(&words, 200);
    assert(hf_distrust_new(&d, &err) == 0 &&
           hf_distrust_take_ctl(d, &ctl, &err) == 0);
    row = hf_distrust_find_entry(d, &entry, DATE);
    if (row)
        hf_distrust_words(&words, row);
    HF_CHECK(hf_view_is(hf_buf_peek(&words),
                        "Microsoft has disallowed it for serverAuth"),
             "a purpose taken away is named");
}

/* --- which list counts --------------------------------------------------- */

static const uint8_t geotrust[32] = GEOTRUST;

/* A list of roots that names GeoTrust Global CA and restricts nothing. */
static int take_plain(struct hf_distrust *d, const char *sequence)
{
    struct hf_ctl_entry entry = { .has_sha256 = true, .sha256 = GEOTRUST };
    struct hf_ctl ctl = { .sequence = (char *)sequence,
                          .this_update_s = DATE,
                          .entry = &entry,
                          .count = 1 };
    struct hf_err err;

    return hf_distrust_take_ctl(d, &ctl, &err);
}

static size_t rows_of(const struct hf_distrust *d, const char *platform)
{
    size_t count, found = 0;
    const struct hf_distrust_row *row = hf_distrust_rows(d, geotrust, &count);

    for (size_t i = 0; i < count; i++)
        found += strcmp(row[i].platform, platform) == 0;
    return found;
}

static void test_sequence(void)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    const struct hf_distrust_row *row;
    struct hf_err err;
    int64_t date_s = 0;
    char sequence[40];

    if (hf_distrust_load("/nonexistent-holdfast", &d, &err) < 0) {
        HF_CHECK(false, "the tables load: %s", err.frame[0].text);
        return;
    }
    (void)snprintf(sequence, sizeof(sequence), "%s",
                   hf_distrust_sequence(d, &date_s));
    HF_CHECK(strlen(sequence) >= 18 && date_s >= INT64_C(1750032000),
             "the list in force is the built-in one: %s", sequence);
    HF_CHECK(rows_of(d, "Microsoft") == 2 && rows_of(d, "Mozilla") == 1,
             "both tables speak of a root");
    row = hf_distrust_find(d, geotrust, DATE);
    HF_CHECK(row && strstr(row->source, "authroot.stl of 20") &&
                 strstr(row->source, ", sequence number ") &&
                 strstr(row->source, sequence),
             "a row names its list: %s", row ? row->source : "");
    HF_CHECK(take_plain(d, "1401d6818d38c612c3") == 0 &&
                 rows_of(d, "Microsoft") == 2,
             "an older list changes nothing");
    HF_CHECK(take_plain(d, sequence) == 0 && rows_of(d, "Microsoft") == 2,
             "the same list changes nothing");
    HF_CHECK(take_plain(d, "ff000000000000000000") == 0 &&
                 rows_of(d, "Microsoft") == 0 && rows_of(d, "Mozilla") == 1,
             "a newer list takes its place, and leaves other platforms");
    HF_CHECK(strcmp(hf_distrust_sequence(d, &date_s), "ff000000000000000000") ==
                     0 &&
                 date_s == DATE,
             "and is the one in force");
}

static void test_none(void)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    struct hf_err err;
    int64_t date_s = 7;

    HF_CHECK(hf_distrust_new(&d, &err) == 0 &&
                 strcmp(hf_distrust_sequence(d, &date_s), "") == 0 &&
                 date_s == 0 && !hf_distrust_find(d, geotrust, DATE),
             "without a list nothing is in force");
}

/* --- how a certificate is named ------------------------------------------ */

/* The MD5 of a key's bits, as disallowed certificates are named. */
static void key_md5(EVP_PKEY *key, uint8_t md5[16])
{
    unsigned char point[256];
    size_t len = 0;

    assert(EVP_PKEY_get_octet_string_param(key, "pub", point, sizeof(point),
                                           &len));
    (void)EVP_Digest(point, len, md5, NULL, EVP_md5(), NULL);
}

static const char *kind_of(const struct hf_distrust *d, struct hf_cert *cert)
{
    const struct hf_distrust_row *row = hf_distrust_find_cert(d, cert, DATE);

    return row ? row->kind : "trusted";
}

struct named {
    struct hf_cert *old, *bad, *good;
    struct hf_ctl_entry root, refused[2];
    struct hf_ctl roots, list;
};

/* An old list restricts `old` by its SHA-1; `bad` is refused by its key. */
static void named_init(struct named *n)
{
    EVP_PKEY *key = mint_key(), *bad = mint_key();

    memset(n, 0, sizeof(*n));
    n->old = MINT("Old", "Old", key, key, MINT_CA);
    n->good = MINT("Good", "Good", key, key, MINT_CA);
    n->bad = MINT("Bad", "Bad", bad, bad, MINT_CA);
    n->root =
        (struct hf_ctl_entry){ .name = (char *)"Old",
                               .not_before = { .set = true, .time_s = SINCE } };
    memcpy(n->root.sha1, hf_cert_sha1(n->old), HF_SHA1_LEN);
    n->refused[0] =
        (struct hf_ctl_entry){ .by = HF_CTL_BY_SIGNED, .id_len = 16 };
    key_md5(bad, n->refused[0].id);
    n->refused[1] = (struct hf_ctl_entry){ .by = HF_CTL_BY_OTHER };
    n->list = (struct hf_ctl){ .usage = HF_CTL_DISALLOWED,
                               .sequence = (char *)"2",
                               .entry = n->refused,
                               .count = 2 };
    n->roots = (struct hf_ctl){ .sequence = (char *)"1",
                                .entry = &n->root,
                                .count = 1,
                                .disallowed = &n->list };
    EVP_PKEY_free(key);
    EVP_PKEY_free(bad);
}

static void named_done(struct named *n)
{
    hf_cert_unref(n->old);
    hf_cert_unref(n->bad);
    hf_cert_unref(n->good);
}

static void test_names(struct named *n)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    const struct hf_distrust_row *row;
    struct hf_err err;
    int64_t date_s;

    assert(hf_distrust_new(&d, &err) == 0);
    HF_CHECK(hf_distrust_take_ctl(d, &n->roots, &err) == 0,
             "two lists that came together");
    HF_CHECK(strcmp(kind_of(d, n->old), "not-before") == 0 &&
                 !hf_distrust_find(d, hf_cert_sha256(n->old), DATE),
             "what a list names by SHA-1 only is found by it");
    row = hf_distrust_find_entry(d, &n->root, DATE);
    HF_CHECK(row && strcmp(row->name, "Old") == 0,
             "and so is an entry without a body");
    HF_CHECK(strcmp(kind_of(d, n->bad), "disallowed") == 0,
             "what a list names by its key is found");
    HF_CHECK(strcmp(kind_of(d, n->good), "trusted") == 0,
             "what no list names is trusted");
    n->list.sequence = (char *)"1";
    n->list.count = 0;
    HF_CHECK(hf_distrust_take_ctl(d, &n->list, &err) == 0 &&
                 strcmp(kind_of(d, n->bad), "disallowed") == 0,
             "an older list of what is disallowed changes nothing");
    n->list.sequence = (char *)"3";
    HF_CHECK(hf_distrust_take_ctl(d, &n->list, &err) == 0 &&
                 strcmp(kind_of(d, n->bad), "trusted") == 0 &&
                 strcmp(kind_of(d, n->old), "not-before") == 0,
             "a newer one takes its place, and leaves the roots");
    HF_CHECK(strcmp(hf_distrust_sequence(d, &date_s), "1") == 0,
             "the list of roots stays the one in force");
}

/* The real ones are by SHA-1 or SHA-256 at times, too. */
static void test_refused_by_hash(struct named *n)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    struct hf_ctl_entry entry = { .by = HF_CTL_BY_SHA256, .has_sha256 = true };
    struct hf_ctl ctl = { .usage = HF_CTL_DISALLOWED,
                          .sequence = (char *)"9",
                          .entry = &entry,
                          .count = 1 };
    const struct hf_distrust_row *row;
    struct hf_err err;

    memcpy(entry.sha256, hf_cert_sha256(n->good), HF_SHA256_LEN);
    assert(hf_distrust_new(&d, &err) == 0);
    HF_CHECK(hf_distrust_take_ctl(d, &ctl, &err) == 0 &&
                 (row = hf_distrust_find_cert(d, n->good, 0)) &&
                 row->since_s == 0 &&
                 strstr(row->source, "disallowedcert.stl of "),
             "a list of what is disallowed needs no date");
}

static int attempt(void *arg, struct hf_err *err)
{
    struct named *n = arg;
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;

    if (hf_distrust_new(&d, err) < 0)
        return hf_err_code(err);
    return hf_distrust_take_ctl(d, &n->roots, err);
}

int main(void)
{
    struct named n;

    test_entries();
    test_words();
    test_sequence();
    test_none();
    named_init(&n);
    hf_oom_test("two lists", HF_OOM_OURS, attempt, &n);
    test_names(&n);
    test_refused_by_hash(&n);
    named_done(&n);
    return hf_test_end();
}
