/* SPDX-License-Identifier: Apache-2.0 */
/* doc/embed_test.c - embedded data, and ROOT/etc/holdfast over it. */
#include "doc/embed.h"

#include "hf_oom.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "plat/file.h"

static void test_tables(void)
{
    size_t texts, roots;
    const struct hf_embed *text = hf_embed_all(&texts);
    const struct hf_embed_root *root = hf_embed_roots(&roots);
    bool sorted = true;

    for (size_t i = 1; i < texts; i++)
        sorted &= strcmp(text[i - 1].name, text[i].name) < 0;
    HF_CHECK(texts > 5 && sorted, "texts are sorted by name");
    sorted = true;
    for (size_t i = 1; i < roots; i++)
        sorted &= memcmp(root[i - 1].sha256, root[i].sha256, 32) < 0;
    HF_CHECK(roots >= 36 && sorted, "roots are sorted by SHA-256");
    sorted = true;
    for (size_t i = 0; i < texts; i++)
        sorted &= hf_embed_find(text[i].name) == &text[i];
    for (size_t i = 0; i < roots; i++)
        sorted &= hf_embed_root_find(root[i].sha256) == &root[i];
    HF_CHECK(sorted, "each is found");
    HF_CHECK(!hf_embed_find("products/nothing.yaml") && !hf_embed_find(""),
             "what is not there is not found");
    HF_CHECK(!hf_embed_root_find((const uint8_t[32]){ 0 }),
             "a root that is not there is not found");
}

static bool reads(const char *root, const char *name, const char *want)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;
    struct hf_err err;

    hf_buf_init(&text, 1 << 20);
    return hf_embed_read(root, name, &text, &err) == 0 &&
           hf_view_starts(hf_buf_peek(&text), want);
}

static void put(const char *root, const char *name, const char *text)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(root, name);
    struct hf_err err;

    HF_CHECK(path && hf_file_write(path, hf_view_text(text), 0644, &err) == 0,
             "write %s", name);
}

static void test_overlay(const char *root)
{
    HF_AUTO(hf_free_ptr) char *folder = hf_path_join(root, "etc/holdfast/x");
    HF_AUTO(hf_free_ptr) char *link = hf_path_join(root, "etc/holdfast/l.tsv");
    HF_AUTO(hf_free_ptr)
    char *file = hf_path_join(root, "etc/holdfast/own.tsv");
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    struct hf_buf small;
    struct hf_err err;

    HF_CHECK(reads(root, "distrust.tsv", "# Roots"),
             "without a file the embedded text is read");
    HF_CHECK(hf_file_mkdirs(folder, 0755, &err) == 0, "make a folder");
    put(root, "etc/holdfast/own.tsv", "own\n");
    put(root, "etc/holdfast/distrust.tsv", "mine\n");
    HF_CHECK(reads(root, "distrust.tsv", "mine"), "a file is read instead");
    HF_CHECK(reads(root, "own.tsv", "own"), "a file nobody embedded is read");
    HF_CHECK(symlink("/etc/holdfast/own.tsv", link) == 0 &&
                 reads(root, "l.tsv", "own"),
             "a link is followed below the root");
    hf_buf_init(&small, 2);
    HF_CHECK(hf_embed_read(root, "own.tsv", &small, &err) == HF_E_LIMIT,
             "a file too large is refused, not passed over");
    hf_buf_done(&small);
    hf_buf_init(&small, 100);
    HF_CHECK(hf_embed_read(root, "x", &small, &err) < 0, "a folder is no text");
    HF_CHECK(hf_embed_read(root, "none.tsv", &small, &err) == HF_E_ABSENT,
             "what neither has is absent");
    HF_CHECK(hf_embed_open(root, "own.tsv", &small, &path, &err) == 0 && path &&
                 strcmp(path, file) == 0,
             "the file's path is told");
    hf_buf_done(&small);
    HF_CHECK(hf_embed_folder(root, "", &names, &err) == 0 && names.count == 4,
             "a folder's names are listed");
    hf_names_done(&names);
    HF_CHECK(hf_embed_folder(root, "none", &names, &err) == 0 &&
                 names.count == 0,
             "a folder that is not there has none");
    (void)unlink(link);
    (void)unlink(file);
    (void)rmdir(folder);
}

static int attempt(void *arg, struct hf_err *err)
{
    struct hf_buf text;
    int rc;

    hf_buf_init(&text, 1 << 20);
    rc = hf_embed_read(arg, "inspectors.tsv", &text, err);
    hf_buf_done(&text);
    return rc;
}

static void clean(const char *root)
{
    static const char *const name[] = { "etc/holdfast/distrust.tsv",
                                        "etc/holdfast", "etc", "" };

    for (size_t i = 0; i < HF_COUNT(name); i++) {
        HF_AUTO(hf_free_ptr) char *path = hf_path_join(root, name[i]);

        if (path)
            (void)remove(path);
    }
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char root[4096];

    (void)snprintf(root, sizeof(root), "%s/hf-embed-XXXXXX",
                   tmp ? tmp : "/tmp");
    test_tables();
    if (!mkdtemp(root)) {
        HF_CHECK(false, "a folder to work in");
        return hf_test_end();
    }
    test_overlay(root);
    hf_oom_test("an embedded text", HF_OOM_OURS, attempt, root);
    clean(root);
    return hf_test_end();
}
