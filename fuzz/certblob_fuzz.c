/* SPDX-License-Identifier: Apache-2.0 */
/* certblob_fuzz.c - a registry blob: what is read lies in it, and what is
 * written from that reads the same. */
#include "fuzz.h"
#include "win/certblob.h"

static bool lies_in(struct hf_view part, struct hf_view whole)
{
    return part.len == 0 ||
           (part.ptr >= whole.ptr && part.len <= whole.len &&
            (size_t)(part.ptr - whole.ptr) <= whole.len - part.len);
}

static void check_again(const struct hf_certblob *blob)
{
    static const uint8_t sha1[20] = { 1, 2, 3 };
    struct hf_certblob again;
    struct hf_buf out;
    struct hf_err err;

    hf_buf_init(&out, blob->der.len + 256);
    HF_PROMISE(hf_certblob_write(&out, blob->der, sha1, "name", &err) == 0);
    HF_PROMISE(hf_certblob_read(hf_buf_peek(&out), &again, &err) == 0);
    HF_PROMISE(hf_view_same(again.der, blob->der) && again.encoding == 1);
    HF_PROMISE(hf_view_same(again.sha1, hf_view(sha1, sizeof(sha1))));
    HF_PROMISE(again.friendly_name.len == 10 && again.eku.len == 0);
    hf_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view bytes = hf_view(data, size);
    struct hf_certblob blob;
    struct hf_err err = { 0 };

    if (hf_certblob_read(bytes, &blob, &err) < 0) {
        HF_PROMISE(err.n > 0 && err.code == HF_E_PARSE);
        return 0;
    }
    HF_PROMISE(lies_in(blob.der, bytes) && lies_in(blob.eku, bytes));
    HF_PROMISE(lies_in(blob.friendly_name, bytes) && lies_in(blob.sha1, bytes));
    HF_PROMISE(blob.sha1.len == 0 || blob.sha1.len == 20);
    HF_PROMISE(!blob.other || blob.der.len == 0);
    check_again(&blob);
    return 0;
}
