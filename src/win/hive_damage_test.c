/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_damage_test.c - hives that are dirty, cut, or made to harm: what can
 * be read is, what is wrong is said, and none of them is written to. */
#include <time.h>

#include "hf_test.h"
#include "hive_maker.h"
#include "hive_peer.h"
#include "plat/test_folder.h"
#include "win/registry.h"

#define SAVED_MAX (64u * 1024 * 1024)
#define KEY "HKLM\\SOFTWARE\\Microsoft"

/* A hive with some of everything; how tests know their way around it. */
struct made {
    struct hf_buf bytes;
};

static void made_done(struct made *made)
{
    hf_buf_done(&made->bytes);
}

static int fill(struct hf_registry *registry, struct hf_err *err)
{
    static uint8_t data[20000];
    struct hf_reg_value value = { (char *)"big", HF_REG_BINARY, data,
                                  sizeof(data) };
    struct hf_reg_value small = { (char *)"small", HF_REG_BINARY, data, 10 };

    if (hf_registry_set(registry, KEY "\\Good", &small, err) < 0 ||
        hf_registry_set(registry, KEY "\\Big", &value, err) < 0 ||
        hf_registry_set(registry, KEY "\\Big\\Below", &small, err) < 0)
        return hf_err_code(err);
    return 0;
}

static bool make(struct made *made)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    uint8_t bytes[HIVE_MADE_LEN];
    struct hf_err err;

    hive_make(bytes, 5);
    hf_buf_init(&made->bytes, SAVED_MAX);
    return hf_registry_read(HF_REGISTRY_HIVE, "made",
                            hf_view(bytes, sizeof(bytes)), &registry,
                            &err) == 0 &&
           fill(registry, &err) == 0 &&
           hf_registry_save(registry, &made->bytes, &err) == 0;
}

static uint32_t get(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

/* The content of cell `at`. */
static uint8_t *cell(struct made *made, uint32_t at)
{
    return made->bytes.ptr + HIVE_BINS + at + 4;
}

/* The key below `key` whose name begins with `name`; HIVE_TOP for the top. */
static uint32_t below(struct made *made, uint32_t key, const char *name)
{
    const uint8_t *list = cell(made, get(cell(made, key) + 28));

    for (size_t i = 0; i < (size_t)list[2]; i++) {
        uint32_t at = get(list + 4 + 8 * i);

        if (memcmp(cell(made, at) + 76, name, strlen(name)) == 0)
            return at;
    }
    return 0;
}

static struct hf_registry *read_made(const struct made *made,
                                     struct hf_err *err)
{
    struct hf_registry *registry = NULL;

    if (hf_registry_read(HF_REGISTRY_HIVE, "made", hf_buf_peek(&made->bytes),
                         &registry, err) < 0)
        return NULL;
    return registry;
}

/* --- dirty --------------------------------------------------------------- */

static void check_refused(struct made *made, const char *why, const char *what)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    struct hf_err err = { 0 };
    const char *said;

    registry = read_made(made, &err);
    said = registry ? hf_registry_incomplete(registry) : NULL;
    HF_CHECK(said && strstr(said, why), "%s: '%s'", what, said ? said : "");
    HF_CHECK(registry &&
                 hf_registry_get(registry, KEY "\\Good", "small", &value,
                                 &err) == 0 &&
                 hf_registry_set(registry, KEY, &value, &err) == HF_E_DENIED,
             "%s: is read, and not written to", what);
}

static void test_dirty(void)
{
    HF_AUTO(made_done) struct made made = { { 0 } };

    if (!make(&made))
        return;
    made.bytes.ptr[4] = 9;
    hive_sum(made.bytes.ptr);
    check_refused(&made, "sequence numbers are 9 and 2", "numbers that differ");
    made.bytes.ptr[8] = 9;
    hive_sum(made.bytes.ptr);
    made.bytes.ptr[508] ^= 0x10;
    check_refused(&made, "check sum of its base block is 0x", "a check sum");
    hive_put(made.bytes.ptr + 40, 0x12345, 4);
    hive_sum(made.bytes.ptr);
    check_refused(&made, "74565 bytes, which cannot be", "an odd length");
    hive_put(made.bytes.ptr + 40, 0x7FFFF000, 4);
    hive_sum(made.bytes.ptr);
    check_refused(&made, "of 2147483648: the rest is missing", "a cut hive");
}

