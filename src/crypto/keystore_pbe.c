/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_pbe.c - what a password does in a PKCS#12. RFC 7292, 8018,
 * 9579
 *
 * The outline of an algorithm is read here, so that the work a hostile file may
 * ask for is bounded before it is done, and so that what is written anew keeps
 * every parameter but the salt and the initial vector. */
#include "crypto/keystore_pbe.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#include "crypto/cert_x509.h"
#include "crypto/der.h"

#define DER_OCTETS 0x04
#define MAC_KEY_MAX 1024 /* bytes; ours: 20 to 256 are met */

static const uint8_t oid_pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                     0x0d, 0x01, 0x05, 0x0d };
static const uint8_t oid_pbmac1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                      0x0d, 0x01, 0x05, 0x0e };
static const uint8_t oid_scrypt[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
                                      0xda, 0x47, 0x04, 0x0b };

/* ciphers of PBES2: AES in every size and mode, and triple DES */
static const uint8_t oid_aes_arc[] = { 0x60, 0x86, 0x48, 0x01,
                                       0x65, 0x03, 0x04, 0x01 };
static const uint8_t oid_des3[] = { 0x2a, 0x86, 0x48, 0x86,
                                    0xf7, 0x0d, 0x03, 0x07 };
/* PKCS #12's own with triple DES: pbeWithSHAAnd{3,2}-KeyTripleDES-CBC */
static const uint8_t oid_p12_pbe[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                       0x0d, 0x01, 0x0c, 0x01 };

/* Views into an algorithm, or into MacData. */
struct parts {
    struct hf_view salt, iv;
    struct hf_view digest_algorithm, digest; /* MacData only */
    struct hf_view prf; /* PBMAC1: an algorithm, or empty for the usual one */
    uint64_t key_len;   /* PBMAC1: bytes; 0: it is none */
    uint64_t rounds;
    bool modern; /* the cipher is AES or triple DES */
};

void hf_plain_done(struct hf_plain *plain)
{
    OPENSSL_clear_free(plain->ptr, plain->len);
    *plain = (struct hf_plain){ 0 };
}

static int password_len(const struct hf_pbe *pbe)
{
    return pbe->password ? -1 : 0;
}

static bool is_oid(struct hf_view oid, const uint8_t *bytes, size_t len)
{
    return hf_view_same(oid, hf_view(bytes, len));
}

/* A number that is not negative; too large ones become UINT64_MAX. */
static bool take_number(struct hf_rd *rd, uint64_t *ret_number)
{
    struct hf_tlv tlv;
    uint64_t number = 0;

    if (!hf_der_expect(rd, HF_DER_INTEGER, &tlv) || tlv.body.len == 0 ||
        (tlv.body.ptr[0] & 0x80))
        return false;
    for (size_t i = 0; i < tlv.body.len; i++)
        number = number >> 56 ? UINT64_MAX : number << 8 | tlv.body.ptr[i];
    *ret_number = number;
    return true;
}

/* --- outlines ------------------------------------------------------------ */

/* A round of scrypt is one block of 128 bytes, N * r * p in all: as dear as one
 * of PBKDF2. */
static bool take_scrypt(struct hf_rd *rd, struct parts *parts)
{
    uint64_t n, r, p;

    if (!take_number(rd, &n) || !take_number(rd, &r) || !take_number(rd, &p))
        return false;
    if (__builtin_mul_overflow(n, r, &parts->rounds) ||
        __builtin_mul_overflow(parts->rounds, p, &parts->rounds))
        parts->rounds = UINT64_MAX;
    return true;
}

static bool take_kdf(struct hf_view kdf, struct parts *parts)
{
    struct hf_rd rd = hf_rd(kdf), params;
    struct hf_tlv oid, body, salt;

    if (!hf_der_expect(&rd, HF_DER_OID, &oid) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &body))
        return false;
    params = hf_rd(body.body);
    if (!hf_der_expect(&params, DER_OCTETS, &salt))
        return false;
    parts->salt = salt.body;
    return is_oid(oid.body, oid_scrypt, sizeof(oid_scrypt))
               ? take_scrypt(&params, parts)
               : take_number(&params, &parts->rounds);
}

/* The initial vector stands alone, or in a sequence with a number (RC2, GCM).
 */
