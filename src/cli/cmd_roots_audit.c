/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_audit.c - holdfast roots audit: should every certificate of a
 * store be there? */
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "cli/commands.h"
#include "cli/lists.h"
#include "cli/shelf.h"
#include "cli/show_entry.h"
#include "judge/audit.h"

struct audit_opts {
    struct hf_common common;
    struct hf_args stores;
    const char *expiring;
};

#define AT(field) offsetof(struct audit_opts, field)

static const struct hf_opt audit_opts[] = {
    { NULL, 0, "STORE...", AT(stores), hf_set_list, HF_VALUE_STORE,
      "stores to audit, as with --store", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "every store found" },
    { "expiring", 0, "TIME", AT(expiring), hf_set_text, HF_VALUE_ANY,
      "also name what ends within TIME: 90d, 6m, 1y", NULL },
    { 0 }
};

struct auditor {
    struct hf_session *s;
    const struct audit_opts *opts;
    struct hf_shelf shelf;
    struct hf_distrust *distrust;
    struct hf_known *known;
    struct hf_ctl *ctl;
    struct hf_audit *audit; /* one for each book; empty when unreadable */
    int64_t expiring_s;
};

/* "90d" and "+90d" are both ninety days from then. */
static int read_expiring(struct auditor *a, struct hf_err *err)
{
    const char *text = a->opts->expiring;
    char plus[64];
    int64_t end_s;

    if (!text)
        return 0;
    (void)snprintf(plus, sizeof(plus), "%s%s", *text == '+' ? "" : "+", text);
    if (hf_calendar_read(plus, a->s->at_s, &end_s, err) < 0 ||
        end_s <= a->s->at_s)
        return HF_FAIL(err, HF_E_USAGE,
                       "--expiring '%s': expected a time such as 90d, 12w, 6m",
                       text);
    a->expiring_s = end_s - a->s->at_s;
    return 0;
}

static int load_lists(struct auditor *a, struct hf_err *err)
{
    if (hf_lists_ctl(a->s, &a->ctl, err) < 0 ||
        hf_lists_distrust(a->s, &a->distrust, err) < 0)
        return hf_err_code(err);
    return hf_known_load(a->s->common->root, a->ctl, &a->known, err);
}

static struct hf_audit_ask ask_of(const struct auditor *a, size_t at)
{
    return (struct hf_audit_ask){
        .store = hf_store_name(a->shelf.book[at].store),
        .list = &a->shelf.book[at].list,
        .distrust = a->distrust,
        .known = a->known,
        .at_s = a->s->at_s,
        .expiring_s = a->expiring_s,
        .stack = hf_store_stack(a->shelf.book[at].store),
    };
}

static int audit_all(struct auditor *a, struct hf_err *err)
{
    a->audit = calloc(a->shelf.count + 1, sizeof(*a->audit));
    if (!a->audit)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an audit");
    for (size_t i = 0; i < a->shelf.count; i++) {
        struct hf_audit_ask ask = ask_of(a, i);

        if (a->shelf.book[i].status == HF_BOOK_UNREADABLE)
            continue;
        if (hf_audit_store(&ask, &a->audit[i], err) < 0)
            return hf_err_code(err);
        hf_audit_findings(&ask, &a->audit[i], &a->s->findings);
    }
    return hf_findings_check(&a->s->findings, err);
}

/* --- showing -------------------------------------------------------------- */

static void json_marks(struct hf_json *json, unsigned marks)
{
    hf_json_array(json, "marks");
    for (unsigned bit = 1; bit <= HF_AUDIT_DAMAGED; bit <<= 1)
        if (marks & bit)
            hf_json_text(json, NULL,
                         hf_audit_mark_name((enum hf_audit_mark)bit));
    hf_json_end(json);
}

