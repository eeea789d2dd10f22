/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_key.c - inside win/: one key of a hive, and the lists of those below
 * it. */
#include "win/hive_list.h"

#define NK_CELL_MIN (4 + HF_NK_NAME) /* bytes */

int hf_hive_key(const struct hf_hive *hive, uint32_t at,
                struct hf_hive_key *ret_key, struct hf_err *err)
{
    struct hf_view cell;
    size_t name_len;

    if (hf_hive_cell(hive, at, HF_NK_NAME, &cell, err) < 0)
        return HF_WRAP(err, "a key");
    if (memcmp(cell.ptr, "nk", 2) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "the cell at offset 0x%zx is not a key ('nk')",
                       hf_hive_offset(at));
    name_len = hf_le16(cell.ptr + HF_NK_NAME_LEN);
    if (name_len > cell.len - HF_NK_NAME)
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx has a name of %zu bytes and "
                       "room for %zu",
                       hf_hive_offset(at), name_len, cell.len - HF_NK_NAME);
    *ret_key = (struct hf_hive_key){
        .at = at,
        .name = { hf_view(cell.ptr + HF_NK_NAME, name_len),
                  (hf_le16(cell.ptr + HF_NK_FLAGS) & HF_NK_NARROW) != 0 },
        .parent = hf_le32(cell.ptr + HF_NK_PARENT),
        .security = hf_le32(cell.ptr + HF_NK_SECURITY),
        .class_at = hf_le32(cell.ptr + HF_NK_CLASS),
        .class_len = hf_le16(cell.ptr + HF_NK_CLASS_LEN),
        .subkey_count = hf_le32(cell.ptr + HF_NK_SUBKEYS),
        .subkey_list = hf_le32(cell.ptr + HF_NK_SUBKEY_LIST),
        .value_count = hf_le32(cell.ptr + HF_NK_VALUES),
        .value_list = hf_le32(cell.ptr + HF_NK_VALUE_LIST),
    };
    return 0;
}

static bool has_backslash(struct hf_regname name)
{
    size_t len = hf_regname_len(name);

    for (size_t i = 0; i < len; i++) {
        if (hf_regname_unit(name, i) == '\\')
            return true;
    }
    return false;
}

int hf_hive_subkey(const struct hf_hive *hive, uint32_t parent, uint32_t at,
                   struct hf_hive_key *ret_key, struct hf_err *err)
{
    struct hf_hive_key key;

    if (hf_hive_key(hive, at, &key, err) < 0)
        return hf_err_code(err);
    if (key.parent != parent || at == hive->root)
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx is in the list of another than "
                       "the one above it",
                       hf_hive_offset(at));
    if (hf_regname_len(key.name) == 0 || has_backslash(key.name))
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx has a name that cannot be",
                       hf_hive_offset(at));
    *ret_key = key;
    return 0;
}

/* --- lists --------------------------------------------------------------- */

int hf_hive_list(const struct hf_hive *hive, uint32_t at,
                 struct hf_hive_list *ret_list, struct hf_err *err)
{
    struct hf_hive_list list = { .at = at };
    struct hf_view cell;

    if (hf_hive_cell(hive, at, HF_LIST_FIRST, &cell, err) < 0)
        return HF_WRAP(err, "a list of keys");
    if (memcmp(cell.ptr, "ri", 2) == 0)
        list.kind = 'r';
    else if (cell.ptr[0] == 'l' && strchr("fhi", cell.ptr[1]) && cell.ptr[1])
        list.kind = cell.ptr[1];
    else
        return HF_FAIL(err, HF_E_PARSE,
                       "the cell at offset 0x%zx is no list of keys ('lf', "
                       "'lh', 'li', 'ri')",
                       hf_hive_offset(at));
    list.count = hf_le16(cell.ptr + HF_LIST_COUNT);
    list.entries = hf_view(cell.ptr + HF_LIST_FIRST,
                           list.count * hf_hive_list_width(list.kind));
    if (list.entries.len > cell.len - HF_LIST_FIRST)
        return HF_FAIL(err, HF_E_PARSE,
                       "the list of keys at offset 0x%zx says it holds %u, "
                       "its cell has %zu bytes",
                       hf_hive_offset(at), list.count, cell.len);
    *ret_list = list;
    return 0;
}

