/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_check.c - one complete chain validated, every fault collected. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/calendar.h"
#include "crypto/cert_x509.h"
#include "crypto/crl_x509.h"
#include "crypto/path_parts.h"

struct check {
    const struct hf_path_ask *ask;
    struct hf_cert *const *chain;
    size_t count;
    const struct hf_certs *signers; /* of CRLs */
    struct hf_faults faults;
    struct hf_err *err;
    const X509_CRL *void_crl; /* not to be believed: forged, or by nobody */
    bool no_memory;
};

/* OpenSSL's answers in our words. What is not listed is HF_FAULT_MALFORMED;
 * dates and host names are looked at here. */
static const struct {
    int error;
    enum hf_fault_kind kind;
} faults_of[] = {
    { X509_V_ERR_INVALID_PURPOSE, HF_FAULT_USAGE },
    { X509_V_ERR_KEYUSAGE_NO_CERTSIGN, HF_FAULT_USAGE },
    { X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE, HF_FAULT_USAGE },
    { X509_V_ERR_INVALID_CA, HF_FAULT_NOT_CA },
    { X509_V_ERR_INVALID_NON_CA, HF_FAULT_NOT_CA },
    { X509_V_ERR_PATH_LENGTH_EXCEEDED, HF_FAULT_PATH_LEN },
    { X509_V_ERR_PERMITTED_VIOLATION, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_EXCLUDED_VIOLATION, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_SUBTREE_MINMAX, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, HF_FAULT_NAME_CONSTRAINT },
    { X509_V_ERR_CERT_SIGNATURE_FAILURE, HF_FAULT_BAD_SIGNATURE },
    { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, HF_FAULT_BAD_SIGNATURE },
    { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, HF_FAULT_BAD_SIGNATURE },
    { X509_V_ERR_CERT_REVOKED, HF_FAULT_REVOKED },
    { X509_V_ERR_UNABLE_TO_GET_CRL, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_CRL_HAS_EXPIRED, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_CRL_NOT_YET_VALID, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_CRL_SIGNATURE_FAILURE, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_DIFFERENT_CRL_SCOPE, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_CRL_PATH_VALIDATION_ERROR, HF_FAULT_NO_REVOCATION },
    { X509_V_ERR_NO_EXPLICIT_POLICY, HF_FAULT_POLICY },
    { X509_V_ERR_INVALID_POLICY_EXTENSION, HF_FAULT_POLICY },
    { X509_V_ERR_EE_KEY_TOO_SMALL, HF_FAULT_WEAK_KEY },
    { X509_V_ERR_CA_KEY_TOO_SMALL, HF_FAULT_WEAK_KEY },
    { X509_V_ERR_CA_MD_TOO_WEAK, HF_FAULT_WEAK_SIGNATURE },
};

static enum hf_fault_kind kind_of(int error)
{
    for (size_t i = 0; i < HF_COUNT(faults_of); i++)
        if (faults_of[i].error == error)
            return faults_of[i].kind;
    return HF_FAULT_MALFORMED;
}

static int add_date(struct check *c, enum hf_fault_kind kind, size_t depth,
                    const struct hf_cert_info *info)
{
    bool ended = kind == HF_FAULT_EXPIRED;
    int64_t edge_s = ended ? info->not_after_s : info->not_before_s;
    int64_t days =
        (ended ? c->ask->at_s - edge_s : edge_s - c->ask->at_s) / HF_DAY_S;
    char day[HF_TIME_TEXT], span[48];

    if (days == 0)
        (void)snprintf(span, sizeof(span), "less than a day");
    else
        (void)snprintf(span, sizeof(span), "%" PRId64 " day%s", days,
                       days == 1 ? "" : "s");
    return hf_faults_add(&c->faults, kind, depth, c->err,
                         ended ? "'%s' ended on %s, %s ago"
                               : "'%s' begins on %s, in %s",
                         info->name, hf_calendar_day(edge_s, day), span);
}

/* The names a certificate is for, a few of them. */
static void list_names(const struct hf_cert_info *info, struct hf_buf *out)
{
    const struct hf_texts *lists[] = { &info->dns, &info->ip };
    size_t shown = 0, all = info->dns.count + info->ip.count;

    for (size_t i = 0; i < HF_COUNT(lists); i++)
        for (size_t k = 0; k < lists[i]->count && shown < 4; k++, shown++)
            hf_buf_printf(out, "%s%s", shown > 0 ? ", " : "",
                          lists[i]->text[k]);
    if (all > shown)
        hf_buf_printf(out, " and %zu more", all - shown);
}

