/* SPDX-License-Identifier: Apache-2.0 */
/* win/regtext_write.c - a .reg file, or one of Wine's registry, written. */
#include <string.h>

#include "base/utf16.h"
#include "base/utf8.h"
#include "win/regtext.h"

#define HEX_COLUMNS 77 /* and a backslash. Source: regedit, and Wine's */

/* bytes; ours: a value of the greatest length in hex, twice over */
#define LINE_MAX_BYTES (8 * HF_REG_VALUE_MAX)

/* --- what can be said ---------------------------------------------------- */

static bool is_text(uint32_t type)
{
    return type == HF_REG_SZ || type == HF_REG_EXPAND_SZ ||
           type == HF_REG_MULTI_SZ;
}

static int check_name(const struct hf_regtext *reg, struct hf_view name,
                      struct hf_err *err)
{
    static const struct hf_regcode utf8 = { .kind = HF_REGCODE_UTF8 };
    bool wine = reg->form == HF_REGTEXT_WINE;

    if (!hf_regcode_has(wine ? &utf8 : &reg->code, name))
        return HF_FAIL(err, HF_E_USAGE,
                       "a name that the encoding of this file cannot say");
    return 0;
}

static int check_path(const struct hf_regtext *reg, struct hf_view path,
                      struct hf_err *err)
{
    if (check_name(reg, path, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] < ' ' && reg->form != HF_REGTEXT_WINE)
            return HF_FAIL(err, HF_E_USAGE,
                           "a control character in the name of a key cannot "
                           "be said in a .reg file");
    if (reg->form == HF_REGTEXT_WINE || reg->slashed)
        return 0;
    if (path.len == 0 || path.ptr[0] == '-' || path.ptr[0] == '\\')
        return HF_FAIL(err, HF_E_USAGE,
                       "a key of a .reg file begins with HKLM, HKCU, HKU, HKCR "
                       "or HKCC");
    return 0;
}

static int may_say(const struct hf_script *script, struct hf_view path,
                   const char *name, const struct hf_reg_value *value,
                   struct hf_err *err)
{
    const struct hf_regtext *reg = (const struct hf_regtext *)script;
    HF_AUTO(hf_buf_done) struct hf_buf narrow = { 0 };

    if (check_path(reg, path, err) < 0 ||
        check_name(reg, hf_view_text(name), err) < 0)
        return hf_err_code(err);
    if (!value && reg->form == HF_REGTEXT_WINE)
        return HF_FAIL(err, HF_E_USAGE,
                       "a registry of Wine holds values, not what to delete");
    if (!value || reg->form != HF_REGTEXT_4 || !is_text(value->type))
        return 0;
    hf_buf_init(&narrow, HF_REG_VALUE_MAX);
    if (hf_utf16le_to_cp1252(hf_view(value->data, value->len), &narrow, err) <
        0)
        return HF_WRAP(err, "'%s' in a file of the form REGEDIT4", name);
    return hf_buf_check(&narrow, err);
}

/* --- where new pieces go ------------------------------------------------- */

static int add_section(struct hf_script *script, struct hf_tree_key *key,
                       struct hf_err *err)
{
    struct hf_piece *piece;

    if (hf_script_add(script, NULL, HF_PIECE_KEY, hf_view(NULL, 0), &piece,
                      err) < 0)
        return hf_err_code(err);
    hf_script_makes(piece, key);
    return 0;
}

/* Sections for `key` and, as regedit and hivexregedit have it, for each new key
 * above it; not for a root or what hangs below it as a hive. */
static int add_sections(struct hf_script *script, struct hf_tree_key *key,
                        const struct hf_tree_key *fresh, struct hf_err *err)
{
    const struct hf_regtext *reg = (const struct hf_regtext *)script;
    struct hf_tree_key *way[HF_TREE_DEPTH_MAX];
    size_t count = 0;
    unsigned least = reg->slashed ? 1 : 2;

    if (fresh && reg->form != HF_REGTEXT_WINE)
        for (struct hf_tree_key *at = key; at != fresh;) {
            at = at->parent;
            if (at->depth >= least)
                way[count++] = at;
        }
    while (count > 0)
        if (add_section(script, way[--count], err) < 0)
            return hf_err_code(err);
    return add_section(script, key, err);
}

static int place(struct hf_script *script, struct hf_tree_key *key,
                 const struct hf_tree_key *fresh, struct hf_piece **ret_piece,
                 struct hf_err *err)
{
    struct hf_piece *head;

    if (!key->pieces && add_sections(script, key, fresh, err) < 0)
        return hf_err_code(err);
    head = key->pieces;
    if (hf_script_add(script, head->tail, HF_PIECE_VALUE, hf_view(NULL, 0),
                      ret_piece, err) < 0)
        return hf_err_code(err);
    head->tail = *ret_piece;
    return 0;
}

const struct hf_script_form hf_regtext_form = { may_say, place };

/* --- texts --------------------------------------------------------------- */

static uint32_t unit_at(struct hf_view utf16, size_t at)
{
    return at + 1 < utf16.len
               ? (uint32_t)utf16.ptr[at] | (uint32_t)utf16.ptr[at + 1] << 8
               : 0;
}

