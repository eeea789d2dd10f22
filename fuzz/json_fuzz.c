/* SPDX-License-Identifier: Apache-2.0 */
/* json_fuzz.c - any bytes become one JSON string that gives them back. */
#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "fuzz.h"

#define GROWTH 6 /* "\u0000" for one byte */

/* Reads one character of a JSON string as it is written. Returns its first
 * byte as it was, and takes it off `*rest`. Source: RFC 8259 7 */
static uint8_t read_char(struct hf_view *rest, struct hf_view *ret_raw)
{
    size_t len = hf_utf8_len(*rest);
    uint8_t code, two[2];

    HF_PROMISE(len > 0);
    *ret_raw = hf_view(rest->ptr, len);
    HF_PROMISE(rest->ptr[0] >= 0x20 && rest->ptr[0] != '"');
    if (rest->ptr[0] != '\\') {
        *rest = hf_view_from(*rest, len);
        return ret_raw->ptr[0];
    }
    HF_PROMISE(rest->len >= 2);
    code = rest->ptr[1];
    len = 2;
    if (code == 'n') {
        code = '\n';
    } else if (code == 'u') {
        HF_PROMISE(rest->len >= 6);
        HF_PROMISE(hf_hex_read(hf_view(rest->ptr + 2, 4), two, sizeof(two)));
        HF_PROMISE(two[0] == 0 && two[1] < 0x80);
        code = two[1];
        len = 6;
    } else {
        HF_PROMISE(code == '"' || code == '\\');
    }
    ret_raw->len = 1;
    *rest = hf_view_from(*rest, len);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view text = hf_view(data, size), rest, raw;
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
        uint8_t first = read_char(&rest, &raw);

        if (len == 0)
            HF_PROMISE(hf_view_is(raw, "\xef\xbf\xbd"));
        else
            HF_PROMISE(first == text.ptr[0] && raw.len == len);
        text = hf_view_from(text, len > 0 ? len : 1);
    }
    HF_PROMISE(rest.len == 0);
    hf_buf_done(&out);
    return 0;
}
