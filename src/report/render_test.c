/* SPDX-License-Identifier: Apache-2.0 */
/* report/render_test.c - the screens, to the letter. */
#include "report/render.h"

#include <stdio.h>

#include "hf_test.h"

static const char causes[] = "cause\tmeaning\ttold\taka\n"
                             "expired\tPast its end.\tBy the dates.\told\n"
                             "pinned\tRefuses others.\tIt says so.\n";
static const char codes[] =
    "code\tcause\tseverity\ttitle\tmeaning\trecognised\tremedy\tsource\n"
    "HF1301\texpired\terror\ta certificate has expired\tIt ended and every "
    "client refuses it from that moment on.\tBy its end.\tRenew it:\\n$ renew "
    "--now\\nThen reload.\tRFC 5280 4.1.2.5\n"
    "HF1302\texpired\twarning\tit ends soon\tm\tr\tf\ts\n"
    "HF1303\texpired\tnote\tit ended long ago\tm\tr\tf\ts\n";

static struct hf_catalogue *load(void)
{
    struct hf_catalogue *catalogue = NULL;
    struct hf_err err;

    if (hf_catalogue_new(&catalogue, &err) < 0 ||
        hf_catalogue_causes(catalogue, "c", hf_view_text(causes), &err) < 0 ||
        hf_catalogue_codes(catalogue, "f", hf_view_text(codes), &err) < 0)
        abort(); /* the tables above are ours */
    return catalogue;
}

/* Prints both where they differ, so that a change can be judged. */
static void check_text(struct hf_buf *got, const char *want, const char *name)
{
    bool same = hf_view_is(hf_buf_peek(got), want);

    HF_CHECK(same && !got->bad, "%s", name);
    if (!same)
        printf("# --- wanted\n%s\n# --- got\n%.*s\n", want, (int)got->len,
               (const char *)got->ptr);
}

static void fill(struct hf_findings *list, const struct hf_catalogue *catalogue)
{
    hf_findings_init(list, catalogue);
    hf_findings_add(list, "HF1303", HF_CERTAIN, "store");
    hf_findings_add(list, "HF1302", HF_LIKELY, "b.example:443");
    hf_findings_summary(list, "The certificate ends in %d days.", 6);
    hf_findings_add(list, "HF1301", HF_CERTAIN, "a.example:443");
    hf_findings_summary(list, "The certificate of a.example ended on "
                              "2024-01-01, and nothing on this machine can "
                              "change that.");
    hf_findings_evidence(list, "notAfter of CN=a.example, O=Example "
                               "Organisation, C=DE is 2024-01-01 00:00 UTC");
    hf_findings_evidence(list, "second");
    hf_findings_remedy(list, true, "renew --host a.example", "Renew it.");
    hf_findings_remedy(list, false, NULL, "Or switch it off.");
}

static const char wrapped_80[] =
    "error    a.example:443  HF1301\n"
    "         The certificate of a.example ended on 2024-01-01, and nothing on "
    "this\n"
    "         machine can change that.\n"
    "         - notAfter of CN=a.example, O=Example Organisation, C=DE is "
    "2024-01-01\n"
    "           00:00 UTC\n"
    "         - second\n"
    "fix      Renew it.\n"
    "         Holdfast does this with --fix.\n"
    "             renew --host a.example\n"
    "fix      Or switch it off.\n"
    "\n"
    "warning  b.example:443  HF1302, likely\n"
    "         The certificate ends in 6 days.\n";

static const char one_line[] =
    "error    a.example:443  HF1301\n"
    "         The certificate of a.example ended on 2024-01-01, and nothing on "
    "this machine can change that.\n"
    "         \xe2\x80\xa2 notAfter of CN=a.example, O=Example Organisation, "
    "C=DE is 2024-01-01 00:00 UTC\n"
    "         \xe2\x80\xa2 second\n"
    "fix      Renew it.\n"
    "         Holdfast does this with --fix.\n"
    "             renew --host a.example\n"
    "fix      Or switch it off.\n"
    "\n"
    "warning  b.example:443  HF1302, likely\n"
    "         The certificate ends in 6 days.\n";

static const char coloured[] =
    "\033[1;33mwarning\033[0m  \033[1mb.example:443\033[0m  \033[2mHF1302, "
    "likely\033[0m\n"
    "         The certificate ends in 6 days.\n";

