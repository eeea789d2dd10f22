/* SPDX-License-Identifier: Apache-2.0 */
/* base/view.c - borrowed bytes: where, and how many. */
#include "base/view.h"

#include <stdlib.h>

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool hf_view_same_nocase(struct hf_view a, struct hf_view b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

struct hf_view hf_view_line(struct hf_view *rest)
{
    const uint8_t *lf =
        rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    struct hf_view line = *rest;

    if (!lf) {
        *rest = hf_view_from(*rest, rest->len);
        return line;
    }
    line.len = (size_t)(lf - rest->ptr);
    *rest = hf_view_from(*rest, line.len + 1);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct hf_view hf_view_trim(struct hf_view v)
{
    while (v.len > 0 && is_blank(v.ptr[0]))
        v = hf_view_from(v, 1);
    while (v.len > 0 && is_blank(v.ptr[v.len - 1]))
        v.len--;
    return v;
}

size_t hf_view_find(struct hf_view hay, const char *needle)
{
    const uint8_t *at =
        hay.len > 0 ? memmem(hay.ptr, hay.len, needle, strlen(needle)) : NULL;

    return at ? (size_t)(at - hay.ptr) : SIZE_MAX;
}

char *hf_view_dup(struct hf_view v)
{
    char *copy = malloc(v.len + 1);

    if (!copy)
        return NULL;
    if (v.len > 0)
        memcpy(copy, v.ptr, v.len);
    copy[v.len] = '\0';
    return copy;
}
