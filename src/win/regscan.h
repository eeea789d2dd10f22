/* SPDX-License-Identifier: Apache-2.0 */
/* win/regscan.h - inside win/: the words of a .reg file, and Wine's. */
#ifndef HF_WIN_REGSCAN_H
#define HF_WIN_REGSCAN_H

#include "base/buf.h"

/* A cursor. A line ends with LF, CRLF or CR. */
struct hf_regscan {
    struct hf_view text; /* WTF-8 */
    size_t at;
    unsigned line_no;  /* from 1 */
    unsigned fault_no; /* the line that does not read, 0: the first of it */
    bool wine;         /* texts have its escapes: \x1234, \012, \[ */
};

/* The next byte, or -1 at the end. */
static inline int hf_regscan_peek(const struct hf_regscan *scan)
{
    return scan->at < scan->text.len ? scan->text.ptr[scan->at] : -1;
}

/* What stands from `from` up to the cursor. */
static inline struct hf_view hf_regscan_since(const struct hf_regscan *scan,
                                              size_t from)
{
    return hf_view(scan->text.ptr + from, scan->at - from);
}

/* Passes over spaces and tabs; over `word`, if it is next. */
void hf_regscan_blanks(struct hf_regscan *scan);
bool hf_regscan_word(struct hf_regscan *scan, const char *word);

/* The rest of the line; the cursor goes to the next one. */
struct hf_view hf_regscan_line(struct hf_regscan *scan);

/* "expected `what`", HF_E_PARSE; sets fault_no. */
int hf_regscan_fail(struct hf_regscan *scan, const char *what,
                    struct hf_err *err);

/* Nothing more but a comment may stand in the line; the next one follows. */
HF_MUST_USE int hf_regscan_end(struct hf_regscan *scan, struct hf_err *err);

/* What stands up to `close`, which is passed over, its escapes replaced; may go
 * on over lines. Appended as WTF-8. */
HF_MUST_USE int hf_regscan_text(struct hf_regscan *scan, char close,
                                struct hf_buf *out, struct hf_err *err);

/* The same of what hivexregedit --unsafe-printable-strings writes: up to the
 * quote at the end of a line; only quotes have a backslash before them. */
HF_MUST_USE int hf_regscan_raw_text(struct hf_regscan *scan, struct hf_buf *out,
                                    struct hf_err *err);

/* 1 to 8 hexadecimal digits. */
HF_MUST_USE int hf_regscan_number(struct hf_regscan *scan, uint32_t *ret_number,
                                  struct hf_err *err);

/* Bytes "01,02,\" that go on in the next line after a backslash. Appended. */
HF_MUST_USE int hf_regscan_bytes(struct hf_regscan *scan, struct hf_buf *out,
                                 struct hf_err *err);

#endif
