/* SPDX-License-Identifier: Apache-2.0 */
/* store/java_test.c - Java keystores: opened, found, read, changed. */
#include "hf_data.h"
#include "hf_oom.h"
#include "hf_test.h"
#include "store/kind.h"
#include "store/test_change.h"

/* A file of tests/data/keystores below the folder. */
static bool put_store(const struct test_folder *f, const char *name,
                      const char *from)
{
    struct hf_buf bytes;
    struct hf_err err;
    char path[100];
    bool good;

    (void)snprintf(path, sizeof(path), "keystores/%s", from);
    hf_data_read(path, &bytes);
    good = test_put(f, name, "") &&
           hf_file_write(test_at(f, name).text, hf_buf_peek(&bytes), 0644,
                         &err) == 0;
    hf_buf_done(&bytes);
    return good;
}

static const char *spec_of(const struct test_folder *f, const char *name,
                           char spec[PATH_MAX + 8])
{
    (void)snprintf(spec, PATH_MAX + 8, "java:%s", test_at(f, name).text);
    return spec;
}

static void test_kinds(const struct test_folder *f)
{
    static const struct {
        const char *file, *kind;
    } row[] = {
        { "two.jks", "JKS keystore" },
        { "secret.jceks", "JCEKS keystore" },
        { "bare.p12", "PKCS#12 keystore" },
        { "make.sh", "Java keystore" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        char spec[PATH_MAX + 8];
        struct hf_err err;

        HF_CHECK(put_store(f, "kind", row[i].file) &&
                     hf_store_open(spec_of(f, "kind", spec), NULL, &store,
                                   &err) == 0 &&
                     strcmp(hf_store_kind(store), row[i].kind) == 0 &&
                     hf_store_stack(store) == HF_STACK_JAVA &&
                     !hf_store_follow_up(store),
                 "kind: %s", row[i].kind);
    }
}

static void test_entries(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    char spec[PATH_MAX + 8];
    struct hf_err err;
    size_t anchors = 0, held = 0;

    HF_CHECK(put_store(f, "a.jks", "two.jks") &&
                 hf_store_open(spec_of(f, "a.jks", spec), NULL, &store, &err) ==
                     0 &&
                 hf_store_read(store, &list, &err) == 0 && list.count == 3 &&
                 list.damaged == 0 && !list.incomplete,
             "read: three entries");
    for (size_t i = 0; i < list.count; i++) {
        const struct hf_store_entry *entry = &list.entry[i];

        anchors += entry->standing == HF_STANDING_ANCHOR &&
                   strncmp(entry->label, "root ", 5) == 0;
        held += entry->standing == HF_STANDING_HELD &&
                strcmp(entry->label, "my key") == 0 &&
                strstr(entry->where, "a.jks: my key");
    }
    HF_CHECK(anchors == 2 && held == 1, "read: two roots, a key's chain");
}

static void test_password(const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    char spec[PATH_MAX + 8], text[2000];
    struct hf_err err;

    HF_CHECK(put_store(f, "own.p12", "own.p12") &&
                 hf_store_open(spec_of(f, "own.p12", spec), NULL, &store,
                               &err) == 0 &&
                 hf_store_read(store, &list, &err) == HF_E_CRYPTO,
             "password: one is needed");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strstr(text, "--store-password-file") && strstr(text, "own.p12"),
             "password: the text says so");
    HF_CHECK(hf_store_unlock(store, "wrong", &err) == 0 &&
                 hf_store_read(store, &list, &err) == HF_E_CRYPTO,
             "password: a wrong one");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(!strstr(text, "--store-password-file") && !strstr(text, "wrong"),
             "password: the text does not say which");
    HF_CHECK(hf_store_unlock(store, "secret", &err) == 0 &&
                 hf_store_read(store, &list, &err) == 0 && list.count == 1,
             "password: the right one");
}

