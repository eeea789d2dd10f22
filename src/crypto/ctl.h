/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl.h - Microsoft's certificate trust lists: authroot.stl and
 * disallowedcert.stl, signed.
 *
 * Source: wincrypt.h (szOID_CTL, CERT_*_PROP_ID); the files themselves. A
 * PKCS#7 SignedData over { usage, sequence number, date, entries }; an entry is
 * the SHA-1 of a certificate with properties. */
#ifndef HF_CRYPTO_CTL_H
#define HF_CRYPTO_CTL_H

#include "crypto/cert.h"

#define HF_CTL_MAX (16 * 1024 * 1024) /* bytes; ours: 0.2 MB today */

enum hf_ctl_usage {
    HF_CTL_ROOTS,      /* 1.3.6.1.4.1.311.10.3.9, authroot */
    HF_CTL_DISALLOWED, /* 1.3.6.1.4.1.311.10.3.30, disallowedcert */
    HF_CTL_OTHER
};

/* A time of a list that may be said, cleared or absent. */
struct hf_ctl_when {
    bool set;       /* the property is there and has a time */
    bool cleared;   /* the property is there and empty: no time any more */
    int64_t time_s; /* unix seconds when `set` */
};

struct hf_ctl_entry {
    uint8_t sha1[HF_SHA1_LEN];
    bool has_sha256; /* property 98 */
    uint8_t sha256[HF_SHA256_LEN];
    char *name;          /* property 11, UTF-8, or "" */
    struct hf_texts eku; /* property 9: trusted for these; none: for all */
    unsigned purposes;   /* the same as enum hf_purpose bits; 0: all */
    struct hf_ctl_when disallowed;  /* property 104: refused from then on */
    struct hf_texts disallowed_eku; /* property 122: only for these */
    struct hf_ctl_when not_before;  /* property 126: what is issued from then
                                       on is refused */
    struct hf_texts not_before_eku; /* property 127: only for these */
    size_t offset;                  /* in the file */
};

struct hf_ctl {
    enum hf_ctl_usage usage;
    char *sequence; /* lower-case hexadecimal, "1401dbdee7f1a4f449" */
    int64_t this_update_s;
    struct hf_ctl_entry *entry; /* sorted by SHA-1 */
    size_t count;
    struct hf_certs embedded; /* certificates among the signers': no bodies of
                                 entries in Microsoft's own lists */
    char *signer;             /* name of who signed it */
};

/* Reads and verifies a list: its signature, made at its date by a certificate
 * for that use below a Microsoft root built into this program, or below one of
 * `anchors` (NULL: none; tests and private lists).
 * bytes  a .stl; a cabinet is opened by the caller (win/cab.h).
 * Returns 0, HF_E_PARSE (offset named), HF_E_CRYPTO (the signature does not
 * verify, or who signed it is nobody this program trusts for lists),
 * HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_ctl_read(struct hf_view bytes,
                            const struct hf_certs *anchors,
                            struct hf_ctl **ret_ctl, struct hf_err *err);
void hf_ctl_free(struct hf_ctl *ctl);
HF_FREEP(struct hf_ctl, hf_ctl_free)

/* NULL when the list does not name it. */
const struct hf_ctl_entry *hf_ctl_find(const struct hf_ctl *ctl,
                                       const uint8_t sha1[HF_SHA1_LEN]);

/* Is `cert` the certificate an entry means? By SHA-1, and by SHA-256 where the
 * entry has it. */
bool hf_ctl_means(const struct hf_ctl_entry *entry, struct hf_cert *cert);

/* Appends "for serverAuth, codeSign; disallowed since 2023-02-01; nothing
 * issued after 2021-02-01 for serverAuth"; nothing where the entry has no
 * restriction. */
void hf_ctl_words(struct hf_buf *out, const struct hf_ctl_entry *entry);

/* The table `roots export ctl:... --format tsv` writes, and data/microsoft.tsv
 * is: see that file for the columns. */
void hf_ctl_tsv(struct hf_buf *out, const struct hf_ctl *ctl);

#endif
