/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_test.c - profiles of NSS: read, damaged, found. */
#include "store/nss.h"

#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_nss.h"

static const struct hf_store_entry *labelled(const struct hf_store_list *list,
                                             const char *label)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->entry[i].label && strcmp(list->entry[i].label, label) == 0)
            return &list->entry[i];
    return NULL;
}

/* --- reading -------------------------------------------------------------- */

static void test_standing(const struct test_folder *f)
{
    static const struct nss_row rows[] = {
        { TEST_A, "A", "C,," },         { TEST_B, "B", "p,p,p" },
        { TEST_C, "C \xc3\xa4", ",," }, { TEST_D, "D", "P,," },
        { TEST_A2, "A", "CT,C,C" },
    };
    static const struct {
        const char *label;
        enum hf_standing standing;
        unsigned purposes;
    } want[] = {
        { "B", HF_STANDING_REFUSED, 0 },
        { "C \xc3\xa4", HF_STANDING_ISSUER, 0 },
        { "D", HF_STANDING_HELD, 0 },
    };
    HF_AUTO(hf_store_list_done) struct hf_store_list found = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    struct hf_err err;
    uint64_t before;
    unsigned all = 0;

    HF_CHECK(nss_make(f, "all", "sql", "", rows, HF_COUNT(rows)),
             "libnss3 makes a profile");
    before = nss_picture(f, "all");
    HF_CHECK(nss_list(f, "all", &found, &err) == 0 && found.count == 5 &&
                 found.damaged == 0 && !found.incomplete,
             "all of them are listed");
    for (size_t i = 0; i < HF_COUNT(want); i++) {
        const struct hf_store_entry *one = labelled(&found, want[i].label);

        HF_CHECK(one && one->standing == want[i].standing &&
                     one->purposes == want[i].purposes,
                 "'%s' stands as it is", want[i].label);
    }
    for (size_t i = 0; i < found.count; i++)
        if (found.entry[i].standing == HF_STANDING_ANCHOR)
            all |= found.entry[i].purposes == HF_PURPOSE_TLS_SERVER
                       ? 256
                       : found.entry[i].purposes;
    HF_CHECK(all == (256 | HF_PURPOSE_TLS_SERVER | HF_PURPOSE_TLS_CLIENT |
                     HF_PURPOSE_EMAIL | HF_PURPOSE_CODE),
             "anchors say what for");
    hf_store_list_anchors(&found, HF_PURPOSE_TLS_SERVER, &anchors);
    HF_CHECK(anchors.count == 2, "two are trusted for TLS servers");
    HF_CHECK(labelled(&found, "B") &&
                 strstr(labelled(&found, "B")->where, "/all: B") &&
                 labelled(&found, "D")->place &&
                 strcmp(labelled(&found, "D")->place, "trusted peer") == 0,
             "each says where it stands");
    HF_CHECK(before == nss_picture(f, "all"), "the profile is as it was");
}

static void test_several(const struct test_folder *f)
{
    static const struct nss_row row = { TEST_A, "A", "C,," };
    struct hf_err err;

    HF_CHECK(nss_make(f, "one", "sql", "", &row, 1) &&
                 nss_make(f, "none", "sql", "", NULL, 0) &&
                 test_put(f, "bad/cert9.db", "this is no database, not at all"),
             "three profiles");
    HF_CHECK(nss_count(f, "one", &err) == 1 && nss_count(f, "bad", &err) < 0 &&
                 nss_count(f, "none", &err) == 0 &&
                 nss_count(f, "all", &err) == 5,
             "several in one process, a bad one between them");
    HF_CHECK(unlink(test_at(f, "one/key4.db").text) == 0 &&
                 nss_count(f, "one", &err) == 1 &&
                 !hf_path_exists(test_at(f, "one/key4.db").text),
             "a profile without keys");
}

