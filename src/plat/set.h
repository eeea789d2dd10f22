/* SPDX-License-Identifier: Apache-2.0 */
/* plat/set.h - inside plat/: the body of a change set. */
#ifndef HF_PLAT_SET_H
#define HF_PLAT_SET_H

#include "plat/settle.h"

struct hf_changeset {
    char *state_dir;
    char *fence; /* NULL: any path */
    int lock;    /* descriptor; -1: none */
    struct hf_journal journal;
};

/* The change of `path`, made by a look at it when there is none. NULL: err. */
struct hf_change *hf_set_at(struct hf_changeset *set, const char *path,
                            struct hf_err *err);

#endif
