/* SPDX-License-Identifier: Apache-2.0 */
/* cli/certout.c - certificates written in the formats people import. */
#include "cli/certout.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/pkcs7_out.h"
#include "win/certblob.h"

#define BLOB_MAX (2 * HF_CERT_MAX)

const char hf_certout_words[] = "pem|der|p7b|sst|reg|pol|tsv";

bool hf_certout_read(const char *word, enum hf_certout *ret_format)
{
    struct hf_view rest = hf_view_text(hf_certout_words);

    for (unsigned i = 0; i < HF_CERTOUT_COUNT; i++) {
        size_t len = 0;

        while (len < rest.len && rest.ptr[len] != '|')
            len++;
        if (hf_view_is(hf_view(rest.ptr, len), word)) {
            *ret_format = (enum hf_certout)i;
            return true;
        }
        rest = hf_view_from(rest, len + 1);
    }
    return false;
}

/* --- one format each ------------------------------------------------------ */

static int put_pem(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    for (size_t i = 0; i < certs->count; i++) {
        struct hf_err inner;
        const struct hf_cert_info *info = hf_cert_info(certs->cert[i], &inner);

        if (info) {
            hf_buf_text(out, "# ");
            hf_utf8_safe(out, hf_view_text(info->name));
            hf_buf_text(out, "\n");
        }
        hf_cert_pem(out, certs->cert[i]);
    }
    return hf_buf_check(out, err);
}

static int put_der(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    struct hf_view der;

    if (certs->count != 1)
        return HF_FAIL(err, HF_E_USAGE,
                       "a DER file holds one certificate, and these are %zu: "
                       "choose another format, or name a folder with --out",
                       certs->count);
    der = hf_cert_der(certs->cert[0]);
    hf_buf_add(out, der.ptr, der.len);
    return hf_buf_check(out, err);
}

static int put_sst(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    hf_sst_begin(out);
    for (size_t i = 0; i < certs->count; i++)
        if (hf_certblob_write(out, hf_cert_der(certs->cert[i]),
                              hf_cert_sha1(certs->cert[i]), NULL, err) < 0)
            return hf_err_code(err);
    hf_sst_end(out);
    return hf_buf_check(out, err);
}

static bool is_root(const struct hf_cert *cert)
{
    struct hf_view issuer = hf_cert_issuer_der(cert);
    struct hf_view subject = hf_cert_subject_der(cert);

    return issuer.len == subject.len &&
           memcmp(issuer.ptr, subject.ptr, issuer.len) == 0;
}

static int put_key(struct hf_registry *registry, struct hf_cert *cert,
                   struct hf_err *err)
{
    bool policy = hf_registry_form(registry) == HF_REGISTRY_POL;
    HF_AUTO(hf_buf_done) struct hf_buf blob;
    char hex[2 * HF_SHA1_LEN + 1], key[256], name[] = "Blob";
    struct hf_reg_value value = { .name = name, .type = HF_REG_BINARY };

    hf_buf_init(&blob, BLOB_MAX);
    if (hf_certblob_write(&blob, hf_cert_der(cert), hf_cert_sha1(cert), NULL,
                          err) < 0 ||
        hf_buf_check(&blob, err) < 0)
        return hf_err_code(err);
    hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), hex);
    for (char *c = hex; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    (void)snprintf(key, sizeof(key),
                   "HKLM\\SOFTWARE\\%sMicrosoft\\SystemCertificates\\%s\\"
                   "Certificates\\%s",
                   policy ? "Policies\\" : "", is_root(cert) ? "ROOT" : "CA",
                   hex);
    value.data = blob.ptr;
    value.len = blob.len;
    return hf_registry_set(registry, key, &value, err);
}

int hf_certout_registry(struct hf_registry *registry,
                        const struct hf_certs *certs, struct hf_err *err)
{
    for (size_t i = 0; i < certs->count; i++)
        if (put_key(registry, certs->cert[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

static int put_registry(enum hf_registry_form form,
                        const struct hf_certs *certs, struct hf_buf *out,
                        struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;

    if (hf_registry_new(form, &registry, err) < 0 ||
        hf_certout_registry(registry, certs, err) < 0 ||
        hf_registry_save(registry, out, err) < 0)
        return hf_err_code(err);
    return hf_buf_check(out, err);
}

static int put_reg(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    return put_registry(HF_REGISTRY_REG, certs, out, err);
}

static int put_pol(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    return put_registry(HF_REGISTRY_POL, certs, out, err);
}

static int put_tsv(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    hf_buf_text(out, "sha256\tsha1\tname\tnot_before\tnot_after\n");
    for (size_t i = 0; i < certs->count; i++) {
        struct hf_err inner;
        const struct hf_cert_info *info = hf_cert_info(certs->cert[i], &inner);
        char hex[2 * HF_SHA256_LEN + 1], from[HF_TIME_TEXT], to[HF_TIME_TEXT];

        hf_hex(hf_view(hf_cert_sha256(certs->cert[i]), HF_SHA256_LEN), hex);
        hf_buf_printf(out, "%s\t", hex);
        hf_hex(hf_view(hf_cert_sha1(certs->cert[i]), HF_SHA1_LEN), hex);
        hf_buf_printf(out, "%s\t", hex);
        hf_utf8_safe(out, hf_view_text(info ? info->name : "?"));
        hf_buf_printf(out, "\t%s\t%s\n",
                      info ? hf_calendar_day(info->not_before_s, from) : "",
                      info ? hf_calendar_day(info->not_after_s, to) : "");
    }
    return hf_buf_check(out, err);
}

static int put_p7b(const struct hf_certs *certs, struct hf_buf *out,
                   struct hf_err *err)
{
    return hf_pkcs7_der(out, certs, err);
}

int hf_certout_write(enum hf_certout format, const struct hf_certs *certs,
                     struct hf_buf *out, struct hf_err *err)
{
    static int (*const put[])(const struct hf_certs *certs, struct hf_buf *out,
                              struct hf_err *err) = {
        [HF_CERTOUT_PEM] = put_pem, [HF_CERTOUT_DER] = put_der,
        [HF_CERTOUT_P7B] = put_p7b, [HF_CERTOUT_SST] = put_sst,
        [HF_CERTOUT_REG] = put_reg, [HF_CERTOUT_POL] = put_pol,
        [HF_CERTOUT_TSV] = put_tsv,
    };

    return put[format](certs, out, err);
}
