/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_words.c - a trust list for people: a sentence, and a table. */
#include "base/calendar.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/ctl.h"

static void put_list(struct hf_buf *out, const struct hf_texts *texts,
                     const char *between)
{
    for (size_t i = 0; i < texts->count; i++) {
        hf_buf_text(out, i > 0 ? between : "");
        hf_buf_text(out, texts->text[i]);
    }
}

/* A time before there were certificates is no date for people. */
static bool is_dated(const struct hf_ctl_when *when)
{
    return when->set && when->time_s > 0;
}

/* --- a sentence ---------------------------------------------------------- */

static void put_for(struct hf_buf *out, const struct hf_texts *purposes)
{
    if (purposes->count == 0)
        return;
    hf_buf_text(out, " for ");
    put_list(out, purposes, ", ");
}

static void part(struct hf_buf *out, bool *some)
{
    hf_buf_text(out, *some ? "; " : "");
    *some = true;
}

static void put_disallowed(struct hf_buf *out, const struct hf_ctl_entry *entry)
{
    char day[HF_TIME_TEXT];

    hf_buf_text(out, "disallowed");
    if (is_dated(&entry->disallowed))
        hf_buf_printf(out, " since %s",
                      hf_calendar_day(entry->disallowed.time_s, day));
    put_for(out, &entry->disallowed_eku);
}

void hf_ctl_words(struct hf_buf *out, const struct hf_ctl_entry *entry)
{
    char day[HF_TIME_TEXT];
    bool some = false;

    if (entry->eku.count > 0) {
        part(out, &some);
        hf_buf_text(out, "for ");
        put_list(out, &entry->eku, ", ");
    }
    /* purposes without a date: refused for them, whenever */
    if (entry->disallowed.set ||
        (entry->disallowed_eku.count > 0 && !entry->disallowed.cleared)) {
        part(out, &some);
        put_disallowed(out, entry);
    }
    if (entry->not_before.set) {
        part(out, &some);
        hf_buf_text(out, "nothing issued");
        if (is_dated(&entry->not_before))
            hf_buf_printf(out, " after %s",
                          hf_calendar_day(entry->not_before.time_s, day));
        put_for(out, &entry->not_before_eku);
    }
}

/* --- a table ------------------------------------------------------------- */

static void put_hex(struct hf_buf *out, bool there, const uint8_t *bytes,
                    size_t len)
{
    char text[2 * HF_SHA256_LEN + 1];

    if (there) {
        hf_hex(hf_view(bytes, len), text);
        hf_buf_text(out, text);
    }
    hf_buf_text(out, "\t");
}

static void put_when(struct hf_buf *out, const struct hf_ctl_when *when)
{
    char day[HF_TIME_TEXT];

    if (is_dated(when))
        hf_buf_text(out, hf_calendar_day(when->time_s, day));
    else if (when->set)
        hf_buf_text(out, "always");
    else if (when->cleared)
        hf_buf_text(out, "cleared");
}

static void put_row(struct hf_buf *out, const struct hf_ctl *ctl,
                    const struct hf_ctl_entry *entry)
{
    static const struct hf_ctl_when always = { .set = true };
    bool refused = ctl->usage == HF_CTL_DISALLOWED && !entry->disallowed.set;
    char day[HF_TIME_TEXT];

    hf_buf_printf(out, "%s\t%s\t", ctl->sequence,
                  hf_calendar_day(ctl->this_update_s, day));
    put_hex(out, entry->by == HF_CTL_BY_SHA1, entry->sha1, HF_SHA1_LEN);
    put_hex(out, entry->has_sha256, entry->sha256, HF_SHA256_LEN);
    hf_utf8_safe(out, hf_view_text(entry->name));
    hf_buf_text(out, "\t");
    put_list(out, &entry->eku, " ");
    hf_buf_text(out, "\t");
    put_when(out, refused ? &always : &entry->disallowed);
    hf_buf_text(out, "\t");
    put_list(out, &entry->disallowed_eku, " ");
    hf_buf_text(out, "\t");
    put_when(out, &entry->not_before);
    hf_buf_text(out, "\t");
    put_list(out, &entry->not_before_eku, " ");
    hf_buf_text(out, "\n");
}

static bool has_row(const struct hf_ctl_entry *entry)
{
    return entry->by == HF_CTL_BY_SHA1 || entry->has_sha256;
}

static void put_comments(struct hf_buf *out, const struct hf_ctl *ctl)
{
    char day[HF_TIME_TEXT];
    size_t rows = 0;

    for (size_t i = 0; i < ctl->count; i++)
        rows += has_row(&ctl->entry[i]);
    hf_buf_printf(out,
                  "# Microsoft's list of %s: sequence number %s, of %s.\n"
                  "# Signed by: ",
                  ctl->usage == HF_CTL_ROOTS ? "roots (authroot.stl)"
                                             : "what is disallowed "
                                               "(disallowedcert.stl)",
                  ctl->sequence, hf_calendar_day(ctl->this_update_s, day));
    hf_utf8_safe(out, hf_view_text(ctl->signer ? ctl->signer : ""));
    hf_buf_printf(out, "\n# Entries: %zu", ctl->count);
    if (rows < ctl->count)
        hf_buf_printf(out,
                      ", of which %zu name certificates by a digest of a part "
                      "of them and have no row here",
                      ctl->count - rows);
    hf_buf_text(out, "\n");
}

void hf_ctl_tsv(struct hf_buf *out, const struct hf_ctl *ctl)
{
    put_comments(out, ctl);
    hf_buf_text(out, "sequence\tdate\tsha1\tsha256\tname\tpurposes\tdisallowed"
                     "\tdisallowed_for\tnot_before\tnot_before_for\n");
    for (size_t i = 0; i < ctl->count; i++)
        if (has_row(&ctl->entry[i]))
            put_row(out, ctl, &ctl->entry[i]);
}
