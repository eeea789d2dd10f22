/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit.c - is every certificate of a store one that should be there? */
#include "judge/audit.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "judge/audit_kin.h"
#include "judge/cells.h"

#define TEXT_MAX 16000 /* bytes; ours: three long paths and all marks */
#define NAME_MAX_SHOWN 120
#define RSA_BITS_MIN 2048 /* as for chains: crypto/path.h */
#define EC_BITS_MIN 224

const char *hf_audit_mark_name(enum hf_audit_mark mark)
{
    static const char *const name[HF_AUDIT_MARKS] = {
        "expired",    "expiring",   "weak-key", "weak-signature",
        "distrusted", "restricted", "unknown",  "duplicate",
        "same-name",  "misplaced",  "damaged",
    };

    return name[__builtin_ctz((unsigned)mark)];
}

/* One entry under judgement. */
struct telling {
    const struct hf_audit_ask *ask;
    const struct hf_kin *kin;
    const struct hf_store_entry *entry;
    const struct hf_cert_info *info; /* NULL: not decoded */
    struct hf_audit_row *row;
    struct hf_buf text;
};

/* --- words --------------------------------------------------------------- */

/* What follows, up to end(), belongs to `mark`. */
static void begin(struct telling *t, enum hf_audit_mark mark)
{
    if (t->text.len > 0)
        hf_buf_text(&t->text, "; ");
    t->row->marks |= mark;
    t->row->part[__builtin_ctz((unsigned)mark)].from =
        (unsigned short)t->text.len;
}

static void end(struct telling *t, enum hf_audit_mark mark)
{
    unsigned i = (unsigned)__builtin_ctz((unsigned)mark);

    t->row->part[i].len = (unsigned short)(t->text.len - t->row->part[i].from);
}

/* A name of a stranger, cut between characters when it is a novel. */
static void put_name(struct hf_buf *out, const char *name)
{
    struct hf_view rest = hf_view_text(name);
    size_t len = 0;

    while (len < rest.len && len < NAME_MAX_SHOWN) {
        size_t more = hf_utf8_len(hf_view_from(rest, len));

        len += more ? more : 1;
    }
    hf_buf_view(out, hf_view(rest.ptr, len));
    if (len < rest.len)
        hf_buf_text(out, "...");
}

static void put_sha256(struct hf_buf *out, const struct hf_cert *cert)
{
    char hex[2 * HF_SHA256_LEN + 1];

    hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), hex);
    hf_buf_printf(out, "SHA-256 %s", hex);
}

/* "in 'Disallowed', HIVE:..." */
static void put_where(struct telling *t, size_t index)
{
    const struct hf_store_entry *other = &t->ask->list->entry[index];

    if (other->place)
        hf_buf_printf(&t->text, "in '%s', ", other->place);
    hf_buf_text(&t->text, other->where);
}

/* --- what one certificate says of itself --------------------------------- */

static bool has_ended(const struct telling *t)
{
    return t->info->not_after_s < t->ask->at_s;
}

static void judge_end(struct telling *t)
{
    char day[HF_TIME_TEXT];

    if (!has_ended(t))
        return;
    begin(t, HF_AUDIT_EXPIRED);
    hf_buf_printf(&t->text, "ended on %s",
                  hf_calendar_day(t->info->not_after_s, day));
    end(t, HF_AUDIT_EXPIRED);
}

static void judge_ending(struct telling *t)
{
    char day[HF_TIME_TEXT];
    int64_t horizon_s;

    if (__builtin_add_overflow(t->ask->at_s, t->ask->expiring_s, &horizon_s))
        horizon_s = INT64_MAX;
    if (t->ask->expiring_s <= 0 || has_ended(t) ||
        t->info->not_after_s >= horizon_s)
        return;
    begin(t, HF_AUDIT_EXPIRING);
    hf_buf_printf(&t->text, "ends on %s",
                  hf_calendar_day(t->info->not_after_s, day));
    end(t, HF_AUDIT_EXPIRING);
}

static int bits_wanted(enum hf_key_type type)
{
    return type == HF_KEY_RSA || type == HF_KEY_DSA ? RSA_BITS_MIN
           : type == HF_KEY_EC                      ? EC_BITS_MIN
                                                    : 0;
}

static void judge_strength(struct telling *t)
{
    const struct hf_cert_info *info = t->info;
    int wanted = bits_wanted(info->key_type);

    if (info->key_bits > 0 && info->key_bits < wanted) {
        begin(t, HF_AUDIT_WEAK_KEY);
        hf_buf_printf(&t->text, "its key is %s: at least %d bits are wanted",
                      info->key_text, wanted);
        end(t, HF_AUDIT_WEAK_KEY);
    }
    /* nobody checks how a root signed itself */
    if (info->self_issued ||
        (info->digest != HF_DIGEST_MD2 && info->digest != HF_DIGEST_MD5 &&
         info->digest != HF_DIGEST_SHA1))
        return;
    begin(t, HF_AUDIT_WEAK_SIGNATURE);
    hf_buf_printf(&t->text, "signed with %s", info->signature);
    end(t, HF_AUDIT_WEAK_SIGNATURE);
}

