/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit_findings.c - what an audit found, one finding for each kind. */
#include "judge/audit.h"

#include <stdio.h>

#include "base/hex.h"

#define SHOWN_MAX 20     /* certificates named in one finding */
#define COMMAND_MAX 5000 /* bytes; ours: PATH_MAX and the words around it */

/* What a kind of mark is to people. */
struct kind {
    enum hf_audit_mark mark;
    const char *code;
    const char *one, *many; /* "one anchor has ended", "anchors have ended" */
    const char *so;         /* what follows from it */
    const char *remedy;
    bool removes; /* the remedy is to take it out */
};

static const struct kind kinds[] = {
    { HF_AUDIT_EXPIRED, "HF1120", "one anchor has ended", "anchors have ended",
      "Programs that look at the dates of an anchor refuse every chain that "
      "ends in them.",
      "Nothing has to be done. What no product on this machine names can be "
      "taken out.",
      true },
    { HF_AUDIT_EXPIRING, "HF1121",
      "one anchor ends within the time asked about",
      "anchors end within the time asked about",
      "Every server below such a root fails on this machine from its last day "
      "on.",
      "Find out which of your servers are below such a root, and move them in "
      "time.",
      false },
    { HF_AUDIT_WEAK_KEY, "HF1122",
      "one certificate has a key that is too short",
      "certificates have keys that are too short",
      "Whoever computes the private key can issue for any name.",
      "Move what still depends on it to another authority, then take it out.",
      true },
    { HF_AUDIT_WEAK_SIGNATURE, "HF1123",
      "one certificate is signed with MD5 or SHA-1",
      "certificates are signed with MD5 or SHA-1",
      "Another certificate with the same signature can be made, and current "
      "clients refuse chains through them.",
      "Get the certificate anew from its issuer, signed with SHA-256, and "
      "replace it.",
      false },
    { HF_AUDIT_DISTRUSTED, "HF1124", "one anchor is distrusted by a platform",
      "anchors are distrusted by platforms",
      "Programs that go by this store alone still trust them without limit.",
      "Look who still needs it; if nobody does, take it out.", true },
    { HF_AUDIT_RESTRICTED, "HF1125",
      "one anchor may issue nothing new, by a platform",
      "anchors may issue nothing new, by a platform",
      "What they issued before that date stays good; what they issue now is "
      "refused elsewhere.",
      "Nothing has to be done on this machine. Have new certificates issued "
      "below another root.",
      false },
    { HF_AUDIT_UNKNOWN, "HF1126", "one anchor is on no list of public roots",
      "anchors are on no list of public roots",
      "Whoever holds the key of such a root can pose as any server towards "
      "this machine.",
      "Ask for its owner: a company's own authority or its TLS inspection are "
      "usual ones. If nobody can name one, take it out, and find out how it "
      "came there.",
      true },
    { HF_AUDIT_DUPLICATE, "HF1127", "one certificate stands there twice",
      "certificates stand there twice",
      "Whoever takes out one of the copies believes it gone.",
      "Write each certificate once; decide whether what is both trusted and "
      "refused shall be the one or the other.",
      false },
    { HF_AUDIT_SAME_NAME, "HF1128",
      "one anchor shares its name with another that has another key",
      "anchors share their name with another that has another key",
      "Programs that look for an issuer by its name may take the wrong one.",
      "Compare their SHA-256 with what the owner of the name publishes; take "
      "out the one that is not his, or is not used any more.",
      false },
    { HF_AUDIT_MISPLACED, "HF1129", "one certificate is in the wrong store",
      "certificates are in the wrong store",
      "It is trusted where it should not be, or not where it should be.",
      "Move it to the store it belongs to: Root for roots, CA for "
      "intermediates. Where a group policy put it, change the policy.",
      false },
};

/* Does the mark deserve a finding here? Weakness of what no chain can use, the
 * end of what is only at hand, and what Windows, which looks at dates, keeps
 * for old signatures, are for the table to show. */
