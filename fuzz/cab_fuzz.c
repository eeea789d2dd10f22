/* SPDX-License-Identifier: Apache-2.0 */
/* cab_fuzz.c - a cabinet: what comes out is bounded, and comes out of a cabinet
 * of our own as it went in. */
#include "fuzz.h"
#include "win/cab.h"

#define MEMBER_MAX (1024 * 1024)

static void check_again(struct hf_view member)
{
    struct hf_buf cab, out;
    struct hf_err err;

    hf_buf_init(&cab, 2 * MEMBER_MAX);
    hf_buf_init(&out, MEMBER_MAX);
    HF_PROMISE(hf_cab_store(&cab, "again.stl", member, 1750000000, &err) == 0);
    HF_PROMISE(hf_cab_is(hf_buf_peek(&cab)));
    HF_PROMISE(hf_cab_extract(hf_buf_peek(&cab), ".STL", &out, &err) == 0);
    HF_PROMISE(hf_view_same(hf_buf_peek(&out), member));
    hf_buf_done(&cab);
    hf_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_buf member;
    struct hf_err err = { 0 };

    hf_buf_init(&member, MEMBER_MAX);
    if (hf_cab_extract(hf_view(data, size), "", &member, &err) < 0)
        HF_PROMISE(err.n > 0 && member.len == 0);
    else
        check_again(hf_buf_peek(&member));
    hf_buf_done(&member);
    return 0;
}
