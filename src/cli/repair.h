/* SPDX-License-Identifier: Apache-2.0 */
/* cli/repair.h - stores changed: checked first, staged, committed as one, read
 * back. */
#ifndef HF_CLI_REPAIR_H
#define HF_CLI_REPAIR_H

#include "cli/shelf.h"
#include "plat/changeset.h"

/* What shall change in one store. */
struct hf_repair_item {
    struct hf_book
        *book; /* its status and reason say afterwards what happened */
    struct hf_certs add, remove;
    struct hf_store_value *value; /* registry values that shall be otherwise */
    size_t value_count;
    size_t values_changed;
    /* those that did change, or would in a dry run; read back */
    struct hf_certs added, removed;
    size_t changed; /* certificates, counted while staging */
};

struct hf_repair {
    struct hf_changeset
        *set;         /* NULL: dry run, or no right to change anything */
    const char *root; /* --root */
    enum hf_changeset_found found;
    struct hf_err denied; /* why there is no set; n is 0 when there is one */
    struct hf_repair_item *item;
    size_t count;
    size_t failed; /* stores that could not be changed or did not read back */
};

/* Opens the change set, which settles what a killed run left behind: call it
 * before the stores are read. Lack of privilege is not an error yet: there may
 * be nothing to change. Returns 0, HF_E_BUSY, HF_E_PARSE, HF_E_IO. */
HF_MUST_USE int hf_repair_begin(struct hf_session *s, bool dry_run,
                                struct hf_repair *ret_repair,
                                struct hf_err *err);
/* One item for each readable store of the shelf. */
HF_MUST_USE int hf_repair_plan(struct hf_repair *repair, struct hf_shelf *shelf,
                               struct hf_err *err);

/* Asks that a registry value be otherwise; `value` is copied as it stands, what
 * it points to is borrowed. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_repair_value(struct hf_repair_item *item,
                                const struct hf_store_value *value,
                                struct hf_err *err);

/* Does it. A store that fails is named and does not stop the others. Returns 0
 * (look at `failed` and the books), HF_E_NOMEM, or what committing returned. */
HF_MUST_USE int hf_repair_run(struct hf_repair *repair, bool dry_run,
                              struct hf_err *err);
void hf_repair_done(struct hf_repair *repair);

/* What the person should type so that other formats follow, for each store
 * that was touched. */
void hf_repair_follow_ups(struct hf_session *s, const struct hf_repair *repair);

#endif
