/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_write_test.c - Java keystores, changed. */
#include <ctype.h>

#include <openssl/pkcs12.h>

#include "crypto/keystore.h"
#include "crypto/keystore_p12.h"
#include "crypto/test_keystore.h"
#include "hf_data.h"
#include "hf_oom.h"

#define NOW_S 1800000000

/* Two of one name, and one whose name has no letters that an alias may have. */
static struct hf_certs some; /* made once: keys take time */

struct result {
    struct hf_buf out;
    struct hf_certs added, removed;
    int rc;
};

static void result_done(struct result *result)
{
    hf_buf_done(&result->out);
    hf_certs_done(&result->added);
    hf_certs_done(&result->removed);
}

static struct result change(struct hf_view bytes, const char *password,
                            const struct hf_certs *add,
                            const struct hf_certs *remove, struct hf_err *err)
{
    const struct hf_keystore_edit edit = { add, remove, password, NOW_S };
    struct result result = { 0 };

    hf_buf_init(&result.out, KEYSTORE_MAX);
    result.rc = hf_keystore_write(bytes, &edit, &result.out, &result.added,
                                  &result.removed, err);
    return result;
}

static struct hf_keystore read_back(struct hf_view bytes, const char *password)
{
    struct hf_keystore keystore = { 0 };
    struct hf_err err;

    if (hf_keystore_read(bytes, password, &keystore, &err) < 0)
        keystore.format = err.frame[0].text; /* fails what is asked next */
    return keystore;
}

static const struct hf_keystore_entry *
find_entry(const struct hf_keystore *keystore, const struct hf_cert *cert)
{
    for (size_t i = 0; i < keystore->count; i++)
        if (keystore->entry[i].cert &&
            hf_cert_same(keystore->entry[i].cert, cert))
            return &keystore->entry[i];
    return NULL;
}

static bool has_trusted(const struct hf_keystore *keystore,
                        const struct hf_cert *cert)
{
    const struct hf_keystore_entry *entry = find_entry(keystore, cert);

    return entry && entry->kind == HF_KEYSTORE_TRUSTED;
}

static bool alias_is(const struct hf_keystore *keystore, size_t i,
                     const char *alias)
{
    const struct hf_keystore_entry *entry = find_entry(keystore, some.cert[i]);

    return entry && entry->alias && strcmp(entry->alias, alias) == 0;
}

/* Is every entry of `old` in `fresh` too, under its alias? */
static bool keeps(const struct hf_keystore *old,
                  const struct hf_keystore *fresh)
{
    for (size_t i = 0; i < old->count; i++) {
        const struct hf_keystore_entry *a = &old->entry[i];
        const struct hf_keystore_entry *b = find_entry(fresh, a->cert);

        if (!b || a->kind != b->kind || !a->alias != !b->alias ||
            (a->alias && strcmp(a->alias, b->alias) != 0))
            return false;
    }
    return old->keys == fresh->keys;
}

/* Aliases: all there, printable, lower case, no two the same. */
static bool aliases_are_good(const struct hf_keystore *keystore)
{
    for (size_t i = 0; i < keystore->count; i++) {
        const char *alias = keystore->entry[i].alias;

        if (keystore->entry[i].kind != HF_KEYSTORE_TRUSTED)
            continue;
        for (const char *c = alias; *c; c++)
            if (!isprint((unsigned char)*c))
                return false;
        for (size_t k = 0; k < i; k++)
            if (hf_view_same_nocase(hf_view_text(alias),
                                    hf_view_text(keystore->entry[k].alias)))
                return false;
    }
    return true;
}

static bool contains(struct hf_view hay, struct hf_view needle)
{
    return memmem(hay.ptr, hay.len, needle.ptr, needle.len) != NULL;
}

/* Is each safe of `old` in the other, as it was? */
static bool keeps_safes(struct hf_view old, struct hf_view fresh,
                        const char *password)
{
    struct hf_p12 p12;
    struct hf_err err;
    bool all = hf_p12_open(old, password, &p12, &err) == 0;

    for (size_t i = 0; i < p12.count; i++)
        all = all && contains(fresh, p12.safe[i].whole);
    hf_p12_done(&p12);
    return all;
}

