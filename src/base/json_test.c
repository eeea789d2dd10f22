/* SPDX-License-Identifier: Apache-2.0 */
/* base/json_test.c - the exact text of what is written. */
#include "base/json.h"

#include "hf_oom.h"
#include "hf_test.h"

#define ROOM 4096 /* bytes; more than any row needs */

static void write_empty(struct hf_json *json)
{
    hf_json_object(json, NULL);
    hf_json_end(json);
}

static void write_values(struct hf_json *json)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "text", "abc");
    hf_json_text(json, "none", NULL);
    hf_json_number(json, "least", INT64_MIN);
    hf_json_number(json, "most", INT64_MAX);
    hf_json_bool(json, "yes", true);
    hf_json_bool(json, "no", false);
    hf_json_null(json, "null");
    hf_json_time(json, "time", 1952035200);
    hf_json_hex(json, "hex", hf_view("\x00\x7f\xff", 3));
    hf_json_hex(json, "bare", hf_view(NULL, 0));
    hf_json_end(json);
}

static void write_nested(struct hf_json *json)
{
    hf_json_object(json, NULL);
    hf_json_array(json, "list");
    hf_json_number(json, NULL, 1);
    hf_json_object(json, NULL);
    hf_json_text(json, "a", "b");
    hf_json_end(json);
    hf_json_array(json, NULL);
    hf_json_end(json);
    hf_json_end(json);
    hf_json_number(json, "after", 2);
    hf_json_end(json);
}

static void write_deep(struct hf_json *json)
{
    for (unsigned i = 0; i < HF_JSON_DEPTH; i++)
        hf_json_array(json, NULL);
    for (unsigned i = 0; i < HF_JSON_DEPTH; i++)
        hf_json_end(json);
}

static void test_shapes(void)
{
    static const struct {
        const char *name;
        void (*write)(struct hf_json *json);
        bool pretty;
        const char *want;
    } row[] = {
        { "empty", write_empty, false, "{}\n" },
        { "empty, pretty", write_empty, true, "{}\n" },
        { "values", write_values, false,
          "{\"text\":\"abc\",\"none\":null,\"least\":-9223372036854775808,"
          "\"most\":9223372036854775807,\"yes\":true,\"no\":false,"
          "\"null\":null,\"time\":\"2031-11-10T00:00:00Z\","
          "\"hex\":\"007fff\",\"bare\":\"\"}\n" },
        { "nested", write_nested, false,
          "{\"list\":[1,{\"a\":\"b\"},[]],\"after\":2}\n" },
        { "nested, pretty", write_nested, true,
          "{\n  \"list\": [\n    1,\n    {\n      \"a\": \"b\"\n    },\n"
          "    []\n  ],\n  \"after\": 2\n}\n" },
        { "as deep as allowed", write_deep, false,
          "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_json json;
        struct hf_buf out;

        hf_buf_init(&out, ROOM);
        hf_json_init(&json, &out, row[i].pretty);
        row[i].write(&json);
        HF_CHECK(out.bad == 0 && hf_view_is(hf_buf_peek(&out), row[i].want),
                 "shape: %s", row[i].name);
        hf_buf_done(&out);
    }
}

/* Source: RFC 8259 7 */
static void test_strings(void)
{
    static const struct {
        const char *text;
        size_t len;
        const char *want;
    } row[] = {
        { "", 0, "[\"\"]\n" },
        { "a\"b\\c/d", 7, "[\"a\\\"b\\\\c/d\"]\n" },
        { "\n\r\t\b\f", 5, "[\"\\n\\u000d\\u0009\\u0008\\u000c\"]\n" },
        { "\xc2\x9b\xe2\x80\xae\xe2\x80\xa8", 8,
          "[\"\\u009b\\u202e\\u2028\"]\n" },
        { "\0\x01\x1f\x20\x7f", 5, "[\"\\u0000\\u0001\\u001f \\u007f\"]\n" },
        { "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 9,
          "[\"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\"]\n" },
        { "a\xff"
          "b",
          3,
          "[\"a\xef\xbf\xbd"
          "b\"]\n" },
        { "\xe2\x82", 2, "[\"\xef\xbf\xbd\xef\xbf\xbd\"]\n" },
        { "\xed\xa0\x80", 3, "[\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"]\n" },
        { "\xc0\x80", 2, "[\"\xef\xbf\xbd\xef\xbf\xbd\"]\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_json json;
        struct hf_buf out;

        hf_buf_init(&out, ROOM);
        hf_json_init(&json, &out, false);
        hf_json_array(&json, NULL);
        hf_json_bytes(&json, NULL, hf_view(row[i].text, row[i].len));
        hf_json_end(&json);
        HF_CHECK(out.bad == 0 && hf_view_is(hf_buf_peek(&out), row[i].want),
                 "string: row %zu", i);
        hf_buf_done(&out);
    }
}

static void test_full(void)
{
    struct hf_json json;
    struct hf_buf out;
    struct hf_err err;

    hf_buf_init(&out, 20);
    hf_json_init(&json, &out, true);
    write_values(&json);
    HF_CHECK(hf_buf_check(&out, &err) == HF_E_LIMIT && out.len <= 20,
             "a full buffer is told at the end");
    hf_buf_done(&out);
}

static int write_attempt(void *arg, struct hf_err *err)
{
    struct hf_json json;
    struct hf_buf out;
    int status;

    hf_buf_init(&out, ROOM);
    hf_json_init(&json, &out, true);
    hf_json_array(&json, NULL);
    for (int i = 0; i < 10; i++) {
        hf_json_object(&json, NULL);
        hf_json_text(&json, "text", arg);
        hf_json_number(&json, "number", i);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    status = hf_buf_check(&out, err);
    hf_buf_done(&out);
    return status;
}

int main(void)
{
    char text[] = "a text of some length, so that the buffer grows";

    test_shapes();
    test_strings();
    test_full();
    hf_oom_test("writing JSON", HF_OOM_ALL, write_attempt, text);
    return hf_test_end();
}
