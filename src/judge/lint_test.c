/* SPDX-License-Identifier: Apache-2.0 */
/* judge/lint_test.c - product files: all that is wrong with them. */
#include "judge/lint.h"

#include "hf_oom.h"

#include <string.h>

#include "crypto/cert.h"
#include "doc/embed.h"

#define DIGICERT                                                               \
    "    sha256: 4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c7" \
    "0161\n"
#define OTHER                                                                  \
    "    sha256: 00000000444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c7" \
    "0161\n"
#define SHA1 "    sha1: a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n"
#define HEAD "name: x\nsource: s\n"
#define ITEM HEAD "certificates:\n  - name: y\n"
#define PEM_OF_NOTHING                                                         \
    "    pem: |\n      -----BEGIN CERTIFICATE-----\n      AAAA\n"              \
    "      -----END CERTIFICATE-----\n"

static bool says(const struct hf_lint *lint, const char *text)
{
    for (size_t i = 0; i < lint->count; i++)
        if (strstr(lint->item[i].text, text))
            return true;
    return false;
}

static void test_rows(void)
{
    static const struct {
        const char *name, *text;
        size_t errors, warnings;
        const char *says;
    } row[] = {
        { "a good file", ITEM DIGICERT SHA1, 0, 0, NULL },
        { "no YAML", "name: [\n", 1, 0, "x.yaml:2:1: " },
        { "an alias", "name: *a\n", 1, 0, "x.yaml:1:7: aliases" },
        { "no source", "name: x\nhosts: [a.example]\n", 0, 1,
          "x.yaml: no source" },
        { "nothing to check", HEAD, 0, 1, "neither certificates nor hosts" },
        { "no hash", ITEM, 1, 0, "x.yaml:4:5: a certificate needs sha256" },
        { "a short hash is one problem, no hash another",
          ITEM "    sha256: 4348\n", 2, 0, "x.yaml:5:13: expected 64" },
        { "several problems at once",
          "nmae: x\nsource: s\nhosts: [\"a:0\", b..c]\ntls_min: 2\n"
          "certificates:\n  - sha1: abc\n",
          8, 0, "did you mean 'name'?" },
        { "SHA-1 only without a hint",
          ITEM "    sha1: 00985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n", 0, 1,
          "no get_from" },
        { "SHA-1 only with a hint",
          ITEM "    sha1: 00985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n"
               "    get_from: its maker\n",
          0, 0, NULL },
        { "SHA-1 only, but the body is known", ITEM SHA1 "    get_from: x\n", 0,
          1, "add sha256: 4348a0e9444c78cb" },
        { "a SHA-1 of another certificate",
          ITEM DIGICERT "    sha1: 00985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n",
          1, 0, "sha1 is not the certificate's, which is a8985d3a65e5e5c4" },
        { "a root as an intermediate", ITEM DIGICERT "    store: ca\n", 0, 1,
          "it issued itself" },
        { "a group of one", ITEM DIGICERT "    any_of: g\n", 0, 1,
          "any_of 'g' has this one member" },
        { "the same certificate twice", ITEM DIGICERT "  - name: z\n" DIGICERT,
          1, 0, "x.yaml:6:5: the certificate is the one of line 4" },
        { "the same certificate in two stores",
          ITEM DIGICERT "  - name: z\n" DIGICERT "    store: authroot\n", 0, 0,
          NULL },
        { "tolerance without a signature",
          ITEM DIGICERT "    expiry_tolerated: true\n", 0, 1,
          "expiry_tolerated without codesign" },
        { "another requirement without a source",
          HEAD "hosts: [a.example]\nother: [{text: y}]\n", 0, 1,
          "other, entry 1: no source" },
        { "a PEM that is none", ITEM OTHER PEM_OF_NOTHING, 1, 0, "pem: " },
        { "a PEM that is text", ITEM OTHER "    pem: nothing\n", 1, 0,
          "pem: " },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_lint lint;
        struct hf_err err = { 0 };
        int rc =
            hf_product_lint("x.yaml", hf_view_text(row[i].text), &lint, &err);
        bool good = rc == 0 && lint.errors == row[i].errors &&
                    lint.count - lint.errors == row[i].warnings &&
                    (!row[i].says || says(&lint, row[i].says));
        bool sorted = true;

        for (size_t k = 1; k < lint.count; k++)
            sorted &= lint.item[k - 1].line <= lint.item[k].line;
        HF_CHECK(good && sorted, "lint: %s", row[i].name);
        for (size_t k = 0; !good && k < lint.count; k++)
            printf("# %d %s\n", lint.item[k].error, lint.item[k].text);
        hf_lint_done(&lint);
    }
}

