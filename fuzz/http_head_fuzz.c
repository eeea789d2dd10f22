/* SPDX-License-Identifier: Apache-2.0 */
/* http_head_fuzz.c - a response head is the same however it is cut, and its
 * date is in the calendar. */
#include <string.h>

#include "base/calendar.h"
#include "fuzz.h"
#include "net/http.h"

static void check_head(struct hf_view all, const struct hf_http_head *head)
{
    struct hf_http_head again;
    char text[64];

    HF_PROMISE(head->len > 0 && head->len <= all.len &&
               head->len <= HF_HTTP_HEAD_MAX);
    HF_PROMISE(head->status >= 100 && head->status <= 999);
    HF_PROMISE(hf_http_head_read(hf_view(all.ptr, head->len), &again) ==
               HF_HTTP_HEAD);
    HF_PROMISE(again.len == head->len && again.status == head->status &&
               again.length == head->length);
    /* what is missing one byte is not complete, and not refused either */
    HF_PROMISE(hf_http_head_read(hf_view(all.ptr, head->len - 1), &again) ==
               HF_HTTP_MORE);
    hf_http_safe(head->reason, text, sizeof(text));
    HF_PROMISE(strlen(text) < sizeof(text) && !strpbrk(text, "\x1b\r\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view all = hf_view(data, size);
    struct hf_http_head head;
    int64_t date_s;

    if (hf_http_head_read(all, &head) == HF_HTTP_HEAD)
        check_head(all, &head);
    if (hf_http_date_read(all, &date_s)) {
        char text[HF_TIME_TEXT];

        hf_calendar_rfc3339(date_s, text);
        HF_PROMISE(size == 29 && memcmp(text, data + 12, 4) == 0);
    }
    return 0;
}
