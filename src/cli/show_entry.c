/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show_entry.c - the entries of a store on a screen and in JSON. */
#include "cli/show_entry.h"

#include "base/hex.h"
#include "cli/show_cert.h"

#define NOTE_MAX 4096 /* bytes; ours: a row of a list with all its purposes */

static const struct {
    enum hf_purpose bit;
    const char *words, *name;
} purposes_of[] = {
    { HF_PURPOSE_TLS_SERVER, "TLS servers", "serverAuth" },
    { HF_PURPOSE_TLS_CLIENT, "TLS clients", "clientAuth" },
    { HF_PURPOSE_CODE, "code signing", "codeSign" },
    { HF_PURPOSE_EMAIL, "e-mail", "email" },
    { HF_PURPOSE_TIMESTAMP, "timestamps", "timestamp" },
    { HF_PURPOSE_OCSP, "OCSP", "ocsp" },
    { HF_PURPOSE_OTHER, "other purposes", "other" },
};

void hf_show_purposes(struct hf_buf *out, unsigned purposes)
{
    const char *comma = "";

    for (size_t i = 0; i < HF_COUNT(purposes_of); i++)
        if (purposes & purposes_of[i].bit) {
            hf_buf_printf(out, "%s%s", comma, purposes_of[i].words);
            comma = ", ";
        }
}

/* What the store makes of it, where that is not plain trust. */
static void put_note(struct hf_buf *out, const struct hf_store_entry *entry)
{
    if (entry->named) {
        hf_ctl_words(out, entry->named);
        return;
    }
    if (entry->place)
        hf_buf_text(out, entry->place);
    if (entry->standing != HF_STANDING_ANCHOR)
        hf_buf_printf(out, "%s%s", entry->place ? ": " : "",
                      hf_standing_name(entry->standing));
    if (entry->purposes) {
        hf_buf_text(out, out->len > 0 ? ", for " : "for ");
        hf_show_purposes(out, entry->purposes);
    }
}

static void put_dim(struct hf_session *s, unsigned indent, const char *text)
{
    hf_buf_printf(&s->out, "%*s%s", (int)indent, "",
                  hf_ink(&s->style, HF_INK_DIM));
    hf_render_wrapped(&s->out, &s->style, indent, text);
    hf_buf_printf(&s->out, "%s\n", hf_ink(&s->style, HF_INK_PLAIN));
}

static char *note_text(const struct hf_store_entry *entry)
{
    HF_AUTO(hf_buf_done) struct hf_buf note;

    hf_buf_init(&note, NOTE_MAX);
    put_note(&note, entry);
    return hf_buf_steal(&note);
}

/* A row of a list whose certificate is not at hand. */
static void put_bodiless(struct hf_session *s, const struct hf_ctl_entry *named)
{
    char hash[2 * 8 + 1];

    hf_hex(hf_view(named->has_sha256             ? named->sha256
                   : named->by == HF_CTL_BY_SHA1 ? named->sha1
                                                 : named->id,
                   8),
           hash);
    hf_buf_printf(&s->out, "  %-10s  %-14s  %s  ", "-",
                  named->has_sha256             ? "-"
                  : named->by == HF_CTL_BY_SHA1 ? "SHA-1:"
                                                : "id:",
                  hash);
    hf_render_safe(&s->out, &s->style, named->name);
    hf_buf_text(&s->out, "\n");
}

void hf_show_entry_line(struct hf_session *s,
                        const struct hf_store_entry *entry)
{
    HF_AUTO(hf_free_ptr) char *note = NULL;

    if (entry->cert)
        hf_show_cert_line(s, entry->cert);
    else if (entry->named)
        put_bodiless(s, entry->named);
    else
        return;
    note = note_text(entry);
    if (note && *note)
        put_dim(s, 14, note);
}

