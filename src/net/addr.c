/* SPDX-License-Identifier: Apache-2.0 */
/* net/addr.c - addresses of a host, in the order in which they are tried. */
#include "net/addr.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#define HOST_MAX 253 /* bytes; 255 on the wire, RFC 1035 2.3.4 */

void hf_addrs_add(struct hf_addrs *addrs, const struct sockaddr *addr,
                  uint16_t port)
{
    struct hf_addr *to = &addrs->addr[addrs->count];

    if (addrs->count == HF_ADDRS_MAX)
        return;
    if (addr->sa_family == AF_INET) {
        memcpy(&to->at.v4, addr, sizeof(to->at.v4));
        to->at.v4.sin_port = htons(port);
    } else if (addr->sa_family == AF_INET6) {
        memcpy(&to->at.v6, addr, sizeof(to->at.v6));
        to->at.v6.sin6_port = htons(port);
    } else {
        return;
    }
    addrs->count++;
}

bool hf_addrs_numeric(const char *host, uint16_t port,
                      struct hf_addrs *ret_addrs)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL;
    struct hf_addrs found = { .count = 0 };

    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return false;
    for (const struct addrinfo *one = list; one; one = one->ai_next)
        hf_addrs_add(&found, one->ai_addr, port);
    freeaddrinfo(list);
    if (found.count == 0)
        return false;
    *ret_addrs = found;
    return true;
}

const char *hf_addr_text(const struct hf_addr *addr,
                         char ret_text[HF_ADDR_TEXT])
{
    if (getnameinfo(&addr->at.any, hf_addr_len(addr), ret_text, HF_ADDR_TEXT,
                    NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(ret_text, HF_ADDR_TEXT, "?");
    return ret_text;
}

bool hf_host_plausible(const char *host)
{
    size_t len = strlen(host);

    if (len == 0 || len > HOST_MAX)
        return false;
    for (const char *at = host; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f || strchr("/?#@[]\\", *at))
            return false;
    return true;
}
