/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_explain.c - holdfast explain: the whole story of a code or cause. */
#include "cli/commands.h"
#include "doc/nearest.h"

struct explain_opts {
    struct hf_common common;
    struct hf_args words;
};

static const struct hf_opt explain_opts[] = {
    { NULL, 0, "CODE|CAUSE...", offsetof(struct explain_opts, words),
      hf_set_list, HF_VALUE_CODE,
      "codes (HF1203) or causes (root-missing); none lists them all", NULL },
    { 0 }
};

static void list_all(struct hf_session *s)
{
    for (size_t i = 0; i < hf_catalogue_count(s->catalogue); i++) {
        const struct hf_catalogue_row *row = hf_catalogue_at(s->catalogue, i);

        hf_buf_printf(&s->out, "%s%s%s  %-22s ", hf_ink(&s->style, HF_INK_DIM),
                      row->code, hf_ink(&s->style, HF_INK_PLAIN),
                      row->cause->name);
        hf_render_wrapped(&s->out, &s->style, 31, row->title);
        hf_buf_text(&s->out, "\n");
    }
}

static int no_such(struct hf_session *s, const char *word, struct hf_err *err)
{
    const char *names[512] = { NULL };
    size_t count = 0;
    const char *near;

    for (size_t i = 0; i < hf_catalogue_count(s->catalogue); i++)
        if (count < 256)
            names[count++] = hf_catalogue_at(s->catalogue, i)->code;
    for (size_t i = 0; i < hf_catalogue_cause_count(s->catalogue); i++)
        if (count < 511)
            names[count++] = hf_catalogue_cause_at(s->catalogue, i)->name;
    near = hf_nearest(names, hf_view_text(word));
    return HF_FAIL(err, HF_E_USAGE,
                   "there is no code or cause '%s'%s%s%s: 'holdfast explain' "
                   "lists them",
                   word, near ? ": did you mean '" : "", near ? near : "",
                   near ? "'" : "");
}

static int explain_word(struct hf_session *s, struct hf_json *json,
                        const char *word, bool causes, struct hf_err *err)
{
    const struct hf_catalogue_row *row = hf_catalogue_code(s->catalogue, word);
    const struct hf_cause_row *cause = hf_catalogue_cause(s->catalogue, word);

    if (!row && !cause)
        return no_such(s, word, err);
    if (!json && row)
        hf_render_explain_code(&s->out, &s->style, row);
    else if (!json)
        hf_render_explain_cause(&s->out, &s->style, s->catalogue, cause);
    else if (row && !causes)
        hf_render_json_code(json, row);
    else if (cause && causes)
        hf_render_json_cause(json, s->catalogue, cause);
    for (size_t i = 0;
         json && cause && !causes && i < hf_catalogue_count(s->catalogue); i++)
        if (hf_catalogue_at(s->catalogue, i)->cause == cause)
            hf_render_json_code(json, hf_catalogue_at(s->catalogue, i));
    return 0;
}

static int explain_json(struct hf_session *s, const struct explain_opts *opts,
                        struct hf_err *err)
{
    static const char *const keys[] = { "codes", "causes" };
    struct hf_json json;

    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, "explain", HF_RESULT_HEALTHY, &s->findings);
    for (size_t k = 0; k < HF_COUNT(keys); k++) {
        hf_json_array(&json, keys[k]);
        for (size_t i = 0; i < opts->words.count; i++)
            if (explain_word(s, &json, opts->words.word[i], k == 1, err) < 0)
                return hf_err_code(err);
        for (size_t i = 0; opts->words.count == 0 && k == 0 &&
                           i < hf_catalogue_count(s->catalogue);
             i++)
            hf_render_json_code(&json, hf_catalogue_at(s->catalogue, i));
        for (size_t i = 0; opts->words.count == 0 && k == 1 &&
                           i < hf_catalogue_cause_count(s->catalogue);
             i++)
            hf_render_json_cause(&json, s->catalogue,
                                 hf_catalogue_cause_at(s->catalogue, i));
        hf_json_end(&json);
    }
    hf_json_end(&json);
    return HF_EXIT_HEALTHY;
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct explain_opts *opts = v;

    if (opts->common.json)
        return explain_json(s, opts, err);
    if (opts->words.count == 0)
        list_all(s);
    for (size_t i = 0; i < opts->words.count; i++) {
        if (i > 0)
            hf_buf_text(&s->out, "\n");
        if (explain_word(s, NULL, opts->words.word[i], false, err) < 0)
            return hf_err_code(err);
    }
    return HF_EXIT_HEALTHY;
}

static void done(void *v)
{
    struct explain_opts *opts = v;

    hf_args_done(&opts->words);
}

static const struct hf_example examples[] = {
    { "explain HF1203", "everything about one code" },
    { "explain root-missing", "a cause, and every code that names it" },
    { "explain", "all codes, a line each" },
    { 0 }
};

const struct hf_cmd hf_cmd_explain = {
    .path = "explain",
    .words = "[CODE|CAUSE]...",
    .summary = "what a code or a cause means, and what to do",
    .about = "Prints what a finding means, how it was recognised, what to do "
             "about it and where that is known from.",
    .opts = explain_opts,
    .groups = HF_GROUP_JSON,
    .size = sizeof(struct explain_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
