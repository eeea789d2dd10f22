/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_product_lint.c - holdfast product lint: is a product file sound? */
#include "cli/commands.h"
#include "doc/yaml.h"
#include "judge/lint.h"
#include "plat/file.h"

struct lint_opts {
    struct hf_common common;
    struct hf_args files;
};

static const struct hf_opt lint_opts[] = {
    { NULL, 0, "FILE...", offsetof(struct lint_opts, files), hf_set_list,
      HF_VALUE_FILE, "product files (YAML)", NULL },
    { 0 }
};

static int lint_file(const char *path, struct hf_lint *lint, struct hf_err *err)
{
    struct hf_buf text;
    int rc;

    hf_buf_init(&text, HF_YAML_BYTES_MAX);
    rc = hf_file_read(path, &text, err);
    if (rc == 0)
        rc = hf_product_lint(path, hf_buf_peek(&text), lint, err);
    hf_buf_done(&text);
    return rc;
}

static void put_text(struct hf_session *s, const char *path,
                     const struct hf_lint *lint)
{
    for (size_t i = 0; i < lint->count; i++) {
        hf_buf_printf(
            &s->out, "%s%s%s ",
            hf_ink(&s->style, lint->item[i].error ? HF_INK_BAD : HF_INK_WARN),
            lint->item[i].error ? "error:  " : "warning:",
            hf_ink(&s->style, HF_INK_PLAIN));
        hf_render_safe(&s->out, &s->style, lint->item[i].text);
        hf_buf_text(&s->out, "\n");
    }
    if (lint->dropped > 0)
        hf_buf_printf(&s->out, "%zu more %s not shown\n", lint->dropped,
                      hf_plural(lint->dropped, "problem is", "problems are"));
    if (lint->count == 0 && !s->common->quiet) {
        hf_render_safe(&s->out, &s->style, path);
        hf_buf_text(&s->out, ": no problem found\n");
    }
}

static void put_json(struct hf_json *json, const char *path,
                     const struct hf_lint *lint)
{
    for (size_t i = 0; i < lint->count; i++) {
        hf_json_object(json, NULL);
        hf_json_text(json, "file", path);
        hf_json_number(json, "line", lint->item[i].line);
        hf_json_text(json, "severity",
                     lint->item[i].error ? "error" : "warning");
        hf_json_text(json, "text", lint->item[i].text);
        hf_json_end(json);
    }
}

static int lint_all(struct hf_session *s, const struct lint_opts *opts,
                    struct hf_lint *lints, struct hf_err *err)
{
    struct hf_json json;
    size_t problems = 0;

    for (size_t i = 0; i < opts->files.count; i++) {
        hf_lint_init(&lints[i], opts->files.word[i]);
        if (lint_file(opts->files.word[i], &lints[i], err) < 0 ||
            hf_lint_check(&lints[i], err) < 0)
            return hf_err_code(err);
        problems += lints[i].count;
    }
    if (opts->common.json) {
        hf_json_init(&json, &s->out, true);
        hf_render_json_open(&json, "product lint",
                            problems > 0 ? HF_RESULT_FINDINGS
                                         : HF_RESULT_HEALTHY,
                            &s->findings);
        hf_json_array(&json, "problems");
    }
    for (size_t i = 0; i < opts->files.count; i++) {
        if (opts->common.json)
            put_json(&json, opts->files.word[i], &lints[i]);
        else
            put_text(s, opts->files.word[i], &lints[i]);
    }
    if (opts->common.json) {
        hf_json_end(&json);
        hf_json_end(&json);
    }
    return problems > 0 ? HF_EXIT_FINDINGS : HF_EXIT_HEALTHY;
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct lint_opts *opts = v;
    HF_AUTO(hf_free_ptr) struct hf_lint *lints = NULL;
    int rc;

    if (opts->files.count == 0)
        return HF_FAIL(err, HF_E_USAGE, "name a FILE");
    lints = calloc(opts->files.count, sizeof(*lints));
    if (!lints)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for problems");
    rc = lint_all(s, opts, lints, err);
    for (size_t i = 0; i < opts->files.count; i++)
        hf_lint_done(&lints[i]);
    return rc;
}

static void done(void *v)
{
    struct lint_opts *opts = v;

    hf_args_done(&opts->files);
}

static const struct hf_example examples[] = {
    { "product lint /etc/holdfast/products/ours.yaml",
      "every problem of a file, with line and column" },
    { 0 }
};

const struct hf_cmd hf_cmd_product_lint = {
    .path = "product lint",
    .words = "FILE...",
    .summary = "every problem of a product file, with its line",
    .about = "Checks product files: syntax, unknown keys, hashes that do not "
             "fit the certificate beside them, hosts that are none, statements "
             "without a source. Exits with 0 when there is no problem.",
    .opts = lint_opts,
    .groups = HF_GROUP_JSON | HF_GROUP_QUIET,
    .size = sizeof(struct lint_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
