/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/pkcs7_out.h - certificates as one PKCS#7 file (.p7b). */
#ifndef HF_CRYPTO_PKCS7_OUT_H
#define HF_CRYPTO_PKCS7_OUT_H

#include "base/buf.h"
#include "crypto/cert.h"

/* Appends, as DER, a SignedData that nobody signed and that holds nothing but
 * the certificates, in their order, byte for byte as they are: what certutil,
 * the Windows import and `openssl pkcs7 -inform DER -print_certs` read.
 * Returns 0, HF_E_LIMIT, HF_E_NOMEM. Source: RFC 2315 9.1; RFC 5652 5.1 note
 * on "certificates-only". Differs from DER in one thing, as all who write such
 * files do: the set of certificates is not sorted. */
HF_MUST_USE int hf_pkcs7_der(struct hf_buf *out, const struct hf_certs *certs,
                             struct hf_err *err);

#endif
