/* SPDX-License-Identifier: Apache-2.0 */
/* report/catalogue_test.c - the tables that are built in, and bad ones. */
#include "report/catalogue.h"

#include <ctype.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doc/embed.h"
#include "doc/tsv.h"
#include "hf_test.h"

#define CAUSES "cause\tmeaning\ttold\taka\n"
#define CODES                                                                  \
    "code\tcause\tseverity\ttitle\tmeaning\trecognised\tremedy\tsource\n"
#define EXPIRED "expired\tpast its end\tby its dates\ttime-invalid\n"
#define HF1301 "HF1301\texpired\terror\ta title\tm\tr\tfix\ts\n"

/* --- what is built in ---------------------------------------------------- */

static void test_codes(const struct hf_catalogue *catalogue)
{
    for (size_t i = 0; i < hf_catalogue_count(catalogue); i++) {
        const struct hf_catalogue_row *row = hf_catalogue_at(catalogue, i);
        size_t len = strlen(row->title);

        HF_CHECK(hf_catalogue_code(catalogue, row->code) == row &&
                     hf_catalogue_cause(catalogue, row->cause->name) ==
                         row->cause,
                 "%s is found, and so is its cause", row->code);
        HF_CHECK(len <= 78 && islower((unsigned char)row->title[0]) &&
                     row->title[len - 1] != '.',
                 "%s: its title is the middle of a sentence", row->code);
        HF_CHECK(strlen(row->meaning) > 60 && strlen(row->recognised) > 30 &&
                     strlen(row->remedy) > 40 && strlen(row->source) > 8,
                 "%s: its story is told", row->code);
        HF_CHECK(!strstr(row->remedy, "\n\n") && !strstr(row->remedy, "\\n"),
                 "%s: the lines of its remedy are lines", row->code);
    }
}

/* Words that wait for a part of the program that is not there yet. */
static bool waits(const char *cause)
{
    static const char *const later[] = { "client-cert-rejected", "peer-changed",
                                         "pinned", "private-key" };

    for (size_t i = 0; i < HF_COUNT(later); i++)
        if (strcmp(cause, later[i]) == 0)
            return true;
    return false;
}

static void test_causes(const struct hf_catalogue *catalogue)
{
    for (size_t i = 0; i < hf_catalogue_cause_count(catalogue); i++) {
        const struct hf_cause_row *cause = hf_catalogue_cause_at(catalogue, i);
        bool named = false;

        for (size_t j = 0; j < hf_catalogue_count(catalogue); j++)
            named |= hf_catalogue_at(catalogue, j)->cause == cause;
        HF_CHECK(named != waits(cause->name), "cause %s %s", cause->name,
                 named ? "has a code" : "has no code yet");
    }
}

/* Other layers name these; they keep their cause and severity. */
static void test_known(const struct hf_catalogue *catalogue)
{
    static const struct {
        const char *code, *cause;
        enum hf_severity severity;
    } row[] = {
        { "HF1106", "root-expired", HF_NOTE },
        { "HF1107", "clock-wrong", HF_ERROR },
        { "HF1108", "root-distrusted", HF_NOTE },
        { "HF1202", "missing-intermediate", HF_ERROR },
        { "hf1203", "root-missing", HF_ERROR },
        { "HF1204", "root-expired", HF_NOTE },
        { "HF1205", "root-distrusted", HF_NOTE },
        { "HF1206", "root-misplaced", HF_WARNING },
        { "HF1207", "root-missing", HF_WARNING },
        { "HF1208", "root-missing", HF_NOTE },
        { "HF1211", "inspection", HF_ERROR },
        { "HF1301", "expired", HF_ERROR },
        { "HF1405", "client-cert-required", HF_NOTE },
        { "HF1505", "unreachable", HF_ERROR },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct hf_catalogue_row *found =
            hf_catalogue_code(catalogue, row[i].code);

        HF_CHECK(found && strcmp(found->cause->name, row[i].cause) == 0 &&
                     found->severity == row[i].severity,
                 "%s is %s, %s", row[i].code, row[i].cause,
                 hf_severity_name(row[i].severity));
    }
    HF_CHECK(!hf_catalogue_code(catalogue, "HF9999") &&
                 !hf_catalogue_code(catalogue, "") &&
                 !hf_catalogue_cause(catalogue, "HF1203"),
             "what is not there is not found");
}

