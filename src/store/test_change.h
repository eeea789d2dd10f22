/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_change.h - for unit tests of stores: a change, what it left, the
 * way back, and a picture of a whole tree to compare. */
#ifndef HF_STORE_TEST_CHANGE_H
#define HF_STORE_TEST_CHANGE_H

#include "crypto/load.h"
#include "store/store.h"
#include "store/test_tree.h"

/* The certificates of PEM texts, NULL at the end. */
static inline struct hf_certs test_certs(const char *first, const char *second)
{
    struct hf_certs certs = { 0 };
    const char *text[] = { first, second };

    for (size_t i = 0; i < 2 && text[i]; i++) {
        struct hf_load load = { 0 };
        struct hf_err err;

        if (hf_load_certs(hf_view_text(text[i]), NULL, &load, &err) < 0)
            abort();
        for (size_t k = 0; k < load.count; k++)
            hf_certs_add(&certs, load.item[k].cert);
        hf_load_done(&load);
    }
    return certs;
}

static inline void picture_of(const char *folder, struct hf_buf *out)
{
    struct hf_names names = { 0 };
    struct hf_err err;

    if (hf_dir_names(folder, &names, &err) < 0)
        return;
    for (size_t i = 0; i < names.count; i++) {
        HF_AUTO(hf_free_ptr) char *path = hf_path_join(folder, names.name[i]);
        struct stat st;

        if (!path || strstr(path, "/" TREE_STATE) || lstat(path, &st) < 0)
            continue;
        hf_buf_printf(out, "%s %o\n", path, (unsigned)st.st_mode);
        if (S_ISDIR(st.st_mode)) {
            picture_of(path, out);
        } else if (S_ISLNK(st.st_mode)) {
            char target[PATH_MAX];
            ssize_t len = readlink(path, target, sizeof(target));

            hf_buf_add(out, target, len > 0 ? (size_t)len : 0);
        } else if (S_ISREG(st.st_mode)) {
            if (hf_file_read(path, out, &err) < 0)
                hf_buf_text(out, "unreadable");
        }
        hf_buf_text(out, "\n");
    }
    hf_names_done(&names);
}

/* Everything below the folder but the state folder, as text on the heap. */
static inline char *test_picture(const struct test_folder *folder)
{
    struct hf_buf out;

    hf_buf_init(&out, 64 * 1024 * 1024);
    hf_buf_text(&out, "tree\n");
    picture_of(folder->path, &out);
    return hf_buf_steal(&out);
}

/* Opens, stages, commits. Returns what changed, or a negative code. */
static inline int test_change(const struct test_folder *f, const char *spec,
                              const char *add, const char *remove,
                              struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs adds = test_certs(add, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs removes = test_certs(remove, NULL);
    enum hf_changeset_found found;
    size_t changed = 0;

    if (hf_store_open(spec, f->path, &store, err) < 0 ||
        hf_store_may_change(store, err) < 0 ||
        hf_changeset_begin(test_at(f, TREE_STATE).text, &set, &found, err) <
            0 ||
        hf_store_stage(store, &adds, &removes, set, &changed, err) < 0 ||
        hf_changeset_commit(set, err) < 0)
        return err->code;
    return (int)changed;
}

/* How many certificates the store holds that are in `pem`; -1: unreadable. */
static inline int test_holds(const struct test_folder *f, const char *spec,
                             const char *pem)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs want = test_certs(pem, NULL);
    HF_AUTO(hf_certs_done) struct hf_certs have = { 0 };
    struct hf_err err;
    int count = 0;

    if (hf_store_open(spec, f->path, &store, &err) < 0 ||
        hf_store_read(store, &list, &err) < 0)
        return -1;
    hf_store_list_certs(&list, &have);
    for (size_t i = 0; i < want.count; i++)
        count +=
            hf_certs_by_sha256(&have, hf_cert_sha256(want.cert[i])) != NULL;
    return count;
}

/* Returns how many certificates the change had added or removed. */
static inline int test_undo(const struct test_folder *f, enum hf_undo *ret_how,
                            struct hf_err *err)
{
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };

    if (hf_store_undo(test_at(f, TREE_STATE).text, f->path, &undone, err) < 0)
        return err->code;
    *ret_how = undone.how;
    return (int)undone.count;
}

#endif
