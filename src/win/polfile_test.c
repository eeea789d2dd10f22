/* SPDX-License-Identifier: Apache-2.0 */
/* win/polfile_test.c - Registry.pol: read, carried out, changed, written. */
#include <stdlib.h>
#include <string.h>

#include "base/utf16.h"
#include "hf_oom.h"
#include "hf_test.h"
#include "win/test_registry.h"

struct entry {
    const char *key, *name;
    uint32_t type;
    const char *text; /* data: this as UTF-16LE; NULL: none at all */
};

static void put_u32(struct hf_buf *out, size_t number)
{
    const uint8_t bytes[4] = { (uint8_t)number, (uint8_t)(number >> 8),
                               (uint8_t)(number >> 16),
                               (uint8_t)(number >> 24) };

    hf_buf_add(out, bytes, sizeof(bytes));
}

static void put_entry(struct hf_buf *out, const struct entry *entry)
{
    const char *text = entry->text ? entry->text : "";
    size_t from;

    hf_buf_add(out, "[", 2);
    hf_utf8_to_utf16le(out, hf_view_text(entry->key));
    hf_buf_add(out, "\0\0;", 4);
    hf_utf8_to_utf16le(out, hf_view_text(entry->name));
    hf_buf_add(out, "\0\0;", 4);
    put_u32(out, entry->type);
    hf_buf_add(out, ";", 2);
    put_u32(out, 2 * strlen(text));
    hf_buf_add(out, ";", 2);
    from = out->len;
    hf_utf8_to_utf16le(out, hf_view_text(text));
    if (out->len != from + 2 * strlen(text))
        abort(); /* the tests' data is ASCII */
    hf_buf_add(out, "]", 2);
}

static void put_file(struct hf_buf *out, const struct entry *entry)
{
    hf_buf_init(out, 1024 * 1024);
    hf_buf_add(out, "PReg\1\0\0", 8);
    for (; entry->key; entry++)
        put_entry(out, entry);
}

static struct hf_registry *read_pol(struct hf_view bytes, struct hf_err *err)
{
    struct hf_registry *registry = NULL;

    return hf_registry_read(HF_REGISTRY_POL, "a.pol", bytes, &registry, err) < 0
               ? NULL
               : registry;
}

static bool saves(struct hf_registry *registry, struct hf_view wanted)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    struct hf_err err;

    hf_buf_init(&out, TEST_DUMP_MAX);
    return hf_registry_save(registry, &out, &err) == 0 &&
           hf_view_same(hf_buf_peek(&out), wanted);
}

static bool dumps(const struct hf_registry *registry, const char *wanted)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    bool same;

    test_dump(registry, &out);
    same = hf_view_is(hf_buf_peek(&out), wanted);
    if (!same)
        printf("# holds: %.*s\n", (int)out.len, (const char *)out.ptr);
    return same;
}

/* --- what is read -------------------------------------------------------- */

