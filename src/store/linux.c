/* SPDX-License-Identifier: Apache-2.0 */
/* store/linux.c - the distribution's own store: its bundle, and what its tool
 * makes it from. */
#include <stdio.h>

#include "crypto/load.h"
#include "plat/file.h"
#include "store/kind.h"
#include "store/layout.h"
#include "store/pemtext.h"
#include "store/sources.h"

#define BUNDLES_MAX 4
#define HOOKS "/etc/ca-certificates/update.d"

struct bundles {
    char *real[BUNDLES_MAX];
    size_t count;
};

static void bundles_done(struct bundles *bundles)
{
    for (size_t i = 0; i < bundles->count; i++)
        free(bundles->real[i]);
}

static int add_bundle(struct bundles *bundles, char *real_take,
                      struct hf_err *err)
{
    if (!real_take)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    for (size_t i = 0; i < bundles->count; i++) {
        if (strcmp(bundles->real[i], real_take) == 0) {
            free(real_take);
            return 0;
        }
    }
    bundles->real[bundles->count++] = real_take;
    return 0;
}

/* The bundle that is read, then each other file of the layout there is. */
static int find_bundles(const struct hf_store *store, struct bundles *bundles,
                        struct hf_err *err)
{
    const char *const *path = store->layout->bundle;

