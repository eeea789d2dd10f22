/* SPDX-License-Identifier: Apache-2.0 */
/* proxy_fuzz.c - proxy variables: three lines, the proxy, no_proxy and a host.
 * What goes into a request has no line break; "*" always covers. */
#include <string.h>

#include "base/view.h"
#include "fuzz.h"
#include "net/no_proxy.h"
#include "net/proxy.h"

/* get() takes no argument of ours */
static const char *proxy_value, *no_proxy_value;

static const char *get(const char *name)
{
    if (strcmp(name, "https_proxy") == 0)
        return proxy_value;
    return strcmp(name, "no_proxy") == 0 ? no_proxy_value : NULL;
}

static void check(const struct hf_proxy_conf *conf, const char *host)
{
    const struct hf_proxy *proxy = hf_proxy_for(conf, true, host, 443);

    HF_PROMISE(!hf_proxy_for(conf, false, host, 443));
    if (!proxy)
        return;
    HF_PROMISE(proxy->host[0] && proxy->port > 0);
    HF_PROMISE(!proxy->authorization ||
               strpbrk(proxy->authorization, "\r\n") == NULL);
    HF_PROMISE(strcmp(no_proxy_value, "*") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view rest = hf_view(data, size);
    HF_AUTO(hf_free_ptr) char *proxy = hf_view_dup(hf_view_line(&rest));
    HF_AUTO(hf_free_ptr) char *no_proxy = hf_view_dup(hf_view_line(&rest));
    HF_AUTO(hf_free_ptr) char *host = hf_view_dup(hf_view_line(&rest));
    HF_AUTO(hf_proxy_freep) struct hf_proxy_conf *conf = NULL;
    struct hf_err err = { 0 };

    if (!proxy || !no_proxy || !host)
        return 0;
    proxy_value = proxy;
    no_proxy_value = no_proxy;
    if (hf_proxy_read(get, &conf, &err) < 0)
        HF_PROMISE(err.n > 0 && !conf);
    else
        check(conf, host);
    return 0;
}
