/* SPDX-License-Identifier: Apache-2.0 */
/* store/certfiles.c - folders of certificate files. */
#include "store/certfiles.h"

#include <sys/stat.h>

#include "crypto/load.h"
#include "plat/file.h"
#include "store/pemtext.h"

#define DEPTH_MAX 8     /* folders in folders; ours: more is a mistake */
#define FILES_MAX 20000 /* ours: every known intermediate has its own file */

void hf_cert_files_done(struct hf_cert_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->file[i].path);
        free(files->file[i].name);
        free(files->file[i].fault);
        hf_certs_done(&files->file[i].certs);
    }
    free(files->file);
    *files = (struct hf_cert_files){ 0 };
}

static bool ends_in(const char *name, const char *tail)
{
    size_t len = strlen(name), tail_len = strlen(tail);

    return len > tail_len && strcmp(name + len - tail_len, tail) == 0;
}

static bool says_certificate(const char *name)
{
    static const char *const tail[] = { ".pem", ".crt", ".cer",
                                        ".der", ".p7b", ".p7c" };

    for (size_t i = 0; i < HF_COUNT(tail); i++)
        if (ends_in(name, tail[i]))
            return true;
    return hf_hash_name_is(name);
}

static struct hf_cert_file *grow(struct hf_cert_files *files,
                                 struct hf_err *err)
{
    if (files->count == FILES_MAX) {
        (void)HF_FAIL(err, HF_E_LIMIT, "more than %d files", FILES_MAX);
        return NULL;
    }
    if (files->count == files->room) {
        size_t room = files->room ? files->room * 2 : 16;
        void *more = reallocarray(files->file, room, sizeof(*files->file));

        if (!more) {
            (void)HF_FAIL(err, HF_E_NOMEM, "no memory for a list of files");
            return NULL;
        }
        files->file = more;
        files->room = room;
    }
    files->file[files->count] = (struct hf_cert_file){ 0 };
    return &files->file[files->count++];
}

/* What can be wrong with one file without being wrong with the folder. */
static bool is_fault_of_file(int rc)
{
    return rc == HF_E_PARSE || rc == HF_E_LIMIT || rc == HF_E_IO ||
           rc == HF_E_DENIED || rc == HF_E_CRYPTO || rc == HF_E_ABSENT;
}

const char *hf_inside_of(const char *root, const char *path)
{
    size_t len = root ? strlen(root) : 0;

    while (len > 0 && root[len - 1] == '/')
        len--;
    return len > 0 && strncmp(path, root, len) == 0 ? path + len : path;
}

/* Is `path` staged? What it will hold, then. */
static bool is_staged(const struct hf_changeset *set, const char *path,
                      enum hf_path_kind *ret_kind, struct hf_view *ret_bytes)
{
    const char *other;

    for (size_t i = 0;
         set && hf_changeset_each(set, i, &other, ret_kind, ret_bytes); i++)
        if (strcmp(other, path) == 0)
            return true;
    return false;
}

/* Loads a file as staged, else as it stands on the disk. */
static int load_file(const char *root, const char *path,
                     const struct hf_changeset *set, struct hf_load *load,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    enum hf_path_kind kind;
    struct hf_view bytes;
    struct stat st;

    if (is_staged(set, path, &kind, &bytes) && kind != HF_PATH_LINK)
        return kind == HF_PATH_FILE ? hf_load_certs(bytes, NULL, load, err) : 0;
    if (lstat(path, &st) < 0)
        return 0;
    if (hf_path_resolve(root, hf_inside_of(root, path), &real, err) < 0)
        return hf_err_code(err);
    return hf_load_file(real, NULL, load, err);
}

/* Reads the certificates of a file; a fault becomes its text. */
static int read_one(const char *root, const struct hf_changeset *set,
                    struct hf_cert_file *file, struct hf_err *err)
{
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    char text[HF_ERR_TEXT * 2];
    int rc = load_file(root, file->path, set, &load, err);

    if (rc < 0 && !is_fault_of_file(rc))
        return rc;
    if (rc < 0) {
        hf_err_text(err, text, sizeof(text));
        file->fault = hf_view_dup(hf_view_text(text));
    } else if (load.fault_count > 0) {
        file->fault = hf_view_dup(hf_view_text(load.fault[0].text));
    }
    if ((rc < 0 || load.fault_count > 0) && !file->fault)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a message");
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(&file->certs, load.item[i].cert);
    return hf_certs_check(&file->certs, err);
}

int hf_cert_files_add(const char *root, const char *folder, const char *name,
                      const struct hf_changeset *set,
                      struct hf_cert_files *files, struct hf_err *err)
{
    struct hf_cert_file *file = grow(files, err);