static const char notes[] = "note     store  HF1303\n"
                            "         it ended long ago\n";

static const char verbose[] = "warning  b.example:443  HF1302, likely\n"
                              "         The certificate ends in 6 days.\n"
                              "means    m\n"
                              "source   s\n";

static void test_findings(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = load();
    static const struct {
        const char *name, *want;
        struct hf_style style;
        int what; /* -2 findings, -1 notes, else that finding */
    } row[] = {
        { "80 columns, worst first", wrapped_80, { .columns = 80 }, -2 },
        { "never wrapped, UTF-8", one_line, { .utf8 = true }, -2 },
        { "coloured", coloured, { .colour = true, .columns = 80 }, 1 },
        { "notes", notes, { .columns = 80 }, -1 },
        { "verbose", verbose, { .verbose = true, .columns = 80 }, 1 },
    };
    struct hf_findings list;

    fill(&list, catalogue);
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };

        if (row[i].what == -2)
            hf_render_findings(&out, &row[i].style, &list);
        else if (row[i].what == -1)
            hf_render_notes(&out, &row[i].style, &list);
        else
            hf_render_finding(&out, &row[i].style, &list.item[row[i].what]);
        check_text(&out, row[i].want, row[i].name);
    }
    hf_findings_done(&list);
}

static void test_much_evidence(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = load();
    static const struct {
        size_t count;
        bool verbose;
        size_t lines;
        const char *last;
    } row[] = {
        { 5, false, 5, "- line 4\n" },
        { 6, false, 5, "- 2 more lines of evidence with --verbose\n" },
        { 6, true, 6, "- line 5\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
        struct hf_style style = { .verbose = row[i].verbose };
        struct hf_findings list;
        char *text;
        size_t lines = 0;

        hf_findings_init(&list, catalogue);
        hf_findings_add(&list, "HF1302", HF_CERTAIN, "x");
        for (size_t j = 0; j < row[i].count; j++)
            hf_findings_evidence(&list, "line %zu", j);
        hf_render_finding(&out, &style, list.item);
        text = hf_buf_steal(&out);
        for (char *at = text; at && (at = strstr(at, "  - ")); at++)
            lines++;
        HF_CHECK(text && lines == row[i].lines && strstr(text, row[i].last),
                 "%zu lines of evidence%s", row[i].count,
                 row[i].verbose ? ", verbose" : "");
        free(text);
        hf_findings_done(&list);
    }
}

/* Subjects, evidence and commands carry names that strangers chose. */
static void test_hostile(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = load();
    static const struct {
        const char *name, *text, *want;
    } row[] = {
        { "an escape sequence", "a\033[2Jb", "a\\x1b[2Jb" },
        { "a line feed", "a\nb",
          "a\\x0a"
          "b" },
        { "a carriage return", "a\rb", "a\\x0db" },
        { "a C1 control",
          "a\xc2\x9b"
          "2Jb",
          "a\\u{009b}2Jb" },
        { "a bidirectional override",
          "a\xe2\x80\xae"
          "b",
          "a\\u{202e}b" },
        { "bytes that are no UTF-8", "a\xff\xc3(b", "a\\xff\\xc3(b" },
        { "a cut character at the end", "a\xe2\x80", "a\\xe2\\x80" },
        { "a name in UTF-8", "\xc5\x91", "\xc5\x91" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
        HF_AUTO(hf_free_ptr) char *got = NULL;
        struct hf_style style = { .utf8 = true, .columns = 80 };
        struct hf_findings list;
        unsigned times = 0;

        hf_findings_init(&list, catalogue);
        hf_findings_add(&list, "HF1302", HF_CERTAIN, row[i].text);
        hf_findings_summary(&list, "%s", row[i].text);
        hf_findings_evidence(&list, "%s", row[i].text);
        hf_findings_remedy(&list, false, row[i].text, "%s", row[i].text);
        hf_render_finding(&out, &style, list.item);
        hf_findings_done(&list);
        got = hf_buf_steal(&out);
        for (char *at = got; at && (at = strstr(at, row[i].want)); at++)
            times++;
        HF_CHECK(times == 5 && (strcmp(row[i].text, row[i].want) == 0 ||
                                !strstr(got, row[i].text)),
                 "made safe: %s", row[i].name);
    }
}

static void test_ascii(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
    struct hf_style style = { .columns = 0 };

    hf_render_safe(&out, &style, "F\xc5\x91n\xc3\xb6k \xe2\x80\xae");
    check_text(&out, "F\\xc5\\x91n\\xc3\\xb6k \\u{202e}",
               "a terminal without UTF-8 gets ASCII");
}

static void test_wrapped(void)
{
    static const struct {
        const char *name, *text, *want;
        unsigned columns, indent;
    } row[] = {
        { "fits to the last column", "abc def", "abc def", 9, 2 },
        { "one column short", "abc def", "abc\n  def", 8, 2 },
        { "a long word is left whole", "a bcdefghijkl m", "a\n bcdefghijkl\n m",
          5, 1 },
        { "blanks become one", "a   b", "a b", 80, 0 },
        { "nothing", "", "", 80, 3 },
        { "columns, not bytes", "\xc3\xa4\xc3\xb6\xc3\xbc x",
          "\xc3\xa4\xc3\xb6\xc3\xbc x", 5, 0 },
        { "an indent beyond the width", "a b", "a\n    b", 2, 4 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 65536 };
        struct hf_style style = { .utf8 = true, .columns = row[i].columns };

        hf_render_wrapped(&out, &style, row[i].indent, row[i].text);
        HF_CHECK(hf_view_is(hf_buf_peek(&out), row[i].want), "wrap: %s",
                 row[i].name);
    }
}

static void test_long(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { .max = 1024 * 1024 };
    HF_AUTO(hf_buf_done) struct hf_buf full = { .max = 100 };
    HF_AUTO(hf_free_ptr) char *text = malloc(200001);
    struct hf_style style = { .columns = 80 };

    memset(text, 'x', 200000);
    text[200000] = '\0';
    hf_render_safe(&out, &style, text);
    HF_CHECK(!out.bad && out.len == 65536, "a text without end is cut");
    hf_render_wrapped(&full, &style, 0, text);
    HF_CHECK(full.bad == HF_E_LIMIT, "a buffer that is full says so");
}

static const char explained_code[] =
    "HF1301   a certificate has expired\n"
    "         error, cause expired\n"
    "\n"
    "means    It ended and every client refuses\n"
    "         it from that moment on.\n"
    "\n"
    "seen by  By its end.\n"
    "\n"
    "fix      Renew it:\n"
    "             renew --now\n"
    "         Then reload.\n"
    "\n"
    "source   RFC 5280 4.1.2.5\n";

static const char explained_cause[] =
    "cause    expired\n"
    "\n"
    "means    Past its end.\n"
    "\n"
    "seen by  By the dates.\n"
    "\n"
    "aka      old\n"
    "\n"
    "codes    HF1301  error    a certificate\n"
    "                          has expired\n"
    "         HF1302  warning  it ends soon\n"
    "         HF1303  note     it ended long\n"
    "                          ago\n";

static const char explained_none[] =
    "cause    pinned\n"
    "\n"
    "means    Refuses others.\n"
    "\n"
    "seen by  It says so.\n"
    "\n"
    "codes    none yet: the word is kept for logs and later parts\n";

static void test_explain(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = load();
    HF_AUTO(hf_buf_done) struct hf_buf code = { .max = 65536 };
    HF_AUTO(hf_buf_done) struct hf_buf cause = { .max = 65536 };
    HF_AUTO(hf_buf_done) struct hf_buf none = { .max = 65536 };
    struct hf_style style = { .columns = 42 };

    hf_render_explain_code(&code, &style,
                           hf_catalogue_code(catalogue, "HF1301"));
    check_text(&code, explained_code, "explain a code");
    hf_render_explain_cause(&cause, &style, catalogue,
                            hf_catalogue_cause(catalogue, "expired"));
    check_text(&cause, explained_cause, "explain a cause");
    hf_render_explain_cause(&none, &style, catalogue,
                            hf_catalogue_cause(catalogue, "pinned"));
    check_text(&none, explained_none, "explain a cause without a code");
}

int main(void)
{
    test_findings();
    test_much_evidence();
    test_hostile();
    test_ascii();
    test_wrapped();
    test_long();
    test_explain();
    return hf_test_end();
}
