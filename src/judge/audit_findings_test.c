/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit_findings_test.c - one finding for each kind, and what is in it.
 */
#include "crypto/mint.h"
#include "hf_test.h"
#include "judge/audit.h"

#define NOWHERE "/nonexistent-holdfast"
#define MAX 64

/* A store whose certificates are marked by hand. */
struct store {
    struct hf_store_entry entry[MAX];
    struct hf_store_list list;
    struct hf_audit_row row[MAX];
    struct hf_audit audit;
};

/* Its text is "part" in every part. */
static void add(struct store *s, struct hf_cert *cert,
                enum hf_standing standing, unsigned marks)
{
    size_t at = s->list.count++;

    assert(at < MAX);
    s->entry[at] = (struct hf_store_entry){ .cert = cert,
                                            .where = (char *)"file:1",
                                            .standing = standing };
    s->row[at] = (struct hf_audit_row){ .entry = &s->entry[at],
                                        .marks = marks,
                                        .text = (char *)"part" };
    for (size_t i = 0; i < HF_AUDIT_MARKS; i++)
        s->row[at].part[i].len = 4;
    s->list.entry = s->entry;
    s->audit.row = s->row;
    s->audit.count = s->list.count;
}

static struct hf_audit_ask ask_of(const struct store *store)
{
    return (struct hf_audit_ask){ .store = "a store", .list = &store->list };
}

/* The codes of all findings: "HF1120 HF1126". */
static void codes_of(const struct hf_findings *findings, char *text,
                     size_t size)
{
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < findings->count; i++)
        len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " " : "",
                                findings->item[i].kind->code);
}

static void test_codes(const struct hf_catalogue *catalogue,
                       struct hf_cert *root, struct hf_cert *inter)
{
    const struct {
        const char *name;
        struct hf_cert *cert;
        enum hf_standing standing;
        unsigned marks;
        const char *want;
    } row[] = {
        { "nothing", root, HF_STANDING_ANCHOR, 0, "" },
        { "every mark", root, HF_STANDING_ANCHOR,
          ((1U << HF_AUDIT_MARKS) - 1) & ~(unsigned)HF_AUDIT_EXPIRED,
          "HF1121 HF1122 HF1123 HF1124 HF1125 HF1126 HF1127 HF1128 HF1129" },
        { "an end", root, HF_STANDING_ANCHOR, HF_AUDIT_EXPIRED, "HF1120" },
        { "a weak key that has ended", root, HF_STANDING_ANCHOR,
          HF_AUDIT_EXPIRED | HF_AUDIT_WEAK_KEY, "HF1120" },
        { "an intermediate that has ended", inter, HF_STANDING_ISSUER,
          HF_AUDIT_EXPIRED | HF_AUDIT_WEAK_SIGNATURE, "" },
        { "a weak intermediate", inter, HF_STANDING_ISSUER,
          HF_AUDIT_WEAK_KEY | HF_AUDIT_WEAK_SIGNATURE, "HF1122 HF1123" },
        { "a weak root at hand", root, HF_STANDING_ISSUER, HF_AUDIT_WEAK_KEY,
          "" },
        { "a weak one that is held", inter, HF_STANDING_HELD, HF_AUDIT_WEAK_KEY,
          "" },
        { "damage", root, HF_STANDING_ANCHOR, HF_AUDIT_DAMAGED, "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct store store = { .list = { 0 } };
        struct hf_audit_ask ask = ask_of(&store);
        struct hf_findings findings;
        char codes[200];

        hf_findings_init(&findings, catalogue);
        add(&store, row[i].cert, row[i].standing, row[i].marks);
        hf_audit_findings(&ask, &store.audit, &findings);
        codes_of(&findings, codes, sizeof(codes));
        HF_CHECK(strcmp(codes, row[i].want) == 0, "findings: %s: %s",
                 row[i].name, codes);
        hf_findings_done(&findings);
    }
}

static void test_one(const struct hf_catalogue *catalogue, struct hf_cert *root)
{
    struct store store = { .list = { 0 } };
    struct hf_audit_ask ask = ask_of(&store);
    struct hf_findings findings;
    const struct hf_finding *one;
    char command[200];
    int len;

    hf_findings_init(&findings, catalogue);
    add(&store, root, HF_STANDING_ANCHOR, HF_AUDIT_UNKNOWN);
    store.entry[0].place = (char *)"ROOT";
    hf_audit_findings(&ask, &store.audit, &findings);
    one = &findings.item[0];
    len = snprintf(command, sizeof(command), "holdfast roots remove ");
    for (int i = 0; i < 32; i++)
        len += snprintf(command + len, 3, "%02x", hf_cert_sha256(root)[i]);
    (void)snprintf(command + len, sizeof(command) - (size_t)len,
                   " --store 'a store'");
    HF_CHECK(findings.count == 1 && strcmp(one->subject, "a store") == 0 &&
                 strstr(one->summary, "'a store' one anchor is on no list") &&
                 one->evidence_count == 1 &&
                 strcmp(one->evidence[0], "'Root' (ROOT, file:1): part") == 0,
             "one certificate: %s", one->evidence[0]);
    HF_CHECK(one->remedy_count == 1 && one->remedies[0].command &&
                 strcmp(one->remedies[0].command, command) == 0,
             "and what to type: %s", one->remedies[0].command);
    hf_findings_done(&findings);
}

/* What depends on whose store it is. */
static void test_stacks(const struct hf_catalogue *catalogue,
                        struct hf_cert *root)
{
    static const struct {
        const char *name;
        enum hf_stack stack;
        unsigned marks;
        const char *want;
        bool command;
    } row[] = {
        { "an old one in a bundle", HF_STACK_SYSTEM,
          HF_AUDIT_UNKNOWN | HF_AUDIT_EXPIRED, "HF1120 HF1126", true },
        { "an old one in Windows", HF_STACK_WINDOWS,
          HF_AUDIT_UNKNOWN | HF_AUDIT_EXPIRED, "HF1120", true },
        { "one in Windows", HF_STACK_WINDOWS, HF_AUDIT_UNKNOWN, "HF1126",
          true },
        { "one on a list", HF_STACK_LIST, HF_AUDIT_UNKNOWN, "HF1126", false },
        { "one in a keychain", HF_STACK_MACOS, HF_AUDIT_UNKNOWN, "HF1126",
          false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct store store = { .list = { 0 } };
        struct hf_audit_ask ask = ask_of(&store);
        struct hf_findings findings;
        char codes[200];

        ask.stack = row[i].stack;
        hf_findings_init(&findings, catalogue);
        add(&store, root, HF_STANDING_ANCHOR, row[i].marks);
        hf_audit_findings(&ask, &store.audit, &findings);
        codes_of(&findings, codes, sizeof(codes));
        HF_CHECK(strcmp(codes, row[i].want) == 0 && findings.count > 0 &&
                     (findings.item[0].remedies[0].command != NULL) ==
                         row[i].command,
                 "whose store: %s: %s", row[i].name, codes);
        hf_findings_done(&findings);
    }
}

static void test_many(const struct hf_catalogue *catalogue,
                      struct hf_cert *root)
{
    static const struct {
        size_t count, evidence;
        const char *last;
    } row[] = { { 2, 2, "'Root'" },
                { 20, 20, "'Root'" },
                { 21, 21, "and 1 more" },
                { 64, 21, "and 44 more" } };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct store store = { .list = { 0 } };
        struct hf_audit_ask ask = ask_of(&store);
        struct hf_findings findings;
        const struct hf_finding *one;
        char count[40];

