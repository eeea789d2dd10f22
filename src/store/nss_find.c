/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_find.c - the NSS profiles of a system: its users' and its own. */
#include <stdio.h>

#include "plat/file.h"
#include "store/folders.h"
#include "store/nss.h"

#define PROFILES_MAX 64 /* of one home; ours */

/* Below a home. Source: the programs' own manuals; snaps and flatpaks keep a
 * home of their own. */
static const struct place {
    const char *folder;
    bool many;          /* a profile is a folder in it */
    const char *inside; /* of each of them, or NULL */
} places[] = {
    { ".pki/nssdb", false, NULL },
    { ".local/share/pki/nssdb", false, NULL },
    { ".mozilla/firefox", true, NULL },
    { ".config/mozilla/firefox", true, NULL },
    { ".thunderbird", true, NULL },
    { ".librewolf", true, NULL },
    { "snap/firefox/common/.mozilla/firefox", true, NULL },
    { "snap/thunderbird/common/.thunderbird", true, NULL },
    { "snap/chromium/current/.pki/nssdb", false, NULL },
    { "snap/chromium/current/.local/share/pki/nssdb", false, NULL },
    { ".var/app/org.mozilla.firefox/.mozilla/firefox", true, NULL },
    { ".var/app/org.mozilla.firefox/config/mozilla/firefox", true, NULL },
    { ".var/app/org.mozilla.Thunderbird/.thunderbird", true, NULL },
    { ".var/app", true, ".pki/nssdb" },
    { ".var/app", true, "data/pki/nssdb" },
};

struct search {
    const char *root;
    struct hf_stores *stores;
    size_t first; /* store of this home */
};

/* Is it in the list already? A folder may be reached by two ways. */
static bool is_known(const struct search *search, const char *real)
{
    for (size_t i = search->first; i < search->stores->count; i++)
        if (strcmp(search->stores->store[i]->real, real) == 0)
            return true;
    return false;
}

/* Adds the folder `path` below the root, when it is a profile. */
static int try_folder(struct search *search, const char *path,
                      struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    HF_AUTO(hf_free_ptr) char *new_db = NULL;
    HF_AUTO(hf_free_ptr) char *old_db = NULL;
    HF_AUTO(hf_free_ptr) char *spec = NULL;

    if (hf_folder_follow(search->root, path, &real, err) < 0)
        return hf_err_code(err);
    if (!real || is_known(search, real) ||
        search->stores->count - search->first >= PROFILES_MAX)
        return 0;
    new_db = hf_path_join(real, "/cert9.db");
    old_db = hf_path_join(real, "/cert8.db");
    if (!new_db || !old_db || asprintf(&spec, "nss:%s", real) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    if (!hf_path_exists(new_db) && !hf_path_exists(old_db))
        return 0;
    return hf_stores_add(search->stores, search->root, spec, err);
}

/* Each folder in `path`, or what `inside` says of each. */
static int try_each(struct search *search, const char *path, const char *inside,
                    struct hf_err *err)
{
    HF_AUTO(hf_texts_done) struct hf_texts names = { 0 };
    HF_AUTO(hf_free_ptr) char *real = NULL;

    if (hf_folder_follow(search->root, path, &real, err) < 0 ||
        (real && hf_folder_names(real, &names, err) < 0))
        return hf_err_code(err);
    for (size_t i = 0; i < names.count; i++) {
        HF_AUTO(hf_free_ptr) char *one = NULL;

        if (asprintf(&one, "%s/%s%s%s", path, names.text[i], inside ? "/" : "",
                     inside ? inside : "") < 0) {
            one = NULL;
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        }
        if (try_folder(search, one, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int try_home(struct search *search, const char *home, struct hf_err *err)
{
    search->first = search->stores->count;
    for (size_t i = 0; i < HF_COUNT(places); i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        int rc;

        if (asprintf(&path, "%s/%s", home, places[i].folder) < 0) {
            path = NULL;
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        }
        rc = places[i].many ? try_each(search, path, places[i].inside, err)
                            : try_folder(search, path, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int hf_nss_find(const char *root, struct hf_stores *stores, struct hf_err *err)
{
    HF_AUTO(hf_homes_done) struct hf_homes homes = { 0 };
    struct search search = { root, stores, stores->count };

    if (hf_homes_find(root, &homes, err) < 0 ||
        try_folder(&search, "/etc/pki/nssdb", err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < homes.path.count; i++)
        if (try_home(&search, homes.path.text[i], err) < 0)
            return hf_err_code(err);
    return 0;
}
