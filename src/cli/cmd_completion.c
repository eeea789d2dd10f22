/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_completion.c - holdfast completion: scripts for three shells, made
 * from the option tables. */
#include <string.h>

#include "cli/commands.h"

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

/* Calls `row` for every option of `cmd`, its own first. */
static void each_option(struct hf_buf *out, const struct hf_cmd *cmd,
                        void (*row)(struct hf_buf *out,
                                    const struct hf_cmd *cmd,
                                    const struct hf_opt *o))
{
    for (const struct hf_opt *o = cmd->opts; o && o->help; o++)
        row(out, cmd, o);
    for (const struct hf_opt *o = hf_common_opts; o->help; o++)
        if (hf_common_has(o, cmd->groups))
            row(out, cmd, o);
}

static const struct hf_opt *words_of(const struct hf_cmd *cmd)
{
    for (const struct hf_opt *o = cmd->opts; o && o->help; o++)
        if (!o->name)
            return o;
    return NULL;
}

/* "a|b|c" as "a b c". */
static void put_choices(struct hf_buf *out, const char *choices)
{
    for (const char *c = choices; *c; c++)
        hf_buf_add(out, *c == '|' ? " " : c, 1);
}

/* First words of all commands: "doctor roots product ...", each once. */
static void put_first_words(struct hf_buf *out)
{
    const char *last = "";
    size_t last_len = 0;

    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        size_t len = strcspn((*cmd)->path, " ");

        if (len != last_len || memcmp(last, (*cmd)->path, len) != 0)
            hf_buf_printf(out, "%.*s ", (int)len, (*cmd)->path);
        last = (*cmd)->path;
        last_len = len;
    }
}

/* --- bash ---------------------------------------------------------------- */

static void bash_option(struct hf_buf *out, const struct hf_cmd *cmd,
                        const struct hf_opt *o)
{
    (void)cmd;
    if (o->name)
        hf_buf_printf(out, "--%s%s ", o->name, o->arg ? "=" : "");
}

static const char *bash_values(const struct hf_opt *o)
{
    switch (o->value) {
    case HF_VALUE_FILE:
    case HF_VALUE_STORE:
        return "-f";
    case HF_VALUE_DIR:
        return "-d";
    case HF_VALUE_PRODUCT:
        return "-W \"$(holdfast product list -q 2>/dev/null)\"";
    default:
        return "";
    }
}

static void bash_value_case(struct hf_buf *out, const struct hf_cmd *cmd,
                            const struct hf_opt *o)
{
    if (!o->name || !o->arg || o->value == HF_VALUE_ANY)
        return;
    hf_buf_printf(out, "    '%s --%s') COMPREPLY=($(compgen ", cmd->path,
                  o->name);
    if (o->value == HF_VALUE_WORDS) {
        hf_buf_text(out, "-W '");
        put_choices(out, o->arg);
        hf_buf_text(out, "'");
    } else {
        hf_buf_text(out, bash_values(o));
    }
    hf_buf_text(out, " -- \"$cur\")); return ;;\n");
}

static void bash_command(struct hf_buf *out, const struct hf_cmd *cmd)
{
    const struct hf_opt *words = words_of(cmd);

    hf_buf_printf(out,
                  "    '%s')\n        if [[ $cur == -* ]]; then\n"
                  "            COMPREPLY=($(compgen -W '",
                  cmd->path);
    each_option(out, cmd, bash_option);
    hf_buf_text(out, "' -- \"$cur\"))\n"
                     "            [[ ${COMPREPLY[0]} == *= ]] && compopt -o "
                     "nospace\n");
    if (words && words->value != HF_VALUE_ANY) {
        hf_buf_text(out, "        else\n            COMPREPLY=($(compgen ");
        if (words->value == HF_VALUE_WORDS) {
            hf_buf_text(out, "-W '");
            put_choices(out, words->arg);
            hf_buf_text(out, "'");
        } else {
            hf_buf_text(out, bash_values(words));
        }
        hf_buf_text(out, " -- \"$cur\"))\n");
    }
    hf_buf_text(out, "        fi ;;\n");
}

