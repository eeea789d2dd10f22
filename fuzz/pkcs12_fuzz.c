/* SPDX-License-Identifier: Apache-2.0 */
/* pkcs12_fuzz.c - PKCS#12 with the password right: the bags inside. */
#include "crypto/load.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* what begins otherwise is for load_fuzz.c */
    static const char *const password[] = { "secret", "" };

    if (size < 2 || data[0] != 0x30)
        return 0;
    for (size_t i = 0; i < HF_COUNT(password); i++) {
        struct hf_load load = { 0 };
        struct hf_err err = { 0 };

        if (hf_load_certs(hf_view(data, size), password[i], &load, &err) < 0) {
            HF_PROMISE(err.n > 0 && !load.item);
            continue;
        }
        for (size_t k = 0; k < load.count; k++)
            HF_PROMISE(load.item[k].end <= size &&
                       hf_cert_der(load.item[k].cert).len > 0);
        hf_load_done(&load);
    }
    return 0;
}
