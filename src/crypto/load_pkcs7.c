/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load_pkcs7.c - the certificates in a PKCS#7 SignedData. RFC 2315 9.1
 *
 * Walked by our own reader: what is wanted is one field, and decoding the
 * whole of a hostile file costs many times its size. */
#include <openssl/err.h>
#include <openssl/pkcs7.h>

#include "crypto/cert_x509.h"
#include "crypto/der.h"
#include "crypto/load_parts.h"

static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                       0x0d, 0x01, 0x07, 0x02 };

#define TAG_CONTEXT_0 0xa0 /* content, and certificates */

/* ret_certs  body of the certificates field; empty when there is none.
 * ret_at     where the structure broke off, on failure. */
static bool find_certs(struct hf_view bytes, struct hf_view *ret_certs,
                       const uint8_t **ret_at)
{
    struct hf_rd all = hf_rd(bytes), rd;
    struct hf_tlv tlv;

    *ret_certs = hf_view(NULL, 0);
    *ret_at = all.at;
    if (!hf_der_expect(&all, HF_DER_SEQUENCE, &tlv))
        return false;
    rd = hf_rd(tlv.body);
    *ret_at = rd.at;
    if (!hf_der_expect(&rd, HF_DER_OID, &tlv) ||
        !hf_view_same(tlv.body, hf_view(signed_data, sizeof(signed_data))))
        return false;
    *ret_at = rd.at;
    if (!hf_der_expect(&rd, TAG_CONTEXT_0, &tlv))
        return false;
    rd = hf_rd(tlv.body);
    *ret_at = rd.at;
    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &tlv))
        return false;
    rd = hf_rd(tlv.body);
    for (int i = 0; i < 3; i++) { /* version, digests, content */
        *ret_at = rd.at;
        if (!hf_der_next(&rd, &tlv))
            return false;
    }
    *ret_at = rd.at;
    if (rd.left > 0 && !hf_der_next(&rd, &tlv))
        return false;
    if (tlv.tag == TAG_CONTEXT_0)
        *ret_certs = tlv.body;
    return true;
}

/* Indefinite lengths: left to OpenSSL.
 * broken_at  bytes in, where our own reader stopped. */
static int load_ber(struct hf_load *load, struct hf_view bytes,
                    const struct hf_load_place *place, size_t broken_at,
                    struct hf_err *err)
{
    const unsigned char *at = bytes.ptr;
    PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)bytes.len);
    STACK_OF(X509) *certs = NULL;
    int rc = 0;

    ERR_clear_error();
    if (!p7 || !PKCS7_type_is_signed(p7) || !p7->d.sign)
        rc = hf_load_fault(load, place, err,
                           "offset %zu: the PKCS#7 breaks off %zu bytes in: "
                           "expected SignedData",
                           place->offset, broken_at);
    else
        certs = p7->d.sign->cert;
    for (int i = 0; rc == 0 && i < sk_X509_num(certs); i++) {
        unsigned char *der = NULL;
        int len = i2d_X509(sk_X509_value(certs, i), &der);

        if (len > 0)
            rc = hf_load_add(load, hf_view(der, (size_t)len), place, err);
        OPENSSL_free(der);
    }
    PKCS7_free(p7);
    return rc;
}

/* In a binary file a certificate stands where it is; in a PEM block it is
 * somewhere in the base64. */
static struct hf_load_place place_of(struct hf_view cert, struct hf_view all,
                                     const struct hf_load_place *place)
{
    struct hf_load_place own = *place;

    if (place->line_no == 0) {
        own.offset += (size_t)(cert.ptr - all.ptr);
        own.end = own.offset + cert.len;
    }
    return own;
}

int hf_load_pkcs7(struct hf_load *load, struct hf_view bytes,
                  const struct hf_load_place *place, struct hf_err *err)
{
    struct hf_view certs;
    struct hf_rd rd;
    struct hf_tlv tlv;
    const uint8_t *at;

    if (bytes.len > HF_LOAD_BINARY_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a PKCS#7 of %zu bytes: at most %d are read", bytes.len,
                       HF_LOAD_BINARY_MAX);
    if (!find_certs(bytes, &certs, &at))
        return load_ber(load, bytes, place, (size_t)(at - bytes.ptr), err);
    rd = hf_rd(certs);
    while (rd.left > 0) {
        struct hf_load_place own;

        at = rd.at;
        if (!hf_der_next(&rd, &tlv))
            return hf_load_fault(load, place, err,
                                 "offset %zu: certificate %zu of the PKCS#7 is "
                                 "cut, %zu bytes in",
                                 place->offset, load->count + 1,
                                 (size_t)(at - bytes.ptr));
        /* attribute certificates have context tags: passed over */
        own = place_of(tlv.whole, bytes, place);
        if (tlv.tag == HF_DER_SEQUENCE &&
            hf_load_add(load, tlv.whole, &own, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}
