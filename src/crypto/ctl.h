/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl.h - Microsoft's certificate trust lists: authroot.stl and
 * disallowedcert.stl, signed.
 *
 * Source: wincrypt.h (szOID_CTL, CERT_*_PROP_ID); the files themselves. A
 * PKCS#7 SignedData over { usage, sequence number, date, entries }; an entry
 * names a certificate by a digest, mostly its SHA-1, and gives it properties.
 */
#ifndef HF_CRYPTO_CTL_H
#define HF_CRYPTO_CTL_H

#include "crypto/cert.h"

#define HF_CTL_MAX (4 * 1024 * 1024) /* bytes; ours: 0.2 MB today */
#define HF_CTL_ENTRIES_MAX 20000     /* ours: 514 today */
#define HF_CTL_ID_MAX 64             /* bytes of a digest: SHA-512 */

enum hf_ctl_usage {
    HF_CTL_ROOTS,     /* 1.3.6.1.4.1.311.10.3.9, authroot */
    HF_CTL_DISALLOWED /* 1.3.6.1.4.1.311.10.3.30, disallowedcert */
};

/* By what an entry names a certificate. */
enum hf_ctl_by {
    HF_CTL_BY_SHA1, /* of the certificate: authroot */
    HF_CTL_BY_SHA256,
    HF_CTL_BY_SIGNED, /* `id`: the digest of what is signed in it, or the MD5
                         of its key: disallowedcert */
    HF_CTL_BY_OTHER   /* `id`: in a way this program does not know */
};

/* A time of a list that may be said, cleared or absent. */
struct hf_ctl_when {
    bool set;       /* the property is there and has a time */
    bool cleared;   /* the property is there and empty: no time any more */
    int64_t time_s; /* unix seconds when `set`; 1601: since ever */
};

struct hf_ctl_entry {
    enum hf_ctl_by by;
    uint8_t id[HF_CTL_ID_MAX];
    size_t id_len;             /* 0 where one of the next two says it */
    uint8_t sha1[HF_SHA1_LEN]; /* of BY_SHA1 */
    bool has_sha256;           /* property 98, or BY_SHA256 */
    uint8_t sha256[HF_SHA256_LEN];
    char *name;          /* property 11, UTF-8, or "" */
    struct hf_texts eku; /* property 9: trusted for these; no text: for all,
                            the text "none": for nothing */
    unsigned purposes;   /* the same as enum hf_purpose bits; 0: all, which
                            is said in no other way (crypto/eku.h) */
    struct hf_ctl_when disallowed;  /* property 104: refused from then on */
    struct hf_texts disallowed_eku; /* property 122: only for these */
    struct hf_ctl_when not_before;  /* property 126: what is issued from then
                                       on is refused */
    struct hf_texts not_before_eku; /* property 127: only for these */
    size_t offset;                  /* in the file */
    size_t number;                  /* in the file, from 1 */
};

struct hf_ctl {
    enum hf_ctl_usage usage;
    char *sequence; /* lower-case hexadecimal, "1401dbdee7f1a4f449" */
    int64_t this_update_s;
    struct hf_ctl_entry *entry; /* sorted by `by`, then SHA-1 */
    size_t count;
    struct hf_certs embedded;  /* certificates among the signers': no bodies of
                                  entries in Microsoft's own lists */
    char *signer;              /* name of who signed it */
    struct hf_ctl *disallowed; /* the list of what is refused that came with
                                  one of roots (store/ctl.h), or NULL */
};

/* Reads and verifies a list: its one signature, over the list itself, made at
 * the list's date by a certificate meant for lists of roots
 * (1.3.6.1.4.1.311.10.3.9, for lists of usage DISALLOWED also .30) whose chain
 * ends in one of `anchors`. What is not signed is not believed: nothing is
 * returned then.
 * bytes    a .stl, or a registry's EncodedCtl; a cabinet is opened by the
 *          caller (win/cab.h).
 * anchors  Microsoft's roots: hf_ctl_anchors() of store/ctl.h.
 * Returns 0, HF_E_PARSE (offset named), HF_E_CRYPTO (the signature does not
 * verify, or who signed it is nobody that is trusted for lists), HF_E_LIMIT,
 * HF_E_NOMEM. Cost: one walk, one digest, one chain. */
HF_MUST_USE int hf_ctl_read(struct hf_view bytes,
                            const struct hf_certs *anchors,
                            struct hf_ctl **ret_ctl, struct hf_err *err);
void hf_ctl_free(struct hf_ctl *ctl);
HF_FREEP(struct hf_ctl, hf_ctl_free)

/* NULL when the list does not name it, or not by its SHA-1. */
const struct hf_ctl_entry *hf_ctl_find(const struct hf_ctl *ctl,
                                       const uint8_t sha1[HF_SHA1_LEN]);
/* The entry that means `cert`, however it names it, or NULL. */
const struct hf_ctl_entry *hf_ctl_find_cert(const struct hf_ctl *ctl,
                                            struct hf_cert *cert);

/* Is `cert` the certificate an entry means? By what it goes by, and by SHA-256
 * where the entry has it. */
bool hf_ctl_means(const struct hf_ctl_entry *entry, struct hf_cert *cert);

/* Appends "for codeSign, serverAuth; disallowed since 2023-02-01; nothing
 * issued after 2021-02-01 for serverAuth"; nothing where the entry has no
 * restriction. */
void hf_ctl_words(struct hf_buf *out, const struct hf_ctl_entry *entry);

/* The table `roots export ctl:... --format tsv` writes, and data/microsoft.tsv
 * is: comments that say which list, the columns, a row for each certificate
 * named by SHA-1 or SHA-256. Dates are days, "cleared" or "always"; purposes
 * are parted by blanks. Cost: O(entries) */
void hf_ctl_tsv(struct hf_buf *out, const struct hf_ctl *ctl);

#endif
