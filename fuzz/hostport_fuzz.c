/* SPDX-License-Identifier: Apache-2.0 */
/* hostport_fuzz.c - what is read is in one form, and reads as itself again. */
#include <string.h>

#include "base/view.h"
#include "fuzz.h"
#include "names/hostport.h"

static void check_form(const struct hf_hostport *got)
{
    size_t len = strnlen(got->host, sizeof(got->host));

    HF_PROMISE(len > 0 && len <= HF_HOST_MAX && got->port > 0);
    HF_PROMISE(got->is_ip == hf_host_is_ip(got->host));
    HF_PROMISE(got->host[len - 1] != '.');
    for (size_t i = 0; i < len; i++) {
        char c = got->host[i];

        HF_PROMISE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c == '.' || c == '-' || c == '_' ||
                   (c == ':' && got->is_ip));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_free_ptr) char *text = hf_view_dup(hf_view(data, size));
    struct hf_hostport got = { .host = "untouched" }, again;
    const char *domain;
    struct hf_err err = { 0 };

    if (!text)
        return 0;
    if (hf_hostport_read(text, 443, &got, &err) < 0) {
        HF_PROMISE(err.n > 0 && strcmp(got.host, "untouched") == 0);
        return 0;
    }
    check_form(&got);
    HF_PROMISE(hf_hostport_read(got.host, got.port, &again, &err) == 0);
    HF_PROMISE(strcmp(again.host, got.host) == 0 && again.port == got.port &&
               again.is_ip == got.is_ip);
    domain = hf_host_registrable(got.host);
    HF_PROMISE(!domain ||
               (domain >= got.host && domain < got.host + strlen(got.host)));
    HF_PROMISE(!hf_host_is_public(got.host) || !got.is_ip);
    return 0;
}
