/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml.c - YAML text into a small tree of our own, from libfyaml's events.
 *
 * libfyaml's own document model is not used: it resolves aliases and recurses.
 * Its event parser does neither, so depth, nodes and bytes are bounded here
 * while the text is being read, and no function below calls itself. */
#include "doc/yaml.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "doc/yaml_node.h"

/* ours: our largest file has 500; at 80 bytes each this keeps a document of
 * nothing but commas under 6 MB */
#define NODES_MAX 65536

struct hf_yaml {
    const char *name;
    struct hf_yaml_node *top;
    struct hf_yaml_node *all; /* every node, newest first, for freeing */
    size_t node_count;
};

/* Characters that can begin or end a token. libfyaml reads a whole list in
 * brackets ahead, at up to 380 bytes a token, before it hands over the first:
 * a mebibyte of '[' took 377 MB. Ours: with this many it takes 27 MB. */
#define MARKS "[]{},:?&*!|>'\"%@`-"
#define MARKS_MAX 65536

#define PADDING 16 /* bytes; ours: more than libfyaml was seen to look at */

/* A document under construction. */
struct build {
    struct hf_yaml *doc;
    struct fy_parser *parser;
    struct hf_yaml_node *open[HF_YAML_DEPTH_MAX];
    unsigned depth;
    unsigned line, column; /* of the last token that had a place */
    bool ended;            /* a document was complete */
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

/* A failure at the last token read. */
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

/* --- the text before libfyaml sees it ------------------------------------ */

/* Does an explicit key ("? key") begin at `at`? None of ours needs one, and
 * libfyaml 0.7.12 frees a key twice in "? a: <tab>: ". A question mark that
 * stands alone inside a text is refused too: rare, and quickly put right. */
static bool explicit_key(struct hf_view text, size_t at)
{
    uint8_t before = at > 0 ? text.ptr[at - 1] : '\n';
    uint8_t after = at + 1 < text.len ? text.ptr[at + 1] : '\n';

    return text.ptr[at] == '?' && strchr(" \t\r\n[{,:-?", before) &&
           strchr(" \t\r\n[]{},:\"'", after);
}

/* Why libfyaml is not to see what begins at `at`, or NULL. Directives bring
 * tags, and libfyaml keeps a complaint of 360 bytes for each unknown one. */
static const char *text_fault(struct hf_view text, size_t at, unsigned column)
{
    struct hf_view rest = hf_view_from(text, at);
    uint8_t c = rest.ptr[0];

    if (hf_utf8_len(rest) == 0)
        return "is not UTF-8";
    if (c == '\t' || c == '\n')
        return NULL;
    if (c == '\r' && rest.len > 1 && rest.ptr[1] != '\n')
        return "is a carriage return without a line feed";
    if ((c < 0x20 && c != '\r') || c == 0x7f)
        return "is a control character";
    if (c == '%' && column == 1)
        return "begins a directive (%YAML, %TAG), which is not read here";
    if (explicit_key(text, at))
        return "begins an explicit key, which is not read here";
    /* libfyaml 0.7.12 decodes 'a''''b' wrongly and loses the b */
    if (hf_view_starts(rest, "''''"))
        return "is the first of four single quotes in a row, which are not "
               "read here: write the text in double quotes";
    return NULL;
}

static bool is_mark(uint8_t c)
{
    return c != 0 && strchr(MARKS, c) != NULL;
}

/* Refuses bytes that are no UTF-8 text, saying where they stand, what libfyaml
 * gets wrong, and texts that are nothing but punctuation. */
static int check_text(struct build *b, struct hf_view text, struct hf_err *err)
{
    size_t marks = 0, at = 0;

    b->line = b->column = 1;
    while (at < text.len) {
        const char *fault = text_fault(text, at, b->column);

        if (fault)
            return refuse(b, HF_E_PARSE, err, "byte 0x%02x %s", text.ptr[at],
                          fault);
        marks += is_mark(text.ptr[at]);
        if (marks > MARKS_MAX)
            return refuse(b, HF_E_LIMIT, err,
                          "more than %d brackets, commas, quotes and such",
                          MARKS_MAX);
        b->column++;
        if (text.ptr[at] == '\n') {
            b->line++;
            b->column = 1;
        }
        at += hf_utf8_len(hf_view_from(text, at));
    }
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

static void place(struct build *b, struct fy_token *token)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

    if (!mark || mark->line < 0 || mark->column < 0)
        return;
    b->line = (unsigned)mark->line + 1;
    b->column = (unsigned)mark->column + 1;
}

static int no_extras(struct build *b, struct fy_token *anchor,
                     struct fy_token *tag, struct hf_err *err)
{
    place(b, anchor ? anchor : tag);
    if (anchor)
        return refuse(b, HF_E_PARSE, err, "anchors are not read here");
    if (tag)
        return refuse(b, HF_E_PARSE, err, "tags are not read here");
    return 0;
}

static void free_iter(struct fy_token_iter **iter)
{
    if (*iter)
        fy_token_iter_destroy(*iter);
}

/* The decoded text of a scalar, piece by piece: fy_token_get_text() loses
 * memory when a text in quotes has more than a few escapes. */
static int copy_text(const struct hf_yaml *doc, struct fy_token *token,
                     struct hf_yaml_node *node, struct hf_err *err)
{
    HF_AUTO(free_iter) struct fy_token_iter *iter = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf text;
    const struct fy_iter_chunk *chunk = NULL;
    int failed = 0;

