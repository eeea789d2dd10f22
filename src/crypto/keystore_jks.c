/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_jks.c - Java's own keystore formats, JKS and JCEKS.
 *
 * Source: OpenJDK sun.security.provider.JavaKeyStore and
 * com.sun.crypto.provider.JceKeyStore, engineLoad and engineStore. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/utf8.h"
#include "crypto/cert_x509.h"
#include "crypto/keystore_parts.h"
#include "crypto/load.h"

#define MAGIC_JKS 0xfeedfeedu
#define MAGIC_JCEKS 0xcecececeu
#define HEAD_LEN 12 /* magic, version, count */
#define SUM_LEN HF_SHA1_LEN
#define SALT                                                                   \
    "Mighty Aphrodite" /* the author's choice, in every JDK since 1.2 */

enum tag { TAG_KEY = 1, TAG_TRUSTED = 2, TAG_SECRET = 3 };

struct jks {
    struct hf_view all;
    struct hf_rd rd; /* at the next entry */
    uint32_t magic, version, count;
    uint32_t seen; /* entries */
};

struct entry {
    size_t at; /* bytes from the start */
    uint32_t tag;
    struct hf_view whole;
    struct hf_view alias; /* modified UTF-8 */
    struct hf_view type;  /* "X.509", of a trusted certificate */
    struct hf_view der;
    struct hf_rd chain; /* of a key */
    uint32_t chain_count;
};

static size_t where(const struct jks *jks)
{
    return jks->all.len - jks->rd.left;
}

/* --- the check sum ------------------------------------------------------- */

/* The password as Java's characters; nothing of it is copied to the heap. */
static void digest_password(EVP_MD_CTX *ctx, const char *password)
{
    struct hf_view rest = hf_view_text(password);
    uint8_t units[4];

    while (rest.len > 0) {
        size_t len = hf_utf8_len(rest), n = 0;
        uint32_t point = len ? hf_utf8_point(rest, len) : rest.ptr[0];

        if (point >= 0x10000) {
            uint32_t high = 0xd800 + ((point - 0x10000) >> 10);

            units[n++] = (uint8_t)(high >> 8);
            units[n++] = (uint8_t)high;
            point = 0xdc00 + ((point - 0x10000) & 0x3ff);
        }
        units[n++] = (uint8_t)(point >> 8);
        units[n++] = (uint8_t)point;
        (void)EVP_DigestUpdate(ctx, units, n);
        rest = hf_view_from(rest, len ? len : 1);
    }
    explicit_bzero(units, sizeof(units));
}

static int sum_of(struct hf_view bytes, const char *password,
                  uint8_t ret_sum[SUM_LEN], struct hf_err *err)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL);

    if (good) {
        digest_password(ctx, password);
        good = EVP_DigestUpdate(ctx, SALT, strlen(SALT)) &&
               EVP_DigestUpdate(ctx, bytes.ptr, bytes.len) &&
               EVP_DigestFinal_ex(ctx, ret_sum, NULL);
    }
    EVP_MD_CTX_free(ctx);
    return good ? 0 : hf_fail_crypto(err, HF_E_NOMEM, "no SHA-1 of a keystore");
}

static int fits(struct hf_view bytes, const char *password, bool *ret_fits,
                struct hf_err *err)
{
    size_t len = bytes.len - SUM_LEN;
    uint8_t sum[SUM_LEN];

    if (sum_of(hf_view(bytes.ptr, len), password, sum, err) < 0)
        return hf_err_code(err);
    *ret_fits = CRYPTO_memcmp(sum, bytes.ptr + len, SUM_LEN) == 0;
    return 0;
}

/* The password, or the usual one that fits; NULL: none does. */
static int find_password(struct hf_view bytes, const char *given,
                         const char **ret_password, struct hf_err *err)
{
    const char *const *tries = given ? &given : hf_keystore_usual;
    size_t count = given ? 1 : HF_COUNT(hf_keystore_usual);
    const char *found = NULL;

    for (size_t i = 0; i < count && !found; i++) {
        bool good;

        if (fits(bytes, tries[i], &good, err) < 0)
            return hf_err_code(err);
        found = good ? tries[i] : NULL;
    }
    *ret_password = found;
    return 0;
}

/* --- reading ------------------------------------------------------------- */