static bool take_cipher(struct hf_view cipher, struct parts *parts)
{
    struct hf_rd rd = hf_rd(cipher), inner;
    struct hf_tlv tlv;

    if (!hf_der_expect(&rd, HF_DER_OID, &tlv))
        return false;
    parts->modern =
        is_oid(tlv.body, oid_des3, sizeof(oid_des3)) ||
        (tlv.body.len > sizeof(oid_aes_arc) &&
         memcmp(tlv.body.ptr, oid_aes_arc, sizeof(oid_aes_arc)) == 0);
    if (!hf_der_next(&rd, &tlv))
        return false;
    if (tlv.tag == DER_OCTETS) {
        parts->iv = tlv.body;
        return true;
    }
    inner = hf_rd(tlv.body);
    while (tlv.tag == HF_DER_SEQUENCE && inner.left > 0) {
        struct hf_tlv part;

        if (!hf_der_next(&inner, &part))
            return false;
        if (part.tag == DER_OCTETS) {
            parts->iv = part.body;
            return true;
        }
    }
    return false;
}

static bool parts_of(struct hf_view algorithm, struct parts *ret_parts)
{
    struct parts parts = { 0 };
    struct hf_rd rd = hf_rd(algorithm), params;
    struct hf_tlv outer, oid, body, one, two;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &outer))
        return false;
    rd = hf_rd(outer.body);
    if (!hf_der_expect(&rd, HF_DER_OID, &oid) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &body))
        return false;
    params = hf_rd(body.body);
    if (!hf_der_next(&params, &one))
        return false;
    if (is_oid(oid.body, oid_pbes2, sizeof(oid_pbes2))) {
        if (one.tag != HF_DER_SEQUENCE || !take_kdf(one.body, &parts) ||
            !hf_der_expect(&params, HF_DER_SEQUENCE, &two) ||
            !take_cipher(two.body, &parts))
            return false;
    } else {
        parts.salt = one.body;
        parts.modern =
            oid.body.len == sizeof(oid_p12_pbe) + 1 &&
            memcmp(oid.body.ptr, oid_p12_pbe, sizeof(oid_p12_pbe)) == 0 &&
            (oid.body.ptr[sizeof(oid_p12_pbe)] == 3 ||
             oid.body.ptr[sizeof(oid_p12_pbe)] == 4);
        if (one.tag != DER_OCTETS || !take_number(&params, &parts.rounds))
            return false;
    }
    *ret_parts = parts;
    return true;
}

/* SEQUENCE { SEQUENCE { kdf, SEQUENCE { salt, rounds, length, prf } }, hmac };
 * which function derives the key is not asked: there is one, and writers have
 * been wrong about its name. RFC 9579 4 */
static bool take_pbmac1(struct hf_view params, struct parts *parts)
{
    struct hf_rd rd = hf_rd(params), kdf;
    struct hf_tlv tlv, body, hmac;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv) ||
        !hf_der_expect(&rd, HF_DER_SEQUENCE, &hmac))
        return false;
    kdf = hf_rd(tlv.body);
    if (!hf_der_expect(&kdf, HF_DER_OID, &tlv) ||
        !hf_der_expect(&kdf, HF_DER_SEQUENCE, &body))
        return false;
    kdf = hf_rd(body.body);
    if (!hf_der_expect(&kdf, DER_OCTETS, &tlv) ||
        !take_number(&kdf, &parts->rounds) ||
        !take_number(&kdf, &parts->key_len) || parts->key_len == 0)
        return false;
    parts->salt = tlv.body;
    if (kdf.left > 0) {
        if (!hf_der_expect(&kdf, HF_DER_SEQUENCE, &tlv))
            return false;
        parts->prf = tlv.whole;
    }
    parts->digest_algorithm = hmac.whole;
    return true;
}

static bool mac_parts_of(struct hf_view mac, struct parts *ret_parts)
{
    struct parts parts = { .rounds = 1 };
    struct hf_rd rd = hf_rd(mac), info;
    struct hf_tlv outer, inner, algorithm, digest, salt, oid, params;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &outer))
        return false;
    rd = hf_rd(outer.body);
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &inner) ||
        !hf_der_expect(&rd, DER_OCTETS, &salt) ||
        (rd.left > 0 && !take_number(&rd, &parts.rounds)))
        return false;
    info = hf_rd(inner.body);
    if (!hf_der_expect(&info, HF_DER_SEQUENCE, &algorithm) ||
        !hf_der_expect(&info, DER_OCTETS, &digest))
        return false;
    parts.digest_algorithm = algorithm.whole;
    parts.digest = digest.body;
    parts.salt = salt.body;
    info = hf_rd(algorithm.body);
    if (!hf_der_expect(&info, HF_DER_OID, &oid))
        return false;
    if (is_oid(oid.body, oid_pbmac1, sizeof(oid_pbmac1)) &&
        (!hf_der_expect(&info, HF_DER_SEQUENCE, &params) ||
         !take_pbmac1(params.body, &parts)))
        return false;
    *ret_parts = parts;
    return true;
}

/* --- work ---------------------------------------------------------------- */

