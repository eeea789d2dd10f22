/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load_pkcs12.c - the certificates in a PKCS#12 file. RFC 7292
 *
 * The bags are walked here, so that private keys are never decrypted and the
 * work a hostile file may ask for is bounded before it is done. */
#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include "crypto/cert_x509.h"
#include "crypto/der.h"
#include "crypto/load_parts.h"

/* ours: about a second of PBKDF2; the tools at hand write 2,000 to 600,000 */
#define ITERATIONS_MAX 2000000
#define BAG_DEPTH_MAX 4 /* ours: bags inside bags are not met in the wild */

struct reader {
    struct hf_load *load;
    struct hf_load_place place;
    const char *password; /* NULL: none; "" is another thing in PKCS#12 */
    long iterations;      /* spent */
};

static int fail_password(const struct reader *r, struct hf_err *err)
{
    ERR_clear_error();
    return HF_FAIL(
        err, HF_E_CRYPTO,
        r->password && *r->password
            ? "the PKCS#12 does not open: another password, or it is damaged"
            : "the PKCS#12 has a password, or it is damaged");
}

static int spend(struct reader *r, long iterations, struct hf_err *err)
{
    if (iterations < 1 || iterations > ITERATIONS_MAX - r->iterations)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the PKCS#12 asks for %ld rounds of key derivation: at "
                       "most %d are done",
                       iterations, ITERATIONS_MAX);
    r->iterations += iterations;
    return 0;
}

/* A round of scrypt is one block of 128 bytes, N * r * p in all: as dear as one
 * of PBKDF2. Source: RFC 7914 2 */
static long scrypt_rounds(const ASN1_TYPE *parameter)
{
    SCRYPT_PARAMS *scrypt =
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), parameter);
    uint64_t n = 0, r = 0, p = 0;
    long rounds = -1;

    if (scrypt && ASN1_INTEGER_get_uint64(&n, scrypt->costParameter) &&
        ASN1_INTEGER_get_uint64(&r, scrypt->blockSize) &&
        ASN1_INTEGER_get_uint64(&p, scrypt->parallelizationParameter) &&
        !__builtin_mul_overflow(n, r, &n) &&
        !__builtin_mul_overflow(n, p, &n) && n <= LONG_MAX)
        rounds = (long)n;
    else if (scrypt)
        rounds = LONG_MAX;
    SCRYPT_PARAMS_free(scrypt);
    return rounds;
}

/* Rounds that decrypting by `algorithm` takes, -1 when it is not known. */
static long rounds_of(const X509_ALGOR *algorithm)
{
    const ASN1_STRING *params;
    const unsigned char *at;
    long rounds = -1;
    int type;
    const void *value;
    const ASN1_OBJECT *oid;

    X509_ALGOR_get0(&oid, &type, &value, algorithm);
    if (type != V_ASN1_SEQUENCE)
        return -1;
    params = value;
    at = ASN1_STRING_get0_data(params);
    if (OBJ_obj2nid(oid) == NID_pbes2) {
        PBE2PARAM *pbe2 = d2i_PBE2PARAM(NULL, &at, ASN1_STRING_length(params));

        if (pbe2 && OBJ_obj2nid(pbe2->keyfunc->algorithm) == NID_id_scrypt) {
            rounds = scrypt_rounds(pbe2->keyfunc->parameter);
        } else if (pbe2) {
            PBKDF2PARAM *kdf = ASN1_TYPE_unpack_sequence(
                ASN1_ITEM_rptr(PBKDF2PARAM), pbe2->keyfunc->parameter);

            rounds = kdf ? ASN1_INTEGER_get(kdf->iter) : -1;
            PBKDF2PARAM_free(kdf);
        }
        PBE2PARAM_free(pbe2);
    } else {
        PBEPARAM *pbe = d2i_PBEPARAM(NULL, &at, ASN1_STRING_length(params));

        rounds = pbe ? ASN1_INTEGER_get(pbe->iter) : -1;
        PBEPARAM_free(pbe);
    }
    ERR_clear_error();
    return rounds;
}

static int read_bags(struct reader *r, const STACK_OF(PKCS12_SAFEBAG) * bags,
                     int depth, struct hf_err *err);

static int read_bag(struct reader *r, const PKCS12_SAFEBAG *bag, int depth,
                    struct hf_err *err)
{
    unsigned char *der = NULL;
    X509 *x509;
    int len, rc;

    switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_safeContentsBag:
        return read_bags(r, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, err);
    case NID_certBag:
        if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
            return 0;
        x509 = PKCS12_SAFEBAG_get1_cert(bag);
        len = x509 ? i2d_X509(x509, &der) : -1;
        X509_free(x509);
        if (len <= 0)
            return hf_fail_crypto(
                err, HF_E_PARSE,
                "a certificate in the PKCS#12 does not decode");
        rc = hf_load_add(r->load, hf_view(der, (size_t)len), &r->place, err);
        OPENSSL_free(der);
        return rc;
    default:
        r->load->other_count++; /* keys, CRLs, secrets */
        return 0;
    }
}