/* --- files of keytool's --------------------------------------------------- */

static const struct {
    const char *file, *password;
    bool jks, ber;
} files[] = {
    { "two.jks", NULL, true, false },
    { "two.jks", "changeit", true, false },
    { "own.jks", "p\u00e4ssw\u00f6rt-\u20ac", true, false },
    { "secret.jceks", NULL, true, false },
    { "default.p12", NULL, false, false },
    { "own.p12", "secret", false, false },
    { "legacy.p12", NULL, false, false },
    { "bare.p12", NULL, false, false },
    { "pbmac1.p12", NULL, false, false },
    { "ber.p12", "secret", false, true },
};

static void read_file(size_t i, struct hf_buf *bytes)
{
    char path[100];

    (void)snprintf(path, sizeof(path), "keystores/%s", files[i].file);
    hf_data_read(path, bytes);
}

static void test_add(size_t i, struct hf_view was)
{
    HF_AUTO(hf_keystore_done)
    struct hf_keystore old = read_back(was, files[i].password);
    struct hf_err err;
    struct result first = change(was, files[i].password, &some, NULL, &err);
    struct hf_view now = hf_buf_peek(&first.out);
    struct result second = change(now, files[i].password, &some, NULL, &err);
    struct result third = change(now, files[i].password, NULL, &some, &err);
    HF_AUTO(hf_keystore_done)
    struct hf_keystore fresh = read_back(now, files[i].password);

    HF_CHECK(
        first.rc == 0 && first.added.count == some.count &&
            first.removed.count == 0 && fresh.count == old.count + some.count &&
            fresh.verified == old.verified && fresh.has_check == old.has_check,
        "%s: add three", files[i].file);
    HF_CHECK(has_trusted(&fresh, some.cert[0]) &&
                 has_trusted(&fresh, some.cert[1]) &&
                 has_trusted(&fresh, some.cert[2]) &&
                 aliases_are_good(&fresh) &&
                 alias_is(&fresh, 0, "new-root-1") &&
                 alias_is(&fresh, 2, "certificate"),
             "%s: they are trusted, with names", files[i].file);
    HF_CHECK(keeps(&old, &fresh) && (files[i].jks || files[i].ber ||
                                     keeps_safes(was, now, files[i].password)),
             "%s: the others are as they were", files[i].file);
    HF_CHECK(second.rc == 0 && second.added.count == 0 &&
                 hf_view_same(hf_buf_peek(&second.out), now),
             "%s: again: nothing changes", files[i].file);
    /* a PKCS#12 has another salt in its check sum each time */
    HF_CHECK(third.rc == 0 && third.removed.count == some.count &&
                 (!files[i].jks || hf_view_same(hf_buf_peek(&third.out), was)),
             "%s: taken out again", files[i].file);
    result_done(&first);
    result_done(&second);
    result_done(&third);
}

static void test_remove(size_t i, struct hf_view was)
{
    HF_AUTO(hf_keystore_done)
    struct hf_keystore old = read_back(was, files[i].password);
    struct hf_certs one = { 0 }, all = { 0 };
    struct hf_err err;

    for (size_t k = 0; k < old.count; k++) {
        if (old.entry[k].kind == HF_KEYSTORE_TRUSTED && one.count == 0)
            hf_certs_add(&one, old.entry[k].cert);
        hf_certs_add(&all, old.entry[k].cert);
    }
    for (int every = 0; every < 2; every++) {
        struct result result =
            change(was, files[i].password, NULL, every ? &all : &one, &err);
        HF_AUTO(hf_keystore_done)
        struct hf_keystore fresh =
            read_back(hf_buf_peek(&result.out), files[i].password);
        struct tally want = tally_of(&old);

        want.trusted = every ? 0 : want.trusted - one.count;
        HF_CHECK(result.rc == 0 && tally_is(tally_of(&fresh), want) &&
                     result.removed.count ==
                         tally_of(&old).trusted - want.trusted &&
                     keeps(&fresh, &old) && fresh.verified == old.verified,
                 "%s: remove %s", files[i].file,
                 every ? "all that are trusted" : "one");
        result_done(&result);
    }
    hf_certs_done(&one);
    hf_certs_done(&all);
}

