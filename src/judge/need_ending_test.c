/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_ending_test.c - what a product loses by a later day. */
#include <assert.h>
#include <string.h>

#include "doc/embed.h"
#include "hf_test.h"
#include "judge/need.h"

#define NOWHERE "/nonexistent-holdfast"
#define NOW_S 1795305600 /* 2026-11-22 */

/* Every embedded body, as if all were in the store. */
static void fill(struct hf_certs *have)
{
    struct hf_err err;
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        assert(hf_cert_new(root[i].der, &cert, &err) == 0);
        hf_certs_add(have, cert);
    }
}

static const struct {
    const char *name;
    int64_t at_s;
    const char *subject; /* NULL: nothing is found */
} row[] = {
    { "today", NOW_S, NULL },
    { "its last second", 1952035200, NULL }, /* 2031-11-10T00:00:00Z */
    { "the second after", 1952035201,
      "Cylance PROTECT: DigiCert Global Root CA" },
};

static void check_row(size_t i, const struct hf_certs *have,
                      const struct hf_product *product,
                      const struct hf_distrust *distrust,
                      const struct hf_catalogue *catalogue)
{
    const struct hf_need_ask ask = { .have = have,
                                     .distrust = distrust,
                                     .at_s = row[i].at_s };
    struct hf_product_verdict verdict;
    struct hf_findings list;
    struct hf_err err;
    int rc = hf_judge_product(&ask, product, &verdict, &err);

    hf_findings_init(&list, catalogue);
    if (rc == 0) {
        hf_product_verdict_ending(&verdict, "system", NOW_S, row[i].at_s,
                                  &list);
        hf_product_verdict_done(&verdict);
    }
    HF_CHECK(rc == 0 &&
                 (row[i].subject
                      ? list.count == 1 &&
                            strcmp(list.item[0].subject, row[i].subject) == 0 &&
                            strcmp(list.item[0].kind->code, "HF1215") == 0
                      : list.count == 0),
             "ending: %s: %zu found", row[i].name, list.count);
    hf_findings_done(&list);
}

int main(void)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    struct hf_certs have = { 0 };
    struct hf_err err;

    fill(&have);
    assert(hf_product_find(NOWHERE, "cylance", &product, &err) == 0 &&
           hf_distrust_load(NOWHERE, &distrust, &err) == 0 &&
           hf_catalogue_load(NOWHERE, &catalogue, &err) == 0);
    for (size_t i = 0; i < HF_COUNT(row); i++)
        check_row(i, &have, product, distrust, catalogue);
    hf_certs_done(&have);
    return hf_test_end();
}
