/* SPDX-License-Identifier: Apache-2.0 */
/* plat/state.c - what stands at a path: nothing, a file or a symbolic link. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/durable.h"
#include "plat/file.h"
#include "plat/settle.h"

static int read_link(const char *path, struct hf_state *state,
                     struct hf_err *err)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path, target, sizeof(target));

    if (len < 0)
        return HF_FAIL_SYS(err, "cannot read the link '%s'", path);
    if (len == 0 || len == sizeof(target))
        return HF_FAIL(err, HF_E_LIMIT, "the link '%s' is too long", path);
    state->target = hf_view_dup(hf_view(target, (size_t)len));
    if (!state->target)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a link");
    state->kind = HF_PATH_LINK;
    return 0;
}

static int read_file(const char *path, const struct stat *st,
                     struct hf_state *state, struct hf_err *err)
{
    hf_buf_init(&state->bytes, HF_CHANGE_FILE_MAX);
    if (hf_file_read(path, &state->bytes, err) < 0)
        return hf_err_code(err);
    state->kind = HF_PATH_FILE;
    state->mode = st->st_mode & 07777;
    state->uid = st->st_uid;
    state->gid = st->st_gid;
    state->size = state->bytes.len;
    return 0;
}

int hf_state_read(const char *path, struct hf_state *ret_state,
                  struct hf_err *err)
{
    struct hf_state state = { 0 };
    struct stat st;
    int rc;

    if (lstat(path, &st) < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return HF_FAIL_SYS(err, "cannot look at '%s'", path);
        *ret_state = state;
        return 0;
    }
    if (S_ISLNK(st.st_mode))
        rc = read_link(path, &state, err);
    else if (S_ISREG(st.st_mode))
        rc = read_file(path, &st, &state, err);
    else
        rc = HF_FAIL(err, HF_E_IO, "'%s' is not a file", path);
    if (rc < 0) {
        hf_state_done(&state);
        return rc;
    }
    *ret_state = state;
    return 0;
}

bool hf_state_same(const struct hf_state *a, const struct hf_state *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == HF_PATH_FILE)
        return hf_view_same(hf_buf_peek(&a->bytes), hf_buf_peek(&b->bytes));
    return a->kind == HF_PATH_ABSENT || strcmp(a->target, b->target) == 0;
}

int hf_state_copy(const struct hf_state *from, struct hf_state *ret_state,
                  struct hf_err *err)
{
    struct hf_state copy = *from;

    copy.target = NULL;
    hf_buf_init(&copy.bytes, HF_CHANGE_FILE_MAX);
    if (from->target) {
        copy.target = hf_view_dup(hf_view_text(from->target));
        if (!copy.target)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a link");
    }
    hf_buf_view(&copy.bytes, hf_buf_peek(&from->bytes));
    if (hf_buf_check(&copy.bytes, err) < 0) {
        hf_state_done(&copy);
        return hf_err_code(err);
    }
    *ret_state = copy;
    return 0;
}

int hf_state_stands(const struct hf_state *state, const char *path,
                    bool *ret_stands, struct hf_err *err)
{
    HF_AUTO(hf_state_done) struct hf_state now = { 0 };

    if (hf_state_read(path, &now, err) < 0)
        return hf_err_code(err);
    *ret_stands = hf_state_same(state, &now);
    return 0;
}
