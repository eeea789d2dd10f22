/* SPDX-License-Identifier: Apache-2.0 */
/* base/view_test.c - comparing, cutting and copying borrowed bytes. */
#include "base/view.h"

#include "hf_oom.h"
#include "hf_test.h"

static void test_same(void)
{
    static const struct {
        const char *a, *b;
        bool same, nocase, starts; /* a starts with b */
    } row[] = {
        { "", "", true, true, true },
        { NULL, "", true, true, true },
        { "abc", "abc", true, true, true },
        { "abc", "ABC", false, true, false },
        { "abc", "ab", false, false, true },
        { "ab", "abc", false, false, false },
        { "abc", "", false, false, true },
        { "az[`{@", "AZ[`{@", false, true, false },
        /* neighbours of the letters are not letters */
        { "@[", "`{", false, false, false },
        /* only ASCII has case */
        { "\xc3\xa9", "\xc3\x89", false, false, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_view a = hf_view_text(row[i].a), b = hf_view_text(row[i].b);

        HF_CHECK(hf_view_same(a, b) == row[i].same &&
                     hf_view_is(a, row[i].b) == row[i].same &&
                     hf_view_same_nocase(a, b) == row[i].nocase &&
                     hf_view_starts(a, row[i].b) == row[i].starts,
                 "'%s' and '%s'", row[i].a ? row[i].a : "(none)", row[i].b);
    }
}

static void test_line(void)
{
    static const struct {
        const char *text;
        const char *line[4];
    } row[] = {
        { "a\nb", { "a", "b" } },   { "a\r\nb\r\n", { "a", "b" } },
        { "\n\n", { "", "" } },     { "\r\n", { "" } },
        { "one", { "one" } },       { "a\rb\n", { "a\rb" } },
        { "last\r", { "last\r" } }, /* no LF, so no CRLF */
        { "\r\r\n", { "\r" } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_view rest = hf_view_text(row[i].text);
        bool good = true;
        size_t n = 0;

        while (rest.len > 0 && n < HF_COUNT(row[i].line) && row[i].line[n])
            good &= hf_view_is(hf_view_line(&rest), row[i].line[n++]);
        HF_CHECK(good && rest.len == 0 && !row[i].line[n],
                 "lines: row %zu has %zu", i, n);
    }
}

static void test_trim(void)
{
    static const struct {
        const char *text, *want;
    } row[] = {
        { "", "" },          { " \t\r\n", "" },    { "a", "a" },
        { "  a b ", "a b" }, { "\n\ta\r\n", "a" }, { "\va\f", "\va\f" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(
            hf_view_is(hf_view_trim(hf_view_text(row[i].text)), row[i].want),
            "trim: row %zu", i);
    HF_CHECK(hf_view_trim(hf_view(NULL, 0)).len == 0, "trim: nothing at all");
}

static void test_find(void)
{
    static const struct {
        const char *hay, *needle;
        size_t want;
    } row[] = {
        { "abcabc", "c", 2 },     { "abcabc", "abc", 0 },
        { "abcabc", "ca", 2 },    { "abc", "abcd", SIZE_MAX },
        { "abc", "x", SIZE_MAX }, { "", "x", SIZE_MAX },
        { "aab", "ab", 1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_view_find(hf_view_text(row[i].hay), row[i].needle) ==
                     row[i].want,
                 "'%s' in '%s'", row[i].needle, row[i].hay);
    HF_CHECK(hf_view_find(hf_view("a\0b", 3), "b") == 2, "found behind a NUL");
}

static void test_from(void)
{
    struct hf_view v = hf_view_text("abc");

    HF_CHECK(hf_view_is(hf_view_from(v, 0), "abc"), "from 0: all");
    HF_CHECK(hf_view_is(hf_view_from(v, 2), "c"), "from 2: the last");
    HF_CHECK(hf_view_from(v, 3).len == 0, "from the end: nothing");
    HF_CHECK(hf_view_from(v, SIZE_MAX).len == 0, "from far away: nothing");
}

static void test_dup(void)
{
    HF_AUTO(hf_free_ptr) char *copy = hf_view_dup(hf_view("a\0b", 3));
    HF_AUTO(hf_free_ptr) char *none = hf_view_dup(hf_view(NULL, 0));

    HF_CHECK(copy && memcmp(copy, "a\0b", 4) == 0, "a copy keeps a NUL");
    HF_CHECK(none && none[0] == '\0', "a copy of nothing is empty text");
}

static int dup_attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *copy = hf_view_dup(hf_view_text(arg));

    return copy ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a copy");
}

int main(void)
{
    char text[] = "some text";

    test_same();
    test_line();
    test_trim();
    test_find();
    test_from();
    test_dup();
    hf_oom_test("hf_view_dup", HF_OOM_OURS, dup_attempt, text);
    return hf_test_end();
}
