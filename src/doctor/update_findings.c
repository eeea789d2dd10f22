/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/update_findings.c - does this Windows get its roots? */
#include "doctor/update_findings.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"

#define SUBJECT "root update"
#define STALE_S (180LL * HF_DAY_S) /* ours: Windows looks about weekly */
#define LACKS_SHOWN 20

static bool is_named(const struct hf_rootupdate_value *value, const char *name)
{
    return strcmp(value->name, name) == 0;
}

bool hf_rootupdate_repairable(const struct hf_rootupdate_value *value)
{
    return !is_named(value, "Flags");
}

static void say_where(const struct hf_update_case *c,
                      const struct hf_rootupdate_value *value,
                      struct hf_findings *list)
{
    const char *policy = hf_rootupdate_policy_path(value->name);

    hf_findings_evidence(list, "%s\\%s is %u (in %s)", value->key, value->name,
                         value->number, c->source[value->source]);
    if (policy)
        hf_findings_evidence(list, "the policy: %s", policy);
}

/* All sources that switch it off: the policy file writes it again. */
static void say_all(const struct hf_update_case *c, const char *name,
                    struct hf_findings *list)
{
    for (size_t i = 0; i < c->update->count; i++)
        if (is_named(&c->update->value[i], name) &&
            !c->update->value[i].malformed)
            say_where(c, &c->update->value[i], list);
}

static void say_times(const struct hf_update_case *c, struct hf_findings *list)
{
    const struct hf_rootupdate *u = c->update;
    char day[HF_TIME_TEXT];

    if (u->last_sync_s)
        hf_findings_evidence(list,
                             "the list was last looked for on %s "
                             "(LastSyncTime)",
                             hf_calendar_day(u->last_sync_s, day));
    if (u->ctl)
        hf_findings_evidence(list,
                             "the machine goes by the list of %s, sequence "
                             "number %s, %zu entries",
                             hf_calendar_day(u->ctl->this_update_s, day),
                             u->ctl->sequence, u->ctl->count);
    if (u->root_dir_url)
        hf_findings_evidence(list, "it is told to look at %s (RootDirUrl)",
                             u->root_dir_url);
}

static void advise(const struct hf_update_case *c, const char *what,
                   struct hf_findings *list)
{
    hf_findings_remedy(list, true, c->again, "%s", what);
    hf_findings_remedy(list, false, NULL,
                       "If a domain policy sets the value, it comes back at "
                       "the next refresh: change the policy at the domain, or "
                       "distribute the roots by Group Policy (Public Key "
                       "Policies, Trusted Root Certification Authorities).");
}

/* "'A' and 'B'", "'A', 'B' and 3 more". */
static void name_lacks(const struct hf_update_case *c, char *text, size_t size)
{
    size_t n = 0, shown = c->lack_count > 3 ? 2 : c->lack_count;

    for (size_t i = 0; i < shown && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, "%s'%s'",
                              i == 0                   ? ""
                              : i + 1 == c->lack_count ? " and "
                                                       : ", ",
                              c->lack[i].name);
    if (shown < c->lack_count && n < size)
        (void)snprintf(text + n, size - n, " and %zu more",
                       c->lack_count - shown);
}

static void roots_lacking(const struct hf_update_case *c,
                          struct hf_findings *list)
{
    char names[400], hex[2 * HF_SHA256_LEN + 1];

    name_lacks(c, names, sizeof(names));
    hf_findings_add(list, "HF1111", HF_CERTAIN, SUBJECT);
    if (c->nobody_asked)
        hf_findings_summary(list,
                            "A policy switched root updates off on this "
                            "machine, therefore %s never arrived: what needs "
                            "them fails here.",
                            names);
    else
        hf_findings_summary(list,
                            "A policy switched root updates off on this "
                            "machine, therefore %s never arrived, therefore "
                            "%s fails here.",
                            names, c->lack[0].who);
    say_all(c, "DisableRootAutoUpdate", list);
    for (size_t i = 0; i < c->lack_count && i < LACKS_SHOWN; i++) {
        const struct hf_update_lack *lack = &c->lack[i];

        hf_findings_evidence(list, "%s needs '%s'", lack->who, lack->name);
        if (!lack->cert)
            continue;
        hf_hex(hf_view(hf_cert_sha256(lack->cert), HF_SHA256_LEN), hex);
        hf_findings_evidence(list, "'%s': SHA-256 %s%s", lack->name, hex,
                             !c->update->ctl ? ""
                             : hf_ctl_find_cert(c->update->ctl, lack->cert)
                                 ? ", on the list this machine goes by"
                                 : ", not on the list this machine goes by: "
                                   "it is newer");
    }
    if (c->lack_count > LACKS_SHOWN)
        hf_findings_evidence(list, "and %zu more", c->lack_count - LACKS_SHOWN);
    say_times(c, list);
    advise(c, "Remove the policy and import what is missing.", list);
}

