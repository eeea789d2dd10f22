/* SPDX-License-Identifier: Apache-2.0 */
/* plat/test_folder.h - for unit tests: a folder of their own, and small files.
 */
#ifndef HF_PLAT_TEST_FOLDER_H
#define HF_PLAT_TEST_FOLDER_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"

struct test_folder {
    char path[PATH_MAX];
};

/* In memory where there is such a place: tests wait for many fsync(2). Ends the
 * test program when there is no folder to work in. */
static inline void test_folder_init(struct test_folder *folder)
{
    const char *tmp = getenv("TMPDIR");

    (void)snprintf(folder->path, sizeof(folder->path), "%s/hf-test-XXXXXX",
                   tmp                             ? tmp
                   : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                   : "/tmp");
    if (!mkdtemp(folder->path)) {
        perror(folder->path);
        abort();
    }
}

static inline int test_remove_one(const char *path, const struct stat *st,
                                  int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static inline void test_folder_done(struct test_folder *folder)
{
    (void)nftw(folder->path, test_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct test_path {
    char text[PATH_MAX];
};

/* test_at(&folder, "a/b").text: a path that lives until the statement ends. */
static inline struct test_path test_at(const struct test_folder *folder,
                                       const char *name)
{
    struct test_path path;

    /* a path that is cut is not there, and the test fails */
    if (snprintf(path.text, sizeof(path.text), "%s/%s", folder->path, name) < 0)
        path.text[0] = '\0';
    return path;
}

/* Makes the folders on the way too. */
static inline bool test_put(const struct test_folder *folder, const char *name,
                            const char *text)
{
    struct test_path path = test_at(folder, name);
    struct hf_err err;
    char *slash = strrchr(path.text, '/');

    *slash = '\0';
    if (hf_file_mkdirs(path.text, 0755, &err) < 0)
        return false;
    *slash = '/';
    return hf_file_write(path.text, hf_view_text(text), 0644, &err) == 0;
}

static inline bool test_link(const struct test_folder *folder, const char *name,
                             const char *target)
{
    struct test_path path = test_at(folder, name);
    struct hf_err err;
    char *slash = strrchr(path.text, '/');

    *slash = '\0';
    if (hf_file_mkdirs(path.text, 0755, &err) < 0)
        return false;
    *slash = '/';
    return symlink(target, path.text) == 0;
}

/* The file's text on the heap, NULL when it cannot be read. */
static inline char *test_get(const struct test_folder *folder, const char *name)
{
    struct hf_err err;
    struct hf_buf buf;

    hf_buf_init(&buf, 16 * 1024 * 1024);
    if (hf_file_read(test_at(folder, name).text, &buf, &err) < 0) {
        hf_buf_done(&buf);
        return NULL;
    }
    return hf_buf_steal(&buf);
}

/* Does the file hold exactly this? NULL: is it absent? */
static inline bool test_is(const struct test_folder *folder, const char *name,
                           const char *text)
{
    HF_AUTO(hf_free_ptr) char *have = test_get(folder, name);

    return text && have ? strcmp(have, text) == 0 : have == text;
}

/* Does the link point exactly there? */
static inline bool test_link_is(const struct test_folder *folder,
                                const char *name, const char *target)
{
    char have[PATH_MAX];
    ssize_t len = readlink(test_at(folder, name).text, have, sizeof(have));

    return len >= 0 && hf_view_is(hf_view(have, (size_t)len), target);
}

#endif
