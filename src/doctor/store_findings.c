/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/store_findings.c - is a trust store sound? */
#include "doctor/store_findings.h"

#include <string.h>
#include <sys/stat.h>

#include "base/calendar.h"

#define SHOWN_MAX 8 /* certificates named in one note */

static void find_empty(const struct hf_store *store, struct hf_findings *list)
{
    hf_findings_add(list, "HF1103", HF_CERTAIN, hf_store_name(store));
    hf_findings_summary(list,
                        "The trust store '%s' is empty: programs that use it "
                        "refuse every server.",
                        hf_store_name(store));
    hf_findings_evidence(list, "%s holds no certificate", hf_store_path(store));
    hf_findings_remedy(list, false,
                       "apt-get install --reinstall ca-certificates",
                       "Install the distribution's certificates anew.");
}

/* A finding about the mode of the store's file or folder. */
static void add_mode(const struct hf_store *store, mode_t mode,
                     const char *code, const char *summary,
                     struct hf_findings *list)
{
    hf_findings_add(list, code, HF_CERTAIN, hf_store_name(store));
    hf_findings_summary(list, "%s '%s'.", summary, hf_store_name(store));
    hf_findings_evidence(list, "%s has mode %04o", hf_store_path(store),
                         (unsigned)(mode & 07777));
}

static void find_mode(const struct hf_store *store, struct hf_findings *list)
{
    const char *path = hf_store_path(store);
    struct stat st;

    if (stat(path, &st) != 0)
        return;
    /* a CA file of one program may well be for that program alone */
    if (strcmp(hf_store_name(store), "system") == 0 && S_ISREG(st.st_mode) &&
        !(st.st_mode & S_IROTH)) {
        add_mode(store, st.st_mode, "HF1104",
                 "Programs that do not run as root cannot read the trust store",
                 list);
        hf_findings_remedy(list, false, NULL, "chmod 644 %s", path);
    }
    if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX)) {
        add_mode(store, st.st_mode, "HF1105",
                 "Anybody on this machine may add roots to the trust store",
                 list);
        hf_findings_remedy(list, false, NULL,
                           "chmod o-w %s; then compare its content with the "
                           "package's.",
                           path);
    }
}

static void note_expired(const struct hf_store *store,
                         const struct hf_certs *certs, int64_t at_s,
                         struct hf_findings *list)
{
    size_t count = 0;

    for (size_t i = 0; i < certs->count; i++) {
        struct hf_err err;
        const struct hf_cert_info *info = hf_cert_info(certs->cert[i], &err);
        char day[HF_TIME_TEXT];

        if (!info || info->not_after_s >= at_s)
            continue;
        if (count++ == 0) {
            hf_findings_add(list, "HF1106", HF_CERTAIN, hf_store_name(store));
            hf_findings_summary(list,
                                "The trust store '%s' holds roots that have "
                                "ended. They do no harm by themselves; servers "
                                "below them fail.",
                                hf_store_name(store));
        }
        if (count <= SHOWN_MAX)
            hf_findings_evidence(list, "'%s' ended on %s", info->name,
                                 hf_calendar_day(info->not_after_s, day));
    }
    if (count > SHOWN_MAX)
        hf_findings_evidence(list, "and %zu more", count - SHOWN_MAX);
}

static void note_distrusted(const struct hf_store *store,
                            const struct hf_certs *certs,
                            const struct hf_distrust *distrust, int64_t at_s,
                            struct hf_findings *list)
{
    size_t count = 0;

    for (size_t i = 0; i < certs->count; i++) {
        const struct hf_distrust_row *row =
            hf_distrust_find_cert(distrust, certs->cert[i], at_s);

        /* a root that may not issue anew is still right for what it issued */
        if (!row || strcmp(row->kind, "not-before") == 0)
            continue;
        if (count++ == 0) {
            hf_findings_add(list, "HF1108", HF_CERTAIN, hf_store_name(store));
            hf_findings_summary(list,
                                "The trust store '%s' holds roots that a "
                                "platform distrusts.",
                                hf_store_name(store));
        }
        if (count <= SHOWN_MAX)
            hf_findings_evidence(list, "'%s': %s by %s", row->name, row->kind,
                                 row->platform);
    }
    if (count > SHOWN_MAX)
        hf_findings_evidence(list, "and %zu more", count - SHOWN_MAX);
}

void hf_find_store_ending(const struct hf_store *store,
                          const struct hf_certs *certs, int64_t now_s,
                          int64_t at_s, struct hf_findings *list)
{
    char day[HF_TIME_TEXT];
    size_t count = 0;

    for (size_t i = 0; i < certs->count; i++) {
        struct hf_err err;
        const struct hf_cert_info *info = hf_cert_info(certs->cert[i], &err);

        if (!info || info->not_after_s < now_s || info->not_after_s >= at_s)
            continue;
        if (count++ == 0) {
            hf_findings_add(list, "HF1109", HF_CERTAIN, hf_store_name(store));
            hf_findings_summary(list,
                                "Roots of the trust store '%s' that are in "
                                "force now will have ended by %s: servers "
                                "below them fail from then on.",
                                hf_store_name(store),
                                hf_calendar_day(at_s, day));
        }
        hf_findings_evidence(list, "'%s' ends on %s", info->name,
                             hf_calendar_day(info->not_after_s, day));
    }
    if (count > 0)
        hf_findings_remedy(list, false, "holdfast doctor HOST:PORT --at TIME",
                           "Find out which of your servers are below such a "
                           "root, and move them in time.");
}

void hf_find_store(const struct hf_store *store, const struct hf_certs *certs,
                   const struct hf_distrust *distrust, int64_t at_s,
                   struct hf_findings *list)
{
    enum hf_stack stack = hf_store_stack(store);

    /* a user's profile, a policy or one hive of several may well hold none */
    if (certs->count == 0 && (stack == HF_STACK_SYSTEM ||
                              stack == HF_STACK_FILE || stack == HF_STACK_JAVA))
        find_empty(store, list);
    if (stack == HF_STACK_SYSTEM || stack == HF_STACK_FILE ||
        stack == HF_STACK_JAVA)
        find_mode(store, list);
    note_expired(store, certs, at_s, list);
    note_distrusted(store, certs, distrust, at_s, list);
}
