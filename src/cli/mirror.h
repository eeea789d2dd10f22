/* SPDX-License-Identifier: Apache-2.0 */
/* cli/mirror.h - a share of trust lists at a URL, as certutil -syncWithWU
 * writes it, fetched into a folder of our own. */
#ifndef HF_CLI_MIRROR_H
#define HF_CLI_MIRROR_H

#include "cli/cli.h"
#include "crypto/cert.h"

struct hf_mirror {
    char *folder;   /* ours alone; removed by hf_mirror_done() */
    size_t fetched; /* bodies */
    size_t failed;
    char why[240]; /* the first that failed, and why */
};

/* Fetches authrootstl.cab, disallowedcertstl.cab where there is one, and the
 * bodies that are not among `at_hand`, which are put beside them too. What is
 * fetched is believed by nobody: whoever reads the folder verifies it.
 * url  http://HOST/PATH.
 * Returns 0, HF_E_USAGE (no such URL), HF_E_NET (no list there), HF_E_CRYPTO
 * (the list does not verify), HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_mirror_fetch(struct hf_session *s, const char *url,
                                const struct hf_certs *at_hand,
                                struct hf_mirror *ret_mirror,
                                struct hf_err *err);
void hf_mirror_done(struct hf_mirror *mirror);

#endif
