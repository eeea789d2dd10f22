/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_check.c - inside win/: is every part of a hive what it says it is?
 * Asked once before the first change: a hive is not written to on trust. */
#include "win/hive_list.h"

/* bytes; ours: a smaller one is of no use, and there are very many */
#define GAP_MIN 128

#define SK_LEN 20 /* bytes of a security cell ("sk") before the descriptor */

struct pending {
    uint32_t at, parent;
};

struct check {
    struct hf_hive *hive;
    uint8_t *cell;   /* a bit for 8 bytes: a cell in use begins here */
    uint8_t *owned;  /* and has its owner */
    uint8_t *shared; /* or is the security of keys */
    struct pending *pending;
    size_t count, room;
    uint32_t parent; /* the key whose parts are looked at */
};

static void check_done(struct check *check)
{
    free(check->cell);
    free(check->owned);
    free(check->shared);
    free(check->pending);
}

static bool bit(const uint8_t *bits, uint32_t at)
{
    return bits[at / 64] >> at / 8 % 8 & 1;
}

static void set_bit(uint8_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint8_t)(1u << at / 8 % 8);
}

/* --- bins ---------------------------------------------------------------- */

static int note_cell(struct check *check, uint32_t at, uint32_t raw,
                     struct hf_err *err)
{
    if (raw < GAP_MIN)
        return 0;
    if (raw < 0x80000000u)
        return hf_hive_gap_add(check->hive, (struct hf_hive_gap){ at, raw },
                               err);
    set_bit(check->cell, at);
    return 0;
}

static int check_bin(struct check *check, uint32_t at, uint32_t len,
                     struct hf_err *err)
{
    const struct hf_hive *hive = check->hive;
    uint32_t end = at + len;

    for (uint32_t cell = at + HF_HIVE_BIN_HEAD; cell < end;) {
        uint32_t raw = hf_le32(hive->bytes + hf_hive_offset(cell));
        uint32_t size = raw < 0x80000000u ? raw : 0u - raw;

        if (size == 0 || size % 8 != 0 || size > end - cell)
            return HF_FAIL(err, HF_E_PARSE,
                           "the cell at offset 0x%zx has the length 0x%x, its "
                           "bin ends after 0x%x",
                           hf_hive_offset(cell), size, end - cell);
        if (note_cell(check, cell, raw, err) < 0)
            return hf_err_code(err);
        cell += size;
    }
    return 0;
}

static int check_bins(struct check *check, struct hf_err *err)
{
    const struct hf_hive *hive = check->hive;

    if (hf_hive_need(hive, HF_HIVE_BASE_LEN, hive->bins_len, err) < 0)
        return hf_err_code(err);
    for (uint32_t at = 0; at < hive->bins_len;) {
        const uint8_t *bin = hive->bytes + hf_hive_offset(at);
        uint32_t left = hive->bins_len - at, len;

        len = left >= HF_HIVE_BIN_HEAD ? hf_le32(bin + 8) : 0;
        if (len == 0 || len % HF_HIVE_BASE_LEN != 0 || len > left ||
            memcmp(bin, "hbin", 4) != 0 || hf_le32(bin + 4) != at)
            return HF_FAIL(err, HF_E_PARSE, "no whole bin is at offset 0x%zx",
                           hf_hive_offset(at));
        if (check_bin(check, at, len, err) < 0)
            return hf_err_code(err);
        at += len;
    }
    return 0;
}

/* --- owners -------------------------------------------------------------- */

/* The cell at `at` has no owner yet; a pointer into the middle of one, or two
 * to one, is what a change would turn into damage. */
static int own(struct check *check, uint32_t at, struct hf_err *err)
{
    if (at >= check->hive->bins_len || at % 8 != 0 || !bit(check->cell, at))
        return HF_FAIL(err, HF_E_PARSE,
                       "no cell in use begins at offset 0x%zx, which the key "
                       "at offset 0x%zx names",
                       hf_hive_offset(at), hf_hive_offset(check->parent));
    if (bit(check->owned, at))
        return HF_FAIL(err, HF_E_PARSE,
                       "the cell at offset 0x%zx is named twice",
                       hf_hive_offset(at));
    set_bit(check->owned, at);
    return 0;
}

static int own_piece(void *arg, uint32_t at, struct hf_view bytes,
                     struct hf_err *err)
{
    (void)bytes;
    return own(arg, at, err);
}

