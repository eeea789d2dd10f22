/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml.c - YAML text into a small tree of our own, from libyaml's events.
 *
 * libyaml's own document model is not used: it resolves aliases. Its event
 * parser does not, nor does it recurse, so depth and nodes are bounded here
 * while the text is being read, and no function below calls itself. */
#include "doc/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/utf8.h"
#include "doc/yaml_node.h"

/* ours: our largest file has 500; at 130 bytes each, text included, this keeps
 * a document of nothing but commas under 9 MB */
#define NODES_MAX 65536

struct hf_yaml {
    const char *name;
    struct hf_yaml_node *top;
    struct hf_yaml_node *all; /* every node, newest first, for freeing */
    size_t node_count;
};

/* A document under construction. */
struct build {
    struct hf_yaml *doc;
    struct hf_yaml_node *open[HF_YAML_DEPTH_MAX];
    unsigned depth;
    unsigned line, column; /* of the last event */
    bool ended;            /* a document was complete */
    struct hf_view rest;   /* the text from its character `index` on */
    size_t index;
};

void hf_yaml_free(struct hf_yaml *doc)
{
    struct hf_yaml_node *node, *next;

    if (!doc)
        return;
    for (node = doc->all; node; node = next) {
        next = node->older;
        free(node->child);
        free(node->text);
        free(node);
    }
    free(doc);
}

const struct hf_yaml_node *hf_yaml_top(const struct hf_yaml *doc)
{
    return doc->top;
}

int hf_yaml_fail(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                 struct hf_err *err, const char *format, ...)
{
    char text[HF_ERR_TEXT] = "";
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return HF_FAIL(err, HF_E_PARSE, "%s:%u:%u: %s", doc->name, node->line,
                   node->column, text);
}

/* A failure at the last event read. */
static int HF_PRINTF(4, 5) refuse(const struct build *b, enum hf_code code,
                                  struct hf_err *err, const char *format, ...)
{
    char text[HF_ERR_TEXT] = "";
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return HF_FAIL(err, code, "%s:%u:%u: %s", b->doc->name, b->line, b->column,
                   text);
}

/* --- the text before libyaml sees it ------------------------------------- */

/* Why the character at the start of `rest` is not read, or NULL. Directives
 * would bring tags, and libyaml compares each %TAG with all before it: a
 * mebibyte of them took SECONDS s. What is a line break to libyaml and to
 * nobody else (U+0085, U+2028, U+2029; YAML 1.1) is unsafe, so lines are
 * counted alike. */
static const char *text_fault(struct hf_view rest, unsigned column)
{
    size_t len = hf_utf8_len(rest);
    uint32_t point = len > 0 ? hf_utf8_point(rest, len) : 0;

    if (len == 0)
        return "is not UTF-8";
    if (point == '\t' || point == '\n' || hf_view_starts(rest, "\r\n"))
        return NULL;
    if (point == '\r')
        return "is a carriage return without a line feed";
    if (hf_utf8_unsafe(point) || point == 0xfffe || point == 0xffff)
        return "begins a control character";
    if (point == '%' && column == 1)
        return "begins a directive (%YAML, %TAG), which is not read here";
    return NULL;
}

/* Refuses what is no text, saying where it stands. UTF-16 is refused here, by
 * its byte order mark or by its zero bytes. */
static int check_text(struct build *b, struct hf_view text, struct hf_err *err)
{
    b->line = b->column = 1;
    while (text.len > 0) {
        const char *fault = text_fault(text, b->column);

        if (fault)
            return refuse(b, HF_E_PARSE, err, "byte 0x%02x %s", text.ptr[0],
                          fault);
        b->column++;
        if (text.ptr[0] == '\n') {
            b->line++;
            b->column = 1;
        }
        text = hf_view_from(text, hf_utf8_len(text));
    }
    b->line = b->column = 1;
    return 0;
}

/* --- building ------------------------------------------------------------ */

static struct hf_yaml_node *new_node(struct build *b, enum hf_yaml_kind kind,
                                     struct hf_err *err)
{
    struct hf_yaml_node *node;