static bool is_hex(uint32_t unit)
{
    return unit < 0x80 && unit > 0 &&
           strchr("0123456789abcdefABCDEF", (int)unit);
}

/* As Wine does: server/unicode.c, dump_strW(). `quotes` are escaped, too. */
static void put_wine(struct hf_view utf16, const char *quotes,
                     struct hf_buf *out)
{
    static const char controls[] = "\a\b\t\n\v\f\r\033", letters[] = "abtnvfre";

    for (size_t at = 0; at + 1 < utf16.len; at += 2) {
        uint32_t unit = unit_at(utf16, at), next = unit_at(utf16, at + 2);
        const char *control =
            unit > 0 && unit < 0x80 ? strchr(controls, (int)unit) : NULL;

        if (unit > 0x7f)
            hf_buf_printf(out, is_hex(next) ? "\\x%04x" : "\\x%x", unit);
        else if (control)
            hf_buf_printf(out, "\\%c", letters[control - controls]);
        else if (unit < 0x20)
            hf_buf_printf(out, next >= '0' && next <= '7' ? "\\%03o" : "\\%o",
                          unit);
        else if (unit == '\\' || strchr(quotes, (int)unit))
            hf_buf_printf(out, "\\%c", (int)unit);
        else
            hf_buf_printf(out, "%c", (int)unit);
    }
}

static void put_quoted(struct hf_view text, struct hf_buf *out)
{
    hf_buf_text(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            hf_buf_text(out, "\\");
        hf_buf_add(out, &text.ptr[i], 1);
    }
    hf_buf_text(out, "\"");
}

/* May it stand in quotes? It is good UTF-16 that one NUL ends, without another
 * control character; and ASCII where readers would take UTF-8 for CP1252. */
static bool is_plain(const struct hf_regcode *code, struct hf_view utf16,
                     struct hf_view text)
{
    size_t units = utf16.len / 2;
    uint32_t last = code->kind == HF_REGCODE_UTF8 ? 0x7E : UINT32_MAX;

    if (utf16.len % 2 != 0 || units == 0 || unit_at(utf16, utf16.len - 2) != 0)
        return false;
    for (size_t i = 0; i + 1 < units; i++)
        if (unit_at(utf16, 2 * i) < ' ' || unit_at(utf16, 2 * i) > last)
            return false;
    return hf_regcode_has(code, text);
}

/* --- values -------------------------------------------------------------- */

/* Bytes in hex, from the column `out` has reached, as regedit wraps them. */
static void put_hex(const struct hf_regtext *reg, struct hf_view data,
                    struct hf_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t column = hf_utf8_columns(hf_buf_peek(out));

    for (size_t i = 0; i < data.len; i++) {
        const char byte[3] = { digits[data.ptr[i] >> 4],
                               digits[data.ptr[i] & 15], ',' };

        hf_buf_add(out, byte, i + 1 < data.len ? 3 : 2);
        column += 3;
        if (column < HEX_COLUMNS || i + 1 == data.len)
            continue;
        hf_buf_printf(out, "\\%s  ", reg->eol);
        column = 2;
    }
}

static void put_bytes(const struct hf_regtext *reg,
                      const struct hf_tree_value *value, struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf narrow = { 0 };
    struct hf_view data = hf_view(value->data, value->len);
    struct hf_err err;

    if (value->type == HF_REG_BINARY)
        hf_buf_text(out, "hex:");
    else
        hf_buf_printf(out, "hex(%x):", (unsigned)value->type);
    hf_buf_init(&narrow, HF_REG_VALUE_MAX);
    if (reg->form == HF_REGTEXT_4 && is_text(value->type)) {
        /* may_say() has seen that it can be; it is out of memory then */
        if (hf_utf16le_to_cp1252(data, &narrow, &err) < 0 || narrow.bad)
            out->bad = HF_E_NOMEM;
        data = hf_buf_peek(&narrow);
    }
    put_hex(reg, data, out);
}

static void put_wine_text(const struct hf_tree_value *value, struct hf_buf *out)
{
    if (value->type != HF_REG_SZ)
        hf_buf_printf(out, "str(%x):", (unsigned)value->type);
    hf_buf_text(out, "\"");
    put_wine(hf_view(value->data, value->len - 2), "\"", out);
    hf_buf_text(out, "\"");
}

/* Appends the text as it would stand in quotes. Returns false when it has to
 * stand in hex. */
static bool put_plain(const struct hf_regtext *reg,
                      const struct hf_tree_value *value, struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    struct hf_view data = hf_view(value->data, value->len);
    bool plain;

    hf_buf_init(&text, LINE_MAX_BYTES);
    hf_utf16le_to_wtf8(hf_utf16le_trim(data), &text);
    if (text.bad)
        out->bad = text.bad;
    plain = is_plain(&reg->code, data, hf_buf_peek(&text));
    if (plain)
        put_quoted(hf_buf_peek(&text), out);
    return plain;
}

