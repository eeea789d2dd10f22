/* SPDX-License-Identifier: Apache-2.0 */
/* win/regname.c - names of keys and values: compared without case, as Windows
 * does. */
#include "win/regname.h"

#include "base/utf16.h"

/* `first`, `first` + `step`, ..., `last`: the capital lies `away`. Made from
 * the Unicode character data; the scripts that have case in Windows' table,
 * without capitals newer than it. */
static const struct run {
    uint16_t first, last;
    uint8_t step;
    int16_t away;
} runs[] = {
    { 0x00e0, 0x00f6, 1, -32 },   { 0x00f8, 0x00fe, 1, -32 },
    { 0x00ff, 0x00ff, 1, 121 },   { 0x0101, 0x012f, 2, -1 },
    { 0x0133, 0x0137, 2, -1 },    { 0x013a, 0x0148, 2, -1 },
    { 0x014b, 0x0177, 2, -1 },    { 0x017a, 0x017e, 2, -1 },
    { 0x0180, 0x0180, 1, 195 },   { 0x0183, 0x0185, 2, -1 },
    { 0x0188, 0x0188, 1, -1 },    { 0x018c, 0x018c, 1, -1 },
    { 0x0192, 0x0192, 1, -1 },    { 0x0195, 0x0195, 1, 97 },
    { 0x0199, 0x0199, 1, -1 },    { 0x019a, 0x019a, 1, 163 },
    { 0x019e, 0x019e, 1, 130 },   { 0x01a1, 0x01a5, 2, -1 },
    { 0x01a8, 0x01a8, 1, -1 },    { 0x01ad, 0x01ad, 1, -1 },
    { 0x01b0, 0x01b0, 1, -1 },    { 0x01b4, 0x01b6, 2, -1 },
    { 0x01b9, 0x01b9, 1, -1 },    { 0x01bd, 0x01bd, 1, -1 },
    { 0x01bf, 0x01bf, 1, 56 },    { 0x01c6, 0x01c6, 1, -2 },
    { 0x01c9, 0x01c9, 1, -2 },    { 0x01cc, 0x01cc, 1, -2 },
    { 0x01ce, 0x01dc, 2, -1 },    { 0x01dd, 0x01dd, 1, -79 },
    { 0x01df, 0x01ef, 2, -1 },    { 0x01f3, 0x01f3, 1, -2 },
    { 0x01f5, 0x01f5, 1, -1 },    { 0x01f9, 0x021f, 2, -1 },
    { 0x0223, 0x0233, 2, -1 },    { 0x023c, 0x023c, 1, -1 },
    { 0x023f, 0x0240, 1, 10815 }, { 0x0242, 0x0242, 1, -1 },
    { 0x0247, 0x024f, 2, -1 },    { 0x0250, 0x0250, 1, 10783 },
    { 0x0251, 0x0251, 1, 10780 }, { 0x0252, 0x0252, 1, 10782 },
    { 0x0253, 0x0253, 1, -210 },  { 0x0254, 0x0254, 1, -206 },
    { 0x0256, 0x0257, 1, -205 },  { 0x0259, 0x0259, 1, -202 },
    { 0x025b, 0x025b, 1, -203 },  { 0x0260, 0x0260, 1, -205 },
    { 0x0263, 0x0263, 1, -207 },  { 0x0268, 0x0268, 1, -209 },
    { 0x0269, 0x0269, 1, -211 },  { 0x026b, 0x026b, 1, 10743 },
    { 0x026f, 0x026f, 1, -211 },  { 0x0271, 0x0271, 1, 10749 },
    { 0x0272, 0x0272, 1, -213 },  { 0x0275, 0x0275, 1, -214 },
    { 0x027d, 0x027d, 1, 10727 }, { 0x0280, 0x0280, 1, -218 },
    { 0x0283, 0x0283, 1, -218 },  { 0x0288, 0x0288, 1, -218 },
    { 0x0289, 0x0289, 1, -69 },   { 0x028a, 0x028b, 1, -217 },
    { 0x028c, 0x028c, 1, -71 },   { 0x0292, 0x0292, 1, -219 },
    { 0x0371, 0x0373, 2, -1 },    { 0x0377, 0x0377, 1, -1 },
    { 0x037b, 0x037d, 1, 130 },   { 0x03ac, 0x03ac, 1, -38 },
    { 0x03ad, 0x03af, 1, -37 },   { 0x03b1, 0x03c1, 1, -32 },
    { 0x03c3, 0x03cb, 1, -32 },   { 0x03cc, 0x03cc, 1, -64 },
    { 0x03cd, 0x03ce, 1, -63 },   { 0x03d7, 0x03d7, 1, -8 },
    { 0x03d9, 0x03ef, 2, -1 },    { 0x03f2, 0x03f2, 1, 7 },
    { 0x03f3, 0x03f3, 1, -116 },  { 0x03f8, 0x03f8, 1, -1 },
    { 0x03fb, 0x03fb, 1, -1 },    { 0x0430, 0x044f, 1, -32 },
    { 0x0450, 0x045f, 1, -80 },   { 0x0461, 0x0481, 2, -1 },
    { 0x048b, 0x04bf, 2, -1 },    { 0x04c2, 0x04ce, 2, -1 },
    { 0x04cf, 0x04cf, 1, -15 },   { 0x04d1, 0x052f, 2, -1 },
    { 0x0561, 0x0586, 1, -48 },   { 0x1e01, 0x1e95, 2, -1 },
    { 0x1ea1, 0x1eff, 2, -1 },    { 0x1f00, 0x1f07, 1, 8 },
    { 0x1f10, 0x1f15, 1, 8 },     { 0x1f20, 0x1f27, 1, 8 },
    { 0x1f30, 0x1f37, 1, 8 },     { 0x1f40, 0x1f45, 1, 8 },
    { 0x1f51, 0x1f57, 2, 8 },     { 0x1f60, 0x1f67, 1, 8 },
    { 0x1f70, 0x1f71, 1, 74 },    { 0x1f72, 0x1f75, 1, 86 },
    { 0x1f76, 0x1f77, 1, 100 },   { 0x1f78, 0x1f79, 1, 128 },
    { 0x1f7a, 0x1f7b, 1, 112 },   { 0x1f7c, 0x1f7d, 1, 126 },
    { 0x1fb0, 0x1fb1, 1, 8 },     { 0x1fd0, 0x1fd1, 1, 8 },
    { 0x1fe0, 0x1fe1, 1, 8 },     { 0x1fe5, 0x1fe5, 1, 7 },
    { 0x214e, 0x214e, 1, -28 },   { 0x2170, 0x217f, 1, -16 },
    { 0x2184, 0x2184, 1, -1 },    { 0x24d0, 0x24e9, 1, -26 },
    { 0xff41, 0xff5a, 1, -32 },
};

