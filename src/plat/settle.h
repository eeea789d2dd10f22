/* SPDX-License-Identifier: Apache-2.0 */
/* plat/settle.h - inside plat/: carrying a journal out, or taking it back.
 *
 * Both ways are idempotent: each looks at what stands at a path and does only
 * what is missing, so either may be killed and begun again at any point. */
#ifndef HF_PLAT_SETTLE_H
#define HF_PLAT_SETTLE_H

#include "plat/journal.h"

/* --- what stands at a path ----------------------------------------------- */

/* ret_state  empty before; with the bytes of a file. Never follows a link.
 * Returns 0, HF_E_DENIED, HF_E_IO (a folder, device, pipe), HF_E_LIMIT,
 * HF_E_NOMEM. */
HF_MUST_USE int hf_state_read(const char *path, struct hf_state *ret_state,
                              struct hf_err *err);
/* The same kind and bytes (mode and owner may differ)? */
bool hf_state_same(const struct hf_state *a, const struct hf_state *b);
HF_MUST_USE int hf_state_copy(const struct hf_state *from,
                              struct hf_state *ret_state, struct hf_err *err);
/* Is `state`, which has its bytes, what stands at `path` now? */
HF_MUST_USE int hf_state_stands(const struct hf_state *state, const char *path,
                                bool *ret_stands, struct hf_err *err);

/* --- the state folder ---------------------------------------------------- */

#define HF_PENDING "pending"
#define HF_DONE "done"
#define HF_PLAN "plan"         /* in pending: external work may have begun */
#define HF_JOURNAL "journal"   /* in pending: to be finished; else a record */
#define HF_ROLLBACK "rollback" /* in pending: to be taken back */

/* folder + "/" + name */
HF_MUST_USE int hf_state_path(const char *folder, const char *name,
                              char **ret_path, struct hf_err *err);
/* ROOT of a state folder ROOT/var/lib/holdfast, or NULL: any path goes. */
HF_MUST_USE int hf_fence_of(const char *state_dir, char **ret_fence,
                            struct hf_err *err);
/* Are all paths of the journal below `fence`, with no link on the way? */
HF_MUST_USE int hf_fence_check(const char *fence,
                               const struct hf_journal *journal,
                               struct hf_err *err);
/* Reads FOLDER/NAME and, from old.N and new.N beside it, the bytes. */
HF_MUST_USE int hf_journal_load(const char *folder, const char *name,
                                struct hf_journal *ret_journal,
                                struct hf_err *err);
/* Writes old.N, new.N and at last the text as FOLDER/plan, all durable. */
HF_MUST_USE int hf_journal_save(const struct hf_journal *journal,
                                const char *folder, struct hf_err *err);
/* Removes a flat folder and what is in it; absent is fine. `first`, when not
 * NULL, is removed before all else: the name that gives it meaning. */
HF_MUST_USE int hf_folder_remove(const char *folder, const char *first,
                                 struct hf_err *err);

/* --- both ways ----------------------------------------------------------- */

/* Makes the folders and temporary files; durable but for names. */
HF_MUST_USE int hf_settle_prepare(const struct hf_journal *journal,
                                  struct hf_err *err);
/* Each path that is still as it was becomes what it shall be; one that somebody
 * else changed meanwhile is left alone. */
HF_MUST_USE int hf_settle_forward(const struct hf_journal *journal,
                                  struct hf_err *err);
/* Each path that became what it should is again what it was; temporary files
 * and the folders that were made (when empty) go. */
HF_MUST_USE int hf_settle_back(const struct hf_journal *journal,
                               struct hf_err *err);
/* Forgets a plan: its temporary files and the folders made for it go. */
HF_MUST_USE int hf_settle_drop(const struct hf_journal *journal,
                               struct hf_err *err);
/* After forward: pending becomes the newest undo record, or, for an undo, the
 * record undone and pending go. */
HF_MUST_USE int hf_settle_publish(const char *state_dir,
                                  const struct hf_journal *journal,
                                  struct hf_err *err);
/* Finishes or takes back what a killed run left. */
HF_MUST_USE int hf_settle(const char *state_dir, const char *fence,
                          enum hf_changeset_found *ret_found,
                          struct hf_err *err);

/* Numbers of the records in STATE_DIR/done, oldest first, on the heap. */
struct hf_numbers {
    uint64_t *number;
    size_t count;
};
void hf_numbers_done(struct hf_numbers *numbers);
HF_MUST_USE int hf_records_list(const char *state_dir,
                                struct hf_numbers *ret_numbers,
                                struct hf_err *err);
/* Removes the oldest of `numbers` so that HF_RECORDS_MAX are left. */
#define HF_RECORDS_MAX 64 /* ours: a record holds each changed file twice */
HF_MUST_USE int hf_records_trim(const char *state_dir,
                                const struct hf_numbers *numbers,
                                struct hf_err *err);
/* STATE_DIR/done/000012 */
HF_MUST_USE int hf_record_folder(const char *state_dir, uint64_t number,
                                 char **ret_folder, struct hf_err *err);

#endif
