/* SPDX-License-Identifier: Apache-2.0 */
/* store/places_test.c - which keys of a registry are stores, and their names.
 */
#include "store/places.h"

#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_windows.h"

/* One certificate at a key: what is it called, and what is it there? */
static void test_names(void)
{
    static const struct {
        const char *store, *want;
    } row[] = {
        { MACHINE "ROOT", "ROOT anchor Test Root A\n" },
        { MACHINE "Root", "Root anchor Test Root A\n" },
        { MACHINE "AuthRoot", "AuthRoot anchor Test Root A\n" },
        { MACHINE "CA", "CA issuer Test Root A\n" },
        { MACHINE "Disallowed", "Disallowed refused Test Root A\n" },
        { MACHINE "MY", "MY held Test Root A\n" },
        { MACHINE "TrustedPublisher", "TrustedPublisher held Test Root A\n" },
        { MACHINE "OfficeScan SSL Agent",
          "OfficeScan SSL Agent held Test Root A\n" },
        { POLICY "ROOT", "policy ROOT anchor Test Root A\n" },
        { POLICY "AuthRoot", "policy AuthRoot anchor Test Root A\n" },
        { POLICY "Disallowed", "policy Disallowed refused Test Root A\n" },
        { LM "Microsoft\\EnterpriseCertificates\\Root",
          "enterprise Root anchor Test Root A\n" },
        { LM "Microsoft\\EnterpriseCertificates\\CA",
          "enterprise CA issuer Test Root A\n" },
        { LM "Microsoft\\EnterpriseCertificates\\NTAuth",
          "enterprise NTAuth held Test Root A\n" },
        { LM "Microsoft\\Cryptography\\Services\\NTDS\\SystemCertificates\\MY",
          "service NTDS MY held Test Root A\n" },
        { LM
          "Microsoft\\Cryptography\\Services\\NTDS\\SystemCertificates\\ROOT",
          "service NTDS ROOT held Test Root A\n" },
        { "HKEY_CURRENT_USER\\Software\\" SYSTEM_CERTS "ROOT",
          "user ROOT anchor Test Root A\n" },
        { "HKEY_CURRENT_USER\\Software\\Policies\\" SYSTEM_CERTS "CA",
          "user policy CA issuer Test Root A\n" },
        { "HKEY_USERS\\S-1-5-18\\Software\\" SYSTEM_CERTS "Root",
          "user S-1-5-18 Root anchor Test Root A\n" },
        { LM "Wow6432Node\\" SYSTEM_CERTS "ROOT",
          "32-bit ROOT anchor Test Root A\n" },
        /* a hive loaded under another name, and parts of one */
        { "HKEY_LOCAL_MACHINE\\OFFLINE\\" SYSTEM_CERTS "ROOT",
          "ROOT anchor Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\OFFLINE\\Policies\\" SYSTEM_CERTS "ROOT",
          "policy ROOT anchor Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\OFF\\Microsoft\\EnterpriseCertificates\\CA",
          "enterprise CA issuer Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\USER\\Software\\" SYSTEM_CERTS "ROOT",
          "ROOT anchor Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\A\\B\\C\\SystemCertificates\\ROOT",
          "ROOT anchor Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\SystemCertificates\\ROOT",
          "ROOT anchor Test Root A\n" },
        { "HKEY_LOCAL_MACHINE\\OfficeScan NT",
          "OfficeScan NT held Test Root A\n" },
        /* not stores */
        { "HKEY_LOCAL_MACHINE\\A\\B\\C\\D\\SystemCertificates\\ROOT", "" },
        { MACHINE "Root\\ProtectedRoots", "" },
        { LM "Microsoft\\Other\\ROOT", "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct test_folder f;
        struct hf_buf reg;

        test_folder_init(&f);
        test_reg_begin(&reg);
        test_reg_cert(&reg, row[i].store, TEST_A);
        HF_CHECK(test_reg_put(&f, "a.reg", &reg) &&
                     test_says(test_spec(&f, "reg", "a.reg").text, row[i].want),
                 "names: %s", row[i].store);
        test_folder_done(&f);
    }
}

/* An unusual key is not looked for where the usual ones are. */
static void test_usual_first(void)
{
    struct test_folder f;
    struct hf_buf reg;

    test_folder_init(&f);
    test_reg_begin(&reg);
    test_reg_cert(&reg, MACHINE "ROOT", TEST_A);
    test_reg_cert(&reg, "HKEY_LOCAL_MACHINE\\X\\" SYSTEM_CERTS "ROOT", TEST_B);
    HF_CHECK(test_reg_put(&f, "a.reg", &reg) &&
                 test_says(test_spec(&f, "reg", "a.reg").text,
                           "ROOT anchor Test Root A\n"),
             "usual: nothing else is looked for");
    test_folder_done(&f);
}

/* Wow6432Node repeats; what it alone has is told. */
static void test_mirror(void)
{
    struct test_folder f;
    struct hf_buf reg;

    test_folder_init(&f);
    test_reg_begin(&reg);
    test_reg_cert(&reg, MACHINE "ROOT", TEST_A);
    test_reg_cert(&reg, LM "Wow6432Node\\" SYSTEM_CERTS "ROOT", TEST_A);
    test_reg_cert(&reg, LM "Wow6432Node\\" SYSTEM_CERTS "ROOT", TEST_D);
    HF_CHECK(test_reg_put(&f, "a.reg", &reg) &&
                 test_says(test_spec(&f, "reg", "a.reg").text,
                           "ROOT anchor Test Root A\n"
                           "32-bit ROOT anchor Test Root D\n"),
             "mirror: told once");
    test_folder_done(&f);
}

static void test_select(void)
{
    static const struct {
        const char *part, *want;
    } row[] = {
        { "ROOT", "ROOT anchor Test Root A\n" },
        { "root", "ROOT anchor Test Root A\n" },
        { "Policy Root", "policy ROOT anchor Test Root D\n" },
        { "officescan nt", "OfficeScan NT held Test Root A\n" },
        { "Disallowed", "" },
        { "policy CA", "" },
        { "RO0T", "there is no certificate store 'RO0T'; there are: ROOT, "
                  "OfficeScan NT, policy ROOT" },
        { "enterprise CA", "" },
        { "enterprise Elsewhere",
          "there is no certificate store 'enterprise Elsewhere'; there are: "
          "ROOT, OfficeScan NT, policy ROOT" },
        { "service NTDS ROOT",
          "there is no certificate store 'service NTDS ROOT'; there are: "
          "ROOT, OfficeScan NT, policy ROOT" },
    };
    struct test_folder f;
    struct hf_buf reg;

    test_folder_init(&f);
    test_reg_begin(&reg);
    test_reg_cert(&reg, MACHINE "ROOT", TEST_A);
    test_reg_cert(&reg, MACHINE "OfficeScan NT", TEST_A);
    test_reg_cert(&reg, POLICY "ROOT", TEST_D);
    HF_CHECK(test_reg_put(&f, "a.reg", &reg), "select: a file");
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct test_path spec = test_spec(&f, "reg", "a.reg");
        size_t len = strlen(spec.text);
        HF_AUTO(hf_free_ptr) char *said = NULL;
        size_t tail = strlen(row[i].want), have;

        (void)snprintf(spec.text + len, sizeof(spec.text) - len, "#%s",
                       row[i].part);
        said = test_said(spec.text);
        have = said ? strlen(said) : 0;
        HF_CHECK(have >= tail && (tail > 0 || have == 0) &&
                     strcmp(said + have - tail, row[i].want) == 0,
                 "select: '%s'", row[i].part);
    }
    test_folder_done(&f);
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_places_done) struct hf_places places = { 0 };
    HF_AUTO(hf_free_ptr) char *key = NULL;
    HF_AUTO(hf_free_ptr) char *name = NULL;
    size_t count;

    if (hf_places_find(arg, &places, err) < 0 ||
        hf_places_select(&places, "policy ROOT", &count, err) < 0)
        return hf_err_code(err);
    return hf_places_key(&places, "enterprise CA", &key, &name, err);
}

static void oom_row(const char *name, const char *store)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf reg = { 0 };
    struct hf_err err;

    test_reg_begin(&reg);
    test_reg_cert(&reg, store, TEST_A);
    HF_CHECK(hf_registry_read(HF_REGISTRY_REG, "x", hf_buf_peek(&reg),
                              &registry, &err) == 0,
             "memory: a registry, %s", name);
    hf_oom_test(name, HF_OOM_OURS, attempt, registry);
}

int main(void)
{
    test_names();
    test_usual_first();
    test_mirror();
    test_select();
    oom_row("memory: usual places", POLICY "ROOT");
    oom_row("memory: a mirror", LM "Wow6432Node\\" SYSTEM_CERTS "ROOT");
    oom_row("memory: a service",
            LM "Microsoft\\Cryptography\\Services\\S\\SystemCertificates\\MY");
    oom_row("memory: a user", "HKEY_USERS\\S-1\\Software\\" SYSTEM_CERTS "A");
    oom_row("memory: near the top",
            "HKEY_LOCAL_MACHINE\\OFFLINE\\" SYSTEM_CERTS "ROOT");
    oom_row("memory: the top", "HKEY_LOCAL_MACHINE\\ROOT");
    return hf_test_end();
}