    /* no escape makes more than three bytes of two */
    hf_buf_init(&text, 2 * HF_YAML_BYTES_MAX);
    iter = token ? fy_token_iter_create(token) : NULL;
    if (token && !iter)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    while (iter && (chunk = fy_token_iter_chunk_next(iter, chunk, &failed)))
        hf_buf_add(&text, chunk->str, chunk->len);
    node->text_len = text.len;
    if (failed)
        return hf_yaml_fail(doc, node, err, "this text cannot be decoded");
    node->text = hf_buf_steal(&text);
    if (!node->text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    return 0;
}

static int on_scalar(struct build *b, const struct fy_event *event,
                     struct hf_err *err)
{
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style;
    struct hf_yaml_node *node;

    if (no_extras(b, event->scalar.anchor, event->scalar.tag, err) < 0)
        return hf_err_code(err);
    place(b, token);
    style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) &&
        b->column > 1)
        b->column--; /* libfyaml's place is behind the quote */
    node = new_node(b, HF_YAML_SCALAR, err);
    if (!node)
        return hf_err_code(err);
    if (copy_text(b->doc, token, node, err) < 0)
        return hf_err_code(err);
    node->plain = style == FYSS_PLAIN;
    return attach(b, node, err);
}

static int on_open(struct build *b, enum hf_yaml_kind kind,
                   const struct fy_event *event, struct hf_err *err)
{
    bool map = kind == HF_YAML_MAPPING;
    struct hf_yaml_node *node;

    if (no_extras(
            b, map ? event->mapping_start.anchor : event->sequence_start.anchor,
            map ? event->mapping_start.tag : event->sequence_start.tag,
            err) < 0)
        return hf_err_code(err);
    place(b, map ? event->mapping_start.mapping_start
                 : event->sequence_start.sequence_start);
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
    const struct hf_yaml_node *node = b->open[b->depth - 1];

    b->depth--;
    return node->kind == HF_YAML_MAPPING ? check_keys(b, node, err) : 0;
}

static int on_event(struct build *b, const struct fy_event *event,
                    struct hf_err *err)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        place(b, event->document_start.document_start);
        if (b->ended)
            return refuse(b, HF_E_PARSE, err, "a second document begins");
        return 0;
    case FYET_DOCUMENT_END:
        b->ended = true;
        return 0;
    case FYET_MAPPING_START:
        return on_open(b, HF_YAML_MAPPING, event, err);
    case FYET_SEQUENCE_START:
        return on_open(b, HF_YAML_SEQUENCE, event, err);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return on_close(b, err);
    case FYET_SCALAR:
        return on_scalar(b, event, err);
    case FYET_ALIAS:
        place(b, event->alias.anchor);
        return refuse(b, HF_E_PARSE, err, "aliases are not read here");
    default:
        return 0;
    }
}

