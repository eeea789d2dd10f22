/* SPDX-License-Identifier: Apache-2.0 */
/* crl_fuzz.c - revocation lists are added whole or not at all. */
#include "crypto/crl.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_crls_freep) struct hf_crls *crls = NULL;
    struct hf_err err = { 0 };
    size_t first;

    HF_PROMISE(hf_crls_new(&crls, &err) == 0);
    if (hf_crls_add(crls, "a.crl", hf_view(data, size), &err) < 0) {
        HF_PROMISE(err.n > 0 && hf_crls_count(crls) == 0);
        return 0;
    }
    first = hf_crls_count(crls);
    HF_PROMISE(first > 0);
    HF_PROMISE(hf_crls_add(crls, "b.crl", hf_view(data, size), &err) == 0 &&
               hf_crls_count(crls) == 2 * first);
    return 0;
}
