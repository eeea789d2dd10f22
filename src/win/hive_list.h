/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_list.h - inside win/: the lists of the keys below a key. */
#ifndef HF_WIN_HIVE_LIST_H
#define HF_WIN_HIVE_LIST_H

#include "win/hive_key.h"

/* of a list of keys ("lf", "lh", "li": a leaf; "ri": a list of leaves) */
#define HF_LIST_COUNT 2
#define HF_LIST_FIRST 4

/* entries of a leaf before it is cut in two; ours: what fits into a bin of 4096
 * bytes, as Windows has it. Also how many keys may lie unsorted below one:
 * whoever asks for each of more by its name would take their square. */
#define HF_HIVE_LEAF_MAX 500

struct hf_hive_list {
    uint32_t at;
    uint8_t kind; /* 'f', 'h', 'i', or 'r' for a list of leaves */
    uint16_t count;
    struct hf_view entries; /* `count` of hf_hive_list_width() bytes */
};
static inline size_t hf_hive_list_width(uint8_t kind)
{
    return kind == 'f' || kind == 'h' ? 8 : 4;
}
static inline uint32_t hf_hive_list_entry(const struct hf_hive_list *list,
                                          size_t i)
{
    return hf_le32(list->entries.ptr + i * hf_hive_list_width(list->kind));
}
HF_MUST_USE int hf_hive_list(const struct hf_hive *hive, uint32_t at,
                             struct hf_hive_list *ret_list, struct hf_err *err);

/* Calls `each` for every key below, in the order of the lists, until it returns
 * something else than 0, which is passed on. `leaf` and `i`: its entry. */
typedef int hf_hive_each_key(void *arg, const struct hf_hive_list *leaf,
                             size_t i, struct hf_err *err);
HF_MUST_USE int hf_hive_subkeys(const struct hf_hive *hive,
                                const struct hf_hive_key *key,
                                hf_hive_each_key *each, void *arg,
                                struct hf_err *err);
/* The lists themselves, that of leaves first. */
typedef int hf_hive_each_list(void *arg, const struct hf_hive_list *list,
                              struct hf_err *err);
HF_MUST_USE int hf_hive_lists(const struct hf_hive *hive,
                              const struct hf_hive_key *key,
                              hf_hive_each_list *each, void *arg,
                              struct hf_err *err);

/* No two keys right below have one name: who goes down by name would come to
 * the first of them twice, and to those below it four times. Many are sorted.
 * Else HF_E_PARSE. */
HF_MUST_USE int hf_hive_distinct(const struct hf_hive *hive,
                                 const struct hf_hive_key *key,
                                 struct hf_err *err);

/* The number beside a key in a list "lh". */
uint32_t hf_hive_name_hash(struct hf_regname name);

/* The key `name` where a sorted list has it. (hive_list.c)
 * Returns 0, HF_HIVE_NOT_THERE, or damage. */
HF_MUST_USE int hf_hive_list_find(const struct hf_hive *hive,
                                  const struct hf_hive_key *key,
                                  struct hf_regname name, uint32_t *ret_at,
                                  struct hf_err *err);
/* The key `name` right below `key`. Returns 0, HF_HIVE_NOT_THERE, or damage. */
HF_MUST_USE int hf_hive_child(const struct hf_hive *hive,
                              const struct hf_hive_key *key,
                              struct hf_regname name, uint32_t *ret_at,
                              struct hf_err *err);

/* Puts the key at `child` into the lists of the key at `parent`, or takes it
 * out, and counts it. (hive_list.c) */
HF_MUST_USE int hf_hive_list_insert(struct hf_hive *hive, uint32_t parent,
                                    uint32_t child, struct hf_err *err);
HF_MUST_USE int hf_hive_list_remove(struct hf_hive *hive, uint32_t parent,
                                    uint32_t child, struct hf_err *err);

#endif
