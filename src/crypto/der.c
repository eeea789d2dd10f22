/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/der.c - the outline of DER: one tag, length and body at a time. */
#include "crypto/der.h"

static bool fail(struct hf_rd *rd)
{
    rd->bad = true;
    rd->left = 0;
    return false;
}

bool hf_der_next(struct hf_rd *rd, struct hf_tlv *ret_tlv)
{
    const uint8_t *start = rd->at;
    uint32_t tag = hf_rd_uint(rd, 1);
    uint32_t len = hf_rd_uint(rd, 1);
    struct hf_view body;

    if (rd->bad || (tag & 0x1f) == 0x1f)
        return fail(rd);
    if (len & 0x80) {
        if (len == 0x80 || len > 0x84)
            return fail(rd);
        len = hf_rd_uint(rd, len & 0x7f);
    }
    body = hf_rd_bytes(rd, len);
    if (rd->bad)
        return false;
    ret_tlv->tag = (uint8_t)tag;
    ret_tlv->body = body;
    ret_tlv->whole = hf_view(start, (size_t)(rd->at - start));
    return true;
}

bool hf_der_expect(struct hf_rd *rd, uint8_t tag, struct hf_tlv *ret_tlv)
{
    struct hf_tlv tlv;

    if (!hf_der_next(rd, &tlv))
        return false;
    if (tlv.tag != tag)
        return fail(rd);
    *ret_tlv = tlv;
    return true;
}

size_t hf_der_len(struct hf_view v)
{
    struct hf_rd rd = hf_rd(v);
    struct hf_tlv tlv;

    return hf_der_next(&rd, &tlv) ? tlv.whole.len : 0;
}