/* --- what others say of it ----------------------------------------------- */

/* A row about TLS servers says nothing of an anchor for something else. */
static const struct hf_distrust_row *distrust_of(const struct telling *t)
{
    const struct hf_store_entry *entry = t->entry;
    unsigned purposes = entry->purposes;
    const struct hf_distrust_row *row;

    if (!t->ask->distrust)
        return NULL;
    if (purposes == 0 && entry->named)
        purposes = entry->named->purposes;
    row = entry->cert ? hf_distrust_find_cert(t->ask->distrust, entry->cert,
                                              t->ask->at_s)
                      : hf_distrust_find_entry(t->ask->distrust, entry->named,
                                               t->ask->at_s);
    if (!row || purposes == 0 ||
        (purposes & (HF_PURPOSE_TLS_SERVER | HF_PURPOSE_ANY)) ||
        hf_cell_has(row->purposes, "all"))
        return row;
    return NULL;
}

static void judge_distrust(struct telling *t)
{
    const struct hf_distrust_row *row = distrust_of(t);
    enum hf_audit_mark mark;

    if (!row)
        return;
    mark = hf_distrust_kind(row) == HF_DISTRUST_NOT_BEFORE
               ? HF_AUDIT_RESTRICTED
               : HF_AUDIT_DISTRUSTED;
    begin(t, mark);
    hf_distrust_words(&t->text, row);
    hf_buf_text(&t->text, " (");
    put_name(&t->text, row->source);
    hf_buf_text(&t->text, ")");
    end(t, mark);
}

static void judge_known(struct telling *t)
{
    const struct hf_cert_info *info = t->info;
    char from[HF_TIME_TEXT], to[HF_TIME_TEXT];

    if (!t->ask->known || hf_known_lists(t->ask->known, t->entry->cert))
        return;
    begin(t, HF_AUDIT_UNKNOWN);
    hf_buf_text(&t->text, "on no list of public roots: ");
    if (info->org[0]) {
        hf_buf_text(&t->text, "organisation '");
        put_name(&t->text, info->org);
        hf_buf_text(&t->text, "', ");
    } else {
        hf_buf_text(&t->text, "it names no organisation, ");
    }
    if (!info->ca)
        hf_buf_text(&t->text, "no authority, ");
    hf_buf_printf(&t->text, "%s to %s, %s, ",
                  hf_calendar_day(info->not_before_s, from),
                  hf_calendar_day(info->not_after_s, to), info->key_text);
    put_sha256(&t->text, t->entry->cert);
    hf_buf_text(&t->text, "; take it out if nobody can name its owner");
    end(t, HF_AUDIT_UNKNOWN);
}

/* --- its kin ------------------------------------------------------------- */

/* It is there again; or it is trusted, and refused as well. */
static void judge_again(struct telling *t)
{
    bool refused = t->entry->standing == HF_STANDING_ANCHOR &&
                   t->kin->refused != HF_KIN_NONE;

    if (t->kin->again == HF_KIN_NONE && !refused)
        return;
    begin(t, HF_AUDIT_DUPLICATE);
    if (t->kin->again != HF_KIN_NONE) {
        hf_buf_text(&t->text, "there twice: first ");
        put_where(t, t->kin->again);
    }
    if (refused) {
        if (t->kin->again != HF_KIN_NONE)
            hf_buf_text(&t->text, "; ");
        hf_buf_text(&t->text, "trusted here and refused ");
        put_where(t, t->kin->refused);
        hf_buf_text(&t->text, ": it is not trusted");
    }
    end(t, HF_AUDIT_DUPLICATE);
}

static void judge_namesake(struct telling *t)
{
    if (t->kin->namesake == HF_KIN_NONE)
        return;
    begin(t, HF_AUDIT_SAME_NAME);
    hf_buf_text(&t->text, "another anchor has its name and another key: ");
    put_sha256(&t->text, t->ask->list->entry[t->kin->namesake].cert);
    hf_buf_text(&t->text, " ");
    put_where(t, t->kin->namesake);
    end(t, HF_AUDIT_SAME_NAME);
}

static bool is_sound(const struct telling *t)
{
    return !has_ended(t) && t->info->not_before_s <= t->ask->at_s &&
           !(t->ask->distrust &&
             hf_distrust_find_cert(t->ask->distrust, t->entry->cert,
                                   t->ask->at_s));
}

/* Why it stands in the wrong part of the store, or NULL. */
static const char *misplaced(const struct telling *t)
{
    const struct hf_cert_info *info = t->info;

    switch (t->entry->standing) {
    case HF_STANDING_ANCHOR:
        if (info->self_issued)
            return NULL;
        return info->ca ? "an intermediate among the roots: what it issued is "
                          "trusted without its root"
                        : "neither root nor authority, but among the roots";
    case HF_STANDING_ISSUER:
        if (!info->self_issued || !info->ca)
            return NULL;
        return t->kin->anchor != HF_KIN_NONE
                   ? "a root among the intermediates; it is trusted, since it "
                     "is among the roots too"
                   : "a root among the intermediates: nothing below it is "
                     "trusted for that";
    case HF_STANDING_REFUSED:
        if (!info->self_issued || !info->ca || !t->ask->known ||
            !hf_known_lists(t->ask->known, t->entry->cert) || !is_sound(t))
            return NULL;
        return "a sound public root among what is refused: everything below "
               "it fails";
    case HF_STANDING_HELD:
        break;
    }
    return NULL;
}

