/* SPDX-License-Identifier: Apache-2.0 */
/* store/ctl.c - Microsoft's trust lists from files, and as a store. */
#include "store/ctl.h"

#include <stdio.h>
#include <string.h>

#include "doc/embed.h"
#include "store/ctl_parts.h"
#include "store/kind.h"
#include "win/cab.h"

#define MEMBER ".stl" /* in authrootstl.cab and disallowedcertstl.cab */

/* --- anchors ------------------------------------------------------------- */

int hf_ctl_anchors(struct hf_certs *anchors, struct hf_err *err)
{
    static const char prefix[] = "microsoft-root-ca-"; /* 2001, 2010, 2011 */
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (strncmp(root[i].name, prefix, sizeof(prefix) - 1) != 0)
            continue;
        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        hf_certs_add(anchors, cert);
    }
    return hf_certs_check(anchors, err);
}

/* --- a file -------------------------------------------------------------- */

static int decode(struct hf_view bytes, const struct hf_certs *anchors,
                  struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf member = { 0 };

    if (!hf_cab_is(bytes))
        return hf_ctl_read(bytes, anchors, ret_ctl, err);
    hf_buf_init(&member, HF_CTL_MAX);
    if (hf_cab_extract(bytes, MEMBER, &member, err) < 0)
        return HF_WRAP(err, "cannot take the list out of the cabinet");
    return hf_ctl_read(hf_buf_peek(&member), anchors, ret_ctl, err);
}

int hf_ctl_decode(struct hf_view bytes, struct hf_ctl **ret_ctl,
                  struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };

    if (hf_ctl_anchors(&anchors, err) < 0)
        return hf_err_code(err);
    return decode(bytes, &anchors, ret_ctl, err);
}

static int load_file(const char *path, const struct hf_certs *anchors,
                     struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    hf_buf_init(&bytes, HF_CTL_MAX);
    if (hf_file_read(path, &bytes, err) < 0)
        return hf_err_code(err);
    if (decode(hf_buf_peek(&bytes), anchors, ret_ctl, err) < 0)
        return HF_WRAP(err, "'%s'", path);
    return 0;
}

/* --- a folder ------------------------------------------------------------ */

/* As certutil writes it, or as taken out of it. */
static const char *const roots_names[] = { "authrootstl.cab", "authroot.stl",
                                           NULL };
static const char *const disallowed_names[] = { "disallowedcertstl.cab",
                                                "disallowedcert.stl", NULL };

/* The path of the first of `wanted` that is there, in any case of letters, or
 * NULL in `*ret_path`. */
static int find_name(const struct hf_ctl_files *files,
                     const char *const *wanted, char **ret_path,
                     struct hf_err *err)
{
    for (; *wanted; wanted++)
        for (size_t i = 0; i < files->names.count; i++) {
            const char *name = files->names.name[i];

            if (!hf_view_same_nocase(hf_view_text(name), hf_view_text(*wanted)))
                continue;
            *ret_path = hf_path_join(files->folder, name);
            return *ret_path ? 0
                             : HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        }
    return 0;
}

static int load_of(const char *path, const struct hf_certs *anchors,
                   enum hf_ctl_usage usage, struct hf_ctl **ret_ctl,
                   struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;

    if (load_file(path, anchors, &ctl, err) < 0)
        return hf_err_code(err);
    if (ctl->usage != usage)
        return HF_FAIL(err, HF_E_PARSE, "'%s' is a list of %s", path,
                       ctl->usage == HF_CTL_ROOTS ? "roots"
                                                  : "what is disallowed");
    *ret_ctl = HF_STEAL(ctl);
    return 0;
}

static int load_folder(const char *path, const struct hf_certs *anchors,
                       struct hf_ctl_files *files, struct hf_err *err)
{
    struct hf_ctl *other = NULL;

