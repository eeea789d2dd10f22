/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_test.c - hives that are read, changed, saved and read again, by us
 * and by libhivex. */
#include "hf_oom.h"
#include "hf_test.h"
#include "hive_maker.h"
#include "hive_peer.h"
#include "win/registry.h"

#define SAVED_MAX (64u * 1024 * 1024)
#define MANY 1300 /* keys: more than two leaves of 500 */

static struct hf_registry *read_hive(struct hf_view bytes)
{
    struct hf_registry *registry = NULL;
    struct hf_err err;
    char text[512];

    if (hf_registry_read(HF_REGISTRY_HIVE, "test", bytes, &registry, &err) <
        0) {
        hf_err_text(&err, text, sizeof(text));
        printf("# %s\n", text);
    }
    return registry;
}

static struct hf_registry *new_hive(uint32_t minor)
{
    uint8_t bytes[HIVE_MADE_LEN];

    hive_make(bytes, minor);
    return read_hive(hf_view(bytes, sizeof(bytes)));
}

static int set(struct hf_registry *registry, const char *key, const char *name,
               struct hf_view data)
{
    struct hf_reg_value value = { (char *)name, HF_REG_BINARY,
                                  (uint8_t *)data.ptr, data.len };
    struct hf_err err = { 0 };
    int rc = hf_registry_set(registry, key, &value, &err);
    char text[512];

    if (rc < 0) {
        hf_err_text(&err, text, sizeof(text));
        printf("# %s\n", text);
    }
    return rc;
}

static int set_text(struct hf_registry *registry, const char *key,
                    const char *name, const char *text)
{
    return set(registry, key, name, hf_view_text(text));
}

static bool holds(const struct hf_registry *registry, const char *key,
                  const char *name, struct hf_view data)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    struct hf_err err;

    return hf_registry_get(registry, key, name, &value, &err) == 0 &&
           value.type == HF_REG_BINARY &&
           hf_view_same(hf_view(value.data, value.len), data);
}

static bool holds_text(const struct hf_registry *registry, const char *key,
                       const char *name, const char *text)
{
    return holds(registry, key, name, hf_view_text(text));
}

static size_t count_keys(const struct hf_registry *registry, const char *key)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    struct hf_err err;

    return hf_registry_keys(registry, key, &names, &err) == 0 ? names.count
                                                              : SIZE_MAX;
}

/* Saves, and reads it again: what libhivex reads is the same. NULL when not. */
static struct hf_registry *again(struct hf_registry *registry, size_t *ret_len)
{
    HF_AUTO(hf_buf_done) struct hf_buf saved = { 0 };
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    HF_AUTO(hive_close_fd) int fd = -1;
    struct hive_peer cmp = { 0 };
    struct hf_err err;
    char file[64];

    hf_buf_init(&saved, SAVED_MAX);
    if (hf_registry_save(registry, &saved, &err) < 0)
        return NULL;
    *ret_len = saved.len;
    other = read_hive(hf_buf_peek(&saved));
    fd = hive_peer_file(hf_buf_peek(&saved), file);
    if (!other || fd < 0 || !hive_peer_same(other, file, &cmp))
        return NULL;
    return HF_STEAL(other);
}

/* --- an empty hive, and where hives stand -------------------------------- */

