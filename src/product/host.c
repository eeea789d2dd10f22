/* SPDX-License-Identifier: Apache-2.0 */
/* product/host.c - how a product file writes hosts. */
#include "product/host.h"

#define HOST_MAX 253 /* bytes; 255 on the wire, RFC 1035 2.3.4 */
#define LABEL_MAX 63 /* bytes; RFC 1035 2.3.4 */

static bool is_alnum(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static struct hf_view take_label(struct hf_view *rest, bool *ret_last)
{
    const uint8_t *dot = rest->len ? memchr(rest->ptr, '.', rest->len) : NULL;
    struct hf_view label = *rest;

    *ret_last = !dot;
    if (dot) {
        label.len = (size_t)(dot - rest->ptr);
        *rest = hf_view_from(*rest, label.len + 1);
    }
    return label;
}

static const char *label_fault(struct hf_view label)
{
    if (label.len == 0)
        return "a label is empty";
    if (label.len > LABEL_MAX)
        return "a label has more than 63 characters";
    if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return "a label begins or ends with a hyphen";
    for (size_t i = 0; i < label.len; i++) {
        if (label.ptr[i] == '*')
            return "'*' may only be the whole first label";
        if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-' &&
            label.ptr[i] != '_')
            return "only letters, digits, '-', '_' and '.' are allowed";
    }
    return NULL;
}

const char *hf_host_fault(struct hf_view host)
{
    bool wildcard = hf_view_starts(host, "*."), last = false;
    struct hf_view rest = hf_view_from(host, wildcard ? 2 : 0);
    unsigned labels = 0;

    if (host.len > HOST_MAX)
        return "more than 253 characters";
    while (!last) {
        const char *fault = label_fault(take_label(&rest, &last));

        if (fault)
            return fault;
        labels++;
    }
    if (wildcard && labels < 2)
        return "a wildcard needs two labels or more after it";
    return NULL;
}

unsigned hf_host_port(struct hf_view *host, unsigned absent)
{
    const uint8_t *colon =
        host->len ? memrchr(host->ptr, ':', host->len) : NULL;
    struct hf_view digits;
    unsigned port = 0;

    if (!colon)
        return absent;
    digits = hf_view_from(*host, (size_t)(colon - host->ptr) + 1);
    if (digits.len == 0 || digits.len > 5 || digits.ptr[0] == '0')
        return 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return 0;
        port = port * 10 + (unsigned)(digits.ptr[i] - '0');
    }
    host->len = (size_t)(colon - host->ptr);
    return port <= 65535 ? port : 0;
}

bool hf_host_below(struct hf_view host, struct hf_view domain, bool wildcard)
{
    struct hf_view tail;

    if (host.len <= domain.len)
        return !wildcard && hf_view_same_nocase(host, domain);
    tail = hf_view_from(host, host.len - domain.len);
    return hf_view_same_nocase(tail, domain) && tail.ptr[-1] == '.';
}
