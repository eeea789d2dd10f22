/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml_node.h - what a node of a YAML tree holds; private to doc/yaml*.c.
 */
#ifndef HF_DOC_YAML_NODE_H
#define HF_DOC_YAML_NODE_H

#include "doc/yaml.h"

struct hf_yaml_node {
    struct hf_yaml_node *older;  /* chain of all nodes of the document */
    struct hf_yaml_node **child; /* of a mapping: key, value, key, value ... */
    char *text;                  /* of a scalar; NUL-terminated */
    size_t text_len;
    size_t child_count, child_room;
    unsigned line, column; /* from 1 */
    enum hf_yaml_kind kind;
    bool plain; /* a scalar without quotes */
};

#endif