static void test_old(const struct test_folder *f)
{
    static const struct nss_row row = { TEST_A, "A", "C,," };
    HF_AUTO(hf_store_list_done) struct hf_store_list found = { 0 };
    struct hf_err err;

    /* a build of NSS may have left the old format out */
    if (!nss_make(f, "old", "dbm", "", &row, 1)) {
        HF_CHECK(test_put(f, "old/cert8.db", "x") &&
                     nss_count(f, "old", &err) == HF_E_PARSE,
                 "an old profile, without the means to read it");
        return;
    }
    HF_CHECK(nss_list(f, "old", &found, &err) == 0 && found.count == 1 &&
                 found.entry[0].standing == HF_STANDING_ANCHOR,
             "an old profile is read");
    HF_CHECK(test_change(f, nss_spec(f, "old").text, TEST_B, NULL, &err) ==
                     HF_E_DENIED &&
                 strstr(err.frame[0].text, "cert8.db"),
             "an old profile is not changed");
    HF_CHECK(test_put(f, "old/cert8.db", "") &&
                 nss_count(f, "old", &err) == HF_E_PARSE,
             "an old profile that is empty");
}

static void test_absent(const struct test_folder *f)
{
    static const struct {
        const char *name, *text;
        enum hf_code code;
    } row[] = {
        { "empty", "certutil -N", HF_E_ABSENT },
        { "nowhere", "no file or folder", HF_E_ABSENT },
        { "empty/file", "name the profile's folder", HF_E_USAGE },
    };
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    struct test_path at = test_at(f, "all");
    char spec[PATH_MAX + 16];
    struct hf_err err;

    HF_CHECK(test_put(f, "empty/file", "x"), "a folder that is no profile");
    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(nss_count(f, row[i].name, &err) == (int)row[i].code &&
                     strstr(err.frame[0].text, row[i].text),
                 "'%s' is no profile", row[i].name);
    (void)snprintf(spec, sizeof(spec), "nss:sql:%s", at.text);
    HF_CHECK(hf_store_open(spec, f->path, &store, &err) == 0 &&
                 strcmp(hf_store_path(store), at.text) == 0 &&
                 hf_store_stack(store) == HF_STACK_NSS,
             "NSS's own way to write it");
}

/* Two readings begun, one of them given up after signals are let go. */
static void test_begun(const struct test_folder *f)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_store_freep) struct hf_store *a = NULL;
    HF_AUTO(hf_store_freep) struct hf_store *b = NULL;
    struct hf_store *both[2];
    sigset_t before, now;
    struct hf_err err;

    if (hf_store_open(nss_spec(f, "all").text, f->path, &a, &err) < 0 ||
        hf_store_open(nss_spec(f, "one").text, f->path, &b, &err) < 0) {
        HF_CHECK(false, "two profiles open");
        return;
    }
    both[0] = a;
    both[1] = b;
    hf_stores_begin(both, 2, &before);
    HF_CHECK(hf_store_begun(a) && hf_store_begun(b) &&
                 sigprocmask(SIG_BLOCK, NULL, &now) == 0 &&
                 sigismember(&now, SIGINT) == 1,
             "two readings begun, and signals wait");
    HF_CHECK(hf_store_read(a, &list, &err) == 0 && list.count == 5 &&
                 sigprocmask(SIG_BLOCK, NULL, &now) == 0 &&
                 sigismember(&now, SIGTERM) == 1,
             "one is read, and signals still wait");
    hf_stores_begun(&before);
    hf_store_free(HF_STEAL(b));
    HF_CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 &&
                 sigismember(&now, SIGINT) == 0 &&
                 sigismember(&now, SIGTERM) == 0 &&
                 waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
             "the other is given up: no signal waits, no child is left");
}

/* --- damage --------------------------------------------------------------- */

/* `len` bytes of a good database, from `from` on zeros. */
static bool put_cut(const struct test_folder *f, size_t len, size_t zeros_from)
{
    struct hf_buf bytes;
    struct hf_err err;
    bool good;

    hf_buf_init(&bytes, HF_NSS_FILE_MAX);
    (void)unlink(test_at(f, "hurt/cert9.db").text);
    good = hf_file_mkdirs(test_at(f, "hurt").text, 0755, &err) == 0 &&
           hf_file_read(test_at(f, "all/cert9.db").text, &bytes, &err) == 0;
    len = len < bytes.len ? len : bytes.len;
    if (zeros_from < len)
        memset(bytes.ptr + zeros_from, 0, len - zeros_from);
    good = good && hf_file_write(test_at(f, "hurt/cert9.db").text,
                                 hf_view(bytes.ptr, len), 0644, &err) == 0;
    hf_buf_done(&bytes);
    return good;
}

