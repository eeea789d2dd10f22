/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8_test.c - which bytes are a character, and which are shown. */
#include "base/utf8.h"

#include "hf_test.h"

#define ROOM 1024 /* bytes; more than any row needs */

/* Source: RFC 3629 4, Unicode 15 table 3-7 */
static void test_len(void)
{
    static const struct {
        const char *text;
        size_t want;
    } row[] = {
        { "a", 1 },
        { "\x7f", 1 },
        { "\x80", 0 },
        { "\xbf", 0 },
        { "\xc0\x80", 0 }, /* overlong */
        { "\xc1\xbf", 0 },
        { "\xc2\x80", 2 },
        { "\xc2\x7f", 0 },
        { "\xc2\xc0", 0 },
        { "\xc2", 0 },
        { "\xdf\xbf", 2 },
        { "\xe0\x9f\xbf", 0 }, /* overlong */
        { "\xe0\xa0\x80", 3 },
        { "\xe2\x82\xac", 3 },
        { "\xe2\x82", 0 },
        { "\xe2\x82\x7f", 0 },
        { "\xe2\x82\xc0", 0 },
        { "\xed\x9f\xbf", 3 },
        { "\xed\xa0\x80", 0 }, /* a surrogate */
        { "\xed\xbf\xbf", 0 },
        { "\xee\x80\x80", 3 },
        { "\xef\xbf\xbf", 3 },
        { "\xf0\x8f\xbf\xbf", 0 }, /* overlong */
        { "\xf0\x90\x80\x80", 4 },
        { "\xf0\x9f\x98\x80z", 4 },
        { "\xf0\x9f\x98", 0 },
        { "\xf0\x9f\x98\x7f", 0 },
        { "\xf4\x8f\xbf\xbf", 4 },
        { "\xf4\x90\x80\x80", 0 }, /* above U+10FFFF */
        { "\xf5\x80\x80\x80", 0 },
        { "\xff", 0 },
        { "", 0 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_utf8_len(hf_view_text(row[i].text)) == row[i].want,
                 "row %zu: a character of %zu bytes", i, row[i].want);
    HF_CHECK(hf_utf8_len(hf_view("\0", 1)) == 1, "NUL is a character");
}

static void test_safe(void)
{
    static const struct {
        const char *text, *want;
    } row[] = {
        { "", "" },
        { "plain text", "plain text" },
        { "Z\u00fcrich \u20ac \U0001f600", "Z\u00fcrich \u20ac \U0001f600" },
        { "a\nb\tc", "a\\x0ab\\x09c" },
        { "\x1b[2J", "\\x1b[2J" },
        { "\x7f", "\\x7f" },
        { "\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0",
          "\\u{0080}\\u{009b}\\u{009f}\xc2\xa0" },
        { "moc.\u202eelpmaxe", "moc.\\u{202e}elpmaxe" },
        { "\u061c\u200e\u200f\u200d", "\\u{061c}\\u{200e}\\u{200f}\u200d" },
        { "\u2027\u2028\u2029\u202a\u202f",
          "\u2027\\u{2028}\\u{2029}\\u{202a}\u202f" },
        { "\u2065\u2066\u2069\u206a", "\u2065\\u{2066}\\u{2069}\u206a" },
        { "\xff\xfe", "\\xff\\xfe" },
        { "\xe2\x82", "\\xe2\\x82" },
        { "\xe2\x82z", "\\xe2\\x82z" },
        { "\xed\xa0\x80", "\\xed\\xa0\\x80" },
        { "back\\slash", "back\\slash" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_buf out;

        hf_buf_init(&out, ROOM);
        hf_utf8_safe(&out, hf_view_text(row[i].text));
        HF_CHECK(out.bad == 0 && hf_view_is(hf_buf_peek(&out), row[i].want),
                 "safe: %s", row[i].want);
        hf_buf_done(&out);
    }
}

static void test_safe_nul(void)
{
    struct hf_buf out;

    hf_buf_init(&out, ROOM);
    hf_utf8_safe(&out, hf_view("a\0b", 3));
    HF_CHECK(hf_view_is(hf_buf_peek(&out), "a\\x00b"), "safe: a NUL is shown");
    hf_buf_done(&out);
}

static void test_columns(void)
{
    static const struct {
        const char *text;
        size_t want;
    } row[] = {
        { "", 0 },
        { "abc", 3 },
        { "Z\u00fcrich", 6 },
        { "\u20ac\U0001f600", 2 },
        { "\xff\xe2\x82", 3 }, /* one a byte that is not UTF-8 */
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_utf8_columns(hf_view_text(row[i].text)) == row[i].want,
                 "row %zu: %zu columns", i, row[i].want);
}

int main(void)
{
    test_len();
    test_safe();
    test_safe_nul();
    test_columns();
    return hf_test_end();
}