static int spend(struct hf_pbe *pbe, uint64_t rounds, struct hf_err *err)
{
    if (rounds < 1 || rounds > INT_MAX || pbe->rounds > pbe->rounds_max ||
        rounds > pbe->rounds_max - pbe->rounds)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the PKCS#12 asks for %llu rounds of key derivation: at "
                       "most %u are done",
                       (unsigned long long)rounds, HF_PBE_ROUNDS_MAX);
    pbe->rounds += rounds;
    return 0;
}

uint64_t hf_pbe_rounds(struct hf_view algorithm)
{
    struct parts parts;

    return parts_of(algorithm, &parts) ? parts.rounds : 0;
}

bool hf_pbe_is_old(struct hf_view algorithm)
{
    struct parts parts;

    return !parts_of(algorithm, &parts) || !parts.modern;
}

static int fail_unknown(struct hf_err *err)
{
    ERR_clear_error();
    return HF_FAIL(err, HF_E_CRYPTO,
                   "the PKCS#12 is encrypted in a way that is not known here");
}

static int run_cipher(const struct hf_pbe *pbe, struct hf_view algorithm,
                      struct hf_view in, bool encrypt, struct hf_plain *ret_out)
{
    const unsigned char *at = algorithm.ptr;
    X509_ALGOR *decoded = d2i_X509_ALGOR(NULL, &at, (long)algorithm.len);
    unsigned char *out = NULL;
    int len = 0;

    if (decoded &&
        PKCS12_pbe_crypt(decoded, pbe->password, password_len(pbe), in.ptr,
                         (int)in.len, &out, &len, encrypt) &&
        out)
        *ret_out = (struct hf_plain){ out, (size_t)len };
    X509_ALGOR_free(decoded);
    ERR_clear_error();
    return out ? 0 : HF_E_CRYPTO;
}

int hf_pbe_decrypt(struct hf_pbe *pbe, struct hf_view algorithm,
                   struct hf_view sealed, struct hf_plain *ret_plain,
                   struct hf_err *err)
{
    struct parts parts;

    if (!parts_of(algorithm, &parts))
        return fail_unknown(err);
    if (spend(pbe, parts.rounds, err) < 0)
        return hf_err_code(err);
    if (run_cipher(pbe, algorithm, sealed, false, ret_plain) < 0)
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the PKCS#12 does not open: another password, an "
                       "encryption that is not known here, or it is damaged");
    return 0;
}

/* New random bytes where `part`, a view into `whole`, stands in the copy. */
static bool renew(uint8_t *copy, struct hf_view whole, struct hf_view part)
{
    return part.len == 0 ||
           RAND_bytes(copy + (part.ptr - whole.ptr), (int)part.len) == 1;
}

int hf_pbe_encrypt(struct hf_pbe *pbe, struct hf_view algorithm,
                   struct hf_view plain, struct hf_buf *ret_algorithm,
                   struct hf_buf *ret_sealed, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) uint8_t *copy = malloc(algorithm.len + 1);
    struct hf_plain sealed = { 0 };
    struct parts parts;

    if (!copy)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a keystore");
    if (!parts_of(algorithm, &parts))
        return fail_unknown(err);
    if (spend(pbe, parts.rounds, err) < 0)
        return hf_err_code(err);
    memcpy(copy, algorithm.ptr, algorithm.len);
    if (!renew(copy, algorithm, parts.salt) ||
        !renew(copy, algorithm, parts.iv))
        return hf_fail_crypto(err, HF_E_CRYPTO, "no random numbers");
    if (run_cipher(pbe, hf_view(copy, algorithm.len), plain, true, &sealed) < 0)
        return hf_fail_crypto(err, HF_E_CRYPTO,
                              "the PKCS#12 cannot be encrypted again");
    hf_buf_add(ret_algorithm, copy, algorithm.len);
    hf_buf_add(ret_sealed, sealed.ptr, sealed.len);
    hf_plain_done(&sealed);
    return 0;
}

/* --- check sums ---------------------------------------------------------- */

/* The digest of an algorithm, or of an HMAC with it; NULL: not known. */
static const EVP_MD *digest_of(struct hf_view algorithm, bool hmac)
{
    const unsigned char *at = algorithm.ptr;
    X509_ALGOR *decoded = d2i_X509_ALGOR(NULL, &at, (long)algorithm.len);
    const ASN1_OBJECT *oid = NULL;
    int nid = NID_undef;

    if (decoded) {
        X509_ALGOR_get0(&oid, NULL, NULL, decoded);
        nid = OBJ_obj2nid(oid);
        if (hmac && !EVP_PBE_find(EVP_PBE_TYPE_PRF, nid, NULL, &nid, NULL))
            nid = NID_undef;
    }
    X509_ALGOR_free(decoded);
    ERR_clear_error();
    return nid == NID_undef ? NULL : EVP_get_digestbynid(nid);
}

