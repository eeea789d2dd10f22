/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_fix.c - holdfast roots fix: put in place what a product needs.
 */
#include "cli/commands.h"
#include "cli/fix_log.h"
#include "cli/needs.h"
#include "cli/repair.h"
#include "cli/show_cert.h"

struct fix_opts {
    struct hf_common common;
    struct hf_args products;
    struct hf_args stores;
    struct hf_args from;
    const char *log_dir;
    bool include_distrusted;
    bool dry_run;
};

#define AT(field) offsetof(struct fix_opts, field)

static const struct hf_opt fix_opts[] = {
    { NULL, 0, "PRODUCT...", AT(products), hf_set_list, HF_VALUE_PRODUCT,
      "products by id or alias, see 'holdfast product list'", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "every store found" },
    { "from", 0, "PATH", AT(from), hf_set_list, HF_VALUE_FILE,
      "a file or folder with certificate bodies; may be repeated", NULL },
    { "include-distrusted", 0, NULL, AT(include_distrusted), hf_set_switch,
      HF_VALUE_ANY,
      "import roots that are expired, distrusted or not for TLS too", NULL },
    { "dry-run", 'n', NULL, AT(dry_run), hf_set_switch, HF_VALUE_ANY,
      "say what would be done, touch nothing", NULL },
    { "log-dir", 0, "DIR", AT(log_dir), hf_set_text, HF_VALUE_DIR,
      "where " HF_FIX_JSON " and " HF_FIX_LOG " are written", "Log" },
    { 0 }
};

/* What each store is to get. */
static void plan(const struct hf_needs *needs, struct hf_repair *repair)
{
    for (size_t i = 0; i < needs->count; i++) {
        const struct hf_needs_row *row = &needs->row[i];
        struct hf_repair_item *item = NULL;

        for (size_t k = 0; k < repair->count; k++)
            if (repair->item[k].book == row->book)
                item = &repair->item[k];
        for (size_t k = 0; item && k < row->verdict.need_count; k++) {
            const struct hf_need_verdict *need = &row->verdict.need[k];

            /* two products may want the same root */
            if (hf_need_importable(need) &&
                !hf_certs_by_sha256(&item->add, hf_cert_sha256(need->cert)))
                hf_certs_add(&item->add, need->cert);
        }
    }
}

static bool all_in_place(const struct hf_needs *needs,
                         const struct hf_repair *repair)
{
    for (size_t i = 0; i < needs->count; i++)
        if (needs->row[i].verdict.missing > 0)
            return false;
    return repair->failed == 0;
}

struct fix {
    struct hf_session *s;
    const struct fix_opts *opts;
    struct hf_needs_ask ask;
    struct hf_shelf shelf;
    struct hf_needs needs;
    struct hf_repair repair;
};

static int work(struct fix *f, struct hf_err *err)
{
    bool dry = f->opts->dry_run;

    if (!dry &&
        hf_fix_log_dir(f->opts->log_dir ? f->opts->log_dir : "Log", err) < 0)
        return hf_err_code(err);
    if (hf_repair_begin(f->s, dry, &f->repair, err) < 0 ||
        hf_shelf_open(f->s, &f->opts->stores, &f->shelf, err) < 0 ||
        hf_needs_judge(f->s, &f->ask, &f->shelf, &f->needs, err) < 0 ||
        hf_repair_plan(&f->repair, &f->shelf, err) < 0)
        return hf_err_code(err);
    plan(&f->needs, &f->repair);
    for (size_t i = 0; i < f->repair.count; i++)
        if (hf_certs_check(&f->repair.item[i].add, err) < 0)
            return hf_err_code(err);
    if (hf_repair_run(&f->repair, dry, err) < 0)
        return hf_err_code(err);
    if (!dry && hf_needs_again(f->s, &f->ask, &f->needs, err) < 0)
        return hf_err_code(err);
    if (hf_needs_findings(f->s, &f->needs, err) < 0)
        return hf_err_code(err);
    hf_needs_update_findings(f->s, &f->needs, &f->opts->products,
                             &f->opts->stores);
    hf_remedies_for(f->s, &f->opts->stores, &f->opts->from);
    return hf_findings_check(&f->s->findings, err);
}

