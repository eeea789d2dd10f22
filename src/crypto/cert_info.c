/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_info.c - what a certificate says, decoded by OpenSSL. */
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/cert.h"
#include "crypto/cert_names.h"
#include "crypto/cert_x509.h"

void hf_cert_info_free(struct hf_cert_info *info)
{
    if (!info)
        return;
    free(info->subject);
    free(info->issuer);
    free(info->name);
    free(info->org);
    free(info->issuer_name);
    free(info->issuer_org);
    free(info->serial);
    free(info->key_text);
    free(info->signature);
    free(info->subject_key_id);
    free(info->authority_key_id);
    hf_texts_done(&info->eku);
    hf_texts_done(&info->dns);
    hf_texts_done(&info->ip);
    hf_texts_done(&info->issuers_url);
    hf_texts_done(&info->ocsp_url);
    hf_texts_done(&info->crl_url);
    free(info);
}
HF_FREEP(struct hf_cert_info, hf_cert_info_free)

static bool read_time(const ASN1_TIME *time, int64_t *ret_s)
{
    struct tm tm;

    return ASN1_TIME_to_tm(time, &tm) &&
           hf_calendar_s(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                         tm.tm_hour, tm.tm_min, tm.tm_sec < 60 ? tm.tm_sec : 59,
                         ret_s);
}

/* Lower-case hexadecimal on the heap. */
static char *hex_text(const ASN1_OCTET_STRING *octets)
{
    size_t len = (size_t)ASN1_STRING_length(octets);
    char *text = malloc(2 * len + 1);

    if (text)
        hf_hex(hf_view(ASN1_STRING_get0_data(octets), len), text);
    return text;
}

static bool read_serial(X509 *x509, struct hf_cert_info *info)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);

    info->serial = hex_text(serial);
    if (info->serial && info->serial[0] == '\0') {
        free(info->serial);
        info->serial = strdup("00");
    }
    return info->serial != NULL;
}

static enum hf_key_type key_type(const EVP_PKEY *key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return HF_KEY_RSA;
    case EVP_PKEY_EC:
        return HF_KEY_EC;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448:
        return HF_KEY_ED;
    case EVP_PKEY_DSA:
        return HF_KEY_DSA;
    default:
        return HF_KEY_OTHER;
    }
}

static bool read_key(X509 *x509, struct hf_cert_info *info)
{
    static const char *const word[] = { "other", "RSA", "EC", "EdDSA", "DSA" };
    EVP_PKEY *key = X509_get0_pubkey(x509);
    struct hf_buf text;
    char group[64];

    hf_buf_init(&text, 256);
    if (!key) {
        ERR_clear_error(); /* a key we cannot use is still described */
        hf_buf_text(&text, "unreadable");
    } else {
        info->key_type = key_type(key);
        info->key_bits = EVP_PKEY_get_bits(key);
        if (info->key_type == HF_KEY_EC &&
            EVP_PKEY_get_group_name(key, group, sizeof(group), NULL))
            hf_buf_printf(&text, "EC %s", group);
        else
            hf_buf_printf(&text, "%s %d", word[info->key_type], info->key_bits);
    }
    info->key_text = hf_buf_steal(&text);
    return info->key_text != NULL;
}

static enum hf_digest digest_of(int nid)
{
    switch (nid) {
    case NID_md2:
        return HF_DIGEST_MD2;
    case NID_md5:
        return HF_DIGEST_MD5;
    case NID_sha1:
        return HF_DIGEST_SHA1;
    case NID_sha224:
    case NID_sha256:
    case NID_sha384:
    case NID_sha512:
    case NID_sha512_256:
        return HF_DIGEST_SHA2;
    case NID_sha3_256:
    case NID_sha3_384:
    case NID_sha3_512:
        return HF_DIGEST_SHA3;
    default:
        return HF_DIGEST_OTHER;
    }
}

static bool read_signature(X509 *x509, struct hf_cert_info *info)
{
    const char *name;
    int nid = X509_get_signature_nid(x509), digest = NID_undef, key = NID_undef;

    /* RSA-PSS names its digest in the parameters */
    if (!X509_get_signature_info(x509, &digest, &key, NULL, NULL))
        OBJ_find_sigid_algs(nid, &digest, &key);
    ERR_clear_error();
    info->digest = nid == NID_ED25519 || nid == NID_ED448 ? HF_DIGEST_NONE
                                                          : digest_of(digest);
    name = OBJ_nid2ln(nid);
    info->signature = strdup(nid != NID_undef && name ? name : "unknown");
    return info->signature != NULL;
}

static void read_usage(X509 *x509, struct hf_cert_info *info)
{
    uint32_t flags = X509_get_extension_flags(x509);

    /* a self-signed version 1 certificate is a CA by custom: RFC 5280 6.1.4 k
     * leaves trust anchors to local policy, and OpenSSL does the same */
    info->ca =
        (flags & EXFLAG_CA) != 0 ||
        (X509_get_version(x509) == X509_VERSION_1 && (flags & EXFLAG_SS) != 0);
    info->path_len = (int)X509_get_pathlen(x509);
    info->has_usage = (flags & EXFLAG_KUSAGE) != 0;
    info->may_sign_certs =
        !info->has_usage || (X509_get_key_usage(x509) & KU_KEY_CERT_SIGN) != 0;
    info->self_issued = (flags & EXFLAG_SI) != 0;
    info->has_sct = X509_get_ext_by_NID(x509, NID_ct_precert_scts, -1) >= 0;
}

static bool read_key_ids(X509 *x509, struct hf_cert_info *info)
{
    const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(x509);
    const ASN1_OCTET_STRING *authority = X509_get0_authority_key_id(x509);

    if (own && !(info->subject_key_id = hex_text(own)))
        return false;
    return !authority || (info->authority_key_id = hex_text(authority));
}

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory to decode a certificate");
}

static int decode(X509 *x509, struct hf_cert_info *info, struct hf_err *err)
{
    /* makes OpenSSL look at the extensions: the flags below depend on it */
    (void)X509_check_purpose(x509, -1, 0);
    ERR_clear_error();
    if (!read_time(X509_get0_notBefore(x509), &info->not_before_s) ||
        !read_time(X509_get0_notAfter(x509), &info->not_after_s))
        return HF_FAIL(err, HF_E_PARSE,
                       "a date of the certificate's validity is no date");
    read_usage(x509, info);
    if (!read_serial(x509, info) || !read_key(x509, info) ||
        !read_signature(x509, info) || !read_key_ids(x509, info) ||
        !hf_cert_read_names(x509, info) || !hf_cert_read_lists(x509, info))
        return no_memory(err);
    return 0;
}

const struct hf_cert_info *hf_cert_info(struct hf_cert *cert,
                                        struct hf_err *err)
{
    HF_AUTO(hf_cert_info_freep) struct hf_cert_info *info = NULL;
    struct hf_cert_info **slot = hf_cert_info_slot(cert);
    X509 *x509;

    if (*slot)
        return *slot;
    x509 = hf_cert_x509(cert, err);
    if (!x509)
        return NULL;
    info = calloc(1, sizeof(*info));
    if (!info) {
        no_memory(err);
        return NULL;
    }
    info->path_len = -1;
    if (decode(x509, info, err) < 0)
        return NULL;
    *slot = HF_STEAL(info);
    return *slot;
}
