/* SPDX-License-Identifier: Apache-2.0 */
/* store/linux_test.c - the layouts of the distributions. */
#include "hf_oom.h"
#include "hf_test.h"
#include "store/test_change.h"

static const struct layout {
    const char *name, *kind, *follow_up, *bundle;
    bool (*make)(const struct test_folder *f);
    const char *source, *link, *link_target; /* what adding B makes */
    const char *gone, *made;                 /* what removing C makes */
} layouts[] = {
    { "Debian", "Debian bundle", NULL, "etc/ssl/certs/ca-certificates.crt",
      tree_debian, "usr/local/share/ca-certificates/", "etc/ssl/certs/",
      "/usr/local/share/ca-certificates/", "etc/ssl/certs/f887fc89.0", NULL },
    { "Alpine", "Alpine bundle", NULL, "etc/ssl/certs/ca-certificates.crt",
      tree_alpine, "usr/local/share/ca-certificates/", "etc/ssl/certs/ca-cert-",
      "/usr/local/share/ca-certificates/", "etc/ssl/certs/f887fc89.0", NULL },
    { "Red Hat", "Red Hat bundle", "update-ca-trust extract",
      "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", tree_red_hat,
      "etc/pki/ca-trust/source/anchors/", NULL, NULL, NULL,
      "etc/pki/ca-trust/source/blacklist/" },
    { "SUSE", "SUSE bundle", "update-ca-certificates",
      "var/lib/ca-certificates/ca-bundle.pem", tree_suse,
      "etc/pki/trust/anchors/", "var/lib/ca-certificates/pem/",
      "/etc/pki/trust/anchors/", "var/lib/ca-certificates/pem/C.pem",
      "etc/pki/trust/blocklist/" },
    { "Arch", "Arch bundle", "trust extract-compat",
      "etc/ca-certificates/extracted/tls-ca-bundle.pem", tree_arch,
      "etc/ca-certificates/trust-source/anchors/", "etc/ssl/certs/",
      "/etc/ca-certificates/trust-source/anchors/", "etc/ssl/certs/C.pem",
      "etc/ca-certificates/trust-source/blocklist/" },
    { "bare", "bundle without its tools", NULL, "etc/ssl/cert.pem", tree_bare,
      NULL, NULL, NULL, NULL, NULL },
};

/* "holdfast-test-root-b-ltd-12345678" for a certificate. */
static const char *own_name(const char *slug, const char *pem,
                            char ret_name[100])
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = test_certs(pem, NULL);
    const uint8_t *hash = hf_cert_sha256(certs.cert[0]);

    (void)snprintf(ret_name, 100, "holdfast-%s-%02x%02x%02x%02x", slug, hash[0],
                   hash[1], hash[2], hash[3]);
    return ret_name;
}

static bool lexists(const struct test_folder *f, const char *name)
{
    struct stat st;

    return lstat(test_at(f, name).text, &st) == 0;
}

static void check_open(const struct layout *layout, const struct test_folder *f)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct hf_err err;

    HF_CHECK(
        hf_store_open("system", f->path, &store, &err) == 0 &&
            strcmp(hf_store_kind(store), layout->kind) == 0 &&
            strcmp(hf_store_name(store), "system") == 0 &&
            strcmp(hf_store_path(store), test_at(f, layout->bundle).text) == 0,
        "%s: the layout is known", layout->name);
    if (!store)
        return;
    HF_CHECK(layout->follow_up
                 ? hf_store_follow_up(store) &&
                       strcmp(hf_store_follow_up(store), layout->follow_up) == 0
                 : !hf_store_follow_up(store),
             "%s: what to run afterwards", layout->name);
    HF_CHECK(hf_store_read(store, &list, &err) == 0 && list.count == 2 &&
                 list.damaged == 0,
             "%s: both certificates are read", layout->name);
}

