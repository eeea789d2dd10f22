/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_change_test.c - profiles of NSS: changed, undone, busy. */
#include <fcntl.h>

#include "hf_oom.h"
#include "hf_test.h"
#include "store/nss.h"
#include "store/test_nss.h"

#define PROFILE "home/u/.pki/nssdb"

/* --- changing ------------------------------------------------------------- */

static bool is_anchor(const struct test_folder *f, const char *name,
                      const char *pem)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list found = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs want = test_certs(pem, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs have = { 0 };
    struct hf_err err;

    if (nss_list(f, name, &found, &err) < 0)
        return false;
    hf_store_list_anchors(&found, HF_PURPOSE_TLS_SERVER, &have);
    return want.count == 1 &&
           hf_certs_by_sha256(&have, hf_cert_sha256(want.cert[0]));
}

static void test_changes(const struct test_folder *f)
{
    static const struct nss_row rows[] = {
        { TEST_A, "A", "C,," },
        { TEST_C, "C", ",C," },
        { TEST_D, "D", "p,," },
    };
    struct test_path spec = nss_spec(f, PROFILE);
    uint64_t first, second;
    struct hf_err err;
    enum hf_undo how = 0;

    HF_CHECK(nss_make(f, PROFILE, "sql", "", rows, HF_COUNT(rows)) &&
                 chmod(test_at(f, PROFILE "/cert9.db").text, 0640) == 0,
             "a profile to change");
    first = nss_picture(f, PROFILE);
    HF_CHECK(test_change(f, spec.text, TEST_A, TEST_B, &err) == 0 &&
                 first == nss_picture(f, PROFILE),
             "what is so already changes nothing");
    HF_CHECK(test_change(f, spec.text, TEST_B TEST_C TEST_B, NULL, &err) == 2 &&
                 is_anchor(f, PROFILE, TEST_B) && is_anchor(f, PROFILE, TEST_C),
             "one is added, one gets its trust");
    second = nss_picture(f, PROFILE);
    HF_CHECK(test_change(f, spec.text, TEST_B, NULL, &err) == 0 &&
                 second == nss_picture(f, PROFILE),
             "a second time changes nothing");
    HF_CHECK(test_change(f, spec.text, NULL, TEST_A, &err) == 1 &&
                 test_holds(f, spec.text, TEST_A) == 0,
             "one is removed");
    HF_CHECK(test_undo(f, &how, &err) == 1 && how == HF_UNDO_BYTES &&
                 is_anchor(f, PROFILE, TEST_A) &&
                 test_undo(f, &how, &err) == 2 && how == HF_UNDO_BYTES &&
                 !is_anchor(f, PROFILE, TEST_C) &&
                 nss_count(f, PROFILE, &err) == 3,
             "both are taken back");
    HF_CHECK(test_change(f, spec.text, TEST_D, NULL, &err) == HF_E_GUARD &&
                 test_change(f, spec.text, NULL, TEST_D, &err) == 0,
             "what the profile distrusts stays so");
}

/* Somebody else changes the profile between the change and the undo. */
static void test_undo_moved(const struct test_folder *f)
{
    struct test_path spec = nss_spec(f, PROFILE);
    struct hf_err err;
    enum hf_undo how = 0;

    HF_CHECK(test_change(f, spec.text, TEST_B, NULL, &err) == 1 &&
                 nss_make(f, PROFILE, "sql", "",
                          &(struct nss_row){ TEST_A2, "A2", "C,," }, 1) &&
                 test_undo(f, &how, &err) == 1 && how == HF_UNDO_CERTIFICATES &&
                 test_holds(f, spec.text, TEST_B) == 0 &&
                 test_holds(f, spec.text, TEST_A2) == 1,
             "undo by certificates");
}

/* A profile's owner makes a link to a file of somebody else. */
static void test_strange_link(const struct test_folder *f)
{
    struct test_path spec = nss_spec(f, "linked");
    struct test_path folder = test_at(f, "linked");
    struct test_path link = test_at(f, "linked/cert9.db");
    uint64_t before;
    struct hf_err err;

    if (geteuid() != 0) /* only root can be led there */
        return;
    HF_CHECK(nss_make(f, "linked", "sql", "", NULL, 0) &&
                 rename(link.text, test_at(f, "target.db").text) == 0 &&
                 symlink("../target.db", link.text) == 0 &&
                 test_change(f, spec.text, TEST_A, NULL, &err) == 1,
             "a link to a file of the same owner is followed");
    before = nss_picture(f, "linked");
    HF_CHECK(chown(folder.text, 65534, 65534) == 0 &&
                 test_change(f, spec.text, TEST_B, NULL, &err) == HF_E_DENIED &&
                 strstr(err.frame[0].text, "another user") &&
                 before == nss_picture(f, "linked"),
             "a link to another's file is not");
}

static int change_locked(const struct test_folder *f, const char *password,
                         struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs add = test_certs(TEST_B, NULL);
    enum hf_changeset_found found;
    size_t changed = 0;

    if (hf_store_open(nss_spec(f, "locked").text, f->path, &store, err) < 0 ||
        hf_store_unlock(store, password, err) < 0 ||
        hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) <
            0 ||
        hf_store_stage(store, &add, NULL, set, &changed, err) < 0 ||
        hf_changeset_commit(set, err) < 0)
        return hf_err_code(err);
    return (int)changed;
}

