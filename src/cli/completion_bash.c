/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion_bash.c - the script for bash. */
#include "cli/completion.h"

/* Readline cuts words at '=' and ':' and replaces only the last piece, so the
 * words are put together first and the pieces before the last cut off each
 * answer. */
static const char head[] =
    "# bash completion for holdfast(1), made by: holdfast completion bash\n"
    "\n"
    "# Answers for $value: words, or what the tables call a kind of value.\n"
    "_holdfast_answer() { # KIND [WORDS]\n"
    "    local path=$value before=''\n"
    "    case $1 in\n"
    "    words)\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$value\")\n"
    "        [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=:] ]] ||\n"
    "            compopt -o nospace 2>/dev/null\n"
    "        return ;;\n"
    "    product)\n"
    "        _holdfast_answer words \\\n"
    "            \"$(\"${COMP_WORDS[0]}\" product list -q 2>/dev/null)\"\n"
    "        return ;;\n"
    "    code)\n"
    "        _holdfast_answer words \\\n"
    "            \"$(\"${COMP_WORDS[0]}\" explain --color=never 2>/dev/null |\n"
    "                awk '/^HF/ { print $1; print $2 }' | sort -u)\"\n"
    "        return ;;\n"
    "    store)\n"
    "        if [[ $value != *:* ]]; then\n"
    "            _holdfast_answer words '";

static const char files[] =
    "'\n"
    "        before=${value%%:*}: path=${value#*:} ;;\n"
    "    esac\n"
    "    path=${path//\\\\/}\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    if [[ $1 == dir ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -d -- \"$path\")\n"
    "    else\n"
    "        mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(\n"
    "            compgen -P \"$before\" -f -- \"$path\")\n"
    "    fi\n"
    "}\n"
    "\n"
    "# Is `$1` an option of $cmd with a value? Then the answers are there.\n"
    "_holdfast_value() { # OPTION\n"
    "    case \"$cmd $1\" in\n";

static const char middle[] = "    *) return 1 ;;\n"
                             "    esac\n"
                             "}\n"
                             "\n"
                             "_holdfast_word() {\n"
                             "    case $cmd in\n";

static const char tail[] =
    "_holdfast() {\n"
    "    local words=() last='' word cur prev cmd value piece i\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if ((i > 1)) && [[ $word == [=:]* || $last == *[=:] ]]; then\n"
    "            words[${#words[@]}-1]+=$word\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "        last=$word\n"
    "    done\n"
    "    piece=$last\n"
    "    [[ $piece != *[=:] ]] || piece=\n"
    "    i=$((${#words[@]} - 1))\n"
    "    cur=${words[i]} prev=${words[i-1]} value=$cur\n"
    "    COMPREPLY=()\n"
    "    _holdfast_command\n"
    "    word=${cur%\"$value\"} # what stands before the value: --option=\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        COMPREPLY[i]=$word${COMPREPLY[i]}\n"
    "        COMPREPLY[i]=${COMPREPLY[i]#\"${cur%\"$piece\"}\"}\n"
    "    done\n"
    "}\n"
    "complete -F _holdfast holdfast\n";

static const char *kind_of(const struct hf_opt *o)
{
    switch (o->value) {
    case HF_VALUE_FILE:
        return "file";
    case HF_VALUE_DIR:
        return "dir";
    case HF_VALUE_PRODUCT:
        return "product";
    case HF_VALUE_STORE:
        return "store";
    case HF_VALUE_CODE:
        return "code";
    case HF_VALUE_WORDS:
        return "words";
    default:
        return NULL;
    }
}

/* "_holdfast_answer KIND"; ":" when nothing can be said. */
static void put_answer(struct hf_buf *out, const struct hf_opt *o)
{
    const char *kind = o ? kind_of(o) : NULL;

    if (!kind) {
        hf_buf_text(out, ":");
        return;
    }
    hf_buf_printf(out, "_holdfast_answer %s", kind);
    if (o->value == HF_VALUE_WORDS) {
        hf_buf_text(out, " '");
        hf_completion_choices(out, o->arg);
        hf_buf_text(out, "'");
    }
}

