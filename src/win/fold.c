/* SPDX-License-Identifier: Apache-2.0 */
/* win/fold.c - names in UTF-8 compared without case. */
#include "win/fold.h"

#include "base/utf8.h"
#include "win/regname.h"

#define NO_CHARACTER 0x110000u /* above all of them */

static uint32_t capital(uint32_t point)
{
    if (point < 0x80)
        return point >= 'a' && point <= 'z' ? point - 32 : point;
    return point < 0x10000 ? hf_regname_upper((uint16_t)point) : point;
}

/* The capital of the character at `*at`, which moves past it. */
static uint32_t take(struct hf_view name, size_t *at)
{
    struct hf_view rest = hf_view(name.ptr + *at, name.len - *at);
    size_t len = rest.ptr[0] < 0x80 ? 1 : hf_utf8_len(rest);

    *at += len ? len : 1;
    if (!len)
        return NO_CHARACTER + rest.ptr[0];
    return capital(len == 1 ? rest.ptr[0] : hf_utf8_point(rest, len));
}

int hf_fold_compare(struct hf_view a, struct hf_view b)
{
    size_t i = 0, k = 0;

    while (i < a.len && k < b.len) {
        uint32_t x = take(a, &i), y = take(b, &k);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return (i < a.len) - (k < b.len);
}
