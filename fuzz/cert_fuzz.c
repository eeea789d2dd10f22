/* SPDX-License-Identifier: Apache-2.0 */
/* cert_fuzz.c - a certificate decodes to texts, or says where it breaks. */
#include <string.h>

#include "crypto/cert.h"
#include "fuzz.h"

static void check_texts(const struct hf_texts *list)
{
    for (size_t i = 0; i < list->count; i++)
        HF_PROMISE(list->text[i]);
}

static void check_info(const struct hf_cert_info *info)
{
    HF_PROMISE(info->subject && info->issuer && info->name && info->org &&
               info->issuer_name && info->issuer_org && info->serial &&
               info->key_text && info->signature);
    HF_PROMISE(info->path_len >= -1 && info->key_bits >= 0);
    HF_PROMISE(info->eku.count > 0 || info->purposes == 0);
    HF_PROMISE(strspn(info->serial, "0123456789abcdef") ==
               strlen(info->serial));
    HF_PROMISE(!strpbrk(info->subject, "\r\n\033") &&
               !strpbrk(info->name, "\r\n\033"));
    check_texts(&info->eku);
    check_texts(&info->dns);
    check_texts(&info->ip);
    check_texts(&info->issuers_url);
    check_texts(&info->ocsp_url);
    check_texts(&info->crl_url);
}

/* What is written is an object, whatever the certificate says. */
static void check_json(struct hf_cert *cert)
{
    struct hf_json json;
    struct hf_buf out;

    hf_buf_init(&out, 64 * HF_CERT_MAX);
    hf_json_init(&json, &out, false);
    hf_json_object(&json, NULL);
    hf_cert_json(&json, cert);
    hf_json_end(&json);
    HF_PROMISE(out.bad == 0 &&
               hf_view_find(hf_buf_peek(&out), "\"sha256\":\"") != SIZE_MAX);
    hf_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    const struct hf_cert_info *info;
    struct hf_err err = { 0 };

    if (hf_cert_new(hf_view(data, size), &cert, &err) < 0) {
        HF_PROMISE(!cert && err.n > 0);
        return 0;
    }
    HF_PROMISE(hf_view_same(hf_cert_der(cert), hf_view(data, size)));
    info = hf_cert_info(cert, &err);
    if (info)
        check_info(info);
    else
        HF_PROMISE(err.n > 0 && err.code == HF_E_PARSE);
    HF_PROMISE(hf_cert_info(cert, &err) == info);
    check_json(cert);
    return 0;
}
