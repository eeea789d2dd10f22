/* SPDX-License-Identifier: Apache-2.0 */
/* win/regcode.h - inside win/: how the text of a .reg file is encoded.
 *
 * In memory it is WTF-8: UTF-8 in which half a surrogate pair may stand as
 * three bytes, because the texts of a registry need not be good UTF-16. So
 * every encoding comes back as it was, byte for byte.
 * Source: https://simonsapin.github.io/wtf-8/ */
#ifndef HF_WIN_REGCODE_H
#define HF_WIN_REGCODE_H

#include "base/buf.h"

enum hf_regcode_kind {
    HF_REGCODE_UTF16LE, /* first: what regedit writes */
    HF_REGCODE_UTF16BE,
    HF_REGCODE_UTF8,
    HF_REGCODE_CP1252 /* the bytes without a character are C1 controls */
};

struct hf_regcode {
    enum hf_regcode_kind kind;
    bool mark; /* begins with a byte order mark */
};

/* Tells the encoding of a whole file: by its mark, by a NUL in its first two
 * bytes, by being UTF-8; all else, and REGEDIT4 without a mark, is CP1252.
 * Appends its text, without the mark. Returns 0, HF_E_PARSE (half a UTF-16 unit
 * at the end), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_regcode_read(struct hf_view bytes, struct hf_buf *ret_text,
                                struct hf_regcode *ret_code,
                                struct hf_err *err);

/* Appends `text` as this encoding has it, and the mark it begins with. What
 * hf_regcode_has() says no to becomes a question mark. */
void hf_regcode_mark(const struct hf_regcode *code, struct hf_buf *out);
void hf_regcode_write(const struct hf_regcode *code, struct hf_view text,
                      struct hf_buf *out);

/* Would hf_regcode_read() tell the same encoding? */
bool hf_regcode_tells(const struct hf_regcode *code, struct hf_view bytes);

/* Can this encoding say all of it, and is it good UTF-8? */
bool hf_regcode_has(const struct hf_regcode *code, struct hf_view text);

/* Between WTF-8 and UTF-16LE; a byte that is neither becomes U+FFFD, an odd
 * last byte is passed over. */
void hf_wtf8_to_utf16le(struct hf_view text, struct hf_buf *out);
void hf_utf16le_to_wtf8(struct hf_view utf16le, struct hf_buf *out);

/* Between CP1252 and UTF-16LE. The second fails (HF_E_USAGE) at what CP1252
 * does not have. */
void hf_cp1252_to_utf16le(struct hf_view bytes, struct hf_buf *out);
HF_MUST_USE int hf_utf16le_to_cp1252(struct hf_view utf16le, struct hf_buf *out,
                                     struct hf_err *err);

#endif
