/* SPDX-License-Identifier: Apache-2.0 */
/* win/regcode_test.c - encodings of .reg files, there and back. */
#include "win/regcode.h"

#include "hf_test.h"

static const struct {
    const char *name, *bytes;
    size_t len;
    enum hf_regcode_kind kind;
    bool mark;
    const char *text;
} files[] = {
    { "UTF-16LE", "\xFF\xFE\xE9\0\xAC\x20", 6, HF_REGCODE_UTF16LE, true,
      "\xC3\xA9\xE2\x82\xAC" },
    { "UTF-16BE", "\xFE\xFF\0\xE9\x20\xAC", 6, HF_REGCODE_UTF16BE, true,
      "\xC3\xA9\xE2\x82\xAC" },
    { "UTF-16LE without a mark", "W\0i\0", 4, HF_REGCODE_UTF16LE, false, "Wi" },
    { "UTF-16BE without a mark", "\0W\0i", 4, HF_REGCODE_UTF16BE, false, "Wi" },
    { "a pair of surrogates", "\xFF\xFE\x3D\xD8\x00\xDE", 6, HF_REGCODE_UTF16LE,
      true, "\xF0\x9F\x98\x80" },
    { "the first half of one", "\xFF\xFE\x3D\xD8\x41\x00", 6,
      HF_REGCODE_UTF16LE, true,
      "\xED\xA0\xBD"
      "A" },
    { "the second half", "\xFF\xFE\x00\xDE", 4, HF_REGCODE_UTF16LE, true,
      "\xED\xB8\x80" },
    { "UTF-8 with a mark", "\xEF\xBB\xBF\xC3\xA9", 5, HF_REGCODE_UTF8, true,
      "\xC3\xA9" },
    { "UTF-8", "a\xC3\xA9", 3, HF_REGCODE_UTF8, false, "a\xC3\xA9" },
    { "CP1252", "\xE9z\x80\x81", 4, HF_REGCODE_CP1252, false,
      "\xC3\xA9z\xE2\x82\xAC\xC2\x81" },
    { "REGEDIT4 is CP1252", "REGEDIT4\xC3\xA9", 10, HF_REGCODE_CP1252, false,
      "REGEDIT4\xC3\x83\xC2\xA9" },
    { "nothing", "", 0, HF_REGCODE_UTF8, false, "" },
};

static void test_files(void)
{
    for (size_t i = 0; i < HF_COUNT(files); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf text = { 0 }, again = { 0 };
        struct hf_view bytes = hf_view(files[i].bytes, files[i].len);
        struct hf_regcode code = { 0 };
        struct hf_err err;
        int rc;

        hf_buf_init(&text, 4096);
        hf_buf_init(&again, 4096);
        rc = hf_regcode_read(bytes, &text, &code, &err);
        HF_CHECK(rc == 0 && code.kind == files[i].kind &&
                     code.mark == files[i].mark &&
                     hf_view_is(hf_buf_peek(&text), files[i].text),
                 "%s is read", files[i].name);
        hf_regcode_mark(&code, &again);
        hf_regcode_write(&code, hf_buf_peek(&text), &again);
        HF_CHECK(hf_view_same(hf_buf_peek(&again), bytes),
                 "%s is written as it was", files[i].name);
    }
}

/* All 256 bytes come back. */
static void test_cp1252(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf wide = { 0 }, back = { 0 };
    uint8_t bytes[256];
    struct hf_err err;

    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    hf_buf_init(&wide, 4096);
    hf_buf_init(&back, 4096);
    hf_cp1252_to_utf16le(hf_view(bytes, sizeof(bytes)), &wide);
    HF_CHECK(wide.len == 512 &&
                 hf_utf16le_to_cp1252(hf_buf_peek(&wide), &back, &err) == 0 &&
                 hf_view_same(hf_buf_peek(&back), hf_view(bytes, 256)),
             "every byte of CP1252 comes back");
    HF_CHECK(hf_utf16le_to_cp1252(hf_view("\x2d\x4e", 2), &back, &err) ==
                     HF_E_USAGE &&
                 hf_utf16le_to_cp1252(hf_view("a", 1), &back, &err) ==
                     HF_E_USAGE,
             "what it does not have is refused");
}

static void test_has(void)
{
    const struct hf_regcode ansi = { HF_REGCODE_CP1252, false };
    const struct hf_regcode utf16 = { HF_REGCODE_UTF16LE, true };

    HF_CHECK(hf_regcode_has(&ansi, hf_view_text("\xE2\x82\xAC")) &&
                 !hf_regcode_has(&ansi, hf_view_text("\xE4\xB8\xAD")),
             "CP1252 has the euro, and no Han character");
    HF_CHECK(hf_regcode_has(&utf16, hf_view_text("\xE4\xB8\xAD")) &&
                 !hf_regcode_has(&utf16, hf_view_text("\xED\xA0\xBD")),
             "UTF-16 has what UTF-8 has, half a pair is not good text");
}

int main(void)
{
    test_files();
    test_cp1252();
    test_has();
    return hf_test_end();
}
