/* SPDX-License-Identifier: Apache-2.0 */
/* doc/embed.h - the data compiled into the program, and /etc/holdfast over it.
 *
 * tools/embed.py turns the folder data/ into the table behind this header at
 * build time: text files as they are, data/roots/ as DER with its hashes. */
#ifndef HF_DOC_EMBED_H
#define HF_DOC_EMBED_H

#include "base/buf.h"

struct hf_embed {
    const char *name; /* "products/cylance.yaml", "inspectors.tsv" */
    struct hf_view text;
};

/* A root certificate body. */
struct hf_embed_root {
    const char *name; /* "digicert-global-root-ca" */
    uint8_t sha256[32];
    uint8_t sha1[20];
    struct hf_view der;
};

/* NULL when there is none of that name. */
const struct hf_embed *hf_embed_find(const char *name);
/* All text files, sorted by name; `ret_count` is how many. */
const struct hf_embed *hf_embed_all(size_t *ret_count);

/* Sorted by SHA-256. */
const struct hf_embed_root *hf_embed_roots(size_t *ret_count);
const struct hf_embed_root *hf_embed_root_find(const uint8_t sha256[32]);

/* The table or document `name`: ROOT/etc/holdfast/NAME when that exists, else
 * the embedded one. Error texts of the caller name `name`.
 * root  NULL for this machine. ret_text: an initialised buffer. A file that is
 * there and cannot be read is an error, not passed over.
 * Returns 0, HF_E_ABSENT (neither has it), or what reading returned. */
HF_MUST_USE int hf_embed_read(const char *root, const char *name,
                              struct hf_buf *ret_text, struct hf_err *err);

/* The same; `ret_path` is the file's path on the heap, or NULL when the text is
 * the embedded one. */
HF_MUST_USE int hf_embed_open(const char *root, const char *name,
                              struct hf_buf *ret_text, char **ret_path,
                              struct hf_err *err);

/* The names in ROOT/etc/holdfast/FOLDER (none when it is not there); free with
 * hf_names_done() of plat/file.h. */
struct hf_names;
HF_MUST_USE int hf_embed_folder(const char *root, const char *folder,
                                struct hf_names *ret_names, struct hf_err *err);

#endif