static void put_bash(struct hf_buf *out)
{
    hf_buf_text(out,
                "# bash completion for holdfast(1): holdfast completion bash\n"
                "_holdfast() {\n"
                "    local cur prev cmd word\n"
                "    COMPREPLY=()\n"
                "    cur=${COMP_WORDS[COMP_CWORD]}\n"
                "    prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    [[ $cur == '=' ]] && cur=\n"
                "    [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                "    cmd=${COMP_WORDS[1]}\n"
                "    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        const char *second = strchr((*cmd)->path, ' ');
        size_t len = strcspn((*cmd)->path, " ");

        if (!second || (cmd != hf_commands &&
                        strncmp(cmd[-1]->path, (*cmd)->path, len + 1) == 0))
            continue;
        hf_buf_printf(out,
                      "    %.*s)\n        if ((COMP_CWORD == 2)); then\n"
                      "            COMPREPLY=($(compgen -W '",
                      (int)len, (*cmd)->path);
        for (const struct hf_cmd *const *c = hf_commands; *c; c++)
            if (strncmp((*c)->path, (*cmd)->path, len + 1) == 0)
                hf_buf_printf(out, "%s ", (*c)->path + len + 1);
        hf_buf_text(out, "' -- \"$cur\")); return\n        fi\n"
                         "        cmd=\"$cmd ${COMP_WORDS[2]}\" ;;\n");
    }
    hf_buf_text(out, "    esac\n    if ((COMP_CWORD == 1)); then\n"
                     "        COMPREPLY=($(compgen -W '");
    put_first_words(out);
    hf_buf_text(out, "help --help --version' -- \"$cur\")); return\n    fi\n"
                     "    case \"$cmd $prev\" in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        each_option(out, *cmd, bash_value_case);
    hf_buf_text(out, "    esac\n    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        bash_command(out, *cmd);
    hf_buf_text(out, "    esac\n}\ncomplete -o default -F _holdfast "
                     "holdfast\n");
}

/* --- zsh ----------------------------------------------------------------- */

/* Text inside single quotes and a [..] of _arguments. */
static void zsh_text(struct hf_buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            hf_buf_text(out, "'\\''");
        else if (strchr("[]:\\", *c))
            hf_buf_printf(out, "\\%c", *c);
        else
            hf_buf_add(out, c, 1);
    }
}

static void zsh_value(struct hf_buf *out, const struct hf_opt *o)
{
    switch (o->value) {
    case HF_VALUE_FILE:
    case HF_VALUE_STORE:
        hf_buf_text(out, "_files");
        break;
    case HF_VALUE_DIR:
        hf_buf_text(out, "_files -/");
        break;
    case HF_VALUE_PRODUCT:
        hf_buf_text(out, "{_values product $(holdfast product list -q "
                         "2>/dev/null)}");
        break;
    case HF_VALUE_WORDS:
        hf_buf_text(out, "(");
        put_choices(out, o->arg);
        hf_buf_text(out, ")");
        break;
    default:
        hf_buf_text(out, " ");
    }
}

static void zsh_option(struct hf_buf *out, const struct hf_cmd *cmd,
                       const struct hf_opt *o)
{
    (void)cmd;
    if (!o->name) {
        hf_buf_text(out, "            '*:argument:");
        zsh_value(out, o);
    } else {
        hf_buf_printf(out, "            '*--%s%s[", o->name, o->arg ? "=" : "");
        zsh_text(out, o->help);
        hf_buf_text(out, "]");
        if (o->arg) {
            hf_buf_text(out, ":value:");
            zsh_value(out, o);
        }
    }
    hf_buf_text(out, "' \\\n");
}

static void put_zsh(struct hf_buf *out)
{
    hf_buf_text(out, "#compdef holdfast\n"
                     "# zsh completion for holdfast(1): holdfast completion "
                     "zsh\n"
                     "_holdfast() {\n"
                     "    local -a commands\n"
                     "    local cmd=$words[2]\n"
                     "    commands=(");
    put_first_words(out);
    hf_buf_text(out, "help)\n"
                     "    if ((CURRENT == 2)); then\n"
                     "        compadd -- $commands; return\n    fi\n"
                     "    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        size_t len = strcspn((*cmd)->path, " ");

        if (!(*cmd)->path[len] ||
            (cmd != hf_commands &&
             strncmp(cmd[-1]->path, (*cmd)->path, len + 1) == 0))
            continue;
        hf_buf_printf(out,
                      "    %.*s)\n        if ((CURRENT == 3)); then\n"
                      "            compadd --",
                      (int)len, (*cmd)->path);
        for (const struct hf_cmd *const *c = hf_commands; *c; c++)
            if (strncmp((*c)->path, (*cmd)->path, len + 1) == 0)
                hf_buf_printf(out, " %s", (*c)->path + len + 1);
        hf_buf_text(out, "; return\n        fi\n"
                         "        cmd=\"$cmd $words[3]\"\n"
                         "        shift words; ((CURRENT--)) ;;\n");
    }
    hf_buf_text(out, "    esac\n    shift words; ((CURRENT--))\n"
                     "    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        hf_buf_printf(out, "    '%s')\n        _arguments -s \\\n",
                      (*cmd)->path);
        each_option(out, *cmd, zsh_option);
        hf_buf_text(out, "            ;;\n");
    }
    hf_buf_text(out, "    esac\n}\n"
                     "[[ $funcstack[1] == _holdfast ]] && _holdfast \"$@\" || "
                     "compdef _holdfast holdfast\n");
}

