/* SPDX-License-Identifier: Apache-2.0 */
/* win/registry.c - one interface to the forms of registry file. */
#include "win/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "base/utf16.h"
#include "win/form.h"

#define FILE_MAX                                                               \
    (512 * 1024 * 1024) /* bytes; ours: hives of 150 MB are seen               \
                         */

static const struct hf_registry_form_ops {
    int (*read)(struct hf_registry *registry, const char *shown,
                struct hf_view bytes, struct hf_err *err);
    int (*map)(struct hf_registry *registry, const char *path,
               struct hf_err *err); /* NULL: read it as a whole */
    int (*make)(struct hf_registry *registry, struct hf_err *err); /* or NULL */
} forms[] = {
    [HF_REGISTRY_HIVE] = { hf_hive_read, hf_hive_map, NULL },
    [HF_REGISTRY_REG] = { hf_regtext_read, NULL, hf_regtext_new },
    [HF_REGISTRY_POL] = { hf_polfile_read, NULL, hf_polfile_new },
};

const char *hf_reg_type_name(uint32_t type)
{
    static const char *const names[] = {
        "REG_NONE",     "REG_SZ",   "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD",
        "REG_DWORD_BE", "REG_LINK", "REG_MULTI_SZ",  NULL,         NULL,
        NULL,           "REG_QWORD"
    };

    return type < HF_COUNT(names) && names[type] ? names[type] : "REG_?";
}

void hf_reg_value_done(struct hf_reg_value *value)
{
    free(value->name);
    free(value->data);
    *value = (struct hf_reg_value){ 0 };
}

void hf_reg_values_done(struct hf_reg_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        hf_reg_value_done(&values->value[i]);
    free(values->value);
    *values = (struct hf_reg_values){ 0 };
}

/* --- opening ------------------------------------------------------------- */

static struct hf_registry *new_registry(enum hf_registry_form form)
{
    struct hf_registry *registry = calloc(1, sizeof(*registry));

    if (registry)
        registry->form = form;
    return registry;
}

/* A user's policy lies in .../User/Registry.pol. */
static int mount_policy(struct hf_registry *registry, const char *path,
                        struct hf_err *err)
{
    const char *slash = strrchr(path, '/');

    if (registry->form != HF_REGISTRY_POL || !slash || slash - path < 5 ||
        strncasecmp(slash - 5, "/User", 5) != 0)
        return 0;
    free(registry->mount);
    registry->mount = hf_view_dup(hf_view_text("HKCU"));
    return registry->mount ? 0
                           : HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
}

int hf_registry_read(enum hf_registry_form form, const char *shown,
                     struct hf_view bytes, struct hf_registry **ret_registry,
                     struct hf_err *err)
{
    HF_AUTO(hf_registry_freep)
    struct hf_registry *registry = new_registry(form);

    if (!registry)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    if (forms[form].read(registry, shown, bytes, err) < 0)
        return HF_WRAP(err, "'%s'", shown);
    if (mount_policy(registry, shown, err) < 0)
        return hf_err_code(err);
    *ret_registry = HF_STEAL(registry);
    return 0;
}

static int read_file(struct hf_registry *registry, const char *path,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    hf_buf_init(&bytes, FILE_MAX);
    if (hf_file_read(path, &bytes, err) < 0)
        return hf_err_code(err);
    return forms[registry->form].read(registry, path, hf_buf_peek(&bytes), err);
}

int hf_registry_open(enum hf_registry_form form, const char *path,
                     struct hf_registry **ret_registry, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep)
    struct hf_registry *registry = new_registry(form);
    int rc;

    if (!registry)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    registry->read_only = true;
    rc = forms[form].map ? forms[form].map(registry, path, err)
                         : read_file(registry, path, err);
    if (rc < 0)
        return HF_WRAP(err, "'%s'", path);
    if (mount_policy(registry, path, err) < 0)
        return hf_err_code(err);
    *ret_registry = HF_STEAL(registry);
    return 0;
}

int hf_registry_new(enum hf_registry_form form,
                    struct hf_registry **ret_registry, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep)
    struct hf_registry *registry = new_registry(form);

    if (!registry)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    if (!forms[form].make)
        return HF_FAIL(err, HF_E_USAGE, "a hive cannot be made from nothing");
    if (forms[form].make(registry, err) < 0)
        return hf_err_code(err);
    *ret_registry = HF_STEAL(registry);
    return 0;
}

void hf_registry_free(struct hf_registry *registry)
{
    if (!registry)
        return;
    if (registry->ops)
        registry->ops->free(registry->own);
    free(registry->mount);
    free(registry->incomplete);
    free(registry);
}

enum hf_registry_form hf_registry_form(const struct hf_registry *registry)
{
    return registry->form;
}

const char *hf_registry_mount(const struct hf_registry *registry)
{
    return registry->mount;
}

const char *hf_registry_incomplete(const struct hf_registry *registry)
{
    return registry->incomplete;
}

/* --- reading ------------------------------------------------------------- */

/* `key` without the mount, or NULL when it lies outside. */
static const char *inside(const struct hf_registry *registry, const char *key)
{
    size_t len = strlen(registry->mount);

    if (len == 0 || *key == '\0')
        return key;
    if (strncasecmp(key, registry->mount, len) != 0)
        return NULL;
    if (key[len] == '\\')
        return key + len + 1;
    return key[len] == '\0' ? key + len : NULL;
}

static int outside(const struct hf_registry *registry, const char *key,
                   enum hf_code code, struct hf_err *err)
{
    return HF_FAIL(err, code, "'%s' lies outside this file, which holds '%s'",
                   key, registry->mount);
}

