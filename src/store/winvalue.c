/* SPDX-License-Identifier: Apache-2.0 */
/* store/winvalue.c - one registry value changed, and taken back by content.
 *
 * The note of a change is five lines: the store as it can be opened again, the
 * key, the name of the value, what it was, what it is since. A value is its
 * type, ':' and its bytes in hexadecimal; "-" is none. */
#include <stdio.h>

#include "base/hex.h"
#include "store/windows.h"

/* bytes; ours: settings are short, and a note is kept as text in the journal */
#define NOTED_MAX (1024 * 1024)

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry value");
}

/* --- as text -----------------------------------------------------------------
 */

/* `value` NULL: none. */
static int put_value(struct hf_buf *out, const struct hf_reg_value *value,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *hex = NULL;

    if (!value) {
        hf_buf_text(out, "-");
        return 0;
    }
    if (value->len > NOTED_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a value of %zu bytes is too long to be kept for undo",
                       value->len);
    hex = malloc(2 * value->len + 1);
    if (!hex)
        return no_memory(err);
    hf_hex(hf_view(value->data, value->len), hex);
    hf_buf_printf(out, "%u:", (unsigned)value->type);
    hf_buf_text(out, hex);
    return 0;
}

static int bad_note(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE,
                   "the undo record: malformed note of a registry value");
}

/* `*ret_there`: not "-". */
static int read_value(struct hf_view text, struct hf_reg_value *value,
                      bool *ret_there, struct hf_err *err)
{
    uint64_t type = 0;
    size_t i = 0;

    *ret_there = !hf_view_is(text, "-");
    if (!*ret_there)
        return 0;
    for (; i < text.len && i < 10 && text.ptr[i] >= '0' && text.ptr[i] <= '9';
         i++)
        type = type * 10 + (uint64_t)(text.ptr[i] - '0');
    if (i == 0 || i == text.len || text.ptr[i] != ':' || type > UINT32_MAX)
        return bad_note(err);
    text = hf_view_from(text, i + 1);
    value->type = (uint32_t)type;
    value->len = text.len / 2;
    value->data = malloc(value->len + 1);
    if (!value->data)
        return no_memory(err);
    return text.len % 2 == 0 && hf_hex_read(text, value->data, value->len)
               ? 0
               : bad_note(err);
}

/* --- changing
 * ----------------------------------------------------------------- */

static int get(const struct hf_registry *registry, const char *key,
               const char *name, struct hf_reg_value *ret_value,
               bool *ret_there, struct hf_err *err)
{
    struct hf_err why;
    int rc = hf_registry_get(registry, key, name, ret_value, &why);

    if (rc < 0 && rc != HF_E_ABSENT) {
        *err = why;
        return rc;
    }
    *ret_there = rc == 0;
    return 0;
}

static bool is_same(const struct hf_reg_value *a, bool a_there,
                    const struct hf_reg_value *b, bool b_there)
{
    if (!a_there || !b_there)
        return a_there == b_there;
    return a->type == b->type &&
           hf_view_same(hf_view(a->data, a->len), hf_view(b->data, b->len));
}

/* Also when nothing changes: it says whether the key is one of this file. */
static int apply(struct hf_registry *registry,
                 const struct hf_store_value *value, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *name = hf_view_dup(hf_view_text(value->name));
    struct hf_reg_value to = value->value;

    if (!name)
        return no_memory(err);
    if (value->gone)
        return hf_registry_unset(registry, value->key, name, err);
    to.name = name;
    return hf_registry_set(registry, value->key, &to, err);
}

static int note(const struct hf_store *store,
                const struct hf_store_value *value,
                const struct hf_reg_value *was, struct hf_changeset *set,
                struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_free_ptr) char *line = NULL;

    hf_buf_init(&text, 8 * NOTED_MAX);
    hf_store_put_spec(&text, store, NULL);
    hf_buf_printf(&text, "\n%s\n%s\n", value->key, value->name);
    if (put_value(&text, was, err) < 0)
        return hf_err_code(err);
    hf_buf_text(&text, "\n");
    if (put_value(&text, value->gone ? NULL : &value->value, err) < 0)
        return hf_err_code(err);
    line = hf_buf_steal(&text);
    return line ? hf_changeset_note(set, HF_NOTE_VALUE, line, err)
                : no_memory(err);
}

