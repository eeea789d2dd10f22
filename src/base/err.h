/* SPDX-License-Identifier: Apache-2.0 */
/* base/err.h - why something failed: a root cause and what was being tried. */
#ifndef HF_BASE_ERR_H
#define HF_BASE_ERR_H

#include <stddef.h>

#include "base/auto.h"

/* ours: one root cause and three callers cover every path in the program */
#define HF_ERR_FRAMES 4
#define HF_ERR_TEXT 240 /* bytes with the NUL; longer text is cut */

/* What a caller can do about it; the text is for people. */
enum hf_code {
    HF_E_NOMEM = -1,  /* free something, or give up */
    HF_E_PARSE = -2,  /* the input is malformed: the text says where */
    HF_E_LIMIT = -3,  /* the input or the work is larger than we accept */
    HF_E_IO = -4,     /* the system refused: see sys */
    HF_E_ABSENT = -5, /* the thing named is not there */
    HF_E_USAGE = -6,  /* the person asked wrongly */
    HF_E_GUARD = -7,  /* a guard refused, or Yes was not given */
    HF_E_BUSY = -8,   /* somebody else holds it: try again */
    HF_E_CRYPTO = -9, /* a library said no: see lib */
    HF_E_NET = -10,   /* the other side or the network failed */
    HF_E_DENIED = -11 /* more privilege is needed */
};

/* Fixed size and no allocation, so that it also carries HF_E_NOMEM. */
struct hf_err {
    enum hf_code code;
    int sys;           /* errno at the root cause, 0 if none */
    unsigned long lib; /* ERR_peek_error() at the root cause, 0 if none */
    unsigned n;        /* frames in use; frame[0] is the root cause */
    struct {
        const char *where; /* "file.c:12", static */
        char text[HF_ERR_TEXT];
    } frame[HF_ERR_FRAMES];
};

#define HF_STR2(x) #x
#define HF_STR(x) HF_STR2(x)
#define HF_WHERE __FILE__ ":" HF_STR(__LINE__)

/* Starts a failure; returns `code`, so that a caller can return it. */
#define HF_FAIL(err, code, ...)                                                \
    (hf_err_set((err), (code), 0, HF_WHERE, __VA_ARGS__), hf_err_code(err))
/* The same with errno kept and its text appended. */
#define HF_FAIL_SYS(err, ...)                                                  \
    (hf_err_set_sys((err), HF_WHERE, __VA_ARGS__), hf_err_code(err))
/* Adds what was being tried; returns the code already there. */
#define HF_WRAP(err, ...)                                                      \
    (hf_err_wrap((err), HF_WHERE, __VA_ARGS__), hf_err_code(err))

/* Passes a failure up as it is. Negative whatever happened, which a compiler
 * and an analyser can see here: after a failure nobody reads a `ret_`. */
static inline int hf_err_code(const struct hf_err *err)
{
    return err->code < 0 ? (int)err->code : HF_E_IO;
}

void hf_err_set(struct hf_err *err, enum hf_code code, int sys,
                const char *where, const char *format, ...) HF_PRINTF(5, 6);

/* Takes errno: ENOENT becomes HF_E_ABSENT, EACCES, EPERM and EROFS
 * HF_E_DENIED, ENOMEM HF_E_NOMEM, anything else HF_E_IO. */
void hf_err_set_sys(struct hf_err *err, const char *where, const char *format,
                    ...) HF_PRINTF(3, 4);

/* When all frames are in use the root cause stays and the newest caller
 * replaces the last. */
void hf_err_wrap(struct hf_err *err, const char *where, const char *format, ...)
    HF_PRINTF(3, 4);

/* Writes "outermost: ...: root cause" into `ret_text`; always terminated. */
void hf_err_text(const struct hf_err *err, char *ret_text, size_t size);

#endif
