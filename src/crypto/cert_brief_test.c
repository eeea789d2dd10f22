/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_brief_test.c - the short way says what the long way says. */
#include "crypto/cert_brief.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/mint.h"
#include "doc/embed.h"
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

/* Every root that is built in: of 26 years, RSA and EC, with and without CN. */
static void test_roots(void)
{
    size_t count, read = 0;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        struct hf_cert_brief brief = { 0 };
        struct hf_err err;
        int rc = hf_cert_new(root[i].der, &cert, &err);

        if (rc == 0)
            rc = hf_cert_brief(cert, &brief, &err);
        read += rc == 0;
        HF_CHECK(rc == HF_E_PARSE || (rc == 0 && same(cert, &brief)), "%s",
                 root[i].name);
        free(brief.name);
    }
    HF_CHECK(read * 10 >= count * 9, "%zu of %zu are of the common run", read,
             count);
}

/* With each byte changed: the same, or left to the long way. */
static void test_changed(void)
{
    size_t count, differ = 0, tried = 0;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    HF_AUTO(hf_buf_done) struct hf_buf bytes;

    hf_buf_init(&bytes, HF_CERT_MAX);
    hf_buf_add(&bytes, root[0].der.ptr, root[0].der.len);
    for (size_t i = 0; i < bytes.len; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        struct hf_cert_brief brief = { 0 };
        struct hf_err err;

        bytes.ptr[i] ^= 0x15;
        if (hf_cert_new(hf_buf_peek(&bytes), &cert, &err) == 0 &&
            hf_cert_brief(cert, &brief, &err) == 0) {
            tried++;
            differ += hf_cert_info(cert, &err) && !same(cert, &brief);
        }
        free(brief.name);
        bytes.ptr[i] ^= 0x15;
    }
    HF_CHECK(tried > 100 && differ == 0,
             "%zu changed certificates: both ways agree", tried);
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
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct hf_err err;

    HF_CHECK(count > 0 && hf_cert_new(root[0].der, &cert, &err) == 0, "a root");
    hf_oom_test("memory: a brief", HF_OOM_OURS, attempt, cert);
}

int main(void)
{
    test_roots();
    test_changed();
    test_memory();
    return hf_test_end();
}
