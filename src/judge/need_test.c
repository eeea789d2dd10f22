/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_test.c - products against a store: states and reasons. */
#include "judge/need.h"

#include "hf_oom.h"

#include <stdio.h>
#include <string.h>

#include "judge/test_setting.h"

/* One certificate of a product, as a sentence. */
static void test_states(void)
{
    static const struct {
        const char *name;
        struct asked asked;
        const char *need;
        enum hf_need_state state;
        const char *reason; /* a part of it */
    } row[] = {
        { "what is there",
          { .product = "cylance", .have = { DEBIAN } },
          "DigiCert Global Root CA",
          HF_NEED_PRESENT,
          "in the store" },
        { "an old root without a common name",
          { .product = "cylance", .have = { DEBIAN } },
          "Starfield Class 2 Certification Authority",
          HF_NEED_PRESENT,
          "in the store" },
        { "expired, and disallowed since",
          { .product = "cylance", .have = { DEBIAN } },
          "GeoTrust Global CA",
          HF_NEED_EXPIRED,
          "ended on 2022-05-21; Microsoft has disallowed it since 2023-02-01; "
          "Mozilla has removed it" },
        { "distrusted since",
          { .product = "cylance", .have = { DEBIAN } },
          G5,
          HF_NEED_DISTRUSTED,
          "Microsoft trusts nothing issued under it after 2021-02-01; Mozilla "
          "has removed it from its store" },
        { "distrusted too",
          { .product = "cylance", .have = { DEBIAN } },
          "thawte Primary Root CA",
          HF_NEED_DISTRUSTED,
          "Microsoft trusts nothing issued under it after 2021-02-01" },
        { "at an earlier time it was only restricted",
          { .product = "cylance",
            .have = { DEBIAN },
            .at_s = INT64_C(1640995200) },
          "GeoTrust Global CA",
          HF_NEED_DISTRUSTED,
          "2021-02-01" },
        { "absent and sound",
          { .product = "cylance", .have = { NULL } },
          "DigiCert Global Root CA",
          HF_NEED_MISSING,
          "absent, can be imported" },
        { "somebody insists on a distrusted one",
          { .product = "cylance",
            .have = { DEBIAN },
            .include_distrusted = true },
          G5,
          HF_NEED_MISSING,
          "absent, can be imported; Microsoft trusts nothing" },
        { "somebody insists on an expired one",
          { .product = "cylance",
            .have = { DEBIAN },
            .include_distrusted = true },
          "GeoTrust Global CA",
          HF_NEED_MISSING,
          "absent, can be imported; ended on 2022-05-21" },
        { "there, though it has ended",
          { .product = "cylance", .have = { "geotrust-global-ca" } },
          "GeoTrust Global CA",
          HF_NEED_PRESENT,
          "in the store; ended on 2022-05-21; Microsoft has disallowed it" },
        { "for code only, on Linux",
          { .product = "a1", .have = { DEBIAN } },
          "UTN-USERFirst-Object",
          HF_NEED_NOT_TLS,
          "for code signing, timestamps only; in a Linux bundle it would "
          "vouch for TLS servers too; ended on 2019-07-09, though files signed "
          "with a timestamp before then still lead to it" },
        { "for code only and sound, on Linux",
          { .product = "sophos", .have = { DEBIAN } },
          IDV,
          HF_NEED_NOT_TLS,
          "for code signing only" },
        { "for code only, and somebody insists",
          { .product = "sophos",
            .have = { DEBIAN },
            .include_distrusted = true },
          IDV,
          HF_NEED_MISSING,
          "absent, can be imported" },
        { "for code only, where the store knows purposes",
          { .product = "sophos", .have = { NULL }, .purposes_known = true },
          IDV,
          HF_NEED_MISSING,
          "absent, can be imported" },
        { "for code and servers, absent from Linux",
          { .product = "a1", .have = { NULL } },
          "DigiCert Trusted Root G4",
          HF_NEED_MISSING,
          "absent" },
        { "an intermediate nobody has, on Linux",
          { .product = "a1", .have = { NULL } },
          "VeriSign Class 3 Code Signing 2010 CA",
          HF_NEED_NO_BODY,
          "an intermediate; Linux bundles hold anchors only; known by SHA-1 "
          "only: the profile gives no SHA-256, so nothing is imported; get it "
          "from success.trendmicro.com" },
        { "an intermediate nobody has, where intermediates have a store",
          { .product = "a1", .have = { NULL }, .purposes_known = true },
          "VeriSign Class 3 Code Signing 2010 CA",
          HF_NEED_NO_BODY,
          "known by SHA-1 only: the profile gives no SHA-256, so nothing is "
          "imported; get it from success.trendmicro.com" },
        { "an expired root that signatures outlive",
          { .product = "a1", .have = { NULL }, .purposes_known = true },
          "UTN-USERFirst-Object",
          HF_NEED_EXPIRED,
          "though files signed with a timestamp before then" },
        { "the first of a group",
          { .product = "qualys", .have = { NULL } },
          "DigiCert Trusted Root G4",
          HF_NEED_MISSING,
          "absent" },
        { "the other of a group",
          { .product = "qualys", .have = { NULL } },
          "DigiCert Assured ID Root CA",
          HF_NEED_SPARED,
          "one of its group is enough, and that is 'DigiCert Trusted Root "
          "G4'" },
        { "a group that is met by its second",
          { .product = "qualys", .have = { "digicert-assured-id-root-ca" } },
          "DigiCert Trusted Root G4",
          HF_NEED_SPARED,
          "'DigiCert Assured ID Root CA'" },
        { "a group of which both are there",
          { .product = "qualys",
            .have = { "digicert-assured-id-root-ca",
                      "digicert-trusted-root-g4" } },
          "DigiCert Assured ID Root CA",
          HF_NEED_PRESENT,
          "in the store" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(setting_done) struct setting s = { 0 };
        struct hf_err err = { 0 };
        int rc = judge(&row[i].asked, &s, &err);
        const struct hf_need_verdict *need =
            rc < 0 ? NULL : need_of(&s, row[i].need);
        bool good = need && need->state == row[i].state &&
                    strstr(need->reason, row[i].reason);

        HF_CHECK(good, "%s: %s", row[i].name, hf_need_state_name(row[i].state));
        if (!good)
            printf("# %s: %s\n",
                   need ? hf_need_state_name(need->state) : err.frame[0].text,
                   need ? need->reason : "-");
    }
}

/* --- made-up products ---------------------------------------------------- */

static void test_made_up(void)
{
    static const struct {
        const char *name;
        struct asked asked;
        enum hf_need_state state[3];
    } row[] = {
        { "a body that is nowhere",
          { .product = HEAD ITEM("a") NOWHERE, .have = { DEBIAN } },
          { HF_NEED_NO_BODY } },
        { "SHA-1 only, and there",
          { .product = HEAD ITEM("a") DIGICERT_SHA1, .have = { DEBIAN } },
          { HF_NEED_PRESENT } },
        { "SHA-1 only and absent: an embedded copy is not imported",
          { .product = HEAD ITEM("a") DIGICERT_SHA1, .have = { NULL } },
          { HF_NEED_NO_BODY } },
        { "SHA-1 only and absent, and somebody insists",
          { .product = HEAD ITEM("a") DIGICERT_SHA1,
            .have = { NULL },
            .include_distrusted = true },
          { HF_NEED_NO_BODY } },
        { "SHA-1 only, but another meets the group",
          { .product = HEAD ITEM("a") DIGICERT_SHA1 "    any_of: g\n" ITEM("b")
                DIGICERT "    any_of: g\n",
            .have = { NULL } },
          { HF_NEED_SPARED, HF_NEED_MISSING } },
        { "the right SHA-1 does not help a wrong SHA-256",
          { .product = HEAD ITEM("a") NOWHERE DIGICERT_SHA1,
            .have = { DEBIAN } },
          { HF_NEED_NO_BODY } },
        { "an intermediate among the anchors",
          { .product = HEAD ITEM("a") DIGICERT "    store: ca\n",
            .have = { DEBIAN } },
          { HF_NEED_MISPLACED } },
        { "an intermediate in a store that has room for it",
          { .product = HEAD ITEM("a") DIGICERT "    store: ca\n",
            .have = { DEBIAN },
            .purposes_known = true },
          { HF_NEED_PRESENT } },
        { "nobody can insist on an intermediate as an anchor",
          { .product = HEAD ITEM("a") DIGICERT "    store: ca\n",
            .have = { NULL },
            .include_distrusted = true },
          { HF_NEED_NOT_TLS } },
        { "a group whose only sound member is absent",
          { .product = HEAD ITEM("a") GEOTRUST "    any_of: g\n" ITEM("b")
                DIGICERT "    any_of: g\n",
            .have = { "geotrust-global-ca" } },
          { HF_NEED_PRESENT, HF_NEED_MISSING } },
        { "a group of which nothing can be imported",
          { .product = HEAD ITEM("a") GEOTRUST "    any_of: g\n" ITEM("b")
                VERISIGN_G5 "    any_of: g\n",
            .have = { NULL } },
          { HF_NEED_EXPIRED, HF_NEED_DISTRUSTED } },
        { "insisted on, a group takes the sound one only",
          { .product = HEAD ITEM("a") GEOTRUST "    any_of: g\n" ITEM("b")
                DIGICERT "    any_of: g\n",
            .have = { NULL },
            .include_distrusted = true },
          { HF_NEED_SPARED, HF_NEED_MISSING } },
        { "two groups do not meddle",
          { .product = HEAD ITEM("a") GEOTRUST "    any_of: g\n" ITEM("b")
                DIGICERT "    any_of: h\n" ITEM("c") NOWHERE,
            .have = { DEBIAN } },
          { HF_NEED_EXPIRED, HF_NEED_PRESENT, HF_NEED_NO_BODY } },
        { "an end that signatures outlive meets a group",
          { .product = HEAD ITEM("a") GEOTRUST
            "    any_of: g\n    purpose: [codesign]\n"
            "    expiry_tolerated: true\n" ITEM("b") DIGICERT
            "    any_of: g\n    purpose: [codesign]\n",
            .have = { "geotrust-global-ca" },
            .at_s = YEAR_2020,
            .purposes_known = true },
          { HF_NEED_PRESENT, HF_NEED_SPARED } },
        { "a code root that servers may no longer use, kept for code",
          { .product = HEAD ITEM("a") VERISIGN_G5 "    purpose: [codesign]\n",
            .have = { NULL },
            .purposes_known = true },
          { HF_NEED_MISSING } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(setting_done) struct setting s = { 0 };
        struct hf_err err = { 0 };
        int rc = judge(&row[i].asked, &s, &err);
        bool good = rc == 0;

        for (size_t k = 0; rc == 0 && k < s.verdict.need_count; k++)
            good &= s.verdict.need[k].state == row[i].state[k] &&
                    s.verdict.need[k].reason;
        HF_CHECK(good, "%s", row[i].name);
        for (size_t k = 0; !good && k < s.verdict.need_count; k++)
            printf("# %s\n", hf_need_state_name(s.verdict.need[k].state));
    }
}

/* --- the whole verdict --------------------------------------------------- */

static void test_counts(void)
{
    static const struct asked plain = { .product = "cylance",
                                        .have = { DEBIAN } };
    static const struct asked bare = { .product = "cylance", .have = { NULL } };
    static const struct asked insist = { .product = "cylance",
                                         .have = { DEBIAN },
                                         .include_distrusted = true };
    HF_AUTO(setting_done) struct setting one = { 0 };
    HF_AUTO(setting_done) struct setting two = { 0 };
    HF_AUTO(setting_done) struct setting three = { 0 };
    const struct hf_need_verdict *geotrust;
    struct hf_err err = { 0 };

    HF_CHECK(judge(&plain, &one, &err) == 0 && one.verdict.present == 2 &&
                 one.verdict.refused == 3 && one.verdict.missing == 0 &&
                 one.verdict.no_body == 0,
             "Debian's bundle: two present, three refused");
    geotrust = need_of(&one, "GeoTrust Global CA");
    HF_CHECK(geotrust && geotrust->expired && geotrust->distrust &&
                 geotrust->cert && !geotrust->sha1_only,
             "a refused one is expired and distrusted, and its body known");
    HF_CHECK(judge(&bare, &two, &err) == 0 && two.verdict.missing == 2 &&
                 two.verdict.refused == 3,
             "an empty bundle: two missing, three refused");
    HF_CHECK(judge(&insist, &three, &err) == 0 && three.verdict.missing == 3,
             "insisted on, the three can be imported");
}

static void test_where(void)
{
    HF_AUTO(setting_done) struct setting s = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs have = { 0 };
    static char where[] = "/etc/ssl/bundle.crt:7";
    struct hf_store_entry entry = { .where = where };
    struct hf_store_list list = { .entry = &entry, .count = 1 };
    struct hf_need_ask ask = { .have = &have, .list = &list, .at_s = TODAY };
    struct hf_err err = { 0 };

    if (add_root(&have, "digicert-global-root-ca", &err) < 0 ||
        hf_product_find(NULL, "cylance", &s.product, &err) < 0)
        return;
    entry.cert = have.cert[0];
    HF_CHECK(hf_judge_product(&ask, s.product, &s.verdict, &err) == 0 &&
                 need_of(&s, "DigiCert Global Root CA")->where &&
                 strcmp(need_of(&s, "DigiCert Global Root CA")->where, where) ==
                     0 &&
                 !need_of(&s, G5)->where,
             "where a certificate stands is told");
    HF_CHECK(need_of(&s, G5)->state == HF_NEED_MISSING &&
                 need_of(&s, "GeoTrust Global CA")->state == HF_NEED_EXPIRED,
             "without a list of distrust only dates speak");
}

/* A copy in another store, and one in the profile itself. */
static void test_bodies(void)
{
    HF_AUTO(setting_done) struct setting s = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs extra = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text;
    struct hf_need_ask ask = { .have = &s.have,
                               .extra = &extra,
                               .at_s = TODAY };
    struct hf_err err = { 0 };
    struct hf_view rest, pem;
    HF_AUTO(hf_buf_done) struct hf_buf body;

    hf_buf_init(&text, 10000);
    hf_buf_init(&body, 10000);
    if (add_root(&extra, "digicert-global-root-ca", &err) < 0)
        return;
    hf_cert_pem(&body, extra.cert[0]);
    hf_buf_text(&text, HEAD ITEM("a") DIGICERT "    pem: |\n");
    rest = hf_buf_peek(&body);
    while (rest.len > 0) {
        pem = hf_view_line(&rest);
        hf_buf_printf(&text, "      %.*s\n", (int)pem.len,
                      (const char *)pem.ptr);
    }
    HF_CHECK(hf_product_parse("t", "t", hf_buf_peek(&text), &s.product, &err) ==
                     0 &&
                 hf_judge_product(&ask, s.product, &s.verdict, &err) == 0 &&
                 s.verdict.need[0].cert == extra.cert[0],
             "a body at hand is taken as it is");
    hf_product_verdict_done(&s.verdict);
    ask.extra = NULL;
    HF_CHECK(hf_judge_product(&ask, s.product, &s.verdict, &err) == 0 &&
                 s.verdict.need[0].cert &&
                 hf_cert_same(s.verdict.need[0].cert, extra.cert[0]),
             "a body in the profile is taken");
    hf_product_verdict_done(&s.verdict);
    s.product->need[0].sha256[0] ^= 1;
    HF_CHECK(hf_judge_product(&ask, s.product, &s.verdict, &err) == 0 &&
                 s.verdict.need[0].state == HF_NEED_NO_BODY &&
                 !s.verdict.need[0].cert,
             "a body in the profile with another SHA-256 is not");
}

/* Wherever a copy is: in a folder, in the profile, among the embedded. */
static void test_sha1_only(void)
{
    HF_AUTO(setting_done) struct setting s = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs extra = { 0 };
    struct hf_need_ask ask = { .have = &s.have,
                               .extra = &extra,
                               .at_s = TODAY,
                               .include_distrusted = true };
    struct hf_err err = { 0 };
    const struct hf_need_verdict *one;

    if (add_root(&extra, "digicert-global-root-ca", &err) < 0 ||
        hf_product_parse("t", "t",
                         hf_view_text(HEAD ITEM("a") DIGICERT_SHA1
                                      "    get_from: its maker\n"),
                         &s.product, &err) < 0 ||
        hf_judge_product(&ask, s.product, &s.verdict, &err) < 0) {
        HF_CHECK(false, "SHA-1 only: %s", err.frame[0].text);
        return;
    }
    one = &s.verdict.need[0];
    HF_CHECK(one->state == HF_NEED_NO_BODY && !one->cert &&
                 s.verdict.missing == 0 && s.verdict.no_body == 1,
             "SHA-1 only: a copy at hand is not imported");
    HF_CHECK(strcmp(one->reason,
                    "known by SHA-1 only: the profile gives no SHA-256, so "
                    "nothing is imported; get it from its maker") == 0,
             "SHA-1 only: why, and where to get it");
    hf_product_verdict_done(&s.verdict);
    ask.have = &extra;
    HF_CHECK(hf_judge_product(&ask, s.product, &s.verdict, &err) == 0 &&
                 s.verdict.need[0].state == HF_NEED_PRESENT &&
                 strstr(s.verdict.need[0].reason,
                        "in the store; known by SHA-1 only"),
             "SHA-1 only: what is present is, and says so");
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(setting_done) struct setting s = { 0 };

    return judge(arg, &s, err);
}

int main(void)
{
    static struct asked asked = { .product = "cylance", .have = { DEBIAN } };

    test_states();
    test_made_up();
    test_counts();
    test_where();
    test_bodies();
    test_sha1_only();
    hf_oom_test("a verdict", HF_OOM_OURS, attempt, &asked);
    return hf_test_end();
}
