/* SPDX-License-Identifier: Apache-2.0 */
/* store/pem.c - a file of PEM certificates, or a folder of such files. */
#include <sys/stat.h>

#include "plat/file.h"
#include "store/certfiles.h"
#include "store/kind.h"
#include "store/pemtext.h"

/* --- a file -------------------------------------------------------------- */

static int file_read(const struct hf_store *store, struct hf_store_list *list,
                     struct hf_err *err)
{
    return hf_store_read_file(store->real, store->path, list, err);
}

static int file_stage(const struct hf_store *store, struct hf_edit *edit,
                      struct hf_err *err)
{
    HF_AUTO(hf_pem_change_done) struct hf_pem_change change = { 0 };
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (hf_changeset_peek(edit->set, store->real, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_LINK)
        return HF_FAIL(err, HF_E_IO, "'%s' is a symbolic link to nowhere",
                       store->real);
    if (hf_pem_edit(store->real, bytes, edit->add, edit->remove, &change, err) <
        0)
        return hf_err_code(err);
    hf_certs_add_all(&edit->added, &change.added);
    hf_certs_add_all(&edit->removed, &change.removed);
    if (change.added.count + change.removed.count == 0)
        return 0;
    return hf_changeset_write(edit->set, store->real, hf_buf_peek(&change.text),
                              0644, err);
}

static const struct hf_store_ops file_ops = {
    .read = file_read,
    .may_change = hf_store_file_may_change,
    .stage = file_stage,
};

/* --- a folder ------------------------------------------------------------ */

/* Hash links repeat what they lead to. */
static bool is_repeat(const struct hf_cert_file *file)
{
    struct stat st;

    return hf_hash_name_is(file->name) && lstat(file->path, &st) == 0 &&
           S_ISLNK(st.st_mode);
}

static int list_file(const struct hf_store *store,
                     const struct hf_cert_file *file,
                     struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *where = hf_path_join(store->path, file->name);

    if (!where)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    for (size_t i = 0; i < file->certs.count; i++)
        if (!hf_store_list_add(list, file->certs.cert[i], where, err))
            return hf_err_code(err);
    return file->fault ? hf_store_list_fault(list, where, file->fault, err) : 0;
}

static int folder_files(const struct hf_store *store,
                        const struct hf_changeset *set,
                        struct hf_cert_files *files, struct hf_err *err)
{
    return hf_cert_files_read(NULL, store->real, HF_FILES_FLAT, set, files,
                              err);
}

static int folder_read(const struct hf_store *store, struct hf_store_list *list,
                       struct hf_err *err)
{
    HF_AUTO(hf_cert_files_done) struct hf_cert_files files = { 0 };

    if (folder_files(store, NULL, &files, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < files.count; i++)
        if (!is_repeat(&files.file[i]) &&
            list_file(store, &files.file[i], list, err) < 0)
            return hf_err_code(err);
    return 0;
}

static int folder_may_change(const struct hf_store *store, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *inside = hf_path_join(store->real, "x");

    if (!inside)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return hf_store_writable(inside, err);
}

static bool is_hashed(const struct hf_cert_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (hf_hash_name_is(files->file[i].name))
            return true;
    return false;
}

static int folder_remove(const struct hf_store *store,
                         const struct hf_cert_files *files,
                         struct hf_cert *cert, struct hf_edit *edit,
                         struct hf_err *err)
{
    bool found = false;

    for (size_t i = 0; i < files->count; i++) {
        const struct hf_cert_file *file = &files->file[i];

        if (!hf_certs_by_sha256(&file->certs, hf_cert_sha256(cert)))
            continue;
        found = true;
        if (is_repeat(file))
            continue;
        if ((is_hashed(files) && file->certs.count == 1 &&
             hf_hash_unlink(NULL, store->real, file->name, cert, edit->set,
                            err) < 0) ||
            hf_cert_file_cut(file, cert, edit->set, err) < 0)
            return hf_err_code(err);
    }
    if (found)
        hf_certs_add(&edit->removed, cert);
    return 0;
}

static int folder_add(const struct hf_store *store,
                      const struct hf_cert_files *files, struct hf_cert *cert,
                      struct hf_edit *edit, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf pem = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf name = { 0 };
    HF_AUTO(hf_free_ptr) char *stem = NULL;
    HF_AUTO(hf_free_ptr) char *file = NULL;
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (hf_cert_files_with(files, cert, 0) ||
        hf_certs_by_sha256(&edit->added, hf_cert_sha256(cert)))
        return 0;
    hf_buf_init(&pem, 2 * HF_CERT_MAX);
    hf_buf_init(&name, 256);
    hf_cert_pem(&pem, cert);
    if (hf_buf_check(&pem, err) < 0 || hf_pem_file_name(cert, &stem, err) < 0)
        return hf_err_code(err);
    hf_buf_printf(&name, "%s.pem", stem);
    file = hf_buf_steal(&name);
    path = file ? hf_path_join(store->real, file) : NULL;
    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    hf_certs_add(&edit->added, cert);
    if (hf_changeset_write(edit->set, path, hf_buf_peek(&pem), 0644, err) < 0)
        return hf_err_code(err);
    return is_hashed(files)
               ? hf_hash_link(store->real, file, cert, edit->set, err)
               : 0;
}

static int folder_stage(const struct hf_store *store, struct hf_edit *edit,
                        struct hf_err *err)
{
    HF_AUTO(hf_cert_files_done) struct hf_cert_files files = { 0 };

    if (folder_files(store, edit->set, &files, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < edit->remove->count; i++)
        if (folder_remove(store, &files, edit->remove->cert[i], edit, err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < edit->add->count; i++)
        if (folder_add(store, &files, edit->add->cert[i], edit, err) < 0)
            return hf_err_code(err);
    return 0;
}

static const struct hf_store_ops folder_ops = {
    .read = folder_read,
    .may_change = folder_may_change,
    .stage = folder_stage,
};

int hf_pem_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    bool folder = hf_path_is_dir(path);

    store->kind = folder ? "PEM folder" : "PEM file";
    store->ops = folder ? &folder_ops : &file_ops;
    return hf_store_set_file(store, path, err);
}
