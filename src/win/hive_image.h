/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_image.h - inside win/: the bytes of a hive and the cells in them.
 *
 * A hive is a base block of 4096 bytes and bins; a bin is cut into cells, each
 * a length (negative: in use) and its content. Cells name each other by their
 * offset from the first bin. Everything in it is a stranger's: an offset is
 * looked at by hf_hive_cell() or not at all.
 * Source: ours, from hives of Windows 7 to 10 and the public descriptions of
 * the format; checked against libhivex. */
#ifndef HF_WIN_HIVE_IMAGE_H
#define HF_WIN_HIVE_IMAGE_H

#include "win/form.h"

#define HF_HIVE_BASE_LEN 4096u /* bytes; a bin is a multiple of it */
#define HF_HIVE_BIN_HEAD 32u
#define HF_HIVE_NONE 0xFFFFFFFFu

/* bytes in one cell; from version 1.4 on more is cut into segments. Source:
 * CM_KEY_VALUE_BIG, which Windows 10's hives show */
#define HF_HIVE_SEGMENT 16344u
#define HF_HIVE_SEGMENT_MINOR 4u

/* a piece of the hive that nothing uses */
struct hf_hive_gap {
    uint32_t at, size; /* of the cell, its length included */
};

struct hf_hive {
    struct hf_registry *registry; /* borrowed: mount and incomplete */
    uint8_t *bytes;               /* base block and bins */
    size_t len;                   /* bytes of the file */
    size_t room;                  /* bytes allocated; 0: read when needed */
    int fd;                       /* where they are read from, or -1 */
    uint8_t *loaded;              /* a bit a chunk */
    uint32_t bins_len;            /* bytes of bins that are there */
    uint32_t root;                /* the top key's cell */
    uint32_t minor;               /* version 1.x */
    bool sound;                   /* walked, and whole: may be changed */
    bool changed;                 /* since it was read or saved */
    bool empty;                   /* it had no key below the top */
    struct hf_hive_gap *gap;
    size_t gap_count, gap_room;
};

static inline uint16_t hf_le16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t hf_le32(const uint8_t *at)
{
    return (uint32_t)hf_le16(at) | (uint32_t)hf_le16(at + 2) << 16;
}

static inline void hf_put_le16(uint8_t *at, uint16_t n)
{
    at[0] = (uint8_t)n;
    at[1] = (uint8_t)(n >> 8);
}

static inline void hf_put_le32(uint8_t *at, uint32_t n)
{
    hf_put_le16(at, (uint16_t)n);
    hf_put_le16(at + 2, (uint16_t)(n >> 16));
}

/* The offset in the file of a cell, for error texts. */
static inline size_t hf_hive_offset(uint32_t at)
{
    return (size_t)at + HF_HIVE_BASE_LEN;
}

/* Into a zeroed `hive`; free with hf_hive_image_done() whatever comes back. */
HF_MUST_USE int hf_hive_image_copy(struct hf_hive *hive, struct hf_view bytes,
                                   struct hf_err *err);
/* Bytes are read from the file when they are first asked for: a file that
 * shrinks meanwhile is an error and not the end of the program. */
HF_MUST_USE int hf_hive_image_open(struct hf_hive *hive, const char *path,
                                   struct hf_err *err);
void hf_hive_image_done(struct hf_hive *hive);

/* `len` bytes of the file from `from` on are there to be read, or the text says
 * why not. */
HF_MUST_USE int hf_hive_need(const struct hf_hive *hive, size_t from,
                             size_t len, struct hf_err *err);

/* May what failed be passed over? A hive that is called incomplete is read as
 * far as it goes: of a list that is damaged, what can be read. */
static inline bool hf_hive_pass(const struct hf_hive *hive,
                                const struct hf_err *err)
{
    return hive->registry->incomplete && err->code == HF_E_PARSE;
}

/* The content of the cell in use at `at`, at least `least` bytes. The view
 * lives until the next hf_hive_alloc(). */
HF_MUST_USE int hf_hive_cell(const struct hf_hive *hive, uint32_t at,
                             size_t least, struct hf_view *ret_cell,
                             struct hf_err *err);
/* The same cell to be written to: `at` has been looked at. */
static inline uint8_t *hf_hive_at(struct hf_hive *hive, uint32_t at)
{
    return hive->bytes + hf_hive_offset(at) + 4;
}

/* --- hive_base.c ---------------------------------------------------------- */

/* Takes version, top key and length out of the base block. HF_E_PARSE: this is
 * no hive, or a log of one. */
HF_MUST_USE int hf_hive_base_read(struct hf_hive *hive, struct hf_err *err);
/* Appends why the hive may not be whole; nothing when it is. */
void hf_hive_base_doubts(const struct hf_hive *hive, struct hf_buf *out);
/* The same of logs beside the file: entries newer than the hive. */
HF_MUST_USE int hf_hive_log_doubts(const struct hf_hive *hive, const char *path,
                                   struct hf_buf *out, struct hf_err *err);
/* Ends a change: the next sequence number, length, check sum. */
void hf_hive_base_seal(struct hf_hive *hive);

/* --- hive_check.c --------------------------------------------------------- */

/* Walks all of it once: each cell has one owner, each list holds what is said.
 * Collects the gaps. Sets `sound`, or returns HF_E_PARSE. O(hive). */
HF_MUST_USE int hf_hive_check(struct hf_hive *hive, struct hf_err *err);

/* --- hive_alloc.c (sound hives only) -------------------------------------- */

/* A cell of `len` bytes, zeroed. Moves `bytes`: views end. HF_E_LIMIT. */
HF_MUST_USE int hf_hive_alloc(struct hf_hive *hive, size_t len,
                              uint32_t *ret_at, struct hf_err *err);
/* Gives a cell back; HF_HIVE_NONE is fine. Fails only without memory, with the
 * hive still sound. */
HF_MUST_USE int hf_hive_release(struct hf_hive *hive, uint32_t at,
                                struct hf_err *err);
/* Notes a gap that is there already. */
HF_MUST_USE int hf_hive_gap_add(struct hf_hive *hive, struct hf_hive_gap gap,
                                struct hf_err *err);

#endif
