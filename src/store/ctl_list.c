/* SPDX-License-Identifier: Apache-2.0 */
/* store/ctl_list.c - the entries of a trust list as those of a store.
 *
 * A list names certificates and does not hold them. Bodies come from
 * <sha1>.crt beside it, from disallowedcert.sst beside it, or from the roots
 * built into this program; what is none of the list's is not taken. */
#include <stdio.h>

#include "base/hex.h"
#include "crypto/load.h"
#include "doc/embed.h"
#include "store/ctl_parts.h"
#include "store/kind.h"

#define BODY_ENDING ".crt"
#define DISALLOWED_BODIES "disallowedcert.sst"
#define EVERY_PURPOSE                                                          \
    (HF_PURPOSE_TLS_SERVER | HF_PURPOSE_TLS_CLIENT | HF_PURPOSE_CODE |         \
     HF_PURPOSE_EMAIL | HF_PURPOSE_TIMESTAMP | HF_PURPOSE_OCSP |               \
     HF_PURPOSE_OTHER)

/* What was found for one entry. */
struct body {
    const char *name; /* file of that name beside the list, or NULL */
    struct hf_cert *cert;
    char *fault; /* why the file is not it */
};

struct bodies {
    const struct hf_ctl_files *files;
    const struct hf_ctl *ctl;
    struct body *body; /* one for each entry */
};

static void bodies_done(struct bodies *bodies)
{
    for (size_t i = 0; bodies->body && i < bodies->ctl->count; i++) {
        hf_cert_unref(bodies->body[i].cert);
        free(bodies->body[i].fault);
    }
    free(bodies->body);
}

/* --- bodies beside the list ---------------------------------------------- */

/* "0563B863....crt": 40 digits. */
static bool is_body_name(const char *text, uint8_t sha1[HF_SHA1_LEN])
{
    struct hf_view name = hf_view_text(text);
    struct hf_view ending = hf_view_from(name, 2 * HF_SHA1_LEN);

    return hf_view_same_nocase(ending, hf_view_text(BODY_ENDING)) &&
           hf_hex_read(hf_view(name.ptr, 2 * HF_SHA1_LEN), sha1, HF_SHA1_LEN);
}

static void find_names(struct bodies *bodies)
{
    const struct hf_names *names = &bodies->files->names;
    uint8_t sha1[HF_SHA1_LEN];

    for (size_t i = 0; i < names->count; i++) {
        const struct hf_ctl_entry *entry = is_body_name(names->name[i], sha1)
                                               ? hf_ctl_find(bodies->ctl, sha1)
                                               : NULL;

        if (entry)
            bodies->body[entry - bodies->ctl->entry].name = names->name[i];
    }
}

/* Says in `body` that its file is not what the entry means. */
static int not_it(struct body *body, const char *why, struct hf_err *err)
{
    if (asprintf(&body->fault, "'%s' beside the list: %s", body->name, why) <
        0) {
        body->fault = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    return 0;
}

static int read_body(const struct bodies *bodies,
                     const struct hf_ctl_entry *entry, struct body *body,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    char *path = hf_path_join(bodies->files->folder, body->name);
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_err inner = { 0 };

    hf_buf_init(&bytes, HF_CERT_MAX);
    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_file_read(path, &bytes, &inner) < 0 ||
        hf_load_certs(hf_buf_peek(&bytes), NULL, &load, &inner) < 0) {
        if (inner.code != HF_E_NOMEM)
            return not_it(body, inner.frame[0].text, err);
        *err = inner;
        return hf_err_code(err);
    }
    if (load.count != 1 || !hf_ctl_means(entry, load.item[0].cert))
        return not_it(body, "this is not the certificate the list means", err);
    body->cert = hf_cert_ref(load.item[0].cert);
    return 0;
}

/* --- bodies from elsewhere ----------------------------------------------- */

/* `certutil -syncWithWU` writes those of the second list into one file. */
static int read_disallowed(struct bodies *bodies, struct hf_store_list *list,
                           struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list sst = { 0 };
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_free_ptr) char *spec = NULL;
    struct hf_err inner = { 0 };

    if (asprintf(&spec, "sst:%s/%s", bodies->files->folder, DISALLOWED_BODIES) <
        0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    if (hf_store_open(spec, NULL, &store, &inner) < 0 ||
        hf_store_read(store, &sst, &inner) < 0) {
        if (inner.code == HF_E_ABSENT)
            return 0;
        if (inner.code != HF_E_NOMEM)
            return hf_store_list_fault(list, spec + 4, inner.frame[0].text,
                                       err);
        *err = inner;
        return hf_err_code(err);
    }
    for (size_t i = 0; i < sst.count; i++) {
        struct hf_cert *cert = sst.entry[i].cert;
        const struct hf_ctl_entry *entry =
            cert ? hf_ctl_find_cert(bodies->ctl, cert) : NULL;
        struct body *body =
            entry ? &bodies->body[entry - bodies->ctl->entry] : NULL;

        if (body && !body->cert)
            body->cert = hf_cert_ref(cert);
    }
    return 0;
}