static void put_named(struct hf_session *s, const struct hf_store_entry *entry)
{
    char hash[2 * HF_SHA256_LEN + 1];

    hf_buf_printf(&s->out, "  %s", hf_ink(&s->style, HF_INK_BOLD));
    hf_render_safe(&s->out, &s->style, entry->named->name);
    hf_buf_printf(&s->out, "%s (no body at hand)\n",
                  hf_ink(&s->style, HF_INK_PLAIN));
    if (entry->named->by == HF_CTL_BY_SHA1) {
        hf_hex(hf_view(entry->named->sha1, HF_SHA1_LEN), hash);
        hf_show_field(s, "SHA-1", hash);
    }
    if (entry->named->has_sha256) {
        hf_hex(hf_view(entry->named->sha256, HF_SHA256_LEN), hash);
        hf_show_field(s, "SHA-256", hash);
    }
    hf_show_field(s, "where", entry->where);
}

void hf_show_entry(struct hf_session *s, const struct hf_store_entry *entry)
{
    HF_AUTO(hf_free_ptr) char *note = NULL;

    if (entry->cert)
        hf_show_cert(s, entry->cert, entry->where);
    else if (entry->named)
        put_named(s, entry);
    else
        return;
    if (entry->label)
        hf_show_field(s, "label", entry->label);
    note = note_text(entry);
    if (note && *note)
        hf_show_field(s, entry->named ? "list" : "store", note);
}

/* --- JSON ----------------------------------------------------------------- */

static void json_purposes(struct hf_json *json, unsigned purposes)
{
    if (!purposes)
        return;
    hf_json_array(json, "purposes");
    for (size_t i = 0; i < HF_COUNT(purposes_of); i++)
        if (purposes & purposes_of[i].bit)
            hf_json_text(json, NULL, purposes_of[i].name);
    hf_json_end(json);
}

static void json_texts(struct hf_json *json, const char *key,
                       const struct hf_texts *texts)
{
    if (texts->count == 0)
        return;
    hf_json_array(json, key);
    for (size_t i = 0; i < texts->count; i++)
        hf_json_text(json, NULL, texts->text[i]);
    hf_json_end(json);
}

static void json_when(struct hf_json *json, const char *key,
                      const struct hf_ctl_when *when)
{
    if (when->set)
        hf_json_time(json, key, when->time_s);
    else if (when->cleared)
        hf_json_null(json, key);
}

/* Absent: nothing is said; null: said and cleared. */
static void json_named(struct hf_json *json, const struct hf_ctl_entry *named)
{
    hf_json_object(json, "list_entry");
    hf_json_text(json, "name", named->name);
    if (named->by == HF_CTL_BY_SHA1)
        hf_json_hex(json, "sha1", hf_view(named->sha1, HF_SHA1_LEN));
    if (named->id_len > 0)
        hf_json_hex(json, "id", hf_view(named->id, named->id_len));
    if (named->has_sha256)
        hf_json_hex(json, "sha256", hf_view(named->sha256, HF_SHA256_LEN));
    json_texts(json, "purposes", &named->eku);
    json_when(json, "disallowed", &named->disallowed);
    json_texts(json, "disallowed_for", &named->disallowed_eku);
    json_when(json, "not_before", &named->not_before);
    json_texts(json, "not_before_for", &named->not_before_eku);
    hf_json_end(json);
}

void hf_json_entry(struct hf_json *json, const struct hf_store_entry *entry,
                   const char *store)
{
    if (!entry->cert && !entry->named)
        return;
    hf_json_object(json, NULL);
    if (entry->cert)
        hf_cert_json(json, entry->cert);
    hf_json_text(json, "store", store);
    hf_json_text(json, "where", entry->where);
    hf_json_text(json, "standing", hf_standing_name(entry->standing));
    if (entry->place)
        hf_json_text(json, "place", entry->place);
    if (entry->label)
        hf_json_text(json, "label", entry->label);
    json_purposes(json, entry->purposes);
    if (entry->named)
        json_named(json, entry->named);
    hf_json_end(json);
}
