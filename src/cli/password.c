/* SPDX-License-Identifier: Apache-2.0 */
/* cli/password.c - a password out of a file or from a person. */
#include "cli/password.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "plat/file.h"

#define FILE_MAX (4 * HF_PASSWORD_MAX)

void hf_password_wipe(struct hf_password *password)
{
    explicit_bzero(password, sizeof(*password));
}

int hf_password_read(const char *path, struct hf_password *ret_password,
                     struct hf_err *err)
{
    static const char room[FILE_MAX];
    struct hf_buf text;
    struct hf_view rest, line;
    int rc;

    hf_buf_init(&text, FILE_MAX);
    /* all the room at once: growing would leave copies that are not wiped */
    hf_buf_add(&text, room, sizeof(room));
    text.len = 0;
    rc = hf_file_read(path, &text, err);
    rest = hf_buf_peek(&text);
    line = hf_view_line(&rest);
    if (rc == 0 && line.len > HF_PASSWORD_MAX)
        rc = HF_FAIL(err, HF_E_LIMIT, "a password of more than %d bytes",
                     HF_PASSWORD_MAX);
    if (rc == 0) {
        *ret_password = (struct hf_password){ .given = true };
        if (line.len > 0)
            memcpy(ret_password->text, line.ptr, line.len);
    }
    if (text.ptr)
        explicit_bzero(text.ptr, text.room);
    hf_buf_done(&text);
    return rc;
}

bool hf_password_ask(const char *question, struct hf_password *ret_password)
{
    struct termios was, quiet;
    char *typed;

    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &was) < 0)
        return false;
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s: ", question);
    fflush(stderr);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) < 0)
        return false;
    typed = fgets(ret_password->text, sizeof(ret_password->text), stdin);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
    fputs("\n", stderr);
    if (!typed)
        return false;
    ret_password->text[strcspn(ret_password->text, "\r\n")] = '\0';
    ret_password->given = true;
    return true;
}
