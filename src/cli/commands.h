/* SPDX-License-Identifier: Apache-2.0 */
/* cli/commands.h - every command of the program; cmd_*.c define them. */
#ifndef HF_CLI_COMMANDS_H
#define HF_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct hf_cmd hf_cmd_doctor;
extern const struct hf_cmd hf_cmd_roots_list;
extern const struct hf_cmd hf_cmd_roots_find;
extern const struct hf_cmd hf_cmd_roots_check;
extern const struct hf_cmd hf_cmd_roots_fix;
extern const struct hf_cmd hf_cmd_roots_add;
extern const struct hf_cmd hf_cmd_roots_remove;
extern const struct hf_cmd hf_cmd_roots_undo;
extern const struct hf_cmd hf_cmd_roots_audit;
extern const struct hf_cmd hf_cmd_roots_diff;
extern const struct hf_cmd hf_cmd_roots_export;
extern const struct hf_cmd hf_cmd_roots_sync;
extern const struct hf_cmd hf_cmd_roots_share;
extern const struct hf_cmd hf_cmd_product_list;
extern const struct hf_cmd hf_cmd_product_show;
extern const struct hf_cmd hf_cmd_product_lint;
extern const struct hf_cmd hf_cmd_explain;
extern const struct hf_cmd hf_cmd_completion;

#endif
