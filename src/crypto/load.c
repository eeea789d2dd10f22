/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/load.c - certificates out of whatever file a person has. */
#include "crypto/load.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/der.h"
#include "crypto/load_parts.h"
#include "plat/file.h"

void hf_load_done(struct hf_load *load)
{
    for (size_t i = 0; i < load->count; i++)
        hf_cert_unref(load->item[i].cert);
    for (size_t i = 0; i < load->fault_count; i++)
        free(load->fault[i].text);
    free(load->item);
    free(load->fault);
    *load = (struct hf_load){ 0 };
}

/* ours: bound memory on a file made of nothing but tiny parts. Microsoft's list
 * has 514 certificates, every known intermediate about 10,000. */
#define CERTS_MAX 20000
#define FAULTS_MAX 1000

/* Room for one more in an array that doubles at powers of two. */
static int grow(void *array_at, size_t count, size_t size, struct hf_err *err)
{
    void **array = array_at;
    void *grown;

    if (count & (count - 1))
        return 0;
    grown = reallocarray(*array, count ? count * 2 : 1, size);
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu certificates",
                       count + 1);
    *array = grown;
    return 0;
}

int hf_load_fault(struct hf_load *load, const struct hf_load_place *place,
                  struct hf_err *err, const char *format, ...)
{
    struct hf_load_fault fault = { place->offset, place->line_no, NULL };
    va_list args;
    int len;

    if (load->fault_count == FAULTS_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset %zu: more than %d damaged certificates",
                       place->offset, FAULTS_MAX);
    if (grow(&load->fault, load->fault_count, sizeof(*load->fault), err) < 0)
        return hf_err_code(err);
    va_start(args, format);
    len = vasprintf(&fault.text, format, args);
    va_end(args);
    if (len < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a message");
    load->fault[load->fault_count++] = fault;
    return 0;
}

int hf_load_add(struct hf_load *load, struct hf_view der,
                const struct hf_load_place *place, struct hf_err *err)
{
    struct hf_loaded item = { NULL, place->offset, place->end, place->line_no };
    int rc = hf_cert_new(der, &item.cert, err);
    char text[HF_ERR_TEXT * 2];

    if (rc == HF_E_NOMEM)
        return rc;
    if (rc == 0 && load->count == CERTS_MAX) {
        hf_cert_unref(item.cert);
        return HF_FAIL(err, HF_E_LIMIT, "offset %zu: more than %d certificates",
                       place->offset, CERTS_MAX);
    }
    if (rc < 0) {
        hf_err_text(err, text, sizeof(text));
        if (place->line_no > 0)
            return hf_load_fault(load, place, err, "line %u: %s",
                                 place->line_no, text);
        return hf_load_fault(load, place, err, "offset %zu: %s", place->offset,
                             text);
    }
    if (grow(&load->item, load->count, sizeof(*load->item), err) < 0) {
        hf_cert_unref(item.cert);
        return hf_err_code(err);
    }
    load->item[load->count++] = item;
    return 0;
}

/* The tag of the first thing inside the outermost SEQUENCE, 0 when there is
 * none. Also for the indefinite lengths of BER. */
static uint8_t inner_tag(struct hf_view bytes)
{
    struct hf_rd rd = hf_rd(bytes);
    uint32_t tag = hf_rd_uint(&rd, 1);
    uint32_t len = hf_rd_uint(&rd, 1);

    if (tag != HF_DER_SEQUENCE)
        return 0;
    if (len > 0x80)
        (void)hf_rd_bytes(&rd, len & 0x7f);
    return (uint8_t)hf_rd_uint(&rd, 1);
}

/* Certificates one after the other. */
static int load_der(struct hf_load *load, struct hf_view bytes,
                    struct hf_err *err)
{
    size_t at = 0;

