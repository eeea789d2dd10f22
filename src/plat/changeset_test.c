/* SPDX-License-Identifier: Apache-2.0 */
/* plat/changeset_test.c - files changed as one: commit, crash, undo. */
#include "plat/changeset.h"

#include <fcntl.h>

#include "hf_oom.h"
#include "hf_test.h"
#include "plat/settle.h"
#include "plat/test_folder.h"

static struct hf_changeset *begin(const struct test_folder *f,
                                  enum hf_changeset_found want)
{
    struct hf_changeset *set = NULL;
    enum hf_changeset_found found;
    struct hf_err err;
    char text[512];

    if (hf_changeset_begin(test_at(f, "state").text, &set, &found, &err) < 0) {
        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(false, "begin: %s", text);
        abort();
    }
    HF_CHECK(found == want, "begin finds what was left: %d", (int)want);
    return set;
}

/* a changes, b goes, c and d come, the link moves, e is looked at only. */
static int stage_all(struct hf_changeset *set, const struct test_folder *f,
                     struct hf_err *err)
{
    struct hf_view bytes;
    enum hf_path_kind kind;

    if (hf_changeset_write(set, test_at(f, "t/a").text, hf_view_text("new a"),
                           0600, err) < 0 ||
        hf_changeset_remove(set, test_at(f, "t/b").text, err) < 0 ||
        hf_changeset_write(set, test_at(f, "t/c").text, hf_view_text("new c"),
                           0640, err) < 0 ||
        hf_changeset_write(set, test_at(f, "t/x/y/d").text,
                           hf_view_text("new d"), 0644, err) < 0 ||
        hf_changeset_link(set, test_at(f, "t/link").text, "c", err) < 0 ||
        hf_changeset_peek(set, test_at(f, "t/e").text, &kind, &bytes, err) <
            0 ||
        hf_changeset_remove(set, test_at(f, "t/none").text, err) < 0 ||
        hf_changeset_note(set, "added", "one", err) < 0 ||
        hf_changeset_note(set, "removed", "x", err) < 0 ||
        hf_changeset_note(set, "added", "two\nlines", err) < 0)
        return hf_err_code(err);
    return kind == HF_PATH_FILE && hf_view_is(bytes, "e")
               ? 0
               : HF_FAIL(err, HF_E_IO, "peek");
}

static void make_old(const struct test_folder *f)
{
    HF_CHECK(test_put(f, "t/a", "old a") && test_put(f, "t/b", "old b") &&
                 test_put(f, "t/e", "e") && test_link(f, "t/link", "a") &&
                 chmod(test_at(f, "t/a").text, 0604) == 0,
             "files to change");
}

static bool is_old(const struct test_folder *f)
{
    struct stat st;

    return test_is(f, "t/a", "old a") && test_is(f, "t/b", "old b") &&
           test_is(f, "t/c", NULL) && test_is(f, "t/x/y/d", NULL) &&
           test_link_is(f, "t/link", "a") && test_is(f, "t/e", "e") &&
           stat(test_at(f, "t/a").text, &st) == 0 &&
           (st.st_mode & 07777) == 0604 &&
           !hf_path_exists(test_at(f, "t/x").text);
}

static bool is_new(const struct test_folder *f)
{
    struct stat a, c;

    return test_is(f, "t/a", "new a") && test_is(f, "t/b", NULL) &&
           test_is(f, "t/c", "new c") && test_is(f, "t/x/y/d", "new d") &&
           test_link_is(f, "t/link", "c") && test_is(f, "t/e", "e") &&
           stat(test_at(f, "t/a").text, &a) == 0 &&
           (a.st_mode & 07777) == 0604 &&
           stat(test_at(f, "t/c").text, &c) == 0 && (c.st_mode & 07777) == 0640;
}

/* No temporary file of ours in t. */
static bool is_tidy(const struct test_folder *f)
{
    struct hf_names names = { 0 };
    struct hf_err err;
    bool tidy = hf_dir_names(test_at(f, "t").text, &names, &err) == 0;

    for (size_t i = 0; i < names.count; i++)
        tidy = tidy && names.name[i][0] != '.';
    hf_names_done(&names);
    return tidy && !hf_path_exists(test_at(f, "state/pending").text);
}

