/* SPDX-License-Identifier: Apache-2.0 */
/* mangle_test.c - files cut at every byte, and with every byte changed.
 *
 * Whatever happens to a file, the answer is a result or an error that says
 * where; within a second, and within 64 MiB. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "crypto/crl.h"
#include "crypto/ctl_decode.h"
#include "crypto/keystore.h"
#include "crypto/load.h"
#include "hf_data.h"
#include "hf_test.h"
#include "plat/file.h"
#include "product/product.h"
#include "store/kych.h"
#include "win/cab.h"
#include "win/certblob.h"
#include "win/registry.h"

#define EVERY_MAX 16384             /* bytes of a file tried at every byte */
#define SAMPLES 1000                /* places tried in a longer one */
#define HANG_S 20                   /* ours: one try takes 5 ms at most */
#define PEAK_MAX (64 * 1024 * 1024) /* bytes of memory */

struct tally {
    unsigned tries, good, refused;
    unsigned passed_over;          /* parts of a file that was read */
    unsigned vague;                /* texts that do not say where */
    char example[HF_ERR_TEXT * 4]; /* of a vague text */
};

/* Reads it as what it is. Returns 0 or negative with `err`. */
typedef int reader(struct hf_view bytes, struct tally *tally,
                   struct hf_err *err);

static bool says_where(const char *text)
{
    const char *colon = strstr(text, "mangled.yaml:");

    return strstr(text, "line ") || strstr(text, "offset ") ||
           strstr(text, "byte") ||
           (colon && strspn(strchr(colon, ':') + 1, "0123456789") > 0);
}

static int read_certs(struct hf_view bytes, struct tally *tally,
                      struct hf_err *err)
{
    struct hf_load load = { 0 };
    struct hf_err inner;

    if (hf_load_certs(bytes, "secret", &load, err) < 0)
        return err->code;
    tally->passed_over += (unsigned)load.fault_count;
    for (size_t i = 0; i < load.fault_count; i++)
        tally->vague += !says_where(load.fault[i].text);
    /* to decode them all would take most of the time */
    for (size_t i = 0; i < load.count && i < 2; i++)
        (void)!hf_cert_info(load.item[i].cert, &inner);
    hf_load_done(&load);
    return 0;
}

static int read_crls(struct hf_view bytes, struct tally *tally,
                     struct hf_err *err)
{
    HF_AUTO(hf_crls_freep) struct hf_crls *crls = NULL;

    (void)tally;
    if (hf_crls_new(&crls, err) < 0)
        return err->code;
    return hf_crls_add(crls, "a.crl", bytes, err);
}

static int read_keystore(struct hf_view bytes, struct tally *tally,
                         struct hf_err *err)
{
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };

    if (hf_keystore_read(bytes, NULL, &keystore, err) < 0)
        return err->code;
    for (size_t i = 0; i < keystore.count; i++) {
        tally->passed_over += !keystore.entry[i].cert;
        tally->vague +=
            !keystore.entry[i].cert && !says_where(keystore.entry[i].fault);
    }
    return 0;
}

/* Every key and value, one level after the other; damage at one key does not
 * hide the others. */
