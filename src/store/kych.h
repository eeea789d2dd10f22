/* SPDX-License-Identifier: Apache-2.0 */
/* store/kych.h - inside store/: the certificates in the bytes of a macOS
 * keychain file ("kych").
 *
 * Big endian: a header, an array of tables, in each an array of records.
 * Source: libyal, dtformats, "MacOS keychain database file format"; Apple's
 * libsecurity_filedb. */
#ifndef HF_STORE_KYCH_H
#define HF_STORE_KYCH_H

#include "base/err.h"
#include "base/view.h"

#define HF_KYCH_MAX (16 * 1024 * 1024) /* bytes; ours: Apple's has 0.5 MB */
#define HF_KYCH_COUNT_MAX 4096         /* certificates; ours: Apple has 200 */

/* One record of the table of certificates; views into the file. */
struct hf_kych_record {
    size_t offset;        /* of the record in the file */
    struct hf_view der;   /* empty when there is a fault */
    struct hf_view label; /* as stored: UTF-8 as a rule; may be empty */
    const char *fault;    /* why it cannot be read, or NULL; static */
};

/* What else the file says. */
struct hf_kych_about {
    bool has_keys;             /* or passwords: somebody's own keychain */
    size_t announced, present; /* records the tables count, records met */
};

typedef int hf_kych_each(void *user, const struct hf_kych_record *record,
                         struct hf_err *err);

/* Calls `each` for every certificate, in the order of the file, and stops when
 * that is not 0. Keys and passwords are not looked at.
 * ret_about  zeroed by the caller; filled as far as the file was read, also
 *            when it fails.
 * Returns 0, what `each` returned, HF_E_PARSE (offset named), HF_E_LIMIT.
 * Cost: linear; parts that overlap are refused. */
HF_MUST_USE int hf_kych_read(struct hf_view bytes, hf_kych_each *each,
                             void *user, struct hf_kych_about *ret_about,
                             struct hf_err *err);

#endif
