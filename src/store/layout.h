/* SPDX-License-Identifier: Apache-2.0 */
/* store/layout.h - inside store/: where the distributions keep their anchors.
 */
#ifndef HF_STORE_LAYOUT_H
#define HF_STORE_LAYOUT_H

#include <stdbool.h>

#include "base/err.h"

/* All paths as the running system sees them. NULL: this layout has none. */
struct hf_layout {
    const char *kind;
    const char *must;      /* needed to be this layout */
    const char *sign[3];   /* one of these tells it */
    const char *bundle[4]; /* PEM; the first that exists is the one read, each
                            * that exists is kept up to date */
    const char *local;     /* the administrator's certificates */
    const char *conf;      /* list of the distribution's, "!" deselects */
    const char *shared;    /* the folder `conf` speaks of */
    const char *links;     /* folder with a link for each and hash links */
    const char *prefix;    /* of the links' names */
    const char *block[2];  /* distrusted ones: new and old name */
    const char *follow_up;
};

/* The layout of the system below `root`; NULL when none is known.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_layout_find(const char *root,
                               const struct hf_layout **ret_layout,
                               struct hf_err *err);

/* PEM bundles that programs read, wherever they come from; ends in NULL. */
extern const char *const hf_known_bundles[];

/* Is there anything at `path` below `root`, readable or not?
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_layout_has(const char *root, const char *path, bool *ret_has,
                              struct hf_err *err);

#endif
