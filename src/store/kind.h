/* SPDX-License-Identifier: Apache-2.0 */
/* store/kind.h - inside store/: what a kind of store offers. */
#ifndef HF_STORE_KIND_H
#define HF_STORE_KIND_H

#include "store/store.h"

/* What shall change, and what then does. */
struct hf_edit {
    const struct hf_certs *add, *remove;
    struct hf_changeset *set;
    const struct hf_change_record *back; /* what is taken back, or NULL */
    struct hf_certs added, removed;      /* filled by stage: what changed */
    /* in a store of several parts: the part each of these stood in, one text a
     * certificate; else empty */
    struct hf_texts added_in, removed_in;
};
void hf_edit_done(struct hf_edit *edit); /* what stage filled */

struct hf_store_ops {
    int (*read)(const struct hf_store *store, struct hf_store_list *ret_list,
                struct hf_err *err);
    int (*may_change)(const struct hf_store *store, struct hf_err *err);
    int (*stage)(const struct hf_store *store, struct hf_edit *edit,
                 struct hf_err *err);
    /* Windows kinds only, NULL for the others */
    int (*registry)(struct hf_store *store, struct hf_err *err);
    int (*stage_value)(const struct hf_store *store,
                       const struct hf_store_value *value,
                       struct hf_changeset *set, bool *ret_changed,
                       struct hf_err *err);
    /* starts what read waits for; NULL where nothing runs beside us */
    void (*begin)(struct hf_store *store);
    bool (*begun)(const struct hf_store *store);
    void (*done)(struct hf_store *store); /* frees `own` parts; may be NULL */
};

struct hf_layout;

struct hf_store {
    const struct hf_store_ops *ops;
    const struct hf_layout *layout; /* system only */
    const char *scheme;             /* "pem"; NULL for "system"; static */
    enum hf_stack stack;
    char *name, *path, *root;
    char *real;                   /* `path` with no symbolic link in it */
    char *part;                   /* what stood behind '#', or NULL */
    char *password;               /* hf_store_unlock(), or NULL */
    const char *kind, *follow_up; /* static */
    struct hf_registry *registry; /* opened by ops->registry, or NULL */
    void *own;                    /* the kind's, freed by ops->done; or NULL */
};

/* Fill in what the kind knows: ops, stack, kind, path, real, follow_up. `path`
 * is what stands behind the scheme, a '#' part already taken off. */
HF_MUST_USE int hf_linux_open(struct hf_store *store, struct hf_err *err);
HF_MUST_USE int hf_pem_open(struct hf_store *store, const char *path,
                            struct hf_err *err);
HF_MUST_USE int hf_nss_open(struct hf_store *store, const char *path,
                            struct hf_err *err);
HF_MUST_USE int hf_java_open(struct hf_store *store, const char *path,
                             struct hf_err *err);
HF_MUST_USE int hf_hive_open(struct hf_store *store, const char *path,
                             struct hf_err *err);
HF_MUST_USE int hf_regfile_open(struct hf_store *store, const char *path,
                                struct hf_err *err);
HF_MUST_USE int hf_polfile_open(struct hf_store *store, const char *path,
                                struct hf_err *err);
HF_MUST_USE int hf_sst_open(struct hf_store *store, const char *path,
                            struct hf_err *err);
HF_MUST_USE int hf_ctl_open(struct hf_store *store, const char *path,
                            struct hf_err *err);
HF_MUST_USE int hf_keychain_open(struct hf_store *store, const char *path,
                                 struct hf_err *err);

/* Does `root` (NULL: this machine) have stores of the kind? Each is opened and
 * appended; one that cannot be read is still appended: reading says why. */
HF_MUST_USE int hf_nss_find(const char *root, struct hf_stores *stores,
                            struct hf_err *err);
HF_MUST_USE int hf_java_find(const char *root, struct hf_stores *stores,
                             struct hf_err *err);
HF_MUST_USE int hf_windows_find(const char *root, struct hf_stores *stores,
                                struct hf_err *err);
HF_MUST_USE int hf_keychain_find(const char *root, struct hf_stores *stores,
                                 struct hf_err *err);
/* Opens `spec` and appends it; one that is absent is passed over. */
HF_MUST_USE int hf_stores_add(struct hf_stores *stores, const char *root,
                              const char *spec, struct hf_err *err);

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
/* Appends the name by which the store can be opened again, wherever this
 * process then stands: "pem:/real/path#PART". `part` NULL: the store's own. */
void hf_store_put_spec(struct hf_buf *out, const struct hf_store *store,
                       const char *part);

/* Sets path and real, for a kind that is one file. Returns 0, HF_E_ABSENT,
 * HF_E_NOMEM. */
HF_MUST_USE int hf_store_set_file(struct hf_store *store, const char *path,
                                  struct hf_err *err);
/* The whole file of such a store, as it is on disk, or as `set` (may be NULL)
 * will leave it. `ret_bytes` initialised with the most that is allowed. */
HF_MUST_USE int hf_store_bytes(const struct hf_store *store,
                               struct hf_changeset *set,
                               struct hf_buf *ret_bytes, struct hf_err *err);
/* May_change of a kind whose file is replaced as a whole. */
HF_MUST_USE int hf_store_file_may_change(const struct hf_store *store,
                                         struct hf_err *err);

/* Appends one sound entry (a reference of `cert`, a copy of `where`) and gives
 * it back to be filled further: place, label, standing, purposes. NULL: no
 * memory, `err` says so. Valid until the next is appended. */
HF_MUST_USE struct hf_store_entry *hf_store_list_add(struct hf_store_list *list,
                                                     struct hf_cert *cert,
                                                     const char *where,
                                                     struct hf_err *err);
/* The same out of DER; what is no certificate becomes a damaged entry, and
 * *ret_entry NULL. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_store_list_der(struct hf_store_list *list,
                                  struct hf_view der, const char *where,
                                  struct hf_store_entry **ret_entry,
                                  struct hf_err *err);
/* Appends one damaged entry. */
HF_MUST_USE int hf_store_list_fault(struct hf_store_list *list,
                                    const char *where, const char *fault,
                                    struct hf_err *err);

#endif
