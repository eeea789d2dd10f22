/* SPDX-License-Identifier: Apache-2.0 */
/* der_fuzz.c - an element of DER lies inside what it was read from. */
#include "crypto/der.h"
#include "fuzz.h"

#define DEPTH_MAX 8

static void walk(struct hf_view v, int depth)
{
    struct hf_rd rd = hf_rd(v);
    struct hf_tlv tlv;

    while (rd.left > 0) {
        const uint8_t *before = rd.at;
        size_t left = rd.left;

        if (!hf_der_next(&rd, &tlv)) {
            HF_PROMISE(rd.bad && rd.left == 0);
            return;
        }
        HF_PROMISE(tlv.whole.ptr == before && tlv.whole.len >= 2);
        HF_PROMISE(tlv.whole.len + rd.left == left);
        HF_PROMISE(tlv.body.len + 2 <= tlv.whole.len);
        HF_PROMISE(tlv.body.len == 0 || tlv.body.ptr + tlv.body.len ==
                                            tlv.whole.ptr + tlv.whole.len);
        HF_PROMISE(hf_der_len(hf_view(before, left)) == tlv.whole.len);
        if (depth < DEPTH_MAX && (tlv.tag & 0x20))
            walk(tlv.body, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view v = hf_view(data, size);

    HF_PROMISE(hf_der_len(v) <= size);
    walk(v, 0);
    return 0;
}
