/* SPDX-License-Identifier: Apache-2.0 */
/* blobs_test.c - certificates in the files of Windows and macOS that others
 * wrote: a .sst, registry blobs of a policy, Microsoft's cabinet, a keychain of
 * Apple's. */
#include <string.h>

#include "hf_test.h"
#include "outside.h"
#include "store/store.h"
#include "win/cab.h"
#include "win/certblob.h"

#define FILE_MAX (16 * 1024 * 1024)

/* All SHA-1 of the certificates in X509Anchors, xored: found without looking
 * at its tables, by searching for what has the outline of a certificate. */
#define ANCHORS_SHA1 "fe256b5d58215b7c449e879c6dd8069b03a61019"

static bool open_and_read(const char *base, const char *scheme,
                          const char *name, struct hf_store_list *list)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    char spec[PATH_MAX + 16], text[HF_ERR_TEXT * 4];
    struct hf_err err;

    (void)snprintf(spec, sizeof(spec), "%s:%s/%s", scheme, base, name);
    if (hf_store_open(spec, NULL, &store, &err) == 0 &&
        hf_store_read(store, list, &err) == 0)
        return true;
    hf_err_text(&err, text, sizeof(text));
    printf("# %s\n", text);
    return false;
}

/* The SHA-1 of all, xored, as text; `ret_sound`: how many decode whole. */
static void sum_up(const struct hf_store_list *list, char ret_sum[41],
                   size_t *ret_sound)
{
    uint8_t sum[HF_SHA1_LEN] = { 0 };
    struct hf_err err;

    *ret_sound = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct hf_cert *cert = list->entry[i].cert;

        for (size_t k = 0; cert && k < sizeof(sum); k++)
            sum[k] ^= hf_cert_sha1(cert)[k];
        *ret_sound += cert && hf_cert_info(cert, &err);
    }
    for (size_t k = 0; k < sizeof(sum); k++)
        (void)snprintf(ret_sum + 2 * k, 3, "%02x", sum[k]);
}

static void test_sst(const char *base)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    char sum[41];
    size_t sound = 0;

    HF_CHECK(open_and_read(base, "sst", "windows/wine8-one-cert.sst", &list) &&
                 !list.incomplete,
             "sst: what Wine's CertSaveStore wrote is read");
    sum_up(&list, sum, &sound);
    HF_CHECK(list.count == 1 && sound == 1 &&
                 strcmp(sum, "028942a030b17f40d3b24cd8484f868ee61551b6") == 0 &&
                 strstr(list.entry[0].where, "offset 8"),
             "sst: its one certificate");
}

static void test_keychain(const char *base)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    char sum[41];
    size_t sound = 0, labels = 0, anchors = 0;

    HF_CHECK(
        open_and_read(base, "keychain", "keychain/apple-X509Anchors", &list) &&
            !list.incomplete,
        "keychain: Apple's X509Anchors is read");
    sum_up(&list, sum, &sound);
    for (size_t i = 0; i < list.count; i++) {
        labels += list.entry[i].label != NULL;
        anchors += list.entry[i].standing == HF_STANDING_ANCHOR;
    }
    HF_CHECK(list.count == 120 && list.damaged == 0 && sound == 120,
             "keychain: %zu entries, %zu decode: 120 expected", list.count,
             sound);
    HF_CHECK(strcmp(sum, ANCHORS_SHA1) == 0,
             "keychain: the certificates a plain search finds");
    HF_CHECK(labels == 120 && anchors == 120 && list.entry[1].label &&
                 strcmp(list.entry[1].label,
                        "Entrust.net Certification Authority (2048)") == 0,
             "keychain: each has its name, each is an anchor");
}

static void test_cab(const char *base)
{
    HF_AUTO(hf_buf_done) struct hf_buf cab = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf list = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf own = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf again = { 0 };
    struct hf_err err;

    hf_buf_init(&cab, FILE_MAX);
    hf_buf_init(&list, FILE_MAX);
    hf_buf_init(&out, FILE_MAX);
    hf_buf_init(&own, FILE_MAX);
    hf_buf_init(&again, FILE_MAX);
    HF_CHECK(
        outside_read(base, "authroot/authrootstl-2025-06-16.cab", &cab) &&
            outside_read(base, "authroot/authroot-2025-06-16.stl", &list) &&
            hf_cab_extract(hf_buf_peek(&cab), ".stl", &out, &err) == 0 &&
            hf_view_same(hf_buf_peek(&out), hf_buf_peek(&list)),
        "cabinet: Microsoft's gives its list byte for byte");
    HF_CHECK(hf_cab_store(&own, "authroot.stl", hf_buf_peek(&list), 1750000000,
                          &err) == 0 &&
                 hf_cab_extract(hf_buf_peek(&own), ".stl", &again, &err) == 0 &&
                 hf_view_same(hf_buf_peek(&again), hf_buf_peek(&list)),
             "cabinet: and so does our own of it");
}

/* The bytes of the next value "Blob" of a policy file; false: no more.
 * [MS-GPREG] 2.2.1: "[key;value;type;size;data]", in UTF-16LE. */
static bool next_blob(struct hf_view *rest, struct hf_view *ret_blob)
{
    static const char name[] = "B\0l\0o\0b\0\0\0;";
    const uint8_t *at = memmem(rest->ptr, rest->len, name, sizeof(name));
    size_t len;

    if (!at || rest->len - (size_t)(at - rest->ptr) < sizeof(name) + 12)
        return false;
    at += sizeof(name) + 6; /* type, ";" */
    len = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16;
    at += 6;
    *rest = hf_view_from(*rest, (size_t)(at - rest->ptr));
    *ret_blob = hf_view(at, len < rest->len ? len : rest->len);
    return true;
}

static bool blob_is_whole(struct hf_view bytes)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct hf_certblob blob;
    struct hf_err err;

    return hf_certblob_read(bytes, &blob, &err) == 0 && blob.encoding == 1 &&
           hf_cert_new(blob.der, &cert, &err) == 0 &&
           hf_view_same(blob.sha1, hf_view(hf_cert_sha1(cert), HF_SHA1_LEN));
}

static void test_policy(const char *base)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };
    struct hf_view rest, blob;
    unsigned count = 0, whole = 0;

    hf_buf_init(&file, FILE_MAX);
    if (!outside_read(base, "settings/pol/shb-certificates-machine.pol", &file))
        printf("# cannot read the policy\n");
    for (rest = hf_buf_peek(&file); next_blob(&rest, &blob); count++)
        whole += blob_is_whole(blob);
    HF_CHECK(count == 37 && whole == 37,
             "policy: %u blobs of 37, %u have the SHA-1 kept with them", count,
             whole);
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *base = outside_path("keychain");
    char *slash = base ? strrchr(base, '/') : NULL;

    if (!slash || !hf_path_is_dir(base))
        return outside_skip(base ? base : "");
    *slash = '\0';
    test_sst(base);
    test_keychain(base);
    test_cab(base);
    test_policy(base);
    return hf_test_end();
}
