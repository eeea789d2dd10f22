/* SPDX-License-Identifier: Apache-2.0 */
/* base/err_test.c - causes, callers, and texts too long for their room. */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "hf_test.h"

#define LONG_TEXT 1000 /* bytes; more than HF_ERR_TEXT */

static int fail_at_depth(struct hf_err *err, unsigned depth)
{
    if (depth == 0)
        return HF_FAIL(err, HF_E_PARSE, "byte %d is wrong", 7);
    if (fail_at_depth(err, depth - 1) < 0)
        return HF_WRAP(err, "level %u", depth);
    return 0;
}

static void test_chain(void)
{
    static const struct {
        unsigned depth, frames;
        const char *text;
    } row[] = {
        { 0, 1, "byte 7 is wrong" },
        { 1, 2, "level 1: byte 7 is wrong" },
        { 3, 4, "level 3: level 2: level 1: byte 7 is wrong" },
        /* the newest replaces the last; the root cause stays */
        { 4, 4, "level 4: level 2: level 1: byte 7 is wrong" },
        { 9, 4, "level 9: level 2: level 1: byte 7 is wrong" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err;
        char text[2 * HF_ERR_TEXT];
        int status = fail_at_depth(&err, row[i].depth);

        hf_err_text(&err, text, sizeof(text));
        HF_CHECK(status == HF_E_PARSE && err.code == HF_E_PARSE &&
                     err.sys == 0 && err.lib == 0 && err.n == row[i].frames &&
                     strcmp(text, row[i].text) == 0,
                 "a cause under %u callers: %s", row[i].depth, text);
    }
}

static void test_errno(void)
{
    static const struct {
        int sys;
        enum hf_code code;
    } row[] = {
        { ENOENT, HF_E_ABSENT }, { ENOTDIR, HF_E_ABSENT },
        { EACCES, HF_E_DENIED }, { EPERM, HF_E_DENIED },
        { EROFS, HF_E_DENIED },  { ENOMEM, HF_E_NOMEM },
        { EIO, HF_E_IO },        { ENOSPC, HF_E_IO },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err;
        char text[HF_ERR_TEXT], want[HF_ERR_TEXT];
        int status;

        errno = row[i].sys;
        status = HF_FAIL_SYS(&err, "cannot read '%s'", "x");
        hf_err_text(&err, text, sizeof(text));
        (void)snprintf(want, sizeof(want), "cannot read 'x': %s",
                       strerror(row[i].sys));
        HF_CHECK(status == (int)row[i].code && err.code == row[i].code &&
                     err.sys == row[i].sys && strcmp(text, want) == 0,
                 "errno %d: %s", row[i].sys, text);
    }
}

static void test_long_text(void)
{
    char long_text[LONG_TEXT + 1];
    char text[HF_ERR_FRAMES * HF_ERR_TEXT];
    struct hf_err err;

    memset(long_text, 'x', LONG_TEXT);
    long_text[LONG_TEXT] = '\0';
    (void)HF_FAIL(&err, HF_E_LIMIT, "%s", long_text);
    HF_CHECK(strlen(err.frame[0].text) == HF_ERR_TEXT - 1,
             "a long text is cut to its room");
    errno = EIO;
    (void)HF_FAIL_SYS(&err, "%s", long_text);
    HF_CHECK(strlen(err.frame[0].text) == HF_ERR_TEXT - 1,
             "a long text with errno is cut to its room");
    for (unsigned i = 0; i < HF_ERR_FRAMES; i++)
        (void)HF_WRAP(&err, "%s", long_text);
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strlen(text) == sizeof(text) - 1,
             "four long texts are cut to the caller's room");
}

static void test_small_room(void)
{
    char text[8] = "kept";
    struct hf_err err;

    (void)fail_at_depth(&err, 2);
    hf_err_text(&err, text, 0);
    HF_CHECK(strcmp(text, "kept") == 0, "no room: nothing is written");
    hf_err_text(&err, text, 1);
    HF_CHECK(text[0] == '\0' && text[1] == 'e', "room for the NUL alone");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strcmp(text, "level 2") == 0, "room for the first words");
}

static void test_where(void)
{
    struct hf_err err;

    (void)fail_at_depth(&err, 1);
    HF_CHECK(strstr(err.frame[0].where, "err_test.c:") &&
                 strcmp(err.frame[0].where, err.frame[1].where) != 0,
             "each frame names its line: %s", err.frame[0].where);
}

int main(void)
{
    test_chain();
    test_errno();
    test_long_text();
    test_small_room();
    test_where();
    return hf_test_end();
}
