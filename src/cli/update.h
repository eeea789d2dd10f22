/* SPDX-License-Identifier: Apache-2.0 */
/* cli/update.h - the automatic root update of the Windows whose stores are on
 * a shelf. */
#ifndef HF_CLI_UPDATE_H
#define HF_CLI_UPDATE_H

#include "cli/shelf.h"
#include "settings/rootupdate.h"

struct hf_update {
    struct hf_rootupdate update;
    struct hf_book **book; /* those that were asked, by source index */
    const char **name;     /* their names */
    size_t count;
};

/* Asks every Windows store of the shelf. Without one, update.known is false.
 * Returns 0, HF_E_NOMEM. */
HF_MUST_USE int hf_update_read(struct hf_shelf *shelf,
                               struct hf_update *ret_update,
                               struct hf_err *err);
/* "root_update": {...}; nothing where no Windows is on the shelf. */
void hf_update_json(struct hf_json *json, const struct hf_update *update);
/* "on; the list of 2025-06-16, last looked for on 2025-07-01" */
void hf_update_words(struct hf_buf *out, const struct hf_rootupdate *update);
void hf_update_done(struct hf_update *update);

#endif
