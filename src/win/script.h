/* SPDX-License-Identifier: Apache-2.0 */
/* win/script.h - inside win/: a file of instructions for a registry, as the
 * pieces it is made of, and the tree that carrying them out gives.
 *
 * What is not changed is written again byte for byte: a piece that was read
 * keeps its bytes, one that was made or changed is written from the tree. */
#ifndef HF_WIN_SCRIPT_H
#define HF_WIN_SCRIPT_H

#include "win/tree.h"

enum hf_piece_kind {
    HF_PIECE_OTHER, /* a header, a comment, what is not understood */
    HF_PIECE_KEY,   /* begins a section: those after it belong to it */
    HF_PIECE_DROP,  /* the same, of a key that is deleted */
    HF_PIECE_NOTE,  /* belongs to the key itself: a new value goes after it */
    HF_PIECE_VALUE, /* sets a value */
    HF_PIECE_UNSET  /* deletes a value */
};

struct hf_piece {
    struct hf_piece *next;         /* in the order of the file */
    struct hf_piece *older;        /* that speaks of the same value */
    struct hf_piece *older_of_key; /* that makes the same key */
    struct hf_piece *tail;         /* of KEY: after what the next value goes */
    struct hf_tree_key *key;
    struct hf_tree_value *value; /* or NULL */
    struct hf_view raw;          /* as it was read; lies in `text` */
    enum hf_piece_kind kind;
    bool made; /* written from key and value instead */
    bool gone; /* not written */
};

struct hf_script {
    struct hf_tree tree;
    struct hf_piece *first, *last;
    uint8_t *text; /* what the pieces point into, or NULL; owned */
    bool roots;    /* keys begin with the name of a root: HKLM, HKCU */
    bool forget;   /* will not be written: pieces are not kept */
    const struct hf_script_form *form;
};

/* What differs between forms. */
struct hf_script_form {
    /* Can it be said in this form? Returns 0 or HF_E_USAGE. `value` may be
     * NULL: to delete what has this name. */
    int (*may_say)(const struct hf_script *script, struct hf_view path,
                   const char *name, const struct hf_reg_value *value,
                   struct hf_err *err);
    /* Makes the piece for a value of `key` nothing speaks of yet, and what has
     * to stand before it; keys from `fresh` down are new. */
    int (*place)(struct hf_script *script, struct hf_tree_key *key,
                 const struct hf_tree_key *fresh, struct hf_piece **ret_piece,
                 struct hf_err *err);
};

void hf_script_done(struct hf_script *script);

/* --- reading ------------------------------------------------------------- */

/* Adds a piece after `after` (NULL: at the end). A piece of HF_PIECE_OTHER that
 * follows another lengthens that. *ret_piece is NULL when pieces are not kept.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_script_add(struct hf_script *script, struct hf_piece *after,
                              enum hf_piece_kind kind, struct hf_view raw,
                              struct hf_piece **ret_piece, struct hf_err *err);
/* `piece` (or NULL) makes `key`, speaks of `value`. */
void hf_script_makes(struct hf_piece *piece, struct hf_tree_key *key);
void hf_script_speaks(struct hf_piece *piece, struct hf_tree_value *value);

/* What makes `top` and the keys below it, which an instruction at `heir`
 * deletes, goes when `heir` does: or it would be heard again. */
void hf_script_inherit(struct hf_tree_key *heir, struct hf_tree_key *top);

/* --- roots --------------------------------------------------------------- */

/* The path with its root in short: HKEY_LOCAL_MACHINE\A is HKLM\A. Other paths
 * are as they were, but for backslashes before them. ret_rest is what follows
 * the root. Returns the root. */
struct hf_view hf_script_root(struct hf_view path, struct hf_view *ret_rest);
/* HKEY_LOCAL_MACHINE for HKLM; any other name as it is. */
struct hf_view hf_script_root_full(struct hf_view root);
/* Appends the path, its root in short. */
void hf_script_path(const struct hf_script *script, struct hf_view path,
                    struct hf_buf *out);

/* --- what struct hf_registry_ops needs; `own` is the script --------------- */

bool hf_script_has(const void *own, const char *key);
HF_MUST_USE int hf_script_keys(const void *own, const char *key,
                               struct hf_names *ret_names, struct hf_err *err);
HF_MUST_USE int hf_script_values(const void *own, const char *key,
                                 struct hf_reg_values *ret_values,
                                 struct hf_err *err);
HF_MUST_USE int hf_script_get(const void *own, const char *key,
                              const char *name, struct hf_reg_value *ret_value,
                              struct hf_err *err);
HF_MUST_USE int hf_script_set(void *own, const char *key,
                              const struct hf_reg_value *value,
                              struct hf_err *err);
HF_MUST_USE int hf_script_unset(void *own, const char *key, const char *name,
                                struct hf_err *err);
HF_MUST_USE int hf_script_drop(void *own, const char *key, struct hf_err *err);
HF_MUST_USE int hf_script_tell_unset(void *own, const char *key,
                                     const char *name, struct hf_err *err);

#endif
