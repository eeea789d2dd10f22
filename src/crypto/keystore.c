/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore.c - Java keystores: what their formats have in common. */
#include "crypto/keystore.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/utf16.h"
#include "base/utf8.h"
#include "crypto/keystore_parts.h"
#include "crypto/load.h"

#define SLUG_MAX 64 /* bytes of a name that an alias takes; ours */

const char *const hf_keystore_usual[2] = { "changeit", "" };

void hf_keystore_done(struct hf_keystore *keystore)
{
    for (size_t i = 0; i < keystore->count; i++) {
        hf_cert_unref(keystore->entry[i].cert);
        free(keystore->entry[i].alias);
        free(keystore->entry[i].fault);
    }
    free(keystore->entry);
    hf_texts_done(&keystore->key_alias);
    *keystore = (struct hf_keystore){ 0 };
}

/* --- what a reader found ------------------------------------------------- */

static int no_room(const struct hf_keystore *keystore, struct hf_err *err)
{
    if (keystore->count + keystore->keys < HF_KEYSTORE_ENTRIES_MAX)
        return 0;
    return HF_FAIL(err, HF_E_LIMIT,
                   "the keystore has more than %d certificates and keys",
                   HF_KEYSTORE_ENTRIES_MAX);
}

/* Takes what `entry` owns, also on failure. */
static int put(struct hf_keystore *keystore, struct hf_keystore_entry entry,
               struct hf_err *err)
{
    size_t count = keystore->count;
    int rc = no_room(keystore, err);

    /* room doubles at powers of two */
    if (rc == 0 && (count & (count - 1)) == 0) {
        struct hf_keystore_entry *grown = reallocarray(
            keystore->entry, count ? count * 2 : 1, sizeof(*grown));

        if (grown)
            keystore->entry = grown;
        else
            rc = HF_FAIL(err, HF_E_NOMEM, "no memory for %zu entries", count);
    }
    if (rc < 0) {
        hf_cert_unref(entry.cert);
        free(entry.alias);
        free(entry.fault);
        return rc;
    }
    keystore->entry[keystore->count++] = entry;
    return 0;
}

int hf_keystore_put_fault(struct hf_keystore *keystore, char *alias_take,
                          const char *fault, size_t offset, struct hf_err *err)
{
    struct hf_keystore_entry entry = { .alias = alias_take, .offset = offset };

    if (asprintf(&entry.fault, "offset %zu: %s", offset, fault) < 0) {
        free(alias_take);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a message");
    }
    return put(keystore, entry, err);
}

int hf_keystore_put(struct hf_keystore *keystore, char *alias_take,
                    struct hf_view der, enum hf_keystore_kind kind,
                    size_t offset, struct hf_err *err)
{
    struct hf_keystore_entry entry = { .alias = alias_take,
                                       .kind = kind,
                                       .offset = offset };
    char text[HF_ERR_TEXT * 2];
    int rc = hf_cert_new(der, &entry.cert, err);

    if (rc == HF_E_NOMEM) {
        free(alias_take);
        return rc;
    }
    if (rc == 0)
        return put(keystore, entry, err);
    hf_err_text(err, text, sizeof(text));
    return hf_keystore_put_fault(keystore, alias_take, text, offset, err);
}

int hf_keystore_put_key(struct hf_keystore *keystore, char *alias_take,
                        struct hf_err *err)
{
    if (no_room(keystore, err) < 0) {
        free(alias_take);
        return hf_err_code(err);
    }
    keystore->keys++;
    if (alias_take && !hf_texts_take(&keystore->key_alias, alias_take))
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an alias");
    return 0;
}

