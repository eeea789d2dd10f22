/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_tree.h - for unit tests of stores: small systems to change, and a
 * picture of a whole tree to compare. */
#ifndef HF_STORE_TEST_TREE_H
#define HF_STORE_TEST_TREE_H

#include "crypto/load.h"
#include "plat/test_folder.h"
#include "store/store.h"
#include "store/test_certs.h"

#define TREE_STATE "var/lib/holdfast"

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

/* Makes the state folder beforehand, so that pictures are the same. */
static inline bool test_state(const struct test_folder *folder)
{
    struct hf_err err;

    return hf_file_mkdirs(test_at(folder, TREE_STATE).text, 0755, &err) == 0;
}

/* Debian's layout; `prefix` is what Alpine puts before the links' names. */
static inline bool tree_linked(const struct test_folder *f, const char *prefix)
{
    char a[100], c[100];

    (void)snprintf(a, sizeof(a), "etc/ssl/certs/%sA.pem", prefix);
    (void)snprintf(c, sizeof(c), "etc/ssl/certs/%sC.pem", prefix);
    return test_state(f) &&
           test_put(f, "etc/ssl/certs/ca-certificates.crt", TEST_A TEST_C) &&
           test_put(f, "etc/ca-certificates.conf",
                    "# list\n\nmozilla/A.crt\nmozilla/C.crt\n"
                    "!mozilla/D.crt\nmozilla/gone.crt\n") &&
           test_put(f, "usr/share/ca-certificates/mozilla/A.crt", TEST_A) &&
           test_put(f, "usr/share/ca-certificates/mozilla/C.crt", TEST_C) &&
           test_put(f, "usr/share/ca-certificates/mozilla/D.crt", TEST_D) &&
           test_link(f, a, "/usr/share/ca-certificates/mozilla/A.crt") &&
           test_link(f, c, "/usr/share/ca-certificates/mozilla/C.crt") &&
           test_link(f, "etc/ssl/certs/97e1a225.0", strrchr(a, '/') + 1) &&
           test_link(f, "etc/ssl/certs/f887fc89.0", strrchr(c, '/') + 1) &&
           test_put(f, "usr/local/share/ca-certificates/x", "x") &&
           unlink(test_at(f, "usr/local/share/ca-certificates/x").text) == 0;
}

static inline bool tree_debian(const struct test_folder *f)
{
    return tree_linked(f, "");
}

static inline bool tree_alpine(const struct test_folder *f)
{
    return tree_linked(f, "ca-cert-") &&
           test_put(f, "etc/alpine-release", "3.20.0\n") &&
           test_link(f, "etc/ssl/cert.pem", "certs/ca-certificates.crt");
}

static inline bool tree_red_hat(const struct test_folder *f)
{
    return test_state(f) &&
           test_put(f, "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                    "# A\n" TEST_A "\n# C\n" TEST_C) &&
           test_put(f, "etc/pki/ca-trust/source/README", "anchors here\n") &&
           test_link(f, "etc/pki/tls/certs/ca-bundle.crt",
                     "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem") &&
           test_link(f, "etc/pki/tls/cert.pem", "certs/ca-bundle.crt") &&
           test_link(f, "etc/ssl/certs", "../pki/tls/certs") &&
           test_put(f, "etc/pki/ca-trust/source/anchors/README", "here\n") &&
           test_put(f, "etc/pki/ca-trust/source/blacklist/README", "no\n");
}

static inline bool tree_suse(const struct test_folder *f)
{
    return test_state(f) &&
           test_put(f, "var/lib/ca-certificates/ca-bundle.pem",
                    "# A\n" TEST_A TEST_C) &&
           test_put(f, "var/lib/ca-certificates/pem/A.pem", TEST_A) &&
           test_put(f, "var/lib/ca-certificates/pem/C.pem", TEST_C) &&
           test_link(f, "var/lib/ca-certificates/pem/97e1a225.0", "A.pem") &&
           test_link(f, "var/lib/ca-certificates/pem/f887fc89.0", "C.pem") &&
           test_link(f, "etc/ssl/ca-bundle.pem",
                     "/var/lib/ca-certificates/ca-bundle.pem") &&
           test_link(f, "etc/ssl/certs", "/var/lib/ca-certificates/pem") &&
           test_put(f, "etc/pki/trust/blocklist/README", "no\n");
}

static inline bool tree_arch(const struct test_folder *f)
{
#define EXTRACTED "etc/ca-certificates/extracted/"
    return test_state(f) &&
           test_put(f, EXTRACTED "tls-ca-bundle.pem", TEST_A TEST_C) &&
           test_put(f, EXTRACTED "cadir/A.pem", TEST_A) &&
           test_put(f, EXTRACTED "cadir/C.pem", TEST_C) &&
           test_link(f, EXTRACTED "cadir/97e1a225.0", "A.pem") &&
           test_link(f, EXTRACTED "cadir/f887fc89.0", "C.pem") &&
           test_link(f, "etc/ssl/certs/ca-certificates.crt",
                     "../../ca-certificates/extracted/tls-ca-bundle.pem") &&
           test_link(f, "etc/ssl/certs/A.pem",
                     "../../ca-certificates/extracted/cadir/A.pem") &&
           test_link(f, "etc/ssl/certs/C.pem",
                     "../../ca-certificates/extracted/cadir/C.pem") &&
           test_link(f, "etc/ssl/certs/97e1a225.0",
                     "../../ca-certificates/extracted/cadir/97e1a225.0") &&
           test_link(f, "etc/ssl/certs/f887fc89.0",
                     "../../ca-certificates/extracted/cadir/f887fc89.0") &&
           test_link(f, "etc/ssl/cert.pem", "certs/ca-certificates.crt") &&
           test_put(f, "etc/ca-certificates/trust-source/anchors/README", "");
}

static inline bool tree_bare(const struct test_folder *f)
{
    return test_state(f) && test_put(f, "etc/ssl/cert.pem", TEST_A TEST_C);
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

static inline int test_undo(const struct test_folder *f, enum hf_undo *ret_how,
                            struct hf_err *err)
{
    size_t count = 0;
    int rc = hf_store_undo(test_at(f, TREE_STATE).text, f->path, ret_how,
                           &count, err);

    return rc < 0 ? rc : (int)count;
}

#endif
