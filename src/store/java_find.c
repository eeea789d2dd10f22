/* SPDX-License-Identifier: Apache-2.0 */
/* store/java_find.c - the Java keystores of a system. */
#include <stdio.h>

#include "plat/file.h"
#include "store/folders.h"
#include "store/java.h"
#include "store/kind.h"

#define STORES_MAX 200   /* ours: a machine has one to ten */
#define FOLDERS_MAX 2000 /* looked at, of one pattern; ours */

/* What the distributions make for all their JDKs. */
static const char *const files[] = {
    "/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts",
    "/etc/pki/ca-trust/extracted/java/cacerts",
    "/var/lib/ca-certificates/java-cacerts",
    "/etc/ca-certificates/extracted/java-cacerts.jks"
};

/* Where JDKs and JREs are; "*" stands for a name, or for the rest of one. */
static const char *const homes[] = {
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/usr/lib32/jvm/*",
    "/usr/java/*",
    "/usr/local/java/*",
    "/usr/local/openjdk*",
    "/usr/local/jdk*",
    "/opt/*",
    "/opt/*/jdk",
    "/opt/*/jbr",
    "/opt/java/*",
    "/opt/jdk/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/System/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/Program Files*/Java/*",
    "/Program Files*/Eclipse Adoptium/*",
    "/Program Files*/Eclipse Foundation/*",
    "/Program Files*/AdoptOpenJDK/*",
    "/Program Files*/Amazon Corretto/*",
    "/Program Files*/BellSoft/*",
    "/Program Files*/Microsoft/jdk*",
    "/Program Files*/OpenJDK/*",
    "/Program Files*/Semeru/*",
    "/Program Files*/Zulu/*",
    "/Users/*/.jdks/*",
    "/Users/*/Library/Java/JavaVirtualMachines/*/Contents/Home",
};

/* Below the home of a user. */
static const char *const in_user_home[] = {
    "/.sdkman/candidates/java/*",
    "/.jdks/*",
    "/.asdf/installs/java/*",
    "/.local/share/mise/installs/java/*",
    "/.gradle/jdks/*",
};

struct search {
    const char *root;
    struct hf_stores *stores;
    size_t first;  /* store of ours */
    size_t looked; /* folders, by the pattern at hand */
};

static bool is_known(const struct search *search, const char *real)
{
    for (size_t i = search->first; i < search->stores->count; i++)
        if (strcmp(search->stores->store[i]->real, real) == 0)
            return true;
    return false;
}

/* Adds the file `path` below the root; a link to one that is there is the
 * same. */
static int try_file(const struct search *search, const char *path,
                    struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    HF_AUTO(hf_free_ptr) char *spec = NULL;
    int rc = hf_path_resolve(search->root, path, &real, err);

    if (rc < 0)
        return rc == HF_E_NOMEM ? rc : 0;
    if (!hf_path_exists(real) || hf_path_is_dir(real) ||
        is_known(search, real) ||
        search->stores->count - search->first >= STORES_MAX)
        return 0;
    if (asprintf(&spec, "java:%s", real) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    return hf_stores_add(search->stores, search->root, spec, err);
}

static int try_home(const struct search *search, const char *home,
                    struct hf_err *err)
{
    for (size_t i = 0; hf_java_keystores[i]; i++) {
        HF_AUTO(hf_free_ptr)
        char *path = hf_path_join(home, hf_java_keystores[i]);

        if (!path)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (try_file(search, path, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int try_pattern(struct search *search, const char *path,
                       const char *rest, struct hf_err *err);

/* "Program Files*": the name begins so. */
static bool fits(const char *name, struct hf_view pattern)
{
    return strncmp(name, (const char *)pattern.ptr, pattern.len - 1) == 0;
}

/* Each name in `path` that the pattern's first part fits. */
static int try_names(struct search *search, const char *path,
                     struct hf_view part, const char *rest, struct hf_err *err)
{
    HF_AUTO(hf_texts_done) struct hf_texts names = { 0 };
    HF_AUTO(hf_free_ptr) char *real = NULL;

    if (hf_folder_follow(search->root, *path ? path : "/", &real, err) < 0 ||
        (real && hf_folder_names(real, &names, err) < 0))
        return hf_err_code(err);
    for (size_t i = 0; i < names.count && search->looked < FOLDERS_MAX; i++) {
        HF_AUTO(hf_free_ptr) char *one = NULL;

        if (!fits(names.text[i], part))
            continue;
        search->looked++;
        if (asprintf(&one, "%s/%s", path, names.text[i]) < 0) {
            one = NULL;
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        }
        if (try_pattern(search, one, rest, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* `path` is settled, `rest` ("/a/b/c*") is not. As deep as the pattern. */
static int try_pattern(struct search *search, const char *path,
                       const char *rest, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *next = NULL;
    size_t len;

    if (*rest == '\0')
        return try_home(search, path, err);
    len = strcspn(rest + 1, "/");
    if (rest[len] == '*')
        return try_names(search, path, hf_view(rest + 1, len), rest + 1 + len,
                         err);
    if (asprintf(&next, "%s/%.*s", path, (int)len, rest + 1) < 0) {
        next = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    return try_pattern(search, next, rest + 1 + len, err);
}

static int try_users(struct search *search, struct hf_err *err)
{
    HF_AUTO(hf_homes_done) struct hf_homes users = { 0 };

    if (hf_homes_find(search->root, &users, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < users.path.count; i++)
        for (size_t k = 0; k < HF_COUNT(in_user_home); k++) {
            search->looked = 0;
            if (try_pattern(search, users.path.text[i], in_user_home[k], err) <
                0)
                return hf_err_code(err);
        }
    return 0;
}

int hf_java_find(const char *root, struct hf_stores *stores, struct hf_err *err)
{
    struct search search = { .root = root,
                             .stores = stores,
                             .first = stores->count };

    for (size_t i = 0; i < HF_COUNT(files); i++)
        if (try_file(&search, files[i], err) < 0)
            return hf_err_code(err);
    for (size_t i = 0; i < HF_COUNT(homes); i++) {
        search.looked = 0;
        if (try_pattern(&search, "", homes[i], err) < 0)
            return hf_err_code(err);
    }
    return try_users(&search, err);
}
