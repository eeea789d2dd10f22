/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_ending.c - what a product has today and will lack on a later day.
 */
#include <stdio.h>

#include "base/calendar.h"
#include "judge/need.h"

static void tell(const struct hf_product_verdict *verdict,
                 const struct hf_need *need, const char *store_name,
                 int64_t end_s, struct hf_findings *list)
{
    char subject[300], command[120], day[HF_TIME_TEXT];

    (void)snprintf(subject, sizeof(subject), "%s: %s", verdict->product->name,
                   need->name);
    (void)snprintf(command, sizeof(command), "holdfast product show %s -v",
                   verdict->product->id);
    hf_findings_add(list, "HF1215", HF_CERTAIN, subject);
    hf_findings_summary(list,
                        "%s needs this certificate, the store '%s' has it, and "
                        "it ends on %s.",
                        verdict->product->name, store_name,
                        hf_calendar_day(end_s, day));
    if (need->source)
        hf_findings_evidence(list, "needed according to: %s", need->source);
    hf_findings_evidence(list, "its last day is %s", day);
    hf_findings_remedy(list, false, command,
                       "Ask the vendor which root follows, and have it in "
                       "place before that day.");
}

void hf_product_verdict_ending(const struct hf_product_verdict *verdict,
                               const char *store_name, int64_t now_s,
                               int64_t at_s, struct hf_findings *list)
{
    for (size_t i = 0; i < verdict->need_count; i++) {
        const struct hf_need_verdict *need = &verdict->need[i];
        struct hf_err err;
        const struct hf_cert_info *info;

        if (need->state != HF_NEED_PRESENT || !need->cert ||
            need->need->expiry_tolerated)
            continue;
        info = hf_cert_info(need->cert, &err);
        if (info && info->not_after_s >= now_s && info->not_after_s < at_s)
            tell(verdict, need->need, store_name, info->not_after_s, list);
    }
}
