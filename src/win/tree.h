/* SPDX-License-Identifier: Apache-2.0 */
/* win/tree.h - inside win/: keys and values in memory, by name and in order.
 *
 * Names keep their spelling and order and compare without case (win/fold.h);
 * finding one costs O(log n) whatever the names are. A path is names with a
 * backslash between; empty ones in it are passed over. */
#ifndef HF_WIN_TREE_H
#define HF_WIN_TREE_H

#include "plat/file.h"
#include "win/registry.h"
#include "win/regname.h"

/* keys in each other. Source: Microsoft, "Registry element size limits" */
#define HF_TREE_DEPTH_MAX 512

struct hf_piece; /* win/script.h */

struct hf_tree_value {
    struct hf_view name; /* first: what the search compares */
    struct hf_tree_value *next, *prev;
    bool absent; /* only its place is kept: somebody says to delete it */
    uint32_t type;
    uint8_t *data;
    size_t len;
    struct hf_piece *pieces; /* what speaks of it, newest first */
};

struct hf_tree_key {
    struct hf_view name; /* first: what the search compares */
    struct hf_tree_key *parent, *next, *prev, *first, *last;
    struct hf_tree_value *first_value, *last_value;
    void *keys, *values; /* by name: tsearch */
    unsigned depth;      /* 0: the top */
    unsigned mentions;   /* pieces that make it; 0: it stands for those below */
    struct hf_piece *pieces; /* what speaks of it, newest first */
};

struct hf_tree {
    struct hf_tree_key top;
};

void hf_tree_done(struct hf_tree *tree);

/* The key below `top`, or NULL. "" is `top` itself. */
struct hf_tree_key *hf_tree_find(const struct hf_tree_key *top,
                                 struct hf_view path);

/* The key, made with those above it where absent.
 * ret_fresh  the uppermost that was made, or NULL; may be NULL itself.
 * Returns 0, HF_E_LIMIT (a name that is too long, or too many of them),
 * HF_E_NOMEM; nothing is made then. */
HF_MUST_USE int hf_tree_make(struct hf_tree *tree, struct hf_view path,
                             struct hf_tree_key **ret_key,
                             struct hf_tree_key **ret_fresh,
                             struct hf_err *err);

/* Frees the key with all below it; of the top, what is below it. */
void hf_tree_drop(struct hf_tree_key *key);

/* Frees the key, then those above it, as long as nothing makes them. */
void hf_tree_prune(struct hf_tree_key *key);

/* The next key of the subtree of `top`, which comes first; NULL at the end. */
struct hf_tree_key *hf_tree_next(const struct hf_tree_key *top,
                                 struct hf_tree_key *key);

/* Appends the path of `key`. */
void hf_tree_path(const struct hf_tree_key *key, struct hf_buf *out);

/* The value, an absent one too, or NULL. */
struct hf_tree_value *hf_tree_value_find(const struct hf_tree_key *key,
                                         struct hf_view name);

/* The value, made (absent) where there is none. Returns as hf_tree_make(). */
HF_MUST_USE int hf_tree_value_make(struct hf_tree_key *key, struct hf_view name,
                                   struct hf_tree_value **ret_value,
                                   struct hf_err *err);

/* It has this type and these bytes from here on. The first copies them. */
HF_MUST_USE int hf_tree_value_put(struct hf_tree_value *value, uint32_t type,
                                  struct hf_view data, struct hf_err *err);
void hf_tree_value_take(struct hf_tree_value *value, uint32_t type,
                        uint8_t *data, size_t len);
/* It is absent from here on. */
void hf_tree_value_clear(struct hf_tree_value *value);
void hf_tree_value_drop(struct hf_tree_key *key, struct hf_tree_value *value);

/* The bytes on the heap, never NULL but without memory. */
uint8_t *hf_tree_data(struct hf_view data);

/* What an interface to a registry asks; errors as in win/registry.h. */
HF_MUST_USE int hf_tree_list_keys(const struct hf_tree_key *key,
                                  struct hf_names *ret_names,
                                  struct hf_err *err);
HF_MUST_USE int hf_tree_list_values(const struct hf_tree_key *key,
                                    struct hf_reg_values *ret_values,
                                    struct hf_err *err);
HF_MUST_USE int hf_tree_value_copy(const struct hf_tree_value *value,
                                   struct hf_reg_value *ret_value,
                                   struct hf_err *err);

#endif
