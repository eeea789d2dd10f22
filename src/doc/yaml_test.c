/* SPDX-License-Identifier: Apache-2.0 */
/* doc/yaml_test.c - what is read, what is refused, and where it says so. */
#include "doc/yaml.h"

#include "hf_oom.h"

#include <stdio.h>
#include <string.h>

#include "doc/nearest.h"

static struct hf_view view(const char *text)
{
    return hf_view_text(text);
}

/* Does parsing fail with `code` and an error that begins with `begin`? */
static bool refused(struct hf_view text, enum hf_code code, const char *begin)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    struct hf_err err = { 0 };
    char why[1000];
    int rc = hf_yaml_parse("t", text, &doc, &err);
    bool good;

    hf_err_text(&err, why, sizeof(why));
    good = rc == (int)code && !doc && strncmp(why, begin, strlen(begin)) == 0;
    if (!good)
        printf("# code %d: %s\n", rc, why);
    return good;
}

static void test_refused(void)
{
    static const struct {
        const char *name, *text;
        enum hf_code code;
        const char *begin;
    } row[] = {
        { "an empty document", "", HF_E_PARSE, "t:1:1: the document is empty" },
        { "blanks only", " \n\n", HF_E_PARSE, "t:1:1: the document is empty" },
        { "a comment only", "# x\n", HF_E_PARSE, "t:1:1: the document is" },
        { "an anchor on a scalar", "a: &x b\n", HF_E_PARSE,
          "t:1:4: anchors are not read here" },
        { "an anchor on a list", "a: &x [b]\n", HF_E_PARSE, "t:1:4: anchors" },
        { "an anchor on a mapping", "a: &x {b: c}\n", HF_E_PARSE,
          "t:1:4: anchors" },
        { "an alias", "b:\n  - *x\n", HF_E_PARSE, "t:2:5: aliases" },
        { "an alias as a key", "*x : a\n", HF_E_PARSE, "t:1:1: aliases" },
        { "a tag", "a: !!str b\n", HF_E_PARSE, "t:1:4: tags" },
        { "a tag on a list", "a: !x [b]\n", HF_E_PARSE, "t:1:4: tags" },
        { "a tag without a name", "a: ! b\n", HF_E_PARSE, "t:1:4: tags" },
        { "a tag without a name before quotes", "\xc3\xa9: b\nc: ! 'd'\n",
          HF_E_PARSE, "t:2:4: tags" },
        { "a tag without a name on nothing", "a: !\n", HF_E_PARSE,
          "t:1:4: tags" },
        { "a tag of nobody", "a: !x!y b\n", HF_E_PARSE, "t:1:4: found undef" },
        { "a directive", "%TAG ! x\n---\na: b\n", HF_E_PARSE, "t:1:1: byte" },
        { "a second document", "a: b\n---\nc: d\n", HF_E_PARSE,
          "t:2:1: a second document begins" },
        { "a key twice", "a: 1\nb: 2\na: 3\n", HF_E_PARSE,
          "t:3:1: the key 'a' stands twice (first in line 1)" },
        { "a key twice in flow", "{a: 1, \"a\": 2}", HF_E_PARSE, "t:1:8: the" },
        { "a list as a key", "? [a]\n: b\n", HF_E_PARSE,
          "t:1:3: a key must be plain text" },
        { "a mapping as a key", "{{a: b}: c}", HF_E_PARSE, "t:1:2: a key" },
        { "a tab as indentation", "a:\n\tb: c\n", HF_E_PARSE, "t:" },
        { "an open quote", "a: \"x\n", HF_E_PARSE,
          "t:2:1: found "
          "unexpected end of stream, while scanning a quoted scalar (from "
          "1:4)" },
        { "an open bracket", "a: [x, y\n", HF_E_PARSE, "t:2:1: " },
        { "two values in a line", "a: b: c\n", HF_E_PARSE, "t:1:5: mapping" },
        { "seventeen levels", "[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]", HF_E_LIMIT,
          "t:1:17: nested more than 16 deep" },
        { "latin-1", "a: b\nc: caf\xe9\n", HF_E_PARSE,
          "t:2:7: byte 0xe9 is not UTF-8" },
        { "an overlong slash", "a: \xc0\xaf\n", HF_E_PARSE,
          "t:1:4: byte 0xc0" },
        { "an escape", "a: \x1b[2J\n", HF_E_PARSE, "t:1:4: byte 0x1b" },
        { "a line break of YAML 1.1",
          "a: b\xc2\x85"
          "c: d\n",
          HF_E_PARSE, "t:1:5: byte 0xc2 begins a control character" },
        { "a line separator", "a: b # \xe2\x80\xa8", HF_E_PARSE,
          "t:1:8: byte" },
        { "what turns a line around",
          "a: \xe2\x80\xae"
          "b",
          HF_E_PARSE, "t:1:4: byte" },
        { "what is no character", "a: \xef\xbf\xbf", HF_E_PARSE,
          "t:1:4: byte" },
        { "a lone carriage return", "a: b\rc: d\n", HF_E_PARSE,
          "t:1:5: byte 0x0d is a carriage return without" },
        { "UTF-16, little end first",
          "\xff\xfe"
          "a",
          HF_E_PARSE, "t:1:1: byte 0xff is not UTF-8" },
        { "UTF-16, big end first", "\xfe\xff", HF_E_PARSE, "t:1:1: byte 0xfe" },
        { "half a surrogate pair", "a: \"\\ud800\"", HF_E_PARSE, "t:1:7: " },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(refused(view(row[i].text), row[i].code, row[i].begin),
                 "refused: %s", row[i].name);
    HF_CHECK(refused(hf_view("a: b\n\0c", 7), HF_E_PARSE, "t:2:1: byte 0x00"),
             "refused: a NUL byte");
}

/* Texts that a parser without bounds would choke on. */
static void test_hostile(void)
{
    static const struct {
        const char *name, *unit, *start;
        enum hf_code code;
    } row[] = {
        { "a million open brackets", "[", "", HF_E_LIMIT },
        { "a list in a list in a list", "- ", "", HF_E_LIMIT },
        { "a mapping in a mapping", "{a: ", "", HF_E_LIMIT },
        { "questions without end", "? ", "", HF_E_PARSE },
        { "tag directives", "%TAG !a! b\n", "", HF_E_PARSE },
        { "half a million items", "a,", "[", HF_E_LIMIT },
        { "a document after a document", "---\n", "", HF_E_PARSE },
        { "unknown directives", "%a\n", "", HF_E_PARSE },
        { "anchors", "&a ", "", HF_E_PARSE },
        { "pairs", "a: ", "", HF_E_PARSE },
        { "tabs", "\t", "", HF_E_PARSE },
        { "short lines", "- a\n", "", HF_E_LIMIT },
        { "lists without end in a list", "[],", "[", HF_E_LIMIT },
        { "keys that are nothing", "\"\":,", "{", HF_E_LIMIT },
        { "a deep list that is opened and closed", "[[[[[[]]]]]],", "[",
          HF_E_LIMIT },
    };
    size_t max = HF_YAML_BYTES_MAX;
    HF_AUTO(hf_free_ptr) char *text = malloc(max + 1);

    for (size_t i = 0; text && i < HF_COUNT(row); i++) {
        size_t start = strlen(row[i].start), unit = strlen(row[i].unit);

        memcpy(text, row[i].start, start);
        for (size_t at = start; at < max; at++)
            text[at] = row[i].unit[(at - start) % unit];
        HF_CHECK(refused(hf_view(text, max), row[i].code, "t:"),
                 "a megabyte of it is refused: %s", row[i].name);
    }
    HF_CHECK(text && refused(hf_view(text, max + 1), HF_E_LIMIT, "t: 1048577"),
             "refused: more than a mebibyte");
}

static void test_bomb(void)
{
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x]\n"
                               "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                               "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";

    HF_CHECK(refused(view(bomb), HF_E_PARSE, "t:1:4: anchors"),
             "refused: an alias bomb, at its first anchor");
}