static void judge_place(struct telling *t)
{
    const char *why = t->ask->stack == HF_STACK_WINDOWS ? misplaced(t) : NULL;

    if (!why)
        return;
    begin(t, HF_AUDIT_MISPLACED);
    if (t->entry->place)
        hf_buf_printf(&t->text, "in '%s': ", t->entry->place);
    hf_buf_text(&t->text, why);
    end(t, HF_AUDIT_MISPLACED);
}

/* --- an entry ------------------------------------------------------------ */

static void judge_damage(struct telling *t, const char *fault)
{
    begin(t, HF_AUDIT_DAMAGED);
    hf_buf_text(&t->text, fault);
    end(t, HF_AUDIT_DAMAGED);
}

static void judge_anchor(struct telling *t)
{
    if (t->kin->refused == HF_KIN_NONE) {
        judge_end(t);
        judge_ending(t);
        judge_strength(t);
        judge_distrust(t);
        judge_known(t);
    }
    judge_again(t);
    if (t->kin->refused != HF_KIN_NONE)
        return; /* what the store refuses anyway is judged no further */
    judge_namesake(t);
    judge_place(t);
}

static void judge_standing(struct telling *t)
{
    switch (t->entry->standing) {
    case HF_STANDING_ANCHOR:
        judge_anchor(t);
        break;
    case HF_STANDING_ISSUER:
    case HF_STANDING_HELD:
        judge_end(t);
        judge_strength(t);
        judge_place(t);
        break;
    case HF_STANDING_REFUSED:
        judge_again(t);
        judge_place(t);
        break;
    }
}

static int judge_entry(struct telling *t, struct hf_err *err)
{
    const struct hf_store_entry *entry = t->entry;
    char why[HF_ERR_TEXT];

    if (entry->fault || (!entry->cert && !entry->named)) {
        judge_damage(t, entry->fault ? entry->fault : "not a certificate");
        return 0;
    }
    if (!entry->cert) {
        if (entry->standing != HF_STANDING_REFUSED)
            judge_distrust(t);
        return 0;
    }
    t->info = hf_cert_info(entry->cert, err);
    if (!t->info && err->code == HF_E_NOMEM)
        return hf_err_code(err);
    if (t->info) {
        judge_standing(t);
        return 0;
    }
    hf_err_text(err, why, sizeof(why));
    judge_damage(t, why);
    return 0;
}

static int judge_row(const struct hf_audit_ask *ask, const struct hf_kin *kin,
                     struct hf_audit_row *row, struct hf_err *err)
{
    struct telling t = {
        .ask = ask, .kin = kin, .entry = row->entry, .row = row
    };
    int rc;

    hf_buf_init(&t.text, TEXT_MAX);
    rc = judge_entry(&t, err);
    if (t.text.bad == HF_E_LIMIT) { /* paths as long as a novel: the start */
        t.text.bad = 0;
        t.text.max++; /* for the NUL */
    }
    row->text = rc == 0 ? hf_buf_steal(&t.text) : NULL;
    hf_buf_done(&t.text);
    if (rc == 0 && !row->text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory to audit a store");
    return rc;
}

/* --- a store ------------------------------------------------------------- */

int hf_audit_store(const struct hf_audit_ask *ask, struct hf_audit *ret_audit,
                   struct hf_err *err)
{
    HF_AUTO(hf_audit_done) struct hf_audit audit = { 0 };
    HF_AUTO(hf_free_ptr) struct hf_kin *kin = NULL;
    const struct hf_store_list *list = ask->list;

    if (hf_kin_find(list, &kin, err) < 0)
        return hf_err_code(err);
    audit.row = calloc(list->count ? list->count : 1, sizeof(audit.row[0]));
    if (!audit.row)
        return HF_FAIL(err, HF_E_NOMEM, "no memory to audit a store");
    for (size_t i = 0; i < list->count; i++) {
        audit.row[audit.count].entry = &list->entry[i];
        if (judge_row(ask, &kin[i], &audit.row[audit.count++], err) < 0)
            return hf_err_code(err);
        audit.marked += audit.row[i].marks != 0;
    }
    *ret_audit = audit;
    audit = (struct hf_audit){ 0 };
    return 0;
}

void hf_audit_done(struct hf_audit *audit)
{
    for (size_t i = 0; i < audit->count; i++)
        free(audit->row[i].text);
    free(audit->row);
    *audit = (struct hf_audit){ 0 };
}

struct hf_view hf_audit_part(const struct hf_audit_row *row,
                             enum hf_audit_mark mark)
{
    unsigned i = (unsigned)__builtin_ctz((unsigned)mark);

    if (!(row->marks & mark))
        return hf_view(NULL, 0);
    return hf_view(row->text + row->part[i].from, row->part[i].len);
}
