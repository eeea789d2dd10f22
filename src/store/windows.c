/* SPDX-License-Identifier: Apache-2.0 */
/* store/windows.c - the certificate stores of a Windows registry: a hive, an
 * export, a policy file. */
#include "store/windows.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"
#include "store/placelook.h"

#define FILE_MAX                                                               \
    (512 * 1024 * 1024)    /* bytes; ours: hives of 150 MB are seen            \
                            */
#define ENTRIES_MAX 100000 /* ours: 2,000 are many; bounds a hostile file */
/* bytes of values read; ours: many keys may share the bytes of one */
#define BLOBS_MAX (64 * 1024 * 1024)

/* What a store remembers between two readings. */
struct own {
    enum hf_registry_form form;
    struct hf_registry *registry; /* or NULL */
    struct stat st;               /* of the file when it was opened */
};

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The registry as the file is now; opened again only when that changed. */
static int current(const struct hf_store *store,
                   const struct hf_registry **ret_registry, struct hf_err *err)
{
    struct own *own = store->own;
    struct hf_registry *registry = NULL;
    struct stat st;

    if (stat(store->real, &st) < 0)
        return HF_FAIL_SYS(err, "'%s'", store->path);
    if (!S_ISREG(st.st_mode))
        return HF_FAIL(err, HF_E_IO, "'%s' is not a regular file", store->path);
    if (!own->registry || !is_same_file(&st, &own->st)) {
        if (hf_registry_open(own->form, store->real, &registry, err) < 0)
            return hf_err_code(err);
        hf_registry_free(own->registry);
        own->registry = registry;
        own->st = st;
    }
    *ret_registry = own->registry;
    return 0;
}

static int windows_registry(struct hf_store *store, struct hf_err *err)
{
    const struct hf_registry *registry;

    if (current(store, &registry, err) < 0)
        return hf_err_code(err);
    store->registry = ((struct own *)store->own)->registry;
    return 0;
}

static void windows_done(struct hf_store *store)
{
    struct own *own = store->own;

    if (own)
        hf_registry_free(own->registry);
    free(own);
    store->own = NULL;
    store->registry = NULL;
}

/* --- reading -------------------------------------------------------------- */

struct reading {
    const struct hf_registry *registry;
    struct hf_store_list *list;
    size_t bytes; /* of values, so far */
};

