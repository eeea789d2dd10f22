/* SPDX-License-Identifier: Apache-2.0 */
/* product_fuzz.c - a product file loads exactly when lint finds no error, and
 * what loads keeps the promises of product.h. */
#include "fuzz.h"
#include "judge/lint.h"
#include "product/product.h"

static void check_texts(const struct hf_text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        HF_PROMISE(list->text[i] && list->text[i][0]);
}

static void check_need(const struct hf_need *need)
{
    HF_PROMISE(need->name && need->name[0]);
    HF_PROMISE(need->has_sha256 || need->has_sha1);
    HF_PROMISE(need->store <= HF_NEED_CA);
    HF_PROMISE(need->purposes > 0 && need->purposes < 16);
    HF_PROMISE(need->confidence <= HF_CONFIDENCE_UNCONFIRMED);
    HF_PROMISE(need->line > 0 && need->column > 0);
}

static void check_product(const struct hf_product *product)
{
    HF_PROMISE(product->name && product->id && product->path);
    HF_PROMISE(product->confidence <= HF_CONFIDENCE_UNCONFIRMED);
    for (size_t i = 0; i < product->need_count; i++)
        check_need(&product->need[i]);
    for (size_t i = 0; i < product->host_count; i++) {
        const struct hf_product_host *host = &product->host[i];

        HF_PROMISE(host->host && host->host[0] && host->port > 0);
        HF_PROMISE(host->wildcard == (host->host[0] == '*'));
        HF_PROMISE(host->wildcard || hf_product_covers(product, host->host));
    }
    for (size_t i = 0; i < product->other_count; i++)
        HF_PROMISE(product->other[i].text);
    check_texts(&product->aliases);
    check_texts(&product->bypass);
    check_texts(&product->programs);
    check_texts(&product->symptoms);
    check_texts(&product->detect);
    for (size_t i = 0; i < product->detect.count; i++)
        HF_PROMISE(product->detect.text[i][0] == '/');
}

/* Problems that lint finds and loading does not mind. */
static bool lint_only(const struct hf_lint *lint)
{
    for (size_t i = 0; i < lint->count; i++)
        if (strstr(lint->item[i].text, "pem: ") ||
            strstr(lint->item[i].text, " is not the certificate's") ||
            strstr(lint->item[i].text, "the certificate is the one of"))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    struct hf_view text = hf_view(data, size);
    struct hf_err err = { 0 };
    struct hf_lint lint;
    int rc = hf_product_parse("p", "p.yaml", text, &product, &err);

    if (rc < 0) {
        HF_PROMISE(!product && err.n > 0);
        HF_PROMISE(rc == HF_E_PARSE || rc == HF_E_LIMIT);
        HF_PROMISE(strncmp(err.frame[0].text, "p.yaml:", 7) == 0);
    } else {
        check_product(product);
    }
    HF_PROMISE(hf_product_lint("p.yaml", text, &lint, &err) == 0);
    HF_PROMISE(rc == 0 || lint.errors > 0);
    HF_PROMISE(rc < 0 || lint.errors == 0 || lint_only(&lint));
    for (size_t i = 1; i < lint.count; i++)
        HF_PROMISE(lint.item[i - 1].line <= lint.item[i].line);
    hf_lint_done(&lint);
    return 0;
}
