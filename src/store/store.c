/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.c - one interface to every kind of trust store. */
#include "store/store.h"

#include <stdio.h>

#include "plat/file.h"
#include "store/kind.h"

#define STATE_DIR "/var/lib/holdfast"

/* --- opening ------------------------------------------------------------- */

static int open_kind(struct hf_store *store, const char *spec,
                     struct hf_err *err)
{
    if (strcmp(spec, "system") == 0)
        return hf_linux_open(store, err);
    if (strncmp(spec, "pem:", 4) == 0 && spec[4] != '\0')
        return hf_pem_open(store, spec + 4, err);
    return HF_FAIL(err, HF_E_USAGE,
                   "unknown store '%s': expected system, pem:FILE or pem:DIR",
                   spec);
}

int hf_store_open(const char *spec, const char *root,
                  struct hf_store **ret_store, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = calloc(1, sizeof(*store));

    if (!store)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    store->name = hf_view_dup(hf_view_text(spec));
    store->root = hf_view_dup(hf_view_text(root ? root : "/"));
    if (!store->name || !store->root)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    if (open_kind(store, spec, err) < 0)
        return hf_err_code(err);
    *ret_store = HF_STEAL(store);
    return 0;
}

void hf_store_free(struct hf_store *store)
{
    if (!store)
        return;
    free(store->name);
    free(store->path);
    free(store->root);
    free(store->real);
    free(store);
}

const char *hf_store_name(const struct hf_store *store)
{
    return store->name;
}
const char *hf_store_kind(const struct hf_store *store)
{
    return store->kind;
}
const char *hf_store_path(const struct hf_store *store)
{
    return store->path;
}

const char *hf_store_follow_up(const struct hf_store *store)
{
    return store->follow_up;
}

char *hf_store_state_dir(const char *root)
{
    return hf_path_join(root, STATE_DIR);
}

/* --- reading and changing ------------------------------------------------ */

int hf_store_read(struct hf_store *store, struct hf_store_list *ret_list,
                  struct hf_err *err)
{
    struct hf_store_list list = { 0 };

    if (store->ops->read(store, &list, err) < 0) {
        hf_store_list_done(&list);
        return HF_WRAP(err, "cannot read the store '%s'", store->name);
    }
    *ret_list = list;
    return 0;
}

int hf_store_may_change(struct hf_store *store, struct hf_err *err)
{
    if (store->ops->may_change(store, err) < 0)
        return HF_WRAP(err, "cannot change the store '%s'", store->name);
    return 0;
}

/* A note: the store as it can be opened again, LF, the certificate as PEM. */
static int note(const struct hf_store *store, const char *key,
                const struct hf_cert *cert, struct hf_changeset *set,
                struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_free_ptr) char *value = NULL;

    hf_buf_init(&text, 2 * HF_CERT_MAX);
    if (store->layout)
        hf_buf_text(&text, store->name);
    else
        hf_buf_printf(&text, "pem:%s", store->real);
    hf_buf_text(&text, "\n");
    hf_cert_pem(&text, cert);
    value = hf_buf_steal(&text);
    if (!value)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a note");
    return hf_changeset_note(set, key, value, err);
}

static int note_all(const struct hf_store *store, const struct hf_edit *edit,
                    struct hf_err *err)
{
    if (hf_certs_check(&edit->added, err) < 0 ||
        hf_certs_check(&edit->removed, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < edit->added.count; i++)
        if (note(store, "added", edit->added.cert[i], edit->set, err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < edit->removed.count; i++)
        if (note(store, "removed", edit->removed.cert[i], edit->set, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_store_stage(struct hf_store *store, const struct hf_certs *add,
                   const struct hf_certs *remove, struct hf_changeset *set,
                   size_t *ret_changed, struct hf_err *err)
{
    static const struct hf_certs none = { 0 };
    struct hf_edit edit = { .add = add ? add : &none,
                            .remove = remove ? remove : &none,
                            .set = set };
    int rc = store->ops->stage(store, &edit, err);

    if (rc == 0)
        rc = note_all(store, &edit, err);
    if (rc == 0)
        *ret_changed = edit.added.count + edit.removed.count;
    hf_certs_done(&edit.added);
    hf_certs_done(&edit.removed);
    return rc < 0 ? HF_WRAP(err, "cannot change the store '%s'", store->name)
                  : 0;
}
