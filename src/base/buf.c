/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf.c - bytes that grow, up to a maximum. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256 /* bytes; ours: most texts fit without growing */

void hf_buf_init(struct hf_buf *buf, size_t max)
{
    *buf = (struct hf_buf){ .max = max };
}

void hf_buf_done(struct hf_buf *buf)
{
    free(buf->ptr);
    *buf = (struct hf_buf){ .max = buf->max };
}

/* Makes room for `more` bytes and, beyond the maximum if need be, for a NUL
 * after them. Returns 0 when the buffer is or went bad. */
static int reserve(struct hf_buf *buf, size_t more)
{
    size_t want, room = buf->room ? buf->room : FIRST_ROOM;
    uint8_t *grown;

    if (buf->bad)
        return 0;
    if (__builtin_add_overflow(buf->len, more, &want) || want > buf->max ||
        __builtin_add_overflow(want, (size_t)1, &want)) {
        buf->bad = HF_E_LIMIT;
        return 0;
    }
    if (want <= buf->room)
        return 1;
    while (room < want)
        if (__builtin_mul_overflow(room, (size_t)2, &room))
            room = want;
    grown = realloc(buf->ptr, room);
    if (!grown) {
        buf->bad = HF_E_NOMEM;
        return 0;
    }
    buf->ptr = grown;
    buf->room = room;
    return 1;
}

void hf_buf_add(struct hf_buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || !reserve(buf, len))
        return;
    memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
}

void hf_buf_view(struct hf_buf *buf, struct hf_view bytes)
{
    hf_buf_add(buf, bytes.ptr, bytes.len);
}

void hf_buf_text(struct hf_buf *buf, const char *text)
{
    hf_buf_add(buf, text, strlen(text));
}

void hf_buf_printf(struct hf_buf *buf, const char *format, ...)
{
    va_list args, again;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 && !buf->bad)
        buf->bad = HF_E_LIMIT; /* over INT_MAX bytes */
    /* vsnprintf writes a NUL, which is not kept */
    if (len > 0 && reserve(buf, (size_t)len)) {
        (void)vsnprintf((char *)buf->ptr + buf->len, (size_t)len + 1, format,
                        again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

int hf_buf_check(const struct hf_buf *buf, struct hf_err *err)
{
    if (buf->bad == HF_E_NOMEM)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu bytes", buf->len);
    if (buf->bad)
        return HF_FAIL(err, HF_E_LIMIT, "more than %zu bytes", buf->max);
    return 0;
}

char *hf_buf_steal(struct hf_buf *buf)
{
    char *text;

    if (!reserve(buf, 0)) {
        hf_buf_done(buf);
        return NULL;
    }
    buf->ptr[buf->len] = '\0';
    text = (char *)buf->ptr;
    *buf = (struct hf_buf){ .max = buf->max };
    return text;
}
