/* SPDX-License-Identifier: Apache-2.0 */
/* win/regcode.c - how the text of a .reg file is encoded. */
#include "win/regcode.h"

#include "base/utf8.h"

#define REPLACEMENT 0xFFFDu

/* 0x80 to 0x9F. Source: unicode.org, CP1252.TXT; the five that have no
 * character as Windows maps them */
static const uint16_t cp1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178
};

static uint32_t from_cp1252(uint8_t byte)
{
    return byte >= 0x80 && byte < 0xA0 ? cp1252[byte - 0x80] : byte;
}

/* 0 to 255, or -1. */
static int to_cp1252(uint32_t point)
{
    if (point < 0x80 || (point >= 0xA0 && point <= 0xFF))
        return (int)point;
    for (int i = 0; i < 32; i++)
        if (cp1252[i] == point)
            return 0x80 + i;
    return -1;
}

/* --- one character ------------------------------------------------------- */

static void put_wtf8(struct hf_buf *out, uint32_t point)
{
    uint8_t bytes[4];
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = { 0, 0xC0, 0xE0, 0xF0 };

    for (size_t i = len; i-- > 1; point >>= 6)
        bytes[i] = (uint8_t)(0x80 | (point & 0x3F));
    bytes[0] = (uint8_t)(lead[len - 1] | point);
    hf_buf_add(out, bytes, len);
}

/* The character at `*at`, which moves past it; half a surrogate pair is one.
 * UINT32_MAX for a byte that is none. */
static uint32_t take_wtf8(struct hf_view text, size_t *at)
{
    struct hf_view rest = hf_view(text.ptr + *at, text.len - *at);
    const uint8_t *p = rest.ptr;
    size_t len = p[0] < 0x80 ? 1 : hf_utf8_len(rest);

    if (len == 0 && rest.len >= 3 && p[0] == 0xED && (p[1] & 0xE0) == 0xA0 &&
        (p[2] & 0xC0) == 0x80) {
        *at += 3;
        return 0xD000u | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3Fu);
    }
    *at += len ? len : 1;
    if (len == 0)
        return UINT32_MAX;
    return len == 1 ? p[0] : hf_utf8_point(rest, len);
}

static void put_unit(struct hf_buf *out, uint32_t unit, bool big)
{
    const uint8_t low = (uint8_t)unit, high = (uint8_t)(unit >> 8);
    const uint8_t bytes[2] = { big ? high : low, big ? low : high };

    hf_buf_add(out, bytes, sizeof(bytes));
}

static void put_utf16(struct hf_buf *out, uint32_t point, bool big)
{
    if (point == UINT32_MAX)
        point = REPLACEMENT;
    if (point >= 0x10000) {
        put_unit(out, 0xD800 + ((point - 0x10000) >> 10), big);
        put_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF), big);
    } else {
        put_unit(out, point, big);
    }
}

static uint32_t unit_at(struct hf_view text, size_t at, bool big)
{
    uint32_t first = text.ptr[at], second = text.ptr[at + 1];

    return big ? first << 8 | second : second << 8 | first;
}

/* The character at `*at`, which moves past it; there are two bytes or more. */
static uint32_t take_utf16(struct hf_view text, size_t *at, bool big)
{
    uint32_t high = unit_at(text, *at, big), low;

    *at += 2;
    if (high < 0xD800 || high >= 0xDC00 || text.len - *at < 2)
        return high;
    low = unit_at(text, *at, big);
    if (low < 0xDC00 || low >= 0xE000)
        return high;
    *at += 2;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* --- texts --------------------------------------------------------------- */

/* Up to where there is one byte a character, alike in UTF-8 and CP1252. */
static size_t plain_len(struct hf_view text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] < 0x80)
        len++;
    return len;
}

static void add_utf16(struct hf_view text, bool big, struct hf_buf *out)
{
    for (size_t at = 0; at < text.len;)
        put_utf16(out, take_wtf8(text, &at), big);
}

/* A run of ASCII as it is: nearly all of an export is that. Returns the bytes
 * of UTF-16 it took. */
static size_t read_ascii(struct hf_view utf16, bool big, struct hf_buf *out)
{
    const uint8_t *low = utf16.ptr + (big ? 1 : 0);
    const uint8_t *high = utf16.ptr + (big ? 0 : 1);
    uint8_t run[512];
    size_t len = 0;

    while (len < sizeof(run) && utf16.len - 2 * len >= 2 &&
           high[2 * len] == 0 && low[2 * len] < 0x80) {
        run[len] = low[2 * len];
        len++;
    }
    hf_buf_add(out, run, len);
    return 2 * len;
}

static void read_utf16(struct hf_view utf16, bool big, struct hf_buf *out)
{
    for (size_t at = 0; utf16.len - at >= 2;) {
        size_t run = read_ascii(hf_view_from(utf16, at), big, out);

        if (run == 0)
            put_wtf8(out, take_utf16(utf16, &at, big));
        at += run;
    }
}

void hf_wtf8_to_utf16le(struct hf_view text, struct hf_buf *out)
{
    add_utf16(text, false, out);
}

void hf_utf16le_to_wtf8(struct hf_view utf16le, struct hf_buf *out)
{
    read_utf16(utf16le, false, out);
}

