/* SPDX-License-Identifier: Apache-2.0 */
/* names/hostport.c - a host and a port as people type and paste them. */
#include "names/hostport.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdio.h>

#include "base/utf8.h"
#include "base/view.h"

/* Schemes whose first byte is TLS, with the ports registered for them. */
static const struct {
    const char *name;
    uint16_t port;
} schemes[] = {
    { "https", 443 }, { "wss", 443 },   { "ldaps", 636 },  { "imaps", 993 },
    { "pop3s", 995 }, { "smtps", 465 }, { "mqtts", 8883 }, { "amqps", 5671 },
};

static int find_char(struct hf_view v, char c)
{
    const uint8_t *at = v.len > 0 ? memchr(v.ptr, c, v.len) : NULL;

    return at ? (int)(at - v.ptr) : -1;
}

/* --- parts of a URL ------------------------------------------------------ */

/* Takes "scheme://" off. */
static int take_scheme(struct hf_view *rest, uint16_t *port, struct hf_err *err)
{
    size_t end = hf_view_find(*rest, "://");
    struct hf_view name;

    if (end == SIZE_MAX)
        return 0;
    name = hf_view(rest->ptr, end);
    for (size_t i = 0; i < HF_COUNT(schemes); i++) {
        if (!hf_view_same_nocase(name, hf_view_text(schemes[i].name)))
            continue;
        *port = schemes[i].port;
        *rest = hf_view_from(*rest, end + 3);
        return 0;
    }
    return HF_FAIL(err, HF_E_USAGE,
                   "'%.*s' is no scheme that begins with TLS (https, ldaps, "
                   "imaps ...)",
                   (int)(name.len < 40 ? name.len : 40),
                   (const char *)name.ptr);
}

/* Leaves the authority: what stands before a path, a query or a fragment. */
static int cut_path(struct hf_view *rest, struct hf_err *err)
{
    static const char ends[] = { '/', '?', '#', '\\' };

    for (size_t i = 0; i < HF_COUNT(ends); i++) {
        int at = find_char(*rest, ends[i]);

        if (at >= 0)
            rest->len = (size_t)at;
    }
    if (find_char(*rest, '@') >= 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "a user name stands before the host: leave out what is "
                       "before the '@'");
    return 0;
}

static int read_port(struct hf_view digits, uint16_t *ret_port,
                     struct hf_err *err)
{
    unsigned port = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9' || port > 65535)
            port = 65536;
        else
            port = port * 10 + (unsigned)(digits.ptr[i] - '0');
    }
    if (digits.len == 0 || port == 0 || port > 65535)
        return HF_FAIL(err, HF_E_USAGE, /* not repeated: may be a password */
                       "what follows the ':' is no port: 1 to 65535");
    *ret_port = (uint16_t)port;
    return 0;
}

/* --- addresses ----------------------------------------------------------- */

/* Writes an address of that family as everybody writes it. */
static bool put_address(int family, struct hf_view text,
                        struct hf_hostport *out)
{
    char copy[INET6_ADDRSTRLEN];
    uint8_t bytes[16];

    if (text.len >= sizeof(copy))
        return false;
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (strlen(copy) != text.len || inet_pton(family, copy, bytes) != 1 ||
        !inet_ntop(family, bytes, out->host, sizeof(out->host)))
        return false;
    out->is_ip = true;
    return true;
}

/* "[v6]" or "[v6]:port". */
static int read_bracketed(struct hf_view text, struct hf_hostport *out,
                          struct hf_err *err)
{
    int close = find_char(text, ']');
    struct hf_view address, rest;

    if (close < 0)
        return HF_FAIL(err, HF_E_USAGE, "the ']' after the address is missing");
    address = hf_view(text.ptr + 1, (size_t)close - 1);
    rest = hf_view_from(text, (size_t)close + 1);
    if (find_char(address, '%') >= 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "an address with a zone ('%%') is not supported");
    if (!put_address(AF_INET6, address, out))
        return HF_FAIL(err, HF_E_USAGE, "no IPv6 address stands in the []");
    if (rest.len == 0)
        return 0;
    if (rest.ptr[0] != ':')
        return HF_FAIL(err, HF_E_USAGE, "a ':' and a port may follow the ']'");
    return read_port(hf_view_from(rest, 1), &out->port, err);
}

/* --- names --------------------------------------------------------------- */

static bool is_plain(struct hf_view v)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.ptr[i] >= 0x80)
            return false;
    return true;
}

/* A-labels for a name beyond ASCII. A plain name is left as it is, since names
 * that IDNA forbids exist ("r3---sn-x.example"). `ret_name` on the heap. */
static int to_ascii(struct hf_view name, char **ret_name, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *text = hf_view_dup(name);
    char *ascii = NULL;
    int rc;

    if (!text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a host name");
    if (is_plain(name)) {
        *ret_name = HF_STEAL(text);
        return 0;
    }
    rc = idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc == IDN2_MALLOC)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a host name");
    if (rc != IDN2_OK)
        return HF_FAIL(err, HF_E_USAGE, "no international host name: %s",
                       idn2_strerror(rc));
    *ret_name = ascii;
    return 0;
}

