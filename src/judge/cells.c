/* SPDX-License-Identifier: Apache-2.0 */
/* judge/cells.c - what stands in the fields of the tables of roots. */
#include "judge/cells.h"

#include "base/calendar.h"

/* `count` digits at `at` as a number, or -1. */
static int digits(struct hf_view text, size_t at, size_t count)
{
    int value = 0;

    for (size_t i = at; i < at + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

/* Do the signs between the digits stand where they should? */
static bool has_signs(struct hf_view text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

    if (text.len != 10 && text.len != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (form[i] != 'd' && text.ptr[i] != form[i])
            return false;
    return true;
}

bool hf_cell_date(struct hf_view text, int64_t *ret_s)
{
    struct hf_date date = { 0 };

    if (!has_signs(text))
        return false;
    date.year = digits(text, 0, 4);
    date.month = digits(text, 5, 2);
    date.day = digits(text, 8, 2);
    if (text.len > 10) {
        date.hour = digits(text, 11, 2);
        date.minute = digits(text, 14, 2);
        date.second = digits(text, 17, 2);
    }
    return hf_calendar_date(date, ret_s);
}

int hf_cell_words(struct hf_view text, struct hf_texts *words,
                  struct hf_err *err)
{
    while (text.len > 0) {
        const uint8_t *blank = memchr(text.ptr, ' ', text.len);
        size_t len = blank ? (size_t)(blank - text.ptr) : text.len;

        if (len > 0 && words->count == HF_CELL_WORDS)
            return HF_FAIL(err, HF_E_LIMIT, "more than %d words",
                           HF_CELL_WORDS);
        if (len > 0 &&
            !hf_texts_take(words, hf_view_dup(hf_view(text.ptr, len))))
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
        text = hf_view_from(text, blank ? len + 1 : len);
    }
    return 0;
}

bool hf_cell_has(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at += len)
        if ((at == text || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}
