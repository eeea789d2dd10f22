/* SPDX-License-Identifier: Apache-2.0 */
/* hf_data.h - the files in tests/data, for tests that run in a build folder.
 *
 * Meson names the sources relative to the build folder, or absolute, and runs
 * tests in the build folder: tests/data is found from this header's place. */
#ifndef HF_DATA_H
#define HF_DATA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plat/file.h"

#define HF_DATA_MAX (1024 * 1024) /* bytes of one file */

/* Reads tests/data/`name` into an initialised buffer, or ends the test. */
static inline void hf_data_read(const char *name, struct hf_buf *ret_bytes)
{
    const char *slash = strrchr(__FILE__, '/');
    struct hf_err err;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%.*s/data/%s",
                   (int)(slash ? slash - __FILE__ : 1), slash ? __FILE__ : ".",
                   name);
    hf_buf_init(ret_bytes, HF_DATA_MAX);
    if (hf_file_read(path, ret_bytes, &err) < 0) {
        printf("Bail out! cannot read '%s'\n", path);
        abort();
    }
}

#endif
