/* SPDX-License-Identifier: Apache-2.0 */
/* cli/terminal.c - the person's end: printing, progress, questions. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli.h"

int hf_print(struct hf_session *s, struct hf_err *err)
{
    if (hf_buf_check(&s->out, err) < 0)
        return HF_WRAP(err, "the output");
    if (s->out.len > 0 &&
        fwrite(s->out.ptr, 1, s->out.len, stdout) != s->out.len)
        return HF_FAIL_SYS(err, "cannot write the output");
    if (fflush(stdout) != 0)
        return HF_FAIL_SYS(err, "cannot write the output");
    return 0;
}

void hf_progress(struct hf_session *s, const char *format, ...)
{
    struct hf_buf line;
    char text[200];
    va_list args;

    if (!s->terminal)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    hf_buf_init(&line, 1024);
    hf_utf8_safe(&line, hf_view_text(text));
    fprintf(stderr, "\r\033[K%.*s", (int)line.len, (const char *)line.ptr);
    fflush(stderr);
    hf_buf_done(&line);
}

void hf_progress_end(struct hf_session *s)
{
    if (!s->terminal)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}

bool hf_ask_yes(const char *question)
{
    char answer[16];

    fprintf(stderr, "%s\nType Yes to go on: ", question);
    fflush(stderr);
    if (!fgets(answer, sizeof(answer), stdin))
        return false;
    answer[strcspn(answer, "\r\n")] = '\0';
    return strcmp(answer, "Yes") == 0;
}