    if (b->doc->node_count >= NODES_MAX) {
        (void)refuse(b, HF_E_LIMIT, err, "more than %d values", NODES_MAX);
        return NULL;
    }
    node = calloc(1, sizeof(*node));
    if (!node) {
        (void)HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
        return NULL;
    }
    node->kind = kind;
    node->line = b->line;
    node->column = b->column;
    node->older = b->doc->all;
    b->doc->all = node;
    b->doc->node_count++;
    return node;
}

/* Puts a node where the document stands: at the top, or into what is open. */
static int attach(struct build *b, struct hf_yaml_node *node,
                  struct hf_err *err)
{
    struct hf_yaml_node *in, **grown;
    size_t room;

    if (b->depth == 0) {
        b->doc->top = node;
        return 0;
    }
    in = b->open[b->depth - 1];
    if (in->kind == HF_YAML_MAPPING && in->child_count % 2 == 0 &&
        node->kind != HF_YAML_SCALAR)
        return refuse(b, HF_E_PARSE, err, "a key must be plain text");
    if (in->child_count == in->child_room) {
        room = in->child_room ? in->child_room * 2 : 8;
        grown = realloc(in->child, room * sizeof(struct hf_yaml_node *));
        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
        in->child = grown;
        in->child_room = room;
    }
    in->child[in->child_count++] = node;
    return 0;
}

static void place(struct build *b, const yaml_mark_t *mark)
{
    b->line = (unsigned)mark->line + 1;
    b->column = (unsigned)mark->column + 1;
}

static int no_extras(const struct build *b, const yaml_char_t *anchor,
                     const yaml_char_t *tag, struct hf_err *err)
{
    if (anchor)
        return refuse(b, HF_E_PARSE, err, "anchors are not read here");
    if (tag)
        return refuse(b, HF_E_PARSE, err, "tags are not read here");
    return 0;
}

/* Does the text have an exclamation mark at `mark`? libyaml forgets the tag of
 * "! text"; no scalar without quotes begins so. Events come in the order of
 * the text, so that all calls together walk it once. */
static bool lone_tag(struct build *b, const yaml_mark_t *mark)
{
    while (b->index < mark->index && b->rest.len > 0) {
        b->rest = hf_view_from(b->rest, hf_utf8_len(b->rest));
        b->index++;
    }
    return hf_view_starts(b->rest, "!");
}

static int on_scalar(struct build *b, const yaml_event_t *event,
                     struct hf_err *err)
{
    size_t len = event->data.scalar.length;
    struct hf_yaml_node *node;

