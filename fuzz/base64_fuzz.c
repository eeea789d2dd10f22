/* SPDX-License-Identifier: Apache-2.0 */
/* base64_fuzz.c - what decodes is what encodes to it, blanks aside. */
#include "base/hex.h"
#include "fuzz.h"

#define ROOM 65536 /* bytes; more than any input decodes or encodes to */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next byte that is no blank, or -1. */
static int next(struct hf_view *v)
{
    while (v->len > 0) {
        uint8_t c = v->ptr[0];

        *v = hf_view_from(*v, 1);
        if (!is_blank(c))
            return c;
    }
    return -1;
}

static bool same_but_blanks(struct hf_view a, struct hf_view b)
{
    int x, y;

    do {
        x = next(&a);
        y = next(&b);
    } while (x == y && x >= 0);
    return x == y;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view text = hf_view(data, size);
    struct hf_buf bytes, lines, again;
    size_t offset = SIZE_MAX;

    if (size > ROOM / 2)
        return 0;
    hf_buf_init(&bytes, ROOM);
    hf_buf_init(&lines, ROOM);
    hf_buf_init(&again, ROOM);
    if (hf_base64_read(text, &bytes, &offset) == 0) {
        hf_base64_lines(&lines, hf_buf_peek(&bytes));
        HF_PROMISE(same_but_blanks(hf_buf_peek(&lines), text));
    } else {
        HF_PROMISE(offset <= size);
    }
    /* any bytes at all come back from their own lines */
    hf_buf_done(&lines);
    hf_base64_lines(&lines, text);
    HF_PROMISE(hf_base64_read(hf_buf_peek(&lines), &again, &offset) == 0);
    HF_PROMISE(hf_view_same(hf_buf_peek(&again), text));
    hf_buf_done(&bytes);
    hf_buf_done(&lines);
    hf_buf_done(&again);
    return 0;
}
