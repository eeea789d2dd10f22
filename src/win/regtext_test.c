/* SPDX-License-Identifier: Apache-2.0 */
/* win/regtext_test.c - .reg files and Wine registries: read, changed, saved. */
#include <stdlib.h>
#include <string.h>

#include "base/utf16.h"
#include "hf_oom.h"
#include "hf_test.h"
#include "win/test_registry.h"

#define R5 "Windows Registry Editor Version 5.00\n\n"
#define R4 "REGEDIT4\r\n\r\n"
#define WINE                                                                   \
    "WINE REGISTRY Version 2\n;; All keys relative to \\\\Machine\n\n"         \
    "#arch=win64\n"

static struct hf_view bytes_of(const char *text)
{
    return hf_view_text(text);
}

static struct hf_registry *read_reg(struct hf_view bytes, struct hf_err *err)
{
    struct hf_registry *registry = NULL;

    return hf_registry_read(HF_REGISTRY_REG, "a.reg", bytes, &registry, err) < 0
               ? NULL
               : registry;
}

static bool saves(struct hf_registry *registry, struct hf_view wanted)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    struct hf_err err;
    bool same;

    hf_buf_init(&out, TEST_DUMP_MAX);
    if (hf_registry_save(registry, &out, &err) < 0)
        return false;
    same = hf_view_same(hf_buf_peek(&out), wanted);
    if (!same)
        printf("# saved: %.*s\n", (int)out.len, (const char *)out.ptr);
    return same;
}

static bool dumps(const struct hf_registry *registry, const char *wanted)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    bool same;

    test_dump(registry, &out);
    same = hf_view_is(hf_buf_peek(&out), wanted);
    if (!same)
        printf("# holds: %.*s\n", (int)out.len, (const char *)out.ptr);
    return same;
}

static bool says(const struct hf_err *err, const char *part)
{
    char text[4 * HF_ERR_TEXT];

    hf_err_text(err, text, sizeof(text));
    if (strstr(text, part))
        return true;
    printf("# says: %s\n", text);
    return false;
}

/* --- what is read -------------------------------------------------------- */