static const struct {
    const char *name;
    struct entry entry[5];
    const char *wanted;
} reads[] = {
    { "no entry", { { NULL, NULL, 0, NULL } }, "" },
    { "a value below HKLM",
      { { "A\\B", "x", HF_REG_BINARY, "1" } },
      "HKLM\\A\nHKLM\\A\\B\n  x=3:3100\n" },
    { "a key alone", { { "A", "", HF_REG_NONE, NULL } }, "HKLM\\A\n" },
    { "the default value",
      { { "A", "", HF_REG_SZ, "a" } },
      "HKLM\\A\n  =1:6100\n" },
    { "of two entries the last wins",
      { { "A", "x", HF_REG_BINARY, "1" }, { "a", "X", HF_REG_SZ, "2" } },
      "HKLM\\A\n  x=1:3200\n" },
    { "**del. takes one value away",
      { { "A", "x", HF_REG_BINARY, "1" },
        { "A", "y", HF_REG_BINARY, "1" },
        { "A", "**del.X", HF_REG_SZ, " " } },
      "HKLM\\A\n  y=3:3100\n" },
    { "a value after **del. is there",
      { { "A", "**Del.x", HF_REG_SZ, " " }, { "A", "x", HF_REG_SZ, "2" } },
      "HKLM\\A\n  x=1:3200\n" },
    { "**delvals. takes all away",
      { { "A", "x", HF_REG_BINARY, "1" },
        { "A", "y", HF_REG_BINARY, "1" },
        { "A", "**delvals.", HF_REG_SZ, " " },
        { "A", "z", HF_REG_BINARY, "1" } },
      "HKLM\\A\n  z=3:3100\n" },
    { "**DeleteValues takes those it lists",
      { { "A", "x", HF_REG_BINARY, "1" },
        { "A", "y", HF_REG_BINARY, "1" },
        { "A", "z", HF_REG_BINARY, "1" },
        { "A", "**DeleteValues", HF_REG_SZ, "z;X;none" } },
      "HKLM\\A\n  y=3:3100\n" },
    { "**DeleteKeys takes the keys it lists",
      { { "A\\B\\C", "x", HF_REG_BINARY, "1" },
        { "A\\D", "x", HF_REG_BINARY, "1" },
        { "A", "**DeleteKeys", HF_REG_SZ, "b;none;" } },
      "HKLM\\A\nHKLM\\A\\D\n  x=3:3100\n" },
    { "**soft. sets what is not set",
      { { "A", "x", HF_REG_BINARY, "1" },
        { "A", "**soft.x", HF_REG_BINARY, "2" },
        { "A", "**soft.y", HF_REG_BINARY, "3" } },
      "HKLM\\A\n  x=3:3100\n  y=3:3300\n" },
    { "**SecureKey and the unknown change nothing",
      { { "A", "**SecureKey", HF_REG_DWORD, "11" },
        { "A", "**Comment:x", HF_REG_SZ, "c" } },
      "HKLM\\A\n" },
};

static void test_reads(void)
{
    for (size_t i = 0; i < HF_COUNT(reads); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
        struct hf_err err;

        put_file(&bytes, reads[i].entry);
        registry = read_pol(hf_buf_peek(&bytes), &err);
        HF_CHECK(registry && dumps(registry, reads[i].wanted), "read: %s",
                 reads[i].name);
        HF_CHECK(registry && saves(registry, hf_buf_peek(&bytes)),
                 "unchanged, it is saved as it was: %s", reads[i].name);
    }
}

#define HEAD "PReg\1\0\0\0"
#define ENTRY HEAD "[\0A\0\0\0;\0x\0\0\0;\0\3\0\0\0;\0\2\0\0\0;\0ab"

static const struct {
    const char *name, *bytes;
    size_t len;
    const char *says; /* NULL: it is read */
} parts[] = {
    { "nothing", "", 0, "offset 0: expected 'PReg'" },
    { "another version", "PReg\2\0\0\0", 8, "offset 0: expected 'PReg'" },
    { "a whole entry", ENTRY "]\0", 38, NULL },
    { "an entry that ends after its key", HEAD "[\0A\0\0\0]\0", 16, NULL },
    { "an entry that ends after its name", HEAD "[\0A\0\0\0;\0\0\0]\0", 20,
      NULL },
    { "no bracket", HEAD "x\0", 10, "offset 8: expected '['" },
    { "a key without its NUL", HEAD "[\0A\0", 12,
      "offset 10: expected a text" },
    { "a size larger than the file", ENTRY, 35, "offset 28: a size of 2" },
    { "no type", ENTRY, 23, "offset 22: expected a number" },
    { "another bracket", ENTRY "[\0", 38, "offset 36: expected ']'" },
    { "something behind", ENTRY "]\0\0", 39, "offset 38: expected '['" },
};

static void test_parts(void)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_err err = { 0 };
        char text[4 * HF_ERR_TEXT] = "";

        registry = read_pol(hf_view(parts[i].bytes, parts[i].len), &err);
        if (!registry)
            hf_err_text(&err, text, sizeof(text));
        HF_CHECK(parts[i].says ? strstr(text, parts[i].says) != NULL
                               : registry != NULL,
                 "%s: %s", parts[i].name, text);
    }
}

/* --- what is changed ----------------------------------------------------- */

static int set(struct hf_registry *registry, const char *key, const char *name,
               uint32_t type, const char *text, struct hf_err *err)
{
    uint8_t data[64];
    const struct hf_reg_value value = { (char *)name, type, data,
                                        2 * strlen(text) };

    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = i % 2 == 0 && i / 2 < strlen(text) ? (uint8_t)text[i / 2] : 0;
    return hf_registry_set(registry, key, &value, err);
}

