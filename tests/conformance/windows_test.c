/* SPDX-License-Identifier: Apache-2.0 */
/* windows_test.c - registry files that Windows and Wine wrote: what stores they
 * hold, read once and with nothing of it changed. */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hf_test.h"
#include "outside.h"
#include "plat/test_folder.h"
#include "store/store.h"

extern char **environ;

/* Counts were taken with hivexget, and by hand in the policy: of its 65 values
 * 37 are certificates, the others make the keys they stand in. */
static const struct {
    const char *scheme, *file; /* .xz: unpacked first */
    size_t anchors, issuers, refused, damaged;
    bool incomplete;
} row[] = {
    { "hive", "hives/NTUSER-WIN7.DAT", 0, 4, 0, 0, false },
    { "hive", "hives/NTUSER.DAT.xz", 0, 0, 0, 0, false },
    { "hive", "hives/NTUSER_BAGMRU.DAT.xz", 0, 16, 0, 0, true },
    { "hive", "hives/SYSTEM.xz", 0, 0, 0, 0, false },
    { "hive", "hives/SYSTEM_B.xz", 0, 0, 0, 0, true },
    { "hive", "hives/hivex-minimal", 0, 0, 0, 0, false },
    { "hive", "hives/hivex-special", 0, 0, 0, 0, false },
    { "pol", "settings/pol/shb-certificates-machine.pol", 4, 33, 0, 0, false },
    { "pol", "settings/pol/dod-win10-machine.pol", 0, 0, 0, 0, false },
    /* its first line is missing */
    { "reg", "windows/wine8-system.reg.excerpt", 2, 1, 1, 1, true },
    { "reg", "settings/reg/SYSTEM-tls.reg", 0, 0, 0, 0, false },
    { "reg", "settings/reg/SYSTEM-tls-utf16le.reg", 0, 0, 0, 0, false },
};

/* xz -dc FROM >TO; FROM is absolute */
static bool unpack(const char *from, const char *to)
{
    static char xz[] = "xz", mode[] = "-dc";
    char *const argv[] = { xz, mode, (char *)from, NULL };
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawn_file_actions_addopen(&actions, 1, to, O_WRONLY | O_CREAT,
                                         0600) == 0 &&
        posix_spawnp(&child, "xz", &actions, NULL, argv, environ) == 0 &&
        waitpid(child, &status, 0) < 0)
        status = -1;
    (void)posix_spawn_file_actions_destroy(&actions);
    return status == 0;
}

static size_t count(const struct hf_store_list *list, enum hf_standing standing)
{
    size_t n = 0;

    for (size_t i = 0; i < list->count; i++)
        n += list->entry[i].cert && list->entry[i].standing == standing;
    return n;
}

static bool is_as_told(const char *path, size_t i)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_free_ptr) char *spec = NULL;
    struct hf_err err = { 0 };
    char text[1000];

    if (asprintf(&spec, "%s:%s", row[i].scheme, path) < 0) {
        spec = NULL;
        return false;
    }
    if (hf_store_open(spec, NULL, &store, &err) < 0 ||
        hf_store_read(store, &list, &err) < 0) {
        hf_err_text(&err, text, sizeof(text));
        printf("# %s\n", text);
        return false;
    }
    if (row[i].incomplete && hf_store_may_change(store, &err) != HF_E_DENIED)
        return false;
    return count(&list, HF_STANDING_ANCHOR) == row[i].anchors &&
           count(&list, HF_STANDING_ISSUER) == row[i].issuers &&
           count(&list, HF_STANDING_REFUSED) == row[i].refused &&
           list.damaged == row[i].damaged &&
           (list.incomplete != NULL) == row[i].incomplete;
}

static bool test_file(const struct test_folder *folder, const char *path,
                      size_t i)
{
    size_t len = strlen(row[i].file);
    struct test_path plain = test_at(folder, "plain");

    if (len < 3 || strcmp(row[i].file + len - 3, ".xz") != 0)
        return is_as_told(path, i);
    (void)unlink(plain.text);
    return unpack(path, plain.text) && is_as_told(plain.text, i);
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *hives = outside_path("hives");
    struct test_folder folder;

    if (!hives || !hf_path_is_dir(hives))
        return outside_skip(hives ? hives : "hives");
    test_folder_init(&folder);
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_free_ptr) char *path = outside_path(row[i].file);

        HF_CHECK(path && test_file(&folder, path, i), "%s:%s", row[i].scheme,
                 row[i].file);
    }
    test_folder_done(&folder);
    return hf_test_end();
}
