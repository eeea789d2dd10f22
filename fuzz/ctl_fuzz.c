/* SPDX-License-Identifier: Apache-2.0 */
/* ctl_fuzz.c - trust lists: nobody's are believed, and what stands in them is
 * read the same way whoever signed. */
#include "base/utf8.h"
#include "crypto/ctl_decode.h"
#include "fuzz.h"

#define TABLE_MAX (8 * 1024 * 1024)
#define COLUMNS 10

static void check_entry(const struct hf_ctl *ctl, size_t i, size_t size)
{
    const struct hf_ctl_entry *entry = &ctl->entry[i];

    HF_PROMISE(entry->name && entry->offset < size);
    HF_PROMISE(entry->number >= 1 && entry->number <= ctl->count);
    HF_PROMISE((entry->eku.count > 0) == (entry->purposes != 0));
    HF_PROMISE(!entry->disallowed.set || !entry->disallowed.cleared);
    HF_PROMISE(!entry->not_before.set || !entry->not_before.cleared);
    HF_PROMISE((entry->id_len > 0) == (entry->by >= HF_CTL_BY_SIGNED));
    HF_PROMISE(i == 0 || hf_ctl_order(entry - 1, entry) <= 0);
    if (entry->by == HF_CTL_BY_SHA1) {
        const struct hf_ctl_entry *found = hf_ctl_find(ctl, entry->sha1);

        HF_PROMISE(found && hf_ctl_order(found, entry) == 0);
    }
}

/* As many columns in every row, and nothing that moves a cursor. */
static void check_table(const struct hf_ctl *ctl)
{
    struct hf_buf table;
    struct hf_view rest;

    hf_buf_init(&table, TABLE_MAX);
    hf_ctl_tsv(&table, ctl);
    HF_PROMISE(table.bad == 0);
    rest = hf_buf_peek(&table);
    while (rest.len > 0) {
        struct hf_view line = hf_view_line(&rest);
        size_t columns = 1;

        if (line.len > 0 && line.ptr[0] == '#')
            continue;
        while (line.len > 0) {
            size_t len = hf_utf8_len(line);

            HF_PROMISE(len > 0);
            columns += line.ptr[0] == '\t';
            HF_PROMISE(line.ptr[0] == '\t' ||
                       !hf_utf8_unsafe(hf_utf8_point(line, len)));
            line = hf_view_from(line, len);
        }
        HF_PROMISE(columns == COLUMNS);
    }
    hf_buf_done(&table);
}

static void decode(const struct hf_ctl_outline *outline, size_t size)
{
    struct hf_err err = { 0 };
    struct hf_ctl_head head;
    struct hf_ctl *ctl = NULL;

    if (hf_ctl_decode_head(outline, &head, &err) < 0 ||
        hf_ctl_decode_entries(outline, &head, &ctl, &err) < 0) {
        HF_PROMISE(err.n > 0 && !ctl);
        return;
    }
    for (size_t i = 0; i < ctl->count; i++) {
        struct hf_buf words;

        check_entry(ctl, i, size);
        hf_buf_init(&words, TABLE_MAX);
        hf_ctl_words(&words, &ctl->entry[i]);
        HF_PROMISE(words.bad == 0);
        hf_buf_done(&words);
    }
    check_table(ctl);
    hf_ctl_free(ctl);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_certs nobody = { 0 };
    struct hf_err err = { 0 };
    struct hf_ctl_outline outline = { hf_view(data, size), data };
    struct hf_ctl *ctl = NULL;

    HF_PROMISE(hf_ctl_read(hf_view(data, size), &nobody, &ctl, &err) < 0);
    HF_PROMISE(!ctl && err.n > 0);
    decode(&outline, size); /* as what is signed */
    if (hf_ctl_outline(hf_view(data, size), &outline, &err) == 0)
        decode(&outline, size); /* as a whole file */
    return 0;
}
