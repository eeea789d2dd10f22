/* SPDX-License-Identifier: Apache-2.0 */
/* judge/test_setting.h - a store of embedded roots and a product, for tests. */
#ifndef HF_JUDGE_TEST_SETTING_H
#define HF_JUDGE_TEST_SETTING_H

#include <string.h>

#include "doc/embed.h"
#include "judge/need.h"

#define TODAY INT64_C(1795305600)     /* 2026-11-22 */
#define YEAR_2020 INT64_C(1577836800) /* 2020-01-01 */

/* A store made of embedded roots, and what is asked of it. */
struct setting {
    struct hf_certs have;
    struct hf_distrust *distrust;
    struct hf_product *product;
    struct hf_product_verdict verdict;
};

static inline void setting_done(struct setting *s)
{
    hf_product_verdict_done(&s->verdict);
    hf_product_free(s->product);
    hf_distrust_free(s->distrust);
    hf_certs_done(&s->have);
}

/* Adds the embedded root of that file name. */
static inline int add_root(struct hf_certs *list, const char *name,
                           struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (strcmp(root[i].name, name) != 0)
            continue;
        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        hf_certs_add(list, cert);
        return hf_certs_check(list, err);
    }
    return HF_FAIL(err, HF_E_ABSENT, "no root '%s'", name);
}

/* What a row asks: a product (an id, or YAML), what the store has. */
struct asked {
    const char *product;
    const char *have[6];
    int64_t at_s;
    bool purposes_known, include_distrusted;
};

static inline int judge(const struct asked *asked, struct setting *s,
                        struct hf_err *err)
{
    struct hf_need_ask ask = { .have = &s->have };
    bool yaml = strchr(asked->product, '\n');
    int rc = yaml ? hf_product_parse("test", "t", hf_view_text(asked->product),
                                     &s->product, err)
                  : hf_product_find(NULL, asked->product, &s->product, err);

    for (size_t i = 0; rc == 0 && asked->have[i]; i++)
        rc = add_root(&s->have, asked->have[i], err);
    if (rc == 0)
        rc = hf_distrust_load(NULL, &s->distrust, err);
    if (rc < 0)
        return rc;
    ask.distrust = s->distrust;
    ask.at_s = asked->at_s ? asked->at_s : TODAY;
    ask.purposes_known = asked->purposes_known;
    ask.issuers = asked->purposes_known ? &s->have : NULL;
    ask.include_distrusted = asked->include_distrusted;
    return hf_judge_product(&ask, s->product, &s->verdict, err);
}

static inline const struct hf_need_verdict *need_of(const struct setting *s,
                                                    const char *name)
{
    for (size_t i = 0; i < s->verdict.need_count; i++)
        if (strcmp(s->verdict.need[i].need->name, name) == 0)
            return &s->verdict.need[i];
    return NULL;
}

#define G5 "VeriSign Class 3 Public Primary Certification Authority - G5"
#define IDV "Microsoft Identity Verification Root Certificate Authority 2020"
#define DEBIAN "digicert-global-root-ca", "starfield-class2-ca"

#define GEOTRUST                                                               \
    "    sha256: ff856a2d251dcd88d36656f450126798cfabaade40799c722de4d2b5db36" \
    "a73a\n"
#define VERISIGN_G5                                                            \
    "    sha256: 9acfab7e43c8d880d06b262a94deeee4b4659989c3d0caf19baf6405e41a" \
    "b7df\n"
#define DIGICERT                                                               \
    "    sha256: 4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c7" \
    "0161\n"
#define NOWHERE                                                                \
    "    sha256: 00000000444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c7" \
    "0161\n"
#define DIGICERT_SHA1 "    sha1: a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n"
#define ITEM(name) "  - name: " name "\n"
#define HEAD "name: x\ncertificates:\n"

#endif
