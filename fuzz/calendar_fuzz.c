/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_fuzz.c - a time that is read is in range and reads back. */
#include "base/calendar.h"
#include "fuzz.h"

#define NOW_S 1900000000
#define TEXT_MAX 128 /* bytes; a longer text is refused like any other */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX + 1], written[HF_TIME_TEXT];
    int64_t s = INT64_MIN, again;
    struct hf_err err = { 0 };

    if (size > TEXT_MAX)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    if (hf_calendar_read(text, NOW_S, &s, &err) < 0) {
        HF_PROMISE(s == INT64_MIN && err.n == 1 && err.code == HF_E_USAGE);
        return 0;
    }
    hf_calendar_rfc3339(s, written);
    HF_PROMISE(hf_calendar_read(written, NOW_S, &again, &err) == 0);
    HF_PROMISE(again == s);
    return 0;
}
