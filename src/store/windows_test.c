/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows_test.c - certificates in a Windows registry: read, put in,
 * taken out, and back again. */
#include "store/windows.h"

#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_windows.h"

/* ROOT: A; AuthRoot: A, D; CA: I; Disallowed: D. */
static bool put_machine(const struct test_folder *f)
{
    struct hf_buf reg;

    test_reg_begin(&reg);
    test_reg_cert(&reg, MACHINE "ROOT", TEST_A);
    test_reg_cert(&reg, MACHINE "AuthRoot", TEST_A);
    test_reg_cert(&reg, MACHINE "AuthRoot", TEST_D);
    test_reg_cert(&reg, MACHINE "CA", TEST_I);
    test_reg_cert(&reg, MACHINE "Disallowed", TEST_D);
    return test_state(f) && test_reg_put(f, "m.reg", &reg);
}

/* --- reading ----------------------------------------------------------------
 */

#define KEY                                                                    \
    "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates\\"

static void test_describe(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(put_machine(&f) &&
                 hf_store_open(test_spec(&f, "reg", "m.reg").text, NULL, &store,
                               &err) == 0 &&
                 hf_store_stack(store) == HF_STACK_WINDOWS &&
                 strcmp(hf_store_kind(store), "registry export") == 0,
             "describe: what it is");
    HF_CHECK(hf_store_read(store, &list, &err) == 0 && list.count == 5 &&
                 list.damaged == 0 && !list.incomplete,
             "describe: all are read");
    HF_CHECK(list.count > 0 &&
                 strncmp(list.entry[0].where, KEY, strlen(KEY)) == 0 &&
                 strcmp(list.entry[0].where + strlen(KEY),
                        test_thumb(TEST_A).text) == 0 &&
                 !list.entry[0].label && list.entry[0].purposes == 0,
             "describe: an entry says where it stands");
    hf_store_list_anchors(&list, 0, &anchors);
    HF_CHECK(anchors.count == 1,
             "describe: of two anchors the refused one is none");
    test_folder_done(&f);
}