static const struct {
    const char *name, *text, *wanted;
} reads[] = {
    { "a root is shortened, keys above are made",
      R5 "[HKEY_LOCAL_MACHINE\\A\\B]\n", "HKLM\nHKLM\\A\nHKLM\\A\\B\n" },
    { "roots in short are taken", R5 "[HKCU\\A]\n[hkey_users\\B]\n",
      "HKCU\nHKCU\\A\nHKU\nHKU\\B\n" },
    { "a text with its escapes", R5 "[HKLM\\A]\n\"a\\\\b\"=\"c\\\"d\"\n",
      "HKLM\nHKLM\\A\n  a\\b=1:630022006400"
      "0000\n" },
    { "the default value", R5 "[HKLM\\A]\n@=\"\"\n",
      "HKLM\nHKLM\\A\n  =1:0000\n" },
    { "a dword, blanks and a comment",
      R5 "[HKLM\\A]\n  \"d\" = dword:1aF  ; so\n",
      "HKLM\nHKLM\\A\n  d=4:af010000\n" },
    { "hex of any type over lines",
      R5 "[HKLM\\A]\n\"a\"=hex:\n\"b\"=hex(b):01,2,\\\n  03,\\ ; c\n;c\n\n  "
         "ff\n"
         "\"c\"=hex(ffffffff):aa",
      "HKLM\nHKLM\\A\n  a=3:\n  b=11:010203ff\n  c=4294967295:aa\n" },
    { "a text over lines keeps them", R5 "[HKLM\\A]\n\"a\"=\"1\r\n2\"\n",
      "HKLM\nHKLM\\A\n  a=1:31000d000a0032000000\n" },
    { "a key twice is one, the last value wins",
      R5 "[HKLM\\A]\n\"x\"=dword:1\n[hklm\\a]\n\"X\"=dword:2\n\"y\"=hex:\n",
      "HKLM\nHKLM\\A\n  x=4:02000000\n  y=3:\n" },
    { "names outside ASCII compare without case",
      R5 "[HKLM\\\xC3\x84]\n\"\xD0\xB4\"=hex:1\n[HKLM\\\xC3\xA4]\n"
         "\"\xD0\x94\"=hex:2\n",
      "HKLM\nHKLM\\\xC3\x84\n  \xD0\xB4=3:02\n" },
    { "a value is deleted", R5 "[HKLM\\A]\n\"x\"=hex:1\n\"x\"=-\n",
      "HKLM\nHKLM\\A\n" },
    { "a key is deleted with all below",
      R5 "[HKLM\\A\\B]\n\"x\"=hex:1\n[-HKLM\\A]\n[HKLM\\C]\n",
      "HKLM\nHKLM\\C\n" },
    { "what stands below a deleted key is nothing",
      R5 "[-HKLM\\A]\n\"x\"=hex:1\n[HKLM\\B]\n", "HKLM\nHKLM\\B\n" },
    { "brackets in a name: the last one ends it", R5 "[HKLM\\A]B] tail\n",
      "HKLM\nHKLM\\A]B\n" },
    { "keys of hivexregedit without a root",
      R5 "[\\]\n\"t\"=hex:1\n[\\Microsoft]\n", "  t=3:01\nMicrosoft\n" },
    { "its texts, where only quotes are escaped",
      R5 "[HKLM\\A]\n\"a\"=str(1):\"C:\\x\\\"y\"\n\"b\"=str(2):\"z\\\"\n",
      "HKLM\nHKLM\\A\n  a=1:43003a005c00780022007900"
      "0000\n  b=2:7a005c000000\n" },
    { "REGEDIT4: texts in hex are of one byte a character",
      R4 "[HKLM\\A]\n\"\x80\"=hex(2):80,00\n\"b\"=hex:80\n\"t\"=\"\xE9\"\n",
      "HKLM\nHKLM\\A\n  \xE2\x82\xAC=2:ac200000\n  b=3:80\n  t=1:e9000000\n" },
    { "8 bits that are not UTF-8 are CP1252", R5 "[HKLM\\A]\n@=\"\x93\"\n",
      "HKLM\nHKLM\\A\n  =1:1c200000\n" },
    { "UTF-8 with a mark", "\xEF\xBB\xBF" R5 "[HKLM\\A]\n@=\"\xC3\xA9\"\n",
      "HKLM\nHKLM\\A\n  =1:e9000000\n" },
    { "lines that end with CR alone", "REGEDIT4\r\r[HKLM\\A]\r@=dword:1\r",
      "HKLM\nHKLM\\A\n  =4:01000000\n" },
    { "no end of the last line", R5 "[HKLM\\A]\n@=\"a\"",
      "HKLM\nHKLM\\A\n  =1:61000000\n" },
    { "an empty file of the form", "REGEDIT4", "" },
    { "Wine: the top is HKLM, keys and texts have its escapes",
      WINE "\n[Software\\\\A\\[\\x20ac\\]] 1700000000\n#time=1dd7a56aa125160\n"
           "\"q\\\"\\x4e2d\"=\"\\x1234\\t\\0\\101\"\n"
           "\"m\"=str(7):\"a\\0b\\0\"\n@=hex(7):61,\\\n  00\n",
      "HKLM\\Software\nHKLM\\Software\\A[\xE2\x82\xAC]\n"
      "  q\"\xE4\xB8\xAD=1:3412090000004100"
      "0000\n  m=7:610000006200"
      "00000000\n  =7:6100\n" },
    { "Wine: a user's",
      "WINE REGISTRY Version 2\n"
      ";; All keys relative to \\\\User\\\\S-1-5-21-0-0-0-1\n"
      "[A] 1\n",
      "HKCU\\A\n" },
    { "Wine: the default user's, as newer ones say it",
      "WINE REGISTRY Version 2\n"
      ";; All keys relative to REGISTRY\\\\User\\\\.Default\n[A] 1\n",
      "HKU\\.DEFAULT\\A\n" },
};

static void test_reads(void)
{
    for (size_t i = 0; i < HF_COUNT(reads); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_err err;

        registry = read_reg(bytes_of(reads[i].text), &err);
        HF_CHECK(registry && dumps(registry, reads[i].wanted), "read: %s",
                 reads[i].name);
        HF_CHECK(registry && saves(registry, bytes_of(reads[i].text)),
                 "unchanged, it is saved as it was: %s", reads[i].name);
    }
}