bool hf_registry_has(const struct hf_registry *registry, const char *key)
{
    const char *rest = inside(registry, key);

    return rest && registry->ops->has(registry->own, rest);
}

int hf_registry_keys(const struct hf_registry *registry, const char *key,
                     struct hf_names *ret_names, struct hf_err *err)
{
    const char *rest = inside(registry, key);

    if (!rest)
        return outside(registry, key, HF_E_ABSENT, err);
    return registry->ops->keys(registry->own, rest, ret_names, err);
}

int hf_registry_values(const struct hf_registry *registry, const char *key,
                       struct hf_reg_values *ret_values, struct hf_err *err)
{
    const char *rest = inside(registry, key);

    if (!rest)
        return outside(registry, key, HF_E_ABSENT, err);
    return registry->ops->values(registry->own, rest, ret_values, err);
}

int hf_registry_get(const struct hf_registry *registry, const char *key,
                    const char *name, struct hf_reg_value *ret_value,
                    struct hf_err *err)
{
    const char *rest = inside(registry, key);

    if (!rest)
        return outside(registry, key, HF_E_ABSENT, err);
    return registry->ops->get(registry->own, rest, name, ret_value, err);
}

static int wrong_type(const char *key, const struct hf_reg_value *value,
                      const char *wanted, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE, "'%s\\%s' is %s of %zu bytes, expected %s",
                   key, value->name, hf_reg_type_name(value->type), value->len,
                   wanted);
}

int hf_registry_dword(const struct hf_registry *registry, const char *key,
                      const char *name, uint32_t *ret_number,
                      struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };

    if (hf_registry_get(registry, key, name, &value, err) < 0)
        return hf_err_code(err);
    if (value.type != HF_REG_DWORD || value.len != 4)
        return wrong_type(key, &value, "a REG_DWORD of 4", err);
    *ret_number = (uint32_t)value.data[0] | (uint32_t)value.data[1] << 8 |
                  (uint32_t)value.data[2] << 16 | (uint32_t)value.data[3] << 24;
    return 0;
}

int hf_registry_text(const struct hf_registry *registry, const char *key,
                     const char *name, char **ret_text, struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    if (hf_registry_get(registry, key, name, &value, err) < 0)
        return hf_err_code(err);
    if (value.type != HF_REG_SZ && value.type != HF_REG_EXPAND_SZ)
        return wrong_type(key, &value, "a REG_SZ", err);
    hf_buf_init(&text, 2 * HF_REG_VALUE_MAX);
    hf_utf16le_to_utf8(&text, hf_utf16le_trim(hf_view(value.data, value.len)));
    *ret_text = hf_buf_steal(&text);
    return *ret_text ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a value");
}

int hf_registry_filetime(const struct hf_registry *registry, const char *key,
                         const char *name, int64_t *ret_s, struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    uint64_t ticks = 0;

    if (hf_registry_get(registry, key, name, &value, err) < 0)
        return hf_err_code(err);
    if ((value.type != HF_REG_BINARY && value.type != HF_REG_QWORD) ||
        value.len != 8)
        return wrong_type(key, &value, "a FILETIME of 8", err);
    for (int i = 7; i >= 0; i--)
        ticks = ticks << 8 | value.data[i];
    *ret_s = ticks ? hf_calendar_filetime_s(ticks) : 0;
    return 0;
}

/* --- changing ------------------------------------------------------------ */

static int may_change(const struct hf_registry *registry, const char *key,
                      const char **ret_rest, struct hf_err *err)
{
    if (registry->read_only)
        return HF_FAIL(err, HF_E_DENIED, "the registry was opened to be read");
    if (registry->incomplete)
        return HF_FAIL(err, HF_E_DENIED,
                       "the hive is incomplete and is not written to: %s",
                       registry->incomplete);
    *ret_rest = inside(registry, key);
    return *ret_rest ? 0 : outside(registry, key, HF_E_USAGE, err);
}

int hf_registry_set(struct hf_registry *registry, const char *key,
                    const struct hf_reg_value *value, struct hf_err *err)
{
    const char *rest;

    if (may_change(registry, key, &rest, err) < 0)
        return hf_err_code(err);
    if (value->len > HF_REG_VALUE_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a value of more than %d bytes",
                       HF_REG_VALUE_MAX);
    return registry->ops->set(registry->own, rest, value, err);
}

int hf_registry_unset(struct hf_registry *registry, const char *key,
                      const char *name, struct hf_err *err)
{
    const char *rest;

    if (may_change(registry, key, &rest, err) < 0)
        return hf_err_code(err);
    return registry->ops->unset(registry->own, rest, name, err);
}

int hf_registry_drop(struct hf_registry *registry, const char *key,
                     struct hf_err *err)
{
    const char *rest;

    if (may_change(registry, key, &rest, err) < 0)
        return hf_err_code(err);
    return registry->ops->drop(registry->own, rest, err);
}

int hf_registry_tell_unset(struct hf_registry *registry, const char *key,
                           const char *name, struct hf_err *err)
{
    const char *rest;

    if (may_change(registry, key, &rest, err) < 0)
        return hf_err_code(err);
    if (!registry->ops->tell_unset)
        return HF_FAIL(err, HF_E_USAGE, "a hive holds no instructions");
    return registry->ops->tell_unset(registry->own, rest, name, err);
}

int hf_registry_save(struct hf_registry *registry, struct hf_buf *out,
                     struct hf_err *err)
{
    const char *rest;

    if (may_change(registry, "", &rest, err) < 0)
        return hf_err_code(err);
    return registry->ops->save(registry->own, out, err);
}
