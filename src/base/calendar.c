/* SPDX-License-Identifier: Apache-2.0 */
/* base/calendar.c - unix seconds and the dates people write. */
#include "base/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#define YEAR_0_S (-62167219200LL)  /* 0000-01-01T00:00:00Z */
#define YEAR_9999_S 253402300799LL /* 9999-12-31T23:59:59Z */

struct date {
    int year, month, day, hour, minute, second;
};

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

static struct date date_of(int64_t time_s)
{
    struct date d;
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

bool hf_calendar_s(int year, int month, int day, int hour, int minute,
                   int second, int64_t *ret_s)
{
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59)
        return false;
    *ret_s = days_of(year, month, day) * HF_DAY_S + hour * 3600 + minute * 60 +
             second;
    return true;
}

const char *hf_calendar_rfc3339(int64_t time_s, char ret_text[HF_TIME_TEXT])
{
    struct date d = date_of(time_s);

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

/* +90d and the like. */
static bool read_offset(const char *text, int64_t now_s, int64_t *ret_s)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    int64_t unit = unit_s(*end), span;

    if (end == text + 1 || unit == 0 || end[1] != '\0' ||
        __builtin_mul_overflow((int64_t)n, unit, &span) ||
        __builtin_add_overflow(now_s, span, ret_s))
        return false;
    return *ret_s >= YEAR_0_S && *ret_s <= YEAR_9999_S;
}

static bool read_date(const char *text, int64_t *ret_s)
{
    struct date d = { 0 };
    int used = 0;
    const char *rest;

    if (sscanf(text, "%4d-%2d-%2d%n", &d.year, &d.month, &d.day, &used) != 3 ||
        used != 10)
        return false;
    rest = text + used;
    if (*rest == 'T' || *rest == ' ') {
        used = 0;
        if (sscanf(++rest, "%2d:%2d%n", &d.hour, &d.minute, &used) != 2 ||
            used != 5)
            return false;
        rest += used;
        used = 0;
        if (*rest == ':' &&
            (sscanf(rest, ":%2d%n", &d.second, &used) != 1 || used != 3))
            return false;
        rest += used;
    }
    if (*rest == 'Z')
        rest++;
    return *rest == '\0' && hf_calendar_s(d.year, d.month, d.day, d.hour,
                                          d.minute, d.second, ret_s);
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
        char *end;

        s = strtoll(text + 1, &end, 10);
        good = end != text + 1 && *end == '\0' && s >= YEAR_0_S &&
               s <= YEAR_9999_S;
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