static void put_text(struct fix *f, const struct hf_fix_report *report)
{
    struct hf_session *s = f->s;

    if (f->repair.found != HF_CHANGESET_CLEAN)
        hf_buf_printf(&s->out,
                      "An earlier run was killed: its change was "
                      "%s.\n\n",
                      f->repair.found == HF_CHANGESET_FINISHED ? "finished"
                                                               : "taken back");
    for (size_t i = 0; i < f->shelf.count; i++)
        hf_book_line(s, &f->shelf.book[i]);
    hf_buf_text(&s->out, "\n");
    for (size_t i = 0; i < f->repair.count; i++) {
        const struct hf_repair_item *item = &f->repair.item[i];

        for (size_t k = 0; k < item->add.count; k++) {
            hf_buf_printf(&s->out, "%s in %s:\n",
                          report->dry_run ? "Would install"
                          : item->book->status == HF_BOOK_TOUCHED
                              ? "Installed"
                              : "Not installed",
                          hf_store_name(item->book->store));
            hf_show_cert(s, item->add.cert[k],
                         hf_book_where(item->book, item->add.cert[k]));
            hf_buf_text(&s->out, "\n");
        }
    }
    hf_needs_show(s, &f->needs);
    hf_render_findings(&s->out, &s->style, &s->findings);
    hf_repair_follow_ups(s, &f->repair);
    if (report->log_dir)
        hf_buf_printf(&s->out, "Log written to %s.\n", report->log_dir);
    hf_buf_printf(&s->out, "Fixing result is %s.\n",
                  report->fixed ? "True" : "False");
}

static int report(struct fix *f, struct hf_err *err)
{
    struct hf_session *s = f->s;
    bool dry = f->opts->dry_run;
    const char *log_dir = f->opts->log_dir ? f->opts->log_dir : "Log";
    struct hf_fix_report report = {
        .shelf = &f->shelf,
        .repair = &f->repair,
        .needs = &f->needs,
        .fixed = all_in_place(&f->needs, &f->repair),
        .dry_run = dry,
        .log_dir = dry ? NULL : log_dir,
    };

    report.result =
        hf_session_result(s, f->shelf.unreadable > 0 || f->repair.failed > 0);
    if (!dry && hf_fix_log_write(s, &report, err) < 0)
        return hf_err_code(err);
    if (f->opts->common.json)
        hf_fix_json(s, &s->out, &report);
    else
        put_text(f, &report);
    return hf_session_exit(report.result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct fix_opts *opts = v;
    struct fix f = { .s = s,
                     .opts = opts,
                     .ask = { &opts->products, &opts->from,
                              opts->include_distrusted } };
    int rc;

    if (opts->products.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "name a PRODUCT: 'holdfast product "
                       "list' shows them");
    rc = work(&f, err);
    if (rc == 0)
        rc = report(&f, err);
    hf_repair_done(&f.repair);
    hf_needs_done(&f.needs);
    hf_shelf_done(&f.shelf);
    return rc;
}

static void done(void *v)
{
    struct fix_opts *opts = v;

    hf_args_done(&opts->products);
    hf_args_done(&opts->stores);
    hf_args_done(&opts->from);
}

static const struct hf_example examples[] = {
    { "roots fix A1 --dry-run", "what would be imported" },
    { "roots fix A1", "import it; the log goes to ./Log" },
    { "roots fix cylance --include-distrusted",
      "all five roots, the distrusted ones too" },
    { "roots fix v1 --root /mnt/disk --log-dir /tmp/log",
      "into a mounted system" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_fix = {
    .path = "roots fix",
    .words = "PRODUCT...",
    .summary = "import the certificates a product needs and this machine lacks",
    .about = "Imports what is missing into each store, reads the store back "
             "and names every store that was touched, skipped or failed. A "
             "certificate is imported only when its SHA-256 is the one the "
             "product's file gives. Roots that are expired, distrusted or for "
             "code signing only are refused unless --include-distrusted, since "
             "a Linux bundle trusts whatever it holds for everything. A run "
             "that was killed is finished or taken back by the next one; "
             "'holdfast roots undo' takes back what a run added.",
    .opts = fix_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL | HF_GROUP_ROOT |
              HF_GROUP_TIME,
    .size = sizeof(struct fix_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