static void put_data(const struct hf_regtext *reg,
                     const struct hf_tree_value *value, struct hf_buf *out)
{
    bool wine = reg->form == HF_REGTEXT_WINE;

    if (value->type == HF_REG_DWORD && value->len == 4) {
        hf_buf_printf(out, "dword:%02x%02x%02x%02x", value->data[3],
                      value->data[2], value->data[1], value->data[0]);
        return;
    }
    if (wine && is_text(value->type) && value->len >= 2 &&
        value->len % 2 == 0 &&
        unit_at(hf_view(value->data, value->len), value->len - 2) == 0) {
        put_wine_text(value, out);
        return;
    }
    if (wine || value->type != HF_REG_SZ || !put_plain(reg, value, out))
        put_bytes(reg, value, out);
}

/* `name` or a path, as Wine has it: escaped. */
static void put_wine_name(struct hf_view name, const char *quotes,
                          struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf utf16 = { 0 };

    hf_buf_init(&utf16, LINE_MAX_BYTES);
    hf_utf8_to_utf16le(&utf16, name);
    if (utf16.bad)
        out->bad = utf16.bad;
    put_wine(hf_buf_peek(&utf16), quotes, out);
}

static void put_value(const struct hf_regtext *reg,
                      const struct hf_piece *piece, struct hf_buf *out)
{
    struct hf_view name = piece->value->name;

    if (name.len == 0) {
        hf_buf_text(out, "@");
    } else if (reg->form == HF_REGTEXT_WINE) {
        hf_buf_text(out, "\"");
        put_wine_name(name, "\"", out);
        hf_buf_text(out, "\"");
    } else {
        put_quoted(name, out);
    }
    hf_buf_text(out, "=");
    if (piece->kind == HF_PIECE_UNSET)
        hf_buf_text(out, "-");
    else
        put_data(reg, piece->value, out);
    hf_buf_text(out, reg->eol);
}

static void put_key(const struct hf_regtext *reg, const struct hf_tree_key *key,
                    struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf path = { 0 };
    struct hf_view root, rest;

    hf_buf_init(&path, LINE_MAX_BYTES);
    hf_tree_path(key, &path);
    if (path.bad)
        out->bad = path.bad;
    hf_buf_text(out, "[");
    if (reg->form == HF_REGTEXT_WINE) {
        put_wine_name(hf_buf_peek(&path), "[]", out);
    } else if (reg->slashed) {
        hf_buf_text(out, "\\");
        hf_buf_view(out, hf_buf_peek(&path));
    } else {
        root = hf_script_root(hf_buf_peek(&path), &rest);
        hf_buf_view(out, hf_script_root_full(root));
        hf_buf_view(out, rest);
    }
    hf_buf_printf(out, "]%s", reg->eol);
}

/* --- the file ------------------------------------------------------------ */

struct writer {
    const struct hf_regtext *reg;
    struct hf_buf *out, line;
    unsigned ends; /* of lines, without anything between: 2 is an empty line */
};

static void emit(struct writer *w, struct hf_view text)
{
    hf_regcode_write(&w->reg->code, text, w->out);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            w->ends++;
        else if (text.ptr[i] != '\r')
            w->ends = 0;
    }
}

static void end_lines(struct writer *w, unsigned wanted)
{
    while (w->ends < wanted && !w->out->bad)
        emit(w, hf_view_text(w->reg->eol));
}

static void emit_made(struct writer *w, const struct hf_piece *piece)
{
    w->line.len = 0;
    end_lines(w, piece->kind == HF_PIECE_KEY ? 2 : 1);
    if (piece->kind == HF_PIECE_KEY)
        put_key(w->reg, piece->key, &w->line);
    else
        put_value(w->reg, piece, &w->line);
    emit(w, hf_buf_peek(&w->line));
    if (w->line.bad && !w->out->bad)
        w->out->bad = w->line.bad;
}

static void emit_all(struct writer *w)
{
    const struct hf_regtext *reg = w->reg;
    bool ours = false; /* the last section */

    hf_regcode_mark(&reg->code, w->out);
    for (const struct hf_piece *piece = reg->script.first; piece;
         piece = piece->next) {
        if (piece->gone)
            continue;
        if (piece->kind == HF_PIECE_KEY || piece->kind == HF_PIECE_DROP)
            ours = piece->made;
        if (piece->made)
            emit_made(w, piece);
        else
            emit(w, piece->raw);
    }
    if (ours && reg->form != HF_REGTEXT_WINE)
        end_lines(w, 2);
}

int hf_regtext_save(void *own, struct hf_buf *out, struct hf_err *err)
{
    struct hf_regtext *reg = own;
    struct writer w = { .reg = reg, .out = out };
    size_t from = out->len;

    hf_buf_init(&w.line, LINE_MAX_BYTES);
    emit_all(&w);
    hf_buf_done(&w.line);
    if (hf_buf_check(out, err) < 0)
        return hf_err_code(err);
    if (!hf_regcode_tells(&reg->code, hf_view_from(hf_buf_peek(out), from)))
        return HF_FAIL(err, HF_E_USAGE,
                       "the text is CP1252, and what is left of it would read "
                       "as UTF-8");
    return 0;
}
