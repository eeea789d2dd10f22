/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf16.h - the text of Windows files, UTF-16LE, from and to UTF-8. */
#ifndef HF_BASE_UTF16_H
#define HF_BASE_UTF16_H

#include "base/buf.h"

/* Appends UTF-16LE as UTF-8. A surrogate without its other half becomes
 * U+FFFD, an odd last byte is passed over. NULs are kept: the caller cuts. */
void hf_utf16le_to_utf8(struct hf_buf *out, struct hf_view utf16le);

/* Appends UTF-8 as UTF-16LE, without a NUL; a byte that is not UTF-8 becomes
 * U+FFFD. */
void hf_utf8_to_utf16le(struct hf_buf *out, struct hf_view utf8);

/* `utf16le` without its final NULs. */
struct hf_view hf_utf16le_trim(struct hf_view utf16le);

#endif
