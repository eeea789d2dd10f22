/* SPDX-License-Identifier: Apache-2.0 */
/* win/script.c - a file of instructions for a registry: its pieces, its tree.
 */
#include "win/script.h"

#include <stdlib.h>

#define PATH_BYTES_MAX (1024 * 1024) /* ours: 512 keys of 255 fit */

void hf_script_done(struct hf_script *script)
{
    while (script->first) {
        struct hf_piece *piece = script->first;

        script->first = piece->next;
        free(piece);
    }
    script->last = NULL;
    hf_tree_done(&script->tree);
    free(script->text);
    script->text = NULL;
}

/* --- pieces -------------------------------------------------------------- */

static bool lengthens(const struct hf_piece *last, enum hf_piece_kind kind)
{
    return last && kind == HF_PIECE_OTHER && last->kind == HF_PIECE_OTHER &&
           !last->key && !last->gone && !last->made;
}

int hf_script_add(struct hf_script *script, struct hf_piece *after,
                  enum hf_piece_kind kind, struct hf_view raw,
                  struct hf_piece **ret_piece, struct hf_err *err)
{
    struct hf_piece *piece;

    if (script->forget) {
        *ret_piece = NULL;
        return 0;
    }
    after = after ? after : script->last;
    if (lengthens(after, kind) && after->raw.ptr + after->raw.len == raw.ptr) {
        after->raw.len += raw.len;
        *ret_piece = after;
        return 0;
    }
    piece = calloc(1, sizeof(*piece));
    if (!piece)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for what a line says");
    piece->kind = kind;
    piece->raw = raw;
    piece->made = raw.len == 0;
    piece->next = after ? after->next : script->first;
    *(after ? &after->next : &script->first) = piece;
    if (after == script->last)
        script->last = piece;
    *ret_piece = piece;
    return 0;
}

void hf_script_makes(struct hf_piece *piece, struct hf_tree_key *key)
{
    if (!piece)
        return;
    piece->key = key;
    piece->tail = piece;
    piece->older_of_key = key->pieces;
    key->pieces = piece;
    key->mentions++;
}

void hf_script_speaks(struct hf_piece *piece, struct hf_tree_value *value)
{
    if (!piece)
        return;
    piece->value = value;
    piece->older = value->pieces;
    value->pieces = piece;
}

void hf_script_inherit(struct hf_tree_key *heir, struct hf_tree_key *top)
{
    for (struct hf_tree_key *key = top; key; key = hf_tree_next(top, key))
        while (key->pieces) {
            struct hf_piece *piece = key->pieces;

            key->pieces = piece->older_of_key;
            hf_script_makes(piece, heir);
        }
}

static void forget_piece(struct hf_piece *piece)
{
    /* a KEY piece is forgotten only together with its key */
    if (!piece->gone && piece->key && piece->kind != HF_PIECE_KEY)
        piece->key->mentions--;
    piece->gone = true;
}

/* All that speak of the value from `piece` on. */
static void forget_pieces(struct hf_piece *piece)
{
    for (; piece; piece = piece->older)
        forget_piece(piece);
}

/* What makes the key, and the section below it. */
static void forget_key(struct hf_tree_key *key)
{
    for (struct hf_piece *made = key->pieces; made; made = made->older_of_key) {
        struct hf_piece *piece = made->next;

        made->gone = true;
        while (made->kind == HF_PIECE_KEY && piece &&
               piece->kind != HF_PIECE_KEY && piece->kind != HF_PIECE_DROP) {
            piece->gone = true;
            piece = piece->next;
        }
    }
}

/* --- roots --------------------------------------------------------------- */

static const struct {
    const char *brief, *full;
} roots[] = {
    { "HKLM", "HKEY_LOCAL_MACHINE" },
    { "HKCU", "HKEY_CURRENT_USER" },
    { "HKU", "HKEY_USERS" },
    { "HKCR", "HKEY_CLASSES_ROOT" },
    { "HKCC", "HKEY_CURRENT_CONFIG" },
    { "HKDD", "HKEY_DYN_DATA" },
    { "HKPD", "HKEY_PERFORMANCE_DATA" },
};

struct hf_view hf_script_root(struct hf_view path, struct hf_view *ret_rest)
{
    const uint8_t *slash;
    struct hf_view root;

    while (path.len > 0 && path.ptr[0] == '\\')
        path = hf_view_from(path, 1);
    slash = path.len > 0 ? memchr(path.ptr, '\\', path.len) : NULL;
    root = path;
    root.len = slash ? (size_t)(slash - path.ptr) : path.len;
    *ret_rest = hf_view_from(path, root.len);
    for (size_t i = 0; i < HF_COUNT(roots); i++)
        if (hf_view_same_nocase(root, hf_view_text(roots[i].full)) ||
            hf_view_same_nocase(root, hf_view_text(roots[i].brief)))
            return hf_view_text(roots[i].brief);
    return root;
}

struct hf_view hf_script_root_full(struct hf_view root)
{
    for (size_t i = 0; i < HF_COUNT(roots); i++)
        if (hf_view_is(root, roots[i].brief))
            return hf_view_text(roots[i].full);
    return root;
}

void hf_script_path(const struct hf_script *script, struct hf_view path,
                    struct hf_buf *out)
{
    struct hf_view rest = path;

    if (script->roots)
        hf_buf_view(out, hf_script_root(path, &rest));
    hf_buf_view(out, rest);
}

/* --- reading ------------------------------------------------------------- */

