/* SPDX-License-Identifier: Apache-2.0 */
/* store/places.c - where certificate stores stand in a Windows registry. */
#include "store/places.h"

#include <stdio.h>
#include <strings.h>

#include "plat/file.h"
#include "store/placelook.h"

#define PLACES_MAX 16384 /* ours: a machine has 50 */
#define LIST_MAX 4096    /* bytes of names in an error text; it is cut anyway */

/* The stores that Windows makes itself. Source: wincrypt.h */
static const struct {
    const char *name;
    enum hf_standing standing;
} known[] = {
    { "ROOT", HF_STANDING_ANCHOR },
    { "AuthRoot", HF_STANDING_ANCHOR },
    { "CA", HF_STANDING_ISSUER },
    { "Disallowed", HF_STANDING_REFUSED },
    { "MY", HF_STANDING_HELD },
    { "TrustedPublisher", HF_STANDING_HELD },
    { "TrustedPeople", HF_STANDING_HELD },
    { "trust", HF_STANDING_HELD },
    { "SmartCardRoot", HF_STANDING_HELD },
    { "UserDS", HF_STANDING_HELD },
    { "AddressBook", HF_STANDING_HELD },
    { "NTAuth", HF_STANDING_HELD },
    { "REQUEST", HF_STANDING_HELD },
};

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for certificate stores");
}

static bool starts(const char *text, const char *head)
{
    return strncasecmp(text, head, strlen(head)) == 0;
}

static void place_done(struct hf_place *place)
{
    free(place->key);
    free(place->name);
    free(place->mirror);
    free(place->fault);
}

void hf_places_done(struct hf_places *places)
{
    for (size_t i = 0; i < places->folder_count; i++) {
        free(places->folder[i].key);
        free(places->folder[i].prefix);
        free(places->folder[i].mirror);
    }
    for (size_t i = 0; i < places->count; i++)
        place_done(&places->place[i]);
    free(places->folder);
    free(places->place);
    free(places->base);
    *places = (struct hf_places){ 0 };
}

int hf_places_put(struct hf_places *places, const struct hf_place *place_take,
                  struct hf_err *err)
{
    struct hf_place place = *place_take;
    struct hf_place *more = NULL;
    int rc = 0;

    if (places->count == PLACES_MAX)
        rc = HF_FAIL(err, HF_E_LIMIT, "more than %d certificate stores",
                     PLACES_MAX);
    if (rc == 0)
        more = reallocarray(places->place, places->count + 1, sizeof(*more));
    if (!more) {
        place_done(&place);
        return rc < 0 ? rc : no_memory(err);
    }
    places->place = more;
    more[places->count++] = place;
    return place.key && place.name ? 0 : no_memory(err);
}

/* A service's own roots are trusted by that service alone. */
static enum hf_standing standing_of(const char *prefix, const char *store)
{
    for (size_t i = 0; i < HF_COUNT(known); i++)
        if (strcasecmp(known[i].name, store) == 0)
            return known[i].standing == HF_STANDING_ANCHOR &&
                           strstr(prefix, "service ")
                       ? HF_STANDING_HELD
                       : known[i].standing;
    return HF_STANDING_HELD;
}

static int put_store(struct hf_places *places,
                     const struct hf_place_folder *folder, const char *store,
                     struct hf_err *err)
{
    struct hf_place place = { .key = hf_key_join(folder->key, store),
                              .standing = standing_of(folder->prefix, store) };

    if (asprintf(&place.name, "%s%s", folder->prefix, store) < 0)
        place.name = NULL;
    if (folder->mirror) {
        place.mirror = hf_key_join(folder->mirror, store);
        if (!place.mirror)
            free(HF_STEAL(place.name)); /* half of it is none */
    }
    return hf_places_put(places, &place, err);
}

static int put_damaged(struct hf_places *places,
                       const struct hf_place_folder *folder,
                       const struct hf_err *why, struct hf_err *err)
{
    char text[1000];
    struct hf_place place = { .standing = HF_STANDING_HELD };

    hf_err_text(why, text, sizeof(text));
    place.fault = hf_view_dup(hf_view_text(text));
    place.key = place.fault ? hf_view_dup(hf_view_text(folder->key)) : NULL;
    if (asprintf(&place.name, "%s?", folder->prefix) < 0)
        place.name = NULL;
    return hf_places_put(places, &place, err);
}

