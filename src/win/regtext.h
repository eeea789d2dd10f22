/* SPDX-License-Identifier: Apache-2.0 */
/* win/regtext.h - inside win/: a .reg file, or one of Wine's registry. */
#ifndef HF_WIN_REGTEXT_H
#define HF_WIN_REGTEXT_H

#include "win/regcode.h"
#include "win/script.h"

#define HF_REGTEXT_MAX                                                         \
    (1024u * 1024 * 1024) /* bytes of WTF-8; ours: the                         \
                           * largest file read, in the worst                   \
                           * case */

enum hf_regtext_form {
    HF_REGTEXT_5,   /* "Windows Registry Editor Version 5.00" */
    HF_REGTEXT_4,   /* "REGEDIT4": texts in hex are CP1252 */
    HF_REGTEXT_WINE /* "WINE REGISTRY Version 2" */
};

struct hf_regtext {
    struct hf_script script; /* first: what struct hf_registry_ops is given */
    struct hf_regcode code;
    enum hf_regtext_form form;
    const char *eol; /* as the file has it */
    bool slashed;    /* keys begin with a backslash, no root before it:
                      * hivexregedit --export without --prefix */
    bool part;       /* of a file of Wine, whose first lines are missing */
};

/* Reads script.text, `len` bytes.
 * shown      tells where a file of Wine without its first lines stands.
 * ret_mount  "" or, for a file of Wine, where its top stands; on the heap.
 * Returns 0, HF_E_PARSE (line), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_regtext_parse(struct hf_regtext *reg, size_t len,
                                 const char *shown, char **ret_mount,
                                 struct hf_err *err);

extern const struct hf_script_form hf_regtext_form;
HF_MUST_USE int hf_regtext_save(void *own, struct hf_buf *out,
                                struct hf_err *err);

#endif
