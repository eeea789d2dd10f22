/* SPDX-License-Identifier: Apache-2.0 */
/* regtext_test.c - real .reg files, policy files and one of Wine's registry. */
#include <string.h>

#include "hf_test.h"
#include "outside.h"
#include "win/certblob.h"
#include "win/test_registry.h"

struct tally {
    unsigned keys, values;
};

/* A dump has a line for each key, and one with two blanks for each value. */
static struct tally count(const struct hf_buf *dump)
{
    struct hf_view rest = hf_buf_peek(dump);
    struct tally tally = { 0 };

    while (rest.len > 0) {
        if (hf_view_starts(hf_view_line(&rest), "  "))
            tally.values++;
        else
            tally.keys++;
    }
    return tally;
}

static struct hf_registry *read_as(enum hf_registry_form form, const char *name,
                                   const struct hf_buf *bytes)
{
    struct hf_registry *registry = NULL;
    char text[4 * HF_ERR_TEXT];
    struct hf_err err;

    if (hf_registry_read(form, name, hf_buf_peek(bytes), &registry, &err) == 0)
        return registry;
    hf_err_text(&err, text, sizeof(text));
    printf("# %s\n", text);
    return NULL;
}

static bool saves(struct hf_registry *registry, const struct hf_buf *wanted)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    struct hf_err err;

    hf_buf_init(&out, TEST_DUMP_MAX);
    return hf_registry_save(registry, &out, &err) == 0 &&
           hf_view_same(hf_buf_peek(&out), hf_buf_peek(wanted));
}

/* One value more: all else is as it was, there and after reading it again. */
static bool takes_a_value(struct hf_registry *registry, const char *name)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *again = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 }, here = { 0 }, there = { 0 };
    char data[] = "x";
    const struct hf_reg_value value = { data, HF_REG_BINARY, (uint8_t *)data,
                                        1 };
    struct hf_err err;

    hf_buf_init(&out, TEST_DUMP_MAX);
    if (hf_registry_set(registry, "HKLM\\SOFTWARE\\Holdfast\\Test", &value,
                        &err) < 0 ||
        hf_registry_save(registry, &out, &err) < 0)
        return false;
    again = read_as(hf_registry_form(registry), name, &out);
    if (!again)
        return false;
    test_dump(registry, &here);
    test_dump(again, &there);
    return hf_view_same(hf_buf_peek(&here), hf_buf_peek(&there)) &&
           hf_registry_has(again, "HKLM\\software\\holdfast\\test");
}

/* --- exports ------------------------------------------------------------- */

/* What a line of an export begins with says what it is. */
static struct tally count_lines(const struct hf_buf *bytes)
{
    struct hf_view rest = hf_buf_peek(bytes);
    struct tally tally = { 0 };

    while (rest.len > 0) {
        struct hf_view line = hf_view_line(&rest);

        tally.keys += hf_view_starts(line, "[");
        tally.values += hf_view_starts(line, "\"") || hf_view_starts(line, "@");
    }
    return tally;
}

/* Keys that have a line of their own; HKLM, SYSTEM and so on need not. */
static unsigned told_keys(const struct hf_registry *registry,
                          const struct hf_buf *bytes)
{
    struct hf_view rest = hf_buf_peek(bytes);
    unsigned found = 0;

    while (rest.len > 0) {
        struct hf_view line = hf_view_trim(hf_view_line(&rest));
        HF_AUTO(hf_free_ptr) char *key = NULL;

        if (line.len < 2 || line.ptr[0] != '[')
            continue;
        key = hf_view_dup(hf_view(line.ptr + 1, line.len - 2));
        found += key && hf_registry_has(registry, key);
    }
    return found;
}

static void test_twins(const char *folder, const char *name, const char *twin)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *narrow = NULL, *wide = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf utf8 = { 0 }, utf16 = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf a = { 0 }, b = { 0 };
    struct tally lines, held;

    hf_buf_init(&utf8, TEST_DUMP_MAX);
    hf_buf_init(&utf16, TEST_DUMP_MAX);
    if (outside_read(folder, name, &utf8))
        narrow = read_as(HF_REGISTRY_REG, name, &utf8);
    if (outside_read(folder, twin, &utf16))
        wide = read_as(HF_REGISTRY_REG, twin, &utf16);
    HF_CHECK(narrow && wide, "%s and %s are read", name, twin);
    if (!narrow || !wide)
        return;
    test_dump(narrow, &a);
    test_dump(wide, &b);
    HF_CHECK(hf_view_same(hf_buf_peek(&a), hf_buf_peek(&b)),
             "%s: both encodings give the same tree", name);
    lines = count_lines(&utf8);
    held = count(&a);
    HF_CHECK(held.values == lines.values &&
                 told_keys(narrow, &utf8) == lines.keys,
             "%s: its %u keys and %u values", name, lines.keys, lines.values);
    HF_CHECK(saves(narrow, &utf8) && saves(wide, &utf16),
             "%s: both are saved as they were", name);
    HF_CHECK(takes_a_value(narrow, name) && takes_a_value(wide, twin),
             "%s: both take one value more", name);
}

