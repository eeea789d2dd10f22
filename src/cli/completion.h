/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion.h - what the scripts for three shells are made from. */
#ifndef HF_CLI_COMPLETION_H
#define HF_CLI_COMPLETION_H

#include "cli/cli.h"

/* Each writes a whole script. */
void hf_completion_bash(struct hf_buf *out);
void hf_completion_zsh(struct hf_buf *out);
void hf_completion_fish(struct hf_buf *out);

/* Calls `row` for every option of `cmd`, its own first. */
typedef void hf_completion_row(struct hf_buf *out, const struct hf_cmd *cmd,
                               const struct hf_opt *o);
void hf_completion_each(struct hf_buf *out, const struct hf_cmd *cmd,
                        hf_completion_row *row);

/* The row of the words that are no options, or NULL. */
const struct hf_opt *hf_completion_words(const struct hf_cmd *cmd);

/* How the names of stores begin: "pem: nss: hive:"; and those that are whole:
 * "system nss:builtin". */
void hf_completion_schemes(struct hf_buf *out);
void hf_completion_stores(struct hf_buf *out);

/* "a|b|c" as "a b c". */
void hf_completion_choices(struct hf_buf *out, const char *choices);

/* The first word of the path of `*cmd` ("roots"); its length. */
size_t hf_completion_first(const struct hf_cmd *cmd);
/* Is `*cmd` the first in the table that begins with its first word? */
bool hf_completion_opens(const struct hf_cmd *const *cmd);
/* What follows the first word ("check"), or NULL. */
const char *hf_completion_second(const struct hf_cmd *cmd);
/* Do two commands begin with the same word? */
bool hf_completion_kin(const struct hf_cmd *a, const struct hf_cmd *b);

#endif
