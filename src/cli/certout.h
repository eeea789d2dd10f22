/* SPDX-License-Identifier: Apache-2.0 */
/* cli/certout.h - certificates written in the formats people import. */
#ifndef HF_CLI_CERTOUT_H
#define HF_CLI_CERTOUT_H

#include "crypto/cert.h"
#include "win/registry.h"

enum hf_certout {
    HF_CERTOUT_PEM,
    HF_CERTOUT_DER, /* one certificate */
    HF_CERTOUT_P7B,
    HF_CERTOUT_SST,
    HF_CERTOUT_REG, /* regedit, for the machine's stores */
    HF_CERTOUT_POL, /* Registry.pol, for the policy's stores */
    HF_CERTOUT_TSV,
    HF_CERTOUT_COUNT
};
extern const char hf_certout_words[]; /* "pem|der|p7b|sst|reg|pol|tsv" */
/* False when it is none of them. */
bool hf_certout_read(const char *word, enum hf_certout *ret_format);

/* Appends the certificates. Self-issued ones are roots, the others
 * intermediates, where the format keeps them apart.
 * Returns 0, HF_E_USAGE (DER of more than one), HF_E_NOMEM. */
HF_MUST_USE int hf_certout_write(enum hf_certout format,
                                 const struct hf_certs *certs,
                                 struct hf_buf *out, struct hf_err *err);

/* Puts them into a registry that is being made: HKLM\SOFTWARE\Microsoft, or
 * the policies' part for a policy file. */
HF_MUST_USE int hf_certout_registry(struct hf_registry *registry,
                                    const struct hf_certs *certs,
                                    struct hf_err *err);

#endif
