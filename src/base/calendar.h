/* SPDX-License-Identifier: Apache-2.0 */
/* base/calendar.h - unix seconds and the dates people write. */
#ifndef HF_BASE_CALENDAR_H
#define HF_BASE_CALENDAR_H

#include "base/err.h"
#include "base/view.h"

#define HF_DAY_S 86400
#define HF_TIME_TEXT 32 /* bytes any function below needs, with the NUL */

struct hf_date {
    int year, month, day; /* 0 to 9999, 1 to 12, 1 to 31 */
    int hour, minute, second;
};

/* Seconds of a UTC date of the proleptic Gregorian calendar, year 0 to 9999.
 * Ranges are checked; there are no leap seconds. Returns false for a date that
 * does not exist. */
HF_MUST_USE bool hf_calendar_date(struct hf_date date, int64_t *ret_s);
#define hf_calendar_s(year, month, day, hour, minute, second, ret_s)           \
    hf_calendar_date(                                                          \
        (struct hf_date){ year, month, day, hour, minute, second }, ret_s)

/* A FILETIME (100 ns since 1601, as Windows keeps times) in unix seconds. */
int64_t hf_calendar_filetime_s(uint64_t filetime);
/* The other way; a time before 1601 becomes 0. */
uint64_t hf_calendar_to_filetime(int64_t time_s);

/* "2031-11-10T00:00:00Z" (RFC 3339), for JSON. Times outside the years 0 to
 * 9999 are written as the nearest end. */
const char *hf_calendar_rfc3339(int64_t time_s, char ret_text[HF_TIME_TEXT]);

/* "2031-11-10", for people. */
const char *hf_calendar_day(int64_t time_s, char ret_text[HF_TIME_TEXT]);

/* "2031-11-10 00:00 UTC", for people. */
const char *hf_calendar_minute(int64_t time_s, char ret_text[HF_TIME_TEXT]);

/* Reads a time as a person types it: 2031-11-10, 2031-11-10T08:00,
 * 2031-11-10T08:00:00Z, with a blank for the T, @SECONDS, now, or +90d, -2y,
 * +12h, +3w, +6m (months of 30 days, years of 365) from `now_s`. UTC.
 * Returns 0 or HF_E_USAGE. */
HF_MUST_USE int hf_calendar_read(const char *text, int64_t now_s,
                                 int64_t *ret_s, struct hf_err *err);

#endif