static struct hf_tree_key *find(const struct hf_script *script,
                                const char *path)
{
    const struct hf_tree_key *top = &script->tree.top;
    struct hf_view rest = hf_view_text(path);

    if (script->roots)
        top = hf_tree_find(top, hf_script_root(rest, &rest));
    return top ? hf_tree_find(top, rest) : NULL;
}

static int find_key(const struct hf_script *script, const char *path,
                    struct hf_tree_key **ret_key, struct hf_err *err)
{
    *ret_key = find(script, path);
    return *ret_key ? 0
                    : HF_FAIL(err, HF_E_ABSENT, "there is no key '%s'", path);
}

bool hf_script_has(const void *own, const char *key)
{
    return find(own, key) != NULL;
}

int hf_script_keys(const void *own, const char *key, struct hf_names *ret_names,
                   struct hf_err *err)
{
    struct hf_tree_key *at;

    if (find_key(own, key, &at, err) < 0)
        return hf_err_code(err);
    return hf_tree_list_keys(at, ret_names, err);
}

int hf_script_values(const void *own, const char *key,
                     struct hf_reg_values *ret_values, struct hf_err *err)
{
    struct hf_tree_key *at;

    if (find_key(own, key, &at, err) < 0)
        return hf_err_code(err);
    return hf_tree_list_values(at, ret_values, err);
}

int hf_script_get(const void *own, const char *key, const char *name,
                  struct hf_reg_value *ret_value, struct hf_err *err)
{
    const struct hf_tree_value *value;
    struct hf_tree_key *at;

    if (find_key(own, key, &at, err) < 0)
        return hf_err_code(err);
    value = hf_tree_value_find(at, hf_view_text(name));
    if (!value || value->absent)
        return HF_FAIL(err, HF_E_ABSENT, "'%s' has no value '%s'", key, name);
    return hf_tree_value_copy(value, ret_value, err);
}

/* --- changing ------------------------------------------------------------ */

struct place {
    struct hf_tree_key *key;
    struct hf_tree_value *value;
};

/* Takes back what came of an attempt that failed. */
static void undo(struct place *place)
{
    if (place->value && place->value->absent && !place->value->pieces)
        hf_tree_value_drop(place->key, place->value);
    if (place->key)
        hf_tree_prune(place->key);
}

/* The value and the one piece that speaks of it, made where there is none. */
static int settle(struct hf_script *script, struct hf_view path,
                  const char *name, struct place *place, struct hf_err *err)
{
    struct hf_tree_key *fresh;
    struct hf_piece *piece;

    if (hf_tree_make(&script->tree, path, &place->key, &fresh, err) < 0 ||
        hf_tree_value_make(place->key, hf_view_text(name), &place->value, err) <
            0)
        return hf_err_code(err);
    piece = place->value->pieces;
    if (!piece) {
        if (script->form->place(script, place->key, fresh, &piece, err) < 0)
            return hf_err_code(err);
        hf_script_speaks(piece, place->value);
    }
    return 0;
}

static bool same_data(const struct hf_tree_value *old,
                      const struct hf_reg_value *value)
{
    return !old->absent && old->type == value->type &&
           hf_view_same(hf_view(old->data, old->len),
                        hf_view(value->data, value->len));
}

/* Makes the piece of a value say `kind`; nothing older says anything. */
static void say(struct hf_tree_value *value, enum hf_piece_kind kind)
{
    value->pieces->kind = kind;
    value->pieces->made = true;
    forget_pieces(value->pieces->older);
    value->pieces->older = NULL;
}

static int change(struct hf_script *script, const char *key, const char *name,
                  const struct hf_reg_value *value, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf path = { 0 };
    HF_AUTO(hf_free_ptr) uint8_t *data = NULL;
    struct place place = { 0 };

    hf_buf_init(&path, PATH_BYTES_MAX);
    hf_script_path(script, hf_view_text(key), &path);
    if (hf_buf_check(&path, err) < 0 ||
        script->form->may_say(script, hf_buf_peek(&path), name, value, err) < 0)
        return hf_err_code(err);
    data = value ? hf_tree_data(hf_view(value->data, value->len)) : NULL;
    if (value && !data)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a value");
    if (settle(script, hf_buf_peek(&path), name, &place, err) < 0) {
        undo(&place);
        return hf_err_code(err);
    }
    if (value && same_data(place.value, value))
        return 0;
    if (value)
        hf_tree_value_take(place.value, value->type, HF_STEAL(data),
                           value->len);
    else
        hf_tree_value_clear(place.value);
    say(place.value, value ? HF_PIECE_VALUE : HF_PIECE_UNSET);
    return 0;
}

int hf_script_set(void *own, const char *key, const struct hf_reg_value *value,
                  struct hf_err *err)
{
    return change(own, key, value->name, value, err);
}

int hf_script_tell_unset(void *own, const char *key, const char *name,
                         struct hf_err *err)
{
    return change(own, key, name, NULL, err);
}

int hf_script_unset(void *own, const char *key, const char *name,
                    struct hf_err *err)
{
    struct hf_tree_key *at = find(own, key);
    struct hf_tree_value *value =
        at ? hf_tree_value_find(at, hf_view_text(name)) : NULL;

    (void)err;
    if (!value || value->absent)
        return 0;
    forget_pieces(value->pieces);
    hf_tree_value_drop(at, value);
    hf_tree_prune(at);
    return 0;
}

int hf_script_drop(void *own, const char *key, struct hf_err *err)
{
    struct hf_tree_key *top = find(own, key), *up;

    (void)err;
    if (!top)
        return 0;
    for (struct hf_tree_key *at = top; at; at = hf_tree_next(top, at))
        forget_key(at);
    up = top->parent;
    hf_tree_drop(top);
    if (up)
        hf_tree_prune(up);
    return 0;
}