static void test_damage(const struct test_folder *f)
{
    static const struct {
        const char *name, *text;
        size_t len, zeros_from;
    } row[] = {
        { "empty", "offset 0: the file is empty", 0, SIZE_MAX },
        { "cut in the header", "offset 99", 99, SIZE_MAX },
        { "cut", "offset 9000: the file is cut: its header says", 9000,
          SIZE_MAX },
        { "zeros", "offset 0: expected an SQLite database", SIZE_MAX, 0 },
        { "zeros after the header", "NSS cannot", SIZE_MAX, 100 },
        { "zeros after the first page", "NSS cannot", SIZE_MAX, 4096 },
    };
    struct hf_err err;
    char text[1000];

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        int rc = put_cut(f, row[i].len, row[i].zeros_from)
                     ? nss_count(f, "hurt", &err)
                     : 0;

        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_PARSE && strstr(text, row[i].text),
                 "damaged: %s: %s", row[i].name, text);
    }
}

/* A page that is lost may hold certificates: then nobody is told that these
 * are all. */
static void test_lost_page(const struct test_folder *f)
{
    struct test_path at = test_at(f, "hurt/cert9.db");
    unsigned pages = 0, told = 0;
    struct hf_buf bytes;
    struct hf_err err;

    hf_buf_init(&bytes, HF_NSS_FILE_MAX);
    if (hf_file_read(test_at(f, "all/cert9.db").text, &bytes, &err) < 0)
        return;
    for (size_t i = 4096; i + 4096 <= bytes.len; i += 4096) {
        HF_AUTO(hf_store_list_done) struct hf_store_list found = { 0 };
        uint8_t was[4096];
        int rc;

        memcpy(was, bytes.ptr + i, sizeof(was));
        memset(bytes.ptr + i, 0, sizeof(was));
        rc = hf_file_write(at.text, hf_buf_peek(&bytes), 0644, &err);
        memcpy(bytes.ptr + i, was, sizeof(was));
        if (rc == 0)
            rc = nss_list(f, "hurt", &found, &err);
        pages++;
        told += rc == HF_E_PARSE || (rc == 0 && found.incomplete);
    }
    HF_CHECK(pages > 4 && told == pages,
             "each of %u pages is missed when it is lost", pages);
    hf_buf_done(&bytes);
}

static void test_no_file(const struct test_folder *f)
{
    struct test_path at = test_at(f, "hurt/cert9.db");
    struct hf_err err;

    (void)unlink(at.text);
    HF_CHECK(mkdir(at.text, 0755) == 0 && nss_count(f, "hurt", &err) == HF_E_IO,
             "a folder in its place");
    HF_CHECK(rmdir(at.text) == 0 && mkfifo(at.text, 0600) == 0 &&
                 nss_count(f, "hurt", &err) == HF_E_IO,
             "a pipe in its place");
    HF_CHECK(unlink(at.text) == 0 && symlink("cert9.db", at.text) == 0 &&
                 nss_count(f, "hurt", &err) < 0 && err.n > 0,
             "a link to itself");
    HF_CHECK(unlink(at.text) == 0 && symlink("/etc/passwd", at.text) == 0 &&
                 nss_count(f, "hurt", &err) == HF_E_ABSENT,
             "a link out of the root");
    HF_CHECK(unlink(at.text) == 0 && symlink("/all/cert9.db", at.text) == 0 &&
                 nss_count(f, "hurt", &err) == 5,
             "a link within the root");
    HF_CHECK(nss_count(f, "all", &err) == 5, "a good one after the bad ones");
}

/* Whatever bytes change: an answer, no crash of ours, none that hangs. */
static void test_mangled(const struct test_folder *f)
{
    struct test_path at = test_at(f, "hurt/cert9.db");
    unsigned tries = 0, sound = 0;
    struct hf_buf bytes;
    struct hf_err err;

    hf_buf_init(&bytes, HF_NSS_FILE_MAX);
    (void)unlink(at.text);
    if (hf_file_read(test_at(f, "all/cert9.db").text, &bytes, &err) < 0)
        return;
    for (size_t i = 16; i < bytes.len; i += i < 120 ? 13 : 2221) {
        uint8_t was = bytes.ptr[i];
        int rc;

        bytes.ptr[i] ^= 0xff;
        rc = hf_file_write(at.text, hf_buf_peek(&bytes), 0644, &err);
        if (rc == 0)
            rc = nss_count(f, "hurt", &err);
        bytes.ptr[i] = was;
        tries++;
        sound += rc >= 0 || (rc == HF_E_PARSE && err.n > 0);
    }
    HF_CHECK(tries > 15 && sound == tries, "%u mangled databases", tries);
    hf_buf_done(&bytes);
}

