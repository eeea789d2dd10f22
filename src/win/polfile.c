/* SPDX-License-Identifier: Apache-2.0 */
/* win/polfile.c - Registry.pol, the registry settings of a Group Policy object.
 *
 * Source: [MS-GPREG] 2.2.1: "PReg", u32 1, then "[key;value;type;size;data]",
 * where brackets and semicolons are UTF-16LE, names end with a NUL, type and
 * size are u32. A value whose name begins with "**" is an instruction. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "base/utf16.h"
#include "win/form.h"
#include "win/regcode.h"
#include "win/script.h"

#define SIGNATURE "PReg\1\0\0\0"
#define SIGNATURE_LEN 8
#define NAME_BYTES_MAX (1024 * 1024) /* ours: 512 keys of 255 fit */

/* --- reading ------------------------------------------------------------- */

struct reader {
    struct hf_script *script;
    struct hf_view all; /* the file */
    struct hf_rd rd;
    struct hf_buf key, name, list;
    uint32_t type;
    struct hf_view data;
};

static void reader_done(struct reader *r)
{
    hf_buf_done(&r->key);
    hf_buf_done(&r->name);
    hf_buf_done(&r->list);
}

static size_t offset(const struct reader *r)
{
    return (size_t)(r->rd.at - r->all.ptr);
}

static int fault(const struct reader *r, size_t at, const char *wanted,
                 struct hf_err *err)
{
    (void)r;
    return HF_FAIL(err, HF_E_PARSE, "offset %zu: expected %s", at, wanted);
}

static uint32_t take_u32(struct hf_rd *rd)
{
    return __builtin_bswap32(hf_rd_uint(rd, 4));
}

/* Is the next character `c`? Then it is passed over. */
static bool take_char(struct reader *r, char c)
{
    if (r->rd.left < 2 || r->rd.at[0] != (uint8_t)c || r->rd.at[1] != 0)
        return false;
    (void)hf_rd_bytes(&r->rd, 2);
    return true;
}

/* Up to its NUL, which is passed over; as UTF-8. */
static int take_name(struct reader *r, struct hf_buf *out, struct hf_err *err)
{
    size_t at = offset(r), len = 0;

    while (r->rd.left - len >= 2 && (r->rd.at[len] || r->rd.at[len + 1]))
        len += 2;
    if (r->rd.left - len < 2)
        return fault(r, at, "a text that a NUL ends", err);
    out->len = 0;
    hf_utf16le_to_utf8(out, hf_rd_bytes(&r->rd, len));
    (void)hf_rd_bytes(&r->rd, 2);
    return hf_buf_check(out, err) < 0 ? HF_WRAP(err, "offset %zu", at) : 0;
}

static int take_number(struct reader *r, uint32_t *ret_number,
                       struct hf_err *err)
{
    size_t at = offset(r);

    *ret_number = take_u32(&r->rd);
    return r->rd.bad ? fault(r, at, "a number of 4 bytes", err) : 0;
}

static int take_data(struct reader *r, struct hf_err *err)
{
    uint32_t size;
    size_t at;

    if (take_number(r, &r->type, err) < 0)
        return hf_err_code(err);
    if (!take_char(r, ';'))
        return fault(r, offset(r), "';' after the type", err);
    at = offset(r);
    if (take_number(r, &size, err) < 0)
        return hf_err_code(err);
    if (!take_char(r, ';'))
        return fault(r, offset(r), "';' after the size", err);
    if (size > r->rd.left)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: a size of %u bytes, expected at most the "
                       "%zu that are left",
                       at, (unsigned)size, r->rd.left);
    if (size > HF_REG_VALUE_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "offset %zu: a value of %u bytes", at,
                       (unsigned)size);
    r->data = hf_rd_bytes(&r->rd, size);
    return 0;
}

/* "[key;value;type;size;data]"; all after the key may be absent. */
static int take_entry(struct reader *r, struct hf_err *err)
{
    r->type = HF_REG_NONE;
    r->data = hf_view(NULL, 0);
    r->name.len = 0;
    if (!take_char(r, '['))
        return fault(r, offset(r), "'['", err);
    if (take_name(r, &r->key, err) < 0)
        return hf_err_code(err);
    if (take_char(r, ';')) {
        if (take_name(r, &r->name, err) < 0)
            return hf_err_code(err);
        if (take_char(r, ';') && take_data(r, err) < 0)
            return hf_err_code(err);
    }
    return take_char(r, ']') ? 0 : fault(r, offset(r), "']' or ';'", err);
}

/* --- instructions -------------------------------------------------------- */

/* `name` behind `word`, without case; NULL when it does not begin so. */
static bool begins(struct hf_view name, const char *word,
                   struct hf_view *ret_rest)
{
    size_t len = strlen(word);

    if (name.len < len ||
        !hf_view_same_nocase(hf_view(name.ptr, len), hf_view_text(word)))
        return false;
    *ret_rest = hf_view_from(name, len);
    return true;
}

static void drop_values(struct hf_tree_key *key)
{
    while (key->first_value)
        hf_tree_value_drop(key, key->first_value);
}

