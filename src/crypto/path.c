/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path.c - the search for a valid chain, over all paths.
 *
 * Two passes over the same walk. The first looks for a chain without a fault
 * and turns away from whatever cannot be in one; it ends at the first found.
 * Only when there is none, the second takes faults into account and keeps the
 * least wrong chain, so that all its faults can be named. */
#include "crypto/path.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "crypto/cert_x509.h"
#include "crypto/path_parts.h"

/* ours: what the steps cost, in the unit of HF_PATH_BUDGET */
#define COST_LOOK 1
#define COST_DECODE 10 /* and 8 kB that stay with the certificate */
#define COST_SIGNATURE 10
#define COST_VALIDATE 50
#define MEMO_MAX 4096 /* signatures remembered; a power of two */
#define TAILS_MAX 32  /* chains without an anchor that are looked at */

struct memo {
    const struct hf_cert *child, *issuer;
    bool good;
};

struct search {
    const struct hf_path_ask *ask;
    struct hf_graph graph;
    struct hf_cert_index *served;
    struct hf_certs signers; /* of CRLs */
    unsigned work, budget;
    bool clean;   /* first pass: only chains without a fault */
    size_t limit; /* certificates; the first pass takes short chains first */
    bool deeper;  /* there is something beyond the limit */
    bool cut_short;
    bool no_memory; /* what could not be decoded for that is not judged */
    struct hf_cert *stack[HF_PATH_DEPTH_MAX];
    size_t depth;   /* certificates on the stack */
    unsigned tails; /* chains without an anchor seen */
    bool reachable; /* by names alone there is a way to an anchor */
    bool enough;    /* there is none, and it is clear how the chain ends */
    struct memo *memo;
    struct hf_certs best;
    struct hf_faults best_faults;
    bool best_anchored, found;
    unsigned best_weight;
    struct hf_err *err;
};

static bool spend(struct search *s, unsigned cost)
{
    if (s->budget - s->work < cost) {
        s->cut_short = true;
        return false;
    }
    s->work += cost;
    return true;
}

/* Both NULL when it does not decode. */
static const struct hf_cert_info *info_of(struct search *s,
                                          struct hf_cert *cert)
{
    const struct hf_cert_info *info = hf_cert_info(cert, s->err);

    s->no_memory |= !info && s->err->code == HF_E_NOMEM;
    return info;
}

static X509 *x509_of(struct search *s, struct hf_cert *cert)
{
    X509 *x509 = hf_cert_x509(cert, s->err);

    s->no_memory |= !x509 && s->err->code == HF_E_NOMEM;
    return x509;
}

static bool signature_good(struct search *s, struct hf_cert *child,
                           struct hf_cert *issuer)
{
    size_t slot =
        ((uintptr_t)child / 16 * 31 + (uintptr_t)issuer / 16) & (MEMO_MAX - 1);
    struct memo *memo = &s->memo[slot];
    X509 *x509, *above;
    EVP_PKEY *key;

    if (memo->child == child && memo->issuer == issuer)
        return memo->good;
    if (!spend(s, COST_SIGNATURE))
        return false;
    x509 = x509_of(s, child);
    above = x509_of(s, issuer);
    key = above ? X509_get0_pubkey(above) : NULL;
    *memo = (struct memo){ child, issuer,
                           x509 && key && X509_verify(x509, key) == 1 };
    ERR_clear_error();
    return memo->good;
}

/* Is this certificate, or another with its name and key, in the chain? */
static bool on_stack(struct search *s, struct hf_cert *cert)
{
    X509 *x509 = x509_of(s, cert), *other;

    for (size_t i = 0; i < s->depth; i++) {
        if (hf_cert_same(s->stack[i], cert))
            return true;
        other = x509_of(s, s->stack[i]);
        if (x509 && other &&
            hf_view_same(hf_cert_subject_der(s->stack[i]),
                         hf_cert_subject_der(cert)) &&
            X509_get0_pubkey(x509) && X509_get0_pubkey(other) &&
            EVP_PKEY_eq(X509_get0_pubkey(x509), X509_get0_pubkey(other)) == 1)
            return true;
    }
    ERR_clear_error();
    return false;
}

/* Can `cert` stand above what is on the stack in a chain without a fault? What
 * is turned away here is turned away by the validation too. */
