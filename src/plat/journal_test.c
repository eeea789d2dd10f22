/* SPDX-License-Identifier: Apache-2.0 */
/* plat/journal_test.c - the record of a change set as text, and back. */
#include "plat/journal.h"

#include <inttypes.h>

#include "hf_oom.h"
#include "hf_test.h"

#define TEMP "/a b/.holdfast-0123456789abcdef.tmp"

/* Puts a right end line after `body`. */
static void with_end(struct hf_buf *text, const char *body)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (const char *at = body; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    hf_buf_init(text, HF_JOURNAL_MAX);
    hf_buf_printf(text, "%send %016" PRIx64 "\n", body, hash);
}

static const struct {
    const char *name, *line;
    int rc;
} row[] = {
    { "nothing but the head", "", 0 },
    { "a time", "time 12\n", 0 },
    { "a negative time", "time -1\n", HF_E_PARSE },
    { "a record to retire", "retire 12\n", 0 },
    { "a number too large", "retire 18446744073709551617\n", HF_E_PARSE },
    { "a note", "note key some%20text%0a\n", 0 },
    { "a note without a value", "note key\n", 0 },
    { "a NUL in a note", "note key a%00b\n", HF_E_PARSE },
    { "half an escape", "note key a%0\n", HF_E_PARSE },
    { "an escape that need not be", "note key %41\n", HF_E_PARSE },
    { "a byte that is not ASCII", "note key \xc3\xa9\n", HF_E_PARSE },
    { "a folder", "made /a\n", 0 },
    { "a relative folder", "made a\n", HF_E_PARSE },
    { "the root", "made /\n", HF_E_PARSE },
    { "a path with ..", "empty /a/../b\n", HF_E_PARSE },
    { "a path with //", "empty /a//b\n", HF_E_PARSE },
    { "a slash at the end", "empty /a/\n", HF_E_PARSE },
    { "a change",
      "change /a%20b/c /a%20b/.holdfast-0123456789abcdef.tmp absent "
      "file:644:0:0:5\n",
      0 },
    { "a link", "change /c /.holdfast-0123456789abcdef.tmp link:%20x absent\n",
      0 },
    { "a link to nothing",
      "change /c /.holdfast-0123456789abcdef.tmp link: absent\n", HF_E_PARSE },
    { "a temporary file elsewhere",
      "change /c /a/.holdfast-0123456789abcdef.tmp absent absent\n",
      HF_E_PARSE },
    { "a temporary file not ours", "change /c /passwd absent absent\n",
      HF_E_PARSE },
    { "a mode that is not octal",
      "change /c /.holdfast-0123456789abcdef.tmp file:8:0:0:1 absent\n",
      HF_E_PARSE },
    { "a file too large",
      "change /c /.holdfast-0123456789abcdef.tmp file:0:0:0:9999999999 "
      "absent\n",
      HF_E_PARSE },
    { "a change cut short", "change /c\n", HF_E_PARSE },
    { "an unknown word", "remove /etc/passwd\n", HF_E_PARSE },
    { "an empty line", "\n", HF_E_PARSE },
};

static void test_lines(void)
{
    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_journal_done) struct hf_journal journal = { 0 };
        HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
        struct hf_err err = { 0 };
        char body[512];
        int rc;

        (void)snprintf(body, sizeof(body), "holdfast-journal 1\n%s",
                       row[i].line);
        with_end(&text, body);
        rc = hf_journal_read(hf_buf_peek(&text), &journal, &err);
        HF_CHECK(rc == row[i].rc && (rc == 0 || err.n == 2), "line: %s",
                 row[i].name);
    }
}

/* A journal with one of everything. */
static int fill(struct hf_journal *journal, struct hf_err *err)
{
    struct hf_change *change;

    journal->time_s = 1767225600;
    journal->retire = 7;
    if (hf_journal_add_note(journal, hf_view_text("added"),
                            hf_view_text("system\n-----BEGIN\xff%"), err) < 0 ||
        hf_journal_add_made(journal, hf_view_text("/a b"), err) < 0 ||
        hf_journal_add_empty(journal, hf_view_text("/c"), err) < 0)
        return hf_err_code(err);
    change = hf_journal_add_change(journal, err);
    if (!change)
        return hf_err_code(err);
    change->path = hf_view_dup(hf_view_text("/a b/\xc3\xa9"));
    change->temp = hf_view_dup(hf_view_text(TEMP));
    change->was.target = hf_view_dup(hf_view_text("../x y"));
    change->was.kind = HF_PATH_LINK;
    change->now = (struct hf_state){ .kind = HF_PATH_FILE,
                                     .mode = 04755,
                                     .uid = 1000,
                                     .gid = UINT32_MAX,
                                     .size = 12 };
    if (!change->path || !change->temp || !change->was.target)
        return HF_FAIL(err, HF_E_NOMEM, "no memory");
    return 0;
}

static int round_trip(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_journal_done) struct hf_journal out = { 0 };
    HF_AUTO(hf_journal_done) struct hf_journal in = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf again = { 0 };
    bool *same = arg;

    hf_buf_init(&text, HF_JOURNAL_MAX);
    hf_buf_init(&again, HF_JOURNAL_MAX);
    if (fill(&out, err) < 0)
        return hf_err_code(err);
    hf_journal_write(&out, &text);
    if (hf_buf_check(&text, err) < 0 ||
        hf_journal_read(hf_buf_peek(&text), &in, err) < 0)
        return hf_err_code(err);
    hf_journal_write(&in, &again);
    if (hf_buf_check(&again, err) < 0)
        return hf_err_code(err);
    *same = hf_view_same(hf_buf_peek(&text), hf_buf_peek(&again)) &&
            strcmp(in.change[0].path, out.change[0].path) == 0 &&
            strcmp(in.note[0].value, out.note[0].value) == 0 &&
            in.retire == 7 && in.change[0].now.gid == UINT32_MAX;
    return 0;
}

/* No cut and no flipped bit gets through. */
static void test_damage(void)
{
    HF_AUTO(hf_journal_done) struct hf_journal out = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    struct hf_err err;
    unsigned taken = 0;

    hf_buf_init(&text, HF_JOURNAL_MAX);
    HF_CHECK(fill(&out, &err) == 0, "a journal to damage");
    hf_journal_write(&out, &text);
    for (size_t i = 0; i < text.len; i++) {
        struct hf_journal in = { 0 };

        taken += hf_journal_read(hf_view(text.ptr, i), &in, &err) == 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            text.ptr[i] ^= (uint8_t)(1u << bit);
            taken += hf_journal_read(hf_buf_peek(&text), &in, &err) == 0;
            text.ptr[i] ^= (uint8_t)(1u << bit);
        }
    }
    HF_CHECK(taken == 0, "no cut and no flipped bit is taken for a journal");
}

int main(void)
{
    bool same = false;
    struct hf_err err;

    test_lines();
    HF_CHECK(round_trip(&same, &err) == 0 && same, "what is written is read");
    test_damage();
    hf_oom_test("journal", HF_OOM_OURS, round_trip, &same);
    HF_CHECK(hf_temp_name_is(".holdfast-0123456789abcdef.tmp") &&
                 !hf_temp_name_is(".holdfast-0123456789abcdeg.tmp") &&
                 !hf_temp_name_is(".holdfast-0123456789abcdef.crt"),
             "names of temporary files");
    return hf_test_end();
}