static int put_stores(const struct hf_registry *registry,
                      struct hf_places *places, size_t at, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names store = { 0 };
    const struct hf_place_folder *folder = &places->folder[at];
    struct hf_err why;
    int rc = hf_registry_keys(registry, folder->key, &store, &why);

    if (hf_places_fatal(rc)) {
        *err = why;
        return rc;
    }
    if (rc < 0)
        return put_damaged(places, folder, &why, err);
    for (size_t i = 0; i < store.count; i++)
        if (put_store(places, folder, store.name[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

static bool has_folder(const struct hf_places *places, const char *prefix)
{
    for (size_t i = 0; i < places->folder_count; i++)
        if (strcasecmp(places->folder[i].prefix, prefix) == 0)
            return true;
    return false;
}

/* A hive that nothing was put into yet becomes what it is asked to be. */
static int is_blank(const struct hf_registry *registry, bool *ret_blank,
                    struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };
    struct hf_err why;
    int rc = hf_registry_keys(registry, "", &name, &why);

    if (hf_places_fatal(rc)) {
        *err = why;
        return rc;
    }
    *ret_blank = rc == 0 && name.count == 0;
    return 0;
}

/* Where stores go in a file that has none: where it says it stands. */
static int default_base(const struct hf_registry *registry, bool user,
                        struct hf_places *places, struct hf_err *err)
{
    const char *mount = hf_registry_mount(registry);
    bool machine = hf_registry_form(registry) != HF_REGISTRY_HIVE ||
                   strcasecmp(mount, "HKLM\\SOFTWARE") == 0;

    if (!user && !machine && *mount == '\0' &&
        is_blank(registry, &machine, err) < 0)
        return hf_err_code(err);
    if (!user && !machine)
        return 0;
    places->base =
        hf_view_dup(hf_view_text(user ? "HKCU\\Software" : "HKLM\\SOFTWARE"));
    return places->base ? 0 : no_memory(err);
}

/* New folders go beside those that are there. */
static int find_base(const struct hf_registry *registry, bool user,
                     struct hf_places *places, struct hf_err *err)
{
    for (size_t i = 0; i < places->folder_count && !places->base; i++) {
        const struct hf_place_folder *folder = &places->folder[i];

        if (!strstr(folder->prefix, "32-bit ") &&
            starts(folder->prefix, "user ") == user &&
            hf_places_software(folder->key, &places->base, err) < 0)
            return hf_err_code(err);
    }
    return places->base ? 0 : default_base(registry, user, places, err);
}

/* What the file is by itself, and whose stores are its own. */
static int find_home(const struct hf_registry *registry,
                     struct hf_places *places, struct hf_err *err)
{
    const char *mount = hf_registry_mount(registry);
    enum hf_registry_form form = hf_registry_form(registry);
    bool user = strcasecmp(mount, "HKCU") == 0;

    if (*mount == '\0' && form != HF_REGISTRY_HIVE)
        user = !has_folder(places, "") && has_folder(places, "user ");
    places->home = user ? "user " : "";
    if (form == HF_REGISTRY_POL)
        places->home = user ? "user policy " : "policy ";
    return find_base(registry, user, places, err);
}

int hf_places_find(const struct hf_registry *registry,
                   struct hf_places *ret_places, struct hf_err *err)
{
    HF_AUTO(hf_places_done) struct hf_places places = { 0 };

    if (hf_places_look(registry, &places, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < places.folder_count; i++)
        if (put_stores(registry, &places, i, err) < 0)
            return hf_err_code(err);
    if (find_home(registry, &places, err) < 0)
        return hf_err_code(err);
    *ret_places = places;
    places = (struct hf_places){ 0 };
    return 0;
}

/* --- names ---------------------------------------------------------------- */

/* Prefixes whose folders are made when a store of theirs is first filled. */
static const struct {
    const char *prefix, *key; /* key NULL: made by Windows alone */
} prefixes[] = {
    { "user policy ", "Policies\\Microsoft\\SystemCertificates" },
    { "policy ", "Policies\\Microsoft\\SystemCertificates" },
    { "user enterprise ", "Microsoft\\EnterpriseCertificates" },
    { "enterprise ", "Microsoft\\EnterpriseCertificates" },
    { "user service ", NULL },
    { "service ", NULL },
    { "user 32-bit ", NULL },
    { "32-bit ", NULL },
    { "user ", "Microsoft\\SystemCertificates" },
    { "", "Microsoft\\SystemCertificates" },
};

static size_t prefix_of(const char *part)
{
    size_t i = 0;

    while (!starts(part, prefixes[i].prefix))
        i++; /* the last one fits all */
    return i;
}

/* The folder with the longest prefix that `part` begins with, a name left. */
static const struct hf_place_folder *folder_of(const struct hf_places *places,
                                               const char *part)
{
    size_t least = strlen(prefixes[prefix_of(part)].prefix);
    const struct hf_place_folder *best = NULL;

    for (size_t i = 0; i < places->folder_count; i++) {
        const struct hf_place_folder *folder = &places->folder[i];
        size_t len = strlen(folder->prefix);

        if (len >= least && starts(part, folder->prefix) && part[len] &&
            (!best || len > strlen(best->prefix)))
            best = folder;
    }
    return best;
}

/* `part` with the prefix of the file's own stores where it lacks one: "ROOT" is
 * "user ROOT" in a user's hive, "policy ROOT" there "user policy ROOT". */
static char *in_full(const struct hf_places *places, const char *part)
{
    const char *head = places->home;
    char *full = NULL;

    if (starts(head, "user ") && starts(part, "user "))
        head = "";
    else if (*prefixes[prefix_of(part)].prefix)
        head = starts(head, "user ") ? "user " : "";
    return asprintf(&full, "%s%s", head, part) < 0 ? NULL : full;
}

static size_t select_named(struct hf_places *places, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < places->count; i++) {
        places->place[i].selected =
            !name || strcasecmp(places->place[i].name, name) == 0;
        count += places->place[i].selected;
    }
    return count;
}

int hf_places_select(struct hf_places *places, const char *part,
                     size_t *ret_count, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *full = part ? in_full(places, part) : NULL;
    size_t count = select_named(places, part);

    if (part && !full)
        return no_memory(err);
    *ret_count = count > 0 ? count : select_named(places, full);
    return 0;
}

static const struct hf_place *find_named(const struct hf_places *places,
                                         const char *name)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcasecmp(places->place[i].name, name) == 0 &&
            !places->place[i].fault)
            return &places->place[i];
    return NULL;
}

int hf_places_may_hold(const struct hf_places *places, const char *part,
                       bool *ret_may, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *full = in_full(places, part);
    const struct hf_place_folder *folder;
    size_t skip = 0;
    bool may = false;

    if (!full)
        return no_memory(err);
    folder = folder_of(places, full);
    if (folder)
        skip = strlen(folder->prefix);
    else if (places->base && prefixes[prefix_of(full)].key)
        skip = strlen(prefixes[prefix_of(full)].prefix);
    else
        skip = strlen(full); /* nobody can tell where it would stand */
    for (size_t i = 0; i < HF_COUNT(known); i++)
        may = may || strcasecmp(full + skip, known[i].name) == 0;
    *ret_may = may;
    return 0;
}

char *hf_places_list(const struct hf_places *places)
{
    HF_AUTO(hf_buf_done) struct hf_buf names = { 0 };

    hf_buf_init(&names, LIST_MAX);
    for (size_t i = 0; i < places->count && names.len < LIST_MAX / 2; i++)
        hf_buf_printf(&names, "%s%.200s", i > 0 ? ", " : "",
                      places->place[i].name);
    if (places->count == 0)
        hf_buf_text(&names, "none");
    return hf_buf_steal(&names);
}

/* --- where a store goes -----------------------------------------------------
 */

static int new_key(const struct hf_places *places, const char *name,
                   char **ret_key, struct hf_err *err)
{
    size_t at = prefix_of(name);
    const char *store = name + strlen(prefixes[at].prefix);
    HF_AUTO(hf_free_ptr) char *folder = NULL;
    const char *base = places->base;

    if (base && starts(name, "user ") && !starts(places->home, "user "))
        base = "HKCU\\Software";
    if (!base || !prefixes[at].key || !*store)
        return HF_FAIL(err, HF_E_USAGE,
                       "there is no store '%s', and nobody can tell where it "
                       "would go in this file",
                       name);
    folder = hf_key_join(base, prefixes[at].key);
    *ret_key = folder ? hf_key_join(folder, store) : NULL;
    return *ret_key ? 0 : no_memory(err);
}

int hf_places_key(const struct hf_places *places, const char *part,
                  char **ret_key, char **ret_name, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *name = in_full(places, part);
    HF_AUTO(hf_free_ptr) char *key = NULL;
    const struct hf_place *place = find_named(places, part);
    const struct hf_place_folder *folder;

    if (!name)
        return no_memory(err);
    place = place ? place : find_named(places, name);
    folder = folder_of(places, name);
    if (place) {
        free(name);
        name = hf_view_dup(hf_view_text(place->name));
        key = hf_view_dup(hf_view_text(place->key));
    } else if (folder) {
        key = hf_key_join(folder->key, name + strlen(folder->prefix));
    } else if (new_key(places, name, &key, err) < 0) {
        return hf_err_code(err);
    }
    if (!key || !name)
        return no_memory(err);
    *ret_key = HF_STEAL(key);
    *ret_name = HF_STEAL(name);
    return 0;
}
