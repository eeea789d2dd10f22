/* SPDX-License-Identifier: Apache-2.0 */
/* plat/statedir.c - what a state folder holds: the pending set, the records. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/durable.h"
#include "plat/file.h"
#include "plat/settle.h"

#define STATE_TAIL "/var/lib/holdfast"
#define NUMBER_MAX 999999 /* ours: 64 are kept, so this never comes about */

int hf_state_path(const char *folder, const char *name, char **ret_path,
                  struct hf_err *err)
{
    char *path;

    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_path = path;
    return 0;
}

/* --- the fence ----------------------------------------------------------- */

int hf_fence_of(const char *state_dir, char **ret_fence, struct hf_err *err)
{
    size_t len = strlen(state_dir), tail = strlen(STATE_TAIL);
    char *fence;

    if (len <= tail || strcmp(state_dir + len - tail, STATE_TAIL) != 0) {
        *ret_fence = NULL;
        return 0;
    }
    fence = hf_view_dup(hf_view(state_dir, len - tail));
    if (!fence)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_fence = fence;
    return 0;
}

static int outside(const char *folder, const char *fence, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE, "'%s' is outside '%s'", folder, fence);
}

/* `folder` (or, while it is absent, its parents) resolved below the fence must
 * be itself: no symbolic link on the way. */
static int check_folder(const char *fence, const char *folder,
                        struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *part = hf_view_dup(hf_view_text(folder));
    size_t len = strlen(fence);

    if (!part)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (strncmp(folder, fence, len) != 0 ||
        (folder[len] != '/' && folder[len] != '\0'))
        return outside(folder, fence, err);
    while (strlen(part) > len) {
        HF_AUTO(hf_free_ptr) char *resolved = NULL;
        struct stat st;
        int rc = hf_path_resolve(fence, part + len, &resolved, err);

        if (rc < 0 && rc != HF_E_ABSENT)
            return rc;
        if (rc == 0)
            return strcmp(resolved, part) == 0 ? 0
                                               : outside(folder, fence, err);
        if (lstat(part, &st) == 0)
            return outside(folder, fence, err); /* a link to nowhere */
        *strrchr(part, '/') = '\0';
    }
    return 0;
}