/* Source: RFC 1035 2.3.1 and 2.3.4, RFC 1123 2.1, and the underscore. */
static int check_label(struct hf_view label, unsigned number,
                       struct hf_err *err)
{
    if (label.len == 0)
        return HF_FAIL(err, HF_E_USAGE, "part %u of the host name is empty",
                       number);
    if (label.len > HF_LABEL_MAX)
        return HF_FAIL(err, HF_E_USAGE,
                       "part %u of the host name is longer than %d bytes",
                       number, HF_LABEL_MAX);
    if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return HF_FAIL(err, HF_E_USAGE,
                       "part %u of the host name begins or ends with a hyphen",
                       number);
    for (size_t i = 0; i < label.len; i++) {
        uint8_t c = label.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' &&
            c != '_')
            return HF_FAIL(err, HF_E_USAGE,
                           "byte 0x%02x is not allowed in a host name", c);
    }
    return 0;
}

static bool is_digits(struct hf_view v)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return false;
    return v.len > 0;
}

static int check_name(struct hf_view name, struct hf_err *err)
{
    struct hf_view label = name;
    unsigned number = 0;

    if (name.len > HF_HOST_MAX)
        return HF_FAIL(err, HF_E_USAGE, "the host name is longer than %d bytes",
                       HF_HOST_MAX);
    for (bool more = true; more;) {
        int dot = find_char(name, '.');

        more = dot >= 0;
        label = more ? hf_view(name.ptr, (size_t)dot) : name;
        if (check_label(label, ++number, err) < 0)
            return hf_err_code(err);
        name = hf_view_from(name, label.len + 1);
    }
    if (is_digits(label)) /* RFC 1123 2.1: a name never looks like this */
        return HF_FAIL(err, HF_E_USAGE,
                       "a number at the end makes an address, and it is no "
                       "IPv4 address");
    return 0;
}

/* Bytes that no host name has in any script, told before IDNA would. */
static int check_bytes(struct hf_view name, struct hf_err *err)
{
    for (size_t i = 0; i < name.len;) {
        size_t len = hf_utf8_len(hf_view_from(name, i));

        if (len == 0)
            return HF_FAIL(err, HF_E_USAGE,
                           "byte 0x%02x in the host name is no UTF-8",
                           name.ptr[i]);
        if (name.ptr[i] <= ' ' || name.ptr[i] == 0x7f)
            return HF_FAIL(err, HF_E_USAGE,
                           "byte 0x%02x is not allowed in a host name",
                           name.ptr[i]);
        i += len;
    }
    return 0;
}

static int read_name(struct hf_view name, struct hf_hostport *out,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *ascii = NULL;
    struct hf_view v;

    if (name.len == 0)
        return HF_FAIL(err, HF_E_USAGE, "there is no host");
    if (put_address(AF_INET, name, out))
        return 0;
    if (check_bytes(name, err) < 0 || to_ascii(name, &ascii, err) < 0)
        return hf_err_code(err);
    v = hf_view_text(ascii);
    if (v.len > 1 && v.ptr[v.len - 1] == '.')
        v.len--;
    for (size_t i = 0; i < v.len; i++)
        if (ascii[i] >= 'A' && ascii[i] <= 'Z')
            ascii[i] = (char)(ascii[i] - 'A' + 'a');
    if (put_address(AF_INET, v, out)) /* full-width digits, a dot at the end */
        return 0;
    if (check_name(v, err) < 0)
        return hf_err_code(err);
    (void)snprintf(out->host, sizeof(out->host), "%.*s", (int)v.len, ascii);
    return 0;
}

/* --- the whole ----------------------------------------------------------- */

static int read_authority(struct hf_view text, struct hf_hostport *out,
                          struct hf_err *err)
{
    int colon = find_char(text, ':');

    if (text.len > 0 && text.ptr[0] == '[')
        return read_bracketed(text, out, err);
    if (colon < 0)
        return read_name(text, out, err);
    if (find_char(hf_view_from(text, (size_t)colon + 1), ':') >= 0) {
        if (put_address(AF_INET6, text, out))
            return 0;
        return HF_FAIL(err, HF_E_USAGE,
                       "more than one ':': write an IPv6 address with a port "
                       "as [ADDRESS]:PORT");
    }
    if (read_port(hf_view_from(text, (size_t)colon + 1), &out->port, err) < 0)
        return hf_err_code(err);
    text.len = (size_t)colon;
    return read_name(text, out, err);
}

int hf_hostport_read(const char *text, uint16_t default_port,
                     struct hf_hostport *ret_hostport, struct hf_err *err)
{
    struct hf_hostport out = { .port = default_port };
    struct hf_view rest = hf_view_trim(hf_view_text(text));

    if (rest.len > HF_HOSTPORT_MAX)
        return HF_FAIL(err, HF_E_USAGE, "a host of more than %d bytes",
                       HF_HOSTPORT_MAX);
    if (take_scheme(&rest, &out.port, err) < 0 || cut_path(&rest, err) < 0 ||
        read_authority(rest, &out, err) < 0)
        return hf_err_code(err);
    *ret_hostport = out;
    return 0;
}
