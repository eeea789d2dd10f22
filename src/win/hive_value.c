/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_value.c - inside win/: the values of a key, and their data, which
 * may lie in segments. */
#include "win/hive_key.h"

#define VK_CELL_MIN (4 + HF_VK_NAME) /* bytes */

/* where the fields lie in a list of segments ("db") */
#define DB_COUNT 2
#define DB_LIST 4
#define DB_LEN 8

int hf_hive_values_fit(const struct hf_hive *hive,
                       const struct hf_hive_key *key, struct hf_err *err)
{
    if (key->value_count > hive->bins_len / VK_CELL_MIN)
        return HF_FAIL(err, HF_E_PARSE,
                       "the key at offset 0x%zx says it has %u values, more "
                       "than the hive has room for",
                       hf_hive_offset(key->at), key->value_count);
    return 0;
}

int hf_hive_value(const struct hf_hive *hive, const struct hf_hive_key *key,
                  uint32_t i, struct hf_hive_value *ret_value,
                  struct hf_err *err)
{
    struct hf_view list, cell;
    uint32_t at, len;
    size_t name_len;

    if (hf_hive_values_fit(hive, key, err) < 0)
        return hf_err_code(err);
    if (hf_hive_cell(hive, key->value_list, (size_t)key->value_count * 4, &list,
                     err) < 0)
        return HF_WRAP(err, "a list of values");
    at = hf_le32(list.ptr + (size_t)i * 4);
    if (hf_hive_cell(hive, at, HF_VK_NAME, &cell, err) < 0)
        return HF_WRAP(err, "a value");
    name_len = hf_le16(cell.ptr + HF_VK_NAME_LEN);
    if (memcmp(cell.ptr, "vk", 2) != 0 || name_len > cell.len - HF_VK_NAME)
        return HF_FAIL(err, HF_E_PARSE,
                       "the cell at offset 0x%zx is not a value ('vk' and a "
                       "name within it)",
                       hf_hive_offset(at));
    len = hf_le32(cell.ptr + HF_VK_DATA_LEN);
    if (len & HF_VK_INLINE && len > (HF_VK_INLINE | 4))
        return HF_FAIL(
            err, HF_E_PARSE,
            "the value at offset 0x%zx keeps %u bytes where 4 can be",
            hf_hive_offset(at), len & ~HF_VK_INLINE);
    *ret_value = (struct hf_hive_value){
        .at = at,
        .name = { hf_view(cell.ptr + HF_VK_NAME, name_len),
                  (hf_le16(cell.ptr + HF_VK_FLAGS) & HF_VK_NARROW) != 0 },
        .type = hf_le32(cell.ptr + HF_VK_TYPE),
        .len = len & ~HF_VK_INLINE,
        .inside = len & HF_VK_INLINE || len == 0,
        .data = hf_le32(cell.ptr + HF_VK_DATA),
    };
    return 0;
}

int hf_hive_value_find(const struct hf_hive *hive,
                       const struct hf_hive_key *key, struct hf_regname name,
                       uint32_t *ret_i, struct hf_hive_value *ret_value,
                       struct hf_err *err)
{
    if (hf_hive_values_fit(hive, key, err) < 0)
        return hf_err_code(err);
    for (uint32_t i = 0; i < key->value_count; i++) {
        struct hf_hive_value value;

        if (hf_hive_value(hive, key, i, &value, err) < 0) {
            if (hf_hive_pass(hive, err))
                continue;
            return hf_err_code(err);
        }
        if (hf_regname_order(value.name, name) == 0) {
            *ret_i = i;
            *ret_value = value;
            return 0;
        }
    }
    return HF_HIVE_NOT_THERE;
}

/* --- data ---------------------------------------------------------------- */

static int each_segment(const struct hf_hive *hive,
                        const struct hf_hive_value *value, struct hf_view list,
                        hf_hive_each_piece *each, void *arg, struct hf_err *err)
{
    size_t left = value->len;
    int rc = 0;

    for (size_t i = 0; rc == 0 && left > 0; i++) {
        size_t len = left < HF_HIVE_SEGMENT ? left : HF_HIVE_SEGMENT;
        uint32_t at = hf_le32(list.ptr + 4 * i);
        struct hf_view cell;

        if (hf_hive_cell(hive, at, len, &cell, err) < 0)
            return HF_WRAP(err, "segment %zu of the value at offset 0x%zx", i,
                           hf_hive_offset(value->at));
        rc = each(arg, at, hf_view(cell.ptr, len), err);
        left -= len;
    }
    return rc;
}

