/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive.c - a registry hive behind the interface of win/registry.h.
 *
 * Reading and writing are our own, and libhivex is what the tests compare with:
 * it ends the program (assert) on some damaged hives it is asked to change,
 * opens neither a hive that is cut nor one with a wrong check sum, walks the
 * whole file to open it, and writes values above 16344 bytes, such as a trust
 * list, as one cell, which Windows takes for damage. */
#include <strings.h>

#include "win/form.h"
#include "win/hive_list.h"

#define DEPTH_MAX 512   /* keys; Microsoft, "Registry element size limits" */
#define DOUBTS_MAX 8192 /* bytes of text */

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a hive");
}

static int absent(const char *key, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_ABSENT, "the hive has no key '%s'", key);
}

/* --- reading ------------------------------------------------------------- */

static bool hive_has(const void *own, const char *path)
{
    struct hf_hive_key key;
    struct hf_err err;

    return hf_hive_find(own, path, &key, &err) == 0;
}

static int need_key(const struct hf_hive *hive, const char *path,
                    struct hf_hive_key *ret_key, struct hf_err *err)
{
    int rc = hf_hive_find(hive, path, ret_key, err);

    if (rc < 0)
        return HF_WRAP(err, "key '%s'", path);
    return rc == 0 ? 0 : absent(path, err);
}

struct listing {
    const struct hf_hive *hive;
    uint32_t parent;
    struct hf_names names;
    size_t room;
};

static void listing_done(struct listing *listing)
{
    hf_names_done(&listing->names);
}

static int list_key(void *arg, const struct hf_hive_list *leaf, size_t i,
                    struct hf_err *err)
{
    struct listing *listing = arg;
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    struct hf_hive_key key;
    char *name;

    if (hf_hive_subkey(listing->hive, listing->parent,
                       hf_hive_list_entry(leaf, i), &key, err) < 0)
        return hf_hive_pass(listing->hive, err) ? 0 : hf_err_code(err);
    if (listing->names.count == listing->room) {
        size_t room = listing->room > 0 ? 2 * listing->room : 16;
        char **more = realloc(listing->names.name, room * sizeof(more[0]));

        if (!more)
            return no_memory(err);
        listing->names.name = more;
        listing->room = room;
    }
    hf_buf_init(&text, HF_REGNAME_TEXT_MAX);
    hf_regname_text(&text, key.name);
    name = hf_buf_steal(&text);
    if (!name)
        return no_memory(err);
    listing->names.name[listing->names.count++] = name;
    return 0;
}

static int hive_keys(const void *own, const char *path,
                     struct hf_names *ret_names, struct hf_err *err)
{
    HF_AUTO(listing_done) struct listing listing = { .hive = own };
    struct hf_hive_key key;

    if (need_key(own, path, &key, err) < 0)
        return hf_err_code(err);
    listing.parent = key.at;
    if (hf_hive_distinct(own, &key, err) < 0 ||
        hf_hive_subkeys(own, &key, list_key, &listing, err) < 0)
        return HF_WRAP(err, "the keys of '%s'", path);
    *ret_names = listing.names;
    listing.names = (struct hf_names){ 0 };
    return 0;
}

/* One more value. Positive: it cannot be read, and need not be. */
static int add_value(const struct hf_hive *hive, const struct hf_hive_key *key,
                     uint32_t i, uint64_t *total, struct hf_reg_values *values,
                     struct hf_err *err)
{
    struct hf_hive_value value;

    if (hf_hive_value(hive, key, i, &value, err) < 0)
        return hf_hive_pass(hive, err) ? 1 : hf_err_code(err);
    if (!values->value)
        values->value = calloc(key->value_count, sizeof(values->value[0]));
    if (!values->value)
        return no_memory(err);
    *total += value.len + (uint64_t)value.name.bytes.len;
    if (*total > hive->bins_len)
        return HF_FAIL(err, HF_E_PARSE,
                       "its values say they are larger than the hive");
    if (hf_hive_value_copy(hive, &value, &values->value[values->count], err) <
        0)
        return hf_hive_pass(hive, err) ? 1 : hf_err_code(err);
    values->count++;
    return 0;
}

