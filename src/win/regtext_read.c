/* SPDX-License-Identifier: Apache-2.0 */
/* win/regtext_read.c - a .reg file, or one of Wine's registry, read. */
#include <stdlib.h>
#include <string.h>

#include "base/utf16.h"
#include "win/regscan.h"
#include "win/regtext.h"

#define PATH_BYTES_MAX (1024 * 1024)          /* ours: 512 keys of 255 fit */
#define TEXT_BYTES_MAX (2 * HF_REG_VALUE_MAX) /* WTF-8 of the longest text */

#define FIRST_LINES                                                            \
    "'Windows Registry Editor Version 5.00', 'REGEDIT4' or 'WINE REGISTRY "    \
    "Version 2'"

struct reader {
    struct hf_regtext *reg;
    struct hf_regscan scan;
    struct hf_tree_key *key; /* whose values follow; NULL: none's */
    struct hf_piece *head;   /* what began its section, or NULL */
    bool sectioned;          /* a section has begun, maybe of a dropped key */
    char *base;              /* Wine: where the top stands, or NULL */
    struct hf_buf text, name, data;
};

static void reader_done(struct reader *r)
{
    free(r->base);
    hf_buf_done(&r->text);
    hf_buf_done(&r->name);
    hf_buf_done(&r->data);
}

static struct hf_buf *emptied(struct hf_buf *buf)
{
    buf->len = 0;
    return buf;
}

/* r->text as a name into r->name: good UTF-8 without a NUL. */
static int make_name(struct reader *r, struct hf_err *err)
{
    struct hf_view text = hf_buf_peek(&r->text);

    hf_buf_view(emptied(&r->name), text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] > 0 && text.ptr[i] < 0x80)
            continue;
        hf_wtf8_to_utf16le(text, emptied(&r->data));
        for (size_t k = 0; k + 1 < r->data.len; k += 2)
            if (!r->data.ptr[k] && !r->data.ptr[k + 1]) {
                r->data.ptr[k] = (uint8_t)HF_REGNAME_NUL;
                r->data.ptr[k + 1] = (uint8_t)(HF_REGNAME_NUL >> 8);
            }
        hf_utf16le_to_utf8(emptied(&r->name), hf_buf_peek(&r->data));
        if (hf_buf_check(&r->data, err) < 0)
            return hf_err_code(err);
        break;
    }
    return hf_buf_check(&r->name, err);
}

static int add_piece(struct reader *r, enum hf_piece_kind kind, size_t from,
                     struct hf_piece **ret_piece, struct hf_err *err)
{
    return hf_script_add(&r->reg->script, NULL, kind,
                         hf_regscan_since(&r->scan, from), ret_piece, err);
}

static int add_other(struct reader *r, size_t from, struct hf_err *err)
{
    struct hf_piece *piece;

    return add_piece(r, HF_PIECE_OTHER, from, &piece, err);
}

/* A piece of the section: new values go after it. */
static int add_to_section(struct reader *r, enum hf_piece_kind kind,
                          size_t from, struct hf_piece **ret_piece,
                          struct hf_err *err)
{
    if (add_piece(r, r->key ? kind : HF_PIECE_OTHER, from, ret_piece, err) < 0)
        return hf_err_code(err);
    if (r->head)
        r->head->tail = *ret_piece;
    return 0;
}

/* --- keys ---------------------------------------------------------------- */

/* "[" up to the last "]" of the line, as regedit has it; in Wine's files up to
 * the first that is not escaped. The name into r->text. */
static int scan_key(struct reader *r, struct hf_err *err)
{
    struct hf_regscan *scan = &r->scan;
    struct hf_view line;
    const uint8_t *end;

    emptied(&r->text);
    if (scan->wine) {
        if (hf_regscan_text(scan, ']', &r->text, err) < 0)
            return hf_err_code(err);
        (void)hf_regscan_line(scan);
        return 0;
    }
    line = hf_regscan_line(scan);
    end = line.len > 0 ? memrchr(line.ptr, ']', line.len) : NULL;
    if (!end)
        return HF_FAIL(err, HF_E_PARSE, "expected ']' at the end of a key");
    hf_buf_add(&r->text, line.ptr, (size_t)(end - line.ptr));
    return hf_buf_check(&r->text, err);
}

