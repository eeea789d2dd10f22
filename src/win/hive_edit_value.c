/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_edit_value.c - inside win/: values of a sound hive, set and taken
 * away. */
#include "win/hive_key.h"

#define DB_LEN 8
#define DB_COUNT 2
#define DB_LIST 4

/* bytes; Source: Microsoft, "Registry element size limits": 1 MB */
#define DATA_MAX (1024 * 1024)

/* bytes behind the data of a segment: a full one has them, and libhivex expects
 * them in the last one too */
#define SPARE 4

/* What a value's cell says of its data. */
struct stored {
    uint32_t len;     /* with HF_VK_INLINE */
    uint8_t where[4]; /* the bytes, or the offset of a cell */
};

static int store_cell(struct hf_hive *hive, struct hf_view data, size_t spare,
                      uint32_t *ret_at, struct hf_err *err)
{
    if (hf_hive_alloc(hive, data.len + spare, ret_at, err) < 0)
        return hf_err_code(err);
    memcpy(hf_hive_at(hive, *ret_at), data.ptr, data.len);
    return 0;
}

static int store_segments(struct hf_hive *hive, struct hf_view data,
                          uint32_t *ret_at, struct hf_err *err)
{
    size_t count = (data.len + HF_HIVE_SEGMENT - 1) / HF_HIVE_SEGMENT;
    uint32_t db, list;
    uint8_t *cell;

    if (hf_hive_alloc(hive, DB_LEN, &db, err) < 0 ||
        hf_hive_alloc(hive, 4 * count, &list, err) < 0)
        return hf_err_code(err);
    cell = hf_hive_at(hive, db);
    memcpy(cell, "db", 2);
    hf_put_le16(cell + DB_COUNT, (uint16_t)count);
    hf_put_le32(cell + DB_LIST, list);
    for (size_t i = 0; i < count; i++) {
        struct hf_view piece = hf_view_from(data, i * HF_HIVE_SEGMENT);
        uint32_t at;

        if (piece.len > HF_HIVE_SEGMENT)
            piece.len = HF_HIVE_SEGMENT;
        if (store_cell(hive, piece, SPARE, &at, err) < 0)
            return hf_err_code(err);
        hf_put_le32(hf_hive_at(hive, list) + 4 * i, at);
    }
    *ret_at = db;
    return 0;
}

int hf_hive_value_fits(const struct hf_reg_value *value, struct hf_err *err)
{
    return value->len <= DATA_MAX
               ? 0
               : HF_FAIL(err, HF_E_LIMIT,
                         "a value of %zu bytes, a hive takes %d at most",
                         value->len, DATA_MAX);
}

static int store(struct hf_hive *hive, const struct hf_reg_value *value,
                 struct stored *ret_stored, struct hf_err *err)
{
    struct hf_view data = hf_view(value->data, value->len);
    struct stored stored = { (uint32_t)value->len, { 0 } };
    uint32_t at = 0;
    int rc;

    if (value->len <= 4) {
        stored.len |= HF_VK_INLINE;
        if (value->len > 0)
            memcpy(stored.where, value->data, value->len);
        *ret_stored = stored;
        return 0;
    }
    rc = data.len > HF_HIVE_SEGMENT && hive->minor >= HF_HIVE_SEGMENT_MINOR
             ? store_segments(hive, data, &at, err)
             : store_cell(hive, data, 0, &at, err);
    if (rc < 0)
        return rc;
    hf_put_le32(stored.where, at);
    *ret_stored = stored;
    return 0;
}

static int release_piece(void *arg, uint32_t at, struct hf_view bytes,
                         struct hf_err *err)
{
    (void)bytes;
    return hf_hive_release(arg, at, err);
}

/* --- setting ------------------------------------------------------------- */

static void put_data(struct hf_hive *hive, uint32_t at,
                     const struct stored *stored, uint32_t type)
{
    uint8_t *cell = hf_hive_at(hive, at);

    hf_put_le32(cell + HF_VK_DATA_LEN, stored->len);
    memcpy(cell + HF_VK_DATA, stored->where, 4);
    hf_put_le32(cell + HF_VK_TYPE, type);
}

static int new_value(struct hf_hive *hive, struct hf_regname name,
                     uint32_t *ret_at, struct hf_err *err)
{
    uint8_t *cell;

    if (hf_hive_alloc(hive, HF_VK_NAME + name.bytes.len, ret_at, err) < 0)
        return hf_err_code(err);
    cell = hf_hive_at(hive, *ret_at);
    memcpy(cell, "vk", 2);
    hf_put_le16(cell + HF_VK_NAME_LEN, (uint16_t)name.bytes.len);
    hf_put_le16(cell + HF_VK_FLAGS,
                name.narrow && name.bytes.len > 0 ? HF_VK_NARROW : 0);
    if (name.bytes.len > 0)
        memcpy(cell + HF_VK_NAME, name.bytes.ptr, name.bytes.len);
    return 0;
}

