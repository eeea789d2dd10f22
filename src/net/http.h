/* SPDX-License-Identifier: Apache-2.0 */
/* net/http.h - the head of an HTTP/1 response, as little of it as we need. */
#ifndef HF_NET_HTTP_H
#define HF_NET_HTTP_H

#include "base/auto.h"
#include "base/view.h"

/* ours: what nginx and Apache accept and send by default */
#define HF_HTTP_HEAD_MAX 8192 /* bytes */

enum hf_http {
    HF_HTTP_HEAD, /* complete */
    HF_HTTP_MORE, /* so far well formed: more bytes are needed */
    HF_HTTP_BAD   /* not an HTTP/1 response, or too long */
};

struct hf_http_head {
    int status;            /* 100 to 999 */
    struct hf_view reason; /* "Not Found", of a stranger; may be empty */
    size_t len;            /* bytes of the head, empty line included */
    bool has_length;
    uint64_t length;         /* Content-Length */
    bool chunked;            /* any Transfer-Encoding */
    struct hf_view date;     /* value of Date, or empty */
    struct hf_view location; /* value of Location, or empty */
};

/* Reads the head at the start of `bytes`, which may be cut anywhere.
 * ret_head  views into bytes; written only for HF_HTTP_HEAD.
 * Two lengths that differ, an obsolete line folding, a NUL are HF_HTTP_BAD.
 * A bare LF ends a line, as RFC 9112 2.2 allows. Source: RFC 9112 4, 5, 6 */
enum hf_http hf_http_head_read(struct hf_view bytes,
                               struct hf_http_head *ret_head);

/* IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT", to unix seconds. The obsolete
 * forms are refused: no server sends them in our century. The day of the week
 * must be one but need not fit. Source: RFC 9110 5.6.7 */
HF_MUST_USE bool hf_http_date_read(struct hf_view text, int64_t *ret_s);

/* Text of a stranger, made safe for a terminal, cut to the room with "..." when
 * longer. `ret_text` is always terminated; room is 8 or more. */
void hf_http_safe(struct hf_view text, char *ret_text, size_t room);

#endif
