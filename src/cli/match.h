/* SPDX-License-Identifier: Apache-2.0 */
/* cli/match.h - is this the certificate a person means? */
#ifndef HF_CLI_MATCH_H
#define HF_CLI_MATCH_H

#include "crypto/cert.h"

/* What was typed, read once. */
struct hf_match {
    const char *text;
    bool has_sha1, has_sha256, is_hash; /* is_hash: it can be nothing else */
    uint8_t sha1[HF_SHA1_LEN], sha256[HF_SHA256_LEN];
    char serial[68]; /* hexadecimal without separators, "" when it is none */
};

struct hf_match hf_match_read(const char *text);

/* A word of blanks alone, such as an unset variable, would mean every
 * certificate. Returns 0 or HF_E_USAGE. */
struct hf_args;
HF_MUST_USE int hf_match_check(const struct hf_args *words, struct hf_err *err);

/* By SHA-1, SHA-256, serial number, or a part of the name (CN, O, OU) without
 * case. */
bool hf_match_cert(const struct hf_match *match, struct hf_cert *cert);

#endif