static const struct {
    const char *name, *text, *says;
} faults[] = {
    { "another file", "[HKLM\\A]\n", "line 1: expected 'Windows Registry" },
    { "an empty one", "", "line 1: expected" },
    { "a line that is nothing", R5 "[HKLM\\A]\n\nfoo\n",
      "line 5: expected '[key]'" },
    { "a value above all keys", R5 "\"a\"=hex:\n", "line 3: expected '[key]'" },
    { "a key without its end", R5 "[HKLM\\A\n", "line 3: expected ']'" },
    { "a key without a name", R5 "[]\n", "line 3: expected the name" },
    { "a text without its end", R5 "[HKLM\\A]\n@=\"a\nb\n",
      "line 4: expected '\"' at the end" },
    { "a name without =", R5 "[HKLM\\A]\n\"a\" hex:\n",
      "line 4: expected '='" },
    { "a value of no kind", R5 "[HKLM\\A]\n@=qword:1\n",
      "line 4: expected a t" },
    { "a dword too long", R5 "[HKLM\\A]\n@=dword:123456789\n",
      "line 4: expected 1 to 8" },
    { "half of hex", R5 "[HKLM\\A]\n@=hex:00,\\\n  01,zz\n",
      "line 5: expected two hex" },
    { "hex that goes on with something else",
      R5 "[HKLM\\A]\n@=hex:00,\\\n\"b\"=hex:\n", "line 5: expected two hex" },
    { "hex without commas", R5 "[HKLM\\A]\n@=hex:000102\n",
      "line 4: expected" },
    { "a type without its end", R5 "[HKLM\\A]\n@=hex(1:00\n",
      "line 4: expected '):'" },
    { "more after a text", R5 "[HKLM\\A]\n@=\"a\"b\n",
      "line 4: expected the end" },
    { "Wine: a key before the top is told", "WINE REGISTRY Version 2\n[A] 1\n",
      "line 2: expected ';; All keys" },
    { "Wine: a top that is none",
      "WINE REGISTRY Version 2\n;; All keys relative to \\\\Foo\n",
      "line 2: expected '\\\\Machine'" },
    { "Wine: what deletes", WINE "[A] 1\n\"a\"=-\n", "line 6: expected a t" },
    { "half a character of UTF-16", "\xFF\xFER", "offset 2" },
};

static void test_faults(void)
{
    for (size_t i = 0; i < HF_COUNT(faults); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_err err = { 0 };

        registry = read_reg(bytes_of(faults[i].text), &err);
        HF_CHECK(!registry && err.code == HF_E_PARSE &&
                     says(&err, faults[i].says),
                 "refused: %s", faults[i].name);
    }
}

/* `text` in another encoding. */
static void encode(const char *text, bool big, struct hf_buf *out)
{
    hf_buf_init(out, 1024 * 1024);
    hf_buf_add(out, "\xFF\xFE", 2);
    hf_utf8_to_utf16le(out, hf_view_text(text));
    for (size_t i = 0; big && i + 1 < out->len; i += 2) {
        uint8_t low = out->ptr[i];

        out->ptr[i] = out->ptr[i + 1];
        out->ptr[i + 1] = low;
    }
}

static void test_encodings(void)
{
    static const char text[] = R5
        "[HKEY_USERS\\\xF0\x9F\x98\x80]\r\n\"\xC3\xA9\"=\"\xE2\x82\xAC\"\r\n";

    for (int big = 0; big < 2; big++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
        struct hf_err err;

        encode(text, big, &bytes);
        registry = read_reg(hf_buf_peek(&bytes), &err);
        HF_CHECK(registry && dumps(registry, "HKU\nHKU\\\xF0\x9F\x98\x80\n"
                                             "  \xC3\xA9=1:ac200000\n"),
                 "UTF-16%s is read", big ? "BE" : "LE");
        HF_CHECK(registry && saves(registry, hf_buf_peek(&bytes)),
                 "UTF-16%s is saved as it was", big ? "BE" : "LE");
    }
}

/* Windows keeps texts that are not good UTF-16, and regedit writes them. */
static void test_lone_surrogate(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_err err;
    size_t at;

    encode(R5 "[HKLM\\A]\n\"#\"=\"#\"\n", false, &bytes);
    for (at = 0; at < bytes.len; at++)
        if (bytes.ptr[at] == '#') {
            bytes.ptr[at] = 0x3D;
            bytes.ptr[at + 1] = 0xD8;
        }
    registry = read_reg(hf_buf_peek(&bytes), &err);
    HF_CHECK(registry &&
                 dumps(registry, "HKLM\nHKLM\\A\n  \xEF\xBF\xBD=1:3dd80000\n"),
             "half a surrogate pair: kept in data, U+FFFD in a name");
    HF_CHECK(registry && saves(registry, hf_buf_peek(&bytes)),
             "half a surrogate pair is saved as it was");
}

