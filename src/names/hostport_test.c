/* SPDX-License-Identifier: Apache-2.0 */
/* names/hostport_test.c - hosts and ports as people paste them. */
#include "hf_test.h"
#include "names/hostport.h"

static void test_read(void)
{
    static const struct {
        const char *name, *text, *host;
        uint16_t port;
        bool is_ip;
    } row[] = {
        { "a name", "example.com", "example.com", 443, false },
        { "a port", "example.com:8443", "example.com", 8443, false },
        { "capitals", "API.Example.COM", "api.example.com", 443, false },
        { "blanks around", " example.com:1 \n", "example.com", 1, false },
        { "a dot at the end", "example.com.", "example.com", 443, false },
        { "one label", "dc1", "dc1", 443, false },
        { "an underscore", "my_host.corp", "my_host.corp", 443, false },
        { "hyphens that IDNA forbids", "r3---sn-x.example", "r3---sn-x.example",
          443, false },
        { "a URL", "https://example.com", "example.com", 443, false },
        { "a URL with all parts", "HTTPS://Example.com:8443/a?b#c",
          "example.com", 8443, false },
        { "an '@' in the path", "https://example.com/@me", "example.com", 443,
          false },
        { "a path without a scheme", "example.com/login", "example.com", 443,
          false },
        { "the port of a scheme", "ldaps://dc1.corp", "dc1.corp", 636, false },
        { "a port over that of the scheme", "ldaps://dc1.corp:3269", "dc1.corp",
          3269, false },
        { "IPv4", "192.0.2.1:8443", "192.0.2.1", 8443, true },
        { "IPv4 with a dot at the end", "192.0.2.1.", "192.0.2.1", 443, true },
        { "IPv4 in full-width digits",
          "\xef\xbc\x91"
          "92.0.2.1",
          "192.0.2.1", 443, true },
        { "IPv6 in brackets", "[2001:DB8:0::1]:8443", "2001:db8::1", 8443,
          true },
        { "IPv6 in brackets, no port", "[::1]", "::1", 443, true },
        { "bare IPv6", "2001:db8::1", "2001:db8::1", 443, true },
        { "IPv6 in a URL", "https://[::1]:1/x", "::1", 1, true },
        { "umlauts",
          "B\xc3\xbc"
          "cher.example",
          "xn--bcher-kva.example", 443, false },
        { "sharp s is kept, IDNA 2008", "fa\xc3\x9f.de", "xn--fa-hia.de", 443,
          false },
        { "an ideographic full stop",
          "a\xe3\x80\x82"
          "example",
          "a.example", 443, false },
        { "A-labels stay", "XN--bcher-kva.de", "xn--bcher-kva.de", 443, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_hostport got;
        struct hf_err err;
        int rc = hf_hostport_read(row[i].text, 443, &got, &err);

        HF_CHECK(rc == 0 && strcmp(got.host, row[i].host) == 0 &&
                     got.port == row[i].port && got.is_ip == row[i].is_ip,
                 "read: %s", row[i].name);
    }
}

static void test_refuse(void)
{
    static const struct {
        const char *name, *text, *words;
    } row[] = {
        { "nothing", "", "there is no host" },
        { "no host before the port", ":443", "there is no host" },
        { "a scheme alone", "https://", "there is no host" },
        { "a scheme without TLS", "http://example.com", "'http' is no scheme" },
        { "a user name", "https://me:secret@example.com", "before the '@'" },
        { "port 0", "a:0", "1 to 65535" },
        { "a port too large", "a:65536", "1 to 65535" },
        { "a port far too large", "a:18446744073709551617", "1 to 65535" },
        { "an empty port", "a:", "1 to 65535" },
        { "a port that is none", "a:https", "1 to 65535" },
        { "an empty part", "a..b", "part 2 of the host name is empty" },
        { "a lone dot", ".", "part 1 of the host name is empty" },
        { "a dot first", ".example.com", "part 1" },
        { "a hyphen first", "a.-b.c", "part 2 of the host name begins" },
        { "a hyphen last", "a-.b", "part 1 of the host name begins or ends" },
        { "a blank inside", "a b", "byte 0x20" },
        { "a star", "*.example.com", "byte 0x2a" },
        { "an escape sequence", "a\033[2J.com", "byte 0x1b" },
        { "no UTF-8", "a\xff.com", "byte 0xff" },
        { "a bidirectional override",
          "\xe2\x80\xae"
          "a.com",
          "disallowed character" },
        { "three numbers", "1.2.3", "no IPv4 address" },
        { "a number too large", "1.2.3.256", "no IPv4 address" },
        { "an octal look", "010.0.0.1", "no IPv4 address" },
        { "IPv6 and a port without brackets", "2001:db8::1:99999",
          "[ADDRESS]:PORT" },
        { "an open bracket", "[::1", "']'" },
        { "IPv4 in brackets", "[192.0.2.1]", "no IPv6 address" },
        { "something after the bracket", "[::1]443", "may follow the ']'" },
        { "a zone", "[fe80::1%eth0]", "zone" },
    };
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_hostport got = { .host = "untouched" };
        struct hf_err err;
        char text[1024];
        int rc = hf_hostport_read(row[i].text, 443, &got, &err);

        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_USAGE && strstr(text, row[i].words) &&
                     !strstr(text, "secret") &&
                     strcmp(got.host, "untouched") == 0,
                 "refuse: %s", row[i].name);
    }
}