/* A log as Windows 8.1 and newer write it, or an older one. */
static size_t make_log(uint8_t *log, bool newer, uint32_t number)
{
    memset(log, 0, 2048);
    memcpy(log, "regf", 4);
    hive_put(log + 4, number, 4);
    hive_put(log + 8, number, 4);
    hive_put(log + 20, 1, 4);
    hive_put(log + 28, newer ? 6 : 1, 4);
    hive_sum(log);
    memcpy(log + 512, newer ? "HvLE" : "DIRT", 4);
    hive_put(log + 516, 512, 4);
    hive_put(log + 524, number - 1, 4);
    memcpy(log + 1024, "HvLE", 4);
    hive_put(log + 1028, 512, 4);
    hive_put(log + 1036, number, 4);
    memcpy(log + 1536, "HvLE", 4); /* left over: does not follow */
    hive_put(log + 1540, 512, 4);
    hive_put(log + 1548, number + 7, 4);
    return 2048;
}

static void test_log(void)
{
    static const struct {
        const char *hive, *log;
        bool newer;
        uint32_t number;
        bool dirty;
    } row[] = {
        { "SOFTWARE", "SOFTWARE.LOG1", true, 3, true },
        { "SOFTWARE", "SOFTWARE.LOG2", true, 2, false },
        { "NTUSER.DAT", "ntuser.dat.LOG2", true, 5, true },
        { "SYSTEM", "SYSTEM.LOG", false, 3, true },
        { "SYSTEM", "SYSTEM.LOG", false, 2, false },
        { "SYSTEM", "SYSTEM.LOG3", false, 9, false },
        { "SYSTEM", "SYSTEM2.LOG", false, 9, false },
    };
    HF_AUTO(made_done) struct made made = { { 0 } };
    struct test_folder folder;
    uint8_t log[2048];
    struct hf_err err;

    if (!make(&made))
        return;
    test_folder_init(&folder);
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        HF_AUTO(hf_free_ptr)
        char *hive = hf_path_join(folder.path, row[i].hive);
        HF_AUTO(hf_free_ptr)
        char *beside = hf_path_join(folder.path, row[i].log);
        size_t len = make_log(log, row[i].newer, row[i].number);
        const char *why = NULL;

        if (hive && beside &&
            hf_file_write(hive, hf_buf_peek(&made.bytes), 0600, &err) == 0 &&
            hf_file_write(beside, hf_view(log, len), 0600, &err) == 0 &&
            hf_registry_open(HF_REGISTRY_HIVE, hive, &registry, &err) == 0)
            why = hf_registry_incomplete(registry);
        HF_CHECK(registry &&
                     (row[i].dirty ? why && strstr(why, row[i].log) : !why),
                 "%s up to %u beside %s, which is at 2: '%s'", row[i].log,
                 row[i].number, row[i].hive, why ? why : "");
        if (hive && beside)
            (void)unlink(beside);
    }
    test_folder_done(&folder);
}

/* --- what is no hive ----------------------------------------------------- */

static void test_no_hive(void)
{
    static const struct {
        size_t at;
        uint64_t n;
        size_t len; /* of the file */
        const char *why;
    } row[] = {
        { 0, 'r', 0, "too few" },
        { 0, 'r', 4095, "too few" },
        { 0, 'r', 4096, "after its base block" },
        { 0, 'x', 8192, "'regf'" },
        { 20, 2, 8192, "version 2.5" },
        { 24, 1, 8192, "version 1.1" },
        { 28, 6, 8192, "the log of a hive" },
        { 36, 0x21, 8192, "the top key" },
        { 36, 0xFFFFFFF8, 8192, "the top key" },
        { 36, HIVE_SECURITY, 8192, "is not a key" },
        { 36, HIVE_GAP, 8192, "not in use" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_registry *registry = NULL;
        uint8_t bytes[HIVE_MADE_LEN];
        struct hf_err err = { 0 };
        char text[512];
        int rc;

        hive_make(bytes, 5);
        hive_put(bytes + row[i].at, row[i].n, row[i].at ? 4 : 1);
        hive_sum(bytes);
        rc = hf_registry_read(HF_REGISTRY_HIVE, "x", hf_view(bytes, row[i].len),
                              &registry, &err);
        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_PARSE && !registry && strstr(text, row[i].why),
                 "%s", text);
    }
}

/* --- damage -------------------------------------------------------------- */

/* One number put where it does harm; the key that suffers, and what is said.
 */
