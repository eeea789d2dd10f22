/* SPDX-License-Identifier: Apache-2.0 */
/* cli/help.c - help made from the tables. */
#include <string.h>

#include "cli/cli.h"

#define HELP_AT 26 /* column the explanations begin at */

static void put_row(struct hf_session *s, const char *left, const char *help,
                    const char *preset)
{
    struct hf_buf text;
    char *line;
    size_t len = strlen(left);

    hf_buf_printf(&s->out, "  %s", left);
    if (len + 2 >= HELP_AT)
        hf_buf_printf(&s->out, "\n%*s", HELP_AT, "");
    else
        hf_buf_printf(&s->out, "%*s", (int)(HELP_AT - 2 - len), "");
    hf_buf_init(&text, 1024);
    hf_buf_text(&text, help);
    if (preset)
        hf_buf_printf(&text, " [%s]", preset);
    line = hf_buf_steal(&text);
    hf_render_wrapped(&s->out, &s->style, HELP_AT, line ? line : help);
    free(line);
    hf_buf_text(&s->out, "\n");
}

static void put_option(struct hf_session *s, const struct hf_opt *o)
{
    struct hf_buf left;
    char *text;

    hf_buf_init(&left, 256);
    if (!o->name)
        hf_buf_text(&left, o->arg);
    else if (o->letter)
        hf_buf_printf(&left, "-%c, --%s", o->letter, o->name);
    else
        hf_buf_printf(&left, "    --%s", o->name);
    if (o->name && o->arg)
        hf_buf_printf(&left, "=%s", o->arg);
    text = hf_buf_steal(&left);
    put_row(s, text ? text : "", o->help, o->preset);
    free(text);
}

static void put_heading(struct hf_session *s, const char *text)
{
    hf_buf_printf(&s->out, "\n%s%s%s\n", hf_ink(&s->style, HF_INK_BOLD), text,
                  hf_ink(&s->style, HF_INK_PLAIN));
}

void hf_help_command(struct hf_session *s, const struct hf_cmd *cmd)
{
    hf_buf_printf(
        &s->out, "holdfast %s - %s\n\nusage: holdfast %s [OPTION]...%s%s\n\n",
        cmd->path, cmd->summary, cmd->path, *cmd->words ? " " : "", cmd->words);
    hf_render_wrapped(&s->out, &s->style, 0, cmd->about);
    hf_buf_text(&s->out, "\n");
    put_heading(s, "options");
    for (const struct hf_opt *o = cmd->opts; o && o->help; o++)
        put_option(s, o);
    for (const struct hf_opt *o = hf_common_opts; o->help; o++)
        if (hf_common_has(o, cmd->groups))
            put_option(s, o);
    if (cmd->examples)
        put_heading(s, "examples");
    for (const struct hf_example *e = cmd->examples; e && e->command; e++) {
        hf_buf_printf(&s->out, "  holdfast %s\n      ", e->command);
        hf_render_wrapped(&s->out, &s->style, 6, e->what);
        hf_buf_text(&s->out, "\n");
    }
    hf_buf_text(&s->out, "\nExit status: 0 healthy or yes, 1 findings or no, 2 "
                         "asked wrongly,\n3 could not look or do, 4 a guard "
                         "refused.\n");
}

void hf_help_group(struct hf_session *s, const char *prefix)
{
    size_t len = strlen(prefix);

    if (len == 0)
        hf_buf_text(&s->out, "holdfast " HF_VERSION
                             " - why is this agent offline, and what repairs "
                             "it?\n");
    hf_buf_printf(&s->out,
                  "\nusage: holdfast %s%sCOMMAND [OPTION]... "
                  "[ARGUMENT]...\n",
                  prefix, len > 0 ? " " : "");
    put_heading(s, "commands");
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        if (len == 0 || (strncmp((*cmd)->path, prefix, len) == 0 &&
                         (*cmd)->path[len] == ' '))
            put_row(s, (*cmd)->path, (*cmd)->summary, NULL);
    hf_buf_text(&s->out, "\nholdfast COMMAND --help tells more; so does "
                         "holdfast(1).\n");
}
