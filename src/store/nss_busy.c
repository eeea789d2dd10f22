/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_busy.c - which program has a profile open.
 *
 * A program that has the database open keeps the old file when ours takes its
 * place, and what it writes then is lost. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"
#include "store/nss.h"

#define COMM_MAX 16 /* bytes with the NUL, proc(5) */

static void close_dir(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

static int is_open_in(long pid, struct hf_err *err)
{
    char path[64], name[COMM_MAX] = "";
    size_t len = 0;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t got = read(fd, name, sizeof(name) - 1);

        len = got > 0 ? (size_t)got : 0;
        (void)close(fd);
    }
    /* any program can choose its name */
    for (size_t i = 0; i < len; i++)
        if (name[i] == '\n' || !isprint((unsigned char)name[i]))
            name[i] = i + 1 == len ? '\0' : '?';
    return HF_FAIL(err, HF_E_BUSY,
                   "'%s' (process %ld) has this profile open: close it first",
                   name[0] ? name : "a program", pid);
}

/* --- by what it has open -------------------------------------------------- */

/* Is one of the process's descriptors this file? */
static bool holds(long pid, const struct stat *file)
{
    char path[64];
    HF_AUTO(close_dir) DIR *dir = NULL;
    struct dirent *entry;

    (void)snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
    dir = opendir(path); /* somebody else's: only root may look */
    while (dir && (entry = readdir(dir))) {
        char target[PATH_MAX];
        ssize_t len =
            readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
        struct stat st;

        if (len <= 0)
            continue;
        target[len] = '\0';
        /* by its name first: to stat what lies on a dead server may hang */
        if (strstr(target, ".db") &&
            fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
            st.st_dev == file->st_dev && st.st_ino == file->st_ino)
            return true;
    }
    return false;
}

static int check_open_files(const struct stat *file, struct hf_err *err)
{
    HF_AUTO(close_dir) DIR *proc = opendir("/proc");
    struct dirent *entry;

    while (proc && (entry = readdir(proc))) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);

        if (pid > 0 && *end == '\0' && holds(pid, file))
            return is_open_in(pid, err);
    }
    return 0;
}

/* --- by the locks of Mozilla's programs ----------------------------------- */

/* Held as long as the program runs, by fcntl(2); asking takes no lock. */
static int check_parent_lock(const struct hf_store *store, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd, rc = hf_nss_file(store, ".parentlock", &path, err);
    bool locked;

    if (rc < 0)
        return rc == HF_E_NOMEM ? rc : 0; /* not the one Firefox makes */
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return 0;
    locked = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    (void)close(fd);
    if (!locked)
        return 0;
    if (lock.l_pid > 0)
        return is_open_in(lock.l_pid, err);
    return HF_FAIL(err, HF_E_BUSY,
                   "a program has this profile open ('%s' is locked): close it "
                   "first",
                   path);
}

/* The link "lock" says "ADDRESS:+PID"; a crash leaves it behind. */
static int check_lock_link(const struct hf_store *store, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(store->real, "lock");
    char target[256], process[64], *end;
    struct stat link, st;
    const char *plus;
    ssize_t len;
    long pid;

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    len = readlink(path, target, sizeof(target) - 1);
    if (len <= 0 || lstat(path, &link) < 0)
        return 0;
    target[len] = '\0';
    plus = strrchr(target, '+');
    pid = plus ? strtol(plus + 1, &end, 10) : 0;
    if (pid <= 0 || *end != '\0')
        return 0;
    (void)snprintf(process, sizeof(process), "/proc/%ld", pid);
    /* another user's process has the number again */
    if (stat(process, &st) < 0 || st.st_uid != link.st_uid)
        return 0;
    return HF_FAIL(err, HF_E_BUSY,
                   "Firefox (process %ld) has this profile open: close it "
                   "first; if that is another program, remove '%s'",
                   pid, path);
}

int hf_nss_busy(const struct hf_store *store, struct hf_err *err)
{
    static const char *const files[] = { "cert9.db", "key4.db" };
    struct stat st;

    for (size_t i = 0; i < HF_COUNT(files); i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        int rc = hf_nss_file(store, files[i], &path, err);

        if (rc == 0 && stat(path, &st) == 0)
            rc = check_open_files(&st, err);
        if (rc < 0 && rc != HF_E_ABSENT)
            return rc;
    }
    if (check_parent_lock(store, err) < 0)
        return hf_err_code(err);
    /* elsewhere the number is of a process of another machine */
    return strcmp(store->root, "/") == 0 ? check_lock_link(store, err) : 0;
}
