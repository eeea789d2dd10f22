/* SPDX-License-Identifier: Apache-2.0 */
/* sst_fuzz.c - a serialized store: elements lie one behind the other, each
 * reads as a blob by itself, and a store made of them holds the same. */
#include "crypto/eku.h"
#include "fuzz.h"
#include "win/certblob.h"

struct seen {
    struct hf_view file;
    size_t at, count;
    struct hf_buf out;
};

static int see(void *user, const struct hf_certblob *blob, size_t offset,
               struct hf_err *err)
{
    struct seen *seen = user;
    struct hf_certblob alone;
    unsigned purposes = 0;

    HF_PROMISE(offset == seen->at);
    HF_PROMISE(blob->whole.ptr == seen->file.ptr + offset &&
               blob->whole.len >= 12);
    HF_PROMISE(offset + blob->whole.len <= seen->file.len);
    /* zeros at the end of the last property are no property */
    if (hf_certblob_read(blob->whole, &alone, err) == 0) {
        HF_PROMISE(hf_view_same(alone.der, blob->der));
        HF_PROMISE(hf_view_same(alone.eku, blob->eku));
    }
    if (hf_eku_purposes(blob->eku, &purposes, err) == 0)
        HF_PROMISE(purposes > 0 && purposes < 256);
    hf_buf_view(&seen->out, blob->whole);
    seen->at += blob->whole.len;
    seen->count++;
    return 0;
}

static void check_again(const struct seen *first)
{
    struct seen again = { .file = hf_buf_peek(&first->out), .at = 8 };
    struct hf_err err;

    hf_buf_init(&again.out, first->out.max);
    HF_PROMISE(hf_sst_read(again.file, see, &again, &err) == 0);
    HF_PROMISE(again.count == first->count && again.at + 12 == again.file.len);
    hf_buf_done(&again.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = { .file = hf_view(data, size), .at = 8 };
    struct hf_err err = { 0 };

    hf_buf_init(&seen.out, size + 100);
    hf_sst_begin(&seen.out);
    if (hf_sst_read(seen.file, see, &seen, &err) < 0) {
        HF_PROMISE(err.n > 0);
    } else {
        hf_sst_end(&seen.out);
        HF_PROMISE(seen.out.bad == 0);
        check_again(&seen);
    }
    hf_buf_done(&seen.out);
    return 0;
}
