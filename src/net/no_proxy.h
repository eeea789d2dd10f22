/* SPDX-License-Identifier: Apache-2.0 */
/* net/no_proxy.h - the hosts that are reached without a proxy. */
#ifndef HF_NET_NO_PROXY_H
#define HF_NET_NO_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define HF_NO_PROXY_MAX                                                        \
    4096 /* entries; ours: large sites have some hundred                       \
          */

struct hf_no_proxy;

/* Reads a no_proxy value: entries between commas and blanks. What an entry
 * means: net/proxy.h. An entry that makes no sense matches nothing, as in curl.
 * text  copied.
 * Returns 0, HF_E_LIMIT or HF_E_NOMEM. */
HF_MUST_USE int hf_no_proxy_read(struct hf_view text,
                                 struct hf_no_proxy **ret_list,
                                 struct hf_err *err);
void hf_no_proxy_free(struct hf_no_proxy *list);
HF_FREEP(struct hf_no_proxy, hf_no_proxy_free)

/* Cost: O(entries). */
bool hf_no_proxy_covers(const struct hf_no_proxy *list, const char *host,
                        uint16_t port);

#endif
