/* SPDX-License-Identifier: Apache-2.0 */
/* report/gutter.h - the one layout of our screens: a word in the margin, text
 * beside it. Shared by the renderers of this folder. */
#ifndef HF_REPORT_GUTTER_H
#define HF_REPORT_GUTTER_H

#include "report/render.h"

#define HF_GUTTER 9 /* columns; ours: "warning" and two blanks */

/* The margin of a line: `word` and blanks up to HF_GUTTER. */
void hf_gutter(struct hf_buf *out, const struct hf_style *style,
               enum hf_ink ink, const char *word);

/* A text of the catalogue beside the margin, whose first line is begun
 * already: paragraphs are wrapped, lines that begin with "$ " are commands.
 * Ends with LF. */
void hf_gutter_text(struct hf_buf *out, const struct hf_style *style,
                    const char *text);

/* What is to be typed, four columns further in, never wrapped: it is copied. */
void hf_gutter_command(struct hf_buf *out, const struct hf_style *style,
                       const char *command);

#endif