static int read_bags(struct reader *r, const STACK_OF(PKCS12_SAFEBAG) * bags,
                     int depth, struct hf_err *err)
{
    if (depth > BAG_DEPTH_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the PKCS#12 nests its bags more than %d deep",
                       BAG_DEPTH_MAX);
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++)
        if (read_bag(r, sk_PKCS12_SAFEBAG_value(bags, i), depth, err) < 0)
            return hf_err_code(err);
    return 0;
}

static STACK_OF(PKCS12_SAFEBAG) *
    open_encrypted(struct reader *r, PKCS7 *safe, struct hf_err *err)
{
    const X509_ALGOR *algorithm = safe->d.encrypted->enc_data->algorithm;
    long rounds = rounds_of(algorithm);
    STACK_OF(PKCS12_SAFEBAG) * bags;

    if (rounds < 0) {
        HF_FAIL(err, HF_E_CRYPTO,
                "the PKCS#12 is encrypted in a way that is "
                "not known here");
        return NULL;
    }
    if (spend(r, rounds, err) < 0)
        return NULL;
    bags = PKCS12_unpack_p7encdata(safe, r->password, r->password ? -1 : 0);
    if (!bags)
        fail_password(r, err);
    return bags;
}

static int read_safe(struct reader *r, PKCS7 *safe, struct hf_err *err)
{
    STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
    int rc;

    if (PKCS7_type_is_data(safe)) {
        bags = PKCS12_unpack_p7data(safe);
        if (!bags)
            return hf_fail_crypto(err, HF_E_PARSE,
                                  "a safe in the PKCS#12 does not decode");
    } else if (PKCS7_type_is_encrypted(safe) && safe->d.encrypted &&
               safe->d.encrypted->enc_data) {
        bags = open_encrypted(r, safe, err);
        if (!bags)
            return hf_err_code(err);
    } else {
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the PKCS#12 is sealed to a key, not "
                       "to a password");
    }
    rc = read_bags(r, bags, 0, err);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    return rc;
}

/* Checks the password by the MAC; without one any password is taken. */
static int check_mac(struct reader *r, PKCS12 *p12, struct hf_err *err)
{
    const ASN1_INTEGER *iterations = NULL;
    long rounds;

    if (!PKCS12_mac_present(p12))
        return 0;
    PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
    rounds = iterations ? ASN1_INTEGER_get(iterations) : 1;
    if (spend(r, rounds, err) < 0)
        return hf_err_code(err);
    if (PKCS12_verify_mac(p12, r->password, r->password ? -1 : 0))
        return 0;
    if (r->password)
        return fail_password(r, err);
    r->password = ""; /* no password is written in two ways */
    if (spend(r, rounds, err) < 0)
        return hf_err_code(err);
    return PKCS12_verify_mac(p12, "", 0) ? 0 : fail_password(r, err);
}

static int read_safes(struct reader *r, PKCS12 *p12, struct hf_err *err)
{
    STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
    int rc = 0;

    if (!safes)
        return hf_fail_crypto(err, HF_E_PARSE,
                              "the PKCS#12 holds no safes that decode");
    for (int i = 0; rc == 0 && i < sk_PKCS7_num(safes); i++)
        rc = read_safe(r, sk_PKCS7_value(safes, i), err);
    sk_PKCS7_pop_free(safes, PKCS7_free);
    return rc;
}

/* Where the content stands, for messages: after the outer length and the
 * version. 0 for the indefinite lengths of BER. */
static size_t content_at(struct hf_view bytes)
{
    struct hf_rd all = hf_rd(bytes), rd;
    struct hf_tlv tlv;

    if (!hf_der_expect(&all, HF_DER_SEQUENCE, &tlv))
        return 0;
    rd = hf_rd(tlv.body);
    return hf_der_next(&rd, &tlv) ? (size_t)(rd.at - bytes.ptr) : 0;
}

int hf_load_pkcs12(struct hf_load *load, struct hf_view bytes,
                   const char *password, struct hf_err *err)
{
    struct reader r = { load, { 0, bytes.len, 0 }, password, 0 };
    const unsigned char *at = bytes.ptr;
    OSSL_PROVIDER *legacy;
    PKCS12 *p12;
    int rc;

    if (bytes.len > HF_LOAD_BINARY_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a PKCS#12 of %zu bytes: at most %d are read", bytes.len,
                       HF_LOAD_BINARY_MAX);
    p12 = d2i_PKCS12(NULL, &at, (long)bytes.len);
    if (!p12)
        return hf_fail_crypto(err, HF_E_PARSE,
                              "offset 0: the PKCS#12 is cut or malformed");
    /* files of old tools are encrypted with RC2 */
    legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
    rc = check_mac(&r, p12, err);
    if (rc == 0)
        rc = read_safes(&r, p12, err);
    PKCS12_free(p12);
    if (legacy)
        OSSL_PROVIDER_unload(legacy);
    ERR_clear_error();
    if (rc < 0 && rc != HF_E_NOMEM)
        HF_WRAP(err, "content at offset %zu", content_at(bytes));
    return rc;
}
