/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion_fish.c - the script for fish. */
#include "cli/completion.h"

static const char head[] =
    "# fish completion for holdfast(1), made by: holdfast completion fish\n"
    "\n"
    "# Do the words before the cursor begin with these? -n: are they these?\n"
    "function __holdfast_is\n"
    "    argparse n -- $argv\n"
    "    set -l words (commandline -opc)\n"
    "    set -e words[1]\n"
    "    test \"$words[1]\" = help; and set -e words[1]\n"
    "    if set -q _flag_n; and test (count $words) -ne (count $argv)\n"
    "        return 1\n"
    "    end\n"
    "    for word in $argv\n"
    "        test \"$words[1]\" = $word; or return 1\n"
    "        set -e words[1]\n"
    "    end\n"
    "end\n"
    "\n"
    "function __holdfast_products\n"
    "    set -l words (commandline -opc)\n"
    "    $words[1] product list -q 2>/dev/null\n"
    "end\n"
    "\n"
    "function __holdfast_codes\n"
    "    set -l words (commandline -opc)\n"
    "    $words[1] explain --color=never 2>/dev/null |\n"
    "        awk '/^HF/ { print $1; print $2 }' | sort -u\n"
    "end\n"
    "\n"
    "function __holdfast_folders\n"
    "    __fish_complete_directories \\\n"
    "        (commandline -ct | string replace -r -- '^--[^=]*=' '')\n"
    "end\n"
    "\n"
    "function __holdfast_stores\n"
    "    set -l value (commandline -ct | string replace -r -- "
    "'^(--store=|-s)' '')\n"
    "    printf '%s\\n' ";

static const char files[] =
    "\n"
    "    if string match -q -- '*:*' $value\n"
    "        set -l scheme (string replace -r -- ':.*' ':' $value)\n"
    "        set -l paths (__fish_complete_path \\\n"
    "            (string replace -r -- '^[^:]*:' '' $value))\n"
    "        test -z \"$paths\"; or printf '%s\\n' $scheme$paths\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c holdfast -f\n";

static void put_text(struct hf_buf *out, const char *text)
{
    hf_buf_text(out, "'");
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '\\')
            hf_buf_text(out, "\\");
        hf_buf_add(out, c, 1);
    }
    hf_buf_text(out, "'");
}

/* What is offered for a value, and for words that are no options. */
static void put_answers(struct hf_buf *out, const struct hf_opt *o)
{
    switch (o->value) {
    case HF_VALUE_FILE:
        hf_buf_text(out, " -F");
        break;
    case HF_VALUE_DIR:
        hf_buf_text(out, " -f -a '(__holdfast_folders)'");
        break;
    case HF_VALUE_PRODUCT:
        hf_buf_text(out, " -f -a '(__holdfast_products)'");
        break;
    case HF_VALUE_STORE:
        hf_buf_text(out, " -f -a '(__holdfast_stores)'");
        break;
    case HF_VALUE_CODE:
        hf_buf_text(out, " -f -a '(__holdfast_codes)'");
        break;
    case HF_VALUE_WORDS:
        hf_buf_text(out, " -f -a '");
        hf_completion_choices(out, o->arg);
        hf_buf_text(out, "'");
        break;
    default:
        hf_buf_text(out, " -f");
    }
}

static void put_option(struct hf_buf *out, const struct hf_cmd *cmd,
                       const struct hf_opt *o)
{
    if (!o->name && o->value == HF_VALUE_ANY)
        return;
    hf_buf_printf(out, "complete -c holdfast -n '__holdfast_is %s'", cmd->path);
    if (o->name)
        hf_buf_printf(out, " -l %s", o->name);
    if (o->letter)
        hf_buf_printf(out, " -s %c", o->letter);
    if (o->name && o->arg)
        hf_buf_text(out, " -r");
    if (o->arg)
        put_answers(out, o);
    /* products are their own explanation */
    if (o->name) {
        hf_buf_text(out, " -d ");
        put_text(out, o->help);
    }
    hf_buf_text(out, "\n");
}

static void put_command(struct hf_buf *out, const struct hf_cmd *const *cmd)
{
    const char *second = hf_completion_second(*cmd);
    int len = (int)hf_completion_first(*cmd);

    if (hf_completion_opens(cmd)) {
        hf_buf_printf(out, "complete -c holdfast -n '__holdfast_is -n' -a %.*s",
                      len, (*cmd)->path);
        hf_buf_text(out, " -d ");
        put_text(out, second ? "" : (*cmd)->summary);
        hf_buf_text(out, "\n");
    }
    if (second) {
        hf_buf_printf(out,
                      "complete -c holdfast -n '__holdfast_is -n %.*s' -a %s "
                      "-d ",
                      len, (*cmd)->path, second);
        put_text(out, (*cmd)->summary);
        hf_buf_text(out, "\n");
    }
    hf_completion_each(out, *cmd, put_option);
}

void hf_completion_fish(struct hf_buf *out)
{
    hf_buf_text(out, head);
    hf_completion_stores(out);
    hf_buf_text(out, " ");
    hf_completion_schemes(out);
    hf_buf_text(out, files);
    hf_buf_text(out, "complete -c holdfast -n '__holdfast_is -n' -l version -d "
                     "'print the version'\n"
                     "complete -c holdfast -n '__holdfast_is -n' -l help -s h "
                     "-d 'print this help'\n"
                     "complete -c holdfast -n '__holdfast_is -n' -a help\n");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        put_command(out, cmd);
}
