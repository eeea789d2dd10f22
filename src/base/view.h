/* SPDX-License-Identifier: Apache-2.0 */
/* base/view.h - borrowed bytes: where, and how many. */
#ifndef HF_BASE_VIEW_H
#define HF_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct hf_view {
    const uint8_t *ptr; /* may be NULL when len is 0 */
    size_t len;         /* bytes */
};

static inline struct hf_view hf_view(const void *ptr, size_t len)
{
    return (struct hf_view){ ptr, len };
}

static inline struct hf_view hf_view_text(const char *text)
{
    return hf_view(text, text ? strlen(text) : 0);
}

static inline bool hf_view_same(struct hf_view a, struct hf_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool hf_view_is(struct hf_view v, const char *text)
{
    return hf_view_same(v, hf_view_text(text));
}

static inline bool hf_view_starts(struct hf_view v, const char *text)
{
    size_t len = strlen(text);

    return v.len >= len && (len == 0 || memcmp(v.ptr, text, len) == 0);
}

/* The bytes from `from` on; empty when there are none. */
static inline struct hf_view hf_view_from(struct hf_view v, size_t from)
{
    size_t skip = from < v.len ? from : v.len;

    return skip > 0 ? hf_view(v.ptr + skip, v.len - skip) : v;
}

/* Equal without case, ASCII letters only (host names, PEM labels, ids). */
bool hf_view_same_nocase(struct hf_view a, struct hf_view b);

/* Takes the first line off `*rest`, without its LF or CRLF. */
struct hf_view hf_view_line(struct hf_view *rest);

/* Without spaces, tabs, CR and LF at both ends. */
struct hf_view hf_view_trim(struct hf_view v);

/* Where `needle` first stands in `hay`, or SIZE_MAX. */
size_t hf_view_find(struct hf_view hay, const char *needle);

/* A NUL-terminated copy on the heap, or NULL without memory. Bytes that are
 * NUL are kept: the caller that cares checks first. */
char *hf_view_dup(struct hf_view v);

#endif
