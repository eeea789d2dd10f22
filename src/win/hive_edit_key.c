/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_edit_key.c - inside win/: keys of a sound hive, made and dropped. */
#include "win/hive_list.h"

#define SK_USERS 12 /* in a security cell: how many keys name it */

/* Another key shares the security cell at `at`, or one less does. The last one
 * leaves its cell behind: a count that was wrong takes nothing from others. */
static void share_security(struct hf_hive *hive, uint32_t at, int more)
{
    uint8_t *users;
    uint32_t count;

    if (at == HF_HIVE_NONE)
        return;
    users = hf_hive_at(hive, at) + SK_USERS;
    count = hf_le32(users);
    if (more > 0 ? count < UINT32_MAX : count > 1)
        hf_put_le32(users, count + (uint32_t)more);
}

/* The longest name among the keys below, in bytes of UTF-16. */
static void note_name(struct hf_hive *hive, uint32_t parent, size_t units)
{
    uint8_t *longest = hf_hive_at(hive, parent) + HF_NK_MAX_NAME;

    if (hf_le16(longest) < 2 * units)
        hf_put_le16(longest, (uint16_t)(2 * units));
}

/* A new key is like the one above it in time and security: what is written
 * depends on what was read, and on no clock. */
static void fill_key(struct hf_hive *hive, uint32_t at, uint32_t parent,
                     struct hf_regname name)
{
    uint8_t *key = hf_hive_at(hive, at);
    const uint8_t *above = hf_hive_at(hive, parent);

    memcpy(key, "nk", 2);
    hf_put_le16(key + HF_NK_FLAGS, name.narrow ? HF_NK_NARROW : 0);
    memcpy(key + HF_NK_TIME, above + HF_NK_TIME, 8);
    hf_put_le32(key + HF_NK_PARENT, parent);
    hf_put_le32(key + HF_NK_SUBKEY_LIST, HF_HIVE_NONE);
    hf_put_le32(key + HF_NK_VOLATILE_LIST, HF_HIVE_NONE);
    hf_put_le32(key + HF_NK_VALUE_LIST, HF_HIVE_NONE);
    hf_put_le32(key + HF_NK_SECURITY, hf_le32(above + HF_NK_SECURITY));
    hf_put_le32(key + HF_NK_CLASS, HF_HIVE_NONE);
    hf_put_le16(key + HF_NK_NAME_LEN, (uint16_t)name.bytes.len);
    if (name.bytes.len > 0)
        memcpy(key + HF_NK_NAME, name.bytes.ptr, name.bytes.len);
}

int hf_hive_key_add(struct hf_hive *hive, uint32_t parent,
                    struct hf_regname name, uint32_t *ret_at,
                    struct hf_err *err)
{
    uint32_t at;

    if (hf_hive_alloc(hive, HF_NK_NAME + name.bytes.len, &at, err) < 0)
        return hf_err_code(err);
    fill_key(hive, at, parent, name);
    if (hf_hive_list_insert(hive, parent, at, err) < 0)
        return hf_err_code(err);
    note_name(hive, parent, hf_regname_len(name));
    share_security(hive, hf_le32(hf_hive_at(hive, at) + HF_NK_SECURITY), 1);
    *ret_at = at;
    return 0;
}

/* Removes a key that has none below it. */
static int drop_one(struct hf_hive *hive, const struct hf_hive_key *key,
                    struct hf_err *err)
{
    if (hf_hive_list_remove(hive, key->parent, key->at, err) < 0)
        return hf_err_code(err);
    share_security(hive, key->security, -1);
    if (hf_hive_values_release(hive, key->at, err) < 0 ||
        (key->class_len > 0 && hf_hive_release(hive, key->class_at, err) < 0) ||
        hf_hive_release(hive, key->at, err) < 0)
        return hf_err_code(err);
    return 0;
}

static int last_child(const struct hf_hive *hive, const struct hf_hive_key *key,
                      uint32_t *ret_at, struct hf_err *err)
{
    struct hf_hive_list list;

    if (hf_hive_list(hive, key->subkey_list, &list, err) < 0)
        return hf_err_code(err);
    if (list.kind == 'r' &&
        hf_hive_list(hive, hf_hive_list_entry(&list, list.count - 1u), &list,
                     err) < 0)
        return hf_err_code(err);
    *ret_at = hf_hive_list_entry(&list, list.count - 1u);
    return 0;
}

int hf_hive_key_drop(struct hf_hive *hive, uint32_t at, struct hf_err *err)
{
    uint32_t now = at;

    /* down to a key with none below, away with it, up again: no recursion, a
     * hive may be deeper than a stack */
    for (;;) {
        struct hf_hive_key key;

        if (hf_hive_key(hive, now, &key, err) < 0)
            return hf_err_code(err);
        if (key.subkey_count > 0) {
            if (last_child(hive, &key, &now, err) < 0)
                return hf_err_code(err);
            continue;
        }
        if (drop_one(hive, &key, err) < 0)
            return hf_err_code(err);
        if (now == at)
            return 0;
        now = key.parent;
    }
}
