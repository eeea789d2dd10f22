/* SPDX-License-Identifier: Apache-2.0 */
/* cli/main.c - from the argument vector to a command, and to an exit status. */
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "doc/nearest.h"
#include "plat/clock.h"
#include "plat/file.h"

/* bytes; ours: `roots list -v --json` of a CTL's 514 entries takes 1 MB */
#define OUTPUT_MAX (256 * 1024 * 1024)

static void complain(const struct hf_style *style, const struct hf_err *err)
{
    char text[HF_ERR_TEXT * HF_ERR_FRAMES];
    struct hf_buf safe;

    hf_err_text(err, text, sizeof(text));
    hf_buf_init(&safe, sizeof(text) * 8);
    hf_utf8_safe(&safe, hf_view_text(text));
    fprintf(stderr, "%sholdfast:%s %.*s\n", hf_ink(style, HF_INK_BAD),
            hf_ink(style, HF_INK_PLAIN), (int)safe.len,
            safe.ptr ? (const char *)safe.ptr : "");
    hf_buf_done(&safe);
}

static int exit_of(const struct hf_err *err)
{
    if (err->code == HF_E_USAGE)
        return HF_EXIT_USAGE;
    return err->code == HF_E_GUARD ? HF_EXIT_GUARD : HF_EXIT_FAILED;
}

static unsigned terminal_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col < 120 ? size.ws_col : 120;
    return 80;
}

/* How to draw: by --color, NO_COLOR (no-color.org), TERM and the terminal. */
static struct hf_style choose_style(const struct hf_common *common)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool tty = isatty(STDOUT_FILENO) == 1;
    struct hf_style style = { .verbose = common && common->verbose };

    style.columns = tty ? terminal_columns() : 80;
    style.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (common && common->color && strcmp(common->color, "auto") != 0)
        style.colour = strcmp(common->color, "always") == 0;
    else
        style.colour = tty && !(no_color && *no_color) && term &&
                       strcmp(term, "dumb") != 0;
    return style;
}

/* The command whose path is the longest beginning of the words. */
static const struct hf_cmd *find_command(char *const *words, size_t *ret_used)
{
    const struct hf_cmd *best = NULL;

    *ret_used = 0;
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++) {
        const char *path = (*cmd)->path;
        size_t used = 0;

        while (*path && words[used]) {
            size_t len = strcspn(path, " ");

            if (strlen(words[used]) != len ||
                memcmp(words[used], path, len) != 0)
                break;
            used++;
            path += len + (path[len] == ' ');
        }
        if (*path == '\0' && used > *ret_used) {
            best = *cmd;
            *ret_used = used;
        }
    }
    return best;
}

static bool is_group(const char *word)
{
    size_t len = strlen(word);

    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        if (strncmp((*cmd)->path, word, len) == 0 && (*cmd)->path[len] == ' ')
            return true;
    return false;
}

static int no_command(const char *group, const char *word, struct hf_err *err)
{
    const char *paths[64] = { NULL };
    const char *near;
    char said[128];
    size_t count = 0;

    (void)snprintf(said, sizeof(said), "%s%s%s", group ? group : "",
                   group ? " " : "", word);
    for (const struct hf_cmd *const *cmd = hf_commands; *cmd; cmd++)
        if (count + 1 < HF_COUNT(paths))
            paths[count++] = (*cmd)->path;
    near = hf_nearest(paths, hf_view_text(said));
    if (near)
        return HF_FAIL(err, HF_E_USAGE,
                       "there is no command '%s': did you mean 'holdfast %s'?",
                       said, near);
    return HF_FAIL(err, HF_E_USAGE,
                   "there is no command '%s': see 'holdfast --help'", said);
}

static int make_scope(struct hf_session *s, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;

    if (!s->common->root)
        return 0;
    hf_buf_init(&text, 4 * PATH_MAX);
    hf_buf_text(&text, " --root ");
    hf_shell_word(&text, s->common->root);
    s->scope = hf_buf_steal(&text);
    s->findings.scope = s->scope;
    return s->scope ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
}

static int prepare(struct hf_session *s, struct hf_err *err)
{
    const struct hf_common *common = s->common;

    if (common->color && strcmp(common->color, "auto") != 0 &&
        strcmp(common->color, "always") != 0 &&
        strcmp(common->color, "never") != 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "--color: '%s' is not auto, always or never",
                       common->color);
    if (common->root && !hf_path_is_dir(common->root))
        return HF_FAIL(err, HF_E_ABSENT, "--root: '%s' is not a folder",
                       common->root);
    s->style = choose_style(common);
    s->terminal = !common->json && isatty(STDERR_FILENO) == 1;
    s->now_s = hf_clock_now_s();
    s->at_s = s->now_s;
    if (common->at && hf_calendar_read(common->at, s->now_s, &s->at_s, err) < 0)
        return HF_WRAP(err, "--at");
    if (hf_catalogue_load(common->root, &s->catalogue, err) < 0)
        return HF_WRAP(err, "cannot read the catalogue of findings");
    hf_findings_init(&s->findings, s->catalogue);
    return make_scope(s, err);
}

/* What is kept of a change names files in full: so does --root. */
static int absolute_root(struct hf_common *common, char **ret_owned,
                         struct hf_err *err)
{
    char here[PATH_MAX];

