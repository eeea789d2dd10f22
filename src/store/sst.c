/* SPDX-License-Identifier: Apache-2.0 */
/* store/sst.c - a serialized certificate store (.sst), as certutil and the
 * Windows certificate manager write it. */
#include <stdio.h>

#include "base/utf16.h"
#include "crypto/eku.h"
#include "plat/file.h"
#include "store/kind.h"
#include "win/certblob.h"

/* --- reading ------------------------------------------------------------- */

struct reading {
    const struct hf_store *store;
    struct hf_store_list *list;
};

/* A purpose list that nobody can read makes it an anchor for none we know. */
static unsigned purposes_of(const struct hf_certblob *blob)
{
    unsigned purposes = HF_PURPOSE_OTHER;
    struct hf_err inner;

    if (blob->eku.len == 0)
        return 0;
    return hf_eku_purposes(blob->eku, &purposes, &inner) < 0 ? HF_PURPOSE_OTHER
                                                             : purposes;
}

/* UTF-8 on the heap; NULL: it has none, and `err` is untouched. */
static int read_label(const struct hf_certblob *blob, char **ret_label,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    struct hf_view name = hf_utf16le_trim(blob->friendly_name);

    if (name.len == 0)
        return 0;
    hf_buf_init(&text, 2 * name.len + 4);
    hf_utf16le_to_utf8(&text, name);
    *ret_label = hf_buf_steal(&text);
    return *ret_label ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

static int add_entry(struct reading *reading, const struct hf_certblob *blob,
                     const char *where, struct hf_err *err)
{
    struct hf_store_entry *entry;

    if (hf_store_list_der(reading->list, blob->der, where, &entry, err) < 0)
        return hf_err_code(err);
    if (!entry)
        return 0;
    entry->purposes = purposes_of(blob);
    return read_label(blob, &entry->label, err);
}

static int read_one(void *user, const struct hf_certblob *blob, size_t offset,
                    struct hf_err *err)
{
    struct reading *reading = user;
    HF_AUTO(hf_free_ptr) char *where = NULL;

    if (blob->other)
        return 0;
    if (asprintf(&where, "%s: offset %zu", reading->store->path, offset) < 0) {
        where = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    return add_entry(reading, blob, where, err);
}

/* A store that breaks off is read as far as it goes. */
static int broken_off(const struct hf_err *why, struct hf_store_list *list,
                      struct hf_err *err)
{
    list->incomplete = hf_view_dup(hf_view_text(why->frame[0].text));
    return list->incomplete
               ? 0
               : HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
}

static int sst_read(const struct hf_store *store, struct hf_store_list *list,
                    struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct reading reading = { store, list };
    struct hf_err inner = { 0 };
    int rc;

    hf_buf_init(&bytes, HF_SST_MAX);
    if (hf_store_bytes(store, NULL, &bytes, err) < 0)
        return hf_err_code(err);
    if (bytes.len == 0)
        return 0;
    rc = hf_sst_read(hf_buf_peek(&bytes), read_one, &reading, &inner);
    if (rc == HF_E_PARSE && list->count > 0)
        return broken_off(&inner, list, err);
    if (rc < 0) {
        *err = inner;
        return HF_WRAP(err, "'%s'", store->path);
    }
    return 0;
}

/* --- changing ------------------------------------------------------------ */

struct editing {
    struct hf_edit *edit;
    struct hf_view bytes; /* as it was */
    size_t end;           /* where the last element ended */
    struct hf_certs held; /* of edit->add: there already, and staying */
    struct hf_buf out;
};

static struct hf_cert *named_by(const struct hf_certs *certs,
                                struct hf_view der)
{
    for (size_t i = 0; der.len > 0 && i < certs->count; i++)
        if (hf_view_same(hf_cert_der(certs->cert[i]), der))
            return certs->cert[i];
    return NULL;
}

static int edit_one(void *user, const struct hf_certblob *blob, size_t offset,
                    struct hf_err *err)
{
    struct editing *e = user;
    struct hf_cert *gone = named_by(e->edit->remove, blob->der);
    struct hf_cert *there = named_by(e->edit->add, blob->der);

    e->end = offset + blob->whole.len;
    if (gone) {
        if (!hf_certs_by_sha256(&e->edit->removed, hf_cert_sha256(gone)))
            hf_certs_add(&e->edit->removed, gone);
        return hf_certs_check(&e->edit->removed, err);
    }
    hf_buf_view(&e->out, blob->whole);
    if (there)
        hf_certs_add(&e->held, there);
    return hf_certs_check(&e->held, err);
}

static int add_new(struct editing *e, struct hf_err *err)
{
    const struct hf_certs *add = e->edit->add;

    for (size_t i = 0; i < add->count; i++) {
        struct hf_cert *cert = add->cert[i];

        if (hf_certs_by_sha256(&e->held, hf_cert_sha256(cert)) ||
            hf_certs_by_sha256(&e->edit->added, hf_cert_sha256(cert)))
            continue;
        if (hf_certblob_write(&e->out, hf_cert_der(cert), hf_cert_sha1(cert),
                              NULL, err) < 0)
            return hf_err_code(err);
        hf_certs_add(&e->edit->added, cert);
    }
    return hf_certs_check(&e->edit->added, err);
}

/* e->out becomes the file as it shall be: elements that stay keep their bytes
 * and their order, new ones follow, then what stood behind the last. */
static int rewrite(struct editing *e, struct hf_err *err)
{
    hf_sst_begin(&e->out);
    e->end = e->out.len;
    if (e->bytes.len > 0 && hf_sst_read(e->bytes, edit_one, e, err) < 0)
        return hf_err_code(err);
    if (add_new(e, err) < 0)
        return hf_err_code(err);
    if (e->bytes.len > 0)
        hf_buf_view(&e->out, hf_view_from(e->bytes, e->end));
    else
        hf_sst_end(&e->out);
    return hf_buf_check(&e->out, err);
}

static int stage(const struct hf_store *store, struct editing *e,
                 struct hf_err *err)
{
    if (rewrite(e, err) < 0)
        return HF_WRAP(err, "'%s'", store->path);
    if (e->edit->added.count + e->edit->removed.count == 0)
        return 0;
    return hf_changeset_write(e->edit->set, store->real, hf_buf_peek(&e->out),
                              0644, err);
}

static int sst_stage(const struct hf_store *store, struct hf_edit *edit,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct editing e = { .edit = edit };
    int rc;

    hf_buf_init(&bytes, HF_SST_MAX);
    hf_buf_init(&e.out, HF_SST_MAX);
    rc = hf_store_bytes(store, edit->set, &bytes, err);
    e.bytes = hf_buf_peek(&bytes);
    if (rc == 0)
        rc = stage(store, &e, err);
    hf_certs_done(&e.held);
    hf_buf_done(&e.out);
    return rc;
}

static const struct hf_store_ops sst_ops = {
    .read = sst_read,
    .may_change = hf_store_file_may_change,
    .stage = sst_stage,
};

int hf_sst_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    if (hf_store_set_file(store, path, err) < 0)
        return hf_err_code(err);
    store->ops = &sst_ops;
    store->stack = HF_STACK_FILE;
    store->kind = "serialized store";
    return 0;
}
