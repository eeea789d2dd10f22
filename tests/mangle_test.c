/* SPDX-License-Identifier: Apache-2.0 */
/* mangle_test.c - files cut at every byte, and with every byte changed.
 *
 * Whatever happens to a file, the answer is a result or an error that says
 * where; within a second, and within 64 MiB. */
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "crypto/crl.h"
#include "crypto/keystore.h"
#include "crypto/load.h"
#include "hf_data.h"
#include "hf_test.h"
#include "product/product.h"

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
