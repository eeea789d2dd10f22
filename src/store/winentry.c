/* SPDX-License-Identifier: Apache-2.0 */
/* store/winentry.c - a certificate as a Windows registry keeps it. */
#include <stdio.h>

#include "base/hex.h"
#include "base/utf16.h"
#include "crypto/eku.h"
#include "store/windows.h"
#include "win/certblob.h"

#define LABEL_MAX 4096 /* bytes; ours: a name is a line */

void hf_windows_entry_done(struct hf_windows_entry *entry)
{
    hf_cert_unref(entry->cert);
    free(entry->label);
    *entry = (struct hf_windows_entry){ 0 };
}

static int read_label(struct hf_view utf16, char **ret_label,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    size_t most = LABEL_MAX / 3 / 2 * 2; /* a unit makes at most 3 bytes */

    utf16 = hf_utf16le_trim(utf16);
    if (utf16.len == 0)
        return 0;
    hf_buf_init(&text, LABEL_MAX);
    hf_utf16le_to_utf8(&text,
                       hf_view(utf16.ptr, utf16.len < most ? utf16.len : most));
    *ret_label = hf_buf_steal(&text);
    return *ret_label ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

/* The key is named by the SHA-1 of what it holds. */
static int check_name(struct hf_cert *cert, const char *name,
                      struct hf_err *err)
{
    uint8_t named[HF_SHA1_LEN];
    char sha1[2 * HF_SHA1_LEN + 1];

    if (strlen(name) == 2 * HF_SHA1_LEN &&
        hf_hex_read(hf_view_text(name), named, HF_SHA1_LEN) &&
        memcmp(named, hf_cert_sha1(cert), HF_SHA1_LEN) == 0)
        return 0;
    hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), sha1);
    return HF_FAIL(err, HF_E_PARSE,
                   "the key is named '%.100s', but the SHA-1 of its "
                   "certificate is '%s'",
                   name, sha1);
}

static int read_blob(struct hf_view bytes, const char *name,
                     struct hf_windows_entry *entry, struct hf_err *err)
{
    struct hf_certblob blob = { 0 };

    if (hf_certblob_read(bytes, &blob, err) < 0)
        return HF_WRAP(err, "the value 'Blob'");
    if (blob.der.len == 0)
        return HF_FAIL(err, HF_E_PARSE, "the value 'Blob' holds %s",
                       blob.other ? "a CRL or a trust list where a certificate "
                                    "should be"
                                  : "no certificate");
    if (hf_cert_new(blob.der, &entry->cert, err) < 0 ||
        check_name(entry->cert, name, err) < 0)
        return hf_err_code(err);
    if (blob.eku.len > 0 &&
        hf_eku_purposes(blob.eku, &entry->purposes, err) < 0)
        return HF_WRAP(err, "what the certificate is trusted for");
    return read_label(blob.friendly_name, &entry->label, err);
}

int hf_windows_entry_read(const struct hf_registry *registry, const char *key,
                          const char *name, struct hf_windows_entry *entry,
                          struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    int rc = hf_registry_get(registry, key, "Blob", &value, err);

    if (rc == HF_E_ABSENT)
        return HF_FAIL(err, HF_E_PARSE, "there is no value 'Blob'");
    if (rc < 0)
        return hf_err_code(err);
    entry->size = value.len;
    if (value.type != HF_REG_BINARY)
        return HF_FAIL(err, HF_E_PARSE,
                       "the value 'Blob' is %s, expected REG_BINARY",
                       hf_reg_type_name(value.type));
    return read_blob(hf_view(value.data, value.len), name, entry, err);
}
