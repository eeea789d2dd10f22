/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_findings_test.c - verdicts told: code, sentence, remedy. */
#include "hf_test.h"
#include "judge/test_setting.h"

static const struct hf_finding *finding_of(const struct hf_findings *list,
                                           const char *subject)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].subject, subject) == 0)
            return &list->item[i];
    return NULL;
}

static void test_findings(void)
{
    static const struct {
        const char *name;
        struct asked asked;
        size_t count;
        const char *subject, *code, *summary, *command;
    } row[] = {
        { "missing",
          { .product = "cylance", .have = { NULL } },
          5,
          "Cylance PROTECT: DigiCert Global Root CA",
          "HF1203",
          "Cylance PROTECT needs this certificate (TLS), and the store "
          "'system' "
          "lacks it.",
          "holdfast roots fix cylance" },
        { "expired",
          { .product = "cylance", .have = { DEBIAN } },
          3,
          "Cylance PROTECT: GeoTrust Global CA",
          "HF1204",
          "Cylance PROTECT names this certificate, but it ended on 2022-05-21; "
          "Microsoft has disallowed it since 2023-02-01",
          "holdfast roots fix cylance --include-distrusted" },
        { "distrusted",
          { .product = "cylance", .have = { DEBIAN } },
          3,
          "Cylance PROTECT: thawte Primary Root CA",
          "HF1205",
          "it is distrusted: Microsoft trusts nothing issued under it after "
          "2021-02-01",
          "holdfast roots fix cylance --include-distrusted" },
        { "expired and there",
          { .product = "cylance", .have = { DEBIAN, "geotrust-global-ca" } },
          3,
          "Cylance PROTECT: GeoTrust Global CA",
          "HF1204",
          "and the store 'system' holds it, but it ended on 2022-05-21",
          "holdfast roots remove "
          "ff856a2d251dcd88d36656f450126798cfabaade40799c722de4d2b5db36a73a" },
        { "not for TLS",
          { .product = "sophos", .have = { NULL } },
          1,
          "Sophos Central endpoint: " IDV,
          "HF1208",
          "it has no place in the store 'system': for code signing only; in",
          "holdfast roots fix sophos-central --include-distrusted" },
        { "no body, and no place either",
          { .product = "citrix", .have = { "digicert-trusted-root-g4" } },
          1,
          "Citrix Cloud Connector: DigiCert Trusted G4 Code Signing RSA4096 "
          "SHA384 2021 CA1",
          "HF1208",
          "known by SHA-1 only: the profile gives no SHA-256, so nothing is "
          "imported; get it from Citrix support",
          NULL },
        { "no body",
          { .product = HEAD ITEM("a") NOWHERE, .have = { NULL } },
          1,
          "x: a",
          "HF1207",
          "x needs this certificate, the store 'system' lacks it, and no copy "
          "with the right hash is at hand.",
          "holdfast roots add FILE" },
        { "known by SHA-1 only, though a copy is embedded",
          { .product = HEAD ITEM("a") DIGICERT_SHA1 "    get_from: its maker\n",
            .have = { NULL } },
          1,
          "x: a",
          "HF1207",
          "'system' lacks it, and it is known by SHA-1 only: the profile gives "
          "no SHA-256, so nothing is imported",
          "holdfast roots add FILE" },
        { "misplaced",
          { .product = HEAD ITEM("a") DIGICERT "    store: ca\n",
            .have = { DEBIAN } },
          1,
          "x: a",
          "HF1206",
          "This certificate is an intermediate among the anchors: whatever",
          "holdfast roots remove "
          "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161" },
    };
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    struct hf_err err = { 0 };

    if (hf_catalogue_load(NULL, &catalogue, &err) < 0) {
        HF_CHECK(false, "the catalogue: %s", err.frame[0].text);
        return;
    }
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(setting_done) struct setting s = { 0 };
        HF_AUTO(hf_findings_done) struct hf_findings list;
        const struct hf_finding *one = NULL;
        const char *last = NULL;

        hf_findings_init(&list, catalogue);
        if (judge(&row[i].asked, &s, &err) == 0) {
            hf_product_verdict_findings(&s.verdict, "system", &list);
            one = finding_of(&list, row[i].subject);
        }
        for (size_t k = 0; one && k < one->remedy_count; k++)
            if (one->remedies[k].command)
                last = one->remedies[k].command;
        HF_CHECK(one && list.count == row[i].count &&
                     strcmp(one->kind->code, row[i].code) == 0,
                 "a finding: %s is %s, one of %zu", row[i].name, row[i].code,
                 row[i].count);
        HF_CHECK(one && strstr(one->summary, row[i].summary),
                 "a finding: %s says so", row[i].name);
        HF_CHECK(one && one->remedy_count > 0 &&
                     (row[i].command ? last && strcmp(last, row[i].command) == 0
                                     : !last),
                 "a finding: %s has a remedy", row[i].name);
        if (one)
            printf("# %s: %s\n", one->subject, one->summary);
    }
}

