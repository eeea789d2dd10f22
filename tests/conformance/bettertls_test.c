/* SPDX-License-Identifier: Apache-2.0 */
/* bettertls_test.c - BetterTLS: path building and name constraints.
 * Source: https://github.com/Netflix/bettertls */
#include <jansson.h>
#include <string.h>
#include <zlib.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "crypto/path.h"
#include "hf_test.h"
#include "outside.h"

#define TEXT_MAX (256 * 1024 * 1024) /* bytes; the suite of 2026 has 24 MB */

/* What a suite must reach. */
static const struct goal {
    const char *suite;
    unsigned valid, valid_least, bad;
} goals[] = {
    { "pathbuilding", 45, 45, 36 },
    { "nameconstraints", 590, 590, 7759 },
};

struct counts {
    unsigned valid, valid_accepted, bad, bad_refused, soft, cut_short;
    unsigned work_most;
};

static void close_gz(gzFile *at)
{
    if (*at)
        (void)gzclose(*at);
}

static json_t *read_suite(const char *path)
{
    HF_AUTO(close_gz) gzFile file = gzopen(path, "rb");
    char chunk[65536];
    struct hf_buf text;
    json_t *root;
    int n;

    hf_buf_init(&text, TEXT_MAX);
    while (file && (n = gzread(file, chunk, sizeof(chunk))) > 0)
        hf_buf_add(&text, chunk, (size_t)n);
    root = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    hf_buf_done(&text);
    return root;
}

static struct hf_cert *cert_of(const json_t *base64)
{
    struct hf_buf der;
    struct hf_cert *cert = NULL;
    struct hf_err err;
    size_t offset;

    hf_buf_init(&der, HF_CERT_MAX);
    if (hf_base64_read(hf_view_text(json_string_value(base64)), &der, &offset) <
            0 ||
        hf_cert_new(hf_buf_peek(&der), &cert, &err) < 0)
        printf("# a certificate does not load\n");
    hf_buf_done(&der);
    return cert;
}

static void load_served(const json_t *list, struct hf_certs *served)
{
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item)
    {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = cert_of(item);

        if (cert)
            hf_certs_add(served, cert);
    }
}

/* An address in the suite's host names is written as it is. */
static bool judge(const json_t *test, const struct hf_cert_index *anchors,
                  int64_t at_s, struct counts *counts)
{
    struct hf_certs served = { 0 };
    struct hf_path_ask ask = {
        .served = &served,
        .anchors = anchors,
        .at_s = at_s,
        .purpose = HF_PURPOSE_TLS_SERVER,
        .host = json_string_value(json_object_get(test, "hostname")),
    };
    struct hf_path path = { 0 };
    struct hf_err err;
    bool valid;

    load_served(json_object_get(test, "certificates"), &served);
    valid = hf_path_find(&ask, &path, &err) == 0 && path.valid;
    counts->cut_short += path.cut_short;
    if (path.work > counts->work_most)
        counts->work_most = path.work;
    hf_path_done(&path);
    hf_certs_done(&served);
    return valid;
}

static void run_test(const json_t *test, const struct hf_cert_index *anchors,
                     int64_t at_s, struct counts *counts)
{
    const char *expected = json_string_value(json_object_get(test, "expected"));
    json_int_t id = json_integer_value(json_object_get(test, "id"));
    bool valid = judge(test, anchors, at_s, counts);

    if (strcmp(expected, "PASS") == 0) {
        counts->valid++;
        counts->valid_accepted += valid;
        if (!valid)
            printf("# refused though valid: %lld\n", (long long)id);
    } else if (strcmp(expected, "FAIL") == 0) {
        counts->bad++;
        counts->bad_refused += !valid;
        if (valid)
            printf("# accepted though bad: %lld\n", (long long)id);
    } else {
        counts->soft++; /* either answer is right */
    }
}

static void run_suite(const json_t *suites, const struct goal *goal,
                      const struct hf_cert_index *anchors, int64_t at_s)
{
    const json_t *tests =
        json_object_get(json_object_get(suites, goal->suite), "testCases");
    struct counts counts = { 0 };
    size_t i;
    json_t *test;

    json_array_foreach(tests, i, test) run_test(test, anchors, at_s, &counts);
    printf("# %s: %u tests with two right answers, most work %u\n", goal->suite,
           counts.soft, counts.work_most);
    HF_CHECK(counts.valid == goal->valid &&
                 counts.valid_accepted >= goal->valid_least,
             "%s: %u of %u valid accepted, at least %u wanted", goal->suite,
             counts.valid_accepted, counts.valid, goal->valid_least);
    HF_CHECK(counts.bad == goal->bad && counts.bad_refused == counts.bad,
             "%s: %u of %u bad refused", goal->suite, counts.bad_refused,
             counts.bad);
    HF_CHECK(counts.cut_short == 0, "%s: no search was cut short", goal->suite);
}

int main(void)
{
    HF_AUTO(hf_free_ptr)
    char *path = outside_path("x509/bettertls.generated.json.gz");
    HF_AUTO(hf_cert_unrefp) struct hf_cert *root = NULL;
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    const struct hf_cert_info *info;
    struct hf_certs roots = { 0 };
    struct hf_err err;
    json_t *suites;

    if (!path || !hf_path_exists(path))
        return outside_skip(path);
    suites = read_suite(path);
    root = cert_of(json_object_get(suites, "trustRoot"));
    info = root ? hf_cert_info(root, &err) : NULL;
    if (root)
        hf_certs_add(&roots, root);
    HF_CHECK(info && hf_cert_index_new(&roots, &anchors, &err) == 0,
             "the suite and its trust root load");
    /* the suite is made anew now and then, all of it at one moment */
    for (size_t i = 0; anchors && i < HF_COUNT(goals); i++)
        run_suite(json_object_get(suites, "suites"), &goals[i], anchors,
                  info->not_before_s + HF_DAY_S + 3600);
    hf_certs_done(&roots);
    json_decref(suites);
    return hf_test_end();
}
