/* SPDX-License-Identifier: Apache-2.0 */
/* plat/file.c - whole files in, whole files out, folders. */
#include "plat/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/durable.h"

#define READ_STEP 65536 /* bytes; a pipe holds as much */

/* Room for `want` bytes at once, so that a file of known size is read into
 * place without growing. Too large is left to the appends to refuse. */
static void make_room(struct hf_buf *buf, size_t want)
{
    uint8_t *room;

    if (buf->ptr || buf->bad || want > buf->max)
        return;
    room = malloc(want + 1); /* and the NUL of hf_buf_steal() */
    if (!room)
        buf->bad = HF_E_NOMEM;
    else
        *buf =
            (struct hf_buf){ .ptr = room, .room = want + 1, .max = buf->max };
}

/* One read into the buffer's free room, or through `step` when it is full.
 * Returns read()'s result. */
static ssize_t read_some(int fd, struct hf_buf *buf, uint8_t step[READ_STEP])
{
    size_t most = buf->room < buf->max ? buf->room : buf->max;
    ssize_t n;

    if (!buf->bad && buf->len < most) {
        n = read(fd, buf->ptr + buf->len, most - buf->len);
        buf->len += n > 0 ? (size_t)n : 0;
        return n;
    }
    n = read(fd, step, READ_STEP);
    if (n > 0)
        hf_buf_add(buf, step, (size_t)n);
    return n;
}

static int read_all(int fd, const char *name, struct hf_buf *buf,
                    struct hf_err *err)
{
    uint8_t step[READ_STEP];
    ssize_t n;

    do {
        n = read_some(fd, buf, step);
        if (buf->bad && hf_buf_check(buf, err) < 0)
            return HF_WRAP(err, "cannot read '%s'", name);
    } while (n > 0 || (n < 0 && errno == EINTR));
    return n < 0 ? HF_FAIL_SYS(err, "cannot read '%s'", name) : 0;
}

static const char *type_name(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "a folder";
    case S_IFIFO:
        return "a pipe";
    case S_IFSOCK:
        return "a socket";
    default:
        return "a device";
    }
}

int hf_file_read(const char *path, struct hf_buf *ret_text, struct hf_err *err)
{
    HF_AUTO(hf_close_fd) int fd = -1;
    struct stat st;

    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", ret_text, err);
    /* non-blocking: opening a pipe nobody writes to must not hang */
    fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ENXIO)
        return HF_FAIL(err, HF_E_IO, "'%s' is a socket or a device", path);
    if (fd < 0 || fstat(fd, &st) < 0)
        return HF_FAIL_SYS(err, "cannot open '%s'", path);
    if (!S_ISREG(st.st_mode))
        return HF_FAIL(err, HF_E_IO, "'%s' is %s, not a file", path,
                       type_name(st.st_mode));
    if (st.st_size > 0)
        make_room(ret_text, (size_t)st.st_size);
    return read_all(fd, path, ret_text, err);
}

int hf_file_write(const char *path, struct hf_view bytes, mode_t mode,
                  struct hf_err *err)
{
    struct hf_owner owner = { .mode = mode };
    HF_AUTO(hf_free_ptr) char *folder = hf_path_folder(path);
    HF_AUTO(hf_free_ptr) char *temp = NULL;

    if (!folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_temp_name(path, &temp, err) < 0 ||
        hf_file_create(temp, bytes, &owner, err) < 0)
        return HF_WRAP(err, "cannot write '%s'", path);
    hf_label_copy(path, temp);
    if (rename(temp, path) < 0) {
        int rc = HF_FAIL_SYS(err, "cannot replace '%s'", path);

        (void)unlink(temp);
        return rc;
    }
    return hf_folder_sync(folder, err);
}

static int make_one(const char *path, mode_t mode, struct hf_err *err)
{
    if (mkdir(path, mode) == 0)
        return 0;
    if (errno == EEXIST && hf_path_is_dir(path))
        return 0;
    return HF_FAIL_SYS(err, "cannot make the folder '%s'", path);
}

int hf_file_mkdirs(const char *path, mode_t mode, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *part = hf_view_dup(hf_view_text(path));

    if (!part)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_path_is_dir(path))
        return 0;
    for (char *at = part + 1; *part && *at; at++) {
        if (*at != '/' || at[-1] == '/')
            continue;
        *at = '\0';
        /* a parent may be there and not writable: only ask when it is not */
        if (!hf_path_is_dir(part) && make_one(part, mode, err) < 0)
            return hf_err_code(err);
        *at = '/';
    }
    return make_one(path, mode, err);
}

bool hf_path_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool hf_path_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Appends a copy; false without memory. */
static bool add_name(struct hf_names *names, size_t *room, const char *name)
{
    if (names->count == *room) {
        size_t more = *room ? *room * 2 : 64;
        char **grown = reallocarray(names->name, more, sizeof(*grown));

        if (!grown)
            return false;
        names->name = grown;
        *room = more;
    }
    names->name[names->count] = hf_view_dup(hf_view_text(name));
    return names->name[names->count] && ++names->count;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

int hf_dir_names(const char *path, struct hf_names *ret_names,
                 struct hf_err *err)
{
    HF_AUTO(close_folder) DIR *folder = opendir(path);
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    struct dirent *entry;
    size_t room = 0;

    if (!folder)
        return HF_FAIL_SYS(err, "cannot list the folder '%s'", path);
    while (errno = 0, (entry = readdir(folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (!add_name(&names, &room, entry->d_name))
            return HF_FAIL(err, HF_E_NOMEM, "no memory to list '%s'", path);
    }
    if (errno)
        return HF_FAIL_SYS(err, "cannot list the folder '%s'", path);
    if (names.count > 1)
        qsort(names.name, names.count, sizeof(*names.name), by_bytes);
    *ret_names = names;
    names = (struct hf_names){ 0 };
    return 0;
}

void hf_names_done(struct hf_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->name[i]);
    free(names->name);
    *names = (struct hf_names){ 0 };
}
