/* SPDX-License-Identifier: Apache-2.0 */
/* store/pem_test.c - PEM files and folders. */
#include "store/pemtext.h"

#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_change.h"

/* TEST_A with one character of its base64 gone. */
#define DAMAGED                                                                \
    "-----BEGIN CERTIFICATE-----\nMIIBgjCCASmgAwIBAgIUCV1g0wTQShQ4wJJ\n"       \
    "-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"

/* `text` with each LF as CRLF, on the heap. */
static char *crlf(const char *text)
{
    struct hf_buf out;

    hf_buf_init(&out, 1024 * 1024);
    for (; *text; text++)
        hf_buf_text(&out, *text == '\n' ? "\r\n" : (char[2]){ *text, '\0' });
    return hf_buf_steal(&out);
}

static void test_edit(void)
{
    static const struct {
        const char *name, *text, *add, *remove, *want;
        int rc;
    } row[] = {
        { "append", TEST_A, TEST_B, NULL, TEST_A TEST_B, 0 },
        { "append to an empty file", "", TEST_B, NULL, TEST_B, 0 },
        { "append to comments", "# none yet", TEST_B, NULL,
          "# none yet\n" TEST_B, 0 },
        { "append what is there", TEST_A TEST_B, TEST_B, NULL, TEST_A TEST_B,
          0 },
        { "append one twice", TEST_A, TEST_B TEST_B, NULL, TEST_A TEST_B, 0 },
        { "cut the first", "x\n" TEST_A "y\n" TEST_B, NULL, TEST_A,
          "x\ny\n" TEST_B, 0 },
        { "cut each copy", TEST_A TEST_B TEST_A, NULL, TEST_A, TEST_B, 0 },
        { "cut what is not there", TEST_A, NULL, TEST_B, TEST_A, 0 },
        { "cut all", TEST_A TEST_B, NULL, TEST_A TEST_B, "", 0 },
        { "cut one and append one", TEST_A TEST_C, TEST_B, TEST_A,
          TEST_C TEST_B, 0 },
        { "damaged blocks and keys stay", DAMAGED KEY TEST_A DAMAGED, TEST_B,
          TEST_A, DAMAGED KEY DAMAGED TEST_B, 0 },
        { "a block without its end stays",
          TEST_A "-----BEGIN CERTIFICATE----"
                 "-\nAAAA\n",
          TEST_B, TEST_A, "-----BEGIN CERTIFICATE-----\nAAAA\n" TEST_B, 0 },
        { "bytes that are no text", "\x30\x03\x02\x01", TEST_B, NULL, NULL,
          HF_E_PARSE },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_certs_done)
        struct hf_certs add = test_certs(row[i].add, NULL);
        HF_AUTO(hf_certs_done)
        struct hf_certs remove = test_certs(row[i].remove, NULL);
        HF_AUTO(hf_pem_change_done) struct hf_pem_change change = { 0 };
        struct hf_err err;
        int rc = hf_pem_edit("x", hf_view_text(row[i].text), &add, &remove,
                             &change, &err);

        HF_CHECK(
            rc == row[i].rc &&
                (rc < 0 || hf_view_is(hf_buf_peek(&change.text), row[i].want)),
            "edit: %s", row[i].name);
    }
}

