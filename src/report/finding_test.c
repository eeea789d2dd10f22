/* SPDX-License-Identifier: Apache-2.0 */
/* report/finding_test.c - a list of findings, and the same as JSON. */
#include "report/finding.h"

#include "hf_test.h"
#include "report/render.h"

static struct hf_catalogue *load(void)
{
    static const char causes[] = "cause\tmeaning\ttold\taka\n"
                                 "expired\tm1\tt1\ta1\n"
                                 "pinned\tm2\tt2\n";
    static const char codes[] =
        "code\tcause\tseverity\ttitle\tmeaning\trecognised\tremedy\tsource\n"
        "HF1301\texpired\terror\tit has ended\tm\tr\tf1\\n$ f2\ts\n"
        "HF1302\texpired\twarning\tit ends soon\tm\tr\tf\ts\n"
        "HF1303\tpinned\tnote\tit is pinned\tm\tr\tf\ts\n";
    struct hf_catalogue *catalogue = NULL;
    struct hf_err err;

    if (hf_catalogue_new(&catalogue, &err) < 0 ||
        hf_catalogue_causes(catalogue, "c", hf_view_text(causes), &err) < 0 ||
        hf_catalogue_codes(catalogue, "f", hf_view_text(codes), &err) < 0)
        abort(); /* the tables above are ours */
    return catalogue;
}

static void test_list(const struct hf_catalogue *catalogue)
{
    struct hf_findings list;
    struct hf_err err;

    hf_findings_init(&list, catalogue);
    HF_CHECK(!hf_findings_any(&list) && list.count == 0, "empty");
    hf_findings_add(&list, "HF1303", HF_POSSIBLE, "a");
    HF_CHECK(!hf_findings_any(&list), "a note is not a finding");
    HF_CHECK(strcmp(list.item[0].summary, "it is pinned") == 0,
             "the title stands in for a summary");
    hf_findings_add(&list, "HF1302", HF_LIKELY, "b");
    hf_findings_summary(&list, "first");
    hf_findings_summary(&list, "%s %d", "second", 2);
    HF_CHECK(hf_findings_any(&list), "a warning is a finding");
    HF_CHECK(strcmp(list.item[1].summary, "second 2") == 0,
             "the summary given last stays");
    HF_CHECK(hf_findings_by_cause(&list, "expired", NULL) == &list.item[1] &&
                 hf_findings_by_cause(&list, "expired", "b") == &list.item[1] &&
                 !hf_findings_by_cause(&list, "expired", "a") &&
                 !hf_findings_by_cause(&list, "revoked", NULL),
             "found by cause and subject");
    HF_CHECK(hf_findings_check(&list, &err) == 0, "sound");
    hf_findings_done(&list);
    HF_CHECK(list.count == 0 && !list.item, "done");
}

static void test_limit(const struct hf_catalogue *catalogue)
{
    struct hf_findings list;
    struct hf_err err;

    hf_findings_init(&list, catalogue);
    for (int i = 0; i < HF_FINDINGS_MAX; i++)
        hf_findings_add(&list, "HF1302", HF_CERTAIN, "x");
    HF_CHECK(hf_findings_check(&list, &err) == 0 &&
                 list.count == HF_FINDINGS_MAX,
             "as many as may be");
    hf_findings_add(&list, "HF1301", HF_CERTAIN, "y");
    hf_findings_summary(&list, "of nobody");
    hf_findings_evidence(&list, "of nobody");
    hf_findings_remedy(&list, false, "c", "of nobody");
    HF_CHECK(list.count == HF_FINDINGS_MAX &&
                 hf_findings_check(&list, &err) == HF_E_LIMIT,
             "one more is refused, and stays refused");
    HF_CHECK(list.item[list.count - 1].evidence_count == 0 &&
                 strcmp(list.item[list.count - 1].summary, "it ends soon") == 0,
             "what belongs to it does not land elsewhere");
    hf_findings_done(&list);
}

/* What follows the program's version, which a test is not told. */
static void check_json(struct hf_buf *out, const char *want, const char *name)
{
    static const char start[] = "{\"holdfast\":\"";
    HF_AUTO(hf_free_ptr) char *got = hf_buf_steal(out);
    char *rest = got && strncmp(got, start, sizeof(start) - 1) == 0
                     ? strchr(got + sizeof(start) - 1, '"')
                     : NULL;

    HF_CHECK(rest && strcmp(rest, want) == 0, "%s", name);
    if (rest && strcmp(rest, want) != 0)
        printf("# --- wanted\n# %s# --- got\n# %s", want, rest);
}