void hf_cp1252_to_utf16le(struct hf_view bytes, struct hf_buf *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        put_unit(out, from_cp1252(bytes.ptr[i]), false);
}

int hf_utf16le_to_cp1252(struct hf_view utf16le, struct hf_buf *out,
                         struct hf_err *err)
{
    if (utf16le.len % 2 != 0)
        return HF_FAIL(err, HF_E_USAGE, "half a UTF-16 character");
    for (size_t at = 0; at < utf16le.len; at += 2) {
        uint32_t unit = unit_at(utf16le, at, false);
        int byte = to_cp1252(unit);
        const uint8_t one = (uint8_t)byte;

        if (byte < 0)
            return HF_FAIL(err, HF_E_USAGE,
                           "U+%04X is not a character of CP1252",
                           (unsigned)unit);
        hf_buf_add(out, &one, 1);
    }
    return 0;
}

/* --- files --------------------------------------------------------------- */

static bool is_utf8(struct hf_view text)
{
    size_t at = plain_len(text);

    while (at < text.len) {
        size_t len = hf_utf8_len(hf_view(text.ptr + at, text.len - at));

        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

/* Returns the bytes of the mark. */
static size_t tell_mark(struct hf_view bytes, struct hf_regcode *code)
{
    code->mark = true;
    code->kind = HF_REGCODE_UTF8;
    if (hf_view_starts(bytes, "\xEF\xBB\xBF"))
        return 3;
    code->kind = HF_REGCODE_UTF16LE;
    if (hf_view_starts(bytes, "\xFF\xFE"))
        return 2;
    code->kind = HF_REGCODE_UTF16BE;
    if (hf_view_starts(bytes, "\xFE\xFF"))
        return 2;
    code->mark = false;
    return 0;
}

static void tell_kind(struct hf_view bytes, struct hf_regcode *code)
{
    if (bytes.len >= 2 && bytes.ptr[0] && !bytes.ptr[1])
        code->kind = HF_REGCODE_UTF16LE;
    else if (bytes.len >= 2 && !bytes.ptr[0] && bytes.ptr[1])
        code->kind = HF_REGCODE_UTF16BE;
    else if (is_utf8(bytes) && !hf_view_starts(bytes, "REGEDIT4"))
        code->kind = HF_REGCODE_UTF8;
    else
        code->kind = HF_REGCODE_CP1252;
}

int hf_regcode_read(struct hf_view bytes, struct hf_buf *ret_text,
                    struct hf_regcode *ret_code, struct hf_err *err)
{
    struct hf_regcode code;
    struct hf_view text = hf_view_from(bytes, tell_mark(bytes, &code));

    if (!code.mark)
        tell_kind(bytes, &code);
    if (code.kind == HF_REGCODE_UTF16LE || code.kind == HF_REGCODE_UTF16BE) {
        if (text.len % 2 != 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "offset %zu: half a UTF-16 character, expected two "
                           "bytes",
                           bytes.len - 1);
        read_utf16(text, code.kind == HF_REGCODE_UTF16BE, ret_text);
    } else if (code.kind == HF_REGCODE_UTF8) {
        hf_buf_view(ret_text, text);
    } else {
        for (size_t i = 0; i < text.len; i++)
            put_wtf8(ret_text, from_cp1252(text.ptr[i]));
    }
    if (hf_buf_check(ret_text, err) < 0)
        return hf_err_code(err);
    *ret_code = code;
    return 0;
}

void hf_regcode_mark(const struct hf_regcode *code, struct hf_buf *out)
{
    static const char *const marks[] = { "\xFF\xFE", "\xFE\xFF", "\xEF\xBB\xBF",
                                         "" };

    if (code->mark)
        hf_buf_text(out, marks[code->kind]);
}

static void write_cp1252(struct hf_view text, struct hf_buf *out)
{
    for (size_t at = 0; at < text.len;) {
        int byte = to_cp1252(take_wtf8(text, &at));
        const uint8_t one = byte < 0 ? (uint8_t)'?' : (uint8_t)byte;

        hf_buf_add(out, &one, 1);
    }
}

void hf_regcode_write(const struct hf_regcode *code, struct hf_view text,
                      struct hf_buf *out)
{
    if (code->kind == HF_REGCODE_UTF8)
        hf_buf_view(out, text);
    else if (code->kind == HF_REGCODE_CP1252)
        write_cp1252(text, out);
    else
        add_utf16(text, code->kind == HF_REGCODE_UTF16BE, out);
}

bool hf_regcode_tells(const struct hf_regcode *code, struct hf_view bytes)
{
    struct hf_regcode told;

    (void)tell_mark(bytes, &told);
    if (!told.mark)
        tell_kind(bytes, &told);
    if (told.mark == code->mark && told.kind == code->kind)
        return true;
    /* they differ in what is not ASCII */
    return !told.mark && told.kind == HF_REGCODE_UTF8 &&
           code->kind == HF_REGCODE_CP1252 && plain_len(bytes) == bytes.len;
}

bool hf_regcode_has(const struct hf_regcode *code, struct hf_view text)
{
    if (!is_utf8(text))
        return false;
    if (code->kind != HF_REGCODE_CP1252)
        return true;
    for (size_t at = 0; at < text.len;)
        if (to_cp1252(take_wtf8(text, &at)) < 0)
            return false;
    return true;
}
