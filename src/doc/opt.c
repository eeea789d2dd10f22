/* SPDX-License-Identifier: Apache-2.0 */
/* doc/opt.c - reading an argument vector by option tables. */
#include "doc/opt.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/view.h"
#include "doc/nearest.h"

void hf_args_done(struct hf_args *args)
{
    free(args->word);
    *args = (struct hf_args){ 0 };
}

int hf_set_text(void *field, const char *value, struct hf_err *err)
{
    if (*value == '\0')
        return HF_FAIL(err, HF_E_USAGE, "an empty value");
    *(const char **)field = value;
    return 0;
}

int hf_set_switch(void *field, const char *value, struct hf_err *err)
{
    (void)value;
    (void)err;
    *(bool *)field = true;
    return 0;
}

int hf_set_list(void *field, const char *value, struct hf_err *err)
{
    struct hf_args *args = field;
    const char **grown;

    if (args->count == HF_ARGS_MAX)
        return HF_FAIL(err, HF_E_USAGE, "more than %d values", HF_ARGS_MAX);
    grown = reallocarray(args->word, args->count + 1, sizeof(*grown));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the arguments");
    args->word = grown;
    args->word[args->count++] = value;
    return 0;
}

int hf_set_count(void *field, const char *value, struct hf_err *err)
{
    char *end;
    long n = strtol(value, &end, 10);

    if (end == value || *end != '\0' || n < 1 || n > 1000000)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is not a number from 1 to 1,000,000", value);
    *(unsigned *)field = (unsigned)n;
    return 0;
}

/* One argument being read. */
struct reader {
    const struct hf_opt *tables[2];
    char *const *argv;
    char *object;
};

/* By name, or by letter when `letter` is not NULL. */
static const struct hf_opt *find(const struct reader *r, const char *name,
                                 size_t len, const char *letter)
{
    for (size_t t = 0; t < HF_COUNT(r->tables); t++)
        for (const struct hf_opt *o = r->tables[t]; o && o->help; o++) {
            if (letter ? o->letter == *letter
                       : o->name && strlen(o->name) == len &&
                             memcmp(o->name, name, len) == 0)
                return o;
        }
    return NULL;
}

static const struct hf_opt *find_words(const struct reader *r)
{
    for (size_t t = 0; t < HF_COUNT(r->tables); t++)
        for (const struct hf_opt *o = r->tables[t]; o && o->help; o++)
            if (!o->name)
                return o;
    return NULL;
}

static int unknown(const struct reader *r, const char *arg, struct hf_err *err)
{
    const char *names[128] = { NULL };
    const char *near;
    size_t count = 0;

    for (size_t t = 0; t < HF_COUNT(r->tables); t++)
        for (const struct hf_opt *o = r->tables[t]; o && o->help; o++)
            if (o->name && count + 1 < HF_COUNT(names))
                names[count++] = o->name;
    near = arg[1] == '-' ? hf_nearest(names, hf_view_text(arg + 2)) : NULL;
    if (near)
        return HF_FAIL(err, HF_E_USAGE,
                       "there is no option '%s': did you mean '--%s'?", arg,
                       near);
    return HF_FAIL(err, HF_E_USAGE, "there is no option '%s'", arg);
}

static int apply(const struct reader *r, const struct hf_opt *o,
                 const char *value, struct hf_err *err)
{
    if (o->set(r->object + o->at, value, err) == 0)
        return 0;
    return o->name ? HF_WRAP(err, "--%s", o->name) : err->code;
}

/* Reads the option at *r->argv; moves on past its value. */
static int read_option(struct reader *r, struct hf_err *err)
{
    const char *arg = *r->argv++;
    bool is_long = arg[1] == '-';
    const char *equals = is_long ? strchr(arg, '=') : NULL;
    size_t len = !is_long ? 0
                 : equals ? (size_t)(equals - arg) - 2
                          : strlen(arg + 2);
    const struct hf_opt *o = find(r, arg + 2, len, is_long ? NULL : arg + 1);
    const char *value = equals ? equals + 1 : NULL;

    if (!o)
        return unknown(r, arg, err);
    if (!is_long && arg[2] != '\0') /* -sVALUE */
        value = arg + 2;
    if (!o->arg && value)
        return HF_FAIL(err, HF_E_USAGE, "'%s': this option takes no value",
                       arg);
    if (o->arg && !value) {
        if (!*r->argv)
            return HF_FAIL(err, HF_E_USAGE, "'%s' wants a value: %s", arg,
                           o->arg);
        value = *r->argv++;
    }
    return apply(r, o, value, err);
}

int hf_opt_parse(const struct hf_opt *own, const struct hf_opt *common,
                 char *const *argv, void *object, struct hf_err *err)
{
    struct reader r = { { own, common }, argv, object };
    const struct hf_opt *words = find_words(&r);
    bool options = true;

    while (*r.argv) {
        const char *arg = *r.argv;

        if (options && strcmp(arg, "--") == 0) {
            options = false;
            r.argv++;
        } else if (options && arg[0] == '-' && arg[1] != '\0') {
            if (read_option(&r, err) < 0)
                return hf_err_code(err);
        } else if (!words) {
            return HF_FAIL(err, HF_E_USAGE, "'%s' is not expected here", arg);
        } else {
            r.argv++;
            if (apply(&r, words, arg, err) < 0)
                return hf_err_code(err);
        }
    }
    return 0;
}