static int put_fault(struct reading *reading, const struct hf_place *place,
                     const char *where, const char *fault, struct hf_err *err)
{
    struct hf_store_entry *entry;

    if (hf_store_list_fault(reading->list, where, fault, err) < 0)
        return hf_err_code(err);
    entry = &reading->list->entry[reading->list->count - 1];
    entry->place = hf_view_dup(hf_view_text(place->name));
    entry->standing = place->standing;
    return entry->place ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

/* `why` an entry, or all of a store, could not be read. */
static int put_damage(struct reading *reading, const struct hf_place *place,
                      const char *where, const struct hf_err *why,
                      struct hf_err *err)
{
    char text[1000];

    if (hf_places_fatal(why->code)) {
        *err = *why;
        return hf_err_code(err);
    }
    hf_err_text(why, text, sizeof(text));
    return put_fault(reading, place, where, text, err);
}

static int put_entry(struct reading *reading, const struct hf_place *place,
                     const char *where, struct hf_windows_entry *found,
                     struct hf_err *err)
{
    struct hf_store_entry *entry =
        hf_store_list_add(reading->list, found->cert, where, err);

    if (!entry)
        return hf_err_code(err);
    entry->standing = place->standing;
    entry->purposes = found->purposes;
    entry->label = HF_STEAL(found->label);
    entry->place = hf_view_dup(hf_view_text(place->name));
    return entry->place ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

/* Does the key that this one repeats hold the certificate too? */
static int is_repeat(const struct reading *reading,
                     const struct hf_place *place, const char *name,
                     bool *ret_is, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *below = NULL;
    HF_AUTO(hf_free_ptr) char *other = NULL;

    *ret_is = false;
    if (!place->mirror)
        return 0;
    below = hf_key_join(place->mirror, "Certificates");
    other = below ? hf_key_join(below, name) : NULL;
    if (!other)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
    *ret_is = hf_registry_has(reading->registry, other);
    return 0;
}

static int read_one(struct reading *reading, const struct hf_place *place,
                    const char *below, const char *name, struct hf_err *err)
{
    HF_AUTO(hf_windows_entry_done) struct hf_windows_entry entry = { 0 };
    HF_AUTO(hf_free_ptr) char *key = hf_key_join(below, name);
    struct hf_err why;
    bool repeat;
    int rc;

    if (!key)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
    if (is_repeat(reading, place, name, &repeat, err) < 0)
        return hf_err_code(err);
    if (repeat)
        return 0;
    if (reading->list->count >= ENTRIES_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "more than %d certificates",
                       ENTRIES_MAX);
    rc = hf_windows_entry_read(reading->registry, key, name, &entry, &why);
    reading->bytes += entry.size;
    if (reading->bytes > BLOBS_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "more than %d bytes of certificates",
                       BLOBS_MAX);
    return rc < 0 ? put_damage(reading, place, key, &why, err)
                  : put_entry(reading, place, key, &entry, err);
}

static int read_place(struct reading *reading, const struct hf_place *place,
                      struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };
    HF_AUTO(hf_free_ptr) char *below = hf_key_join(place->key, "Certificates");
    struct hf_err why;

    if (!below)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
    if (place->fault)
        return put_fault(reading, place, place->key, place->fault, err);
    if (!hf_registry_has(reading->registry, below))
        return 0; /* nothing was ever put there */
    if (hf_registry_keys(reading->registry, below, &name, &why) < 0)
        return put_damage(reading, place, below, &why, err);
    for (size_t i = 0; i < name.count; i++)
        if (read_one(reading, place, below, name.name[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* A store that is not there: empty, or a mistake? */
static int missing(const struct hf_places *places, const char *part,
                   struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *names = NULL;
    bool may;

    if (hf_places_may_hold(places, part, &may, err) < 0)
        return hf_err_code(err);
    if (may)
        return 0;
    names = hf_places_list(places);
    return HF_FAIL(err, HF_E_ABSENT,
                   "there is no certificate store '%s'; there are: %s", part,
                   names ? names : "?");
}

static int windows_read(const struct hf_store *store,
                        struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_places_done) struct hf_places places = { 0 };
    struct reading reading = { .list = list };
    const char *incomplete;
    size_t count;

    if (current(store, &reading.registry, err) < 0 ||
        hf_places_find(reading.registry, &places, err) < 0 ||
        hf_places_select(&places, store->part, &count, err) < 0)
        return hf_err_code(err);
    incomplete = hf_registry_incomplete(reading.registry);
    if (incomplete) {
        list->incomplete = hf_view_dup(hf_view_text(incomplete));
        if (!list->incomplete)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
    }
    if (store->part && count == 0)
        return missing(&places, store->part, err);
    for (size_t i = 0; i < places.count; i++)
        if (places.place[i].selected &&
            read_place(&reading, &places.place[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* --- changing ---------------------------------------------------------------
 */

/* The folder may be writable where the file is not: mounted by itself, as
 * containers do, it can be read but not replaced. */
static int is_mounted_alone(const char *real, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *folder = hf_view_dup(hf_view_text(real));
    char *slash = folder ? strrchr(folder, '/') : NULL;
    struct stat file, above;

    if (!folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (slash)
        slash[slash == folder] = '\0';
    if (faccessat(AT_FDCWD, real, W_OK, AT_EACCESS) < 0 && errno == EROFS)
        return HF_FAIL(err, HF_E_DENIED,
                       "'%s' is mounted read-only: mount it for writing first",
                       real);
    if (slash && stat(real, &file) == 0 && stat(folder, &above) == 0 &&
        file.st_dev != above.st_dev)
        return HF_FAIL(err, HF_E_DENIED,
                       "'%s' is mounted by itself and cannot be replaced: "
                       "change it where it comes from",
                       real);
    return 0;
}

static int windows_may_change(const struct hf_store *store, struct hf_err *err)
{
    const struct hf_registry *registry;
    const char *incomplete;

    if (hf_store_file_may_change(store, err) < 0 ||
        is_mounted_alone(store->real, err) < 0 ||
        current(store, &registry, err) < 0)
        return hf_err_code(err);
    incomplete = hf_registry_incomplete(registry);
    if (!incomplete)
        return 0;
    return HF_FAIL(err, HF_E_DENIED, "'%s' is not written to: %s; %s",
                   store->path, incomplete,
                   hf_registry_form(registry) == HF_REGISTRY_HIVE
                       ? "let Windows start and shut down cleanly, or replay "
                         "its logs, then try again"
                       : "export it once more, in full");
}

int hf_windows_load(const struct hf_store *store, struct hf_changeset *set,
                    struct hf_registry **ret_registry, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    const struct own *own = store->own;

    hf_buf_init(&bytes, FILE_MAX);
    if (hf_store_bytes(store, set, &bytes, err) < 0)
        return hf_err_code(err);
    return hf_registry_read(own->form, store->real, hf_buf_peek(&bytes),
                            ret_registry, err);
}

int hf_windows_save(const struct hf_store *store, struct hf_registry *registry,
                    struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    hf_buf_init(&bytes, FILE_MAX);
    if (hf_registry_save(registry, &bytes, err) < 0)
        return hf_err_code(err);
    return hf_changeset_write(set, store->real, hf_buf_peek(&bytes), 0644, err);
}

static const struct hf_store_ops windows_ops = {
    .read = windows_read,
    .may_change = windows_may_change,
    .stage = hf_windows_stage,
    .registry = windows_registry,
    .stage_value = hf_windows_stage_value,
    .done = windows_done,
};

static int windows_open(struct hf_store *store, const char *path,
                        enum hf_registry_form form, struct hf_err *err)
{
    static const char *const kinds[] = {
        [HF_REGISTRY_HIVE] = "Windows registry hive",
        [HF_REGISTRY_REG] = "registry export",
        [HF_REGISTRY_POL] = "Group Policy file",
    };
    struct own *own = calloc(1, sizeof(*own));

    if (!own)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    own->form = form;
    store->own = own;
    store->ops = &windows_ops;
    store->stack = HF_STACK_WINDOWS;
    store->kind = kinds[form];
    return hf_store_set_file(store, path, err);
}

int hf_hive_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    return windows_open(store, path, HF_REGISTRY_HIVE, err);
}

int hf_regfile_open(struct hf_store *store, const char *path,
                    struct hf_err *err)
{
    return windows_open(store, path, HF_REGISTRY_REG, err);
}

int hf_polfile_open(struct hf_store *store, const char *path,
                    struct hf_err *err)
{
    return windows_open(store, path, HF_REGISTRY_POL, err);
}
