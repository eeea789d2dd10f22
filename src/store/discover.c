/* SPDX-License-Identifier: Apache-2.0 */
/* store/discover.c - every store a system has. */
#include <stdio.h>

#include "plat/file.h"
#include "store/kind.h"
#include "store/layout.h"

void hf_stores_done(struct hf_stores *stores)
{
    for (size_t i = 0; i < stores->count; i++)
        hf_store_free(stores->store[i]);
    free(stores->store);
    *stores = (struct hf_stores){ 0 };
}

static int add_store(struct hf_stores *stores, struct hf_store *store_take,
                     struct hf_err *err)
{
    struct hf_store **more = reallocarray(stores->store, stores->count + 1,
                                          sizeof(struct hf_store *));

    if (!more) {
        hf_store_free(store_take);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a list of stores");
    }
    stores->store = more;
    more[stores->count++] = store_take;
    return 0;
}

int hf_stores_add(struct hf_stores *stores, const char *root, const char *spec,
                  struct hf_err *err)
{
    struct hf_store *store = NULL;
    int rc = hf_store_open(spec, root, &store, err);

    if (rc == HF_E_ABSENT)
        return 0; /* gone meanwhile */
    return rc < 0 ? rc : add_store(stores, store, err);
}

/* Is the file one that the store keeps already? */
static int keeps(const struct hf_store *store, const char *real,
                 bool *ret_keeps, struct hf_err *err)
{
    *ret_keeps = strcmp(store->real, real) == 0;
    for (size_t i = 0;
         store->layout && !*ret_keeps && i < HF_COUNT(store->layout->bundle);
         i++) {
        HF_AUTO(hf_free_ptr) char *other = NULL;
        const char *path = store->layout->bundle[i];
        int rc = path ? hf_path_resolve(store->root, path, &other, err) : 0;

        if (rc == HF_E_NOMEM)
            return rc;
        *ret_keeps = rc == 0 && other && strcmp(other, real) == 0;
    }
    return 0;
}

/* Opens the file as a store of its own, when no store of the list keeps it. */
static int add_file(struct hf_stores *stores, const char *root,
                    const char *real, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *spec = NULL;
    bool known = false;

    for (size_t i = 0; i < stores->count && !known; i++)
        if (keeps(stores->store[i], real, &known, err) < 0)
            return hf_err_code(err);
    if (known)
        return 0;
    if (asprintf(&spec, "pem:%s", real) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    return hf_stores_add(stores, root, spec, err);
}

static int add_bundle(struct hf_stores *stores, const char *root,
                      const char *path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    bool has;

    if (hf_layout_has(root, path, &has, err) < 0)
        return hf_err_code(err);
    if (!has)
        return 0;
    if (hf_store_real_or(root, path, &real, err) < 0)
        return hf_err_code(err);
    return add_file(stores, root, real, err);
}

/* The kinds that look for their own. */
static int (*const finders[])(const char *root, struct hf_stores *stores,
                              struct hf_err *err) = {
    hf_nss_find, hf_java_find, hf_keychain_find, hf_windows_find, NULL,
};

int hf_stores_find(const char *root, struct hf_stores *ret_stores,
                   struct hf_err *err)
{
    HF_AUTO(hf_stores_done) struct hf_stores stores = { 0 };
    struct hf_store *system = NULL;
    int rc = hf_store_open("system", root, &system, err);

    if (rc == 0)
        rc = add_store(&stores, system, err);
    if (rc < 0 && rc != HF_E_ABSENT)
        return rc;
    for (size_t i = 0; hf_known_bundles[i]; i++)
        if (add_bundle(&stores, root, hf_known_bundles[i], err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; finders[i]; i++)
        if (finders[i](root, &stores, err) < 0)
            return hf_err_code(err);
    *ret_stores = stores;
    stores = (struct hf_stores){ 0 };
    return 0;
}