int hf_keystore_text(struct hf_view utf16le, char **ret_text,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf units = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    char *made;

    hf_buf_init(&units, HF_KEYSTORE_ALIAS_MAX * 2);
    hf_buf_init(&text, HF_KEYSTORE_ALIAS_MAX * 4);
    for (size_t i = 0; i + 2 <= utf16le.len; i += 2) {
        const uint8_t *unit = utf16le.ptr + i;

        hf_buf_add(&units,
                   unit[0] || unit[1] ? unit : (uint8_t[]){ 0xfd, 0xff }, 2);
    }
    hf_utf16le_to_utf8(&text, hf_buf_peek(&units));
    if (hf_buf_check(&units, err) < 0 || hf_buf_check(&text, err) < 0)
        return hf_err_code(err);
    made = hf_buf_steal(&text);
    if (!made)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an alias");
    *ret_text = made;
    return 0;
}

/* --- what a writer shall do ---------------------------------------------- */

void hf_keystore_change_done(struct hf_keystore_change *change)
{
    hf_certs_done(&change->added);
    hf_certs_done(&change->removed);
    hf_texts_done(&change->alias);
}

bool hf_keystore_goes(const struct hf_keystore_change *change,
                      struct hf_view der)
{
    for (size_t i = 0; i < change->removed.count; i++)
        if (hf_view_same(hf_cert_der(change->removed.cert[i]), der))
            return true;
    return false;
}

/* Java tells aliases apart without case. */
static bool is_alias(const char *have, const char *alias)
{
    return have && hf_view_same_nocase(hf_view_text(have), hf_view_text(alias));
}

static bool is_taken(const struct hf_keystore *keystore,
                     const struct hf_texts *fresh, const char *alias)
{
    for (size_t i = 0; i < keystore->count; i++)
        if (is_alias(keystore->entry[i].alias, alias))
            return true;
    for (size_t i = 0; i < keystore->key_alias.count; i++)
        if (is_alias(keystore->key_alias.text[i], alias))
            return true;
    for (size_t i = 0; i < fresh->count; i++)
        if (is_alias(fresh->text[i], alias))
            return true;
    return false;
}

/* The name; where it is taken, with more and more of the certificate's hash. */
static int make_alias(const struct hf_keystore *keystore, struct hf_cert *cert,
                      struct hf_texts *fresh, struct hf_err *err)
{
    static const size_t digits[] = { 0, 8, 16, 64 };
    const struct hf_cert_info *info = hf_cert_info(cert, err);
    char name[SLUG_MAX + 1], hex[2 * HF_SHA256_LEN + 1];

    if (!info)
        return HF_WRAP(err, "the certificate to add");
    hf_utf8_slug(info->name, name, sizeof(name));
    hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), hex);
    for (size_t i = 0; i < HF_COUNT(digits); i++) {
        char *alias;

        if (asprintf(&alias, "%s%s%.*s", name[0] ? name : "certificate",
                     digits[i] ? "-" : "", (int)digits[i], hex) < 0)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for an alias");
        if (is_taken(keystore, fresh, alias))
            free(alias);
        else
            return hf_texts_take(fresh, alias)
                       ? 0
                       : HF_FAIL(err, HF_E_NOMEM, "no memory for an alias");
    }
    return HF_FAIL(err, HF_E_LIMIT,
                   "each alias for '%s' is taken by another entry", name);
}