enum what { SET, UNSET, DROP, TELL };

static const struct {
    const char *name;
    struct entry before[4];
    enum what what;
    const char *key, *value, *data;
    struct entry after[4];
} changes[] = {
    { "a value is changed where it stands",
      { { "A", "x", 3, "1" }, { "B", "y", 3, "1" } },
      SET,
      "HKLM\\a",
      "X",
      "2",
      { { "A", "x", 3, "2" }, { "B", "y", 3, "1" } } },
    { "a new one stands at the end",
      { { "A", "x", 3, "1" } },
      SET,
      "HKLM\\A\\C",
      "y",
      "2",
      { { "A", "x", 3, "1" }, { "A\\C", "y", 3, "2" } } },
    { "in place of what deleted it",
      { { "A", "**del.x", 1, " " }, { "B", "y", 3, "1" } },
      SET,
      "HKLM\\A",
      "x",
      "2",
      { { "A", "x", 3, "2" }, { "B", "y", 3, "1" } } },
    { "behind what deletes all",
      { { "A", "x", 3, "1" }, { "A", "**delvals.", 1, " " } },
      SET,
      "HKLM\\A",
      "x",
      "2",
      { { "A", "x", 3, "1" },
        { "A", "**delvals.", 1, " " },
        { "A", "x", 3, "2" } } },
    { "all that set a value go",
      { { "A", "x", 3, "1" },
        { "A", "**soft.x", 3, "1" },
        { "B", "y", 3, "1" } },
      UNSET,
      "HKLM\\A",
      "x",
      NULL,
      { { "B", "y", 3, "1" } } },
    { "all that name a key go",
      { { "A", "**delvals.", 1, " " },
        { "A\\C", "x", 3, "1" },
        { "B", "y", 3, "1" } },
      DROP,
      "HKLM\\a",
      NULL,
      NULL,
      { { "B", "y", 3, "1" } } },
    { "a key whose instructions delete keys goes with what made those",
      { { "A\\C", "x", 3, "1" },
        { "A", "**DeleteKeys", 1, "C" },
        { "B", "y", 3, "1" } },
      DROP,
      "HKLM\\A",
      NULL,
      NULL,
      { { "B", "y", 3, "1" } } },
    { "an instruction takes the place of the value",
      { { "A", "x", 3, "1" } },
      TELL,
      "HKLM\\A",
      "x",
      NULL,
      { { "A", "**del.x", 1, " " } } },
    { "an instruction of its own",
      { { NULL, NULL, 0, NULL } },
      TELL,
      "HKLM\\A",
      "x",
      NULL,
      { { "A", "**del.x", 1, " " } } },
};

static int change(struct hf_registry *registry, size_t i, struct hf_err *err)
{
    const char *key = changes[i].key, *value = changes[i].value;

    switch (changes[i].what) {
    case SET:
        return set(registry, key, value, HF_REG_BINARY, changes[i].data, err);
    case UNSET:
        return hf_registry_unset(registry, key, value, err);
    case DROP:
        return hf_registry_drop(registry, key, err);
    case TELL:
        break;
    }
    return hf_registry_tell_unset(registry, key, value, err);
}

/* What is saved reads as what is in memory. */
static bool comes_back(struct hf_registry *registry)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *again = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 }, here = { 0 }, there = { 0 };
    struct hf_err err;

    hf_buf_init(&out, TEST_DUMP_MAX);
    if (hf_registry_save(registry, &out, &err) < 0)
        return false;
    again = read_pol(hf_buf_peek(&out), &err);
    if (!again)
        return false;
    test_dump(registry, &here);
    test_dump(again, &there);
    return hf_view_same(hf_buf_peek(&here), hf_buf_peek(&there));
}

static void test_changes(void)
{
    for (size_t i = 0; i < HF_COUNT(changes); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf before = { 0 }, after = { 0 };
        struct hf_err err;
        int rc;

        put_file(&before, changes[i].before);
        put_file(&after, changes[i].after);
        if (changes[i].what == TELL) {
            /* the blank of **del. has a NUL, which a C string cannot say */
            after.len -= 2;
            hf_buf_add(&after, "\0\0]", 4);
            after.ptr[after.len - 12] = 4;
        }
        registry = read_pol(hf_buf_peek(&before), &err);
        rc = registry ? change(registry, i, &err) : -1;
        HF_CHECK(rc == 0 && saves(registry, hf_buf_peek(&after)), "change: %s",
                 changes[i].name);
        HF_CHECK(rc == 0 && comes_back(registry), "it comes back: %s",
                 changes[i].name);
    }
}

