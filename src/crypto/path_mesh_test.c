/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_mesh_test.c - the search ends, also where paths do not. */
#include <string.h>
#include <time.h>

#include "crypto/mint.h"
#include "crypto/path.h"
#include "hf_test.h"

#define AUTHORITIES 100
#define LIMIT_MS 2000 /* per search; ours: measured 20 to 500 */

static EVP_PKEY *keys[AUTHORITIES];

/* Valgrind is some fifty times slower. */
static int64_t limit_ms(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "valgrind") ? 100 * LIMIT_MS : LIMIT_MS;
}

static const char *name_of(int i, char *text)
{
    (void)snprintf(text, 16, "CA %d", i);
    return text;
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take(struct hf_certs *list, struct hf_cert *cert)
{
    hf_certs_add(list, cert);
    hf_cert_unref(cert);
}

/* Every authority certified by every other. */
static void make_mesh(struct hf_certs *mesh)
{
    char subject[16], issuer[16];

    for (int i = 0; i < AUTHORITIES; i++)
        for (int k = 0; k < AUTHORITIES; k++)
            if (i != k)
                take(mesh, MINT(name_of(i, subject), name_of(k, issuer),
                                keys[i], keys[k], MINT_CA));
}

struct answer {
    bool valid, cut_short, no_anchor;
    size_t length;
    int64_t took_ms;
    unsigned work;
};

static struct answer search(const struct hf_certs *served,
                            const struct hf_certs *roots,
                            const struct hf_certs *pool)
{
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *others = NULL;
    struct answer answer = { 0 };
    struct hf_path path;
    struct hf_err err;
    struct hf_path_ask ask = { .served = served,
                               .at_s = MINT_AT_S,
                               .purpose = HF_PURPOSE_TLS_SERVER,
                               .host = "host.example" };
    int64_t start = now_ms();

    if (hf_cert_index_new(roots, &anchors, &err) < 0 ||
        hf_cert_index_new(pool, &others, &err) < 0)
        return answer;
    ask.anchors = anchors;
    ask.pool = others;
    if (hf_path_find(&ask, &path, &err) < 0)
        return answer;
    answer = (struct answer){ path.valid,
                              path.cut_short,
                              hf_path_has(&path, HF_FAULT_NO_ANCHOR),
                              path.chain.count,
                              now_ms() - start,
                              path.work };
    hf_path_done(&path);
    return answer;
}

static void check(const char *what, struct answer got, bool valid,
                  size_t length)
{
    printf("# %s: %lld ms, %u units, %zu certificates%s\n", what,
           (long long)got.took_ms, got.work, got.length,
           got.cut_short ? ", cut short" : "");
    HF_CHECK(got.length > 0 && got.valid == valid &&
                 (length == 0 || got.length == length),
             "%s: the right answer", what);
    HF_CHECK(got.took_ms < limit_ms(), "%s: in time", what);
    HF_CHECK(got.work <= HF_PATH_BUDGET + HF_PATH_BUDGET / 4 + 100,
             "%s: within the budget", what);
}

static void test_mesh(void)
{
    struct hf_certs mesh = { 0 }, served = { 0 }, roots = { 0 }, none = { 0 };
    struct hf_certs all = { 0 };
    EVP_PKEY *leaf = mint_key(), *root = mint_key();

    make_mesh(&mesh);
    take(&served, MINT("leaf", "CA 7", leaf, keys[7], MINT_LEAF));
    check("100 cross-signed, no anchor", search(&served, &none, &mesh), false,
          0);
    hf_certs_add_all(&all, &served);
    hf_certs_add_all(&all, &mesh);
    check("100 cross-signed, all served, no anchor", search(&all, &none, &none),
          false, 0);
    take(&roots, MINT("Root", "Root", root, root, MINT_CA));
    check("100 cross-signed, an anchor off the mesh",
          search(&served, &roots, &mesh), false, 0);
    take(&mesh, MINT("CA 93", "Root", keys[93], root, MINT_CA));
    check("100 cross-signed, one known to the anchor",
          search(&served, &roots, &mesh), true, 4);
    take(&roots, MINT("CA 7", "CA 7", keys[7], keys[7], MINT_CA));
    check("100 cross-signed, the nearest is the anchor",
          search(&served, &roots, &mesh), true, 2);
    EVP_PKEY_free(leaf);
    EVP_PKEY_free(root);
    hf_certs_done(&all);
    hf_certs_done(&mesh);
    hf_certs_done(&served);
    hf_certs_done(&roots);
}

/* A way to the anchor that is expired everywhere but on the longest. */
static void test_expired_shortcuts(void)
{
    struct hf_certs pool = { 0 }, served = { 0 }, roots = { 0 };
    EVP_PKEY *leaf = mint_key(), *root = mint_key();
    char subject[16], issuer[16];

    take(&served, MINT("leaf", "CA 0", leaf, keys[0], MINT_LEAF));
    take(&roots, MINT("Root", "Root", root, root, MINT_CA));
    for (int i = 0; i < 10; i++) {
        take(&pool, MINT(name_of(i, subject), "Root", keys[i], root, MINT_CA,
                         .to_s = i == 9 ? 0 : MINT_AT_S - 1));
        for (int k = 0; k < 10; k++)
            if (k != i)
                take(&pool, MINT(name_of(i, subject), name_of(k, issuer),
                                 keys[i], keys[k], MINT_CA,
                                 .to_s = k == i + 1 ? 0 : MINT_AT_S - 1));
    }
    check("every shortcut expired", search(&served, &roots, &pool), true, 12);
    EVP_PKEY_free(leaf);
    EVP_PKEY_free(root);
    hf_certs_done(&pool);
    hf_certs_done(&served);
    hf_certs_done(&roots);
}

/* Authorities of one name, told apart by their keys alone. */
static void test_same_name(bool key_ids)
{
    struct hf_certs pool = { 0 }, served = { 0 }, roots = { 0 }, none = { 0 };
    EVP_PKEY *leaf = mint_key();
    char what[64];

    take(&served, MINT("leaf", "Same", leaf, keys[42], MINT_LEAF,
                       .no_key_ids = !key_ids));
    for (int i = 0; i < AUTHORITIES; i++)
        take(i == 42 ? &roots : &pool, MINT("Same", "Same", keys[i], keys[i],
                                            MINT_CA, .no_key_ids = !key_ids));
    (void)snprintf(what, sizeof(what), "100 of one name, key ids %s",
                   key_ids ? "there" : "missing");
    check(what, search(&served, &roots, &pool), true, 2);
    check("the same without an anchor", search(&served, &none, &pool), false,
          0);
    EVP_PKEY_free(leaf);
    hf_certs_done(&pool);
    hf_certs_done(&served);
    hf_certs_done(&roots);
}

/* One name, and each key certified by each other: loops of self-issued. */
static void test_self_issued(void)
{
    struct hf_certs pool = { 0 }, served = { 0 }, roots = { 0 }, none = { 0 };
    EVP_PKEY *leaf = mint_key();

    take(&served, MINT("leaf", "Same", leaf, keys[3], MINT_LEAF));
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 20; k++)
            take(i == 15 && k == 15 ? &roots : &pool,
                 MINT("Same", "Same", keys[i], keys[k], MINT_CA));
    check("self-issued loops", search(&served, &roots, &pool), true, 3);
    check("self-issued loops, no anchor", search(&served, &none, &pool), false,
          0);
    EVP_PKEY_free(leaf);
    hf_certs_done(&pool);
    hf_certs_done(&served);
    hf_certs_done(&roots);
}