static void check_add(const struct layout *layout, const struct test_folder *f)
{
    HF_AUTO(hf_free_ptr) char *before = test_picture(f);
    HF_AUTO(hf_free_ptr) char *bundle = test_get(f, layout->bundle);
    HF_AUTO(hf_free_ptr) char *want = NULL;
    HF_AUTO(hf_free_ptr) char *after = NULL;
    HF_AUTO(hf_free_ptr) char *second = NULL;
    HF_AUTO(hf_free_ptr) char *undone = NULL;
    enum hf_undo how = HF_UNDO_CERTIFICATES;
    char own[100], name[300], target[300];
    struct hf_err err;

    (void)own_name("test-root-b-ltd", TEST_B, own);
    HF_CHECK(test_change(f, "system", TEST_B, NULL, &err) == 1,
             "%s: one is added", layout->name);
    HF_CHECK(asprintf(&want, "%s%s", bundle, TEST_B) > 0 &&
                 test_is(f, layout->bundle, want),
             "%s: the bundle has it at its end", layout->name);
    if (layout->source) {
        (void)snprintf(name, sizeof(name), "%s%s.crt", layout->source, own);
        HF_CHECK(test_is(f, name, TEST_B), "%s: the tool will find it",
                 layout->name);
    }
    if (layout->link) {
        (void)snprintf(name, sizeof(name), "%s%s.pem", layout->link, own);
        (void)snprintf(target, sizeof(target), "%s%s.crt", layout->link_target,
                       own);
        HF_CHECK(test_link_is(f, name, target), "%s: it has a link",
                 layout->name);
        (void)snprintf(name, sizeof(name), "%.*s8ccf1428.0",
                       (int)(strrchr(layout->link, '/') - layout->link) + 1,
                       layout->link);
        (void)snprintf(target, sizeof(target), "%s%s.pem",
                       strrchr(layout->link, '/') + 1, own);
        HF_CHECK(test_link_is(f, name, target), "%s: OpenSSL finds it",
                 layout->name);
    }
    after = test_picture(f);
    HF_CHECK(test_change(f, "system", TEST_A TEST_B, NULL, &err) == 0,
             "%s: a second run has nothing to do", layout->name);
    second = test_picture(f);
    HF_CHECK(strcmp(after, second) == 0, "%s: and changes nothing",
             layout->name);
    HF_CHECK(test_undo(f, &how, &err) == 1 && how == HF_UNDO_BYTES,
             "%s: undo works by bytes", layout->name);
    undone = test_picture(f);
    HF_CHECK(strcmp(before, undone) == 0, "%s: and leaves no trace",
             layout->name);
}

static void check_remove(const struct layout *layout,
                         const struct test_folder *f)
{
    HF_AUTO(hf_free_ptr) char *before = test_picture(f);
    HF_AUTO(hf_free_ptr) char *undone = NULL;
    enum hf_undo how = HF_UNDO_CERTIFICATES;
    char own[100], name[300];
    struct hf_err err;

    HF_CHECK(test_change(f, "system", NULL, TEST_C TEST_D, &err) == 1 &&
                 test_holds(f, "system", TEST_C) == 0 &&
                 test_holds(f, "system", TEST_A) == 1,
             "%s: one of the distribution's is removed", layout->name);
    HF_CHECK(!layout->gone || !lexists(f, layout->gone),
             "%s: its links are gone", layout->name);
    if (layout->made) {
        (void)snprintf(name, sizeof(name), "%s%s.crt", layout->made,
                       own_name("test-root-c", TEST_C, own));
        HF_CHECK(test_is(f, name, TEST_C), "%s: it is distrusted for the tool",
                 layout->name);
    } else if (layout->source) {
        HF_CHECK(test_is(f, "etc/ca-certificates.conf",
                         "# list\n\nmozilla/A.crt\n!mozilla/C.crt\n"
                         "!mozilla/D.crt\nmozilla/gone.crt\n"),
                 "%s: it is deselected for the tool", layout->name);
    }
    HF_CHECK(test_change(f, "system", NULL, TEST_C, &err) == 0,
             "%s: removing it again changes nothing", layout->name);
    HF_CHECK(test_change(f, "system", TEST_C, NULL, &err) == 1 &&
                 test_holds(f, "system", TEST_C) == 1 &&
                 (!layout->made || !lexists(f, name)),
             "%s: adding it again takes the distrust back", layout->name);
    HF_CHECK(test_undo(f, &how, &err) == 1 && how == HF_UNDO_BYTES &&
                 test_undo(f, &how, &err) == 1 && how == HF_UNDO_BYTES,
             "%s: both are undone by bytes", layout->name);
    undone = test_picture(f);
    HF_CHECK(strcmp(before, undone) == 0, "%s: and leave no trace",
             layout->name);
}

