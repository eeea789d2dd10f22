/* SPDX-License-Identifier: Apache-2.0 */
/* hive_test.c - hives of real machines: every key and value as libhivex reads
 * them, which of them wait for their log, and a change that libhivex reads. */
#include <sys/wait.h>

#include "conformance/outside.h"
#include "hf_test.h"
#include "hive_peer.h"

#define HIVE_MAX (64u * 1024 * 1024)
#define BIG 300000 /* bytes; the list of roots in a hive has as many */

static const struct row {
    const char *file, *mount;
    bool dirty;
} rows[] = {
    { "NTUSER-WIN7.DAT", "HKCU", false },
    { "NTUSER.DAT.xz", "HKCU", false },
    { "NTUSER_BAGMRU.DAT.xz", "HKCU", true },
    { "SYSTEM.xz", "HKLM\\SYSTEM", false },
    { "SYSTEM_B.xz", "HKLM\\SYSTEM", true },
    { "hivex-minimal", "", false },
    { "hivex-special", "", false },
};

/* The file, unpacked where its name says so. */
static int unpack(const char *path, struct hf_buf *ret_bytes)
{
    HF_AUTO(hive_close_fd) int fd = memfd_create("hive", 0);
    const char *dot = strrchr(path, '.');
    struct hf_err err;
    int status = 0;
    char name[64];
    pid_t pid = fork();

    if (pid == 0) {
        (void)dup2(fd, STDOUT_FILENO);
        if (dot && strcmp(dot, ".xz") == 0)
            (void)execlp("xz", "xz", "-dc", path, (char *)NULL);
        else
            (void)execlp("cat", "cat", path, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
        return -1;
    (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    hf_buf_init(ret_bytes, HIVE_MAX);
    return hf_file_read(name, ret_bytes, &err);
}

/* The file as libhivex and we read it; opened, not taken into memory. */
static void compare_file(const char *shown, struct hf_view bytes,
                         struct hf_registry **ret_ours)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *ours = NULL;
    HF_AUTO(hive_close_fd) int fd = -1;
    struct hive_peer cmp = { 0 };
    struct hf_err err = { 0 };
    bool same = false;
    char name[64];

    fd = hive_peer_file(bytes, name);
    if (fd >= 0 && hf_registry_open(HF_REGISTRY_HIVE, name, &ours, &err) == 0)
        same = hive_peer_same(ours, name, &cmp);
    HF_CHECK(same,
             "%s: %zu keys and %zu values (%zu Blobs) as libhivex has "
             "them",
             shown, cmp.keys, cmp.values, cmp.blobs);
    *ret_ours = HF_STEAL(ours);
}

/* A change in a real hive, read back by libhivex. */
static void change_hive(const struct row *row, struct hf_view bytes)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *ours = NULL;
    HF_AUTO(hf_registry_freep) struct hf_registry *again = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf saved = { 0 };
    HF_AUTO(hf_free_ptr) uint8_t *data = calloc(1, BIG);
    struct hf_reg_value value = { (char *)"Big", HF_REG_BINARY, data, BIG };
    struct hf_err err = { 0 };
    char key[128];

    (void)snprintf(key, sizeof(key), "%s\\Holdfast\\\xc3\x84rger", row->mount);
    hf_buf_init(&saved, HIVE_MAX);
    HF_CHECK(data &&
                 hf_registry_read(HF_REGISTRY_HIVE, row->file, bytes, &ours,
                                  &err) == 0 &&
                 hf_registry_set(ours, key, &value, &err) == 0 &&
                 hf_registry_save(ours, &saved, &err) == 0,
             "%s: sound, and takes a value of %d bytes", row->file, BIG);
    if (saved.len > 0)
        compare_file("changed", hf_buf_peek(&saved), &again);
    HF_CHECK(again && hf_registry_has(again, key), "%s: the new key is there",
             row->file);
}

static void check_hive(const struct row *row, const char *path)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *ours = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    const char *why;

    if (unpack(path, &bytes) < 0) {
        HF_CHECK(false, "%s: unpacked", row->file);
        return;
    }
    compare_file(row->file, hf_buf_peek(&bytes), &ours);
    if (!ours)
        return;
    HF_CHECK(strcmp(hf_registry_mount(ours), row->mount) == 0,
             "%s: stands at '%s'", row->file, hf_registry_mount(ours));
    why = hf_registry_incomplete(ours);
    HF_CHECK(row->dirty ? why && strstr(why, "sequence numbers") : !why,
             "%s: %s", row->file, why ? why : "whole");
    if (!row->dirty && row->mount[0])
        change_hive(row, hf_buf_peek(&bytes));
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *folder = outside_path("hives");

    if (!folder || !hf_path_is_dir(folder))
        return outside_skip(folder ? folder : "hives");
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        HF_AUTO(hf_free_ptr) char *path = hf_path_join(folder, rows[i].file);

        if (path && hf_path_exists(path))
            check_hive(&rows[i], path);
        else
            printf("# no '%s'\n", rows[i].file);
    }
    return hf_test_end();
}
