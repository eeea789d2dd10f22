/* SPDX-License-Identifier: Apache-2.0 */
/* win/cab.c - one file taken out of a Microsoft cabinet, by libmspack.
 *
 * The library gets a system of ours instead of the real one: what it opens is
 * the bytes in memory, what it writes goes to the caller's buffer. */
#include "win/cab.h"

#include <errno.h>
#include <mspack.h>

/* bytes in one block; ours: the largest is the window of LZX, 2 MB */
#define CAB_BLOCK_MAX (8 * 1024 * 1024)
#define CAB_FILES_MAX 1024  /* ours: Microsoft's lists have one */
#define CAB_FOLDERS_MAX 256 /* ours: the library looks for each file's */
#define CAB_HEAD_LEN 36     /* [MS-CAB] 2.1 */
#define CAB_IN_SET 3        /* flags: another cabinet before, behind */

struct cab_io {
    struct mspack_system sys; /* first: the library hands it back */
    struct hf_view bytes;
    struct hf_buf *out;
    size_t read_at; /* where it last read, for the error text */
};

struct cab_file {
    struct mspack_file base; /* first: the library hands it back */
    struct cab_io *io;
    size_t at;
    bool writing;
};

/* --- the system the library sees ----------------------------------------- */

/* `self` may be a copy of the system, which is not part of a cab_io: errno says
 * why there is no block. */
static void *io_alloc(struct mspack_system *self, size_t len)
{
    void *block;

    (void)self;
    if (len > CAB_BLOCK_MAX) {
        errno = E2BIG;
        return NULL;
    }
    block = calloc(1, len ? len : 1);
    if (!block)
        errno = ENOMEM;
    return block;
}

static struct mspack_file *io_open(struct mspack_system *self, const char *name,
                                   int mode)
{
    struct cab_file *file = calloc(1, sizeof(*file));

    (void)name;
    if (!file)
        return NULL;
    *file = (struct cab_file){ .io = (struct cab_io *)self,
                               .writing = mode != MSPACK_SYS_OPEN_READ };
    return &file->base;
}

static void io_close(struct mspack_file *base)
{
    free(base);
}

static int io_read(struct mspack_file *base, void *into, int len)
{
    struct cab_file *file = (struct cab_file *)base;
    struct hf_view rest = hf_view_from(file->io->bytes, file->at);
    size_t want = len > 0 ? (size_t)len : 0;
    size_t got = want < rest.len ? want : rest.len;

    if (len < 0 || file->writing)
        return -1;
    file->io->read_at = file->at;
    if (got > 0)
        memcpy(into, rest.ptr, got);
    file->at += got;
    return (int)got;
}

static int io_write(struct mspack_file *base, void *bytes, int len)
{
    struct cab_file *file = (struct cab_file *)base;
    struct hf_buf *out = file->io->out;

    if (len < 0 || !file->writing)
        return -1;
    hf_buf_add(out, bytes, (size_t)len);
    file->at += (size_t)len;
    return out->bad ? -1 : len;
}

static int io_seek(struct mspack_file *base, off_t offset, int mode)
{
    struct cab_file *file = (struct cab_file *)base;
    off_t from = mode == MSPACK_SYS_SEEK_CUR   ? (off_t)file->at
                 : mode == MSPACK_SYS_SEEK_END ? (off_t)file->io->bytes.len
                                               : 0;
    off_t to;

    if (__builtin_add_overflow(from, offset, &to) || to < 0)
        return -1;
    file->at = (size_t)to;
    return 0;
}

static off_t io_tell(struct mspack_file *base)
{
    return (off_t)((struct cab_file *)base)->at;
}

static void io_message(struct mspack_file *file, const char *format, ...)
{
    (void)file;
    (void)format;
}

static void io_copy(void *from, void *to, size_t len)
{
    memcpy(to, from, len);
}

static struct cab_io cab_io(struct hf_view bytes, struct hf_buf *out)
{
    return (struct cab_io){ .sys = { .open = io_open,
                                     .close = io_close,
                                     .read = io_read,
                                     .write = io_write,
                                     .seek = io_seek,
                                     .tell = io_tell,
                                     .message = io_message,
                                     .alloc = io_alloc,
                                     .free = free,
                                     .copy = io_copy },
                            .bytes = bytes,
                            .out = out };
}

/* --- extracting ---------------------------------------------------------- */

bool hf_cab_is(struct hf_view bytes)
{
    return hf_view_starts(bytes, "MSCF");
}

static unsigned u16le(struct hf_view bytes, size_t at)
{
    return bytes.ptr[at] | (unsigned)bytes.ptr[at + 1] << 8;
}

