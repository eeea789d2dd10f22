/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust_ctl.c - what Microsoft's lists restrict or refuse. */
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "judge/distrust_parts.h"
#include "judge/microsoft.h"

#define PURPOSES_MAX 8192 /* bytes; ours: a list of purposes has 10 today */

/* What is made of one list, before it takes an older one's place. */
struct making {
    const char *source; /* "authroot.stl of 2025-06-16, sequence number 14.." */
    enum hf_distrust_origin origin;
    struct hf_distrust_rows rows;
    struct hf_ctl *parts; /* as in struct hf_distrust */
    struct hf_distrust_rows part_rows;
    char *sequence;
};

static void making_done(struct making *m)
{
    hf_distrust_rows_done(&m->rows);
    hf_distrust_rows_done(&m->part_rows);
    hf_ctl_free(m->parts);
    free(m->sequence);
}

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a table");
}

/* --- rows ---------------------------------------------------------------- */

/* "serverAuth codeSigning"; "all" where the list names none. */
static char *purposes_text(const struct hf_texts *eku)
{
    struct hf_buf out;

    hf_buf_init(&out, PURPOSES_MAX);
    for (size_t i = 0; i < eku->count; i++)
        hf_buf_printf(&out, "%s%s", i > 0 ? " " : "", eku->text[i]);
    if (eku->count == 0)
        hf_buf_text(&out, "all");
    if (out.bad == HF_E_LIMIT) { /* what would be left out is not forgiven */
        hf_buf_done(&out);
        return strdup("all");
    }
    return hf_buf_steal(&out);
}

static int add(const struct making *m, struct hf_distrust_rows *rows,
               const struct hf_ctl_entry *entry, enum hf_distrust_kind kind,
               struct hf_err *err)
{
    bool refused = kind == HF_DISTRUST_DISALLOWED;
    const struct hf_ctl_when *when =
        refused ? &entry->disallowed : &entry->not_before;
    struct hf_distrust_row row = { .origin = m->origin,
                                   .has_sha256 = entry->has_sha256 };

    /* since ever, as 1601 says it, is a date that is not known */
    if (when->set && when->time_s > 0)
        row.since_s = when->time_s;
    memcpy(row.sha256, entry->sha256, sizeof(row.sha256));
    memcpy(row.sha1, entry->sha1, sizeof(row.sha1));
    row.name = strdup(entry->name ? entry->name : "");
    row.platform = strdup("Microsoft");
    row.kind = strdup(refused ? "disallowed" : "not-before");
    row.purposes = purposes_text(refused ? &entry->disallowed_eku
                                         : &entry->not_before_eku);
    row.source = strdup(m->source);
    return hf_distrust_rows_take(rows, &row, err);
}

/* Of a list of roots. A date that was cleared says: not any more. */
static int add_root(struct making *m, const struct hf_ctl_entry *entry,
                    struct hf_err *err)
{
    /* purposes without a date are refused for good: since when, is not said */
    bool disallowed =
        entry->disallowed.set ||
        (!entry->disallowed.cleared && entry->disallowed_eku.count > 0);

    if (disallowed && add(m, &m->rows, entry, HF_DISTRUST_DISALLOWED, err) < 0)
        return hf_err_code(err);
    if (!entry->not_before.set)
        return 0;
    return add(m, &m->rows, entry, HF_DISTRUST_NOT_BEFORE, err);
}

/* Of a list of what is disallowed, by a digest of a part. The entries come
 * sorted, and stay so. */
static int add_part(struct making *m, const struct hf_ctl_entry *entry,
                    size_t room, struct hf_err *err)
{
    struct hf_ctl_entry *part;

    if (!m->parts) {
        m->parts = calloc(1, sizeof(*m->parts));
        if (!m->parts)
            return no_memory(err);
    }
    if (!m->parts->entry) {
        m->parts->entry = calloc(room, sizeof(*part));
        if (!m->parts->entry)
            return no_memory(err);
    }
    part = &m->parts->entry[m->parts->count];
    *part = (struct hf_ctl_entry){ .by = entry->by,
                                   .id_len = entry->id_len,
                                   .number = m->parts->count };
    memcpy(part->id, entry->id, sizeof(part->id));
    m->parts->count++;
    return add(m, &m->part_rows, entry, HF_DISTRUST_DISALLOWED, err);
}

