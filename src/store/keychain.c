/* SPDX-License-Identifier: Apache-2.0 */
/* store/keychain.c - a macOS keychain file, which is read and never changed.
 *
 * A keychain holds certificates; whether one is trusted stands elsewhere. What
 * an entry is to the Mac's programs follows from which keychain it is in:
 * - a file with nothing but certificates (SystemRootCertificates, X509Anchors)
 *   is Apple's list of roots: anchors;
 * - SystemCACertificates is its list of intermediates: issuers;
 * - System and login, and any other with keys or passwords in it, are where
 *   certificates are kept: held. A root added there counts only by the trust
 *   settings of the administrator or user, which are no part of the file. */
#include <stdio.h>

#include "base/utf8.h"
#include "plat/file.h"
#include "store/kind.h"
#include "store/kych.h"
#include "store/layout.h"

#define LABEL_MAX 256 /* bytes; ours: names of certificates have under 100 */

struct reading {
    const struct hf_store *store;
    struct hf_store_list *list;
};

static const struct {
    const char *name;
    enum hf_standing standing;
} keychains[] = {
    { "System.keychain", HF_STANDING_HELD },
    { "login.keychain", HF_STANDING_HELD },
    { "login.keychain-db", HF_STANDING_HELD },
    { "SystemCACertificates.keychain", HF_STANDING_ISSUER },
};

static enum hf_standing standing_of(const char *path, bool has_keys)
{
    const char *slash = strrchr(path, '/');
    struct hf_view name = hf_view_text(slash ? slash + 1 : path);

    for (size_t i = 0; i < HF_COUNT(keychains); i++)
        if (hf_view_same_nocase(name, hf_view_text(keychains[i].name)))
            return keychains[i].standing;
    return has_keys ? HF_STANDING_HELD : HF_STANDING_ANCHOR;
}

/* Names from before Unicode are in encodings nobody noted: what is not UTF-8 is
 * spelled out. */
static int read_label(struct hf_view name, char **ret_label, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    while (name.len > 0 && name.ptr[name.len - 1] == '\0')
        name.len--;
    if (name.len == 0)
        return 0;
    name.len = name.len < LABEL_MAX ? name.len : LABEL_MAX;
    hf_buf_init(&text, 4 * LABEL_MAX);
    hf_utf8_safe(&text, name);
    if (hf_buf_check(&text, err) < 0)
        return hf_err_code(err);
    *ret_label = hf_buf_steal(&text);
    return *ret_label ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

static int add_entry(struct reading *reading,
                     const struct hf_kych_record *record, const char *where,
                     struct hf_err *err)
{
    struct hf_store_entry *entry;

    if (record->fault)
        return hf_store_list_fault(reading->list, where, record->fault, err);
    if (hf_store_list_der(reading->list, record->der, where, &entry, err) < 0)
        return hf_err_code(err);
    return entry ? read_label(record->label, &entry->label, err) : 0;
}

static int read_one(void *user, const struct hf_kych_record *record,
                    struct hf_err *err)
{
    struct reading *reading = user;
    HF_AUTO(hf_free_ptr) char *where = NULL;

    if (asprintf(&where, "%s: offset %zu", reading->store->path,
                 record->offset) < 0) {
        where = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    return add_entry(reading, record, where, err);
}

static int missing(struct hf_store_list *list, const char *why,
                   const struct hf_kych_about *about, struct hf_err *err)
{
    char *text;
    int rc = why ? asprintf(&text, "%s", why)
                 : asprintf(&text, "%zu certificates are announced, %zu found",
                            about->announced, about->present);

    if (rc < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    list->incomplete = text;
    return 0;
}

static int read_bytes(const struct hf_store *store, struct hf_view bytes,
                      struct hf_store_list *list, struct hf_err *err)
{
    struct reading reading = { store, list };
    struct hf_kych_about about = { 0 };
    struct hf_err inner = { 0 };
    int rc = hf_kych_read(bytes, read_one, &reading, &about, &inner);

    if (rc < 0 && (rc != HF_E_PARSE || list->count == 0)) {
        *err = inner;
        return HF_WRAP(err, "'%s'", store->path);
    }
    for (size_t i = 0; i < list->count; i++)
        list->entry[i].standing = standing_of(store->path, about.has_keys);
    if (rc < 0)
        return missing(list, inner.frame[0].text, &about, err);
    return about.present < about.announced ? missing(list, NULL, &about, err)
                                           : 0;
}

static int keychain_read(const struct hf_store *store,
                         struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    hf_buf_init(&bytes, HF_KYCH_MAX);
    if (hf_store_bytes(store, NULL, &bytes, err) < 0)
        return hf_err_code(err);
    return read_bytes(store, hf_buf_peek(&bytes), list, err);
}

static int keychain_may_change(const struct hf_store *store, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_DENIED,
                   "'%s' is changed on the Mac itself: sudo security "
                   "add-trusted-cert -d -r trustRoot -k "
                   "/Library/Keychains/System.keychain FILE, or "
                   "remove-trusted-cert -d FILE",
                   store->path);
}

static int keychain_stage(const struct hf_store *store, struct hf_edit *edit,
                          struct hf_err *err)
{
    (void)edit;
    return keychain_may_change(store, err);
}

static const struct hf_store_ops keychain_ops = {
    .read = keychain_read,
    .may_change = keychain_may_change,
    .stage = keychain_stage,
};

int hf_keychain_open(struct hf_store *store, const char *path,
                     struct hf_err *err)
{
    if (hf_store_set_file(store, path, err) < 0)
        return hf_err_code(err);
    store->ops = &keychain_ops;
    store->stack = HF_STACK_MACOS;
    store->kind = "macOS keychain";
    return 0;
}

/* --- found below a root -------------------------------------------------- */

static int find_one(const char *root, const char *path,
                    struct hf_stores *stores, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    HF_AUTO(hf_free_ptr) char *spec = NULL;
    bool has;

    if (hf_layout_has(root, path, &has, err) < 0)
        return hf_err_code(err);
    if (!has)
        return 0;
    if (hf_store_real_or(root, path, &real, err) < 0)
        return hf_err_code(err);
    if (asprintf(&spec, "keychain:%s", real) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    return hf_stores_add(stores, root, spec, err);
}

int hf_keychain_find(const char *root, struct hf_stores *stores,
                     struct hf_err *err)
{
    static const char *const paths[] = {
        "/System/Library/Keychains/SystemRootCertificates.keychain",
        "/Library/Keychains/System.keychain",
    };

    for (size_t i = 0; i < HF_COUNT(paths); i++)
        if (find_one(root, paths[i], stores, err) < 0)
            return hf_err_code(err);
    return 0;
}