/* The value of the only key of a mapping. */
static bool value_is(struct hf_view text, const char *want)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    struct hf_err err;
    const struct hf_yaml_node *top;

    if (hf_yaml_parse("t", text, &doc, &err) < 0) {
        printf("# %s\n", err.frame[0].text);
        return false;
    }
    top = hf_yaml_top(doc);
    return hf_yaml_kind(top) == HF_YAML_MAPPING && hf_yaml_count(top) == 1 &&
           hf_view_is(hf_yaml_text(hf_yaml_key(top, 0)), "a") &&
           hf_view_is(hf_yaml_text(hf_yaml_value(top, 0)), want);
}

static void test_values(void)
{
    static const struct {
        const char *name, *text, *want;
    } row[] = {
        { "plain", "a: b c\n", "b c" },
        { "with a byte order mark",
          "\xef\xbb\xbf"
          "a: b\n",
          "b" },
        { "with CRLF", "a: b\r\n", "b" },
        { "a block with CRLF", "a: |\r\n  x\r\n  y\r\n", "x\ny\n" },
        { "in double quotes", "a: \"b\\tc\\u00e9\"", "b\tc\xc3\xa9" },
        { "in single quotes", "a: 'it''s'", "it's" },
        { "a block", "a: |\n  x\n  y\n", "x\ny\n" },
        { "folded", "a: >\n  x\n  y\n", "x y\n" },
        { "without a final line feed", "a: b", "b" },
        { "with a comment", "# c\na: b # d\n", "b" },
        { "with document marks", "---\na: b\n...\n", "b" },
        { "nothing", "a:\n", "" },
        { "a percent sign", "a: 5 %\n", "5 %" },
        { "a question", "a: is it? yes\n", "is it? yes" },
        { "an empty block", "a: |\n", "" },
        { "four quotes in a row", "a: 'b''''c'\n", "b''c" },
        { "an explicit key", "? a\n: b\n", "b" },
        { "escapes of every length", "a: \"\\x41\\u00e9\\U0001f600\"",
          "A\xc3\xa9\xf0\x9f\x98\x80" },
        { "an exclamation mark in quotes", "a: '! b'\n", "! b" },
        { "a text that goes on", "a: b\n  c\n", "b c" },
        { "quotes at both ends of a text", "a: '''b'''\n", "'b'" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(value_is(view(row[i].text), row[i].want), "read: %s",
                 row[i].name);
}

static void test_big_scalar(void)
{
    size_t max = HF_YAML_BYTES_MAX;
    HF_AUTO(hf_free_ptr) char *text = malloc(max + 1);

    if (!text)
        return;
    memset(text, 'x', max);
    memcpy(text, "a: ", 3);
    text[max] = '\0';
    HF_CHECK(value_is(hf_view(text, max), text + 3),
             "read: a scalar that fills a mebibyte");
}

static void test_tree(void)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    struct hf_err err;
    const struct hf_yaml_node *top, *list;

    if (hf_yaml_parse("t", view("one: 1\ntwo:\n  - x\n  - {y: z}\n"), &doc,
                      &err) < 0) {
        HF_CHECK(false, "a tree: %s", err.frame[0].text);
        return;
    }
    top = hf_yaml_top(doc);
    HF_CHECK(hf_yaml_count(top) == 2, "a mapping counts its pairs");
    list = hf_yaml_value(top, 1);
    HF_CHECK(hf_yaml_kind(list) == HF_YAML_SEQUENCE && hf_yaml_count(list) == 2,
             "a list counts its items");
    HF_CHECK(hf_yaml_line(hf_yaml_item(list, 1)) == 4 &&
                 hf_yaml_column(hf_yaml_item(list, 1)) == 5,
             "an item knows its line and column");
    HF_CHECK(hf_yaml_text(list).len == 0, "a list has no text");
    HF_CHECK(hf_yaml_count(hf_yaml_value(top, 0)) == 0,
             "a scalar has no items");
}

/* --- tables and scalars -------------------------------------------------- */

struct object {
    char *text, *block;
    unsigned word;
    bool flag;
    int64_t number;
};

static void object_done(struct object *object)
{
    free(object->text);
    free(object->block);
}

static int read_text(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                     void *object, struct hf_err *err)
{
    return hf_yaml_read_text(doc, node, &((struct object *)object)->text, err);
}

static int read_block(const struct hf_yaml *doc,
                      const struct hf_yaml_node *node, void *object,
                      struct hf_err *err)
{
    return hf_yaml_read_block(doc, node, &((struct object *)object)->block,
                              err);
}

static int read_word(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                     void *object, struct hf_err *err)
{
    static const char *const words[] = { "red", "green", NULL };

    return hf_yaml_read_word(doc, node, words, &((struct object *)object)->word,
                             err);
}

static int read_flag(const struct hf_yaml *doc, const struct hf_yaml_node *node,
                     void *object, struct hf_err *err)
{
    return hf_yaml_read_bool(doc, node, &((struct object *)object)->flag, err);
}

static int read_number(const struct hf_yaml *doc,
                       const struct hf_yaml_node *node, void *object,
                       struct hf_err *err)
{
    return hf_yaml_read_number(doc, node, -5, 65535,
                               &((struct object *)object)->number, err);
}

static const struct hf_yaml_row rows[] = {
    { "text", true, read_text },      { "block", false, read_block },
    { "word", false, read_word },     { "flag", false, read_flag },
    { "number", false, read_number }, { 0 },
};

static void test_table(void)
{
    static const struct {
        const char *name, *text, *fault;
    } row[] = {
        { "all keys",
          "text: a\nblock: |\n  b\nword: green\nflag: true\nnumber: -5\n",
          NULL },
        { "not a mapping", "- a\n", "t:1:1: expected keys with values here" },
        { "an unknown key with a neighbour", "text: a\nwrod: red\n",
          "t:2:1: unknown key 'wrod' (did you mean 'word'?)" },
        { "an unknown key", "text: a\nelephant: x\n",
          "t:2:1: unknown key 'elephant'" },
        { "a missing key", "flag: true\n", "t:1:1: the key 'text' is missing" },
        { "no text", "text:\n", "t:1:6: expected text, found nothing" },
        { "null as text", "text: null\n", "t:1:7: expected text, found" },
        { "a list as text", "text: [a]\n", "t:1:7: expected text here" },
        { "lines as text", "text: |\n  a\n  b\n", "t:1:7: expected one line" },
        { "an escaped control character", "text: \"a\\u0001\"\n",
          "t:1:7: expected one line" },
        { "an escaped C1 control", "text: \"a\\u009b\"\n", "t:1:7: expected" },
        { "an escaped NUL", "text: \"a\\0\"\n", "t:1:7: expected one line" },
        { "a tab in a block", "text: a\nblock: \"\\t\"\n", "t:2:8: control" },
        { "another word", "text: a\nword: blue\n",
          "t:2:7: expected one of red, green" },
        { "yes for true", "text: a\nflag: yes\n",
          "t:2:7: expected one of false, true" },
        { "true in quotes", "text: a\nflag: 'true'\n", "t:2:7: expected one" },
        { "a number too large", "text: a\nnumber: 65536\n",
          "t:2:9: expected a whole number from -5 to 65535" },
        { "a number too small", "text: a\nnumber: -6\n", "t:2:9: expected a" },
        { "a number beyond 64 bits", "text: a\nnumber: 99999999999999999999\n",
          "t:2:9: expected a whole" },
        { "an octal number", "text: a\nnumber: 010\n", "t:2:9: expected a" },
        { "a fraction", "text: a\nnumber: 1.5\n", "t:2:9: expected a whole" },
        { "a number in quotes", "text: a\nnumber: '5'\n", "t:2:9: expected" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
        HF_AUTO(object_done) struct object object = { 0 };
        struct hf_err err = { 0 };
        int rc = hf_yaml_parse("t", view(row[i].text), &doc, &err);

        if (rc == 0)
            rc = hf_yaml_map(doc, hf_yaml_top(doc), rows, &object, &err);
        HF_CHECK(row[i].fault ? rc == HF_E_PARSE &&
                                    strncmp(err.frame[0].text, row[i].fault,
                                            strlen(row[i].fault)) == 0
                              : rc == 0,
                 "a table: %s", row[i].name);
        if (!row[i].fault)
            HF_CHECK(object.word == 1 && object.flag && object.number == -5 &&
                         strcmp(object.block, "b\n") == 0,
                     "a table gives what stands there");
    }
}

static int count_fault(void *user, struct hf_err *err)
{
    (void)err;
    ++*(int *)user;
    return 0;
}

static void test_collect(void)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    HF_AUTO(object_done) struct object object = { 0 };
    int faults = 0;
    struct hf_yaml_collect collect = { count_fault, &faults };
    struct hf_err err;
    int rc = hf_yaml_parse("t", view("word: blue\nflag: yes\nnumber: 7\nx: y"),
                           &doc, &err);

    if (rc == 0)
        rc = hf_yaml_map_all(doc, hf_yaml_top(doc), rows, &object, &collect,
                             &err);
    HF_CHECK(rc == 0 && faults == 4 && object.number == 7,
             "faults are collected, and what is good is read");
}

static void test_nearest(void)
{
    static const char *const words[] = { "cylance", "qualys", "citrix",
                                         "certificates", NULL };
    static const struct {
        const char *text, *want;
    } row[] = {
        { "cylanec", "cylance" },
        { "Qualis", "qualys" },
        { "ctrix", "citrix" },
        { "certificate", "certificates" },
        { "elephant", NULL },
        { "", NULL },
        { "cylance", "cylance" },
        { "zzzzzzz", NULL },
        { "cyl\xc3\xa4nce", "cylance" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const char *near = hf_nearest(words, view(row[i].text));

        HF_CHECK(row[i].want ? near && strcmp(near, row[i].want) == 0 : !near,
                 "nearest to '%s'", row[i].text);
    }
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;
    HF_AUTO(object_done) struct object object = { 0 };

    if (hf_yaml_parse("t", view(arg), &doc, err) < 0)
        return hf_err_code(err);
    return hf_yaml_map(doc, hf_yaml_top(doc), rows, &object, err);
}

int main(void)
{
    static char text[] = "text: a\nblock: |\n  b\nword: green\n";
    static char whole[] = "---\n# c\n? text\n: >-\n  a\n  b\n"
                          "\"block\": \"\\u00e9\\\n  x\"\n'number' : 5\n...\n";

    test_refused();
    test_hostile();
    test_bomb();
    test_values();
    test_big_scalar();
    test_tree();
    test_table();
    test_collect();
    test_nearest();
    hf_oom_test("a document", HF_OOM_ALL, attempt, text);
    hf_oom_test("a document with everything", HF_OOM_ALL, attempt, whole);
    return hf_test_end();
}
