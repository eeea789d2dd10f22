/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_key.h - inside win/: keys and values in the cells of a hive. */
#ifndef HF_WIN_HIVE_KEY_H
#define HF_WIN_HIVE_KEY_H

#include "win/hive_image.h"
#include "win/regname.h"

/* where the fields lie in the cell of a key ("nk") */
#define HF_NK_FLAGS 2
#define HF_NK_TIME 4
#define HF_NK_PARENT 16
#define HF_NK_SUBKEYS 20
#define HF_NK_SUBKEY_LIST 28
#define HF_NK_VOLATILE_LIST 32
#define HF_NK_VALUES 36
#define HF_NK_VALUE_LIST 40
#define HF_NK_SECURITY 44
#define HF_NK_CLASS 48
#define HF_NK_MAX_NAME 52 /* 16 bits; flags above */
#define HF_NK_MAX_VALUE_NAME 60
#define HF_NK_MAX_VALUE_DATA 64
#define HF_NK_NAME_LEN 72
#define HF_NK_CLASS_LEN 74
#define HF_NK_NAME 76
#define HF_NK_NARROW 0x20 /* a flag: the name is Latin-1 */

/* of a value ("vk") */
#define HF_VK_NAME_LEN 2
#define HF_VK_DATA_LEN 4
#define HF_VK_DATA 8
#define HF_VK_TYPE 12
#define HF_VK_FLAGS 16
#define HF_VK_NAME 20
#define HF_VK_NARROW 1 /* a flag: the name is Latin-1 */
#define HF_VK_INLINE                                                           \
    0x80000000u /* in the length: up to 4 bytes lie in DATA                    \
                 */

#define HF_HIVE_NOT_THERE 1 /* an outcome: no such key, no such value */

struct hf_hive_key {
    uint32_t at;
    struct hf_regname name; /* a view */
    uint32_t parent, security, class_at;
    uint32_t subkey_count, subkey_list;
    uint32_t value_count, value_list;
    uint16_t class_len;
};
HF_MUST_USE int hf_hive_key(const struct hf_hive *hive, uint32_t at,
                            struct hf_hive_key *ret_key, struct hf_err *err);

/* A key that a list of `parent` names: it has a name that can stand in a path,
 * and says itself that it lies there, so that nobody who goes down ever comes
 * round. */
HF_MUST_USE int hf_hive_subkey(const struct hf_hive *hive, uint32_t parent,
                               uint32_t at, struct hf_hive_key *ret_key,
                               struct hf_err *err);

/* --- paths (hive_path.c) -------------------------------------------------- */

/* The key at a path of names with backslashes between. In a SYSTEM hive
 * CurrentControlSet is the one that Select names.
 * Returns 0, HF_HIVE_NOT_THERE, or damage. */
HF_MUST_USE int hf_hive_find(const struct hf_hive *hive, const char *path,
                             struct hf_hive_key *ret_key, struct hf_err *err);
/* Takes the first name off `*path`. */
struct hf_view hf_hive_path_take(const char **path);
/* "ControlSet001" into `out` when `name` is CurrentControlSet and the hive is
 * SYSTEM's, else nothing. */
HF_MUST_USE int hf_hive_control_set(const struct hf_hive *hive,
                                    struct hf_view name, struct hf_buf *out,
                                    struct hf_err *err);

/* Where a hive stands, judged by the keys at its top; "" when nobody can tell.
 * Sets `empty`. Returns a text that lives for ever. (hive_mount.c) */
const char *hf_hive_mount(struct hf_hive *hive);
/* Of an empty hive, by the first full name that is set: the mount `key` begins
 * with, or NULL. */
const char *hf_hive_mount_of(const char *key);

/* --- values (hive_value.c) ------------------------------------------------ */

struct hf_hive_value {
    uint32_t at;
    struct hf_regname name; /* a view */
    uint32_t type, len;
    bool inside;   /* the value's own cell holds it */
    uint32_t data; /* the cell, when not */
};
/* A key says it has no more values than the hive has room for. HF_E_PARSE. */
HF_MUST_USE int hf_hive_values_fit(const struct hf_hive *hive,
                                   const struct hf_hive_key *key,
                                   struct hf_err *err);
/* Value number `i` of a key, below value_count. */
HF_MUST_USE int hf_hive_value(const struct hf_hive *hive,
                              const struct hf_hive_key *key, uint32_t i,
                              struct hf_hive_value *ret_value,
                              struct hf_err *err);
/* Returns 0, HF_HIVE_NOT_THERE, or damage. */
HF_MUST_USE int hf_hive_value_find(const struct hf_hive *hive,
                                   const struct hf_hive_key *key,
                                   struct hf_regname name, uint32_t *ret_i,
                                   struct hf_hive_value *ret_value,
                                   struct hf_err *err);
/* A copy with name and data on the heap. HF_E_LIMIT: HF_REG_VALUE_MAX. */
HF_MUST_USE int hf_hive_value_copy(const struct hf_hive *hive,
                                   const struct hf_hive_value *value,
                                   struct hf_reg_value *ret_value,
                                   struct hf_err *err);

/* Calls `each` for every cell that the data of a value takes: the cell, or
 * those of its segments, with how many bytes of the value it holds (0: a list).
 */
typedef int hf_hive_each_piece(void *arg, uint32_t at, struct hf_view bytes,
                               struct hf_err *err);
HF_MUST_USE int hf_hive_value_pieces(const struct hf_hive *hive,
                                     const struct hf_hive_value *value,
                                     hf_hive_each_piece *each, void *arg,
                                     struct hf_err *err);

/* --- changes (hive_edit_key.c, hive_edit_value.c; sound hives only) --------
 */

/* Makes the key `name` below the key at `parent`, where it is not. */
HF_MUST_USE int hf_hive_key_add(struct hf_hive *hive, uint32_t parent,
                                struct hf_regname name, uint32_t *ret_at,
                                struct hf_err *err);
/* Removes the key with all below it. */
HF_MUST_USE int hf_hive_key_drop(struct hf_hive *hive, uint32_t at,
                                 struct hf_err *err);
HF_MUST_USE int hf_hive_value_fits(const struct hf_reg_value *value,
                                   struct hf_err *err); /* else HF_E_LIMIT */
HF_MUST_USE int hf_hive_value_set(struct hf_hive *hive, uint32_t key,
                                  struct hf_regname name,
                                  const struct hf_reg_value *value,
                                  struct hf_err *err);
/* Returns 0, HF_HIVE_NOT_THERE. */
HF_MUST_USE int hf_hive_value_unset(struct hf_hive *hive, uint32_t key,
                                    struct hf_regname name, struct hf_err *err);
/* Gives back the cells of all values of a key that nothing names any more. */
HF_MUST_USE int hf_hive_values_release(struct hf_hive *hive, uint32_t key,
                                       struct hf_err *err);

#endif