static void test_json(const struct hf_catalogue *catalogue)
{
    static const char want[] =
        "\",\"command\":\"roots check\",\"result\":\"findings\",\"findings\":["
        "{\"code\":\"HF1301\",\"cause\":\"expired\",\"severity\":\"error\","
        "\"certainty\":\"certain\",\"subject\":\"a\\u001b\xef\xbf\xbd\","
        "\"summary\":\"it \\\"ended\\\"\",\"evidence\":[\"e1\",\"e2\"],"
        "\"remedies\":[{\"text\":\"t\",\"command\":\"c\",\"automatic\":true},"
        "{\"text\":\"u\",\"automatic\":false}]},"
        "{\"code\":\"HF1302\",\"cause\":\"expired\",\"severity\":\"warning\","
        "\"certainty\":\"likely\",\"subject\":\"b\","
        "\"summary\":\"it ends soon\",\"evidence\":[],\"remedies\":[]}],"
        "\"notes\":[{\"code\":\"HF1303\",\"cause\":\"pinned\","
        "\"severity\":\"note\",\"certainty\":\"possible\",\"subject\":\"c\","
        "\"summary\":\"it is pinned\",\"evidence\":[],\"remedies\":[]}],"
        "\"stores\":[]}\n";
    HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
    struct hf_findings list;
    struct hf_json json;

    hf_findings_init(&list, catalogue);
    hf_findings_add(&list, "HF1303", HF_POSSIBLE, "c");
    hf_findings_add(&list, "HF1302", HF_LIKELY, "b");
    hf_findings_add(&list, "HF1301", HF_CERTAIN, "a\033\xff");
    hf_findings_summary(&list, "it \"ended\"");
    hf_findings_evidence(&list, "e%d", 1);
    hf_findings_evidence(&list, "e%d", 2);
    hf_findings_remedy(&list, true, "c", "t");
    hf_findings_remedy(&list, false, NULL, "u");
    hf_json_init(&json, &out, false);
    hf_render_json_open(&json, "roots check", HF_RESULT_FINDINGS, &list);
    hf_json_array(&json, "stores");
    hf_json_end(&json);
    hf_json_end(&json);
    check_json(&out, want, "the envelope");
    hf_findings_done(&list);
}

static void test_json_explain(const struct hf_catalogue *catalogue)
{
    static const char want[] =
        "[{\"code\":\"HF1301\",\"cause\":\"expired\",\"severity\":\"error\","
        "\"title\":\"it has ended\",\"meaning\":\"m\",\"recognised\":\"r\","
        "\"remedy\":\"f1\\n$ f2\",\"source\":\"s\"},"
        "{\"cause\":\"expired\",\"meaning\":\"m1\",\"told\":\"t1\","
        "\"aka\":\"a1\",\"codes\":[\"HF1301\",\"HF1302\"]}]\n";
    HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
    struct hf_json json;

    hf_json_init(&json, &out, false);
    hf_json_array(&json, NULL);
    hf_render_json_code(&json, hf_catalogue_code(catalogue, "HF1301"));
    hf_render_json_cause(&json, catalogue,
                         hf_catalogue_cause(catalogue, "expired"));
    hf_json_end(&json);
    HF_CHECK(hf_view_is(hf_buf_peek(&out), want), "a code and a cause");
}

static void test_names(void)
{
    HF_CHECK(strcmp(hf_result_name(HF_RESULT_HEALTHY), "healthy") == 0 &&
                 strcmp(hf_result_name(HF_RESULT_FINDINGS), "findings") == 0 &&
                 strcmp(hf_result_name(HF_RESULT_INCOMPLETE), "incomplete") ==
                     0,
             "names of results");
    HF_CHECK(strcmp(hf_certainty_name(HF_POSSIBLE), "possible") == 0 &&
                 strcmp(hf_certainty_name(HF_LIKELY), "likely") == 0 &&
                 strcmp(hf_certainty_name(HF_CERTAIN), "certain") == 0,
             "names of certainties");
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = load();

    test_list(catalogue);
    test_limit(catalogue);
    test_json(catalogue);
    test_json_explain(catalogue);
    test_names();
    return hf_test_end();
}
