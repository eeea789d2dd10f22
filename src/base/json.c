/* SPDX-License-Identifier: Apache-2.0 */
/* base/json.c - writing JSON into a buffer, commas and escapes done here. */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/utf8.h"

void hf_json_init(struct hf_json *json, struct hf_buf *out, bool pretty)
{
    *json = (struct hf_json){ .out = out, .pretty = pretty };
}

static void new_line(struct hf_json *json)
{
    if (!json->pretty)
        return;
    hf_buf_text(json->out, "\n");
    for (unsigned i = 0; i < json->depth; i++)
        hf_buf_text(json->out, "  ");
}

/* Comma, line and key before a member. */
static void begin(struct hf_json *json, const char *key)
{
    if (json->depth > 0) {
        if (json->filled[json->depth - 1])
            hf_buf_text(json->out, ",");
        json->filled[json->depth - 1] = true;
        new_line(json);
    }
    if (key)
        hf_buf_printf(json->out, json->pretty ? "\"%s\": " : "\"%s\":", key);
}

static void open_level(struct hf_json *json, const char *key, char close)
{
    begin(json, key);
    assert(json->depth < HF_JSON_DEPTH);
    hf_buf_text(json->out, close == '}' ? "{" : "[");
    json->filled[json->depth] = false;
    json->closer[json->depth++] = close;
}

void hf_json_object(struct hf_json *json, const char *key)
{
    open_level(json, key, '}');
}

void hf_json_array(struct hf_json *json, const char *key)
{
    open_level(json, key, ']');
}

void hf_json_end(struct hf_json *json)
{
    assert(json->depth > 0);
    json->depth--;
    if (json->filled[json->depth])
        new_line(json);
    hf_buf_add(json->out, &json->closer[json->depth], 1);
    if (json->depth == 0)
        hf_buf_text(json->out, "\n");
}

/* One character, escaped where JSON wants it, and where a terminal that shows
 * the JSON would be moved by it. Source: RFC 8259 7 */
static void put_char(struct hf_buf *out, struct hf_view c)
{
    uint32_t point = hf_utf8_point(c, c.len);

    if (point == '"' || point == '\\')
        hf_buf_text(out, "\\");
    if (point == '\n')
        hf_buf_text(out, "\\n");
    else if (hf_utf8_unsafe(point)) /* all of them below U+10000 */
        hf_buf_printf(out, "\\u%04x", (unsigned)point);
    else
        hf_buf_view(out, c);
}

void hf_json_bytes(struct hf_json *json, const char *key, struct hf_view text)
{
    begin(json, key);
    hf_buf_text(json->out, "\"");
    while (text.len > 0) {
        size_t len = hf_utf8_len(text);

        if (len > 0)
            put_char(json->out, hf_view(text.ptr, len));
        else
            hf_buf_text(json->out, "\xef\xbf\xbd"); /* U+FFFD */
        text = hf_view_from(text, len > 0 ? len : 1);
    }
    hf_buf_text(json->out, "\"");
}

void hf_json_text(struct hf_json *json, const char *key, const char *text)
{
    if (text)
        hf_json_bytes(json, key, hf_view_text(text));
    else
        hf_json_null(json, key);
}

void hf_json_number(struct hf_json *json, const char *key, int64_t number)
{
    begin(json, key);
    hf_buf_printf(json->out, "%" PRId64, number);
}

void hf_json_bool(struct hf_json *json, const char *key, bool value)
{
    begin(json, key);
    hf_buf_text(json->out, value ? "true" : "false");
}

void hf_json_null(struct hf_json *json, const char *key)
{
    begin(json, key);
    hf_buf_text(json->out, "null");
}

void hf_json_time(struct hf_json *json, const char *key, int64_t time_s)
{
    char text[HF_TIME_TEXT];

    hf_json_text(json, key, hf_calendar_rfc3339(time_s, text));
}

void hf_json_hex(struct hf_json *json, const char *key, struct hf_view bytes)
{
    static const char digit[] = "0123456789abcdef";

    begin(json, key);
    hf_buf_text(json->out, "\"");
    for (size_t i = 0; i < bytes.len; i++) {
        char two[2] = { digit[bytes.ptr[i] >> 4], digit[bytes.ptr[i] & 15] };

        hf_buf_add(json->out, two, sizeof(two));
    }
    hf_buf_text(json->out, "\"");
}
