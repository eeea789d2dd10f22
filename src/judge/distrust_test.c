/* SPDX-License-Identifier: Apache-2.0 */
/* judge/distrust_test.c - which roots a platform distrusts, and since when. */
#include "judge/distrust.h"

#include "hf_oom.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "doc/embed.h"
#include "plat/file.h"

/* The embedded root of that file name. */
static const struct hf_embed_root *root_named(const char *name)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(root[i].name, name) == 0)
            return &root[i];
    return NULL;
}

static void test_embedded(const struct hf_distrust *d)
{
    static const struct {
        const char *root, *at, *kind, *since; /* kind NULL: not distrusted */
    } row[] = {
        { "geotrust-global-ca", "2026-11-22", "disallowed", "2023-02-01" },
        { "geotrust-global-ca", "2022-01-01", "not-before", "2021-02-01" },
        { "verisign-class3-pca-g5", "2026-11-22", "not-before", "2021-02-01" },
        { "thawte-primary-root-ca", "2026-11-22", "not-before", "2021-02-01" },
        { "thawte-primary-root-ca", "2020-11-22", "removed", NULL },
        { "verisign-universal-root", "2026-11-22", "not-before", "2021-02-01" },
        { "entrust-root-g2", "2026-11-22", "not-before", "2025-04-16" },
        { "entrust-root-g2", "2025-04-15", NULL, NULL },
        { "addtrust-external-ca-root", "2026-11-22", "disallowed",
          "2023-02-01" },
        { "microsoft-root-ca-2001", "2026-11-22", "disallowed", "2021-08-01" },
        { "verisign-class3-pca-2031", "2026-11-22", "not-before",
          "2017-03-01" },
        { "aaa-certificate-services", "2026-11-22", "removed", "2026-10-20" },
        /* restricted for code only */
        { "digicert-global-root-ca", "2026-11-22", NULL, NULL },
        { "digicert-global-root-g2", "2026-11-22", NULL, NULL },
        { "starfield-services-root-g2", "2026-11-22", NULL, NULL },
        { "starfield-class2-ca", "2026-11-22", NULL, NULL },
        { "isrg-root-x1", "2026-11-22", NULL, NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const struct hf_embed_root *root = root_named(row[i].root);
        const struct hf_distrust_row *found;
        char day[HF_TIME_TEXT] = "";
        struct hf_err err;
        int64_t at = 0;

        if (!root || hf_calendar_read(row[i].at, 0, &at, &err) < 0) {
            HF_CHECK(false, "%s is embedded", row[i].root);
            continue;
        }
        found = hf_distrust_find(d, root->sha256, at);
        if (found && found->since_s)
            (void)hf_calendar_day(found->since_s, day);
        HF_CHECK(row[i].kind
                     ? found && strcmp(found->kind, row[i].kind) == 0 &&
                           strcmp(day, row[i].since ? row[i].since : "") == 0
                     : !found,
                 "%s on %s: %s", row[i].root, row[i].at,
                 row[i].kind ? row[i].kind : "trusted");
    }
}

static void test_rows(const struct hf_distrust *d)
{
    const struct hf_embed_root *root = root_named("geotrust-global-ca");
    HF_AUTO(hf_buf_done) struct hf_buf words;
    const struct hf_distrust_row *row;
    size_t count;

    hf_buf_init(&words, 1000);
    row = root ? hf_distrust_rows(d, root->sha256, &count) : NULL;
    HF_CHECK(row && count == 3, "all rows of a root stand side by side");
    for (size_t i = 0; row && i < count; i++) {
        hf_distrust_words(&words, &row[i]);
        hf_buf_text(&words, ".");
    }
    HF_CHECK(hf_view_find(hf_buf_peek(&words),
                          "Microsoft has disallowed it since 2023-02-01.") !=
                     SIZE_MAX &&
                 hf_view_find(hf_buf_peek(&words),
                              "Microsoft trusts nothing issued under it after "
                              "2021-02-01.") != SIZE_MAX &&
                 hf_view_find(hf_buf_peek(&words),
                              "Mozilla has removed it from its store.") !=
                     SIZE_MAX,
             "each row in words");
    HF_CHECK(!hf_distrust_rows(d, (const uint8_t[32]){ 0 }, &count) &&
                 count == 0,
             "a root without rows");
}

#define HEAD "sha256\tname\tplatform\tkind\tsince\tpurposes\tsource\n"
#define HASH "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161"

static void test_tables(const char *root)
{
    static const struct {
        const char *name, *text, *fault; /* fault NULL: it loads */
    } row[] = {
        { "a row", HEAD HASH "\tx\tMicrosoft\tdisallowed\t2021-02-01\tall\ts\n",
          NULL },
        { "no rows", HEAD, NULL },
        { "a short hash", HEAD "4348\tx\tM\tremoved\t\tall\ts\n",
          "distrust.tsv:2: sha256 has no 64 digits" },
        { "an unknown kind", HEAD HASH "\tx\tM\tfrowned-on\t\tall\ts\n",
          "distrust.tsv:2: kind is none of" },
        { "no purposes", HEAD HASH "\tx\tM\tremoved\t\t\ts\n",
          "distrust.tsv:2: platform or purposes is empty" },
        { "half a date", HEAD HASH "\tx\tM\tremoved\t2021-02\tall\ts\n",
          "distrust.tsv:2: since is no date" },
        { "a day that is none", HEAD HASH "\tx\tM\tremoved\t2021-02-30\tall\n",
          "distrust.tsv:2: since is no date" },
        { "a time from now on", HEAD HASH "\tx\tM\tremoved\t+000000003\tall\n",
          "distrust.tsv:2: since is no date" },
        { "another header", "sha1\n", "distrust.tsv:1: column 1" },
    };
    HF_AUTO(hf_free_ptr)
    char *path = hf_path_join(root, "etc/holdfast/distrust.tsv");

    for (size_t i = 0; path && i < HF_COUNT(row); i++) {
        HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
        struct hf_err err = { 0 };
        int rc = hf_file_write(path, hf_view_text(row[i].text), 0644, &err);

        if (rc == 0)
            rc = hf_distrust_load(root, &d, &err);
        HF_CHECK(row[i].fault ? rc == HF_E_PARSE && !d &&
                                    strncmp(err.frame[0].text, row[i].fault,
                                            strlen(row[i].fault)) == 0
                              : rc == 0,
                 "an own table: %s", row[i].name);
    }
}

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;

    return hf_distrust_load(arg, &d, err);
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
    HF_AUTO(hf_distrust_freep) struct hf_distrust *d = NULL;
    const char *tmp = getenv("TMPDIR");
    char root[4096], folder[4200];
    struct hf_err err = { 0 };

    (void)snprintf(root, sizeof(root), "%s/hf-distrust-XXXXXX",
                   tmp ? tmp : "/tmp");
    if (hf_distrust_load(NULL, &d, &err) < 0) {
        HF_CHECK(false, "the embedded table: %s", err.frame[0].text);
        return hf_test_end();
    }
    test_embedded(d);
    test_rows(d);
    hf_oom_test("the table", HF_OOM_OURS, attempt, NULL);
    if (!mkdtemp(root)) {
        HF_CHECK(false, "a folder to work in");
        return hf_test_end();
    }
    (void)snprintf(folder, sizeof(folder), "%s/etc/holdfast", root);
    HF_CHECK(hf_file_mkdirs(folder, 0755, &err) == 0, "make a folder");
    test_tables(root);
    clean(root);
    return hf_test_end();
}
