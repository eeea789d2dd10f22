/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_check.c - holdfast roots check: is what a product needs here?
 */
#include "cli/commands.h"
#include "cli/needs.h"

struct check_opts {
    struct hf_common common;
    struct hf_args products;
    struct hf_args stores;
    struct hf_args from;
    bool include_distrusted;
};

static const struct hf_opt check_opts[] = {
    { NULL, 0, "PRODUCT...", offsetof(struct check_opts, products), hf_set_list,
      HF_VALUE_PRODUCT, "products by id or alias, see 'holdfast product list'",
      NULL },
    { "store", 's', "STORE", offsetof(struct check_opts, stores), hf_set_list,
      HF_VALUE_STORE, hf_store_help, "every store found" },
    { "from", 0, "PATH", offsetof(struct check_opts, from), hf_set_list,
      HF_VALUE_FILE,
      "a file or folder with certificate bodies; may be repeated", NULL },
    { "include-distrusted", 0, NULL,
      offsetof(struct check_opts, include_distrusted), hf_set_switch,
      HF_VALUE_ANY,
      "count roots that are expired, distrusted or not for TLS as missing too",
      NULL },
    { 0 }
};

static void put_json(struct hf_session *s, const struct hf_shelf *shelf,
                     const struct hf_needs *needs, enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, "roots check", result, &s->findings);
    hf_shelf_json(&json, shelf);
    hf_needs_json(&json, needs);
    hf_json_end(&json);
}

static void put_text(struct hf_session *s, const struct hf_shelf *shelf,
                     const struct hf_needs *needs)
{
    for (size_t i = 0; i < shelf->count && !s->common->quiet; i++)
        hf_book_line(s, &shelf->book[i]);
    hf_buf_text(&s->out, s->common->quiet ? "" : "\n");
    if (!s->common->quiet)
        hf_needs_show(s, needs);
    hf_render_findings(&s->out, &s->style, &s->findings);
    if (!hf_findings_any(&s->findings) && !s->common->quiet)
        hf_buf_printf(&s->out,
                      "%sNothing is missing that could be put "
                      "in place.%s\n",
                      hf_ink(&s->style, HF_INK_GOOD),
                      hf_ink(&s->style, HF_INK_PLAIN));
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct check_opts *opts = v;
    const struct hf_needs_ask ask = { &opts->products, &opts->from,
                                      opts->include_distrusted };
    struct hf_shelf shelf = { 0 };
    struct hf_needs needs = { 0 };
    enum hf_result result;
    int rc;

    if (opts->products.count == 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "name a PRODUCT: 'holdfast product "
                       "list' shows them");
    rc = hf_shelf_open(s, &opts->stores, &shelf, err);
    if (rc == 0)
        rc = hf_needs_judge(s, &ask, &shelf, &needs, err);
    if (rc == 0)
        rc = hf_needs_findings(s, &needs, err);
    if (rc == 0) {
        hf_needs_update_findings(s, &needs, &opts->products, &opts->stores);
        hf_remedies_for(s, &opts->stores, &opts->from);
        rc = hf_findings_check(&s->findings, err);
    }
    if (rc == 0) {
        result = hf_session_result(s, shelf.unreadable > 0);
        if (opts->common.json)
            put_json(s, &shelf, &needs, result);
        else
            put_text(s, &shelf, &needs);
        rc = hf_session_exit(result);
    }
    hf_needs_done(&needs);
    hf_shelf_done(&shelf);
    return rc;
}

static void done(void *v)
{
    struct check_opts *opts = v;

    hf_args_done(&opts->products);
    hf_args_done(&opts->stores);
    hf_args_done(&opts->from);
}

static const struct hf_example examples[] = {
    { "roots check cylance", "the five roots Cylance PROTECT wants" },
    { "roots check A1 V1 C1 --json", "three products, for a program" },
    { "roots check qualys --root /mnt/disk", "on a mounted system" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_check = {
    .path = "roots check",
    .words = "PRODUCT...",
    .summary = "is every certificate here that a product needs?",
    .about = "Looks for each certificate a product needs in each store. "
             "Missing, expired, distrusted by the platform, in the wrong "
             "store, and a body that is nowhere to be had are different "
             "answers. Roots that are refused for a reason do not fail a "
             "product for ever: they are listed with the reason.",
    .opts = check_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL |
              HF_GROUP_QUIET | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct check_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
