/* SPDX-License-Identifier: Apache-2.0 */
/* net/http_test.c - response heads and dates, good and hostile. */
#include "net/http.h"

#include <stdlib.h>

#include "hf_test.h"

static void test_heads(void)
{
    static const struct {
        const char *name, *text;
        enum hf_http want;
        int status;
        const char *reason;
        int length; /* -1: none */
    } row[] = {
        { "plain answer", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nbody",
          HF_HTTP_HEAD, 200, "OK", 12 },
        { "bare line feeds", "HTTP/1.0 404 Not Found\nA: b\n\n", HF_HTTP_HEAD,
          404, "Not Found", -1 },
        { "no reason and no blank", "HTTP/1.1 200\r\n\r\n", HF_HTTP_HEAD, 200,
          "", -1 },
        { "no fields", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
          HF_HTTP_HEAD, 407, "Proxy Authentication Required", -1 },
        { "same length twice",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\n",
          HF_HTTP_HEAD, 200, "OK", 5 },
        { "nothing yet", "", HF_HTTP_MORE, 0, "", 0 },
        { "part of the version", "HTT", HF_HTTP_MORE, 0, "", 0 },
        { "status line without its end", "HTTP/1.1 200 OK", HF_HTTP_MORE, 0, "",
          0 },
        { "fields without the empty line", "HTTP/1.1 200 OK\r\nA: b\r\n",
          HF_HTTP_MORE, 0, "", 0 },
        { "a banner", "SSH-2.0-OpenSSH_9.2\r\n", HF_HTTP_BAD, 0, "", 0 },
        { "HTTP/2", "HTTP/2 200 OK\r\n\r\n", HF_HTTP_BAD, 0, "", 0 },
        { "status of letters", "HTTP/1.1 2x0 OK\r\n\r\n", HF_HTTP_BAD, 0, "",
          0 },
        { "status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", HF_HTTP_BAD, 0,
          "", 0 },
        { "status under 100", "HTTP/1.1 099 OK\r\n\r\n", HF_HTTP_BAD, 0, "",
          0 },
        { "two lengths that differ",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          HF_HTTP_BAD, 0, "", 0 },
        { "a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          HF_HTTP_BAD, 0, "", 0 },
        { "a length over 18 digits",
          "HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456789\r\n\r\n",
          HF_HTTP_BAD, 0, "", 0 },
        { "a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", HF_HTTP_BAD,
          0, "", 0 },
        { "a blank before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
          HF_HTTP_BAD, 0, "", 0 },
        { "a field without colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
          HF_HTTP_BAD, 0, "", 0 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_http_head head;
        enum hf_http is = hf_http_head_read(hf_view_text(row[i].text), &head);
        bool good = is == row[i].want;

        if (good && is == HF_HTTP_HEAD)
            good = head.status == row[i].status &&
                   hf_view_is(head.reason, row[i].reason) &&
                   head.has_length == (row[i].length >= 0) &&
                   (row[i].length < 0 || head.length == (size_t)row[i].length);
        HF_CHECK(good, "head: %s", row[i].name);
    }
}

static void test_fields(void)
{
    static const char text[] = "HTTP/1.1 301 Moved\r\n"
                               "LOCATION:  http://elsewhere.example/ \r\n"
                               "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                               "Transfer-Encoding: chunked\r\n\r\nmore";
    struct hf_http_head head = { 0 };

    HF_CHECK(hf_http_head_read(hf_view_text(text), &head) == HF_HTTP_HEAD,
             "fields: the head is complete");
    HF_CHECK(hf_view_is(head.location, "http://elsewhere.example/"),
             "fields: Location, in any case, trimmed");
    HF_CHECK(hf_view_is(head.date, "Sun, 06 Nov 1994 08:49:37 GMT"),
             "fields: Date");
    HF_CHECK(head.chunked, "fields: a transfer coding is noted");
    HF_CHECK(head.len == sizeof(text) - 1 - 4,
             "fields: the head ends before the body");
}

/* Every cut of a good head asks for more; the limit holds with and without an
 * end. */
static void test_cuts(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n";
    HF_AUTO(hf_free_ptr) char *large = malloc(HF_HTTP_HEAD_MAX + 64);
    struct hf_http_head head;
    bool good = true;
    size_t at;

    for (size_t len = 0; len < sizeof(text) - 1; len++)
        good = good &&
               hf_http_head_read(hf_view(text, len), &head) == HF_HTTP_MORE;
    HF_CHECK(good, "cut anywhere: more is needed");
    HF_CHECK(large != NULL, "memory for a large head");
    if (!large)
        return;
    at = strlen(text) - 2;
    memcpy(large, text, at);
    while (at < HF_HTTP_HEAD_MAX) {
        memcpy(large + at, "A: b\r\n", 6);
        at += 6;
    }
    HF_CHECK(hf_http_head_read(hf_view(large, at), &head) == HF_HTTP_BAD,
             "limit: fields without an end");
    memcpy(large + at, "\r\n", 2);
    HF_CHECK(hf_http_head_read(hf_view(large, at + 2), &head) == HF_HTTP_BAD,
             "limit: an end that comes too late");
    HF_CHECK(hf_http_head_read(hf_view("HTTP/1.1 200 O\0K\r\n\r\n", 20),
                               &head) == HF_HTTP_BAD,
             "a NUL byte is refused");
}

static void test_dates(void)
{
    static const struct {
        const char *name, *text;
        int64_t want; /* -1: refused */
    } row[] = {
        { "RFC 9110's own", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "a leap day", "Thu, 29 Feb 2024 23:59:59 GMT", 1709251199 },
        { "after 2038", "Mon, 10 Nov 2042 00:00:00 GMT", 2299190400 },
        { "RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", -1 },
        { "asctime", "Sun Nov  6 08:49:37 1994", -1 },
        { "another zone", "Sun, 06 Nov 1994 08:49:37 CET", -1 },
        { "no such day", "Tue, 30 Feb 2021 00:00:00 GMT", -1 },
        { "no such month", "Sun, 06 Nox 1994 08:49:37 GMT", -1 },
        { "no such weekday", "Sux, 06 Nov 1994 08:49:37 GMT", -1 },
        { "hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", -1 },
        { "letters for digits", "Sun, 0x Nov 1994 08:49:37 GMT", -1 },
        { "one byte more", "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
        { "empty", "", -1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        int64_t got = -1;
        bool good = hf_http_date_read(hf_view_text(row[i].text), &got);

        HF_CHECK(good == (row[i].want >= 0) && got == row[i].want, "date: %s",
                 row[i].name);
    }
}

static void test_safe(void)
{
    char text[16];

    hf_http_safe(hf_view_text("220 mail"), text, sizeof(text));
    HF_CHECK(strcmp(text, "220 mail") == 0, "safe: plain text stays");
    hf_http_safe(hf_view_text("a\x1b[2J"), text, sizeof(text));
    HF_CHECK(strchr(text, 0x1b) == NULL, "safe: no escape reaches a terminal");
    hf_http_safe(hf_view_text("0123456789abcdefghij"), text, sizeof(text));
    HF_CHECK(strcmp(text, "0123456789ab...") == 0, "safe: long text is cut");
    hf_http_safe(hf_view_text("0123456789a\xc3\xa4\xc3\xa4\xc3\xa4"), text,
                 sizeof(text));
    HF_CHECK(strcmp(text, "0123456789a...") == 0,
             "safe: no character is cut in two");
    hf_http_safe(hf_view_text("0123456789abcde"), text, sizeof(text));
    HF_CHECK(strcmp(text, "0123456789abcde") == 0, "safe: what just fits");
    hf_http_safe(hf_view(NULL, 0), text, sizeof(text));
    HF_CHECK(text[0] == '\0', "safe: nothing");
}

int main(void)
{
    test_heads();
    test_fields();
    test_cuts();
    test_dates();
    test_safe();
    return hf_test_end();
}
