/* SPDX-License-Identifier: Apache-2.0 */
/* store/store_test.c - opening, discovery, and what may be changed. */
#include "store/store.h"

#include "hf_oom.h"
#include "hf_test.h"
#include "store/certfiles.h"
#include "store/test_change.h"

#define NOBODY 65534 /* a user without rights, for tests run as root */

static void test_open(void)
{
    static const struct {
        const char *spec;
        int rc;
    } row[] = {
        { "", HF_E_USAGE },        { "pem", HF_E_USAGE },
        { "pem:", HF_E_USAGE },    { "windows", HF_E_USAGE },
        { "systemx", HF_E_USAGE }, { "pem:/none/at/all", HF_E_ABSENT },
        { "pem:/dev", 0 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        struct hf_err err;

        HF_CHECK(hf_store_open(row[i].spec, NULL, &store, &err) == row[i].rc,
                 "open: '%s'", row[i].spec);
    }
}

static bool names_are(const struct test_folder *f, const char *const want[])
{
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_err err;
    size_t i = 0;

    if (hf_stores_find(f->path, &stores, &err) < 0)
        return false;
    for (; i < stores.count && want[i]; i++) {
        const char *name = hf_store_name(stores.store[i]);
        size_t len = strlen(name), tail = strlen(want[i]);

        if (len < tail || strcmp(name + len - tail, want[i]) != 0)
            return false;
    }
    return i == stores.count && !want[i];
}

static void test_find(void)
{
    static const struct {
        const char *name;
        bool (*make)(const struct test_folder *f);
        const char *want[4];
    } row[] = {
        { "Debian", tree_debian, { "system" } },
        { "Alpine", tree_alpine, { "system" } },
        { "Red Hat", tree_red_hat, { "system" } },
        { "SUSE", tree_suse, { "system" } },
        { "Arch", tree_arch, { "system" } },
        { "bare", tree_bare, { "system" } },
        { "nothing", test_state, { NULL } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct test_folder f;

        test_folder_init(&f);
        HF_CHECK(row[i].make(&f) && names_are(&f, row[i].want), "find: %s",
                 row[i].name);
        test_folder_done(&f);
    }
}

static void test_find_more(void)
{
    static const char *const two[] = { "system", "/etc/ssl/cert.pem", NULL };
    static const char *const three[] = { "system", "/etc/ssl/cert.pem",
                                         "/etc/pki/tls/cert.pem", NULL };
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_store_list list = { 0 };
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) && test_put(&f, "etc/ssl/cert.pem", TEST_B) &&
                 test_link(&f, "usr/lib/ssl/cert.pem", "/etc/ssl/cert.pem") &&
                 names_are(&f, two),
             "find: a second bundle, named once");
    HF_CHECK(test_link(&f, "etc/pki/tls/cert.pem", "cert.pem") &&
                 names_are(&f, three),
             "find: a bundle that cannot be read is named");
    HF_CHECK(hf_stores_find(f.path, &stores, &err) == 0 && stores.count == 3 &&
                 hf_store_read(stores.store[2], &list, &err) == HF_E_IO,
             "find: and reading it says why");
    test_folder_done(&f);
}

static int may_change(const struct test_folder *f, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;

    if (hf_store_open("system", f->path, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_may_change(store, err);
}

static void test_may_change(void)
{
    bool root = geteuid() == 0;
    struct test_folder f;
    struct hf_err err;
    char text[1000];
    int rc;

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) && chmod(f.path, 0755) == 0 &&
                 may_change(&f, &err) == 0,
             "may change: yes");
    HF_CHECK(chmod(test_at(&f, "etc/ssl/certs").text, 0555) == 0 &&
                 (!root || seteuid(NOBODY) == 0),
             "may change: less rights");
    rc = may_change(&f, &err);
    HF_CHECK((!root || seteuid(0) == 0) && rc == HF_E_DENIED,
             "may change: no, and nothing was touched");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strstr(text, "etc/ssl/certs'") && strstr(text, "sudo"),
             "may change: it says which folder and what to do");
    (void)chmod(test_at(&f, "etc/ssl/certs").text, 0755);
    test_folder_done(&f);
}

/* Two changes of one store in one set see each other. */
static void test_one_set(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs b = test_certs(TEST_B, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs a = test_certs(TEST_A, NULL);
    HF_AUTO(hf_free_ptr) char *before = NULL;
    HF_AUTO(hf_free_ptr) char *after = NULL;
    enum hf_changeset_found found;
    struct test_folder f;
    struct hf_err err;
    size_t n[4] = { 9, 9, 9, 9 };

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) &&
                 hf_store_open("system", f.path, &store, &err) == 0 &&
                 hf_changeset_begin(test_at(&f, TREE_STATE).text, &set, &found,
                                    &err) == 0,
             "one set: begin");
    before = test_picture(&f);
    HF_CHECK(hf_store_stage(store, &b, NULL, set, &n[0], &err) == 0 &&
                 hf_store_stage(store, &b, &a, set, &n[1], &err) == 0 &&
                 hf_store_stage(store, &a, &b, set, &n[2], &err) == 0 &&
                 hf_store_stage(store, &a, &b, set, &n[3], &err) == 0 &&
                 n[0] == 1 && n[1] == 1 && n[2] == 2 && n[3] == 0,
             "one set: in, in and out, back again");
    HF_CHECK(hf_changeset_commit(set, &err) == 0, "one set: commit");
    HF_CHECK(test_is(&f, "etc/ssl/certs/ca-certificates.crt", TEST_C TEST_A),
             "one set: the bundle is another order of the same");
    HF_CHECK(test_put(&f, "etc/ssl/certs/ca-certificates.crt", TEST_A TEST_C),
             "one set: put that right");
    after = test_picture(&f);
    HF_CHECK(strcmp(before, after) == 0, "one set: all else is as before");
    test_folder_done(&f);
}

static void test_names(void)
{
    HF_CHECK(hf_hash_name_is("3513523f.0") && hf_hash_name_is("3513523f.12") &&
                 !hf_hash_name_is("3513523f.") &&
                 !hf_hash_name_is("3513523f.r0") &&
                 !hf_hash_name_is("3513523F.0") && !hf_hash_name_is("a.0") &&
                 !hf_hash_name_is("3513523f0.0"),
             "names of hash links");
}

static int attempt(void *arg, struct hf_err *err)
{
    const struct test_folder *f = arg;
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };

    return hf_stores_find(f->path, &stores, err);
}

static void test_oom(void)
{
    struct test_folder f;

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) && test_put(&f, "etc/ssl/cert.pem", TEST_B),
             "memory: a system");
    hf_oom_test("memory: find", HF_OOM_OURS, attempt, &f);
    test_folder_done(&f);
}

int main(void)
{
    test_open();
    test_find();
    test_find_more();
    test_may_change();
    test_one_set();
    test_names();
    test_oom();
    return hf_test_end();
}