static void test_changes(const struct test_folder *f)
{
    static const char *const file[] = { "two.jks", "secret.jceks",
                                        "default.p12", "bare.p12" };

    for (size_t i = 0; i < HF_COUNT(file); i++) {
        HF_AUTO(hf_free_ptr) char *before = NULL;
        HF_AUTO(hf_free_ptr) char *after = NULL;
        char spec[PATH_MAX + 8];
        enum hf_undo how = 0;
        struct hf_err err;

        HF_CHECK(put_store(f, "change", file[i]), "change: %s", file[i]);
        before = test_picture(f);
        spec_of(f, "change", spec);
        HF_CHECK(test_change(f, spec, TEST_A TEST_A2 TEST_B, TEST_C, &err) ==
                         3 &&
                     test_holds(f, spec, TEST_A TEST_A2 TEST_B TEST_C) == 3,
                 "change: add three");
        HF_CHECK(test_change(f, spec, TEST_A TEST_A2 TEST_B, TEST_C, &err) == 0,
                 "change: a second run has nothing to do");
        HF_CHECK(test_undo(f, &how, &err) == 3 && how == HF_UNDO_BYTES,
                 "change: undo");
        after = test_picture(f);
        HF_CHECK(strcmp(before, after) == 0, "change: leaves no trace");
        HF_CHECK(test_change(f, spec, TEST_A TEST_B, NULL, &err) == 2 &&
                     put_store(f, "change", file[i]) &&
                     test_undo(f, &how, &err) == 2 &&
                     how == HF_UNDO_CERTIFICATES &&
                     test_holds(f, spec, TEST_A TEST_B) == 0,
                 "change: undo when another has written it");
    }
}

static void test_new(const struct test_folder *f)
{
    char spec[PATH_MAX + 8];
    struct hf_err err;

    spec_of(f, "none.jks", spec);
    HF_CHECK(test_change(f, spec, TEST_A, NULL, &err) == HF_E_ABSENT,
             "a file that is not there");
    HF_CHECK(test_put(f, "none.jks", "") &&
                 test_change(f, spec, TEST_A, NULL, &err) == 1 &&
                 test_holds(f, spec, TEST_A) == 1,
             "an empty file becomes a keystore");
    spec_of(f, "text", spec);
    HF_CHECK(test_put(f, "text", TEST_A) &&
                 test_change(f, spec, TEST_B, NULL, &err) == HF_E_PARSE &&
                 test_is(f, "text", TEST_A),
             "what is no keystore is left alone");
    spec_of(f, "pipe", spec);
    HF_CHECK(mkfifo(test_at(f, "pipe").text, 0600) == 0 &&
                 test_change(f, spec, TEST_B, NULL, &err) == HF_E_IO,
             "a pipe is refused and does not hang");
}

/* --- a JDK ---------------------------------------------------------------- */

static bool opens(const struct test_folder *f, const char *folder,
                  const char *root, const char *want)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    char spec[PATH_MAX + 8];
    struct hf_err err;
    int rc = hf_store_open(spec_of(f, folder, spec), root, &store, &err);

    return want ? rc == 0 && strcmp(store->real, test_at(f, want).text) == 0
                : rc == HF_E_ABSENT;
}

static void test_folders(const struct test_folder *f)
{
    HF_CHECK(test_put(f, "none/bin/java", "") && opens(f, "none", NULL, NULL),
             "a folder that is no JDK");
    HF_CHECK(put_store(f, "jdk8/jre/lib/security/cacerts", "two.jks") &&
                 opens(f, "jdk8", NULL, "jdk8/jre/lib/security/cacerts"),
             "a JDK with a JRE inside");
    HF_CHECK(put_store(f, "jdk/lib/security/cacerts", "two.jks") &&
                 opens(f, "jdk", NULL, "jdk/lib/security/cacerts"),
             "a JDK");
    HF_CHECK(put_store(f, "jdk/lib/security/jssecacerts", "two.jks") &&
                 opens(f, "jdk", NULL, "jdk/lib/security/jssecacerts"),
             "Java prefers jssecacerts");
    HF_CHECK(
        put_store(f, "etc/java/cacerts", "two.jks") &&
            test_link(f, "link/lib/security/cacerts", "/etc/java/cacerts") &&
            opens(f, "link", f->path, "etc/java/cacerts") &&
            opens(f, "link/lib/security/cacerts", f->path, "etc/java/cacerts"),
        "links lead where they lead below the root");
}

/* How many Java keystores are found below the folder; -1: an error. */
static int count_found(const struct test_folder *f, const char *with)
{
    struct hf_stores stores = { 0 };
    struct hf_err err;
    int count = hf_java_find(f->path, &stores, &err);
    bool has = *with == '\0';

    if (count == 0)
        count = (int)stores.count;
    for (size_t i = 0; i < stores.count && !has; i++)
        has = strcmp(stores.store[i]->real, test_at(f, with).text) == 0;
    hf_stores_done(&stores);
    return has ? count : -1;
}