/* Would a program that still looks at the common name accept it? */
static bool common_name_fits(const struct check *c)
{
    X509 *x509 = hf_cert_x509(c->chain[0], c->err);

    return x509 &&
           X509_check_host(x509, c->ask->host, 0,
                           X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT, NULL) == 1;
}

static int add_name(struct check *c, const struct hf_cert_info *info)
{
    struct hf_buf names;
    int rc;

    if (info->dns.count + info->ip.count == 0 && !common_name_fits(c))
        return hf_faults_add(&c->faults, HF_FAULT_NAME, 0, c->err,
                             "it is for '%s' (a common name, no "
                             "subjectAltName), not for '%s'",
                             info->name, c->ask->host);
    if (info->dns.count + info->ip.count == 0)
        return hf_faults_add(&c->faults, HF_FAULT_NO_SAN, 0, c->err,
                             "'%s' has no subjectAltName; its common name is "
                             "not looked at by current programs",
                             info->name);
    hf_buf_init(&names, 600);
    list_names(info, &names);
    /* a list cut at its maximum is still of use */
    rc = names.bad == HF_E_NOMEM
             ? hf_buf_check(&names, c->err)
             : hf_faults_add(&c->faults, HF_FAULT_NAME, 0, c->err,
                             "it is for %.*s, not for '%s'", (int)names.len,
                             (const char *)names.ptr, c->ask->host);
    hf_buf_done(&names);
    return rc;
}

/* Names of what a certificate can be asked to be for. */
static const char *purpose_name(enum hf_purpose purpose)
{
    switch (purpose) {
    case HF_PURPOSE_TLS_SERVER:
        return "serverAuth";
    case HF_PURPOSE_TLS_CLIENT:
        return "clientAuth";
    case HF_PURPOSE_CODE:
        return "codeSigning";
    case HF_PURPOSE_EMAIL:
        return "emailProtection";
    case HF_PURPOSE_TIMESTAMP:
        return "timeStamping";
    case HF_PURPOSE_OCSP:
        return "OCSPSigning";
    default:
        return "this";
    }
}

static int add_eku(struct check *c, size_t depth,
                   const struct hf_cert_info *info)
{
    struct hf_buf eku;
    int rc;

    hf_buf_init(&eku, 600);
    for (size_t i = 0; i < info->eku.count && i < 6; i++)
        hf_buf_printf(&eku, "%s%s", i > 0 ? ", " : "", info->eku.text[i]);
    rc = eku.bad == HF_E_NOMEM
             ? hf_buf_check(&eku, c->err)
             : hf_faults_add(
                   &c->faults, HF_FAULT_USAGE, depth, c->err,
                   "the extended key usage of '%s' is %.*s, which is not for "
                   "%s",
                   info->name, (int)eku.len, (const char *)eku.ptr,
                   purpose_name(c->ask->purpose));
    hf_buf_done(&eku);
    return rc;
}

static bool has(const struct check *c, enum hf_fault_kind kind, size_t depth)
{
    for (size_t i = 0; i < c->faults.count; i++)
        if (c->faults.fault[i].kind == kind &&
            c->faults.fault[i].depth == depth)
            return true;
    return false;
}

/* What OpenSSL calls no CA, or unsuitable, is one of several things. */
static int add_usage(struct check *c, size_t depth, int error,
                     const struct hf_cert_info *info)
{
    if (depth > 0 && info->ca && !info->may_sign_certs)
        return hf_faults_add(&c->faults, HF_FAULT_USAGE, depth, c->err,
                             "the key usage of '%s' does not allow it to sign "
                             "certificates",
                             info->name);
    if (kind_of(error) == HF_FAULT_NOT_CA)
        return hf_faults_add(&c->faults, HF_FAULT_NOT_CA, depth, c->err,
                             "'%s' is no authority: its basic constraints do "
                             "not say CA",
                             info->name);
    /* an extended key usage that does not fit was named before */
    if (has(c, HF_FAULT_NOT_CA, depth))
        return 0;
    return hf_faults_add(&c->faults, HF_FAULT_USAGE, depth, c->err,
                         "the key usage of '%s' does not allow this: %s",
                         info->name, X509_verify_cert_error_string(error));
}

