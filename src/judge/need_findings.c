/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_findings.c - a product's verdict as findings with remedies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "judge/need_words.h"

#define SUBJECT_MAX 300 /* bytes; "PRODUCT: certificate", cut if longer */
#define COMMAND_MAX 200 /* bytes; ids have at most 64 */

/* A verdict on its way into the list. */
struct telling {
    const struct hf_product *product;
    const struct hf_need_verdict *verdict;
    const char *store_name;
    struct hf_findings *list;
};

static void begin(const struct telling *t, const char *code)
{
    char subject[SUBJECT_MAX];

    (void)snprintf(subject, sizeof(subject), "%s: %s", t->product->name,
                   t->verdict->need->name);
    hf_findings_add(t->list, code, HF_CERTAIN, subject);
}

/* Which certificate it is, until when, and who says that it is needed. */
static void evidence(const struct telling *t)
{
    const struct hf_need *need = t->verdict->need;
    const struct hf_cert_info *info;
    char hex[65], day[HF_TIME_TEXT];
    struct hf_err err;

    if (need->has_sha256) {
        hf_hex(hf_view(need->sha256, sizeof(need->sha256)), hex);
        hf_findings_evidence(t->list, "SHA-256 %s", hex);
    }
    if (need->has_sha1) {
        hf_hex(hf_view(need->sha1, sizeof(need->sha1)), hex);
        hf_findings_evidence(t->list, "SHA-1 %s", hex);
    }
    info = t->verdict->cert ? hf_cert_info(t->verdict->cert, &err) : NULL;
    if (info)
        hf_findings_evidence(t->list, "%s %s",
                             t->verdict->expired ? "ended on" : "valid until",
                             hf_calendar_day(info->not_after_s, day));
    if (t->verdict->where)
        hf_findings_evidence(t->list, "stands at %s", t->verdict->where);
    if (need->versions)
        hf_findings_evidence(t->list, "needed by %s", need->versions);
    if (need->any_of)
        hf_findings_evidence(t->list, "one of the group '%s' is enough",
                             need->any_of);
    hf_findings_evidence(t->list, "known from: %s (%s)",
                         need->source ? need->source : "no source named",
                         hf_confidence_name(need->confidence));
}

/* What people see without it, so that they know it when they see it. */
static void symptoms(const struct telling *t)
{
    const struct hf_text_list *list = &t->product->symptoms;

    for (size_t i = 0; i < list->count; i++)
        hf_findings_evidence(t->list, "a sign of it: %s", list->text[i]);
}

/* Missing only because somebody insists on it (--include-distrusted)? */
static bool is_insisted(const struct hf_need_verdict *verdict)
{
    return verdict->expired || verdict->distrust || verdict->no_anchor;
}

static void tell_missing(const struct telling *t)
{
    HF_AUTO(hf_buf_done) struct hf_buf use;
    const char *why = strstr(t->verdict->reason, "; "); /* after "absent" */
    char command[COMMAND_MAX];
    HF_AUTO(hf_free_ptr) char *words = NULL;

    hf_buf_init(&use, COMMAND_MAX);
    hf_need_purposes(&use, t->verdict->need);
    words = hf_buf_steal(&use);
    begin(t, "HF1203");
    hf_findings_summary(t->list,
                        "%s needs this certificate (%s), and the store '%s' "
                        "lacks it.",
                        t->product->name, words ? words : "", t->store_name);
    if (why)
        hf_findings_evidence(t->list, "%s", why + 2);
    evidence(t);
    symptoms(t);
    (void)snprintf(command, sizeof(command), "holdfast roots fix %s%s",
                   t->product->id,
                   is_insisted(t->verdict) ? " --include-distrusted" : "");
    hf_findings_remedy(t->list, true, command,
                       "Import it: the copy at hand has the right hash.");
}

/* Expired or distrusted, and absent: told, not failed for ever. */
static void tell_refused(const struct telling *t, const char *code)
{
    char command[COMMAND_MAX];

    begin(t, code);
    hf_findings_summary(
        t->list,
        "%s names this certificate, but it %s%s; it "
        "is not imported.",
        t->product->name,
        t->verdict->expired ? "" : "is distrusted: ", t->verdict->reason);
    evidence(t);
    hf_findings_remedy(t->list, false, NULL,
                       "Leave it out: a current version of the product does "
                       "without it.");
    (void)snprintf(command, sizeof(command),
                   "holdfast roots fix %s --include-distrusted",
                   t->product->id);
    hf_findings_remedy(t->list, false, command,
                       "If an old version insists on it, import it "
                       "nonetheless; this machine will then trust all that it "
                       "signed.");
}

static void tell_not_tls(const struct telling *t)
{
    const struct hf_need *need = t->verdict->need;
    char command[COMMAND_MAX];

    begin(t, "HF1208");
    hf_findings_summary(t->list,
                        "%s names this certificate, but it has no "
                        "place in the store '%s': %s.",
                        t->product->name, t->store_name, t->verdict->reason);
    evidence(t);
    hf_findings_remedy(t->list, false, NULL,
                       "There is nothing to do here; on Windows it belongs in "
                       "the store '%s'.",
                       need->store == HF_NEED_CA         ? "CA"
                       : need->store == HF_NEED_AUTHROOT ? "AuthRoot"
                                                         : "Root");
    if (need->store == HF_NEED_CA || !t->verdict->cert)
        return;
    (void)snprintf(command, sizeof(command),
                   "holdfast roots fix %s --include-distrusted",
                   t->product->id);
    hf_findings_remedy(t->list, false, command,
                       "If it must be an anchor nonetheless, insist on it.");
}

