/* SPDX-License-Identifier: Apache-2.0 */
/* product/host.h - how a product file writes hosts; private to product/. */
#ifndef HF_PRODUCT_HOST_H
#define HF_PRODUCT_HOST_H

#include "base/view.h"

/* Why `host` is no host name, or NULL when it is one. "*" may be the whole
 * first label, with two labels or more after it: "*.example.com". */
const char *hf_host_fault(struct hf_view host);

/* Takes ":PORT" off the end of `*host`. Returns the port, `absent` when there
 * is none, or 0 when it is no port from 1 to 65535. */
unsigned hf_host_port(struct hf_view *host, unsigned absent);

/* Is `host` the domain, or below it? `wildcard`: only below it. */
bool hf_host_below(struct hf_view host, struct hf_view domain, bool wildcard);

#endif