static bool fits_clean(struct search *s, struct hf_cert *cert)
{
    const struct hf_cert_info *info = info_of(s, cert);
    size_t below = 0; /* intermediates that are not self-issued */

    if (!info || info->not_after_s < s->ask->at_s ||
        info->not_before_s > s->ask->at_s || !info->ca || !info->may_sign_certs)
        return false;
    if (s->ask->purpose != HF_PURPOSE_ANY && info->eku.count > 0 &&
        !(info->purposes & s->ask->purpose))
        return false;
    for (size_t i = 1; i < s->depth; i++) {
        const struct hf_cert_info *other = info_of(s, s->stack[i]);

        below += other && !other->self_issued;
    }
    return info->path_len < 0 || below <= (size_t)info->path_len;
}

static int keep(struct search *s, struct hf_faults *faults, bool anchored,
                unsigned weight)
{
    struct hf_certs chain = { 0 };

    for (size_t i = 0; i < s->depth; i++)
        hf_certs_add(&chain, s->stack[i]);
    if (chain.bad) {
        hf_certs_done(&chain);
        hf_faults_done(faults);
        return HF_FAIL(s->err, HF_E_NOMEM, "no memory for a chain");
    }
    hf_certs_done(&s->best);
    hf_faults_done(&s->best_faults);
    s->best = chain;
    s->best_faults = *faults; /* taken over */
    s->best_anchored = anchored;
    s->best_weight = weight;
    s->found = anchored && faults->count == 0;
    return 0;
}

static bool done(const struct search *s)
{
    return s->found || s->cut_short || s->enough || s->no_memory;
}

/* Validates what is on the stack and keeps it when it is the best so far. */
static int consider(struct search *s, bool anchored)
{
    struct hf_faults faults = { 0 };
    unsigned weight;

    if (!anchored && s->tails++ >= TAILS_MAX) {
        s->enough = !s->reachable;
        return 0;
    }
    if (!spend(s, COST_VALIDATE))
        return 0;
    if (hf_chain_check(s->ask, s->stack, s->depth, &s->signers, &faults,
                       s->err) < 0)
        return hf_err_code(s->err);
    /* a chain that ends without an anchor is worse than any that does not,
     * and a longer one shows more */
    weight = hf_faults_weight(&faults) +
             (anchored ? 0 : 4000 - 10 * (unsigned)s->depth);
    if (s->clean ? faults.count == 0 && anchored
                 : s->best.count == 0 || weight < s->best_weight)
        return keep(s, &faults, anchored, weight);
    hf_faults_done(&faults);
    return 0;
}

static int climb(struct search *s);

/* Can a chain through `node` end at an anchor within the limit? */
static bool in_reach(struct search *s, const struct hf_graph_node *node)
{
    size_t length = s->depth + 1 + node->distance;

    if (!s->clean || length <= s->limit)
        return true;
    s->deeper |= length <= HF_PATH_DEPTH_MAX;
    return false;
}

/* Goes on above the top with one candidate. Returns 1 when it was tried.
 * alone  there is no other of that name: in the first pass its signature is
 *        left to the validation, which checks it anyway, since it cannot lead
 *        the walk astray. */
static int step(struct search *s, const struct hf_graph_node *node,
                bool bad_signatures, bool alone)
{
    struct hf_cert *top = s->stack[s->depth - 1];
    enum hf_issued issued;
    int rc;

    if (!in_reach(s, node) ||
        !spend(s, hf_cert_is_decoded(node->cert) ? COST_LOOK : COST_DECODE) ||
        on_stack(s, node->cert))
        return 0;
    issued = hf_cert_issued(top, node->cert);
    if (issued == HF_ISSUED_NO ||
        (s->clean && (issued == HF_ISSUED_NOT_ALLOWED ||
                      (!node->anchor && !fits_clean(s, node->cert)))))
        return 0;
    if (!(s->clean && alone) &&
        signature_good(s, top, node->cert) == bad_signatures)
        return 0;
    s->stack[s->depth++] = node->cert;
    /* shorter ones were looked at under a smaller limit */
    rc = node->anchor && (!s->clean || s->depth == s->limit) ? consider(s, true)
                                                             : 0;
    if (rc == 0 && !done(s))
        rc = climb(s);
    s->depth--;
    return rc < 0 ? rc : 1;
}

