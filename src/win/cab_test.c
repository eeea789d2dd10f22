/* SPDX-License-Identifier: Apache-2.0 */
/* win/cab_test.c - cabinets: taken apart, put together, damaged. */
#include "win/cab.h"

#include "hf_mangle.h"
#include "hf_oom.h"

#define TIME_S 1750000001 /* 2025-06-15 15:06:41 */

/* [MS-CAB] 2.1 to 2.4: where our one-file cabinets have it */
enum {
    AT_FOLDERS = 26,
    AT_FILES = 28,
    AT_FLAGS = 30,
    AT_METHOD = 42,
    AT_FILE_LEN = 44,
    AT_FILE_OFFSET = 48,
    AT_DATE = 54,
    AT_NAME = 60
};

static struct hf_buf stored(const char *name, struct hf_view member)
{
    struct hf_buf cab;
    struct hf_err err;

    hf_buf_init(&cab, 2 * HF_CAB_MEMBER_MAX);
    if (hf_cab_store(&cab, name, member, TIME_S, &err) < 0)
        hf_buf_done(&cab);
    return cab;
}

static void put(struct hf_buf *cab, size_t at, uint32_t n, size_t len)
{
    for (size_t i = 0; i < len; i++)
        cab->ptr[at + i] = (uint8_t)(n >> 8 * i);
}

/* One block that was compressed by `method` from `len` bytes. The check sum 0
 * stands for none. */
static struct hf_buf packed(unsigned method, struct hf_view block, uint32_t len)
{
    struct hf_buf cab = stored("a.stl", block);
    size_t data = AT_NAME + sizeof("a.stl");

    put(&cab, AT_METHOD, method, 2);
    put(&cab, AT_FILE_LEN, len, 4);
    put(&cab, data, 0, 4);
    put(&cab, data + 6, len, 2);
    return cab;
}

static bool gives(const struct hf_buf *cab, const char *suffix,
                  struct hf_view want)
{
    HF_AUTO(hf_buf_done) struct hf_buf member = { 0 };
    struct hf_err err;

    hf_buf_init(&member, HF_CAB_MEMBER_MAX);
    return hf_cab_extract(hf_buf_peek(cab), suffix, &member, &err) == 0 &&
           hf_view_same(hf_buf_peek(&member), want);
}

static void test_round_trip(void)
{
    static const size_t len[] = { 0, 1,    2,     3,     4,     5,
                                  7, 1000, 32767, 32768, 32769, 100003 };
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };

    hf_buf_init(&bytes, 200000);
    for (unsigned i = 0; i < 100003; i++)
        hf_buf_add(&bytes, &(uint8_t){ (uint8_t)(i * 7 + i / 251) }, 1);
    for (size_t i = 0; i < HF_COUNT(len); i++) {
        HF_AUTO(hf_buf_done)
        struct hf_buf cab = stored("x.stl", hf_view(bytes.ptr, len[i]));

        HF_CHECK(hf_cab_is(hf_buf_peek(&cab)) &&
                     gives(&cab, ".STL", hf_view(bytes.ptr, len[i])),
                 "round trip: %zu bytes", len[i]);
    }
}

static void test_methods(void)
{
    /* "CK", then deflate's stored block: RFC 1951 3.2.4 */
    static const char mszip[] = "CK\1\5\0\xfa\xffhello";
    /* no translation, an uncompressed block of 5 bytes, three offsets:
     * [MS-PATCH] 2.4, 2.5 */
    static const char lzx[] = "\0\x30\x50\0\1\0\0\0\1\0\0\0\1\0\0\0hello";
    HF_AUTO(hf_buf_done)
    struct hf_buf a = packed(1, hf_view(mszip, sizeof(mszip) - 1), 5);
    HF_AUTO(hf_buf_done)
    struct hf_buf b = packed(0x0f03, hf_view(lzx, sizeof(lzx)), 5);
    HF_AUTO(hf_buf_done)
    struct hf_buf c = packed(4, hf_view(mszip, sizeof(mszip) - 1), 5);

    HF_CHECK(gives(&a, "a.stl", hf_view_text("hello")), "method: MSZIP");
    HF_CHECK(gives(&b, "a.stl", hf_view_text("hello")), "method: LZX");
    HF_CHECK(!gives(&c, "a.stl", hf_view_text("hello")), "method: no such");
}

/* --- what is refused ----------------------------------------------------- */

