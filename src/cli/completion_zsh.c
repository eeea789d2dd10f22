/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion_zsh.c - the script for zsh. */
#include <string.h>

#include "cli/completion.h"

static const char head[] =
    "#compdef holdfast\n"
    "# zsh completion for holdfast(1), made by: holdfast completion zsh\n"
    "\n"
    "_holdfast_product() {\n"
    "    local -a ids\n"
    "    ids=(${(f)\"$(_call_program products \\\n"
    "        ${_holdfast_program:-holdfast} product list -q 2>/dev/null)\"})\n"
    "    _wanted products expl product compadd -a ids\n"
    "}\n"
    "\n"
    "_holdfast_code() {\n"
    "    local -a words\n"
    "    words=(${(f)\"$(_call_program codes \\\n"
    "        ${_holdfast_program:-holdfast} explain --color=never 2>/dev/null "
    "|\n"
    "        awk '/^HF/ { print $1; print $2 }' | sort -u)\"})\n"
    "    _wanted codes expl 'code or cause' compadd -a words\n"
    "}\n"
    "\n"
    "_holdfast_store() {\n"
    "    if [[ $PREFIX == *:* ]]; then\n"
    "        compadd ";

static const char files[] =
    "\n"
    "    fi\n"
    "}\n"
    "\n"
    "_holdfast() {\n"
    "    local curcontext=$curcontext cmd _holdfast_program=$words[1]\n"
    "    local -a expl\n"
    "    if [[ $words[2] == help ]] && ((CURRENT > 2)); then\n"
    "        words[2]=()\n"
    "        ((CURRENT--))\n"
    "    fi\n"
    "    cmd=$words[2]\n";

/* loaded by compinit as a function, or read with `source` */
static const char tail[] =
    "    esac\n"
    "}\n"
    "\n"
    "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
    "    _holdfast \"$@\"\n"
    "else\n"
    "    compdef _holdfast holdfast\n"
    "fi\n";

/* Text inside single quotes and, where `spec`, a part of an _arguments spec. */
static void put_text(struct hf_buf *out, const char *text, bool spec)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            hf_buf_text(out, "'\\''");
        else if (*c == ':' || (spec && strchr("[]\\", *c)))
            hf_buf_printf(out, "\\%c", *c);
        else
            hf_buf_add(out, c, 1);
    }
}

/* ":MESSAGE:ACTION" */
static void put_value(struct hf_buf *out, const struct hf_opt *o)
{
    hf_buf_text(out, ":");
    put_text(out, o->arg, true);
    hf_buf_text(out, ":");
    switch (o->value) {
    case HF_VALUE_FILE:
        hf_buf_text(out, "_files");
        break;
    case HF_VALUE_DIR:
        hf_buf_text(out, "_files -/");
        break;
    case HF_VALUE_PRODUCT:
        hf_buf_text(out, "_holdfast_product");
        break;
    case HF_VALUE_STORE:
        hf_buf_text(out, "_holdfast_store");
        break;
    case HF_VALUE_CODE:
        hf_buf_text(out, "_holdfast_code");
        break;
    case HF_VALUE_WORDS:
        hf_buf_text(out, "(");
        hf_completion_choices(out, o->arg);
        hf_buf_text(out, ")");
        break;
    default:
        hf_buf_text(out, " ");
    }
}

/* A spec; those of a list may come again. `glue` is what joins a value. */
static void put_spec(struct hf_buf *out, const struct hf_opt *o,
                     const char *name, const char *glue)
{
    hf_buf_printf(out, " \\\n            '%s%s%s[",
                  o->set == hf_set_list ? "*" : "", name, o->arg ? glue : "");
    put_text(out, o->help, true);
    hf_buf_text(out, "]");
    if (o->arg)
        put_value(out, o);
    hf_buf_text(out, "'");
}

static void put_option(struct hf_buf *out, const struct hf_cmd *cmd,
                       const struct hf_opt *o)
{
    char name[64] = "--", letter[3] = { '-', o->letter };

    (void)cmd;
    if (!o->name) {
        hf_buf_text(out, " \\\n            '*");
        put_value(out, o);
        hf_buf_text(out, "'");
        return;
    }
    memcpy(name + 2, o->name, strnlen(o->name, sizeof(name) - 3));
    put_spec(out, o, name, "=");
    if (o->letter)
        put_spec(out, o, letter, "+");
}

/* A branch: the second words of a first one. */
static void put_group(struct hf_buf *out, const struct hf_cmd *const *cmd)
{
    hf_buf_printf(out,
                  "    %.*s)\n        if ((CURRENT == 3)); then\n"
                  "            commands=(",
                  (int)hf_completion_first(*cmd), (*cmd)->path);
    for (const struct hf_cmd *const *kin = cmd; *kin; kin++)
        if (hf_completion_kin(*cmd, *kin)) {
            hf_buf_printf(out,
                          "\n                '%s:", hf_completion_second(*kin));
            put_text(out, (*kin)->summary, false);
            hf_buf_text(out, "'");
        }
    hf_buf_text(out, ")\n            _describe -t commands command commands\n"
                     "            return\n        fi\n"
                     "        cmd=\"$cmd $words[3]\"\n"
                     "        shift words\n        ((CURRENT--)) ;;\n");
}

static void put_first_words(struct hf_buf *out)
{
    hf_buf_text(out, "    local -a commands\n    if ((CURRENT == 2)); then\n"
                     "        commands=(");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        if (!hf_completion_opens(cmd))
            continue;
        hf_buf_printf(out, "\n            '%.*s",
                      (int)hf_completion_first(*cmd), (*cmd)->path);
        if (!hf_completion_second(*cmd)) {
            hf_buf_text(out, ":");
            put_text(out, (*cmd)->summary, false);
        }
        hf_buf_text(out, "'");
    }
    hf_buf_text(out, "\n            help --help --version)\n"
                     "        _describe -t commands command commands\n"
                     "        return\n    fi\n    case $cmd in\n");
}

void hf_completion_zsh(struct hf_buf *out)
{
    hf_buf_text(out, head);
    hf_completion_stores(out);
    hf_buf_text(out, "\n        compset -P 1 '*:'\n        _files\n    else\n"
                     "        _wanted stores expl store compadd ");
    hf_completion_stores(out);
    hf_buf_text(out, "\n        compadd -S '' ");
    hf_completion_schemes(out);
    hf_buf_text(out, files);
    put_first_words(out);
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        if (hf_completion_second(*cmd) && hf_completion_opens(cmd))
            put_group(out, cmd);
    hf_buf_text(out, "    esac\n    shift words\n    ((CURRENT--))\n"
                     "    case $cmd in\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        hf_buf_printf(out, "    '%s')\n        _arguments -s -S", (*cmd)->path);
        hf_completion_each(out, *cmd, put_option);
        hf_buf_text(out, " ;;\n");
    }
    hf_buf_text(out, tail);
}