static void test_both(size_t i, struct hf_view was)
{
    HF_AUTO(hf_keystore_done)
    struct hf_keystore old = read_back(was, files[i].password);
    struct hf_certs going = { 0 };
    struct hf_err err;
    struct result result;

    for (size_t k = 0; k < old.count; k++)
        if (old.entry[k].kind == HF_KEYSTORE_TRUSTED)
            hf_certs_add(&going, old.entry[k].cert);
    /* what is in both lists stays */
    hf_certs_add(&going, some.cert[0]);
    result = change(was, files[i].password, &some, &going, &err);
    {
        HF_AUTO(hf_keystore_done)
        struct hf_keystore fresh =
            read_back(hf_buf_peek(&result.out), files[i].password);

        HF_CHECK(result.rc == 0 && result.added.count == some.count &&
                     result.removed.count == going.count - 1 &&
                     tally_of(&fresh).trusted == some.count &&
                     fresh.keys == old.keys,
                 "%s: some go and some come", files[i].file);
    }
    result_done(&result);
    hf_certs_done(&going);
}

static void test_files(void)
{
    for (size_t i = 0; i < HF_COUNT(files); i++) {
        struct hf_buf bytes;

        read_file(i, &bytes);
        test_add(i, hf_buf_peek(&bytes));
        test_remove(i, hf_buf_peek(&bytes));
        test_both(i, hf_buf_peek(&bytes));
        hf_buf_done(&bytes);
    }
}

/* --- what is refused ------------------------------------------------------ */

static void test_refused(void)
{
    static const struct {
        const char *file, *password, *says;
        int rc;
    } row[] = {
        { "own.jks", NULL, "another password than the usual", HF_E_CRYPTO },
        { "own.jks", "wrong", "does not fit", HF_E_CRYPTO },
        { "own.p12", NULL, "does not fit", HF_E_CRYPTO },
        { "own.p12", "wrong", "does not fit", HF_E_CRYPTO },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err = { 0 };
        struct result result;
        struct hf_buf bytes;
        char path[100];

        (void)snprintf(path, sizeof(path), "keystores/%s", row[i].file);
        hf_data_read(path, &bytes);
        result =
            change(hf_buf_peek(&bytes), row[i].password, &some, NULL, &err);
        HF_CHECK(result.rc == row[i].rc && err_says(&err, row[i].says) &&
                     result.added.count == 0,
                 "not written: %s, password %s", row[i].file,
                 row[i].password ? row[i].password : "not given");
        result_done(&result);
        hf_buf_done(&bytes);
    }
}

static void test_unread(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf jceks = { 0 };
    struct hf_err err = { 0 };
    struct result result;

    hf_buf_init(&jceks, KEYSTORE_MAX);
    put_head(&jceks, 0xcececece, 2, 1);
    put_number(&jceks, 3, 4);
    put_utf(&jceks, "odd");
    put_number(&jceks, 0, 8);
    hf_buf_add(&jceks, "\xac\xed\0\5\x7e", 5);
    put_sum(&jceks);
    result = change(hf_buf_peek(&jceks), NULL, &some, NULL, &err);
    HF_CHECK(result.rc == HF_E_USAGE && err_says(&err, "offset 12: "),
             "not written: a JCEKS that is not understood");
    result_done(&result);
}

/* --- stores by hand ------------------------------------------------------- */

static void test_new(void)
{
    struct hf_err err;
    struct result none = change(hf_view(NULL, 0), NULL, NULL, &some, &err);
    struct result made = change(hf_view(NULL, 0), NULL, &some, NULL, &err);
    struct result own = change(hf_view(NULL, 0), "secret", &some, NULL, &err);
    HF_AUTO(hf_keystore_done)
    struct hf_keystore usual = read_back(hf_buf_peek(&made.out), "changeit");
    HF_AUTO(hf_keystore_done)
    struct hf_keystore other = read_back(hf_buf_peek(&own.out), "secret");

    HF_CHECK(none.rc == 0 && none.out.len == 0, "of nothing comes nothing");
    HF_CHECK(made.rc == 0 && usual.verified && usual.count == some.count &&
                 strcmp(usual.format, "JKS") == 0,
             "a new JKS has the usual password");
    HF_CHECK(own.rc == 0 && other.verified && other.count == some.count,
             "or the one that is given");
    result_done(&none);
    result_done(&made);
    result_done(&own);
}