static void test_builtin(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    char empty[] = "/tmp/holdfast-test-XXXXXX";
    struct hf_err err = { 0 };
    int rc;

    if (!mkdtemp(empty)) {
        HF_CHECK(false, "a folder for the test");
        return;
    }
    rc = hf_catalogue_load(empty, &catalogue, &err);
    HF_CHECK(rc == 0 && rmdir(empty) == 0, "the built-in catalogue loads");
    if (rc < 0) {
        printf("# %s\n", err.frame[0].text);
        return;
    }
    test_codes(catalogue);
    test_causes(catalogue);
    test_known(catalogue);
}

/* --- tables at hand ------------------------------------------------------ */

static int read_both(const char *causes, const char *codes,
                     struct hf_catalogue **ret_catalogue, struct hf_err *err)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;

    if (hf_catalogue_new(&catalogue, err) < 0 ||
        hf_catalogue_causes(catalogue, "causes", hf_view_text(causes), err) <
            0 ||
        hf_catalogue_codes(catalogue, "codes", hf_view_text(codes), err) < 0)
        return hf_err_code(err);
    *ret_catalogue = HF_STEAL(catalogue);
    return 0;
}

static void test_refused(void)
{
    static const struct {
        const char *name, *causes, *codes, *words;
    } row[] = {
        { "a cause twice", CAUSES EXPIRED EXPIRED, CODES,
          "causes:3: 'expired' stands here twice" },
        { "a cause that is no word", CAUSES "Expired\tm\tt\n", CODES,
          "causes:2: a cause is" },
        { "a cause without a meaning", CAUSES "expired\t\tt\n", CODES,
          "causes:2: the cause has no meaning" },
        { "other columns", "cause\tmeaning\n", CODES, "causes:1" },
        { "a code twice", CAUSES EXPIRED, CODES "#\n" HF1301 HF1301,
          "codes:4: 'HF1301' stands here twice" },
        { "a code that is none", CAUSES EXPIRED,
          CODES "HF13011\texpired\terror\tt\tm\tr\tf\ts\n",
          "codes:2: a code is HF and four digits" },
        { "a cause that is not listed", CAUSES EXPIRED,
          CODES "HF1301\tended\terror\tt\tm\tr\tf\ts\n",
          "codes:2: the cause of 'HF1301'" },
        { "a severity that is none", CAUSES EXPIRED,
          CODES "HF1301\texpired\tfatal\tt\tm\tr\tf\ts\n",
          "codes:2: the severity" },
        { "no remedy", CAUSES EXPIRED,
          CODES "HF1301\texpired\terror\tt\tm\tr\t\ts\n",
          "codes:2: column 7 is empty" },
        { "a backslash that means nothing", CAUSES EXPIRED,
          CODES "HF1301\texpired\terror\tt\tm\tr\tf\\t\ts\n",
          "codes:2: a backslash" },
        { "a backslash at the end", CAUSES EXPIRED,
          CODES "HF1301\texpired\terror\tt\tm\tr\tf\ts\\\n",
          "codes:2: a backslash" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_catalogue_freep) struct hf_catalogue *got = NULL;
        struct hf_err err;
        char text[1024];
        int rc = read_both(row[i].causes, row[i].codes, &got, &err);

        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_PARSE && !got &&
                     strncmp(text, row[i].words, strlen(row[i].words)) == 0,
                 "refused: %s", row[i].name);
    }
}

static void test_escapes(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *got = NULL;
    struct hf_err err;
    int rc = read_both(CAUSES EXPIRED,
                       CODES "HF1302\texpired\tnote\tt\tm\tr\tf\ts\n"
                             "HF1301\texpired\terror\tt\tm\tr\t"
                             "a:\\n$ dir C:\\\\\ts\n",
                       &got, &err);

    HF_CHECK(rc == 0 && strcmp(hf_catalogue_at(got, 0)->code, "HF1301") == 0,
             "codes are sorted");
    HF_CHECK(rc == 0 &&
                 strcmp(hf_catalogue_at(got, 0)->remedy, "a:\n$ dir C:\\") == 0,
             "line breaks and backslashes are read");
}

