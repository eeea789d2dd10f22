/* SPDX-License-Identifier: Apache-2.0 */
/* store/winvalue_test.c - registry values changed, and put back. */
#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_windows.h"
#include "store/windows.h"

#define KEY "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\AuthRoot"
#define NAME "DisableRootAutoUpdate"
#define HEAD                                                                   \
    "Windows Registry Editor Version 5.00\r\n\r\n"                             \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\" \
    "AuthRoot]\r\n"
#define OTHER "\"EnableDisallowedCertAutoUpdate\"=dword:00000001\r\n"
#define DISABLED "\"DisableRootAutoUpdate\"=dword:00000001\r\n"

static const struct hf_store_value gone = { KEY, NAME, true, { 0 } };
static uint8_t two[] = { 2, 0, 0, 0 };
static const struct hf_store_value is_two = {
    KEY, NAME, false, { NULL, HF_REG_DWORD, two, 4 }
};

/* Stages values, commits. Returns how many changed, or a negative code. */
static int change(const struct test_folder *f, const char *part,
                  const struct hf_store_value *first,
                  const struct hf_store_value *second, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    struct test_path spec = test_spec(f, "reg", "a.reg");
    enum hf_changeset_found found;
    bool changed[2] = { false, false };

    (void)snprintf(spec.text + strlen(spec.text), 100, "%s", part);
    if (hf_store_open(spec.text, NULL, &store, err) < 0 ||
        hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) <
            0 ||
        hf_store_stage_value(store, first, set, &changed[0], err) < 0 ||
        (second &&
         hf_store_stage_value(store, second, set, &changed[1], err) < 0) ||
        hf_changeset_commit(set, err) < 0)
        return hf_err_code(err);
    return changed[0] + changed[1];
}

/* The value as it is: a number, -1 absent, -2 unreadable. */
static int64_t value_of(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    const struct hf_registry *registry = NULL;
    struct hf_err err;
    uint32_t number = 0;
    int rc;

    if (hf_store_open(test_spec(f, "reg", "a.reg").text, NULL, &store, &err) <
            0 ||
        hf_store_registry(store, &registry, &err) < 0 || !registry)
        return -2;
    rc = hf_registry_dword(registry, KEY, NAME, &number, &err);
    return rc == HF_E_ABSENT ? -1 : rc < 0 ? -2 : (int64_t)number;
}

