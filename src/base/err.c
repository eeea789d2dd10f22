/* SPDX-License-Identifier: Apache-2.0 */
/* base/err.c - why something failed: a root cause and what was being tried. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

HF_PRINTF(4, 0)
static void put_frame(struct hf_err *err, unsigned at, const char *where,
                      const char *format, va_list args)
{
    err->frame[at].where = where;
    /* a text that is cut is still better than none */
    if (vsnprintf(err->frame[at].text, HF_ERR_TEXT, format, args) < 0)
        err->frame[at].text[0] = '\0';
}

void hf_err_set(struct hf_err *err, enum hf_code code, int sys,
                const char *where, const char *format, ...)
{
    va_list args;

    err->code = code;
    err->sys = sys;
    err->lib = 0;
    err->n = 1;
    va_start(args, format);
    put_frame(err, 0, where, format, args);
    va_end(args);
}

static enum hf_code code_of_errno(int sys)
{
    switch (sys) {
    case ENOENT:
    case ENOTDIR:
        return HF_E_ABSENT;
    case EACCES:
    case EPERM:
    case EROFS:
        return HF_E_DENIED;
    case ENOMEM:
        return HF_E_NOMEM;
    default:
        return HF_E_IO;
    }
}

void hf_err_set_sys(struct hf_err *err, const char *where, const char *format,
                    ...)
{
    int sys = errno;
    size_t used;
    va_list args;

    err->code = code_of_errno(sys);
    err->sys = sys;
    err->lib = 0;
    err->n = 1;
    va_start(args, format);
    put_frame(err, 0, where, format, args);
    va_end(args);
    used = strlen(err->frame[0].text);
    (void)snprintf(err->frame[0].text + used, HF_ERR_TEXT - used, ": %s",
                   strerror(sys));
}

void hf_err_wrap(struct hf_err *err, const char *where, const char *format, ...)
{
    unsigned at = err->n < HF_ERR_FRAMES ? err->n++ : HF_ERR_FRAMES - 1;
    va_list args;

    va_start(args, format);
    put_frame(err, at, where, format, args);
    va_end(args);
}

void hf_err_text(const struct hf_err *err, char *ret_text, size_t size)
{
    size_t used = 0;

    if (size == 0)
        return;
    ret_text[0] = '\0';
    for (unsigned i = err->n; i-- > 0 && used < size;) {
        int n = snprintf(ret_text + used, size - used, "%s%s",
                         err->frame[i].text, i > 0 ? ": " : "");

        if (n < 0)
            return;
        used += (size_t)n;
    }
}
