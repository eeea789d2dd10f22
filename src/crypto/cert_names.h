/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_names.h - names, alternative names and pointers, decoded. */
#ifndef HF_CRYPTO_CERT_NAMES_H
#define HF_CRYPTO_CERT_NAMES_H

#include <openssl/x509.h>

#include "crypto/cert.h"

/* Fill the parts of `info` they are named for; false: no memory. What does not
 * decode inside an extension is left out, the rest stays. */
HF_MUST_USE bool hf_cert_read_names(X509 *x509, struct hf_cert_info *info);
HF_MUST_USE bool hf_cert_read_lists(X509 *x509, struct hf_cert_info *info);

/* "CN=..., O=..., C=.." on the heap; NULL without memory. */
char *hf_name_text(const X509_NAME *name);

#endif
