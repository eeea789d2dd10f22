/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8.c - text of a stranger made fit for a terminal or a log. */
#include "base/utf8.h"

size_t hf_utf8_len(struct hf_view v)
{
    uint8_t first = v.len > 0 ? v.ptr[0] : 0xff;
    uint8_t low = 0x80, high = 0xbf; /* what the second byte may be */
    size_t len;

    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        len = 2;
    else if (first >= 0xe0 && first <= 0xef)
        len = 3;
    else if (first >= 0xf0 && first <= 0xf4)
        len = 4;
    else
        return 0;
    if (first == 0xe0)
        low = 0xa0; /* no overlong form */
    else if (first == 0xed)
        high = 0x9f; /* no surrogate */
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f; /* not above U+10FFFF */
    if (v.len < len || v.ptr[1] < low || v.ptr[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (v.ptr[i] < 0x80 || v.ptr[i] > 0xbf)
            return 0;
    return len;
}

uint32_t hf_utf8_point(struct hf_view v, size_t len)
{
    static const uint8_t mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint32_t c = v.ptr[0] & mask[len];

    for (size_t i = 1; i < len; i++)
        c = c << 6 | (v.ptr[i] & 0x3f);
    return c;
}

bool hf_utf8_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e ||
           c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void hf_utf8_safe(struct hf_buf *out, struct hf_view text)
{
    while (text.len > 0) {
        size_t len = hf_utf8_len(text);
        uint32_t c = len > 0 ? hf_utf8_point(text, len) : 0;

        if (len == 0 || (len == 1 && hf_utf8_unsafe(c)))
            hf_buf_printf(out, "\\x%02x", (unsigned)text.ptr[0]);
        else if (hf_utf8_unsafe(c))
            hf_buf_printf(out, "\\u{%04x}", (unsigned)c);
        else
            hf_buf_add(out, text.ptr, len);
        text = hf_view_from(text, len > 0 ? len : 1);
    }
}

size_t hf_utf8_columns(struct hf_view text)
{
    size_t columns = 0;

    while (text.len > 0) {
        size_t len = hf_utf8_len(text);

        columns++;
        text = hf_view_from(text, len > 0 ? len : 1);
    }
    return columns;
}

void hf_utf8_slug(const char *name, char *ret_slug, size_t size)
{
    size_t len = 0;

    for (; *name && len + 1 < size; name++) {
        char c = *name;

        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            ret_slug[len++] = c;
        else if (len > 0 && ret_slug[len - 1] != '-')
            ret_slug[len++] = '-';
    }
    while (len > 0 && ret_slug[len - 1] == '-')
        len--;
    ret_slug[len] = '\0';
}
