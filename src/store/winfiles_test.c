/* SPDX-License-Identifier: Apache-2.0 */
/* store/winfiles_test.c - the Windows kinds over hives and policy files. */
#include "hf_oom.h"
#include "hf_test.h"
#include "hive_maker.h"
#include "store/test_windows.h"

#define AUTHROOT                                                               \
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\AuthRoot"
#define NAME "DisableRootAutoUpdate"

static bool put_bytes(const struct test_folder *f, const char *name,
                      struct hf_view bytes)
{
    struct hf_err err;

    return test_state(f) && test_put(f, name, "") &&
           hf_file_write(test_at(f, name).text, bytes, 0600, &err) == 0;
}

static bool put_hive(const struct test_folder *f, const char *name)
{
    static uint8_t hive[HIVE_MADE_LEN];

    hive_make(hive, 5);
    return put_bytes(f, name, hf_view(hive, sizeof(hive)));
}

/* --- hives
 * --------------------------------------------------------------------- */

/* A hive that was empty, a machine's and a user's. */
static void test_hive(void)
{
    HF_AUTO(hf_free_ptr) char *before = NULL;
    HF_AUTO(hf_free_ptr) char *after = NULL;
    struct test_folder f;
    struct test_path spec;
    enum hf_undo how = HF_UNDO_CERTIFICATES;
    struct hf_err err;

    test_folder_init(&f);
    spec = test_spec(&f, "hive", "SOFTWARE");
    HF_CHECK(put_hive(&f, "SOFTWARE") && test_says(spec.text, ""),
             "hive: empty");
    before = test_picture(&f);
    HF_CHECK(test_change(&f, spec.text, TEST_A TEST_I, NULL, &err) == 2 &&
                 test_says(spec.text, "ROOT anchor Test Root A\n"
                                      "CA issuer Test Issuer I\n"),
             "hive: a root and an issuer");
    HF_CHECK(test_change(&f, spec.text, TEST_A, NULL, &err) == 0,
             "hive: it is there already");
    HF_CHECK(test_change(&f, spec.text, TEST_B, TEST_A, &err) == 2 &&
                 test_says(spec.text, "ROOT anchor Test (Root) B, Ltd\n"
                                      "CA issuer Test Issuer I\n"),
             "hive: one for another");
    HF_CHECK(test_undo(&f, &how, &err) == 2 && how == HF_UNDO_BYTES &&
                 test_says(spec.text, "ROOT anchor Test Root A\n"
                                      "CA issuer Test Issuer I\n"),
             "hive: that undone");
    HF_CHECK(test_undo(&f, &how, &err) == 2 && before &&
                 (after = test_picture(&f)) && strcmp(before, after) == 0,
             "hive: all undone, not a byte is left");
    test_folder_done(&f);
}

static void test_user_hive(void)
{
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(put_hive(&f, "NTUSER.DAT"), "user: an empty hive");
    HF_CHECK(test_change(&f, test_spec(&f, "hive", "NTUSER.DAT#user CA").text,
                         TEST_I, NULL, &err) == 1 &&
                 test_change(&f, test_spec(&f, "hive", "NTUSER.DAT").text,
                             TEST_A, NULL, &err) == 1 &&
                 test_says(test_spec(&f, "hive", "NTUSER.DAT").text,
                           "user CA issuer Test Issuer I\n"
                           "user ROOT anchor Test Root A\n"),
             "user: the second one follows the first");
    HF_CHECK(test_says(test_spec(&f, "hive", "NTUSER.DAT#root").text,
                       "user ROOT anchor Test Root A\n"),
             "user: its own store needs no prefix");
    test_folder_done(&f);
}

