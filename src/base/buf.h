/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf.h - bytes that grow, up to a maximum. */
#ifndef HF_BASE_BUF_H
#define HF_BASE_BUF_H

#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

/* Sticky: after a failed append all further ones do nothing, and one
 * hf_buf_check() at the end tells. */
struct hf_buf {
    uint8_t *ptr;
    size_t len;
    size_t room; /* bytes allocated */
    size_t max;  /* bytes; more fails with HF_E_LIMIT */
    int bad;     /* 0, or the enum hf_code that stopped it */
};

void hf_buf_init(struct hf_buf *buf, size_t max);
void hf_buf_done(struct hf_buf *buf);

void hf_buf_add(struct hf_buf *buf, const void *bytes, size_t len);
void hf_buf_view(struct hf_buf *buf, struct hf_view bytes);
void hf_buf_text(struct hf_buf *buf, const char *text);
void hf_buf_printf(struct hf_buf *buf, const char *format, ...) HF_PRINTF(2, 3);

/* Returns 0, HF_E_NOMEM or HF_E_LIMIT. */
HF_MUST_USE int hf_buf_check(const struct hf_buf *buf, struct hf_err *err);

/* Borrowed; valid until the next append. */
static inline struct hf_view hf_buf_peek(const struct hf_buf *buf)
{
    return hf_view(buf->ptr, buf->len);
}

/* Hands the bytes on as a NUL-terminated heap string and leaves the buffer
 * empty. NULL when the buffer went bad or memory is out. */
char *hf_buf_steal(struct hf_buf *buf);

#endif
