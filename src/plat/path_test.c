/* SPDX-License-Identifier: Apache-2.0 */
/* plat/path_test.c - paths followed below a root, joined, asked about. */
#include "hf_oom.h"
#include "hf_test.h"
#include "plat/test_folder.h"

static void test_join(void)
{
    static const struct {
        const char *root, *path, *want;
    } row[] = {
        { NULL, "/etc/x", "/etc/x" },   { "/", "/etc/x", "/etc/x" },
        { "//", "etc/x", "etc/x" },     { "/mnt", "/etc/x", "/mnt/etc/x" },
        { "/mnt/", "etc", "/mnt/etc" }, { "mnt", "//etc", "mnt/etc" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_free_ptr)
        char *path = hf_path_join(row[i].root, row[i].path);

        HF_CHECK(path && strcmp(path, row[i].want) == 0, "join: %s",
                 row[i].want);
    }
}

static void build(const struct test_folder *f)
{
    HF_CHECK(test_put(f, "etc/ssl/bundle", "x") &&
                 test_put(f, "outside", "x") &&
                 test_link(f, "root/etc/abs", "/usr/real") &&
                 test_link(f, "root/etc/rel", "../usr/real") &&
                 test_link(f, "root/etc/up", "../../../../../usr/real") &&
                 test_link(f, "root/etc/dir", "/usr") &&
                 test_link(f, "root/etc/dangling", "/usr/none") &&
                 test_link(f, "root/etc/deep", "/none/none") &&
                 test_link(f, "root/etc/loop", "loop") &&
                 test_link(f, "root/etc/ping", "pong") &&
                 test_link(f, "root/etc/pong", "/etc/ping") &&
                 test_put(f, "root/usr/real", "x"),
             "a root with links");
}

static void test_resolve(const struct test_folder *f)
{
    static const struct {
        const char *name, *path, *want;
        int rc;
    } row[] = {
        { "a plain file", "/usr/real", "/usr/real", 0 },
        { "slashes and dots", "//usr/./../usr//real/", "/usr/real", 0 },
        { "the root itself", "/", "", 0 },
        { "an absolute link", "/etc/abs", "/usr/real", 0 },
        { "a relative link", "/etc/rel", "/usr/real", 0 },
        { "a link that climbs", "/etc/up", "/usr/real", 0 },
        { "a path that climbs", "../../outside", "/outside", 0 },
        { "a link in the middle", "/etc/dir/real", "/usr/real", 0 },
        { "back out of a link", "/etc/dir/../etc", "/etc", 0 },
        { "a last name that is not there", "/usr/new", "/usr/new", 0 },
        { "a link to nothing", "/etc/dangling", "/usr/none", 0 },
        { "a link to nothing in nothing", "/etc/deep", NULL, HF_E_ABSENT },
        { "a folder that is not there", "/no/x", NULL, HF_E_ABSENT },
        { "below a file", "/usr/real/x", NULL, HF_E_ABSENT },
        { "a loop of one", "/etc/loop", NULL, HF_E_LIMIT },
        { "a loop of two", "/etc/ping/x", NULL, HF_E_LIMIT },
    };
    struct test_path root = test_at(f, "root");

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        struct hf_err err;
        int rc = hf_path_resolve(root.text, row[i].path, &path, &err);
        bool right =
            row[i].want
                ? path && strncmp(path, root.text, strlen(root.text)) == 0 &&
                      strcmp(path + strlen(root.text), row[i].want) == 0
                : !path;

        HF_CHECK(rc == row[i].rc && right, "resolve: %s", row[i].name);
    }
}

static void test_long(const struct test_folder *f)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    char name[20000];
    struct hf_err err;

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    HF_CHECK(hf_path_resolve(f->path, name, &path, &err) < 0 && !path,
             "resolve: a name of 20,000 bytes");
    HF_CHECK(hf_path_resolve(NULL, "x", &path, &err) == 0 && path[0] == '/',
             "resolve: relative to the current folder");
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    return hf_path_resolve(arg, "/etc/up", &path, err);
}

int main(void)
{
    struct test_folder folder;

    test_folder_init(&folder);
    test_join();
    build(&folder);
    test_resolve(&folder);
    test_long(&folder);
    hf_oom_test("resolve", HF_OOM_OURS, attempt, test_at(&folder, "root").text);
    test_folder_done(&folder);
    return hf_test_end();
}
