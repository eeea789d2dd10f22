/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/certs.c - lists of shared certificates. */
#include <stdlib.h>

#include "crypto/cert.h"

void hf_certs_done(struct hf_certs *list)
{
    for (size_t i = 0; i < list->count; i++)
        hf_cert_unref(list->cert[i]);
    free(list->cert);
    *list = (struct hf_certs){ 0 };
}

void hf_certs_add(struct hf_certs *list, struct hf_cert *cert)
{
    if (list->bad)
        return;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 8;
        struct hf_cert **grown =
            reallocarray(list->cert, room, sizeof(struct hf_cert *));

        if (!grown) {
            list->bad = HF_E_NOMEM;
            return;
        }
        list->cert = grown;
        list->room = room;
    }
    list->cert[list->count++] = hf_cert_ref(cert);
}

void hf_certs_add_all(struct hf_certs *list, const struct hf_certs *more)
{
    for (size_t i = 0; i < more->count; i++)
        hf_certs_add(list, more->cert[i]);
}

void hf_certs_add_unique(struct hf_certs *list, const struct hf_certs *more)
{
    for (size_t i = 0; i < more->count; i++)
        if (!hf_certs_by_sha256(list, hf_cert_sha256(more->cert[i])))
            hf_certs_add(list, more->cert[i]);
}

struct hf_cert *hf_certs_by_sha256(const struct hf_certs *list,
                                   const uint8_t sha256[HF_SHA256_LEN])
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(hf_cert_sha256(list->cert[i]), sha256, HF_SHA256_LEN) == 0)
            return list->cert[i];
    return NULL;
}

struct hf_cert *hf_certs_by_sha1(const struct hf_certs *list,
                                 const uint8_t sha1[HF_SHA1_LEN])
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(hf_cert_sha1(list->cert[i]), sha1, HF_SHA1_LEN) == 0)
            return list->cert[i];
    return NULL;
}

int hf_certs_check(const struct hf_certs *list, struct hf_err *err)
{
    return list->bad ? HF_FAIL(err, HF_E_NOMEM, "no memory for certificates")
                     : 0;
}
