/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf16.c - the text of Windows files, UTF-16LE, from and to UTF-8. */
#include "base/utf16.h"

#include "base/utf8.h"

#define REPLACEMENT 0xFFFDu
#define SURROGATE_HIGH 0xD800u
#define SURROGATE_LOW 0xDC00u
#define SURROGATE_END 0xE000u

static uint32_t unit(struct hf_view text, size_t at)
{
    return (uint32_t)text.ptr[at] | (uint32_t)text.ptr[at + 1] << 8;
}

/* The character at `*at`, which moves past it. */
static uint32_t take_point(struct hf_view text, size_t *at)
{
    uint32_t high = unit(text, *at), low;

    *at += 2;
    if (high < SURROGATE_HIGH || high >= SURROGATE_END)
        return high;
    if (high >= SURROGATE_LOW || text.len - *at < 2)
        return REPLACEMENT;
    low = unit(text, *at);
    if (low < SURROGATE_LOW || low >= SURROGATE_END)
        return REPLACEMENT;
    *at += 2;
    return 0x10000 + ((high - SURROGATE_HIGH) << 10) + (low - SURROGATE_LOW);
}

static void put_utf8(struct hf_buf *out, uint32_t point)
{
    uint8_t bytes[4];
    size_t len;

    if (point < 0x80) {
        bytes[0] = (uint8_t)point;
        len = 1;
    } else if (point < 0x800) {
        bytes[0] = (uint8_t)(0xC0 | point >> 6);
        len = 2;
    } else if (point < 0x10000) {
        bytes[0] = (uint8_t)(0xE0 | point >> 12);
        len = 3;
    } else {
        bytes[0] = (uint8_t)(0xF0 | point >> 18);
        len = 4;
    }
    for (size_t i = 1; i < len; i++)
        bytes[i] = (uint8_t)(0x80 | (point >> (6 * (len - 1 - i)) & 0x3F));
    hf_buf_add(out, bytes, len);
}

void hf_utf16le_to_utf8(struct hf_buf *out, struct hf_view utf16le)
{
    size_t at = 0;

    while (utf16le.len - at >= 2)
        put_utf8(out, take_point(utf16le, &at));
}

static void put_unit(struct hf_buf *out, uint32_t value)
{
    const uint8_t bytes[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

    hf_buf_add(out, bytes, sizeof(bytes));
}

void hf_utf8_to_utf16le(struct hf_buf *out, struct hf_view utf8)
{
    for (size_t at = 0; at < utf8.len;) {
        struct hf_view rest = hf_view(utf8.ptr + at, utf8.len - at);
        size_t len = hf_utf8_len(rest);
        uint32_t point = len ? hf_utf8_point(rest, len) : REPLACEMENT;

        if (point >= 0x10000) {
            put_unit(out, SURROGATE_HIGH + ((point - 0x10000) >> 10));
            put_unit(out, SURROGATE_LOW + ((point - 0x10000) & 0x3FF));
        } else {
            put_unit(out, point);
        }
        at += len ? len : 1;
    }
}

struct hf_view hf_utf16le_trim(struct hf_view utf16le)
{
    size_t len = utf16le.len & ~(size_t)1;

    while (len >= 2 && utf16le.ptr[len - 2] == 0 && utf16le.ptr[len - 1] == 0)
        len -= 2;
    return hf_view(utf16le.ptr, len);
}
