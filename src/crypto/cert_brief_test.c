/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_brief_test.c - the short way says what the long way says. */
#include "crypto/cert_brief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/load.h"
#include "hf_data.h"
#include "hf_oom.h"

static bool same(struct hf_cert *cert, const struct hf_cert_brief *brief)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);

    return info && strcmp(info->name, brief->name) == 0 &&
           strcmp(info->key_text, brief->key_text) == 0 &&
           info->not_before_s == brief->not_before_s &&
           info->not_after_s == brief->not_after_s;
}

/* Certificates of 26 years, RSA and EC, with and without a common name. */
static const char *const files[] = {
    "aaa-certificate-services", "addtrust-external-ca-root",
    "amazon-root-ca-1",         "digicert-global-root-g3",
    "entrust-root-g2",          "geotrust-global-ca",
    "godaddy-class2",           "isrg-root-x1",
    "microsoft-ecc-root-2017",  "microsoft-root-ca-2001",
    "starfield-class2-ca",      "utn-userfirst-object",
    "verisign-class3-pca-2031", "verisign-class3-pca-g5",
};

static struct hf_cert *read_root(const char *name)
{
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_err err;
    char path[128];

    (void)snprintf(path, sizeof(path), "../../data/roots/%s.pem", name);
    hf_data_read(path, &bytes);
    return hf_load_certs(hf_buf_peek(&bytes), NULL, &load, &err) == 0 &&
                   load.count == 1
               ? hf_cert_ref(load.item[0].cert)
               : NULL;
}

static void test_roots(void)
{
    size_t read = 0;

    for (size_t i = 0; i < HF_COUNT(files); i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = read_root(files[i]);
        struct hf_cert_brief brief = { 0 };
        struct hf_err err;
        int rc = cert ? hf_cert_brief(cert, &brief, &err) : HF_E_ABSENT;

        read += rc == 0;
        HF_CHECK(rc == HF_E_PARSE || (rc == 0 && same(cert, &brief)), "%s",
                 files[i]);
        free(brief.name);
    }
    HF_CHECK(read * 10 >= HF_COUNT(files) * 9,
             "%zu of %zu are of the common run", read, HF_COUNT(files));
}

/* A key of the right form that no curve has. */
static bool is_point_off(struct hf_cert *cert)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);

    return info && strcmp(info->key_text, "unreadable") == 0;
}

/* With each byte changed: the same, or left to the long way. */
static void test_changed(const char *name)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *whole = read_root(name);
    HF_AUTO(hf_buf_done) struct hf_buf bytes;
    size_t differ = 0, tried = 0;

    hf_buf_init(&bytes, HF_CERT_MAX);
    hf_buf_view(&bytes, hf_cert_der(whole));
    for (size_t i = 0; i < bytes.len; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        struct hf_cert_brief brief = { 0 };
        struct hf_err err;

        bytes.ptr[i] ^= 0x15;
        if (hf_cert_new(hf_buf_peek(&bytes), &cert, &err) == 0 &&
            hf_cert_brief(cert, &brief, &err) == 0) {
            tried++;
            differ += hf_cert_info(cert, &err) && !same(cert, &brief) &&
                      !is_point_off(cert);
        }
        free(brief.name);
        bytes.ptr[i] ^= 0x15;
    }
    HF_CHECK(tried > 100 && differ == 0,
             "%s: %zu changed certificates: both ways agree", name, tried);
}

static int attempt(void *arg, struct hf_err *err)
{
    struct hf_cert_brief brief = { 0 };
    int rc = hf_cert_brief(arg, &brief, err);

    free(brief.name);
    return rc;
}

static void test_memory(void)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = read_root(files[0]);

    hf_oom_test("memory: a brief", HF_OOM_OURS, attempt, cert);
}

int main(void)
{
    test_roots();
    test_changed("amazon-root-ca-1");
    test_changed("microsoft-ecc-root-2017");
    test_memory();
    return hf_test_end();
}