static void test_new(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    static const struct entry wanted[] = { { "A", "x", 3, "1" },
                                           { NULL, NULL, 0, NULL } };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_err err;

    put_file(&bytes, wanted);
    HF_CHECK(hf_registry_new(HF_REGISTRY_POL, &registry, &err) == 0 &&
                 set(registry, "HKLM\\A", "x", 3, "1", &err) == 0 &&
                 saves(registry, hf_buf_peek(&bytes)),
             "a new file");
    HF_CHECK(set(registry, "HKLM\\A", "**del.x", 3, "1", &err) == HF_E_USAGE,
             "a name that would be an instruction is refused");
    HF_CHECK(set(registry, "HKCU\\A", "x", 3, "1", &err) == HF_E_USAGE,
             "a key outside HKLM is refused");
}

static void test_user(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_err err;

    put_file(&bytes, reads[1].entry);
    HF_CHECK(hf_registry_read(HF_REGISTRY_POL, "/gpo/User/Registry.pol",
                              hf_buf_peek(&bytes), &registry, &err) == 0 &&
                 hf_registry_has(registry, "HKCU\\a\\b") &&
                 !hf_registry_has(registry, "HKLM\\A"),
             "a policy below User is a user's");
}

/* --- memory and mangled files -------------------------------------------- */

static int read_change_save(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };

    hf_buf_init(&out, 65536);
    if (hf_registry_read(HF_REGISTRY_POL, "a.pol",
                         hf_buf_peek((const struct hf_buf *)arg), &registry,
                         err) < 0 ||
        set(registry, "HKLM\\A\\N", "y", 3, "2", err) < 0 ||
        hf_registry_tell_unset(registry, "HKLM\\Z", "y", err) < 0)
        return hf_err_code(err);
    return hf_registry_save(registry, &out, err);
}

static int make_new(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;

    (void)arg;
    if (hf_registry_new(HF_REGISTRY_POL, &registry, err) < 0)
        return hf_err_code(err);
    return set(registry, "HKLM\\A", "x", 3, "1", err);
}

static const struct entry sample[] = {
    { "A\\B", "x", 3, "1" },       { "A", "**DeleteValues", 1, "x;y" },
    { "A\\C", "**del.x", 1, " " }, { "A\\C", "**soft.y", 4, "12" },
    { "D", "", 0, NULL },          { NULL, NULL, 0, NULL }
};

static void test_memory(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    put_file(&bytes, sample);
    hf_oom_test("read, change, save", HF_OOM_ALL, read_change_save, &bytes);
    hf_oom_test("make", HF_OOM_ALL, make_new, NULL);
}

/* Returns false when a refusal does not say where. */
static bool survives(struct hf_view bytes, unsigned *refused)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_free_ptr) uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    char text[4 * HF_ERR_TEXT];
    struct hf_err err;

    if (!copy)
        return false;
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    registry = read_pol(hf_view(copy, bytes.len), &err);
    if (registry)
        return comes_back(registry);
    ++*refused;
    hf_err_text(&err, text, sizeof(text));
    return strstr(text, "offset ");
}

static void test_mangled(void)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xFF };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    unsigned refused = 0, bad = 0;

    put_file(&bytes, sample);
    for (size_t at = 0; at < bytes.len; at++) {
        bad += !survives(hf_view(bytes.ptr, at), &refused);
        for (size_t i = 0; i < HF_COUNT(flips); i++) {
            bytes.ptr[at] ^= flips[i];
            bad += !survives(hf_buf_peek(&bytes), &refused);
            bytes.ptr[at] ^= flips[i];
        }
    }
    HF_CHECK(bad == 0 && refused > 0,
             "mangled at every byte, it comes back or says where");
}

int main(void)
{
    test_reads();
    test_parts();
    test_changes();
    test_new();
    test_user();
    test_memory();
    test_mangled();
    return hf_test_end();
}