    if (!file)
        return hf_err_code(err);
    file->path = hf_path_join(folder, name);
    file->name = hf_view_dup(hf_view_text(name));
    if (!file->path || !file->name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return read_one(root, set, file, err);
}

/* Is a file that was read worth keeping? */
static void forget_if_none(struct hf_cert_files *files)
{
    struct hf_cert_file *file = &files->file[files->count - 1];

    if (file->certs.count > 0 || (file->fault && says_certificate(file->name)))
        return;
    free(file->path);
    free(file->name);
    free(file->fault);
    hf_certs_done(&file->certs);
    files->count--;
}

struct reading {
    const char *root, *top;
    enum hf_cert_files_how how;
    const struct hf_changeset *set;
    struct hf_cert_files *files;
};

static int read_folder(const struct reading *reading, const char *below,
                       unsigned depth, struct hf_err *err);

static int read_file(const struct reading *reading, const char *name,
                     struct hf_err *err)
{
    if (reading->how == HF_FILES_CRT_DEEP && !ends_in(name, ".crt"))
        return 0;
    if (hf_cert_files_add(reading->root, reading->top, name, reading->set,
                          reading->files, err) < 0)
        return hf_err_code(err);
    forget_if_none(reading->files);
    return 0;
}

static int read_name(const struct reading *reading, const char *name,
                     unsigned depth, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(reading->top, name);
    struct stat st;

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (lstat(path, &st) < 0)
        return 0; /* gone meanwhile */
    if (!S_ISDIR(st.st_mode))
        return read_file(reading, name, err);
    return reading->how == HF_FILES_CRT_DEEP && depth < DEPTH_MAX
               ? read_folder(reading, name, depth + 1, err)
               : 0;
}

static int read_folder(const struct reading *reading, const char *below,
                       unsigned depth, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    char *folder = below ? hf_path_join(reading->top, below)
                         : hf_view_dup(hf_view_text(reading->top));
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };

    if (!folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_dir_names(folder, &names, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < names.count; i++) {
        HF_AUTO(hf_free_ptr)
        char *name = below ? hf_path_join(below, names.name[i])
                           : hf_view_dup(hf_view_text(names.name[i]));

        if (!name)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (names.name[i][0] != '.' && read_name(reading, name, depth, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* Files that are staged and not on the disk yet. */
static int read_staged(const struct reading *reading, struct hf_err *err)
{
    size_t len = strlen(reading->top);
    enum hf_path_kind kind;
    struct hf_view bytes;
    const char *path;
    struct stat st;

    for (size_t i = 0; hf_changeset_each(reading->set, i, &path, &kind, &bytes);
         i++)
        if (kind == HF_PATH_FILE && strncmp(path, reading->top, len) == 0 &&
            path[len] == '/' && lstat(path, &st) < 0 &&
            read_file(reading, path + len + 1, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_cert_files_read(const char *root, const char *folder,
                       enum hf_cert_files_how how,
                       const struct hf_changeset *set,
                       struct hf_cert_files *files, struct hf_err *err)
{
    const struct reading reading = { root, folder, how, set, files };

    if (hf_path_is_dir(folder) && read_folder(&reading, NULL, 0, err) < 0)
        return hf_err_code(err);
    return set ? read_staged(&reading, err) : 0;
}

const struct hf_cert_file *hf_cert_files_with(const struct hf_cert_files *files,
                                              const struct hf_cert *cert,
                                              size_t from)
{
    for (size_t i = from; i < files->count; i++)
        if (hf_certs_by_sha256(&files->file[i].certs, hf_cert_sha256(cert)))
            return &files->file[i];
    return NULL;
}

int hf_cert_file_cut(const struct hf_cert_file *file, struct hf_cert *cert,
                     struct hf_changeset *set, struct hf_err *err)
{
    struct hf_certs one = { .cert = &cert, .count = 1 };
    HF_AUTO(hf_pem_change_done) struct hf_pem_change change = { 0 };
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (hf_changeset_peek(set, file->path, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_ABSENT)
        return 0;
    if (file->certs.count == 1 && !file->fault)
        return hf_changeset_remove(set, file->path, err);
    if (kind == HF_PATH_LINK)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is a link to a file with several certificates: "
                       "change that one",
                       file->path);
    if (hf_pem_edit(file->path, bytes, NULL, &one, &change, err) < 0)
        return hf_err_code(err);
    if (change.left == 0)
        return hf_changeset_remove(set, file->path, err);
    return hf_changeset_write(set, file->path, hf_buf_peek(&change.text), 0644,
                              err);
}