static void test_empty(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    struct hf_reg_value value = { (char *)"X", HF_REG_SZ, NULL, 0 };
    struct hf_err err;
    size_t len = 0;

    HF_CHECK(registry && strcmp(hf_registry_mount(registry), "") == 0 &&
                 !hf_registry_incomplete(registry) &&
                 count_keys(registry, "") == 0,
             "an empty hive stands nowhere, and is whole");
    if (!registry)
        return;
    HF_CHECK(!hf_registry_has(registry, "HKLM\\SOFTWARE") &&
                 hf_registry_unset(registry, "HKLM\\SOFTWARE\\X", "", &err) ==
                     0 &&
                 hf_registry_drop(registry, "Y", &err) == 0,
             "taking away what is not there is fine");
    HF_CHECK(hf_registry_set(registry, "HKLM\\Elsewhere\\X", &value, &err) ==
                 HF_E_USAGE,
             "no hive stands there");
    HF_CHECK(set_text(registry, "HKLM\\Software\\Microsoft\\X", "n", "v") ==
                     0 &&
                 strcmp(hf_registry_mount(registry), "HKLM\\SOFTWARE") == 0 &&
                 holds_text(registry, "HKLM\\SOFTWARE\\microsoft\\x", "N", "v"),
             "the first full name says where it stands");
    other = again(registry, &len);
    HF_CHECK(other && strcmp(hf_registry_mount(other), "HKLM\\SOFTWARE") == 0 &&
                 holds_text(other, "HKLM\\SOFTWARE\\Microsoft\\X", "n", "v"),
             "and it is found there again");
}

static void test_relative(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);

    HF_CHECK(registry && set_text(registry, "Objects\\a", "", "1") == 0 &&
                 holds_text(registry, "objects\\A", "", "1") &&
                 set_text(registry, "", "top", "2") == 0 &&
                 holds_text(registry, "", "TOP", "2"),
             "keys from the top of a hive that stands nowhere");
    HF_CHECK(registry &&
                 set_text(registry, "HKLM\\SOFTWARE\\X", "", "1") == HF_E_USAGE,
             "a full name, and a hive that may stand elsewhere");
}

