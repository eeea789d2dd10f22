/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8.h - text of a stranger made fit for a terminal or a log. */
#ifndef HF_BASE_UTF8_H
#define HF_BASE_UTF8_H

#include "base/buf.h"

/* Bytes of the well-formed character at the start of `v`, 1 to 4, or 0 when
 * there is none. Source: RFC 3629 4 */
size_t hf_utf8_len(struct hf_view v);

/* The character that takes the first `len` bytes of `v` (hf_utf8_len). */
uint32_t hf_utf8_point(struct hf_view v, size_t len);

/* Does it move the cursor or turn the text around? Source: Unicode 15, category
 * Cc, the Bidi_Control property, and the two separators U+2028 and U+2029 */
bool hf_utf8_unsafe(uint32_t point);

/* Appends `text`; control characters (C0, DEL, C1, and the bidirectional
 * overrides that turn a line around) become \xNN or \u{NNNN}, bytes that are
 * not UTF-8 become \xNN. A name in a certificate cannot move the cursor. */
void hf_utf8_safe(struct hf_buf *out, struct hf_view text);

/* A name made fit for a file or an alias: letters and digits of ASCII, in lower
 * case, anything else one dash; cut to `size` with its NUL. */
void hf_utf8_slug(const char *name, char *ret_slug, size_t size);

/* How many columns the text takes; wide characters are not known: one each. */
size_t hf_utf8_columns(struct hf_view text);

#endif
