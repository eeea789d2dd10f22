/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_names.c - names, alternative names and pointers, decoded. */
#include "crypto/cert_names.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"

#define NAME_TEXT_MAX                                                          \
    (64 * 1024) /* bytes; ours: a name that long is an attack */

/* Fit for a terminal; cut when it is too long. NULL without memory. */
static char *safe_text(const void *bytes, size_t len)
{
    struct hf_buf text;

    /* an escape takes at most four times the bytes it stands for */
    hf_buf_init(&text, 4 * NAME_TEXT_MAX + 1);
    hf_utf8_safe(&text,
                 hf_view(bytes, len < NAME_TEXT_MAX ? len : NAME_TEXT_MAX));
    return hf_buf_steal(&text);
}

/* Most specific part first, as RFC 4514 2 has it, with a blank after the
 * comma for people. */
char *hf_name_text(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned long flags = ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL |
                          ASN1_STRFLGS_UTF8_CONVERT | XN_FLAG_SEP_CPLUS_SPC |
                          XN_FLAG_DN_REV | XN_FLAG_FN_SN |
                          XN_FLAG_DUMP_UNKNOWN_FIELDS;
    char *text, *at;
    long len;

    if (!bio)
        return NULL;
    if (X509_NAME_print_ex(bio, name, 0, flags) < 0)
        ERR_clear_error(); /* what was written before is kept */
    len = BIO_get_mem_data(bio, &at);
    /* OpenSSL escapes control characters, not those that turn a line around */
    text = safe_text(at, len > 0 ? (size_t)len : 0);
    BIO_free(bio);
    return text;
}

/* UTF-8 of a string of any ASN.1 type; "" when it does not convert. */
static char *string_text(const ASN1_STRING *string)
{
    unsigned char *utf8 = NULL;
    int len = ASN1_STRING_to_UTF8(&utf8, string);
    char *text = safe_text(utf8, len > 0 ? (size_t)len : 0);

    OPENSSL_free(utf8);
    ERR_clear_error();
    return text;
}

/* The last value of a part of the name (the most specific one), or NULL. */
static const ASN1_STRING *part_of(const X509_NAME *name, int nid)
{
    int at = -1, last = -1;

    while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
        last = at;
    return last < 0 ? NULL
                    : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last));
}

/* What people call it. */
static char *short_name(const X509_NAME *name)
{
    static const int order[] = { NID_commonName, NID_organizationalUnitName,
                                 NID_organizationName };

    for (size_t i = 0; i < HF_COUNT(order); i++) {
        const ASN1_STRING *part = part_of(name, order[i]);

        if (part && ASN1_STRING_length(part) > 0)
            return string_text(part);
    }
    return hf_name_text(name);
}

static char *org_of(const X509_NAME *name)
{
    const ASN1_STRING *part = part_of(name, NID_organizationName);

    return part ? string_text(part) : strdup("");
}

bool hf_cert_read_names(X509 *x509, struct hf_cert_info *info)
{
    const X509_NAME *subject = X509_get_subject_name(x509);
    const X509_NAME *issuer = X509_get_issuer_name(x509);

    info->subject = hf_name_text(subject);
    info->issuer = hf_name_text(issuer);
    info->name = short_name(subject);
    info->org = org_of(subject);
    info->issuer_name = short_name(issuer);
    info->issuer_org = org_of(issuer);
    return info->subject && info->issuer && info->name && info->org &&
           info->issuer_name && info->issuer_org;
}

static char *ia5_text(const ASN1_STRING *string)
{
    return safe_text(ASN1_STRING_get0_data(string),
                     (size_t)ASN1_STRING_length(string));
}

static char *ip_text(const ASN1_OCTET_STRING *address)
{
    char text[INET6_ADDRSTRLEN];
    int len = ASN1_STRING_length(address);
    const unsigned char *bytes = ASN1_STRING_get0_data(address);

    if ((len == 4 && inet_ntop(AF_INET, bytes, text, sizeof(text))) ||
        (len == 16 && inet_ntop(AF_INET6, bytes, text, sizeof(text))))
        return hf_view_dup(hf_view_text(text));
    return hf_view_dup(hf_view_text("malformed address"));
}

