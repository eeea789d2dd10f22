/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show_entry.h - the entries of a store on a screen and in JSON: a
 * certificate, and what the store makes of it. */
#ifndef HF_CLI_SHOW_ENTRY_H
#define HF_CLI_SHOW_ENTRY_H

#include "cli/cli.h"
#include "store/store.h"

/* One line, and a second where a list restricts it; damaged ones are not
 * shown. */
void hf_show_entry_line(struct hf_session *s,
                        const struct hf_store_entry *entry);
/* Everything. */
void hf_show_entry(struct hf_session *s, const struct hf_store_entry *entry);

/* An object in an open array; nothing for a damaged one. */
void hf_json_entry(struct hf_json *json, const struct hf_store_entry *entry,
                   const char *store);

/* "TLS servers, code signing" for enum hf_purpose bits. */
void hf_show_purposes(struct hf_buf *out, unsigned purposes);

#endif