/* What the library would take its time over, or ask other files for. */
static int check_head(struct hf_view bytes, struct hf_err *err)
{
    unsigned folders, files;

    if (!hf_cab_is(bytes))
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: expected a cabinet, which begins \"MSCF\"");
    if (bytes.len < CAB_HEAD_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the header of the cabinet is cut: expected "
                       "%d bytes",
                       bytes.len, CAB_HEAD_LEN);
    folders = u16le(bytes, 26);
    files = u16le(bytes, 28);
    if (u16le(bytes, 30) & CAB_IN_SET)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 30: the cabinet is one part of a set: expected "
                       "a whole one");
    if (folders > CAB_FOLDERS_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset 26: %u folders in the cabinet: at most %d",
                       folders, CAB_FOLDERS_MAX);
    if (files > CAB_FILES_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset 28: %u files in the cabinet: at most %d", files,
                       CAB_FILES_MAX);
    return 0;
}

static const char *fault_text(int status)
{
    static const char *const texts[] = {
        [MSPACK_ERR_ARGS] = "cannot be read",
        [MSPACK_ERR_READ] = "is cut",
        [MSPACK_ERR_WRITE] = "cannot be written out",
        [MSPACK_ERR_SEEK] = "points outside of itself",
        [MSPACK_ERR_SIGNATURE] = "does not begin as one",
        [MSPACK_ERR_DATAFORMAT] = "is malformed",
        [MSPACK_ERR_CHECKSUM] = "has a check sum that does not fit",
        [MSPACK_ERR_DECRUNCH] = "does not decompress",
    };

    return status > 0 && (size_t)status < HF_COUNT(texts) && texts[status]
               ? texts[status]
               : "cannot be read";
}

static int say_why(const struct cab_io *io, int status, struct hf_err *err)
{
    /* opening takes nothing but memory */
    if (status == MSPACK_ERR_NOMEMORY && errno == E2BIG)
        return HF_FAIL(err, HF_E_LIMIT,
                       "offset %zu: the cabinet asks for a block of more than "
                       "%d bytes",
                       io->read_at, CAB_BLOCK_MAX);
    /* what it also says of a window of a size there is not */
    if (status == MSPACK_ERR_NOMEMORY && errno == 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %zu: the cabinet asks for a way to decompress "
                       "that there is not",
                       io->read_at);
    if (status == MSPACK_ERR_NOMEMORY || status == MSPACK_ERR_OPEN)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a cabinet");
    if (hf_buf_check(io->out, err) < 0)
        return HF_WRAP(err, "the file in the cabinet");
    return HF_FAIL(err, HF_E_PARSE, "offset %zu: the cabinet %s", io->read_at,
                   fault_text(status));
}

static bool ends_in(const char *name, const char *suffix)
{
    struct hf_view v = hf_view_text(name), end = hf_view_text(suffix);

    return v.len >= end.len &&
           hf_view_same_nocase(hf_view_from(v, v.len - end.len), end);
}

static int extract(struct cab_io *io, struct mscab_decompressor *cabd,
                   const struct mscabd_cabinet *cab, const char *suffix,
                   struct hf_err *err)
{
    struct mscabd_file *file = cab->files;
    int status;

    while (file && !ends_in(file->filename, suffix))
        file = file->next;
    if (!file)
        return HF_FAIL(err, HF_E_ABSENT,
                       "no file in the cabinet has a name that ends in '%s'",
                       suffix);
    /* what stands before it in its folder is decompressed as well */
    if (file->length > HF_CAB_MEMBER_MAX || file->offset > HF_CAB_MEMBER_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "'%.80s' in the cabinet has %u bytes behind %u others: "
                       "at most %d of each",
                       file->filename, file->length, file->offset,
                       HF_CAB_MEMBER_MAX);
    status = cabd->extract(cabd, file, "out");
    return status == MSPACK_ERR_OK ? 0 : say_why(io, status, err);
}

static int open_and_extract(struct cab_io *io, const char *suffix,
                            struct hf_err *err)
{
    struct mscab_decompressor *cabd = mspack_create_cab_decompressor(&io->sys);
    struct mscabd_cabinet *cab = cabd ? cabd->open(cabd, "in") : NULL;
    int rc =
        cab ? extract(io, cabd, cab, suffix, err)
            : say_why(io, cabd ? cabd->last_error(cabd) : MSPACK_ERR_NOMEMORY,
                      err);

    if (cab)
        cabd->close(cabd, cab);
    if (cabd)
        mspack_destroy_cab_decompressor(cabd);
    return rc;
}

int hf_cab_extract(struct hf_view bytes, const char *suffix,
                   struct hf_buf *ret_member, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf member = { 0 };
    struct cab_io io = cab_io(bytes, &member);

    hf_buf_init(&member, HF_CAB_MEMBER_MAX);
    errno = 0;
    if (check_head(bytes, err) < 0 || open_and_extract(&io, suffix, err) < 0)
        return hf_err_code(err);
    hf_buf_view(ret_member, hf_buf_peek(&member));
    return hf_buf_check(ret_member, err);
}
