/* SPDX-License-Identifier: Apache-2.0 */
/* win/regscan.c - the words of a .reg file, and Wine's. */
#include "win/regscan.h"

#include "win/regcode.h"

/* 0 to 15, or -1. */
static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void hf_regscan_blanks(struct hf_regscan *scan)
{
    while (hf_regscan_peek(scan) == ' ' || hf_regscan_peek(scan) == '\t')
        scan->at++;
}

bool hf_regscan_word(struct hf_regscan *scan, const char *word)
{
    if (!hf_view_starts(hf_view_from(scan->text, scan->at), word))
        return false;
    scan->at += strlen(word);
    return true;
}

static bool ends_line(int c)
{
    return c == '\n' || c == '\r';
}

/* Passes over the end of a line, if it is next. */
static bool take_eol(struct hf_regscan *scan)
{
    if (!ends_line(hf_regscan_peek(scan)))
        return false;
    if (!hf_regscan_word(scan, "\r\n"))
        scan->at++;
    scan->line_no++;
    return true;
}

struct hf_view hf_regscan_line(struct hf_regscan *scan)
{
    size_t from = scan->at;
    struct hf_view line;

    while (scan->at < scan->text.len && !ends_line(scan->text.ptr[scan->at]))
        scan->at++;
    line = hf_regscan_since(scan, from);
    (void)take_eol(scan);
    return line;
}

int hf_regscan_fail(struct hf_regscan *scan, const char *what,
                    struct hf_err *err)
{
    scan->fault_no = scan->line_no;
    return HF_FAIL(err, HF_E_PARSE, "expected %s", what);
}

int hf_regscan_end(struct hf_regscan *scan, struct hf_err *err)
{
    hf_regscan_blanks(scan);
    if (hf_regscan_peek(scan) == ';') {
        (void)hf_regscan_line(scan);
        return 0;
    }
    if (hf_regscan_peek(scan) >= 0 && !take_eol(scan))
        return hf_regscan_fail(scan, "the end of the line", err);
    return 0;
}

/* --- texts --------------------------------------------------------------- */

/* The digits that follow, at most `most`, as a number. */
static uint32_t take_digits(struct hf_regscan *scan, int base, int most)
{
    uint32_t number = 0;

    for (int i = 0; i < most; i++) {
        int digit = hex_digit(hf_regscan_peek(scan));

        if (digit < 0 || digit >= base)
            break;
        number = number * (uint32_t)base + (uint32_t)digit;
        scan->at++;
    }
    return number;
}

static void put_unit(uint32_t unit, struct hf_buf *out)
{
    const uint8_t bytes[2] = { (uint8_t)unit, (uint8_t)(unit >> 8) };

    hf_utf16le_to_wtf8(hf_view(bytes, sizeof(bytes)), out);
}

/* Wine's: after the backslash. Source: Wine, server/unicode.c, parse_strW() */
static void take_wine_escape(struct hf_regscan *scan, struct hf_buf *out)
{
    static const char letters[] = "abefnrtv";
    static const char controls[] = "\a\b\033\f\n\r\t\v";
    int c = hf_regscan_peek(scan);
    const char *letter = c > 0 ? strchr(letters, c) : NULL;

    if (c >= '0' && c <= '7') {
        put_unit(take_digits(scan, 8, 3), out);
        return;
    }
    scan->at++;
    if (c == 'x' && hex_digit(hf_regscan_peek(scan)) >= 0)
        put_unit(take_digits(scan, 16, 4), out);
    else if (letter)
        hf_buf_add(out, &controls[letter - letters], 1);
    else
        hf_buf_add(out, &scan->text.ptr[scan->at - 1], 1);
}

/* regedit's: \\ and \"; it also takes \n and \r, and of all others it leaves
 * the backslash out. */
static void take_escape(struct hf_regscan *scan, struct hf_buf *out)
{
    int c = hf_regscan_peek(scan);

    if (c == 'n' || c == 'r')
        hf_buf_text(out, c == 'n' ? "\n" : "\r");
    else
        hf_buf_add(out, &scan->text.ptr[scan->at], 1);
    scan->at++;
}

int hf_regscan_text(struct hf_regscan *scan, char close, struct hf_buf *out,
                    struct hf_err *err)
{
    unsigned begins = scan->line_no;

