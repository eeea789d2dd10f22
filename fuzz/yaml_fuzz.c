/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_fuzz.c - a tree within its bounds, or an error that says where. */
#include "base/utf8.h"
#include "doc/yaml.h"
#include "fuzz.h"

/* A tree of at most HF_YAML_DEPTH_MAX levels, so that this may recurse. */
static void walk(const struct hf_yaml_node *node, unsigned depth, size_t lines)
{
    struct hf_view text = hf_yaml_text(node);

    HF_PROMISE(depth <= HF_YAML_DEPTH_MAX);
    HF_PROMISE(hf_yaml_line(node) >= 1 && hf_yaml_line(node) <= lines);
    HF_PROMISE(hf_yaml_column(node) >= 1);
    if (hf_yaml_kind(node) == HF_YAML_SCALAR) {
        HF_PROMISE(hf_yaml_count(node) == 0);
        HF_PROMISE(text.ptr && text.ptr[text.len] == '\0');
        return;
    }
    HF_PROMISE(text.len == 0);
    for (size_t i = 0; i < hf_yaml_count(node); i++) {
        if (hf_yaml_kind(node) == HF_YAML_SEQUENCE) {
            walk(hf_yaml_item(node, i), depth + 1, lines);
            continue;
        }
        HF_PROMISE(hf_yaml_kind(hf_yaml_key(node, i)) == HF_YAML_SCALAR);
        for (size_t k = 0; k < i && i < 50; k++)
            HF_PROMISE(!hf_view_same(hf_yaml_text(hf_yaml_key(node, i)),
                                     hf_yaml_text(hf_yaml_key(node, k))));
        walk(hf_yaml_value(node, i), depth + 1, lines);
    }
}

/* What a reader of a scalar lets through is fit for a line on a terminal. */
static void read_scalars(const struct hf_yaml *doc,
                         const struct hf_yaml_node *node)
{
    HF_AUTO(hf_free_ptr) char *text = NULL;
    struct hf_err err = { 0 };
    int64_t number = 0;

    if (hf_yaml_read_text(doc, node, &text, &err) == 0) {
        struct hf_view rest = hf_view_text(text);

        HF_PROMISE(rest.len > 0 && rest.len == hf_yaml_text(node).len);
        for (; rest.len > 0; rest = hf_view_from(rest, hf_utf8_len(rest)))
            HF_PROMISE(hf_utf8_len(rest) > 0 && rest.ptr[0] >= 0x20 &&
                       rest.ptr[0] != 0x7f);
    } else {
        HF_PROMISE(!text && err.code == HF_E_PARSE && err.n > 0);
    }
    if (hf_yaml_read_number(doc, node, -10, 10, &number, &err) == 0)
        HF_PROMISE(number >= -10 && number <= 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    struct hf_err err = { 0 };
    size_t lines = 2; /* an end of input may count as a line of its own */
    const struct hf_yaml_node *top;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    if (hf_yaml_parse("t", hf_view(data, size), &doc, &err) < 0) {
        HF_PROMISE(!doc && err.n == 1);
        HF_PROMISE(err.code == HF_E_PARSE || err.code == HF_E_LIMIT);
        HF_PROMISE(strncmp(err.frame[0].text, "t:", 2) == 0);
        return 0;
    }
    top = hf_yaml_top(doc);
    HF_PROMISE(top);
    walk(top, 0, lines);
    read_scalars(doc, top);
    for (size_t i = 0; i < hf_yaml_count(top) && i < 100; i++)
        read_scalars(doc, hf_yaml_kind(top) == HF_YAML_MAPPING
                              ? hf_yaml_value(top, i)
                              : hf_yaml_item(top, i));
    return 0;
}
