/* SPDX-License-Identifier: Apache-2.0 */
/* changeset_fuzz.c - a journal: what is read is what is written again, and no
 * path in it is anything but clean. */
#include "fuzz.h"
#include "plat/journal.h"

/* Absolute, no empty part, no "." or "..". */
static bool is_clean(const char *path)
{
    return path[0] == '/' && path[1] && !strstr(path, "//") &&
           !strstr(path, "/./") && !strstr(path, "/../") &&
           path[strlen(path) - 1] != '/' &&
           strcmp(strrchr(path, '/'), "/.") != 0 &&
           strcmp(strrchr(path, '/'), "/..") != 0;
}

static void check_change(const struct hf_change *change)
{
    size_t folder = (size_t)(strrchr(change->path, '/') - change->path);

    HF_PROMISE(is_clean(change->path) && is_clean(change->temp));
    HF_PROMISE(strncmp(change->path, change->temp, folder + 1) == 0);
    HF_PROMISE(hf_temp_name_is(change->temp + folder + 1));
    HF_PROMISE(change->was.kind != HF_PATH_LINK || change->was.target);
    HF_PROMISE(change->now.kind != HF_PATH_LINK || change->now.target);
    HF_PROMISE(change->now.size <= HF_CHANGE_FILE_MAX);
}

static void check(const struct hf_journal *journal)
{
    struct hf_journal second = { 0 };
    struct hf_buf text, again;
    struct hf_err err;

    hf_buf_init(&text, HF_JOURNAL_MAX);
    hf_buf_init(&again, HF_JOURNAL_MAX);
    for (size_t i = 0; i < journal->change_count; i++)
        check_change(&journal->change[i]);
    for (size_t i = 0; i < journal->made_count; i++)
        HF_PROMISE(is_clean(journal->made[i]));
    for (size_t i = 0; i < journal->empty_count; i++)
        HF_PROMISE(is_clean(journal->empty[i]));
    hf_journal_write(journal, &text);
    HF_PROMISE(hf_journal_read(hf_buf_peek(&text), &second, &err) == 0);
    hf_journal_write(&second, &again);
    HF_PROMISE(hf_view_same(hf_buf_peek(&text), hf_buf_peek(&again)));
    hf_journal_done(&second);
    hf_buf_done(&text);
    hf_buf_done(&again);
}

/* The input with a right end line put after it, so that the lines are reached
 * and not only the check sum. */
static void with_end(struct hf_view body, struct hf_buf *out)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < body.len; i++)
        hash = (hash ^ body.ptr[i]) * 0x100000001b3u;
    hf_buf_view(out, body);
    hf_buf_printf(out, "end %016llx\n", (unsigned long long)hash);
}

static void try(struct hf_view text)
{
    struct hf_journal journal = { 0 };
    struct hf_err err = { 0 };

    if (hf_journal_read(text, &journal, &err) == 0)
        check(&journal);
    else
        HF_PROMISE(err.n > 0 && !journal.change && !journal.note);
    hf_journal_done(&journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_buf text;

    try(hf_view(data, size));
    hf_buf_init(&text, HF_JOURNAL_MAX);
    with_end(hf_view(data, size), &text);
    try(hf_buf_peek(&text));
    hf_buf_done(&text);
    return 0;
}