static void test_version_1(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf jks = { 0 };
    struct hf_err err;
    struct result result;

    hf_buf_init(&jks, KEYSTORE_MAX);
    put_head(&jks, 0xfeedfeed, 1, 1);
    put_trusted(&jks, "NEW-ROOT-1", NULL, hf_view_text("damaged"));
    put_sum(&jks);
    result = change(hf_buf_peek(&jks), NULL, &some, NULL, &err);
    {
        HF_AUTO(hf_keystore_done)
        struct hf_keystore fresh = read_back(hf_buf_peek(&result.out), NULL);

        HF_CHECK(result.rc == 0 && fresh.verified && fresh.count == 4 &&
                     fresh.entry[0].fault &&
                     hf_buf_peek(&result.out).ptr[7] == 1,
                 "JKS of version 1, its damaged entry kept");
        HF_CHECK(fresh.count == 4 && aliases_are_good(&fresh),
                 "an alias that is taken, in capitals too, is not given");
    }
    result_done(&result);
}

/* A certificate that lies there for a key is not trusted: adding it is a
 * change, removing it is none. */
static void test_chain(void)
{
    struct hf_certs leaf = { 0 };
    struct hf_err err;

    for (size_t i = 0; i < HF_COUNT(files); i++) {
        struct result gone, added;
        struct hf_buf bytes;

        read_file(i, &bytes);
        HF_AUTO(hf_keystore_done)
        struct hf_keystore old =
            read_back(hf_buf_peek(&bytes), files[i].password);

        for (size_t k = 0; k < old.count; k++)
            if (old.entry[k].kind == HF_KEYSTORE_CHAIN)
                hf_certs_add(&leaf, old.entry[k].cert);
        gone =
            change(hf_buf_peek(&bytes), files[i].password, NULL, &leaf, &err);
        added =
            change(hf_buf_peek(&bytes), files[i].password, &leaf, NULL, &err);
        if (leaf.count > 0)
            HF_CHECK(gone.rc == 0 && gone.removed.count == 0 && added.rc == 0 &&
                         added.added.count == 1,
                     "%s: a key's certificate", files[i].file);
        result_done(&gone);
        result_done(&added);
        hf_certs_done(&leaf);
        hf_buf_done(&bytes);
    }
}

/* One after the other, as over years: the work to open the store is bounded.
 */
static void test_many(void)
{
    struct hf_keystore_edit edit = { .password = "secret", .now_s = NOW_S };
    EVP_PKEY *key = mint_key();
    struct hf_certs removed = { 0 }, added = { 0 };
    struct hf_buf bytes;
    struct hf_p12 p12;
    struct hf_err err;
    int rc = 0;

    hf_data_read("keystores/own.p12", &bytes);
    for (int i = 0; rc == 0 && i < 30; i++) {
        struct hf_cert *cert = MINT("Same", .issuer = "Same", .key = key,
                                    .by = key, .serial = i + 1);
        struct hf_certs one = { .cert = &cert, .count = 1 };
        struct hf_buf out;

        hf_buf_init(&out, KEYSTORE_MAX);
        edit.add = &one;
        rc = hf_keystore_write(hf_buf_peek(&bytes), &edit, &out, &added,
                               &removed, &err);
        hf_buf_done(&bytes);
        bytes = out;
        hf_cert_unref(cert);
    }
    {
        HF_AUTO(hf_keystore_done)
        struct hf_keystore fresh = read_back(hf_buf_peek(&bytes), "secret");

        HF_CHECK(rc == 0 && added.count == 30 &&
                     tally_of(&fresh).trusted == 31 && aliases_are_good(&fresh),
                 "thirty of one name, one after the other");
    }
    HF_CHECK(hf_p12_open(hf_buf_peek(&bytes), "secret", &p12, &err) == 0 &&
                 p12.count <= 8 && p12.encrypted == p12.count,
             "they share encrypted safes");
    hf_p12_done(&p12);
    hf_certs_done(&added);
    hf_buf_done(&bytes);
    EVP_PKEY_free(key);
}