/* All of them; what they hold is no more than the hive. */
static int copy_values(const struct hf_hive *hive,
                       const struct hf_hive_key *key,
                       struct hf_reg_values *values, struct hf_err *err)
{
    uint64_t total = 0;

    if (hf_hive_values_fit(hive, key, err) < 0)
        return hf_err_code(err);
    for (uint32_t i = 0; i < key->value_count; i++) {
        if (add_value(hive, key, i, &total, values, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int hive_values(const void *own, const char *path,
                       struct hf_reg_values *ret_values, struct hf_err *err)
{
    HF_AUTO(hf_reg_values_done) struct hf_reg_values values = { 0 };
    struct hf_hive_key key;

    if (need_key(own, path, &key, err) < 0)
        return hf_err_code(err);
    if (copy_values(own, &key, &values, err) < 0)
        return HF_WRAP(err, "the values of '%s'", path);
    *ret_values = values;
    values = (struct hf_reg_values){ 0 };
    return 0;
}

/* A name as it is stored, borrowed from `space`. */
static int encode(const char *name, size_t max, struct hf_buf *space,
                  struct hf_regname *ret_name, struct hf_err *err)
{
    size_t len = strlen(name);

    if (len > HF_REGNAME_TEXT_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a name of %zu bytes", len);
    hf_buf_init(space, 2 * HF_REGNAME_TEXT_MAX);
    *ret_name = hf_regname_encode(space, hf_view(name, len));
    if (hf_buf_check(space, err) < 0)
        return hf_err_code(err);
    if (hf_regname_len(*ret_name) > max)
        return HF_FAIL(err, HF_E_LIMIT,
                       "a name of %zu characters, a hive takes %zu at most",
                       hf_regname_len(*ret_name), max);
    return 0;
}

static int hive_get(const void *own, const char *path, const char *name,
                    struct hf_reg_value *ret_value, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf space = { 0 };
    struct hf_regname stored;
    struct hf_hive_value value;
    struct hf_hive_key key;
    uint32_t i;
    int rc;

    if (need_key(own, path, &key, err) < 0 ||
        encode(name, SIZE_MAX, &space, &stored, err) < 0)
        return hf_err_code(err);
    rc = hf_hive_value_find(own, &key, stored, &i, &value, err);
    if (rc == HF_HIVE_NOT_THERE)
        return HF_FAIL(err, HF_E_ABSENT, "the key '%s' has no value '%s'", path,
                       name);
    if (rc < 0 || hf_hive_value_copy(own, &value, ret_value, err) < 0)
        return HF_WRAP(err, "value '%s' of '%s'", name, path);
    return 0;
}

/* --- changing ------------------------------------------------------------ */

static int set_text(char **at, const char *text, struct hf_err *err)
{
    char *copy = hf_view_dup(hf_view_text(text));

    if (!copy)
        return no_memory(err);
    free(*at);
    *at = copy;
    return 0;
}

/* A hive that is not whole is not written to, as one whose log waits. */
static int need_sound(struct hf_hive *hive, struct hf_err *err)
{
    char text[HF_ERR_TEXT * HF_ERR_FRAMES];

    if (hive->sound || hf_hive_check(hive, err) == 0)
        return 0;
    if (err->code == HF_E_NOMEM)
        return hf_err_code(err);
    hf_err_text(err, text, sizeof(text));
    if (set_text(&hive->registry->incomplete, text, err) < 0)
        return hf_err_code(err);
    return HF_FAIL(err, HF_E_DENIED,
                   "the hive is damaged and is not written to: %s", text);
}

/* Is the key named from the top of the registry? */
static bool is_full(const char *key)
{
    size_t len = strcspn(key, "\\");

    return strncasecmp(key, "HKEY_", 5) == 0 ||
           (len == 4 && (strncasecmp(key, "HKLM", 4) == 0 ||
                         strncasecmp(key, "HKCU", 4) == 0 ||
                         strncasecmp(key, "HKCR", 4) == 0)) ||
           (len == 3 && strncasecmp(key, "HKU", 3) == 0);
}

/* A hive that does not say where it stands takes keys from its own top. An
 * empty one becomes that of the first full name: who begins with nothing and
 * sets HKLM\SOFTWARE\X wants a SOFTWARE hive with X at its top. */
static int settle_mount(struct hf_hive *hive, const char **path,
                        struct hf_err *err)
{
    struct hf_registry *registry = hive->registry;
    const char *mount = hf_hive_mount_of(*path);

    if (registry->mount[0] || !is_full(*path))
        return 0;
    if (!hive->empty || !mount)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is a full name, and the hive does not say where "
                       "it stands",
                       *path);
    if (set_text(&registry->mount, mount, err) < 0)
        return hf_err_code(err);
    *path += strlen(mount);
    *path += **path == '\\';
    return 0;
}

/* The key `name` below `*at`, made where it is not. */
static int enter(struct hf_hive *hive, struct hf_view name, uint32_t *at,
                 struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *text = hf_view_dup(name);
    HF_AUTO(hf_buf_done) struct hf_buf space = { 0 };
    struct hf_regname stored;
    struct hf_hive_key key;
    int rc;

    if (!text)
        return no_memory(err);
    if (name.len == 0)
        return HF_FAIL(err, HF_E_USAGE, "a key without a name");
    if (encode(text, HF_REGNAME_KEY_MAX, &space, &stored, err) < 0 ||
        hf_hive_key(hive, *at, &key, err) < 0)
        return hf_err_code(err);
    rc = hf_hive_child(hive, &key, stored, at, err);
    if (rc == HF_HIVE_NOT_THERE)
        rc = hf_hive_key_add(hive, key.at, stored, at, err);
    return rc;
}

/* All names before the first is made: a name that cannot be leaves nothing. */
static int check_path(const char *path, struct hf_err *err)
{
    size_t depth = 0;

    while (*path) {
        HF_AUTO(hf_buf_done) struct hf_buf space = { 0 };
        struct hf_view name = hf_hive_path_take(&path);
        HF_AUTO(hf_free_ptr) char *text = hf_view_dup(name);
        struct hf_regname stored;

        if (!text)
            return no_memory(err);
        if (name.len == 0)
            return HF_FAIL(err, HF_E_USAGE, "a key without a name");
        if (encode(text, HF_REGNAME_KEY_MAX, &space, &stored, err) < 0)
            return hf_err_code(err);
        if (++depth > DEPTH_MAX)
            return HF_FAIL(err, HF_E_LIMIT, "more than %d keys in each other",
                           DEPTH_MAX);
    }
    return 0;
}

static int make_path(struct hf_hive *hive, const char *path, uint32_t *ret_at,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf set = { 0 };
    const char *rest = path;
    struct hf_view name = hf_hive_path_take(&rest);
    uint32_t at = hive->root;

    hf_buf_init(&set, 64);
    if (hf_hive_control_set(hive, name, &set, err) < 0)
        return hf_err_code(err);
    if (set.len > 0) {
        if (enter(hive, hf_buf_peek(&set), &at, err) < 0)
            return hf_err_code(err);
        path = rest;
    }
    while (*path) {
        if (enter(hive, hf_hive_path_take(&path), &at, err) < 0)
            return hf_err_code(err);
    }
    *ret_at = at;
    return 0;
}

static int hive_set(void *own, const char *path,
                    const struct hf_reg_value *value, struct hf_err *err)
{
    struct hf_hive *hive = own;
    HF_AUTO(hf_buf_done) struct hf_buf space = { 0 };
    struct hf_regname name;
    uint32_t at;

    if (encode(value->name, HF_REGNAME_VALUE_MAX, &space, &name, err) < 0 ||
        check_path(path, err) < 0 || hf_hive_value_fits(value, err) < 0 ||
        need_sound(hive, err) < 0 || settle_mount(hive, &path, err) < 0)
        return HF_WRAP(err, "cannot set '%s' of '%s'", value->name, path);
    hive->changed = true;
    hive->empty = false;
    if (make_path(hive, path, &at, err) < 0 ||
        hf_hive_value_set(hive, at, name, value, err) < 0)
        return HF_WRAP(err, "cannot set '%s' of '%s'", value->name, path);
    return 0;
}

static int hive_unset(void *own, const char *path, const char *name,
                      struct hf_err *err)
{
    struct hf_hive *hive = own;
    HF_AUTO(hf_buf_done) struct hf_buf space = { 0 };
    struct hf_regname stored;
    struct hf_hive_key key;
    int rc;

    if (encode(name, SIZE_MAX, &space, &stored, err) < 0 ||
        need_sound(hive, err) < 0)
        return hf_err_code(err);
    rc = hf_hive_find(hive, path, &key, err);
    if (rc != 0)
        return rc == HF_HIVE_NOT_THERE ? 0 : rc;
    rc = hf_hive_value_unset(hive, key.at, stored, err);
    hive->changed = hive->changed || rc != HF_HIVE_NOT_THERE;
    return rc == HF_HIVE_NOT_THERE ? 0 : rc;
}

static int hive_drop(void *own, const char *path, struct hf_err *err)
{
    struct hf_hive *hive = own;
    struct hf_hive_key key;
    int rc;

    if (need_sound(hive, err) < 0)
        return hf_err_code(err);
    rc = hf_hive_find(hive, path, &key, err);
    if (rc != 0)
        return rc == HF_HIVE_NOT_THERE ? 0 : rc;
    if (key.at == hive->root)
        return HF_FAIL(err, HF_E_USAGE, "the top of a hive cannot be dropped");
    hive->changed = true;
    return hf_hive_key_drop(hive, key.at, err);
}

static int hive_save(void *own, struct hf_buf *out, struct hf_err *err)
{
    struct hf_hive *hive = own;

    if (hive->changed)
        hf_hive_base_seal(hive);
    hive->changed = false;
    hf_buf_add(out, hive->bytes, hive->len);
    return hf_buf_check(out, err);
}

static void hive_free(void *own)
{
    struct hf_hive *hive = own;

    if (hive)
        hf_hive_image_done(hive);
    free(hive);
}

static const struct hf_registry_ops hive_ops = {
    .free = hive_free,
    .has = hive_has,
    .keys = hive_keys,
    .values = hive_values,
    .get = hive_get,
    .set = hive_set,
    .unset = hive_unset,
    .drop = hive_drop,
    .tell_unset = NULL,
    .save = hive_save,
};

/* --- opening ------------------------------------------------------------- */

static int new_hive(struct hf_registry *registry, struct hf_hive **ret_hive,
                    struct hf_err *err)
{
    struct hf_hive *hive = calloc(1, sizeof(*hive));

    if (!hive)
        return no_memory(err);
    hive->fd = -1;
    hive->registry = registry;
    registry->own = hive;
    registry->ops = &hive_ops;
    *ret_hive = hive;
    return 0;
}

/* path  of the file, or NULL when only its bytes are known. */
static int read_head(struct hf_hive *hive, const char *path, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf doubts = { 0 };
    struct hf_registry *registry = hive->registry;
    struct hf_hive_key top;

    if (hf_hive_base_read(hive, err) < 0)
        return hf_err_code(err);
    if (hf_hive_key(hive, hive->root, &top, err) < 0)
        return HF_WRAP(err, "the top key");
    hf_buf_init(&doubts, DOUBTS_MAX);
    hf_hive_base_doubts(hive, &doubts);
    if (path && hf_hive_log_doubts(hive, path, &doubts, err) < 0)
        return hf_err_code(err);
    if (hf_buf_check(&doubts, err) < 0)
        return hf_err_code(err);
    if (doubts.len > 0) {
        registry->incomplete = hf_buf_steal(&doubts);
        if (!registry->incomplete)
            return no_memory(err);
    }
    return set_text(&registry->mount, hf_hive_mount(hive), err);
}

int hf_hive_read(struct hf_registry *registry, const char *shown,
                 struct hf_view bytes, struct hf_err *err)
{
    struct hf_hive *hive = NULL;

    (void)shown;
    if (new_hive(registry, &hive, err) < 0 ||
        hf_hive_image_copy(hive, bytes, err) < 0)
        return hf_err_code(err);
    return read_head(hive, NULL, err);
}

int hf_hive_map(struct hf_registry *registry, const char *path,
                struct hf_err *err)
{
    struct hf_hive *hive = NULL;

    if (new_hive(registry, &hive, err) < 0 ||
        hf_hive_image_open(hive, path, err) < 0)
        return hf_err_code(err);
    return read_head(hive, path, err);
}