/* `path`, the name of a key, without what it begins with. */
static int check_key(struct reader *r, struct hf_view path, struct hf_err *err)
{
    if (r->scan.wine && !r->base)
        return HF_FAIL(err, HF_E_PARSE,
                       "expected ';; All keys relative to ...' above the first "
                       "key");
    if (!r->scan.wine && path.len == 0)
        return HF_FAIL(err, HF_E_PARSE, "expected the name of a key");
    if (!r->scan.wine && path.ptr[0] == '\\')
        r->reg->slashed = true;
    return 0;
}

static int open_key(struct reader *r, struct hf_view path, struct hf_err *err)
{
    struct hf_script *script = &r->reg->script;

    hf_script_path(script, path, emptied(&r->data));
    if (hf_buf_check(&r->data, err) < 0)
        return hf_err_code(err);
    return hf_tree_make(&script->tree, hf_buf_peek(&r->data), &r->key, NULL,
                        err);
}

/* [-KEY]: what is read so far of it is gone. */
static int drop_key(struct reader *r, struct hf_view path, struct hf_err *err)
{
    struct hf_script *script = &r->reg->script;
    struct hf_tree_key *key;

    hf_script_path(script, path, emptied(&r->data));
    if (hf_buf_check(&r->data, err) < 0)
        return hf_err_code(err);
    key = hf_tree_find(&script->tree.top, hf_buf_peek(&r->data));
    if (key)
        hf_tree_drop(key);
    return 0;
}

static int read_key(struct reader *r, size_t from, struct hf_err *err)
{
    bool drops = !r->scan.wine && hf_regscan_word(&r->scan, "-");
    struct hf_piece *piece;
    struct hf_view path;

    r->key = NULL;
    r->head = NULL;
    r->sectioned = true;
    if (scan_key(r, err) < 0 || make_name(r, err) < 0)
        return hf_err_code(err);
    path = hf_buf_peek(&r->name);
    if (check_key(r, path, err) < 0 ||
        (drops ? drop_key(r, path, err) : open_key(r, path, err)) < 0 ||
        add_piece(r, drops ? HF_PIECE_DROP : HF_PIECE_KEY, from, &piece, err) <
            0)
        return hf_err_code(err);
    if (!drops) {
        hf_script_makes(piece, r->key);
        r->head = piece;
    }
    return 0;
}

/* --- values -------------------------------------------------------------- */

static bool is_text(uint32_t type)
{
    return type == HF_REG_SZ || type == HF_REG_EXPAND_SZ ||
           type == HF_REG_MULTI_SZ;
}

/* Behind "hex(": the type, and the bytes. */
static int read_hex(struct reader *r, bool typed, uint32_t *ret_type,
                    struct hf_err *err)
{
    struct hf_regscan *scan = &r->scan;

    *ret_type = HF_REG_BINARY;
    if (typed && hf_regscan_number(scan, ret_type, err) < 0)
        return hf_err_code(err);
    if (typed && !hf_regscan_word(scan, "):"))
        return hf_regscan_fail(scan, "'):' after the number of a type", err);
    if (r->reg->form != HF_REGTEXT_4 || !is_text(*ret_type))
        return hf_regscan_bytes(scan, emptied(&r->data), err);
    if (hf_regscan_bytes(scan, emptied(&r->text), err) < 0)
        return hf_err_code(err);
    hf_cp1252_to_utf16le(hf_buf_peek(&r->text), emptied(&r->data));
    return hf_buf_check(&r->data, err);
}

/* Behind the first quote. */
static int read_text(struct reader *r, bool raw, struct hf_err *err)
{
    struct hf_buf *text = emptied(&r->text);

    if ((raw ? hf_regscan_raw_text(&r->scan, text, err)
             : hf_regscan_text(&r->scan, '"', text, err)) < 0)
        return hf_err_code(err);
    hf_wtf8_to_utf16le(hf_buf_peek(&r->text), emptied(&r->data));
    hf_buf_add(&r->data, "\0", 2);
    return hf_buf_check(&r->data, err);
}

