/* SPDX-License-Identifier: Apache-2.0 */
/* json_fuzz.c - any bytes become one JSON string that gives them back. */
#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz.h"

#define GROWTH 6 /* "\u0000" for one byte */

/* Reads one character of a JSON string as it is written and takes it off
 * `*rest`. Source: RFC 8259 7 */
static uint32_t read_char(struct hf_view *rest)
{
    size_t len = hf_utf8_len(*rest);
    uint32_t point;
    uint8_t two[2];

    HF_PROMISE(len > 0);
    point = hf_utf8_point(*rest, len);
    HF_PROMISE(!hf_utf8_unsafe(point) && point != '"');
    if (point == '\\') {
        HF_PROMISE(rest->len >= 2);
        point = rest->ptr[1];
        len = 2;
        if (point == 'n') {
            point = '\n';
        } else if (point == 'u') {
            HF_PROMISE(rest->len >= 6);
            HF_PROMISE(
                hf_hex_read(hf_view(rest->ptr + 2, 4), two, sizeof(two)));
            point = (uint32_t)two[0] << 8 | two[1];
            HF_PROMISE(hf_utf8_unsafe(point));
            len = 6;
        } else {
            HF_PROMISE(point == '"' || point == '\\');
        }
    }
    *rest = hf_view_from(*rest, len);
    return point;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view text = hf_view(data, size), rest;
    struct hf_json json;
    struct hf_buf out;

    hf_buf_init(&out, size * GROWTH + 16);
    hf_json_init(&json, &out, size % 2 == 0);
    hf_json_array(&json, NULL);
    hf_json_bytes(&json, NULL, text);
    hf_json_end(&json);
    HF_PROMISE(out.bad == 0);
    rest = hf_view_trim(hf_buf_peek(&out));
    HF_PROMISE(hf_view_starts(rest, "[") && rest.ptr[rest.len - 1] == ']');
    rest = hf_view_trim(hf_view(rest.ptr + 1, rest.len - 2));
    HF_PROMISE(rest.len >= 2 && rest.ptr[0] == '"' &&
               rest.ptr[rest.len - 1] == '"');
    rest = hf_view(rest.ptr + 1, rest.len - 2);
    while (text.len > 0) {
        size_t len = hf_utf8_len(text);

        HF_PROMISE(read_char(&rest) ==
                   (len > 0 ? hf_utf8_point(text, len) : 0xfffd));
        text = hf_view_from(text, len > 0 ? len : 1);
    }
    HF_PROMISE(rest.len == 0);
    hf_buf_done(&out);
    return 0;
}
