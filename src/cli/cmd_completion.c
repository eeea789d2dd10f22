/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_completion.c - holdfast completion: scripts for three shells, made
 * from the option tables. */
#include <string.h>

#include "cli/commands.h"
#include "cli/completion.h"

struct completion_opts {
    struct hf_common common;
    struct hf_args words;
};

static const struct hf_opt completion_opts[] = {
    { NULL, 0, "bash|zsh|fish|table", offsetof(struct completion_opts, words),
      hf_set_list, HF_VALUE_WORDS,
      "the shell; 'table' prints the commands and options as tab-separated "
      "values",
      NULL },
    { 0 }
};

static void table_option(struct hf_buf *out, const struct hf_cmd *cmd,
                         const struct hf_opt *o)
{
    char letter[] = { '-', o->letter, '\0' };

    hf_buf_printf(out, "%s\t%s%s\t%s\t%s\t%s\n", cmd->path, o->name ? "--" : "",
                  o->name ? o->name : "", o->letter ? letter : "",
                  o->arg ? o->arg : "", o->help);
}

static void put_table(struct hf_buf *out)
{
    hf_buf_text(out, "command\toption\tletter\targument\thelp\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        hf_completion_each(out, *cmd, table_option);
}

static const struct {
    const char *name;
    void (*put)(struct hf_buf *out);
} shells[] = { { "bash", hf_completion_bash },
               { "zsh", hf_completion_zsh },
               { "fish", hf_completion_fish },
               { "table", put_table } };

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct completion_opts *opts = v;

    if (opts->words.count != 1)
        return HF_FAIL(err, HF_E_USAGE, "name one shell: bash, zsh or fish");
    for (size_t i = 0; i < HF_COUNT(shells); i++)
        if (strcmp(shells[i].name, opts->words.word[0]) == 0) {
            shells[i].put(&s->out);
            return HF_EXIT_HEALTHY;
        }
    return HF_FAIL(err, HF_E_USAGE, "'%s' is not bash, zsh, fish or table",
                   opts->words.word[0]);
}

static void done(void *v)
{
    struct completion_opts *opts = v;

    hf_args_done(&opts->words);
}

static const struct hf_example examples[] = {
    { "completion bash > /etc/bash_completion.d/holdfast",
      "for every bash on this machine" },
    { "completion fish > ~/.config/fish/completions/holdfast.fish",
      "for one user's fish" },
    { 0 }
};

const struct hf_cmd hf_cmd_completion = {
    .path = "completion",
    .words = "bash|zsh|fish|table",
    .summary = "completion for bash, zsh or fish",
    .about = "Prints a completion script made from the same tables as the "
             "help. Put it where the shell looks for such scripts.",
    .opts = completion_opts,
    .groups = 0,
    .size = sizeof(struct completion_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
