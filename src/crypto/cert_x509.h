/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_x509.h - a certificate as OpenSSL sees it, for crypto/ and net/.
 */
#ifndef HF_CRYPTO_CERT_X509_H
#define HF_CRYPTO_CERT_X509_H

#include <openssl/x509.h>

#include "crypto/cert.h"

/* Decoded when first asked for, kept with the certificate.
 * Returns NULL and an error when OpenSSL cannot read it. */
HF_MUST_USE X509 *hf_cert_x509(struct hf_cert *cert, struct hf_err *err);

/* Was it asked for already? */
bool hf_cert_is_decoded(const struct hf_cert *cert);

/* From a certificate that OpenSSL holds: encodes it and takes a reference, so
 * that it is not decoded twice. */
HF_MUST_USE int hf_cert_from_x509(X509 *x509, struct hf_cert **ret_cert,
                                  struct hf_err *err);

/* Where cert_info.c keeps its result. */
struct hf_cert_info **hf_cert_info_slot(struct hf_cert *cert);
void hf_cert_info_free(struct hf_cert_info *info);

/* Starts an error with OpenSSL's reason appended; empties its queue. */
int hf_fail_crypto(struct hf_err *err, enum hf_code code, const char *what);

#endif
