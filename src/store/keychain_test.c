/* SPDX-License-Identifier: Apache-2.0 */
/* store/keychain_test.c - macOS keychains: read, found, not changed. */
#include "store/kych.h"

#include "hf_mangle.h"
#include "hf_oom.h"
#include "store/kind.h"
#include "store/test_change.h"
#include "store/test_kych.h"

#define ROOTS "System/Library/Keychains/SystemRootCertificates.keychain"
#define SYSTEM "Library/Keychains/System.keychain"
#define FIRST_SLOT (KYCH_CERTS_AT + 28)

static struct hf_buf sample(const char *name, unsigned keys)
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = test_certs(TEST_A, TEST_B);

    return kych_make(&certs, name, keys);
}

static void put_u32(struct hf_buf *file, size_t at, uint32_t n)
{
    for (size_t i = 0; i < 4; i++)
        file->ptr[at + i] = (uint8_t)(n >> (24 - 8 * i));
}

static bool put_bytes(const struct test_folder *f, const char *name,
                      const struct hf_buf *file)
{
    struct hf_err err;

    return test_put(f, name, "") &&
           hf_file_write(test_at(f, name).text, hf_buf_peek(file), 0644,
                         &err) == 0;
}

static int open_file(const struct test_folder *f, const char *name,
                     struct hf_store **ret_store, struct hf_err *err)
{
    char spec[PATH_MAX + 16];

    (void)snprintf(spec, sizeof(spec), "keychain:%s", test_at(f, name).text);
    return hf_store_open(spec, NULL, ret_store, err);
}