static void test_mounts(void)
{
    static const struct {
        const char *first, *second, *mount;
    } row[] = {
        { "Microsoft\\SystemCertificates\\ROOT", NULL, "HKLM\\SOFTWARE" },
        { "Policies\\Microsoft", NULL, "HKLM\\SOFTWARE" },
        { "Clients", "WOW6432Node", "HKLM\\SOFTWARE" },
        { "Select", NULL, "HKLM\\SYSTEM" },
        { "Software", "ControlSet002", "HKLM\\SYSTEM" },
        { "SOFTWARE\\Microsoft", NULL, "HKCU" },
        { "Control Panel", "Keyboard Layout", "HKCU" },
        { "Classes\\.txt", "Software\\Stray", "HKLM\\SOFTWARE" },
        { "Software\\Classes", "Control Panel", "HKCU" },
        { "CLSID", "Local Settings", "HKCU\\Software\\Classes" },
        { "SAM\\Domains", NULL, "HKLM\\SAM" },
        { "SAM", "Policy", "HKLM\\SECURITY" },
        { "Description", "Objects", "" },
        { "ControlSets", NULL, "" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
        HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
        size_t len = 0;

        if (registry && set_text(registry, row[i].first, "", "") == 0 &&
            (!row[i].second || set_text(registry, row[i].second, "", "") == 0))
            other = again(registry, &len);
        HF_CHECK(other && strcmp(hf_registry_mount(other), row[i].mount) == 0,
                 "'%s' and '%s' stand at '%s'", row[i].first,
                 row[i].second ? row[i].second : "", row[i].mount);
    }
}

/* --- values -------------------------------------------------------------- */

static void test_sizes(uint32_t minor)
{
    static const size_t len[] = { 0,     1,     4,     5,     8,      16343,
                                  16344, 16345, 32688, 32689, 1 << 20 };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(minor);
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    HF_AUTO(hf_free_ptr) uint8_t *data = malloc((1 << 20) + 1);
    size_t saved = 0;
    int wrong = 0;

    if (!registry || !data) {
        HF_CHECK(false, "memory for a value");
        return;
    }
    for (size_t i = 0; i <= 1 << 20; i++)
        data[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < 2 * HF_COUNT(len); i++) {
        /* the second time each takes the place of another */
        size_t n = i < HF_COUNT(len) ? i : 2 * HF_COUNT(len) - 1 - i;
        char name[32];

        (void)snprintf(name, sizeof(name), "v%zu", i % HF_COUNT(len));
        wrong += set(registry, "Microsoft\\X", name, hf_view(data, len[n])) < 0;
        wrong += !holds(registry, "Microsoft\\X", name, hf_view(data, len[n]));
    }
    HF_CHECK(!wrong, "1.%u: values of 0 to 1048576 bytes", minor);
    HF_CHECK(set(registry, "Microsoft\\Y", "", hf_view(data, (1 << 20) + 1)) ==
                     HF_E_LIMIT &&
                 !hf_registry_has(registry, "Microsoft\\Y"),
             "1.%u: one byte more is refused, and makes no key", minor);
    other = again(registry, &saved);
    HF_CHECK(other && holds(other, "HKLM\\SOFTWARE\\Microsoft\\X", "v0",
                            hf_view(data, 1 << 20)),
             "1.%u: read again, and by libhivex (%zu bytes)", minor, saved);
}

/* From XP on Windows takes a value above 16344 bytes in one cell for damage. */
static void test_segments(void)
{
    static uint8_t data[40000];
    HF_AUTO(hf_buf_done) struct hf_buf saved = { 0 };
    bool found[2] = { false, false };

    for (int n = 0; n < 2; n++) {
        HF_AUTO(hf_registry_freep)
        struct hf_registry *registry = new_hive(n ? 5 : 3);
        struct hf_err err;

        hf_buf_done(&saved);
        hf_buf_init(&saved, SAVED_MAX);
        if (!registry ||
            set(registry, "X", "v", hf_view(data, sizeof(data))) < 0 ||
            hf_registry_save(registry, &saved, &err) < 0)
            continue;
        for (size_t i = HIVE_BINS; i + 8 < saved.len; i += 8)
            found[n] |= memcmp(saved.ptr + i + 4, "db\3", 4) == 0;
    }
    HF_CHECK(!found[0] && found[1],
             "large values lie in segments from version 1.4 on");
}

static void test_unset(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    HF_AUTO(hf_reg_values_done) struct hf_reg_values values = { 0 };
    struct hf_err err;
    size_t len = 0;

    if (!registry || set_text(registry, "K", "a", "first") < 0 ||
        set_text(registry, "K", "b", "second") < 0 ||
        set_text(registry, "K", "c", "third") < 0)
        return;
    HF_CHECK(hf_registry_unset(registry, "k", "B", &err) == 0 &&
                 hf_registry_unset(registry, "k", "B", &err) == 0 &&
                 hf_registry_values(registry, "K", &values, &err) == 0 &&
                 values.count == 2 && holds_text(registry, "K", "a", "first") &&
                 holds_text(registry, "K", "c", "third"),
             "one of three values is taken away, twice");
    HF_CHECK(hf_registry_unset(registry, "K", "a", &err) == 0 &&
                 hf_registry_unset(registry, "K", "c", &err) == 0 &&
                 set_text(registry, "K", "d", "fourth") == 0,
             "all, and a new one");
    other = again(registry, &len);
    HF_CHECK(other && holds_text(other, "K", "d", "fourth") && len == 8192,
             "read again; it did not grow");
}

/* Cells that are given back are used again. */
static void test_growth(void)
{
    static uint8_t data[2000];
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    struct hf_err err;
    size_t len = 0;
    int wrong = 0;

    for (size_t i = 0; registry && i < 500; i++) {
        char key[64];

        (void)snprintf(key, sizeof(key), "A\\K%zu", i);
        wrong += set(registry, key, "v", hf_view(data, i * 4)) < 0;
        wrong += set(registry, key, "v", hf_view(data, 2000 - i * 4)) < 0;
        wrong += hf_registry_drop(registry, key, &err) < 0;
    }
    if (registry)
        other = again(registry, &len);
    HF_CHECK(other && !wrong && count_keys(other, "A") == 0 && len <= 16384,
             "500 keys made and dropped leave %zu bytes", len);
}

/* --- keys ---------------------------------------------------------------- */

static void test_many(uint32_t minor)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(minor);
    HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    struct hf_err err;
    size_t len = 0, unsorted = 0;
    int wrong = 0;

    for (size_t i = 0; registry && i < MANY; i++) {
        char key[64];

        /* 7 and 1300 have no divisor in common: every number, mixed */
        (void)snprintf(key, sizeof(key), "Top\\%s%04zx", i & 1 ? "k_" : "KA",
                       i * 7 % MANY);
        wrong += set_text(registry, key, "", key) < 0;
    }
    other = registry ? again(registry, &len) : NULL;
    HF_CHECK(other && !wrong && count_keys(other, "Top") == MANY,
             "1.%u: %d keys in one", minor, MANY);
    if (!other || hf_registry_keys(other, "Top", &names, &err) < 0)
        return;
    for (size_t i = 1; i < names.count; i++) /* '_' comes after the letters */
        unsorted += strcasecmp(names.name[i - 1], names.name[i]) >= 0 &&
                    names.name[i][1] != '_';
    HF_CHECK(unsorted == 0, "1.%u: they are sorted", minor);
    for (size_t i = 0; i < names.count; i += 2) {
        char key[64];

        (void)snprintf(key, sizeof(key), "Top\\%s", names.name[i]);
        wrong +=
            !holds_text(other, key, "", key) && !hf_registry_has(other, key);
        wrong += hf_registry_drop(other, key, &err) < 0;
    }
    hf_registry_free(registry);
    registry = again(other, &len);
    HF_CHECK(registry && !wrong && count_keys(registry, "Top") == MANY / 2,
             "1.%u: every second one dropped", minor);
    HF_CHECK(registry && hf_registry_drop(registry, "Top", &err) == 0 &&
                 count_keys(registry, "") == 0,
             "1.%u: and the one above with all that is left", minor);
}

