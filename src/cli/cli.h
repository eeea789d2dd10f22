/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli.h - commands as rows of a table, and what each of them gets. */
#ifndef HF_CLI_CLI_H
#define HF_CLI_CLI_H

#include "base/json.h"
#include "doc/opt.h"
#include "report/finding.h"
#include "report/render.h"

/* Exit statuses, the same for every command. */
enum hf_exit {
    HF_EXIT_HEALTHY = 0,  /* healthy, yes */
    HF_EXIT_FINDINGS = 1, /* findings, no */
    HF_EXIT_USAGE = 2,
    HF_EXIT_FAILED = 3, /* could not look, could not do */
    HF_EXIT_GUARD = 4   /* a guard refused, or Yes was not given */
};

/* The options every command has; the first member of each command's struct. */
struct hf_common {
    bool help;
    bool json;
    bool verbose;
    bool quiet;
    const char *color;               /* auto, always, never */
    const char *root;                /* NULL: this machine */
    const char *store_password_file; /* NULL: the stores' usual ones */
    const char *ctl; /* a newer list of Microsoft; NULL: the one built in */
    const char *at;  /* NULL: now */
};

/* Which of them a command takes; --help and --color always. */
enum hf_group {
    HF_GROUP_JSON = 1,
    HF_GROUP_VERBOSE = 2,
    HF_GROUP_QUIET = 4,
    HF_GROUP_ROOT = 8,
    HF_GROUP_TIME = 16,
    HF_GROUP_CTL = 64,    /* judges by Microsoft's list */
    HF_GROUP_STORES = 32, /* opens stores, which may have a password */
    HF_GROUP_REPORT = HF_GROUP_JSON | HF_GROUP_VERBOSE
};

/* What a command works with; made by main. */
struct hf_session {
    const struct hf_cmd *cmd;
    const struct hf_common *common;
    struct hf_style style;
    struct hf_buf out; /* printed when the command returns */
    int64_t now_s;     /* the clock's */
    int64_t at_s;      /* --at, else now_s */
    bool terminal;     /* standard error is one: progress may be shown */
    struct hf_catalogue *catalogue;
    struct hf_findings findings;
    char *scope; /* of the findings: --root, quoted; or NULL */
};

struct hf_example {
    const char *command; /* without "holdfast " */
    const char *what;
};

struct hf_cmd {
    const char *path;    /* "roots check" */
    const char *words;   /* "PRODUCT..." or "" */
    const char *summary; /* one line, no full stop */
    const char *about;   /* a paragraph for --help */
    const struct hf_opt *opts;
    unsigned groups; /* enum hf_group */
    size_t size;     /* of its struct, which begins with hf_common */
    const struct hf_example *examples; /* ended by { 0 } */
    /* Returns an enum hf_exit, or a negative hf_code with `err` filled. */
    int (*run)(struct hf_session *s, const void *opts, struct hf_err *err);
    void (*done)(void *opts); /* frees lists; may be NULL */
};

extern const struct hf_cmd *const hf_commands[]; /* ended by NULL */
extern const struct hf_opt hf_common_opts[];     /* all groups */
/* Does row `opt` of hf_common_opts belong to a command with `groups`? */
bool hf_common_has(const struct hf_opt *opt, unsigned groups);

/* Help of a command, or of all commands whose path begins with `prefix`. */
void hf_help_command(struct hf_session *s, const struct hf_cmd *cmd);
void hf_help_group(struct hf_session *s, const char *prefix);

/* The end every reporting command shares: JSON closed, or findings printed
 * after what the command wrote. `json` NULL: text. */
enum hf_result hf_session_result(const struct hf_session *s, bool incomplete);
int hf_session_exit(enum hf_result result);

/* Appends `word` for a POSIX shell, in single quotes where it needs them. */
void hf_shell_word(struct hf_buf *out, const char *word);
/* "holdfast PATH WORD... --store STORE...TAIL" on the heap, or NULL: what to
 * type to ask again. */
struct hf_args;
char *hf_again(const char *path, const struct hf_args *words,
               const struct hf_args *stores, const char *tail);

/* Puts the stores that were named, and where bodies came from, into the
 * remedies' commands, which would else change every store of the machine;
 * `from` may be NULL. Memory running out shows in hf_findings_check(). */
void hf_remedies_for(struct hf_session *s, const struct hf_args *stores,
                     const struct hf_args *from);

/* One or many? For "%zu %s". */
static inline const char *hf_plural(size_t count, const char *one,
                                    const char *many)
{
    return count == 1 ? one : many;
}

/* Appends what a program is told instead of an answer: an envelope with
 * "error". */
void hf_error_json(struct hf_session *s, const struct hf_err *err);

/* Writes `out` to standard output. Returns 0 or HF_E_IO; err->sys is EPIPE when
 * nobody reads any more. */
HF_MUST_USE int hf_print(struct hf_session *s, struct hf_err *err);

/* A line that is replaced, on standard error; only on a terminal. */
void hf_progress(struct hf_session *s, const char *format, ...) HF_PRINTF(2, 3);
void hf_progress_end(struct hf_session *s);

/* Asks for Yes in full on the terminal. Returns true when it was typed. */
bool hf_ask_yes(const char *question);

#endif