static void json_row(struct hf_json *json, const struct hf_audit_row *row,
                     const char *store)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "store", store);
    hf_json_text(json, "where", row->entry->where);
    json_marks(json, row->marks);
    hf_json_text(json, "text", row->text);
    if (row->entry->cert) {
        hf_json_object(json, "certificate");
        hf_cert_json(json, row->entry->cert);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void put_json(struct auditor *a, enum hf_result result)
{
    int64_t date_s;
    const char *sequence = hf_known_sequence(a->known, &date_s);
    struct hf_json json;

    hf_json_init(&json, &a->s->out, true);
    hf_render_json_open(&json, a->s->cmd->path, result, &a->s->findings);
    hf_json_object(&json, "list");
    hf_json_text(&json, "sequence", sequence);
    hf_json_time(&json, "date", date_s);
    hf_json_end(&json);
    hf_shelf_json(&json, &a->shelf);
    hf_json_array(&json, "marked");
    for (size_t i = 0; i < a->shelf.count; i++)
        for (size_t k = 0; k < a->audit[i].count; k++)
            if (a->audit[i].row[k].marks)
                json_row(&json, &a->audit[i].row[k],
                         hf_store_name(a->shelf.book[i].store));
    hf_json_end(&json);
    hf_json_end(&json);
}

static void put_row(struct hf_session *s, const struct hf_audit_row *row)
{
    hf_show_entry_line(s, row->entry);
    hf_buf_printf(&s->out, "%14s%s", "", hf_ink(&s->style, HF_INK_WARN));
    hf_render_wrapped(&s->out, &s->style, 14, row->text);
    hf_buf_printf(&s->out, "%s\n", hf_ink(&s->style, HF_INK_PLAIN));
}

static void put_text(struct auditor *a)
{
    struct hf_session *s = a->s;
    int64_t date_s;
    const char *sequence = hf_known_sequence(a->known, &date_s);
    char day[HF_TIME_TEXT];

    for (size_t i = 0; i < a->shelf.count && !s->common->quiet; i++) {
        hf_book_line(s, &a->shelf.book[i]);
        for (size_t k = 0; k < a->audit[i].count && s->style.verbose; k++)
            if (a->audit[i].row[k].marks)
                put_row(s, &a->audit[i].row[k]);
    }
    if (!s->common->quiet)
        hf_buf_printf(&s->out,
                      "Judged by Microsoft's list of %s (sequence number "
                      "%s) and Mozilla's.\n\n",
                      hf_calendar_day(date_s, day), sequence);
    hf_render_findings(&s->out, &s->style, &s->findings);
    if (s->style.verbose)
        hf_render_notes(&s->out, &s->style, &s->findings);
    else if (!hf_findings_any(&s->findings) && !s->common->quiet)
        hf_buf_text(&s->out, s->findings.count > 0
                                 ? "Nothing that needs a decision; -v shows "
                                   "what was noted.\n"
                                 : "Nothing to say against any of them.\n");
}

static int work(struct auditor *a, struct hf_err *err)
{
    enum hf_result result;

    if (read_expiring(a, err) < 0 || load_lists(a, err) < 0 ||
        hf_shelf_open(a->s, &a->opts->stores, &a->shelf, err) < 0 ||
        audit_all(a, err) < 0)
        return hf_err_code(err);
    result = hf_session_result(a->s, a->shelf.unreadable > 0);
    if (a->opts->common.json)
        put_json(a, result);
    else
        put_text(a);
    return hf_session_exit(result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    struct auditor a = { .s = s, .opts = v };
    int rc = work(&a, err);

    for (size_t i = 0; a.audit && i < a.shelf.count; i++)
        hf_audit_done(&a.audit[i]);
    free(a.audit);
    hf_known_free(a.known);
    hf_distrust_free(a.distrust);
    hf_ctl_free(a.ctl);
    hf_shelf_done(&a.shelf);
    return rc;
}

static void done(void *v)
{
    struct audit_opts *opts = v;

    hf_args_done(&opts->stores);
}

static const struct hf_example examples[] = {
    { "roots audit", "every store of this machine" },
    { "roots audit --expiring 90d --json", "what ends soon, for a program" },
    { "roots audit hive:SOFTWARE --ctl authrootstl.cab",
      "a Windows machine against a newer list" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_audit = {
    .path = "roots audit",
    .words = "[STORE...]",
    .summary = "should every certificate of the stores be there?",
    .about = "Looks at every certificate of every store: ended or ending, weak "
             "key or signature, distrusted by Microsoft's or Mozilla's list, "
             "on no public list (your organisation's own root, or somebody "
             "else's), twice there, the name of another root with another key, "
             "in the wrong store. Exits with 1 when something needs a "
             "decision; notes alone leave it at 0.",
    .opts = audit_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL |
              HF_GROUP_QUIET | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct audit_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