/* The distribution's tool rewrote the bundle in between. */
static void check_moved_on(const struct layout *layout,
                           const struct test_folder *f)
{
    HF_AUTO(hf_free_ptr) char *before = test_picture(f);
    HF_AUTO(hf_free_ptr) char *undone = NULL;
    enum hf_undo how = HF_UNDO_BYTES;
    struct hf_err err;

    HF_CHECK(test_change(f, "system", TEST_B, TEST_C, &err) == 2 &&
                 test_put(f, layout->bundle, TEST_D TEST_B TEST_A),
             "%s: one comes, one goes, and the tool runs", layout->name);
    HF_CHECK(test_undo(f, &how, &err) == 2 && how == HF_UNDO_CERTIFICATES,
             "%s: undo works by certificates", layout->name);
    HF_CHECK(test_is(f, layout->bundle, TEST_D TEST_A TEST_C),
             "%s: the bundle keeps what the tool brought", layout->name);
    /* but for the bundle everything is as before */
    if (strstr(layout->kind, "Red Hat") || strstr(layout->kind, "SUSE"))
        (void)test_put(f, layout->bundle,
                       strstr(layout->kind, "SUSE") ? "# A\n" TEST_A TEST_C
                                                    : "# A\n" TEST_A
                                                      "\n# C\n" TEST_C);
    else
        (void)test_put(f, layout->bundle, TEST_A TEST_C);
    undone = test_picture(f);
    HF_CHECK(strcmp(before, undone) == 0, "%s: all else is as before",
             layout->name);
    HF_CHECK(test_undo(f, &how, &err) == HF_E_ABSENT,
             "%s: there is nothing more to undo", layout->name);
}

static void test_layouts(void)
{
    for (size_t i = 0; i < HF_COUNT(layouts); i++) {
        struct test_folder folder;

        test_folder_init(&folder);
        HF_CHECK(layouts[i].make(&folder), "%s: a system", layouts[i].name);
        check_open(&layouts[i], &folder);
        check_add(&layouts[i], &folder);
        check_remove(&layouts[i], &folder);
        check_moved_on(&layouts[i], &folder);
        test_folder_done(&folder);
    }
}

/* Two roots of one name share a hash: slots 0 and 1. */
static void test_hash_slots(void)
{
    struct test_folder f;
    struct hf_err err;
    char own[100], name[200];

    test_folder_init(&f);
    (void)snprintf(name, sizeof(name), "%s.pem",
                   own_name("test-root-a", TEST_A2, own));
    HF_CHECK(tree_debian(&f) &&
                 test_change(&f, "system", TEST_A2, NULL, &err) == 1 &&
                 test_link_is(&f, "etc/ssl/certs/97e1a225.0", "A.pem") &&
                 test_link_is(&f, "etc/ssl/certs/97e1a225.1", name),
             "slots: a second one of the same name follows the first");
    HF_CHECK(test_change(&f, "system", NULL, TEST_A, &err) == 1 &&
                 test_link_is(&f, "etc/ssl/certs/97e1a225.0", name) &&
                 !lexists(&f, "etc/ssl/certs/97e1a225.1") &&
                 !lexists(&f, "etc/ssl/certs/A.pem"),
             "slots: it moves up when the first goes, OpenSSL needs no gap");
    test_folder_done(&f);
}

static void test_administrators(void)
{
#define LOCAL "usr/local/share/ca-certificates/"
    struct test_folder f;
    struct hf_err err;
    enum hf_undo how;
    HF_AUTO(hf_free_ptr) char *before = NULL;
    HF_AUTO(hf_free_ptr) char *undone = NULL;

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) && test_put(&f, LOCAL "sub/my (b).crt", TEST_B) &&
                 test_put(&f, LOCAL "two.crt", "x\n" TEST_C "y\n" TEST_D) &&
                 test_put(&f, "etc/ssl/certs/ca-certificates.crt",
                          TEST_A TEST_B TEST_C TEST_D) &&
                 test_link(&f, "etc/ssl/certs/my_=b=.pem",
                           "/" LOCAL "sub/my (b).crt") &&
                 test_link(&f, "etc/ssl/certs/8ccf1428.0", "my_=b=.pem"),
             "administrator: files of his own");
    before = test_picture(&f);
    HF_CHECK(test_change(&f, "system", NULL, TEST_B TEST_D, &err) == 2 &&
                 !lexists(&f, LOCAL "sub/my (b).crt") &&
                 !lexists(&f, "etc/ssl/certs/my_=b=.pem") &&
                 !lexists(&f, "etc/ssl/certs/8ccf1428.0"),
             "administrator: his file and its links are removed");
    HF_CHECK(test_is(&f, LOCAL "two.crt", "x\n" TEST_C "y\n"),
             "administrator: of a file with two, one is cut out");
    HF_CHECK(test_undo(&f, &how, &err) == 2 && how == HF_UNDO_BYTES,
             "administrator: undo");
    undone = test_picture(&f);
    HF_CHECK(strcmp(before, undone) == 0, "administrator: brings them back");
    HF_CHECK(
        test_change(&f, "system", NULL, TEST_B, &err) == 1 &&
            test_put(&f, "etc/ssl/certs/ca-certificates.crt", TEST_A) &&
            test_undo(&f, &how, &err) == 1 && how == HF_UNDO_CERTIFICATES &&
            test_is(&f, LOCAL "sub/my (b).crt", TEST_B) &&
            test_is(&f, "etc/ssl/certs/ca-certificates.crt", TEST_A TEST_B),
        "administrator: also when the bundle moved on");
    test_folder_done(&f);
}

