/* SPDX-License-Identifier: Apache-2.0 */
/* base/hex_test.c - hexadecimal and base64, both ways, and what is refused. */
#include "base/hex.h"

#include "hf_test.h"

#define ROOM 8192 /* bytes; more than any row needs */

static void test_hex_read(void)
{
    static const struct {
        const char *text;
        size_t len;
        bool good;
    } row[] = {
        { "0123abCD", 4, true },
        { "01:23:ab:cd", 4, true },
        { "01 23 AB CD", 4, true },
        { " 01:23 : abcd ", 4, true },
        { "", 0, true },
        { "", 1, false },
        { "0123abc", 4, false },
        { "0123abcd", 3, false },
        { "0123abcd", 5, false },
        { "0123abcg", 4, false },
        { "0123abc ", 4, false },
        { "0:123abcd", 4, false },
        { "0x23abcd", 4, false },
        { "0123ab-d", 4, false },
        { "0123\nabcd", 4, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        static const uint8_t want[] = { 0x01, 0x23, 0xab, 0xcd };
        uint8_t bytes[8];
        bool good = hf_hex_read(hf_view_text(row[i].text), bytes, row[i].len);

        HF_CHECK(good == row[i].good &&
                     (!good || memcmp(bytes, want, row[i].len) == 0),
                 "hex: '%s' as %zu bytes", row[i].text, row[i].len);
    }
}

static void test_hex_all(void)
{
    uint8_t all[256], back[256];
    char text[2 * sizeof(all) + 1];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (uint8_t)i;
    hf_hex(hf_view(all, sizeof(all)), text);
    HF_CHECK(strlen(text) == 2 * sizeof(all) &&
                 memcmp(text, "000102", 6) == 0 &&
                 strcmp(text + 506, "fdfeff") == 0,
             "hex: every byte is written");
    HF_CHECK(hf_hex_read(hf_view_text(text), back, sizeof(back)) &&
                 memcmp(all, back, sizeof(all)) == 0,
             "hex: every byte comes back");
    hf_hex(hf_view(NULL, 0), text);
    HF_CHECK(text[0] == '\0', "hex: nothing is empty text");
}

/* Source: RFC 4648 10, and its rules in 3.2, 3.3, 3.5 */
static void test_base64_read(void)
{
    static const struct {
        const char *text, *want; /* NULL: refused */
        size_t offset;           /* where it is refused */
    } row[] = {
        { "", "", 0 },
        { "Zg==", "f", 0 },
        { "Zm8=", "fo", 0 },
        { "Zm9v", "foo", 0 },
        { "Zm9vYg==", "foob", 0 },
        { "Zm9vYmE=", "fooba", 0 },
        { "Zm9vYmFy", "foobar", 0 },
        { " Z m\r\n9\tv\n", "foo", 0 },
        { "Zg= =\n", "f", 0 },
        { "+/+/", "\xfb\xff\xbf", 0 },
        { "Zg", NULL, 2 },
        { "Zg=", NULL, 3 },
        { "Zm9vY", NULL, 5 },
        { "Z===", NULL, 1 },
        { "====", NULL, 0 },
        { "Zg==Zg==", NULL, 4 },
        { "Zm8=Z", NULL, 4 },
        { "Zm9v=", NULL, 4 },
        { "Zm9v====", NULL, 4 },
        { "Zg=v", NULL, 3 },
        { "Zh==", NULL, 3 }, /* a bit that would be lost */
        { "Zm9=", NULL, 3 },
        { "Zm9*", NULL, 3 },
        { "Zm9-", NULL, 3 }, /* the URL alphabet is another one */
        { "Zm_v", NULL, 2 },
        { "Zm9v\xc3", NULL, 4 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_buf out;
        size_t offset = 0;
        int status;

        hf_buf_init(&out, ROOM);
        status = hf_base64_read(hf_view_text(row[i].text), &out, &offset);
        HF_CHECK(row[i].want
                     ? status == 0 && hf_view_is(hf_buf_peek(&out), row[i].want)
                     : status == HF_E_PARSE && offset == row[i].offset,
                 "base64: row %zu", i);
        hf_buf_done(&out);
    }
}

static void test_base64_lines(void)
{
    static const struct {
        size_t len, lines, last; /* bytes; lines; characters in the last one */
    } row[] = {
        { 0, 0, 0 },  { 1, 1, 4 },   { 2, 1, 4 },
        { 3, 1, 4 },  { 47, 1, 64 }, { 48, 1, 64 },
        { 49, 2, 4 }, { 96, 2, 64 }, { 1000, 21, 56 },
    };
    uint8_t bytes[1000];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 151 >> 2);
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_view in = hf_view(bytes, row[i].len), rest, line = { 0 };
        struct hf_buf text, back;
        size_t lines = 0, offset;
        bool full = true;

        hf_buf_init(&text, ROOM);
        hf_buf_init(&back, ROOM);
        hf_base64_lines(&text, in);
        for (rest = hf_buf_peek(&text); rest.len > 0; lines++) {
            full &= line.len == 0 || line.len == 64;
            line = hf_view_line(&rest);
        }
        HF_CHECK(full && lines == row[i].lines && line.len == row[i].last &&
                     (text.len == 0 || text.ptr[text.len - 1] == '\n'),
                 "base64: %zu bytes are %zu lines", row[i].len, lines);
        HF_CHECK(hf_base64_read(hf_buf_peek(&text), &back, &offset) == 0 &&
                     hf_view_same(hf_buf_peek(&back), in),
                 "base64: %zu bytes come back", row[i].len);
        hf_buf_done(&text);
        hf_buf_done(&back);
    }
}

static void test_base64_limit(void)
{
    struct hf_buf out;
    size_t offset;

    hf_buf_init(&out, 2);
    HF_CHECK(hf_base64_read(hf_view_text("Zm9v"), &out, &offset) == HF_E_LIMIT,
             "base64: more than the buffer may hold");
    hf_buf_done(&out);
}

int main(void)
{
    test_hex_read();
    test_hex_all();
    test_base64_read();
    test_base64_lines();
    test_base64_limit();
    return hf_test_end();
}