/* --- fish ---------------------------------------------------------------- */

static void fish_text(struct hf_buf *out, const char *text)
{
    hf_buf_text(out, "'");
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '\\')
            hf_buf_text(out, "\\");
        hf_buf_add(out, c, 1);
    }
    hf_buf_text(out, "'");
}

/* "is this command being typed?" as a condition for -n. */
static void fish_condition(struct hf_buf *out, const char *path)
{
    const char *space = strchr(path, ' ');

    if (space)
        hf_buf_printf(out,
                      " -n '__fish_seen_subcommand_from %.*s; and "
                      "__fish_seen_subcommand_from %s'",
                      (int)(space - path), path, space + 1);
    else
        hf_buf_printf(out, " -n '__fish_seen_subcommand_from %s'", path);
}

static void fish_option(struct hf_buf *out, const struct hf_cmd *cmd,
                        const struct hf_opt *o)
{
    if (!o->name && o->value != HF_VALUE_PRODUCT && o->value != HF_VALUE_FILE &&
        o->value != HF_VALUE_WORDS)
        return;
    hf_buf_text(out, "complete -c holdfast");
    fish_condition(out, cmd->path);
    if (o->name)
        hf_buf_printf(out, " -l %s", o->name);
    if (o->letter)
        hf_buf_printf(out, " -s %c", o->letter);
    if (o->name && o->arg)
        hf_buf_text(out, " -r");
    if (o->arg && (o->value == HF_VALUE_FILE || o->value == HF_VALUE_STORE ||
                   o->value == HF_VALUE_DIR))
        hf_buf_text(out, " -F");
    if (o->value == HF_VALUE_PRODUCT)
        hf_buf_text(out, " -f -a '(holdfast product list -q 2>/dev/null)'");
    if (o->value == HF_VALUE_WORDS) {
        hf_buf_text(out, " -f -a '");
        put_choices(out, o->arg);
        hf_buf_text(out, "'");
    }
    hf_buf_text(out, " -d ");
    fish_text(out, o->help);
    hf_buf_text(out, "\n");
}

static void fish_command(struct hf_buf *out, const struct hf_cmd *const *cmd)
{
    const char *path = (*cmd)->path;
    size_t len = strcspn(path, " ");
    bool first = cmd == hf_commands || strncmp(cmd[-1]->path, path, len) != 0 ||
                 cmd[-1]->path[len] != path[len];

    if (first) {
        hf_buf_printf(out,
                      "complete -c holdfast -f -n __fish_use_subcommand "
                      "-a %.*s -d ",
                      (int)len, path);
        fish_text(out, path[len] ? "" : (*cmd)->summary);
        hf_buf_text(out, "\n");
    }
    if (path[len]) {
        hf_buf_printf(out,
                      "complete -c holdfast -f -n "
                      "'__fish_seen_subcommand_from %.*s; and test (count "
                      "(commandline -opc)) -eq 2' -a %s -d ",
                      (int)len, path, path + len + 1);
        fish_text(out, (*cmd)->summary);
        hf_buf_text(out, "\n");
    }
    each_option(out, *cmd, fish_option);
}

static void put_fish(struct hf_buf *out)
{
    hf_buf_text(out, "# fish completion for holdfast(1): holdfast completion "
                     "fish\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        fish_command(out, cmd);
}

/* --- table --------------------------------------------------------------- */

static void table_option(struct hf_buf *out, const struct hf_cmd *cmd,
                         const struct hf_opt *o)
{
    hf_buf_printf(out, "%s\t%s%s\t%s\t%s\n", cmd->path, o->name ? "--" : "",
                  o->name ? o->name : "", o->arg ? o->arg : "", o->help);
}

static void put_table(struct hf_buf *out)
{
    hf_buf_text(out, "command\toption\targument\thelp\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        each_option(out, *cmd, table_option);
}

static const struct {
    const char *name;
    void (*put)(struct hf_buf *out);
} shells[] = { { "bash", put_bash },
               { "zsh", put_zsh },
               { "fish", put_fish },
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
