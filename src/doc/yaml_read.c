/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml_read.c - mappings by table, and scalars that are what they should.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "doc/nearest.h"
#include "doc/yaml_node.h"

/* ours: our widest table has 17 rows; a bit for each is kept */
#define ROWS_MAX 64

enum hf_yaml_kind hf_yaml_kind(const struct hf_yaml_node *node)
{
    return node->kind;
}

unsigned hf_yaml_line(const struct hf_yaml_node *node)
{
    return node->line;
}

unsigned hf_yaml_column(const struct hf_yaml_node *node)
{
    return node->column;
}

struct hf_view hf_yaml_text(const struct hf_yaml_node *node)
{
    return hf_view(node->text, node->text_len);
}

size_t hf_yaml_count(const struct hf_yaml_node *node)
{
    return node->kind == HF_YAML_MAPPING ? node->child_count / 2
                                         : node->child_count;
}

const struct hf_yaml_node *hf_yaml_item(const struct hf_yaml_node *node,
                                        size_t i)
{
    return node->child[i];
}

const struct hf_yaml_node *hf_yaml_key(const struct hf_yaml_node *node,
                                       size_t i)
{
    return node->child[2 * i];
}

const struct hf_yaml_node *hf_yaml_value(const struct hf_yaml_node *node,
                                         size_t i)
{
    return node->child[2 * i + 1];
}

/* --- tables -------------------------------------------------------------- */

static int row_of(const struct hf_yaml_row *rows,
                  const struct hf_yaml_node *key)
{
    for (int i = 0; rows[i].key; i++) {
        assert(i < ROWS_MAX);
        if (hf_view_is(hf_yaml_text(key), rows[i].key))
            return i;
    }
    return -1;
}

static int unknown_key(const struct hf_yaml *doc,
                       const struct hf_yaml_node *key,
                       const struct hf_yaml_row *rows, struct hf_err *err)
{
    const char *word[ROWS_MAX + 1] = { NULL };
    const char *near;

    for (size_t i = 0; rows[i].key; i++)
        word[i] = rows[i].key;
    near = hf_nearest(word, hf_yaml_text(key));
    if (near)
        return hf_yaml_fail(doc, key, err,
                            "unknown key '%.40s' (did you mean '%s'?)",
                            key->text, near);
    return hf_yaml_fail(doc, key, err, "unknown key '%.40s'", key->text);
}

/* A fault of one key: handed on when somebody collects, else final. */
static int fault(const struct hf_yaml_collect *collect, struct hf_err *err)
{
    if (!collect || err->code != HF_E_PARSE)
        return hf_err_code(err);
    return collect->fault(collect->user, err);
}