static void test_change_and_back(void)
{
    static const struct {
        const char *title, *text;
        const struct hf_store_value *to;
        int changed;
        int64_t want;
    } row[] = {
        { "removed", HEAD OTHER DISABLED, &gone, 1, -1 },
        { "it was absent", HEAD OTHER, &gone, 0, -1 },
        { "set", HEAD OTHER, &is_two, 1, 2 },
        { "set to another", HEAD DISABLED, &is_two, 1, 2 },
        { "it was so", HEAD "\"disablerootautoupdate\"=dword:00000002\r\n",
          &is_two, 0, 2 },
        { "another type", HEAD "\"DisableRootAutoUpdate\"=hex:02,00,00,00\r\n",
          &is_two, 1, 2 },
        { "no such key", "Windows Registry Editor Version 5.00\r\n\r\n",
          &is_two, 1, 2 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
        struct test_folder f;
        struct hf_err err;
        bool told = true;

        test_folder_init(&f);
        HF_CHECK(test_state(&f) && test_put(&f, "a.reg", row[i].text) &&
                     change(&f, "", row[i].to, NULL, &err) == row[i].changed &&
                     value_of(&f) == row[i].want &&
                     (row[i].changed > 0 || test_is(&f, "a.reg", row[i].text)),
                 "value: %s", row[i].title);
        if (row[i].changed > 0)
            told = hf_store_undo(test_at(&f, TREE_STATE).text, f.path, &undone,
                                 &err) == 0 &&
                   undone.how == HF_UNDO_BYTES && undone.values.count == 1 &&
                   strstr(undone.values.text[0], KEY "\\" NAME " in reg:");
        HF_CHECK(told && test_is(&f, "a.reg", row[i].text), "value: %s: undone",
                 row[i].title);
        test_folder_done(&f);
    }
}

/* The export moved on after the change. */
static void test_back_by_content(void)
{
    static const struct {
        const char *title;
        const struct hf_store_value *to;
        const char *moved;
        size_t told;
        int64_t want;
    } row[] = {
        { "what was removed comes back", &gone, HEAD OTHER, 1, 1 },
        { "somebody set it again, to another", &gone,
          HEAD "\"DisableRootAutoUpdate\"=dword:00000007\r\n", 0, 7 },
        { "somebody put it back", &gone, HEAD DISABLED, 1, 1 },
        { "what was set is as it was", &is_two,
          HEAD OTHER "\"DisableRootAutoUpdate\"=dword:00000002\r\n", 1, 1 },
        { "somebody removed what was set", &is_two, HEAD, 0, -1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
        struct test_folder f;
        struct hf_err err;

        test_folder_init(&f);
        HF_CHECK(test_state(&f) && test_put(&f, "a.reg", HEAD DISABLED) &&
                     change(&f, "#ROOT", row[i].to, NULL, &err) == 1 &&
                     test_put(&f, "a.reg", row[i].moved) &&
                     hf_store_undo(test_at(&f, TREE_STATE).text, f.path,
                                   &undone, &err) == 0 &&
                     undone.how == HF_UNDO_CERTIFICATES &&
                     undone.values.count == row[i].told &&
                     value_of(&f) == row[i].want,
                 "by content: %s", row[i].title);
        test_folder_done(&f);
    }
}

static void test_twice_in_one(void)
{
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(test_state(&f) && test_put(&f, "a.reg", HEAD DISABLED) &&
                 change(&f, "", &is_two, &gone, &err) == 2 &&
                 value_of(&f) == -1 && test_put(&f, "a.reg", HEAD OTHER) &&
                 hf_store_undo(test_at(&f, TREE_STATE).text, f.path, &undone,
                               &err) == 0 &&
                 value_of(&f) == 1,
             "twice in one set: the newest is undone first");
    test_folder_done(&f);
}

static void test_refused(void)
{
    static const struct hf_store_value broken = { KEY, "a\nb", true, { 0 } };
    HF_AUTO(hf_store_freep) struct hf_store *pem = NULL;
    struct test_folder f;
    struct hf_err err;
    bool changed;

    test_folder_init(&f);
    HF_CHECK(test_state(&f) && test_put(&f, "a.reg", HEAD) &&
                 change(&f, "", &broken, NULL, &err) == HF_E_USAGE,
             "refused: a name that a note cannot keep");
    HF_CHECK(test_put(&f, "a.pem", TEST_A) &&
                 hf_store_open(test_spec(&f, "pem", "a.pem").text, NULL, &pem,
                               &err) == 0 &&
                 hf_store_stage_value(pem, &gone, NULL, &changed, &err) ==
                     HF_E_USAGE,
             "refused: a store that is no registry");
    test_folder_done(&f);
}

static int attempt_stage(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    const struct test_folder *f = arg;
    enum hf_changeset_found found;
    bool changed;

    if (hf_store_open(test_spec(f, "reg", "a.reg").text, NULL, &store, err) <
            0 ||
        hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) < 0)
        return hf_err_code(err);
    return hf_store_stage_value(store, &is_two, set, &changed, err);
}

/* What a record may say of a value, and what then happens. */
static void test_notes(void)
{
    static const struct {
        const char *title, *tail;
        int rc;
        bool back;
    } row[] = {
        { "put back", KEY "\n" NAME "\n4:07000000\n4:01000000", 0, true },
        { "not as we made it", KEY "\n" NAME "\n4:07000000\n4:02000000", 0,
          false },
        { "of no length", KEY "\n" NAME "\n3:\n4:01000000", 0, true },
        { "cut", KEY "\n" NAME "\n4:07000000", HF_E_PARSE, false },
        { "too long", KEY "\n" NAME "\n-\n-\n-", HF_E_PARSE, false },
        { "no type", KEY "\n" NAME "\n:07\n-", HF_E_PARSE, false },
        { "an odd digit", KEY "\n" NAME "\n3:0\n-", HF_E_PARSE, false },
        { "no digit", KEY "\n" NAME "\n3:0g\n-", HF_E_PARSE, false },
        { "a type too large", KEY "\n" NAME "\n4294967296:00\n-", HF_E_PARSE,
          false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
        enum hf_changeset_found found;
        struct test_path note;
        struct test_folder f;
        struct hf_err err;
        bool back = false;

        test_folder_init(&f);
        note = test_spec(&f, "reg", "a.reg");
        (void)snprintf(note.text + strlen(note.text), 400, "\n%s", row[i].tail);
        HF_CHECK(test_state(&f) && test_put(&f, "a.reg", HEAD DISABLED) &&
                     hf_changeset_begin(test_at(&f, TREE_STATE).text, &set,
                                        &found, &err) == 0 &&
                     hf_value_note_undo(note.text, f.path, set, &back, &err) ==
                         row[i].rc &&
                     back == row[i].back,
                 "note: %s", row[i].title);
        test_folder_done(&f);
    }
}

static int attempt_note(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_free_ptr) char *text = NULL;
    const struct test_folder *f = arg;
    enum hf_changeset_found found;
    struct test_path note = test_spec(f, "reg", "a.reg");
    bool back;

    (void)snprintf(note.text + strlen(note.text), 400, "\n%s",
                   KEY "\n" NAME "\n4:07000000\n4:01000000");
    if (hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) <
            0 ||
        hf_value_note_undo(note.text, f->path, set, &back, err) < 0)
        return hf_err_code(err);
    text = hf_value_note_text(note.text);
    return text ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
}

static void test_oom(void)
{
    struct test_folder f;

    test_folder_init(&f);
    HF_CHECK(test_state(&f) && test_put(&f, "a.reg", HEAD DISABLED),
             "memory: an export");
    hf_oom_test("memory: stage", HF_OOM_OURS, attempt_stage, &f);
    hf_oom_test("memory: put back", HF_OOM_OURS, attempt_note, &f);
    test_folder_done(&f);
}

int main(void)
{
    test_change_and_back();
    test_back_by_content();
    test_twice_in_one();
    test_refused();
    test_notes();
    test_oom();
    return hf_test_end();
}
