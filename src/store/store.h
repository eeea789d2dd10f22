/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.h - one interface to every trust store: read, describe, change.
 *
 * A kind is a file here (pem.c, linux.c) that fills struct hf_store_ops. */
#ifndef HF_STORE_STORE_H
#define HF_STORE_STORE_H

#include "crypto/cert.h"
#include "plat/changeset.h"

struct hf_store;

/* Opens by the name used on the command line: "system", "pem:FILE", "pem:DIR".
 * spec  copied. root: prefix for "system", NULL or "/" for this machine.
 * Opening reads nothing. Returns 0, HF_E_USAGE (unknown kind; the text lists
 * them), HF_E_ABSENT (no such file; no store of a known layout below root),
 * HF_E_NOMEM. */
HF_MUST_USE int hf_store_open(const char *spec, const char *root,
                              struct hf_store **ret_store, struct hf_err *err);
void hf_store_free(struct hf_store *store);
HF_FREEP(struct hf_store, hf_store_free)

const char *hf_store_name(const struct hf_store *store); /* "system" */
const char *hf_store_kind(const struct hf_store *store); /* "Debian bundle" */
const char *hf_store_path(const struct hf_store *store); /* what is read */
/* What an administrator types so that other formats follow a change
 * ("update-ca-trust extract"), or NULL. */
const char *hf_store_follow_up(const struct hf_store *store);

/* A certificate in a store, or a part of the store that is none. */
struct hf_store_entry {
    struct hf_cert *cert; /* NULL: damaged */
    char *where;          /* "/etc/ssl/certs/ca-certificates.crt:12" */
    char *fault;          /* why it is damaged, else NULL */
};

struct hf_store_list {
    struct hf_store_entry *entry;
    size_t count;
    size_t damaged;
};

/* Reads the store. Returns 0 (damaged entries are in the list), HF_E_ABSENT,
 * HF_E_DENIED, HF_E_PARSE, HF_E_LIMIT, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_store_read(struct hf_store *store,
                              struct hf_store_list *ret_list,
                              struct hf_err *err);
void hf_store_list_done(struct hf_store_list *list);
/* The sound certificates of a list, appended to `certs` (references). */
void hf_store_list_certs(const struct hf_store_list *list,
                         struct hf_certs *certs);

/* May this process change the store? Returns 0 or HF_E_DENIED (text says which
 * file or folder and what to do), before anything is touched. */
HF_MUST_USE int hf_store_may_change(struct hf_store *store, struct hf_err *err);

/* Stages, in `set`, that the store shall hold `add` and not hold `remove`.
 * Certificates that are there already, or already absent, are passed over, so
 * that a second run changes nothing. `ret_changed` counts what will change.
 * Notes in `set` let hf_store_undo() work by content. */
HF_MUST_USE int hf_store_stage(struct hf_store *store,
                               const struct hf_certs *add,
                               const struct hf_certs *remove,
                               struct hf_changeset *set, size_t *ret_changed,
                               struct hf_err *err);

/* What an undo took back. */
enum hf_undo { HF_UNDO_BYTES = 1, HF_UNDO_CERTIFICATES = 2 };
struct hf_undone {
    enum hf_undo how;
    int64_t time_s; /* when the change was made */
    char *command;  /* the command that made it ("roots fix"), or NULL */
    struct hf_undone_cert {
        struct hf_cert *cert;
        char *store;  /* as it can be opened again */
        bool removed; /* the change had added it, else it had removed it */
    } * item;
    size_t count;
};
void hf_undone_done(struct hf_undone *undone);

/* Takes the newest recorded change back: byte for byte where the files are as
 * the change left them, else certificate by certificate (what it added is
 * removed, what it removed is added again) through the stores it names.
 * Returns 0, HF_E_ABSENT (there is none), or why it cannot be done. */
HF_MUST_USE int hf_store_undo(const char *state_dir, const char *root,
                              struct hf_undone *ret_undone, struct hf_err *err);

/* Keeps with the change which command makes it, for whoever takes it back. */
HF_MUST_USE int hf_store_note_command(struct hf_changeset *set,
                                      const char *command, struct hf_err *err);

/* Every store this machine (or the system below `root`) has, readable or not.
 * Free each with hf_store_free() and the array with free(). */
struct hf_stores {
    struct hf_store **store;
    size_t count;
};
HF_MUST_USE int hf_stores_find(const char *root, struct hf_stores *ret_stores,
                               struct hf_err *err);
void hf_stores_done(struct hf_stores *stores);

/* ROOT/var/lib/holdfast on the heap, or NULL without memory. */
char *hf_store_state_dir(const char *root);

#endif