static void test_line_ends(void)
{
    HF_AUTO(hf_free_ptr) char *text = crlf("# x\n" TEST_A TEST_C);
    HF_AUTO(hf_free_ptr) char *want = crlf("# x\n" TEST_C TEST_B);
    HF_AUTO(hf_certs_done) struct hf_certs add = test_certs(TEST_B, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs remove = test_certs(TEST_A, NULL);
    HF_AUTO(hf_pem_change_done) struct hf_pem_change change = { 0 };
    HF_AUTO(hf_pem_change_done) struct hf_pem_change cut = { 0 };
    struct hf_err err;
    size_t len = strlen(TEST_A TEST_C) - 1;

    HF_CHECK(hf_pem_edit("x", hf_view_text(text), &add, &remove, &change,
                         &err) == 0 &&
                 hf_view_is(hf_buf_peek(&change.text), want),
             "edit: CRLF stays CRLF");
    HF_CHECK(hf_pem_edit("x", hf_view(TEST_A TEST_C, len), &add, NULL, &cut,
                         &err) == 0 &&
                 hf_view_is(hf_buf_peek(&cut.text), TEST_A TEST_C TEST_B),
             "edit: a missing last line end is put in");
}

static void test_damaged(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct hf_err err;
    char spec[PATH_MAX + 8];

    (void)snprintf(spec, sizeof(spec), "pem:%s", test_at(f, "bad.pem").text);
    HF_CHECK(test_put(f, "bad.pem", "# x\n" TEST_A DAMAGED TEST_B) &&
                 hf_store_open(spec, NULL, &store, &err) == 0 &&
                 strcmp(hf_store_kind(store), "PEM file") == 0 &&
                 hf_store_read(store, &list, &err) == 0,
             "file: one with a damaged block is read");
    HF_CHECK(list.count == 3 && list.damaged == 1 && list.entry[0].cert &&
                 !list.entry[1].cert && list.entry[1].fault &&
                 list.entry[2].cert,
             "file: the damaged one is listed, in its place");
    HF_CHECK(list.count == 3 && strstr(list.entry[0].where, "bad.pem:2") &&
                 strstr(list.entry[1].where, "bad.pem:13"),
             "file: entries say where they stand");
}

static int change(const struct test_folder *f, const char *name,
                  const char *add, const char *remove)
{
    struct hf_err err;
    char spec[PATH_MAX + 8];

    (void)snprintf(spec, sizeof(spec), "pem:%s", test_at(f, name).text);
    return test_change(f, spec, add, remove, &err);
}

static void test_file(const struct test_folder *f)
{
    enum hf_undo how;
    struct hf_err err;

    HF_CHECK(test_put(f, "own.pem", "# mine\n" TEST_A) &&
                 test_link(f, "link.pem", "own.pem") &&
                 change(f, "link.pem", TEST_B, NULL) == 1 &&
                 test_is(f, "own.pem", "# mine\n" TEST_A TEST_B) &&
                 test_link_is(f, "link.pem", "own.pem"),
             "file: written through a link to it");
    HF_CHECK(change(f, "own.pem", TEST_A TEST_B, TEST_C) == 0,
             "file: a second run has nothing to do");
    HF_CHECK(change(f, "own.pem", TEST_C, TEST_A) == 2 &&
                 test_undo(f, &how, &err) == 2 && how == HF_UNDO_BYTES &&
                 test_is(f, "own.pem", "# mine\n" TEST_A TEST_B),
             "file: undo by bytes");
    HF_CHECK(test_put(f, "own.pem", TEST_B "# other\n" TEST_D) &&
                 test_undo(f, &how, &err) == 1 && how == HF_UNDO_CERTIFICATES &&
                 test_is(f, "own.pem", "# other\n" TEST_D),
             "file: undo by certificates");
    HF_CHECK(change(f, "own.pem", TEST_C, NULL) == 1 &&
                 unlink(test_at(f, "own.pem").text) == 0 &&
                 test_undo(f, &how, &err) == 1 && how == HF_UNDO_CERTIFICATES,
             "file: undo when the file itself is gone");
    HF_CHECK(change(f, "none.pem", TEST_C, NULL) == HF_E_ABSENT &&
                 change(f, "none/", TEST_C, NULL) == HF_E_ABSENT &&
                 change(f, "own.d/own.pem", TEST_C, NULL) == HF_E_ABSENT,
             "file: one that is not there");
    HF_CHECK(mkfifo(test_at(f, "pipe").text, 0600) == 0 &&
                 change(f, "pipe", TEST_C, NULL) == HF_E_IO,
             "file: a pipe is refused and does not hang");
}

static void test_folder_store(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_free_ptr) char *before = NULL;
    HF_AUTO(hf_free_ptr) char *after = NULL;
    struct hf_err err;
    enum hf_undo how;
    char spec[PATH_MAX + 8];

    (void)snprintf(spec, sizeof(spec), "pem:%s", test_at(f, "dir").text);
    HF_CHECK(test_put(f, "dir/a.pem", TEST_A) &&
                 test_put(f, "dir/two.crt", "x\n" TEST_C TEST_D) &&
                 test_put(f, "dir/bad.pem", "nothing\n") &&
                 test_put(f, "dir/README", "nothing\n") &&
                 test_put(f, "dir/.hidden.pem", TEST_B) &&
                 test_put(f, "dir/sub/b.pem", TEST_B) &&
                 mkfifo(test_at(f, "dir/pipe.pem").text, 0600) == 0 &&
                 test_link(f, "dir/97e1a225.0", "a.pem"),
             "folder: files, a pipe, a hash link");
    HF_CHECK(hf_store_open(spec, NULL, &store, &err) == 0 &&
                 hf_store_read(store, &list, &err) == 0 && list.count == 5 &&
                 list.damaged == 2,
             "folder: three certificates and two files that should be some");
    before = test_picture(f);
    HF_CHECK(test_change(f, spec, TEST_A2, TEST_A TEST_D, &err) == 3 &&
                 test_is(f, "dir/a.pem", NULL) &&
                 test_is(f, "dir/two.crt", "x\n" TEST_C) &&
                 test_holds(f, spec, TEST_A2 TEST_A TEST_C TEST_D) == 2,
             "folder: a file goes, a block is cut out, a file comes");
    HF_CHECK(test_undo(f, &how, &err) == 3 && how == HF_UNDO_BYTES, "folder: "
                                                                    "undo");
    after = test_picture(f);
    HF_CHECK(strcmp(before, after) == 0, "folder: leaves no trace");
}

