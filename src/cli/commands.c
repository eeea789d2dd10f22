/* SPDX-License-Identifier: Apache-2.0 */
/* cli/commands.c - the table of commands, in the order help lists them. */
#include "cli/commands.h"

const struct hf_cmd *const hf_commands[] = {
    &hf_cmd_doctor,
    &hf_cmd_roots_list,
    &hf_cmd_roots_find,
    &hf_cmd_roots_check,
    &hf_cmd_roots_fix,
    &hf_cmd_roots_add,
    &hf_cmd_roots_remove,
    &hf_cmd_roots_undo,
    &hf_cmd_roots_audit,
    &hf_cmd_roots_diff,
    &hf_cmd_roots_export,
    &hf_cmd_roots_sync,
    &hf_cmd_roots_share,
    &hf_cmd_product_list,
    &hf_cmd_product_show,
    &hf_cmd_product_lint,
    &hf_cmd_explain,
    &hf_cmd_completion,
    NULL,
};
