/* SPDX-License-Identifier: Apache-2.0 */
/* net/url.c - the http URLs that certificates point to. */
#include "net/url.h"

#include <stdio.h>

#include "net/addr.h"

#define HOST_ROOM 254

static bool read_port(struct hf_view text, uint16_t *ret_port)
{
    unsigned n = 0;

    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        n = n * 10 + (unsigned)(text.ptr[i] - '0');
    }
    if (n == 0 || n > UINT16_MAX)
        return false;
    *ret_port = (uint16_t)n;
    return true;
}

static bool copy_host(struct hf_view host, char ret_host[HOST_ROOM])
{
    if (host.len == 0 || host.len >= HOST_ROOM)
        return false;
    memcpy(ret_host, host.ptr, host.len);
    ret_host[host.len] = '\0';
    return strlen(ret_host) == host.len;
}

/* Letters, digits and "-._" of a name or an IPv4 address, UTF-8 of a name in
 * its own script. */
static bool name_bytes(struct hf_view host)
{
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && !strchr("-._", c) && c < 0x80)
            return false;
    }
    return true;
}

static bool v6_host(struct hf_view inside, char ret_host[HOST_ROOM])
{
    struct hf_addrs addrs;

    return copy_host(inside, ret_host) &&
           hf_addrs_numeric(ret_host, 1, &addrs) &&
           addrs.addr[0].at.any.sa_family == AF_INET6;
}

bool hf_url_host_port(struct hf_view text, char ret_host[HOST_ROOM],
                      bool *ret_is_v6, uint16_t *port)
{
    bool is_v6 = text.len > 0 && text.ptr[0] == '[';
    size_t end = hf_view_find(text, is_v6 ? "]" : ":");
    struct hf_view host, after;
    char copy[HOST_ROOM];

    if (is_v6 && end == SIZE_MAX)
        return false;
    host = is_v6 ? hf_view(text.ptr + 1, end - 1)
                 : hf_view(text.ptr, end == SIZE_MAX ? text.len : end);
    after = hf_view_from(text, host.len + (is_v6 ? 2 : 0));
    if (after.len > 0 &&
        (after.ptr[0] != ':' || !read_port(hf_view_from(after, 1), port)))
        return false;
    if (is_v6 ? !v6_host(host, copy)
              : !copy_host(host, copy) || !name_bytes(host))
        return false;
    memcpy(ret_host, copy, sizeof(copy));
    *ret_is_v6 = is_v6;
    return true;
}

/* Where the first byte of `set` stands, or the end. */
static size_t find_any(struct hf_view v, const char *set)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.ptr[i] && strchr(set, v.ptr[i]))
            return i;
    return v.len;
}

static int check_bytes(struct hf_view text, struct hf_err *err)
{
    if (text.len > HF_URL_MAX)
        return HF_FAIL(err, HF_E_PARSE, "a URL of %zu bytes is too long",
                       text.len);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return HF_FAIL(err, HF_E_PARSE,
                           "byte 0x%02x is not allowed in a URL (offset %zu)",
                           (unsigned)text.ptr[i], i);
    return 0;
}

int hf_url_read(const char *text, struct hf_url *ret_url, struct hf_err *err)
{
    struct hf_view all = hf_view_text(text), authority, rest;
    struct hf_url url = { .port = 80 };

    if (check_bytes(all, err) < 0)
        return hf_err_code(err);
    if (all.len < 7 ||
        !hf_view_same_nocase(hf_view(all.ptr, 7), hf_view_text("http://")))
        return HF_FAIL(err, HF_E_PARSE, "not an http:// URL");
    rest = hf_view_from(all, 7);
    authority = hf_view(rest.ptr, find_any(rest, "/?#\\"));
    rest = hf_view_from(rest, authority.len);
    if (authority.len > 0 && memchr(authority.ptr, '@', authority.len))
        return HF_FAIL(err, HF_E_PARSE, "a URL with credentials");
    if (!hf_url_host_port(authority, url.host, &url.is_v6, &url.port))
        return HF_FAIL(err, HF_E_PARSE, "no valid host and port in the URL");
    url.target = hf_view(rest.ptr, find_any(rest, "#"));
    if (url.target.len > 0 && url.target.ptr[0] != '/')
        return HF_FAIL(err, HF_E_PARSE, "a URL whose path lacks its '/'");
    *ret_url = url;
    return 0;
}
