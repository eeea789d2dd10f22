/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml.h - YAML documents read with positions; aliases refused, depth and
 * size bounded: 1 KiB of aliases can stand for gigabytes. */
#ifndef HF_DOC_YAML_H
#define HF_DOC_YAML_H

#include "base/err.h"
#include "base/view.h"

#define HF_YAML_BYTES_MAX (1024 * 1024) /* ours: our largest file has 20 KB */
#define HF_YAML_DEPTH_MAX 16            /* ours: our schemas nest 6 deep */

struct hf_yaml;      /* a document */
struct hf_yaml_node; /* a part of it, borrowed: lives as long as it */

enum hf_yaml_kind { HF_YAML_SCALAR, HF_YAML_SEQUENCE, HF_YAML_MAPPING };

/* name  borrowed while the document lives; for error texts.
 * text  copied. Refused, with line and column: anchors and aliases, tags,
 *       several documents, duplicate keys, keys that are not scalars, bytes
 *       that are not UTF-8, characters that are unsafe (hf_utf8_unsafe),
 *       directives, more than HF_YAML_BYTES_MAX or HF_YAML_DEPTH_MAX. Returns
 * 0, HF_E_PARSE, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_yaml_parse(const char *name, struct hf_view text,
                              struct hf_yaml **ret_doc, struct hf_err *err);
void hf_yaml_free(struct hf_yaml *doc);
HF_FREEP(struct hf_yaml, hf_yaml_free)

const struct hf_yaml_node *hf_yaml_top(const struct hf_yaml *doc);

enum hf_yaml_kind hf_yaml_kind(const struct hf_yaml_node *node);
unsigned hf_yaml_line(const struct hf_yaml_node *node);   /* from 1 */
unsigned hf_yaml_column(const struct hf_yaml_node *node); /* from 1 */

/* Text of a scalar; empty for the others. */
struct hf_view hf_yaml_text(const struct hf_yaml_node *node);
/* Items of a sequence, or pairs of a mapping; 0 for a scalar. */
size_t hf_yaml_count(const struct hf_yaml_node *node);
const struct hf_yaml_node *hf_yaml_item(const struct hf_yaml_node *node,
                                        size_t i);
const struct hf_yaml_node *hf_yaml_key(const struct hf_yaml_node *node,
                                       size_t i);
const struct hf_yaml_node *hf_yaml_value(const struct hf_yaml_node *node,
                                         size_t i);

/* Starts an error that says "NAME:LINE:COLUMN: ..."; returns HF_E_PARSE. */
int hf_yaml_fail(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                 struct hf_err *err, const char *format, ...) HF_PRINTF(4, 5);

/* --- tables ------------------------------------------------------------- */

/* One key of a mapping. `read` gets the value and the object being filled. */
struct hf_yaml_row {
    const char *key;
    bool needed;
    int (*read)(const struct hf_yaml *doc, const struct hf_yaml_node *value,
                void *object, struct hf_err *err);
};

/* Reads a mapping by its table: an unknown key is refused (naming the nearest
 * known one), so is a missing needed one. `rows` ends with { 0 }. */
HF_MUST_USE int hf_yaml_map(const struct hf_yaml *doc,
                            const struct hf_yaml_node *node,
                            const struct hf_yaml_row *rows, void *object,
                            struct hf_err *err);

/* Where faults go when all of them are wanted, not the first. `fault` gets
 * each HF_E_PARSE and returns 0 to go on, or a negative code with `err` set. */
struct hf_yaml_collect {
    int (*fault)(void *user, struct hf_err *err);
    void *user;
};
/* The same; `collect` may be NULL. */
HF_MUST_USE int hf_yaml_map_all(const struct hf_yaml *doc,
                                const struct hf_yaml_node *node,
                                const struct hf_yaml_row *rows, void *object,
                                const struct hf_yaml_collect *collect,
                                struct hf_err *err);

/* Scalars, checked: one line of text without control characters; one of
 * `words` (ended by NULL; `ret_at` its index); true/false; a number. */
HF_MUST_USE int hf_yaml_read_text(const struct hf_yaml *doc,
                                  const struct hf_yaml_node *node,
                                  char **ret_text, struct hf_err *err);
/* The same with line feeds allowed: a PEM body. */
HF_MUST_USE int hf_yaml_read_block(const struct hf_yaml *doc,
                                   const struct hf_yaml_node *node,
                                   char **ret_text, struct hf_err *err);
HF_MUST_USE int hf_yaml_read_word(const struct hf_yaml *doc,
                                  const struct hf_yaml_node *node,
                                  const char *const *words, unsigned *ret_at,
                                  struct hf_err *err);
HF_MUST_USE int hf_yaml_read_bool(const struct hf_yaml *doc,
                                  const struct hf_yaml_node *node,
                                  bool *ret_value, struct hf_err *err);
HF_MUST_USE int hf_yaml_read_number(const struct hf_yaml *doc,
                                    const struct hf_yaml_node *node,
                                    int64_t min, int64_t max,
                                    int64_t *ret_value, struct hf_err *err);

#endif
