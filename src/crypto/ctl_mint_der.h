/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_mint_der.h - DER put together piece by piece, for tests. */
#ifndef HF_CRYPTO_CTL_MINT_DER_H
#define HF_CRYPTO_CTL_MINT_DER_H

#include "base/buf.h"

/* Appends an element of DER; lengths of three bytes are let through. */
static inline void ctl_der(struct hf_buf *out, int tag, struct hf_view body)
{
    uint8_t head[] = { (uint8_t)tag, 0x83, (uint8_t)(body.len >> 16),
                       (uint8_t)(body.len >> 8), (uint8_t)body.len };

    if (body.len < 0x80)
        hf_buf_add(out, (uint8_t[]){ head[0], head[4] }, 2);
    else
        hf_buf_add(out, head, sizeof(head));
    hf_buf_view(out, body);
}

static inline struct hf_buf ctl_buf(void)
{
    struct hf_buf buf;

    hf_buf_init(&buf, 1 << 20);
    return buf;
}

/* The same, and `body` is empty again: nothing of it is left to free. */
static inline void ctl_wrap(struct hf_buf *out, int tag, struct hf_buf *body)
{
    ctl_der(out, tag, hf_buf_peek(body));
    hf_buf_done(body);
    *body = ctl_buf();
}

#endif