int hf_keystore_choose(const struct hf_keystore *keystore,
                       const struct hf_keystore_edit *edit,
                       struct hf_keystore_change *ret_change,
                       struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs trusted = { 0 };
    struct hf_keystore_change *change = ret_change;

    for (size_t i = 0; i < keystore->count; i++) {
        const struct hf_keystore_entry *entry = &keystore->entry[i];

        if (entry->cert && entry->kind == HF_KEYSTORE_TRUSTED)
            hf_certs_add(&trusted, entry->cert);
    }
    for (size_t i = 0; edit->remove && i < edit->remove->count; i++) {
        struct hf_cert *cert = edit->remove->cert[i];
        const uint8_t *sha256 = hf_cert_sha256(cert);

        if (hf_certs_by_sha256(&trusted, sha256) &&
            !hf_certs_by_sha256(&change->removed, sha256) &&
            !(edit->add && hf_certs_by_sha256(edit->add, sha256)))
            hf_certs_add(&change->removed, cert);
    }
    for (size_t i = 0; edit->add && i < edit->add->count; i++) {
        struct hf_cert *cert = edit->add->cert[i];

        if (hf_certs_by_sha256(&trusted, hf_cert_sha256(cert)) ||
            hf_certs_by_sha256(&change->added, hf_cert_sha256(cert)))
            continue;
        hf_certs_add(&change->added, cert);
        if (make_alias(keystore, cert, &change->alias, err) < 0)
            return hf_err_code(err);
    }
    if (keystore->count + keystore->keys + change->added.count >
        HF_KEYSTORE_ENTRIES_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the keystore would have more than %d certificates and "
                       "keys",
                       HF_KEYSTORE_ENTRIES_MAX);
    if (hf_certs_check(&trusted, err) < 0 ||
        hf_certs_check(&change->added, err) < 0)
        return hf_err_code(err);
    return hf_certs_check(&change->removed, err);
}

/* --- formats ------------------------------------------------------------- */

const char *hf_keystore_format(struct hf_view bytes)
{
    if (hf_view_starts(bytes, "\xfe\xed\xfe\xed"))
        return "JKS";
    if (hf_view_starts(bytes, "\xce\xce\xce\xce"))
        return "JCEKS";
    return hf_view_starts(bytes, "\x30") ? "PKCS#12" : NULL;
}

static int check_format(struct hf_view bytes, struct hf_err *err)
{
    if (bytes.len > HF_LOAD_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "%zu bytes: at most %d are read",
                       bytes.len, HF_LOAD_MAX);
    if (bytes.len > 0 && !hf_keystore_format(bytes))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: byte 0x%02x: a Java keystore begins with "
                       "feedfeed (JKS), cececece (JCEKS) or 30 (PKCS#12)",
                       bytes.ptr[0]);
    return 0;
}

static bool is_p12(struct hf_view bytes)
{
    return hf_view_starts(bytes, "\x30");
}

int hf_keystore_read(struct hf_view bytes, const char *password,
                     struct hf_keystore *ret_keystore, struct hf_err *err)
{
    struct hf_keystore keystore = { .format = "JKS" };
    int rc = check_format(bytes, err);

    if (rc == 0 && bytes.len > 0) {
        keystore.format = hf_keystore_format(bytes);
        rc = is_p12(bytes) ? hf_p12_read(bytes, password, &keystore, err)
                           : hf_jks_read(bytes, password, &keystore, err);
    }
    if (rc < 0) {
        hf_keystore_done(&keystore);
        return rc;
    }
    *ret_keystore = keystore;
    return 0;
}

static int write_to(struct hf_view bytes, const struct hf_keystore_edit *edit,
                    struct hf_keystore_change *change, struct hf_buf *out,
                    struct hf_err *err)
{
    int rc = is_p12(bytes) ? hf_p12_write(bytes, edit, change, out, err)
                           : hf_jks_write(bytes, edit, change, out, err);

    if (rc < 0)
        return rc;
    if (hf_keystore_is_idle(change))
        hf_buf_view(out, bytes);
    if (out->len > HF_LOAD_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "the keystore would have %zu bytes: at most %d are read",
                       out->len, HF_LOAD_MAX);
    return hf_buf_check(out, err);
}

int hf_keystore_write(struct hf_view bytes, const struct hf_keystore_edit *edit,
                      struct hf_buf *out, struct hf_certs *ret_added,
                      struct hf_certs *ret_removed, struct hf_err *err)
{
    HF_AUTO(hf_keystore_change_done) struct hf_keystore_change change = { 0 };

    if (check_format(bytes, err) < 0 ||
        write_to(bytes, edit, &change, out, err) < 0)
        return hf_err_code(err);
    hf_certs_add_all(ret_added, &change.added);
    hf_certs_add_all(ret_removed, &change.removed);
    return 0;
}
