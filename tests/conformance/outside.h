/* SPDX-License-Identifier: Apache-2.0 */
/* outside.h - test suites that are not part of the project: where they are. */
#ifndef HF_TESTS_OUTSIDE_H
#define HF_TESTS_OUTSIDE_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "plat/file.h"

/* Path of `name` in the folder HOLDFAST_CONFORMANCE_DATA names, else in
 * ../shared/data beside the source tree (HF_SOURCE, else the current folder).
 * On the heap. */
static inline char *outside_path(const char *name)
{
    const char *data = getenv("HOLDFAST_CONFORMANCE_DATA");
    const char *source = getenv("HF_SOURCE");
    char folder[PATH_MAX];

    if (!data || !*data) {
        (void)snprintf(folder, sizeof(folder), "%s/../shared/data",
                       source && *source ? source : ".");
        data = folder;
    }
    return hf_path_join(data, name);
}

/* A whole TAP answer: nothing to do here, and why. Returns the exit status. */
static inline int outside_skip(const char *path)
{
    printf("1..0 # SKIP no '%s': name the folder of the test suites in "
           "HOLDFAST_CONFORMANCE_DATA\n",
           path);
    return 0;
}

/* The file `name` below `folder`; false when it cannot be read. */
static inline bool outside_read(const char *folder, const char *name,
                                struct hf_buf *ret_text)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(folder, name);
    struct hf_err err;

    return path && hf_file_read(path, ret_text, &err) == 0;
}

#endif
