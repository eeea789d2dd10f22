/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/cert_out.c - a certificate written as PEM and as JSON. */
#include "base/hex.h"
#include "crypto/cert.h"

void hf_cert_pem(struct hf_buf *out, const struct hf_cert *cert)
{
    hf_buf_text(out, "-----BEGIN CERTIFICATE-----\n");
    hf_base64_lines(out, hf_cert_der(cert));
    hf_buf_text(out, "-----END CERTIFICATE-----\n");
}

static void put_texts(struct hf_json *json, const char *key,
                      const struct hf_texts *texts)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < texts->count; i++)
        hf_json_text(json, NULL, texts->text[i]);
    hf_json_end(json);
}

static void put_info(struct hf_json *json, const struct hf_cert_info *info)
{
    hf_json_text(json, "subject", info->subject);
    hf_json_text(json, "issuer", info->issuer);
    hf_json_text(json, "name", info->name);
    hf_json_text(json, "serial", info->serial);
    hf_json_time(json, "not_before", info->not_before_s);
    hf_json_time(json, "not_after", info->not_after_s);
    hf_json_text(json, "key", info->key_text);
    hf_json_text(json, "signature", info->signature);
    hf_json_bool(json, "ca", info->ca);
    hf_json_text(json, "subject_key_id", info->subject_key_id);
    hf_json_text(json, "authority_key_id", info->authority_key_id);
    if (info->dns.count > 0)
        put_texts(json, "dns", &info->dns);
    if (info->ip.count > 0)
        put_texts(json, "ip", &info->ip);
    if (info->eku.count > 0)
        put_texts(json, "eku", &info->eku);
}

void hf_cert_json(struct hf_json *json, struct hf_cert *cert)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);
    char text[HF_ERR_TEXT * 2];

    if (info) {
        put_info(json, info);
    } else {
        /* the five members every certificate has */
        hf_json_null(json, "subject");
        hf_json_null(json, "not_before");
        hf_json_null(json, "not_after");
        hf_err_text(&err, text, sizeof(text));
        hf_json_text(json, "error", text);
    }
    hf_json_hex(json, "sha1", hf_view(hf_cert_sha1(cert), HF_SHA1_LEN));
    hf_json_hex(json, "sha256", hf_view(hf_cert_sha256(cert), HF_SHA256_LEN));
}