/* Every NAME.reg whose NAME-utf16le.reg is there, too. */
static void test_exports(const char *folder)
{
    struct hf_names names = { 0 };
    unsigned pairs = 0;
    struct hf_err err;

    if (hf_dir_names(folder, &names, &err) < 0)
        return;
    for (size_t i = 0; i < names.count; i++) {
        size_t len = strlen(names.name[i]);
        char twin[NAME_MAX + 1];

        if (len < 4 || strcmp(names.name[i] + len - 4, ".reg") != 0 ||
            strstr(names.name[i], "-utf16le"))
            continue;
        (void)snprintf(twin, sizeof(twin), "%.*s-utf16le.reg", (int)(len - 4),
                       names.name[i]);
        test_twins(folder, names.name[i], twin);
        pairs++;
    }
    HF_CHECK(pairs > 0, "%u pairs of exports", pairs);
    hf_names_done(&names);
}

/* --- policies ------------------------------------------------------------ */

static const struct policy {
    const char *file;
    unsigned values, blobs;
} policies[] = {
    { "dod-win10-machine.pol", 98, 0 },
    /* of 65 entries 28 only make a key */
    { "shb-certificates-machine.pol", 37, 37 },
};

/* The certificates in values "Blob" of `key` and below. */
static unsigned count_blobs(const struct hf_registry *registry,
                            const struct hf_buf *dump)
{
    struct hf_view rest = hf_buf_peek(dump);
    unsigned found = 0;

    while (rest.len > 0) {
        HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
        HF_AUTO(hf_free_ptr) char *key = hf_view_dup(hf_view_line(&rest));
        struct hf_certblob blob;
        struct hf_err err;

        if (key && hf_registry_get(registry, key, "Blob", &value, &err) == 0 &&
            hf_certblob_read(hf_view(value.data, value.len), &blob, &err) == 0)
            found += blob.der.len > 0;
    }
    return found;
}

static void test_policy(const char *folder, const struct policy *policy)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 }, dump = { 0 };
    struct tally held;
    unsigned blobs;

    hf_buf_init(&bytes, TEST_DUMP_MAX);
    if (outside_read(folder, policy->file, &bytes))
        registry = read_as(HF_REGISTRY_POL, policy->file, &bytes);
    HF_CHECK(registry, "%s is read", policy->file);
    if (!registry)
        return;
    test_dump(registry, &dump);
    held = count(&dump);
    blobs = count_blobs(registry, &dump);
    HF_CHECK(held.values == policy->values && blobs == policy->blobs,
             "%s: %u values, %u of them certificates", policy->file,
             held.values, blobs);
    HF_CHECK(saves(registry, &bytes), "%s is saved as it was", policy->file);
    HF_CHECK(takes_a_value(registry, policy->file), "%s takes one value more",
             policy->file);
}

/* --- Wine ---------------------------------------------------------------- */

static void test_wine(const char *folder)
{
    static const char file[] = "wine8-system.reg.excerpt";
    static const char first[] = "WINE REGISTRY Version 2\n"
                                ";; All keys relative to \\\\Machine\n\n";
    HF_AUTO(hf_registry_freep) struct hf_registry *part = NULL, *whole = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 }, all = { 0 }, dump = { 0 };

    hf_buf_init(&bytes, TEST_DUMP_MAX);
    hf_buf_init(&all, TEST_DUMP_MAX);
    if (!outside_read(folder, file, &bytes)) {
        printf("# SKIP no '%s/%s'\n", folder, file);
        return;
    }
    part = read_as(HF_REGISTRY_REG, file, &bytes);
    hf_buf_text(&all, first);
    hf_buf_view(&all, hf_buf_peek(&bytes));
    whole = read_as(HF_REGISTRY_REG, "system.reg", &all);
    HF_CHECK(part && whole, "%s is read, alone and with its first lines", file);
    if (!part || !whole)
        return;
    test_dump(part, &dump);
    HF_CHECK(count_blobs(part, &dump) == 4, "%s: 4 certificates", file);
    HF_CHECK(hf_registry_incomplete(part) && saves(whole, &all) &&
                 takes_a_value(whole, "system.reg"),
             "%s: whole, it is saved as it was and takes a value", file);
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *exports = outside_path("settings/reg");
    HF_AUTO(hf_free_ptr) char *folder = outside_path("settings/pol");
    HF_AUTO(hf_free_ptr) char *wine = outside_path("windows");

    if (!exports || !folder || !wine)
        return 1;
    if (!hf_path_is_dir(exports) || !hf_path_is_dir(folder))
        return outside_skip(exports);
    test_exports(exports);
    for (size_t i = 0; i < HF_COUNT(policies); i++)
        test_policy(folder, &policies[i]);
    test_wine(wine);
    return hf_test_end();
}