int hf_fence_check(const char *fence, const struct hf_journal *journal,
                   struct hf_err *err)
{
    if (!fence)
        return 0;
    for (size_t i = 0; i < journal->made_count; i++)
        if (check_folder(fence, journal->made[i], err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < journal->empty_count; i++)
        if (check_folder(fence, journal->empty[i], err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < journal->change_count; i++) {
        HF_AUTO(hf_free_ptr)
        char *folder = hf_path_folder(journal->change[i].path);

        if (!folder)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (check_folder(fence, folder, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* --- a journal and its bytes --------------------------------------------- */

static int bytes_path(const char *folder, const char *which, size_t i,
                      char **ret_path, struct hf_err *err)
{
    char name[32];

    (void)snprintf(name, sizeof(name), "%s.%zu", which, i);
    return hf_state_path(folder, name, ret_path, err);
}

static int save_bytes(const char *folder, const char *which, size_t i,
                      const struct hf_state *state, struct hf_err *err)
{
    static const struct hf_owner ours = { .mode = 0600 };
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (state->kind != HF_PATH_FILE)
        return 0;
    if (bytes_path(folder, which, i, &path, err) < 0)
        return hf_err_code(err);
    return hf_file_create(path, hf_buf_peek(&state->bytes), &ours, err);
}

static int load_bytes(const char *folder, const char *which, size_t i,
                      struct hf_state *state, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (state->kind != HF_PATH_FILE)
        return 0;
    if (bytes_path(folder, which, i, &path, err) < 0)
        return hf_err_code(err);
    hf_buf_init(&state->bytes, HF_CHANGE_FILE_MAX);
    if (hf_file_read(path, &state->bytes, err) < 0)
        return hf_err_code(err);
    if (state->bytes.len != state->size)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s' has %zu bytes, the journal says %" PRIu64, path,
                       state->bytes.len, state->size);
    return 0;
}

static int save_text(const struct hf_journal *journal, const char *folder,
                     struct hf_err *err)
{
    static const struct hf_owner ours = { .mode = 0600 };
    HF_AUTO(hf_free_ptr) char *fresh = NULL;
    HF_AUTO(hf_free_ptr) char *plan = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    hf_buf_init(&text, HF_JOURNAL_MAX);
    hf_journal_write(journal, &text);
    if (hf_buf_check(&text, err) < 0)
        return HF_WRAP(err, "the journal");
    if (hf_state_path(folder, HF_PLAN, &plan, err) < 0 ||
        hf_temp_name(plan, &fresh, err) < 0 ||
        hf_file_create(fresh, hf_buf_peek(&text), &ours, err) < 0)
        return hf_err_code(err);
    if (rename(fresh, plan) < 0)
        return HF_FAIL_SYS(err, "cannot make '%s'", plan);
    return hf_folder_sync(folder, err);
}

int hf_journal_save(const struct hf_journal *journal, const char *folder,
                    struct hf_err *err)
{
    for (size_t i = 0; i < journal->change_count; i++)
        if (save_bytes(folder, "old", i, &journal->change[i].was, err) < 0 ||
            save_bytes(folder, "new", i, &journal->change[i].now, err) < 0)
            return hf_err_code(err);
    return save_text(journal, folder, err);
}

int hf_journal_load(const char *folder, const char *name,
                    struct hf_journal *ret_journal, struct hf_err *err)
{
    HF_AUTO(hf_journal_done) struct hf_journal journal = { 0 };
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    hf_buf_init(&text, HF_JOURNAL_MAX);
    if (hf_state_path(folder, name, &path, err) < 0 ||
        hf_file_read(path, &text, err) < 0)
        return hf_err_code(err);
    if (hf_journal_read(hf_buf_peek(&text), &journal, err) < 0)
        return HF_WRAP(err, "the journal '%s'", path);
    for (size_t i = 0; i < journal.change_count; i++)
        if (load_bytes(folder, "old", i, &journal.change[i].was, err) < 0 ||
            load_bytes(folder, "new", i, &journal.change[i].now, err) < 0)
            return HF_WRAP(err, "the journal '%s'", path);
    *ret_journal = journal;
    journal = (struct hf_journal){ 0 };
    return 0;
}

/* --- folders ------------------------------------------------------------- */

static int remove_in(const char *folder, const char *name, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (hf_state_path(folder, name, &path, err) < 0)
        return hf_err_code(err);
    if (unlink(path) < 0 && errno != ENOENT)
        return HF_FAIL_SYS(err, "cannot remove '%s'", path);
    return 0;
}

int hf_folder_remove(const char *folder, const char *first, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };

    if (!hf_path_exists(folder))
        return 0;
    if (first &&
        (remove_in(folder, first, err) < 0 || hf_folder_sync(folder, err) < 0))
        return hf_err_code(err);
    if (hf_dir_names(folder, &names, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < names.count; i++)
        if (remove_in(folder, names.name[i], err) < 0)
            return hf_err_code(err);
    if (rmdir(folder) < 0 && errno != ENOENT)
        return HF_FAIL_SYS(err, "cannot remove '%s'", folder);
    return 0;
}

/* --- records ------------------------------------------------------------- */

void hf_numbers_done(struct hf_numbers *numbers)
{
    free(numbers->number);
    *numbers = (struct hf_numbers){ 0 };
}

int hf_record_folder(const char *state_dir, uint64_t number, char **ret_folder,
                     struct hf_err *err)
{
    char *folder;

    if (asprintf(&folder, "%s/" HF_DONE "/%06" PRIu64, state_dir, number) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_folder = folder;
    return 0;
}

/* "000012" to 12; 0 for anything that is no record. */
static uint64_t number_of(const char *name)
{
    uint64_t number = 0;

    for (const char *at = name; *at; at++) {
        if (*at < '0' || *at > '9' || number > NUMBER_MAX)
            return 0;
        number = number * 10 + (unsigned)(*at - '0');
    }
    return strlen(name) == 6 ? number : 0;
}

int hf_records_list(const char *state_dir, struct hf_numbers *ret_numbers,
                    struct hf_err *err)
{
    HF_AUTO(hf_numbers_done) struct hf_numbers numbers = { 0 };
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_free_ptr) char *done = NULL;

    if (hf_state_path(state_dir, HF_DONE, &done, err) < 0)
        return hf_err_code(err);
    if (!hf_path_is_dir(done))
        return 0;
    if (hf_dir_names(done, &names, err) < 0)
        return hf_err_code(err);
    numbers.number = calloc(names.count + 1, sizeof(*numbers.number));
    if (!numbers.number)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the undo records");
    /* names of one length are sorted as their numbers are */
    for (size_t i = 0; i < names.count; i++)
        if (number_of(names.name[i]))
            numbers.number[numbers.count++] = number_of(names.name[i]);
    *ret_numbers = numbers;
    numbers = (struct hf_numbers){ 0 };
    return 0;
}

int hf_records_trim(const char *state_dir, const struct hf_numbers *numbers,
                    struct hf_err *err)
{
    size_t spare =
        numbers->count > HF_RECORDS_MAX ? numbers->count - HF_RECORDS_MAX : 0;

    for (size_t i = 0; i < spare; i++) {
        HF_AUTO(hf_free_ptr) char *folder = NULL;

        if (hf_record_folder(state_dir, numbers->number[i], &folder, err) < 0 ||
            hf_folder_remove(folder, HF_JOURNAL, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}