    load->kind = HF_LOAD_DER;
    while (at < bytes.len) {
        struct hf_view rest = hf_view_from(bytes, at);
        size_t len = hf_der_len(rest);
        struct hf_load_place place = { at, at + len, 0 };

        if (len == 0 && hf_view_trim(rest).len == 0)
            break;
        if (len == 0)
            return HF_FAIL(err, HF_E_PARSE,
                           "offset %zu: the DER is cut or malformed: its "
                           "length does not fit the %zu bytes that follow",
                           at, rest.len);
        rest.len = len;
        if (hf_load_add(load, rest, &place, err) < 0)
            return hf_err_code(err);
        at += len;
    }
    return 0;
}

/* Also tells PKCS#12, which is version 3, from the keys that begin alike. */
static bool is_pkcs12(struct hf_view bytes)
{
    struct hf_rd rd = hf_rd(bytes);
    uint32_t len;

    (void)hf_rd_uint(&rd, 1);
    len = hf_rd_uint(&rd, 1);
    if (len > 0x80)
        (void)hf_rd_bytes(&rd, len & 0x7f);
    return hf_rd_uint(&rd, 3) == 0x020103 && !rd.bad;
}

static int fail_unknown(struct hf_view bytes, struct hf_err *err)
{
    if (hf_view_starts(bytes, "\xff\xfe") || hf_view_starts(bytes, "\xfe\xff"))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: the text is in UTF-16: save it as UTF-8");
    return HF_FAIL(err, HF_E_PARSE,
                   "offset 0: no certificate: expected PEM ('-----BEGIN "
                   "CERTIFICATE-----'), DER, PKCS#7 or PKCS#12");
}

static int load_binary(struct hf_load *load, struct hf_view bytes,
                       const char *password, struct hf_err *err)
{
    const struct hf_load_place whole = { 0, bytes.len, 0 };

    switch (inner_tag(bytes)) {
    case HF_DER_SEQUENCE:
        return load_der(load, bytes, err);
    case HF_DER_OID:
        load->kind = HF_LOAD_PKCS7;
        return hf_load_pkcs7(load, bytes, &whole, err);
    case HF_DER_INTEGER:
        load->kind = HF_LOAD_PKCS12;
        if (!is_pkcs12(bytes))
            return HF_FAIL(err, HF_E_PARSE,
                           "offset 0: this looks like a private key, not like "
                           "a certificate");
        return hf_load_pkcs12(load, bytes, password, err);
    default:
        return fail_unknown(bytes, err);
    }
}

/* Base64 without the PEM lines around it, as some consoles export it. What is
 * in it stands nowhere else than in all of the file. */
static int load_bare_base64(struct hf_load *load, struct hf_view bytes,
                            const char *password, struct hf_err *err)
{
    struct hf_buf der;
    size_t offset = 0;
    int rc;

    hf_buf_init(&der, HF_LOAD_BINARY_MAX);
    rc = hf_base64_read(bytes, &der, &offset);
    if (rc == HF_E_PARSE) {
        HF_FAIL(err, HF_E_PARSE, "offset %zu: this is not base64 any more",
                offset);
    } else if (rc < 0) {
        rc = hf_buf_check(&der, err);
    } else {
        rc = load_binary(load, hf_buf_peek(&der), password, err);
        if (rc < 0 && rc != HF_E_NOMEM)
            HF_WRAP(err, "in the base64");
    }
    hf_buf_done(&der);
    for (size_t i = 0; i < load->count; i++) {
        load->item[i].offset = 0;
        load->item[i].end = bytes.len;
    }
    return rc;
}

/* A binary file is read whole or refused. */
static int check_binary(const struct hf_load *load, struct hf_err *err)
{
    if (load->fault_count > 0)
        return HF_FAIL(err, HF_E_PARSE, "%s", load->fault[0].text);
    return 0;
}

/* PEM? A binary file may hold its marker too, in a comment. */
static bool is_text(struct hf_view bytes)
{
    return hf_view_find(bytes, "-----BEGIN ") != SIZE_MAX &&
           !hf_der_looks(bytes);
}

int hf_load_certs(struct hf_view bytes, const char *password,
                  struct hf_load *ret_load, struct hf_err *err)
{
    struct hf_load load = { 0 };
    int rc;

    if (bytes.len > HF_LOAD_MAX) {
        rc = HF_FAIL(err, HF_E_LIMIT, "%zu bytes: at most %d are read",
                     bytes.len, HF_LOAD_MAX);
    } else if (is_text(bytes)) {
        rc = hf_load_pem(&load, bytes, err);
    } else {
        /* every DER that matters begins with 30 82: "MI" */
        rc = hf_view_starts(hf_view_trim(bytes), "MI")
                 ? load_bare_base64(&load, bytes, password, err)
                 : load_binary(&load, bytes, password, err);
        if (rc == 0)
            rc = check_binary(&load, err);
    }
    if (rc < 0) {
        hf_load_done(&load);
        return rc;
    }
    *ret_load = load;
    return 0;
}

int hf_load_file(const char *path, const char *password,
                 struct hf_load *ret_load, struct hf_err *err)
{
    struct hf_buf bytes;
    int rc;

    hf_buf_init(&bytes, HF_LOAD_MAX);
    rc = hf_file_read(path, &bytes, err);
    if (rc == 0) {
        rc = hf_load_certs(hf_buf_peek(&bytes), password, ret_load, err);
        if (rc < 0)
            HF_WRAP(err, "'%s'", path);
    }
    hf_buf_done(&bytes);
    return rc;
}