static int fail_cut(const struct jks *jks, size_t at, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE,
                   "offset %zu: the keystore is cut or malformed in entry %u "
                   "of %u",
                   at, jks->seen + 1, jks->count);
}

static int open_jks(struct hf_view bytes, struct jks *ret_jks,
                    struct hf_err *err)
{
    struct jks jks = { .all = bytes, .rd = hf_rd(bytes) };

    jks.magic = hf_rd_uint(&jks.rd, 4);
    jks.version = hf_rd_uint(&jks.rd, 4);
    jks.count = hf_rd_uint(&jks.rd, 4);
    if (jks.rd.bad || jks.rd.left < SUM_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the keystore is cut: %d bytes at least are "
                       "expected",
                       bytes.len, HEAD_LEN + SUM_LEN);
    if (jks.version != 1 && jks.version != 2)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 4: version %u: 1 or 2 is expected", jks.version);
    *ret_jks = jks;
    return 0;
}

/* Version 2 names the type of each certificate. */
static struct hf_view take_cert(struct hf_rd *rd, uint32_t version,
                                struct hf_view *ret_type)
{
    *ret_type = version == 2 ? hf_rd_bytes(rd, hf_rd_uint(rd, 2))
                             : hf_view_text("X.509");
    return hf_rd_bytes(rd, hf_rd_uint(rd, 4));
}

static void take_key(struct jks *jks, struct entry *entry)
{
    struct hf_rd *rd = &jks->rd;
    struct hf_view type;

    (void)hf_rd_bytes(rd, hf_rd_uint(rd, 4)); /* encrypted */
    entry->chain_count = hf_rd_uint(rd, 4);
    entry->chain = *rd;
    /* each takes 4 bytes or more: a false count ends with the file */
    for (uint32_t i = 0; i < entry->chain_count && !rd->bad; i++)
        (void)take_cert(rd, jks->version, &type);
}

/* Returns 1, 0 for a secret key that is not understood, or HF_E_PARSE. */
static int next_entry(struct jks *jks, struct entry *ret_entry,
                      struct hf_err *err)
{
    struct entry entry = { .at = where(jks) };
    const uint8_t *start = jks->rd.at;
    struct hf_rd *rd = &jks->rd;

    entry.tag = hf_rd_uint(rd, 4);
    entry.alias = hf_rd_bytes(rd, hf_rd_uint(rd, 2));
    (void)hf_rd_bytes(rd, 8); /* date */
    if (entry.tag == TAG_KEY)
        take_key(jks, &entry);
    else if (entry.tag == TAG_TRUSTED)
        entry.der = take_cert(rd, jks->version, &entry.type);
    else if (entry.tag != TAG_SECRET || jks->magic != MAGIC_JCEKS)
        return rd->bad
                   ? fail_cut(jks, entry.at, err)
                   : HF_FAIL(err, HF_E_PARSE,
                             "offset %zu: entry %u of %u is of kind %u: 1 "
                             "(key) or 2 (certificate) is expected",
                             entry.at, jks->seen + 1, jks->count, entry.tag);
    if (rd->bad)
        return fail_cut(jks, entry.at, err);
    if (entry.alias.len > HF_KEYSTORE_ALIAS_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset %zu: an alias of %zu bytes: at most %d are read",
                       entry.at, entry.alias.len, HF_KEYSTORE_ALIAS_MAX);
    jks->seen++;
    if (entry.tag == TAG_SECRET && !hf_java_object_skip(rd)) {
        *ret_entry = entry;
        return 0;
    }
    entry.whole = hf_view(start, (size_t)(rd->at - start));
    *ret_entry = entry;
    return 1;
}

static void put_unit(struct hf_buf *units, uint32_t unit)
{
    const uint8_t le[2] = { (uint8_t)unit, (uint8_t)(unit >> 8) };

    hf_buf_add(units, le, sizeof(le));
}

