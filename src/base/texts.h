/* SPDX-License-Identifier: Apache-2.0 */
/* base/texts.h - a growing list of texts. */
#ifndef HF_BASE_TEXTS_H
#define HF_BASE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/auto.h"

struct hf_texts {
    char **text; /* owned */
    size_t count;
};

void hf_texts_done(struct hf_texts *texts);

/* Appends `text`, which is owned by the list from here on, also when there is
 * no memory (freed) or it is NULL: then false. */
HF_MUST_USE bool hf_texts_take(struct hf_texts *texts, char *text);

#endif
