/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl.c - a certificate trust list in memory. */
#include "crypto/ctl.h"

#include <stdlib.h>
#include <string.h>

void hf_ctl_free(struct hf_ctl *ctl)
{
    if (!ctl)
        return;
    for (size_t i = 0; i < ctl->count; i++) {
        free(ctl->entry[i].name);
        hf_texts_done(&ctl->entry[i].eku);
        hf_texts_done(&ctl->entry[i].disallowed_eku);
        hf_texts_done(&ctl->entry[i].not_before_eku);
    }
    free(ctl->entry);
    free(ctl->sequence);
    free(ctl->signer);
    hf_certs_done(&ctl->embedded);
    free(ctl);
}

static int compare(const void *key, const void *element)
{
    return memcmp(key, ((const struct hf_ctl_entry *)element)->sha1,
                  HF_SHA1_LEN);
}

const struct hf_ctl_entry *hf_ctl_find(const struct hf_ctl *ctl,
                                       const uint8_t sha1[HF_SHA1_LEN])
{
    if (ctl->count == 0)
        return NULL;
    return bsearch(sha1, ctl->entry, ctl->count, sizeof(ctl->entry[0]),
                   compare);
}

bool hf_ctl_means(const struct hf_ctl_entry *entry, struct hf_cert *cert)
{
    return memcmp(entry->sha1, hf_cert_sha1(cert), HF_SHA1_LEN) == 0 &&
           (!entry->has_sha256 ||
            memcmp(entry->sha256, hf_cert_sha256(cert), HF_SHA256_LEN) == 0);
}
