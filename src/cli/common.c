/* SPDX-License-Identifier: Apache-2.0 */
/* cli/common.c - the options every command shares, and how commands end. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define AT(field) offsetof(struct hf_common, field)

const struct hf_opt hf_common_opts[] = {
    { "root", 0, "DIR", AT(root), hf_set_text, HF_VALUE_DIR,
      "look at the system mounted at DIR instead of this machine", NULL },
    { "store-password-file", 0, "FILE", AT(store_password_file), hf_set_text,
      HF_VALUE_FILE,
      "the first line of FILE opens keystores and profiles that have a "
      "password",
      "changeit, none; else asked for" },
    { "ctl", 0, "FILE", AT(ctl), hf_set_text, HF_VALUE_FILE,
      "a newer list of Microsoft to judge by: authroot.stl, authrootstl.cab, "
      "or "
      "a folder with them",
      "the list built in" },
    { "at", 0, "TIME", AT(at), hf_set_text, HF_VALUE_ANY,
      "judge as if it were TIME: 2031-11-10, +90d, @SECONDS", "now" },
    { "json", 0, NULL, AT(json), hf_set_switch, HF_VALUE_ANY,
      "print JSON, see JSON OUTPUT in holdfast(1)", NULL },
    { "verbose", 'v', NULL, AT(verbose), hf_set_switch, HF_VALUE_ANY,
      "print everything that was seen", NULL },
    { "quiet", 'q', NULL, AT(quiet), hf_set_switch, HF_VALUE_ANY,
      "print only what a script needs", NULL },
    { "color", 0, "auto|always|never", AT(color), hf_set_text, HF_VALUE_WORDS,
      "colours; auto is a terminal without NO_COLOR", "auto" },
    { "help", 'h', NULL, AT(help), hf_set_switch, HF_VALUE_ANY,
      "print this help", NULL },
    { 0 }
};

static const struct {
    const char *name;
    unsigned group;
} groups_of[] = {
    { "root", HF_GROUP_ROOT },   { "store-password-file", HF_GROUP_STORES },
    { "ctl", HF_GROUP_CTL },     { "at", HF_GROUP_TIME },
    { "json", HF_GROUP_JSON },   { "verbose", HF_GROUP_VERBOSE },
    { "quiet", HF_GROUP_QUIET },
};

bool hf_common_has(const struct hf_opt *opt, unsigned groups)
{
    for (size_t i = 0; i < HF_COUNT(groups_of); i++)
        if (strcmp(groups_of[i].name, opt->name) == 0)
            return (groups & groups_of[i].group) != 0;
    return true;
}

enum hf_result hf_session_result(const struct hf_session *s, bool incomplete)
{
    if (incomplete)
        return HF_RESULT_INCOMPLETE;
    return hf_findings_any(&s->findings) ? HF_RESULT_FINDINGS
                                         : HF_RESULT_HEALTHY;
}

int hf_session_exit(enum hf_result result)
{
    static const int status[] = { [HF_RESULT_HEALTHY] = HF_EXIT_HEALTHY,
                                  [HF_RESULT_FINDINGS] = HF_EXIT_FINDINGS,
                                  [HF_RESULT_INCOMPLETE] = HF_EXIT_FAILED };

    return status[result];
}

static const char *name_of(enum hf_code code)
{
    static const struct {
        enum hf_code code;
        const char *name;
    } names[] = {
        { HF_E_NOMEM, "nomem" },   { HF_E_PARSE, "parse" },
        { HF_E_LIMIT, "limit" },   { HF_E_IO, "io" },
        { HF_E_ABSENT, "absent" }, { HF_E_USAGE, "usage" },
        { HF_E_GUARD, "guard" },   { HF_E_BUSY, "busy" },
        { HF_E_CRYPTO, "crypto" }, { HF_E_NET, "net" },
        { HF_E_DENIED, "denied" },
    };

    for (size_t i = 0; i < HF_COUNT(names); i++)
        if (names[i].code == code)
            return names[i].name;
    return "io";
}

void hf_error_json(struct hf_session *s, const struct hf_err *err)
{
    static const struct hf_findings none = { 0 };
    char text[HF_ERR_TEXT * HF_ERR_FRAMES];
    struct hf_json json;

    hf_err_text(err, text, sizeof(text));
    hf_json_init(&json, &s->out, true);
    hf_render_json_open(&json, s->cmd->path, HF_RESULT_INCOMPLETE, &none);
    hf_json_object(&json, "error");
    hf_json_text(&json, "text", text);
    hf_json_text(&json, "code", name_of(err->code));
    hf_json_end(&json);
    hf_json_end(&json);
}

/* --- commands to type ------------------------------------------------------
 */

