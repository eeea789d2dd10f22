/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_read.c - a trust list from its file: verified, then believed. */
#include "crypto/ctl_decode.h"

int hf_ctl_read(struct hf_view bytes, const struct hf_certs *anchors,
                struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs embedded = { 0 };
    HF_AUTO(hf_free_ptr) char *signer = NULL;
    struct hf_ctl_outline outline;
    struct hf_ctl_head head;
    struct hf_ctl *ctl;

    if (hf_ctl_outline(bytes, &outline, err) < 0 ||
        hf_ctl_decode_head(&outline, &head, err) < 0 ||
        hf_ctl_verify(bytes, &outline, &head, anchors, &signer, &embedded,
                      err) < 0 ||
        hf_ctl_decode_entries(&outline, &head, &ctl, err) < 0)
        return hf_err_code(err);
    ctl->signer = HF_STEAL(signer);
    ctl->embedded = embedded;
    embedded = (struct hf_certs){ 0 };
    *ret_ctl = ctl;
    return 0;
}
