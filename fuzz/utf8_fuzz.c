/* SPDX-License-Identifier: Apache-2.0 */
/* utf8_fuzz.c - what is made safe is UTF-8 without a control character. */
#include "base/utf8.h"
#include "fuzz.h"

#define GROWTH 8 /* "\u{202e}" for three bytes, "\x07" for one */

/* What a terminal would act on, in its encoded form. */
static bool is_control(struct hf_view c)
{
    static const char *const turning[] = {
        "\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
        "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
    };

    for (size_t i = 0; i < HF_COUNT(turning); i++)
        if (hf_view_is(c, turning[i]))
            return true;
    return c.ptr[0] < 0x20 || c.ptr[0] == 0x7f ||
           (c.len == 2 && c.ptr[0] == 0xc2 && c.ptr[1] < 0xa0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_buf once, twice;
    struct hf_view rest;
    size_t characters = 0;

    hf_buf_init(&once, size * GROWTH + 1);
    hf_buf_init(&twice, size * GROWTH + 1);
    hf_utf8_safe(&once, hf_view(data, size));
    HF_PROMISE(once.bad == 0);
    for (rest = hf_buf_peek(&once); rest.len > 0; characters++) {
        size_t len = hf_utf8_len(rest);

        HF_PROMISE(len >= 1 && len <= 4 && len <= rest.len);
        HF_PROMISE(!is_control(hf_view(rest.ptr, len)));
        rest = hf_view_from(rest, len);
    }
    HF_PROMISE(hf_utf8_columns(hf_buf_peek(&once)) == characters);
    /* what is safe stays as it is */
    hf_utf8_safe(&twice, hf_buf_peek(&once));
    HF_PROMISE(hf_view_same(hf_buf_peek(&once), hf_buf_peek(&twice)));
    hf_buf_done(&once);
    hf_buf_done(&twice);
    return 0;
}