void hf_shell_word(struct hf_buf *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
                                "TUVWXYZ0123456789_./:=@%+-,";

    if (*word && word[strspn(word, plain)] == '\0') {
        hf_buf_text(out, word);
        return;
    }
    hf_buf_text(out, "'");
    for (; *word; word++) {
        if (*word == '\'')
            hf_buf_text(out, "'\\''");
        else
            hf_buf_add(out, word, 1);
    }
    hf_buf_text(out, "'");
}

char *hf_again(const char *path, const struct hf_args *words,
               const struct hf_args *stores, const char *tail)
{
    HF_AUTO(hf_buf_done) struct hf_buf out;

    hf_buf_init(&out, 65536);
    hf_buf_printf(&out, "holdfast %s", path);
    for (size_t i = 0; i < words->count; i++) {
        hf_buf_text(&out, " ");
        hf_shell_word(&out, words->word[i]);
    }
    for (size_t i = 0; i < stores->count; i++) {
        hf_buf_text(&out, " --store ");
        hf_shell_word(&out, stores->word[i]);
    }
    hf_buf_text(&out, tail);
    return hf_buf_steal(&out);
}

static void put_options(struct hf_buf *out, const char *option,
                        const struct hf_args *args)
{
    for (size_t i = 0; args && i < args->count; i++) {
        hf_buf_printf(out, " --%s ", option);
        hf_shell_word(out, args->word[i]);
    }
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Is it a command of ours that works on stores? */
static bool takes_stores(const char *command)
{
    static const char *const ours[] = {
        "holdfast doctor",      "holdfast roots add",  "holdfast roots audit",
        "holdfast roots check", "holdfast roots find", "holdfast roots fix",
        "holdfast roots remove"
    };

    for (size_t i = 0; i < HF_COUNT(ours); i++)
        if (begins(command, ours[i]))
            return true;
    return false;
}

/* The command with the options, on the heap, or NULL. */
static char *command_for(const char *command, const struct hf_args *stores,
                         const struct hf_args *from)
{
    HF_AUTO(hf_buf_done) struct hf_buf out;

    hf_buf_init(&out, 65536);
    hf_buf_text(&out, command);
    put_options(&out, "store", stores);
    if (begins(command, "holdfast roots fix") ||
        begins(command, "holdfast doctor"))
        put_options(&out, "from", from);
    return hf_buf_steal(&out);
}

void hf_remedies_for(struct hf_session *s, const struct hf_args *stores,
                     const struct hf_args *from)
{
    for (size_t i = 0; i < s->findings.count; i++)
        for (size_t k = 0; k < s->findings.item[i].remedy_count; k++) {
            struct hf_remedy *remedy = &s->findings.item[i].remedies[k];
            char *longer;

            if (!remedy->command || !takes_stores(remedy->command) ||
                strstr(remedy->command, " --store ") ||
                strstr(remedy->command, " --from "))
                continue; /* not ours, or it names its own */
            longer = command_for(remedy->command, stores, from);
            if (!longer) {
                s->findings.bad = HF_E_NOMEM;
                return;
            }
            free(remedy->command);
            remedy->command = longer;
        }
}
