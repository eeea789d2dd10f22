/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust.h - roots a platform restricts or refuses: Microsoft by its
 * lists (data/microsoft.tsv, or newer ones), others by data/distrust.tsv. */
#ifndef HF_JUDGE_DISTRUST_H
#define HF_JUDGE_DISTRUST_H

#include "crypto/ctl.h"

enum hf_distrust_origin {
    HF_DISTRUST_TABLE,  /* distrust.tsv */
    HF_DISTRUST_ROOTS,  /* a list of roots, authroot.stl */
    HF_DISTRUST_REFUSED /* a list of disallowed certificates */
};

struct hf_distrust_row {
    uint8_t sha256[32]; /* zeros without has_sha256 */
    char *name;
    char *platform;  /* "Microsoft", "Mozilla" */
    char *kind;      /* "disallowed", "not-before", "removed" */
    int64_t since_s; /* unix seconds; 0: date unknown */
    char *purposes;  /* "serverAuth codeSign" or "all" */
    char *source;
    enum hf_distrust_origin origin;
    bool has_sha256;  /* an old list may give a SHA-1 only */
    uint8_t sha1[20]; /* zeros where the source gives none */
};

struct hf_distrust;

/* data/distrust.tsv and data/microsoft.tsv, or those of ROOT/etc/holdfast, and
 * the lists that lie there: authroot.stl, authrootstl.cab, disallowedcert.stl,
 * disallowedcertstl.cab. One that is there and does not verify is an error.
 * root  NULL for this machine. Returns 0, HF_E_PARSE, HF_E_CRYPTO, HF_E_LIMIT,
 * HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_distrust_load(const char *root,
                                 struct hf_distrust **ret_distrust,
                                 struct hf_err *err);
/* Without any row. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_distrust_new(struct hf_distrust **ret_distrust,
                                struct hf_err *err);
void hf_distrust_free(struct hf_distrust *distrust);
HF_FREEP(struct hf_distrust, hf_distrust_free)

/* Makes what a list says count. A list of roots that is newer, by its sequence
 * number, than the one in force takes its place; one of disallowed certificates
 * is added, and takes the place of an older such one. A list that is not newer
 * changes nothing: hf_distrust_sequence() tells. ctl: not kept.
 * What came with it as ctl->disallowed is taken as well. Returns 0 or
 * HF_E_NOMEM; a failure leaves each list as it was. */
HF_MUST_USE int hf_distrust_take_ctl(struct hf_distrust *distrust,
                                     const struct hf_ctl *ctl,
                                     struct hf_err *err);

/* The list of roots in force: its sequence number, and its date, unix seconds;
 * "" and 0 when there is none. Borrowed until another is taken. */
const char *hf_distrust_sequence(const struct hf_distrust *distrust,
                                 int64_t *ret_date_s);

/* The weightiest row in force at `at_s` that concerns TLS servers, or NULL:
 * disallowed, then removed, then not-before for serverAuth or everything; a
 * removal without a date gives way to anything that has one. */
const struct hf_distrust_row *
hf_distrust_find(const struct hf_distrust *distrust, const uint8_t sha256[32],
                 int64_t at_s);

/* The same by all that a list may name it by: SHA-1, or a digest of a part. */
const struct hf_distrust_row *
hf_distrust_find_cert(const struct hf_distrust *distrust, struct hf_cert *cert,
                      int64_t at_s);
const struct hf_distrust_row *
hf_distrust_find_entry(const struct hf_distrust *distrust,
                       const struct hf_ctl_entry *entry, int64_t at_s);

/* All rows of one root, side by side, those that give a
 * SHA-256; NULL and 0 when there are none. */
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
