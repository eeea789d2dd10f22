/* SPDX-License-Identifier: Apache-2.0 */
/* net/addr.h - addresses of a host, in the order in which they are tried. */
#ifndef HF_NET_ADDR_H
#define HF_NET_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* ours: large services answer with up to 8 of each family; the rest would
 * only be tried after all of these had failed */
#define HF_ADDRS_MAX 16
#define HF_ADDR_TEXT 64 /* bytes: INET6_ADDRSTRLEN and a scope */

struct hf_addr {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
};

struct hf_addrs {
    struct hf_addr addr[HF_ADDRS_MAX];
    unsigned count;
};

static inline socklen_t hf_addr_len(const struct hf_addr *addr)
{
    return addr->at.any.sa_family == AF_INET6 ? sizeof(addr->at.v6)
                                              : sizeof(addr->at.v4);
}

/* Fills `ret_addrs` when `host` is a numeric address ("192.0.2.1", "::1",
 * "fe80::1%eth0"). Returns false for anything else. Never asks a server. */
bool hf_addrs_numeric(const char *host, uint16_t port,
                      struct hf_addrs *ret_addrs);

/* Adds what a look-up found; families other than IP are passed over. */
void hf_addrs_add(struct hf_addrs *addrs, const struct sockaddr *addr,
                  uint16_t port);

/* "192.0.2.1", "2001:db8::1"; without the port. */
const char *hf_addr_text(const struct hf_addr *addr,
                         char ret_text[HF_ADDR_TEXT]);

/* Could this be the name or address of a host at all? 1 to 253 bytes, no
 * blank, control character or byte that ends a host in a URL. */
bool hf_host_plausible(const char *host);

#endif