/* leaf, CA 0 ... CA n-1: CA n-1 is the anchor; n + 1 certificates. */
static void test_deep(int authorities, bool valid)
{
    struct hf_certs served = { 0 }, roots = { 0 }, none = { 0 };
    EVP_PKEY *leaf = mint_key();
    char subject[16], issuer[16], what[64];

    take(&served, MINT("leaf", "CA 0", leaf, keys[0], MINT_LEAF));
    for (int i = 0; i < authorities; i++) {
        int by = i + 1 < authorities ? i + 1 : i;

        take(i + 1 < authorities ? &served : &roots,
             MINT(name_of(i, subject), name_of(by, issuer), keys[i], keys[by],
                  MINT_CA));
    }
    (void)snprintf(what, sizeof(what), "a chain of %d", authorities + 1);
    check(what, search(&served, &roots, &none), valid,
          valid ? (size_t)authorities + 1 : 0);
    EVP_PKEY_free(leaf);
    hf_certs_done(&served);
    hf_certs_done(&roots);
}

/* The same certificate with another serial number; its signature is void. */
static struct hf_cert *copy_of(const struct hf_cert *cert, int serial)
{
    static const uint8_t one[] = { 0x02, 0x02, 0x40, 0x01 }; /* INTEGER */
    struct hf_view der = hf_cert_der(cert);
    HF_AUTO(hf_free_ptr) uint8_t *bytes = malloc(der.len);
    struct hf_cert *copy = NULL;
    struct hf_err err;
    uint8_t *at;

    assert(bytes);
    memcpy(bytes, der.ptr, der.len);
    at = memmem(bytes, der.len, one, sizeof(one));
    assert(at);
    at[2] = (uint8_t)(serial >> 8);
    at[3] = (uint8_t)serial;
    assert(hf_cert_new(hf_view(bytes, der.len), &copy, &err) == 0);
    return copy;
}

/* As many as a file may hold, of one name and one key. */
static void test_crowd(void)
{
    struct hf_certs pool = { 0 }, served = { 0 }, none = { 0 };
    EVP_PKEY *leaf = mint_key();
    struct hf_cert *one;

    take(&served, MINT("leaf", "Same", leaf, keys[0], MINT_LEAF));
    one = MINT("Same", "Same", keys[0], keys[1], MINT_CA, .serial = 0x4001);
    for (int i = 0; i < 20000; i++)
        take(&pool, copy_of(one, 0x1000 + i));
    hf_cert_unref(one);
    check("20000 copies of one authority", search(&served, &none, &pool), false,
          0);
    EVP_PKEY_free(leaf);
    hf_certs_done(&pool);
    hf_certs_done(&served);
}

int main(void)
{
    for (int i = 0; i < AUTHORITIES; i++)
        keys[i] = mint_key();
    test_mesh();
    test_expired_shortcuts();
    test_same_name(true);
    test_same_name(false);
    test_self_issued();
    test_deep(14, true);
    test_deep(15, true);
    test_deep(16, false);
    test_crowd();
    for (int i = 0; i < AUTHORITIES; i++)
        EVP_PKEY_free(keys[i]);
    return hf_test_end();
}