static void test_commit(const struct test_folder *f)
{
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;
    struct hf_changeset *set;
    struct hf_err err;
    bool untouched = false;

    make_old(f);
    HF_CHECK(hf_change_record_open(test_at(f, "state").text, &record, &err) ==
                 HF_E_ABSENT,
             "nothing to undo at first");
    set = begin(f, HF_CHANGESET_CLEAN);
    HF_CHECK(stage_all(set, f, &err) == 0 && is_old(f) && is_tidy(f),
             "staging touches nothing");
    HF_CHECK(hf_changeset_commit(set, &err) == 0 && is_new(f) && is_tidy(f),
             "commit changes everything");
    hf_changeset_free(set);
    HF_CHECK(hf_change_record_open(test_at(f, "state").text, &record, &err) ==
                     0 &&
                 hf_change_record_time_s(record) > 0,
             "there is a record");
    HF_CHECK(strcmp(hf_change_record_note(record, "added", 1), "two\nlines") ==
                     0 &&
                 !hf_change_record_note(record, "added", 2),
             "with the notes");
    HF_CHECK(hf_change_record_untouched(record, &untouched, &err) == 0 &&
                 untouched,
             "and nothing has moved on");
}

static void test_nothing(const struct test_folder *f)
{
    struct hf_changeset *set = begin(f, HF_CHANGESET_CLEAN);
    struct hf_numbers numbers = { 0 };
    struct hf_err err;

    HF_CHECK(stage_all(set, f, &err) == 0 &&
                 hf_changeset_commit(set, &err) == 0,
             "the same again");
    hf_changeset_free(set);
    HF_CHECK(hf_records_list(test_at(f, "state").text, &numbers, &err) == 0 &&
                 numbers.count == 1,
             "a set in which nothing changes leaves no record");
    hf_numbers_done(&numbers);
}

static void undo(const struct test_folder *f, size_t want_moved,
                 const char *name)
{
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;
    HF_AUTO(hf_changeset_freep)
    struct hf_changeset *set = begin(f, HF_CHANGESET_CLEAN);
    struct hf_err err;
    size_t moved = 99;

    HF_CHECK(hf_change_record_open(test_at(f, "state").text, &record, &err) ==
                     0 &&
                 hf_changeset_revert(set, record, &moved, &err) == 0 &&
                 moved == want_moved && hf_changeset_commit(set, &err) == 0 &&
                 is_tidy(f),
             "undo: %s", name);
}

static void test_undo(const struct test_folder *f)
{
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;
    struct hf_changeset *set;
    struct hf_err err;
    bool untouched = true;

    undo(f, 0, "everything");
    HF_CHECK(is_old(f), "undo brings the old files, mode and all");
    HF_CHECK(hf_change_record_open(test_at(f, "state").text, &record, &err) ==
                 HF_E_ABSENT,
             "and there is nothing more to undo");
    set = begin(f, HF_CHANGESET_CLEAN);
    HF_CHECK(stage_all(set, f, &err) == 0 &&
                 hf_changeset_commit(set, &err) == 0 &&
                 test_put(f, "t/a", "other a") && test_put(f, "t/x/z", "z"),
             "a file changes after the set");
    hf_changeset_free(set);
    HF_CHECK(hf_change_record_open(test_at(f, "state").text, &record, &err) ==
                     0 &&
                 hf_change_record_untouched(record, &untouched, &err) == 0 &&
                 !untouched,
             "the record knows");
    undo(f, 1, "what is left");
    HF_CHECK(test_is(f, "t/a", "other a") && test_is(f, "t/b", "old b") &&
                 test_is(f, "t/c", NULL) && test_is(f, "t/x/z", "z") &&
                 !hf_path_exists(test_at(f, "t/x/y").text),
             "what moved on is left alone, folders in use too");
}

