/* SPDX-License-Identifier: Apache-2.0 */
/* plat/durable.c - the small steps that durable files are made of. */
#include "plat/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define LABEL "security.selinux"
#define LABEL_MAX 256 /* bytes; ours: real labels have under 100 */

char *hf_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return hf_view_dup(hf_view_text("."));
    return hf_view_dup(
        hf_view(path, slash == path ? 1 : (size_t)(slash - path)));
}

int hf_temp_name(const char *path, char **ret_temp, struct hf_err *err)
{
    const char *slash = strrchr(path, '/');
    int folder_len = slash ? (int)(slash - path) + 1 : 0;
    uint64_t random;
    char *temp;

    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        return HF_FAIL_SYS(err, "no random bytes");
    if (asprintf(&temp, "%.*s" HF_TEMP_PREFIX "%016llx" HF_TEMP_SUFFIX,
                 folder_len, path, (unsigned long long)random) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a file name");
    *ret_temp = temp;
    return 0;
}

static int write_all(int fd, struct hf_view bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes = hf_view_from(bytes, (size_t)n);
    }
    return 0;
}

static int fill(int fd, struct hf_view bytes, const struct hf_owner *owner)
{
    struct stat st;

    if (write_all(fd, bytes) < 0)
        return -1;
    if (owner->keep) {
        if (fstat(fd, &st) < 0)
            return -1;
        if ((st.st_uid != owner->uid || st.st_gid != owner->gid) &&
            fchown(fd, owner->uid, owner->gid) < 0)
            return -1;
    }
    /* after fchown, which clears bits; and without the umask */
    return fchmod(fd, owner->mode) < 0 || fsync(fd) < 0 ? -1 : 0;
}

int hf_file_create(const char *path, struct hf_view bytes,
                   const struct hf_owner *owner, struct hf_err *err)
{
    HF_AUTO(hf_close_fd)
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return HF_FAIL_SYS(err, "cannot make '%s'", path);
    if (fill(fd, bytes, owner) < 0) {
        int rc = HF_FAIL_SYS(err, "cannot write '%s'", path);

        (void)unlink(path);
        return rc;
    }
    return 0;
}

void hf_label_copy(const char *from, const char *to)
{
    char label[LABEL_MAX];
    ssize_t len = lgetxattr(from, LABEL, label, sizeof(label));

    /* best effort: a policy may forbid it, and restorecon repairs it */
    if (len > 0 && lsetxattr(to, LABEL, label, (size_t)len, 0) < 0)
        errno = 0;
}

int hf_folder_sync(const char *folder, struct hf_err *err)
{
    HF_AUTO(hf_close_fd)
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return HF_FAIL_SYS(err, "cannot open the folder '%s'", folder);
    /* some file systems cannot sync a folder; they have nothing to lose */
    if (fsync(fd) < 0 && errno != EINVAL && errno != EROFS)
        return HF_FAIL_SYS(err, "cannot make the folder '%s' durable", folder);
    return 0;
}
