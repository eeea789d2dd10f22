/* SPDX-License-Identifier: Apache-2.0 */
/* settings/rootupdate_test.c - policies and state of the root update. */
#include "settings/rootupdate.h"

#include "hf_test.h"

#define HEAD "Windows Registry Editor Version 5.00\r\n\r\n"
#define POLICY                                                                 \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates"   \
    "\\AuthRoot]\r\n"
#define STATE                                                                  \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot"   \
    "\\AutoUpdate]\r\n"
#define PROTECTED                                                              \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates"   \
    "\\Root\\ProtectedRoots]\r\n"

/* 2020-09-03 00:00 UTC as a FILETIME */
#define SYNCED "hex:00,80,a3,2a,85,81,d6,01\r\n"
#define SYNCED_S INT64_C(1599091200)

static const struct {
    const char *what, *text;
    bool known, roots_off, disallowed_off, policy_only, no_user;
    size_t values, malformed;
    const char *url;
    int64_t synced_s;
} rows[] = {
    { "a registry of something else", HEAD "[HKEY_CURRENT_USER\\Software]\r\n",
      false, false, false, false, false, 0, 0, NULL, 0 },
    { "nothing set", HEAD STATE, true, false, false, false, false, 0, 0, NULL,
      0 },
    { "updates switched off",
      HEAD POLICY "\"DisableRootAutoUpdate\"=dword:1\r\n", true, true, false,
      false, false, 1, 0, NULL, 0 },
    { "said to be on", HEAD POLICY "\"DisableRootAutoUpdate\"=dword:0\r\n",
      true, false, false, false, false, 0, 0, NULL, 0 },
    { "the disallowed list switched off",
      HEAD POLICY "\"EnableDisallowedCertAutoUpdate\"=dword:0\r\n", true, false,
      true, false, false, 1, 0, NULL, 0 },
    { "the disallowed list on",
      HEAD POLICY "\"EnableDisallowedCertAutoUpdate\"=dword:1\r\n", true, false,
      false, false, false, 0, 0, NULL, 0 },
    { "a value of the wrong type",
      HEAD POLICY "\"DisableRootAutoUpdate\"=\"1\"\r\n", true, false, false,
      false, false, 1, 1, NULL, 0 },
    { "roots of the policy only", HEAD PROTECTED "\"Flags\"=dword:8\r\n", true,
      false, false, true, false, 1, 0, NULL, 0 },
    { "no roots of users", HEAD PROTECTED "\"Flags\"=dword:1\r\n", true, false,
      false, false, true, 1, 0, NULL, 0 },
    { "flags that keep nothing away", HEAD PROTECTED "\"Flags\"=dword:20\r\n",
      true, false, false, false, false, 0, 0, NULL, 0 },
    { "a share instead of Windows Update, and its last look",
      HEAD STATE "\"RootDirUrl\"=\"http://pki.example/ctl\"\r\n"
                 "\"LastSyncTime\"=" SYNCED,
      true, false, false, false, false, 0, 0, "http://pki.example/ctl",
      SYNCED_S },
};

static size_t malformed(const struct hf_rootupdate *update)
{
    size_t count = 0;

    for (size_t i = 0; i < update->count; i++)
        count += update->value[i].malformed != NULL;
    return count;
}

static void test_rows(void)
{
    const struct hf_certs none = { 0 };

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        HF_AUTO(hf_rootupdate_done) struct hf_rootupdate update = { 0 };
        struct hf_rootupdate_source source = { NULL, "a.reg" };
        struct hf_err err;
        int rc = hf_registry_read(HF_REGISTRY_REG, "a.reg",
                                  hf_view_text(rows[i].text), &registry, &err);

        source.registry = registry;
        if (rc == 0)
            rc = hf_rootupdate_read(&source, 1, &none, &update, &err);
        HF_CHECK(
            rc == 0 && update.known == rows[i].known &&
                update.roots_off == rows[i].roots_off &&
                update.disallowed_off == rows[i].disallowed_off &&
                update.policy_roots_only == rows[i].policy_only &&
                update.user_roots_ignored == rows[i].no_user &&
                update.count == rows[i].values &&
                malformed(&update) == rows[i].malformed &&
                update.last_sync_s == rows[i].synced_s &&
                !update.root_dir_url == !rows[i].url &&
                (!rows[i].url || strcmp(update.root_dir_url, rows[i].url) == 0),
            "%s", rows[i].what);
    }
}

static void test_together(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *hive = NULL;
    HF_AUTO(hf_registry_freep) struct hf_registry *policy = NULL;
    HF_AUTO(hf_rootupdate_done) struct hf_rootupdate update = { 0 };
    struct hf_rootupdate_source source[2] = { { NULL, "SOFTWARE" },
                                              { NULL, "Registry.pol" } };
    const struct hf_certs none = { 0 };
    struct hf_err err;
    int rc = hf_registry_read(HF_REGISTRY_REG, "a.reg",
                              hf_view_text(HEAD STATE), &hive, &err);

    if (rc == 0)
        rc = hf_registry_read(
            HF_REGISTRY_REG, "b.reg",
            hf_view_text(HEAD POLICY "\"DisableRootAutoUpdate\"=dword:1\r\n"),
            &policy, &err);
    source[0].registry = hive;
    source[1].registry = policy;
    if (rc == 0)
        rc = hf_rootupdate_read(source, 2, &none, &update, &err);
    HF_CHECK(rc == 0 && update.roots_off && update.count == 1 &&
                 update.value[0].source == 1,
             "a policy file that will say it again counts, and is named");
}

static void test_bad_list(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_rootupdate_done) struct hf_rootupdate update = { 0 };
    struct hf_rootupdate_source source = { NULL, "a.reg" };
    const struct hf_certs none = { 0 };
    struct hf_err err;
    int rc = hf_registry_read(HF_REGISTRY_REG, "a.reg",
                              hf_view_text(HEAD STATE
                                           "\"EncodedCtl\"=hex:30,03,02,01,01"
                                           "\r\n"),
                              &registry, &err);

    source.registry = registry;
    if (rc == 0)
        rc = hf_rootupdate_read(&source, 1, &none, &update, &err);
    HF_CHECK(rc == 0 && !update.ctl && update.ctl_fault,
             "a list that is none is said to be none");
}

int main(void)
{
    test_rows();
    test_together();
    test_bad_list();
    HF_CHECK(hf_rootupdate_policy_path("DisableRootAutoUpdate") &&
                 !hf_rootupdate_policy_path("Unheard"),
             "the policy of a value is named where one is known");
    return hf_test_end();
}