static void test_refusals(const struct test_folder *f)
{
    struct hf_changeset *set = begin(f, HF_CHANGESET_CLEAN), *second = NULL;
    enum hf_changeset_found found;
    enum hf_path_kind kind;
    struct hf_err err;

    HF_CHECK(hf_changeset_begin(test_at(f, "state").text, &second, &found,
                                &err) == HF_E_BUSY,
             "a second run is told to wait");
    HF_CHECK(hf_changeset_write(set, test_at(f, "t/link").text,
                                hf_view_text("x"), 0644, &err) == HF_E_IO,
             "a symbolic link is not written through");
    HF_CHECK(hf_changeset_write(set, "t/a", hf_view_text("x"), 0644, &err) ==
                 HF_E_USAGE,
             "a relative path is refused");
    HF_CHECK(mkfifo(test_at(f, "t/pipe").text, 0600) == 0 &&
                 hf_changeset_peek(set, test_at(f, "t/pipe").text, &kind, NULL,
                                   &err) == HF_E_IO,
             "a pipe is refused and does not hang");
    HF_CHECK(hf_changeset_write(set, test_at(f, "t/e").text, hf_view_text("x"),
                                0644, &err) == 0 &&
                 test_put(f, "t/e", "e by another") &&
                 hf_changeset_commit(set, &err) == HF_E_BUSY &&
                 test_is(f, "t/e", "e by another"),
             "a file that somebody changed meanwhile is not overwritten");
    hf_changeset_free(set);
    HF_CHECK(chmod(test_at(f, "state").text, 0777) == 0 &&
                 hf_changeset_begin(test_at(f, "state").text, &second, &found,
                                    &err) == HF_E_DENIED &&
                 chmod(test_at(f, "state").text, 0755) == 0,
             "a state folder that others can write is not trusted");
}

/* A commit that fails in the middle: a folder stands where a file shall be
 * renamed to, once everything is prepared. */
static void test_take_back(const struct test_folder *f)
{
    struct hf_changeset *set = begin(f, HF_CHANGESET_CLEAN);
    struct hf_err err;

    HF_CHECK(test_put(f, "u/file", "file") &&
                 hf_changeset_write(set, test_at(f, "u/first").text,
                                    hf_view_text("1"), 0644, &err) == 0 &&
                 hf_changeset_write(set, test_at(f, "u/file/below").text,
                                    hf_view_text("2"), 0644, &err) == 0,
             "a set that cannot be");
    HF_CHECK(hf_changeset_commit(set, &err) < 0 &&
                 test_is(f, "u/first", NULL) && test_is(f, "u/file", "file") &&
                 !hf_path_exists(test_at(f, "state/pending").text),
             "is taken back");
    hf_changeset_free(set);
}

/* Writes a pending folder by hand, as a killed run leaves it at `name`. */
static void leave(const struct test_folder *f, const char *name, bool temps,
                  bool half)
{
    struct hf_changeset *set = begin(f, HF_CHANGESET_CLEAN);
    HF_AUTO(hf_journal_done) struct hf_journal journal = { 0 };
    struct hf_err err;
    struct test_path done = test_at(f, "state/done/000001");
    struct test_path pending = test_at(f, "state/pending");
    char from[PATH_MAX + 16], to[PATH_MAX + 16];

    HF_CHECK(stage_all(set, f, &err) == 0 &&
                 hf_changeset_commit(set, &err) == 0 &&
                 hf_journal_load(done.text, "journal", &journal, &err) == 0,
             "a set to leave half done");
    hf_changeset_free(set);
    if (hf_settle_back(&journal, &err) < 0)
        abort();
    if (temps && hf_settle_prepare(&journal, &err) < 0)
        abort();
    if (half && rename(journal.change[0].temp, journal.change[0].path) < 0)
        abort();
    (void)snprintf(from, sizeof(from), "%s/journal", pending.text);
    (void)snprintf(to, sizeof(to), "%s/%s", pending.text, name);
    if (rename(done.text, pending.text) < 0 || rename(from, to) < 0)
        abort();
}

static void test_recovery(const struct test_folder *f)
{
    static const struct {
        const char *name, *left;
        bool temps, half;
        enum hf_changeset_found found;
    } row[] = {
        { "planned, nothing else", "plan", false, false,
          HF_CHANGESET_TAKEN_BACK },
        { "planned and prepared", "plan", true, false,
          HF_CHANGESET_TAKEN_BACK },
        { "before the plan", "plan.new", false, false, HF_CHANGESET_CLEAN },
        { "in the journal", "journal", true, false, HF_CHANGESET_FINISHED },
        { "one file renamed", "journal", true, true, HF_CHANGESET_FINISHED },
        { "temporary files lost", "journal", false, false,
          HF_CHANGESET_FINISHED },
        { "half way back", "rollback", true, true, HF_CHANGESET_TAKEN_BACK },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct test_folder own;
        struct hf_changeset *set;

        (void)f;
        test_folder_init(&own);
        make_old(&own);
        leave(&own, row[i].left, row[i].temps, row[i].half);
        set = begin(&own, row[i].found);
        hf_changeset_free(set);
        HF_CHECK((row[i].found == HF_CHANGESET_FINISHED ? is_new(&own)
                                                        : is_old(&own)) &&
                     is_tidy(&own),
                 "recovery: %s", row[i].name);
        if (row[i].found == HF_CHANGESET_FINISHED) {
            undo(&own, 0, "after recovery");
            HF_CHECK(is_old(&own), "undo after recovery: %s", row[i].name);
        }
        test_folder_done(&own);
    }
}

