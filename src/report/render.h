/* SPDX-License-Identifier: Apache-2.0 */
/* report/render.h - findings as text for a person and as JSON for a program. */
#ifndef HF_REPORT_RENDER_H
#define HF_REPORT_RENDER_H

#include "base/json.h"
#include "report/finding.h"

/* How a text is drawn. */
struct hf_style {
    bool colour;
    bool verbose;     /* all evidence, meaning and source */
    bool utf8;        /* the reader's locale is UTF-8; else plain ASCII */
    unsigned columns; /* width to wrap at; 0: never wrap */
};

/* Colours by meaning; each is an ANSI sequence, or "" without colour. */
enum hf_ink {
    HF_INK_PLAIN,
    HF_INK_GOOD,
    HF_INK_BAD,
    HF_INK_WARN,
    HF_INK_DIM,
    HF_INK_BOLD
};
const char *hf_ink(const struct hf_style *style, enum hf_ink ink);

/* Appends bytes of a stranger made safe for a terminal (base/utf8.h); without
 * style->utf8, bytes beyond ASCII become \xNN too. */
void hf_render_safe(struct hf_buf *out, const struct hf_style *style,
                    const char *text);

/* Appends `text`, made safe, wrapped at style->columns: the cursor stands at
 * column `indent` already, every further line begins with `indent` blanks, the
 * last is not ended. A word longer than a line is left whole; of a text
 * longer than 64 KiB only the beginning is shown. */
void hf_render_wrapped(struct hf_buf *out, const struct hf_style *style,
                       unsigned indent, const char *text);

/* One finding, as doctor prints it: lines ended by LF, no blank line. */
void hf_render_finding(struct hf_buf *out, const struct hf_style *style,
                       const struct hf_finding *finding);
/* All that are not notes, worst first, else in the order they were found; a
 * blank line between two. */
void hf_render_findings(struct hf_buf *out, const struct hf_style *style,
                        const struct hf_findings *list);
/* The notes, which the function above leaves out. */
void hf_render_notes(struct hf_buf *out, const struct hf_style *style,
                     const struct hf_findings *list);

enum hf_result { HF_RESULT_HEALTHY, HF_RESULT_FINDINGS, HF_RESULT_INCOMPLETE };
const char *hf_result_name(enum hf_result result);

/* Opens the envelope every --json begins with: {"holdfast", "command",
 * "result", "findings" [warnings and errors], "notes" [the rest, same shape];
 * the caller adds its own members and ends the object. */
void hf_render_json_open(struct hf_json *json, const char *command,
                         enum hf_result result, const struct hf_findings *list);

/* `explain`: the whole story of a code, or of a cause and its codes. */
void hf_render_explain_code(struct hf_buf *out, const struct hf_style *style,
                            const struct hf_catalogue_row *row);
void hf_render_explain_cause(struct hf_buf *out, const struct hf_style *style,
                             const struct hf_catalogue *catalogue,
                             const struct hf_cause_row *cause);

/* The same for --json, as an object inside an array that is open. */
void hf_render_json_code(struct hf_json *json,
                         const struct hf_catalogue_row *row);
void hf_render_json_cause(struct hf_json *json,
                          const struct hf_catalogue *catalogue,
                          const struct hf_cause_row *cause);

#endif