static int note(struct check *c, enum hf_fault_kind kind, int error,
                size_t depth)
{
    const struct hf_cert_info *info;

    if (depth >= c->count)
        depth = c->count - 1;
    /* an anchor is trusted as it is: nobody above it could revoke it */
    if (kind == HF_FAULT_NO_REVOCATION &&
        (!c->ask->crls_needed || depth + 1 == c->count))
        return 0;
    info = hf_cert_info(c->chain[depth], c->err);
    if (!info)
        return c->err->code == HF_E_NOMEM
                   ? HF_E_NOMEM
                   : hf_faults_add(&c->faults, HF_FAULT_MALFORMED, depth,
                                   c->err, "certificate %zu does not decode",
                                   depth);
    if (kind == HF_FAULT_USAGE || kind == HF_FAULT_NOT_CA)
        return add_usage(c, depth, error, info);
    return hf_faults_add(&c->faults, kind, depth, c->err, "'%s': %s",
                         info->name, X509_verify_cert_error_string(error));
}

/* What is wrong with a list is not wrong with the certificate; and what a list
 * says counts only when its signature does. A list that ran out still tells
 * who was revoked. Returns false when there is nothing to note. */
static bool crl_fault(struct check *c, const X509_CRL *crl, int error,
                      enum hf_fault_kind *kind)
{
    if (!crl)
        return true;
    if (*kind == HF_FAULT_REVOKED)
        return crl != c->void_crl;
    *kind = HF_FAULT_NO_REVOCATION;
    if (error != X509_V_ERR_CRL_HAS_EXPIRED &&
        error != X509_V_ERR_CRL_NOT_YET_VALID)
        c->void_crl = crl;
    return true;
}

/* When it was revoked, why and by whom: the proof. */
static int add_revoked(struct check *c, X509_STORE_CTX *ctx, size_t depth)
{
    char words[400];
    X509 *x509 = hf_cert_x509(c->chain[depth], c->err);
    const struct hf_cert_info *info = hf_cert_info(c->chain[depth], c->err);

    if (!x509 || !info)
        return note(c, HF_FAULT_REVOKED, X509_V_ERR_CERT_REVOKED, depth);
    hf_crl_words(X509_STORE_CTX_get0_current_crl(ctx), x509, words,
                 sizeof(words));
    return hf_faults_add(&c->faults, HF_FAULT_REVOKED, depth, c->err,
                         "'%s' was revoked%s%s", info->name,
                         words[0] ? " " : "", words);
}

static int note_any(struct check *c, X509_STORE_CTX *ctx,
                    enum hf_fault_kind kind, int error)
{
    int at = X509_STORE_CTX_get_error_depth(ctx);
    size_t depth = at > 0 ? (size_t)at : 0;

    return kind == HF_FAULT_REVOKED && depth < c->count
               ? add_revoked(c, ctx, depth)
               : note(c, kind, error, depth);
}

/* Called by OpenSSL for each fault; 1: go on and find the others. */
static int on_verify(int good, X509_STORE_CTX *ctx)
{
    struct check *c = X509_STORE_CTX_get_app_data(ctx);
    int error = X509_STORE_CTX_get_error(ctx);
    enum hf_fault_kind kind = kind_of(error);

    if (good)
        return 1;
    /* a CRL's own signer is judged in a nested context, whose depths are not
     * ours; that verdict comes back as an error of the CRL */
    if (X509_STORE_CTX_get0_parent_ctx(ctx))
        return 0;
    if (error == X509_V_ERR_CERT_HAS_EXPIRED ||
        error == X509_V_ERR_CERT_NOT_YET_VALID)
        return 1; /* see check_dates() */
    if (!crl_fault(c, X509_STORE_CTX_get0_current_crl(ctx), error, &kind))
        return 1;
    if (note_any(c, ctx, kind, error) < 0) {
        c->no_memory = true;
        return 0;
    }
    return 1;
}

/* Makes OpenSSL follow our chain and no other: the certificates that sign CRLs
 * lie beside it and may fit too. */
static int on_issued(X509_STORE_CTX *ctx, X509 *child, X509 *issuer)
{
    const struct check *c = X509_STORE_CTX_get_app_data(ctx);

    if (!c || child == issuer) /* the path to the signer of a CRL */
        return X509_check_issued(issuer, child) == X509_V_OK;
    for (size_t i = 0; i + 1 < c->count; i++)
        if (hf_cert_x509(c->chain[i], c->err) == child)
            return hf_cert_x509(c->chain[i + 1], c->err) == issuer;
    return 0;
}

static int purpose_of(enum hf_purpose purpose)
{
    switch (purpose) {
    case HF_PURPOSE_TLS_SERVER:
        return X509_PURPOSE_SSL_SERVER;
    case HF_PURPOSE_TLS_CLIENT:
        return X509_PURPOSE_SSL_CLIENT;
    case HF_PURPOSE_EMAIL:
        return X509_PURPOSE_SMIME_SIGN;
    case HF_PURPOSE_TIMESTAMP:
        return X509_PURPOSE_TIMESTAMP_SIGN;
    default:
        return X509_PURPOSE_ANY;
    }
}