/* A hive that was not shut down is read, and not written to. */
static void test_dirty(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct test_folder f;
    struct test_path spec;
    struct hf_err err;
    char text[1000];

    test_folder_init(&f);
    spec = test_spec(&f, "hive", "SOFTWARE");
    hf_buf_init(&bytes, 1024 * 1024);
    HF_CHECK(put_hive(&f, "SOFTWARE") &&
                 test_change(&f, spec.text, TEST_A, NULL, &err) == 1 &&
                 hf_file_read(test_at(&f, "SOFTWARE").text, &bytes, &err) == 0,
             "dirty: a hive");
    bytes.ptr[4]++; /* the first of the two sequence numbers */
    hive_sum(bytes.ptr);
    HF_CHECK(put_bytes(&f, "SOFTWARE", hf_buf_peek(&bytes)) &&
                 hf_store_open(spec.text, NULL, &store, &err) == 0 &&
                 hf_store_read(store, &list, &err) == 0 && list.count == 1 &&
                 list.incomplete,
             "dirty: it is read, and called incomplete");
    HF_CHECK(hf_store_may_change(store, &err) == HF_E_DENIED, "dirty: refused");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strstr(text, "shut down cleanly"), "dirty: what to do is said");
    test_folder_done(&f);
}

/* The hive is opened once, and again when it changed. */
static void test_reopened(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    const struct hf_registry *first = NULL, *second = NULL;
    struct hf_store_list list[2] = { { 0 }, { 0 } };
    struct test_folder f;
    struct test_path spec;
    struct hf_err err;

    test_folder_init(&f);
    spec = test_spec(&f, "hive", "SOFTWARE");
    HF_CHECK(put_hive(&f, "SOFTWARE") &&
                 hf_store_open(spec.text, NULL, &store, &err) == 0 &&
                 hf_store_registry(store, &first, &err) == 0 && first &&
                 hf_store_read(store, &list[0], &err) == 0 &&
                 hf_store_registry(store, &second, &err) == 0 &&
                 first == second,
             "reopened: not without need");
    HF_CHECK(test_change(&f, spec.text, TEST_A, NULL, &err) == 1 &&
                 hf_store_read(store, &list[1], &err) == 0 &&
                 list[0].count == 0 && list[1].count == 1,
             "reopened: what changed is seen");
    hf_store_list_done(&list[0]);
    hf_store_list_done(&list[1]);
    test_folder_done(&f);
}

static int change_value(const struct test_folder *f, const char *spec,
                        const struct hf_store_value *value, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    enum hf_changeset_found found;
    bool changed;

    if (hf_store_open(spec, NULL, &store, err) < 0 ||
        hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) <
            0 ||
        hf_store_stage_value(store, value, set, &changed, err) < 0 ||
        hf_changeset_commit(set, err) < 0)
        return hf_err_code(err);
    return changed;
}

/* The value in the hive; -1: absent. */
static int64_t value_of(const char *spec)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    const struct hf_registry *registry = NULL;
    struct hf_err err;
    uint32_t number = 0;

    return hf_store_open(spec, NULL, &store, &err) == 0 &&
                   hf_store_registry(store, &registry, &err) == 0 &&
                   hf_registry_dword(registry, AUTHROOT, NAME, &number, &err) ==
                       0
               ? (int64_t)number
               : -1;
}

/* Set, and removed; undone after the hive moved on. */
static void value_row(const char *scheme, const char *name)
{
    static uint8_t one[] = { 1, 0, 0, 0 };
    static const struct hf_store_value set = {
        AUTHROOT, NAME, false, { NULL, HF_REG_DWORD, one, 4 }
    };
    static const struct hf_store_value gone = { AUTHROOT, NAME, true, { 0 } };
    static const struct hf_store_value elsewhere = {
        "HKLM\\SYSTEM\\X", NAME, true, { 0 }
    };
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    struct test_folder f;
    struct test_path spec;
    struct hf_err err;
    bool hive = strcmp(scheme, "hive") == 0;

    test_folder_init(&f);
    spec = test_spec(&f, scheme, name);
    HF_CHECK((hive ? put_hive(&f, name)
                   : put_bytes(&f, name, hf_view("PReg\1\0\0", 8))) &&
                 change_value(&f, spec.text, &set, &err) == 1 &&
                 value_of(spec.text) == 1 &&
                 change_value(&f, spec.text, &set, &err) == 0,
             "value in a %s: set", scheme);
    HF_CHECK(change_value(&f, spec.text, &gone, &err) == 1 &&
                 value_of(spec.text) == -1 &&
                 change_value(&f, spec.text, &gone, &err) == 0,
             "value in a %s: removed", scheme);
    HF_CHECK(!hive ||
                 change_value(&f, spec.text, &elsewhere, &err) == HF_E_USAGE,
             "value in a %s: none of another hive", scheme);
    {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        HF_AUTO(hf_certs_done) struct hf_certs a = test_certs(TEST_A, NULL);
        HF_AUTO(hf_changeset_freep) struct hf_changeset *set2 = NULL;
        enum hf_changeset_found found;
        size_t changed;

        HF_CHECK(hf_store_open(spec.text, NULL, &store, &err) == 0 &&
                     hf_changeset_begin(test_at(&f, "other/holdfast").text,
                                        &set2, &found, &err) == 0 &&
                     hf_store_stage(store, &a, NULL, set2, &changed, &err) ==
                         0 &&
                     hf_changeset_commit(set2, &err) == 0,
                 "value in a %s: it moved on", scheme);
    }
    HF_CHECK(hf_store_undo(test_at(&f, TREE_STATE).text, f.path, &undone,
                           &err) == 0 &&
                 undone.how == HF_UNDO_CERTIFICATES &&
                 undone.values.count == 1 && value_of(spec.text) == 1 &&
                 test_holds(&f, spec.text, TEST_A) == 1,
             "value in a %s: back, and the rest stays", scheme);
    test_folder_done(&f);
}