static int read_list(const struct test_folder *f, const char *name,
                     struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;

    if (open_file(f, name, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, list, err);
}

/* --- the format ---------------------------------------------------------- */

struct seen {
    size_t certs, faults;
};

static int see(void *user, const struct hf_kych_record *record,
               struct hf_err *err)
{
    struct seen *seen = user;

    (void)err;
    if (record->fault)
        seen->faults++;
    else
        seen->certs++;
    return 0;
}

static void test_format(void)
{
    static const struct {
        const char *name;
        size_t at;
        uint32_t value;
        size_t certs, faults;
        const char *want; /* of the error, or NULL: none */
    } row[] = {
        { "as it is", 8, 16, 2, 0, NULL },
        { "a newer minor version", 4, 0x10001, 2, 0, NULL },
        { "another version", 4, 0x20000, 0, 0, "offset 4: a keychain of" },
        { "another file", 0, 0x30820100, 0, 0, "offset 0: expected a key" },
        { "tables elsewhere", 12, 0xfffffff0, 0, 0, "offset 4294967280: " },
        { "4 G tables", 24, 0xffffffff, 0, 0, "offset 20: the array of 4294" },
        { "a table elsewhere", 28, 0xfffffff0, 0, 0,
          "offset 4294967300: expected a table" },
        { "a table of 3 bytes", KYCH_CERTS_AT, 3, 0, 0,
          "offset 68: a table of 3 bytes" },
        { "a table that is cut", KYCH_CERTS_AT, 0xffffff, 2, 0,
          "offset 68: a table of 16777215 bytes is cut" },
        { "a table twice", 28, 16 + 32, 2, 0,
          "offset 112: the parts of the keychain overlap" },
        { "4 G records", KYCH_CERTS_AT + 24, 0xffffffff, 0, 0,
          "offset 92: 4294967295 records do not fit" },
        { "a record elsewhere", FIRST_SLOT, 0xfffffff0, 1, 1, NULL },
        { "a record at the end", FIRST_SLOT, 900, 1, 1, NULL },
        { "a record twice", FIRST_SLOT + 8, 44, 2, 0,
          "offset 112: the parts of the keychain overlap" },
        { "a record that was deleted", FIRST_SLOT, 45, 1, 0, NULL },
        { "a record of 4 GB", KYCH_CERTS_AT + 44, 0xffffffff, 1, 1, NULL },
        { "a record of 8 bytes", KYCH_CERTS_AT + 44, 8, 1, 1, NULL },
        { "a certificate of 4 GB", KYCH_CERTS_AT + 44 + 16, 0xffffffff, 1, 1,
          NULL },
        { "a name elsewhere", KYCH_CERTS_AT + 44 + 32, 0xffffffff, 2, 0, NULL },
        { "a name in the head", KYCH_CERTS_AT + 44 + 32, 4, 2, 0, NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf file = sample("name", 0);
        struct hf_kych_about about = { 0 };
        struct seen seen = { 0 };
        struct hf_err err = { 0 };
        int rc;

        put_u32(&file, row[i].at, row[i].value);
        rc = hf_kych_read(hf_buf_peek(&file), see, &seen, &about, &err);
        HF_CHECK(
            rc == (row[i].want ? HF_E_PARSE : 0) &&
                (!row[i].want || hf_view_starts(hf_view_text(err.frame[0].text),
                                                row[i].want)) &&
                seen.certs == row[i].certs && seen.faults == row[i].faults,
            "format: %s", row[i].name);
    }
}

static void test_limit(void)
{
    size_t slots = HF_KYCH_COUNT_MAX + 1;
    HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };
    struct hf_kych_about about = { 0 };
    struct seen seen = { 0 };
    struct hf_err err = { 0 };

    hf_buf_init(&file, HF_KYCH_MAX);
    hf_buf_text(&file, "kych");
    kych_u32(&file, 0x10000);
    kych_u32(&file, 16);
    kych_u32(&file, KYCH_TABLES_AT);
    kych_u32(&file, 0);
    kych_u32(&file, 12);
    kych_u32(&file, 1);
    kych_u32(&file, 12);
    kych_table(&file, 28 + 4 * slots, 0x80001000, slots, slots);
    for (size_t i = 0; i < slots; i++)
        kych_u32(&file, 0xfffffff0);
    for (size_t i = 0; i < 16 * slots; i++)
        kych_u32(&file, 0);
    HF_CHECK(hf_kych_read(hf_buf_peek(&file), see, &seen, &about, &err) ==
                     HF_E_LIMIT &&
                 seen.faults == HF_KYCH_COUNT_MAX,
             "format: as many records as are allowed, and one more");
}

/* --- the store ----------------------------------------------------------- */

static void test_read(const struct test_folder *f)
{
    static const struct {
        const char *file;
        unsigned keys;
        enum hf_standing standing;
    } row[] = {
        { "SystemRootCertificates.keychain", 0, HF_STANDING_ANCHOR },
        { "X509Anchors", 0, HF_STANDING_ANCHOR },
        { "SystemCACertificates.keychain", 0, HF_STANDING_ISSUER },
        { "System.keychain", 0, HF_STANDING_HELD },
        { "login.keychain-db", 3, HF_STANDING_HELD },
        { "work.keychain", 1, HF_STANDING_HELD },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf file = sample("N", row[i].keys);
        HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
        struct hf_err err;

        HF_CHECK(put_bytes(f, row[i].file, &file) &&
                     read_list(f, row[i].file, &list, &err) == 0 &&
                     list.count == 2 && !list.incomplete &&
                     list.entry[0].standing == row[i].standing &&
                     list.entry[1].standing == row[i].standing,
                 "read: in %s: %s", row[i].file,
                 hf_standing_name(row[i].standing));
    }
}

static void test_labels(const struct test_folder *f)
{
    static const struct {
        const char *name, *want;
    } row[] = {
        { "Prüfung", "Prüfung" },
        { "Pr\xfc"
          "fung",
          "Pr\\xfcfung" },
        { "", NULL },
        { NULL, NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf file = sample(row[i].name, 0);
        HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
        const char *label;
        struct hf_err err;

        if (!put_bytes(f, "l", &file) || read_list(f, "l", &list, &err) < 0 ||
            list.count != 2)
            continue;
        label = list.entry[1].label;
        HF_CHECK((!label && !row[i].want) ||
                     (label && row[i].want && strcmp(label, row[i].want) == 0),
                 "label: '%s'", row[i].want ? row[i].want : "none");
        HF_CHECK(strstr(list.entry[0].where, "/l: offset 112"),
                 "label: and where it stands");
    }
}

static void test_damaged(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample("N", 0);
    HF_AUTO(hf_store_list_done) struct hf_store_list bad = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list less = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list cut = { 0 };
    struct hf_err err;

    file.ptr[KYCH_CERTS_AT + 44 + KYCH_RECORD_MIN] = 0;
    HF_CHECK(put_bytes(f, "d", &file) && read_list(f, "d", &bad, &err) == 0 &&
                 bad.count == 2 && bad.damaged == 1 && bad.entry[0].fault,
             "damaged: what is no certificate is listed as such");
    put_u32(&file, FIRST_SLOT, 0);
    HF_CHECK(put_bytes(f, "d", &file) && read_list(f, "d", &less, &err) == 0 &&
                 less.count == 1 && less.incomplete,
             "damaged: fewer records than the table counts");
    file.len -= 8;
    HF_CHECK(put_bytes(f, "d", &file) && read_list(f, "d", &cut, &err) == 0 &&
                 cut.count == 1 && cut.damaged == 1 && cut.incomplete &&
                 strstr(cut.incomplete, "offset 68"),
             "damaged: a file that is cut");
    file.len = 30;
    HF_CHECK(put_bytes(f, "d", &file) &&
                 read_list(f, "d", &cut, &err) == HF_E_PARSE,
             "damaged: a file that is cut before the first certificate");
}

static void test_change_refused(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample("N", 0);
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    char spec[PATH_MAX + 16];
    struct hf_err err;

    (void)snprintf(spec, sizeof(spec), "keychain:%s", test_at(f, "k").text);
    HF_CHECK(put_bytes(f, "k", &file) && open_file(f, "k", &store, &err) == 0 &&
                 hf_store_stack(store) == HF_STACK_MACOS &&
                 hf_store_may_change(store, &err) == HF_E_DENIED &&
                 strstr(err.frame[0].text, "security add-trusted-cert"),
             "change: refused, with what to type on the Mac");
    HF_CHECK(test_change(f, spec, TEST_C, NULL, &err) == HF_E_DENIED,
             "change: not staged either");
}

static void test_find(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample("N", 0);
    HF_AUTO(hf_stores_done) struct hf_stores none = { 0 };
    HF_AUTO(hf_stores_done) struct hf_stores two = { 0 };
    struct hf_err err;

    HF_CHECK(hf_keychain_find(f->path, &none, &err) == 0 && none.count == 0,
             "find: none");
    HF_CHECK(put_bytes(f, ROOTS, &file) && put_bytes(f, SYSTEM, &file) &&
                 hf_keychain_find(f->path, &two, &err) == 0 && two.count == 2 &&
                 strstr(hf_store_path(two.store[0]), ROOTS) &&
                 strstr(hf_store_path(two.store[1]), SYSTEM),
             "find: Apple's roots and the system's keychain");
}

/* --- damage, and no memory ----------------------------------------------- */

static int read_kych(struct hf_view bytes, void *user, struct hf_err *err)
{
    struct hf_kych_about about = { 0 };

    return hf_kych_read(bytes, see, user, &about, err);
}

static void test_mangled(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample("name", 0);
    struct seen seen = { 0 };

    HF_CHECK(hf_mangle(hf_buf_peek(&file), read_kych, &seen) == 0 &&
                 seen.certs > file.len && seen.faults > 0,
             "mangled: %zu certificates, %zu faults", seen.certs, seen.faults);
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    const struct test_folder *f = arg;

    if (hf_keychain_find(f->path, &stores, err) < 0)
        return hf_err_code(err);
    return hf_store_read(stores.store[0], &list, err);
}

int main(void)
{
    struct test_folder f;

    test_folder_init(&f);
    if (!test_state(&f))
        return 1;
    test_format();
    test_limit();
    test_read(&f);
    test_labels(&f);
    test_damaged(&f);
    test_change_refused(&f);
    test_find(&f);
    test_mangled();
    hf_oom_test("memory", HF_OOM_OURS, attempt, &f);
    test_folder_done(&f);
    return hf_test_end();
}
