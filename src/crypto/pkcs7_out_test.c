/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/pkcs7_out_test.c - certificates as one PKCS#7 file. */
#include "crypto/pkcs7_out.h"

#include <openssl/pkcs7.h>

#include "crypto/load.h"
#include "crypto/mint.h"
#include "hf_oom.h"

#define FILE_MAX (4 * 1024 * 1024)

static struct hf_certs make(int count)
{
    struct hf_certs certs = { 0 };
    EVP_PKEY *key = mint_key();

    for (int i = 0; i < count; i++) {
        char name[32];
        struct hf_cert *cert;

        (void)snprintf(name, sizeof(name), "Test %d", i);
        cert = MINT(name, name, key, key, MINT_CA, .serial = i + 1);
        hf_certs_add(&certs, cert);
        hf_cert_unref(cert);
    }
    EVP_PKEY_free(key);
    return certs;
}

static bool loads_again(struct hf_view file, const struct hf_certs *certs)
{
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    struct hf_err err;

    if (hf_load_certs(file, NULL, &load, &err) < 0 ||
        load.count != certs->count || load.fault_count > 0)
        return false;
    for (size_t i = 0; i < load.count; i++)
        if (!hf_cert_same(load.item[i].cert, certs->cert[i]))
            return false;
    return true;
}

/* What OpenSSL makes of it, and that it would have written the same. */
static bool openssl_agrees(struct hf_view file, const struct hf_certs *certs)
{
    const unsigned char *at = file.ptr;
    PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)file.len);
    STACK_OF(X509) *x509s =
        p7 && PKCS7_type_is_signed(p7) ? p7->d.sign->cert : NULL;
    unsigned char *again = NULL;
    int len = p7 ? i2d_PKCS7(p7, &again) : -1;
    bool good = at == file.ptr + file.len && len >= 0 &&
                hf_view_same(hf_view(again, (size_t)len), file) &&
                (certs->count == 0 || sk_X509_num(x509s) == (int)certs->count);

    OPENSSL_free(again);
    PKCS7_free(p7);
    return good;
}

static void test_counts(void)
{
    static const int count[] = { 0, 1, 2, 3, 200 };

    for (size_t i = 0; i < HF_COUNT(count); i++) {
        HF_AUTO(hf_certs_done) struct hf_certs certs = make(count[i]);
        HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };
        struct hf_err err;

        hf_buf_init(&file, FILE_MAX);
        HF_CHECK(hf_pkcs7_der(&file, &certs, &err) == 0 &&
                     openssl_agrees(hf_buf_peek(&file), &certs),
                 "%d certificates: OpenSSL reads and would write it", count[i]);
        HF_CHECK(count[i] == 0 || loads_again(hf_buf_peek(&file), &certs),
                 "%d certificates: they load again in their order", count[i]);
    }
}

static int write_out(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };

    hf_buf_init(&file, FILE_MAX);
    return hf_pkcs7_der(&file, arg, err);
}

int main(void)
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = make(3);

    test_counts();
    hf_oom_test("writing", HF_OOM_ALL, write_out, &certs);
    return hf_test_end();
}
