/* SPDX-License-Identifier: Apache-2.0 */
/* win/test_registry.h - for tests: all a registry holds, as text. */
#ifndef HF_WIN_TEST_REGISTRY_H
#define HF_WIN_TEST_REGISTRY_H

#include <stdio.h>

#include "base/hex.h"
#include "plat/file.h"
#include "win/registry.h"

#define TEST_DUMP_MAX (256 * 1024 * 1024)

static inline void test_dump_values(const struct hf_registry *registry,
                                    const char *key, struct hf_buf *out)
{
    struct hf_reg_values values = { 0 };
    struct hf_err err;

    if (hf_registry_values(registry, key, &values, &err) < 0) {
        hf_buf_text(out, "  ?\n");
        return;
    }
    for (size_t i = 0; i < values.count; i++) {
        const struct hf_reg_value *value = &values.value[i];
        char *hex = malloc(2 * value->len + 1);

        if (!hex)
            abort();
        hf_hex(hf_view(value->data, value->len), hex);
        hf_buf_printf(out, "  %s=%u:", value->name, (unsigned)value->type);
        hf_buf_text(out, hex);
        hf_buf_text(out, "\n");
        free(hex);
    }
    hf_reg_values_done(&values);
}

/* Appends a line for each key below `key`, and for each value, in order. Keys
 * lie in each other 512 deep at most. */
static inline void test_dump_below(const struct hf_registry *registry,
                                   const char *key, struct hf_buf *out)
{
    const char *before = *key ? key : hf_registry_mount(registry);
    struct hf_names names = { 0 };
    struct hf_err err;

    test_dump_values(registry, key, out);
    if (hf_registry_keys(registry, key, &names, &err) < 0) {
        hf_buf_text(out, "?\n");
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        struct hf_buf path;
        char *text;

        hf_buf_init(&path, 4 * 1024 * 1024);
        hf_buf_printf(&path, "%s%s%s", before, *before ? "\\" : "",
                      names.name[i]);
        text = hf_buf_steal(&path);
        if (!text)
            abort();
        hf_buf_printf(out, "%s\n", text);
        test_dump_below(registry, text, out);
        free(text);
    }
    hf_names_done(&names);
}

static inline void test_dump(const struct hf_registry *registry,
                             struct hf_buf *out)
{
    hf_buf_init(out, TEST_DUMP_MAX);
    test_dump_below(registry, "", out);
}

#endif