static void test_deselected(void)
{
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(tree_debian(&f) &&
                 test_change(&f, "system", TEST_D, NULL, &err) == 1 &&
                 test_is(&f, "etc/ca-certificates.conf",
                         "# list\n\nmozilla/A.crt\nmozilla/C.crt\n"
                         "mozilla/D.crt\nmozilla/gone.crt\n") &&
                 test_link_is(&f, "etc/ssl/certs/D.pem",
                              "/usr/share/ca-certificates/mozilla/D.crt"),
             "deselected: selected again instead of a copy");
    test_folder_done(&f);
}

static void test_odd(void)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    struct test_folder f;
    struct hf_err err;

    test_folder_init(&f);
    HF_CHECK(hf_store_open("system", f.path, &store, &err) == HF_E_ABSENT,
             "odd: an empty root has no store");
    HF_CHECK(test_state(&f) && test_put(&f, "etc/ca-certificates.conf", "") &&
                 test_holds(&f, "system", TEST_A) == -1,
             "odd: a Debian without its bundle cannot be read");
    HF_CHECK(test_change(&f, "system", TEST_A, NULL, &err) == 1 &&
                 test_is(&f, "etc/ssl/certs/ca-certificates.crt", TEST_A),
             "odd: but a bundle can be begun");
    HF_CHECK(
        unlink(test_at(&f, "etc/ssl/certs/ca-certificates.crt").text) == 0 &&
            test_link(&f, "etc/ssl/certs/ca-certificates.crt", "/srv/bundle") &&
            test_put(&f, "srv/bundle", TEST_C) &&
            test_change(&f, "system", TEST_B, NULL, &err) == 1 &&
            test_is(&f, "srv/bundle", TEST_C TEST_B) &&
            test_link_is(&f, "etc/ssl/certs/ca-certificates.crt",
                         "/srv/bundle"),
        "odd: a bundle behind an absolute link below the root");
    HF_CHECK(unlink(test_at(&f, "etc/ssl/certs/ca-certificates.crt").text) ==
                     0 &&
                 test_link(&f, "etc/ssl/certs/ca-certificates.crt",
                           "ca-certificates.crt") &&
                 test_change(&f, "system", TEST_B, NULL, &err) == HF_E_LIMIT,
             "odd: a bundle that is a loop of links");
    test_folder_done(&f);
}

struct oom {
    struct test_folder folder;
    struct hf_certs add, remove;
};

static int attempt(void *arg, struct hf_err *err)
{
    struct oom *oom = arg;
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    enum hf_changeset_found found;
    size_t count;

    if (hf_store_open("system", oom->folder.path, &store, err) < 0 ||
        hf_store_read(store, &list, err) < 0 ||
        hf_store_may_change(store, err) < 0 ||
        hf_changeset_begin(test_at(&oom->folder, TREE_STATE).text, &set, &found,
                           err) < 0 ||
        hf_store_stage(store, &oom->add, &oom->remove, set, &count, err) < 0 ||
        hf_changeset_commit(set, err) < 0)
        return hf_err_code(err);
    hf_changeset_free(HF_STEAL(set));
    return hf_store_undo(test_at(&oom->folder, TREE_STATE).text,
                         oom->folder.path, &undone, err);
}

static void test_oom(void)
{
    struct oom oom = { .add = test_certs(TEST_B, NULL),
                       .remove = test_certs(TEST_C, NULL) };
    HF_AUTO(hf_free_ptr) char *before = NULL;
    HF_AUTO(hf_free_ptr) char *after = NULL;

    test_folder_init(&oom.folder);
    /* decoded once and kept with the certificate, so not counted as lost */
    HF_CHECK(tree_debian(&oom.folder), "memory: a system");
    before = test_picture(&oom.folder);
    hf_oom_test("memory", HF_OOM_OURS, attempt, &oom);
    after = test_picture(&oom.folder);
    HF_CHECK(strcmp(before, after) == 0, "memory: the system is as before");
    hf_certs_done(&oom.add);
    hf_certs_done(&oom.remove);
    test_folder_done(&oom.folder);
}

int main(void)
{
    test_layouts();
    test_hash_slots();
    test_administrators();
    test_deselected();
    test_odd();
    test_oom();
    return hf_test_end();
}
