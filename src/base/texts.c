/* SPDX-License-Identifier: Apache-2.0 */
/* base/texts.c - a growing list of texts. */
#include "base/texts.h"

#include <stdlib.h>

void hf_texts_done(struct hf_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->text[i]);
    free(texts->text);
    *texts = (struct hf_texts){ 0 };
}

bool hf_texts_take(struct hf_texts *texts, char *text)
{
    if (!text)
        return false;
    if ((texts->count & (texts->count - 1)) == 0) {
        /* room doubles at powers of two */
        char **grown = reallocarray(
            texts->text, texts->count ? texts->count * 2 : 1, sizeof(char *));

        if (!grown) {
            free(text);
            return false;
        }
        texts->text = grown;
    }
    texts->text[texts->count++] = text;
    return true;
}
