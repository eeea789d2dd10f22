/* SPDX-License-Identifier: Apache-2.0 */
/* cli/password.h - a password out of a file or from a person; never from an
 * argument, where everybody on the machine could read it. */
#ifndef HF_CLI_PASSWORD_H
#define HF_CLI_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"

#define HF_PASSWORD_MAX 1024 /* bytes; ours */

struct hf_password {
    char text[HF_PASSWORD_MAX + 1];
    bool given;
};

/* The first line of the file. Returns 0, HF_E_LIMIT (longer than
 * HF_PASSWORD_MAX), or what reading returned. */
HF_MUST_USE int hf_password_read(const char *path,
                                 struct hf_password *ret_password,
                                 struct hf_err *err);

/* Asks on the terminal, without echo. False when there is none, or nothing was
 * typed. */
bool hf_password_ask(const char *question, struct hf_password *ret_password);

void hf_password_wipe(struct hf_password *password);

#endif
