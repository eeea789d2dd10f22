/* SPDX-License-Identifier: Apache-2.0 */
/* win/tree.c - keys and values in memory, by name and in order. */
#include "win/tree.h"

#include <search.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "win/fold.h"

static int compare(const void *a, const void *b)
{
    return hf_fold_compare(*(const struct hf_view *)a,
                           *(const struct hf_view *)b);
}

static void keep(void *node)
{
    (void)node;
}

/* The next name of a path that is not empty; an empty one at its end. */
static struct hf_view take_name(struct hf_view *path)
{
    for (;;) {
        const uint8_t *slash =
            path->len > 0 ? memchr(path->ptr, '\\', path->len) : NULL;
        struct hf_view name = *path;

        if (!slash) {
            *path = hf_view_from(*path, path->len);
            return name;
        }
        name.len = (size_t)(slash - name.ptr);
        *path = hf_view_from(*path, name.len + 1);
        if (name.len > 0)
            return name;
    }
}

/* Its length in UTF-16. */
static size_t units(struct hf_view name)
{
    size_t count = 0;

    for (size_t at = 0; at < name.len;) {
        size_t len = hf_utf8_len(hf_view(name.ptr + at, name.len - at));

        count += len == 4 ? 2 : 1;
        at += len ? len : 1;
    }
    return count;
}

/* A zeroed struct of `size` bytes with a copy of `name` behind it. */
static void *new_node(size_t size, struct hf_view name)
{
    uint8_t *node = calloc(1, size + name.len + 1);

    if (!node)
        return NULL;
    if (name.len > 0)
        memcpy(node + size, name.ptr, name.len);
    *(struct hf_view *)node = hf_view(node + size, name.len);
    return node;
}

/* --- keys ---------------------------------------------------------------- */

static struct hf_tree_key *find_below(const struct hf_tree_key *key,
                                      struct hf_view name)
{
    void *at = tfind(&name, &key->keys, compare);

    return at ? *(struct hf_tree_key **)at : NULL;
}

struct hf_tree_key *hf_tree_find(const struct hf_tree_key *top,
                                 struct hf_view path)
{
    struct hf_tree_key *key = (struct hf_tree_key *)top;

    for (struct hf_view name = take_name(&path); key && name.len > 0;
         name = take_name(&path))
        key = find_below(key, name);
    return key;
}

static struct hf_tree_key *add_below(struct hf_tree_key *key,
                                     struct hf_view name)
{
    struct hf_tree_key *made = new_node(sizeof(*made), name);

    if (!made || !tsearch(made, &key->keys, compare)) {
        free(made);
        return NULL;
    }
    made->parent = key;
    made->depth = key->depth + 1;
    made->prev = key->last;
    *(key->last ? &key->last->next : &key->first) = made;
    key->last = made;
    return made;
}

static int check_name(struct hf_view name, size_t max, struct hf_err *err)
{
    size_t len = units(name);

    if (len > max)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a name of %zu characters, at most %zu are allowed", len,
                       max);
    return 0;
}

