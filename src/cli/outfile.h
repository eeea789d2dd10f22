/* SPDX-License-Identifier: Apache-2.0 */
/* cli/outfile.h - a file that a person named to be written. */
#ifndef HF_CLI_OUTFILE_H
#define HF_CLI_OUTFILE_H

#include "base/err.h"
#include "base/view.h"

/* Makes the file, or replaces it as one; behind a symbolic link, the file it
 * leads to. What is there and no file (a device, a pipe, a folder) stays as it
 * is: replacing /dev/null would take it from the whole machine.
 * Returns 0, HF_E_USAGE, HF_E_DENIED, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_outfile_write(const char *path, struct hf_view bytes,
                                 struct hf_err *err);

#endif
