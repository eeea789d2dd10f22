/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/pkcs7_out.c - certificates as one PKCS#7 file.
 *
 * Written by hand: going through OpenSSL's objects would decode and encode
 * certificates again, and not every old one survives that. */
#include "crypto/pkcs7_out.h"

#include "crypto/der.h"

#define TAG_CONTEXT_0 0xa0

static const uint8_t signed_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                       0xf7, 0x0d, 0x01, 0x07, 0x02 };
/* version 1, no digests, content of the type "data" that is not there */
static const uint8_t before[] = { 0x02, 0x01, 0x01, 0x31, 0x00, 0x30,
                                  0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                  0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 };
static const uint8_t no_signers[] = { 0x31, 0x00 };

/* Octets of the length itself, in the short or long form. X.690 8.1.3 */
static size_t len_octets(size_t len)
{
    size_t octets = 1;

    if (len >= 0x80)
        for (; len > 0; len >>= 8)
            octets++;
    return octets;
}

static size_t tlv_len(size_t body)
{
    return 1 + len_octets(body) + body;
}

static void add_head(struct hf_buf *out, uint8_t tag, size_t body)
{
    size_t more = len_octets(body) - 1;
    uint8_t octet = more == 0 ? (uint8_t)body : (uint8_t)(0x80 | more);

    hf_buf_add(out, &tag, 1);
    hf_buf_add(out, &octet, 1);
    for (; more > 0; more--) {
        octet = (uint8_t)(body >> 8 * (more - 1));
        hf_buf_add(out, &octet, 1);
    }
}

int hf_pkcs7_der(struct hf_buf *out, const struct hf_certs *certs,
                 struct hf_err *err)
{
    size_t all = 0, data, wrapped;

    if (hf_certs_check(certs, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < certs->count; i++)
        all += hf_cert_der(certs->cert[i]).len;
    data = sizeof(before) + tlv_len(all) + sizeof(no_signers);
    wrapped = tlv_len(data);
    add_head(out, HF_DER_SEQUENCE, sizeof(signed_data) + tlv_len(wrapped));
    hf_buf_add(out, signed_data, sizeof(signed_data));
    add_head(out, TAG_CONTEXT_0, wrapped);
    add_head(out, HF_DER_SEQUENCE, data);
    hf_buf_add(out, before, sizeof(before));
    add_head(out, TAG_CONTEXT_0, all);
    for (size_t i = 0; i < certs->count; i++)
        hf_buf_view(out, hf_cert_der(certs->cert[i]));
    hf_buf_add(out, no_signers, sizeof(no_signers));
    return hf_buf_check(out, err);
}
