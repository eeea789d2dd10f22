/* SPDX-License-Identifier: Apache-2.0 */
/* net/dial_test.c - what errors of connect() mean, and which one is told. */
#include "net/dial.h"

#include <errno.h>

#include "hf_test.h"

static void test_class(void)
{
    static const struct {
        const char *name;
        int sys;
        enum hf_dial_end want;
    } row[] = {
        { "no error", 0, HF_DIAL_OPEN },
        { "reset at once: it was open", ECONNRESET, HF_DIAL_OPEN },
        { "refused", ECONNREFUSED, HF_DIAL_REFUSED },
        { "no route to the network", ENETUNREACH, HF_DIAL_UNREACHABLE },
        { "no route to the host", EHOSTUNREACH, HF_DIAL_UNREACHABLE },
        { "forbidden by a local firewall", EPERM, HF_DIAL_UNREACHABLE },
        { "no IPv6 here", EAFNOSUPPORT, HF_DIAL_UNREACHABLE },
        { "no answer", ETIMEDOUT, HF_DIAL_SILENT },
        { "no descriptor left", EMFILE, HF_DIAL_OURS },
        { "no memory", ENOMEM, HF_DIAL_OURS },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_dial_class(row[i].sys) == row[i].want, "class: %s",
                 row[i].name);
    HF_CHECK(HF_DIAL_REFUSED > HF_DIAL_UNREACHABLE &&
                 HF_DIAL_UNREACHABLE > HF_DIAL_SILENT &&
                 HF_DIAL_SILENT > HF_DIAL_OURS,
             "weight: refused, unreachable, silent, ours");
}

static void test_addresses(void)
{
    static const struct {
        const char *host, *text; /* NULL: not numeric */
    } row[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "::1", "::1" },
        { "2001:DB8:0::1", "2001:db8::1" },
        { "name.example", NULL },
        { "", NULL },
        { "[::1]", NULL },
        { "192.0.2.256", NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_addrs addrs;
        char text[HF_ADDR_TEXT];
        bool good = hf_addrs_numeric(row[i].host, 443, &addrs);

        HF_CHECK(good == (row[i].text != NULL) &&
                     (!good || strcmp(hf_addr_text(&addrs.addr[0], text),
                                      row[i].text) == 0),
                 "address: '%s'", row[i].host);
    }
}

static void test_plausible(void)
{
    static const struct {
        const char *host;
        bool want;
    } row[] = {
        { "a.example", true }, { "::1", true },    { "fe80::1%eth0", true },
        { "", false },         { "a b", false },   { "a\r\nb", false },
        { "user@a", false },   { "[::1]", false }, { "a/b", false },
    };
    char large[255];

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_host_plausible(row[i].host) == row[i].want,
                 "plausible: row %zu", i + 1);
    memset(large, 'a', sizeof(large));
    large[254] = '\0';
    HF_CHECK(!hf_host_plausible(large), "plausible: not 254 bytes");
    large[253] = '\0';
    HF_CHECK(hf_host_plausible(large), "plausible: 253 bytes");
}

static void test_many(void)
{
    struct hf_addrs addrs = { .count = 0 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr unix_ = { .sa_family = AF_UNIX };

    hf_addrs_add(&addrs, &unix_, 443);
    HF_CHECK(addrs.count == 0, "list: other families are passed over");
    for (int i = 0; i < HF_ADDRS_MAX + 5; i++)
        hf_addrs_add(&addrs, (const struct sockaddr *)&v4, 443);
    HF_CHECK(addrs.count == HF_ADDRS_MAX, "list: bounded");
}

int main(void)
{
    test_class();
    test_addresses();
    test_plausible();
    test_many();
    return hf_test_end();
}
