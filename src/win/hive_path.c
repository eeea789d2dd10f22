/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_path.c - inside win/: the key at a path, from the top of a hive. */
#include <stdlib.h>
#include <strings.h>

#include "win/hive_list.h"

#define CONTROL_SET "CurrentControlSet"

struct hf_view hf_hive_path_take(const char **path)
{
    size_t len = strcspn(*path, "\\");
    struct hf_view name = hf_view(*path, len);

    *path += len;
    if (**path == '\\')
        (*path)++;
    return name;
}

static bool is_ascii(struct hf_view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* One step down from `key`. */
static int step(const struct hf_hive *hive, struct hf_view name,
                struct hf_hive_key *key, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf stored = { 0 };
    struct hf_regname wanted;
    uint32_t at;
    int rc;

    if (name.len == 0 || name.len > HF_REGNAME_TEXT_MAX)
        return HF_HIVE_NOT_THERE;
    /* nearly every name is stored as it is typed: to look whether a key is
     * there takes no memory then, and cannot fail for want of it */
    wanted = (struct hf_regname){ name, true };
    if (!is_ascii(name)) {
        hf_buf_init(&stored, 2 * HF_REGNAME_TEXT_MAX);
        wanted = hf_regname_encode(&stored, name);
        if (hf_buf_check(&stored, err) < 0)
            return hf_err_code(err);
    }
    rc = hf_hive_child(hive, key, wanted, &at, err);
    return rc != 0 ? rc : hf_hive_key(hive, at, key, err);
}

/* The number in Select\Current; 1 when there is none of use. */
static int current_set(const struct hf_hive *hive, uint32_t *ret_number,
                       struct hf_err *err)
{
    const struct hf_regname name = { hf_view_text("Current"), true };
    HF_AUTO(hf_reg_value_done) struct hf_reg_value copy = { 0 };
    struct hf_hive_value value;
    struct hf_hive_key key;
    uint32_t i, number = 0;
    int rc = hf_hive_key(hive, hive->root, &key, err);

    if (rc == 0)
        rc = step(hive, hf_view_text("Select"), &key, err);
    if (rc == 0)
        rc = hf_hive_value_find(hive, &key, name, &i, &value, err);
    if (rc == 0 && value.type == HF_REG_DWORD && value.len == 4) {
        rc = hf_hive_value_copy(hive, &value, &copy, err);
        number = rc == 0 ? hf_le32(copy.data) : 0;
    }
    if (rc == HF_E_NOMEM)
        return rc;
    *ret_number = number > 0 && number < 1000 ? number : 1;
    return 0;
}

int hf_hive_control_set(const struct hf_hive *hive, struct hf_view name,
                        struct hf_buf *out, struct hf_err *err)
{
    uint32_t number;

    if (strcasecmp(hive->registry->mount, "HKLM\\SYSTEM") != 0 ||
        !hf_view_same_nocase(name, hf_view_text(CONTROL_SET)))
        return 0;
    if (current_set(hive, &number, err) < 0)
        return hf_err_code(err);
    hf_buf_printf(out, "ControlSet%03u", number);
    return hf_buf_check(out, err);
}

static int first_step(const struct hf_hive *hive, struct hf_view name,
                      struct hf_hive_key *key, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf set = { 0 };
    int rc = step(hive, name, key, err);

    if (rc != HF_HIVE_NOT_THERE)
        return rc;
    hf_buf_init(&set, 64);
    if (hf_hive_control_set(hive, name, &set, err) < 0)
        return hf_err_code(err);
    return set.len > 0 ? step(hive, hf_buf_peek(&set), key, err) : rc;
}

int hf_hive_find(const struct hf_hive *hive, const char *path,
                 struct hf_hive_key *ret_key, struct hf_err *err)
{
    struct hf_hive_key key;
    bool first = true;
    int rc = hf_hive_key(hive, hive->root, &key, err);

    while (rc == 0 && *path) {
        struct hf_view name = hf_hive_path_take(&path);

        rc = first ? first_step(hive, name, &key, err)
                   : step(hive, name, &key, err);
        first = false;
    }
    if (rc == 0)
        *ret_key = key;
    return rc;
}