static void test_pem(void)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf pem;
    HF_AUTO(hf_buf_done) struct hf_buf text;
    struct hf_view rest;
    struct hf_lint lint;
    struct hf_err err;

    hf_buf_init(&pem, 10000);
    hf_buf_init(&text, 10000);
    if (hf_cert_new(root[0].der, &cert, &err) < 0)
        return;
    hf_cert_pem(&pem, cert);
    hf_buf_text(&text, ITEM OTHER "    pem: |\n");
    rest = hf_buf_peek(&pem);
    while (rest.len > 0) {
        struct hf_view line = hf_view_line(&rest);

        hf_buf_printf(&text, "      %.*s\n", (int)line.len,
                      (const char *)line.ptr);
    }
    HF_CHECK(hf_product_lint("x.yaml", hf_buf_peek(&text), &lint, &err) == 0 &&
                 lint.errors == 1 &&
                 says(&lint, "sha256 is not the certificate's, which is"),
             "lint: a PEM that is another certificate");
    hf_lint_done(&lint);
}

static void test_names(void)
{
    static const struct {
        const char *path;
        size_t errors;
    } row[] = {
        { "x.yaml", 0 },
        { "/some/folder/x-1.yaml", 0 },
        { "X.yaml", 1 },
        { "a b.yaml", 1 },
        { ".yaml", 1 },
        { "-x.yaml", 1 },
        { "/some/folder.d/x", 0 },
        { "x.yml", 1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_lint lint;
        struct hf_err err;

        HF_CHECK(hf_product_lint(row[i].path, hf_view_text(ITEM DIGICERT),
                                 &lint, &err) == 0 &&
                     lint.errors == row[i].errors,
                 "lint: a file called '%s'", row[i].path);
        hf_lint_done(&lint);
    }
}

/* What we ship has neither errors nor doubts. */
static void test_embedded(void)
{
    size_t count, products = 0;
    const struct hf_embed *file = hf_embed_all(&count);

    for (size_t i = 0; i < count; i++) {
        struct hf_lint lint;
        struct hf_err err;
        int rc;

        if (!hf_view_starts(hf_view_text(file[i].name), "products/"))
            continue;
        products++;
        rc = hf_product_lint(file[i].name, file[i].text, &lint, &err);
        HF_CHECK(rc == 0 && lint.count == 0, "lint: %s", file[i].name);
        for (size_t k = 0; k < lint.count; k++)
            printf("# %s\n", lint.item[k].text);
        hf_lint_done(&lint);
    }
    HF_CHECK(products >= 10, "ten products are embedded");
}

/* Every SHA-256 in what we ship has its body in what we ship. */
static void test_resolve(void)
{
    HF_AUTO(hf_products_done) struct hf_products all = { 0 };
    struct hf_err err;
    size_t hashes = 0, bodies = 0;

    if (hf_products_all(NULL, &all, &err) < 0)
        return;
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < all.product[i]->need_count; k++) {
            const struct hf_need *need = &all.product[i]->need[k];

            hashes += need->has_sha256;
            bodies += need->has_sha256 && hf_embed_root_find(need->sha256);
        }
    HF_CHECK(hashes > 25 && bodies == hashes,
             "each of %zu hashes has its body (%zu)", hashes, bodies);
}

static int attempt(void *arg, struct hf_err *err)
{
    struct hf_lint lint;
    int rc = hf_product_lint("x.yaml", hf_view_text(arg), &lint, err);

    hf_lint_done(&lint);
    return rc;
}

int main(void)
{
    static char text[] = "nmae: x\n" ITEM DIGICERT SHA1 "    any_of: g\n";

    test_rows();
    test_pem();
    test_names();
    test_embedded();
    test_resolve();
    hf_oom_test("a lint", HF_OOM_OURS, attempt, text);
    return hf_test_end();
}
