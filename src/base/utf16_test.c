/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf16_test.c - texts turned, and what is no text. */
#include "base/utf16.h"

#include <string.h>

#include "hf_test.h"

static const struct {
    const char *what, *utf8, *utf16;
    size_t len;
} both[] = {
    { "plain letters", "Ab", "A\0b\0", 4 },
    { "a letter of two bytes", "\xC3\xA9", "\xE9\0", 2 },
    { "a dash of three bytes", "\xE2\x80\x93", "\x13\x20", 2 },
    { "a character beyond 16 bits", "\xF0\x9F\x94\x92", "\x3D\xD8\x12\xDD", 4 },
    { "nothing", "", "", 0 },
};

static bool gives(void (*turn)(struct hf_buf *, struct hf_view),
                  struct hf_view in, struct hf_view want)
{
    struct hf_buf out;
    struct hf_view got;
    bool same;

    hf_buf_init(&out, 64);
    turn(&out, in);
    got = hf_buf_peek(&out);
    same = got.len == want.len &&
           (want.len == 0 || memcmp(got.ptr, want.ptr, want.len) == 0);
    hf_buf_done(&out);
    return same;
}

int main(void)
{
    for (size_t i = 0; i < HF_COUNT(both); i++) {
        struct hf_view utf8 = hf_view_text(both[i].utf8);
        struct hf_view utf16 = hf_view(both[i].utf16, both[i].len);

        HF_CHECK(gives(hf_utf16le_to_utf8, utf16, utf8), "%s: from UTF-16",
                 both[i].what);
        HF_CHECK(gives(hf_utf8_to_utf16le, utf8, utf16), "%s: to UTF-16",
                 both[i].what);
    }
    HF_CHECK(gives(hf_utf16le_to_utf8,
                   hf_view("\x3D\xD8"
                           "A\0",
                           4),
                   hf_view_text("\xEF\xBF\xBD"
                                "A")),
             "half a character is replaced, what follows is kept");
    HF_CHECK(gives(hf_utf16le_to_utf8, hf_view("A\0B", 3), hf_view_text("A")),
             "an odd last byte is passed over");
    HF_CHECK(gives(hf_utf8_to_utf16le,
                   hf_view_text("\xFF"
                                "A"),
                   hf_view("\xFD\xFF"
                           "A\0",
                           4)),
             "a byte that is no text is replaced");
    HF_CHECK(hf_utf16le_trim(hf_view("A\0\0\0\0\0", 6)).len == 2,
             "final NULs are cut");
    return hf_test_end();
}