static void test_remedy_automatic(void)
{
    static const struct asked bare = { .product = "cylance", .have = { NULL } };
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    HF_AUTO(setting_done) struct setting s = { 0 };
    HF_AUTO(hf_findings_done) struct hf_findings list;
    struct hf_err err = { 0 };
    bool automatic = true, by_hand = true;

    hf_findings_init(&list, NULL);
    if (hf_catalogue_load(NULL, &catalogue, &err) < 0 ||
        judge(&bare, &s, &err) < 0)
        return;
    hf_findings_init(&list, catalogue);
    hf_product_verdict_findings(&s.verdict, "system", &list);
    for (size_t i = 0; i < list.count; i++)
        for (size_t k = 0; k < list.item[i].remedy_count; k++) {
            bool missing = strcmp(list.item[i].kind->code, "HF1203") == 0;

            automatic &= !missing || list.item[i].remedies[k].automatic;
            by_hand &= missing || !list.item[i].remedies[k].automatic;
        }
    HF_CHECK(automatic, "what is missing is fixed by itself");
    HF_CHECK(by_hand, "what is refused is not");
}

/* "Sentence." and not a fragment. */
static bool is_sentence(const char *text)
{
    size_t len = strlen(text);

    return len > 1 && text[len - 1] == '.' && text[len - 2] != '.' &&
           !(text[0] >= 'a' && text[0] <= 'z');
}

static size_t count_fragments(const struct hf_findings *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct hf_finding *one = &list->item[i];

        count += !is_sentence(one->summary);
        for (size_t k = 0; k < one->remedy_count; k++)
            count += !is_sentence(one->remedies[k].text);
    }
    return count;
}

/* All findings of some products, insisted on or not. */
static void test_voice(const struct hf_catalogue *catalogue)
{
    static const struct asked asked[] = {
        { .product = "cylance", .have = { DEBIAN } },
        { .product = "cylance",
          .have = { DEBIAN },
          .include_distrusted = true },
        { .product = "cylance", .have = { DEBIAN, "geotrust-global-ca" } },
        { .product = "sophos", .have = { NULL } },
        { .product = "sophos", .have = { NULL }, .include_distrusted = true },
        { .product = "trellix-ens", .have = { NULL } },
    };

    for (size_t i = 0; i < HF_COUNT(asked); i++) {
        HF_AUTO(setting_done) struct setting s = { 0 };
        HF_AUTO(hf_findings_done) struct hf_findings list;
        struct hf_err err;

        hf_findings_init(&list, catalogue);
        if (judge(&asked[i], &s, &err) == 0)
            hf_product_verdict_findings(&s.verdict, "system", &list);
        HF_CHECK(list.count > 0 && count_fragments(&list) == 0,
                 "voice: %zu findings of %s are sentences", list.count,
                 asked[i].product);
    }
}

/* What is missing only because somebody insists on it. */
static void test_insisted(const struct hf_catalogue *catalogue)
{
    static const struct {
        const char *product, *subject, *command, *end;
    } row[] = {
        { "cylance", "Cylance PROTECT: GeoTrust Global CA",
          "holdfast roots fix cylance --include-distrusted",
          "ended on 2022-05-21" },
        { "cylance", "Cylance PROTECT: thawte Primary Root CA",
          "holdfast roots fix cylance --include-distrusted",
          "valid until 2036-07-16" },
        { "cylance", "Cylance PROTECT: DigiCert Global Root CA",
          "holdfast roots fix cylance", "valid until 2031-11-10" },
        { "sophos", "Sophos Central endpoint: " IDV,
          "holdfast roots fix sophos-central --include-distrusted",
          "valid until 2045-04-16" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct asked asked = { .product = row[i].product,
                                     .include_distrusted = true };
        HF_AUTO(setting_done) struct setting s = { 0 };
        HF_AUTO(hf_findings_done) struct hf_findings list;
        const struct hf_finding *one = NULL;
        struct hf_err err;
        bool end = false;

        hf_findings_init(&list, catalogue);
        if (judge(&asked, &s, &err) == 0) {
            hf_product_verdict_findings(&s.verdict, "system", &list);
            one = finding_of(&list, row[i].subject);
        }
        for (size_t k = 0; one && k < one->evidence_count; k++)
            end |= strcmp(one->evidence[k], row[i].end) == 0;
        HF_CHECK(one && strcmp(one->kind->code, "HF1203") == 0 &&
                     one->remedy_count == 1 && one->remedies[0].command &&
                     strcmp(one->remedies[0].command, row[i].command) == 0,
                 "insisted: %s: %s", row[i].subject, row[i].command);
        HF_CHECK(end, "insisted: %s: %s", row[i].subject, row[i].end);
    }
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    struct hf_err err;

    test_findings();
    test_remedy_automatic();
    HF_CHECK(hf_catalogue_load(NULL, &catalogue, &err) == 0, "the catalogue");
    if (catalogue) {
        test_voice(catalogue);
        test_insisted(catalogue);
    }
    return hf_test_end();
}
