/* SPDX-License-Identifier: Apache-2.0 */
/* net/http.c - the head of an HTTP/1 response, as little of it as we need. */
#include "net/http.h"

#include <stdio.h>

#include "base/calendar.h"
#include "base/utf8.h"

/* Number of exactly `text.len` digits, or -1. */
static int digits(struct hf_view text)
{
    int n = 0;

    if (text.len == 0 || text.len > 4)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        n = n * 10 + (text.ptr[i] - '0');
    }
    return n;
}

/* "HTTP/1.x NNN reason"; a missing reason and blank are let pass. */
static bool status_line(struct hf_view line, struct hf_http_head *head)
{
    if (line.len < 12 || !hf_view_starts(line, "HTTP/1.") ||
        digits(hf_view(line.ptr + 7, 1)) < 0 || line.ptr[8] != ' ')
        return false;
    head->status = digits(hf_view(line.ptr + 9, 3));
    if (head->status < 100 || (line.len > 12 && line.ptr[12] != ' '))
        return false;
    head->reason = hf_view_trim(hf_view_from(line, 12));
    return true;
}

static bool set_length(struct hf_view value, struct hf_http_head *head)
{
    uint64_t n = 0;

    if (value.len == 0 || value.len > 18)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(value.ptr[i] - '0');
    }
    if (head->has_length && head->length != n)
        return false;
    head->has_length = true;
    head->length = n;
    return true;
}

static bool is_name(struct hf_view name, const char *want)
{
    return hf_view_same_nocase(name, hf_view_text(want));
}

static bool field_line(struct hf_view line, struct hf_http_head *head)
{
    size_t colon = hf_view_find(line, ":");
    struct hf_view name, value;

    /* a blank before the colon or at the start could be read two ways */
    if (colon == SIZE_MAX || colon == 0 || line.ptr[0] <= ' ' ||
        line.ptr[colon - 1] <= ' ')
        return false;
    name = hf_view(line.ptr, colon);
    value = hf_view_trim(hf_view_from(line, colon + 1));
    if (is_name(name, "content-length"))
        return set_length(value, head);
    if (is_name(name, "transfer-encoding"))
        head->chunked = true;
    else if (is_name(name, "date"))
        head->date = value;
    else if (is_name(name, "location"))
        head->location = value;
    return true;
}

/* Could these bytes still become a status line? */
static bool may_start(struct hf_view bytes)
{
    size_t len = bytes.len < 7 ? bytes.len : 7;

    return memcmp("HTTP/1.", bytes.ptr, len) == 0;
}

enum hf_http hf_http_head_read(struct hf_view bytes,
                               struct hf_http_head *ret_head)
{
    struct hf_http_head head = { 0 };
    struct hf_view rest = bytes;
    bool first = true;

    if (bytes.len == 0)
        return HF_HTTP_MORE;
    if (!may_start(bytes))
        return HF_HTTP_BAD;
    while (memchr(rest.ptr, '\n', rest.len)) {
        struct hf_view line = hf_view_line(&rest);

        if (memchr(line.ptr, '\0', line.len))
            return HF_HTTP_BAD;
        if (!first && line.len == 0) {
            head.len = bytes.len - rest.len;
            if (head.len > HF_HTTP_HEAD_MAX)
                return HF_HTTP_BAD;
            *ret_head = head;
            return HF_HTTP_HEAD;
        }
        if (first ? !status_line(line, &head) : !field_line(line, &head))
            return HF_HTTP_BAD;
        first = false;
        if (rest.len == 0)
            break;
    }
    return bytes.len >= HF_HTTP_HEAD_MAX ? HF_HTTP_BAD : HF_HTTP_MORE;
}

/* Index in a list of three-letter names, or -1. */
static int three(struct hf_view text, const char *names)
{
    for (int i = 0; names[i * 3]; i++)
        if (memcmp(text.ptr, names + i * 3, 3) == 0)
            return i;
    return -1;
}

bool hf_http_date_read(struct hf_view text, int64_t *ret_s)
{
    static const char shape[] = "***, ## *** #### ##:##:## GMT";
    const uint8_t *at = text.ptr;
    int month;

    if (text.len != sizeof(shape) - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (shape[i] != '*' && shape[i] != '#' && at[i] != (uint8_t)shape[i])
            return false;
    month = three(hf_view(at + 8, 3), "JanFebMarAprMayJunJulAugSepOctNovDec");
    if (month < 0 || three(text, "MonTueWedThuFriSatSun") < 0)
        return false;
    /* digits() gives -1 for what is none, which no calendar has */
    return hf_calendar_s(
        digits(hf_view(at + 12, 4)), month + 1, digits(hf_view(at + 5, 2)),
        digits(hf_view(at + 17, 2)), digits(hf_view(at + 20, 2)),
        digits(hf_view(at + 23, 2)), ret_s);
}

void hf_http_safe(struct hf_view text, char *ret_text, size_t room)
{
    struct hf_view shown = { text.ptr, text.len < room ? text.len : room };
    size_t len;
    struct hf_buf safe;

    hf_buf_init(&safe, 8 * room + 1);
    hf_utf8_safe(&safe, shown);
    hf_buf_add(&safe, "", 1);
    len = safe.bad ? 0 : safe.len - 1;
    if (len < room && shown.len == text.len) {
        snprintf(ret_text, room, "%.*s", (int)len, len ? (char *)safe.ptr : "");
    } else {
        len = len < room - 4 ? len : room - 4;
        while (len > 0 && (safe.ptr[len] & 0xc0) == 0x80)
            len--; /* not in the middle of a character */
        snprintf(ret_text, room, "%.*s...", (int)len,
                 len ? (char *)safe.ptr : "");
    }
    hf_buf_done(&safe);
}
