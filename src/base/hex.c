/* SPDX-License-Identifier: Apache-2.0 */
/* base/hex.c - bytes as hexadecimal and base64 text, and back. */
#include "base/hex.h"

void hf_hex(struct hf_view bytes, char *ret_text)
{
    static const char digit[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        *ret_text++ = digit[bytes.ptr[i] >> 4];
        *ret_text++ = digit[bytes.ptr[i] & 15];
    }
    *ret_text = '\0';
}

static int nibble(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hf_hex_read(struct hf_view text, uint8_t *ret_bytes, size_t len)
{
    size_t n = 0, i = 0;

    while (i < text.len) {
        int high, low;

        if (text.ptr[i] == ':' || text.ptr[i] == ' ') {
            i++;
            continue;
        }
        high = nibble(text.ptr[i]);
        low = i + 1 < text.len ? nibble(text.ptr[i + 1]) : -1;
        if (high < 0 || low < 0 || n == len)
            return false;
        ret_bytes[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return n == len;
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#define LINE_BYTES 48 /* 64 characters; RFC 7468 2 */

/* Up to three bytes as four characters. */
static void put_group(char *out, struct hf_view three)
{
    uint32_t n = (uint32_t)three.ptr[0] << 16;

    if (three.len > 1)
        n |= (uint32_t)three.ptr[1] << 8;
    if (three.len > 2)
        n |= three.ptr[2];
    out[0] = alphabet[n >> 18 & 63];
    out[1] = alphabet[n >> 12 & 63];
    out[2] = alphabet[n >> 6 & 63];
    out[3] = alphabet[n & 63];
    for (size_t i = three.len + 1; i < 4; i++)
        out[i] = '=';
}

void hf_base64_lines(struct hf_buf *out, struct hf_view bytes)
{
    for (size_t at = 0; at < bytes.len; at += LINE_BYTES) {
        char line[LINE_BYTES / 3 * 4 + 1];
        size_t used = 0;

        for (size_t i = at; i < at + LINE_BYTES && i < bytes.len; i += 3) {
            struct hf_view rest = hf_view_from(bytes, i);

            rest.len = rest.len < 3 ? rest.len : 3;
            put_group(line + used, rest);
            used += 4;
        }
        line[used++] = '\n';
        hf_buf_add(out, line, used);
    }
}

#define BLANK (-2)
#define PAD (-3)
#define NOT (-1)

static int sextet(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    if (c == '/')
        return 63;
    if (c == '=')
        return PAD;
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' ? BLANK : NOT;
}

struct group {
    uint32_t bits;
    unsigned chars, pads;
};

/* Takes one character; false when it cannot stand there. */
static bool take(struct group *g, int value, struct hf_buf *out)
{
    uint8_t three[3];

    if (value == PAD ? g->chars < 2 : value < 0 || g->pads > 0)
        return false;
    g->pads += value == PAD;
    g->bits = g->bits << 6 | (value == PAD ? 0 : (uint32_t)value);
    if (++g->chars < 4)
        return true;
    three[0] = (uint8_t)(g->bits >> 16);
    three[1] = (uint8_t)(g->bits >> 8);
    three[2] = (uint8_t)g->bits;
    if ((g->pads > 0 && three[2] != 0) || (g->pads > 1 && three[1] != 0))
        return false;
    hf_buf_add(out, three, 3 - g->pads);
    /* after padding nothing may follow: pads stays set */
    *g = (struct group){ .pads = g->pads };
    return true;
}

int hf_base64_read(struct hf_view text, struct hf_buf *out, size_t *ret_offset)
{
    struct group g = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        int value = sextet(text.ptr[i]);
        bool closed = g.pads > 0 && g.chars == 0;

        if (value == BLANK)
            continue;
        if (closed || !take(&g, value, out)) {
            *ret_offset = i;
            return HF_E_PARSE;
        }
    }
    if (g.chars != 0) {
        *ret_offset = text.len;
        return HF_E_PARSE;
    }
    return out->bad;
}