static int take_embedded(struct bodies *bodies, struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        const struct hf_ctl_entry *entry;
        struct body *body;

        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        entry = hf_ctl_find_cert(bodies->ctl, cert);
        body = entry ? &bodies->body[entry - bodies->ctl->entry] : NULL;
        if (body && !body->cert && !body->fault)
            body->cert = HF_STEAL(cert);
    }
    return 0;
}

static int find_bodies(struct bodies *bodies, struct hf_store_list *list,
                       struct hf_err *err)
{
    find_names(bodies);
    for (size_t i = 0; i < bodies->ctl->count; i++)
        if (bodies->body[i].name && read_body(bodies, &bodies->ctl->entry[i],
                                              &bodies->body[i], err) < 0)
            return hf_err_code(err);
    if (bodies->ctl->usage == HF_CTL_DISALLOWED &&
        read_disallowed(bodies, list, err) < 0)
        return hf_err_code(err);
    return take_embedded(bodies, err);
}

/* --- entries ------------------------------------------------------------- */

/* A store has no clock: a day on which it is refused as a whole counts as
 * come. */
static enum hf_standing standing_of(const struct hf_ctl *ctl,
                                    const struct hf_ctl_entry *entry)
{
    if (ctl->usage == HF_CTL_DISALLOWED ||
        (entry->disallowed.set && entry->disallowed_eku.count == 0))
        return HF_STANDING_REFUSED;
    return HF_STANDING_ANCHOR;
}

/* What it may be used for, without what it is refused for. */
static unsigned purposes_of(const struct hf_ctl_entry *entry)
{
    static const struct {
        const char *word;
        unsigned purpose;
    } known[] = {
        { "serverAuth", HF_PURPOSE_TLS_SERVER },
        { "clientAuth", HF_PURPOSE_TLS_CLIENT },
        { "codeSign", HF_PURPOSE_CODE },
        { "email", HF_PURPOSE_EMAIL },
        { "timestamp", HF_PURPOSE_TIMESTAMP },
        { "ocsp", HF_PURPOSE_OCSP },
    };
    const struct hf_texts *refused = &entry->disallowed_eku;
    unsigned less = 0, left;

    for (size_t i = 0; !entry->disallowed.cleared && i < refused->count; i++)
        for (size_t k = 0; k < HF_COUNT(known); k++)
            if (hf_view_is(hf_view_text(refused->text[i]), known[k].word))
                less |= known[k].purpose;
    if (less == 0)
        return entry->purposes;
    left = (entry->purposes ? entry->purposes : EVERY_PURPOSE) & ~less;
    return left ? left : HF_PURPOSE_OTHER; /* 0 would be everything */
}

static int add_entry(const struct bodies *bodies, size_t at, const char *path,
                     struct hf_store_list *list, struct hf_err *err)
{
    const struct hf_ctl_entry *named = &bodies->ctl->entry[at];
    const struct body *body = &bodies->body[at];
    HF_AUTO(hf_free_ptr) char *where = NULL;
    struct hf_store_entry *entry;

    if (asprintf(&where, "%s: entry %zu", path, named->number) < 0) {
        where = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    if (body->fault) {
        if (hf_store_list_fault(list, where, body->fault, err) < 0)
            return hf_err_code(err);
        entry = &list->entry[list->count - 1];
    } else {
        entry = hf_store_list_add(list, body->cert, where, err);
        if (!entry)
            return hf_err_code(err);
        list->bodiless += !body->cert;
    }
    entry->named = named;
    entry->standing = standing_of(bodies->ctl, named);
    entry->purposes = purposes_of(named);
    if (named->name[0]) {
        entry->label = hf_view_dup(hf_view_text(named->name));
        if (!entry->label)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    }
    return 0;
}

static int list_one(const struct hf_ctl_files *files, const struct hf_ctl *ctl,
                    const char *path, struct hf_store_list *list,
                    struct hf_err *err)
{
    HF_AUTO(bodies_done) struct bodies bodies = { .files = files, .ctl = ctl };

    bodies.body = calloc(ctl->count ? ctl->count : 1, sizeof(bodies.body[0]));
    if (!bodies.body)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a trust list");
    if (find_bodies(&bodies, list, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < ctl->count; i++)
        if (add_entry(&bodies, i, path, list, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_ctl_files_list(const struct hf_ctl_files *files,
                      struct hf_store_list *list, struct hf_err *err)
{
    const struct hf_ctl *disallowed = files->ctl->disallowed;

    if (list_one(files, files->ctl, files->path, list, err) < 0)
        return hf_err_code(err);
    return disallowed
               ? list_one(files, disallowed, files->disallowed_path, list, err)
               : 0;
}