static void test_find(void)
{
    static const char *const place[] = {
        "etc/ssl/certs/java/cacerts",
        "etc/pki/java/cacerts",
        "var/lib/ca-certificates/java-cacerts",
        "usr/lib/jvm/java-17/lib/security/cacerts",
        "usr/lib/jvm/java-17/lib/security/jssecacerts",
        "usr/lib/jvm/java-8/jre/lib/security/cacerts",
        "opt/jdk-21/lib/security/cacerts",
        "opt/java/openjdk/lib/security/cacerts",
        "usr/java/jdk1.8/jre/lib/security/cacerts",
        "Library/Java/JavaVirtualMachines/a/Contents/Home/lib/security/cacerts",
        "home/u/.sdkman/candidates/java/17.0.1-tem/lib/security/cacerts",
        "Program Files/Java/jre1.8.0_401/lib/security/cacerts",
        "Program Files (x86)/Java/jre7/lib/security/cacerts",
        "Program Files/Eclipse Adoptium/jdk-17/lib/security/cacerts",
    };
    struct test_folder f = { 0 };

    test_folder_init(&f);
    HF_CHECK(count_found(&f, "") == 0, "find: nothing");
    HF_CHECK(test_put(&f, "etc/passwd",
                      "root:x:0:0:root:/root:/bin/sh\n"
                      "daemon:x:1:1::/home/d:/bin/sh\nbroken\n"
                      "u:x:1000:1000:U:/home/u:/bin/sh\n"
                      "v:x:1001:1001:V:/home/u:/bin/sh"),
             "find: a system with users");
    for (size_t i = 0; i < HF_COUNT(place); i++)
        HF_CHECK(put_store(&f, place[i], "two.jks") &&
                     count_found(&f, place[i]) == (int)i + 1,
                 "find: %s", place[i]);
    HF_CHECK(test_link(&f, "usr/lib/jvm/default", "java-17") &&
                 test_link(&f, "usr/lib/jvm/java-21/lib/security/cacerts",
                           "/etc/ssl/certs/java/cacerts") &&
                 test_link(&f, "usr/lib/jvm/loop", "loop") &&
                 test_link(&f, "usr/lib/jvm/out/lib/security/cacerts",
                           "../../../../../../../../etc/hostname") &&
                 test_put(&f, "opt/tool/lib/security/cacerts/README", "") &&
                 count_found(&f, "") == (int)HF_COUNT(place),
             "find: links to them, and what is none, add nothing");
    test_folder_done(&f);
}

/* A system that somebody made to keep us busy. */
static void test_bounds(void)
{
    struct test_folder f = { 0 };
    char name[100];
    bool made = true;

    test_folder_init(&f);
    for (int i = 0; i < 300 && made; i++) {
        (void)snprintf(name, sizeof(name), "opt/%d/lib/security/cacerts", i);
        made = test_put(&f, name, "");
    }
    HF_CHECK(made && count_found(&f, "") == 200, "find: 200 at most");
    test_folder_done(&f);
}

/* --- memory runs out ------------------------------------------------------ */

static int find_all(void *arg, struct hf_err *err)
{
    const struct test_folder *f = arg;
    struct hf_stores stores = { 0 };
    int rc = hf_java_find(f->path, &stores, err);

    hf_stores_done(&stores);
    return rc;
}

static int read_one(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };

    if (hf_store_open(arg, NULL, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, &list, err);
}

static void test_memory(const struct test_folder *f)
{
    char spec[PATH_MAX + 8];
    struct test_folder system = { 0 };

    (void)spec_of(f, "a.jks", spec);
    hf_oom_test("read", HF_OOM_OURS, read_one, spec);
    test_folder_init(&system);
    HF_CHECK(test_put(&system, "etc/passwd", "u:x:1000:1000:U:/home/u:\n") &&
                 put_store(&system, "opt/a/lib/security/cacerts", "two.jks") &&
                 put_store(&system, "home/u/.jdks/b/lib/security/cacerts",
                           "two.jks"),
             "a small system");
    hf_oom_test("find", HF_OOM_OURS, find_all, &system);
    test_folder_done(&system);
}

int main(void)
{
    struct test_folder folder;

    test_folder_init(&folder);
    HF_CHECK(test_state(&folder), "a state folder");
    test_kinds(&folder);
    test_entries(&folder);
    test_password(&folder);
    test_changes(&folder);
    test_new(&folder);
    test_folders(&folder);
    test_find();
    test_bounds();
    test_memory(&folder);
    test_folder_done(&folder);
    return hf_test_end();
}