/* All candidates of one distance. Returns how many were tried. */
static int climb_at(struct search *s, uint64_t issuer, unsigned distance,
                    bool bad_signatures)
{
    int tried = 0;
    size_t count;
    struct hf_graph_node *above = hf_graph_range(&s->graph, issuer, &count);

    for (size_t i = 0; i < count && !done(s); i++) {
        int rc;

        if (above[i].distance != distance)
            continue;
        rc = step(s, &above[i], bad_signatures, count == 1);
        if (rc < 0)
            return rc;
        tried += rc;
    }
    return tried;
}

/* Nearest to an anchor first. Returns how many were tried. */
static int climb_all(struct search *s, uint64_t issuer, bool bad_signatures)
{
    int tried = 0;

    for (unsigned far = 0; far <= HF_PATH_DEPTH_MAX && !done(s); far++) {
        int rc = climb_at(s, issuer, far, bad_signatures);

        if (rc < 0)
            return rc;
        tried += rc;
    }
    /* what reaches no anchor still explains, when nothing else is there */
    if (!s->clean && tried == 0)
        tried = climb_at(s, issuer, HF_GRAPH_FAR, bad_signatures);
    return tried;
}

static bool self_signed(struct search *s, struct hf_cert *cert)
{
    return hf_view_same(hf_cert_subject_der(cert), hf_cert_issuer_der(cert)) &&
           signature_good(s, cert, cert);
}

/* Goes on above the top of the stack. In the second pass an issuer whose
 * signature does not match is taken when no other is there; never above one
 * that signed itself: a namesake with another key did not issue it. */
static int climb(struct search *s)
{
    uint64_t issuer = hf_name_hash(hf_cert_issuer_der(s->stack[s->depth - 1]));
    int tried;

    if (s->depth == HF_PATH_DEPTH_MAX)
        return s->clean ? 0 : consider(s, false);
    tried = climb_all(s, issuer, false);
    if (s->clean || tried < 0)
        return tried < 0 ? tried : 0;
    if (tried == 0 && !self_signed(s, s->stack[s->depth - 1]))
        tried = climb_all(s, issuer, true);
    return tried == 0 && !done(s) ? consider(s, false)
                                  : (tried < 0 ? tried : 0);
}

static int run_pass(struct search *s, bool clean)
{
    struct hf_cert *leaf = s->ask->served->cert[0];
    bool anchor = hf_cert_index_has(s->ask->anchors, leaf);
    int rc = 0;

    s->clean = clean;
    s->stack[0] = leaf;
    s->depth = 1;
    if (anchor)
        rc = consider(s, true);
    if (!clean)
        return rc == 0 && s->best.count == 0 ? climb(s) : rc;
    /* short chains first, so that a crowd of long ones costs nothing */
    s->deeper = true;
    for (s->limit = 2;
         rc == 0 && s->deeper && !done(s) && s->limit <= HF_PATH_DEPTH_MAX;
         s->limit++) {
        s->deeper = false;
        rc = climb(s);
    }
    return rc;
}

/* What the last certificate of an unanchored chain needs. */
static int describe_missing(struct search *s, struct hf_path *path)
{
    size_t top = s->best.count - 1;
    const struct hf_cert_info *info = hf_cert_info(s->best.cert[top], s->err);

    if (!info)
        return hf_err_code(s->err);
    path->missing_name = strdup(info->issuer);
    if (info->authority_key_id)
        path->missing_key_id = strdup(info->authority_key_id);
    if (!path->missing_name ||
        (info->authority_key_id && !path->missing_key_id))
        return HF_FAIL(s->err, HF_E_NOMEM, "no memory for a name");
    if (top == 0 && self_signed(s, s->best.cert[0]))
        return hf_faults_add(&s->best_faults, HF_FAULT_SELF_SIGNED, 0, s->err,
                             "'%s' signed itself and is not trusted here",
                             info->name);
    if (s->best.count == HF_PATH_DEPTH_MAX)
        return hf_faults_add(&s->best_faults, HF_FAULT_NO_ANCHOR, top, s->err,
                             "nothing trusted is among %d certificates; longer "
                             "chains are not followed",
                             HF_PATH_DEPTH_MAX);
    return hf_faults_add(&s->best_faults, HF_FAULT_NO_ANCHOR, top, s->err,
                         self_signed(s, s->best.cert[top])
                             ? "the chain ends in '%s', which is not trusted "
                               "here"
                             : "the issuer of the last certificate is '%s', "
                               "which is neither served nor known here",
                         self_signed(s, s->best.cert[top]) ? info->name
                                                           : info->issuer_name);
}