struct harm {
    const char *name;
    char cell; /* 'k' Big's key, 'l' its list of keys, 'v' its list of values,
                * 'V' its value, 'd' segments, 's' their list, 'b' Below */
    size_t at, len;
    uint64_t n;
    bool values; /* its values are hit, not the keys below it */
    const char *why;
};

static const struct harm harms[] = {
    { "more keys than there is room", 'k', 20, 4, 0x10000000, false, "room" },
    { "more keys than listed", 'k', 20, 4, 2, false, "hold 1" },
    { "a list out of bounds", 'k', 28, 4, 0x7FFFFFF8, false, "no cell" },
    { "a list in the middle of a cell", 'k', 28, 4, 0x24, false, "no cell" },
    { "a key as its own list", 'k', 28, 4, HIVE_TOP, false, "no list" },
    { "a list longer than its cell", 'l', 2, 2, 0xFFFF, false, "it holds" },
    { "a list of leaves that holds a key", 'l', 0, 2, 'r' | 'i' << 8, false,
      "no list" },
    { "a list that names no key", 'l', 4, 4, HIVE_SECURITY, false,
      "is not a key" },
    { "a list that names a key above", 'l', 4, 4, HIVE_TOP, false,
      "is in the list of another" },
    { "a key below another", 'b', 16, 4, HIVE_TOP, false,
      "is in the list of another" },
    { "a key without a name", 'b', 72, 2, 0, false, "a name that cannot be" },
    { "a backslash in a key's name", 'b', 76, 1, '\\', false,
      "a name that cannot be" },
    { "a name longer than its cell", 'b', 72, 2, 0xFFFF, false, "a name of" },
    { "more values than there is room", 'k', 36, 4, 0x1000000, true, "room" },
    { "more values than listed", 'k', 36, 4, 20, true, "too short" },
    { "values out of bounds", 'k', 40, 4, 0xFFFFFFF0, true, "no cell" },
    { "a list that names no value", 'v', 0, 4, HIVE_SECURITY, true,
      "is not a value" },
    { "a value's name out of bounds", 'V', 2, 2, 0x7FFF, true,
      "is not a value" },
    { "8 bytes where 4 can be", 'V', 4, 4, 0x80000008, true, "where 4" },
    { "more data than the hive", 'V', 4, 4, 0x7FFFFFFF, true, "larger" },
    { "more data than its segments", 'V', 4, 4, 21000, true, "segment 1" },
    { "fewer segments than its data", 'd', 2, 2, 1, true, "its cell has" },
    { "segments that are none", 'd', 0, 2, 'x', true, "its cell has" },
    { "a list of segments elsewhere", 'd', 4, 4, 12, true, "no cell" },
    { "a segment elsewhere", 's', 4, 4, 0x10000000, true, "segment 1" },
};

static uint8_t *harm_at(struct made *made, char which)
{
    uint32_t key = below(made, below(made, HIVE_TOP, "Microsoft"), "Big");
    uint8_t *value = cell(made, get(cell(made, get(cell(made, key) + 40))));
    uint8_t *segments = cell(made, get(value + 8));

    switch (which) {
    case 'k':
        return cell(made, key);
    case 'l':
        return cell(made, get(cell(made, key) + 28));
    case 'v':
        return cell(made, get(cell(made, key) + 40));
    case 'V':
        return value;
    case 'd':
        return segments;
    case 's':
        return cell(made, get(segments + 4));
    default:
        return cell(made, below(made, key, "Below"));
    }
}

static void check_harm(const struct harm *harm)
{
    HF_AUTO(made_done) struct made made = { { 0 } };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    struct hf_reg_values values = { 0 };
    struct hf_names names = { 0 };
    struct hf_err err = { 0 };
    char text[1024] = "";
    int rc = 0;

    if (make(&made)) {
        hive_put(harm_at(&made, harm->cell) + harm->at, harm->n, harm->len);
        registry = read_made(&made, &err);
    }
    if (registry)
        rc = harm->values
                 ? hf_registry_values(registry, KEY "\\Big", &values, &err)
                 : hf_registry_keys(registry, KEY "\\Big", &names, &err);
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(rc == HF_E_PARSE && strstr(text, harm->why), "%s: %s", harm->name,
             text);
    HF_CHECK(registry &&
                 hf_registry_get(registry, KEY "\\Good", "small", &value,
                                 &err) == 0 &&
                 hf_registry_set(registry, KEY "\\Good", &value, &err) ==
                     HF_E_DENIED &&
                 hf_registry_incomplete(registry),
             "%s: others are read, nothing is written", harm->name);
}

