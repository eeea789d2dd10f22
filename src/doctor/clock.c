/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/clock.c - is it the certificates, or this machine's clock? */
#include <inttypes.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "doctor/host_case.h"

/* This release's date, as unix seconds: a clock before it is wrong. */
#define RELEASE_S 1793491200 /* 2026-11-01 */
#define FAR_S (25LL * 365 * HF_DAY_S)
#define SKEW_S HF_DAY_S /* ours: dates of certificates are counted in days */

static void suggest_clock(struct hf_findings *list)
{
    hf_findings_remedy(list, false, "timedatectl set-ntp true",
                       "Set the clock right and let it be kept right by NTP; "
                       "then run the doctor again.");
}

void hf_find_clock_alone(int64_t machine_s, struct hf_findings *list)
{
    char now[HF_TIME_TEXT], release[HF_TIME_TEXT];
    bool early = machine_s < RELEASE_S;

    if (!early && machine_s < RELEASE_S + FAR_S)
        return;
    hf_findings_add(list, "HF1107", HF_CERTAIN, "this machine");
    hf_findings_summary(list, "This machine's clock says %s, which cannot be.",
                        hf_calendar_minute(machine_s, now));
    hf_findings_evidence(list,
                         early ? "this program was released on %s"
                               : "that is more than 25 years after this "
                                 "program's release on %s",
                         hf_calendar_day(RELEASE_S, release));
    suggest_clock(list);
}

/* Would the dates that are at fault be right at the server's time? */
static bool explained(const struct hf_host_case *c)
{
    const struct hf_path *path = &c->host->verdict.path;
    int64_t date_s = c->host->date_s;

    for (size_t i = 0; i < path->fault_count; i++) {
        struct hf_err err;
        const struct hf_fault *fault = &path->fault[i];
        const struct hf_cert_info *info;

        if (fault->kind != HF_FAULT_EXPIRED &&
            fault->kind != HF_FAULT_NOT_YET_VALID)
            continue;
        info = hf_cert_info(path->chain.cert[fault->depth], &err);
        if (!info || date_s < info->not_before_s || date_s > info->not_after_s)
            return false;
    }
    return true;
}

void hf_find_clock(struct hf_host_case *cases, size_t count, int64_t machine_s,
                   struct hf_findings *list)
{
    size_t witnesses = 0;
    int64_t skew_s = 0;
    char here[HF_TIME_TEXT], there[HF_TIME_TEXT];

    for (size_t i = 0; i < count; i++) {
        int64_t date_s = cases[i].host->date_s;

        if (date_s == 0 || llabs(date_s - machine_s) < SKEW_S ||
            !explained(&cases[i]))
            continue;
        cases[i].clock_explains = true;
        skew_s = date_s - machine_s;
        witnesses++;
    }
    if (witnesses == 0)
        return;
    hf_findings_add(list, "HF1107", witnesses > 1 ? HF_CERTAIN : HF_LIKELY,
                    "this machine");
    hf_findings_summary(list,
                        "This machine's clock is %" PRId64 " days %s, so good "
                        "certificates look %s.",
                        (int64_t)llabs(skew_s) / HF_DAY_S,
                        skew_s > 0 ? "behind" : "ahead",
                        skew_s > 0 ? "not yet valid" : "expired");
    for (size_t i = 0; i < count; i++)
        if (cases[i].clock_explains)
            hf_findings_evidence(
                list, "%s says it is %s; this machine says %s",
                cases[i].host->label,
                hf_calendar_minute(cases[i].host->date_s, there),
                hf_calendar_minute(machine_s, here));
    suggest_clock(list);
}
