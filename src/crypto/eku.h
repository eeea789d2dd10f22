/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/eku.h - a list of purposes that stands alone, as stores keep it. */
#ifndef HF_CRYPTO_EKU_H
#define HF_CRYPTO_EKU_H

#include "crypto/cert.h"

/* The purposes of a DER ExtKeyUsageSyntax as enum hf_purpose bits, never 0,
 * which elsewhere means "for everything":
 * - a purpose that has no bit of its own sets HF_PURPOSE_OTHER;
 * - an empty list, which Windows keeps for "no purpose at all", is
 *   HF_PURPOSE_OTHER alone: whoever asks for a known purpose gets "no";
 * - "any purpose" (2.5.29.37.0, or Microsoft's 1.3.6.1.4.1.311.10.12.1) sets
 *   every bit.
 * Returns 0, or HF_E_PARSE whose text names the offset. Source: RFC 5280
 * 4.2.1.12; wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID. */
HF_MUST_USE int hf_eku_purposes(struct hf_view der, unsigned *ret_purposes,
                                struct hf_err *err);

#endif
