/* SPDX-License-Identifier: Apache-2.0 */
/* store/undo.c - taking a recorded change back, by bytes or by certificates. */
#include "crypto/load.h"
#include "plat/file.h"
#include "store/kind.h"
#include "store/windows.h"

/* The store a note speaks of, as text on the heap. */
static char *note_spec(const char *value)
{
    struct hf_view rest = hf_view_text(value);

    return hf_view_dup(hf_view_line(&rest));
}

/* Appends the certificates of all notes `key` that speak of `spec`. */
static int gather(const struct hf_change_record *record, const char *key,
                  const char *spec, struct hf_certs *certs, struct hf_err *err)
{
    const char *value;

    for (size_t i = 0; (value = hf_change_record_note(record, key, i)); i++) {
        HF_AUTO(hf_load_done) struct hf_load load = { 0 };
        struct hf_view rest = hf_view_text(value);

        if (!hf_view_is(hf_view_line(&rest), spec))
            continue;
        if (hf_load_certs(rest, NULL, &load, err) < 0)
            return HF_WRAP(err, "the undo record");
        for (size_t k = 0; k < load.count; k++)
            hf_certs_add(certs, load.item[k].cert);
    }
    return hf_certs_check(certs, err);
}

/* Stages, for one store, that what was added goes and what was removed comes.
 */
static int undo_store(const struct hf_change_record *record, const char *spec,
                      const char *root, struct hf_changeset *set,
                      struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs added = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs removed = { 0 };
    struct hf_edit edit = {
        .add = &removed, .remove = &added, .set = set, .back = record
    };
    int rc = hf_store_open(spec, root, &store, err);

    if (rc == HF_E_ABSENT)
        return 0; /* the store itself is gone, and all it held with it */
    if (rc < 0 || gather(record, "added", spec, &added, err) < 0 ||
        gather(record, "removed", spec, &removed, err) < 0)
        return hf_err_code(err);
    rc = store->ops->stage(store, &edit, err);
    hf_edit_done(&edit);
    return rc < 0 ? HF_WRAP(err, "cannot change the store '%s'", spec) : 0;
}

static const char *const keys[] = { "added", "removed" };

#define KEY_COMMAND "command"

/* Does a note before number `at` of key `k` speak of the same store? */
static bool is_repeat(const struct hf_change_record *record, size_t k,
                      size_t at, const char *spec)
{
    const char *value;

    for (size_t key = 0; key <= k; key++) {
        for (size_t i = 0;
             (key < k || i < at) &&
             (value = hf_change_record_note(record, keys[key], i));
             i++) {
            struct hf_view rest = hf_view_text(value);

            if (hf_view_is(hf_view_line(&rest), spec))
                return true;
        }
    }
    return false;
}

static int undo_by_certificates(const struct hf_change_record *record,
                                const char *root, struct hf_changeset *set,
                                struct hf_err *err)
{
    const char *value;

    for (size_t k = 0; k < HF_COUNT(keys); k++) {
        for (size_t i = 0; (value = hf_change_record_note(record, keys[k], i));
             i++) {
            HF_AUTO(hf_free_ptr) char *spec = note_spec(value);

            if (!spec)
                return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
            if (!is_repeat(record, k, i, spec) &&
                undo_store(record, spec, root, set, err) < 0)
                return hf_err_code(err);
        }
    }
    return 0;
}

static size_t count_notes(const struct hf_change_record *record,
                          const char *key)
{
    size_t count = 0;

    while (hf_change_record_note(record, key, count))
        count++;
    return count;
}

/* The newest first: one value may have been changed twice. `undone` hears of
 * those that are as they were. */
static int undo_values(const struct hf_change_record *record, const char *root,
                       struct hf_changeset *set, struct hf_undone *undone,
                       struct hf_err *err)
{
    for (size_t i = count_notes(record, HF_NOTE_VALUE); i-- > 0;) {
        const char *note = hf_change_record_note(record, HF_NOTE_VALUE, i);
        bool back;

        if (hf_value_note_undo(note, root, set, &back, err) < 0)
            return hf_err_code(err);
        if (back && !hf_texts_take(&undone->values, hf_value_note_text(note)))
            return HF_FAIL(err, HF_E_NOMEM, "no memory for what is undone");
    }
    return 0;
}