/* --- policy files
 * ---------------------------------------------------------------- */

static void test_policy(void)
{
    static const struct {
        const char *title, *file, *part, *want;
    } row[] = {
        { "the machine's", "Machine/Registry.pol", "",
          "policy ROOT anchor Test Root A\n" },
        { "its own store needs no prefix", "Machine/Registry.pol", "#CA",
          "policy CA issuer Test Root A\n" },
        { "a user's", "User/Registry.pol", "",
          "user policy ROOT anchor Test Root A\n" },
        { "a user's, named", "User/Registry.pol", "#user policy CA",
          "user policy CA issuer Test Root A\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
        HF_AUTO(hf_certs_done) struct hf_certs a = test_certs(TEST_A, NULL);
        enum hf_changeset_found found;
        struct test_folder f;
        struct test_path spec;
        enum hf_undo how = HF_UNDO_CERTIFICATES;
        struct hf_err err;
        size_t changed = 0;

        test_folder_init(&f);
        spec = test_spec(&f, "pol", row[i].file);
        (void)snprintf(spec.text + strlen(spec.text), 100, "%s", row[i].part);
        HF_CHECK(
            put_bytes(&f, row[i].file, hf_view("PReg\1\0\0", 8)) &&
                hf_store_open(spec.text, NULL, &store, &err) == 0 &&
                hf_changeset_begin(test_at(&f, TREE_STATE).text, &set, &found,
                                   &err) == 0 &&
                hf_store_stage(store, &a, NULL, set, &changed, &err) == 0 &&
                hf_changeset_commit(set, &err) == 0 &&
                test_says(test_spec(&f, "pol", row[i].file).text, row[i].want),
            "policy: %s", row[i].title);
        hf_changeset_free(HF_STEAL(set));
        HF_CHECK(test_undo(&f, &how, &err) == 1 &&
                     test_says(test_spec(&f, "pol", row[i].file).text, ""),
                 "policy: %s, undone", row[i].title);
        test_folder_done(&f);
    }
}

/* --- memory
 * ------------------------------------------------------------------------ */

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    const struct test_folder *f = arg;

    if (hf_store_open(test_spec(f, "hive", "SOFTWARE").text, NULL, &store,
                      err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, &list, err);
}

static void test_oom(void)
{
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(put_hive(&f, "SOFTWARE") &&
                 test_change(&f, test_spec(&f, "hive", "SOFTWARE").text, TEST_A,
                             NULL, &err) == 1,
             "memory: a hive");
    hf_oom_test("memory: read", HF_OOM_OURS, attempt, &f);
    test_folder_done(&f);
}

int main(void)
{
    test_hive();
    test_user_hive();
    test_dirty();
    test_reopened();
    value_row("hive", "SOFTWARE");
    value_row("pol", "Registry.pol");
    test_policy();
    test_oom();
    return hf_test_end();
}
