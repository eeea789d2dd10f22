/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_verify.c - who signed a trust list, and may they?
 *
 * A signer's certificate is good for a year, and a list is used for longer: it
 * counts what was valid at the list's date, which is signed with it. */
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/cert_x509.h"
#include "crypto/ctl_decode.h"

#define ROOT_LIST_SIGNER "1.3.6.1.4.1.311.10.3.9"
#define DISALLOWED_LIST "1.3.6.1.4.1.311.10.3.30"
#define NOT_BELIEVED "nothing of this list is believed"

static void pkcs7_done(PKCS7 **at)
{
    PKCS7_free(*at);
}

static void chain_done(BIO **at)
{
    BIO_free_all(*at);
}

static void store_done(X509_STORE **at)
{
    X509_STORE_free(*at);
}

static void context_done(X509_STORE_CTX **at)
{
    X509_STORE_CTX_free(*at);
}

static void purposes_done(EXTENDED_KEY_USAGE **at)
{
    EXTENDED_KEY_USAGE_free(*at);
}

/* OpenSSL failed; without memory that says nothing of the list. */
static int fail(struct hf_err *err, const char *what)
{
    return hf_fail_crypto(err, HF_E_CRYPTO, what);
}

/* --- the signature ------------------------------------------------------- */

/* `content` digested as the PKCS#7 wants it: a chain of filters to be freed.
 * What PKCS7_verify() does, which loses memory when this fails. */
static BIO *digest(PKCS7 *p7, struct hf_view content)
{
    BIO *bio = BIO_new_mem_buf(content.len ? content.ptr : (const void *)"",
                               (int)content.len);
    BIO *chain = bio ? PKCS7_dataInit(p7, bio) : NULL;
    uint8_t block[4096];

    if (!chain) {
        BIO_free(bio);
        return NULL;
    }
    while (BIO_read(chain, block, sizeof(block)) > 0)
        ;
    return chain;
}

/* With these, other bytes can be found for a signature that is there. SHA-1 is
 * let through: older lists have it, and nothing of a stranger's is signed. */
static bool is_broken(int nid)
{
    int digest;

    if (OBJ_find_sigid_algs(nid, &digest, NULL)) /* named by the signature's */
        nid = digest;
    return nid == NID_md2 || nid == NID_md4 || nid == NID_md5 ||
           nid == NID_mdc2;
}

static int check_signature(PKCS7 *p7, struct hf_view content, X509 *signer,
                           struct hf_err *err)
{
    /* one: hf_ctl_outline() */
    PKCS7_SIGNER_INFO *info =
        sk_PKCS7_SIGNER_INFO_value(p7->d.sign->signer_info, 0);
    HF_AUTO(chain_done) BIO *chain = NULL;

    if (info && is_broken(OBJ_obj2nid(info->digest_alg->algorithm)))
        return HF_FAIL(err, HF_E_CRYPTO,
                       NOT_BELIEVED ": it is signed with a broken digest");
    chain = digest(p7, content);
    if (chain && PKCS7_signatureVerify(chain, p7, info, signer) == 1)
        return 0;
    return fail(err, NOT_BELIEVED ": the signature is not over these bytes");
}

static int find_signer(PKCS7 *p7, X509 **ret_signer, struct hf_err *err)
{
    STACK_OF(X509) *signers = PKCS7_get0_signers(p7, NULL, 0);
    X509 *signer = signers ? sk_X509_value(signers, 0) : NULL;

    sk_X509_free(signers);
    if (!signer)
        return fail(err, NOT_BELIEVED ": the signer's certificate is not "
                                      "in it");
    *ret_signer = signer; /* p7 owns it */
    return 0;
}

/* --- who signed ---------------------------------------------------------- */

static bool is_meant_for(X509 *signer, enum hf_ctl_usage usage)
{
    HF_AUTO(purposes_done)
    EXTENDED_KEY_USAGE *list =
        X509_get_ext_d2i(signer, NID_ext_key_usage, NULL, NULL);
    char oid[64];

    for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
        if (OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(list, i), 1) <=
            0)
            continue;
        if (strcmp(oid, ROOT_LIST_SIGNER) == 0 ||
            (usage == HF_CTL_DISALLOWED && strcmp(oid, DISALLOWED_LIST) == 0))
            return true;
    }
    ERR_clear_error();
    return false;
}

