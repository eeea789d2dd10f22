/* SPDX-License-Identifier: Apache-2.0 */
/* base/calendar.c - unix seconds and the dates people write. */
#include "base/calendar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define YEAR_0_S (-62167219200LL)  /* 0000-01-01T00:00:00Z */
#define YEAR_9999_S 253402300799LL /* 9999-12-31T23:59:59Z */

/* Days since 1970-01-01, counted from March so that the leap day comes last
 * in a year; 719468 days lie between 0000-03-01 and 1970-01-01. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year =
        (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 -
           year_of_era / 100 + day_of_year - 719468;
}

static struct hf_date date_of(int64_t time_s)
{
    struct hf_date d;
    int64_t days, rest, era, day_of_era, year_of_era, day_of_year, month;

    if (time_s < YEAR_0_S)
        time_s = YEAR_0_S;
    if (time_s > YEAR_9999_S)
        time_s = YEAR_9999_S;
    days = time_s / HF_DAY_S;
    rest = time_s % HF_DAY_S;
    if (rest < 0) {
        rest += HF_DAY_S;
        days--;
    }
    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = days - era * 146097;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                   day_of_era / 146096) /
                  365;
    day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month = (5 * day_of_year + 2) / 153;
    d.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    d.month = (int)(month < 10 ? month + 3 : month - 9);
    d.year = (int)(year_of_era + era * 400 + (d.month <= 2));
    d.hour = (int)(rest / 3600);
    d.minute = (int)(rest / 60 % 60);
    d.second = (int)(rest % 60);
    return d;
}

static int days_in(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool hf_calendar_date(struct hf_date d, int64_t *ret_s)
{
    if (d.year < 0 || d.year > 9999 || d.month < 1 || d.month > 12 ||
        d.day < 1 || d.day > days_in(d.year, d.month) || d.hour < 0 ||
        d.hour > 23 || d.minute < 0 || d.minute > 59 || d.second < 0 ||
        d.second > 59)
        return false;
    *ret_s = days_of(d.year, d.month, d.day) * HF_DAY_S + d.hour * 3600 +
             d.minute * 60 + d.second;
    return true;
}

const char *hf_calendar_rfc3339(int64_t time_s, char ret_text[HF_TIME_TEXT])
{
    struct hf_date d = date_of(time_s);

    (void)snprintf(ret_text, HF_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
                   (unsigned)d.year % 10000, (unsigned)d.month % 100,
                   (unsigned)d.day % 100, (unsigned)d.hour % 100,
                   (unsigned)d.minute % 100, (unsigned)d.second % 100);
    return ret_text;
}

const char *hf_calendar_day(int64_t time_s, char ret_text[HF_TIME_TEXT])
{
    hf_calendar_rfc3339(time_s, ret_text);
    ret_text[10] = '\0';
    return ret_text;
}

const char *hf_calendar_minute(int64_t time_s, char ret_text[HF_TIME_TEXT])
{
    hf_calendar_rfc3339(time_s, ret_text);
    ret_text[10] = ' ';
    memcpy(ret_text + 16, " UTC", sizeof(" UTC"));
    return ret_text;
}

static int64_t unit_s(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'h':
        return 3600;
    case 'd':
        return HF_DAY_S;
    case 'w':
        return 7LL * HF_DAY_S;
    case 'm':
        return 30LL * HF_DAY_S;
    case 'y':
        return 365LL * HF_DAY_S;
    default:
        return 0;
    }
}

/* Digits only: strtoll would also take blanks and a sign. */
static bool read_number(const char **text, int64_t *ret_n)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *ret_n = strtoll(*text, &end, 10);
    *text = end;
    return errno == 0;
}

static bool in_range(int64_t s)
{
    return s >= YEAR_0_S && s <= YEAR_9999_S;
}

/* +90d and the like. */
static bool read_offset(const char *text, int64_t now_s, int64_t *ret_s)
{
    bool back = *text++ == '-';
    int64_t n, unit, span;

    if (!read_number(&text, &n))
        return false;
    unit = unit_s(*text);
    return unit != 0 && text[1] == '\0' &&
           !__builtin_mul_overflow(back ? -n : n, unit, &span) &&
           !__builtin_add_overflow(now_s, span, ret_s) && in_range(*ret_s);
}

/* Seconds since 1970, with or without a minus. */
static bool read_seconds(const char *text, int64_t *ret_s)
{
    bool before = *text == '-';
    int64_t n;

    text += before;
    if (!read_number(&text, &n) || *text != '\0')
        return false;
    *ret_s = before ? -n : n;
    return in_range(*ret_s);
}

/* Exactly `digits` digits; moves on. */
static bool read_part(const char **text, int digits, int *ret_n)
{
    int n = 0;

    for (; digits > 0; digits--, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        n = n * 10 + (**text - '0');
    }
    *ret_n = n;
    return true;
}

static bool read_mark(const char **text, char mark)
{
    bool there = **text == mark;

    *text += there;
    return there;
}

/* 08:00, 08:00:00, either with Z. */
static bool read_clock(const char **text, struct hf_date *d)
{
    if (!read_part(text, 2, &d->hour) || !read_mark(text, ':') ||
        !read_part(text, 2, &d->minute))
        return false;
    if (read_mark(text, ':') && !read_part(text, 2, &d->second))
        return false;
    (void)read_mark(text, 'Z');
    return true;
}

static bool read_date(const char *text, int64_t *ret_s)
{
    struct hf_date d = { 0 };

    if (!read_part(&text, 4, &d.year) || !read_mark(&text, '-') ||
        !read_part(&text, 2, &d.month) || !read_mark(&text, '-') ||
        !read_part(&text, 2, &d.day))
        return false;
    if ((read_mark(&text, 'T') || read_mark(&text, ' ')) &&
        !read_clock(&text, &d))
        return false;
    return *text == '\0' && hf_calendar_date(d, ret_s);
}

int hf_calendar_read(const char *text, int64_t now_s, int64_t *ret_s,
                     struct hf_err *err)
{
    int64_t s = now_s;
    bool good;

    if (strcmp(text, "now") == 0) {
        good = true;
    } else if (*text == '+' || *text == '-') {
        good = read_offset(text, now_s, &s);
    } else if (*text == '@') {
        good = read_seconds(text + 1, &s);
    } else {
        good = read_date(text, &s);
    }
    if (!good)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is not a time: write 2031-11-10, "
                       "2031-11-10T08:00Z, +90d or @1952035200",
                       text);
    *ret_s = s;
    return 0;
}

/* --- Windows -------------------------------------------------------------- */

#define FILETIME_SECOND 10000000           /* 100 ns in a second */
#define FILETIME_UNIX INT64_C(11644473600) /* seconds from 1601 to 1970 */

int64_t hf_calendar_filetime_s(uint64_t filetime)
{
    return (int64_t)(filetime / FILETIME_SECOND) - FILETIME_UNIX;
}

uint64_t hf_calendar_to_filetime(int64_t time_s)
{
    if (time_s < -FILETIME_UNIX)
        return 0;
    if (time_s > INT64_MAX / FILETIME_SECOND - FILETIME_UNIX)
        return INT64_MAX;
    return (uint64_t)(time_s + FILETIME_UNIX) * FILETIME_SECOND;
}
