/* SPDX-License-Identifier: Apache-2.0 */
/* cli/completion.c - walks over the tables that every script needs. */
#include "cli/completion.h"

#include <ctype.h>
#include <string.h>

#include "store/store.h"

void hf_completion_each(struct hf_buf *out, const struct hf_cmd *cmd,
                        hf_completion_row *row)
{
    for (const struct hf_opt *o = cmd->opts; o && o->help; o++)
        row(out, cmd, o);
    for (const struct hf_opt *o = hf_common_opts; o->help; o++)
        if (hf_common_has(o, cmd->groups))
            row(out, cmd, o);
}

const struct hf_opt *hf_completion_words(const struct hf_cmd *cmd)
{
    for (const struct hf_opt *o = cmd->opts; o && o->help; o++)
        if (!o->name)
            return o;
    return NULL;
}

/* Bytes of the form that are typed as they stand: "hive:" of "hive:FILE". */
static size_t fixed_len(const char *form)
{
    size_t len = strcspn(form, ":");

    len += form[len] == ':';
    return islower((unsigned char)form[len]) ? strlen(form) : len;
}

/* Forms that are whole, or else those that need more, each once. */
static void put_forms(struct hf_buf *out, bool whole)
{
    const struct hf_store_scheme *scheme = hf_store_schemes();
    const char *blank = "", *last = "";

    for (; scheme->form; scheme++) {
        size_t len = fixed_len(scheme->form);

        if ((scheme->form[len] == '\0') != whole ||
            strncmp(last, scheme->form, len) == 0)
            continue;
        hf_buf_printf(out, "%s%.*s", blank, (int)len, scheme->form);
        blank = " ";
        last = scheme->form;
    }
}

void hf_completion_schemes(struct hf_buf *out)
{
    put_forms(out, false);
}

void hf_completion_stores(struct hf_buf *out)
{
    put_forms(out, true);
}

void hf_completion_choices(struct hf_buf *out, const char *choices)
{
    for (const char *c = choices; *c; c++)
        hf_buf_add(out, *c == '|' ? " " : c, 1);
}

size_t hf_completion_first(const struct hf_cmd *cmd)
{
    return strcspn(cmd->path, " ");
}

const char *hf_completion_second(const struct hf_cmd *cmd)
{
    const char *space = strchr(cmd->path, ' ');

    return space ? space + 1 : NULL;
}

bool hf_completion_kin(const struct hf_cmd *a, const struct hf_cmd *b)
{
    size_t len = hf_completion_first(a);

    return len == hf_completion_first(b) && memcmp(a->path, b->path, len) == 0;
}

bool hf_completion_opens(const struct hf_cmd *const *cmd)
{
    return cmd == hf_commands || !hf_completion_kin(cmd[-1], cmd[0]);
}