static int begin_code(const char *state)
{
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    enum hf_changeset_found found;
    struct hf_err err;

    return hf_changeset_begin(state, &set, &found, &err);
}

/* A journal that names what is outside the root whose state folder it is in. */
static void test_fence(const struct test_folder *f)
{
    struct test_path root = test_at(f, "img");
    HF_AUTO(hf_free_ptr)
    char *state = hf_path_join(root.text, "var/lib/holdfast");
    HF_AUTO(hf_free_ptr) char *link = hf_path_join(root.text, "etc/link/x");
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    enum hf_changeset_found found;
    struct hf_err err;

    HF_CHECK(state && link && test_put(f, "img/etc/file", "old") &&
                 test_put(f, "outside/x", "mine") &&
                 symlink(test_at(f, "outside").text,
                         test_at(f, "img/etc/link").text) == 0,
             "an image with a link that leads out of it");
    HF_CHECK(hf_changeset_begin(state, &set, &found, &err) == 0 &&
                 hf_changeset_write(set, test_at(f, "outside/x").text,
                                    hf_view_text("theirs"), 0644, &err) == 0 &&
                 hf_changeset_commit(set, &err) == HF_E_PARSE,
             "a path outside is refused");
    hf_changeset_free(HF_STEAL(set));
    HF_CHECK(hf_changeset_begin(state, &set, &found, &err) == 0 &&
                 hf_changeset_write(set, link, hf_view_text("theirs"), 0644,
                                    &err) == 0 &&
                 hf_changeset_commit(set, &err) == HF_E_PARSE &&
                 test_is(f, "outside/x", "mine"),
             "a path through a link is refused");
    hf_changeset_free(HF_STEAL(set));
    HF_CHECK(hf_changeset_begin(state, &set, &found, &err) == 0 &&
                 hf_changeset_write(set, test_at(f, "img/etc/file").text,
                                    hf_view_text("new"), 0644, &err) == 0 &&
                 hf_changeset_commit(set, &err) == 0 &&
                 test_is(f, "img/etc/file", "new"),
             "a path inside is fine");
}

static void test_damaged(const struct test_folder *f)
{
    HF_CHECK(test_put(f, "bad/pending/plan", "holdfast-journal 1\n") &&
                 begin_code(test_at(f, "bad").text) == HF_E_PARSE,
             "a damaged plan is named, not obeyed");
    HF_CHECK(test_put(f, "bad2/pending/journal", "") &&
                 begin_code(test_at(f, "bad2").text) == HF_E_PARSE,
             "a damaged journal is named, not obeyed");
}

static int attempt(void *arg, struct hf_err *err)
{
    const struct test_folder *f = arg;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;
    enum hf_changeset_found found;
    size_t moved;

    if (hf_changeset_begin(test_at(f, "state").text, &set, &found, err) < 0 ||
        stage_all(set, f, err) < 0 || hf_changeset_commit(set, err) < 0)
        return hf_err_code(err);
    hf_changeset_free(HF_STEAL(set));
    if (hf_changeset_begin(test_at(f, "state").text, &set, &found, err) < 0 ||
        hf_change_record_open(test_at(f, "state").text, &record, err) < 0 ||
        hf_changeset_revert(set, record, &moved, err) < 0)
        return hf_err_code(err);
    return hf_changeset_commit(set, err);
}

static void test_oom(void)
{
    struct test_folder f;
    struct hf_changeset *set;

    test_folder_init(&f);
    make_old(&f);
    hf_oom_test("commit and undo", HF_OOM_OURS, attempt, &f);
    set = begin(&f, HF_CHANGESET_CLEAN);
    hf_changeset_free(set);
    HF_CHECK(is_old(&f) && is_tidy(&f), "and the files are the old ones");
    test_folder_done(&f);
}

int main(void)
{
    struct test_folder folder;

    (void)umask(077);
    test_folder_init(&folder);
    test_commit(&folder);
    test_nothing(&folder);
    test_undo(&folder);
    test_refusals(&folder);
    test_take_back(&folder);
    test_recovery(&folder);
    test_fence(&folder);
    test_damaged(&folder);
    test_oom();
    test_folder_done(&folder);
    return hf_test_end();
}
