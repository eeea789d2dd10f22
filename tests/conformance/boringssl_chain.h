/* SPDX-License-Identifier: Apache-2.0 */
/* boringssl_chain.h - where our verdict differs, why; what errors mean. */
#ifndef HF_TESTS_BORINGSSL_CHAIN_H
#define HF_TESTS_BORINGSSL_CHAIN_H

#include "crypto/path.h"

#define ANCHOR_CHECKED                                                         \
    "an anchor's own dates, usage and constraints count, as in OpenSSL"
#define ANCHOR_POLICY "an anchor's policies do not count (RFC 5280 6.1.1 d)"
#define ANY_EKU                                                                \
    "anyExtendedKeyUsage does not stand for serverAuth (RFC 5280 4.2.1.12 "    \
    "allows it; programs over OpenSSL do so)"
#define STRICT "the profile for new web certificates is not asked of agents"
#define OLD_DIGEST "SHA-1 signatures are always named"
#define LEAF_TRUSTED "a leaf that is itself in the store is trusted"
#define KEY_USAGE                                                              \
    "key usage is looked at; BoringSSL leaves it to the TLS handshake"

static const struct {
    const char *name, *why;
} hf_chain_known[] = {
    { "expired-root/not-after-ta-with-constraints.test", ANCHOR_CHECKED },
    { "expired-root/not-after.test", ANCHOR_CHECKED },
    { "expired-root/not-before.test", ANCHOR_CHECKED },
    { "root-basic-constraints-ca-false/main.test", ANCHOR_CHECKED },
    { "root-eku-clientauth/serverauth-strict.test", ANCHOR_CHECKED },
    { "root-eku-clientauth/serverauth-ta-with-expiration.test",
      ANCHOR_CHECKED },
    { "root-eku-clientauth/serverauth.test", ANCHOR_CHECKED },
    { "root-lacks-keycertsign-key-usage/main.test", ANCHOR_CHECKED },
    { "violates-pathlen-1-from-root/main.test", ANCHOR_CHECKED },
    { "root-lacks-basic-constraints/"
      "ta-with-constraints-require-basic-constraints.test",
      "old roots have no basic constraints; it is not asked of anchors" },
    { "policies-inhibit-anypolicy-by-root-fail/ta-with-constraints.test",
      ANCHOR_POLICY },
    { "policies-inhibit-mapping-by-root-fail/ta-with-constraints.test",
      ANCHOR_POLICY },
    { "policies-on-root-wrong/ta-with-constraints.test", ANCHOR_POLICY },
    { "policies-required-by-root-fail/ta-with-constraints.test",
      ANCHOR_POLICY },
    { "policy-mappings-on-root-fail/ta-with-constraints.test", ANCHOR_POLICY },
    { "intermediate-eku-any-and-clientauth/serverauth-strict-leaf.test",
      ANY_EKU },
    { "intermediate-eku-any-and-clientauth/serverauth.test", ANY_EKU },
    { "target-eku-any/clientauth.test", ANY_EKU },
    { "target-eku-any/serverauth.test", ANY_EKU },
    { "target-eku-clientauth/clientauth-strict.test", STRICT },
    { "target-eku-many/clientauth-strict-leaf.test", STRICT },
    { "target-eku-many/clientauth-strict.test", STRICT },
    { "target-eku-many/serverauth-strict-leaf.test", STRICT },
    { "target-eku-many/serverauth-strict.test", STRICT },
    { "target-eku-none/clientauth-strict-leaf.test", STRICT },
    { "target-eku-none/clientauth-strict.test", STRICT },
    { "target-eku-none/serverauth-strict.test", STRICT },
    { "target-has-ca-basic-constraints/strict.test", STRICT },
    { "intermediate-eku-server-gated-crypto/sha1-eku-any.test", OLD_DIGEST },
    { "issuer-and-subject-not-byte-for-byte-equal/anchor.test", OLD_DIGEST },
    { "issuer-and-subject-not-byte-for-byte-equal/target.test", OLD_DIGEST },
    { "target-only/trusted_anchor.test", LEAF_TRUSTED },
    { "target-only/trusted_leaf_require_self_signed.test", LEAF_TRUSTED },
    { "target-selfissued/trusted_anchor.test", LEAF_TRUSTED },
    { "target-selfissued/trusted_leaf_require_self_signed.test", LEAF_TRUSTED },
    { "target-and-intermediate/trusted_leaf-root.test",
      "a store does not say of a certificate that it is trusted as leaf only" },
    { "target-not-end-entity/main.test", KEY_USAGE },
    { "target-serverauth-various-keyusages/ec-decipherOnly.test", KEY_USAGE },
    { "target-serverauth-various-keyusages/rsa-decipherOnly.test", KEY_USAGE },
    { "target-msapplicationpolicies-and-eku/main.test",
      "programs over OpenSSL refuse this critical extension" },
    { "many-names/ok-all-types.test",
      "OpenSSL's bound on names times constraints is lower" },
    { "unknown-critical-policy-qualifier/main.test",
      "qualifiers are shown to people, not judged" },
};
#define HF_CHAIN_KNOWN_COUNT HF_COUNT(hf_chain_known)

/* An expected error and the fault we name for it. */
static const struct hf_chain_kind {
    const char *text;
    enum hf_fault_kind fault, instead; /* either is right */
} hf_chain_kinds[] = {
    { "ERROR: Time is after notAfter", HF_FAULT_EXPIRED, HF_FAULT_EXPIRED },
    { "ERROR: Time is before notBefore", HF_FAULT_NOT_YET_VALID,
      HF_FAULT_NOT_YET_VALID },
    { "ERROR: Certificate is not a trust anchor", HF_FAULT_NO_ANCHOR,
      HF_FAULT_SELF_SIGNED },
    { "ERROR: Distrusted by trust store", HF_FAULT_NO_ANCHOR,
      HF_FAULT_SELF_SIGNED },
    { "ERROR: VerifySignedData failed", HF_FAULT_BAD_SIGNATURE,
      HF_FAULT_NO_ANCHOR },
    { "ERROR: The extended key usage does not include", HF_FAULT_USAGE,
      HF_FAULT_USAGE },
    { "ERROR: keyCertSign bit is not set", HF_FAULT_USAGE, HF_FAULT_NOT_CA },
    { "ERROR: Basic Constraints indicates not a CA", HF_FAULT_NOT_CA,
      HF_FAULT_NOT_CA },
    { "ERROR: Does not have Basic Constraints", HF_FAULT_NOT_CA,
      HF_FAULT_NOT_CA },
    { "ERROR: max_path_length reached", HF_FAULT_PATH_LEN, HF_FAULT_PATH_LEN },
    { "ERROR: Unacceptable public key", HF_FAULT_WEAK_KEY, HF_FAULT_WEAK_KEY },
    { "ERROR: Unacceptable signature algorithm", HF_FAULT_WEAK_SIGNATURE,
      HF_FAULT_WEAK_SIGNATURE },
    { "ERROR: No valid policy", HF_FAULT_POLICY, HF_FAULT_POLICY },
    { "ERROR: Unconsumed critical extension", HF_FAULT_MALFORMED,
      HF_FAULT_MALFORMED },
    { "ERROR: Couldn't parse SubjectPublicKeyInfo", HF_FAULT_MALFORMED,
      HF_FAULT_BAD_SIGNATURE },
};
static const size_t hf_chain_kind_count = HF_COUNT(hf_chain_kinds);

#endif