    if (add_bundle(bundles, hf_view_dup(hf_view_text(store->real)), err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < BUNDLES_MAX && path[i]; i++) {
        char *real;
        bool has;

        if (hf_layout_has(store->root, path[i], &has, err) < 0)
            return hf_err_code(err);
        if (!has)
            continue;
        if (hf_path_resolve(store->root, path[i], &real, err) < 0 ||
            add_bundle(bundles, real, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int linux_read(const struct hf_store *store, struct hf_store_list *list,
                      struct hf_err *err)
{
    return hf_store_read_file(store->real, store->path, list, err);
}

/* --- may it be changed? -------------------------------------------------- */

static int may_change_at(const char *path, bool inside, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    char *in = path && inside ? hf_path_join(path, "x") : NULL;

    if (!path)
        return 0;
    if (inside && !in)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return hf_store_writable(inside ? in : path, err);
}

static int linux_may_change(const struct hf_store *store, struct hf_err *err)
{
    HF_AUTO(bundles_done) struct bundles bundles = { 0 };
    HF_AUTO(hf_sources_done) struct hf_sources sources = { 0 };

    if (find_bundles(store, &bundles, err) < 0 ||
        hf_sources_find(store, &sources, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < bundles.count; i++)
        if (may_change_at(bundles.real[i], false, err) < 0)
            return hf_err_code(err);
    if (may_change_at(sources.local, true, err) < 0 ||
        may_change_at(sources.links, true, err) < 0 ||
        may_change_at(sources.block, true, err) < 0)
        return hf_err_code(err);
    return may_change_at(sources.conf, false, err);
}

/* --- changing ------------------------------------------------------------ */

static bool is_in(const struct hf_load *load, const struct hf_cert *cert)
{
    for (size_t i = 0; i < load->count; i++)
        if (hf_cert_same(load->item[i].cert, cert))
            return true;
    return false;
}

/* The sources of everything that is to be added and not in the bundle, or to
 * be removed and in the bundle or a source. */
static int stage_sources(const struct hf_store *store,
                         const struct hf_load *load, struct hf_edit *edit,
                         struct hf_err *err)
{
    HF_AUTO(hf_sources_done) struct hf_sources sources = { 0 };
    bool work = edit->remove->count > 0;

    for (size_t i = 0; i < edit->add->count && !work; i++)
        work = !is_in(load, edit->add->cert[i]);
    if (!work)
        return 0;
    if (hf_sources_read(store, edit->set, &sources, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < edit->remove->count; i++) {
        struct hf_cert *cert = edit->remove->cert[i];
        bool found, in_bundle = is_in(load, cert);

        if (hf_sources_remove(&sources, cert, in_bundle, edit->set, &found,
                              err) < 0)
            return hf_err_code(err);
        if (found && !in_bundle)
            hf_certs_add(&edit->removed, cert);
    }
    for (size_t i = 0; i < edit->add->count; i++) {
        struct hf_cert *cert = edit->add->cert[i];

        if (!is_in(load, cert) &&
            hf_sources_add(&sources, cert, edit->set, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* Each certificate once, however many bundles it changed in. */
static void merge(struct hf_certs *list, const struct hf_certs *more)
{
    for (size_t i = 0; i < more->count; i++)
        if (!hf_certs_by_sha256(list, hf_cert_sha256(more->cert[i])))
            hf_certs_add(list, more->cert[i]);
}

static int stage_bundle(const char *real, struct hf_edit *edit,
                        struct hf_err *err)
{
    HF_AUTO(hf_pem_change_done) struct hf_pem_change change = { 0 };
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (hf_changeset_peek(edit->set, real, &kind, &bytes, err) < 0 ||
        hf_pem_edit(real, bytes, edit->add, edit->remove, &change, err) < 0)
        return hf_err_code(err);
    merge(&edit->added, &change.added);
    merge(&edit->removed, &change.removed);
    if (change.added.count + change.removed.count == 0)
        return 0;
    return hf_changeset_write(edit->set, real, hf_buf_peek(&change.text), 0644,
                              err);
}

static int linux_stage(const struct hf_store *store, struct hf_edit *edit,
                       struct hf_err *err)
{
    HF_AUTO(bundles_done) struct bundles bundles = { 0 };
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (find_bundles(store, &bundles, err) < 0 ||
        hf_changeset_peek(edit->set, store->real, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (hf_pem_load(bytes, &load, err) < 0)
        return HF_WRAP(err, "'%s'", store->path);
    if (stage_sources(store, &load, edit, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < bundles.count; i++)
        if (stage_bundle(bundles.real[i], edit, err) < 0)
            return hf_err_code(err);
    return 0;
}

static const struct hf_store_ops linux_ops = {
    .read = linux_read,
    .may_change = linux_may_change,
    .stage = linux_stage,
};

/* --- opening ------------------------------------------------------------- */

/* Debian's own tool has nothing left to do unless hooks feed other stores. */
static int has_hooks(const char *root, bool *ret_has, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_free_ptr) char *real = NULL;
    int rc = hf_path_resolve(root, HOOKS, &real, err);

    if (rc == 0)
        rc = hf_dir_names(real, &names, err);
    *ret_has = names.count > 0;
    return rc == HF_E_NOMEM ? rc : 0;
}

/* The first bundle that is there, else the first. */
static int choose_bundle(const struct hf_store *store, const char **ret_bundle,
                         struct hf_err *err)
{
    const char *const *bundle = store->layout->bundle;
    bool has;

    for (size_t i = 0; i < BUNDLES_MAX && bundle[i]; i++) {
        if (hf_layout_has(store->root, bundle[i], &has, err) < 0)
            return hf_err_code(err);
        if (has) {
            *ret_bundle = bundle[i];
            return 0;
        }
    }
    *ret_bundle = bundle[0];
    return 0;
}

int hf_linux_open(struct hf_store *store, struct hf_err *err)
{
    const char *bundle = NULL;
    bool hooks = true;

    if (hf_layout_find(store->root, &store->layout, err) < 0)
        return hf_err_code(err);
    if (!store->layout)
        return HF_FAIL(err, HF_E_ABSENT,
                       "there is no trust store of a known layout below '%s'",
                       store->root);
    if (choose_bundle(store, &bundle, err) < 0 ||
        (store->layout->conf && has_hooks(store->root, &hooks, err) < 0))
        return hf_err_code(err);
    store->ops = &linux_ops;
    store->kind = store->layout->kind;
    store->follow_up = hooks ? store->layout->follow_up : NULL;
    store->path = hf_path_join(store->root, bundle);
    if (!store->path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    return hf_store_real_or(store->root, bundle, &store->real, err);
}