/* --- what was taken back -------------------------------------------------- */

void hf_undone_done(struct hf_undone *undone)
{
    for (size_t i = 0; i < undone->count; i++) {
        hf_cert_unref(undone->item[i].cert);
        free(undone->item[i].store);
    }
    free(undone->item);
    free(undone->command);
    hf_texts_done(&undone->values);
    *undone = (struct hf_undone){ 0 };
}

/* The certificates of one note. */
static int tell_note(const char *value, bool removed, struct hf_undone *undone,
                     struct hf_err *err)
{
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    struct hf_view rest = hf_view_text(value);
    struct hf_view spec = hf_view_line(&rest);

    if (hf_load_certs(rest, NULL, &load, err) < 0)
        return HF_WRAP(err, "the undo record");
    for (size_t i = 0; i < load.count; i++) {
        struct hf_undone_cert *grown = reallocarray(
            undone->item, undone->count + 1, sizeof(undone->item[0]));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for what is undone");
        undone->item = grown;
        undone->item[undone->count++] =
            (struct hf_undone_cert){ hf_cert_ref(load.item[i].cert),
                                     hf_view_dup(spec), removed };
        if (!undone->item[undone->count - 1].store)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for what is undone");
    }
    return 0;
}

static int tell(const struct hf_change_record *record, struct hf_undone *undone,
                struct hf_err *err)
{
    const char *command = hf_change_record_note(record, KEY_COMMAND, 0);
    const char *value;

    undone->time_s = hf_change_record_time_s(record);
    undone->command = command ? hf_view_dup(hf_view_text(command)) : NULL;
    if (command && !undone->command)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for what is undone");
    for (size_t k = 0; k < HF_COUNT(keys); k++)
        for (size_t i = 0; (value = hf_change_record_note(record, keys[k], i));
             i++)
            if (tell_note(value, k == 0, undone, err) < 0)
                return hf_err_code(err);
    return 0;
}

/* All values, where the files themselves were put back. */
static int tell_values(const struct hf_change_record *record,
                       struct hf_undone *undone, struct hf_err *err)
{
    const char *value;

    for (size_t i = 0;
         (value = hf_change_record_note(record, HF_NOTE_VALUE, i)); i++)
        if (!hf_texts_take(&undone->values, hf_value_note_text(value)))
            return HF_FAIL(err, HF_E_NOMEM, "no memory for what is undone");
    return 0;
}

int hf_store_note_command(struct hf_changeset *set, const char *command,
                          struct hf_err *err)
{
    return hf_changeset_note(set, KEY_COMMAND, command, err);
}

int hf_store_undo(const char *state_dir, const char *root,
                  struct hf_undone *ret_undone, struct hf_err *err)
{
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_change_record_freep) struct hf_change_record *record = NULL;
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    enum hf_changeset_found found;
    size_t moved_on;

    if (!hf_path_is_dir(state_dir))
        return HF_FAIL(err, HF_E_ABSENT, "there is nothing to undo");
    /* the lock first: a killed run's set may become the newest record */
    if (hf_changeset_begin(state_dir, &set, &found, err) < 0 ||
        hf_change_record_open(state_dir, &record, err) < 0 ||
        tell(record, &undone, err) < 0 ||
        hf_changeset_revert(set, record, &moved_on, err) < 0)
        return hf_err_code(err);
    if (moved_on == 0 ? tell_values(record, &undone, err) < 0
                      : undo_by_certificates(record, root, set, err) < 0 ||
                            undo_values(record, root, set, &undone, err) < 0)
        return hf_err_code(err);
    if (hf_changeset_commit(set, err) < 0)
        return HF_WRAP(err, "cannot undo");
    undone.how = moved_on > 0 ? HF_UNDO_CERTIFICATES : HF_UNDO_BYTES;
    *ret_undone = undone;
    undone = (struct hf_undone){ 0 };
    return 0;
}
