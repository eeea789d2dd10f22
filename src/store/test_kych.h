/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_kych.h - for unit tests of stores: macOS keychains made on the
 * spot. */
#ifndef HF_STORE_TEST_KYCH_H
#define HF_STORE_TEST_KYCH_H

#include "crypto/cert.h"

#define KYCH_TABLES_AT 20
#define KYCH_CERTS_AT (KYCH_TABLES_AT + 16 + 32) /* behind a table of keys */
#define KYCH_RECORD_MIN 60

static inline void kych_u32(struct hf_buf *out, size_t n)
{
    const uint8_t bytes[] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
                              (uint8_t)(n >> 8), (uint8_t)n };

    hf_buf_add(out, bytes, sizeof(bytes));
}

static inline void kych_pad(struct hf_buf *out)
{
    hf_buf_add(out, "\0\0\0", (4 - out->len % 4) % 4);
}

/* A record: 24 bytes of head, nine attributes, of which the third is the name,
 * the certificate, the name. */
static inline void kych_record(struct hf_buf *out, const struct hf_cert *cert,
                               const char *name)
{
    struct hf_view der = hf_cert_der(cert);
    size_t body = (der.len + 3) / 4 * 4;
    size_t named = name ? 4 + (strlen(name) + 3) / 4 * 4 : 0;

    kych_u32(out, KYCH_RECORD_MIN + body + named);
    for (int i = 0; i < 3; i++)
        kych_u32(out, 0);
    kych_u32(out, der.len);
    kych_u32(out, 0);
    for (int i = 0; i < 9; i++)
        kych_u32(out, i == 2 && name ? KYCH_RECORD_MIN + body + 1 : 0);
    hf_buf_view(out, der);
    kych_pad(out);
    if (name) {
        kych_u32(out, strlen(name));
        hf_buf_text(out, name);
        kych_pad(out);
    }
}

static inline void kych_table(struct hf_buf *out, size_t len, uint32_t type,
                              size_t records, size_t slots)
{
    kych_u32(out, len);
    kych_u32(out, type);
    kych_u32(out, records);
    kych_u32(out, 0);
    kych_u32(out, 0);
    kych_u32(out, 0);
    kych_u32(out, slots);
}

/* A keychain with a table of private keys, which says it has `keys`, and one of
 * certificates, each named `name` (NULL: no names); between their records one
 * empty place and one to be used again. */
static inline struct hf_buf kych_make(const struct hf_certs *certs,
                                      const char *name, unsigned keys)
{
    struct hf_buf out, records;
    size_t slots = certs->count + 2, at = 28 + 4 * slots;

    hf_buf_init(&out, 1024 * 1024);
    hf_buf_init(&records, 1024 * 1024);
    for (size_t i = 0; i < certs->count; i++)
        kych_record(&records, certs->cert[i], name);
    hf_buf_text(&out, "kych");
    kych_u32(&out, 0x10000);
    kych_u32(&out, 16);
    kych_u32(&out, KYCH_TABLES_AT);
    kych_u32(&out, 0);
    kych_u32(&out, 16 + 32 + at + records.len);
    kych_u32(&out, 2);
    kych_u32(&out, 16);
    kych_u32(&out, 16 + 32);
    kych_table(&out, 32, 0x10, keys, 1);
    kych_u32(&out, 0);
    kych_table(&out, at + records.len, 0x80001000, certs->count, slots);
    for (size_t i = 0, record = 0; i < certs->count; i++) {
        const uint8_t *len = records.ptr + record;

        kych_u32(&out, at + record);
        record += (size_t)len[2] << 8 | len[3];
    }
    kych_u32(&out, 0);
    kych_u32(&out, 0x21);
    hf_buf_view(&out, hf_buf_peek(&records));
    hf_buf_done(&records);
    return out;
}

#endif
