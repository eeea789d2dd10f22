/* SPDX-License-Identifier: Apache-2.0 */
/* store/pemtext.h - inside store/: certificates put into and cut out of a PEM
 * text, every other byte kept. */
#ifndef HF_STORE_PEMTEXT_H
#define HF_STORE_PEMTEXT_H

#include "crypto/load.h"

struct hf_pem_change {
    struct hf_buf text;             /* the new text */
    struct hf_certs added, removed; /* what is new in it, what is gone */
    size_t left;                    /* certificates (and damaged ones) in it */
};

void hf_pem_change_done(struct hf_pem_change *change);

/* As hf_load_certs(), but a text without any certificate is an empty list. */
HF_MUST_USE int hf_pem_load(struct hf_view bytes, struct hf_load *ret_load,
                            struct hf_err *err);

/* The text without `remove` and with those of `add` it lacks at its end, in its
 * own line ends. Either list may be NULL.
 * path  for error texts. ret_change  free with hf_pem_change_done().
 * Returns 0, HF_E_USAGE (not PEM, or inside a PKCS #7 block with others),
 * HF_E_PARSE, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_pem_edit(const char *path, struct hf_view bytes,
                            const struct hf_certs *add,
                            const struct hf_certs *remove,
                            struct hf_pem_change *ret_change,
                            struct hf_err *err);

/* "holdfast-digicert-global-root-ca-4348a0e9" on the heap: the name of a file
 * of ours for this certificate. */
HF_MUST_USE int hf_pem_file_name(struct hf_cert *cert, char **ret_name,
                                 struct hf_err *err);

#endif
