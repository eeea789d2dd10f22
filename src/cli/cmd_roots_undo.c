/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_undo.c - holdfast roots undo: take the last change back. */
#include "cli/commands.h"
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

static const char *sentence_of(enum hf_undo how)
{
    return how == HF_UNDO_BYTES
               ? "every file is as it was before, byte for byte"
           : how == HF_UNDO_CERTIFICATES
               ? "the system had moved on since, so it was done certificate by "
                 "certificate"
               : "there is nothing to undo";
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct undo_opts *opts = v;
    HF_AUTO(hf_free_ptr) char *state = hf_store_state_dir(opts->common.root);
    enum hf_undo how = 0;
    size_t count = 0;
    struct hf_json json;
    int rc;

    if (!state)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    rc = hf_store_undo(state, opts->common.root, &how, &count, err);
    if (rc < 0 && rc != HF_E_ABSENT)
        return HF_WRAP(err, "cannot undo the last change");
    if (opts->common.json) {
        hf_json_init(&json, &s->out, true);
        hf_render_json_open(&json, "roots undo", HF_RESULT_HEALTHY,
                            &s->findings);
        hf_json_text(&json, "undo", word_of(how));
        hf_json_number(&json, "count", (int64_t)count);
        hf_json_end(&json);
    } else if (rc == HF_E_ABSENT) {
        hf_buf_text(&s->out, "There is nothing to undo.\n");
    } else {
        hf_buf_printf(&s->out, "Taken back, %zu certificates: %s.\n", count,
                      sentence_of(how));
    }
    return HF_EXIT_HEALTHY;
}

static const struct hf_example examples[] = {
    { "roots undo", "take back what the last fix, add or remove did" }, { 0 }
};

const struct hf_cmd hf_cmd_roots_undo = {
    .path = "roots undo",
    .words = "",
    .summary = "take back what the last fix, add or remove did",
    .about = "Takes back exactly what the last change did: byte for byte when "
             "nothing else changed the files since, certificate by certificate "
             "when the system moved on. Called again it takes back the change "
             "before that.",
    .opts = NULL,
    .groups = HF_GROUP_REPORT | HF_GROUP_ROOT,
    .size = sizeof(struct undo_opts),
    .examples = examples,
    .run = run,
};
