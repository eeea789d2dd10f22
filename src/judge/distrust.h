/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust.h - roots a platform restricts or refuses (data/distrust.tsv).
 */
#ifndef HF_JUDGE_DISTRUST_H
#define HF_JUDGE_DISTRUST_H

#include "base/buf.h"

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

/* The weightiest row in force at `at_s` that concerns TLS servers, or NULL:
 * disallowed, then removed, then not-before for serverAuth or everything; a
 * removal without a date gives way to anything that has one. */
const struct hf_distrust_row *
hf_distrust_find(const struct hf_distrust *distrust, const uint8_t sha256[32],
                 int64_t at_s);

/* All rows of one root, side by side; NULL and 0 when there are none. */
const struct hf_distrust_row *hf_distrust_rows(const struct hf_distrust *list,
                                               const uint8_t sha256[32],
                                               size_t *ret_count);

enum hf_distrust_kind {
    HF_DISTRUST_NOT_BEFORE, /* nothing issued after the date is trusted */
    HF_DISTRUST_REMOVED,    /* not in the platform's store any more */
    HF_DISTRUST_DISALLOWED  /* refused, whatever it signed */
};
enum hf_distrust_kind hf_distrust_kind(const struct hf_distrust_row *row);

/* Is it in force at `at_s`, and does it concern TLS servers? */
bool hf_distrust_holds(const struct hf_distrust_row *row, int64_t at_s);

/* Appends "Microsoft trusts nothing it issued after 2021-02-01". */
void hf_distrust_words(struct hf_buf *out, const struct hf_distrust_row *row);

#endif
