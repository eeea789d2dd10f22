/* SPDX-License-Identifier: Apache-2.0 */
/* plat/durable.h - inside plat/: the small steps that durable files are made
 * of. */
#ifndef HF_PLAT_DURABLE_H
#define HF_PLAT_DURABLE_H

#include <sys/types.h>
#include <unistd.h>

#include "base/err.h"
#include "base/view.h"

/* Every temporary file is called ".holdfast-" 16 hexadecimal digits ".tmp":
 * hidden, ours at a glance, and of no use to tools that look for certificates
 * (update-ca-certificates takes *.crt, openssl rehash *.pem, *.crt, ...). */
#define HF_TEMP_PREFIX ".holdfast-"
#define HF_TEMP_SUFFIX ".tmp"

struct hf_owner {
    mode_t mode; /* permission bits */
    uid_t uid;
    gid_t gid;
    bool keep; /* give the file uid and gid too; else leave the maker's */
};

static inline void hf_close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* The folder of `path` ("." when it has none) on the heap, NULL without
 * memory. */
char *hf_path_folder(const char *path);

/* A fresh name for a temporary file in the folder of `path`, on the heap. */
HF_MUST_USE int hf_temp_name(const char *path, char **ret_temp,
                             struct hf_err *err);

/* Makes `path`, which must not exist, with these bytes; durable on return but
 * for its name, which is so after hf_folder_sync(). Nothing is left behind on
 * failure. */
HF_MUST_USE int hf_file_create(const char *path, struct hf_view bytes,
                               const struct hf_owner *owner,
                               struct hf_err *err);

/* Copies the security label (SELinux) of `from`, when there is one and we
 * may; a system without labels has nothing to copy. */
void hf_label_copy(const char *from, const char *to);

/* Makes the names in a folder durable. */
HF_MUST_USE int hf_folder_sync(const char *folder, struct hf_err *err);

#endif