/* Puts the value at `at` behind the others of its key. */
static int append_value(struct hf_hive *hive, const struct hf_hive_key *key,
                        uint32_t at, struct hf_err *err)
{
    size_t len = 4 * (size_t)key->value_count;
    uint32_t list = key->value_list, old = HF_HIVE_NONE;
    struct hf_view cell = { NULL, 0 };

    if (len > 0 && hf_hive_cell(hive, list, len, &cell, err) < 0)
        return hf_err_code(err);
    if (cell.len < len + 4) {
        old = len > 0 ? list : HF_HIVE_NONE;
        if (hf_hive_alloc(hive, len + 4, &list, err) < 0)
            return hf_err_code(err);
        if (len > 0)
            memcpy(hf_hive_at(hive, list), hf_hive_at(hive, old), len);
    }
    hf_put_le32(hf_hive_at(hive, list) + len, at);
    hf_put_le32(hf_hive_at(hive, key->at) + HF_NK_VALUE_LIST, list);
    hf_put_le32(hf_hive_at(hive, key->at) + HF_NK_VALUES, key->value_count + 1);
    return hf_hive_release(hive, old, err);
}

static void raise_to(uint8_t *at, size_t n)
{
    if (hf_le32(at) < n)
        hf_put_le32(at, (uint32_t)n);
}

int hf_hive_value_set(struct hf_hive *hive, uint32_t key_at,
                      struct hf_regname name, const struct hf_reg_value *value,
                      struct hf_err *err)
{
    struct hf_hive_value old = { 0 };
    struct hf_hive_key key;
    struct stored stored;
    uint32_t i, at;
    int found;

    if (hf_hive_key(hive, key_at, &key, err) < 0)
        return hf_err_code(err);
    found = hf_hive_value_find(hive, &key, name, &i, &old, err);
    if (found < 0 || store(hive, value, &stored, err) < 0)
        return hf_err_code(err);
    raise_to(hf_hive_at(hive, key_at) + HF_NK_MAX_VALUE_NAME,
             2 * hf_regname_len(name));
    raise_to(hf_hive_at(hive, key_at) + HF_NK_MAX_VALUE_DATA, value->len);
    if (found == 0) {
        put_data(hive, old.at, &stored, value->type);
        return hf_hive_value_pieces(hive, &old, release_piece, hive, err);
    }
    if (new_value(hive, name, &at, err) < 0)
        return hf_err_code(err);
    put_data(hive, at, &stored, value->type);
    return append_value(hive, &key, at, err);
}

/* --- taking away --------------------------------------------------------- */

int hf_hive_value_unset(struct hf_hive *hive, uint32_t key_at,
                        struct hf_regname name, struct hf_err *err)
{
    struct hf_hive_value old;
    struct hf_hive_key key;
    uint8_t *list;
    uint32_t i;
    int found;

    if (hf_hive_key(hive, key_at, &key, err) < 0)
        return hf_err_code(err);
    found = hf_hive_value_find(hive, &key, name, &i, &old, err);
    if (found != 0)
        return found;
    list = hf_hive_at(hive, key.value_list) + 4 * (size_t)i;
    memmove(list, list + 4, 4 * (size_t)(key.value_count - i - 1));
    hf_put_le32(hf_hive_at(hive, key_at) + HF_NK_VALUES, key.value_count - 1);
    if (key.value_count == 1) {
        hf_put_le32(hf_hive_at(hive, key_at) + HF_NK_VALUE_LIST, HF_HIVE_NONE);
        if (hf_hive_release(hive, key.value_list, err) < 0)
            return hf_err_code(err);
    }
    if (hf_hive_value_pieces(hive, &old, release_piece, hive, err) < 0)
        return hf_err_code(err);
    return hf_hive_release(hive, old.at, err);
}

int hf_hive_values_release(struct hf_hive *hive, uint32_t key_at,
                           struct hf_err *err)
{
    struct hf_hive_key key;

    if (hf_hive_key(hive, key_at, &key, err) < 0)
        return hf_err_code(err);
    for (uint32_t i = 0; i < key.value_count; i++) {
        struct hf_hive_value value;

        if (hf_hive_value(hive, &key, i, &value, err) < 0 ||
            hf_hive_value_pieces(hive, &value, release_piece, hive, err) < 0 ||
            hf_hive_release(hive, value.at, err) < 0)
            return hf_err_code(err);
    }
    return key.value_count > 0 ? hf_hive_release(hive, key.value_list, err) : 0;
}