static int make_rows(struct making *m, const struct hf_ctl *ctl,
                     struct hf_err *err)
{
    for (size_t i = 0; i < ctl->count; i++) {
        const struct hf_ctl_entry *entry = &ctl->entry[i];
        bool named = entry->by == HF_CTL_BY_SHA1 || entry->has_sha256;
        int rc = 0;

        if (named && m->origin == HF_DISTRUST_ROOTS)
            rc = add_root(m, entry, err);
        else if (named)
            rc = add(m, &m->rows, entry, HF_DISTRUST_DISALLOWED, err);
        else if (entry->by == HF_CTL_BY_SIGNED &&
                 m->origin == HF_DISTRUST_REFUSED)
            rc = add_part(m, entry, ctl->count - i, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* --- a list in force ----------------------------------------------------- */

/* Puts what is made in the place of what has the same origin. */
static int replace(struct hf_distrust *d, struct making *m, struct hf_err *err)
{
    size_t room = d->rows.count + m->rows.count, count = 0;
    struct hf_distrust_row *all = calloc(room ? room : 1, sizeof(*all));

    if (!all)
        return no_memory(err);
    for (size_t i = 0; i < d->rows.count; i++)
        if (d->rows.row[i].origin == m->origin)
            hf_distrust_row_done(&d->rows.row[i]);
        else
            all[count++] = d->rows.row[i];
    for (size_t i = 0; i < m->rows.count; i++)
        all[count++] = m->rows.row[i];
    free(d->rows.row);
    free(m->rows.row);
    m->rows = (struct hf_distrust_rows){ 0 };
    d->rows = (struct hf_distrust_rows){ all, count, room ? room : 1 };
    if (m->origin == HF_DISTRUST_REFUSED) {
        hf_distrust_rows_done(&d->part_rows);
        hf_ctl_free(d->parts);
        d->part_rows = m->part_rows;
        d->parts = HF_STEAL(m->parts);
        m->part_rows = (struct hf_distrust_rows){ 0 };
    }
    hf_distrust_sort(d);
    return 0;
}

static int take(struct hf_distrust *d, const struct hf_ctl *ctl,
                struct hf_err *err)
{
    bool roots = ctl->usage == HF_CTL_ROOTS;
    struct hf_distrust_list *list = roots ? &d->roots : &d->refused;
    struct making m = { .origin =
                            roots ? HF_DISTRUST_ROOTS : HF_DISTRUST_REFUSED };
    char source[200], day[HF_TIME_TEXT];
    int rc;

    if (list->sequence &&
        hf_microsoft_compare(ctl->sequence, list->sequence) <= 0)
        return 0;
    (void)snprintf(source, sizeof(source), "%s of %s, sequence number %s",
                   roots ? "authroot.stl" : "disallowedcert.stl",
                   hf_calendar_day(ctl->this_update_s, day), ctl->sequence);
    m.source = source;
    m.sequence = strdup(ctl->sequence);
    rc = m.sequence ? make_rows(&m, ctl, err) : no_memory(err);
    if (rc == 0)
        rc = replace(d, &m, err);
    if (rc == 0) {
        free(list->sequence);
        list->sequence = HF_STEAL(m.sequence);
        list->date_s = ctl->this_update_s;
    }
    making_done(&m);
    return rc;
}

int hf_distrust_take_ctl(struct hf_distrust *distrust, const struct hf_ctl *ctl,
                         struct hf_err *err)
{
    if (take(distrust, ctl, err) < 0)
        return hf_err_code(err);
    return ctl->disallowed ? take(distrust, ctl->disallowed, err) : 0;
}

const char *hf_distrust_sequence(const struct hf_distrust *distrust,
                                 int64_t *ret_date_s)
{
    *ret_date_s = distrust->roots.date_s;
    return distrust->roots.sequence ? distrust->roots.sequence : "";
}
