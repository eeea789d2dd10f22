/* SPDX-License-Identifier: Apache-2.0 */
/* plat/changeset.c - several files changed as one: begin, stage, commit. */
#include "plat/changeset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/clock.h"
#include "plat/durable.h"
#include "plat/file.h"
#include "plat/set.h"

/* --- begin --------------------------------------------------------------- */

static int check_state_dir(const struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *resolved = NULL;
    struct stat st;

    if (lstat(set->state_dir, &st) < 0)
        return HF_FAIL_SYS(err, "cannot look at '%s'", set->state_dir);
    if (!S_ISDIR(st.st_mode))
        return HF_FAIL(err, HF_E_DENIED, "'%s' is not a folder",
                       set->state_dir);
    if ((st.st_uid != geteuid() && st.st_uid != 0) || (st.st_mode & 022))
        return HF_FAIL(err, HF_E_DENIED,
                       "'%s' can be written by others: journals there cannot "
                       "be trusted; take that away (chmod go-w), on a disk "
                       "without permissions mount it with umask=022",
                       set->state_dir);
    if (!set->fence)
        return 0;
    if (hf_path_resolve(set->fence, set->state_dir + strlen(set->fence),
                        &resolved, err) < 0)
        return hf_err_code(err);
    if (strcmp(resolved, set->state_dir) != 0)
        return HF_FAIL(err, HF_E_DENIED,
                       "there is a symbolic link on the way to '%s'",
                       set->state_dir);
    return 0;
}

