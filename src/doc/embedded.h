/* SPDX-License-Identifier: Apache-2.0 */
/* doc/embedded.h - the tables tools/embed.py writes; doc/embed.h is for use. */
#ifndef HF_DOC_EMBEDDED_H
#define HF_DOC_EMBEDDED_H

#include "doc/embed.h"

extern const struct hf_embed hf_embedded_texts[];
extern const size_t hf_embedded_text_count;
extern const struct hf_embed_root hf_embedded_roots[];
extern const size_t hf_embedded_root_count;

#endif
