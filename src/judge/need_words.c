/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_words.c - verdicts in words. */
#include "judge/need_words.h"

#include <stdlib.h>

#include "base/calendar.h"

#define REASON_MAX 2000 /* bytes; ours: four rows of distrust and a source */

const char *hf_need_state_name(enum hf_need_state state)
{
    static const char *const name[] = {
        [HF_NEED_PRESENT] = "present",
        [HF_NEED_MISSING] = "missing",
        [HF_NEED_NO_BODY] = "body unavailable",
        [HF_NEED_EXPIRED] = "expired",
        [HF_NEED_DISTRUSTED] = "distrusted",
        [HF_NEED_NOT_TLS] = "not for TLS",
        [HF_NEED_MISPLACED] = "misplaced",
        [HF_NEED_ON_DEMAND] = "on demand",
        [HF_NEED_SPARED] = "not needed",
    };

    return name[state];
}

void hf_need_purposes(struct hf_buf *out, const struct hf_need *need)
{
    static const struct {
        unsigned bit;
        const char *text;
    } word[] = {
        { HF_NEED_TLS, "TLS" },
        { HF_NEED_CODESIGN, "code signing" },
        { HF_NEED_TIMESTAMP, "timestamps" },
        { HF_NEED_CROSS, "cross-signing" },
    };
    const char *comma = "";

    for (size_t i = 0; i < HF_COUNT(word); i++) {
        if (!(need->purposes & word[i].bit))
            continue;
        hf_buf_printf(out, "%s%s", comma, word[i].text);
        comma = ", ";
    }
}

static void semicolon(struct hf_buf *out)
{
    if (out->len > 0)
        hf_buf_text(out, "; ");
}

/* All rows that hold, not the weightiest only: an administrator asks who else
 * refuses it. A platform that disallows a root needs no second sentence. */
static void add_distrust(struct hf_buf *out, const struct hf_need_ask *ask,
                         const struct hf_need_verdict *verdict)
{
    const struct hf_distrust_row *row;
    size_t count;

    if (!verdict->distrust)
        return;
    semicolon(out);
    hf_distrust_words(out, verdict->distrust);
    row = hf_distrust_rows(ask->distrust, verdict->distrust->sha256, &count);
    for (size_t i = 0; i < count; i++) {
        if (!hf_distrust_holds(&row[i], ask->at_s) ||
            strcmp(row[i].platform, verdict->distrust->platform) == 0)
            continue;
        semicolon(out);
        hf_distrust_words(out, &row[i]);
    }
}

void hf_need_against(struct hf_buf *out, const struct hf_need_ask *ask,
                     const struct hf_need_verdict *verdict)
{
    char day[HF_TIME_TEXT];
    struct hf_err err;
    const struct hf_cert_info *info =
        verdict->expired ? hf_cert_info(verdict->cert, &err) : NULL;

    if (info) {
        semicolon(out);
        hf_buf_printf(out, "ended on %s",
                      hf_calendar_day(info->not_after_s, day));
        if (verdict->need->expiry_tolerated)
            hf_buf_text(out, ", though files signed with a timestamp before "
                             "then still lead to it");
    }
    add_distrust(out, ask, verdict);
}

static void not_tls(struct hf_buf *out, const struct hf_need_ask *ask,
                    const struct hf_need *need)
{
    if (need->store == HF_NEED_CA) {
        hf_buf_text(out, ask->is_list
                             ? "an intermediate; trust lists name roots only"
                             : "an intermediate; Linux bundles hold anchors "
                               "only");
        return;
    }
    hf_buf_text(out, "for ");
    hf_need_purposes(out, need);
    hf_buf_text(out, " only; in a Linux bundle it would vouch for TLS servers "
                     "too");
}

/* Why it never came: the list the machine goes by does not know it. */
static void not_listed(struct hf_buf *out, const struct hf_need_ask *ask,
                       const struct hf_need *need)
{
    char day[HF_TIME_TEXT];

    if (!ask->ctl || !need->has_sha1 || need->store == HF_NEED_CA)
        return;
    hf_buf_printf(out, "; the list of %s that this machine goes by %s it",
                  hf_calendar_day(ask->ctl->this_update_s, day),
                  hf_ctl_find(ask->ctl, need->sha1) ? "names"
                                                    : "does not name");
}

static void absent(struct hf_buf *out, const struct hf_need_ask *ask,
                   const struct hf_need_verdict *verdict)
{
    const struct hf_need *need = verdict->need;

    switch (verdict->state) {
    case HF_NEED_MISSING:
        hf_buf_text(out, "absent, can be imported");
        not_listed(out, ask, need);
        break;
    case HF_NEED_ON_DEMAND:
        hf_buf_text(out, "absent, but on the list this machine goes by: "
                         "Windows fetches it when it is first needed");
        break;
    case HF_NEED_NO_BODY:
        if (verdict->no_anchor)
            not_tls(out, ask, need);
        semicolon(out);
        hf_buf_text(out, verdict->sha1_only
                             ? HF_NEED_SHA1_ONLY
                             : "no copy with the right hash is at hand");
        if (need->get_from)
            hf_buf_printf(out, "%s get it from %s",
                          verdict->sha1_only ? ";" : ":", need->get_from);
        if (!verdict->no_anchor)
            not_listed(out, ask, need);
        break;
    case HF_NEED_NOT_TLS:
        not_tls(out, ask, need);
        break;
    default:
        break; /* what speaks against it is the reason */
    }
}

static const char *const misplaced[] = {
    [HF_AMONG_ANCHORS] = "an intermediate among the anchors: whatever it "
                         "issued is trusted without its root",
    [HF_AMONG_ISSUERS] = "a root among the intermediates: nothing below it is "
                         "trusted",
    [HF_AMONG_REFUSED] = "among the disallowed: everything below it is refused",
};

int hf_need_reason(const struct hf_need_ask *ask,
                   struct hf_need_verdict *verdict, const char *met_by,
                   struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf out;

    hf_buf_init(&out, REASON_MAX);
    if (verdict->state == HF_NEED_PRESENT)
        hf_buf_text(&out, ask->is_list ? "on the list" : "in the store");
    else if (verdict->state == HF_NEED_MISPLACED)
        hf_buf_text(&out, misplaced[verdict->among]);
    else if (verdict->state == HF_NEED_SPARED)
        hf_buf_printf(&out, "one of its group is enough, and that is '%s'",
                      met_by);
    else
        absent(&out, ask, verdict);
    if (verdict->state != HF_NEED_SPARED)
        hf_need_against(&out, ask, verdict);
    if (verdict->sha1_only && verdict->cert)
        hf_buf_text(&out, "; known by SHA-1 only");
    if (out.bad == HF_E_LIMIT) { /* a get_from as long as a novel: its start */
        out.bad = 0;
        out.max++; /* for the NUL */
    }
    free(verdict->reason);
    verdict->reason = hf_buf_steal(&out);
    if (!verdict->reason)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a verdict");
    return 0;
}
