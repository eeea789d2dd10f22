/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_list.c - inside win/: the sorted lists of the keys below a key:
 * where a name belongs, put in and taken out. */
#include "win/hive_list.h"

/* Where the offset of a list stands: in its key, or in the list of leaves. */
struct slot {
    uint32_t cell;
    size_t at;
};

static uint32_t slot_get(const struct hf_hive *hive, struct slot slot)
{
    return hf_le32(hive->bytes + hf_hive_offset(slot.cell) + 4 + slot.at);
}

static void slot_put(struct hf_hive *hive, struct slot slot, uint32_t at)
{
    hf_put_le32(hf_hive_at(hive, slot.cell) + slot.at, at);
}

static struct slot slot_of_key(uint32_t key)
{
    return (struct slot){ key, HF_NK_SUBKEY_LIST };
}

static struct slot slot_of_leaf(uint32_t list, size_t i)
{
    return (struct slot){ list, HF_LIST_FIRST + 4 * i };
}

static void set_count(struct hf_hive *hive, uint32_t list, size_t count)
{
    hf_put_le16(hf_hive_at(hive, list) + HF_LIST_COUNT, (uint16_t)count);
}

static void count_key(struct hf_hive *hive, uint32_t parent, int more)
{
    uint8_t *at = hf_hive_at(hive, parent) + HF_NK_SUBKEYS;

    hf_put_le32(at, hf_le32(at) + (uint32_t)more);
}

/* --- one list ------------------------------------------------------------ */

/* What stands beside a key in a list: the hash, or the first 4 letters. */
static uint32_t hint_of(uint8_t kind, struct hf_regname name)
{
    uint32_t hint = 0;

    if (kind == 'h')
        return hf_hive_name_hash(name);
    for (size_t i = 0; i < 4 && i < hf_regname_len(name); i++) {
        uint32_t unit = hf_regname_unit(name, i);

        hint |= (unit < 0x100 ? unit : 0) << 8 * i;
    }
    return hint;
}

/* A list of this kind with room for `count` entries and some more. */
static int new_list(struct hf_hive *hive, uint8_t kind, size_t count,
                    uint32_t *ret_at, struct hf_err *err)
{
    size_t room = count + count / 4 + 1;
    uint8_t *list;

    if (hf_hive_alloc(hive, HF_LIST_FIRST + room * hf_hive_list_width(kind),
                      ret_at, err) < 0)
        return hf_err_code(err);
    list = hf_hive_at(hive, *ret_at);
    list[0] = kind == 'r' ? 'r' : 'l';
    list[1] = kind == 'r' ? 'i' : kind;
    return 0;
}

/* Makes the list in `slot` have room for one more entry. */
static int grow(struct hf_hive *hive, struct slot slot, struct hf_err *err)
{
    struct hf_hive_list list;
    struct hf_view cell;
    size_t width;
    uint32_t at;

    if (hf_hive_list(hive, slot_get(hive, slot), &list, err) < 0 ||
        hf_hive_cell(hive, list.at, HF_LIST_FIRST, &cell, err) < 0)
        return hf_err_code(err);
    width = hf_hive_list_width(list.kind);
    if (list.count == UINT16_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a list of more than %u keys",
                       UINT16_MAX);
    if (cell.len - HF_LIST_FIRST >= (list.count + 1u) * width)
        return 0;
    if (new_list(hive, list.kind, list.count + 1u, &at, err) < 0)
        return hf_err_code(err);
    memcpy(hf_hive_at(hive, at) + HF_LIST_COUNT,
           hf_hive_at(hive, list.at) + HF_LIST_COUNT,
           HF_LIST_FIRST - HF_LIST_COUNT + list.count * width);
    slot_put(hive, slot, at);
    return hf_hive_release(hive, list.at, err);
}

/* Puts an entry before number `i` of the list in `slot`. */
static int insert_entry(struct hf_hive *hive, struct slot slot, size_t i,
                        uint32_t entry, uint32_t hint, struct hf_err *err)
{
    struct hf_hive_list list;
    size_t width;
    uint8_t *at;

    if (grow(hive, slot, err) < 0 ||
        hf_hive_list(hive, slot_get(hive, slot), &list, err) < 0)
        return hf_err_code(err);
    width = hf_hive_list_width(list.kind);
    at = hf_hive_at(hive, list.at) + HF_LIST_FIRST + i * width;
    memmove(at + width, at, (list.count - i) * width);
    hf_put_le32(at, entry);
    if (width == 8)
        hf_put_le32(at + 4, hint);
    set_count(hive, list.at, list.count + 1u);
    return 0;
}

static void remove_entry(struct hf_hive *hive, const struct hf_hive_list *list,
                         size_t i)
{
    size_t width = hf_hive_list_width(list->kind);
    uint8_t *at = hf_hive_at(hive, list->at) + HF_LIST_FIRST + i * width;

    memmove(at, at + width, (list->count - i - 1) * width);
    set_count(hive, list->at, list->count - 1u);
}

