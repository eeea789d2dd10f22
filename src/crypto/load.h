/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load.h - certificates out of whatever file a person has. */
#ifndef HF_CRYPTO_LOAD_H
#define HF_CRYPTO_LOAD_H

#include "crypto/cert.h"

/* bytes; ours: the largest bundle seen has 0.3 MB, a CTL share's 2 MB */
#define HF_LOAD_MAX (16 * 1024 * 1024)

enum hf_load_kind { HF_LOAD_PEM, HF_LOAD_DER, HF_LOAD_PKCS7, HF_LOAD_PKCS12 };

/* A certificate and where it stood. */
struct hf_loaded {
    struct hf_cert *cert;
    size_t offset;    /* byte of its first character in the file */
    size_t end;       /* byte after its last (the END line's LF included) */
    unsigned line_no; /* from 1 for PEM, else 0 */
};

/* A part that was passed over, and why. */
struct hf_load_fault {
    size_t offset;
    unsigned line_no; /* 0 for binary formats */
    char *text;       /* "line 12: base64 stops at byte 733: ..." */
};

struct hf_load {
    enum hf_load_kind kind;
    struct hf_loaded *item;
    size_t count;
    struct hf_load_fault *fault;
    size_t fault_count;
    size_t crl_count; /* PEM CRLs, keys: seen and passed over */
    size_t other_count;
};

/* Reads PEM (with junk between the blocks: text dumps, "Bag Attributes",
 * TRUSTED CERTIFICATE, PKCS7 blocks), DER, PKCS#7 in DER, PKCS#12. The format
 * is found by looking.
 * password  for PKCS#12; NULL tries the empty one. Keys are never decrypted.
 * A damaged certificate in a PEM file is a fault and does not hide the others;
 * a binary file is read whole or refused.
 * Returns 0 (perhaps with faults, perhaps with no certificate), HF_E_PARSE
 * (nothing here is a certificate: text says what was expected), HF_E_LIMIT,
 * HF_E_CRYPTO (wrong password, unsupported encryption), HF_E_NOMEM. */
HF_MUST_USE int hf_load_certs(struct hf_view bytes, const char *password,
                              struct hf_load *ret_load, struct hf_err *err);
void hf_load_done(struct hf_load *load);

/* hf_file_read and hf_load_certs; errors name the path. */
HF_MUST_USE int hf_load_file(const char *path, const char *password,
                             struct hf_load *ret_load, struct hf_err *err);

#endif