/* `count` letters a, dots after every `part`. */
static const char *long_name(char *out, size_t count, size_t part)
{
    for (size_t i = 0; i < count; i++)
        out[i] = i % (part + 1) == part ? '.' : 'a';
    out[count] = '\0';
    return out;
}

static void test_lengths(void)
{
    static const struct {
        size_t count, part;
        int rc;
    } row[] = {
        { 63, 63, 0 },
        { 64, 64, HF_E_USAGE },
        { 253, 49, 0 },
        { 254, 49, HF_E_USAGE },
        { 2047, 49, HF_E_USAGE },
        { 4000, 49, HF_E_USAGE },
    };
    char name[4096];

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_hostport got;
        struct hf_err err;

        HF_CHECK(hf_hostport_read(long_name(name, row[i].count, row[i].part),
                                  443, &got, &err) == row[i].rc,
                 "a name of %zu bytes in parts of %zu", row[i].count,
                 row[i].part);
    }
}

static void test_kinds(void)
{
    static const struct {
        const char *host, *registrable;
        bool is_ip, is_public;
    } row[] = {
        { "api.cylance.com", "cylance.com", false, true },
        { "www.example.co.uk", "example.co.uk", false, true },
        { "a.github.io", "a.github.io", false, true },
        { "github.io", NULL, false, true },
        { "co.uk", NULL, false, false },
        { "com", NULL, false, false },
        { "a.xn--p1ai", "a.xn--p1ai", false, true },
        { "www.example.com", "example.com", false, false },
        { "myexample.com", "myexample.com", false, true },
        { "dc1.corp", "dc1.corp", false, false },
        { "dc1", NULL, false, false },
        { "printer.local", "printer.local", false, false },
        { "nas.home.arpa", "home.arpa", false, false },
        { "a.test", "a.test", false, false },
        { "x.onion", "x.onion", false, false },
        { "192.0.2.1", NULL, true, false },
        { "2001:db8::1", NULL, true, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const char *got = hf_host_registrable(row[i].host);
        bool same = got && row[i].registrable
                        ? strcmp(got, row[i].registrable) == 0
                        : !got && !row[i].registrable;

        HF_CHECK(same, "registrable: %s", row[i].host);
        HF_CHECK(hf_host_is_ip(row[i].host) == row[i].is_ip, "address: %s",
                 row[i].host);
        HF_CHECK(hf_host_is_public(row[i].host) == row[i].is_public,
                 "public: %s", row[i].host);
    }
}

int main(void)
{
    test_read();
    test_refuse();
    test_lengths();
    test_kinds();
    return hf_test_end();
}
