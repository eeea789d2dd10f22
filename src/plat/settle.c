/* SPDX-License-Identifier: Apache-2.0 */
/* plat/settle.c - carrying a journal out, or taking it back. */
#include "plat/settle.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/durable.h"
#include "plat/file.h"

static int remove_path(const char *path, struct hf_err *err)
{
    if (unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR)
        return HF_FAIL_SYS(err, "cannot remove '%s'", path);
    return 0;
}

/* A temporary file or link in the given state; nothing for ABSENT. */
static int make_temp(const struct hf_change *change,
                     const struct hf_state *state, struct hf_err *err)
{
    struct hf_owner owner = { state->mode, state->uid, state->gid, true };

    if (state->kind == HF_PATH_ABSENT)
        return 0;
    if (remove_path(change->temp, err) < 0)
        return hf_err_code(err);
    if (state->kind == HF_PATH_FILE &&
        hf_file_create(change->temp, hf_buf_peek(&state->bytes), &owner, err) <
            0)
        return HF_WRAP(err, "cannot write '%s'", change->path);
    if (state->kind == HF_PATH_LINK && symlink(state->target, change->temp) < 0)
        return HF_FAIL_SYS(err, "cannot make the link '%s'", change->path);
    hf_label_copy(change->path, change->temp);
    return 0;
}

/* Puts the state in place in one step. */
static int put(const struct hf_change *change, const struct hf_state *state,
               struct hf_err *err)
{
    if (state->kind == HF_PATH_ABSENT)
        return remove_path(change->path, err);
    if (rename(change->temp, change->path) < 0)
        return HF_FAIL_SYS(err, "cannot replace '%s'", change->path);
    return 0;
}

