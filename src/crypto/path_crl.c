/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_crl.c - who may have signed the revocation lists.
 *
 * A list may be signed by another certificate than the one that issued what is
 * judged: a key of its own, or an indirect list (RFC 5280 5, 6.3.3 f). */
#include <stdio.h>
#include <time.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/calendar.h"
#include "crypto/crl_x509.h"
#include "crypto/path_parts.h"

#define SIGNERS_MAX 64 /* ours: PKITS needs 3 */

static void add_one(struct hf_certs *list, struct hf_cert *cert)
{
    if (list->count < SIGNERS_MAX &&
        !hf_certs_by_sha256(list, hf_cert_sha256(cert)))
        hf_certs_add(list, cert);
}

/* All with this subject that were served or are in the pool. Anchors are not:
 * a chain has one, and what signs its lists must lead to the same. */
static void add_named(const struct hf_path_ask *ask, uint64_t subject,
                      struct hf_certs *list)
{
    for (size_t i = 1; i < ask->served->count; i++) {
        struct hf_cert *cert = ask->served->cert[i];

        if (hf_name_hash(hf_cert_subject_der(cert)) == subject)
            add_one(list, cert);
    }
    if (ask->pool) {
        size_t count;
        struct hf_cert *const *named =
            hf_cert_index_range(ask->pool, subject, &count);

        for (size_t i = 0; i < count; i++)
            add_one(list, named[i]);
    }
}

static uint64_t issuer_of(const X509_CRL *crl)
{
    const unsigned char *der;
    size_t len;

    /* the encoding is the one that was read */
    if (!X509_NAME_get0_der(X509_CRL_get_issuer(crl), &der, &len))
        return 0;
    return hf_name_hash(hf_view(der, len));
}

int hf_crl_signers(const struct hf_path_ask *ask, struct hf_certs *ret_signers,
                   struct hf_err *err)
{
    STACK_OF(X509_CRL) *crls = ask->crls ? hf_crls_stack(ask->crls) : NULL;

    for (int i = 0; i < sk_X509_CRL_num(crls); i++)
        add_named(ask, issuer_of(sk_X509_CRL_value(crls, i)), ret_signers);
    for (size_t i = 0; i < ret_signers->count; i++)
        add_named(ask, hf_name_hash(hf_cert_issuer_der(ret_signers->cert[i])),
                  ret_signers);
    return hf_certs_check(ret_signers, err);
}

/* Source: RFC 5280 5.3.1 */
static const char *reason_of(const X509_REVOKED *entry)
{
    static const char *const words[] = {
        "unspecified",     "keyCompromise",
        "cACompromise",    "affiliationChanged",
        "superseded",      "cessationOfOperation",
        "certificateHold", "7",
        "removeFromCRL",   "privilegeWithdrawn",
        "aACompromise",
    };
    ASN1_ENUMERATED *code =
        X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    long at = code ? ASN1_ENUMERATED_get(code) : 0;

    ASN1_ENUMERATED_free(code);
    return at >= 0 && at < (long)HF_COUNT(words) ? words[at] : words[0];
}

void hf_crl_words(X509_CRL *crl, X509 *x509, char *ret_text, size_t room)
{
    X509_REVOKED *entry = NULL;
    char day[HF_TIME_TEXT], issuer[200];
    struct tm tm = { 0 };
    int64_t when_s;

    ret_text[0] = '\0';
    if (!crl || X509_CRL_get0_by_cert(crl, &entry, x509) != 1 ||
        !ASN1_TIME_to_tm(X509_REVOKED_get0_revocationDate(entry), &tm) ||
        !hf_calendar_s(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                       tm.tm_min, tm.tm_sec, &when_s) ||
        X509_NAME_get_text_by_NID(X509_CRL_get_issuer(crl), NID_commonName,
                                  issuer, sizeof(issuer)) < 0)
        return;
    (void)snprintf(ret_text, room, "on %s (%s), says the list of '%s'",
                   hf_calendar_day(when_s, day), reason_of(entry), issuer);
}