static void test_password(const struct test_folder *f)
{
    uint64_t before;
    struct hf_err err;

    HF_CHECK(nss_make(f, "locked", "sql", "secret1", NULL, 0),
             "a profile with a primary password");
    before = nss_picture(f, "locked");
    HF_CHECK(nss_count(f, "locked", &err) == 0, "it is read without it");
    HF_CHECK(change_locked(f, NULL, &err) == HF_E_CRYPTO &&
                 strstr(err.frame[0].text, "primary password"),
             "it is not changed without it");
    HF_CHECK(change_locked(f, "secret2", &err) == HF_E_CRYPTO &&
                 strstr(err.frame[0].text, "is not"),
             "nor with another");
    HF_CHECK(before == nss_picture(f, "locked"), "nothing has changed");
    HF_CHECK(change_locked(f, "secret1", &err) == 1 &&
                 is_anchor(f, "locked", TEST_B),
             "with it, it is");
}

/* --- busy ----------------------------------------------------------------- */

static int may_change(const struct test_folder *f, const char *root,
                      struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;

    if (hf_store_open(nss_spec(f, PROFILE).text, root, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_may_change(store, err);
}

static bool names_us(const struct hf_err *err)
{
    char text[40];

    (void)snprintf(text, sizeof(text), "process %ld)", (long)getpid());
    return strstr(err->frame[0].text, text);
}

static void test_busy(const struct test_folder *f)
{
    struct test_path db = test_at(f, PROFILE "/cert9.db");
    struct test_path link = test_at(f, PROFILE "/lock");
    char target[64];
    struct hf_err err;
    int fd;

    HF_CHECK(may_change(f, f->path, &err) == 0, "nobody has it open");
    fd = open(db.text, O_RDONLY | O_CLOEXEC);
    HF_CHECK(fd >= 0 && may_change(f, f->path, &err) == HF_E_BUSY &&
                 names_us(&err),
             "a program that has it open is named");
    (void)close(fd);
    (void)snprintf(target, sizeof(target), "127.0.1.1:+%ld", (long)getpid());
    HF_CHECK(symlink(target, link.text) == 0 &&
                 may_change(f, "/", &err) == HF_E_BUSY && names_us(&err),
             "Firefox's lock");
    HF_CHECK(may_change(f, f->path, &err) == 0,
             "a lock of another machine's processes");
    (void)unlink(link.text);
    HF_CHECK(symlink("127.0.1.1:+999999999", link.text) == 0 &&
                 may_change(f, "/", &err) == 0,
             "a lock left behind");
    (void)unlink(link.text);
}

/* Another process holds the lock that lasts as long as Firefox runs. */
static void test_parent_lock(const struct test_folder *f)
{
    struct test_path path = test_at(f, PROFILE "/.parentlock");
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    struct hf_err err;
    int ready[2], status;
    char byte;
    pid_t pid;

    (void)test_put(f, PROFILE "/.parentlock", "");
    (void)fflush(stdout);
    if (pipe(ready) < 0)
        return;
    pid = fork();
    if (pid == 0) {
        int fd = open(path.text, O_RDWR);

        if (fcntl(fd, F_SETLK, &lock) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        (void)close(ready[1]);
        (void)pause();
        _exit(0);
    }
    (void)close(ready[1]);
    HF_CHECK(read(ready[0], &byte, 1) == 1 &&
                 may_change(f, f->path, &err) == HF_E_BUSY,
             "the lock of a running Firefox");
    (void)close(ready[0]);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
    HF_CHECK(may_change(f, f->path, &err) == 0, "and when it has ended");
}

static void test_unfinished(const struct test_folder *f)
{
    struct test_path path = test_at(f, PROFILE "/cert9.db-journal");
    struct hf_err err;

    HF_CHECK(test_put(f, PROFILE "/cert9.db-journal", "") &&
                 may_change(f, f->path, &err) == 0,
             "an empty journal is none");
    HF_CHECK(test_put(f, PROFILE "/cert9.db-journal",
                      "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7") &&
                 may_change(f, f->path, &err) == HF_E_BUSY &&
                 strstr(err.frame[0].text, "cert9.db-journal") &&
                 test_change(f, nss_spec(f, PROFILE).text, TEST_B, NULL,
                             &err) == HF_E_BUSY,
             "a change that was cut short");
    (void)unlink(path.text);
}

struct oom {
    const struct test_folder *f;
    struct hf_certs add;
};

static int attempt_stage(void *arg, struct hf_err *err)
{
    const struct oom *oom = arg;
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    enum hf_changeset_found state;
    size_t changed = 0;

    if (hf_store_open(nss_spec(oom->f, "small").text, oom->f->path, &store,
                      err) < 0 ||
        hf_changeset_begin(test_at(oom->f, TREE_STATE).text, &set, &state,
                           err) < 0)
        return hf_err_code(err);
    return hf_store_stage(store, &oom->add, NULL, set, &changed, err);
}

int main(void)
{
    struct test_folder folder;
    struct oom oom = { &folder, test_certs(TEST_B, NULL) };

    test_folder_init(&folder);
    HF_CHECK(test_state(&folder), "a state folder");
    test_changes(&folder);
    test_undo_moved(&folder);
    test_strange_link(&folder);
    test_password(&folder);
    test_busy(&folder);
    test_parent_lock(&folder);
    test_unfinished(&folder);
    HF_CHECK(nss_make(&folder, "small", "sql", "", NULL, 0), "a small profile");
    hf_oom_test("stage", HF_OOM_OURS, attempt_stage, &oom);
    hf_certs_done(&oom.add);
    test_folder_done(&folder);
    return hf_test_end();
}
