/* SPDX-License-Identifier: Apache-2.0 */
/* win/certblob.h - a certificate with its properties, as Windows keeps it in
 * the registry value "Blob" and, one after the other, in a .sst file.
 *
 * { u32 property, u32 encoding (1), u32 length, bytes } repeated, little
 * endian; property 32 is the certificate itself. Source: wincrypt.h,
 * CERT_*_PROP_ID; [MS-GPEF] 2.2.1.2.3 describes the same for policies. */
#ifndef HF_WIN_CERTBLOB_H
#define HF_WIN_CERTBLOB_H

#include "base/buf.h"

#define HF_SST_MAX (8 * 1024 * 1024) /* bytes; ours: 1 MB for 500 roots */
#define HF_SST_COUNT_MAX 4096        /* elements; ours: 600 are published */

enum hf_cert_prop {
    HF_PROP_SHA1 = 3,
    HF_PROP_MD5 = 4,
    HF_PROP_EKU = 9, /* DER of an ExtKeyUsageSyntax: for what it is trusted */
    HF_PROP_FRIENDLY_NAME = 11, /* UTF-16LE with its NUL */
    HF_PROP_KEY_ID = 20,
    HF_PROP_CERT = 32,
    HF_PROP_CRL = 33,
    HF_PROP_CTL = 34
};

/* All views into the bytes that were read. Of a property that is there twice
 * the last one counts. */
struct hf_certblob {
    struct hf_view der;           /* empty: holds a CRL or CTL, or nothing */
    struct hf_view eku;           /* empty: no such property */
    struct hf_view friendly_name; /* UTF-16LE, or empty */
    struct hf_view sha1;          /* as stored, 20 bytes, or empty */
    bool other;                   /* a CRL or a CTL instead */
    uint32_t encoding;            /* of the certificate, CRL or CTL; 1: X.509 */
    struct hf_view whole;         /* it with its properties */
};

/* One registry blob. Unknown properties are passed over, and zeros behind the
 * last.
 * Returns 0, or HF_E_PARSE whose text names the offset: cut, or more than one
 * certificate, CRL or CTL. */
HF_MUST_USE int hf_certblob_read(struct hf_view blob,
                                 struct hf_certblob *ret_blob,
                                 struct hf_err *err);

/* Appends the blob Windows would keep for `der`: properties 3 (SHA-1, given),
 * 11 when a name is given (UTF-8), and 32. */
HF_MUST_USE int hf_certblob_write(struct hf_buf *out, struct hf_view der,
                                  const uint8_t sha1[20], const char *name,
                                  struct hf_err *err);

/* A .sst: u32 0, "CERT", elements, twelve zero bytes. Calls `each` for each
 * certificate, CRL or CTL in turn, with the offset where it begins, and stops
 * when that is not 0. What stands behind the zero bytes is passed over.
 * Returns 0, what `each` returned, HF_E_PARSE (offset; also when the zero bytes
 * are not there, since more may be missing), HF_E_LIMIT. */
typedef int hf_sst_each(void *user, const struct hf_certblob *blob,
                        size_t offset, struct hf_err *err);
HF_MUST_USE int hf_sst_read(struct hf_view bytes, hf_sst_each *each, void *user,
                            struct hf_err *err);

/* Writing one: begin, any number of hf_certblob_write(), end. */
void hf_sst_begin(struct hf_buf *out);
void hf_sst_end(struct hf_buf *out);

#endif
