/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows_find_test.c - a Windows below a folder, however it is spelt. */
#include "hf_oom.h"
#include "hf_test.h"
#include "store/kind.h"
#include "store/test_change.h"

#define FILES_MAX 8

/* The stores found, as "hive:Windows/...", one a line. */
static char *found(const struct test_folder *f)
{
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_buf out;
    struct hf_err err;
    size_t len = strlen(f->path) + 1;

    hf_buf_init(&out, 65536);
    hf_buf_text(&out, "");
    if (hf_windows_find(f->path, &stores, &err) < 0)
        hf_buf_text(&out, "failed");
    for (size_t i = 0; i < stores.count; i++)
        hf_buf_printf(&out, "%s:%s\n", stores.store[i]->scheme,
                      stores.store[i]->real + len);
    return hf_buf_steal(&out);
}

static void test_find(void)
{
    static const struct {
        const char *title, *file[FILES_MAX], *want;
    } row[] = {
        { "no Windows", { "Users/anna/NTUSER.DAT" }, "" },
        { "a Windows",
          { "Windows/System32/config/SOFTWARE",
            "Windows/System32/config/RegBack/SOFTWARE", "Users/anna/NTUSER.DAT",
            "Users/bert/ntuser.dat", "Users/Public/desktop.ini",
            "Windows/System32/GroupPolicy/Machine/Registry.pol",
            "Windows/System32/GroupPolicy/User/Registry.pol" },
          "hive:Windows/System32/config/SOFTWARE\n"
          "hive:Users/anna/NTUSER.DAT\n"
          "hive:Users/bert/ntuser.dat\n"
          "pol:Windows/System32/GroupPolicy/Machine/Registry.pol\n"
          "pol:Windows/System32/GroupPolicy/User/Registry.pol\n" },
        { "spelt otherwise",
          { "WINDOWS/system32/config/software",
            "Documents and Settings/Anna/NTUSER.DAT",
            "WINDOWS/system32/grouppolicy/MACHINE/registry.pol" },
          "hive:WINDOWS/system32/config/software\n"
          "hive:Documents and Settings/Anna/NTUSER.DAT\n"
          "pol:WINDOWS/system32/grouppolicy/MACHINE/registry.pol\n" },
        { "one spelt right goes first",
          { "WINDOWS/readme", "Windows/System32/config/SOFTWARE" },
          "hive:Windows/System32/config/SOFTWARE\n" },
        { "a folder is none", { "Windows/System32/config/SOFTWARE/x" }, "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_free_ptr) char *have = NULL;
        struct test_folder f;
        bool made = true;

        test_folder_init(&f);
        for (size_t k = 0; k < FILES_MAX && row[i].file[k]; k++)
            made = made && test_put(&f, row[i].file[k], "x");
        have = found(&f);
        HF_CHECK(made && have && strcmp(have, row[i].want) == 0, "find: %s",
                 row[i].title);
        test_folder_done(&f);
    }
}

/* NTFS junctions and whatever else an image may hold. */
static void test_links(void)
{
    HF_AUTO(hf_free_ptr) char *have = NULL;
    struct test_folder f;

    test_folder_init(&f);
    HF_CHECK(test_put(&f, "Windows/System32/config/SOFTWARE", "x") &&
                 test_put(&f, "Users/anna/NTUSER.DAT", "x") &&
                 test_link(&f, "Documents and Settings", "/Users") &&
                 test_link(&f, "Users/out/NTUSER.DAT", "/etc/hostname") &&
                 test_link(&f, "Users/up", "../../../../../../etc") &&
                 test_link(&f, "Users/loop", "loop"),
             "links: a system with odd ones");
    have = found(&f);
    HF_CHECK(have && strcmp(have, "hive:Windows/System32/config/SOFTWARE\n"
                                  "hive:Users/anna/NTUSER.DAT\n") == 0,
             "links: each file once, none outside");
    test_folder_done(&f);
}

static void test_this_machine(void)
{
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_err err;

    HF_CHECK(hf_windows_find(NULL, &stores, &err) == 0 &&
                 hf_windows_find("//", &stores, &err) == 0 && stores.count == 0,
             "this machine is no Windows");
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    const struct test_folder *f = arg;

    return hf_windows_find(f->path, &stores, err);
}

static void test_oom(void)
{
    struct test_folder f;

    test_folder_init(&f);
    HF_CHECK(test_put(&f, "Windows/System32/config/SOFTWARE", "x") &&
                 test_put(&f, "Users/anna/NTUSER.DAT", "x") &&
                 test_put(&f,
                          "Windows/System32/GroupPolicy/Machine/Registry.pol",
                          "x"),
             "memory: a Windows");
    hf_oom_test("memory: find", HF_OOM_OURS, attempt, &f);
    test_folder_done(&f);
}

int main(void)
{
    test_find();
    test_links();
    test_this_machine();
    test_oom();
    return hf_test_end();
}
