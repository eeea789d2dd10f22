/* SPDX-License-Identifier: Apache-2.0 */
/* hex_fuzz.c - what is read as hexadecimal is written back the same. */
#include "base/hex.h"
#include "fuzz.h"

#define BYTES_MAX 256 /* ours: fingerprints are 32 */

/* Digits only, lower case. Returns how many. */
static size_t digits_of(struct hf_view text, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        if (c != ':' && c != ' ')
            out[n++] = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[BYTES_MAX];
    char text[2 * BYTES_MAX + 1], digits[2 * BYTES_MAX];
    size_t count;

    if (size > sizeof(digits))
        return 0;
    count = digits_of(hf_view(data, size), digits);
    for (size_t len = 0; len <= BYTES_MAX; len++) {
        if (!hf_hex_read(hf_view(data, size), bytes, len))
            continue;
        HF_PROMISE(count == 2 * len);
        hf_hex(hf_view(bytes, len), text);
        HF_PROMISE(hf_view_is(hf_view(digits, count), text));
    }
    /* any bytes at all come back from their own digits */
    if (size > BYTES_MAX)
        return 0;
    hf_hex(hf_view(data, size), text);
    HF_PROMISE(hf_hex_read(hf_view_text(text), bytes, size));
    HF_PROMISE(hf_view_same(hf_view(bytes, size), hf_view(data, size)));
    return 0;
}