static void roots_off(const struct hf_update_case *c, struct hf_findings *list)
{
    hf_findings_add(list, "HF1110", HF_CERTAIN, SUBJECT);
    hf_findings_summary(list, "A policy switched root updates off on this "
                              "machine: roots that are missing never arrive "
                              "by themselves.");
    say_all(c, "DisableRootAutoUpdate", list);
    say_times(c, list);
    advise(c, "Remove the policy.", list);
}

static void disallowed_off(const struct hf_update_case *c,
                           struct hf_findings *list)
{
    hf_findings_add(list, "HF1115", HF_CERTAIN, SUBJECT);
    hf_findings_summary(list, "A policy switched the updates of the list of "
                              "disallowed certificates off: certificates found "
                              "to be fraudulent since are accepted here.");
    say_all(c, "EnableDisallowedCertAutoUpdate", list);
    advise(c, "Remove the value.", list);
}

static void narrowed(const struct hf_update_case *c, struct hf_findings *list)
{
    hf_findings_add(list, "HF1116", HF_CERTAIN, SUBJECT);
    hf_findings_summary(list,
                        c->update->policy_roots_only
                            ? "A policy tells this machine to go by the roots "
                              "of the Group Policy alone; roots in ROOT and "
                              "AuthRoot are not trusted."
                            : "A policy tells this machine to ignore the roots "
                              "of its users.");
    say_all(c, "Flags", list);
    hf_findings_remedy(list, false, NULL,
                       "Leave it if it is meant; else change the policy '%s'.",
                       hf_rootupdate_policy_path("Flags"));
}

static void malformed(const struct hf_update_case *c, struct hf_findings *list)
{
    for (size_t i = 0; i < c->update->count; i++) {
        const struct hf_rootupdate_value *value = &c->update->value[i];

        if (!value->malformed)
            continue;
        hf_findings_add(list, "HF1112", HF_CERTAIN, SUBJECT);
        hf_findings_summary(list,
                            "The setting %s of the root update cannot be "
                            "understood.",
                            value->name);
        hf_findings_evidence(list, "%s (in %s)", value->malformed,
                             c->source[value->source]);
        advise(c, "Remove the value, and set it again through the policy.",
               list);
    }
    if (!c->update->ctl_fault)
        return;
    hf_findings_add(list, "HF1112", HF_CERTAIN, SUBJECT);
    hf_findings_summary(list, "The list of roots this machine keeps "
                              "(EncodedCtl) cannot be believed.");
    hf_findings_evidence(list, "%s", c->update->ctl_fault);
    hf_findings_remedy(list, false, "certutil -verifyctl AuthRoot",
                       "Have the machine fetch the list anew.");
}

/* Updates are on, and yet nothing came for long. */
static void stale(const struct hf_update_case *c, struct hf_findings *list)
{
    const struct hf_rootupdate *u = c->update;
    int64_t last_s = u->last_sync_s ? u->last_sync_s
                     : u->ctl       ? u->ctl->this_update_s
                                    : 0;
    char day[HF_TIME_TEXT];

    if (!last_s || u->roots_off || c->repaired || c->at_s - last_s < STALE_S)
        return;
    hf_findings_add(list, "HF1114", HF_LIKELY, SUBJECT);
    hf_findings_summary(list,
                        "This machine has not renewed its list of roots since "
                        "%s, though no policy forbids it: it knows no newer "
                        "roots until it does.",
                        hf_calendar_day(last_s, day));
    say_times(c, list);
    hf_findings_remedy(list, false, "certutil -verifyctl AuthRoot",
                       "Let it reach %s, and see on the machine what it says.",
                       u->root_dir_url ? u->root_dir_url
                                       : "http://ctldl.windowsupdate.com");
}

void hf_find_rootupdate(const struct hf_update_case *c,
                        struct hf_findings *list)
{
    const struct hf_rootupdate *u = c->update;

    if (!u->known)
        return;
    if (u->roots_off && c->lack_count > 0)
        roots_lacking(c, list);
    else if (u->roots_off)
        roots_off(c, list);
    if (u->disallowed_off)
        disallowed_off(c, list);
    if (u->policy_roots_only || u->user_roots_ignored)
        narrowed(c, list);
    malformed(c, list);
    stale(c, list);
}