    if (no_extras(b, event->data.scalar.anchor, event->data.scalar.tag, err) <
        0)
        return hf_err_code(err);
    if (lone_tag(b, &event->start_mark))
        return refuse(b, HF_E_PARSE, err, "tags are not read here");
    node = new_node(b, HF_YAML_SCALAR, err);
    if (!node)
        return hf_err_code(err);
    node->text = hf_view_dup(hf_view(event->data.scalar.value, len));
    if (!node->text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    node->text_len = len;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return attach(b, node, err);
}

static int on_open(struct build *b, enum hf_yaml_kind kind, struct hf_err *err)
{
    struct hf_yaml_node *node;

    if (b->depth == HF_YAML_DEPTH_MAX)
        return refuse(b, HF_E_LIMIT, err, "nested more than %d deep",
                      HF_YAML_DEPTH_MAX);
    node = new_node(b, kind, err);
    if (!node || attach(b, node, err) < 0)
        return hf_err_code(err);
    b->open[b->depth++] = node;
    return 0;
}

static int by_text(const void *a, const void *b)
{
    const struct hf_yaml_node *x = *(struct hf_yaml_node *const *)a;
    const struct hf_yaml_node *y = *(struct hf_yaml_node *const *)b;
    size_t len = x->text_len < y->text_len ? x->text_len : y->text_len;
    int order = memcmp(x->text, y->text, len);

    if (order != 0)
        return order;
    if (x->text_len != y->text_len)
        return x->text_len < y->text_len ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* Sorted rather than compared pair by pair: a hostile mapping has thousands. */
static int check_keys(struct build *b, const struct hf_yaml_node *map,
                      struct hf_err *err)
{
    size_t count = map->child_count / 2;
    HF_AUTO(hf_free_ptr)
    struct hf_yaml_node **key =
        count < 2 ? NULL : malloc(count * sizeof(struct hf_yaml_node *));

    if (count < 2)
        return 0;
    if (!key)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    for (size_t i = 0; i < count; i++)
        key[i] = map->child[2 * i];
    qsort(key, count, sizeof(key[0]), by_text);
    for (size_t i = 1; i < count; i++)
        if (hf_view_same(hf_yaml_text(key[i - 1]), hf_yaml_text(key[i])))
            return hf_yaml_fail(b->doc, key[i], err,
                                "the key '%.40s' stands twice (first in line "
                                "%u)",
                                key[i]->text, key[i - 1]->line);
    return 0;
}

static int on_close(struct build *b, struct hf_err *err)
{
    const struct hf_yaml_node *node;

    /* libyaml closes what it has opened */
    assert(b->depth > 0 && b->open[b->depth - 1]);
    node = b->open[--b->depth];
    return node->kind == HF_YAML_MAPPING ? check_keys(b, node, err) : 0;
}

static int on_event(struct build *b, const yaml_event_t *event,
                    struct hf_err *err)
{
    place(b, &event->start_mark);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->ended)
            return refuse(b, HF_E_PARSE, err, "a second document begins");
        return 0;
    case YAML_DOCUMENT_END_EVENT:
        b->ended = true;
        return 0;
    case YAML_MAPPING_START_EVENT:
        if (no_extras(b, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag, err) < 0)
            return hf_err_code(err);
        return on_open(b, HF_YAML_MAPPING, err);
    case YAML_SEQUENCE_START_EVENT:
        if (no_extras(b, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag, err) < 0)
            return hf_err_code(err);
        return on_open(b, HF_YAML_SEQUENCE, err);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return on_close(b, err);
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event, err);
    case YAML_ALIAS_EVENT:
        return refuse(b, HF_E_PARSE, err, "aliases are not read here");
    case YAML_STREAM_END_EVENT:
        if (!b->doc->top) {
            b->line = b->column = 1;
            return refuse(b, HF_E_PARSE, err, "the document is empty");
        }
        return 0;
    default:
        return 0;
    }
}

/* --- libyaml ------------------------------------------------------------- */

/* libyaml stopped: its problem becomes our error. */
static int complain(struct build *b, const yaml_parser_t *parser,
                    struct hf_err *err)
{
    const char *problem = parser->problem ? parser->problem : "no YAML";

    if (parser->error == YAML_MEMORY_ERROR)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    place(b, &parser->problem_mark);
    if (!parser->context)
        return refuse(b, HF_E_PARSE, err, "%s", problem);
    return refuse(b, HF_E_PARSE, err, "%s, %s (from %zu:%zu)", problem,
                  parser->context, parser->context_mark.line + 1,
                  parser->context_mark.column + 1);
}

static int walk(struct build *b, yaml_parser_t *parser, struct hf_err *err)
{
    bool done = false;
    int rc = 0;

    while (rc == 0 && !done) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event))
            return complain(b, parser, err);
        rc = on_event(b, &event, err);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return rc;
}

static int run(struct build *b, struct hf_view text, struct hf_err *err)
{
    yaml_parser_t parser;
    int rc;

    if (!yaml_parser_initialize(&parser))
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    /* else a byte order mark would decide; libyaml insists on an address */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser, text.len > 0 ? text.ptr : (const uint8_t *)"", text.len);
    rc = walk(b, &parser, err);
    yaml_parser_delete(&parser);
    return rc;
}

int hf_yaml_parse(const char *name, struct hf_view text,
                  struct hf_yaml **ret_doc, struct hf_err *err)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = calloc(1, sizeof(*doc));
    struct build b = { .doc = doc };

    if (!doc)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    doc->name = name;
    if (text.len > HF_YAML_BYTES_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "%s: %zu bytes, at most %d are read",
                       name, text.len, HF_YAML_BYTES_MAX);
    if (hf_view_starts(text, "\xef\xbb\xbf"))
        text = hf_view_from(text, 3);
    b.rest = text;
    if (check_text(&b, text, err) < 0 || run(&b, text, err) < 0)
        return hf_err_code(err);
    *ret_doc = HF_STEAL(doc);
    return 0;
}