/* Damage that only a writer meets: reading comes through. */
static void test_unsound(void)
{
    static const struct {
        const char *name, *why;
        uint32_t at; /* in the bins */
        uint32_t n;
    } row[] = {
        { "no bin", "no whole bin", 0, 0 },
        { "a bin larger than the hive", "no whole bin", 8, 0x100000 },
        { "a gap past its bin", "its bin ends", HIVE_GAP, 0x10000 },
        { "a cell of no length", "its bin ends", HIVE_GAP, 0 },
        { "no security", "('sk')", HIVE_TOP + 4 + 44, HIVE_TOP },
        { "security that is a class", "named twice", HIVE_TOP + 4 + 48,
          HIVE_SECURITY },
        { "a cell as its own class", "named twice", HIVE_TOP + 4 + 48,
          HIVE_TOP },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_reg_value value = { (char *)"", HF_REG_SZ, NULL, 0 };
        uint8_t bytes[HIVE_MADE_LEN];
        struct hf_err err = { 0 };
        int rc = 0;

        hive_make(bytes, 5);
        hive_put(bytes + HIVE_BINS + row[i].at, row[i].n, 4);
        hive_put(bytes + HIVE_BINS + HIVE_TOP + 4 + 74, 2, 2); /* a class */
        if (hf_registry_read(HF_REGISTRY_HIVE, "x",
                             hf_view(bytes, sizeof(bytes)), &registry,
                             &err) == 0)
            rc = hf_registry_set(registry, "X", &value, &err);
        HF_CHECK(rc == HF_E_DENIED &&
                     strstr(hf_registry_incomplete(registry), row[i].why),
                 "%s: %s", row[i].name,
                 registry && hf_registry_incomplete(registry)
                     ? hf_registry_incomplete(registry)
                     : "");
    }
}

static uint32_t offset_of(const struct made *made, const uint8_t *content)
{
    return (uint32_t)(content - made->bytes.ptr) - HIVE_BINS - 4;
}

/* What Big's keys or values come to, with a clock at it. */
static void check_bound(const struct made *made, bool values, const char *why,
                        const char *what)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    struct hf_reg_values ret_values = { 0 };
    struct hf_names names = { 0 };
    struct hf_err err = { 0 };
    clock_t took = clock();
    char text[1024];
    int rc = 0;

    registry = read_made(made, &err);
    if (registry)
        rc = values
                 ? hf_registry_values(registry, KEY "\\Big", &ret_values, &err)
                 : hf_registry_keys(registry, KEY "\\Big", &names, &err);
    took = clock() - took;
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(rc == HF_E_PARSE && strstr(text, why) &&
                 !hf_registry_has(registry, KEY "\\Big\\None") &&
                 took < CLOCKS_PER_SEC / 2,
             "%s: %s", what, text);
}

/* The same thing named time and again: what is said is counted, and nobody
 * walks, or copies, what is not there. The first segment of the value becomes
 * the list. */
static void test_repeated(void)
{
    HF_AUTO(made_done) struct made made = { { 0 } };
    uint32_t key, leaf, value;
    uint8_t *list;

    if (!make(&made))
        return;
    key = below(&made, below(&made, HIVE_TOP, "Microsoft"), "Big");
    leaf = get(cell(&made, key) + 28);
    value = offset_of(&made, harm_at(&made, 'V'));
    list = cell(&made, get(harm_at(&made, 's')));
    memcpy(list, "ri", 2);
    hive_put(list + 2, 4000, 2);
    for (size_t i = 0; i < 4000; i++)
        hive_put(list + 4 + 4 * i, leaf, 4);
    hive_put(cell(&made, key) + 28, offset_of(&made, list), 4);
    hive_put(cell(&made, key) + 20, 300, 4);
    check_bound(&made, false, "hold more", "a leaf that is named 4000 times");
    hive_put(list + 4, offset_of(&made, list), 4);
    check_bound(&made, false, "in another of its kind", "a list in itself");
    hive_put(cell(&made, key) + 20, 1, 4);
    hive_put(cell(&made, key) + 28, leaf, 4);
    hive_put(cell(&made, key) + 36, 900, 4);
    hive_put(cell(&made, key) + 40, offset_of(&made, list), 4);
    for (size_t i = 0; i < 900; i++)
        hive_put(list + 4 * i, value, 4);
    check_bound(&made, true, "larger than the hive",
                "a large value that is named 900 times");
}

/* A key that is named twice; and a list that is not sorted, which is no harm
 * while it is short. */
