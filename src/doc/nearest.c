/* SPDX-License-Identifier: Apache-2.0 */
/* doc/nearest.c - the word a person probably meant. */
#include "doc/nearest.h"

#define WORD_MAX 64 /* bytes; ours: nothing we name is longer */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edits that turn `a` into `b`; two letters swapped count as one. */
static unsigned distance(struct hf_view a, struct hf_view b)
{
    unsigned row[3][WORD_MAX + 1];

    for (unsigned j = 0; j <= b.len; j++)
        row[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3];
        const unsigned *before = row[(i + 1) % 3];

        now[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            uint8_t x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);

            now[j] = least(least(last[j] + 1, now[j - 1] + 1),
                           last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
                y == lower(a.ptr[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[a.len % 3][b.len];
}

const char *hf_nearest(const char *const *words, struct hf_view text)
{
    const char *best = NULL;
    unsigned best_edits = 0;

    if (text.len == 0 || text.len > WORD_MAX)
        return NULL;
    for (size_t i = 0; words[i]; i++) {
        struct hf_view word = hf_view_text(words[i]);
        unsigned edits, allowed;

        if (word.len > WORD_MAX)
            continue;
        edits = distance(text, word);
        allowed = (unsigned)(word.len > text.len ? word.len : text.len) / 3;
        if (edits > (allowed ? allowed : 1) || (best && edits >= best_edits))
            continue;
        best = words[i];
        best_edits = edits;
    }
    return best;
}
