/* SPDX-License-Identifier: Apache-2.0 */
/* store/onefile.c - what the kinds that are one file have in common. */
#include <errno.h>
#include <sys/stat.h>

#include "plat/file.h"
#include "store/kind.h"

int hf_store_set_file(struct hf_store *store, const char *path,
                      struct hf_err *err)
{
    struct stat st;

    /* closed to us is not absent: reading will say so */
    if (lstat(path, &st) < 0 && errno != EACCES)
        return HF_FAIL(err, HF_E_ABSENT, "there is no file or folder '%s'",
                       path);
    store->path = hf_view_dup(hf_view_text(path));
    if (!store->path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    return hf_store_real_or(NULL, path, &store->real, err);
}

int hf_store_bytes(const struct hf_store *store, struct hf_changeset *set,
                   struct hf_buf *ret_bytes, struct hf_err *err)
{
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (!set)
        return hf_file_read(store->real, ret_bytes, err);
    if (hf_changeset_peek(set, store->real, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_LINK)
        return HF_FAIL(err, HF_E_IO, "'%s' is a symbolic link to nowhere",
                       store->real);
    hf_buf_add(ret_bytes, bytes.ptr, bytes.len);
    return hf_buf_check(ret_bytes, err);
}

int hf_store_file_may_change(const struct hf_store *store, struct hf_err *err)
{
    return hf_store_writable(store->real, err);
}
