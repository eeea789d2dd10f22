/* SPDX-License-Identifier: Apache-2.0 */
/* base/rd_test.c - a cursor that never passes the end, and stays bad. */
#include "base/rd.h"

#include "base/auto.h"
#include "hf_test.h"

static const uint8_t four[] = { 0x01, 0x02, 0xfe, 0xff };

static void test_numbers(void)
{
    static const struct {
        size_t bytes;
        uint32_t want;
        size_t left;
        bool bad;
    } row[] = {
        { 0, 0, 4, false },          { 1, 0x01, 3, false },
        { 2, 0x0102, 2, false },     { 3, 0x0102fe, 1, false },
        { 4, 0x0102feff, 0, false }, { 5, 0, 0, true },
        { SIZE_MAX, 0, 0, true },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_rd rd = hf_rd(hf_view(four, sizeof(four)));
        uint32_t n = hf_rd_uint(&rd, row[i].bytes);

        HF_CHECK(n == row[i].want && rd.left == row[i].left &&
                     rd.bad == row[i].bad,
                 "a number of %zu bytes out of four", row[i].bytes);
    }
}

static void test_bytes(void)
{
    struct hf_rd rd = hf_rd(hf_view(four, sizeof(four)));
    struct hf_view v = hf_rd_bytes(&rd, 3);

    HF_CHECK(v.ptr == four && v.len == 3 && rd.left == 1, "three bytes");
    v = hf_rd_bytes(&rd, 2);
    HF_CHECK(v.len == 0 && rd.bad && rd.left == 0, "two are not there");
    v = hf_rd_bytes(&rd, 1);
    HF_CHECK(v.len == 0 && hf_rd_uint(&rd, 1) == 0 && rd.bad,
             "after that not even one is given");
}

static void test_empty(void)
{
    struct hf_rd rd = hf_rd(hf_view(NULL, 0));

    HF_CHECK(hf_rd_bytes(&rd, 0).len == 0 && !rd.bad,
             "nothing of nothing is fine");
    HF_CHECK(hf_rd_uint(&rd, 1) == 0 && rd.bad, "one byte of nothing is not");
}

static void test_nested(void)
{
    static const uint8_t list[] = { 0, 3, 'a', 'b', 'c', 9 };
    struct hf_rd rd = hf_rd(hf_view(list, sizeof(list)));
    struct hf_rd inner = hf_rd(hf_rd_bytes(&rd, hf_rd_uint(&rd, 2)));

    HF_CHECK(hf_view_is(hf_rd_bytes(&inner, 3), "abc") && inner.left == 0 &&
                 !inner.bad,
             "a list inside ends at its own length");
    HF_CHECK(hf_rd_uint(&rd, 1) == 9 && rd.left == 0 && !rd.bad,
             "what follows it is still there");
}

int main(void)
{
    test_numbers();
    test_bytes();
    test_empty();
    test_nested();
    return hf_test_end();
}
