/* SPDX-License-Identifier: Apache-2.0 */
/* base/hex.h - bytes as hexadecimal and base64 text, and back. */
#ifndef HF_BASE_HEX_H
#define HF_BASE_HEX_H

#include "base/buf.h"

/* Writes 2 * len lower-case digits and a NUL into `ret_text`. */
void hf_hex(struct hf_view bytes, char *ret_text);

/* Reads exactly `len` bytes; either case; colons and spaces between pairs are
 * passed over, as people copy fingerprints. Returns false, `ret_bytes`
 * undefined, when the text holds anything else or another count. */
HF_MUST_USE bool hf_hex_read(struct hf_view text, uint8_t *ret_bytes,
                             size_t len);

/* Lines of 64 characters, each ended by LF. Source: RFC 7468 2 */
void hf_base64_lines(struct hf_buf *out, struct hf_view bytes);

/* Decodes base64, blanks passed over. Returns 0, or HF_E_PARSE with
 * `ret_offset` at the byte that cannot be, or HF_E_NOMEM/LIMIT in out->bad.
 * Source: RFC 4648 4; trailing bits must be zero, padding must be right. */
HF_MUST_USE int hf_base64_read(struct hf_view text, struct hf_buf *out,
                               size_t *ret_offset);

#endif