/* --- what is changed ----------------------------------------------------- */

static int set(struct hf_registry *registry, const char *key, const char *name,
               uint32_t type, struct hf_view data, struct hf_err *err)
{
    const struct hf_reg_value value = { (char *)name, type, (uint8_t *)data.ptr,
                                        data.len };

    return hf_registry_set(registry, key, &value, err);
}

static int set_text(struct hf_registry *registry, const char *key,
                    const char *name, const char *text, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf data = { 0 };

    hf_buf_init(&data, 4096);
    hf_utf8_to_utf16le(&data, hf_view_text(text));
    hf_buf_add(&data, "\0", 2);
    if (hf_buf_check(&data, err) < 0)
        return hf_err_code(err);
    return set(registry, key, name, HF_REG_SZ, hf_buf_peek(&data), err);
}

enum what { SET, SET_TEXT, UNSET, DROP, TELL };

static const struct {
    const char *name, *text;
    enum what what;
    const char *key, *value, *data, *wanted;
} changes[] = {
    { "a value is changed where it stands", R5 "[HKLM\\A]\n\"a\"=hex:1\n;c\n",
      SET, "HKLM\\a", "A", "\x02", R5 "[HKLM\\A]\n\"a\"=hex:02\n;c\n" },
    { "the same value changes nothing", R5 "[HKLM\\A]\n\"a\"=hex:1\n", SET,
      "HKLM\\A", "a", "\x01", R5 "[HKLM\\A]\n\"a\"=hex:1\n" },
    { "a new value stands at the end of its section",
      R5 "[HKLM\\A]\n\"a\"=hex:1\n\n[HKLM\\B]\n", SET, "HKLM\\A", "b", "\x02",
      R5 "[HKLM\\A]\n\"a\"=hex:1\n\"b\"=hex:02\n\n[HKLM\\B]\n" },
    { "a new key stands at the end, with those above it",
      R5 "[HKLM\\S\\A]\n@=hex:1", SET, "HKEY_LOCAL_MACHINE\\S\\B\\C", "",
      "\x02",
      R5 "[HKLM\\S\\A]\n@=hex:1\n\n[HKEY_LOCAL_MACHINE\\S\\B]\n\n"
         "[HKEY_LOCAL_MACHINE\\S\\B\\C]\n@=hex:02\n\n" },
    { "in place of what deleted it", R5 "[HKLM\\A]\n\"a\"=-\n\"b\"=hex:\n", SET,
      "HKLM\\A", "a", "\x02", R5 "[HKLM\\A]\n\"a\"=hex:02\n\"b\"=hex:\n" },
    { "of two lines the last is changed, the first goes",
      R5 "[HKLM\\A]\n\"a\"=hex:1\n\"a\"=hex:2\n", SET, "HKLM\\A", "a", "\x03",
      R5 "[HKLM\\A]\n\"a\"=hex:03\n" },
    { "after [-KEY] a section is made anew", R5 "[HKLM\\A\\B]\n[-HKLM\\A]\n",
      SET, "HKLM\\A", "a", "\x03",
      R5 "[HKLM\\A\\B]\n[-HKLM\\A]\n\n[HKEY_LOCAL_MACHINE\\A]\n"
         "\"a\"=hex:03\n\n" },
    { "UTF-8: a text outside ASCII stands in hex", R5 "[HKLM\\A]\n", SET_TEXT,
      "HKLM\\A", "a", "\xC3\xA9", R5 "[HKLM\\A]\n\"a\"=hex(1):e9,00,00,00\n" },
    { "a text with a line in it stands in hex", R5 "[HKLM\\A]\n", SET_TEXT,
      "HKLM\\A", "a", "\n", R5 "[HKLM\\A]\n\"a\"=hex(1):0a,00,00,00\n" },
    { "REGEDIT4 keeps its bytes", R4 "[HKLM\\A]\r\n", SET_TEXT, "HKLM\\A",
      "\xE2\x82\xAC", "\xC3\xA9", R4 "[HKLM\\A]\r\n\"\x80\"=\"\xE9\"\r\n" },
    { "all lines of a value go", R5 "[HKLM\\A]\n@=hex:1\n;c\n@=hex:2\n", UNSET,
      "HKLM\\A", "", NULL, R5 "[HKLM\\A]\n;c\n" },
    { "no value goes", R5 "[HKLM\\A]\n", UNSET, "HKLM\\A", "x", NULL,
      R5 "[HKLM\\A]\n" },
    { "all sections of a key go, and of those below",
      R5 "[HKLM\\A]\n@=hex:1\n\n[HKLM\\B]\n\n[HKLM\\a\\c]\n;x\n[hklm\\A]\n",
      DROP, "HKLM\\A", NULL, NULL, R5 "[HKLM\\B]\n\n" },
    { "an instruction takes the place of the value",
      R5 "[HKLM\\A]\n\"a\"=hex:1\n\"a\"=hex:2\n", TELL, "HKLM\\A", "a", NULL,
      R5 "[HKLM\\A]\n\"a\"=-\n" },
    { "an instruction of its own", R5, TELL, "HKCU\\A", "", NULL,
      R5 "[HKEY_CURRENT_USER\\A]\n@=-\n\n" },
    { "Wine: escaped, and its lines are kept",
      WINE "\n[Software\\\\A] 17\n#time=1\n\n[B] 1\n", SET_TEXT,
      "HKLM\\Software\\A", "n\"",
      "\xE2\x82\xAC"
      "a\t",
      WINE "\n[Software\\\\A] 17\n#time=1\n\"n\\\"\"=\"\\x20aca\\t\"\n\n"
           "[B] 1\n" },
    { "Wine: a new key", WINE "\n[B] 1\n#time=1", SET, "HKLM\\C\\[D]", "",
      "\x01", WINE "\n[B] 1\n#time=1\n\n[C\\\\\\[D\\]]\n@=hex:01\n" },
    { "keys without roots stay so", R5 "[\\A]\n", SET, "B\\C", "x", "\x01",
      R5 "[\\A]\n\n[\\B]\n\n[\\B\\C]\n\"x\"=hex:01\n\n" },
};