static int walk_registry(const struct hf_registry *registry, const char *key,
                         unsigned depth, struct tally *tally,
                         struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_reg_values_done) struct hf_reg_values values = { 0 };
    int rc = hf_registry_values(registry, key, &values, err);

    if (rc == HF_E_NOMEM || depth == 0)
        return rc == HF_E_NOMEM ? rc : 0;
    tally->passed_over += rc < 0;
    rc = hf_registry_keys(registry, key, &names, err);
    tally->passed_over += rc < 0;
    for (size_t i = 0; i < names.count; i++) {
        HF_AUTO(hf_free_ptr) char *below = NULL;

        if (asprintf(&below, "%s%s%s", key, *key ? "\\" : "", names.name[i]) <
            0)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
        if (walk_registry(registry, below, depth - 1, tally, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int read_registry(enum hf_registry_form form, struct hf_view bytes,
                         struct tally *tally, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;

    if (hf_registry_read(form, "mangled", bytes, &registry, err) < 0)
        return err->code;
    tally->passed_over += hf_registry_incomplete(registry) != NULL;
    return walk_registry(registry, "", 8, tally, err);
}

static int read_hive(struct hf_view bytes, struct tally *tally,
                     struct hf_err *err)
{
    return read_registry(HF_REGISTRY_HIVE, bytes, tally, err);
}

static int read_reg(struct hf_view bytes, struct tally *tally,
                    struct hf_err *err)
{
    return read_registry(HF_REGISTRY_REG, bytes, tally, err);
}

static int read_pol(struct hf_view bytes, struct tally *tally,
                    struct hf_err *err)
{
    return read_registry(HF_REGISTRY_POL, bytes, tally, err);
}

static int see_blob(void *user, const struct hf_certblob *blob, size_t offset,
                    struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct tally *tally = user;

    (void)offset;
    if (blob->der.len > 0 && hf_cert_new(blob->der, &cert, err) < 0)
        tally->passed_over++;
    return 0;
}

static int read_sst(struct hf_view bytes, struct tally *tally,
                    struct hf_err *err)
{
    return hf_sst_read(bytes, see_blob, tally, err);
}

static int see_record(void *user, const struct hf_kych_record *record,
                      struct hf_err *err)
{
    struct tally *tally = user;

    (void)err;
    tally->passed_over += record->fault != NULL;
    return 0;
}

static int read_keychain(struct hf_view bytes, struct tally *tally,
                         struct hf_err *err)
{
    struct hf_kych_about about = { 0 };

    return hf_kych_read(bytes, see_record, tally, &about, err);
}

static int read_cab(struct hf_view bytes, struct tally *tally,
                    struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf member;

    (void)tally;
    hf_buf_init(&member, HF_CAB_MEMBER_MAX);
    return hf_cab_extract(bytes, "", &member, err);
}

/* Without its signature: what a forger could make us decode. */
static int read_ctl(struct hf_view bytes, struct tally *tally,
                    struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_ctl_outline outline;
    struct hf_ctl_head head = { 0 };
    int rc = hf_ctl_outline(bytes, &outline, err);

    (void)tally;
    if (rc == 0)
        rc = hf_ctl_decode_head(&outline, &head, err);
    if (rc == 0)
        rc = hf_ctl_decode_entries(&outline, &head, &ctl, err);
    return rc;
}

static int read_product(struct hf_view bytes, struct tally *tally,
                        struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;

    (void)tally;
    return hf_product_parse("mangled", "mangled.yaml", bytes, &product, err);
}

static const struct {
    const char *what, *file;
    reader *read;
    unsigned copies; /* the file so many times over */
} formats[] = {
    { "PEM bundle", "certs/chain.pem", read_certs, 1 },
    { "PEM with a CRL and a key", "certs/mixed.pem", read_certs, 1 },
    { "PEM bundle of 72 kB", "certs/chain.pem", read_certs, 40 },
    { "DER", "certs/two.der", read_certs, 1 },
    { "PKCS#7", "certs/chain.p7b", read_certs, 1 },
    { "PKCS#7 in PEM", "certs/chain.p7b.pem", read_certs, 1 },
    { "PKCS#7 in BER", "certs/ber.p7b", read_certs, 1 },
    { "PKCS#12", "certs/quick.p12", read_certs, 1 },
    { "PKCS#12 without encryption", "certs/plain.p12", read_certs, 1 },
    { "CRL", "certs/revoked.crl", read_crls, 1 },
    { "CRL in PEM", "certs/revoked.crl.pem", read_crls, 1 },
    { "JKS", "keystores/two.jks", read_keystore, 1 },
    { "JCEKS", "keystores/secret.jceks", read_keystore, 1 },
    { "PKCS#12 of Java", "keystores/default.p12", read_keystore, 1 },
    { "PKCS#12 of Java, bare", "keystores/bare.p12", read_keystore, 1 },
    { "hive", "../../fuzz/corpus/hive/whole", read_hive, 1 },
    { "hive, not replayed", "../../fuzz/corpus/hive/dirty", read_hive, 1 },
    { ".reg in UTF-16", "../../fuzz/corpus/regtext/utf16le", read_reg, 1 },
    { ".reg in UTF-8", "../../fuzz/corpus/regtext/utf8", read_reg, 1 },
    { "Wine's registry", "../../fuzz/corpus/regtext/wine", read_reg, 1 },
    { "Registry.pol", "../../fuzz/corpus/polfile/lists", read_pol, 1 },
    { "serialized store", "../../fuzz/corpus/sst/two", read_sst, 1 },
    { "keychain", "../../fuzz/corpus/keychain/two", read_keychain, 1 },
    { "cabinet", "../../fuzz/corpus/cab/mszip", read_cab, 1 },
    { "cabinet, LZX", "../../fuzz/corpus/cab/lzx", read_cab, 1 },
    { "trust list", "../../fuzz/corpus/ctl/roots.stl", read_ctl, 1 },
    { "product", "../../data/products/c1.yaml", read_product, 1 },
};

static void try_bytes(reader *read, struct hf_view bytes, struct tally *tally)
{
    struct hf_err err = { 0 };
    char text[HF_ERR_TEXT * 4];

    (void)alarm(HANG_S);
    tally->tries++;
    if (read(bytes, tally, &err) == 0) {
        tally->good++;
        return;
    }
    tally->refused++;
    hf_err_text(&err, text, sizeof(text));
    if (!says_where(text)) {
        tally->vague++;
        memcpy(tally->example, text, sizeof(text));
    }
}

/* One place: cut there, and changed there in several ways. */
static void mangle_at(reader *read, struct hf_buf *bytes, size_t at,
                      struct tally *tally)
{
    static const uint8_t change[] = { 0x01, 0x80, 0xff };
    HF_AUTO(hf_free_ptr) uint8_t *cut = malloc(at ? at : 1);

    /* a copy as long as it is, so that a sanitizer sees a byte too many */
    if (!cut)
        return;
    if (at > 0)
        memcpy(cut, bytes->ptr, at);
    try_bytes(read, hf_view(cut, at), tally);
    for (size_t i = 0; i < HF_COUNT(change); i++) {
        bytes->ptr[at] ^= change[i];
        try_bytes(read, hf_buf_peek(bytes), tally);
        bytes->ptr[at] ^= change[i];
    }
}

/* xorshift, the same in every run. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void mangle(reader *read, struct hf_buf *bytes, struct tally *tally)
{
    uint32_t random = 20240101;

    if (bytes->len <= EVERY_MAX) {
        for (size_t at = 0; at < bytes->len; at++)
            mangle_at(read, bytes, at, tally);
        return;
    }
    for (int i = 0; i < SAMPLES; i++)
        mangle_at(read, bytes, next_random(&random) % bytes->len, tally);
}

static void test_format(size_t i)
{
    struct tally tally = { 0 };
    struct hf_buf once, bytes;
    clock_t start = clock();

    hf_data_read(formats[i].file, &once);
    hf_buf_init(&bytes, HF_DATA_MAX);
    for (unsigned k = 0; k < formats[i].copies; k++)
        hf_buf_view(&bytes, hf_buf_peek(&once));
    try_bytes(formats[i].read, hf_buf_peek(&bytes), &tally);
    HF_CHECK(tally.good == 1 && tally.refused == 0, "%s: whole, it is read",
             formats[i].what);
    mangle(formats[i].read, &bytes, &tally);
    printf("# %u tries, %u read, %u refused, %ld ms\n", tally.tries, tally.good,
           tally.refused, (long)((clock() - start) * 1000 / CLOCKS_PER_SEC));
    HF_CHECK(tally.vague == 0, "%s: mangled, an error says where%s%s",
             formats[i].what, tally.vague ? ", but: " : "", tally.example);
    HF_CHECK(tally.refused + tally.passed_over > 0,
             "%s: mangled, it is refused at times", formats[i].what);
    hf_buf_done(&once);
    hf_buf_done(&bytes);
}

/* A sanitizer's own memory is not ours. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PEAK_UNKNOWN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define PEAK_UNKNOWN 1
#endif

static void test_peak(void)
{
#ifdef PEAK_UNKNOWN
    printf("# memory is not measured under a sanitizer\n");
#else
    struct rusage usage;

    HF_CHECK(getrusage(RUSAGE_SELF, &usage) == 0 &&
                 usage.ru_maxrss <= PEAK_MAX / 1024,
             "all of it within 64 MiB: %ld kB", usage.ru_maxrss);
#endif
}

int main(void)
{
    for (size_t i = 0; i < HF_COUNT(formats); i++)
        test_format(i);
    test_peak();
    return hf_test_end();
}
