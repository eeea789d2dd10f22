/* SPDX-License-Identifier: Apache-2.0 */
/* cli/need_json.c - a certificate that a product names, as JSON. */
#include "cli/need_json.h"

static void put_dates(struct hf_json *json, struct hf_cert *body)
{
    struct hf_err err;
    const struct hf_cert_info *info = body ? hf_cert_info(body, &err) : NULL;

    if (info) {
        hf_json_text(json, "subject", info->subject);
        hf_json_time(json, "not_before", info->not_before_s);
        hf_json_time(json, "not_after", info->not_after_s);
    } else {
        hf_json_null(json, "subject");
        hf_json_null(json, "not_before");
        hf_json_null(json, "not_after");
    }
}

static void put_hash(struct hf_json *json, const char *key, const uint8_t *hash,
                     size_t len)
{
    if (hash)
        hf_json_hex(json, key, hf_view(hash, len));
    else
        hf_json_null(json, key);
}

void hf_json_need_cert(struct hf_json *json, const struct hf_need *need,
                       struct hf_cert *body)
{
    const uint8_t *sha1 = need->has_sha1 ? need->sha1 : NULL;
    const uint8_t *sha256 = need->has_sha256 ? need->sha256 : NULL;

    /* the profile's name: a certificate's own may be "GlobalSign" */
    hf_json_text(json, "name", need->name);
    put_dates(json, body);
    put_hash(json, "sha1", body ? hf_cert_sha1(body) : sha1, HF_SHA1_LEN);
    put_hash(json, "sha256", body ? hf_cert_sha256(body) : sha256,
             HF_SHA256_LEN);
}