static int change(struct hf_registry *registry, size_t i, struct hf_err *err)
{
    const char *key = changes[i].key, *value = changes[i].value;

    switch (changes[i].what) {
    case SET:
        return set(registry, key, value, HF_REG_BINARY,
                   hf_view_text(changes[i].data), err);
    case SET_TEXT:
        return set_text(registry, key, value, changes[i].data, err);
    case UNSET:
        return hf_registry_unset(registry, key, value, err);
    case DROP:
        return hf_registry_drop(registry, key, err);
    case TELL:
        break;
    }
    return hf_registry_tell_unset(registry, key, value, err);
}

/* What is saved reads as what is in memory. */
static bool comes_back(struct hf_registry *registry)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *again = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 }, here = { 0 }, there = { 0 };
    struct hf_err err;

    hf_buf_init(&out, TEST_DUMP_MAX);
    if (hf_registry_save(registry, &out, &err) < 0)
        return false;
    again = read_reg(hf_buf_peek(&out), &err);
    if (!again)
        return false;
    test_dump(registry, &here);
    test_dump(again, &there);
    return hf_view_same(hf_buf_peek(&here), hf_buf_peek(&there));
}

static void test_changes(void)
{
    for (size_t i = 0; i < HF_COUNT(changes); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_err err;
        int rc;

        registry = read_reg(bytes_of(changes[i].text), &err);
        rc = registry ? change(registry, i, &err) : -1;
        HF_CHECK(rc == 0 && saves(registry, bytes_of(changes[i].wanted)),
                 "change: %s", changes[i].name);
        HF_CHECK(rc == 0 && comes_back(registry), "it comes back: %s",
                 changes[i].name);
    }
}

