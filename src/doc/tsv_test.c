/* SPDX-License-Identifier: Apache-2.0 */
/* doc/tsv_test.c - tables of tab-separated values. */
#include "doc/tsv.h"

#include <string.h>

#include "hf_test.h"

static const char *const columns[] = { "one", "two", "three", NULL };

/* Reads all rows; joins them as "a|b|c/d||/" into `out`. */
static int read_all(const char *text, char *out, size_t size,
                    struct hf_err *err)
{
    struct hf_tsv tsv;
    struct hf_tsv_row row;
    size_t used = 0;
    int rc = hf_tsv_open(&tsv, "t", hf_view_text(text), columns, err);

    out[0] = '\0';
    if (rc < 0)
        return rc;
    while ((rc = hf_tsv_next(&tsv, &row, err)) > 0) {
        int n = snprintf(out + used, size - used, "%.*s|%.*s|%.*s/",
                         (int)row.field[0].len, (const char *)row.field[0].ptr,
                         (int)row.field[1].len, (const char *)row.field[1].ptr,
                         (int)row.field[2].len, (const char *)row.field[2].ptr);

        used += (size_t)n;
    }
    return rc;
}

int main(void)
{
    static const struct {
        const char *name, *text, *want; /* want: rows, or the error's start */
        int code;
    } row[] = {
        { "rows", "one\ttwo\tthree\na\tb\tc\nd\te\tf\n", "a|b|c/d|e|f/", 0 },
        { "a short row", "one\ttwo\tthree\na\n", "a||/", 0 },
        { "empty fields", "one\ttwo\tthree\n\tb\t\n", "|b|/", 0 },
        { "CRLF", "one\ttwo\tthree\r\na\tb\tc\r\n", "a|b|c/", 0 },
        { "no final line feed", "one\ttwo\tthree\na\tb\tc", "a|b|c/", 0 },
        { "comments and empty lines", "# x\n\none\ttwo\tthree\n#y\na\tb\tc\n\n",
          "a|b|c/", 0 },
        { "a byte order mark", "\xef\xbb\xbfone\ttwo\tthree\na\n", "a||/", 0 },
        { "a header alone", "one\ttwo\tthree\n", "", 0 },
        { "nothing", "", "t: the table is empty", HF_E_PARSE },
        { "comments alone", "#\n", "t: the table is empty", HF_E_PARSE },
        { "another header", "one\tzwei\tthree\n",
          "t:1: column 2 is 'zwei', expected 'two'", HF_E_PARSE },
        { "a short header", "one\ttwo\n", "t:1: column 3 is '', expected",
          HF_E_PARSE },
        { "a long header", "one\ttwo\tthree\tfour\n", "t:1: more than 3",
          HF_E_PARSE },
        { "a long row", "one\ttwo\tthree\na\nb\tc\td\te\n",
          "t:3: more fields than the 3 columns", HF_E_PARSE },
        { "bytes that are no UTF-8", "one\ttwo\tthree\na\t\xff\n",
          "t:2:3: a byte that is no", HF_E_PARSE },
        { "a control character", "one\ttwo\tthree\n\x1b[0m\n",
          "t:2:1: a byte that is no", HF_E_PARSE },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err = { 0 };
        char out[200];
        int rc = read_all(row[i].text, out, sizeof(out), &err);
        const char *got = rc < 0 ? err.frame[0].text : out;

        HF_CHECK(rc == row[i].code &&
                     (rc < 0
                          ? strncmp(got, row[i].want, strlen(row[i].want)) == 0
                          : strcmp(got, row[i].want) == 0),
                 "%s", row[i].name);
    }
    return hf_test_end();
}
