/* SPDX-License-Identifier: Apache-2.0 */
/* store/kind.h - inside store/: what a kind of store offers. */
#ifndef HF_STORE_KIND_H
#define HF_STORE_KIND_H

#include "store/store.h"

/* What shall change, and what then does. */
struct hf_edit {
    const struct hf_certs *add, *remove;
    struct hf_changeset *set;
    struct hf_certs added, removed; /* filled by stage: what changed */
};

struct hf_store_ops {
    int (*read)(const struct hf_store *store, struct hf_store_list *ret_list,
                struct hf_err *err);
    int (*may_change)(const struct hf_store *store, struct hf_err *err);
    int (*stage)(const struct hf_store *store, struct hf_edit *edit,
                 struct hf_err *err);
};

struct hf_layout;

struct hf_store {
    const struct hf_store_ops *ops;
    const struct hf_layout *layout; /* system only */
    char *name, *path, *root;
    char *real;                   /* `path` with no symbolic link in it */
    const char *kind, *follow_up; /* static */
};

/* Fill in what the kind knows: ops, kind, path, real, follow_up. */
HF_MUST_USE int hf_linux_open(struct hf_store *store, struct hf_err *err);
HF_MUST_USE int hf_pem_open(struct hf_store *store, const char *path,
                            struct hf_err *err);

/* --- helpers of the kinds ------------------------------------------------ */

/* `path` below `root` without symbolic links, whether or not it, or folders on
 * the way to it, exist yet. */
HF_MUST_USE int hf_store_real(const char *root, const char *path,
                              char **ret_real, struct hf_err *err);

/* The same for a store's own path: one that cannot be followed to its end (a
 * loop, a closed folder) is taken as it stands, and reading it says why. */
HF_MUST_USE int hf_store_real_or(const char *root, const char *path,
                                 char **ret_real, struct hf_err *err);

/* Can files be made, replaced and removed in the folder of `path` (or, where
 * that is absent, in the nearest one above)? HF_E_DENIED says what to do. */
HF_MUST_USE int hf_store_writable(const char *path, struct hf_err *err);

/* Appends what the file `real` holds to `list`; `shown` is its name in texts.
 * An empty file is an empty store. */
HF_MUST_USE int hf_store_read_file(const char *real, const char *shown,
                                   struct hf_store_list *list,
                                   struct hf_err *err);
/* Appends one damaged entry. */
HF_MUST_USE int hf_store_list_fault(struct hf_store_list *list,
                                    const char *where, const char *fault,
                                    struct hf_err *err);

#endif