static const struct {
    const char *name, *text, *key, *value, *data;
    bool tell;
} refusals[] = {
    { "a control character in a key", R5, "HKLM\\a\nb", "x", "", false },
    { "no root", R5, "", "x", "", false },
    { "a key that would be an instruction", R5, "-HKLM\\A", "x", "", false },
    { "REGEDIT4: a text it has no bytes for", R4, "HKLM\\A", "x",
      "\xE4\xB8\xAD", false },
    { "REGEDIT4: a name it has no bytes for", R4, "HKLM\\A", "\xE4\xB8\xAD",
      "x", false },
    { "a name that is not UTF-8", R5, "HKLM\\A", "\xFF", "x", false },
    { "Wine: an instruction", WINE, "HKLM\\A", "x", NULL, true },
    { "Wine: a key outside", WINE, "HKCU\\A", "x", "", false },
};

static void test_refusals(void)
{
    for (size_t i = 0; i < HF_COUNT(refusals); i++) {
        HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
        struct hf_err err = { 0 };
        int rc = 0;

        registry = read_reg(bytes_of(refusals[i].text), &err);
        if (registry)
            rc = refusals[i].tell
                     ? hf_registry_tell_unset(registry, refusals[i].key,
                                              refusals[i].value, &err)
                     : set_text(registry, refusals[i].key, refusals[i].value,
                                refusals[i].data, &err);
        HF_CHECK(rc == HF_E_USAGE &&
                     saves(registry, bytes_of(refusals[i].text)),
                 "cannot be said: %s", refusals[i].name);
    }
}

static void test_new(void)
{
    static const char wanted[] =
        "Windows Registry Editor Version 5.00\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n\r\n"
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n"
        "\"Blob\"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,"
        "13,14,15,\\\r\n  16,17,18,19\r\n"
        "\"\xC3\xA9\"=\"\xE2\x82\xAC\"\r\n\r\n";
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    uint8_t blob[26];
    struct hf_err err;
    bool good;

    for (uint8_t i = 0; i < sizeof(blob); i++)
        blob[i] = i;
    encode(wanted, false, &bytes);
    good = hf_registry_new(HF_REGISTRY_REG, &registry, &err) == 0 &&
           set(registry, "HKLM\\SOFTWARE\\A", "Blob", HF_REG_BINARY,
               hf_view(blob, sizeof(blob)), &err) == 0 &&
           set_text(registry, "HKLM\\SOFTWARE\\A", "\xC3\xA9", "\xE2\x82\xAC",
                    &err) == 0;
    HF_CHECK(good && saves(registry, hf_buf_peek(&bytes)),
             "a new file is regedit's own form");
    HF_CHECK(good && comes_back(registry), "a new file comes back");
}

/* What is left must not read as another encoding. */
static void test_ambiguous(void)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    struct hf_err err = { 0 };

    hf_buf_init(&out, 4096);
    registry = read_reg(
        bytes_of(R5 "[HKLM\\A]\n\"a\"=\"\xE9\"\n\"b\"=\"\xC3\xA9\"\n"), &err);
    HF_CHECK(registry &&
                 hf_registry_unset(registry, "HKLM\\A", "a", &err) == 0 &&
                 hf_registry_save(registry, &out, &err) == HF_E_USAGE,
             "CP1252 that would read as UTF-8 is not written");
    out.len = 0;
    HF_CHECK(
        registry && hf_registry_unset(registry, "HKLM\\A", "b", &err) == 0 &&
            hf_registry_save(registry, &out, &err) == 0 && comes_back(registry),
        "ASCII alone is");
}

/* A part of a file of Wine, cut out: its name tells where it stands. */
static void test_wine_part(void)
{
    static const char text[] = "[Software\\\\A] 1\n#time=1\n@=\"x\"\n";
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    struct hf_err err;
    int rc = hf_registry_read(HF_REGISTRY_REG, "/x/.wine/system.reg",
                              hf_view_text(text), &registry, &err);

    HF_CHECK(rc == 0 && hf_registry_has(registry, "HKLM\\software\\a"),
             "Wine: without its first lines, system.reg is the machine's");
    HF_CHECK(rc == 0 && hf_registry_incomplete(registry) &&
                 hf_registry_drop(registry, "HKLM\\Software", &err) ==
                     HF_E_DENIED,
             "Wine: without its first lines it is not written to");
}

/* --- memory and mangled files -------------------------------------------- */

