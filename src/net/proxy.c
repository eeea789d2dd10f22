/* SPDX-License-Identifier: Apache-2.0 */
/* net/proxy.c - which proxy a connection goes through. */
#include "net/proxy.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hex.h"
#include "net/no_proxy.h"
#include "net/url.h"

#define VALUE_MAX 2048 /* bytes of a proxy variable; ours */
#define CREDENTIALS_MAX 1024

struct one_proxy {
    bool set;
    char host[254];
    char *authorization;
    struct hf_proxy shown; /* views of the above */
};

struct hf_proxy_conf {
    struct one_proxy tls, plain;
    struct hf_no_proxy *not_for;
};

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Credentials as they stand in a URL: %XX is a byte. */
static bool undo_percent(struct hf_view text, struct hf_buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.ptr[i];

        if (byte == '%') {
            int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            byte = (uint8_t)(high * 16 + low);
            i += 2;
        }
        if (byte < ' ' || byte == 0x7f)
            return false;
        hf_buf_add(out, &byte, 1);
    }
    return true;
}

/* "Basic " and the base64 of "user:password". Source: RFC 7617 2 */
static int authorize(struct hf_view credentials, const char *name,
                     char **ret_text, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf plain = { 0 }, lines = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf header = { 0 };
    char *text;

    hf_buf_init(&plain, CREDENTIALS_MAX);
    hf_buf_init(&lines, 2 * CREDENTIALS_MAX);
    hf_buf_init(&header, 2 * CREDENTIALS_MAX);
    if (!undo_percent(credentials, &plain) || plain.bad == HF_E_LIMIT)
        return HF_FAIL(err, HF_E_USAGE,
                       "%s: the user name or password is not valid", name);
    if (!memchr(credentials.ptr, ':', credentials.len))
        hf_buf_text(&plain, ":");
    hf_base64_lines(&lines, hf_buf_peek(&plain));
    hf_buf_text(&header, "Basic ");
    for (size_t i = 0; i < lines.len; i++)
        if (lines.ptr[i] != '\n')
            hf_buf_add(&header, lines.ptr + i, 1);
    if (plain.ptr)
        explicit_bzero(plain.ptr, plain.len);
    if (lines.ptr)
        explicit_bzero(lines.ptr, lines.len);
    text = plain.bad || lines.bad ? NULL : hf_buf_steal(&header);
    if (!text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a proxy");
    *ret_text = text;
    return 0;
}

/* Takes the scheme off. Never quotes the value: it may hold a password. */
static int after_scheme(struct hf_view *value, const char *name,
                        struct hf_err *err)
{
    size_t scheme = hf_view_find(*value, "://");

    if (scheme == SIZE_MAX)
        return 0;
    if (!hf_view_same_nocase(hf_view(value->ptr, scheme), hf_view_text("http")))
        return HF_FAIL(err, HF_E_USAGE, "%s: only http:// proxies can be used",
                       name);
    *value = hf_view_from(*value, scheme + 3);
    if (value->len > 0 && value->ptr[value->len - 1] == '/')
        value->len--;
    return 1;
}

static size_t last_at(struct hf_view value)
{
    for (size_t i = value.len; i > 0; i--)
        if (value.ptr[i - 1] == '@')
            return i - 1;
    return SIZE_MAX;
}

static int read_one(const char *name, const char *text, struct one_proxy *proxy,
                    struct hf_err *err)
{
    struct hf_view value = hf_view_text(text);
    int scheme = after_scheme(&value, name, err);
    size_t at = last_at(value);
    struct hf_view place = at == SIZE_MAX ? value : hf_view_from(value, at + 1);
    uint16_t port = scheme > 0 ? 80 : 0;
    bool is_v6;

    if (scheme < 0)
        return scheme;
    if (strlen(text) > VALUE_MAX ||
        !hf_url_host_port(place, proxy->host, &is_v6, &port) || port == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "%s: not http://[USER:PASSWORD@]HOST[:PORT] or "
                       "HOST:PORT",
                       name);
    if (at != SIZE_MAX && at > 0 &&
        authorize(hf_view(value.ptr, at), name, &proxy->authorization, err) < 0)
        return hf_err_code(err);
    proxy->shown = (struct hf_proxy){ proxy->host, port, proxy->authorization };
    proxy->set = true;
    return 0;
}

/* The first of the variables that is set and not empty. */
static int read_first(const char *(*get)(const char *name),
                      const char *const *names, struct one_proxy *proxy,
                      struct hf_err *err)
{
    for (; *names; names++) {
        const char *text = get(*names);

        if (text && *text)
            return read_one(*names, text, proxy, err);
    }
    return 0;
}

int hf_proxy_read(const char *(*get)(const char *name),
                  struct hf_proxy_conf **ret_conf, struct hf_err *err)
{
    static const char *const tls[] = { "https_proxy", "HTTPS_PROXY",
                                       "all_proxy", "ALL_PROXY", NULL };
    static const char *const plain[] = { "http_proxy", "all_proxy", "ALL_PROXY",
                                         NULL };
    HF_AUTO(hf_proxy_freep)
    struct hf_proxy_conf *conf = calloc(1, sizeof(*conf));
    const char *not_for = get("no_proxy");

    if (!conf)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the proxy settings");
    if (!not_for || !*not_for)
        not_for = get("NO_PROXY");
    if (read_first(get, tls, &conf->tls, err) < 0 ||
        read_first(get, plain, &conf->plain, err) < 0 ||
        hf_no_proxy_read(hf_view_text(not_for), &conf->not_for, err) < 0)
        return HF_WRAP(err, "cannot use the proxy settings");
    *ret_conf = HF_STEAL(conf);
    return 0;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void hf_proxy_free(struct hf_proxy_conf *conf)
{
    if (!conf)
        return;
    wipe(conf->tls.authorization);
    wipe(conf->plain.authorization);
    hf_no_proxy_free(conf->not_for);
    free(conf);
}

const struct hf_proxy *hf_proxy_for(const struct hf_proxy_conf *conf, bool tls,
                                    const char *host, uint16_t port)
{
    const struct one_proxy *proxy;

    if (!conf)
        return NULL;
    proxy = tls ? &conf->tls : &conf->plain;
    if (!proxy->set || hf_no_proxy_covers(conf->not_for, host, port))
        return NULL;
    return &proxy->shown;
}
