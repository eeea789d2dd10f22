/* SPDX-License-Identifier: Apache-2.0 */
/* report/render.c - findings as text for a person. */
#include "report/render.h"

#include "base/utf8.h"
#include "report/gutter.h"

/* ours: what is worth reading at once; the rest with --verbose */
#define EVIDENCE_SHOWN 4

static void put_heading(struct hf_buf *out, const struct hf_style *style,
                        const struct hf_finding *finding)
{
    static const enum hf_ink ink[] = { HF_INK_DIM, HF_INK_WARN, HF_INK_BAD };
    enum hf_severity severity = finding->kind->severity;

    hf_gutter(out, style, ink[severity], hf_severity_name(severity));
    hf_buf_text(out, hf_ink(style, HF_INK_BOLD));
    hf_render_safe(out, style, finding->subject);
    hf_buf_text(out, hf_ink(style, HF_INK_PLAIN));
    hf_buf_printf(out, "  %s%s%s%s%s\n", hf_ink(style, HF_INK_DIM),
                  finding->kind->code,
                  finding->certainty == HF_CERTAIN ? "" : ", ",
                  finding->certainty == HF_CERTAIN
                      ? ""
                      : hf_certainty_name(finding->certainty),
                  hf_ink(style, HF_INK_PLAIN));
}

/* A line that stands for itself gets a mark; what follows hangs under it. */
static void put_evidence(struct hf_buf *out, const struct hf_style *style,
                         const struct hf_finding *finding)
{
    size_t count = finding->evidence_count;
    const char *mark = style->utf8 ? "\xe2\x80\xa2" : "-"; /* U+2022 */

    if (!style->verbose && count > EVIDENCE_SHOWN + 1)
        count = EVIDENCE_SHOWN;
    for (size_t i = 0; i < count; i++) {
        hf_gutter(out, style, HF_INK_PLAIN, "");
        hf_buf_printf(out, "%s%s%s ", hf_ink(style, HF_INK_DIM), mark,
                      hf_ink(style, HF_INK_PLAIN));
        hf_render_wrapped(out, style, HF_GUTTER + 2, finding->evidence[i]);
        hf_buf_text(out, "\n");
    }
    if (count < finding->evidence_count) {
        hf_gutter(out, style, HF_INK_PLAIN, "");
        hf_buf_printf(out, "%s%s %zu more lines of evidence with --verbose%s\n",
                      hf_ink(style, HF_INK_DIM), mark,
                      finding->evidence_count - count,
                      hf_ink(style, HF_INK_PLAIN));
    }
}

static void put_remedy(struct hf_buf *out, const struct hf_style *style,
                       const struct hf_remedy *remedy)
{
    hf_gutter(out, style, HF_INK_GOOD, "fix");
    hf_render_wrapped(out, style, HF_GUTTER, remedy->text);
    hf_buf_text(out, "\n");
    if (remedy->automatic) {
        hf_gutter(out, style, HF_INK_PLAIN, "");
        hf_buf_printf(out, "%sHoldfast does this with --fix.%s\n",
                      hf_ink(style, HF_INK_DIM), hf_ink(style, HF_INK_PLAIN));
    }
    if (remedy->command)
        hf_gutter_command(out, style, remedy->command);
}

void hf_render_finding(struct hf_buf *out, const struct hf_style *style,
                       const struct hf_finding *finding)
{
    put_heading(out, style, finding);
    hf_gutter(out, style, HF_INK_PLAIN, "");
    hf_render_wrapped(out, style, HF_GUTTER, finding->summary);
    hf_buf_text(out, "\n");
    put_evidence(out, style, finding);
    if (style->verbose) {
        hf_gutter(out, style, HF_INK_DIM, "means");
        hf_gutter_text(out, style, finding->kind->meaning);
    }
    for (size_t i = 0; i < finding->remedy_count; i++)
        put_remedy(out, style, &finding->remedies[i]);
    if (style->verbose) {
        hf_gutter(out, style, HF_INK_DIM, "source");
        hf_gutter_text(out, style, finding->kind->source);
    }
}

/* Returns whether one of that severity was there. */
static bool put_severity(struct hf_buf *out, const struct hf_style *style,
                         const struct hf_findings *list,
                         enum hf_severity severity, bool blank_line)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].kind->severity != severity)
            continue;
        if (blank_line)
            hf_buf_text(out, "\n");
        hf_render_finding(out, style, &list->item[i]);
        blank_line = true;
    }
    return blank_line;
}

void hf_render_findings(struct hf_buf *out, const struct hf_style *style,
                        const struct hf_findings *list)
{
    bool any = put_severity(out, style, list, HF_ERROR, false);

    (void)put_severity(out, style, list, HF_WARNING, any);
}

void hf_render_notes(struct hf_buf *out, const struct hf_style *style,
                     const struct hf_findings *list)
{
    (void)put_severity(out, style, list, HF_NOTE, false);
}
