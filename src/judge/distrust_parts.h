/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust_parts.h - inside distrust.c and distrust_ctl.c. */
#ifndef HF_JUDGE_DISTRUST_PARTS_H
#define HF_JUDGE_DISTRUST_PARTS_H

#include "judge/distrust.h"

struct hf_distrust_rows {
    struct hf_distrust_row *row;
    size_t count, room;
};

/* A list that was taken. */
struct hf_distrust_list {
    char *sequence; /* NULL: none yet */
    int64_t date_s;
};

struct hf_distrust {
    struct hf_distrust_rows rows; /* see hf_distrust_sort() */
    size_t with_sha256;           /* those come first */
    struct hf_distrust_list roots, refused;
    /* What the list of disallowed certificates names by a digest of a part:
     * entry `number` n has row n. */
    struct hf_ctl *parts; /* NULL: none */
    struct hf_distrust_rows part_rows;
};

void hf_distrust_row_done(struct hf_distrust_row *row);
void hf_distrust_rows_done(struct hf_distrust_rows *rows);

/* Appends `row`, whose texts are owned by `rows` from here on. One that is NULL
 * was not to be had: HF_E_NOMEM, and the others are freed. */
HF_MUST_USE int hf_distrust_rows_take(struct hf_distrust_rows *rows,
                                      struct hf_distrust_row *row,
                                      struct hf_err *err);

/* After rows were added: what is found by bisection depends on it. */
void hf_distrust_sort(struct hf_distrust *distrust);

#endif