/* --- where a name belongs ------------------------------------------------ */

/* Does the key in entry `i` of a leaf come before `name`? */
static int is_before(const struct hf_hive *hive,
                     const struct hf_hive_list *leaf, size_t i,
                     struct hf_regname name, bool *ret_before,
                     struct hf_err *err)
{
    struct hf_hive_key key;

    if (hf_hive_key(hive, hf_hive_list_entry(leaf, i), &key, err) < 0)
        return hf_err_code(err);
    *ret_before = hf_regname_order(key.name, name) < 0;
    return 0;
}

/* How many entries of a leaf come before `name`. */
static int find_place(const struct hf_hive *hive,
                      const struct hf_hive_list *leaf, struct hf_regname name,
                      size_t *ret_i, struct hf_err *err)
{
    size_t low = 0, high = leaf->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        bool before = false;

        if (is_before(hive, leaf, middle, name, &before, err) < 0)
            return hf_err_code(err);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_i = low;
    return 0;
}

/* The leaf of `top`, which has one at least, in which `name` belongs. */
static int find_leaf(const struct hf_hive *hive, const struct hf_hive_list *top,
                     struct hf_regname name, size_t *ret_i, struct hf_err *err)
{
    size_t low = 0, high = top->count - 1u;

    while (low < high) {
        size_t middle = (low + high) / 2;
        struct hf_hive_list leaf;
        bool before = true; /* so is an empty leaf, which only damage makes */

        if (hf_hive_list(hive, hf_hive_list_entry(top, middle), &leaf, err) <
                0 ||
            (leaf.count > 0 &&
             is_before(hive, &leaf, leaf.count - 1u, name, &before, err) < 0))
            return hf_err_code(err);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_i = low;
    return 0;
}

int hf_hive_list_find(const struct hf_hive *hive, const struct hf_hive_key *key,
                      struct hf_regname name, uint32_t *ret_at,
                      struct hf_err *err)
{
    struct hf_hive_list list;
    struct hf_hive_key found;
    size_t i = 0;

    if (key->subkey_count == 0)
        return HF_HIVE_NOT_THERE;
    if (hf_hive_list(hive, key->subkey_list, &list, err) < 0)
        return hf_err_code(err);
    if (list.kind == 'r' && list.count > 0) {
        if (find_leaf(hive, &list, name, &i, err) < 0 ||
            hf_hive_list(hive, hf_hive_list_entry(&list, i), &list, err) < 0)
            return hf_err_code(err);
    }
    if (list.kind == 'r')
        return HF_HIVE_NOT_THERE;
    if (find_place(hive, &list, name, &i, err) < 0)
        return hf_err_code(err);
    if (i == list.count)
        return HF_HIVE_NOT_THERE;
    if (hf_hive_subkey(hive, key->at, hf_hive_list_entry(&list, i), &found,
                       err) < 0)
        return hf_err_code(err);
    if (hf_regname_order(found.name, name) != 0)
        return HF_HIVE_NOT_THERE;
    *ret_at = found.at;
    return 0;
}

/* --- inserting ----------------------------------------------------------- */

static int first_leaf(struct hf_hive *hive, uint32_t parent, struct hf_err *err)
{
    /* Source: the hives at hand; NT 4's have lf, older ones li */
    uint8_t kind = hive->minor >= 5 ? 'h' : hive->minor >= 3 ? 'f' : 'i';
    uint32_t at;

    if (new_list(hive, kind, 1, &at, err) < 0)
        return hf_err_code(err);
    slot_put(hive, slot_of_key(parent), at);
    return 0;
}

/* Puts a list of leaves above the one full leaf. */
static int add_level(struct hf_hive *hive, uint32_t parent, struct hf_err *err)
{
    uint32_t leaf = slot_get(hive, slot_of_key(parent)), at;

    if (new_list(hive, 'r', 1, &at, err) < 0)
        return hf_err_code(err);
    hf_put_le32(hf_hive_at(hive, at) + HF_LIST_FIRST, leaf);
    set_count(hive, at, 1);
    slot_put(hive, slot_of_key(parent), at);
    return 0;
}

/* Cuts leaf `i` of the parent's list of leaves in two. */
static int split(struct hf_hive *hive, uint32_t parent, size_t i,
                 const struct hf_hive_list *leaf, struct hf_err *err)
{
    size_t width = hf_hive_list_width(leaf->kind), half = leaf->count / 2u;
    uint32_t at;

    if (new_list(hive, leaf->kind, leaf->count - half, &at, err) < 0)
        return hf_err_code(err);
    memcpy(hf_hive_at(hive, at) + HF_LIST_FIRST,
           hf_hive_at(hive, leaf->at) + HF_LIST_FIRST + half * width,
           (leaf->count - half) * width);
    set_count(hive, at, leaf->count - half);
    if (insert_entry(hive, slot_of_key(parent), i + 1, at, 0, err) < 0)
        return hf_err_code(err);
    set_count(hive, leaf->at, half);
    return 0;
}

/* The leaf that shall hold `child`, with room to grow. Positive: a level or a
 * leaf was added, look again. */
static int choose_leaf(struct hf_hive *hive, uint32_t parent, uint32_t child,
                       struct slot *ret_slot, struct hf_hive_list *ret_leaf,
                       struct hf_err *err)
{
    struct slot slot = slot_of_key(parent);
    struct hf_hive_list list;
    struct hf_hive_key key;
    size_t i = 0;
    int rc;