/* Does any certificate say that policies matter? Only then they are looked at:
 * RFC 5280 6.1.1 leaves the initial set to us, and ours is any-policy. */
static bool wants_policies(const struct check *c)
{
    for (size_t i = 0; i < c->count; i++) {
        X509 *x509 = hf_cert_x509(c->chain[i], c->err);

        if (x509 &&
            (X509_get_ext_by_NID(x509, NID_policy_constraints, -1) >= 0 ||
             X509_get_ext_by_NID(x509, NID_inhibit_any_policy, -1) >= 0))
            return true;
    }
    return false;
}

static bool set_params(const struct check *c, X509_VERIFY_PARAM *param)
{
    const struct hf_path_ask *ask = c->ask;
    unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_ALT_CHAINS;

    if (ask->crls)
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
                 X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
    if (ask->strict)
        flags |= X509_V_FLAG_X509_STRICT;
    if (wants_policies(c))
        flags |= X509_V_FLAG_POLICY_CHECK;
    X509_VERIFY_PARAM_set_time(param, (time_t)ask->at_s);
    X509_VERIFY_PARAM_set_depth(param, HF_PATH_DEPTH_MAX);
    /* nor are name constraints held against the subject's common name */
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (wants_policies(c) &&
        !X509_VERIFY_PARAM_add0_policy(param, OBJ_nid2obj(NID_any_policy)))
        return false;
    return X509_VERIFY_PARAM_set_flags(param, flags) &&
           X509_VERIFY_PARAM_set_purpose(param, purpose_of(ask->purpose));
}

static bool push(STACK_OF(X509) * stack, struct hf_cert *cert,
                 struct hf_err *err)
{
    X509 *x509 = hf_cert_x509(cert, err);

    return x509 && sk_X509_push(stack, x509) > 0;
}

/* What is between leaf and anchor, and after it what may have signed a CRL. */
static bool fill(struct check *c, X509_STORE *store, STACK_OF(X509) * between)
{
    X509 *anchor = hf_cert_x509(c->chain[c->count - 1], c->err);

    for (size_t i = 1; i + 1 < c->count; i++)
        if (!push(between, c->chain[i], c->err))
            return false;
    for (size_t i = 0; c->signers && i < c->signers->count; i++)
        if (!push(between, c->signers->cert[i], c->err))
            return false;
    return anchor && X509_STORE_add_cert(store, anchor);
}

/* Runs OpenSSL over the chain. The stack borrows the certificates. */
static bool verify(struct check *c, X509_STORE_CTX *ctx, X509_STORE *store,
                   STACK_OF(X509) * between)
{
    X509 *leaf = hf_cert_x509(c->chain[0], c->err);

    X509_STORE_set_check_issued(store, on_issued);
    if (!leaf || !fill(c, store, between) ||
        !X509_STORE_CTX_init(ctx, store, leaf, between))
        return false;
    if (c->ask->crls)
        X509_STORE_CTX_set0_crls(ctx, hf_crls_stack(c->ask->crls));
    X509_STORE_CTX_set_app_data(ctx, c);
    X509_STORE_CTX_set_verify_cb(ctx, on_verify);
    if (!set_params(c, X509_STORE_CTX_get0_param(ctx)))
        return false;
    if (X509_verify_cert(ctx) < 0 && !c->no_memory && c->faults.count == 0)
        return note(c, HF_FAULT_MALFORMED, X509_STORE_CTX_get_error(ctx), 0) ==
               0;
    return !c->no_memory;
}

/* Key and extensions can be used? OpenSSL gives up at the first that cannot,
 * and does not say which. */
static int check_inside(struct check *c, size_t depth)
{
    X509 *x509 = hf_cert_x509(c->chain[depth], c->err);
    const char *what = NULL;

    if (!x509)
        return c->err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    if (X509_get_extension_flags(x509) & EXFLAG_INVALID)
        what = "one of its extensions is malformed or there twice";
    else if (!X509_get0_pubkey(x509))
        what = "its public key cannot be used";
    ERR_clear_error();
    return what ? hf_faults_add(&c->faults, HF_FAULT_MALFORMED, depth, c->err,
                                "certificate %zu: %s", depth, what)
                : 0;
}

