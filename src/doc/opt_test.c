/* SPDX-License-Identifier: Apache-2.0 */
/* doc/opt_test.c - argument vectors against a table. */
#include "doc/opt.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "hf_test.h"

struct sample {
    bool json;
    const char *root;
    struct hf_args words, stores;
    unsigned parallel;
};

#define AT(field) offsetof(struct sample, field)

static const struct hf_opt own[] = {
    { NULL, 0, "WORD...", AT(words), hf_set_list, HF_VALUE_ANY, "words", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_ANY, "stores",
      NULL },
    { "parallel", 'P', "N", AT(parallel), hf_set_count, HF_VALUE_ANY, "number",
      NULL },
    { 0 }
};

static const struct hf_opt common[] = {
    { "json", 'j', NULL, AT(json), hf_set_switch, HF_VALUE_ANY, "json", NULL },
    { "root", 0, "DIR", AT(root), hf_set_text, HF_VALUE_ANY, "root", NULL },
    { 0 }
};

static const struct hf_opt no_words[] = { { 0 } };

#define MAX_WORDS 6

/* Words and stores joined by commas, then the rest, as one text. */
static void describe(const struct sample *s, char *text, size_t size)
{
    size_t used = 0;
    const struct hf_args *lists[] = { &s->words, &s->stores };

    text[0] = '\0';
    for (size_t l = 0; l < HF_COUNT(lists); l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s,",
                                     l == 0 ? "" : "s:", lists[l]->word[i]);
    (void)snprintf(text + used, size - used, "%s|%s|%u", s->json ? "json" : "",
                   s->root ? s->root : "", s->parallel);
}

static void check_good(void)
{
    static const struct {
        const char *name, *argv[MAX_WORDS], *want;
    } row[] = {
        { "nothing", { NULL }, "||0" },
        { "words", { "a", "b" }, "a,b,||0" },
        { "switch", { "--json" }, "json||0" },
        { "short switch", { "-j" }, "json||0" },
        { "value apart", { "--root", "/x" }, "|/x|0" },
        { "value with =", { "--root=/x" }, "|/x|0" },
        { "value that holds =", { "--root=a=b" }, "|a=b|0" },
        { "short value apart", { "-s", "one" }, "s:one,||0" },
        { "short value joined", { "-sone" }, "s:one,||0" },
        { "a list grows", { "-s", "1", "--store=2" }, "s:1,s:2,||0" },
        { "mixed", { "a", "--json", "b" }, "a,b,json||0" },
        { "-- ends the options", { "--", "--json" }, "--json,||0" },
        { "- is a word", { "-" }, "-,||0" },
        { "a value may begin with -", { "--root", "-x" }, "|-x|0" },
        { "a number", { "-P", "12" }, "||12" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct sample s = { 0 };
        struct hf_err err;
        char text[200];
        int rc =
            hf_opt_parse(own, common, (char *const *)row[i].argv, &s, &err);

        describe(&s, text, sizeof(text));
        HF_CHECK(rc == 0 && strcmp(text, row[i].want) == 0, "good: %s: %s",
                 row[i].name, text);
        hf_args_done(&s.words);
        hf_args_done(&s.stores);
    }
}

static void check_bad(void)
{
    static const struct {
        const char *name, *argv[MAX_WORDS], *want;
        const struct hf_opt *table;
    } row[] = {
        { "unknown", { "--frobnicate" }, "no option '--frobnicate'", own },
        { "misspelt", { "--stroe", "x" }, "did you mean '--store'", own },
        { "misspelt common", { "--jsno" }, "did you mean '--json'", own },
        { "unknown letter", { "-z" }, "no option '-z'", own },
        { "value missing", { "--root" }, "wants a value: DIR", own },
        { "value empty", { "--root=" }, "--root: an empty value", own },
        { "switch with value", { "--json=yes" }, "takes no value", own },
        { "letters run together", { "-jj" }, "takes no value", own },
        { "not a number", { "-P", "many" }, "not a number", own },
        { "number too large", { "-P", "1000001" }, "not a number", own },
        { "zero", { "-P", "0" }, "not a number", own },
        { "number with junk", { "-P", "1x" }, "not a number", own },
        { "a word where none is", { "x" }, "'x' is not expected", no_words },
        { "a prefix is not enough", { "--par", "2" }, "no option", own },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct sample s = { 0 };
        struct hf_err err;
        char text[HF_ERR_TEXT * 2] = "";
        int rc = hf_opt_parse(row[i].table, common, (char *const *)row[i].argv,
                              &s, &err);

        if (rc < 0)
            hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_USAGE && strstr(text, row[i].want), "bad: %s: %s",
                 row[i].name, text);
        hf_args_done(&s.words);
        hf_args_done(&s.stores);
    }
}

static void check_limit(void)
{
    struct hf_args args = { 0 };
    struct hf_err err;
    int rc = 0;

    for (int i = 0; i < HF_ARGS_MAX && rc == 0; i++)
        rc = hf_set_list(&args, "x", &err);
    HF_CHECK(rc == 0 && args.count == HF_ARGS_MAX, "limit: as many as allowed");
    HF_CHECK(hf_set_list(&args, "x", &err) == HF_E_USAGE &&
                 args.count == HF_ARGS_MAX,
             "limit: one more is refused");
    hf_args_done(&args);
}

int main(void)
{
    check_good();
    check_bad();
    check_limit();
    return hf_test_end();
}
