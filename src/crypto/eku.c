/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/eku.c - a list of purposes that stands alone, as stores keep it. */
#include "crypto/eku.h"

#include "crypto/der.h"

#define EVERY_PURPOSE                                                          \
    (HF_PURPOSE_TLS_SERVER | HF_PURPOSE_TLS_CLIENT | HF_PURPOSE_CODE |         \
     HF_PURPOSE_EMAIL | HF_PURPOSE_TIMESTAMP | HF_PURPOSE_OCSP |               \
     HF_PURPOSE_ANY | HF_PURPOSE_OTHER)

/* The bodies of the identifiers. */
static const struct {
    const char *oid;
    size_t len;
    unsigned purposes;
} known[] = {
    { "\x2b\x06\x01\x05\x05\x07\x03\x01", 8, HF_PURPOSE_TLS_SERVER },
    { "\x2b\x06\x01\x05\x05\x07\x03\x02", 8, HF_PURPOSE_TLS_CLIENT },
    { "\x2b\x06\x01\x05\x05\x07\x03\x03", 8, HF_PURPOSE_CODE },
    { "\x2b\x06\x01\x05\x05\x07\x03\x04", 8, HF_PURPOSE_EMAIL },
    { "\x2b\x06\x01\x05\x05\x07\x03\x08", 8, HF_PURPOSE_TIMESTAMP },
    { "\x2b\x06\x01\x05\x05\x07\x03\x09", 8, HF_PURPOSE_OCSP },
    { "\x55\x1d\x25\x00", 4, EVERY_PURPOSE },
    { "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0c\x01", 10, EVERY_PURPOSE },
};

static unsigned purposes_of(struct hf_view oid)
{
    for (size_t i = 0; i < HF_COUNT(known); i++)
        if (hf_view_same(oid, hf_view(known[i].oid, known[i].len)))
            return known[i].purposes;
    return HF_PURPOSE_OTHER;
}

int hf_eku_purposes(struct hf_view der, unsigned *ret_purposes,
                    struct hf_err *err)
{
    struct hf_rd rd = hf_rd(der);
    struct hf_tlv list, oid;
    unsigned purposes = 0;

    if (!hf_der_expect(&rd, HF_DER_SEQUENCE, &list))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: expected a list of purposes");
    if (rd.left > 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: %zu bytes behind the list of purposes",
                       der.len - rd.left, rd.left);
    rd = hf_rd(list.body);
    while (rd.left > 0) {
        size_t at = (size_t)(rd.at - der.ptr);

        if (!hf_der_expect(&rd, HF_DER_OID, &oid) || oid.body.len == 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "offset %zu: expected the identifier of a purpose",
                           at);
        purposes |= purposes_of(oid.body);
    }
    *ret_purposes = purposes ? purposes : HF_PURPOSE_OTHER;
    return 0;
}