static int fail_mac(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_CRYPTO,
                   "the check sum of the PKCS#12 is of a kind that is not "
                   "known here");
}

/* ret_key takes MAC_KEY_MAX bytes. PBMAC1: RFC 9579; the one before it: RFC
 * 7292 appendix B. */
static int derive(struct hf_pbe *pbe, const struct parts *parts,
                  const EVP_MD *digest, uint8_t *ret_key, int *ret_len,
                  struct hf_err *err)
{
    const EVP_MD *prf = digest;
    size_t len = (size_t)EVP_MD_get_size(digest), blocks = 1;
    bool good;

    if (parts->key_len > 0) {
        len = (size_t)parts->key_len;
        prf = parts->prf.len > 0 ? digest_of(parts->prf, true) : EVP_sha1();
        if (!prf || parts->key_len > MAC_KEY_MAX)
            return fail_mac(err);
        blocks += (len - 1) / (size_t)EVP_MD_get_size(prf);
    }
    if (parts->rounds > INT_MAX)
        return spend(pbe, parts->rounds, err);
    if (spend(pbe, parts->rounds * blocks, err) < 0)
        return hf_err_code(err);
    good = parts->key_len > 0
               ? PKCS5_PBKDF2_HMAC(pbe->password ? pbe->password : "",
                                   password_len(pbe), parts->salt.ptr,
                                   (int)parts->salt.len, (int)parts->rounds,
                                   prf, (int)len, ret_key)
               : PKCS12_key_gen_utf8(
                     pbe->password, password_len(pbe),
                     (unsigned char *)parts->salt.ptr, (int)parts->salt.len,
                     PKCS12_MAC_ID, (int)parts->rounds, (int)len, ret_key, prf);
    *ret_len = (int)len;
    return good ? 0
                : hf_fail_crypto(err, HF_E_CRYPTO,
                                 "the check sum of the PKCS#12 cannot be "
                                 "computed");
}

/* ret_mac takes EVP_MAX_MD_SIZE bytes. */
static int mac_of(struct hf_pbe *pbe, const struct parts *parts,
                  struct hf_view content, uint8_t *ret_mac, struct hf_err *err)
{
    const EVP_MD *digest =
        digest_of(parts->digest_algorithm, parts->key_len > 0);
    uint8_t key[MAC_KEY_MAX];
    int len = digest ? EVP_MD_get_size(digest) : 0, rc;

    if (len <= 0 || len > EVP_MAX_MD_SIZE || (size_t)len != parts->digest.len)
        return fail_mac(err);
    rc = derive(pbe, parts, digest, key, &len, err);
    if (rc == 0 &&
        !HMAC(digest, key, len, content.ptr, content.len, ret_mac, NULL))
        rc = hf_fail_crypto(err, HF_E_CRYPTO,
                            "the check sum of the PKCS#12 cannot be computed");
    OPENSSL_cleanse(key, sizeof(key));
    return rc;
}

int hf_pbe_mac_fits(struct hf_pbe *pbe, struct hf_view mac,
                    struct hf_view content, bool *ret_fits, struct hf_err *err)
{
    uint8_t have[EVP_MAX_MD_SIZE];
    struct parts parts;

    if (!mac_parts_of(mac, &parts))
        return HF_FAIL(err, HF_E_PARSE,
                       "the check sum of the PKCS#12 is malformed");
    if (mac_of(pbe, &parts, content, have, err) < 0)
        return hf_err_code(err);
    *ret_fits = CRYPTO_memcmp(have, parts.digest.ptr, parts.digest.len) == 0;
    return 0;
}

int hf_pbe_mac_renew(struct hf_pbe *pbe, struct hf_view mac,
                     struct hf_view content, struct hf_buf *out,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) uint8_t *copy = malloc(mac.len + 1);
    uint8_t fresh[EVP_MAX_MD_SIZE];
    struct parts old, parts;

    if (!copy)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a keystore");
    memcpy(copy, mac.ptr, mac.len);
    if (!mac_parts_of(mac, &old) || !renew(copy, mac, old.salt) ||
        !mac_parts_of(hf_view(copy, mac.len), &parts))
        return hf_fail_crypto(err, HF_E_CRYPTO, "no random numbers");
    if (mac_of(pbe, &parts, content, fresh, err) < 0)
        return hf_err_code(err);
    memcpy(copy + (old.digest.ptr - mac.ptr), fresh, old.digest.len);
    hf_buf_add(out, copy, mac.len);
    return 0;
}
