/* SPDX-License-Identifier: Apache-2.0 */
/* net/url_test.c - the URLs of certificates, good and hostile. */
#include "net/url.h"

#include "hf_test.h"

static void test_good(void)
{
    static const struct {
        const char *text, *host;
        uint16_t port;
        const char *target;
    } row[] = {
        { "http://crl.example/a.crl", "crl.example", 80, "/a.crl" },
        { "HTTP://CRL.example", "CRL.example", 80, "" },
        { "http://crl.example:8080/?a=b", "crl.example", 8080, "/?a=b" },
        { "http://192.0.2.1:1/x", "192.0.2.1", 1, "/x" },
        { "http://[2001:db8::1]/x", "2001:db8::1", 80, "/x" },
        { "http://[::1]:65535", "::1", 65535, "" },
        { "http://crl.example/a#b", "crl.example", 80, "/a" },
        { "http://crl.example/x@y:z", "crl.example", 80, "/x@y:z" },
        { "http://a_b.example/%0d%0a", "a_b.example", 80, "/%0d%0a" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_url url;
        struct hf_err err;

        HF_CHECK(hf_url_read(row[i].text, &url, &err) == 0 &&
                     strcmp(url.host, row[i].host) == 0 &&
                     url.port == row[i].port &&
                     hf_view_is(url.target, row[i].target),
                 "read: %s", row[i].text);
    }
}

static void test_bad(void)
{
    static const struct {
        const char *name, *text;
    } row[] = {
        { "nothing", "" },
        { "no scheme", "crl.example/a.crl" },
        { "https", "https://crl.example/a.crl" },
        { "ldap", "ldap://crl.example/cn=x" },
        { "a file", "file:///etc/passwd" },
        { "no host", "http:///a.crl" },
        { "nothing after the scheme", "http://" },
        { "a port alone", "http://:80/" },
        { "port 0", "http://crl.example:0/" },
        { "port 65536", "http://crl.example:65536/" },
        { "port of letters", "http://crl.example:http/" },
        { "an empty port", "http://crl.example:/" },
        { "a huge port", "http://crl.example:000000000080/" },
        { "credentials", "http://user:secret@crl.example/" },
        { "credentials that look like a host", "http://good.example@bad/" },
        { "a line break", "http://crl.example/\r\nHost: evil" },
        { "a line break in the host", "http://crl.\r\nexample/" },
        { "a blank", "http://crl.example/a b" },
        { "a byte over 0x7e", "http://crl.example/\xc3\xa4" },
        { "a percent sign in the host", "http://crl%2eexample/" },
        { "a backslash for the slash", "http://crl.example\\@evil/" },
        { "a query right after the host", "http://crl.example?x" },
        { "brackets left open", "http://[::1/" },
        { "a name in brackets", "http://[crl.example]/" },
        { "junk after brackets", "http://[::1]x/" },
        { "IPv6 without brackets", "http://2001:db8::1/" },
    };
    char large[HF_URL_MAX + 2], host[300];
    struct hf_url url;
    struct hf_err err;

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_url_read(row[i].text, &url, &err) == HF_E_PARSE,
                 "refused: %s", row[i].name);
    memset(large, 'a', sizeof(large));
    memcpy(large, "http://a/", 9);
    large[sizeof(large) - 1] = '\0';
    HF_CHECK(hf_url_read(large, &url, &err) == HF_E_PARSE,
             "refused: one byte too long");
    large[sizeof(large) - 2] = '\0';
    HF_CHECK(hf_url_read(large, &url, &err) == 0, "read: as long as may be");
    memset(host, 'a', sizeof(host));
    memcpy(host, "http://", 7);
    host[7 + 254] = '\0';
    HF_CHECK(hf_url_read(host, &url, &err) == HF_E_PARSE,
             "refused: a host of 254 bytes");
    host[7 + 253] = '\0';
    HF_CHECK(hf_url_read(host, &url, &err) == 0, "read: a host of 253 bytes");
}

int main(void)
{
    test_good();
    test_bad();
    return hf_test_end();
}
