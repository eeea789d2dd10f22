/* SPDX-License-Identifier: Apache-2.0 */
/* names/suffix.c - what a host name is: an address, registered, public. */
#include <arpa/inet.h>
#include <libpsl.h>
#include <string.h>

#include "names/hostport.h"

/* Never delegated, or delegated for documents and local use only. */
static const char *const reserved[] = {
    "alt",         "arpa",        "example",  "example.com",
    "example.net", "example.org", "internal", "invalid",
    "local",       "localhost",   "onion",    "test",
};

bool hf_host_is_ip(const char *host)
{
    uint8_t bytes[16];

    return inet_pton(AF_INET, host, bytes) == 1 ||
           inet_pton(AF_INET6, host, bytes) == 1;
}

/* Is `host` that domain, or a name below it? */
static bool is_below(const char *host, const char *domain)
{
    size_t host_len = strlen(host), len = strlen(domain);

    return host_len >= len && strcmp(host + host_len - len, domain) == 0 &&
           (host_len == len || host[host_len - len - 1] == '.');
}

const char *hf_host_registrable(const char *host)
{
    return hf_host_is_ip(host) ? NULL
                               : psl_registrable_domain(psl_builtin(), host);
}

bool hf_host_is_public(const char *host)
{
    const char *top = strrchr(host, '.');
    const int icann = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;

    if (!top || hf_host_is_ip(host))
        return false;
    for (size_t i = 0; i < HF_COUNT(reserved); i++)
        if (is_below(host, reserved[i]))
            return false;
    return psl_is_public_suffix2(psl_builtin(), top + 1, icann) &&
           !psl_is_public_suffix2(psl_builtin(), host, icann);
}