int hf_windows_stage_value(const struct hf_store *store,
                           const struct hf_store_value *value,
                           struct hf_changeset *set, bool *ret_changed,
                           struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_reg_value_done) struct hf_reg_value was = { 0 };
    bool there;

    if (strpbrk(value->key, "\r\n") || strpbrk(value->name, "\r\n"))
        return HF_FAIL(err, HF_E_USAGE, "a line break in a registry name");
    if (hf_windows_load(store, set, &registry, err) < 0 ||
        get(registry, value->key, value->name, &was, &there, err) < 0 ||
        apply(registry, value, err) < 0)
        return hf_err_code(err);
    if (is_same(&was, there, &value->value, !value->gone)) {
        *ret_changed = false;
        return 0;
    }
    if (hf_windows_save(store, registry, set, err) < 0 ||
        note(store, value, there ? &was : NULL, set, err) < 0)
        return hf_err_code(err);
    *ret_changed = true;
    return 0;
}

/* --- taking it back
 * ------------------------------------------------------------ */

struct noted {
    char *spec, *key, *name;
    struct hf_reg_value was, now;
    bool was_there, now_there;
};

static void noted_done(struct noted *noted)
{
    free(noted->spec);
    free(noted->key);
    free(noted->name);
    hf_reg_value_done(&noted->was);
    hf_reg_value_done(&noted->now);
}

static int read_note(const char *text, struct noted *noted, struct hf_err *err)
{
    struct hf_view rest = hf_view_text(text);

    noted->spec = hf_view_dup(hf_view_line(&rest));
    noted->key = hf_view_dup(hf_view_line(&rest));
    noted->name = hf_view_dup(hf_view_line(&rest));
    if (!noted->spec || !noted->key || !noted->name)
        return no_memory(err);
    if (read_value(hf_view_line(&rest), &noted->was, &noted->was_there, err) <
            0 ||
        read_value(hf_view_line(&rest), &noted->now, &noted->now_there, err) <
            0)
        return hf_err_code(err);
    return rest.len == 0 ? 0 : bad_note(err);
}

static int put_back(const struct hf_store *store, const struct noted *noted,
                    struct hf_changeset *set, bool *ret_back,
                    struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_reg_value_done) struct hf_reg_value at = { 0 };
    struct hf_store_value to = { noted->key, noted->name, !noted->was_there,
                                 noted->was };
    bool there;

    if (hf_windows_load(store, set, &registry, err) < 0 ||
        get(registry, noted->key, noted->name, &at, &there, err) < 0)
        return hf_err_code(err);
    *ret_back = is_same(&at, there, &noted->was, noted->was_there);
    if (*ret_back || !is_same(&at, there, &noted->now, noted->now_there))
        return 0; /* it is so already, or somebody wanted another value */
    if (apply(registry, &to, err) < 0 ||
        hf_windows_save(store, registry, set, err) < 0)
        return hf_err_code(err);
    *ret_back = true;
    return 0;
}

int hf_value_note_undo(const char *text, const char *root,
                       struct hf_changeset *set, bool *ret_back,
                       struct hf_err *err)
{
    HF_AUTO(noted_done) struct noted noted = { 0 };
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    bool back = false;
    int rc;

    if (read_note(text, &noted, err) < 0)
        return hf_err_code(err);
    rc = hf_store_open(noted.spec, root, &store, err);
    if (rc < 0 && rc != HF_E_ABSENT)
        return rc;
    if (rc == 0 && !store->ops->stage_value)
        return bad_note(err);
    if (rc == 0 && put_back(store, &noted, set, &back, err) < 0)
        return HF_WRAP(err, "cannot change the store '%s'", noted.spec);
    *ret_back = back;
    return 0;
}

char *hf_value_note_text(const char *note)
{
    struct hf_view rest = hf_view_text(note);
    struct hf_view spec = hf_view_line(&rest);
    struct hf_view key = hf_view_line(&rest);
    struct hf_view name = hf_view_line(&rest);
    char *text = NULL;

    return asprintf(&text, "%.*s\\%.*s in %.*s", (int)key.len,
                    (const char *)key.ptr, (int)name.len,
                    (const char *)name.ptr, (int)spec.len,
                    (const char *)spec.ptr) < 0
               ? NULL
               : text;
}