/* Does OpenSSL open it, and the private key in it? */
static void test_openssl(void)
{
    static const char *const password[] = { "secret", "p\u00e4\u20ac", "" };
    EVP_PKEY *key = mint_key();
    HF_AUTO(hf_cert_unrefp)
    struct hf_cert *cert =
        MINT("leaf", .issuer = "leaf", .key = key, .by = key, .ext = MINT_LEAF);
    const unsigned char *at = hf_cert_der(cert).ptr;
    X509 *x509 = d2i_X509(NULL, &at, (long)hf_cert_der(cert).len);

    for (size_t i = 0; i < HF_COUNT(password); i++) {
        PKCS12 *p12 =
            PKCS12_create(password[i], "leaf", key, x509, NULL, 0, 0, 3, 3, 0);
        unsigned char *der = NULL;
        int len = i2d_PKCS12(p12, &der);
        struct hf_err err;
        struct result result =
            change(hf_view(der, (size_t)len), password[i], &some, NULL, &err);
        EVP_PKEY *opened = NULL;
        PKCS12 *changed;

        at = result.out.ptr;
        changed = d2i_PKCS12(NULL, &at, (long)result.out.len);
        HF_CHECK(result.rc == 0 && changed &&
                     PKCS12_parse(changed, password[i], &opened, NULL, NULL) &&
                     opened && EVP_PKEY_eq(opened, key) == 1,
                 "OpenSSL opens what was changed: password '%s'", password[i]);
        EVP_PKEY_free(opened);
        PKCS12_free(changed);
        PKCS12_free(p12);
        OPENSSL_free(der);
        result_done(&result);
    }
    X509_free(x509);
    EVP_PKEY_free(key);
}

/* --- memory runs out ------------------------------------------------------ */

struct oom {
    struct hf_buf bytes;
    const char *password;
    struct hf_certs going;
};

static int read_and_write(void *arg, struct hf_err *err)
{
    const struct oom *oom = arg;
    const struct hf_keystore_edit edit = { &some, &oom->going, oom->password,
                                           NOW_S };
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs added = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs removed = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };

    hf_buf_init(&out, KEYSTORE_MAX);
    if (hf_keystore_read(hf_buf_peek(&oom->bytes), oom->password, &keystore,
                         err) < 0 ||
        hf_keystore_write(hf_buf_peek(&oom->bytes), &edit, &out, &added,
                          &removed, err) < 0 ||
        hf_certs_check(&added, err) < 0)
        return hf_err_code(err);
    return hf_certs_check(&removed, err);
}

static void test_memory(void)
{
    for (size_t i = 0; i < HF_COUNT(files); i++) {
        struct oom oom = { .password = files[i].password };
        struct hf_keystore keystore;

        if (strcmp(files[i].file, "legacy.p12") == 0)
            continue; /* 100,000 rounds an attempt */
        read_file(i, &oom.bytes);
        keystore = read_back(hf_buf_peek(&oom.bytes), oom.password);
        for (size_t k = 0; k < keystore.count && oom.going.count == 0; k++)
            if (keystore.entry[k].kind == HF_KEYSTORE_TRUSTED)
                hf_certs_add(&oom.going, keystore.entry[k].cert);
        hf_oom_test(files[i].file, HF_OOM_OURS, read_and_write, &oom);
        hf_certs_done(&oom.going);
        hf_keystore_done(&keystore);
        hf_buf_done(&oom.bytes);
    }
}

static void make_some(void)
{
    static const char *const name[] = { "New Root, 1", "New (Root) 1",
                                        "\u65b0" };

    for (size_t i = 0; i < HF_COUNT(name); i++) {
        struct hf_cert *cert = root_cert(name[i]);

        hf_certs_add(&some, cert);
        hf_cert_unref(cert);
    }
}

int main(void)
{
    make_some();
    test_files();
    test_refused();
    test_unread();
    test_new();
    test_version_1();
    test_chain();
    test_many();
    test_openssl();
    test_memory();
    hf_certs_done(&some);
    return hf_test_end();
}