    if (find_name(files, roots_names, &files->path, err) < 0 ||
        find_name(files, disallowed_names, &files->disallowed_path, err) < 0)
        return hf_err_code(err);
    if (!files->path && !files->disallowed_path)
        return HF_FAIL(err, HF_E_ABSENT,
                       "no trust list in '%s': expected %s, %s, %s or %s", path,
                       roots_names[0], roots_names[1], disallowed_names[0],
                       disallowed_names[1]);
    if ((files->path &&
         load_of(files->path, anchors, HF_CTL_ROOTS, &files->ctl, err) < 0) ||
        (files->disallowed_path && load_of(files->disallowed_path, anchors,
                                           HF_CTL_DISALLOWED, &other, err) < 0))
        return hf_err_code(err);
    if (files->ctl) {
        files->ctl->disallowed = other;
        return 0;
    }
    files->ctl = other;
    files->path = HF_STEAL(files->disallowed_path);
    return 0;
}

/* --- either -------------------------------------------------------------- */

void hf_ctl_files_done(struct hf_ctl_files *files)
{
    hf_ctl_free(files->ctl);
    free(files->path);
    free(files->disallowed_path);
    free(files->folder);
    hf_names_done(&files->names);
    *files = (struct hf_ctl_files){ 0 };
}

/* The folder a file lies in. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return hf_view_dup(hf_view_text("."));
    return hf_view_dup(
        hf_view(path, slash > path ? (size_t)(slash - path) : 1));
}

static int load(const char *path, const struct hf_certs *anchors,
                struct hf_ctl_files *files, struct hf_err *err)
{
    bool is_folder = hf_path_is_dir(path);
    struct hf_err inner;

    files->folder =
        is_folder ? hf_view_dup(hf_view_text(path)) : folder_of(path);
    if (!files->folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (is_folder)
        return hf_dir_names(path, &files->names, err) < 0
                   ? hf_err_code(err)
                   : load_folder(path, anchors, files, err);
    /* a file can be read in a folder that cannot: then no bodies are seen */
    if (hf_dir_names(files->folder, &files->names, &inner) == HF_E_NOMEM) {
        *err = inner;
        return hf_err_code(err);
    }
    files->path = hf_view_dup(hf_view_text(path));
    if (!files->path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return load_file(path, anchors, &files->ctl, err);
}

int hf_ctl_files_load(const char *path, const struct hf_certs *anchors,
                      struct hf_ctl_files *ret_files, struct hf_err *err)
{
    HF_AUTO(hf_ctl_files_done) struct hf_ctl_files files = { 0 };

    if (load(path, anchors, &files, err) < 0)
        return hf_err_code(err);
    *ret_files = files;
    files = (struct hf_ctl_files){ 0 };
    return 0;
}

int hf_ctl_load(const char *path, struct hf_ctl **ret_ctl, struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    HF_AUTO(hf_ctl_files_done) struct hf_ctl_files files = { 0 };

    if (hf_ctl_anchors(&anchors, err) < 0 ||
        hf_ctl_files_load(path, &anchors, &files, err) < 0)
        return HF_WRAP(err, "cannot load the trust list '%s'", path);
    *ret_ctl = HF_STEAL(files.ctl);
    return 0;
}

/* --- the store ----------------------------------------------------------- */

static int ctl_read(const struct hf_store *store, struct hf_store_list *list,
                    struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    HF_AUTO(hf_ctl_files_done) struct hf_ctl_files files = { 0 };

    if (hf_ctl_anchors(&anchors, err) < 0 ||
        hf_ctl_files_load(store->path, &anchors, &files, err) < 0 ||
        hf_ctl_files_list(&files, list, err) < 0)
        return hf_err_code(err);
    list->ctl = HF_STEAL(files.ctl); /* entries borrow from it */
    return 0;
}

static int ctl_may_change(const struct hf_store *store, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_DENIED,
                   "'%s': a trust list is signed by Microsoft and cannot be "
                   "changed; change the store that is to differ from it",
                   store->path);
}

static int ctl_stage(const struct hf_store *store, struct hf_edit *edit,
                     struct hf_err *err)
{
    (void)edit;
    return ctl_may_change(store, err);
}

static const struct hf_store_ops ctl_ops = {
    .read = ctl_read,
    .may_change = ctl_may_change,
    .stage = ctl_stage,
};

int hf_ctl_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    store->kind =
        hf_path_is_dir(path) ? "Microsoft trust lists" : "Microsoft trust list";
    store->stack = HF_STACK_LIST;
    store->ops = &ctl_ops;
    return hf_store_set_file(store, path, err);
}
