/* SPDX-License-Identifier: Apache-2.0 */
/* cli/outfile.c - a file that a person named to be written. */
#include "cli/outfile.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "plat/file.h"

static int check_kind(const char *path, const struct stat *st,
                      struct hf_err *err)
{
    if (S_ISREG(st->st_mode))
        return 0;
    if (S_ISDIR(st->st_mode))
        return HF_FAIL(err, HF_E_USAGE, "'%s' is a folder: name a file in it",
                       path);
    return HF_FAIL(err, HF_E_USAGE,
                   "'%s' is a device or a pipe, not a file: it is not replaced",
                   path);
}

int hf_outfile_write(const char *path, struct hf_view bytes, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    struct stat st;

    if (lstat(path, &st) < 0)
        return hf_file_write(path, bytes, 0644,
                             err); /* it says what is wrong */
    if (S_ISLNK(st.st_mode)) {
        /* a link such as /dev/stdout must not become a file */
        real = realpath(path, NULL);
        if (!real || stat(real, &st) < 0)
            return HF_FAIL_SYS(err, "cannot follow the link '%s'", path);
    }
    if (check_kind(path, &st, err) < 0)
        return hf_err_code(err);
    return hf_file_write(real ? real : path, bytes, 0644, err);
}
