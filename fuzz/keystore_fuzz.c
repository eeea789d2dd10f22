/* SPDX-License-Identifier: Apache-2.0 */
/* keystore_fuzz.c - Java keystores of every format, read. */
#include "crypto/keystore.h"
#include "fuzz.h"

static void check(const struct hf_keystore *keystore, size_t size)
{
    HF_PROMISE(keystore->format);
    HF_PROMISE(keystore->count + keystore->keys <= HF_KEYSTORE_ENTRIES_MAX);
    HF_PROMISE(keystore->key_alias.count <= keystore->keys);
    HF_PROMISE(keystore->has_check || !keystore->verified);
    for (size_t i = 0; i < keystore->count; i++) {
        const struct hf_keystore_entry *entry = &keystore->entry[i];

        HF_PROMISE(!entry->cert != !entry->fault);
        HF_PROMISE(entry->offset < size);
        HF_PROMISE(!entry->cert || hf_cert_der(entry->cert).len > 0);
    }
    /* what is not reached has a reason */
    HF_PROMISE(keystore->unread == 0 ||
               keystore->entry[keystore->count - 1].fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const password[] = { NULL, "", "secret" };

    for (size_t i = 0; i < HF_COUNT(password); i++) {
        struct hf_keystore keystore = { 0 };
        struct hf_err err = { 0 };

        if (hf_keystore_read(hf_view(data, size), password[i], &keystore,
                             &err) < 0)
            HF_PROMISE(err.n > 0 && !keystore.entry);
        else
            check(&keystore, size);
        hf_keystore_done(&keystore);
    }
    return 0;
}