    if (!common->root || *common->root == '/')
        return 0;
    if (!getcwd(here, sizeof(here)))
        return HF_FAIL_SYS(err, "--root '%s': where are we?", common->root);
    *ret_owned = hf_path_join(here, common->root);
    if (!*ret_owned)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    common->root = *ret_owned;
    return 0;
}

static int run_session(struct hf_session *s, const void *opts,
                       struct hf_err *err)
{
    int rc, print;
    struct hf_err second;

    if (s->common->help) {
        s->style = choose_style(s->common);
        hf_help_command(s, s->cmd);
        rc = 0;
    } else {
        rc = prepare(s, err);
        if (rc == 0)
            rc = s->cmd->run(s, opts, err);
    }
    if (rc < 0 && s->common->json) {
        /* half an answer is none; asked wrongly, it is a person's matter */
        hf_buf_done(&s->out);
        hf_buf_init(&s->out, OUTPUT_MAX);
        if (exit_of(err) != HF_EXIT_USAGE)
            hf_error_json(s, err);
    }
    /* what a command wrote before it failed is still worth reading */
    print = hf_print(s, rc < 0 ? &second : err);
    if (rc >= 0 && print < 0) /* a pager that was left is nobody's fault */
        rc = err->sys == EPIPE ? HF_EXIT_FAILED : print;
    return rc;
}

#define COMMON_MAX 16 /* rows of hf_common_opts and the end */

/* The common options this command takes. */
static void pick_common(const struct hf_cmd *cmd, struct hf_opt *ret_rows)
{
    size_t count = 0;

    for (const struct hf_opt *o = hf_common_opts; o->help; o++)
        if (hf_common_has(o, cmd->groups) && count + 1 < COMMON_MAX)
            ret_rows[count++] = *o;
    ret_rows[count] = (struct hf_opt){ 0 };
}

static int run_command(const struct hf_cmd *cmd, char *const *words)
{
    HF_AUTO(hf_free_ptr) void *opts = calloc(1, cmd->size);
    HF_AUTO(hf_free_ptr) char *root = NULL;
    struct hf_session s = { .cmd = cmd, .common = opts };
    struct hf_opt common[COMMON_MAX];
    struct hf_err err;
    int rc;

    pick_common(cmd, common);
    hf_buf_init(&s.out, OUTPUT_MAX);
    rc = opts ? hf_opt_parse(cmd->opts, common, words, opts, &err)
              : HF_FAIL(&err, HF_E_NOMEM, "no memory");
    if (rc == 0)
        rc = absolute_root(opts, &root, &err);
    if (rc == 0)
        rc = run_session(&s, opts, &err);
    if (rc < 0) {
        s.style = choose_style(opts);
        complain(&s.style, &err);
        if (err.code == HF_E_USAGE)
            fprintf(stderr, "See 'holdfast %s --help'.\n", cmd->path);
        rc = exit_of(&err);
    }
    hf_findings_done(&s.findings);
    hf_catalogue_free(s.catalogue);
    free(s.scope);
    hf_buf_done(&s.out);
    if (cmd->done && opts)
        cmd->done(opts);
    return rc;
}

static int show_group(const char *prefix, int status)
{
    struct hf_session s = { .style = choose_style(NULL) };
    struct hf_err err;

    hf_buf_init(&s.out, OUTPUT_MAX);
    hf_help_group(&s, prefix);
    if (hf_print(&s, &err) < 0) {
        if (err.sys != EPIPE)
            complain(&s.style, &err);
        status = HF_EXIT_FAILED;
    }
    hf_buf_done(&s.out);
    return status;
}

static bool asks_help(const char *word)
{
    return !word || strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 ||
           strcmp(word, "-h") == 0;
}

/* "help roots check" is "roots check --help". */
static int show_help(char *const *words)
{
    static char help[] = "--help";
    char *const only_help[] = { help, NULL };
    size_t used;
    const struct hf_cmd *cmd = find_command(words, &used);

    if (cmd)
        return run_command(cmd, only_help);
    return show_group(words[0] && is_group(words[0]) ? words[0] : "",
                      HF_EXIT_HEALTHY);
}

int main(int argc, char **argv)
{
    struct hf_style plain = { 0 };
    const struct hf_cmd *cmd;
    struct hf_err err;
    size_t used;

    (void)argc;
    (void)setlocale(LC_CTYPE, "");
    (void)signal(SIGPIPE, SIG_IGN);
    if (!argv[0] || !argv[1])
        return show_group("", HF_EXIT_USAGE);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0)
        return puts("holdfast " HF_VERSION) < 0 ? HF_EXIT_FAILED
                                                : HF_EXIT_HEALTHY;
    if (asks_help(argv[1]))
        return show_help(argv + 2);
    cmd = find_command(argv + 1, &used);
    if (cmd)
        return run_command(cmd, argv + 1 + used);
    if (is_group(argv[1]) && asks_help(argv[2]))
        return show_group(argv[1], argv[2] ? HF_EXIT_HEALTHY : HF_EXIT_USAGE);
    no_command(is_group(argv[1]) ? argv[1] : NULL,
               is_group(argv[1]) ? argv[2] : argv[1], &err);
    complain(&plain, &err);
    return HF_EXIT_USAGE;
}
