/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows_stage.c - certificates into a Windows registry, and out of it.
 */
#include <ctype.h>

#include "base/hex.h"
#include "store/placelook.h"
#include "store/windows.h"

struct staging {
    const struct hf_store *store;
    struct hf_edit *edit;
    struct hf_registry *registry; /* as it shall be */
    struct hf_places places;      /* as they were */
    bool touched;
};

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
}

static void thumbprint(struct hf_cert *cert, char ret_name[2 * HF_SHA1_LEN + 1])
{
    hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), ret_name);
    for (char *c = ret_name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
}

/* The key of a certificate in the store `store_key`. */
static char *cert_key(const char *store_key, struct hf_cert *cert)
{
    HF_AUTO(hf_free_ptr) char *below = hf_key_join(store_key, "Certificates");
    char name[2 * HF_SHA1_LEN + 1];

    thumbprint(cert, name);
    return below ? hf_key_join(below, name) : NULL;
}

/* Does the store hold this very certificate? A damaged entry holds none. */
static int holds(const struct staging *staging, const char *key,
                 struct hf_cert *cert, bool *ret_holds, struct hf_err *err)
{
    HF_AUTO(hf_windows_entry_done) struct hf_windows_entry entry = { 0 };
    char name[2 * HF_SHA1_LEN + 1];
    struct hf_err why;
    int rc;

    *ret_holds = false;
    if (!hf_registry_has(staging->registry, key))
        return 0;
    thumbprint(cert, name);
    rc = hf_windows_entry_read(staging->registry, key, name, &entry, &why);
    if (hf_places_fatal(rc)) {
        *err = why;
        return rc;
    }
    *ret_holds = rc == 0 && hf_cert_same(entry.cert, cert);
    return 0;
}

/* Keeps that `cert` came into, or went out of, the store `name`. */
static int record(struct hf_certs *certs, struct hf_texts *parts,
                  struct hf_cert *cert, const char *name, struct hf_err *err)
{
    hf_certs_add(certs, cert);
    if (!hf_texts_take(parts, hf_view_dup(hf_view_text(name))))
        return no_memory(err);
    return hf_certs_check(certs, err);
}

/* --- out ---------------------------------------------------------------------
 * A store that refuses certificates is left alone unless it was named: taking a
 * certificate out of it would lift the refusal. */

static bool is_spared(const struct staging *staging,
                      const struct hf_place *place)
{
    return !place->selected || place->fault ||
           strpbrk(place->name, "#\r\n") || /* no note can name it */
           (place->standing == HF_STANDING_REFUSED && !staging->store->part);
}

static int remove_from(struct staging *staging, const struct hf_place *place,
                       struct hf_cert *cert, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *key = cert_key(place->key, cert);
    bool is_there;

    if (!key)
        return no_memory(err);
    if (holds(staging, key, cert, &is_there, err) < 0)
        return hf_err_code(err);
    if (!is_there)
        return 0;
    if (hf_windows_keep_blob(staging->store, staging->registry, key, cert,
                             staging->edit->set, err) < 0 ||
        hf_registry_drop(staging->registry, key, err) < 0)
        return hf_err_code(err);
    staging->touched = true;
    return record(&staging->edit->removed, &staging->edit->removed_in, cert,
                  place->name, err);
}

static int remove_one(struct staging *staging, struct hf_cert *cert,
                      struct hf_err *err)
{
    for (size_t i = 0; i < staging->places.count; i++)
        if (!is_spared(staging, &staging->places.place[i]) &&
            remove_from(staging, &staging->places.place[i], cert, err) < 0)
            return hf_err_code(err);
    return 0;
}

/* --- in ----------------------------------------------------------------------
 */

/* Is it where it would have its effect: in the store named, or, with none
 * named, in any that gives it the standing it shall have? */
static int is_there_already(const struct staging *staging, struct hf_cert *cert,
                            enum hf_standing standing, bool *ret_is,
                            struct hf_err *err)
{
    *ret_is = false;
    for (size_t i = 0; i < staging->places.count && !*ret_is; i++) {
        const struct hf_place *place = &staging->places.place[i];
        HF_AUTO(hf_free_ptr) char *key = NULL;

        if (!place->selected || place->fault ||
            (!staging->store->part && place->standing != standing))
            continue;
        key = cert_key(place->key, cert);
        if (!key)
            return no_memory(err);
        if (holds(staging, key, cert, ret_is, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int put(struct staging *staging, const char *store_key,
               struct hf_cert *cert, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf blob = { 0 };
    HF_AUTO(hf_free_ptr) char *key = cert_key(store_key, cert);
    char name[] = "Blob";
    struct hf_reg_value value = { .name = name, .type = HF_REG_BINARY };

    if (!key)
        return no_memory(err);
    hf_buf_init(&blob, 2 * HF_CERT_MAX);
    if (hf_windows_blob(staging->store, key, cert, staging->edit->back, &blob,
                        err) < 0)
        return hf_err_code(err);
    value.data = blob.ptr;
    value.len = blob.len;
    staging->touched = true;
    return hf_registry_set(staging->registry, key, &value, err);
}

/* A root goes where it is trusted, any other where it is at hand. */
static int add_one(struct staging *staging, struct hf_cert *cert,
                   struct hf_err *err)
{
    bool root =
        hf_view_same(hf_cert_subject_der(cert), hf_cert_issuer_der(cert));
    const char *part = staging->store->part ? staging->store->part
                       : root               ? "ROOT"
                                            : "CA";
    HF_AUTO(hf_free_ptr) char *key = NULL;
    HF_AUTO(hf_free_ptr) char *name = NULL;
    bool there;

    if (is_there_already(staging, cert,
                         root ? HF_STANDING_ANCHOR : HF_STANDING_ISSUER, &there,
                         err) < 0)
        return hf_err_code(err);
    if (there ||
        hf_certs_by_sha256(&staging->edit->added, hf_cert_sha256(cert)))
        return 0;
    if (hf_places_key(&staging->places, part, &key, &name, err) < 0 ||
        put(staging, key, cert, err) < 0)
        return hf_err_code(err);
    return record(&staging->edit->added, &staging->edit->added_in, cert, name,
                  err);
}

static int stage(struct staging *staging, struct hf_err *err)
{
    const struct hf_edit *edit = staging->edit;
    size_t count;

    if (hf_windows_load(staging->store, edit->set, &staging->registry, err) <
            0 ||
        hf_places_find(staging->registry, &staging->places, err) < 0 ||
        hf_places_select(&staging->places, staging->store->part, &count, err) <
            0)
        return hf_err_code(err);
    for (size_t i = 0; i < edit->remove->count; i++)
        if (remove_one(staging, edit->remove->cert[i], err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < edit->add->count; i++)
        if (add_one(staging, edit->add->cert[i], err) < 0)
            return hf_err_code(err);
    return staging->touched ? hf_windows_save(staging->store, staging->registry,
                                              edit->set, err)
                            : 0;
}

int hf_windows_stage(const struct hf_store *store, struct hf_edit *edit,
                     struct hf_err *err)
{
    struct staging staging = { .store = store, .edit = edit };
    int rc = stage(&staging, err);

    hf_registry_free(staging.registry);
    hf_places_done(&staging.places);
    return rc;
}
