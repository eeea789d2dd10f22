/* SPDX-License-Identifier: Apache-2.0 */
/* store/sources.h - inside store/: the files a distribution makes its bundle
 * from, so that a change outlives the next run of its tool. */
#ifndef HF_STORE_SOURCES_H
#define HF_STORE_SOURCES_H

#include "store/certfiles.h"
#include "store/layout.h"

/* The places of one store, symbolic links resolved, and what is in them. */
struct hf_sources {
    const struct hf_store *store;
    char *local, *conf, *shared, *links, *block; /* NULL: none here */
    struct hf_cert_files in_local, in_block;
    struct hf_cert_files was_local, was_blocked; /* whatever is staged */
    struct hf_cert_files selected, deselected;   /* by the list `conf` */
};

void hf_sources_done(struct hf_sources *sources);

/* Resolves the places. */
HF_MUST_USE int hf_sources_find(const struct hf_store *store,
                                struct hf_sources *ret_sources,
                                struct hf_err *err);
/* And reads what is in them; what `set` has staged counts as there. */
HF_MUST_USE int hf_sources_read(const struct hf_store *store,
                                struct hf_changeset *set,
                                struct hf_sources *ret_sources,
                                struct hf_err *err);

/* Stages that the tool will put the certificate into the bundle. */
HF_MUST_USE int hf_sources_add(const struct hf_sources *sources,
                               struct hf_cert *cert, struct hf_changeset *set,
                               struct hf_err *err);
/* Stages that it will not. `in_bundle`: it is there now. `*ret_found` when a
 * source held it. */
HF_MUST_USE int hf_sources_remove(const struct hf_sources *sources,
                                  struct hf_cert *cert, bool in_bundle,
                                  struct hf_changeset *set, bool *ret_found,
                                  struct hf_err *err);

#endif