static int extract(struct hf_view bytes, const char *suffix, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf member = { 0 };

    hf_buf_init(&member, 1000);
    return hf_cab_extract(bytes, suffix, &member, err);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *suffix;
        size_t at, len;
        uint32_t value;
        int rc;
        const char *want;
    } row[] = {
        { "no such file", ".crt", 0, 0, 0, HF_E_ABSENT, "no file" },
        { "a part of a set", ".stl", AT_FLAGS, 2, 1, HF_E_PARSE, "offset 30" },
        { "the other part", ".stl", AT_FLAGS, 2, 2, HF_E_PARSE, "offset 30" },
        { "many folders", ".stl", AT_FOLDERS, 2, 65535, HF_E_LIMIT,
          "offset 26" },
        { "many files", ".stl", AT_FILES, 2, 65535, HF_E_LIMIT, "offset 28" },
        { "folders that are not there", ".stl", AT_FOLDERS, 2, 200, HF_E_PARSE,
          "offset " },
        { "a file of 2 GB", ".stl", AT_FILE_LEN, 4, 0x7fff0000, HF_E_LIMIT,
          "'a.stl' in" },
        { "a file behind 2 GB", ".stl", AT_FILE_OFFSET, 4, 0x7fff0000,
          HF_E_LIMIT, "'a.stl' in" },
        { "another length", ".stl", AT_FILE_LEN, 4, 6, HF_E_PARSE, "offset " },
        { "another byte", ".stl", 74, 1, 'j', HF_E_PARSE, "offset " },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done)
        struct hf_buf cab = stored("a.stl", hf_view_text("hello"));
        struct hf_err err = { 0 };

        put(&cab, row[i].at, row[i].value, row[i].len);
        HF_CHECK(
            extract(hf_buf_peek(&cab), row[i].suffix, &err) == row[i].rc &&
                hf_view_starts(hf_view_text(err.frame[0].text), row[i].want),
            "refused: %s", row[i].name);
    }
}

static void test_limits(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf big = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf cab = { 0 };
    struct hf_err err = { 0 };
    char name[300];

    hf_buf_init(&big, 2000);
    for (int i = 0; i < 1001; i++)
        hf_buf_add(&big, "x", 1);
    cab = stored("a.stl", hf_buf_peek(&big));
    HF_CHECK(extract(hf_buf_peek(&cab), ".stl", &err) == HF_E_LIMIT,
             "limit: more than the caller's buffer takes");
    memset(name, 'n', sizeof(name));
    name[256] = '\0';
    HF_CHECK(hf_cab_store(&big, name, hf_view_text("x"), 0, &err) == HF_E_USAGE,
             "limit: a name of 256 bytes");
    HF_CHECK(hf_cab_store(&big, "", hf_view_text("x"), 0, &err) == HF_E_USAGE,
             "limit: no name");
    HF_CHECK(hf_cab_store(&big, "x",
                          hf_view(big.ptr, HF_CAB_MEMBER_MAX + (size_t)1), 0,
                          &err) == HF_E_LIMIT,
             "limit: a file that is too large");
    HF_CHECK(extract(hf_view_text("MSCF"), ".stl", &err) == HF_E_PARSE &&
                 extract(hf_view_text("MZ"), ".stl", &err) == HF_E_PARSE &&
                 extract(hf_view(NULL, 0), ".stl", &err) == HF_E_PARSE,
             "limit: too short, or something else");
}

static void test_time(void)
{
    static const struct {
        const char *name;
        int64_t time_s;
        uint32_t want; /* date, and time in the upper half */
    } row[] = {
        { "2025-06-15 15:06:40", TIME_S, 0x78d45acf },
        { "before 1980", 0, 0x00000021 },
        { "past 2107", 99999999999, 0xbf7dff9f },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_buf_done) struct hf_buf cab = { 0 };
        struct hf_err err;
        const uint8_t *at;

        hf_buf_init(&cab, 1000);
        if (hf_cab_store(&cab, "a", hf_view_text("b"), row[i].time_s, &err) < 0)
            continue;
        at = cab.ptr + AT_DATE;
        HF_CHECK((at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
                  (uint32_t)at[3] << 24) == row[i].want,
                 "time: %s", row[i].name);
    }
}

/* --- damage, and no memory ----------------------------------------------- */

static int read_cab(struct hf_view bytes, void *user, struct hf_err *err)
{
    (void)user;
    return extract(bytes, ".stl", err);
}

static void test_mangled(void)
{
    static const char mszip[] = "CK\1\5\0\xfa\xffhello";
    HF_AUTO(hf_buf_done)
    struct hf_buf a = stored("a.stl", hf_view_text("hello"));
    HF_AUTO(hf_buf_done)
    struct hf_buf b = packed(1, hf_view(mszip, sizeof(mszip) - 1), 5);

    HF_CHECK(hf_mangle(hf_buf_peek(&a), read_cab, NULL) == 0,
             "mangled: stored");
    HF_CHECK(hf_mangle(hf_buf_peek(&b), read_cab, NULL) == 0, "mangled: MSZIP");
}

static int both_ways(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf cab = { 0 };

    (void)arg;
    hf_buf_init(&cab, 1000);
    if (hf_cab_store(&cab, "a.stl", hf_view_text("hello"), 0, err) < 0)
        return hf_err_code(err);
    return extract(hf_buf_peek(&cab), ".stl", err);
}

static int unpack(void *arg, struct hf_err *err)
{
    return extract(hf_buf_peek(arg), ".stl", err);
}

int main(void)
{
    static const char mszip[] = "CK\1\5\0\xfa\xffhello";
    HF_AUTO(hf_buf_done)
    struct hf_buf cab = packed(1, hf_view(mszip, sizeof(mszip) - 1), 5);

    test_round_trip();
    test_methods();
    test_refused();
    test_limits();
    test_time();
    test_mangled();
    hf_oom_test("stored", HF_OOM_ALL, both_ways, NULL);
    hf_oom_test("MSZIP", HF_OOM_ALL, unpack, &cab);
    return hf_test_end();
}