/* Folders of all changes, each once where they follow one another. */
static int sync_folders(const struct hf_journal *journal, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *last = NULL;

    for (size_t i = 0; i < journal->change_count; i++) {
        char *folder = hf_path_folder(journal->change[i].path);
        bool again = folder && last && strcmp(folder, last) == 0;

        free(last);
        last = folder;
        if (!folder)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        /* taken back, a folder may be gone again */
        if (!again && hf_path_is_dir(folder) && hf_folder_sync(folder, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int make_folders(const struct hf_journal *journal, struct hf_err *err)
{
    for (size_t i = 0; i < journal->made_count; i++) {
        if (hf_path_is_dir(journal->made[i]))
            continue;
        if (hf_file_mkdirs(journal->made[i], 0755, err) < 0)
            return hf_err_code(err);
        /* others must be able to read what we put there, whatever our umask */
        if (chmod(journal->made[i], 0755) < 0)
            return HF_FAIL_SYS(err, "cannot set the mode of '%s'",
                               journal->made[i]);
    }
    return 0;
}

/* Those that are empty; one that somebody uses stays. */
static void remove_folders(char *const *path, size_t count)
{
    for (size_t i = count; i-- > 0;)
        if (rmdir(path[i]) < 0)
            errno = 0;
}

int hf_settle_prepare(const struct hf_journal *journal, struct hf_err *err)
{
    if (make_folders(journal, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < journal->change_count; i++)
        if (make_temp(&journal->change[i], &journal->change[i].now, err) < 0)
            return hf_err_code(err);
    return 0;
}

static int forward_one(const struct hf_change *change, struct hf_err *err)
{
    HF_AUTO(hf_state_done) struct hf_state here = { 0 };
    HF_AUTO(hf_state_done) struct hf_state waits = { 0 };

    if (hf_state_read(change->path, &here, err) < 0)
        return hf_err_code(err);
    if (hf_state_same(&here, &change->now) ||
        !hf_state_same(&here, &change->was))
        return remove_path(change->temp, err);
    if (hf_state_read(change->temp, &waits, err) < 0)
        return hf_err_code(err);
    if (!hf_state_same(&waits, &change->now) &&
        make_temp(change, &change->now, err) < 0)
        return hf_err_code(err);
    return put(change, &change->now, err);
}

int hf_settle_forward(const struct hf_journal *journal, struct hf_err *err)
{
    if (make_folders(journal, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < journal->change_count; i++)
        if (forward_one(&journal->change[i], err) < 0)
            return hf_err_code(err);
    if (sync_folders(journal, err) < 0)
        return hf_err_code(err);
    remove_folders(journal->empty, journal->empty_count);
    return 0;
}

static int back_one(const struct hf_change *change, struct hf_err *err)
{
    bool done;

    if (hf_state_stands(&change->now, change->path, &done, err) < 0)
        return hf_err_code(err);
    if (done && (make_temp(change, &change->was, err) < 0 ||
                 put(change, &change->was, err) < 0))
        return hf_err_code(err);
    return remove_path(change->temp, err);
}

int hf_settle_back(const struct hf_journal *journal, struct hf_err *err)
{
    for (size_t i = journal->change_count; i-- > 0;)
        if (back_one(&journal->change[i], err) < 0)
            return hf_err_code(err);
    remove_folders(journal->made, journal->made_count);
    return sync_folders(journal, err);
}

int hf_settle_drop(const struct hf_journal *journal, struct hf_err *err)
{
    for (size_t i = 0; i < journal->change_count; i++)
        if (remove_path(journal->change[i].temp, err) < 0)
            return hf_err_code(err);
    remove_folders(journal->made, journal->made_count);
    return 0;
}

static int make_record(const char *state_dir, const char *pending,
                       struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *done = NULL;
    HF_AUTO(hf_free_ptr) char *folder = NULL;
    HF_AUTO(hf_numbers_done) struct hf_numbers numbers = { 0 };
    uint64_t next;

    if (hf_state_path(state_dir, HF_DONE, &done, err) < 0 ||
        hf_file_mkdirs(done, 0755, err) < 0 ||
        hf_records_list(state_dir, &numbers, err) < 0)
        return hf_err_code(err);
    next = numbers.count > 0 ? numbers.number[numbers.count - 1] + 1 : 1;
    if (hf_record_folder(state_dir, next, &folder, err) < 0)
        return hf_err_code(err);
    if (rename(pending, folder) < 0)
        return HF_FAIL_SYS(err, "cannot keep the undo record '%s'", folder);
    if (hf_folder_sync(done, err) < 0 || hf_folder_sync(state_dir, err) < 0)
        return hf_err_code(err);
    return hf_records_trim(state_dir, &numbers, err);
}

int hf_settle_publish(const char *state_dir, const struct hf_journal *journal,
                      struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *pending = NULL;
    HF_AUTO(hf_free_ptr) char *folder = NULL;

    if (hf_state_path(state_dir, HF_PENDING, &pending, err) < 0)
        return hf_err_code(err);
    if (!journal->retire)
        return make_record(state_dir, pending, err);
    if (hf_record_folder(state_dir, journal->retire, &folder, err) < 0 ||
        hf_folder_remove(folder, HF_JOURNAL, err) < 0)
        return hf_err_code(err);
    return hf_folder_remove(pending, HF_JOURNAL, err);
}

/* Reads pending/NAME when it is there; false when it is not. */
static int load_if(const char *pending, const char *name, const char *fence,
                   struct hf_journal *journal, bool *ret_there,
                   struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (hf_state_path(pending, name, &path, err) < 0)
        return hf_err_code(err);
    *ret_there = hf_path_exists(path);
    if (!*ret_there)
        return 0;
    if (hf_journal_load(pending, name, journal, err) < 0)
        return hf_err_code(err);
    return hf_fence_check(fence, journal, err) < 0
               ? HF_WRAP(err, "the journal '%s'", path)
               : 0;
}

static int settle_pending(const char *state_dir, const char *pending,
                          const char *fence, enum hf_changeset_found *ret_found,
                          struct hf_err *err)
{
    HF_AUTO(hf_journal_done) struct hf_journal journal = { 0 };
    bool there;

    if (load_if(pending, HF_ROLLBACK, fence, &journal, &there, err) < 0)
        return hf_err_code(err);
    if (there) {
        *ret_found = HF_CHANGESET_TAKEN_BACK;
        return hf_settle_back(&journal, err) < 0
                   ? err->code
                   : hf_folder_remove(pending, HF_ROLLBACK, err);
    }
    if (load_if(pending, HF_JOURNAL, fence, &journal, &there, err) < 0)
        return hf_err_code(err);
    if (there) {
        *ret_found = HF_CHANGESET_FINISHED;
        return hf_settle_forward(&journal, err) < 0
                   ? err->code
                   : hf_settle_publish(state_dir, &journal, err);
    }
    if (load_if(pending, HF_PLAN, fence, &journal, &there, err) < 0)
        return hf_err_code(err);
    if (there) {
        *ret_found = HF_CHANGESET_TAKEN_BACK;
        if (hf_settle_drop(&journal, err) < 0)
            return hf_err_code(err);
    }
    return hf_folder_remove(pending, HF_PLAN, err);
}

int hf_settle(const char *state_dir, const char *fence,
              enum hf_changeset_found *ret_found, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *pending = NULL;
    enum hf_changeset_found found = HF_CHANGESET_CLEAN;

    if (hf_state_path(state_dir, HF_PENDING, &pending, err) < 0)
        return hf_err_code(err);
    if (hf_path_exists(pending) &&
        settle_pending(state_dir, pending, fence, &found, err) < 0)
        return HF_WRAP(err, "cannot settle what an earlier run left in '%s'",
                       pending);
    *ret_found = found;
    return 0;
}
