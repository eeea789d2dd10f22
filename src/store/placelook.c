/* SPDX-License-Identifier: Apache-2.0 */
/* store/placelook.c - the keys of a registry that hold certificate stores. */
#include "store/placelook.h"

#include <stdio.h>
#include <strings.h>

#include "plat/file.h"

#define FOLDERS_MAX 4096 /* ours: a machine has 3 and one for each service */
#define KEYS_MAX 2048    /* looked at in an unusual file; ours */
#define WIDE 256         /* keys below one; more: no container's parent */
#define DEPTH_MAX 4      /* below the top, or below HKLM in an export */
#define SYSTEM "SystemCertificates"
#define ENTERPRISE "EnterpriseCertificates"
#define SERVICES "Microsoft\\Cryptography\\Services"
#define WOW "\\Wow6432Node"

/* A longer one behind one it ends in. */
static const char *const tails[] = {
    "Microsoft\\" SYSTEM,
    "Policies\\Microsoft\\" SYSTEM,
    "Microsoft\\" ENTERPRISE,
};

struct look {
    const struct hf_registry *registry;
    struct hf_places *places;
    size_t seen; /* keys looked at in search of what is not where it should */
};

bool hf_places_fatal(int rc)
{
    return rc == HF_E_NOMEM || rc == HF_E_IO;
}

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a key");
}

char *hf_key_join(const char *a, const char *b)
{
    char *joined = NULL;

    if (*a == '\0')
        return hf_view_dup(hf_view_text(b));
    return asprintf(&joined, "%s\\%s", a, b) < 0 ? NULL : joined;
}

/* The keys below; none where `key` is absent or damaged. */
static int keys_below(const struct look *look, const char *key,
                      struct hf_names *ret_names, struct hf_err *err)
{
    struct hf_err why;
    int rc = hf_registry_keys(look->registry, key, ret_names, &why);

    if (!hf_places_fatal(rc))
        return 0;
    *err = why;
    return rc;
}

/* --- what a key is called by ---------------------------------------------- */

static bool starts(const char *text, const char *head)
{
    return strncasecmp(text, head, strlen(head)) == 0;
}

static bool ends(const char *text, const char *tail)
{
    size_t len = strlen(text), tail_len = strlen(tail);

    return len >= tail_len && strcasecmp(text + len - tail_len, tail) == 0;
}

int hf_places_software(const char *key, char **ret_software, struct hf_err *err)
{
    for (size_t i = HF_COUNT(tails); i-- > 0;) {
        size_t len = strlen(key), tail = strlen(tails[i]);

        if (!ends(key, tails[i]) || (len > tail && key[len - tail - 1] != '\\'))
            continue;
        *ret_software =
            hf_view_dup(hf_view(key, len > tail ? len - tail - 1 : 0));
        return *ret_software ? 0 : no_memory(err);
    }
    return 0;
}

/* The part of `key` behind "\Cryptography\Services\", or NULL. */
static const char *service_in(const char *key)
{
    static const char services[] = "\\Cryptography\\Services\\";
    const char *at = strcasestr(key, services);

    return at ? at + sizeof(services) - 1 : NULL;
}

/* "user policy ", as the stores below the folder `key` are told apart. */
static void put_prefix(struct hf_buf *out, const char *key)
{
    const char *service = service_in(key);

    if (starts(key, "HKCU\\"))
        hf_buf_text(out, "user ");
    else if (starts(key, "HKU\\"))
        hf_buf_printf(out, "user %.*s ", (int)strcspn(key + 4, "\\"), key + 4);
    if (strcasestr(key, WOW "\\"))
        hf_buf_text(out, "32-bit ");
    if (strcasestr(key, "\\Policies\\"))
        hf_buf_text(out, "policy ");
    if (ends(key, ENTERPRISE))
        hf_buf_text(out, "enterprise ");
    if (service)
        hf_buf_printf(out, "service %.*s ", (int)strcspn(service, "\\"),
                      service);
}

/* Windows keeps one store for programs of 32 and of 64 bits; what is left
 * below Wow6432Node repeats it. Source: Microsoft, "Registry keys affected by
 * WOW64". */
