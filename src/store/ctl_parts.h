/* SPDX-License-Identifier: Apache-2.0 */
/* store/ctl_parts.h - inside store/: a trust list's file, and its bodies. */
#ifndef HF_STORE_CTL_PARTS_H
#define HF_STORE_CTL_PARTS_H

#include "plat/file.h"
#include "store/store.h"

/* A list and where it came from. */
struct hf_ctl_files {
    struct hf_ctl *ctl;
    char *path;            /* of the list */
    char *disallowed_path; /* of ctl->disallowed, or NULL */
    char *folder;          /* where bodies may lie beside */
    struct hf_names names; /* in that folder */
};
void hf_ctl_files_done(struct hf_ctl_files *files);

/* hf_ctl_load() with other anchors. `ret_files`: zeroed; filled on success. */
HF_MUST_USE int hf_ctl_files_load(const char *path,
                                  const struct hf_certs *anchors,
                                  struct hf_ctl_files *ret_files,
                                  struct hf_err *err);

/* Appends an entry for each one of the lists; `list` borrows files->ctl. */
HF_MUST_USE int hf_ctl_files_list(const struct hf_ctl_files *files,
                                  struct hf_store_list *list,
                                  struct hf_err *err);

#endif