static bool weighs(const struct hf_audit_ask *ask,
                   const struct hf_audit_row *row, enum hf_audit_mark mark)
{
    const struct hf_store_entry *entry = row->entry;
    bool ended = row->marks & HF_AUDIT_EXPIRED;
    const struct hf_cert_info *info = NULL;
    struct hf_err err;

    if (!(row->marks & mark))
        return false;
    if (mark == HF_AUDIT_EXPIRED)
        return entry->standing == HF_STANDING_ANCHOR;
    if (mark == HF_AUDIT_UNKNOWN)
        return !ended || ask->stack != HF_STACK_WINDOWS;
    if (mark != HF_AUDIT_WEAK_KEY && mark != HF_AUDIT_WEAK_SIGNATURE)
        return true;
    if (ended || entry->standing == HF_STANDING_HELD)
        return false;
    if (entry->standing == HF_STANDING_ISSUER)
        info = hf_cert_info(entry->cert, &err);
    return !info || !info->self_issued;
}

static size_t count_rows(const struct hf_audit_ask *ask,
                         const struct hf_audit *audit, enum hf_audit_mark mark)
{
    size_t count = 0;

    for (size_t i = 0; i < audit->count; i++)
        count += weighs(ask, &audit->row[i], mark);
    return count;
}

static const char *name_of(const struct hf_store_entry *entry)
{
    struct hf_err err;
    const struct hf_cert_info *info =
        entry->cert ? hf_cert_info(entry->cert, &err) : NULL;

    if (info)
        return info->name;
    return entry->named && entry->named->name ? entry->named->name : "?";
}

static void add_evidence(const struct hf_audit_row *row,
                         enum hf_audit_mark mark, struct hf_findings *findings)
{
    const struct hf_store_entry *entry = row->entry;
    struct hf_view part = hf_audit_part(row, mark);

    hf_findings_evidence(findings, "'%s' (%s%s%s): %.*s", name_of(entry),
                         entry->place ? entry->place : "",
                         entry->place ? ", " : "", entry->where, (int)part.len,
                         part.len ? (const char *)part.ptr : "");
}

/* Ready to be typed where it is about one certificate, in a store that can be
 * changed. */
static void add_remedy(const struct hf_audit_ask *ask, const struct kind *kind,
                       const struct hf_audit_row *only,
                       struct hf_findings *findings)
{
    char hex[2 * HF_SHA256_LEN + 1] = "SHA256", command[COMMAND_MAX];
    bool typed = kind->removes && ask->stack != HF_STACK_LIST &&
                 ask->stack != HF_STACK_MACOS;

    if (only && only->entry->cert)
        hf_hex(hf_view(hf_cert_sha256(only->entry->cert), HF_SHA256_LEN), hex);
    (void)snprintf(command, sizeof(command),
                   "holdfast roots remove %s --store '%s'", hex, ask->store);
    hf_findings_remedy(findings, false, typed ? command : NULL, "%s",
                       kind->remedy);
}

static void add_summary(const struct hf_audit_ask *ask, const struct kind *kind,
                        size_t count, struct hf_findings *findings)
{
    if (count == 1)
        hf_findings_summary(findings, "In the trust store '%s' %s. %s",
                            ask->store, kind->one, kind->so);
    else
        hf_findings_summary(findings, "In the trust store '%s' %zu %s. %s",
                            ask->store, count, kind->many, kind->so);
}

static void add_kind(const struct hf_audit_ask *ask,
                     const struct hf_audit *audit, const struct kind *kind,
                     struct hf_findings *findings)
{
    size_t count = count_rows(ask, audit, kind->mark), shown = 0;
    const struct hf_audit_row *only = NULL;

    if (count == 0)
        return;
    hf_findings_add(findings, kind->code, HF_CERTAIN, ask->store);
    add_summary(ask, kind, count, findings);
    for (size_t i = 0; i < audit->count && shown < SHOWN_MAX; i++) {
        if (!weighs(ask, &audit->row[i], kind->mark))
            continue;
        add_evidence(&audit->row[i], kind->mark, findings);
        only = count == 1 ? &audit->row[i] : NULL;
        shown++;
    }
    if (count > shown)
        hf_findings_evidence(findings, "and %zu more", count - shown);
    add_remedy(ask, kind, only, findings);
}

void hf_audit_findings(const struct hf_audit_ask *ask,
                       const struct hf_audit *audit,
                       struct hf_findings *findings)
{
    for (size_t i = 0; i < HF_COUNT(kinds); i++)
        add_kind(ask, audit, &kinds[i], findings);
}
