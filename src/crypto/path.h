/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path.h - is there a valid chain from this leaf to one of these
 * anchors? All paths are searched, not the first.
 *
 * OpenSSL's own builder follows one path. Here a search walks every chain of
 * issuers (served, cross-signed, known on this machine), pruned by what can be
 * seen cheaply and bounded by a budget; OpenSSL validates each complete
 * candidate and reports every fault of it. */
#ifndef HF_CRYPTO_PATH_H
#define HF_CRYPTO_PATH_H

#include "crypto/cert.h"
#include "crypto/crl.h"

/* work units (one signature checked or certificate decoded = 10, one candidate
 * looked at = 1, one chain validated = 50); ours: a mesh of 100 cross-signed
 * certificates ends in under a second, and no chain of the test sets needs
 * 2,000. */
#define HF_PATH_BUDGET 60000
#define HF_PATH_DEPTH_MAX                                                      \
    16 /* certificates; ours: the longest real one has 6 */

/* Faults, in the words of data/causes.tsv. */
enum hf_fault_kind {
    HF_FAULT_NO_ANCHOR,   /* the chain ends and nothing trusted follows */
    HF_FAULT_SELF_SIGNED, /* the leaf signed itself and is no anchor */
    HF_FAULT_EXPIRED,
    HF_FAULT_NOT_YET_VALID,
    HF_FAULT_NAME,   /* names, but not the one asked */
    HF_FAULT_NO_SAN, /* no subjectAltName at all */
    HF_FAULT_USAGE,  /* key usage or extended key usage */
    HF_FAULT_NOT_CA,
    HF_FAULT_PATH_LEN,
    HF_FAULT_NAME_CONSTRAINT,
    HF_FAULT_WEAK_KEY,
    HF_FAULT_WEAK_SIGNATURE,
    HF_FAULT_BAD_SIGNATURE,
    HF_FAULT_REVOKED,
    HF_FAULT_NO_REVOCATION, /* asked for and not to be had */
    HF_FAULT_POLICY,
    HF_FAULT_MALFORMED, /* anything else RFC 5280 forbids */
    HF_FAULT_BUDGET,    /* the search was cut short */
    HF_FAULT_COUNT
};

/* Name of a fault as used in JSON: "expired", "no-anchor". */
const char *hf_fault_name(enum hf_fault_kind kind);
/* The .NET word people search for: RemoteCertificateNameMismatch,
 * RemoteCertificateNotAvailable or RemoteCertificateChainErrors. */
const char *hf_fault_dotnet(enum hf_fault_kind kind);

struct hf_fault {
    enum hf_fault_kind kind;
    size_t depth; /* index in the chain: 0 is the leaf */
    char *text;   /* what exactly: "ended 2024-01-01, 325 days ago" */
};

/* Certificates by subject name, made once for a store and shared. */
struct hf_cert_index;
/* Borrows nothing: takes references. */
HF_MUST_USE int hf_cert_index_new(const struct hf_certs *certs,
                                  struct hf_cert_index **ret_index,
                                  struct hf_err *err);
void hf_cert_index_free(struct hf_cert_index *index);
HF_FREEP(struct hf_cert_index, hf_cert_index_free)
/* Does the index hold this very certificate? */
bool hf_cert_index_has(const struct hf_cert_index *index,
                       const struct hf_cert *cert);
/* A certificate in it that could have issued `cert` by name (and key id, where
 * both state one); the i-th, NULL past the last. */
struct hf_cert *hf_cert_index_issuer(const struct hf_cert_index *index,
                                     struct hf_cert *cert, size_t i);

/* Does a certificate in it have this subject (DER of a Name)? By RFC 5280 7.1:
 * case and blanks do not count. */
bool hf_cert_index_named(const struct hf_cert_index *index,
                         struct hf_view name_der);
/* Does a certificate in it bear the organisation `org` (without case)? */
bool hf_cert_index_org(const struct hf_cert_index *index, const char *org);

struct hf_path_ask {
    const struct hf_certs *served; /* leaf first; order of the rest free */
    const struct hf_cert_index *anchors; /* trusted */
    const struct hf_cert_index *pool;    /* other known issuers; may be NULL */
    const struct hf_crls *crls;          /* may be NULL: no revocation asked */
    bool crls_needed; /* a certificate without a CRL is a fault */
    bool strict;      /* RFC 5280 to the letter (X509_V_FLAG_X509_STRICT) */
    int64_t at_s;     /* unix seconds */
    enum hf_purpose purpose;
    const char *host;  /* DNS name or IP address, NULL: not asked */
    int rsa_bits_min;  /* 0: 2048 (CA/Browser Forum BR 6.1.5) */
    int ec_bits_min;   /* 0: 224 */
    bool weak_allowed; /* weak keys and signatures are no faults */
    unsigned budget;   /* 0: HF_PATH_BUDGET */
};

struct hf_path {
    bool valid;
    struct hf_certs chain;  /* the best chain found, leaf first */
    bool anchored;          /* its last certificate is an anchor */
    struct hf_fault *fault; /* of that chain; none when valid */
    size_t fault_count;
    /* When not anchored: what the last certificate needs. */
    char *missing_name;   /* issuer's name */
    char *missing_key_id; /* hexadecimal, or NULL */
    size_t used_served;   /* how many of `chain` the server sent */
    unsigned work;        /* units spent */
    bool cut_short;       /* the budget ended the search */
};

/* Searches. Returns 0 with `ret_path` filled (valid or not), HF_E_NOMEM, or
 * HF_E_PARSE when the leaf itself does not decode. */
HF_MUST_USE int hf_path_find(const struct hf_path_ask *ask,
                             struct hf_path *ret_path, struct hf_err *err);
void hf_path_done(struct hf_path *path);

bool hf_path_has(const struct hf_path *path, enum hf_fault_kind kind);

#endif