int hf_hive_lists(const struct hf_hive *hive, const struct hf_hive_key *key,
                  hf_hive_each_list *each, void *arg, struct hf_err *err)
{
    struct hf_hive_list top, leaf;
    int rc;

    if (key->subkey_count == 0)
        return 0;
    if (hf_hive_list(hive, key->subkey_list, &top, err) < 0)
        return hf_err_code(err);
    rc = each(arg, &top, err);
    for (size_t i = 0; rc == 0 && top.kind == 'r' && i < top.count; i++) {
        if (hf_hive_list(hive, hf_hive_list_entry(&top, i), &leaf, err) < 0) {
            if (hf_hive_pass(hive, err))
                continue;
            return hf_err_code(err);
        }
        if (leaf.kind == 'r')
            return HF_FAIL(err, HF_E_PARSE,
                           "the list at offset 0x%zx lies in another of its "
                           "kind",
                           hf_hive_offset(leaf.at));
        rc = each(arg, &leaf, err);
    }
    return rc;
}

struct walk {
    const struct hf_hive_key *key;
    hf_hive_each_key *each;
    void *arg;
    uint32_t seen;
};

static int walk_leaf(void *arg, const struct hf_hive_list *list,
                     struct hf_err *err)
{
    struct walk *walk = arg;

    for (size_t i = 0; list->kind != 'r' && i < list->count; i++) {
        int rc;

        /* the same leaf may be named time and again */
        if (walk->seen++ == walk->key->subkey_count)
            return HF_FAIL(err, HF_E_PARSE,
                           "the key at offset 0x%zx says it has %u keys, its "
                           "lists hold more",
                           hf_hive_offset(walk->key->at),
                           walk->key->subkey_count);
        rc = walk->each(walk->arg, list, i, err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int hf_hive_subkeys(const struct hf_hive *hive, const struct hf_hive_key *key,
                    hf_hive_each_key *each, void *arg, struct hf_err *err)
{
    struct walk walk = { key, each, arg, 0 };
    int rc;

    if (key->subkey_count > hive->bins_len / NK_CELL_MIN)
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx says it has %u keys, more than "
                       "the hive has room for",
                       hf_hive_offset(key->at), key->subkey_count);
    rc = hf_hive_lists(hive, key, walk_leaf, &walk, err);
    if (rc == 0 && walk.seen < key->subkey_count && !hive->registry->incomplete)
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx says it has %u keys, its lists "
                       "hold %u",
                       hf_hive_offset(key->at), key->subkey_count, walk.seen);
    return rc;
}

/* --- distinct names ---------------------------------------------------- */

struct names {
    const struct hf_hive *hive;
    uint32_t parent;
    struct hf_regname last;
    bool sorted;
    struct hf_regname *name; /* NULL: only see whether they are sorted */
    size_t count;
};

static int note_name(void *arg, const struct hf_hive_list *leaf, size_t i,
                     struct hf_err *err)
{
    struct names *names = arg;
    struct hf_hive_key key;

    if (hf_hive_subkey(names->hive, names->parent, hf_hive_list_entry(leaf, i),
                       &key, err) < 0)
        return hf_hive_pass(names->hive, err) ? 0 : hf_err_code(err);
    if (names->name)
        names->name[names->count] = key.name;
    else if (names->count > 0 && hf_regname_order(names->last, key.name) >= 0)
        names->sorted = false;
    names->last = key.name;
    names->count++;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return hf_regname_order(*(const struct hf_regname *)a,
                            *(const struct hf_regname *)b);
}

/* The slow way, for a list that somebody did not sort. */
static int check_unsorted(const struct hf_hive *hive,
                          const struct hf_hive_key *key, struct names *names,
                          struct hf_err *err)
{
    size_t count = names->count;
    HF_AUTO(hf_free_ptr) struct hf_regname *name = NULL;

