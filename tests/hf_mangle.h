/* SPDX-License-Identifier: Apache-2.0 */
/* hf_mangle.h - a file cut at every byte and with every byte changed, for unit
 * tests of readers. tests/mangle_test.c does it with larger files, and looks at
 * time and memory. */
#ifndef HF_MANGLE_H
#define HF_MANGLE_H

#include <stdlib.h>

#include "base/err.h"
#include "base/view.h"

/* Reads `bytes`; returns 0, or negative with `err` filled. */
typedef int hf_mangle_reader(struct hf_view bytes, void *user,
                             struct hf_err *err);

/* How many of the tries were answered neither with a result nor with an error
 * that has a reason: 0 is right. */
static inline unsigned hf_mangle_try(struct hf_view bytes,
                                     hf_mangle_reader *read, void *user)
{
    /* a copy as long as it is, so that a sanitizer sees a byte too many */
    HF_AUTO(hf_free_ptr) uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    struct hf_err err = { 0 };
    int rc;

    if (!copy)
        return 1;
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    rc = read(hf_view(copy, bytes.len), user, &err);
    return rc < 0 && (err.n == 0 || err.code >= 0 || !err.frame[0].text[0]);
}

static inline unsigned hf_mangle(struct hf_view whole, hf_mangle_reader *read,
                                 void *user)
{
    static const uint8_t change[] = { 0x01, 0x10, 0x80, 0xff };
    HF_AUTO(hf_free_ptr) uint8_t *bytes = malloc(whole.len ? whole.len : 1);
    unsigned wrong = 0;

    if (!bytes)
        return 1;
    if (whole.len > 0)
        memcpy(bytes, whole.ptr, whole.len);
    for (size_t at = 0; at < whole.len; at++) {
        wrong += hf_mangle_try(hf_view(bytes, at), read, user);
        for (size_t i = 0; i < sizeof(change); i++) {
            bytes[at] ^= change[i];
            wrong += hf_mangle_try(hf_view(bytes, whole.len), read, user);
            bytes[at] ^= change[i];
        }
    }
    return wrong;
}

#endif
