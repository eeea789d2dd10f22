/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load_parts.h - the formats behind crypto/load.h. */
#ifndef HF_CRYPTO_LOAD_PARTS_H
#define HF_CRYPTO_LOAD_PARTS_H

#include "crypto/load.h"

/* bytes; ours: binary formats are decoded whole, and structures of many tiny
 * parts take ten times their size. Real files have under 0.1 MB; a CTL 0.2. */
#define HF_LOAD_BINARY_MAX (2 * 1024 * 1024)

/* Where a part stands in the file. */
struct hf_load_place {
    size_t offset, end;
    unsigned line_no;
};

/* Adds a certificate; one that is malformed becomes a fault. Returns 0 or
 * HF_E_NOMEM. */
HF_MUST_USE int hf_load_add(struct hf_load *load, struct hf_view der,
                            const struct hf_load_place *place,
                            struct hf_err *err);
HF_MUST_USE int hf_load_fault(struct hf_load *load,
                              const struct hf_load_place *place,
                              struct hf_err *err, const char *format, ...)
    HF_PRINTF(4, 5);

/* Each reads what is in `bytes`; place: where `bytes` stands in the file. */
HF_MUST_USE int hf_load_pem(struct hf_load *load, struct hf_view bytes,
                            struct hf_err *err);
HF_MUST_USE int hf_load_pkcs7(struct hf_load *load, struct hf_view bytes,
                              const struct hf_load_place *place,
                              struct hf_err *err);
HF_MUST_USE int hf_load_pkcs12(struct hf_load *load, struct hf_view bytes,
                               const char *password, struct hf_err *err);

#endif
