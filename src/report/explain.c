/* SPDX-License-Identifier: Apache-2.0 */
/* report/explain.c - the whole story of a code, or of a cause. */
#include "report/gutter.h"

static void put_block(struct hf_buf *out, const struct hf_style *style,
                      const char *word, const char *text)
{
    hf_buf_text(out, "\n");
    hf_gutter(out, style, HF_INK_DIM, word);
    hf_gutter_text(out, style, text);
}

/* The line of a code in a list: code, severity, title. */
static void put_code_line(struct hf_buf *out, const struct hf_style *style,
                          const struct hf_catalogue_row *row)
{
    hf_buf_printf(out, "%s%s%s  %-7s  ", hf_ink(style, HF_INK_BOLD), row->code,
                  hf_ink(style, HF_INK_PLAIN), hf_severity_name(row->severity));
    hf_render_wrapped(out, style, HF_GUTTER + 17, row->title);
    hf_buf_text(out, "\n");
}

void hf_render_explain_code(struct hf_buf *out, const struct hf_style *style,
                            const struct hf_catalogue_row *row)
{
    static const enum hf_ink ink[] = { HF_INK_DIM, HF_INK_WARN, HF_INK_BAD };

    hf_gutter(out, style, HF_INK_BOLD, row->code);
    hf_render_wrapped(out, style, HF_GUTTER, row->title);
    hf_buf_text(out, "\n");
    hf_gutter(out, style, HF_INK_PLAIN, "");
    hf_buf_printf(out, "%s%s%s, cause %s\n", hf_ink(style, ink[row->severity]),
                  hf_severity_name(row->severity), hf_ink(style, HF_INK_PLAIN),
                  row->cause->name);
    put_block(out, style, "means", row->meaning);
    put_block(out, style, "seen by", row->recognised);
    put_block(out, style, "fix", row->remedy);
    put_block(out, style, "source", row->source);
}

void hf_render_explain_cause(struct hf_buf *out, const struct hf_style *style,
                             const struct hf_catalogue *catalogue,
                             const struct hf_cause_row *cause)
{
    bool any = false;

    hf_gutter(out, style, HF_INK_DIM, "cause");
    hf_buf_printf(out, "%s%s%s\n", hf_ink(style, HF_INK_BOLD), cause->name,
                  hf_ink(style, HF_INK_PLAIN));
    put_block(out, style, "means", cause->meaning);
    put_block(out, style, "seen by", cause->told);
    if (cause->aka[0])
        put_block(out, style, "aka", cause->aka);
    hf_buf_text(out, "\n");
    for (size_t i = 0; i < hf_catalogue_count(catalogue); i++) {
        const struct hf_catalogue_row *row = hf_catalogue_at(catalogue, i);

        if (row->cause != cause)
            continue;
        hf_gutter(out, style, HF_INK_DIM, any ? "" : "codes");
        put_code_line(out, style, row);
        any = true;
    }
    if (any)
        return;
    hf_gutter(out, style, HF_INK_DIM, "codes");
    hf_buf_text(out, "none yet: the word is kept for logs and later parts\n");
}
