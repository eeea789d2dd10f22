/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_parts.h - the pieces of the path search, for crypto/ alone. */
#ifndef HF_CRYPTO_PATH_PARTS_H
#define HF_CRYPTO_PATH_PARTS_H

#include "crypto/path.h"

/* --- names ---------------------------------------------------------------- */

/* A number that is the same for names that RFC 5280 7.1 calls the same: case,
 * blanks and string types do not count. Different names may share it; never 0.
 */
uint64_t hf_name_hash(struct hf_view name_der);

/* The certificates of an index whose subject has `hash`, borrowed. */
struct hf_cert *const *hf_cert_index_range(const struct hf_cert_index *index,
                                           uint64_t hash, size_t *ret_count);

/* Could `issuer` have issued `cert`, by names, key ids and key usage? The
 * signature is not looked at. */
enum hf_issued { HF_ISSUED_NO, HF_ISSUED_MAYBE, HF_ISSUED_NOT_ALLOWED };
enum hf_issued hf_cert_issued(struct hf_cert *cert, struct hf_cert *issuer);

/* --- graph ---------------------------------------------------------------- */

#define HF_GRAPH_FAR 255 /* no anchor can be reached */

/* A certificate that may stand in a chain from the leaf. */
struct hf_graph_node {
    struct hf_cert *cert;     /* borrowed: the indexes hold it */
    uint64_t subject, issuer; /* hf_name_hash */
    uint8_t distance;         /* fewest issuers to an anchor, by name */
    uint8_t nearest; /* of the first node of a name: the least of its nodes */
    bool anchor, served;
};

struct hf_graph {
    struct hf_graph_node *node; /* sorted by subject; node 0.. */
    size_t count, room;
};

/* Collects every certificate that can stand above the leaf, by names. Bounded:
 * ours, 20,000 nodes; what is beyond is left out. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_graph_build(struct hf_graph *graph,
                               const struct hf_path_ask *ask,
                               const struct hf_cert_index *served,
                               struct hf_err *err);
void hf_graph_done(struct hf_graph *graph);
struct hf_graph_node *hf_graph_range(const struct hf_graph *graph,
                                     uint64_t subject, size_t *ret_count);

/* --- check ---------------------------------------------------------------- */

struct hf_faults {
    struct hf_fault *fault;
    size_t count;
};

/* Validates one complete chain, leaf first, whose last certificate is taken as
 * trusted, and collects its faults.
 * signers  certificates off the chain that may have signed a CRL.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_chain_check(const struct hf_path_ask *ask,
                               struct hf_cert *const *chain, size_t count,
                               const struct hf_certs *signers,
                               struct hf_faults *ret_faults,
                               struct hf_err *err);

/* Adds the certificates known from `ask` that bear the name of a CRL's issuer,
 * and their issuers; bounded. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_crl_signers(const struct hf_path_ask *ask,
                               struct hf_certs *ret_signers,
                               struct hf_err *err);

void hf_faults_done(struct hf_faults *faults);
/* Appends; returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_faults_add(struct hf_faults *faults, enum hf_fault_kind kind,
                              size_t depth, struct hf_err *err,
                              const char *format, ...) HF_PRINTF(5, 6);

/* How bad: the chain with the least sum is shown. */
unsigned hf_faults_weight(const struct hf_faults *faults);

#endif
