/* SPDX-License-Identifier: Apache-2.0 */
/* win/tree_test.c - keys and values in memory, and names without case. */
#include "win/tree.h"

#include <string.h>
#include <time.h>

#include "hf_oom.h"
#include "hf_test.h"
#include "win/fold.h"

#define MANY 100000

static const struct {
    const char *a, *b;
    bool same;
} names[] = {
    { "Software", "SOFTWARE", true },
    { "a", "ab", false },
    { "", "", true },
    { "\xC3\xA4", "\xC3\x84", true },         /* a-umlaut */
    { "\xD0\xB6", "\xD0\x96", true },         /* Cyrillic zhe */
    { "\xCF\x89", "\xCE\xA9", true },         /* omega */
    { "\xE4\xB8\xAD", "\xE4\xB8\xAD", true }, /* a Han character */
    { "\xC3\xA4", "a", false },
    { "\xC4\xB1", "I", false }, /* dotless i */
    { "\xFF", "\xFE", false },
};

static void test_names(void)
{
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        struct hf_view a = hf_view_text(names[i].a);
        struct hf_view b = hf_view_text(names[i].b);
        int order = hf_fold_compare(a, b);

        HF_CHECK((order == 0) == names[i].same &&
                     hf_fold_compare(b, a) == -order,
                 "'%s' and '%s'", names[i].a, names[i].b);
    }
}

static struct hf_tree_key *make(struct hf_tree *tree, const char *path)
{
    struct hf_tree_key *key = NULL;
    struct hf_err err;

    return hf_tree_make(tree, hf_view_text(path), &key, NULL, &err) < 0 ? NULL
                                                                        : key;
}

static void test_keys(void)
{
    struct hf_tree tree = { 0 };
    struct hf_tree_key *b = make(&tree, "A\\\\B\\"), *fresh = NULL, *key;
    struct hf_names list = { 0 };
    struct hf_err err;

    HF_CHECK(b && hf_tree_find(&tree.top, hf_view_text("a\\b")) == b &&
                 make(&tree, "\\a\\B") == b,
             "a key is found without case, empty names passed over");
    HF_CHECK(hf_tree_make(&tree, hf_view_text("A\\C\\D"), &key, &fresh, &err) ==
                     0 &&
                 key->parent == fresh && hf_view_is(fresh->name, "C"),
             "the uppermost new key is told");
    HF_CHECK(hf_tree_list_keys(b->parent, &list, &err) == 0 &&
                 list.count == 2 && strcmp(list.name[0], "B") == 0 &&
                 strcmp(list.name[1], "C") == 0,
             "keys are listed in the order they came");
    hf_names_done(&list);
    b->mentions = 1;
    hf_tree_prune(key);
    HF_CHECK(!hf_tree_find(&tree.top, hf_view_text("A\\C")) &&
                 hf_tree_find(&tree.top, hf_view_text("A\\B")) == b,
             "keys nothing makes are pruned, up to one that has others");
    hf_tree_drop(b->parent);
    HF_CHECK(!tree.top.first && !hf_tree_find(&tree.top, hf_view_text("A")),
             "a key is dropped with all below");
    hf_tree_done(&tree);
}

static void test_limits(void)
{
    static char name[HF_REGNAME_KEY_MAX + 2], deep[2 * HF_TREE_DEPTH_MAX + 4];
    struct hf_tree tree = { 0 };
    struct hf_tree_key *key;
    struct hf_err err = { 0 };

    memset(name, 'x', HF_REGNAME_KEY_MAX);
    HF_CHECK(make(&tree, name) != NULL, "a name of 255 characters");
    name[HF_REGNAME_KEY_MAX] = 'x';
    HF_CHECK(hf_tree_make(&tree, hf_view_text(name), &key, NULL, &err) ==
                 HF_E_LIMIT,
             "a longer one is refused");
    for (size_t i = 0; i < HF_TREE_DEPTH_MAX + 1; i++)
        memcpy(deep + 2 * i, "x\\", 2);
    HF_CHECK(hf_tree_make(&tree, hf_view_text(deep), &key, NULL, &err) ==
                     HF_E_LIMIT &&
                 !hf_tree_find(&tree.top, hf_view_text("x")),
             "513 keys in each other are refused, none is made");
    deep[2 * HF_TREE_DEPTH_MAX] = '\0';
    HF_CHECK(make(&tree, deep) != NULL, "512 are fine");
    hf_tree_done(&tree);
}

static void test_values(void)
{
    struct hf_tree tree = { 0 };
    struct hf_tree_key *key = make(&tree, "A");
    struct hf_reg_values list = { 0 };
    struct hf_tree_value *x = NULL, *y = NULL;
    struct hf_err err;

    HF_CHECK(hf_tree_value_make(key, hf_view_text("x"), &x, &err) == 0 &&
                 hf_tree_value_make(key, hf_view_text("y"), &y, &err) == 0 &&
                 x->absent && hf_tree_list_values(key, &list, &err) == 0 &&
                 list.count == 0,
             "a value is absent until it has bytes");
    hf_reg_values_done(&list);
    HF_CHECK(hf_tree_value_put(y, 3, hf_view("ab", 2), &err) == 0 &&
                 hf_tree_list_values(key, &list, &err) == 0 &&
                 list.count == 1 && list.value[0].len == 2,
             "then it is listed");
    hf_reg_values_done(&list);
    hf_tree_value_drop(key, x);
    HF_CHECK(key->first_value == y && key->last_value == y &&
                 !hf_tree_value_find(key, hf_view_text("X")),
             "a value is dropped");
    hf_tree_done(&tree);
}

static void test_many(void)
{
    struct hf_tree tree = { 0 };
    clock_t start = clock();
    unsigned found = 0;
    char path[64];
    long ms;

    for (unsigned i = 0; i < MANY; i++) {
        (void)snprintf(path, sizeof(path), "Software\\Key %u", i);
        if (!make(&tree, path))
            break;
    }
    for (unsigned i = 0; i < MANY; i++) {
        (void)snprintf(path, sizeof(path), "SOFTWARE\\KEY %u", i);
        found += hf_tree_find(&tree.top, hf_view_text(path)) != NULL;
    }
    hf_tree_done(&tree);
    ms = (long)((clock() - start) * 1000 / CLOCKS_PER_SEC);
    HF_CHECK(found == MANY && ms < 5000,
             "%u keys below one are made and found in %ld ms", found, ms);
}

static int use(void *arg, struct hf_err *err)
{
    struct hf_tree tree = { 0 };
    struct hf_tree_value *value;
    struct hf_tree_key *key;
    int rc;

    (void)arg;
    rc = hf_tree_make(&tree, hf_view_text("A\\B\\C"), &key, NULL, err);
    if (rc == 0)
        rc = hf_tree_value_make(key, hf_view_text("x"), &value, err);
    if (rc == 0)
        rc = hf_tree_value_put(value, 1, hf_view("ab", 2), err);
    hf_tree_done(&tree);
    return rc;
}

int main(void)
{
    test_names();
    test_keys();
    test_limits();
    test_values();
    test_many();
    hf_oom_test("keys and a value", HF_OOM_ALL, use, NULL);
    return hf_test_end();
}
