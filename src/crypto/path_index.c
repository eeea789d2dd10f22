/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_index.c - certificates found by the name of their subject. */
#include <stdlib.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/cert_x509.h"
#include "crypto/der.h"
#include "crypto/path_parts.h"

struct entry {
    uint64_t hash;
    size_t at; /* order of arrival, so that sorting is stable */
    struct hf_cert *cert;
};

struct hf_cert_index {
    size_t count;
    uint64_t *hash;        /* sorted */
    struct hf_cert **cert; /* in the order of `hash` */
};

#define FNV_START 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

/* Only ASCII letters (without case), digits and signs count, so that UTF-8,
 * BMP and printable strings of one text give one number. */
static uint64_t fold(uint64_t hash, struct hf_view value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.ptr[i];

        if (c <= 0x20 || c >= 0x7f)
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + ('a' - 'A'));
        hash = (hash ^ c) * FNV_PRIME;
    }
    return hash;
}

uint64_t hf_name_hash(struct hf_view name_der)
{
    struct hf_rd all = hf_rd(name_der), sets, parts, part;
    struct hf_tlv name, set, pair, type, value;
    uint64_t hash = FNV_START;

    if (!hf_der_expect(&all, HF_DER_SEQUENCE, &name))
        return hash;
    sets = hf_rd(name.body);
    while (sets.left > 0 && hf_der_next(&sets, &set)) {
        uint64_t sum = 0; /* the parts of a set have no order */

        parts = hf_rd(set.body);
        while (parts.left > 0 && hf_der_next(&parts, &pair)) {
            part = hf_rd(pair.body);
            if (!hf_der_next(&part, &type) || !hf_der_next(&part, &value))
                break;
            /* the last byte of the OID tells CN from O from OU */
            sum += fold(
                FNV_START ^
                    (type.body.len > 0 ? type.body.ptr[type.body.len - 1] : 0),
                value.body);
        }
        hash = (hash ^ sum) * FNV_PRIME;
    }
    return hash ? hash : 1; /* 0 is free for tables of names */
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int fill(struct hf_cert_index *index, const struct hf_certs *certs,
                struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) struct entry *entry = NULL;

    entry = calloc(certs->count + 1, sizeof(*entry));
    index->hash = calloc(certs->count + 1, sizeof(*index->hash));
    index->cert = calloc(certs->count + 1, sizeof(struct hf_cert *));
    if (!entry || !index->hash || !index->cert)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu certificates",
                       certs->count);
    for (size_t i = 0; i < certs->count; i++)
        entry[i] =
            (struct entry){ hf_name_hash(hf_cert_subject_der(certs->cert[i])),
                            i, certs->cert[i] };
    qsort(entry, certs->count, sizeof(*entry), by_hash);
    for (size_t i = 0; i < certs->count; i++) {
        index->hash[i] = entry[i].hash;
        index->cert[i] = hf_cert_ref(entry[i].cert);
    }
    index->count = certs->count;
    return 0;
}

int hf_cert_index_new(const struct hf_certs *certs,
                      struct hf_cert_index **ret_index, struct hf_err *err)
{
    struct hf_cert_index *index = calloc(1, sizeof(*index));

    if (!index)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an index");
    if (fill(index, certs, err) < 0) {
        hf_cert_index_free(index);
        return hf_err_code(err);
    }
    *ret_index = index;
    return 0;
}

void hf_cert_index_free(struct hf_cert_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->count; i++)
        hf_cert_unref(index->cert[i]);
    free(index->hash);
    free(index->cert);
    free(index);
}

struct hf_cert *const *hf_cert_index_range(const struct hf_cert_index *index,
                                           uint64_t hash, size_t *ret_count)
{
    size_t low = 0, high = index->count, end;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (index->hash[mid] < hash)
            low = mid + 1;
        else
            high = mid;
    }
    for (end = low; end < index->count && index->hash[end] == hash;)
        end++;
    *ret_count = end - low;
    return index->cert + low;
}

bool hf_cert_index_has(const struct hf_cert_index *index,
                       const struct hf_cert *cert)
{
    size_t count;
    struct hf_cert *const *same = hf_cert_index_range(
        index, hf_name_hash(hf_cert_subject_der(cert)), &count);

    for (size_t i = 0; i < count; i++)
        if (hf_cert_same(same[i], cert))
            return true;
    return false;
}

enum hf_issued hf_cert_issued(struct hf_cert *cert, struct hf_cert *issuer)
{
    struct hf_err err;
    X509 *child = hf_cert_x509(cert, &err);
    X509 *parent = hf_cert_x509(issuer, &err);
    int rc;

    if (!child || !parent)
        return HF_ISSUED_NO;
    rc = X509_check_issued(parent, child);
    ERR_clear_error();
    switch (rc) {
    case X509_V_OK:
        return HF_ISSUED_MAYBE;
    case X509_V_ERR_SUBJECT_ISSUER_MISMATCH:
    case X509_V_ERR_AKID_SKID_MISMATCH:
    case X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH:
        return HF_ISSUED_NO;
    default: /* no certSign, or an extension that does not decode */
        return X509_NAME_cmp(X509_get_subject_name(parent),
                             X509_get_issuer_name(child)) == 0
                   ? HF_ISSUED_NOT_ALLOWED
                   : HF_ISSUED_NO;
    }
}

struct hf_cert *hf_cert_index_issuer(const struct hf_cert_index *index,
                                     struct hf_cert *cert, size_t i)
{
    size_t count;
    struct hf_cert *const *named = hf_cert_index_range(
        index, hf_name_hash(hf_cert_issuer_der(cert)), &count);

    for (size_t k = 0; k < count; k++)
        if (hf_cert_issued(cert, named[k]) == HF_ISSUED_MAYBE && i-- == 0)
            return named[k];
    return NULL;
}

bool hf_cert_index_org(const struct hf_cert_index *index, const char *org)
{
    for (size_t i = 0; i < index->count; i++) {
        struct hf_err err;
        const struct hf_cert_info *info = hf_cert_info(index->cert[i], &err);

        if (info && strcasecmp(info->org, org) == 0)
            return true;
    }
    return false;
}

bool hf_cert_index_named(const struct hf_cert_index *index,
                         struct hf_view name_der)
{
    size_t count;

    (void)hf_cert_index_range(index, hf_name_hash(name_der), &count);
    return count > 0;
}