static bool read_alt_names(X509 *x509, struct hf_cert_info *info)
{
    GENERAL_NAMES *names =
        X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    bool good = true;

    for (int i = 0; good && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type == GEN_DNS)
            good = hf_texts_take(&info->dns, ia5_text(name->d.dNSName));
        else if (name->type == GEN_IPADD)
            good = hf_texts_take(&info->ip, ip_text(name->d.iPAddress));
    }
    GENERAL_NAMES_free(names);
    return good;
}

static const struct {
    int nid;
    unsigned purpose;
} ekus[] = {
    { NID_server_auth, HF_PURPOSE_TLS_SERVER },
    { NID_client_auth, HF_PURPOSE_TLS_CLIENT },
    { NID_code_sign, HF_PURPOSE_CODE },
    { NID_email_protect, HF_PURPOSE_EMAIL },
    { NID_time_stamp, HF_PURPOSE_TIMESTAMP },
    { NID_OCSP_sign, HF_PURPOSE_OCSP },
    { NID_anyExtendedKeyUsage, HF_PURPOSE_ANY },
};

static bool read_eku(X509 *x509, struct hf_cert_info *info)
{
    EXTENDED_KEY_USAGE *usage =
        X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
    bool good = true;

    for (int i = 0; good && i < sk_ASN1_OBJECT_num(usage); i++) {
        const ASN1_OBJECT *oid = sk_ASN1_OBJECT_value(usage, i);
        int nid = OBJ_obj2nid(oid);
        char text[80]; /* OBJ_obj2txt cuts what is longer */

        for (size_t k = 0; k < HF_COUNT(ekus); k++)
            if (ekus[k].nid == nid)
                info->purposes |= ekus[k].purpose;
        if (nid != NID_undef)
            (void)snprintf(text, sizeof(text), "%s", OBJ_nid2sn(nid));
        else if (OBJ_obj2txt(text, sizeof(text), oid, 1) < 0)
            text[0] = '\0';
        good = hf_texts_take(&info->eku, hf_view_dup(hf_view_text(text)));
    }
    sk_ASN1_OBJECT_pop_free(usage, ASN1_OBJECT_free);
    return good;
}

static bool add_uri(struct hf_texts *list, const GENERAL_NAME *name)
{
    return name->type != GEN_URI ||
           hf_texts_take(list, ia5_text(name->d.uniformResourceIdentifier));
}

static bool read_authority_info(X509 *x509, struct hf_cert_info *info)
{
    AUTHORITY_INFO_ACCESS *access =
        X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
    bool good = true;

    for (int i = 0; good && i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *item = sk_ACCESS_DESCRIPTION_value(access, i);
        int nid = OBJ_obj2nid(item->method);

        if (nid == NID_ad_ca_issuers)
            good = add_uri(&info->issuers_url, item->location);
        else if (nid == NID_ad_OCSP)
            good = add_uri(&info->ocsp_url, item->location);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    return good;
}

static bool read_crl_points(X509 *x509, struct hf_cert_info *info)
{
    CRL_DIST_POINTS *points =
        X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);
    bool good = true;

    for (int i = 0; good && i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        const GENERAL_NAMES *names =
            point->distpoint && point->distpoint->type == 0
                ? point->distpoint->name.fullname
                : NULL;

        for (int k = 0; good && k < sk_GENERAL_NAME_num(names); k++)
            good = add_uri(&info->crl_url, sk_GENERAL_NAME_value(names, k));
    }
    CRL_DIST_POINTS_free(points);
    return good;
}

bool hf_cert_read_lists(X509 *x509, struct hf_cert_info *info)
{
    bool good = read_alt_names(x509, info) && read_eku(x509, info) &&
                read_authority_info(x509, info) && read_crl_points(x509, info);

    ERR_clear_error(); /* an extension that does not decode */
    return good;
}