    if (count > HF_HIVE_LEAF_MAX)
        return HF_FAIL(err, HF_E_PARSE,
                       "the %zu keys below that at offset 0x%zx are not sorted",
                       count, hf_hive_offset(key->at));
    name = calloc(count, sizeof(*name));
    if (!name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the names of keys");
    names->name = name;
    names->count = 0;
    if (hf_hive_subkeys(hive, key, note_name, names, err) < 0)
        return hf_err_code(err);
    qsort(name, count, sizeof(*name), compare_names);
    for (size_t i = 1; i < count; i++) {
        if (hf_regname_order(name[i - 1], name[i]) == 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "two keys below that at offset 0x%zx have the same "
                           "name",
                           hf_hive_offset(key->at));
    }
    return 0;
}

int hf_hive_distinct(const struct hf_hive *hive, const struct hf_hive_key *key,
                     struct hf_err *err)
{
    struct names names = { .hive = hive, .parent = key->at, .sorted = true };

    if (hf_hive_subkeys(hive, key, note_name, &names, err) < 0)
        return hf_err_code(err);
    return names.sorted ? 0 : check_unsorted(hive, key, &names, err);
}

/* --- by name ------------------------------------------------------------- */

uint32_t hf_hive_name_hash(struct hf_regname name)
{
    size_t len = hf_regname_len(name);
    uint32_t hash = 0;

    for (size_t i = 0; i < len; i++)
        hash = hash * 37 + hf_regname_upper(hf_regname_unit(name, i));
    return hash;
}

#define FOUND 2

struct lookup {
    const struct hf_hive *hive;
    uint32_t parent;
    struct hf_regname name;
    bool ascii; /* then a list's hash can be relied on, whoever wrote it */
    uint32_t hash;
    uint32_t found;
};

static bool is_ascii(struct hf_regname name)
{
    for (size_t i = 0; i < name.bytes.len; i++) {
        if (name.bytes.ptr[i] >= 0x80)
            return false;
    }
    return name.narrow;
}

static int compare_child(void *arg, const struct hf_hive_list *leaf, size_t i,
                         struct hf_err *err)
{
    struct lookup *look = arg;
    struct hf_hive_key key;

    if (leaf->kind == 'h' && look->ascii &&
        hf_le32(leaf->entries.ptr + 8 * i + 4) != look->hash)
        return 0;
    if (hf_hive_subkey(look->hive, look->parent, hf_hive_list_entry(leaf, i),
                       &key, err) < 0)
        return hf_hive_pass(look->hive, err) ? 0 : hf_err_code(err);
    if (hf_regname_order(key.name, look->name) != 0)
        return 0;
    look->found = key.at;
    return FOUND;
}

int hf_hive_child(const struct hf_hive *hive, const struct hf_hive_key *key,
                  struct hf_regname name, uint32_t *ret_at, struct hf_err *err)
{
    struct lookup look = {
        .hive = hive,
        .parent = key->at,
        .name = name,
        .ascii = is_ascii(name),
        .hash = hf_hive_name_hash(name),
    };
    int rc = hf_hive_list_find(hive, key, name, ret_at, err);

    if (rc == 0 || key->subkey_count > HF_HIVE_LEAF_MAX ||
        (rc < 0 && !hf_hive_pass(hive, err)))
        return rc;
    rc = hf_hive_subkeys(hive, key, compare_child, &look, err);
    if (rc < 0)
        return rc;
    if (rc != FOUND)
        return HF_HIVE_NOT_THERE;
    *ret_at = look.found;
    return 0;
}