/* --- libfyaml ------------------------------------------------------------ */

/* libfyaml stopped: its first error becomes ours. */
static int complain(struct build *b, struct fy_diag *diag, struct hf_err *err)
{
    const struct fy_diag_error *first;
    void *at = NULL;

    do {
        first = fy_diag_errors_iterate(diag, &at);
    } while (first && first->type != FYET_ERROR);
    if (!first || !first->msg)
        return refuse(b, HF_E_PARSE, err, "no YAML");
    if (first->line > 0 && first->column > 0) {
        b->line = (unsigned)first->line;
        b->column = (unsigned)first->column;
    }
    return refuse(b, HF_E_PARSE, err, "%s", first->msg);
}

static int walk(struct build *b, struct fy_diag *diag, struct hf_err *err)
{
    bool done = false;

    while (!done) {
        struct fy_event *event = fy_parser_parse(b->parser);
        int rc;

        if (!event)
            return complain(b, diag, err);
        rc = on_event(b, event, err);
        done = event->type == FYET_STREAM_END;
        fy_parser_event_free(b->parser, event);
        if (rc < 0)
            return rc;
    }
    if (!b->doc->top)
        return refuse(b, HF_E_PARSE, err, "the document is empty");
    return 0;
}

static void free_diag(struct fy_diag **diag)
{
    if (*diag)
        fy_diag_destroy(*diag);
}

static void free_parser(struct fy_parser **parser)
{
    if (*parser)
        fy_parser_destroy(*parser);
}

static int run(struct build *b, struct hf_view text, struct hf_err *err)
{
    struct fy_diag_cfg diag_cfg;
    HF_AUTO(free_diag) struct fy_diag *diag = NULL;
    HF_AUTO(free_parser) struct fy_parser *parser = NULL;
    struct fy_parse_cfg cfg = {
        .search_path = "", .flags = FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE
    };

    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.level = FYET_ERROR;
    diag_cfg.colorize = false;
    diag = fy_diag_create(&diag_cfg);
    if (!diag)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    /* collected: libfyaml's own display reads past the end of the text */
    fy_diag_set_collect_errors(diag, true);
    cfg.diag = diag;
    parser = fy_parser_create(&cfg);
    if (!parser ||
        fy_parser_set_string(parser, (const char *)text.ptr, text.len) != 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    b->parser = parser;
    return walk(b, diag, err);
}

/* The text with LF for CRLF and after the last line, and zeros behind it:
 * libfyaml looks past an end that comes in the middle of something. */
static void put_lines(struct hf_buf *out, struct hf_view text)
{
    static const char zeros[PADDING];

    while (text.len > 0) {
        hf_buf_view(out, hf_view_line(&text));
        hf_buf_add(out, "\n", 1);
    }
    hf_buf_add(out, zeros, sizeof(zeros));
}

int hf_yaml_parse(const char *name, struct hf_view text,
                  struct hf_yaml **ret_doc, struct hf_err *err)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = calloc(1, sizeof(*doc));
    struct build b = { .doc = doc, .line = 1, .column = 1 };
    HF_AUTO(hf_buf_done) struct hf_buf copy = { 0 };

    if (!doc)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a YAML document");
    doc->name = name;
    if (text.len > HF_YAML_BYTES_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "%s: %zu bytes, at most %d are read",
                       name, text.len, HF_YAML_BYTES_MAX);
    if (hf_view_starts(text, "\xef\xbb\xbf"))
        text = hf_view_from(text, 3);
    if (check_text(&b, text, err) < 0)
        return hf_err_code(err);
    b.line = b.column = 1;
    /* libfyaml takes an empty string for a C string without a length */
    if (hf_view_trim(text).len == 0)
        return refuse(&b, HF_E_PARSE, err, "the document is empty");
    hf_buf_init(&copy, HF_YAML_BYTES_MAX + 1 + PADDING);
    put_lines(&copy, text);
    if (hf_buf_check(&copy, err) < 0)
        return hf_err_code(err);
    if (run(&b, hf_view(copy.ptr, copy.len - PADDING), err) < 0)
        return hf_err_code(err);
    *ret_doc = HF_STEAL(doc);
    return 0;
}
