/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/crl.c - certificate revocation lists. */
#include "crypto/crl.h"

#include <openssl/err.h>

#include "base/hex.h"
#include "crypto/cert_x509.h"
#include "crypto/crl_x509.h"
#include "crypto/der.h"

struct hf_crls {
    STACK_OF(X509_CRL) * stack;
};

int hf_crls_new(struct hf_crls **ret_crls, struct hf_err *err)
{
    struct hf_crls *crls = calloc(1, sizeof(*crls));

    if (crls)
        crls->stack = sk_X509_CRL_new_null();
    if (!crls || !crls->stack) {
        free(crls);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for revocation lists");
    }
    *ret_crls = crls;
    return 0;
}

void hf_crls_free(struct hf_crls *crls)
{
    if (!crls)
        return;
    sk_X509_CRL_pop_free(crls->stack, X509_CRL_free);
    free(crls);
}

/* Adds the lists in DER, one after the other. `at` is where they stand. */
static int add_der(struct hf_crls *crls, struct hf_view der, size_t at,
                   struct hf_err *err)
{
    do {
        const unsigned char *end = der.ptr;
        X509_CRL *crl =
            der.len > 0 ? d2i_X509_CRL(NULL, &end, (long)der.len) : NULL;

        if (!crl) {
            hf_fail_crypto(err, HF_E_PARSE, "no revocation list in DER");
            return HF_WRAP(err, "offset %zu", at);
        }
        if (sk_X509_CRL_push(crls->stack, crl) <= 0) {
            X509_CRL_free(crl);
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a revocation list");
        }
        at += (size_t)(end - der.ptr);
        der = hf_view_from(der, (size_t)(end - der.ptr));
    } while (der.len > 0);
    return 0;
}

/* The block whose body begins at `at`. */
static int add_block(struct hf_crls *crls, struct hf_view body, size_t at,
                     struct hf_err *err)
{
    struct hf_buf der;
    size_t offset = 0;
    int rc;

    hf_buf_init(&der, HF_CRL_MAX);
    rc = hf_base64_read(body, &der, &offset);
    if (rc == HF_E_PARSE)
        HF_FAIL(err, HF_E_PARSE, "offset %zu: this is not base64", at + offset);
    else if (rc < 0)
        rc = hf_buf_check(&der, err);
    else
        rc = add_der(crls, hf_buf_peek(&der), at, err);
    hf_buf_done(&der);
    return rc;
}

#define BEGIN "-----BEGIN X509 CRL-----"
#define END "-----END X509 CRL-----"

static int add_pem(struct hf_crls *crls, struct hf_view bytes,
                   struct hf_err *err)
{
    struct hf_view rest = bytes;
    size_t begin, end;
    int count = 0;

    while ((begin = hf_view_find(rest, BEGIN)) != SIZE_MAX) {
        rest = hf_view_from(rest, begin + strlen(BEGIN));
        end = hf_view_find(rest, END);
        begin = bytes.len - rest.len;
        if (end == SIZE_MAX)
            return HF_FAIL(err, HF_E_PARSE, "offset %zu: no '" END "' follows",
                           begin);
        if (add_block(crls, hf_view(rest.ptr, end), begin, err) < 0)
            return hf_err_code(err);
        rest = hf_view_from(rest, end + strlen(END));
        count++;
    }
    return count > 0 ? 0 : HF_FAIL(err, HF_E_PARSE, "offset 0: no '" BEGIN "'");
}

int hf_crls_add(struct hf_crls *crls, const char *name, struct hf_view bytes,
                struct hf_err *err)
{
    size_t before = hf_crls_count(crls);
    int rc;

    if (bytes.len > HF_CRL_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "'%s': a revocation list of %zu bytes: at most %d are "
                       "read",
                       name, bytes.len, HF_CRL_MAX);
    if (bytes.len == 0)
        rc = HF_FAIL(err, HF_E_PARSE, "offset 0: no revocation list");
    else if (!hf_der_looks(bytes) && hf_view_find(bytes, "-----") != SIZE_MAX)
        rc = add_pem(crls, bytes, err);
    else
        rc = add_der(crls, bytes, 0, err);
    if (rc == 0)
        return 0;
    /* all or nothing */
    while (hf_crls_count(crls) > before)
        X509_CRL_free(sk_X509_CRL_pop(crls->stack));
    return HF_WRAP(err, "'%s'", name);
}

size_t hf_crls_count(const struct hf_crls *crls)
{
    return (size_t)sk_X509_CRL_num(crls->stack);
}

STACK_OF(X509_CRL) * hf_crls_stack(const struct hf_crls *crls)
{
    return crls->stack;
}