/* --- finding -------------------------------------------------------------- */

static bool found(const struct hf_stores *stores, const struct test_folder *f,
                  const char *name)
{
    struct test_path want = test_at(f, name);

    for (size_t i = 0; i < stores->count; i++)
        if (strcmp(hf_store_path(stores->store[i]), want.text) == 0)
            return true;
    return false;
}

static void test_find(const struct test_folder *f)
{
    static const char *const profiles[] = {
        "etc/pki/nssdb",
        "home/u/.pki/nssdb",
        "home/u/.mozilla/firefox/x.default",
        "root/.thunderbird/y",
        "home/u/snap/firefox/common/.mozilla/firefox/z",
        "home/u/snap/chromium/123/.pki/nssdb",
        "home/u/.var/app/org.mozilla.firefox/.mozilla/firefox/w",
        "home/u/.var/app/org.chromium.Chromium/.pki/nssdb",
    };
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_err err;
    char path[200];
    bool good = test_put(f, "etc/passwd",
                         "root:x:0:0:root:/root:/bin/sh\n"
                         "daemon:x:1:1::/home/daemon:/bin/sh\n"
                         "u:x:1000:1000:U:/home/u:/bin/sh\n"
                         "u2:x:1001:1000:U:/home/./u:/bin/sh\n"
                         "gone:x:1002:1000:U:/home/gone:/bin/sh\n"
                         "short:x:1003\n::::::\n\n") &&
                test_put(f, "home/daemon/.pki/nssdb/cert9.db", "x") &&
                test_put(f, "home/u/.mozilla/firefox/profiles.ini", "x") &&
                test_put(f, "home/u/.mozilla/firefox/none/x", "x") &&
                test_link(f, "home/u/.mozilla/firefox/again", "x.default") &&
                test_link(f, "home/u/.mozilla/firefox/out", "/../../all") &&
                test_link(f, "home/u/snap/chromium/current", "123");

    for (size_t i = 0; i < HF_COUNT(profiles); i++) {
        (void)snprintf(path, sizeof(path), "%s/cert9.db", profiles[i]);
        good = good && (hf_path_exists(test_at(f, path).text) ||
                        test_put(f, path, "x"));
    }
    HF_CHECK(good && hf_nss_find(f->path, &stores, &err) == 0,
             "a system's profiles are looked for");
    for (size_t i = 0; i < HF_COUNT(profiles); i++)
        HF_CHECK(found(&stores, f, profiles[i]), "found: %s", profiles[i]);
    HF_CHECK(found(&stores, f, "all") && stores.count == HF_COUNT(profiles) + 1,
             "none twice, none outside the root, none of a service");
}

static void test_builtin(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list roots = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    struct hf_err err;
    int rc = hf_store_open("nss:builtin", NULL, &store, &err);

    if (rc < 0) {
        HF_CHECK(rc == HF_E_ABSENT, "no built-in roots are installed");
        return;
    }
    rc = hf_store_read(store, &roots, &err);
    hf_store_list_anchors(&roots, HF_PURPOSE_TLS_SERVER, &anchors);
    HF_CHECK(rc == 0 && anchors.count > 50 && roots.damaged == 0,
             "the roots built into NSS");
    HF_CHECK(hf_store_may_change(store, &err) == HF_E_DENIED,
             "they are not changed");
}

static int attempt(void *arg, struct hf_err *err)
{
    int rc = nss_count(arg, "all", err);

    return rc < 0 ? rc : 0;
}

int main(void)
{
    struct test_folder folder;

    test_folder_init(&folder);
    test_standing(&folder);
    test_several(&folder);
    test_old(&folder);
    test_absent(&folder);
    test_begun(&folder);
    test_damage(&folder);
    test_lost_page(&folder);
    test_no_file(&folder);
    test_mangled(&folder);
    test_find(&folder);
    test_builtin();
    hf_oom_test("read", HF_OOM_OURS, attempt, &folder);
    test_folder_done(&folder);
    return hf_test_end();
}
