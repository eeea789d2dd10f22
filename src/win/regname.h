/* SPDX-License-Identifier: Apache-2.0 */
/* win/regname.h - names of keys and values: compared without case, as Windows
 * does. */
#ifndef HF_WIN_REGNAME_H
#define HF_WIN_REGNAME_H

#include "base/buf.h"

/* units of UTF-16. Source: Microsoft, "Registry element size limits" */
#define HF_REGNAME_KEY_MAX 255
#define HF_REGNAME_VALUE_MAX 16383
/* bytes of UTF-8; what a stored name, whose length has 16 bits, can take */
#define HF_REGNAME_TEXT_MAX (3 * 65536)

/* A stored NUL is shown as U+2400: a name is a C string here, and one cut short
 * would be another name. */
#define HF_REGNAME_NUL 0x2400u

/* The capital of a unit of UTF-16. Source: Unicode 15, simple case mappings
 * that lead back; those to ASCII (U+0131, U+017F) are left out, as in Windows'
 * table. */
uint16_t hf_regname_upper(uint16_t unit);

/* A name as it is stored in a hive. */
struct hf_regname {
    struct hf_view bytes;
    bool narrow; /* one byte a character (Latin-1), else UTF-16LE */
};
size_t hf_regname_len(struct hf_regname name); /* units */
/* Unit `i`; half a surrogate pair is U+FFFD, a NUL HF_REGNAME_NUL. */
uint16_t hf_regname_unit(struct hf_regname name, size_t i);

/* Appends it as UTF-8. */
void hf_regname_text(struct hf_buf *out, struct hf_regname name);

/* As strcmp() would, of the capitals. */
int hf_regname_order(struct hf_regname a, struct hf_regname b);

/* Appends UTF-8 in the way hives store it: Latin-1 when that is enough.
 * Returns the name, borrowed from `out`; check `out` before its use. */
struct hf_regname hf_regname_encode(struct hf_buf *out, struct hf_view utf8);

#endif
