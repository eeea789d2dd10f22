/* SPDX-License-Identifier: Apache-2.0 */
/* store/sources.c - the files a distribution makes its bundle from. */
#include "store/sources.h"

#include <stdio.h>

#include "crypto/load.h"
#include "plat/file.h"
#include "store/pemtext.h"

#define CONF_MAX (1024 * 1024) /* bytes; ours: Debian's has 7,000 */

void hf_sources_done(struct hf_sources *sources)
{
    free(sources->local);
    free(sources->conf);
    free(sources->shared);
    free(sources->links);
    free(sources->block);
    hf_cert_files_done(&sources->in_local);
    hf_cert_files_done(&sources->in_block);
    hf_cert_files_done(&sources->was_local);
    hf_cert_files_done(&sources->was_blocked);
    hf_cert_files_done(&sources->selected);
    hf_cert_files_done(&sources->deselected);
    *sources = (struct hf_sources){ 0 };
}

/* --- reading ------------------------------------------------------------- */

static int resolve(const struct hf_store *store, const char *path,
                   char **ret_real, struct hf_err *err)
{
    return path ? hf_store_real(store->root, path, ret_real, err) : 0;
}

/* The same for a place that is of use only when it is there. */
static int resolve_if(const struct hf_store *store, const char *path,
                      char **ret_real, struct hf_err *err)
{
    bool has = false;

    if (path && hf_layout_has(store->root, path, &has, err) < 0)
        return hf_err_code(err);
    return has ? resolve(store, path, ret_real, err) : 0;
}

/* The folder for distrusted ones: the new name, unless only the old is there.
 */
static int resolve_block(const struct hf_store *store, char **ret_block,
                         struct hf_err *err)
{
    const char *const *block = store->layout->block;

    for (size_t i = 0; i < HF_COUNT(store->layout->block); i++) {
        if (resolve_if(store, block[i], ret_block, err) < 0)
            return hf_err_code(err);
        if (*ret_block)
            return 0;
    }
    return resolve(store, block[0], ret_block, err);
}

static int find_all(struct hf_sources *s, struct hf_err *err)
{
    const struct hf_layout *layout = s->store->layout;

    if (resolve(s->store, layout->local, &s->local, err) < 0 ||
        resolve(s->store, layout->shared, &s->shared, err) < 0 ||
        resolve_block(s->store, &s->block, err) < 0 ||
        resolve_if(s->store, layout->conf, &s->conf, err) < 0)
        return hf_err_code(err);
    return resolve_if(s->store, layout->links, &s->links, err);
}

int hf_sources_find(const struct hf_store *store,
                    struct hf_sources *ret_sources, struct hf_err *err)
{
    struct hf_sources sources = { .store = store };

    if (find_all(&sources, err) < 0) {
        hf_sources_done(&sources);
        return hf_err_code(err);
    }
    *ret_sources = sources;
    return 0;
}

/* A line of the list: its name and whether it is deselected; false when it is
 * a comment or empty. */
static bool read_conf_line(struct hf_view line, struct hf_view *ret_name,
                           bool *ret_off)
{
    if (line.len == 0 || line.ptr[0] == '#')
        return false;
    *ret_off = line.ptr[0] == '!';
    *ret_name = hf_view_from(line, *ret_off ? 1 : 0);
    return ret_name->len > 0;
}

static int read_listed(struct hf_sources *s, struct hf_changeset *set,
                       struct hf_err *err)
{
    enum hf_path_kind kind;
    struct hf_view rest, name;
    bool off;

