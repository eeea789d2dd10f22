/* SPDX-License-Identifier: Apache-2.0 */
/* doc/opt.h - option tables: parsing, help, completion and man test read the
 * same rows. */
#ifndef HF_DOC_OPT_H
#define HF_DOC_OPT_H

#include "base/err.h"

#define HF_ARGS_MAX                                                            \
    4096 /* ours: words of one list; xargs passes 2,000 hosts                  \
          */

/* What a value is, for completion. */
enum hf_opt_value {
    HF_VALUE_ANY,
    HF_VALUE_FILE,
    HF_VALUE_DIR,
    HF_VALUE_PRODUCT,
    HF_VALUE_STORE,
    HF_VALUE_CODE, /* a code or cause of `explain` */
    HF_VALUE_WORDS /* arg is "a|b|c" */
};

/* Puts a value where it belongs. Returns 0 or HF_E_USAGE. */
typedef int hf_opt_set(void *field, const char *value, struct hf_err *err);

/* A row. name NULL: the words that are no options; arg NULL: a switch. A table
 * ends with a row of zeros. */
struct hf_opt {
    const char *name; /* "store": --store */
    char letter;      /* 's': -s; 0: none */
    const char *arg;  /* "STORE" */
    size_t at;        /* offset of the field in the command's struct */
    hf_opt_set *set;
    enum hf_opt_value value;
    const char *help;   /* a phrase without a full stop */
    const char *preset; /* what holds without it, for people; or NULL */
};

/* Words in the order given; borrowed from argv. */
struct hf_args {
    const char **word;
    size_t count;
};
void hf_args_done(struct hf_args *args);

hf_opt_set hf_set_text;   /* const char * */
hf_opt_set hf_set_switch; /* bool, value ignored */
hf_opt_set hf_set_list;   /* struct hf_args */
hf_opt_set hf_set_count;  /* unsigned, 1 to 1,000,000 */

/* Reads `argv` by two tables (either may be NULL). Options and words mix;
 * "--" ends the options; "--name=value" and "--name value" are the same.
 * An unknown option is refused, with the nearest known one.
 * Returns 0, HF_E_USAGE or HF_E_NOMEM. */
HF_MUST_USE int hf_opt_parse(const struct hf_opt *own,
                             const struct hf_opt *common, char *const *argv,
                             void *object, struct hf_err *err);

#endif