    if (hf_hive_list(hive, slot_get(hive, slot), &list, err) < 0 ||
        hf_hive_key(hive, child, &key, err) < 0)
        return hf_err_code(err);
    if (list.kind != 'r' && list.count >= HF_HIVE_LEAF_MAX) {
        rc = add_level(hive, parent, err);
        return rc < 0 ? rc : 1;
    }
    if (list.kind == 'r') {
        if (find_leaf(hive, &list, key.name, &i, err) < 0)
            return hf_err_code(err);
        slot = slot_of_leaf(list.at, i);
        if (hf_hive_list(hive, slot_get(hive, slot), &list, err) < 0)
            return hf_err_code(err);
        if (list.count >= HF_HIVE_LEAF_MAX) {
            rc = split(hive, parent, i, &list, err);
            return rc < 0 ? rc : 1;
        }
    }
    *ret_slot = slot;
    *ret_leaf = list;
    return 0;
}

int hf_hive_list_insert(struct hf_hive *hive, uint32_t parent, uint32_t child,
                        struct hf_err *err)
{
    struct hf_hive_key above, key;
    struct hf_hive_list leaf;
    struct slot slot;
    size_t i = 0;
    int rc;

    if (hf_hive_key(hive, parent, &above, err) < 0 ||
        (above.subkey_count == 0 && first_leaf(hive, parent, err) < 0))
        return hf_err_code(err);
    do {
        rc = choose_leaf(hive, parent, child, &slot, &leaf, err);
    } while (rc > 0);
    if (rc < 0 || hf_hive_key(hive, child, &key, err) < 0 ||
        find_place(hive, &leaf, key.name, &i, err) < 0 ||
        insert_entry(hive, slot, i, child, hint_of(leaf.kind, key.name), err) <
            0)
        return hf_err_code(err);
    count_key(hive, parent, 1);
    return 0;
}

/* --- removing ------------------------------------------------------------ */

/* The index of `entry` in the list, looked for from its end, or its count. */
static size_t find_entry(const struct hf_hive_list *list, uint32_t entry)
{
    for (size_t i = list->count; i > 0; i--) {
        if (hf_hive_list_entry(list, i - 1) == entry)
            return i - 1;
    }
    return list->count;
}

/* Takes an emptied leaf out of the key, and the list of leaves with the last.
 */
static int remove_leaf(struct hf_hive *hive, uint32_t parent,
                       const struct hf_hive_list *top, uint32_t leaf,
                       struct hf_err *err)
{
    if (top->at != leaf)
        remove_entry(hive, top, find_entry(top, leaf));
    if (top->at == leaf || top->count == 1) {
        slot_put(hive, slot_of_key(parent), HF_HIVE_NONE);
        if (top->at != leaf && hf_hive_release(hive, top->at, err) < 0)
            return hf_err_code(err);
    }
    return hf_hive_release(hive, leaf, err);
}

int hf_hive_list_remove(struct hf_hive *hive, uint32_t parent, uint32_t child,
                        struct hf_err *err)
{
    struct hf_hive_list top, leaf;

    if (hf_hive_list(hive, slot_get(hive, slot_of_key(parent)), &top, err) < 0)
        return hf_err_code(err);
    for (size_t n = top.kind == 'r' ? top.count : 1; n > 0; n--) {
        uint32_t at =
            top.kind == 'r' ? hf_hive_list_entry(&top, n - 1) : top.at;
        size_t i;

        if (hf_hive_list(hive, at, &leaf, err) < 0)
            return hf_err_code(err);
        i = find_entry(&leaf, child);
        if (i == leaf.count)
            continue;
        remove_entry(hive, &leaf, i);
        count_key(hive, parent, -1);
        return leaf.count > 1 ? 0 : remove_leaf(hive, parent, &top, at, err);
    }
    return HF_FAIL(err, HF_E_PARSE,
                   "the key at offset 0x%zx is in no list of the one above it",
                   hf_hive_offset(child));
}