static void test_names(void)
{
    static const struct {
        const char *set, *ask;
        bool same;
    } row[] = {
        { "\xc3\x84rger", "\xc3\xa4RGER", true },         /* Latin-1 */
        { "\xd0\x96\xd0\xb1", "\xd0\xb6\xd0\x91", true }, /* Cyrillic */
        { "\xc3\xbf", "\xc5\xb8", true }, /* its capital is not Latin-1 */
        { "stra\xc3\x9f"
          "e",
          "STRASSE", false },
        { "\xf0\x9f\x94\x91", "\xf0\x9f\x94\x91", true }, /* a pair */
        { "I", "\xc4\xb1", false }, /* dotless, no capital of it in Windows */
        { "a", "b", false },
        { "abc", "ab", false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
        HF_AUTO(hf_registry_freep) struct hf_registry *other = NULL;
        size_t len = 0;

        if (registry && set_text(registry, row[i].set, row[i].set, "v") == 0)
            other = again(registry, &len);
        HF_CHECK(other && hf_registry_has(other, row[i].ask) == row[i].same &&
                     holds_text(other, row[i].set, row[i].ask, "v") ==
                         row[i].same,
                 "'%s' is %s'%s'", row[i].ask, row[i].same ? "" : "not ",
                 row[i].set);
    }
}

static void test_limits(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    char name[300], deep[1100];

    if (!registry)
        return;
    memset(name, 'n', 255);
    name[255] = '\0';
    HF_CHECK(set_text(registry, name, "", "") == 0, "a name of 255");
    name[255] = 'n';
    name[256] = '\0';
    HF_CHECK(set_text(registry, name, "", "") == HF_E_LIMIT, "not of 256");
    for (size_t i = 0; i < 513; i++)
        memcpy(deep + 2 * i, "d\\", 3);
    HF_CHECK(set_text(registry, deep, "", "") == HF_E_LIMIT,
             "513 keys in each other");
    deep[2 * 512 - 1] = '\0';
    HF_CHECK(set_text(registry, deep, "", "") == 0 &&
                 hf_registry_has(registry, deep),
             "512 are fine");
    HF_CHECK(set_text(registry, "a\\\\b", "", "") == HF_E_USAGE &&
                 !hf_registry_has(registry, "a"),
             "a key without a name is not made, nor the one above it");
}

static void test_control_set(void)
{
    static uint8_t two[] = { 2, 0, 0, 0 };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    struct hf_reg_value current = { (char *)"Current", HF_REG_DWORD, two, 4 };
    struct hf_err err;

    HF_CHECK(registry &&
                 set_text(registry, "HKLM\\SYSTEM\\CurrentControlSet\\Control",
                          "a", "1") == 0 &&
                 holds_text(registry, "HKLM\\SYSTEM\\ControlSet001\\Control",
                            "a", "1"),
             "the current control set is the first");
    HF_CHECK(registry &&
                 hf_registry_set(registry, "HKLM\\SYSTEM\\Select", &current,
                                 &err) == 0 &&
                 !hf_registry_has(registry, "HKLM\\SYSTEM\\CurrentControlSet"),
             "unless Select names another");
    HF_CHECK(registry &&
                 set_text(registry, "HKLM\\system\\ControlSet002\\Control", "a",
                          "2") == 0 &&
                 holds_text(registry,
                            "HKLM\\SYSTEM\\currentcontrolset\\Control", "A",
                            "2"),
             "which is the one found then");
}

/* --- saving, and without memory ------------------------------------------ */

static void test_save(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = new_hive(5);
    HF_AUTO(hf_buf_done) struct hf_buf saved = { 0 };
    uint8_t bytes[HIVE_MADE_LEN];
    struct hf_err err;

    hf_buf_init(&saved, SAVED_MAX);
    hive_make(bytes, 5);
    HF_CHECK(
        registry && hf_registry_unset(registry, "X", "y", &err) == 0 &&
            hf_registry_save(registry, &saved, &err) == 0 &&
            hf_view_same(hf_buf_peek(&saved), hf_view(bytes, sizeof(bytes))),
        "what did not change is saved as it was");
    saved.len = 0;
    HF_CHECK(registry && set_text(registry, "X", "", "") == 0 &&
                 hf_registry_save(registry, &saved, &err) == 0 &&
                 saved.ptr[4] == 2 && saved.ptr[8] == 2,
             "a change has the next sequence number");
}

static int attempt(void *arg, struct hf_err *err)
{
    static uint8_t data[20000];
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf saved = { 0 };
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_reg_values_done) struct hf_reg_values values = { 0 };
    struct hf_reg_value value = { (char *)"v", HF_REG_BINARY, data,
                                  sizeof(data) };

    hf_buf_init(&saved, SAVED_MAX);
    if (hf_registry_read(HF_REGISTRY_HIVE, "test", hf_view(arg, HIVE_MADE_LEN),
                         &registry, err) < 0 ||
        hf_registry_set(registry, "HKLM\\SYSTEM\\CurrentControlSet\\A", &value,
                        err) < 0 ||
        hf_registry_set(registry, "HKLM\\SYSTEM\\B", &value, err) < 0 ||
        hf_registry_unset(registry, "HKLM\\SYSTEM\\B", "v", err) < 0 ||
        hf_registry_keys(registry, "HKLM\\SYSTEM", &names, err) < 0 ||
        hf_registry_values(registry, "HKLM\\SYSTEM\\ControlSet001\\A", &values,
                           err) < 0 ||
        hf_registry_drop(registry, "HKLM\\SYSTEM\\B", err) < 0 ||
        hf_registry_save(registry, &saved, err) < 0)
        return hf_err_code(err);
    return 0;
}

int main(void)
{
    uint8_t bytes[HIVE_MADE_LEN];

    test_empty();
    test_relative();
    test_mounts();
    test_sizes(5);
    test_sizes(3);
    test_segments();
    test_unset();
    test_growth();
    test_many(5);
    test_many(3);
    test_many(2);
    test_names();
    test_limits();
    test_control_set();
    test_save();
    hive_make(bytes, 5);
    hf_oom_test("a hive changed", HF_OOM_OURS, attempt, bytes);
    return hf_test_end();
}
