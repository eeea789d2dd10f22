/* SPDX-License-Identifier: Apache-2.0 */
/* keystore_write_fuzz.c - a Java keystore changed and read again: what came is
 * there, what went is not, all else is as it was. */
#include <openssl/evp.h>

#include "crypto/keystore.h"
#include "crypto/load.h"
#include "fuzz.h"
#include "store/test_certs.h"

#define OUT_MAX (HF_LOAD_MAX + 65536)
#define NOW_S 1800000000

/* The input with a right check sum in place of its last bytes, so that what
 * stands before it is reached. */
static void with_sum(struct hf_view in, struct hf_buf *out)
{
    static const uint8_t salt[] = "\0c\0h\0a\0n\0g\0e\0i\0tMighty Aphrodite";
    HF_AUTO(hf_buf_done) struct hf_buf summed = { 0 };
    uint8_t sum[EVP_MAX_MD_SIZE];
    size_t len = in.len > HF_SHA1_LEN ? in.len - HF_SHA1_LEN : 0;

    hf_buf_init(&summed, OUT_MAX);
    hf_buf_add(&summed, salt, sizeof(salt) - 1);
    hf_buf_add(&summed, in.ptr, len);
    HF_PROMISE(EVP_Digest(summed.ptr, summed.len, sum, NULL, EVP_sha1(), NULL));
    hf_buf_add(out, in.ptr, len);
    hf_buf_add(out, sum, HF_SHA1_LEN);
}

static struct hf_cert *one_cert(const char *pem)
{
    struct hf_load load = { 0 };
    struct hf_err err;
    struct hf_cert *cert;

    HF_PROMISE(hf_load_certs(hf_view_text(pem), NULL, &load, &err) == 0);
    cert = hf_cert_ref(load.item[0].cert);
    hf_load_done(&load);
    return cert;
}

static bool is_same(const struct hf_keystore_entry *a,
                    const struct hf_keystore_entry *b)
{
    return a->kind == b->kind && !a->cert == !b->cert &&
           (!a->cert || hf_cert_same(a->cert, b->cert)) &&
           !a->alias == !b->alias &&
           (!a->alias || strcmp(a->alias, b->alias) == 0);
}

static size_t count_same(const struct hf_keystore *keystore,
                         const struct hf_keystore_entry *as)
{
    size_t count = 0;

    for (size_t i = 0; i < keystore->count; i++)
        count += is_same(&keystore->entry[i], as);
    return count;
}

static size_t count_trusted(const struct hf_keystore *keystore,
                            const struct hf_cert *cert)
{
    size_t count = 0;

    for (size_t i = 0; i < keystore->count; i++)
        count += keystore->entry[i].cert &&
                 keystore->entry[i].kind == HF_KEYSTORE_TRUSTED &&
                 hf_cert_same(keystore->entry[i].cert, cert);
    return count;
}

struct edit {
    struct hf_cert *add, *gone;
    struct hf_keystore_edit ask;
};

/* All of `old` but what goes is in `fresh`, as often. */
static void check_rest(const struct hf_keystore *old,
                       const struct hf_keystore *fresh, const struct edit *edit)
{
    size_t came = count_trusted(old, edit->add) == 0;
    size_t went = count_trusted(old, edit->gone);

    HF_PROMISE(strcmp(old->format, fresh->format) == 0);
    HF_PROMISE(old->keys == fresh->keys && old->unread == fresh->unread);
    HF_PROMISE(old->has_check == fresh->has_check);
    HF_PROMISE(fresh->count == old->count + came - went);
    HF_PROMISE(count_trusted(fresh, edit->add) > 0);
    HF_PROMISE(count_trusted(fresh, edit->gone) == 0);
    if (old->count > 100)
        return; /* every one against every one */
    for (size_t i = 0; i < old->count; i++) {
        const struct hf_keystore_entry *entry = &old->entry[i];

        if (entry->cert && entry->kind == HF_KEYSTORE_TRUSTED &&
            hf_cert_same(entry->cert, edit->gone))
            continue;
        HF_PROMISE(count_same(fresh, entry) == count_same(old, entry));
    }
}

static int write_once(struct hf_view bytes, const struct edit *edit,
                      struct hf_buf *out, size_t *ret_changed)
{
    struct hf_certs added = { 0 }, removed = { 0 };
    struct hf_err err = { 0 };
    int rc;

    hf_buf_init(out, OUT_MAX);
    rc = hf_keystore_write(bytes, &edit->ask, out, &added, &removed, &err);
    HF_PROMISE(rc == 0 || (err.n > 0 && added.count + removed.count == 0));
    *ret_changed = added.count + removed.count;
    hf_certs_done(&added);
    hf_certs_done(&removed);
    return rc;
}

static void try(struct hf_view bytes, const struct edit *edit)
{
    HF_AUTO(hf_keystore_done) struct hf_keystore old = { 0 };
    HF_AUTO(hf_keystore_done) struct hf_keystore fresh = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf first = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf second = { 0 };
    struct hf_err err = { 0 };
    size_t changed;
    int rc = hf_keystore_read(bytes, edit->ask.password, &old, &err);

    if (write_once(bytes, edit, &first, &changed) < 0)
        return;
    HF_PROMISE(rc == 0);
    rc =
        hf_keystore_read(hf_buf_peek(&first), edit->ask.password, &fresh, &err);
    HF_PROMISE(rc == 0);
    check_rest(&old, &fresh, edit);
    HF_PROMISE(changed > 0 || hf_view_same(hf_buf_peek(&first), bytes));
    HF_PROMISE(write_once(hf_buf_peek(&first), edit, &second, &changed) == 0);
    HF_PROMISE(changed == 0 &&
               hf_view_same(hf_buf_peek(&second), hf_buf_peek(&first)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const password[] = { NULL, "changeit" };
    static struct hf_cert *a, *b; /* in the seeds too */
    HF_AUTO(hf_buf_done) struct hf_buf summed = { 0 };
    struct hf_view in = hf_view(data, size);

    if (!a)
        a = one_cert(TEST_A);
    if (!b)
        b = one_cert(TEST_B);
    if (size == 0)
        return 0; /* becomes a new JKS */
    if (data[0] != 0x30) {
        hf_buf_init(&summed, OUT_MAX);
        with_sum(in, &summed);
        in = hf_buf_peek(&summed);
    }
    for (int i = 0; i < 4; i++) {
        struct hf_cert *add = i & 1 ? a : b, *gone = i & 1 ? b : a;
        const struct hf_certs adds = { .cert = &add, .count = 1 };
        const struct hf_certs removes = { .cert = &gone, .count = 1 };
        const struct edit edit = {
            add, gone, { &adds, &removes, password[i >> 1], NOW_S }
        };

        try(in, &edit);
    }
    return 0;
}