/* Both ends belong to the period (RFC 5280 4.1.2.5). */
static int check_dates(struct check *c, size_t depth)
{
    const struct hf_cert_info *info = hf_cert_info(c->chain[depth], c->err);

    if (!info)
        return c->err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    if (info->not_after_s < c->ask->at_s)
        return add_date(c, HF_FAULT_EXPIRED, depth, info);
    if (info->not_before_s > c->ask->at_s)
        return add_date(c, HF_FAULT_NOT_YET_VALID, depth, info);
    return 0;
}

/* Where there is an extended key usage it must name what is asked, all the way
 * up (as browsers and Windows have it). OpenSSL alone would let the old server
 * gated crypto pass. */
static int check_eku(struct check *c, size_t depth)
{
    const struct hf_cert_info *info = hf_cert_info(c->chain[depth], c->err);

    if (!info)
        return c->err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    if (c->ask->purpose == HF_PURPOSE_ANY || info->eku.count == 0 ||
        (info->purposes & c->ask->purpose))
        return 0;
    return add_eku(c, depth, info);
}

/* Names in the subject are not looked at: RFC 9525 1.2. */
static bool host_fits(X509 *leaf, const char *host)
{
    size_t len = strlen(host);
    uint8_t address[16];

    if (inet_pton(AF_INET, host, address) == 1 ||
        inet_pton(AF_INET6, host, address) == 1)
        return X509_check_ip_asc(leaf, host, 0) == 1;
    if (len > 1 && host[len - 1] == '.')
        len--; /* the root of all names, which certificates leave out */
    /* OpenSSL takes a leading dot for any name below, nothing for no check */
    return len > 0 && host[0] != '.' &&
           X509_check_host(leaf, host, len,
                           X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                           NULL) == 1;
}

static int check_host(struct check *c)
{
    X509 *leaf = hf_cert_x509(c->chain[0], c->err);
    const struct hf_cert_info *info = hf_cert_info(c->chain[0], c->err);
    bool fits;

    if (!leaf || !info)
        return c->err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    fits = !c->ask->host || host_fits(leaf, c->ask->host);
    ERR_clear_error();
    return fits ? 0 : add_name(c, info);
}

static int check_strength(struct check *c, size_t depth)
{
    const struct hf_cert_info *info = hf_cert_info(c->chain[depth], c->err);
    int rsa = c->ask->rsa_bits_min ? c->ask->rsa_bits_min : 2048;
    int ec = c->ask->ec_bits_min ? c->ask->ec_bits_min : 224;
    int floor;

    if (!info)
        return c->err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    floor = info->key_type == HF_KEY_RSA || info->key_type == HF_KEY_DSA ? rsa
            : info->key_type == HF_KEY_EC                                ? ec
                                                                         : 0;
    if (info->key_bits > 0 && info->key_bits < floor &&
        hf_faults_add(&c->faults, HF_FAULT_WEAK_KEY, depth, c->err,
                      "the key of '%s' is %s: at least %d bits are wanted",
                      info->name, info->key_text, floor) < 0)
        return HF_E_NOMEM;
    if (info->digest == HF_DIGEST_MD2 || info->digest == HF_DIGEST_MD5 ||
        info->digest == HF_DIGEST_SHA1)
        return hf_faults_add(&c->faults, HF_FAULT_WEAK_SIGNATURE, depth, c->err,
                             "'%s' is signed with %s", info->name,
                             info->signature);
    return 0;
}

static int check_each(struct check *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (check_inside(c, i) < 0 || check_dates(c, i) < 0 ||
            check_eku(c, i) < 0)
            return HF_E_NOMEM;
    /* the anchor's own strength is for whoever trusts it to judge */
    for (size_t i = 0; i == 0 || i + 1 < c->count; i++)
        if (!c->ask->weak_allowed && check_strength(c, i) < 0)
            return HF_E_NOMEM;
    return check_host(c);
}

int hf_chain_check(const struct hf_path_ask *ask, struct hf_cert *const *chain,
                   size_t count, const struct hf_certs *signers,
                   struct hf_faults *ret_faults, struct hf_err *err)
{
    struct check c = { .ask = ask,
                       .chain = chain,
                       .count = count,
                       .signers = signers,
                       .err = err };
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509) *between = sk_X509_new_null();
    bool good = ctx && store && between && check_each(&c) == 0 &&
                verify(&c, ctx, store, between);

    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_free(between);
    ERR_clear_error();
    if (!good) {
        hf_faults_done(&c.faults);
        return HF_FAIL(err, HF_E_NOMEM, "no memory to validate a chain");
    }
    *ret_faults = c.faults;
    return 0;
}