static void test_order(void)
{
    HF_AUTO(made_done) struct made made = { { 0 } };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    uint8_t entry[8], *list;
    struct hf_err err;
    uint32_t key;

    if (!make(&made))
        return;
    key = below(&made, HIVE_TOP, "Microsoft");
    list = cell(&made, get(cell(&made, key) + 28));
    memcpy(entry, list + 4, 8);
    memmove(list + 4, list + 12, 8);
    memcpy(list + 12, entry, 8);
    registry = read_made(&made, &err);
    HF_CHECK(registry && hf_registry_has(registry, KEY "\\Big") &&
                 hf_registry_has(registry, KEY "\\Good") &&
                 !hf_registry_has(registry, KEY "\\None"),
             "a short list that is not sorted");
    memcpy(list + 12, list + 4, 8); /* Good, and Good */
    memcpy(list + 4, entry, 8);
    key = below(&made, key, "Big");
    list = cell(&made, get(cell(&made, key) + 28));
    memcpy(list + 12, list + 4, 8);
    hive_put(list + 2, 2, 2);
    hive_put(cell(&made, key) + 20, 2, 4);
    check_bound(&made, false, "the same name", "a key that is named twice");
}

/* A hive that is cut: of a list whose end is lost, the rest. */
static void test_cut(void)
{
    HF_AUTO(made_done) struct made made = { { 0 } };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    struct hf_err err;
    uint32_t key;
    uint8_t *list;

    if (!make(&made))
        return;
    key = below(&made, HIVE_TOP, "Microsoft");
    list = cell(&made, get(cell(&made, key) + 28));
    hive_put(list + 4, 0x1000000, 4); /* where Big was */
    registry = read_made(&made, &err);
    HF_CHECK(registry &&
                 hf_registry_keys(registry, KEY, &names, &err) == HF_E_PARSE,
             "a lost key is damage where all should be there");
    hf_registry_free(registry);
    registry = NULL;
    hive_put(made.bytes.ptr + 40, 0x2000000, 4);
    hive_sum(made.bytes.ptr);
    registry = read_made(&made, &err);
    HF_CHECK(registry && hf_registry_keys(registry, KEY, &names, &err) == 0 &&
                 names.count == 1 && strcmp(names.name[0], "Good") == 0 &&
                 hf_registry_has(registry, KEY "\\Good"),
             "of a cut hive the others are listed and found");
    hf_registry_free(registry);
    hive_put(cell(&made, HIVE_TOP) + 28, 0x1000000, 4);
    for (size_t i = 0; i < strlen("\\SYSTEM"); i++)
        made.bytes.ptr[48 + 2 * i] = (uint8_t) "\\SYSTEM"[i];
    hive_sum(made.bytes.ptr);
    registry = read_made(&made, &err);
    HF_CHECK(registry &&
                 strcmp(hf_registry_mount(registry), "HKLM\\SYSTEM") == 0,
             "when the top is lost, the name it was saved under says where it "
             "stands");
}

/* A file that shrinks while it is open, and one that is no file. */
static void test_file(void)
{
    HF_AUTO(made_done) struct made made = { { 0 } };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_registry_freep) struct hf_registry *none = NULL;
    HF_AUTO(hive_close_fd) int fd = -1;
    struct hf_reg_value value = { 0 };
    struct hf_err err = { 0 };
    char file[64];

    if (!make(&made))
        return;
    fd = hive_peer_file(hf_buf_peek(&made.bytes), file);
    HF_CHECK(hf_registry_open(HF_REGISTRY_HIVE, file, &registry, &err) == 0 &&
                 ftruncate(fd, 4096) == 0 &&
                 hf_registry_get(registry, KEY "\\Big", "big", &value, &err) ==
                     HF_E_IO,
             "a file that shrinks is an error");
    HF_CHECK(hf_registry_open(HF_REGISTRY_HIVE, "/dev/null", &none, &err) ==
                     HF_E_IO &&
                 hf_registry_open(HF_REGISTRY_HIVE, "/nowhere/SYSTEM", &none,
                                  &err) == HF_E_ABSENT,
             "a device, and nothing at all");
}

int main(void)
{
    test_dirty();
    test_log();
    test_no_hive();
    for (size_t i = 0; i < HF_COUNT(harms); i++)
        check_harm(&harms[i]);
    test_unsound();
    test_repeated();
    test_order();
    test_cut();
    test_file();
    return hf_test_end();
}