/* The data is a list "a;b;c". */
static int each_listed(struct reader *r, struct hf_tree_key *key,
                       void (*drop)(struct hf_tree_key *key,
                                    struct hf_view name),
                       struct hf_err *err)
{
    struct hf_view rest;

    r->list.len = 0;
    hf_utf16le_to_utf8(&r->list, hf_utf16le_trim(r->data));
    if (hf_buf_check(&r->list, err) < 0)
        return hf_err_code(err);
    for (rest = hf_buf_peek(&r->list); rest.len > 0;) {
        const uint8_t *end = memchr(rest.ptr, ';', rest.len);
        struct hf_view name = rest;

        name.len = end ? (size_t)(end - rest.ptr) : rest.len;
        rest = hf_view_from(rest, name.len + 1);
        if (name.len > 0)
            drop(key, name);
    }
    return 0;
}

static void drop_listed_key(struct hf_tree_key *key, struct hf_view name)
{
    struct hf_tree_key *below = hf_tree_find(key, name);

    if (!below || below == key)
        return;
    hf_script_inherit(key, below);
    hf_tree_drop(below);
}

static void drop_listed_value(struct hf_tree_key *key, struct hf_view name)
{
    struct hf_tree_value *value = hf_tree_value_find(key, name);

    if (value)
        hf_tree_value_drop(key, value);
}

/* "**...": ret_value is the value it speaks of, or NULL. One we do not know
 * (**SecureKey, **Comment:) is kept and does nothing. */
static int instruct(struct reader *r, struct hf_tree_key *key,
                    struct hf_tree_value **ret_value, struct hf_err *err)
{
    struct hf_view name = hf_buf_peek(&r->name), rest;

    if (begins(name, "**del.", &rest)) {
        if (hf_tree_value_make(key, rest, ret_value, err) < 0)
            return hf_err_code(err);
        hf_tree_value_clear(*ret_value);
    } else if (begins(name, "**soft.", &rest)) {
        if (hf_tree_value_make(key, rest, ret_value, err) < 0)
            return hf_err_code(err);
        if ((*ret_value)->absent)
            return hf_tree_value_put(*ret_value, r->type, r->data, err);
    } else if (begins(name, "**delvals.", &rest)) {
        drop_values(key);
    } else if (begins(name, "**DeleteValues", &rest)) {
        return each_listed(r, key, drop_listed_value, err);
    } else if (begins(name, "**DeleteKeys", &rest)) {
        return each_listed(r, key, drop_listed_key, err);
    }
    return 0;
}

static int carry_out(struct reader *r, struct hf_tree_key *key,
                     struct hf_tree_value **ret_value, struct hf_err *err)
{
    struct hf_view name = hf_buf_peek(&r->name);

    *ret_value = NULL;
    if (hf_view_starts(name, "**"))
        return instruct(r, key, ret_value, err);
    if (name.len == 0 && r->type == HF_REG_NONE && r->data.len == 0)
        return 0; /* only the key is made */
    if (hf_tree_value_make(key, name, ret_value, err) < 0)
        return hf_err_code(err);
    return hf_tree_value_put(*ret_value, r->type, r->data, err);
}

static int read_entry(struct reader *r, struct hf_err *err)
{
    size_t at = offset(r);
    struct hf_tree_value *value;
    struct hf_tree_key *key;
    struct hf_piece *piece;
    struct hf_view raw;

    if (take_entry(r, err) < 0)
        return hf_err_code(err);
    raw = hf_view(r->script->forget ? NULL : r->script->text + at,
                  offset(r) - at);
    if (hf_tree_make(&r->script->tree, hf_buf_peek(&r->key), &key, NULL, err) <
            0 ||
        carry_out(r, key, &value, err) < 0 ||
        hf_script_add(r->script, NULL, HF_PIECE_VALUE, raw, &piece, err) < 0)
        return HF_WRAP(err, "offset %zu", at);
    hf_script_makes(piece, key);
    if (value)
        hf_script_speaks(piece, value);
    return 0;
}

static int read_all(struct reader *r, struct hf_err *err)
{
    struct hf_piece *piece;

    if (!hf_view_same(hf_rd_bytes(&r->rd, SIGNATURE_LEN),
                      hf_view(SIGNATURE, SIGNATURE_LEN)))
        return fault(r, 0, "'PReg' and version 1", err);
    if (hf_script_add(r->script, NULL, HF_PIECE_OTHER,
                      hf_view(r->script->text, SIGNATURE_LEN), &piece, err) < 0)
        return hf_err_code(err);
    while (r->rd.left > 0)
        if (read_entry(r, err) < 0)
            return hf_err_code(err);
    return 0;
}

/* --- writing ------------------------------------------------------------- */

static int may_say(const struct hf_script *script, struct hf_view path,
                   const char *name, const struct hf_reg_value *value,
                   struct hf_err *err)
{
    static const struct hf_regcode utf16 = { HF_REGCODE_UTF16LE, false };

