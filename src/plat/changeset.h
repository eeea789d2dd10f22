/* SPDX-License-Identifier: Apache-2.0 */
/* plat/changeset.h - several files changed as one, finished or taken back after
 * a crash, and undone later.
 *
 * A change set lives in a state folder (ROOT/var/lib/holdfast). Life of one:
 *   begin   takes the lock, settles what a killed run left, opens a new set
 *   stage   gathers what shall be; nothing is written
 *   commit  old and new contents and the plan go to the state folder, new
 *           contents to temporary files beside their targets; the plan becomes
 *           the journal (the point of no return); each target is renamed into
 *           place; the journal becomes the undo record
 * Killed before the journal is durable: the next begin takes everything back.
 * Killed after: the next begin finishes. No reader ever sees half a file.
 *
 * A state folder ROOT/var/lib/holdfast other than this machine's serves paths
 * below ROOT only, so that a journal inside a mounted image that somebody
 * prepared cannot reach out of it. Reading commands need none of this. */
#ifndef HF_PLAT_CHANGESET_H
#define HF_PLAT_CHANGESET_H

#include <sys/types.h>

#include "base/buf.h"

struct hf_changeset;

/* What begin found of an earlier run. */
enum hf_changeset_found {
    HF_CHANGESET_CLEAN,
    HF_CHANGESET_FINISHED,  /* the half-done set was completed */
    HF_CHANGESET_TAKEN_BACK /* the half-done set was removed */
};

/* state_dir  absolute; made when absent (0755); must be ours or root's and not
 *            writable by others.
 * Returns 0, HF_E_BUSY (another run holds the lock), HF_E_DENIED, HF_E_IO,
 * HF_E_PARSE (a journal that is not ours or is damaged: text names it). */
HF_MUST_USE int hf_changeset_begin(const char *state_dir,
                                   struct hf_changeset **ret_set,
                                   enum hf_changeset_found *ret_found,
                                   struct hf_err *err);

/* Gives up what was staged and not committed, and lets go of the lock. */
void hf_changeset_free(struct hf_changeset *set);
HF_FREEP(struct hf_changeset, hf_changeset_free)

/* What stands at a path. */
enum hf_path_kind { HF_PATH_ABSENT, HF_PATH_FILE, HF_PATH_LINK };

/* What `path` will hold when `set` commits: what is staged for it, else what is
 * there now. Commit fails with HF_E_BUSY when a path that is to be changed
 * is not what it was at the first look, so nobody's change is overwritten.
 * ret_bytes  a file's bytes or a link's target; borrowed, valid until `path` is
 *            staged (again) or the set is freed; may be NULL. */
HF_MUST_USE int hf_changeset_peek(struct hf_changeset *set, const char *path,
                                  enum hf_path_kind *ret_kind,
                                  struct hf_view *ret_bytes,
                                  struct hf_err *err);

/* The i-th path looked at or staged and what it will hold, in no order.
 * Returns false past the last. `*ret_path` and `*ret_bytes` are borrowed. */
HF_MUST_USE bool hf_changeset_each(const struct hf_changeset *set, size_t i,
                                   const char **ret_path,
                                   enum hf_path_kind *ret_kind,
                                   struct hf_view *ret_bytes);

/* The file `path` (no symbolic link in it: hf_path_resolve) shall hold `bytes`.
 * An existing file keeps its mode and owner; a new one gets `mode`. Folders
 * that are absent are made, and removed again by undo when empty. */
HF_MUST_USE int hf_changeset_write(struct hf_changeset *set, const char *path,
                                   struct hf_view bytes, mode_t mode,
                                   struct hf_err *err);
/* `path` shall be a symbolic link to `target`. */
HF_MUST_USE int hf_changeset_link(struct hf_changeset *set, const char *path,
                                  const char *target, struct hf_err *err);
/* `path` (a file or a symbolic link) shall be gone; absent is fine. */
HF_MUST_USE int hf_changeset_remove(struct hf_changeset *set, const char *path,
                                    struct hf_err *err);

/* A line kept with the record for whoever undoes it: `key` is a word, `value`
 * any text without NUL (store/ keeps what was added to which store). */
HF_MUST_USE int hf_changeset_note(struct hf_changeset *set, const char *key,
                                  const char *value, struct hf_err *err);

/* Makes it so. A set in which nothing would change is dropped, no record kept.
 * Returns 0; afterwards only free() is allowed. */
HF_MUST_USE int hf_changeset_commit(struct hf_changeset *set,
                                    struct hf_err *err);

/* --- undo ---------------------------------------------------------------- */

struct hf_change_record; /* the newest committed set that was not undone */

/* Returns 0, HF_E_ABSENT (nothing to undo), HF_E_PARSE, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_change_record_open(const char *state_dir,
                                      struct hf_change_record **ret_record,
                                      struct hf_err *err);
void hf_change_record_free(struct hf_change_record *record);
HF_FREEP(struct hf_change_record, hf_change_record_free)

int64_t hf_change_record_time_s(const struct hf_change_record *record);
/* The i-th note with `key`; NULL past the last. */
const char *hf_change_record_note(const struct hf_change_record *record,
                                  const char *key, size_t i);

/* Is every target as the set left it? Then undo can be byte for byte. */
HF_MUST_USE int hf_change_record_untouched(const struct hf_change_record *rec,
                                           bool *ret_untouched,
                                           struct hf_err *err);

/* Stages the way back into `set`: those targets that are still as the set left
 * them get their old bytes; the others are left alone and counted in
 * `ret_moved_on` (the caller undoes them by content). The record is retired
 * when `set` commits. */
HF_MUST_USE int hf_changeset_revert(struct hf_changeset *set,
                                    const struct hf_change_record *record,
                                    size_t *ret_moved_on, struct hf_err *err);

#endif
