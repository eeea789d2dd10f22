/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust.h - roots a platform restricts or refuses (data/distrust.tsv).
 */
#ifndef HF_JUDGE_DISTRUST_H
#define HF_JUDGE_DISTRUST_H

#include "base/err.h"
#include "base/view.h"

struct hf_distrust_row {
    uint8_t sha256[32];
    char *name;
    char *platform;  /* "Microsoft", "Mozilla" */
    char *kind;      /* "disallowed", "not-before", "removed" */
    int64_t since_s; /* unix seconds; 0: date unknown */
    char *purposes;  /* "serverAuth codeSign" or "all" */
    char *source;
};

struct hf_distrust;

HF_MUST_USE int hf_distrust_load(const char *root,
                                 struct hf_distrust **ret_distrust,
                                 struct hf_err *err);
void hf_distrust_free(struct hf_distrust *distrust);
HF_FREEP(struct hf_distrust, hf_distrust_free)

/* The weightiest row in force at `at_s` that concerns TLS servers, or NULL. */
const struct hf_distrust_row *
hf_distrust_find(const struct hf_distrust *distrust, const uint8_t sha256[32],
                 int64_t at_s);

#endif