static int own_list(void *arg, const struct hf_hive_list *list,
                    struct hf_err *err)
{
    struct check *check = arg;

    if (list->count == 0)
        return HF_FAIL(err, HF_E_PARSE, "the list at offset 0x%zx is empty",
                       hf_hive_offset(list->at));
    return own(check, list->at, err);
}

static int push(struct check *check, uint32_t at, uint32_t parent,
                struct hf_err *err)
{
    if (check->count == check->room) {
        size_t room = check->room > 0 ? 2 * check->room : 64;
        struct pending *more =
            realloc(check->pending, room * sizeof(check->pending[0]));

        if (!more)
            return HF_FAIL(err, HF_E_NOMEM, "no memory to check a hive");
        check->pending = more;
        check->room = room;
    }
    check->pending[check->count++] = (struct pending){ at, parent };
    return own(check, at, err);
}

static int push_key(void *arg, const struct hf_hive_list *leaf, size_t i,
                    struct hf_err *err)
{
    struct check *check = arg;

    return push(check, hf_hive_list_entry(leaf, i), check->parent, err);
}

/* --- keys ---------------------------------------------------------------- */

/* Security cells are shared by keys, and by nothing else. */
static int check_security(struct check *check, uint32_t at, struct hf_err *err)
{
    struct hf_view cell;

    if (at == HF_HIVE_NONE)
        return 0;
    if (hf_hive_cell(check->hive, at, SK_LEN, &cell, err) < 0)
        return HF_WRAP(err, "the security of a key");
    if (memcmp(cell.ptr, "sk", 2) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "the cell at offset 0x%zx is not a key's security "
                       "('sk')",
                       hf_hive_offset(at));
    if (bit(check->shared, at))
        return 0;
    set_bit(check->shared, at);
    return own(check, at, err);
}

static int check_values(struct check *check, const struct hf_hive_key *key,
                        struct hf_err *err)
{
    if (key->value_count > 0 && own(check, key->value_list, err) < 0)
        return HF_WRAP(err, "a list of values");
    for (uint32_t i = 0; i < key->value_count; i++) {
        struct hf_hive_value value;

        if (hf_hive_value(check->hive, key, i, &value, err) < 0 ||
            own(check, value.at, err) < 0 ||
            hf_hive_value_pieces(check->hive, &value, own_piece, check, err) <
                0)
            return HF_WRAP(err, "a value of the key at offset 0x%zx",
                           hf_hive_offset(key->at));
    }
    return 0;
}

static int check_key(struct check *check, struct pending which,
                     struct hf_err *err)
{
    struct hf_hive_key key;
    int rc;

    rc = which.at == check->hive->root
             ? hf_hive_key(check->hive, which.at, &key, err)
             : hf_hive_subkey(check->hive, which.parent, which.at, &key, err);
    check->parent = which.at;
    if (rc < 0 || check_security(check, key.security, err) < 0)
        return hf_err_code(err);
    if (key.class_len > 0 && key.class_at != HF_HIVE_NONE &&
        own(check, key.class_at, err) < 0)
        return HF_WRAP(err, "the class of a key");
    if (check_values(check, &key, err) < 0)
        return hf_err_code(err);
    if (hf_hive_lists(check->hive, &key, own_list, check, err) < 0 ||
        hf_hive_subkeys(check->hive, &key, push_key, check, err) < 0 ||
        hf_hive_distinct(check->hive, &key, err) < 0)
        return hf_err_code(err);
    return 0;
}

int hf_hive_check(struct hf_hive *hive, struct hf_err *err)
{
    HF_AUTO(check_done) struct check check = { .hive = hive };
    size_t bits = hive->bins_len / 64 + 1;

    hive->gap_count = 0;
    check.parent = hive->root;
    check.cell = calloc(bits, 1);
    check.owned = calloc(bits, 1);
    check.shared = calloc(bits, 1);
    if (!check.cell || !check.owned || !check.shared)
        return HF_FAIL(err, HF_E_NOMEM, "no memory to check a hive");
    if (check_bins(&check, err) < 0 ||
        push(&check, hive->root, HF_HIVE_NONE, err) < 0)
        return hf_err_code(err);
    while (check.count > 0) {
        if (check_key(&check, check.pending[--check.count], err) < 0)
            return hf_err_code(err);
    }
    hive->sound = true;
    return 0;
}
