/* SPDX-License-Identifier: Apache-2.0 */
/* store/folders.h - inside store/: folders of a system below its root, and the
 * homes of its users. All bounded: a mounted system may be anybody's. */
#ifndef HF_STORE_FOLDERS_H
#define HF_STORE_FOLDERS_H

#include "base/err.h"
#include "base/texts.h"

/* Follows links as the system below `root` would. `*ret_real` on the heap, NULL
 * where no folder is. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_folder_follow(const char *root, const char *path,
                                 char **ret_real, struct hf_err *err);

/* The names in a folder, sorted, hidden ones left out; of more than 1000, some.
 * None where it cannot be read. Appended to `names`. */
HF_MUST_USE int hf_folder_names(const char *real, struct hf_texts *names,
                                struct hf_err *err);

/* Homes of people and of root, and on this machine that of the environment. */
struct hf_homes {
    struct hf_texts path; /* below the root */
    struct hf_texts real; /* of each: none is taken twice */
};
HF_MUST_USE int hf_homes_find(const char *root, struct hf_homes *ret_homes,
                              struct hf_err *err);
void hf_homes_done(struct hf_homes *homes);

#endif
