/* SPDX-License-Identifier: Apache-2.0 */
/* plat/path.c - paths below a root, symbolic links followed as if it were "/".
 */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"

#define LINKS_MAX 40            /* as the kernel: MAXSYMLINKS */
#define WALK_MAX (4 * PATH_MAX) /* bytes; ours: links may lengthen a path */

static bool is_whole_machine(const char *root)
{
    return !root || root[strspn(root, "/")] == '\0';
}

char *hf_path_join(const char *root, const char *path)
{
    size_t root_len = is_whole_machine(root) ? 0 : strlen(root);
    size_t path_len = strlen(path);
    char *joined;

    if (root_len == 0)
        return hf_view_dup(hf_view_text(path));
    while (root[root_len - 1] == '/')
        root_len--;
    while (*path == '/') {
        path++;
        path_len--;
    }
    joined = malloc(root_len + path_len + 2);
    if (!joined)
        return NULL;
    memcpy(joined, root, root_len);
    joined[root_len] = '/';
    memcpy(joined + root_len + 1, path, path_len + 1);
    return joined;
}

struct walk {
    size_t root_len;    /* of `done`, never cut below */
    struct hf_buf done; /* what is resolved: root, then "/name" each */
    struct hf_buf rest; /* what is still to walk */
    size_t at;          /* where in `rest` */
    unsigned links;
};

static void walk_done(struct walk *walk)
{
    hf_buf_done(&walk->done);
    hf_buf_done(&walk->rest);
}

static struct hf_view next_part(struct walk *walk)
{
    struct hf_view rest = hf_view_from(hf_buf_peek(&walk->rest), walk->at);
    size_t skip = 0, len = 0;

    while (skip < rest.len && rest.ptr[skip] == '/')
        skip++;
    while (skip + len < rest.len && rest.ptr[skip + len] != '/')
        len++;
    walk->at += skip + len;
    return len > 0 ? hf_view(rest.ptr + skip, len) : hf_view(NULL, 0);
}

static bool is_last(const struct walk *walk)
{
    for (size_t i = walk->at; i < walk->rest.len; i++)
        if (walk->rest.ptr[i] != '/')
            return false;
    return true;
}

static void go_up(struct walk *walk)
{
    while (walk->done.len > walk->root_len)
        if (walk->done.ptr[--walk->done.len] == '/')
            return;
}

/* Puts the link's target in front of what is left to walk. */
static int follow(struct walk *walk, const char *link, size_t before,
                  struct hf_err *err)
{
    char target[PATH_MAX];
    ssize_t len = readlink(link, target, sizeof(target));
    struct hf_buf rest;

    if (len < 0)
        return HF_FAIL_SYS(err, "cannot read the link '%s'", link);
    if (len == sizeof(target) || ++walk->links > LINKS_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "too many symbolic links (a loop?) at '%s'", link);
    hf_buf_init(&rest, WALK_MAX);
    hf_buf_add(&rest, target, (size_t)len);
    hf_buf_text(&rest, "/");
    hf_buf_view(&rest, hf_view_from(hf_buf_peek(&walk->rest), walk->at));
    hf_buf_done(&walk->rest);
    walk->rest = rest;
    walk->at = 0;
    walk->done.len = target[0] == '/' ? walk->root_len : before;
    return hf_buf_check(&walk->rest, err);
}

/* Takes one component. */
static int step(struct walk *walk, struct hf_view part, struct hf_err *err)
{
    size_t before = walk->done.len;
    struct stat st;

    if (hf_view_is(part, "."))
        return 0;
    if (hf_view_is(part, "..")) {
        go_up(walk);
        return 0;
    }
    hf_buf_text(&walk->done, "/");
    hf_buf_view(&walk->done, part);
    hf_buf_add(&walk->done, "", 1); /* a NUL for the calls, taken off again */
    if (hf_buf_check(&walk->done, err) < 0)
        return hf_err_code(err);
    walk->done.len--;
    if (lstat((const char *)walk->done.ptr, &st) < 0) {
        if (errno == ENOENT && is_last(walk))
            return 0;
        return HF_FAIL_SYS(err, "'%s'", (const char *)walk->done.ptr);
    }
    if (S_ISLNK(st.st_mode))
        return follow(walk, (const char *)walk->done.ptr, before, err);
    if (!S_ISDIR(st.st_mode) && !is_last(walk))
        return HF_FAIL(err, HF_E_ABSENT, "'%s' is not a folder",
                       (const char *)walk->done.ptr);
    return 0;
}

static int begin_walk(struct walk *walk, const char *root, const char *path,
                      struct hf_err *err)
{
    char cwd[PATH_MAX];

    hf_buf_init(&walk->done, WALK_MAX);
    hf_buf_init(&walk->rest, WALK_MAX);
    if (!is_whole_machine(root)) {
        struct hf_view start = hf_view_text(root);

        while (start.len > 0 && start.ptr[start.len - 1] == '/')
            start.len--;
        hf_buf_view(&walk->done, start);
    } else if (path[0] != '/') {
        if (!getcwd(cwd, sizeof(cwd)))
            return HF_FAIL_SYS(err, "cannot tell the current folder");
        hf_buf_text(&walk->rest, cwd);
        hf_buf_text(&walk->rest, "/");
    }
    walk->root_len = walk->done.len;
    hf_buf_text(&walk->rest, path);
    return hf_buf_check(&walk->rest, err) < 0 ? err->code
                                              : hf_buf_check(&walk->done, err);
}

int hf_path_resolve(const char *root, const char *path, char **ret_path,
                    struct hf_err *err)
{
    HF_AUTO(walk_done) struct walk walk = { 0 };
    struct hf_view part;
    char *resolved;

    if (begin_walk(&walk, root, path, err) < 0)
        return HF_WRAP(err, "cannot resolve '%s'", path);
    while ((part = next_part(&walk)).len > 0)
        if (step(&walk, part, err) < 0)
            return HF_WRAP(err, "cannot resolve '%s'", path);
    if (walk.done.len == 0)
        hf_buf_text(&walk.done, "/");
    resolved = hf_buf_steal(&walk.done);
    if (!resolved)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_path = resolved;
    return 0;
}