    (void)script;
    if (!hf_regcode_has(&utf16, path) ||
        !hf_regcode_has(&utf16, hf_view_text(name)))
        return HF_FAIL(err, HF_E_USAGE, "a name that is not UTF-8");
    if (strncmp(name, "**", 2) == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "the value '%s': in a policy file a name that begins "
                       "with '**' is an instruction",
                       name);
    if (value && !*name && value->type == HF_REG_NONE && value->len == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "a default value of REG_NONE without bytes: in a policy "
                       "file that makes a key, not a value");
    return 0;
}

static int place(struct hf_script *script, struct hf_tree_key *key,
                 const struct hf_tree_key *fresh, struct hf_piece **ret_piece,
                 struct hf_err *err)
{
    (void)fresh;
    if (hf_script_add(script, NULL, HF_PIECE_VALUE, hf_view(NULL, 0), ret_piece,
                      err) < 0)
        return hf_err_code(err);
    hf_script_makes(*ret_piece, key);
    return 0;
}

static const struct hf_script_form form = { may_say, place };

static void put_u32(struct hf_buf *out, uint32_t number)
{
    uint8_t bytes[4];

    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    hf_buf_add(out, bytes, sizeof(bytes));
}

static void put_text(struct hf_buf *out, const char *text)
{
    hf_utf8_to_utf16le(out, hf_view_text(text));
}

static void put_path(struct hf_buf *out, const struct hf_tree_key *key)
{
    HF_AUTO(hf_buf_done) struct hf_buf path = { 0 };

    hf_buf_init(&path, NAME_BYTES_MAX);
    hf_tree_path(key, &path);
    hf_utf8_to_utf16le(out, hf_buf_peek(&path));
    if (path.bad && !out->bad)
        out->bad = path.bad;
}

static void put_entry(struct hf_buf *out, const struct hf_piece *piece)
{
    static const uint8_t blank[4] = { ' ', 0, 0, 0 }; /* as gpedit has it */
    const struct hf_tree_value *value = piece->value;
    bool unset = piece->kind == HF_PIECE_UNSET;
    struct hf_view data = unset ? hf_view(blank, sizeof(blank))
                                : hf_view(value->data, value->len);

    put_text(out, "[");
    put_path(out, piece->key);
    hf_buf_add(out, "\0\0;", 4);
    put_text(out, unset ? "**del." : "");
    hf_utf8_to_utf16le(out, value->name);
    hf_buf_add(out, "\0\0;", 4);
    put_u32(out, unset ? HF_REG_SZ : value->type);
    put_text(out, ";");
    put_u32(out, (uint32_t)data.len);
    put_text(out, ";");
    hf_buf_view(out, data);
    put_text(out, "]");
}

static int save(void *own, struct hf_buf *out, struct hf_err *err)
{
    const struct hf_script *script = own;

    for (const struct hf_piece *piece = script->first; piece;
         piece = piece->next) {
        if (piece->gone)
            continue;
        if (piece->made)
            put_entry(out, piece);
        else
            hf_buf_view(out, piece->raw);
    }
    return hf_buf_check(out, err);
}

/* --- the form ------------------------------------------------------------ */

static void free_own(void *own)
{
    struct hf_script *script = own;

    if (!script)
        return;
    hf_script_done(script);
    free(script);
}

static const struct hf_registry_ops ops = {
    .free = free_own,
    .has = hf_script_has,
    .keys = hf_script_keys,
    .values = hf_script_values,
    .get = hf_script_get,
    .set = hf_script_set,
    .unset = hf_script_unset,
    .drop = hf_script_drop,
    .tell_unset = hf_script_tell_unset,
    .save = save,
};

/* NULL without memory. */
static struct hf_script *make(struct hf_registry *registry,
                              struct hf_view bytes)
{
    struct hf_script *script = calloc(1, sizeof(*script));

    registry->ops = &ops;
    registry->own = script;
    registry->mount = hf_view_dup(hf_view_text("HKLM"));
    if (!script || !registry->mount)
        return NULL;
    script->form = &form;
    script->forget = registry->read_only;
    if (script->forget)
        return script;
    script->text = (uint8_t *)hf_view_dup(bytes);
    return script->text ? script : NULL;
}

int hf_polfile_read(struct hf_registry *registry, const char *shown,
                    struct hf_view bytes, struct hf_err *err)
{
    HF_AUTO(reader_done)
    struct reader r = { .script = make(registry, bytes), .all = bytes };

    (void)shown;
    if (!r.script)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a policy file");
    r.rd = hf_rd(bytes);
    hf_buf_init(&r.key, NAME_BYTES_MAX);
    hf_buf_init(&r.name, NAME_BYTES_MAX);
    hf_buf_init(&r.list, 2 * HF_REG_VALUE_MAX);
    return read_all(&r, err);
}

int hf_polfile_new(struct hf_registry *registry, struct hf_err *err)
{
    struct hf_script *script =
        make(registry, hf_view(SIGNATURE, SIGNATURE_LEN));
    struct hf_piece *piece;

    if (!script)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a policy file");
    return hf_script_add(script, NULL, HF_PIECE_OTHER,
                         hf_view(script->text, SIGNATURE_LEN), &piece, err);
}
