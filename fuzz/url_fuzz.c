/* SPDX-License-Identifier: Apache-2.0 */
/* url_fuzz.c - a URL that is read can be put into a request as it is. */
#include <string.h>

#include "base/view.h"
#include "fuzz.h"
#include "net/url.h"

static void check_url(const struct hf_url *url, const char *text)
{
    size_t len = strnlen(url->host, sizeof(url->host));

    HF_PROMISE(len > 0 && len < sizeof(url->host) && url->port > 0);
    HF_PROMISE(!strpbrk(url->host, "/?#@[]\\ \r\n\t"));
    HF_PROMISE(url->is_v6 == (strchr(url->host, ':') != NULL));
    HF_PROMISE(url->target.len == 0 || url->target.ptr[0] == '/');
    HF_PROMISE(url->target.len == 0 ||
               (url->target.ptr >= (const uint8_t *)text &&
                url->target.ptr + url->target.len <=
                    (const uint8_t *)text + strlen(text)));
    for (size_t i = 0; i < url->target.len; i++)
        HF_PROMISE(url->target.ptr[i] > ' ' && url->target.ptr[i] <= '~' &&
                   url->target.ptr[i] != '#');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_free_ptr) char *text = hf_view_dup(hf_view(data, size));
    struct hf_url url = { .host = "untouched" };
    struct hf_err err = { 0 };

    if (!text)
        return 0;
    if (hf_url_read(text, &url, &err) < 0)
        HF_PROMISE(err.n > 0 && strcmp(url.host, "untouched") == 0);
    else
        check_url(&url, text);
    return 0;
}
