/* SPDX-License-Identifier: Apache-2.0 */
/* registry_back.h - for fuzz targets: what is saved reads as what is held. */
#ifndef HF_FUZZ_REGISTRY_BACK_H
#define HF_FUZZ_REGISTRY_BACK_H

#include <string.h>

#include "fuzz.h"
#include "win/test_registry.h"

/* Each value of `key` is the same in both; in what order is not asked: what is
 * taken away may have been first to name a key. */
static void check_values(const struct hf_registry *here,
                         const struct hf_registry *there, const char *key)
{
    struct hf_reg_values mine = { 0 }, theirs = { 0 };
    struct hf_err err = { 0 };

    HF_PROMISE(hf_registry_values(here, key, &mine, &err) == 0);
    HF_PROMISE(hf_registry_values(there, key, &theirs, &err) == 0);
    HF_PROMISE(mine.count == theirs.count);
    for (size_t i = 0; i < mine.count; i++) {
        const struct hf_reg_value *value = &mine.value[i];
        struct hf_reg_value other = { 0 };

        HF_PROMISE(hf_registry_get(there, key, value->name, &other, &err) == 0);
        HF_PROMISE(other.type == value->type);
        HF_PROMISE(hf_view_same(hf_view(other.data, other.len),
                                hf_view(value->data, value->len)));
        hf_reg_value_done(&other);
    }
    hf_reg_values_done(&mine);
    hf_reg_values_done(&theirs);
}

/* Every line of a dump that is not a value is a key: NULL at the end. */
static char *next_key(struct hf_view *rest)
{
    while (rest->len > 0) {
        struct hf_view line = hf_view_line(rest);
        char *key;

        if (hf_view_starts(line, "  "))
            continue;
        key = hf_view_dup(line);
        HF_PROMISE(key != NULL);
        return key;
    }
    return NULL;
}

static void check_same(const struct hf_registry *here,
                       const struct hf_registry *there)
{
    struct hf_buf mine, theirs;
    struct hf_view rest;
    char *key;

    test_dump(here, &mine);
    test_dump(there, &theirs);
    HF_PROMISE(mine.len == theirs.len);
    rest = hf_buf_peek(&mine);
    while ((key = next_key(&rest)) != NULL) {
        /* a name may hold the end of a line, and look like two */
        if (hf_registry_has(here, key))
            check_values(here, there, key);
        free(key);
    }
    hf_buf_done(&mine);
    hf_buf_done(&theirs);
}

static void check_back(struct hf_registry *registry)
{
    enum hf_registry_form form = hf_registry_form(registry);
    struct hf_registry *again = NULL;
    struct hf_buf out;
    struct hf_err err = { 0 };

    hf_buf_init(&out, TEST_DUMP_MAX);
    if (hf_registry_save(registry, &out, &err) < 0) {
        HF_PROMISE(err.code == HF_E_USAGE);
        hf_buf_done(&out);
        return;
    }
    HF_PROMISE(hf_registry_read(form, "system.reg", hf_buf_peek(&out), &again,
                                &err) == 0);
    check_same(registry, again);
    hf_registry_free(again);
    hf_buf_done(&out);
}

/* Takes the first value of `key` away, and sets the others to something else
 * and back, so that they are written anew. */
static void rewrite_values(struct hf_registry *registry, const char *key)
{
    struct hf_reg_values values = { 0 };
    struct hf_err err = { 0 };

    if (hf_registry_values(registry, key, &values, &err) < 0)
        return;
    for (size_t i = 0; i < values.count; i++) {
        struct hf_reg_value *value = &values.value[i];
        uint32_t type = value->type;

        if (i == 0) {
            HF_PROMISE(hf_registry_unset(registry, key, value->name, &err) ==
                       0);
            continue;
        }
        value->type = HF_REG_BINARY + (type == HF_REG_BINARY);
        if (hf_registry_set(registry, key, value, &err) == 0) {
            value->type = type;
            HF_PROMISE(hf_registry_set(registry, key, value, &err) == 0 ||
                       err.code == HF_E_USAGE);
        } else {
            HF_PROMISE(err.code == HF_E_USAGE);
        }
    }
    hf_reg_values_done(&values);
}

static void rewrite(struct hf_registry *registry)
{
    struct hf_buf all;
    struct hf_view rest;
    char *key;

    test_dump(registry, &all);
    rest = hf_buf_peek(&all);
    while ((key = next_key(&rest)) != NULL) {
        rewrite_values(registry, key);
        free(key);
    }
    hf_buf_done(&all);
}

/* Unchanged it is saved as it was; all of it written anew, it comes back. */
static int check_registry(enum hf_registry_form form, struct hf_view bytes)
{
    struct hf_registry *registry = NULL;
    struct hf_buf out;
    struct hf_err err = { 0 };

    if (hf_registry_read(form, "system.reg", bytes, &registry, &err) < 0) {
        HF_PROMISE(err.n > 0 && !registry);
        return 0;
    }
    if (hf_registry_incomplete(registry)) {
        hf_registry_free(registry); /* not to be written */
        return 0;
    }
    hf_buf_init(&out, TEST_DUMP_MAX);
    HF_PROMISE(hf_registry_save(registry, &out, &err) == 0);
    HF_PROMISE(hf_view_same(hf_buf_peek(&out), bytes));
    rewrite(registry);
    check_back(registry);
    hf_buf_done(&out);
    hf_registry_free(registry);
    return 0;
}

#endif