uint16_t hf_regname_upper(uint16_t unit)
{
    size_t low = 0, high = HF_COUNT(runs);

    if (unit < 0x80)
        return unit >= 'a' && unit <= 'z' ? (uint16_t)(unit - 0x20) : unit;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct run *run = &runs[middle];

        if (unit < run->first)
            high = middle;
        else if (unit > run->last)
            low = middle + 1;
        else
            return (unit - run->first) % run->step == 0
                       ? (uint16_t)(unit + run->away)
                       : unit;
    }
    return unit;
}

size_t hf_regname_len(struct hf_regname name)
{
    return name.narrow ? name.bytes.len : name.bytes.len / 2;
}

static uint16_t stored_unit(struct hf_view wide, size_t i)
{
    return (uint16_t)(wide.ptr[2 * i] | wide.ptr[2 * i + 1] << 8);
}

static bool is_high(uint16_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint16_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* Is the other half of the pair beside the half at `i`? */
static bool is_paired(struct hf_view wide, size_t i)
{
    uint16_t unit = stored_unit(wide, i);
    size_t count = wide.len / 2;

    if (is_high(unit))
        return i + 1 < count && is_low(stored_unit(wide, i + 1));
    return i > 0 && is_high(stored_unit(wide, i - 1));
}

uint16_t hf_regname_unit(struct hf_regname name, size_t i)
{
    uint16_t unit =
        name.narrow ? name.bytes.ptr[i] : stored_unit(name.bytes, i);

    if (unit == 0)
        return HF_REGNAME_NUL;
    if (unit >= 0xD800 && unit < 0xE000 && !is_paired(name.bytes, i))
        return 0xFFFD;
    return unit;
}

void hf_regname_text(struct hf_buf *out, struct hf_regname name)
{
    size_t len = hf_regname_len(name);

    for (size_t i = 0; i < len; i++) {
        uint16_t unit = hf_regname_unit(name, i);
        uint8_t wide[4] = { (uint8_t)unit, (uint8_t)(unit >> 8) };
        size_t bytes = 2;

        if (is_high(unit)) { /* the pair is whole */
            uint16_t low = hf_regname_unit(name, ++i);

            wide[2] = (uint8_t)low;
            wide[3] = (uint8_t)(low >> 8);
            bytes = 4;
        }
        hf_utf16le_to_utf8(out, hf_view(wide, bytes));
    }
}

int hf_regname_order(struct hf_regname a, struct hf_regname b)
{
    size_t a_len = hf_regname_len(a), b_len = hf_regname_len(b);

    for (size_t i = 0; i < a_len && i < b_len; i++) {
        int left = hf_regname_upper(hf_regname_unit(a, i));
        int right = hf_regname_upper(hf_regname_unit(b, i));

        if (left != right)
            return left - right;
    }
    return a_len == b_len ? 0 : a_len < b_len ? -1 : 1;
}

struct hf_regname hf_regname_encode(struct hf_buf *out, struct hf_view utf8)
{
    size_t from = out->len, count;
    bool narrow = true;

    hf_utf8_to_utf16le(out, utf8);
    if (out->bad)
        return (struct hf_regname){ hf_view(NULL, 0), true };
    count = (out->len - from) / 2;
    for (size_t i = 0; i < count; i++)
        narrow = narrow && out->ptr[from + 2 * i + 1] == 0;
    for (size_t i = 0; narrow && i < count; i++)
        out->ptr[from + i] = out->ptr[from + 2 * i];
    if (narrow)
        out->len = from + count;
    return (struct hf_regname){ hf_view_from(hf_buf_peek(out), from), narrow };
}