static void tell_no_body(const struct telling *t)
{
    const char *from = t->verdict->need->get_from;

    if (t->verdict->no_anchor) {
        tell_not_tls(t);
        return;
    }
    begin(t, "HF1207");
    hf_findings_summary(
        t->list, "%s needs this certificate, the store '%s' lacks it, and %s.",
        t->product->name, t->store_name,
        t->verdict->sha1_only ? "it is " HF_NEED_SHA1_ONLY
                              : "no copy with the right hash is at hand");
    evidence(t);
    symptoms(t);
    hf_findings_remedy(t->list, false, "holdfast roots add FILE",
                       t->verdict->sha1_only
                           ? "Get it from %s, and add it if you trust it: its "
                             "SHA-1 alone proves nothing."
                           : "Get it from %s, compare the hash, and add it.",
                       from ? from
                            : "the vendor or the authority that "
                              "issued it");
}

/* Where it should be trusted and is not: the fault is an error. */
static void tell_untrusted(const struct telling *t)
{
    char hex[65], command[COMMAND_MAX];

    begin(t, "HF1216");
    hf_findings_summary(t->list, "%s needs this certificate, and it is %s.",
                        t->product->name, t->verdict->reason);
    evidence(t);
    symptoms(t);
    if (t->verdict->among == HF_AMONG_ISSUERS) {
        (void)snprintf(command, sizeof(command), "holdfast roots fix %s",
                       t->product->id);
        hf_findings_remedy(t->list, true, command,
                           "Put it among the roots as well.");
        return;
    }
    hf_hex(hf_view(hf_cert_sha256(t->verdict->cert), HF_SHA256_LEN), hex);
    (void)snprintf(command, sizeof(command),
                   "holdfast roots remove %s --store '%s#Disallowed'", hex,
                   t->store_name);
    hf_findings_remedy(t->list, false, command,
                       "Find out who disallowed it and why; if it was a "
                       "mistake, take it out of there.");
}

/* A note: it will come, unless nothing comes. */
static void tell_on_demand(const struct telling *t)
{
    begin(t, "HF1217");
    hf_findings_summary(t->list,
                        "%s needs this certificate; the store '%s' does not "
                        "hold it yet, and Windows fetches it when it is first "
                        "needed.",
                        t->product->name, t->store_name);
    evidence(t);
    hf_findings_remedy(t->list, false, NULL,
                       "Let the machine reach http://ctldl.windowsupdate.com, "
                       "or whatever RootDirUrl names; where it cannot, import "
                       "the certificate with 'holdfast roots fix %s'.",
                       t->product->id);
}

static void tell_misplaced(const struct telling *t)
{
    char hex[65], command[COMMAND_MAX];

    if (t->verdict->among != HF_AMONG_ANCHORS) {
        tell_untrusted(t);
        return;
    }
    begin(t, "HF1206");
    hf_findings_summary(t->list, "This certificate is %s.", t->verdict->reason);
    evidence(t);
    hf_hex(hf_view(hf_cert_sha256(t->verdict->cert), HF_SHA256_LEN), hex);
    (void)snprintf(command, sizeof(command), "holdfast roots remove %s", hex);
    hf_findings_remedy(t->list, false, command,
                       "Take it out of the store '%s'; its root is enough.",
                       t->store_name);
}

/* In the store, though something speaks against it. */
static void tell_present(const struct telling *t)
{
    const struct hf_need_verdict *verdict = t->verdict;
    const char *why = strstr(verdict->reason, "; "); /* after "in the store" */
    char hex[65], command[COMMAND_MAX];

    if (!verdict->distrust &&
        (!verdict->expired || verdict->need->expiry_tolerated))
        return;
    begin(t, verdict->expired ? "HF1204" : "HF1205");
    hf_findings_summary(t->list,
                        "%s names this certificate, and the store '%s' holds "
                        "it, but it %s%s.",
                        t->product->name, t->store_name,
                        verdict->expired ? "" : "is distrusted: ",
                        why ? why + 2 : verdict->reason);
    evidence(t);
    hf_hex(hf_view(hf_cert_sha256(verdict->cert), HF_SHA256_LEN), hex);
    (void)snprintf(command, sizeof(command), "holdfast roots remove %s", hex);
    hf_findings_remedy(t->list, false, command,
                       "Once the product does without it, take it out of the "
                       "store '%s'.",
                       t->store_name);
}

static void tell(const struct telling *t)
{
    switch (t->verdict->state) {
    case HF_NEED_PRESENT:
        tell_present(t);
        break;
    case HF_NEED_MISSING:
        tell_missing(t);
        break;
    case HF_NEED_NO_BODY:
        tell_no_body(t);
        break;
    case HF_NEED_EXPIRED:
        tell_refused(t, "HF1204");
        break;
    case HF_NEED_DISTRUSTED:
        tell_refused(t, "HF1205");
        break;
    case HF_NEED_NOT_TLS:
        tell_not_tls(t);
        break;
    case HF_NEED_MISPLACED:
        tell_misplaced(t);
        break;
    case HF_NEED_ON_DEMAND:
        tell_on_demand(t);
        break;
    case HF_NEED_SPARED:
        break;
    }
}

void hf_product_verdict_findings(const struct hf_product_verdict *verdict,
                                 const char *store_name,
                                 struct hf_findings *list)
{
    for (size_t i = 0; i < verdict->need_count; i++) {
        struct telling t = { verdict->product, &verdict->need[i], store_name,
                             list };

        if (!verdict->explained || t.verdict->state != HF_NEED_MISSING)
            tell(&t);
    }
}