static int read_change_save(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    struct hf_reg_values values = { 0 };
    struct hf_names names = { 0 };

    hf_buf_init(&out, 65536);
    if (hf_registry_read(HF_REGISTRY_REG, "a.reg", hf_view_text(arg), &registry,
                         err) < 0 ||
        set(registry, "HKLM\\N\\M", "Blob", HF_REG_BINARY, hf_view("a", 1),
            err) < 0 ||
        hf_registry_keys(registry, "HKLM", &names, err) < 0)
        return hf_err_code(err);
    hf_names_done(&names);
    if (hf_registry_values(registry, "HKLM\\A", &values, err) < 0)
        return hf_err_code(err);
    hf_reg_values_done(&values);
    if (set_text(registry, "HKLM\\A", "a", "\xC3\xA9", err) < 0)
        return hf_err_code(err);
    return hf_registry_save(registry, &out, err);
}

static int make_and_save(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };

    (void)arg;
    hf_buf_init(&out, 65536);
    if (hf_registry_new(HF_REGISTRY_REG, &registry, err) < 0 ||
        set_text(registry, "HKLM\\A\\B", "a", "b", err) < 0 ||
        hf_registry_tell_unset(registry, "HKLM\\A\\B", "a", err) < 0)
        return hf_err_code(err);
    return hf_registry_save(registry, &out, err);
}

static void test_memory(void)
{
    static char five[] = R5 "[HKLM\\A]\n\"a\"=\"b\"\n\"\xC3\xA9\"=hex:1\n";
    static char four[] = R4 "[HKLM\\A]\n\"a\"=hex(2):61,00\n";
    static char wine[] =
        WINE "[A] 1\n#time=1\n\"a\"=\"b\"\n@=str(7):\"a\\0\"\n";

    hf_oom_test("version 5", HF_OOM_ALL, read_change_save, five);
    hf_oom_test("REGEDIT4", HF_OOM_ALL, read_change_save, four);
    hf_oom_test("Wine", HF_OOM_ALL, read_change_save, wine);
    hf_oom_test("a new one", HF_OOM_ALL, make_and_save, NULL);
}

/* Returns false when a refusal does not say where. */
static bool survives(struct hf_view bytes, unsigned *refused)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_free_ptr) uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    char text[4 * HF_ERR_TEXT];
    struct hf_err err;

    if (!copy)
        return false;
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    registry = read_reg(hf_view(copy, bytes.len), &err);
    if (registry)
        return comes_back(registry);
    ++*refused;
    hf_err_text(&err, text, sizeof(text));
    return strstr(text, "line ") || strstr(text, "offset ");
}

static void mangle(const char *name, struct hf_buf *bytes)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xFF };
    unsigned refused = 0, bad = 0;

    for (size_t at = 0; at < bytes->len; at++) {
        bad += !survives(hf_view(bytes->ptr, at), &refused);
        for (size_t i = 0; i < HF_COUNT(flips); i++) {
            bytes->ptr[at] ^= flips[i];
            bad += !survives(hf_buf_peek(bytes), &refused);
            bytes->ptr[at] ^= flips[i];
        }
    }
    HF_CHECK(bad == 0 && refused > 0,
             "mangled at every byte, %s comes back or says where", name);
}

static void test_mangled(void)
{
    static const char five[] =
        R5 "[HKLM\\A\\B]\r\n\"a\"=\"b\\\\c\"\r\n\"d\"=-\r\n@=hex(7):00,01,"
           "\\\r\n  02\r\n\r\n[-HKLM\\C]\r\n\"x\"=dword:1\r\n";
    static const char *const texts[] = {
        five, R4 "[HKLM\\A]\n\"\x80\"=hex(2):61,00\n@=\"\xE9\"\n",
        WINE "[A\\\\B] 1\n#time=1\n\"a\\x20ac\"=\"\\0\\x12\"\n@=str(7):\"a\"\n"
    };
    struct hf_buf bytes;

    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        hf_buf_init(&bytes, 65536);
        hf_buf_text(&bytes, texts[i]);
        mangle(texts[i] == five ? "UTF-8"
               : i == 1         ? "REGEDIT4"
                                : "Wine",
               &bytes);
        hf_buf_done(&bytes);
    }
    encode(five, false, &bytes);
    mangle("UTF-16LE", &bytes);
    hf_buf_done(&bytes);
}

int main(void)
{
    test_reads();
    test_faults();
    test_encodings();
    test_lone_surrogate();
    test_changes();
    test_refusals();
    test_new();
    test_ambiguous();
    test_wine_part();
    test_memory();
    test_mangled();
    return hf_test_end();
}
