/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows_find.c - the registry files of a Windows below a folder: a
 * mounted disk, an image, a backup. */
#include <stdio.h>
#include <strings.h>

#include "plat/file.h"
#include "store/kind.h"

#define USERS_MAX 4096 /* ours: profiles of one machine */

struct find {
    const char *root;
    struct hf_stores *stores;
};

/* Where a path cannot be followed, somebody else's stores may be: they are not
 * found, which is all that can be said. */
static bool is_fatal(int rc)
{
    return rc == HF_E_NOMEM;
}

static int resolve(const struct find *find, const char *path, char **ret_real,
                   struct hf_err *err)
{
    struct hf_err why;
    int rc = hf_path_resolve(find->root, *path ? path : "/", ret_real, &why);

    if (is_fatal(rc)) {
        *err = why;
        return rc;
    }
    return 0;
}

/* The name in the folder `path` that is `name`, or `name` without case; NULL
 * when there is none. How NTFS is mounted decides whether case matters. */
static int spell(const struct find *find, const char *path, const char *name,
                 char **ret_name, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_free_ptr) char *real = NULL;
    const char *found = NULL;
    struct hf_err why;

    if (resolve(find, path, &real, err) < 0)
        return hf_err_code(err);
    if (!real || !hf_path_is_dir(real))
        return 0;
    if (is_fatal(hf_dir_names(real, &names, &why))) {
        *err = why;
        return hf_err_code(err);
    }
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.name[i], name) == 0 ||
            (!found && strcasecmp(names.name[i], name) == 0))
            found = names.name[i];
    if (!found)
        return 0;
    *ret_name = hf_view_dup(hf_view_text(found));
    return *ret_name ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

/* `folder` and `below` ("a/b/c") as the disk spells them, from the root on;
 * NULL when there is no such thing. */
static int find_path(const struct find *find, const char *folder,
                     const char *below, char **ret_path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_view_dup(hf_view_text(folder));

    while (path && *below) {
        HF_AUTO(hf_free_ptr) char *name = NULL;
        HF_AUTO(hf_free_ptr) char *want = NULL;
        size_t len = strcspn(below, "/");
        char *longer = NULL;

        want = hf_view_dup(hf_view(below, len));
        if (!want)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (spell(find, path, want, &name, err) < 0)
            return hf_err_code(err);
        if (!name)
            return 0;
        if (asprintf(&longer, "%s/%s", path, name) < 0)
            longer = NULL;
        free(path);
        path = longer;
        below += len + (below[len] == '/');
    }
    *ret_path = HF_STEAL(path);
    return *ret_path ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
}

/* One file, unless it was found by another name already. */
static int add_file(const struct find *find, const char *scheme,
                    const char *folder, const char *below, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_free_ptr) char *real = NULL;
    HF_AUTO(hf_free_ptr) char *spec = NULL;

    if (find_path(find, folder, below, &path, err) < 0)
        return hf_err_code(err);
    if (path && resolve(find, path, &real, err) < 0)
        return hf_err_code(err);
    if (!real || !hf_path_exists(real) || hf_path_is_dir(real))
        return 0;
    for (size_t i = 0; i < find->stores->count; i++)
        if (strcmp(find->stores->store[i]->real, real) == 0)
            return 0;
    if (asprintf(&spec, "%s:%s", scheme, real) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    return hf_stores_add(find->stores, find->root, spec, err);
}

/* Everybody who has a folder in `homes`. */
static int add_users(const struct find *find, const char *homes,
                     struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_free_ptr) char *real = NULL;
    struct hf_err why;

    if (find_path(find, "", homes, &path, err) < 0 ||
        (path && resolve(find, path, &real, err) < 0))
        return hf_err_code(err);
    if (real && is_fatal(hf_dir_names(real, &names, &why))) {
        *err = why;
        return hf_err_code(err);
    }
    for (size_t i = 0; i < names.count && i < USERS_MAX; i++) {
        HF_AUTO(hf_free_ptr) char *home = hf_path_join(path, names.name[i]);

        if (!home)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (add_file(find, "hive", home, "NTUSER.DAT", err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_windows_find(const char *root, struct hf_stores *stores,
                    struct hf_err *err)
{
    static const char software[] = "Windows/System32/config/SOFTWARE";
    struct find find = { root, stores };
    HF_AUTO(hf_free_ptr) char *path = NULL;

    /* what runs on this machine is no Windows */
    if (!root || root[strspn(root, "/")] == '\0')
        return 0;
    if (find_path(&find, "", software, &path, err) < 0)
        return hf_err_code(err);
    if (!path)
        return 0;
    if (add_file(&find, "hive", "", software, err) < 0 ||
        add_users(&find, "Users", err) < 0 ||
        add_users(&find, "Documents and Settings", err) < 0 ||
        add_file(&find, "pol", "",
                 "Windows/System32/GroupPolicy/Machine/Registry.pol",
                 err) < 0 ||
        add_file(&find, "pol", "",
                 "Windows/System32/GroupPolicy/User/Registry.pol", err) < 0)
        return hf_err_code(err);
    return 0;
}
