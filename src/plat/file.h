/* SPDX-License-Identifier: Apache-2.0 */
/* plat/file.h - whole files in, whole files out, paths below a root. */
#ifndef HF_PLAT_FILE_H
#define HF_PLAT_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"

/* Reads a regular file (or a pipe, when `path` is "-": standard input).
 * ret_text  an initialised buffer; at most its `max` bytes, else HF_E_LIMIT.
 * Directories, devices and sockets are refused, and never block.
 * Returns 0, HF_E_ABSENT, HF_E_DENIED, HF_E_IO, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_file_read(const char *path, struct hf_buf *ret_text,
                             struct hf_err *err);

/* Replaces `path` whole: temporary file beside it, fsync, rename, fsync of the
 * folder. A reader sees the old bytes or the new ones. */
HF_MUST_USE int hf_file_write(const char *path, struct hf_view bytes,
                              mode_t mode, struct hf_err *err);

/* mkdir -p; folders that are there are fine. */
HF_MUST_USE int hf_file_mkdirs(const char *path, mode_t mode,
                               struct hf_err *err);

/* root + "/" + path on the heap; `root` may be NULL or "/" (then `path` as it
 * is), `path` may begin with a slash. NULL without memory. */
char *hf_path_join(const char *root, const char *path);

/* Follows `path` below `root` as a system booted from there would: symbolic
 * links with absolute targets start at `root` again, and ".." never leaves it.
 * A last component that does not exist is allowed.
 * ret_path on the heap, not containing a symbolic link.
 * Returns 0, HF_E_ABSENT, HF_E_LIMIT (40 links), HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_path_resolve(const char *root, const char *path,
                                char **ret_path, struct hf_err *err);

bool hf_path_exists(const char *path);
bool hf_path_is_dir(const char *path);

/* The names in a folder, sorted by bytes, without "." and "..".
 * ret_names  heap array of heap strings; free with hf_names_free(). */
struct hf_names {
    char **name;
    size_t count;
};
HF_MUST_USE int hf_dir_names(const char *path, struct hf_names *ret_names,
                             struct hf_err *err);
void hf_names_done(struct hf_names *names);

#endif
