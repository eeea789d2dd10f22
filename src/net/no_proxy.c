/* SPDX-License-Identifier: Apache-2.0 */
/* net/no_proxy.c - the hosts that are reached without a proxy. */
#include "net/no_proxy.h"

#include <arpa/inet.h>
#include <string.h>

#define TEXT_MAX 65536 /* bytes; half of what execve() allows one variable */

enum kind { ENTRY_NOTHING, ENTRY_ALL, ENTRY_NAME, ENTRY_ADDRESS };

struct entry {
    enum kind kind;
    uint16_t port;        /* 0: any */
    struct hf_view name;  /* without its leading dot; into the text */
    int family;           /* of the address */
    uint8_t address[16];  /* network order */
    unsigned prefix_bits; /* all of them for a single address */
};

struct hf_no_proxy {
    char *text;
    struct entry *entry;
    size_t count;
};

static bool read_number(struct hf_view text, unsigned max, unsigned *ret_n)
{
    unsigned n = 0;

    if (text.len == 0 || text.len > 5)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        n = n * 10 + (unsigned)(text.ptr[i] - '0');
    }
    if (n > max)
        return false;
    *ret_n = n;
    return true;
}

/* Fills family and address; returns the bits of the family, 0: no address. */
static unsigned read_address(struct hf_view text, struct entry *entry)
{
    char copy[INET6_ADDRSTRLEN];

    if (text.len == 0 || text.len >= sizeof(copy))
        return 0;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    entry->family = memchr(copy, ':', text.len) ? AF_INET6 : AF_INET;
    if (inet_pton(entry->family, copy, entry->address) != 1)
        return 0;
    return entry->family == AF_INET6 ? 128 : 32;
}

/* An address, with "/BITS" or without. */
static bool address_entry(struct hf_view text, struct entry *entry)
{
    size_t slash = hf_view_find(text, "/");
    struct hf_view bits_text = hf_view_from(text, slash + 1);
    unsigned bits;

    if (slash != SIZE_MAX)
        text.len = slash;
    bits = read_address(text, entry);
    if (bits == 0)
        return false;
    entry->prefix_bits = bits;
    if (slash != SIZE_MAX && !read_number(bits_text, bits, &entry->prefix_bits))
        return false;
    entry->kind = ENTRY_ADDRESS;
    return true;
}

/* Takes ":PORT" and the brackets of an IPv6 address off. A bare IPv6 address
 * has more than one colon and no port. Returns false when it is malformed. */
static bool split_port(struct hf_view *text, uint16_t *ret_port)
{
    size_t colon = hf_view_find(*text, ":");
    struct hf_view port = hf_view(NULL, 0);
    unsigned n = 0;

    if (text->len > 0 && text->ptr[0] == '[') {
        size_t end = hf_view_find(*text, "]");

        if (end == SIZE_MAX)
            return false;
        port = hf_view_from(*text, end + 1);
        if (port.len > 0 && port.ptr[0] != ':')
            return false;
        *text = hf_view(text->ptr + 1, end - 1);
    } else if (colon != SIZE_MAX &&
               hf_view_find(hf_view_from(*text, colon + 1), ":") == SIZE_MAX) {
        port = hf_view_from(*text, colon);
        text->len = colon;
    }
    if (port.len > 0 &&
        (!read_number(hf_view_from(port, 1), UINT16_MAX, &n) || n == 0))
        return false;
    *ret_port = (uint16_t)n;
    return true;
}

static struct entry read_entry(struct hf_view text)
{
    struct entry entry = { .kind = ENTRY_NOTHING };

    if (!split_port(&text, &entry.port) || text.len == 0)
        return entry;
    if (hf_view_is(text, "*")) {
        entry.kind = ENTRY_ALL;
        return entry;
    }
    if (address_entry(text, &entry))
        return entry;
    if (hf_view_starts(text, "*."))
        text = hf_view_from(text, 1);
    if (text.ptr[0] == '.')
        text = hf_view_from(text, 1);
    if (text.len > 0 && text.ptr[text.len - 1] == '.')
        text.len--;
    entry.name = text;
    entry.kind = text.len > 0 ? ENTRY_NAME : ENTRY_NOTHING;
    return entry;
}

static bool is_gap(uint8_t c)
{
    return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct hf_view next_word(struct hf_view *rest)
{
    size_t len = 0;
    struct hf_view word;

    while (rest->len > 0 && is_gap(rest->ptr[0]))
        *rest = hf_view_from(*rest, 1);
    while (len < rest->len && !is_gap(rest->ptr[len]))
        len++;
    word = hf_view(rest->ptr, len);
    *rest = hf_view_from(*rest, len);
    return word;
}

static size_t count_words(struct hf_view text)
{
    size_t count = 0;

    while (next_word(&text).len > 0)
        count++;
    return count;
}

int hf_no_proxy_read(struct hf_view text, struct hf_no_proxy **ret_list,
                     struct hf_err *err)
{
    HF_AUTO(hf_no_proxy_freep)
    struct hf_no_proxy *list = calloc(1, sizeof(*list));
    size_t count = text.len <= TEXT_MAX ? count_words(text) : 0;
    struct hf_view rest;

    if (text.len > TEXT_MAX || count > HF_NO_PROXY_MAX)
        return HF_FAIL(err, HF_E_LIMIT,
                       "no_proxy: more than %d entries or %d bytes",
                       HF_NO_PROXY_MAX, TEXT_MAX);
    if (list) {
        list->text = hf_view_dup(text);
        list->entry = calloc(count + 1, sizeof(*list->entry));
    }
    if (!list || !list->text || !list->entry)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for no_proxy");
    rest = hf_view(list->text, text.len);
    while (list->count < count)
        list->entry[list->count++] = read_entry(next_word(&rest));
    *ret_list = HF_STEAL(list);
    return 0;
}

void hf_no_proxy_free(struct hf_no_proxy *list)
{
    if (!list)
        return;
    free(list->text);
    free(list->entry);
    free(list);
}

static bool in_block(const struct entry *block, const struct entry *host)
{
    unsigned whole = block->prefix_bits / 8, bits = block->prefix_bits % 8;
    unsigned mask = 0xff00u >> bits & 0xff;

    if (block->family != host->family ||
        memcmp(block->address, host->address, whole) != 0)
        return false;
    return bits == 0 ||
           ((unsigned)(block->address[whole] ^ host->address[whole]) & mask) ==
               0;
}

static bool in_domain(struct hf_view domain, struct hf_view host)
{
    struct hf_view tail;

    if (host.len < domain.len)
        return false;
    tail = hf_view_from(host, host.len - domain.len);
    return hf_view_same_nocase(tail, domain) &&
           (tail.ptr == host.ptr || tail.ptr[-1] == '.');
}

bool hf_no_proxy_covers(const struct hf_no_proxy *list, const char *host,
                        uint16_t port)
{
    struct hf_view name = hf_view_text(host);
    struct entry address = { .kind = ENTRY_NOTHING };
    bool is_address = read_address(name, &address) > 0;

    if (name.len > 0 && name.ptr[name.len - 1] == '.')
        name.len--;
    for (size_t i = 0; i < list->count; i++) {
        const struct entry *entry = &list->entry[i];

        if (entry->port != 0 && entry->port != port)
            continue;
        if (entry->kind == ENTRY_ALL ||
            (entry->kind == ENTRY_NAME && !is_address && name.len > 0 &&
             in_domain(entry->name, name)) ||
            (entry->kind == ENTRY_ADDRESS && is_address &&
             in_block(entry, &address)))
            return true;
    }
    return false;
}