static int find_mirror(const struct look *look, const char *key,
                       char **ret_mirror, struct hf_err *err)
{
    const char *at = strcasestr(key, WOW "\\");
    HF_AUTO(hf_free_ptr) char *other = NULL;

    if (!at)
        return 0;
    if (asprintf(&other, "%.*s%s", (int)(at - key), key, at + sizeof(WOW) - 1) <
        0) {
        other = NULL;
        return no_memory(err);
    }
    if (hf_registry_has(look->registry, other))
        *ret_mirror = HF_STEAL(other);
    return 0;
}

/* --- folders of stores -----------------------------------------------------
 */

static bool is_known(const struct hf_places *places, const char *key)
{
    for (size_t i = 0; i < places->folder_count; i++)
        if (strcasecmp(places->folder[i].key, key) == 0)
            return true;
    return false;
}

/* Room for one more, zeroed; NULL: `err` says why. */
static struct hf_place_folder *grow(struct hf_places *places,
                                    struct hf_err *err)
{
    struct hf_place_folder *more;

    if (places->folder_count == FOLDERS_MAX) {
        (void)HF_FAIL(err, HF_E_LIMIT, "more than %d folders of stores",
                      FOLDERS_MAX);
        return NULL;
    }
    more =
        reallocarray(places->folder, places->folder_count + 1, sizeof(*more));
    if (!more) {
        (void)no_memory(err);
        return NULL;
    }
    places->folder = more;
    more[places->folder_count] = (struct hf_place_folder){ 0 };
    return &places->folder[places->folder_count++];
}

/* `key` is owned from here on; one that is absent is passed over. */
static int put_folder(struct look *look, char *key_take, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *key = key_take;
    HF_AUTO(hf_buf_done) struct hf_buf prefix = { 0 };
    struct hf_place_folder *folder;

    if (!key)
        return no_memory(err);
    if (is_known(look->places, key) || !hf_registry_has(look->registry, key))
        return 0;
    hf_buf_init(&prefix, 4096);
    put_prefix(&prefix, key);
    folder = hf_buf_check(&prefix, err) < 0 ? NULL : grow(look->places, err);
    if (!folder)
        return hf_err_code(err);
    folder->key = HF_STEAL(key);
    folder->prefix = hf_buf_steal(&prefix);
    if (!folder->prefix)
        return no_memory(err);
    return find_mirror(look, folder->key, &folder->mirror, err);
}

static int put_services(struct look *look, const char *software,
                        struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names service = { 0 };
    HF_AUTO(hf_free_ptr) char *key = hf_key_join(software, SERVICES);

    if (!key)
        return no_memory(err);
    if (!hf_registry_has(look->registry, key))
        return 0;
    if (keys_below(look, key, &service, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < service.count; i++) {
        HF_AUTO(hf_free_ptr) char *one = hf_key_join(key, service.name[i]);

        if (!one || put_folder(look, hf_key_join(one, SYSTEM), err) < 0)
            return one ? hf_err_code(err) : no_memory(err);
    }
    return 0;
}

/* All folders below a key that is, or may be, a SOFTWARE. */
static int put_software(struct look *look, const char *software,
                        struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(tails); i++)
        if (put_folder(look, hf_key_join(software, tails[i]), err) < 0)
            return hf_err_code(err);
    return put_services(look, software, err);
}

/* --- where they usually are ------------------------------------------------
 */

static int usual_software(struct look *look, const char *software,
                          struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *narrow = NULL;

    if (!hf_registry_has(look->registry, software))
        return 0;
    if (asprintf(&narrow, "%s" WOW, software) < 0) {
        narrow = NULL;
        return no_memory(err);
    }
    if (put_software(look, software, err) < 0)
        return hf_err_code(err);
    return hf_registry_has(look->registry, narrow)
               ? put_software(look, narrow, err)
               : 0;
}

