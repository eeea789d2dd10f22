/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fix_log.c - what a fix did, as the Log folder and --json show it. */
#include "cli/fix_log.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "cli/need_json.h"
#include "cli/show_cert.h"
#include "plat/file.h"

#define LOG_MAX                                                                \
    (1024 * 1024) /* bytes; ours: 500 runs; a longer one starts anew */

/* The lists of the summary, by state. */
static const struct {
    const char *key, *word;
    unsigned states; /* bits of enum hf_need_state */
} lists[] = {
    { "missing", "missing", 1u << HF_NEED_MISSING },
    { "refused", "refused",
      1u << HF_NEED_EXPIRED | 1u << HF_NEED_DISTRUSTED |
          1u << HF_NEED_NOT_TLS },
    { "unavailable", "body unavailable", 1u << HF_NEED_NO_BODY },
};

static void json_need(struct hf_json *json, const struct hf_needs_row *row,
                      const struct hf_need_verdict *need)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "product", row->verdict.product->id);
    hf_json_text(json, "store", hf_store_name(row->book->store));
    hf_json_text(json, "state", hf_need_state_name(need->state));
    hf_json_text(json, "reason", need->reason);
    hf_json_need_cert(json, need->need, need->cert);
    hf_json_end(json);
}

static void json_installed(struct hf_json *json,
                           const struct hf_fix_report *report)
{
    hf_json_array(json, "installed");
    for (size_t i = 0; i < report->repair->count; i++) {
        const struct hf_repair_item *item = &report->repair->item[i];

        for (size_t k = 0;
             k < item->add.count && item->book->status == HF_BOOK_TOUCHED; k++)
            hf_json_stored_cert(json, item->add.cert[k],
                                hf_store_name(item->book->store),
                                hf_book_where(item->book, item->add.cert[k]));
    }
    hf_json_end(json);
}

void hf_fix_json(struct hf_session *s, struct hf_buf *out,
                 const struct hf_fix_report *report)
{
    struct hf_json json;

    hf_json_init(&json, out, true);
    hf_render_json_open(&json, s->cmd->path, report->result, &s->findings);
    hf_json_bool(&json, "fixed", report->fixed);
    hf_json_bool(&json, "dry_run", report->dry_run);
    hf_shelf_json(&json, report->shelf);
    hf_needs_json(&json, report->needs);
    json_installed(&json, report);
    for (size_t l = 0; l < HF_COUNT(lists); l++) {
        hf_json_array(&json, lists[l].key);
        for (size_t i = 0; i < report->needs->count; i++) {
            const struct hf_needs_row *row = &report->needs->row[i];

            for (size_t k = 0; k < row->verdict.need_count; k++)
                if (lists[l].states & 1u << row->verdict.need[k].state)
                    json_need(&json, row, &row->verdict.need[k]);
        }
        hf_json_end(&json);
    }
    if (report->log_dir)
        hf_json_text(&json, "log", report->log_dir);
    else
        hf_json_null(&json, "log");
    hf_json_end(&json);
}

static void text_stores(struct hf_buf *out, const struct hf_shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct hf_book *book = &shelf->book[i];

        hf_buf_printf(out, "store %s (%s): %s%s%s\n",
                      hf_store_name(book->store), hf_store_path(book->store),
                      hf_book_status_name(book->status),
                      book->reason[0] ? ": " : "", book->reason);
    }
}

static void text_installed(struct hf_buf *out,
                           const struct hf_repair_item *item, bool dry_run)
{
    for (size_t k = 0; k < item->add.count; k++) {
        struct hf_err err;
        struct hf_cert *cert = item->add.cert[k];
        const struct hf_cert_info *info = hf_cert_info(cert, &err);
        char sha1[2 * HF_SHA1_LEN + 1], sha256[2 * HF_SHA256_LEN + 1];

        if (item->book->status != HF_BOOK_TOUCHED && !dry_run)
            continue;
        hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), sha1);
        hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), sha256);
        hf_buf_printf(out, "%s in %s: %s\n  SHA-1 %s\n  SHA-256 %s\n",
                      dry_run ? "would install" : "installed",
                      hf_store_name(item->book->store), info ? info->name : "?",
                      sha1, sha256);
    }
}

void hf_fix_text(struct hf_session *s, struct hf_buf *out,
                 const struct hf_fix_report *report)
{
    char time[HF_TIME_TEXT];

    hf_buf_printf(out, "%s holdfast " HF_VERSION " %s%s\n",
                  hf_calendar_rfc3339(s->now_s, time), s->cmd->path,
                  report->dry_run ? " --dry-run" : "");
    text_stores(out, report->shelf);
    for (size_t i = 0; i < report->repair->count; i++)
        text_installed(out, &report->repair->item[i], report->dry_run);
    for (size_t l = 0; l < HF_COUNT(lists); l++)
        for (size_t i = 0; i < report->needs->count; i++) {
            const struct hf_needs_row *row = &report->needs->row[i];

            for (size_t k = 0; k < row->verdict.need_count; k++) {
                const struct hf_need_verdict *need = &row->verdict.need[k];

                if (lists[l].states & 1u << need->state)
                    hf_buf_printf(out, "%s: %s, for %s: %s\n", lists[l].word,
                                  need->need->name, row->verdict.product->name,
                                  need->reason);
            }
        }
    hf_buf_printf(out, "Fixing result is %s.\n",
                  report->fixed ? "True" : "False");
}

int hf_fix_log_dir(const char *dir, struct hf_err *err)
{
    if (hf_file_mkdirs(dir, 0755, err) < 0)
        return HF_WRAP(err, "cannot make the log folder: choose another with "
                            "--log-dir");
    if (access(dir, W_OK) != 0)
        return HF_FAIL_SYS(err,
                           "cannot write into the log folder '%s' (choose "
                           "another with --log-dir)",
                           dir);
    return 0;
}

/* The old log, when there is one of a sensible length, and the new lines. */
static int append_log(struct hf_session *s, const struct hf_fix_report *report,
                      const char *path, struct hf_err *err)
{
    struct hf_buf old, text;
    struct hf_err none;
    int rc;

    hf_buf_init(&old, LOG_MAX);
    hf_buf_init(&text, 4 * LOG_MAX);
    if (hf_file_read(path, &old, &none) == 0)
        hf_buf_view(&text, hf_buf_peek(&old));
    hf_fix_text(s, &text, report);
    rc = hf_buf_check(&text, err);
    if (rc == 0)
        rc = hf_file_write(path, hf_buf_peek(&text), 0644, err);
    hf_buf_done(&old);
    hf_buf_done(&text);
    return rc;
}

int hf_fix_log_write(struct hf_session *s, const struct hf_fix_report *report,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    char *json_path = hf_path_join(report->log_dir, HF_FIX_JSON);
    HF_AUTO(hf_free_ptr)
    char *log_path = hf_path_join(report->log_dir, HF_FIX_LOG);
    struct hf_buf json;
    int rc;

    if (!json_path || !log_path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    hf_buf_init(&json, 16 * LOG_MAX);
    hf_fix_json(s, &json, report);
    rc = hf_buf_check(&json, err);
    if (rc == 0)
        rc = hf_file_write(json_path, hf_buf_peek(&json), 0644, err);
    hf_buf_done(&json);
    if (rc == 0)
        rc = append_log(s, report, log_path, err);
    return rc < 0 ? HF_WRAP(err, "cannot write the log") : 0;
}
