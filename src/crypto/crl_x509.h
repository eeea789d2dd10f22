/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/crl_x509.h - revocation lists as OpenSSL sees them, for crypto/. */
#ifndef HF_CRYPTO_CRL_X509_H
#define HF_CRYPTO_CRL_X509_H

#include <openssl/x509.h>

#include "crypto/crl.h"

/* Borrowed; valid until the next hf_crls_add. */
STACK_OF(X509_CRL) * hf_crls_stack(const struct hf_crls *crls);

/* "on 2026-11-02 (keyCompromise), says the list of 'Issuing CA'": what a list
 * says of a certificate it revokes; "" when it does not name it. */
void hf_crl_words(X509_CRL *crl, X509 *x509, char *ret_text, size_t room);

#endif