static int read_dword(struct reader *r, struct hf_err *err)
{
    uint32_t number;

    hf_regscan_blanks(&r->scan);
    if (hf_regscan_number(&r->scan, &number, err) < 0)
        return hf_err_code(err);
    emptied(&r->data);
    for (int i = 0; i < 4; i++, number >>= 8) {
        const uint8_t byte = (uint8_t)number;

        hf_buf_add(&r->data, &byte, 1);
    }
    return hf_buf_check(&r->data, err);
}

/* Behind "str(", which Wine and hivexregedit write. */
static int read_typed_text(struct reader *r, uint32_t *ret_type,
                           struct hf_err *err)
{
    if (hf_regscan_number(&r->scan, ret_type, err) < 0)
        return hf_err_code(err);
    if (!hf_regscan_word(&r->scan, "):\""))
        return hf_regscan_fail(&r->scan, "'):\"' after the number of a type",
                               err);
    return read_text(r, !r->scan.wine, err);
}

/* What a value is, into r->data. */
static int read_data(struct reader *r, uint32_t *ret_type, struct hf_err *err)
{
    struct hf_regscan *scan = &r->scan;

    *ret_type = HF_REG_SZ;
    if (hf_regscan_word(scan, "\"") || hf_regscan_word(scan, "str:\""))
        return read_text(r, false, err);
    if (hf_regscan_word(scan, "str("))
        return read_typed_text(r, ret_type, err);
    if (hf_regscan_word(scan, "hex:"))
        return read_hex(r, false, ret_type, err);
    if (hf_regscan_word(scan, "hex("))
        return read_hex(r, true, ret_type, err);
    *ret_type = HF_REG_DWORD;
    if (hf_regscan_word(scan, "dword:"))
        return read_dword(r, err);
    return hf_regscan_fail(
        scan, "a text in quotes, 'dword:', 'hex:' or 'hex(N):' after '='", err);
}

/* Behind "name"=, its name in r->name. A piece that is not kept leaves the
 * value it speaks of all the same. */
static int set_value(struct reader *r, size_t from, struct hf_err *err)
{
    struct hf_tree_value *value = NULL;
    struct hf_piece *piece;
    uint32_t type = 0;
    bool unset = !r->scan.wine && hf_regscan_word(&r->scan, "-");

    if ((!unset && read_data(r, &type, err) < 0) ||
        hf_regscan_end(&r->scan, err) < 0)
        return hf_err_code(err);
    if (r->key &&
        hf_tree_value_make(r->key, hf_buf_peek(&r->name), &value, err) < 0)
        return hf_err_code(err);
    if (value && unset)
        hf_tree_value_clear(value);
    else if (value &&
             hf_tree_value_put(value, type, hf_buf_peek(&r->data), err) < 0)
        return hf_err_code(err);
    if (add_to_section(r, unset ? HF_PIECE_UNSET : HF_PIECE_VALUE, from, &piece,
                       err) < 0)
        return hf_err_code(err);
    if (value)
        hf_script_speaks(piece, value);
    return 0;
}

static int read_value(struct reader *r, size_t from, struct hf_err *err)
{
    struct hf_regscan *scan = &r->scan;

    if (!r->sectioned)
        return hf_regscan_fail(scan, "'[key]' above the first value", err);
    emptied(&r->text);
    if (!hf_regscan_word(scan, "@")) {
        scan->at++;
        if (hf_regscan_text(scan, '"', &r->text, err) < 0)
            return hf_err_code(err);
    }
    if (make_name(r, err) < 0)
        return hf_err_code(err);
    hf_regscan_blanks(scan);
    if (!hf_regscan_word(scan, "="))
        return hf_regscan_fail(scan, "'=' after the name of a value", err);
    hf_regscan_blanks(scan);
    return set_value(r, from, err);
}

/* --- Wine's top ---------------------------------------------------------- */

static bool takes(struct hf_view *path, const char *word)
{
    size_t len = strlen(word);

    if (path->len < len ||
        !hf_view_same_nocase(hf_view(path->ptr, len), hf_view_text(word)) ||
        (path->len > len && path->ptr[len] != '\\'))
        return false;
    *path = hf_view_from(*path, len);
    return true;
}

