/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_alloc.c - inside win/: cells of a sound hive, taken and given back.
 */
#include "win/hive_image.h"

#define BINS_MAX 0x7FFFF000u /* bytes; an offset of a cell has 31 bits */
#define LOOKED_AT 1024u      /* gaps; ours: a hive may have a million of them */
#define GROWTH (256u * 1024) /* bytes; ours: few moves of a large hive */

int hf_hive_gap_add(struct hf_hive *hive, struct hf_hive_gap gap,
                    struct hf_err *err)
{
    if (hive->gap_count == hive->gap_room) {
        size_t room = hive->gap_room > 0 ? 2 * hive->gap_room : 64;
        struct hf_hive_gap *more =
            realloc(hive->gap, room * sizeof(hive->gap[0]));

        if (!more)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for the gaps of a hive");
        hive->gap = more;
        hive->gap_room = room;
    }
    hive->gap[hive->gap_count++] = gap;
    return 0;
}

static void put_size(struct hf_hive *hive, uint32_t at, uint32_t size)
{
    hf_put_le32(hive->bytes + hf_hive_offset(at), size);
}

/* Room for `len` bytes of file; what lies past the bins stays. */
static int make_room(struct hf_hive *hive, size_t len, struct hf_err *err)
{
    uint8_t *more;

    if (len > hive->room) {
        more = realloc(hive->bytes, len + GROWTH);
        if (!more)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a larger hive");
        hive->bytes = more;
        hive->room = len + GROWTH;
    }
    if (len > hive->len)
        hive->len = len;
    return 0;
}

/* A new bin behind the others, with one gap in it. */
static int append_bin(struct hf_hive *hive, uint32_t need, struct hf_err *err)
{
    uint32_t at = hive->bins_len;
    uint64_t len = ((uint64_t)need + HF_HIVE_BIN_HEAD + HF_HIVE_BASE_LEN - 1) /
                   HF_HIVE_BASE_LEN * HF_HIVE_BASE_LEN;
    struct hf_hive_gap gap = { at + HF_HIVE_BIN_HEAD,
                               (uint32_t)len - HF_HIVE_BIN_HEAD };
    uint8_t *bin;

    if (len > BINS_MAX - at)
        return HF_FAIL(err, HF_E_LIMIT, "a hive of more than %u bytes",
                       BINS_MAX);
    if (make_room(hive, hf_hive_offset(at) + (size_t)len, err) < 0 ||
        hf_hive_gap_add(hive, gap, err) < 0)
        return hf_err_code(err);
    bin = hive->bytes + hf_hive_offset(at);
    memset(bin, 0, (size_t)len);
    memcpy(bin, "hbin", 4);
    hf_put_le32(bin + 4, at);
    hf_put_le32(bin + 8, (uint32_t)len);
    put_size(hive, gap.at, gap.size);
    hive->bins_len += (uint32_t)len;
    return 0;
}

/* Gaps before this one are too old to be looked at. */
static size_t oldest_gap(const struct hf_hive *hive)
{
    return hive->gap_count > LOOKED_AT ? hive->gap_count - LOOKED_AT : 0;
}

/* The index of a gap that is large enough, or gap_count. The newest first: what
 * was given back or is in the last bin. */
static size_t find_gap(const struct hf_hive *hive, uint32_t size)
{
    size_t oldest = oldest_gap(hive);

    for (size_t i = hive->gap_count; i > oldest; i--) {
        if (hive->gap[i - 1].size >= size)
            return i - 1;
    }
    return hive->gap_count;
}

int hf_hive_alloc(struct hf_hive *hive, size_t len, uint32_t *ret_at,
                  struct hf_err *err)
{
    uint32_t size = (uint32_t)(len + 4 + 7) / 8 * 8;
    size_t i = find_gap(hive, size);
    struct hf_hive_gap *gap;

    if (i == hive->gap_count && append_bin(hive, size, err) < 0)
        return hf_err_code(err);
    gap = &hive->gap[i];
    *ret_at = gap->at;
    put_size(hive, gap->at, 0u - size);
    memset(hf_hive_at(hive, gap->at), 0, size - 4);
    gap->at += size;
    gap->size -= size;
    if (gap->size > 0)
        put_size(hive, gap->at, gap->size);
    else
        *gap = hive->gap[--hive->gap_count];
    return 0;
}

/* Takes the gaps that touch `gap` off the list and into it. A bin's head lies
 * between its cells and those of the bin before. */
static void merge(struct hf_hive *hive, struct hf_hive_gap *gap)
{
    size_t oldest = oldest_gap(hive);

    for (size_t i = hive->gap_count; i > oldest; i--) {
        struct hf_hive_gap other = hive->gap[i - 1];

        if (other.at + other.size != gap->at && gap->at + gap->size != other.at)
            continue;
        if (other.at < gap->at)
            gap->at = other.at;
        gap->size += other.size;
        hive->gap[i - 1] = hive->gap[--hive->gap_count];
    }
}

int hf_hive_release(struct hf_hive *hive, uint32_t at, struct hf_err *err)
{
    struct hf_hive_gap gap = { at, 0 };

    if (at == HF_HIVE_NONE)
        return 0;
    gap.size = 0u - hf_le32(hive->bytes + hf_hive_offset(at));
    /* room first: a merge cannot be taken back */
    if (hf_hive_gap_add(hive, gap, err) < 0)
        return hf_err_code(err);
    hive->gap_count--;
    merge(hive, &gap);
    hive->gap[hive->gap_count++] = gap;
    put_size(hive, gap.at, gap.size);
    return 0;
}
