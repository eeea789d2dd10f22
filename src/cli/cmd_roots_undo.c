/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_undo.c - holdfast roots undo: take the last change back. */
#include "base/calendar.h"
#include "base/hex.h"
#include "cli/commands.h"
#include "cli/show_cert.h"
#include "store/store.h"

struct undo_opts {
    struct hf_common common;
};

static const char *word_of(enum hf_undo how)
{
    return how == HF_UNDO_BYTES          ? "bytes"
           : how == HF_UNDO_CERTIFICATES ? "certificates"
                                         : "nothing";
}

/* "added" or "removed": what the undo did, not what the change had done. */
static void json_list(struct hf_json *json, const char *key,
                      const struct hf_undone *undone, bool removed)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < undone->count; i++)
        if (undone->item[i].removed == removed)
            hf_json_stored_cert(json, undone->item[i].cert,
                                undone->item[i].store, NULL);
    hf_json_end(json);
}

static void put_json(struct hf_session *s, const struct hf_undone *undone)
{
    struct hf_json json;

    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, s->cmd->path, HF_RESULT_HEALTHY, &s->findings);
    hf_json_text(&json, "undo", word_of(undone->how));
    hf_json_number(&json, "count", (int64_t)undone->count);
    if (undone->how) {
        hf_json_object(&json, "change");
        hf_json_time(&json, "time", undone->time_s);
        hf_json_text(&json, "command", undone->command);
        hf_json_end(&json);
    } else {
        hf_json_null(&json, "change");
    }
    json_list(&json, "added", undone, false);
    json_list(&json, "removed", undone, true);
    hf_json_array(&json, "settings");
    for (size_t i = 0; i < undone->values.count; i++)
        hf_json_text(&json, NULL, undone->values.text[i]);
    hf_json_end(&json);
    hf_json_end(&json);
}

static void put_cert(struct hf_session *s, const struct hf_undone_cert *item)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(item->cert, &err);
    char hash[2 * HF_SHA256_LEN + 1];

    hf_hex(hf_view(hf_cert_sha256(item->cert), HF_SHA256_LEN), hash);
    hf_buf_printf(&s->out, "  %s%-12s%s ",
                  hf_ink(&s->style, item->removed ? HF_INK_WARN : HF_INK_GOOD),
                  item->removed ? "removed" : "added again",
                  hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_safe(&s->out, &s->style,
                   info ? info->name : "a certificate that does not decode");
    hf_buf_printf(&s->out, "\n%15sSHA-256 %s\n%15s%s ", "", hash, "",
                  item->removed ? "from" : "to");
    hf_render_safe(&s->out, &s->style, item->store);
    hf_buf_text(&s->out, "\n");
}

static void put_text(struct hf_session *s, const struct hf_undone *undone)
{
    char time[HF_TIME_TEXT];

    if (!undone->how) {
        hf_buf_text(&s->out, "There is nothing to undo.\n");
        return;
    }
    hf_calendar_minute(undone->time_s, time);
    hf_buf_text(&s->out, "Taken back: ");
    if (undone->command) {
        hf_buf_text(&s->out, "what 'holdfast ");
        hf_render_safe(&s->out, &s->style, undone->command);
        hf_buf_printf(&s->out, "' did on %s.\n", time);
    } else {
        hf_buf_printf(&s->out, "the change of %s.\n", time);
    }
    for (size_t i = 0; i < undone->count; i++)
        put_cert(s, &undone->item[i]);
    for (size_t i = 0; i < undone->values.count; i++) {
        hf_buf_printf(&s->out, "  %sput back%s     ",
                      hf_ink(&s->style, HF_INK_WARN),
                      hf_ink(&s->style, HF_INK_PLAIN));
        hf_render_wrapped(&s->out, &s->style, 15, undone->values.text[i]);
        hf_buf_text(&s->out, "\n");
    }
    hf_buf_text(&s->out,
                undone->how == HF_UNDO_BYTES
                    ? "Every file is as it was before, byte for byte.\n"
                    : "The system had moved on since, so it was done "
                      "certificate by certificate.\n");
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct undo_opts *opts = v;
    HF_AUTO(hf_free_ptr) char *state = hf_store_state_dir(opts->common.root);
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    int rc;

    if (!state)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    rc = hf_store_undo(state, opts->common.root, &undone, err);
    if (rc < 0 && rc != HF_E_ABSENT)
        return HF_WRAP(err, "cannot undo the last change");
    if (opts->common.json)
        put_json(s, &undone);
    else
        put_text(s, &undone);
    return HF_EXIT_HEALTHY;
}

static const struct hf_example examples[] = {
    { "roots undo", "take back what the last fix, add, remove or sync did" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_undo = {
    .path = "roots undo",
    .words = "",
    .summary = "take back what the last fix, add, remove or sync did",
    .about =
        "Takes back exactly what the last change did, and says which change "
        "that was: byte for byte when nothing else changed the files "
        "since, certificate by certificate when the system moved on. Called "
        "again it takes back the change "
        "before that.",
    .opts = NULL,
    .groups = HF_GROUP_JSON | HF_GROUP_ROOT,
    .size = sizeof(struct undo_opts),
    .examples = examples,
    .run = run,
};
