/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_list.c - holdfast roots list: what the stores hold. */
#include "cli/commands.h"
#include "cli/shelf.h"
#include "cli/show_cert.h"
#include "cli/show_entry.h"

struct list_opts {
    struct hf_common common;
    struct hf_args stores;
};

static const struct hf_opt list_opts[] = {
    { NULL, 0, "STORE...", offsetof(struct list_opts, stores), hf_set_list,
      HF_VALUE_STORE, "stores to list, as with --store", NULL },
    { "store", 's', "STORE", offsetof(struct list_opts, stores), hf_set_list,
      HF_VALUE_STORE, hf_store_help, "every store found" },
    { 0 }
};

static void put_json(struct hf_session *s, const struct hf_shelf *shelf,
                     enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, "roots list", result, &s->findings);
    hf_shelf_json(&json, shelf);
    hf_shelf_entries_json(&json, shelf);
    hf_json_end(&json);
}

static void put_book(struct hf_session *s, const struct hf_book *book)
{
    if (!s->common->quiet)
        hf_book_line(s, book);
    if (book->status == HF_BOOK_UNREADABLE)
        return;
    if (!s->common->quiet && !s->style.verbose && book->list.count > 0) {
        hf_buf_text(&s->out, "\n");
        hf_show_cert_heading(s);
    }
    for (size_t i = 0; i < book->list.count; i++)
        if (s->style.verbose)
            hf_show_entry(s, &book->list.entry[i]);
        else
            hf_show_entry_line(s, &book->list.entry[i]);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct list_opts *opts = v;
    struct hf_shelf shelf = { 0 };
    enum hf_result result;

    if (hf_shelf_open(s, &opts->stores, &shelf, err) < 0)
        return hf_err_code(err);
    result = hf_session_result(s, shelf.unreadable > 0);
    if (opts->common.json) {
        put_json(s, &shelf, result);
    } else {
        for (size_t i = 0; i < shelf.count; i++) {
            put_book(s, &shelf.book[i]);
            hf_buf_text(&s->out, "\n");
        }
        hf_render_findings(&s->out, &s->style, &s->findings);
    }
    hf_shelf_done(&shelf);
    return hf_session_exit(result);
}

static void done(void *v)
{
    struct list_opts *opts = v;

    hf_args_done(&opts->stores);
}

static const struct hf_example examples[] = {
    { "roots list", "every certificate this machine trusts" },
    { "roots list --root /mnt/disk --json",
      "the same of a mounted system, for a program" },
    { "roots list pem:/etc/nginx/ca.pem -v", "what a CA file holds, in full" },
    { "roots list 'hive:/mnt/disk/Windows/System32/config/SOFTWARE#ROOT'",
      "one store of a Windows disk" },
    { "roots list ctl:authrootstl.cab",
      "Microsoft's list, its signature verified" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_list = {
    .path = "roots list",
    .words = "[STORE...]",
    .summary = "the certificates in the trust stores",
    .about = "Lists what each trust store of this machine holds, or the stores "
             "named: the distribution's bundle, PEM files, Java keystores, NSS "
             "profiles, Windows registry hives and exports, Microsoft's trust "
             "lists, macOS keychains. A store that cannot be read is named "
             "with the reason, and does not hide the others.",
    .opts = list_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_QUIET |
              HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct list_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
