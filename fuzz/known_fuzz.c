/* SPDX-License-Identifier: Apache-2.0 */
/* known_fuzz.c - tables of roots: what loads can be asked, and be written and
 * read again.
 *
 * The input is microsoft.tsv, a NUL, and mozilla.tsv. */
#include <string.h>

#include "doc/embed.h"
#include "fuzz.h"
#include "judge/distrust.h"
#include "judge/known.h"
#include "judge/microsoft.h"

/* A list keeps its entries through the table that is made of it. */
static void write_again(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;
    HF_AUTO(hf_ctl_freep) struct hf_ctl *again = NULL;
    struct hf_err err = { 0 };

    hf_buf_init(&text, 8 * 1024 * 1024);
    hf_ctl_tsv(&text, ctl);
    HF_PROMISE(hf_buf_check(&text, &err) == 0);
    HF_PROMISE(hf_microsoft_read("again", hf_buf_peek(&text), &again, &err) ==
               0);
    HF_PROMISE(again->count == ctl->count);
    HF_PROMISE(strcmp(again->sequence, ctl->sequence) == 0);
    for (size_t i = 0; i < ctl->count; i++)
        HF_PROMISE(
            again->entry[i].by == ctl->entry[i].by &&
            memcmp(again->entry[i].sha1, ctl->entry[i].sha1, HF_SHA1_LEN) == 0);
}

/* What it restricts is found by the hashes it gives. */
static void ask_distrust(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    struct hf_err err = { 0 };
    int64_t date_s;

    if (hf_distrust_new(&d, &err) < 0)
        return;
    HF_PROMISE(hf_distrust_take_ctl(d, ctl, &err) == 0);
    HF_PROMISE(strcmp(hf_distrust_sequence(d, &date_s), ctl->sequence) == 0 &&
               date_s == ctl->this_update_s);
    HF_PROMISE(hf_distrust_take_ctl(d, ctl, &err) == 0); /* not newer */
    for (size_t i = 0; i < ctl->count; i++) {
        const struct hf_ctl_entry *entry = &ctl->entry[i];
        const struct hf_distrust_row *row =
            hf_distrust_find_entry(d, entry, INT64_MAX);
        bool all = entry->disallowed.set && entry->disallowed_eku.count == 0;

        HF_PROMISE(!all || (row && strcmp(row->kind, "disallowed") == 0));
        HF_PROMISE(!row || hf_distrust_holds(row, INT64_MAX));
    }
}

static void ask_known(struct hf_view microsoft, struct hf_view mozilla)
{
    HF_AUTO(hf_known_freep) struct hf_known *known = NULL;
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct hf_err err = { 0 };
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    int rc = hf_known_read(microsoft, mozilla, &known, &err);

    HF_PROMISE(rc == 0 ? known != NULL : !known && err.n > 0);
    if (rc == 0 && count > 0 && hf_cert_new(root[0].der, &cert, &err) == 0)
        HF_PROMISE(hf_known_lists(known, cert) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
    size_t cut = nul ? (size_t)(nul - data) : size;
    struct hf_view microsoft = hf_view(data, cut);
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_err err = { 0 };
    int rc = hf_microsoft_read("microsoft.tsv", microsoft, &ctl, &err);

    ask_known(microsoft, hf_view_from(hf_view(data, size), cut + 1));
    HF_PROMISE(rc == 0 ? ctl != NULL : !ctl && err.n > 0);
    if (rc < 0)
        return 0;
    ask_distrust(ctl);
    write_again(ctl);
    return 0;
}