/* Which change was it, and which certificates? */
static void test_told(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs add = test_certs(TEST_B, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs remove = test_certs(TEST_A, NULL);
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    const struct hf_undone_cert *one;
    enum hf_changeset_found found;
    struct hf_err err;
    char spec[PATH_MAX + 8];
    size_t changed;

    (void)snprintf(spec, sizeof(spec), "pem:%s", test_at(f, "told.pem").text);
    HF_CHECK(test_put(f, "told.pem", TEST_A) &&
                 hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found,
                                    &err) == 0 &&
                 hf_store_open(spec, NULL, &store, &err) == 0 &&
                 hf_store_note_command(set, "roots mend", &err) == 0 &&
                 hf_store_stage(store, &add, &remove, set, &changed, &err) ==
                     0 &&
                 hf_changeset_commit(set, &err) == 0,
             "told: a change that keeps its command");
    hf_changeset_free(HF_STEAL(set));
    HF_CHECK(hf_store_undo(test_at(f, TREE_STATE).text, NULL, &undone, &err) ==
                     0 &&
                 undone.command && strcmp(undone.command, "roots mend") == 0 &&
                 undone.time_s > 0,
             "told: when it was made, and by what");
    one = undone.item;
    HF_CHECK(undone.count == 2 && one[0].removed && !one[1].removed &&
                 hf_cert_same(one[0].cert, add.cert[0]) &&
                 hf_cert_same(one[1].cert, remove.cert[0]) &&
                 strcmp(one[0].store, spec) == 0,
             "told: which certificates, and of which store");
}

struct oom {
    struct hf_certs add, remove;
};

static int attempt(void *arg, struct hf_err *err)
{
    const struct oom *oom = arg;
    HF_AUTO(hf_pem_change_done) struct hf_pem_change edited = { 0 };

    return hf_pem_edit("x", hf_view_text(TEST_A DAMAGED TEST_C), &oom->add,
                       &oom->remove, &edited, err);
}

int main(void)
{
    struct test_folder folder;
    struct oom oom = { test_certs(TEST_B, NULL), test_certs(TEST_A, NULL) };

    test_folder_init(&folder);
    HF_CHECK(test_state(&folder), "a state folder");
    test_edit();
    test_line_ends();
    test_damaged(&folder);
    test_file(&folder);
    test_folder_store(&folder);
    test_told(&folder);
    hf_oom_test("edit", HF_OOM_OURS, attempt, &oom);
    hf_certs_done(&oom.add);
    hf_certs_done(&oom.remove);
    test_folder_done(&folder);
    return hf_test_end();
}
