/* SPDX-License-Identifier: Apache-2.0 */
/* report/text.c - colours, safe bytes, wrapped lines and the margin. */
#include "base/utf8.h"
#include "report/gutter.h"

/* ours: far above a sentence; a name of a megabyte is cut off here */
#define TEXT_MAX (64 * 1024)

const char *hf_ink(const struct hf_style *style, enum hf_ink ink)
{
    static const char *const sequence[] = {
        [HF_INK_PLAIN] = "\033[0m",  [HF_INK_GOOD] = "\033[32m",
        [HF_INK_BAD] = "\033[1;31m", [HF_INK_WARN] = "\033[1;33m",
        [HF_INK_DIM] = "\033[2m",    [HF_INK_BOLD] = "\033[1m",
    };

    return style->colour ? sequence[ink] : "";
}

/* What hf_utf8_safe() let through, in ASCII alone: on a terminal of another
 * character set the bytes of UTF-8 can be control characters. */
static void put_ascii(struct hf_buf *out, struct hf_view safe)
{
    for (size_t i = 0; i < safe.len; i++)
        if (safe.ptr[i] < 0x80)
            hf_buf_add(out, &safe.ptr[i], 1);
        else
            hf_buf_printf(out, "\\x%02x", (unsigned)safe.ptr[i]);
}

static void put_safe(struct hf_buf *out, const struct hf_style *style,
                     struct hf_view text)
{
    HF_AUTO(hf_buf_done) struct hf_buf safe = { 0 };

    if (style->utf8) {
        hf_utf8_safe(out, text);
        return;
    }
    hf_buf_init(&safe, 8 * TEXT_MAX);
    hf_utf8_safe(&safe, text);
    if (safe.bad && !out->bad)
        out->bad = safe.bad;
    put_ascii(out, hf_buf_peek(&safe));
}

/* At most TEXT_MAX bytes, not cut inside a character of up to 4. */
static struct hf_view bounded(const char *text)
{
    struct hf_view v = hf_view_text(text);

    if (v.len <= TEXT_MAX)
        return v;
    v.len = TEXT_MAX;
    for (int i = 0; i < 3 && (v.ptr[v.len] & 0xc0) == 0x80; i++)
        v.len--;
    return v;
}

void hf_render_safe(struct hf_buf *out, const struct hf_style *style,
                    const char *text)
{
    put_safe(out, style, bounded(text));
}

/* Takes the next word off; blanks alone separate, anything else is a word. */
static struct hf_view next_word(struct hf_view *rest)
{
    size_t start = 0, end;

    while (start < rest->len && rest->ptr[start] == ' ')
        start++;
    for (end = start; end < rest->len && rest->ptr[end] != ' ';)
        end++;
    struct hf_view word = hf_view(rest->ptr + start, end - start);
    *rest = hf_view_from(*rest, end);
    return word;
}

static void put_blanks(struct hf_buf *out, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        hf_buf_text(out, " ");
}

static void put_wrapped(struct hf_buf *out, const struct hf_style *style,
                        unsigned indent, struct hf_view text)
{
    size_t column = indent;
    bool first = true;

    for (;;) {
        struct hf_view word = next_word(&text);
        size_t start = out->len, wide;

        if (word.len == 0)
            return;
        put_safe(out, style, word);
        if (out->bad)
            return;
        wide = hf_utf8_columns(hf_view(out->ptr + start, out->len - start));
        out->len = start; /* measured; now where it belongs */
        if (!first && style->columns > 0 &&
            column + 1 + wide > style->columns) {
            hf_buf_text(out, "\n");
            put_blanks(out, indent);
            column = indent;
        } else if (!first) {
            hf_buf_text(out, " ");
            column++;
        }
        put_safe(out, style, word);
        column += wide;
        first = false;
    }
}

void hf_render_wrapped(struct hf_buf *out, const struct hf_style *style,
                       unsigned indent, const char *text)
{
    put_wrapped(out, style, indent, bounded(text));
}

void hf_gutter(struct hf_buf *out, const struct hf_style *style,
               enum hf_ink ink, const char *word)
{
    size_t len = strlen(word);

    if (len > 0)
        hf_buf_printf(out, "%s%s%s", hf_ink(style, ink), word,
                      hf_ink(style, HF_INK_PLAIN));
    put_blanks(out, len < HF_GUTTER ? HF_GUTTER - (unsigned)len : 1);
}

static void put_command(struct hf_buf *out, const struct hf_style *style,
                        struct hf_view command)
{
    put_blanks(out, HF_GUTTER + 4);
    hf_buf_text(out, hf_ink(style, HF_INK_BOLD));
    put_safe(out, style, command);
    hf_buf_printf(out, "%s\n", hf_ink(style, HF_INK_PLAIN));
}

void hf_gutter_command(struct hf_buf *out, const struct hf_style *style,
                       const char *command)
{
    put_command(out, style, bounded(command));
}

void hf_gutter_text(struct hf_buf *out, const struct hf_style *style,
                    const char *text)
{
    struct hf_view rest = bounded(text);
    bool begun = true;

    while (rest.len > 0) {
        struct hf_view line = hf_view_line(&rest);
        bool command = hf_view_starts(line, "$ ");

        if (command && begun) /* nothing stands before the command */
            hf_buf_text(out, "\n");
        if (command) {
            put_command(out, style, hf_view_from(line, 2));
        } else {
            put_blanks(out, begun ? 0 : HF_GUTTER);
            put_wrapped(out, style, HF_GUTTER, line);
            hf_buf_text(out, "\n");
        }
        begun = false;
    }
    if (begun)
        hf_buf_text(out, "\n");
}