static int take_lock(struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (hf_state_path(set->state_dir, "lock", &path, err) < 0)
        return hf_err_code(err);
    set->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (set->lock < 0)
        return HF_FAIL_SYS(err, "cannot open '%s'", path);
    if (flock(set->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return HF_FAIL(err, HF_E_BUSY,
                       "another run is changing this system (it holds '%s')",
                       path);
    return HF_FAIL_SYS(err, "cannot lock '%s'", path);
}

int hf_changeset_begin(const char *state_dir, struct hf_changeset **ret_set,
                       enum hf_changeset_found *ret_found, struct hf_err *err)
{
    HF_AUTO(hf_changeset_freep)
    struct hf_changeset *set = calloc(1, sizeof(*set));

    if (!set)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a change set");
    set->lock = -1;
    set->state_dir = hf_view_dup(hf_view_text(state_dir));
    if (!set->state_dir)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a change set");
    if (hf_fence_of(state_dir, &set->fence, err) < 0 ||
        hf_file_mkdirs(state_dir, 0755, err) < 0 ||
        check_state_dir(set, err) < 0 || take_lock(set, err) < 0)
        return HF_WRAP(err, "cannot begin to change files");
    if (hf_settle(state_dir, set->fence, ret_found, err) < 0)
        return hf_err_code(err);
    *ret_set = HF_STEAL(set);
    return 0;
}

void hf_changeset_free(struct hf_changeset *set)
{
    if (!set)
        return;
    hf_close_fd(&set->lock); /* and so unlocks */
    hf_journal_done(&set->journal);
    free(set->state_dir);
    free(set->fence);
    free(set);
}

/* --- stage --------------------------------------------------------------- */

static struct hf_change *find(const struct hf_changeset *set, const char *path)
{
    for (size_t i = 0; i < set->journal.change_count; i++)
        if (set->journal.change[i].path &&
            strcmp(set->journal.change[i].path, path) == 0)
            return &set->journal.change[i];
    return NULL;
}

/* Takes an element that was not completed off again. */
static struct hf_change *give_up(struct hf_changeset *set,
                                 struct hf_change *change)
{
    free(change->path);
    hf_state_done(&change->was);
    hf_state_done(&change->now);
    set->journal.change_count--;
    return NULL;
}

struct hf_change *hf_set_at(struct hf_changeset *set, const char *path,
                            struct hf_err *err)
{
    struct hf_change *change = find(set, path);

    if (change)
        return change;
    if (path[0] != '/') {
        (void)HF_FAIL(err, HF_E_USAGE, "'%s' is not an absolute path", path);
        return NULL;
    }
    change = hf_journal_add_change(&set->journal, err);
    if (!change)
        return NULL;
    change->path = hf_view_dup(hf_view_text(path));
    if (!change->path) {
        (void)HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        return give_up(set, change);
    }
    if (hf_state_read(path, &change->was, err) < 0 ||
        hf_state_copy(&change->was, &change->now, err) < 0)
        return give_up(set, change);
    return change;
}

static struct hf_view bytes_of(const struct hf_state *state)
{
    return state->kind == HF_PATH_FILE ? hf_buf_peek(&state->bytes)
                                       : hf_view_text(state->target);
}

bool hf_changeset_each(const struct hf_changeset *set, size_t i,
                       const char **ret_path, enum hf_path_kind *ret_kind,
                       struct hf_view *ret_bytes)
{
    const struct hf_change *change;

    if (i >= set->journal.change_count)
        return false;
    change = &set->journal.change[i];
    *ret_path = change->path;
    *ret_kind = change->now.kind;
    *ret_bytes = bytes_of(&change->now);
    return true;
}

int hf_changeset_peek(struct hf_changeset *set, const char *path,
                      enum hf_path_kind *ret_kind, struct hf_view *ret_bytes,
                      struct hf_err *err)
{
    struct hf_change *change = hf_set_at(set, path, err);

    if (!change)
        return hf_err_code(err);
    *ret_kind = change->now.kind;
    if (ret_bytes)
        *ret_bytes = bytes_of(&change->now);
    return 0;
}

/* `now` becomes what shall be; taken even when it fails. */
static int stage(struct hf_changeset *set, const char *path,
                 struct hf_state *now_take, struct hf_err *err)
{
    struct hf_change *change = hf_set_at(set, path, err);

    if (!change) {
        hf_state_done(now_take);
        return hf_err_code(err);
    }
    hf_state_done(&change->now);
    change->now = *now_take;
    return 0;
}

int hf_changeset_write(struct hf_changeset *set, const char *path,
                       struct hf_view bytes, mode_t mode, struct hf_err *err)
{
    struct hf_state now = { .kind = HF_PATH_FILE,
                            .mode = mode & 07777,
                            .uid = geteuid(),
                            .gid = getegid(),
                            .size = bytes.len };
    const struct hf_change *change = hf_set_at(set, path, err);

    if (!change)
        return hf_err_code(err);
    if (change->was.kind == HF_PATH_LINK)
        return HF_FAIL(err, HF_E_IO, "'%s' is a symbolic link", path);
    if (change->was.kind == HF_PATH_FILE) {
        now.mode = change->was.mode;
        now.uid = change->was.uid;
        now.gid = change->was.gid;
    }
    hf_buf_init(&now.bytes, HF_CHANGE_FILE_MAX);
    hf_buf_view(&now.bytes, bytes);
    if (hf_buf_check(&now.bytes, err) < 0) {
        hf_state_done(&now);
        return HF_WRAP(err, "cannot write '%s'", path);
    }
    return stage(set, path, &now, err);
}

int hf_changeset_link(struct hf_changeset *set, const char *path,
                      const char *target, struct hf_err *err)
{
    struct hf_state now = { .kind = HF_PATH_LINK };

    now.target = hf_view_dup(hf_view_text(target));
    if (!now.target)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a link");
    return stage(set, path, &now, err);
}

int hf_changeset_remove(struct hf_changeset *set, const char *path,
                        struct hf_err *err)
{
    struct hf_state now = { .kind = HF_PATH_ABSENT };

    return stage(set, path, &now, err);
}

int hf_changeset_note(struct hf_changeset *set, const char *key,
                      const char *value, struct hf_err *err)
{
    return hf_journal_add_note(&set->journal, hf_view_text(key),
                               hf_view_text(value), err);
}

/* --- commit -------------------------------------------------------------- */

/* Drops what was only looked at or ends as it was. */
static void drop_unchanged(struct hf_journal *journal)
{
    size_t kept = 0;

    for (size_t i = 0; i < journal->change_count; i++) {
        struct hf_change *change = &journal->change[i];

        if (hf_state_same(&change->was, &change->now)) {
            free(change->path);
            free(change->temp);
            hf_state_done(&change->was);
            hf_state_done(&change->now);
        } else {
            journal->change[kept++] = *change;
        }
    }
    journal->change_count = kept;
}

/* Notes the folders of `path` that are absent, parents first. */
static int note_folders(struct hf_journal *journal, const char *path,
                        struct hf_err *err)
{
    for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        struct hf_view folder = hf_view(path, (size_t)(at - path));
        HF_AUTO(hf_free_ptr) char *text = hf_view_dup(folder);
        bool known = false;

        if (!text)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (hf_path_exists(text))
            continue;
        for (size_t i = 0; i < journal->made_count; i++)
            known = known || strcmp(journal->made[i], text) == 0;
        if (!known && hf_journal_add_made(journal, folder, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* The last look before anything is written. */
static int make_plan(struct hf_changeset *set, struct hf_err *err)
{
    struct hf_journal *journal = &set->journal;

    for (size_t i = 0; i < journal->change_count; i++) {
        struct hf_change *change = &journal->change[i];
        bool stands;

        if (hf_state_stands(&change->was, change->path, &stands, err) < 0)
            return hf_err_code(err);
        if (!stands)
            return HF_FAIL(err, HF_E_BUSY,
                           "'%s' was changed by somebody else meanwhile; "
                           "nothing was touched",
                           change->path);
        if (hf_temp_name(change->path, &change->temp, err) < 0 ||
            (change->now.kind != HF_PATH_ABSENT &&
             note_folders(journal, change->path, err) < 0))
            return hf_err_code(err);
    }
    journal->time_s = hf_clock_now_s() > 0 ? hf_clock_now_s() : 0;
    return hf_fence_check(set->fence, journal, err);
}

static int rename_in(const char *folder, const char *from, const char *to,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *old = NULL;
    HF_AUTO(hf_free_ptr) char *new = NULL;

    if (hf_state_path(folder, from, &old, err) < 0 ||
        hf_state_path(folder, to, &new, err) < 0)
        return hf_err_code(err);
    if (rename(old, new) < 0)
        return HF_FAIL_SYS(err, "cannot make '%s'", new);
    return hf_folder_sync(folder, err);
}

/* Everything up to the point of no return. */
static int prepare(const struct hf_changeset *set, const char *pending,
                   struct hf_err *err)
{
    if (mkdir(pending, 0700) < 0)
        return HF_FAIL_SYS(err, "cannot make the folder '%s'", pending);
    if (hf_folder_sync(set->state_dir, err) < 0 ||
        hf_journal_save(&set->journal, pending, err) < 0 ||
        hf_settle_prepare(&set->journal, err) < 0)
        return hf_err_code(err);
    return rename_in(pending, HF_PLAN, HF_JOURNAL, err);
}

/* The error that stopped the commit is the one to tell; when taking back fails
 * as well, the next begin tries again. */
static int take_back(const struct hf_changeset *set, const char *pending,
                     bool begun, const struct hf_err *cause, struct hf_err *err)
{
    struct hf_err second;
    int rc = 0;

    if (begun)
        rc = rename_in(pending, HF_JOURNAL, HF_ROLLBACK, &second);
    if (rc == 0)
        rc = begun ? hf_settle_back(&set->journal, &second)
                   : hf_settle_drop(&set->journal, &second);
    if (rc == 0)
        rc = hf_folder_remove(pending, begun ? HF_ROLLBACK : HF_PLAN, &second);
    *err = *cause;
    return HF_WRAP(err, rc == 0 ? "the change was taken back"
                                : "the change is half done; the next run "
                                  "takes it back");
}

int hf_changeset_commit(struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *pending = NULL;
    struct hf_err cause;

    drop_unchanged(&set->journal);
    if (set->journal.change_count == 0 && !set->journal.retire)
        return 0;
    if (hf_state_path(set->state_dir, HF_PENDING, &pending, err) < 0 ||
        make_plan(set, err) < 0)
        return hf_err_code(err);
    if (prepare(set, pending, &cause) < 0)
        return take_back(set, pending, false, &cause, err);
    if (hf_settle_forward(&set->journal, &cause) < 0)
        return take_back(set, pending, true, &cause, err);
    if (hf_settle_publish(set->state_dir, &set->journal, err) < 0)
        return HF_WRAP(err, "the files are changed, the record of it is not "
                            "kept yet; the next run completes it");
    return 0;
}
