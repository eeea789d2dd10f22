/* SPDX-License-Identifier: Apache-2.0 */
/* base/calendar_test.c - dates at their edges, and times people type. */
#include "base/calendar.h"

#include <inttypes.h>
#include <time.h>

#include "hf_test.h"

#define NOW_S 1900000000LL /* 2030-03-17T17:46:40Z */
#define FIRST_S (-62167219200LL)
#define LAST_S 253402300799LL

static void test_dates(void)
{
    static const struct {
        struct hf_date date;
        int64_t want;
    } row[] = {
        { { 1970, 1, 1, 0, 0, 0 }, 0 },
        { { 1969, 12, 31, 23, 59, 59 }, -1 },
        { { 0, 1, 1, 0, 0, 0 }, FIRST_S },
        { { 0, 2, 29, 0, 0, 0 }, FIRST_S + 59LL * HF_DAY_S },
        { { 9999, 12, 31, 23, 59, 59 }, LAST_S },
        { { 1900, 2, 28, 0, 0, 0 }, -2203977600LL },
        { { 1900, 3, 1, 0, 0, 0 }, -2203891200LL },
        { { 2000, 2, 29, 0, 0, 0 }, 951782400 },
        { { 2000, 3, 1, 0, 0, 0 }, 951868800 },
        { { 2024, 2, 29, 12, 30, 15 }, 1709209815 },
        { { 2038, 1, 19, 3, 14, 8 }, 2147483648LL },
        { { 2100, 2, 28, 23, 59, 59 }, 4107542399LL },
        { { 2100, 3, 1, 0, 0, 0 }, 4107542400LL },
        { { 2031, 11, 10, 0, 0, 0 }, 1952035200 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        int64_t s = 1;
        char text[HF_TIME_TEXT];

        HF_CHECK(hf_calendar_date(row[i].date, &s) && s == row[i].want,
                 "%s is %" PRId64, hf_calendar_rfc3339(row[i].want, text), s);
    }
}

static void test_no_dates(void)
{
    static const struct hf_date row[] = {
        { -1, 12, 31, 23, 59, 59 }, { 10000, 1, 1, 0, 0, 0 },
        { 2001, 0, 1, 0, 0, 0 },    { 2001, 13, 1, 0, 0, 0 },
        { 2001, 1, 0, 0, 0, 0 },    { 2001, 1, 32, 0, 0, 0 },
        { 2001, 4, 31, 0, 0, 0 },   { 2001, 2, 29, 0, 0, 0 },
        { 1900, 2, 29, 0, 0, 0 },   { 2100, 2, 29, 0, 0, 0 },
        { 2000, 2, 30, 0, 0, 0 },   { 2001, 1, 1, 24, 0, 0 },
        { 2001, 1, 1, -1, 0, 0 },   { 2001, 1, 1, 0, 60, 0 },
        { 2001, 1, 1, 0, -1, 0 },   { 2001, 1, 1, 0, 0, 60 },
        { 2001, 1, 1, 0, 0, -1 },   { 2001, -1, 1, 0, 0, 0 },
        { 2001, 1, -1, 0, 0, 0 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        int64_t s = 7;

        HF_CHECK(!hf_calendar_date(row[i], &s) && s == 7,
                 "no such date: %d-%d-%d %d:%d:%d", row[i].year, row[i].month,
                 row[i].day, row[i].hour, row[i].minute, row[i].second);
    }
}

/* The same as the C library says, there and back. */
static bool agrees(int64_t s)
{
    time_t t = (time_t)s;
    struct hf_date date;
    struct tm tm;
    char want[64], text[HF_TIME_TEXT];
    int64_t back;

    if (!gmtime_r(&t, &tm))
        return false;
    (void)snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ",
                   tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                   tm.tm_min, tm.tm_sec);
    date = (struct hf_date){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                             tm.tm_hour,        tm.tm_min,     tm.tm_sec };
    return strcmp(hf_calendar_rfc3339(s, text), want) == 0 &&
           hf_calendar_date(date, &back) && back == s;
}

static void test_round_trip(void)
{
    int64_t wrong = 0, count = 0;

    /* a step that is no divisor of a day, so that all hours come up */
    for (int64_t s = FIRST_S; s <= LAST_S; s += 911LL * 1009 * 3, count++)
        wrong += !agrees(s);
    HF_CHECK(wrong == 0 && count > 100000,
             "%" PRId64 " times from year 0 to 9999, %" PRId64 " wrong", count,
             wrong);
    /* each first and last second of each month of 1600 to 2400 */
    wrong = 0;
    for (int month = 0; month < 800 * 12; month++) {
        struct hf_date first = {
            1600 + month / 12, month % 12 + 1, 1, 0, 0, 0
        };
        int64_t s;

        wrong += !hf_calendar_date(first, &s) || !agrees(s) || !agrees(s - 1);
    }
    HF_CHECK(wrong == 0, "the turn of each month from 1600 to 2400");
}

static void test_texts(void)
{
    static const struct {
        int64_t s;
        const char *full, *day, *minute;
    } row[] = {
        { 0, "1970-01-01T00:00:00Z", "1970-01-01", "1970-01-01 00:00 UTC" },
        { 1952071445, "2031-11-10T10:04:05Z", "2031-11-10",
          "2031-11-10 10:04 UTC" },
        { FIRST_S - 1, "0000-01-01T00:00:00Z", "0000-01-01",
          "0000-01-01 00:00 UTC" },
        { INT64_MIN, "0000-01-01T00:00:00Z", "0000-01-01",
          "0000-01-01 00:00 UTC" },
        { INT64_MAX, "9999-12-31T23:59:59Z", "9999-12-31",
          "9999-12-31 23:59 UTC" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        char full[HF_TIME_TEXT], day[HF_TIME_TEXT], minute[HF_TIME_TEXT];

        HF_CHECK(
            strcmp(hf_calendar_rfc3339(row[i].s, full), row[i].full) == 0 &&
                strcmp(hf_calendar_day(row[i].s, day), row[i].day) == 0 &&
                strcmp(hf_calendar_minute(row[i].s, minute), row[i].minute) ==
                    0,
            "%" PRId64 ": %s, %s, %s", row[i].s, full, day, minute);
    }
}

static void test_read(void)
{
    static const struct {
        const char *text;
        int64_t want;
    } row[] = {
        { "now", NOW_S },
        { "2031-11-10", 1952035200 },
        { "2031-11-10T08:00", 1952064000 },
        { "2031-11-10 08:00", 1952064000 },
        { "2031-11-10T08:00Z", 1952064000 },
        { "2031-11-10T08:00:09", 1952064009 },
        { "2031-11-10T08:00:09Z", 1952064009 },
        { "2000-02-29", 951782400 },
        { "0000-01-01", FIRST_S },
        { "9999-12-31T23:59:59Z", LAST_S },
        { "@0", 0 },
        { "@1952035200", 1952035200 },
        { "@-1", -1 },
        { "@-62167219200", FIRST_S },
        { "@253402300799", LAST_S },
        { "+0d", NOW_S },
        { "+90d", NOW_S + 90LL * HF_DAY_S },
        { "-2y", NOW_S - 730LL * HF_DAY_S },
        { "+12h", NOW_S + 12LL * 3600 },
        { "+3w", NOW_S + 21LL * HF_DAY_S },
        { "+6m", NOW_S + 180LL * HF_DAY_S },
        { "-5s", NOW_S - 5 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err;
        int64_t s = 1;

        HF_CHECK(hf_calendar_read(row[i].text, NOW_S, &s, &err) == 0 &&
                     s == row[i].want,
                 "'%s' is %" PRId64, row[i].text, s);
    }
}

static const char *const no_times[] = {
    "",
    " ",
    "today",
    "nowadays",
    "Now",
    "2031",
    "2031-11",
    "2031-11-",
    "2031-1-10",
    "31-11-10",
    "  31-11-10",
    " 2031-11-10",
    "2031-11-10 ",
    "2031-+1-10",
    "2031- 1-10",
    "-031-11-10",
    "12031-11-10",
    "2031-11-31",
    "2031-02-29",
    "2031-00-10",
    "2031/11/10",
    "2031-11-10Z",
    "2031-11-10T",
    "2031-11-10T8:00",
    "2031-11-10T08",
    "2031-11-10T08:",
    "2031-11-10T08:0",
    "2031-11-10T08: 0",
    "2031-11-10T08:00:",
    "2031-11-10T08:00:9",
    "2031-11-10T08:00:60Z",
    "2031-11-10T24:00:00Z",
    "2031-11-10T08:00:00z",
    "2031-11-10T08:00:00+01:00",
    "2031-11-10T08:00:00ZZ",
    "@",
    "@-",
    "@--1",
    "@+1",
    "@ 1",
    "@1.5",
    "@1x",
    "@253402300800",
    "@-62167219201",
    "@9223372036854775808",
    "@-9223372036854775809",
    "+",
    "-",
    "+d",
    "+90",
    "+90D",
    "+90dd",
    "+90 d",
    "+ 90d",
    "+-90d",
    "++90d",
    "+9000y",
    "-3000y",
    "+9223372036854775807s",
    "+9223372036854775807y",
    "-9223372036854775807y",
    "+99999999999999999999d",
};

static void test_read_not(void)
{
    for (size_t i = 0; i < HF_COUNT(no_times); i++) {
        struct hf_err err = { 0 };
        int64_t s = 7;
        int status = hf_calendar_read(no_times[i], NOW_S, &s, &err);

        HF_CHECK(status == HF_E_USAGE && err.code == HF_E_USAGE && s == 7 &&
                     strstr(err.frame[0].text, no_times[i]),
                 "'%s' is refused, and named", no_times[i]);
    }
}

int main(void)
{
    test_dates();
    test_no_dates();
    test_round_trip();
    test_texts();
    test_read();
    test_read_not();
    return hf_test_end();
}