static int check_path(struct hf_view path, struct hf_err *err)
{
    unsigned depth = 0;

    for (struct hf_view name = take_name(&path); name.len > 0;
         name = take_name(&path)) {
        if (++depth > HF_TREE_DEPTH_MAX)
            return HF_FAIL(err, HF_E_LIMIT, "more than %d keys in each other",
                           HF_TREE_DEPTH_MAX);
        if (check_name(name, HF_REGNAME_KEY_MAX, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_tree_make(struct hf_tree *tree, struct hf_view path,
                 struct hf_tree_key **ret_key, struct hf_tree_key **ret_fresh,
                 struct hf_err *err)
{
    struct hf_tree_key *key = &tree->top, *fresh = NULL;

    if (check_path(path, err) < 0)
        return hf_err_code(err);
    for (struct hf_view name = take_name(&path); name.len > 0;
         name = take_name(&path)) {
        struct hf_tree_key *below = fresh ? NULL : find_below(key, name);

        if (!below) {
            below = add_below(key, name);
            if (!below && fresh)
                hf_tree_drop(fresh);
            if (!below)
                return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
            fresh = fresh ? fresh : below;
        }
        key = below;
    }
    *ret_key = key;
    if (ret_fresh)
        *ret_fresh = fresh;
    return 0;
}

static void free_values(struct hf_tree_key *key)
{
    while (key->first_value) {
        struct hf_tree_value *value = key->first_value;

        key->first_value = value->next;
        free(value->data);
        free(value);
    }
    tdestroy(key->values, keep);
    key->values = NULL;
    key->last_value = NULL;
}

/* Those below `top`, the deepest first; no search finds them any more. */
static void free_below(struct hf_tree_key *top)
{
    struct hf_tree_key *key = top;

    while (key->first || key != top) {
        struct hf_tree_key *up = key->parent;

        if (key->first) {
            key = key->first;
            continue;
        }
        free_values(key);
        tdestroy(key->keys, keep);
        up->first = key->next;
        free(key);
        key = up;
    }
    tdestroy(top->keys, keep);
    top->keys = NULL;
    top->last = NULL;
}

void hf_tree_drop(struct hf_tree_key *key)
{
    struct hf_tree_key *up = key->parent;

    free_below(key);
    free_values(key);
    if (!up)
        return;
    (void)tdelete(key, &up->keys, compare);
    *(key->prev ? &key->prev->next : &up->first) = key->next;
    *(key->next ? &key->next->prev : &up->last) = key->prev;
    free(key);
}

void hf_tree_done(struct hf_tree *tree)
{
    hf_tree_drop(&tree->top);
}

void hf_tree_prune(struct hf_tree_key *key)
{
    while (key->parent && !key->first && !key->first_value &&
           key->mentions == 0) {
        struct hf_tree_key *up = key->parent;

        hf_tree_drop(key);
        key = up;
    }
}

struct hf_tree_key *hf_tree_next(const struct hf_tree_key *top,
                                 struct hf_tree_key *key)
{
    if (key->first)
        return key->first;
    while (key != top && !key->next)
        key = key->parent;
    return key == top ? NULL : key->next;
}

void hf_tree_path(const struct hf_tree_key *key, struct hf_buf *out)
{
    const struct hf_tree_key *way[HF_TREE_DEPTH_MAX + 1];
    size_t count = 0;

    for (; key->parent; key = key->parent)
        way[count++] = key;
    for (size_t i = count; i-- > 0;) {
        hf_buf_view(out, way[i]->name);
        if (i > 0)
            hf_buf_text(out, "\\");
    }
}

/* --- values -------------------------------------------------------------- */

struct hf_tree_value *hf_tree_value_find(const struct hf_tree_key *key,
                                         struct hf_view name)
{
    void *at = tfind(&name, &key->values, compare);

    return at ? *(struct hf_tree_value **)at : NULL;
}

int hf_tree_value_make(struct hf_tree_key *key, struct hf_view name,
                       struct hf_tree_value **ret_value, struct hf_err *err)
{
    struct hf_tree_value *made = hf_tree_value_find(key, name);

    if (made) {
        *ret_value = made;
        return 0;
    }
    if (name.len > 0 && check_name(name, HF_REGNAME_VALUE_MAX, err) < 0)
        return hf_err_code(err);
    made = new_node(sizeof(*made), name);
    if (!made || !tsearch(made, &key->values, compare)) {
        free(made);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a value");
    }
    made->absent = true;
    made->prev = key->last_value;
    *(key->last_value ? &key->last_value->next : &key->first_value) = made;
    key->last_value = made;
    *ret_value = made;
    return 0;
}

uint8_t *hf_tree_data(struct hf_view data)
{
    uint8_t *copy = malloc(data.len ? data.len : 1);

    if (copy && data.len > 0)
        memcpy(copy, data.ptr, data.len);
    return copy;
}

int hf_tree_value_put(struct hf_tree_value *value, uint32_t type,
                      struct hf_view data, struct hf_err *err)
{
    uint8_t *copy = hf_tree_data(data);

    if (!copy)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a value");
    hf_tree_value_take(value, type, copy, data.len);
    return 0;
}

void hf_tree_value_take(struct hf_tree_value *value, uint32_t type,
                        uint8_t *data, size_t len)
{
    free(value->data);
    value->data = data;
    value->len = len;
    value->type = type;
    value->absent = false;
}

void hf_tree_value_clear(struct hf_tree_value *value)
{
    free(value->data);
    value->data = NULL;
    value->len = 0;
    value->absent = true;
}

void hf_tree_value_drop(struct hf_tree_key *key, struct hf_tree_value *value)
{
    (void)tdelete(value, &key->values, compare);
    *(value->prev ? &value->prev->next : &key->first_value) = value->next;
    *(value->next ? &value->next->prev : &key->last_value) = value->prev;
    free(value->data);
    free(value);
}

/* --- answers ------------------------------------------------------------- */

int hf_tree_list_keys(const struct hf_tree_key *key, struct hf_names *ret_names,
                      struct hf_err *err)
{
    struct hf_names names = { 0 };
    size_t count = 0;

    for (const struct hf_tree_key *at = key->first; at; at = at->next)
        count++;
    names.name = calloc(count ? count : 1, sizeof(names.name[0]));
    for (const struct hf_tree_key *at = key->first; at && names.name;
         at = at->next) {
        names.name[names.count] = hf_view_dup(at->name);
        if (!names.name[names.count])
            break;
        names.count++;
    }
    if (!names.name || names.count < count) {
        hf_names_done(&names);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the names of keys");
    }
    *ret_names = names;
    return 0;
}

int hf_tree_value_copy(const struct hf_tree_value *value,
                       struct hf_reg_value *ret_value, struct hf_err *err)
{
    struct hf_reg_value copy = { .type = value->type, .len = value->len };

    copy.name = hf_view_dup(value->name);
    copy.data = hf_tree_data(hf_view(value->data, value->len));
    if (!copy.name || !copy.data) {
        hf_reg_value_done(&copy);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a value");
    }
    *ret_value = copy;
    return 0;
}

int hf_tree_list_values(const struct hf_tree_key *key,
                        struct hf_reg_values *ret_values, struct hf_err *err)
{
    struct hf_reg_values list = { 0 };
    size_t room = 0;

    for (const struct hf_tree_value *at = key->first_value; at; at = at->next)
        room++;
    list.value = calloc(room ? room : 1, sizeof(list.value[0]));
    if (!list.value)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for values");
    for (const struct hf_tree_value *at = key->first_value; at; at = at->next) {
        if (at->absent)
            continue;
        if (hf_tree_value_copy(at, &list.value[list.count], err) < 0) {
            hf_reg_values_done(&list);
            return hf_err_code(err);
        }
        list.count++;
    }
    *ret_values = list;
    return 0;
}
