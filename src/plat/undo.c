/* SPDX-License-Identifier: Apache-2.0 */
/* plat/undo.c - the record of a committed change set, and the way back. */
#include <errno.h>
#include <unistd.h>

#include "plat/file.h"
#include "plat/set.h"

struct hf_change_record {
    struct hf_journal journal;
    uint64_t number;
};

void hf_change_record_free(struct hf_change_record *record)
{
    if (!record)
        return;
    hf_journal_done(&record->journal);
    free(record);
}

/* The newest number whose folder has a journal; 0: none. */
static int find_newest(const char *state_dir, uint64_t *ret_number,
                       char **ret_folder, struct hf_err *err)
{
    HF_AUTO(hf_numbers_done) struct hf_numbers numbers = { 0 };

    if (hf_records_list(state_dir, &numbers, err) < 0)
        return hf_err_code(err);
    for (size_t i = numbers.count; i-- > 0;) {
        HF_AUTO(hf_free_ptr) char *folder = NULL;
        HF_AUTO(hf_free_ptr) char *path = NULL;

        if (hf_record_folder(state_dir, numbers.number[i], &folder, err) < 0 ||
            hf_state_path(folder, HF_JOURNAL, &path, err) < 0)
            return hf_err_code(err);
        /* the folder may be closed to us: say so and not "nothing" */
        if (access(path, F_OK) < 0 && errno == ENOENT)
            continue;
        *ret_number = numbers.number[i];
        *ret_folder = HF_STEAL(folder);
        return 0;
    }
    return HF_FAIL(err, HF_E_ABSENT, "there is nothing to undo");
}

int hf_change_record_open(const char *state_dir,
                          struct hf_change_record **ret_record,
                          struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *folder = NULL;
    HF_AUTO(hf_free_ptr) char *fence = NULL;
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;

    record = calloc(1, sizeof(*record));
    if (!record)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an undo record");
    if (find_newest(state_dir, &record->number, &folder, err) < 0 ||
        hf_journal_load(folder, HF_JOURNAL, &record->journal, err) < 0 ||
        hf_fence_of(state_dir, &fence, err) < 0)
        return hf_err_code(err);
    if (hf_fence_check(fence, &record->journal, err) < 0)
        return HF_WRAP(err, "the undo record '%s'", folder);
    *ret_record = HF_STEAL(record);
    return 0;
}

int64_t hf_change_record_time_s(const struct hf_change_record *record)
{
    return record->journal.time_s;
}

const char *hf_change_record_note(const struct hf_change_record *record,
                                  const char *key, size_t i)
{
    for (size_t n = 0; n < record->journal.note_count; n++)
        if (strcmp(record->journal.note[n].key, key) == 0 && i-- == 0)
            return record->journal.note[n].value;
    return NULL;
}

int hf_change_record_untouched(const struct hf_change_record *rec,
                               bool *ret_untouched, struct hf_err *err)
{
    bool untouched = true;

    for (size_t i = 0; i < rec->journal.change_count && untouched; i++)
        if (hf_state_stands(&rec->journal.change[i].now,
                            rec->journal.change[i].path, &untouched, err) < 0)
            return hf_err_code(err);
    *ret_untouched = untouched;
    return 0;
}

/* Stages the old state of one path, or counts that it moved on. */
static int revert_one(struct hf_changeset *set, const struct hf_change *old,
                      size_t *moved_on, struct hf_err *err)
{
    struct hf_change *change = hf_set_at(set, old->path, err);
    struct hf_state back;

    if (!change)
        return hf_err_code(err);
    if (!hf_state_same(&change->now, &old->now)) {
        ++*moved_on;
        return 0;
    }
    if (hf_state_copy(&old->was, &back, err) < 0)
        return hf_err_code(err);
    if (change->was.kind == HF_PATH_FILE && back.kind == HF_PATH_FILE) {
        back.mode = change->was.mode; /* as somebody may have set them since */
        back.uid = change->was.uid;
        back.gid = change->was.gid;
    }
    hf_state_done(&change->now);
    change->now = back;
    return 0;
}

int hf_changeset_revert(struct hf_changeset *set,
                        const struct hf_change_record *record,
                        size_t *ret_moved_on, struct hf_err *err)
{
    const struct hf_journal *journal = &record->journal;
    size_t moved_on = 0;

    for (size_t i = 0; i < journal->change_count; i++)
        if (revert_one(set, &journal->change[i], &moved_on, err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < journal->made_count; i++)
        if (hf_journal_add_empty(&set->journal, hf_view_text(journal->made[i]),
                                 err) < 0)
            return hf_err_code(err);
    set->journal.retire = record->number;
    *ret_moved_on = moved_on;
    return 0;
}
