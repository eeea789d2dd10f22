/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf_test.c - growing, the maximum, and staying bad. */
#include "base/buf.h"

#include "hf_oom.h"
#include "hf_test.h"

#define GROW_BYTES 100000 /* several doublings */

static void test_grow(void)
{
    struct hf_buf buf;
    struct hf_err err;
    bool same = true;

    hf_buf_init(&buf, GROW_BYTES);
    for (size_t i = 0; i < GROW_BYTES; i++) {
        uint8_t byte = (uint8_t)(i * 31 >> 3);

        hf_buf_add(&buf, &byte, 1);
    }
    for (size_t i = 0; i < buf.len; i++)
        same &= buf.ptr[i] == (uint8_t)(i * 31 >> 3);
    HF_CHECK(hf_buf_check(&buf, &err) == 0 && buf.len == GROW_BYTES && same,
             "bytes one by one up to the maximum");
    hf_buf_text(&buf, "x");
    HF_CHECK(hf_buf_check(&buf, &err) == HF_E_LIMIT && buf.len == GROW_BYTES,
             "one more is refused: %s", err.frame[0].text);
    hf_buf_done(&buf);
    HF_CHECK(buf.ptr == NULL && buf.len == 0 && buf.bad == 0 &&
                 buf.max == GROW_BYTES,
             "done: empty, and fit to be used again");
}

/* Appends "0123456789" in one of the ways there are. */
static void append_ten(struct hf_buf *buf, int way)
{
    switch (way) {
    case 0:
        hf_buf_add(buf, "0123456789", 10);
        break;
    case 1:
        hf_buf_text(buf, "0123456789");
        break;
    case 2:
        hf_buf_view(buf, hf_view_text("0123456789"));
        break;
    default:
        hf_buf_printf(buf, "%s%d", "01234", 56789);
        break;
    }
}

static void test_limit(void)
{
    static const char *const way[] = { "add", "text", "view", "printf" };

    for (int i = 0; i < (int)HF_COUNT(way); i++) {
        struct hf_buf exact, small;
        struct hf_err err;

        hf_buf_init(&exact, 10);
        hf_buf_init(&small, 9);
        append_ten(&exact, i);
        append_ten(&small, i);
        HF_CHECK(hf_buf_check(&exact, &err) == 0 &&
                     hf_view_is(hf_buf_peek(&exact), "0123456789"),
                 "%s: ten bytes fit into ten", way[i]);
        HF_CHECK(hf_buf_check(&small, &err) == HF_E_LIMIT && small.len == 0,
                 "%s: ten bytes do not fit into nine", way[i]);
        hf_buf_text(&small, "a");
        HF_CHECK(small.len == 0 && small.bad == HF_E_LIMIT,
                 "%s: and then nothing is added", way[i]);
        hf_buf_done(&exact);
        hf_buf_done(&small);
    }
}

static void test_huge(void)
{
    struct hf_buf buf;

    hf_buf_init(&buf, SIZE_MAX);
    hf_buf_text(&buf, "abc");
    hf_buf_add(&buf, "x", SIZE_MAX - 1);
    HF_CHECK(buf.bad == HF_E_LIMIT && buf.len == 3,
             "a length that overflows is refused");
    hf_buf_done(&buf);
    hf_buf_init(&buf, SIZE_MAX);
    hf_buf_add(&buf, "x", SIZE_MAX);
    HF_CHECK(buf.bad == HF_E_LIMIT && buf.len == 0,
             "so is one that leaves no room for a NUL");
    hf_buf_done(&buf);
}

static void test_empty(void)
{
    struct hf_buf buf;
    struct hf_err err;

    hf_buf_init(&buf, 0);
    hf_buf_text(&buf, "");
    hf_buf_view(&buf, hf_view(NULL, 0));
    hf_buf_printf(&buf, "%s", "");
    HF_CHECK(hf_buf_check(&buf, &err) == 0 && buf.ptr == NULL,
             "nothing added: nothing allocated, nothing bad");
    hf_buf_done(&buf);
    hf_buf_done(&buf);
    HF_CHECK(buf.ptr == NULL, "done twice is fine");
}

static void test_steal(void)
{
    struct hf_buf buf;
    char *text;

    hf_buf_init(&buf, 3);
    text = hf_buf_steal(&buf);
    HF_CHECK(text && text[0] == '\0', "stolen from an empty one: empty text");
    free(text);
    hf_buf_text(&buf, "abc");
    text = hf_buf_steal(&buf);
    HF_CHECK(text && strcmp(text, "abc") == 0 && buf.ptr == NULL &&
                 buf.len == 0 && buf.max == 3,
             "a full one can be stolen; it is empty after");
    free(text);
    hf_buf_text(&buf, "abcd");
    HF_CHECK(hf_buf_steal(&buf) == NULL && buf.ptr == NULL,
             "nothing to steal from a bad one");
}

static int fill_attempt(void *arg, struct hf_err *err)
{
    struct hf_buf buf;
    int status;

    (void)arg;
    hf_buf_init(&buf, GROW_BYTES);
    for (int i = 0; i < 500; i++)
        hf_buf_printf(&buf, "%d %s\n", i, "a line");
    status = hf_buf_check(&buf, err);
    hf_buf_done(&buf);
    return status;
}

static int steal_attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *text = NULL;
    struct hf_buf buf;

    (void)arg;
    hf_buf_init(&buf, GROW_BYTES);
    text = hf_buf_steal(&buf);
    return text ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
}

int main(void)
{
    test_grow();
    test_limit();
    test_huge();
    test_empty();
    test_steal();
    hf_oom_test("hf_buf_printf", HF_OOM_ALL, fill_attempt, NULL);
    hf_oom_test("hf_buf_steal", HF_OOM_ALL, steal_attempt, NULL);
    return hf_test_end();
}