/* Java's modified UTF-8: UTF-16 units, each in one to three bytes. */
static int alias_of(struct hf_view alias, char **ret_text, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf units = { 0 };
    const uint8_t *p = alias.ptr;

    hf_buf_init(&units, HF_KEYSTORE_ALIAS_MAX * 2);
    for (size_t i = 0; i < alias.len;) {
        size_t left = alias.len - i;

        if (p[i] < 0x80) {
            put_unit(&units, p[i]);
            i++;
        } else if ((p[i] & 0xe0) == 0xc0 && left > 1 &&
                   (p[i + 1] & 0xc0) == 0x80) {
            put_unit(&units, (uint32_t)(p[i] & 0x1f) << 6 | (p[i + 1] & 0x3f));
            i += 2;
        } else if ((p[i] & 0xf0) == 0xe0 && left > 2 &&
                   (p[i + 1] & 0xc0) == 0x80 && (p[i + 2] & 0xc0) == 0x80) {
            put_unit(&units, (uint32_t)(p[i] & 0x0f) << 12 |
                                 (uint32_t)(p[i + 1] & 0x3f) << 6 |
                                 (p[i + 2] & 0x3f));
            i += 3;
        } else {
            put_unit(&units, 0xfffd);
            i++;
        }
    }
    if (hf_buf_check(&units, err) < 0)
        return hf_err_code(err);
    return hf_keystore_text(hf_buf_peek(&units), ret_text, err);
}

static bool is_x509(struct hf_view type)
{
    return hf_view_is(type, "X.509") || hf_view_is(type, "X509");
}

static int put_cert(struct hf_keystore *keystore, const struct entry *entry,
                    struct hf_view type, struct hf_view der, struct hf_err *err)
{
    char *alias = NULL;

    if (alias_of(entry->alias, &alias, err) < 0)
        return hf_err_code(err);
    if (!is_x509(type))
        return hf_keystore_put_fault(
            keystore, alias, "a certificate that is not X.509", entry->at, err);
    return hf_keystore_put(keystore, alias, der,
                           entry->tag == TAG_TRUSTED ? HF_KEYSTORE_TRUSTED
                                                     : HF_KEYSTORE_CHAIN,
                           entry->at, err);
}

static int put_entry(const struct jks *jks, struct hf_keystore *keystore,
                     struct entry *entry, struct hf_err *err)
{
    struct hf_view type, der;
    char *alias = NULL;

