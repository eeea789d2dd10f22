/* SPDX-License-Identifier: Apache-2.0 */
/* store/hashlinks.c - the links by which OpenSSL finds a certificate in a
 * folder: its subject's hash, a dot, and a number from 0 without gaps. */
#include <stdio.h>

#include "plat/file.h"
#include "store/certfiles.h"

bool hf_hash_name_is(const char *name)
{
    size_t hex = strspn(name, "0123456789abcdef");

    return hex == 8 && name[8] == '.' && name[9] != '\0' &&
           strspn(name + 9, "0123456789") == strlen(name + 9);
}

static int slot_path(const char *folder, uint32_t hash, unsigned slot,
                     char **ret_path, struct hf_err *err)
{
    char *path;

    if (asprintf(&path, "%s/%08x.%u", folder, (unsigned)hash, slot) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_path = path;
    return 0;
}

int hf_hash_link(const char *folder, const char *name, struct hf_cert *cert,
                 struct hf_changeset *set, struct hf_err *err)
{
    uint32_t hash;

    if (hf_cert_subject_hash(cert, &hash, err) < 0)
        return hf_err_code(err);
    for (unsigned slot = 0; slot < HF_HASH_SLOTS_MAX; slot++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        enum hf_path_kind kind;
        struct hf_view target;

        if (slot_path(folder, hash, slot, &path, err) < 0 ||
            hf_changeset_peek(set, path, &kind, &target, err) < 0)
            return hf_err_code(err);
        if (kind == HF_PATH_LINK && hf_view_is(target, name))
            return 0;
        if (kind == HF_PATH_ABSENT)
            return hf_changeset_link(set, path, name, err);
    }
    return HF_FAIL(err, HF_E_LIMIT,
                   "more than %d certificates of one name in '%s'",
                   HF_HASH_SLOTS_MAX, folder);
}

/* What is looked for, and what was found on the way. */
struct hunt {
    const char *root, *folder, *name;
    struct hf_cert *cert;
    struct hf_changeset *set;
    char *target[HF_HASH_SLOTS_MAX]; /* of the links that stay */
    unsigned kept, used;
    bool solid; /* a slot is a file: nothing can be moved up */
};

static void hunt_done(struct hunt *hunt)
{
    for (unsigned i = 0; i < hunt->kept; i++)
        free(hunt->target[i]);
}

/* Does the entry, followed to its end, hold this certificate and no other? */
static int holds(const struct hunt *hunt, const char *name, bool *ret_holds,
                 struct hf_err *err)
{
    HF_AUTO(hf_cert_files_done) struct hf_cert_files files = { 0 };

    if (hf_cert_files_add(hunt->root, hunt->folder, name, hunt->set, &files,
                          err) < 0)
        return hf_err_code(err);
    *ret_holds = hf_cert_files_with(&files, hunt->cert, 0) &&
                 files.file[0].certs.count == 1;
    return 0;
}

/* Removes an entry of the folder: a link, when it is `known` to be meant or
 * leads to the certificate; a file, when it holds only that. */
static int remove_entry(const struct hunt *hunt, const char *name, bool known,
                        struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(hunt->folder, name);
    enum hf_path_kind kind;
    bool is_it = false;

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_changeset_peek(hunt->set, path, &kind, NULL, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_ABSENT)
        return 0;
    if (kind == HF_PATH_LINK && known)
        return hf_changeset_remove(hunt->set, path, err);
    if (holds(hunt, name, &is_it, err) < 0)
        return hf_err_code(err);
    return is_it ? hf_changeset_remove(hunt->set, path, err) : 0;
}

/* Removes what a hash link that goes led to. */
static int remove_target(const struct hunt *hunt, const char *target,
                         struct hf_err *err)
{
    const char *slash = strrchr(target, '/');
    HF_AUTO(hf_free_ptr) char *link = NULL;
    HF_AUTO(hf_free_ptr) char *real = NULL;
    const char *inside;
    int rc;

    if (!slash)
        return remove_entry(hunt, target, true, err);
    /* Arch: the link and the entry both lead into another folder, where a file
     * has the entry's name */
    link = hf_path_join(hunt->folder, target);
    if (!link)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    inside = target[0] == '/' ? target : hf_inside_of(hunt->root, link);
    rc = hf_path_resolve(hunt->root, inside, &real, err);
    if (rc < 0)
        return rc == HF_E_NOMEM ? rc : 0; /* leads nowhere */
    return remove_entry(hunt, strrchr(real, '/') + 1, false, err);
}

/* Looks at one slot. Returns 1 past the last, 0, or an error. */
static int look(struct hunt *hunt, const char *path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *target = NULL;
    enum hf_path_kind kind;
    struct hf_view bytes;
    bool leads;

    if (hf_changeset_peek(hunt->set, path, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_ABSENT)
        return 1;
    hunt->used++;
    if (kind == HF_PATH_FILE) {
        hunt->solid = true;
        return 0;
    }
    target = hf_view_dup(bytes);
    if (!target)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a link");
    leads = hunt->name && strcmp(target, hunt->name) == 0;
    if (!leads && holds(hunt, strrchr(path, '/') + 1, &leads, err) < 0)
        return hf_err_code(err);
    if (!leads) {
        hunt->target[hunt->kept++] = HF_STEAL(target);
        return 0;
    }
    if (hf_changeset_remove(hunt->set, path, err) < 0)
        return hf_err_code(err);
    return remove_target(hunt, target, err);
}

/* The links that stay, from slot 0 on; the slots behind them go. */
static int move_up(const struct hunt *hunt, uint32_t hash, struct hf_err *err)
{
    for (unsigned slot = 0; slot < hunt->used; slot++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        int rc;

        if (slot_path(hunt->folder, hash, slot, &path, err) < 0)
            return hf_err_code(err);
        rc = slot < hunt->kept
                 ? hf_changeset_link(hunt->set, path, hunt->target[slot], err)
                 : hf_changeset_remove(hunt->set, path, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int hf_hash_unlink(const char *root, const char *folder, const char *name,
                   struct hf_cert *cert, struct hf_changeset *set,
                   struct hf_err *err)
{
    HF_AUTO(hunt_done)
    struct hunt hunt = { root, folder, name, cert, set, { NULL }, 0, 0, false };
    uint32_t hash;
    int rc = 0;

    if (hf_cert_subject_hash(cert, &hash, err) < 0)
        return hf_err_code(err);
    for (unsigned slot = 0; slot < HF_HASH_SLOTS_MAX && rc == 0; slot++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;

        if (slot_path(folder, hash, slot, &path, err) < 0)
            return hf_err_code(err);
        rc = look(&hunt, path, err);
    }
    if (rc < 0)
        return rc;
    if (!hunt.solid && hunt.kept < hunt.used && move_up(&hunt, hash, err) < 0)
        return hf_err_code(err);
    return name ? remove_entry(&hunt, name, true, err) : 0;
}