static int usual(struct look *look, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names user = { 0 };

    if (usual_software(look, "HKLM\\SOFTWARE", err) < 0 ||
        usual_software(look, "HKCU\\Software", err) < 0)
        return hf_err_code(err);
    if (hf_registry_has(look->registry, "HKU") &&
        keys_below(look, "HKU", &user, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < user.count && i < FOLDERS_MAX; i++) {
        HF_AUTO(hf_free_ptr) char *software = NULL;

        if (asprintf(&software, "HKU\\%s\\Software", user.name[i]) < 0) {
            software = NULL;
            return no_memory(err);
        }
        if (usual_software(look, software, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* --- anywhere near the top -------------------------------------------------
 */

static bool is_thumbprint(const char *name)
{
    return strlen(name) == 40 && strspn(name, "0123456789abcdefABCDEF") == 40;
}

/* Does `key` have Certificates, and below them a name that is a SHA-1? */
static int is_store(const struct look *look, const char *key, bool *ret_is,
                    struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };
    HF_AUTO(hf_free_ptr) char *below = hf_key_join(key, "Certificates");

    if (!below)
        return no_memory(err);
    if (hf_registry_has(look->registry, below) &&
        keys_below(look, below, &name, err) < 0)
        return hf_err_code(err);
    *ret_is = name.count > 0 && is_thumbprint(name.name[0]);
    return 0;
}

/* A part of a registry that was saved by itself: its top may be a folder of
 * stores, or one store, whose name is then lost. */
static int look_at_top(struct look *look, const char *key, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };
    bool is = false;

    if (is_store(look, key, &is, err) < 0 ||
        keys_below(look, key, &name, err) < 0)
        return hf_err_code(err);
    if (is)
        return hf_places_put(
            look->places,
            &(struct hf_place){ .key = hf_view_dup(hf_view_text(key)),
                                .name = hf_view_dup(hf_view_text("unnamed")),
                                .standing = HF_STANDING_HELD },
            err);
    for (size_t i = 0; i < name.count && i < WIDE && !is; i++) {
        HF_AUTO(hf_free_ptr) char *one = hf_key_join(key, name.name[i]);

        if (!one)
            return no_memory(err);
        if (is_store(look, one, &is, err) < 0)
            return hf_err_code(err);
    }
    return is ? put_folder(look, hf_view_dup(hf_view_text(key)), err) : 0;
}

static bool is_folder_name(const char *key)
{
    const char *slash = strrchr(key, '\\');
    const char *name = slash ? slash + 1 : key;

    return strcasecmp(name, SYSTEM) == 0 || strcasecmp(name, ENTERPRISE) == 0;
}

/* One key, and those below it into `next`. */
static int look_at(struct look *look, const char *key, struct hf_texts *next,
                   struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };

    if (is_folder_name(key))
        return put_folder(look, hf_view_dup(hf_view_text(key)), err);
    if (put_software(look, key, err) < 0)
        return hf_err_code(err);
    if (next && keys_below(look, key, &name, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < name.count && name.count <= WIDE; i++)
        if (!hf_texts_take(next, hf_key_join(key, name.name[i])))
            return no_memory(err);
    return 0;
}

/* The keys of one level; the next is left in `level`. */
static int look_at_level(struct look *look, struct hf_texts *level, bool last,
                         struct hf_err *err)
{
    HF_AUTO(hf_texts_done) struct hf_texts next = { 0 };
    struct hf_texts this;

    for (size_t i = 0; i < level->count && look->seen < KEYS_MAX; i++) {
        look->seen++;
        if (look_at(look, level->text[i], last ? NULL : &next, err) < 0)
            return hf_err_code(err);
    }
    this = *level;
    *level = next;
    next = this;
    return 0;
}

static int search(struct look *look, struct hf_err *err)
{
    HF_AUTO(hf_texts_done) struct hf_texts level = { 0 };
    const char *top = hf_registry_mount(look->registry);
    bool whole = *top == '\0';
    bool export = whole && hf_registry_form(look->registry) != HF_REGISTRY_HIVE;

    if (!hf_texts_take(&level, hf_view_dup(hf_view_text(top))))
        return no_memory(err);
    if (export && look_at_level(look, &level, false, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; whole && i < level.count && i < WIDE; i++)
        if (look_at_top(look, level.text[i], err) < 0)
            return hf_err_code(err);
    for (int depth = 0; depth <= DEPTH_MAX && level.count > 0; depth++)
        if (look_at_level(look, &level, depth == DEPTH_MAX, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_places_look(const struct hf_registry *registry, struct hf_places *places,
                   struct hf_err *err)
{
    struct look look = { registry, places, 0 };

    if (usual(&look, err) < 0)
        return hf_err_code(err);
    return places->folder_count > 0 ? 0 : search(&look, err);
}