    if (entry->tag == TAG_TRUSTED)
        return put_cert(keystore, entry, entry->type, entry->der, err);
    if (alias_of(entry->alias, &alias, err) < 0 ||
        hf_keystore_put_key(keystore, alias, err) < 0)
        return hf_err_code(err);
    for (uint32_t i = 0; i < entry->chain_count; i++) {
        der = take_cert(&entry->chain, jks->version, &type);
        if (put_cert(keystore, entry, type, der, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* A secret key of a form that is not known: what follows is out of reach. */
static int put_unread(const struct jks *jks, struct hf_keystore *keystore,
                      const struct entry *entry, struct hf_err *err)
{
    char *alias = NULL;

    keystore->unread = jks->count - jks->seen;
    if (alias_of(entry->alias, &alias, err) < 0)
        return hf_err_code(err);
    return hf_keystore_put_fault(
        keystore, alias,
        "a secret key in a form that is not understood: entries after it are "
        "not read",
        entry->at, err);
}

static int read_entries(struct jks *jks, struct hf_keystore *keystore,
                        struct hf_err *err)
{
    struct entry entry;

    while (jks->seen < jks->count) {
        int rc = next_entry(jks, &entry, err);

        if (rc < 0)
            return rc;
        if (rc == 0)
            return put_unread(jks, keystore, &entry, err);
        if (put_entry(jks, keystore, &entry, err) < 0)
            return hf_err_code(err);
    }
    if (jks->rd.left != SUM_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: %zu bytes after the last of %u entries: a "
                       "check sum of %d is expected",
                       where(jks), jks->rd.left, jks->count, SUM_LEN);
    return 0;
}

/* ret_password: the one that fits, NULL where none was given and none does. */
static int read_jks(struct hf_view bytes, const char *given,
                    struct hf_keystore *keystore, const char **ret_password,
                    struct hf_err *err)
{
    struct jks jks;
    const char *password;

    if (open_jks(bytes, &jks, err) < 0 ||
        read_entries(&jks, keystore, err) < 0 ||
        find_password(bytes, given, &password, err) < 0)
        return hf_err_code(err);
    if (given && !password)
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the check sum at offset %zu does not fit: another "
                       "password, or the keystore is damaged",
                       bytes.len - SUM_LEN);
    keystore->has_check = true;
    keystore->verified = password != NULL;
    *ret_password = password;
    return 0;
}

int hf_jks_read(struct hf_view bytes, const char *password,
                struct hf_keystore *keystore, struct hf_err *err)
{
    const char *found;

    return read_jks(bytes, password, keystore, &found, err);
}

/* --- writing ------------------------------------------------------------- */

static void put_uint(struct hf_buf *out, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        const uint8_t byte = (uint8_t)(value >> (8 * i));

        hf_buf_add(out, &byte, 1);
    }
}

static void put_text(struct hf_buf *out, const char *text)
{
    put_uint(out, strlen(text), 2);
    hf_buf_text(out, text);
}

static void put_new(struct hf_buf *out, uint32_t version, const char *alias,
                    struct hf_view der, int64_t now_s)
{
    put_uint(out, TAG_TRUSTED, 4);
    put_text(out, alias);
    put_uint(out, (uint64_t)now_s * 1000, 8);
    if (version == 2)
        put_text(out, "X.509");
    put_uint(out, der.len, 4);
    hf_buf_view(out, der);
}

/* What stays, as it is; then what comes. Returns how many entries that is. */
static int put_entries(struct jks *jks, const struct hf_keystore_change *change,
                       int64_t now_s, struct hf_buf *out, struct hf_err *err)
{
    struct entry entry;
    int count = 0;

    while (jks->seen < jks->count) {
        int rc = next_entry(jks, &entry, err);

        if (rc < 0)
            return rc;
        if (rc == 0)
            return HF_FAIL(err, HF_E_USAGE,
                           "offset %zu: a secret key in a form that is not "
                           "understood: such a keystore is not changed",
                           entry.at);
        if (entry.tag == TAG_TRUSTED && is_x509(entry.type) &&
            hf_keystore_goes(change, entry.der))
            continue;
        hf_buf_view(out, entry.whole);
        count++;
    }
    for (size_t i = 0; i < change->added.count; i++) {
        put_new(out, jks->version, change->alias.text[i],
                hf_cert_der(change->added.cert[i]), now_s);
        count++;
    }
    return count;
}

static int write_jks(struct hf_view bytes,
                     const struct hf_keystore_change *change,
                     const struct hf_keystore_edit *edit, struct hf_buf *out,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf entries = { 0 };
    size_t start = out->len;
    struct jks jks;
    int count;

    hf_buf_init(&entries, HF_LOAD_MAX);
    if (open_jks(bytes, &jks, err) < 0)
        return hf_err_code(err);
    count = put_entries(&jks, change, edit->now_s, &entries, err);
    if (count < 0 || hf_buf_check(&entries, err) < 0)
        return hf_err_code(err);
    put_uint(out, jks.magic, 4);
    put_uint(out, jks.version, 4);
    put_uint(out, (uint64_t)count, 4);
    hf_buf_view(out, hf_buf_peek(&entries));
    if (hf_buf_check(out, err) < 0)
        return hf_err_code(err);
    return (int)(out->len - start);
}

int hf_jks_write(struct hf_view bytes, const struct hf_keystore_edit *edit,
                 struct hf_keystore_change *change, struct hf_buf *out,
                 struct hf_err *err)
{
    /* a store without entries, and without a check sum that means anything */
    static const uint8_t empty[HEAD_LEN + SUM_LEN] = { 0xfe, 0xed, 0xfe, 0xed,
                                                       0,    0,    0,    2 };
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    const char *password =
        edit->password ? edit->password : hf_keystore_usual[0];
    uint8_t sum[SUM_LEN];
    int len;

    if (bytes.len == 0)
        bytes = hf_view(empty, sizeof(empty));
    else if (read_jks(bytes, edit->password, &keystore, &password, err) < 0)
        return hf_err_code(err);
    if (hf_keystore_choose(&keystore, edit, change, err) < 0)
        return hf_err_code(err);
    if (hf_keystore_is_idle(change))
        return 0;
    if (!password)
        return HF_FAIL(err, HF_E_CRYPTO,
                       "the keystore has another password than the usual "
                       "'%s'",
                       hf_keystore_usual[0]);
    len = write_jks(bytes, change, edit, out, err);
    if (len < 0 || sum_of(hf_view(out->ptr + out->len - len, (size_t)len),
                          password, sum, err) < 0)
        return hf_err_code(err);
    hf_buf_add(out, sum, sizeof(sum));
    return 0;
}
