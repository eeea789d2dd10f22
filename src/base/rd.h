/* SPDX-License-Identifier: Apache-2.0 */
/* base/rd.h - a cursor over bytes of a stranger: sticky, never past the end. */
#ifndef HF_BASE_RD_H
#define HF_BASE_RD_H

#include "base/view.h"

struct hf_rd {
    const uint8_t *at;
    size_t left; /* bytes; 0 once bad */
    bool bad;    /* something was asked that is not there */
};

static inline struct hf_rd hf_rd(struct hf_view v)
{
    return (struct hf_rd){ v.ptr, v.len, false };
}

/* The next `len` bytes; empty, and bad from then on, when they are not there.
 */
static inline struct hf_view hf_rd_bytes(struct hf_rd *rd, size_t len)
{
    struct hf_view v = { rd->at, len };

    if (rd->bad || len > rd->left) {
        rd->bad = true;
        rd->left = 0;
        return hf_view(rd->at, 0);
    }
    if (len > 0) /* 0 may come with no bytes, whose address does not move */
        rd->at += len;
    rd->left -= len;
    return v;
}

/* A big-endian number of 1 to 4 bytes; 0 when bad. */
static inline uint32_t hf_rd_uint(struct hf_rd *rd, size_t bytes)
{
    struct hf_view v = hf_rd_bytes(rd, bytes);
    uint32_t n = 0;

    for (size_t i = 0; i < v.len; i++)
        n = n << 8 | v.ptr[i];
    return n;
}

#endif