/* `path` below \User: a user's SID is who uses the machine. */
static void user_base(struct hf_view path, struct hf_buf *out)
{
    const uint8_t *slash =
        path.len > 1 ? memchr(path.ptr + 1, '\\', path.len - 1) : NULL;

    if (hf_view_starts(path, "\\S-1-5-21-")) {
        hf_buf_text(out, "HKCU");
        if (slash)
            hf_buf_view(out, hf_view_from(path, (size_t)(slash - path.ptr)));
    } else if (takes(&path, "\\.Default")) {
        hf_buf_text(out, "HKU\\.DEFAULT");
        hf_buf_view(out, path);
    } else {
        hf_buf_text(out, "HKU");
        hf_buf_view(out, path);
    }
}

static int set_base(struct reader *r, struct hf_buf *base, struct hf_err *err)
{
    static const struct hf_regcode utf8 = { .kind = HF_REGCODE_UTF8 };

    while (base->len > 0 && base->ptr[base->len - 1] == '\\')
        base->len--;
    if (hf_buf_check(base, err) < 0)
        return hf_err_code(err);
    if (!hf_regcode_has(&utf8, hf_buf_peek(base)) ||
        memchr(base->ptr, '\0', base->len))
        return HF_FAIL(err, HF_E_PARSE, "expected UTF-8 after 'relative to'");
    free(r->base);
    r->base = hf_view_dup(hf_buf_peek(base));
    return r->base ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

/* ";; All keys relative to \\Machine"; newer ones say REGISTRY\\Machine. */
static int read_base(struct reader *r, struct hf_view path, struct hf_err *err)
{
    path = hf_view_trim(path);
    emptied(&r->text);
    for (size_t i = 0; i < path.len; i++) {
        hf_buf_add(&r->text, &path.ptr[i], 1);
        if (hf_view_starts(hf_view_from(path, i), "\\\\"))
            i++;
    }
    if (hf_buf_check(&r->text, err) < 0)
        return hf_err_code(err);
    path = hf_buf_peek(&r->text);
    (void)takes(&path, "REGISTRY");
    emptied(&r->name);
    if (takes(&path, "\\Machine")) {
        hf_buf_text(&r->name, "HKLM");
        hf_buf_view(&r->name, path);
    } else if (takes(&path, "\\User") && path.len > 1) {
        user_base(path, &r->name);
    } else {
        return HF_FAIL(err, HF_E_PARSE,
                       "expected '\\\\Machine' or '\\\\User\\\\...' after "
                       "'relative to'");
    }
    return set_base(r, &r->name, err);
}

/* A part of such a file, without its first lines: its name tells. */
static int base_by_name(struct reader *r, const char *shown, struct hf_err *err)
{
    static const struct {
        const char *file, *base;
    } known[] = {
        { "system.reg", "HKLM" },
        { "userdef.reg", "HKU\\.DEFAULT" },
        { "user.reg", "HKCU" },
    };
    const char *slash = strrchr(shown, '/');

    for (size_t i = 0; i < HF_COUNT(known); i++) {
        if (!strstr(slash ? slash : shown, known[i].file))
            continue;
        hf_buf_text(emptied(&r->name), known[i].base);
        return set_base(r, &r->name, err);
    }
    return HF_FAIL(err, HF_E_PARSE, "expected " FIRST_LINES);
}

/* --- lines --------------------------------------------------------------- */

static int read_comment(struct reader *r, size_t from, struct hf_err *err)
{
    static const char relative[] = ";; All keys relative to ";
    struct hf_view line = hf_regscan_line(&r->scan);

    if (r->scan.wine && !r->base && hf_view_starts(line, relative) &&
        read_base(r, hf_view_from(line, strlen(relative)), err) < 0)
        return hf_err_code(err);
    return add_other(r, from, err);
}

static int read_part(struct reader *r, struct hf_err *err)
{
    struct hf_regscan *scan = &r->scan;
    size_t from = scan->at;
    struct hf_piece *piece;

    hf_regscan_blanks(scan);
    switch (hf_regscan_peek(scan)) {
    case '[':
        scan->at++;
        return read_key(r, from, err);
    case '"':
    case '@':
        return read_value(r, from, err);
    case ';':
        return read_comment(r, from, err);
    case '#':
        if (!scan->wine)
            break;
        (void)hf_regscan_line(scan);
        return add_to_section(r, HF_PIECE_NOTE, from, &piece, err);
    case '\n':
    case '\r':
    case -1:
        (void)hf_regscan_line(scan);
        return add_other(r, from, err);
    default:
        break;
    }
    return hf_regscan_fail(scan, "'[key]', '\"name\"=', '@=' or ';'", err);
}

/* The one line that says what the file is. */
static bool tell_form(struct hf_view line, struct hf_regtext *reg)
{
    static const struct {
        const char *line;
        enum hf_regtext_form form;
    } known[] = {
        { "Windows Registry Editor Version 5.00", HF_REGTEXT_5 },
        { "REGEDIT4", HF_REGTEXT_4 },
        { "WINE REGISTRY Version 2", HF_REGTEXT_WINE },
    };

    for (size_t i = 0; i < HF_COUNT(known); i++) {
        reg->form = known[i].form;
        if (hf_view_is(line, known[i].line))
            return true;
    }
    return false;
}

/* "[Software\\Wine] 1700000000" */
static bool is_wine_key(struct hf_view line)
{
    size_t digits = 0;

    while (digits < line.len && line.ptr[line.len - 1 - digits] >= '0' &&
           line.ptr[line.len - 1 - digits] <= '9')
        digits++;
    return digits > 0 && line.ptr[0] == '[' && line.len > digits + 2 &&
           hf_view_starts(hf_view_from(line, line.len - digits - 2), "] ");
}

static int read_first(struct reader *r, const char *shown, struct hf_err *err)
{
    struct hf_regscan before = r->scan;
    struct hf_view line;

    do {
        before = r->scan;
        line = hf_view_trim(hf_regscan_line(&r->scan));
    } while (line.len == 0 && hf_regscan_peek(&r->scan) >= 0);
    if (tell_form(line, r->reg)) {
        r->scan.wine = r->reg->form == HF_REGTEXT_WINE;
        r->reg->script.roots = !r->scan.wine;
        return add_other(r, 0, err);
    }
    r->scan.fault_no = before.line_no;
    if (!is_wine_key(line))
        return HF_FAIL(err, HF_E_PARSE, "expected " FIRST_LINES);
    r->scan = before;
    r->scan.wine = true;
    r->reg->part = true;
    if (base_by_name(r, shown, err) < 0)
        return hf_err_code(err);
    return before.at > 0 ? add_other(r, 0, err) : 0;
}

static const char *tell_eol(struct hf_view text)
{
    const uint8_t *lf = text.len > 0 ? memchr(text.ptr, '\n', text.len) : NULL;

    return lf && (lf == text.ptr || lf[-1] != '\r') ? "\n" : "\r\n";
}

static int parse(struct reader *r, const char *shown, struct hf_err *err)
{
    unsigned line_no = 1;
    int rc = read_first(r, shown, err);

    while (rc == 0 && hf_regscan_peek(&r->scan) >= 0) {
        line_no = r->scan.line_no;
        r->scan.fault_no = 0;
        rc = read_part(r, err);
    }
    if (rc < 0)
        return HF_WRAP(err, "line %u",
                       r->scan.fault_no ? r->scan.fault_no : line_no);
    return 0;
}

int hf_regtext_parse(struct hf_regtext *reg, size_t len, const char *shown,
                     char **ret_mount, struct hf_err *err)
{
    HF_AUTO(reader_done)
    struct reader r = { .reg = reg, .scan = { .line_no = 1 } };
    const char *base;

    r.scan.text = hf_view(reg->script.text, len);
    hf_buf_init(&r.text, TEXT_BYTES_MAX);
    hf_buf_init(&r.name, PATH_BYTES_MAX);
    hf_buf_init(&r.data, HF_REG_VALUE_MAX);
    reg->eol = tell_eol(r.scan.text);
    if (parse(&r, shown, err) < 0)
        return hf_err_code(err);
    base = r.base ? r.base : "";
    *ret_mount = hf_view_dup(hf_view_text(base));
    return *ret_mount ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}
