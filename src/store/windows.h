/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows.h - inside the Windows kinds: a registry as a store. */
#ifndef HF_STORE_WINDOWS_H
#define HF_STORE_WINDOWS_H

#include "store/kind.h"
#include "store/places.h"

/* One registry, as it is on disk, or as `set` will leave it.
 * Returns 0 or why it cannot be read. */
HF_MUST_USE int hf_windows_load(const struct hf_store *store,
                                struct hf_changeset *set,
                                struct hf_registry **ret_registry,
                                struct hf_err *err);
/* Stages that the file shall be as the registry is now. */
HF_MUST_USE int hf_windows_save(const struct hf_store *store,
                                struct hf_registry *registry,
                                struct hf_changeset *set, struct hf_err *err);

/* What the key of one certificate holds. */
struct hf_windows_entry {
    struct hf_cert *cert;
    char *label;       /* the friendly name, or NULL */
    unsigned purposes; /* 0: everything */
    size_t size;       /* bytes of the value, also where the rest failed */
};
void hf_windows_entry_done(struct hf_windows_entry *entry);
/* key  in full; name: its last part, the SHA-1 of the certificate.
 * Returns 0, HF_E_NOMEM, HF_E_IO, or any other code: the text says why there
 * is no certificate. */
HF_MUST_USE int hf_windows_entry_read(const struct hf_registry *registry,
                                      const char *key, const char *name,
                                      struct hf_windows_entry *entry,
                                      struct hf_err *err);

HF_MUST_USE int hf_windows_stage(const struct hf_store *store,
                                 struct hf_edit *edit, struct hf_err *err);
HF_MUST_USE int hf_windows_stage_value(const struct hf_store *store,
                                       const struct hf_store_value *value,
                                       struct hf_changeset *set,
                                       bool *ret_changed, struct hf_err *err);

/* Keeps the blob of a certificate that is taken away, where it says more than
 * what we would write: for what it is trusted, its name. */
HF_MUST_USE int hf_windows_keep_blob(const struct hf_store *store,
                                     const struct hf_registry *registry,
                                     const char *key, struct hf_cert *cert,
                                     struct hf_changeset *set,
                                     struct hf_err *err);
/* Appends the blob for the key of a certificate: the one kept in `back`, which
 * may be NULL, or a new one. */
HF_MUST_USE int hf_windows_blob(const struct hf_store *store, const char *key,
                                struct hf_cert *cert,
                                const struct hf_change_record *back,
                                struct hf_buf *out, struct hf_err *err);

/* The note of a value that was changed. */
#define HF_NOTE_VALUE "value"
/* Puts a value back that is still as the change left it; `*ret_back`: it is
 * now as it was before. */
HF_MUST_USE int hf_value_note_undo(const char *note, const char *root,
                                   struct hf_changeset *set, bool *ret_back,
                                   struct hf_err *err);
/* "KEY\NAME in STORE" on the heap; NULL: no memory. */
char *hf_value_note_text(const char *note);

#endif