        hf_findings_init(&findings, catalogue);
        for (size_t k = 0; k < row[i].count; k++)
            add(&store, root, HF_STANDING_ANCHOR, HF_AUDIT_EXPIRED);
        hf_audit_findings(&ask, &store.audit, &findings);
        one = &findings.item[0];
        (void)snprintf(count, sizeof(count), " %zu anchors have ended",
                       row[i].count);
        HF_CHECK(findings.count == 1 && strstr(one->summary, count) &&
                     one->evidence_count == row[i].evidence &&
                     strncmp(one->evidence[one->evidence_count - 1],
                             row[i].last, strlen(row[i].last)) == 0 &&
                     strcmp(one->remedies[0].command,
                            "holdfast roots remove SHA256 --store 'a store'") ==
                         0,
                 "%zu certificates: %s", row[i].count,
                 one->evidence[one->evidence_count - 1]);
        hf_findings_done(&findings);
    }
}

/* What a list names, and no body is at hand. */
static void test_named(const struct hf_catalogue *catalogue)
{
    struct hf_ctl_entry named = { .name = (char *)"A Root" };
    struct store store = { .list = { 0 } };
    struct hf_audit_ask ask = ask_of(&store);
    struct hf_findings findings;

    hf_findings_init(&findings, catalogue);
    add(&store, NULL, HF_STANDING_ANCHOR, HF_AUDIT_DISTRUSTED);
    store.entry[0].named = &named;
    hf_audit_findings(&ask, &store.audit, &findings);
    HF_CHECK(findings.count == 1 && strcmp(findings.item[0].evidence[0],
                                           "'A Root' (file:1): part") == 0,
             "one that is named only: %s", findings.item[0].evidence[0]);
    hf_findings_done(&findings);
}

static void test_catalogue(const struct hf_catalogue *catalogue)
{
    static const struct {
        const char *code, *cause;
        enum hf_severity severity;
    } row[] = {
        { "HF1120", "root-expired", HF_NOTE },
        { "HF1121", "root-expired", HF_WARNING },
        { "HF1122", "weak-key", HF_ERROR },
        { "HF1123", "weak-signature", HF_WARNING },
        { "HF1124", "root-distrusted", HF_WARNING },
        { "HF1125", "root-distrusted", HF_NOTE },
        { "HF1126", "untrusted-root", HF_WARNING },
        { "HF1127", "config", HF_NOTE },
        { "HF1128", "config", HF_NOTE },
        { "HF1129", "root-misplaced", HF_WARNING },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct hf_catalogue_row *kind =
            hf_catalogue_code(catalogue, row[i].code);

        HF_CHECK(kind && strcmp(kind->cause->name, row[i].cause) == 0 &&
                     kind->severity == row[i].severity,
                 "%s is %s, %s", row[i].code, row[i].cause,
                 hf_severity_name(row[i].severity));
    }
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    EVP_PKEY *key = mint_key();
    struct hf_cert *root = MINT("Root", "Root", key, key, MINT_CA);
    struct hf_cert *inter = MINT("Inter", "Root", key, key, MINT_CA);
    struct hf_err err;

    assert(hf_catalogue_load(NOWHERE, &catalogue, &err) == 0);
    test_codes(catalogue, root, inter);
    test_one(catalogue, root);
    test_stacks(catalogue, root);
    test_many(catalogue, root);
    test_named(catalogue);
    test_catalogue(catalogue);
    hf_cert_unref(root);
    hf_cert_unref(inter);
    EVP_PKEY_free(key);
    return hf_test_end();
}