    if (hf_changeset_peek(set, s->conf, &kind, &rest, err) < 0)
        return hf_err_code(err);
    while (rest.len > 0) {
        HF_AUTO(hf_free_ptr) char *file = NULL;

        if (!read_conf_line(hf_view_line(&rest), &name, &off))
            continue;
        file = hf_view_dup(name);
        if (!file)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (hf_cert_files_add(s->store->root, s->shared, file, set,
                              off ? &s->deselected : &s->selected, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int read_all(struct hf_sources *s, struct hf_changeset *set,
                    struct hf_err *err)
{
    const char *root = s->store->root;
    enum hf_cert_files_how how =
        s->store->layout->shared ? HF_FILES_CRT_DEEP : HF_FILES_FLAT;

    if (s->local &&
        (hf_cert_files_read(root, s->local, how, set, &s->in_local, err) < 0 ||
         hf_cert_files_read(root, s->local, how, NULL, &s->was_local, err) < 0))
        return hf_err_code(err);
    if (s->block && (hf_cert_files_read(root, s->block, HF_FILES_FLAT, set,
                                        &s->in_block, err) < 0 ||
                     hf_cert_files_read(root, s->block, HF_FILES_FLAT, NULL,
                                        &s->was_blocked, err) < 0))
        return hf_err_code(err);
    return s->conf ? read_listed(s, set, err) : 0;
}

int hf_sources_read(const struct hf_store *store, struct hf_changeset *set,
                    struct hf_sources *ret_sources, struct hf_err *err)
{
    struct hf_sources sources;

    if (hf_sources_find(store, &sources, err) < 0)
        return hf_err_code(err);
    if (read_all(&sources, set, err) < 0) {
        hf_sources_done(&sources);
        return hf_err_code(err);
    }
    *ret_sources = sources;
    return 0;
}

/* --- the list of the distribution's certificates ------------------------- */

/* Stages that the line `name` is deselected, or is not. */
static int select_line(const struct hf_sources *s, const char *name, bool off,
                       struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    enum hf_path_kind kind;
    struct hf_view rest, listed;
    bool was_off;

    if (hf_changeset_peek(set, s->conf, &kind, &rest, err) < 0)
        return hf_err_code(err);
    if (kind != HF_PATH_FILE)
        return 0;
    hf_buf_init(&text, CONF_MAX);
    while (rest.len > 0) {
        struct hf_view from = rest, line = hf_view_line(&rest);

        from.len -= rest.len; /* the line with its end */
        if (read_conf_line(line, &listed, &was_off) &&
            hf_view_is(listed, name) && was_off != off) {
            if (off)
                hf_buf_text(&text, "!");
            else
                from = hf_view_from(from, 1);
        }
        hf_buf_view(&text, from);
    }
    if (hf_buf_check(&text, err) < 0)
        return HF_WRAP(err, "'%s'", s->conf);
    return hf_changeset_write(set, s->conf, hf_buf_peek(&text), 0644, err);
}

/* --- links --------------------------------------------------------------- */

/* The name of the link for a source file, by update-ca-certificates' rule. */
static char *link_name(const struct hf_sources *s, const char *file)
{
    const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
    const char *prefix = s->store->layout->prefix;
    size_t len = strlen(base);
    char *name;

    if (len > 4 && strcmp(base + len - 4, ".crt") == 0)
        len -= 4;
    if (asprintf(&name, "%s%.*s.pem", prefix ? prefix : "", (int)len, base) < 0)
        return NULL;
    for (char *at = name; *at; at++) {
        if (*at == ' ' || *at == ',')
            *at = '_';
        else if (*at == '(' || *at == ')')
            *at = '=';
    }
    return name;
}

/* Stages the link to `folder`/`file` (as the running system sees it) and the
 * hash link to that. */
static int add_links(const struct hf_sources *s, const char *folder,
                     const char *file, struct hf_cert *cert,
                     struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *name = NULL;
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_free_ptr) char *target = NULL;
    enum hf_path_kind kind;

    if (!s->links)
        return 0;
    name = link_name(s, file);
    path = name ? hf_path_join(s->links, name) : NULL;
    target = hf_path_join(folder, file);
    if (!path || !target)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_changeset_peek(set, path, &kind, NULL, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_FILE)
        return 0; /* somebody's own file: its tool decides */
    if (hf_changeset_link(set, path, target, err) < 0)
        return hf_err_code(err);
    return hf_hash_link(s->links, name, cert, set, err);
}

static int remove_links(const struct hf_sources *s, const char *file,
                        struct hf_cert *cert, struct hf_changeset *set,
                        struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *name = NULL;

    if (!s->links)
        return 0;
    if (file && !(name = link_name(s, file)))
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return hf_hash_unlink(s->store->root, s->links, name, cert, set, err);
}

/* --- adding and removing ------------------------------------------------- */

/* A file of ours in `folder`. `ret_file` its name, on the heap. */
static int write_own(const char *folder, struct hf_cert *cert,
                     struct hf_changeset *set, char **ret_file,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf pem = { 0 };
    HF_AUTO(hf_free_ptr) char *stem = NULL;
    HF_AUTO(hf_free_ptr) char *path = NULL;
    char *file;

    hf_buf_init(&pem, 2 * HF_CERT_MAX);
    hf_cert_pem(&pem, cert);
    if (hf_buf_check(&pem, err) < 0 || hf_pem_file_name(cert, &stem, err) < 0)
        return hf_err_code(err);
    if (asprintf(&file, "%s.crt", stem) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    path = hf_path_join(folder, file);
    if (!path) {
        free(file);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    *ret_file = file;
    return hf_changeset_write(set, path, hf_buf_peek(&pem), 0644, err);
}

/* Stages that every file of the list holds the certificate no more. */
static int cut_all(const struct hf_cert_files *files, struct hf_cert *cert,
                   struct hf_changeset *set, bool *found, struct hf_err *err)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct hf_cert_file *file = hf_cert_files_with(files, cert, i);

        if (!file)
            return 0;
        *found = true;
        i = (size_t)(file - files->file);
        if (hf_cert_file_cut(file, cert, set, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_sources_add(const struct hf_sources *s, struct hf_cert *cert,
                   struct hf_changeset *set, struct hf_err *err)
{
    const struct hf_layout *layout = s->store->layout;
    const struct hf_cert_file *on = hf_cert_files_with(&s->selected, cert, 0);
    const struct hf_cert_file *off =
        hf_cert_files_with(&s->deselected, cert, 0);
    const struct hf_cert_file *own = hf_cert_files_with(&s->in_local, cert, 0);
    HF_AUTO(hf_free_ptr) char *file = NULL;
    bool unblocked = hf_cert_files_with(&s->was_blocked, cert, 0);

    if (cut_all(&s->in_block, cert, set, &unblocked, err) < 0)
        return hf_err_code(err);
    if (unblocked || !s->local)
        return 0; /* the distribution has it and will give it back */
    if (!on && off) {
        if (select_line(s, off->name, false, set, err) < 0)
            return hf_err_code(err);
        on = off;
    }
    if (on)
        return add_links(s, layout->shared, on->name, cert, set, err);
    if (own)
        return add_links(s, layout->local, own->name, cert, set, err);
    if (write_own(s->local, cert, set, &file, err) < 0)
        return hf_err_code(err);
    return add_links(s, layout->local, file, cert, set, err);
}

/* Deselects the distribution's files that hold it. */
static int deselect(const struct hf_sources *s, struct hf_cert *cert,
                    struct hf_changeset *set, bool *found, struct hf_err *err)
{
    const struct hf_cert_file *file = s->selected.file;

    for (size_t i = 0; i < s->selected.count; i++, file++) {
        if (!hf_certs_by_sha256(&file->certs, hf_cert_sha256(cert)))
            continue;
        if (file->certs.count > 1)
            return HF_FAIL(err, HF_E_USAGE,
                           "'%s' holds several certificates and cannot be "
                           "deselected for one",
                           file->path);
        *found = true;
        if (select_line(s, file->name, true, set, err) < 0 ||
            remove_links(s, file->name, cert, set, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* Removes it from the administrator's files, and the links to those. */
static int remove_local(const struct hf_sources *s, struct hf_cert *cert,
                        struct hf_changeset *set, bool *found,
                        struct hf_err *err)
{
    const struct hf_cert_file *file;

    for (size_t i = 0; (file = hf_cert_files_with(&s->in_local, cert, i));
         i = (size_t)(file - s->in_local.file) + 1)
        if (file->certs.count == 1 &&
            remove_links(s, file->name, cert, set, err) < 0)
            return hf_err_code(err);
    return cut_all(&s->in_local, cert, set, found, err);
}

int hf_sources_remove(const struct hf_sources *s, struct hf_cert *cert,
                      bool in_bundle, struct hf_changeset *set, bool *ret_found,
                      struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *file = NULL;
    bool found = hf_cert_files_with(&s->was_local, cert, 0);

    if (remove_local(s, cert, set, &found, err) < 0 ||
        deselect(s, cert, set, &found, err) < 0)
        return hf_err_code(err);
    if (!found && in_bundle) {
        if (s->block && !hf_cert_files_with(&s->in_block, cert, 0) &&
            write_own(s->block, cert, set, &file, err) < 0)
            return hf_err_code(err);
        if (remove_links(s, NULL, cert, set, err) < 0)
            return hf_err_code(err);
    }
    *ret_found = found;
    return 0;
}
