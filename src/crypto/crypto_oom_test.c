/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/crypto_oom_test.c - memory runs out, at every allocation. */
#include "crypto/load.h"
#include "crypto/path.h"
#include "hf_data.h"
#include "hf_oom.h"

static struct hf_buf pem, p7, p12, crl;

static int load(const struct hf_buf *bytes, struct hf_err *err)
{
    struct hf_load load = { 0 };
    int rc = hf_load_certs(hf_buf_peek(bytes), "secret", &load, err);

    hf_load_done(&load);
    return rc;
}

static int load_pem(void *arg, struct hf_err *err)
{
    (void)arg;
    return load(&pem, err);
}

static int load_pkcs7(void *arg, struct hf_err *err)
{
    (void)arg;
    return load(&p7, err);
}

static int load_pkcs12(void *arg, struct hf_err *err)
{
    (void)arg;
    return load(&p12, err);
}

static int add_crl(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_crls_freep) struct hf_crls *crls = NULL;

    (void)arg;
    if (hf_crls_new(&crls, err) < 0)
        return err->code;
    return hf_crls_add(crls, "a.crl", hf_buf_peek(&crl), err);
}

/* From the file to the verdict: chain.pem, its last certificate trusted. */
static int find(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    struct hf_certs served = { 0 }, roots = { 0 };
    struct hf_path path = { 0 };
    struct hf_load load = { 0 };
    struct hf_path_ask ask = { .served = &served,
                               .at_s = 1893456000, /* 2030 */
                               .purpose = HF_PURPOSE_TLS_SERVER,
                               .host = arg };
    int rc = hf_load_certs(hf_buf_peek(&pem), NULL, &load, err);

    for (size_t i = 0; rc == 0 && i < load.count; i++)
        hf_certs_add(i + 1 < load.count ? &served : &roots, load.item[i].cert);
    if (rc == 0)
        rc = hf_certs_check(&served, err);
    if (rc == 0)
        rc = hf_certs_check(&roots, err);
    if (rc == 0)
        rc = hf_cert_index_new(&roots, &anchors, err);
    ask.anchors = anchors;
    if (rc == 0)
        rc = hf_path_find(&ask, &path, err);
    if (rc == 0 && path.valid != (strcmp(arg, "host.example") == 0))
        printf("# the verdict is another one\n");
    hf_path_done(&path);
    hf_load_done(&load);
    hf_certs_done(&served);
    hf_certs_done(&roots);
    return rc;
}

int main(void)
{
    static char right[] = "host.example", wrong[] = "other.example";

    hf_data_read("certs/chain.pem", &pem);
    hf_data_read("certs/chain.p7b", &p7);
    hf_data_read("certs/plain.p12", &p12);
    hf_data_read("certs/revoked.crl.pem", &crl);
    hf_oom_test("load PEM", HF_OOM_ALL, load_pem, NULL);
    hf_oom_test("load PKCS#7", HF_OOM_ALL, load_pkcs7, NULL);
    hf_oom_test("load PKCS#12", HF_OOM_OURS, load_pkcs12, NULL);
    hf_oom_test("add a CRL", HF_OOM_OURS, add_crl, NULL);
    hf_oom_test("find a valid path", HF_OOM_OURS, find, right);
    hf_oom_test("find a path with faults", HF_OOM_OURS, find, wrong);
    hf_buf_done(&pem);
    hf_buf_done(&p7);
    hf_buf_done(&p12);
    hf_buf_done(&crl);
    return hf_test_end();
}
