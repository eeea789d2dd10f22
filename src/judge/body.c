/* SPDX-License-Identifier: Apache-2.0 */
/* judge/body.c - the certificate a profile means, wherever it is to be had. */
#include "judge/body.h"

#include "crypto/load.h"
#include "doc/embed.h"

struct hf_cert *hf_body_in(const struct hf_certs *list,
                           const struct hf_need *need)
{
    if (!list)
        return NULL;
    if (need->has_sha256)
        return hf_certs_by_sha256(list, need->sha256);
    return need->has_sha1 ? hf_certs_by_sha1(list, need->sha1) : NULL;
}

static int from_pem(const struct hf_need *need, struct hf_cert **ret_cert,
                    struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs list = { 0 };
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    struct hf_cert *found;

    if (!need->pem)
        return 0;
    if (hf_load_certs(hf_view_text(need->pem), NULL, &load, err) < 0)
        return err->code == HF_E_NOMEM ? err->code : 0;
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(&list, load.item[i].cert);
    if (hf_certs_check(&list, err) < 0)
        return hf_err_code(err);
    found = hf_body_in(&list, need);
    if (found)
        *ret_cert = hf_cert_ref(found);
    return 0;
}

int hf_body_find(const struct hf_certs *extra, const struct hf_need *need,
                 struct hf_cert **ret_cert, struct hf_err *err)
{
    struct hf_cert *found, *cert = NULL;
    const struct hf_embed_root *root;

    if (!need->has_sha256) {
        *ret_cert = NULL;
        return 0;
    }
    found = hf_body_in(extra, need);
    if (found) {
        *ret_cert = hf_cert_ref(found);
        return 0;
    }
    if (from_pem(need, &cert, err) < 0)
        return hf_err_code(err);
    root = cert ? NULL : hf_embed_root_find(need->sha256);
    if (root && hf_cert_new(root->der, &cert, err) < 0)
        return hf_err_code(err);
    *ret_cert = cert;
    return 0;
}

int hf_body_by_sha1(const struct hf_need *need, struct hf_cert **ret_cert,
                    struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    struct hf_cert *cert = NULL;

    for (size_t i = 0; !cert && need->has_sha1 && i < count; i++)
        if (memcmp(root[i].sha1, need->sha1, sizeof(need->sha1)) == 0 &&
            hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
    *ret_cert = cert;
    return 0;
}
