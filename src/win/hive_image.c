/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_image.c - inside win/: the bytes of a hive and the cells in them. */
#include "win/hive_image.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 16384u /* bytes read at once; ours: a leaf of keys and more */
#define FILE_MAX ((size_t)1 << 30) /* bytes; ours: hives of 150 MB are seen */

int hf_hive_image_copy(struct hf_hive *hive, struct hf_view bytes,
                       struct hf_err *err)
{
    hive->fd = -1;
    if (bytes.len > FILE_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a hive of more than %zu bytes",
                       FILE_MAX);
    hive->bytes = malloc(bytes.len > 0 ? bytes.len : 1);
    if (!hive->bytes)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a hive of %zu bytes",
                       bytes.len);
    if (bytes.len > 0)
        memcpy(hive->bytes, bytes.ptr, bytes.len);
    hive->len = bytes.len;
    hive->room = bytes.len > 0 ? bytes.len : 1;
    return 0;
}

static int open_regular(struct hf_hive *hive, const char *path,
                        struct hf_err *err)
{
    struct stat st;

    /* a pipe by that name must not hold us up */
    hive->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (hive->fd < 0)
        return HF_FAIL_SYS(err, "cannot open it");
    if (fstat(hive->fd, &st) < 0)
        return HF_FAIL_SYS(err, "cannot look at it");
    if (!S_ISREG(st.st_mode))
        return HF_FAIL(err, HF_E_IO, "it is not a regular file");
    if ((uint64_t)st.st_size > FILE_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "a hive of more than %zu bytes",
                       FILE_MAX);
    hive->len = (size_t)st.st_size;
    return 0;
}

int hf_hive_image_open(struct hf_hive *hive, const char *path,
                       struct hf_err *err)
{
    void *space;

    if (open_regular(hive, path, err) < 0)
        return hf_err_code(err);
    if (hive->len == 0)
        return HF_FAIL(err, HF_E_PARSE, "it is empty");
    /* address space; pages come with the chunks that are read */
    space = mmap(NULL, hive->len, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED)
        return HF_FAIL_SYS(err, "no room for a hive of %zu bytes", hive->len);
    hive->bytes = space;
    hive->loaded = calloc(hive->len / CHUNK / 8 + 1, 1);
    return hive->loaded ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a hive");
}

void hf_hive_image_done(struct hf_hive *hive)
{
    if (hive->room > 0)
        free(hive->bytes);
    else if (hive->bytes)
        (void)munmap(hive->bytes, hive->len);
    if (hive->fd >= 0)
        (void)close(hive->fd);
    free(hive->loaded);
    free(hive->gap);
}

static int load_chunk(const struct hf_hive *hive, size_t chunk,
                      struct hf_err *err)
{
    size_t from = chunk * CHUNK;
    size_t end = hive->len - from > CHUNK ? from + CHUNK : hive->len;

    while (from < end) {
        ssize_t n =
            pread(hive->fd, hive->bytes + from, end - from, (off_t)from);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return HF_FAIL_SYS(err, "cannot read it at offset 0x%zx", from);
        if (n == 0)
            return HF_FAIL(err, HF_E_IO, "it ends at offset 0x%zx by now",
                           from);
        from += (size_t)n;
    }
    hive->loaded[chunk / 8] |= (uint8_t)(1u << chunk % 8);
    return 0;
}

int hf_hive_need(const struct hf_hive *hive, size_t from, size_t len,
                 struct hf_err *err)
{
    if (from > hive->len || len > hive->len - from)
        return HF_FAIL(err, HF_E_PARSE,
                       "%zu bytes at offset 0x%zx lie past its end, 0x%zx", len,
                       from, hive->len);
    for (size_t i = from / CHUNK; hive->loaded && len > 0; i++) {
        if (i > (from + len - 1) / CHUNK)
            break;
        if (!(hive->loaded[i / 8] >> i % 8 & 1) && load_chunk(hive, i, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static int bad_cell(uint32_t at, uint32_t size, const char *what,
                    struct hf_err *err)
{
    return HF_FAIL(err, HF_E_PARSE, "the cell at offset 0x%zx, length 0x%x: %s",
                   hf_hive_offset(at), size, what);
}

int hf_hive_cell(const struct hf_hive *hive, uint32_t at, size_t least,
                 struct hf_view *ret_cell, struct hf_err *err)
{
    size_t offset = hf_hive_offset(at);
    uint32_t raw, size;

    if (at % 8 != 0 || at < HF_HIVE_BIN_HEAD || at >= hive->bins_len)
        return HF_FAIL(err, HF_E_PARSE, "no cell can be at offset 0x%zx",
                       offset);
    if (hf_hive_need(hive, offset, 4, err) < 0)
        return hf_err_code(err);
    raw = hf_le32(hive->bytes + offset);
    size = 0u - raw;
    if (raw < 0x80000000u)
        return bad_cell(at, raw, "it is not in use", err);
    if (size % 8 != 0 || size > hive->bins_len - at)
        return bad_cell(at, size, "that cannot be", err);
    if (size - 4 < least)
        return bad_cell(at, size, "too short for what it holds", err);
    if (hf_hive_need(hive, offset, size, err) < 0)
        return hf_err_code(err);
    *ret_cell = hf_view(hive->bytes + offset + 4, size - 4);
    return 0;
}
