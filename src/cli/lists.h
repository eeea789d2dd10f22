/* SPDX-License-Identifier: Apache-2.0 */
/* cli/lists.h - Microsoft's list of roots as a command goes by it: the one
 * built in, those in /etc/holdfast, the one of --ctl. */
#ifndef HF_CLI_LISTS_H
#define HF_CLI_LISTS_H

#include "cli/cli.h"
#include "judge/distrust.h"

/* The list of --ctl, verified; NULL when none was given. */
HF_MUST_USE int hf_lists_ctl(struct hf_session *s, struct hf_ctl **ret_ctl,
                             struct hf_err *err);
/* Who distrusts which root, the list of --ctl included. */
HF_MUST_USE int hf_lists_distrust(struct hf_session *s,
                                  struct hf_distrust **ret_distrust,
                                  struct hf_err *err);

#endif