static void put_value(struct hf_buf *out, const struct hf_cmd *cmd,
                      const struct hf_opt *o)
{
    if (!o->name || !o->arg)
        return;
    hf_buf_printf(out, "    '%s --%s'", cmd->path, o->name);
    if (o->letter)
        hf_buf_printf(out, " | '%s -%c'", cmd->path, o->letter);
    hf_buf_text(out, ") ");
    put_answer(out, o);
    hf_buf_text(out, " ;;\n");
}

static void put_option(struct hf_buf *out, const struct hf_cmd *cmd,
                       const struct hf_opt *o)
{
    (void)cmd;
    if (o->name)
        hf_buf_printf(out, " --%s%s", o->name, o->arg ? "=" : "");
}

static void put_word(struct hf_buf *out, const struct hf_cmd *cmd)
{
    hf_buf_printf(out,
                  "    '%s')\n        if [[ $cur == -* ]]; then\n"
                  "            _holdfast_answer words '",
                  cmd->path);
    hf_completion_each(out, cmd, put_option);
    hf_buf_text(out, "'\n        else\n            ");
    put_answer(out, hf_completion_words(cmd));
    hf_buf_text(out, "\n        fi ;;\n");
}

/* Which command is meant, and which of the three questions is asked. */
static void put_command(struct hf_buf *out)
{
    hf_buf_text(out, "_holdfast_command() {\n"
                     "    [[ ${words[1]} != help || ${#words[@]} -eq 2 ]] ||\n"
                     "        words=(\"${words[0]}\" \"${words[@]:2}\")\n"
                     "    cmd=${words[1]}\n"
                     "    if ((${#words[@]} == 2)); then\n"
                     "        _holdfast_answer words '");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        if (hf_completion_opens(cmd))
            hf_buf_printf(out, "%.*s ", (int)hf_completion_first(*cmd),
                          (*cmd)->path);
    hf_buf_text(out, "help --help --version'\n        return\n    fi\n"
                     "    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        if (!hf_completion_second(*cmd) || !hf_completion_opens(cmd))
            continue;
        hf_buf_printf(out,
                      "    %.*s)\n        if ((${#words[@]} == 3)); then\n"
                      "            _holdfast_answer words '",
                      (int)hf_completion_first(*cmd), (*cmd)->path);
        for (const struct hf_cmd *const *kin = cmd; *kin; kin++)
            if (hf_completion_kin(*cmd, *kin))
                hf_buf_printf(out, "%s ", hf_completion_second(*kin));
        hf_buf_text(out, "--help'\n            return\n        fi\n"
                         "        cmd+=\" ${words[2]}\" ;;\n");
    }
    hf_buf_text(out, "    esac\n"
                     "    if [[ $cur == --*=* ]]; then\n"
                     "        value=${cur#*=}\n"
                     "        _holdfast_value \"${cur%%=*}\"\n"
                     "    elif ! _holdfast_value \"$prev\"; then\n"
                     "        _holdfast_word\n"
                     "    fi\n"
                     "}\n\n");
}

void hf_completion_bash(struct hf_buf *out)
{
    hf_buf_text(out, head);
    hf_completion_stores(out);
    hf_buf_text(out, " ");
    hf_completion_schemes(out);
    hf_buf_text(out, "'\n            return\n        fi\n"
                     "        _holdfast_answer words '");
    hf_completion_stores(out);
    hf_buf_text(out, files);
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        hf_completion_each(out, *cmd, put_value);
    hf_buf_text(out, middle);
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        put_word(out, *cmd);
    hf_buf_text(out, "    esac\n}\n\n");
    put_command(out);
    hf_buf_text(out, tail);
}