static int each_of_many(const struct hf_hive *hive,
                        const struct hf_hive_value *value, struct hf_view db,
                        hf_hive_each_piece *each, void *arg, struct hf_err *err)
{
    size_t count = (value->len + HF_HIVE_SEGMENT - 1) / HF_HIVE_SEGMENT;
    uint32_t list_at;
    struct hf_view list;
    int rc;

    if (db.len < DB_LEN || memcmp(db.ptr, "db", 2) != 0 ||
        hf_le16(db.ptr + DB_COUNT) < count)
        return HF_FAIL(err, HF_E_PARSE,
                       "the value at offset 0x%zx says it has %u bytes, its "
                       "cell has %zu",
                       hf_hive_offset(value->at), value->len, db.len);
    list_at = hf_le32(db.ptr + DB_LIST);
    if (hf_hive_cell(hive, list_at, count * 4, &list, err) < 0)
        return HF_WRAP(err, "a list of segments");
    rc = each(arg, value->data, hf_view(NULL, 0), err);
    if (rc == 0)
        rc = each(arg, list_at, hf_view(NULL, 0), err);
    return rc != 0 ? rc : each_segment(hive, value, list, each, arg, err);
}

int hf_hive_value_pieces(const struct hf_hive *hive,
                         const struct hf_hive_value *value,
                         hf_hive_each_piece *each, void *arg,
                         struct hf_err *err)
{
    struct hf_view cell;

    if (value->inside)
        return 0;
    if (value->len > hive->bins_len)
        return HF_FAIL(err, HF_E_PARSE,
                       "the value at offset 0x%zx says it has %u bytes, more "
                       "than the hive has",
                       hf_hive_offset(value->at), value->len);
    if (hf_hive_cell(hive, value->data, 0, &cell, err) < 0)
        return HF_WRAP(err, "the data of a value");
    /* some programs write large data as one cell, which Windows does not */
    if (value->len > cell.len)
        return each_of_many(hive, value, cell, each, arg, err);
    return each(arg, value->data, hf_view(cell.ptr, value->len), err);
}

static int append_piece(void *arg, uint32_t at, struct hf_view bytes,
                        struct hf_err *err)
{
    struct hf_reg_value *copy = arg;

    (void)at;
    (void)err;
    if (bytes.len > 0)
        memcpy(copy->data + copy->len, bytes.ptr, bytes.len);
    copy->len += bytes.len;
    return 0;
}

static int copy_data(const struct hf_hive *hive,
                     const struct hf_hive_value *value,
                     struct hf_reg_value *copy, struct hf_err *err)
{
    if (value->len > HF_REG_VALUE_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a value of %u bytes, more than %d",
                       value->len, HF_REG_VALUE_MAX);
    if (value->len > hive->bins_len)
        return hf_hive_value_pieces(hive, value, append_piece, copy, err);
    copy->data = malloc(value->len > 0 ? value->len : 1);
    if (!copy->data)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a value of %u bytes",
                       value->len);
    if (!value->inside)
        return hf_hive_value_pieces(hive, value, append_piece, copy, err);
    memcpy(copy->data, hive->bytes + hf_hive_offset(value->at) + 4 + HF_VK_DATA,
           value->len);
    copy->len = value->len;
    return 0;
}

int hf_hive_value_copy(const struct hf_hive *hive,
                       const struct hf_hive_value *value,
                       struct hf_reg_value *ret_value, struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value copy = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf name = { 0 };

    hf_buf_init(&name, HF_REGNAME_TEXT_MAX);
    hf_regname_text(&name, value->name);
    copy.type = value->type;
    if (hf_buf_check(&name, err) < 0 || copy_data(hive, value, &copy, err) < 0)
        return hf_err_code(err);
    copy.name = hf_buf_steal(&name);
    if (!copy.name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
    *ret_value = copy;
    copy = (struct hf_reg_value){ 0 };
    return 0;
}
