/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_decode.h - inside crypto/: the parts of reading a trust list. */
#ifndef HF_CRYPTO_CTL_DECODE_H
#define HF_CRYPTO_CTL_DECODE_H

#include "crypto/ctl.h"

/* Where the list stands in its PKCS#7. Views into the file. */
struct hf_ctl_outline {
    struct hf_view content; /* what is signed: the body of the list's SEQUENCE,
                               its tag and length are not */
    const uint8_t *file;    /* offsets in error texts count from here */
};

/* Finds it, and holds what stands around it to sizes at which OpenSSL may be
 * let loose on it. Nothing is allocated. Returns 0, HF_E_PARSE, HF_E_LIMIT, or
 * HF_E_CRYPTO where there is no signature. Source: RFC 2315 9.1 */
HF_MUST_USE int hf_ctl_outline(struct hf_view bytes,
                               struct hf_ctl_outline *ret_outline,
                               struct hf_err *err);

/* What stands before the entries. */
struct hf_ctl_head {
    enum hf_ctl_usage usage;
    enum hf_ctl_by by;       /* what the list says; an entry's length decides */
    struct hf_view sequence; /* bytes of the number */
    int64_t this_update_s;
    struct hf_view entries; /* what the SEQUENCE OF them holds */
};

/* Allocates nothing. Returns 0 or HF_E_PARSE.
 * Source: wincrypt.h, CTL_INFO; MS-CAESO (CertificateTrustList). */
HF_MUST_USE int hf_ctl_decode_head(const struct hf_ctl_outline *outline,
                                   struct hf_ctl_head *ret_head,
                                   struct hf_err *err);

/* The list without signer and embedded certificates.
 * Returns 0, HF_E_PARSE, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_ctl_decode_entries(const struct hf_ctl_outline *outline,
                                      const struct hf_ctl_head *head,
                                      struct hf_ctl **ret_ctl,
                                      struct hf_err *err);

/* The order of entries, for qsort(): by what they go by. Equal ones are one. */
int hf_ctl_order(const void *a, const void *b);

/* Is what stands at `outline` in `bytes` signed as hf_ctl_read() wants it?
 * ret_signer    on the heap.
 * ret_embedded  appended to. */
HF_MUST_USE int hf_ctl_verify(struct hf_view bytes,
                              const struct hf_ctl_outline *outline,
                              const struct hf_ctl_head *head,
                              const struct hf_certs *anchors, char **ret_signer,
                              struct hf_certs *ret_embedded,
                              struct hf_err *err);

/* Reads the properties of an entry: `set` is the body of their SET, offsets
 * count from `file`. `*texts_left` bounds how many purposes a whole list may
 * name. */
HF_MUST_USE int hf_ctl_properties(struct hf_view set, const uint8_t *file,
                                  size_t *texts_left,
                                  struct hf_ctl_entry *entry,
                                  struct hf_err *err);

#endif