static void test_too_many(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *got = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf codes;
    HF_AUTO(hf_free_ptr) char *text = NULL;
    struct hf_err err;

    hf_buf_init(&codes, 1024 * 1024);
    hf_buf_text(&codes, CODES);
    for (int i = 0; i <= HF_CATALOGUE_ROWS; i++)
        hf_buf_printf(&codes, "HF%04d\texpired\tnote\tt\tm\tr\tf\ts\n", i);
    text = hf_buf_steal(&codes);
    HF_CHECK(text && read_both(CAUSES EXPIRED, text, &got, &err) == HF_E_LIMIT,
             "rows beyond the limit are refused");
}

/* --- /etc/holdfast ------------------------------------------------------- */

/* Makes ROOT/etc/holdfast, stands in it. */
static bool enter_folder(const char *root)
{
    return chdir(root) == 0 && mkdir("etc", 0755) == 0 &&
           mkdir("etc/holdfast", 0755) == 0 && chdir("etc/holdfast") == 0;
}

static void write_over(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    HF_CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0, "write %s",
             name);
}

static void remove_all(const char *root)
{
    bool gone = remove("findings.tsv") == 0 && remove("causes.tsv") == 0 &&
                chdir(root) == 0 && remove("etc/holdfast") == 0 &&
                remove("etc") == 0 && chdir("/") == 0 && remove(root) == 0;

    HF_CHECK(gone, "cleaned up");
}

static void test_overlay(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *good = NULL;
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *bad = NULL;
    char root[] = "/tmp/holdfast-test-XXXXXX";
    struct hf_err err = { 0 };

    if (!mkdtemp(root) || !enter_folder(root)) {
        HF_CHECK(false, "a folder for the test");
        return;
    }
    write_over("causes.tsv", CAUSES "house-rule\tours\tby us\n");
    write_over("findings.tsv",
               CODES HF1301 "HF9001\thouse-rule\twarning\tt\tm\tr\tf\ts\n");
    HF_CHECK(hf_catalogue_load(root, &good, &err) == 0,
             "tables of /etc/holdfast load");
    HF_CHECK(good && strcmp(hf_catalogue_code(good, "HF1301")->title,
                            "a title") == 0,
             "a row of theirs replaces ours");
    HF_CHECK(good && hf_catalogue_code(good, "HF9001") &&
                 hf_catalogue_code(good, "HF1203"),
             "a row of theirs is added, and ours stay");
    write_over("findings.tsv", CODES "HF1301\trevoked\terror\tt\tm\tr\tf\ts\n");
    HF_CHECK(hf_catalogue_load(root, &bad, &err) == HF_E_PARSE &&
                 strstr(err.frame[0].text, "keeps its cause") && !bad,
             "a code cannot be given another cause");
    remove_all(root);
}

/* --- the list of inspection products ------------------------------------- */

static void test_inspectors(void)
{
    static const char *const columns[] = { "product",        "issuer_CN_regex",
                                           "issuer_O_regex", "source",
                                           "confidence",     NULL };
    const struct hf_embed *embed = hf_embed_find("inspectors.tsv");
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    struct hf_err err;
    int rc = hf_tsv_open(&tsv, embed->name, embed->text, columns, &err);

    HF_CHECK(rc == 0, "inspectors.tsv has its columns");
    while (rc == 0 && (rc = hf_tsv_next(&tsv, &row, &err)) > 0) {
        rc = 0;
        HF_CHECK(row.field[0].len > 0 && row.field[3].len > 0 &&
                     row.field[1].len + row.field[2].len > 0,
                 "inspectors.tsv:%u: product, pattern and source", row.line_no);
        HF_CHECK(hf_view_is(row.field[4], "list") ||
                     hf_view_is(row.field[4], "seen") ||
                     hf_view_is(row.field[4], "weak") ||
                     hf_view_is(row.field[4], "test"),
                 "inspectors.tsv:%u: confidence", row.line_no);
    }
}

int main(void)
{
    test_builtin();
    test_refused();
    test_escapes();
    test_too_many();
    test_overlay();
    test_inspectors();
    return hf_test_end();
}
