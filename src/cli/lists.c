/* SPDX-License-Identifier: Apache-2.0 */
/* cli/lists.c - Microsoft's list of roots as a command goes by it. */
#include "cli/lists.h"

#include "store/ctl.h"

int hf_lists_ctl(struct hf_session *s, struct hf_ctl **ret_ctl,
                 struct hf_err *err)
{
    *ret_ctl = NULL;
    if (s->common->ctl && hf_ctl_load(s->common->ctl, ret_ctl, err) < 0)
        return HF_WRAP(err, "--ctl");
    return 0;
}

int hf_lists_distrust(struct hf_session *s, struct hf_distrust **ret_distrust,
                      struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;

    if (hf_lists_ctl(s, &ctl, err) < 0 ||
        hf_distrust_load(s->common->root, &distrust, err) < 0 ||
        (ctl && hf_distrust_take_ctl(distrust, ctl, err) < 0))
        return hf_err_code(err);
    *ret_distrust = HF_STEAL(distrust);
    return 0;
}