    for (size_t from = scan->at;;) {
        int c = hf_regscan_peek(scan);

        if (c >= 0 && c != close && c != '\\' && !ends_line(c)) {
            scan->at++;
            continue;
        }
        hf_buf_view(out, hf_regscan_since(scan, from));
        from = scan->at;
        if (c < 0 || out->bad)
            break;
        if (take_eol(scan))
            continue;
        scan->at++;
        if (c == close)
            return 0;
        if (ends_line(hf_regscan_peek(scan)) || hf_regscan_peek(scan) < 0)
            return hf_regscan_fail(scan, "a character after '\\'", err);
        if (scan->wine)
            take_wine_escape(scan, out);
        else
            take_escape(scan, out);
        from = scan->at;
    }
    scan->fault_no = begins;
    if (hf_buf_check(out, err) < 0)
        return hf_err_code(err);
    return HF_FAIL(err, HF_E_PARSE,
                   "expected '%c' at the end of the text that begins here",
                   close);
}

int hf_regscan_raw_text(struct hf_regscan *scan, struct hf_buf *out,
                        struct hf_err *err)
{
    unsigned begins = scan->line_no;

    for (int c; !out->bad && (c = hf_regscan_peek(scan)) >= 0;) {
        size_t from = scan->at;

        if (hf_regscan_word(scan, "\"")) {
            if (ends_line(hf_regscan_peek(scan)) || hf_regscan_peek(scan) < 0)
                return 0;
        } else if (hf_regscan_word(scan, "\\\"")) {
            if (ends_line(hf_regscan_peek(scan)) || hf_regscan_peek(scan) < 0) {
                hf_buf_text(out, "\\");
                return 0;
            }
            from++;
        } else if (!take_eol(scan)) {
            scan->at++;
        }
        hf_buf_view(out, hf_regscan_since(scan, from));
    }
    scan->fault_no = begins;
    if (hf_buf_check(out, err) < 0)
        return hf_err_code(err);
    return HF_FAIL(err, HF_E_PARSE,
                   "expected '\"' at the end of the text that begins here");
}

/* --- numbers ------------------------------------------------------------- */

int hf_regscan_number(struct hf_regscan *scan, uint32_t *ret_number,
                      struct hf_err *err)
{
    size_t from = scan->at;
    uint32_t number = take_digits(scan, 16, 8);

    if (scan->at == from || hex_digit(hf_regscan_peek(scan)) >= 0)
        return hf_regscan_fail(scan, "1 to 8 hexadecimal digits", err);
    *ret_number = number;
    return 0;
}

/* After a backslash: the rest of the line is empty; so may lines after it be,
 * or hold a comment. */
static int next_line(struct hf_regscan *scan, struct hf_err *err)
{
    do {
        if (hf_regscan_end(scan, err) < 0)
            return hf_err_code(err);
        hf_regscan_blanks(scan);
    } while (ends_line(hf_regscan_peek(scan)) || hf_regscan_peek(scan) == ';');
    if (hf_regscan_peek(scan) >= 0 && hex_digit(hf_regscan_peek(scan)) < 0)
        return hf_regscan_fail(
            scan, "two hexadecimal digits, as the line above ends with '\\'",
            err);
    return 0;
}

static int take_byte(struct hf_regscan *scan, struct hf_buf *out,
                     struct hf_err *err)
{
    size_t from = scan->at;
    const uint8_t byte = (uint8_t)take_digits(scan, 16, 2);

    if (scan->at == from || hex_digit(hf_regscan_peek(scan)) >= 0)
        return hf_regscan_fail(scan, "two hexadecimal digits", err);
    hf_buf_add(out, &byte, 1);
    hf_regscan_blanks(scan);
    if (hf_regscan_word(scan, ","))
        hf_regscan_blanks(scan);
    else if (hex_digit(hf_regscan_peek(scan)) >= 0)
        return hf_regscan_fail(scan, "','", err);
    return 0;
}

/* As many bytes as stand in the common way, "01,02,": the rest of the words is
 * for those who look closer. */
static void take_run(struct hf_regscan *scan, struct hf_buf *out)
{
    uint8_t run[256];
    size_t len = 0;

    while (len < sizeof(run) && scan->text.len - scan->at >= 3) {
        const uint8_t *p = scan->text.ptr + scan->at;
        int high = hex_digit(p[0]), low = hex_digit(p[1]);

        if (high < 0 || low < 0 || p[2] != ',')
            break;
        run[len++] = (uint8_t)(high << 4 | low);
        scan->at += 3;
    }
    hf_buf_add(out, run, len);
}

int hf_regscan_bytes(struct hf_regscan *scan, struct hf_buf *out,
                     struct hf_err *err)
{
    for (;;) {
        int c;

        take_run(scan, out);

        hf_regscan_blanks(scan);
        c = hf_regscan_peek(scan);
        if (c < 0 || c == ';' || ends_line(c))
            break;
        if (hf_regscan_word(scan, "\\")) {
            if (next_line(scan, err) < 0)
                return hf_err_code(err);
        } else if (take_byte(scan, out, err) < 0) {
            return hf_err_code(err);
        }
        if (out->bad)
            break;
    }
    return hf_buf_check(out, err);
}