int hf_yaml_map_all(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                    const struct hf_yaml_row *rows, void *object,
                    const struct hf_yaml_collect *collect, struct hf_err *err)
{
    uint64_t seen = 0;

    if (node->kind != HF_YAML_MAPPING) {
        (void)hf_yaml_fail(doc, node, err, "expected keys with values here");
        return fault(collect, err);
    }
    for (size_t i = 0; i < hf_yaml_count(node); i++) {
        const struct hf_yaml_node *key = hf_yaml_key(node, i);
        int at = row_of(rows, key);
        int rc = at < 0
                     ? unknown_key(doc, key, rows, err)
                     : rows[at].read(doc, hf_yaml_value(node, i), object, err);

        if (at >= 0)
            seen |= UINT64_C(1) << at;
        if (rc < 0 && fault(collect, err) < 0)
            return hf_err_code(err);
    }
    for (unsigned i = 0; rows[i].key; i++) {
        if (!rows[i].needed || seen & UINT64_C(1) << i)
            continue;
        (void)hf_yaml_fail(doc, node, err, "the key '%s' is missing",
                           rows[i].key);
        if (fault(collect, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_yaml_map(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                const struct hf_yaml_row *rows, void *object,
                struct hf_err *err)
{
    return hf_yaml_map_all(doc, node, rows, object, NULL, err);
}

/* --- scalars ------------------------------------------------------------- */

static bool is_null(const struct hf_yaml_node *node)
{
    struct hf_view text = hf_yaml_text(node);

    return text.len == 0 ||
           (node->plain && (hf_view_is(text, "~") || hf_view_is(text, "null")));
}

/* The first byte of a character that a line of text must not hold. An escape
 * in quotes can make any, so what libyaml decoded is looked at again. */
static bool printable(struct hf_view text, bool lines)
{
    while (text.len > 0) {
        size_t len = hf_utf8_len(text);
        uint8_t c = text.ptr[0];

        if (len == 0 || (c < 0x20 && !(lines && c == '\n')) || c == 0x7f)
            return false;
        if (c == 0xc2 && text.ptr[1] < 0xa0) /* U+0080 to U+009F */
            return false;
        text = hf_view_from(text, len);
    }
    return true;
}

static int read_text(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                     bool lines, char **ret_text, struct hf_err *err)
{
    char *text;

    if (node->kind != HF_YAML_SCALAR)
        return hf_yaml_fail(doc, node, err, "expected text here");
    if (is_null(node))
        return hf_yaml_fail(doc, node, err, "expected text, found nothing");
    if (!printable(hf_yaml_text(node), lines))
        return hf_yaml_fail(doc, node, err,
                            lines ? "control characters are no text"
                                  : "expected one line of text without "
                                    "control characters");
    text = hf_view_dup(hf_yaml_text(node));
    if (!text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
    *ret_text = text;
    return 0;
}

int hf_yaml_read_text(const struct hf_yaml *doc,
                      const struct hf_yaml_node *node, char **ret_text,
                      struct hf_err *err)
{
    return read_text(doc, node, false, ret_text, err);
}

int hf_yaml_read_block(const struct hf_yaml *doc,
                       const struct hf_yaml_node *node, char **ret_text,
                       struct hf_err *err)
{
    return read_text(doc, node, true, ret_text, err);
}

int hf_yaml_read_word(const struct hf_yaml *doc,
                      const struct hf_yaml_node *node, const char *const *words,
                      unsigned *ret_at, struct hf_err *err)
{
    char list[120] = "";
    size_t used = 0;

    if (node->kind == HF_YAML_SCALAR)
        for (unsigned i = 0; words[i]; i++)
            if (hf_view_is(hf_yaml_text(node), words[i])) {
                *ret_at = i;
                return 0;
            }
    for (unsigned i = 0; words[i] && used < sizeof(list); i++) {
        int n = snprintf(list + used, sizeof(list) - used, "%s%s",
                         i > 0 ? ", " : "", words[i]);

        used += n > 0 ? (size_t)n : 0;
    }
    return hf_yaml_fail(doc, node, err, "expected one of %s", list);
}

int hf_yaml_read_bool(const struct hf_yaml *doc,
                      const struct hf_yaml_node *node, bool *ret_value,
                      struct hf_err *err)
{
    static const char *const words[] = { "false", "true", NULL };
    unsigned at = 0;

    if (!node->plain)
        return hf_yaml_fail(doc, node, err, "expected one of false, true");
    if (hf_yaml_read_word(doc, node, words, &at, err) < 0)
        return hf_err_code(err);
    *ret_value = at == 1;
    return 0;
}

/* Decimal, with a sign perhaps, without leading zeros: "010" is eight to some
 * readers of YAML. */
static bool parse_number(struct hf_view text, int64_t *ret_value)
{
    bool minus = text.len > 0 && text.ptr[0] == '-';
    struct hf_view digits = hf_view_from(text, minus ? 1 : 0);
    int64_t value = 0;

    if (digits.len == 0 || (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.ptr[i] - '0';

        if (digit < 0 || digit > 9 ||
            __builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, minus ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

int hf_yaml_read_number(const struct hf_yaml *doc,
                        const struct hf_yaml_node *node, int64_t min,
                        int64_t max, int64_t *ret_value, struct hf_err *err)
{
    int64_t value;

    if (!node->plain || !parse_number(hf_yaml_text(node), &value) ||
        value < min || value > max)
        return hf_yaml_fail(doc, node, err,
                            "expected a whole number from %lld to %lld",
                            (long long)min, (long long)max);
    *ret_value = value;
    return 0;
}