/* The search was cut before any chain was kept: the leaf stands alone. */
static int keep_leaf(struct search *s)
{
    s->budget += COST_VALIDATE;
    s->clean = false;
    s->depth = 1;
    s->stack[0] = s->ask->served->cert[0];
    return consider(s, false);
}

static int finish(struct search *s, struct hf_path *path)
{
    size_t used = 0;

    if (s->best.count == 0 && keep_leaf(s) < 0)
        return hf_err_code(s->err);
    if (!s->best_anchored && describe_missing(s, path) < 0)
        return hf_err_code(s->err);
    if (s->cut_short && !s->found &&
        hf_faults_add(&s->best_faults, HF_FAULT_BUDGET, 0, s->err,
                      "the search for a valid chain was cut short after %u "
                      "steps",
                      s->work) < 0)
        return hf_err_code(s->err);
    for (size_t i = 0; i < s->best.count; i++)
        used += hf_certs_by_sha256(s->ask->served,
                                   hf_cert_sha256(s->best.cert[i])) != NULL;
    path->valid = s->found;
    path->anchored = s->best_anchored;
    path->used_served = used;
    path->work = s->work;
    path->cut_short = s->cut_short;
    path->chain = s->best;
    path->fault = s->best_faults.fault;
    path->fault_count = s->best_faults.count;
    s->best = (struct hf_certs){ 0 };
    s->best_faults = (struct hf_faults){ 0 };
    return 0;
}

static bool any_reachable(const struct search *s)
{
    size_t count;
    const struct hf_graph_node *above = hf_graph_range(
        &s->graph, hf_name_hash(hf_cert_issuer_der(s->ask->served->cert[0])),
        &count);

    for (size_t i = 0; i < count; i++)
        if (above[i].distance != HF_GRAPH_FAR)
            return true;
    return false;
}

static int run(struct search *s, struct hf_path *path)
{
    unsigned budget = s->budget;

    if (hf_cert_index_new(s->ask->served, &s->served, s->err) < 0 ||
        hf_graph_build(&s->graph, s->ask, s->served, s->err) < 0 ||
        hf_crl_signers(s->ask, &s->signers, s->err) < 0)
        return hf_err_code(s->err);
    s->reachable = any_reachable(s);
    if (run_pass(s, true) < 0)
        return hf_err_code(s->err);
    if (!s->found) {
        /* the second pass explains, and has a quarter as much again */
        s->budget = s->work + budget / 4;
        if (run_pass(s, false) < 0)
            return hf_err_code(s->err);
    }
    if (s->no_memory)
        return HF_FAIL(s->err, HF_E_NOMEM, "no memory to decode certificates");
    return finish(s, path);
}

int hf_path_find(const struct hf_path_ask *ask, struct hf_path *ret_path,
                 struct hf_err *err)
{
    struct search s = { .ask = ask,
                        .err = err,
                        .budget = ask->budget ? ask->budget : HF_PATH_BUDGET };
    struct hf_path path = { 0 };
    int rc;

    if (ask->served->count == 0)
        return HF_FAIL(err, HF_E_PARSE, "no certificate to judge");
    if (!hf_cert_info(ask->served->cert[0], err))
        return HF_WRAP(err, "the leaf");
    s.memo = calloc(MEMO_MAX, sizeof(*s.memo));
    rc = s.memo ? run(&s, &path)
                : HF_FAIL(err, HF_E_NOMEM, "no memory for a path search");
    free(s.memo);
    hf_graph_done(&s.graph);
    hf_cert_index_free(s.served);
    hf_certs_done(&s.signers);
    hf_certs_done(&s.best);
    hf_faults_done(&s.best_faults);
    if (rc < 0)
        hf_path_done(&path);
    else
        *ret_path = path;
    return rc;
}

void hf_path_done(struct hf_path *path)
{
    struct hf_faults faults = { path->fault, path->fault_count };

    hf_certs_done(&path->chain);
    hf_faults_done(&faults);
    free(path->missing_name);
    free(path->missing_key_id);
    *path = (struct hf_path){ 0 };
}

bool hf_path_has(const struct hf_path *path, enum hf_fault_kind kind)
{
    for (size_t i = 0; i < path->fault_count; i++)
        if (path->fault[i].kind == kind)
            return true;
    return false;
}
