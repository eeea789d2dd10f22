/* SPDX-License-Identifier: Apache-2.0 */
/* store/writable.c - may a path be changed? Asked before anything is. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"
#include "store/kind.h"

int hf_store_real(const char *root, const char *path, char **ret_real,
                  struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *upper = NULL;
    HF_AUTO(hf_free_ptr) char *upper_real = NULL;
    const char *slash = strrchr(path, '/');
    int rc = hf_path_resolve(root, path, ret_real, err);

    if (rc != HF_E_ABSENT || !slash || slash == path)
        return rc;
    /* a folder on the way is absent: it will stand where its own name says */
    upper = hf_view_dup(hf_view(path, (size_t)(slash - path)));
    if (!upper)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_store_real(root, upper, &upper_real, err) < 0)
        return hf_err_code(err);
    *ret_real = hf_path_join(upper_real, slash + 1);
    return *ret_real ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
}

int hf_store_real_or(const char *root, const char *path, char **ret_real,
                     struct hf_err *err)
{
    int rc = hf_store_real(root, path, ret_real, err);

    if (rc == 0 || rc == HF_E_NOMEM)
        return rc;
    *ret_real = hf_path_join(root, path);
    return *ret_real ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
}

/* Immutable or append-only, as chattr(1) makes it; false when unknown. */
static bool is_frozen(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), flags = 0;
    bool frozen = fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
                  (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL));

    if (fd >= 0)
        (void)close(fd);
    return frozen;
}

static int refuse(const char *folder, int why, struct hf_err *err)
{
    if (why == EROFS)
        return HF_FAIL(err, HF_E_DENIED,
                       "'%s' is on a read-only file system: mount it for "
                       "writing first",
                       folder);
    return HF_FAIL(err, HF_E_DENIED,
                   "'%s' cannot be written: run this as root (sudo holdfast "
                   "...)",
                   folder);
}

int hf_store_writable(const char *path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *folder = hf_view_dup(hf_view_text(path));
    char *slash;

    if (!folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (is_frozen(path))
        return HF_FAIL(err, HF_E_DENIED,
                       "'%s' is immutable: free it first (chattr -i -a '%s')",
                       path, path);
    while ((slash = strrchr(folder, '/')) && slash > folder) {
        *slash = '\0';
        if (!hf_path_is_dir(folder))
            continue;
        if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0)
            return refuse(folder, errno, err);
        if (is_frozen(folder))
            return HF_FAIL(err, HF_E_DENIED,
                           "'%s' is immutable: free it first (chattr -i -a "
                           "'%s')",
                           folder, folder);
        return 0;
    }
    if (faccessat(AT_FDCWD, "/", W_OK | X_OK, AT_EACCESS) < 0)
        return refuse("/", errno, err);
    return 0;
}
