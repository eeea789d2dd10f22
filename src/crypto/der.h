/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/der.h - the outline of DER: one tag, length and body at a time. */
#ifndef HF_CRYPTO_DER_H
#define HF_CRYPTO_DER_H

#include "base/auto.h"
#include "base/rd.h"

#define HF_DER_SEQUENCE 0x30
#define HF_DER_INTEGER 0x02
#define HF_DER_OID 0x06

struct hf_tlv {
    uint8_t tag; /* first identifier byte; long forms are refused */
    struct hf_view body;
    struct hf_view whole; /* tag and length included */
};

/* The next element. Definite lengths of at most four bytes; longer encodings
 * than needed are let through, since old certificates have them.
 * Returns false, and `rd` is bad, when there is none. Source: X.690 8.1 */
HF_MUST_USE bool hf_der_next(struct hf_rd *rd, struct hf_tlv *ret_tlv);

/* The same, and its tag must be `tag`. */
HF_MUST_USE bool hf_der_expect(struct hf_rd *rd, uint8_t tag,
                               struct hf_tlv *ret_tlv);

/* How many bytes the first element of `v` takes, 0 when it is cut or no
 * element. */
size_t hf_der_len(struct hf_view v);

/* Does a file begin as DER or BER of more than 127 bytes do? No text does. */
static inline bool hf_der_looks(struct hf_view v)
{
    return v.len > 1 && v.ptr[0] == HF_DER_SEQUENCE && v.ptr[1] >= 0x80;
}

#endif