static int make_store(const struct hf_certs *anchors, X509_STORE **ret_store,
                      struct hf_err *err)
{
    HF_AUTO(store_done) X509_STORE *store = X509_STORE_new();

    if (!store)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for trust anchors");
    for (size_t i = 0; i < anchors->count; i++) {
        X509 *anchor = hf_cert_x509(anchors->cert[i], err);

        if (!anchor)
            return hf_err_code(err);
        if (!X509_STORE_add_cert(store, anchor))
            return fail(err, "cannot use a trust anchor");
    }
    *ret_store = HF_STEAL(store);
    return 0;
}

/* The last is an anchor: it is trusted whatever it is signed with. */
static int check_digests(X509_STORE_CTX *ctx, struct hf_err *err)
{
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

    for (int i = 0; i + 1 < sk_X509_num(chain); i++)
        if (is_broken(X509_get_signature_nid(sk_X509_value(chain, i))))
            return HF_FAIL(err, HF_E_CRYPTO,
                           NOT_BELIEVED ": a certificate of its signer's chain "
                                        "is signed with a broken digest");
    return 0;
}

static int check_chain(PKCS7 *p7, X509 *signer, const struct hf_ctl_head *head,
                       const struct hf_certs *anchors, struct hf_err *err)
{
    HF_AUTO(store_done) X509_STORE *store = NULL;
    HF_AUTO(context_done) X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *param;

    if (!ctx)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a chain");
    if (make_store(anchors, &store, err) < 0)
        return hf_err_code(err);
    if (!X509_STORE_CTX_init(ctx, store, signer, p7->d.sign->cert))
        return fail(err, "cannot build a chain");
    param = X509_STORE_CTX_get0_param(ctx);
    /* a purpose of its own (is_meant_for) that OpenSSL does not know */
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_time(param, (time_t)head->this_update_s);
    if (X509_verify_cert(ctx) == 1)
        return check_digests(ctx, err);
    ERR_clear_error();
    if (X509_STORE_CTX_get_error(ctx) == X509_V_ERR_OUT_OF_MEM)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a chain");
    return HF_FAIL(
        err, HF_E_CRYPTO,
        NOT_BELIEVED ": no chain from its signer to a root of Microsoft: %s",
        X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
}

/* --- what is handed on --------------------------------------------------- */

static int name_signer(X509 *signer, char **ret_name, struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    const struct hf_cert_info *info;
    char *name;

    if (hf_cert_from_x509(signer, &cert, err) < 0)
        return hf_err_code(err);
    info = hf_cert_info(cert, err);
    if (!info)
        return hf_err_code(err);
    name = hf_view_dup(hf_view_text(info->name));
    if (!name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    *ret_name = name;
    return 0;
}

static int keep_embedded(const PKCS7 *p7, struct hf_certs *ret_embedded,
                         struct hf_err *err)
{
    for (int i = 0; i < sk_X509_num(p7->d.sign->cert); i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (hf_cert_from_x509(sk_X509_value(p7->d.sign->cert, i), &cert, err) <
            0)
            return hf_err_code(err);
        hf_certs_add(ret_embedded, cert);
    }
    return hf_certs_check(ret_embedded, err);
}

int hf_ctl_verify(struct hf_view bytes, const struct hf_ctl_outline *outline,
                  const struct hf_ctl_head *head,
                  const struct hf_certs *anchors, char **ret_signer,
                  struct hf_certs *ret_embedded, struct hf_err *err)
{
    const unsigned char *at = bytes.ptr;
    HF_AUTO(pkcs7_done) PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)bytes.len);
    X509 *signer = NULL;

    if (!p7 || !PKCS7_type_is_signed(p7) || !p7->d.sign)
        return hf_fail_crypto(err, HF_E_PARSE,
                              "the PKCS#7 around the list does not decode");
    if (find_signer(p7, &signer, err) < 0 ||
        check_signature(p7, outline->content, signer, err) < 0)
        return hf_err_code(err);
    if (!is_meant_for(signer, head->usage))
        return HF_FAIL(err, HF_E_CRYPTO,
                       NOT_BELIEVED ": the signer's certificate is not meant "
                                    "for lists of roots");
    if (check_chain(p7, signer, head, anchors, err) < 0 ||
        keep_embedded(p7, ret_embedded, err) < 0)
        return hf_err_code(err);
    return name_signer(signer, ret_signer, err);
}