/* A property in front of the certificate. */
static void test_properties(void)
{
    static const uint8_t name[] = { 'H', 0, 'i', 0, 0, 0 };
    static const uint8_t server[] = { 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06,
                                      0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
    static const uint8_t broken[] = { 0x30, 0x0a, 0x06 };
    static const struct {
        const char *title;
        unsigned property;
        struct hf_view data;
        const char *label;
        unsigned purposes;
        bool damaged;
    } row[] = {
        { "a friendly name",
          HF_PROP_FRIENDLY_NAME,
          { name, sizeof(name) },
          "Hi",
          0,
          false },
        { "an empty one",
          HF_PROP_FRIENDLY_NAME,
          { name + 4, 2 },
          NULL,
          0,
          false },
        { "for TLS servers only",
          HF_PROP_EKU,
          { server, sizeof(server) },
          NULL,
          HF_PURPOSE_TLS_SERVER,
          false },
        { "purposes that cannot be read",
          HF_PROP_EKU,
          { broken, sizeof(broken) },
          NULL,
          0,
          true },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
        HF_AUTO(hf_buf_done) struct hf_buf blob = { 0 };
        const struct hf_store_entry *entry = NULL;
        struct test_folder f;
        struct hf_buf reg;
        struct hf_err err;

        test_folder_init(&f);
        test_blob(&blob, TEST_A, row[i].property, row[i].data);
        test_reg_begin(&reg);
        hf_buf_printf(&reg,
                      "[%s\\Certificates\\%s]\r\n\"Blob\"=hex:", MACHINE "ROOT",
                      test_thumb(TEST_A).text);
        test_reg_hex(&reg, hf_buf_peek(&blob));
        hf_buf_text(&reg, "\r\n");
        if (test_reg_put(&f, "a.reg", &reg) &&
            hf_store_open(test_spec(&f, "reg", "a.reg").text, NULL, &store,
                          &err) == 0 &&
            hf_store_read(store, &list, &err) == 0 && list.count == 1)
            entry = list.entry;
        HF_CHECK(entry && !entry->cert == row[i].damaged &&
                     entry->purposes == row[i].purposes &&
                     (row[i].label ? entry->label &&
                                         strcmp(entry->label, row[i].label) == 0
                                   : !entry->label),
                 "properties: %s", row[i].title);
        test_folder_done(&f);
    }
}

static void test_damaged(void)
{
    static const struct {
        const char *title, *value, *fault;
    } row[] = {
        { "no value", "", "there is no value 'Blob'" },
        { "another value", "\"Blub\"=hex:00\r\n", "no value 'Blob'" },
        { "a text", "\"Blob\"=\"x\"\r\n", "is REG_SZ, expected REG_BINARY" },
        { "nothing in it", "\"Blob\"=hex:\r\n", "no certificate" },
        { "cut", "\"Blob\"=hex:03,00,00,00,01,00,00,00,14,00\r\n", "'Blob'" },
        { "only a hash",
          "\"Blob\"=hex:04,00,00,00,01,00,00,00,01,00,00,00,ff\r\n",
          "no certificate" },
        { "a CRL", "\"Blob\"=hex:21,00,00,00,01,00,00,00,02,00,00,00,30,00\r\n",
          "a CRL or a trust list" },
        { "no certificate in it",
          "\"Blob\"=hex:20,00,00,00,01,00,00,00,02,00,00,00,30,00\r\n", "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
        struct test_folder f;
        struct hf_buf reg;
        struct hf_err err;

        test_folder_init(&f);
        test_reg_begin(&reg);
        hf_buf_printf(&reg, "[%s\\Certificates\\%s]\r\n%s\r\n", MACHINE "ROOT",
                      test_thumb(TEST_A).text, row[i].value);
        test_reg_cert(&reg, MACHINE "ROOT", TEST_B);
        HF_CHECK(test_reg_put(&f, "a.reg", &reg) &&
                     hf_store_open(test_spec(&f, "reg", "a.reg").text, NULL,
                                   &store, &err) == 0 &&
                     hf_store_read(store, &list, &err) == 0 &&
                     list.count == 2 && list.damaged == 1 &&
                     list.entry[1].cert && list.entry[0].fault &&
                     strstr(list.entry[0].fault, row[i].fault),
                 "damaged: %s", row[i].title);
        test_folder_done(&f);
    }
}

/* The name of the key is a hash that Windows goes by. */
static void test_wrong_name(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf blob = { 0 };
    struct test_path a = test_thumb(TEST_A), b = test_thumb(TEST_B);
    struct test_folder f;
    struct hf_buf reg;
    struct hf_err err;

    test_folder_init(&f);
    test_blob(&blob, TEST_B, 0, hf_view_text(""));
    test_reg_begin(&reg);
    hf_buf_printf(&reg,
                  "[%s\\Certificates\\%s]\r\n\"Blob\"=hex:", MACHINE "ROOT",
                  a.text);
    test_reg_hex(&reg, hf_buf_peek(&blob));
    hf_buf_text(&reg, "\r\n");
    for (char *c = b.text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    HF_CHECK(test_reg_put(&f, "a.reg", &reg) &&
                 hf_store_open(test_spec(&f, "reg", "a.reg").text, NULL, &store,
                               &err) == 0 &&
                 hf_store_read(store, &list, &err) == 0 && list.damaged == 1 &&
                 !list.entry[0].cert && strstr(list.entry[0].fault, a.text) &&
                 strstr(list.entry[0].fault, b.text),
             "wrong name: a fault that names both hashes");
    test_folder_done(&f);
}

/* --- changing
 * ----------------------------------------------------------------- */

#define BEFORE                                                                 \
    "ROOT anchor Test Root A\n"                                                \
    "AuthRoot anchor Test Root A\nAuthRoot anchor Test Root D\n"               \
    "CA issuer Test Issuer I\nDisallowed refused Test Root D\n"

static void test_changes(void)
{
    static const struct {
        const char *title, *part, *add, *remove;
        int changed;
        const char *want;
    } row[] = {
        { "a root goes to ROOT", "", TEST_B, NULL, 1,
          "ROOT anchor Test Root A\nROOT anchor Test (Root) B, Ltd\n"
          "AuthRoot anchor Test Root A\nAuthRoot anchor Test Root D\n"
          "CA issuer Test Issuer I\nDisallowed refused Test Root D\n" },
        { "one that is an anchor is there", "", TEST_A, NULL, 0, BEFORE },
        { "one that is refused too is there", "", TEST_D, NULL, 0, BEFORE },
        { "an issuer is there", "", TEST_I, NULL, 0, BEFORE },
        { "into the store named", "#CA", TEST_A, NULL, 1,
          "ROOT anchor Test Root A\n"
          "AuthRoot anchor Test Root A\nAuthRoot anchor Test Root D\n"
          "CA issuer Test Issuer I\nCA issuer Test Root A\n"
          "Disallowed refused Test Root D\n" },
        { "out of everywhere", "", NULL, TEST_A, 1,
          "AuthRoot anchor Test Root D\n"
          "CA issuer Test Issuer I\nDisallowed refused Test Root D\n" },
        { "out of the store named", "#authroot", NULL, TEST_A, 1,
          "ROOT anchor Test Root A\nAuthRoot anchor Test Root D\n"
          "CA issuer Test Issuer I\nDisallowed refused Test Root D\n" },
        { "a refusal stays", "", NULL, TEST_D, 1,
          "ROOT anchor Test Root A\nAuthRoot anchor Test Root A\n"
          "CA issuer Test Issuer I\nDisallowed refused Test Root D\n" },
        { "unless it is named", "#Disallowed", NULL, TEST_D, 1,
          "ROOT anchor Test Root A\n"
          "AuthRoot anchor Test Root A\nAuthRoot anchor Test Root D\n"
          "CA issuer Test Issuer I\n" },
        { "what is not there", "", NULL, TEST_B, 0, BEFORE },
        { "one for another", "#CA", TEST_B, TEST_I, 2,
          "ROOT anchor Test Root A\n"
          "AuthRoot anchor Test Root A\nAuthRoot anchor Test Root D\n"
          "CA issuer Test (Root) B, Ltd\nDisallowed refused Test Root D\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_free_ptr) char *before = NULL;
        HF_AUTO(hf_free_ptr) char *after = NULL;
        struct test_path spec, part;
        struct test_folder f;
        enum hf_undo how = HF_UNDO_CERTIFICATES;
        struct hf_err err;
        int rc = 0;

        test_folder_init(&f);
        spec = test_spec(&f, "reg", "m.reg");
        part = test_spec(&f, "reg", "m.reg");
        (void)snprintf(part.text + strlen(part.text), 100, "%s", row[i].part);
        HF_CHECK(put_machine(&f) && (before = test_picture(&f)) &&
                     test_change(&f, part.text, row[i].add, row[i].remove,
                                 &err) == row[i].changed &&
                     test_says(spec.text, row[i].want),
                 "change: %s", row[i].title);
        HF_CHECK(test_change(&f, part.text, row[i].add, row[i].remove, &err) ==
                     0,
                 "change: %s: and once more, nothing", row[i].title);
        if (row[i].changed > 0)
            rc = test_undo(&f, &how, &err);
        HF_CHECK(rc >= row[i].changed && before && (after = test_picture(&f)) &&
                     strcmp(before, after) == 0,
                 "change: %s: undone, not a byte is left", row[i].title);
        test_folder_done(&f);
    }
}

/* The file moved on: what was removed comes back where it stood. */
static void test_undo_by_content(void)
{
    struct test_folder f;
    struct test_path spec;
    enum hf_undo how = 0;
    struct hf_err err;

    test_folder_init(&f);
    spec = test_spec(&f, "reg", "m.reg");
    HF_CHECK(put_machine(&f) &&
                 test_change(&f, spec.text, TEST_B, TEST_A TEST_I, &err) == 3,
             "by content: a change");
    {
        HF_AUTO(hf_free_ptr) char *text = test_get(&f, "m.reg");
        HF_AUTO(hf_buf_done) struct hf_buf more = { 0 };

        hf_buf_init(&more, 1024 * 1024);
        hf_buf_text(&more, text);
        test_reg_cert(&more, MACHINE "MY", TEST_C);
        HF_CHECK(test_reg_put(&f, "m.reg", &more), "by content: another's");
    }
    HF_CHECK(test_undo(&f, &how, &err) == 4 && how == HF_UNDO_CERTIFICATES,
             "by content: undone, each place told");
    HF_CHECK(test_says(spec.text, "ROOT anchor Test Root A\n"
                                  "AuthRoot anchor Test Root D\n"
                                  "AuthRoot anchor Test Root A\n"
                                  "CA issuer Test Issuer I\n"
                                  "Disallowed refused Test Root D\n"
                                  "MY held Test Root C\n"),
             "by content: what was removed is where it stood");
    test_folder_done(&f);
}

/* The certificates that are not trusted for everything, and for what. */
static char *test_limits(const char *spec)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct hf_buf out;
    struct hf_err err;

    hf_buf_init(&out, 65536);
    if (hf_store_open(spec, NULL, &store, &err) < 0 ||
        hf_store_read(store, &list, &err) < 0)
        return NULL;
    for (size_t i = 0; i < list.count; i++)
        if (list.entry[i].cert && list.entry[i].purposes != 0)
            hf_buf_printf(&out, "%s %u\n", list.entry[i].place,
                          list.entry[i].purposes);
    return hf_buf_steal(&out);
}

/* A limit that stood with a certificate comes back with it. */
static void test_undo_properties(void)
{
    static const uint8_t server[] = { 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06,
                                      0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
    HF_AUTO(hf_buf_done) struct hf_buf blob = { 0 };
    HF_AUTO(hf_free_ptr) char *first = NULL;
    HF_AUTO(hf_free_ptr) char *last = NULL;
    struct test_folder f;
    struct test_path spec;
    enum hf_undo how = 0;
    struct hf_buf reg;
    struct hf_err err;

    test_folder_init(&f);
    spec = test_spec(&f, "reg", "p.reg");
    test_blob(&blob, TEST_A, HF_PROP_EKU, hf_view(server, sizeof(server)));
    test_reg_begin(&reg);
    hf_buf_printf(&reg,
                  "[%s\\Certificates\\%s]\r\n\"Blob\"=hex:", MACHINE "ROOT",
                  test_thumb(TEST_A).text);
    test_reg_hex(&reg, hf_buf_peek(&blob));
    hf_buf_text(&reg, "\r\n\r\n");
    HF_CHECK(test_reg_put(&f, "p.reg", &reg), "properties: an export");
    first = test_limits(spec.text);
    HF_CHECK(test_change(&f, spec.text, NULL, TEST_A, &err) == 1,
             "properties: removed");
    {
        HF_AUTO(hf_free_ptr) char *text = test_get(&f, "p.reg");

        hf_buf_init(&reg, 1024 * 1024);
        hf_buf_text(&reg, text);
        test_reg_cert(&reg, MACHINE "MY", TEST_C);
        HF_CHECK(test_reg_put(&f, "p.reg", &reg), "properties: another's");
    }
    HF_CHECK(test_undo(&f, &how, &err) == 1 && how == HF_UNDO_CERTIFICATES,
             "properties: undone by certificates");
    last = test_limits(spec.text);
    HF_CHECK(first && last && strcmp(first, last) == 0 && strstr(first, "ROOT"),
             "properties: trusted for what it was");
    test_folder_done(&f);
}

/* Files of their own kind get what is added in their own stores. */
static void test_homes(void)
{
    static const struct {
        const char *title, *part, *store, *want;
    } row[] = {
        { "an empty export", "", NULL, "ROOT anchor Test (Root) B, Ltd\n" },
        { "a user's", "", "HKEY_CURRENT_USER\\Software\\" SYSTEM_CERTS "MY",
          "user MY held Test Root A\n"
          "user ROOT anchor Test (Root) B, Ltd\n" },
        { "a user's, named", "#Root",
          "HKEY_CURRENT_USER\\Software\\" SYSTEM_CERTS "Root",
          "user Root anchor Test Root A\n"
          "user Root anchor Test (Root) B, Ltd\n" },
        { "a policy", "#policy ROOT", MACHINE "MY",
          "MY held Test Root A\npolicy ROOT anchor Test (Root) B, Ltd\n" },
        { "enterprise", "#enterprise CA", MACHINE "MY",
          "MY held Test Root A\nenterprise CA issuer Test (Root) B, Ltd\n" },
        { "a vendor's", "#OfficeScan NT", MACHINE "MY",
          "MY held Test Root A\nOfficeScan NT held Test (Root) B, Ltd\n" },
        { "a policy under another name", "#policy CA",
          "HKEY_LOCAL_MACHINE\\X\\" SYSTEM_CERTS "MY",
          "MY held Test Root A\npolicy CA issuer Test (Root) B, Ltd\n" },
        { "none under another name yet", "",
          "HKEY_LOCAL_MACHINE\\X\\Policies\\" SYSTEM_CERTS "CA",
          "policy CA issuer Test Root A\n"
          "ROOT anchor Test (Root) B, Ltd\n" },
        { "under another name", "", "HKEY_LOCAL_MACHINE\\X\\" SYSTEM_CERTS "MY",
          "MY held Test Root A\nROOT anchor Test (Root) B, Ltd\n" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
        HF_AUTO(hf_certs_done) struct hf_certs b = test_certs(TEST_B, NULL);
        enum hf_changeset_found found;
        struct test_path part;
        struct test_folder f;
        struct hf_buf reg;
        struct hf_err err;
        size_t changed = 0;

        test_folder_init(&f);
        test_reg_begin(&reg);
        if (row[i].store)
            test_reg_cert(&reg, row[i].store, TEST_A);
        part = test_spec(&f, "reg", "a.reg");
        (void)snprintf(part.text + strlen(part.text), 100, "%s", row[i].part);
        HF_CHECK(test_state(&f) && test_reg_put(&f, "a.reg", &reg) &&
                     hf_store_open(part.text, NULL, &store, &err) == 0 &&
                     hf_changeset_begin(test_at(&f, TREE_STATE).text, &set,
                                        &found, &err) == 0 &&
                     hf_store_stage(store, &b, NULL, set, &changed, &err) ==
                         0 &&
                     changed == 1 && hf_changeset_commit(set, &err) == 0 &&
                     test_says(test_spec(&f, "reg", "a.reg").text, row[i].want),
                 "homes: %s", row[i].title);
        test_folder_done(&f);
    }
}

/* --- memory
 * -------------------------------------------------------------------- */

static int attempt_read(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    const struct test_folder *f = arg;
    const struct hf_registry *registry;

    if (hf_store_open(test_spec(f, "reg", "m.reg").text, NULL, &store, err) < 0)
        return hf_err_code(err);
    if (hf_store_registry(store, &registry, err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, &list, err);
}

struct change {
    struct test_folder *f;
    struct hf_certs add, remove;
};

static int attempt_stage(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    const struct change *change = arg;
    enum hf_changeset_found found;
    size_t changed;

    if (hf_store_open(test_spec(change->f, "reg", "m.reg").text, NULL, &store,
                      err) < 0 ||
        hf_changeset_begin(test_at(change->f, TREE_STATE).text, &set, &found,
                           err) < 0)
        return hf_err_code(err);
    return hf_store_stage(store, &change->add, &change->remove, set, &changed,
                          err);
}

static void test_oom(void)
{
    struct test_folder f;
    struct change change = { &f, test_certs(TEST_B, NULL),
                             test_certs(TEST_A, NULL) };

    test_folder_init(&f);
    HF_CHECK(put_machine(&f), "memory: an export");
    hf_oom_test("memory: read", HF_OOM_OURS, attempt_read, &f);
    hf_oom_test("memory: stage", HF_OOM_OURS, attempt_stage, &change);
    hf_certs_done(&change.add);
    hf_certs_done(&change.remove);
    test_folder_done(&f);
}

int main(void)
{
    test_describe();
    test_properties();
    test_damaged();
    test_wrong_name();
    test_changes();
    test_undo_by_content();
    test_undo_properties();
    test_homes();
    test_oom();
    return hf_test_end();
}
