/* SPDX-License-Identifier: Apache-2.0 */
/* judge/trust.c - what a machine trusts and what else is known. */
#include "judge/trust.h"

#include "crypto/load.h"
#include "doc/embed.h"

static bool self_issued(const struct hf_cert *cert)
{
    return hf_view_same(hf_cert_subject_der(cert), hf_cert_issuer_der(cert));
}

static int add_embedded(struct hf_certs *known, struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return HF_WRAP(err, "embedded root '%s'", root[i].name);
        hf_certs_add(known, cert);
    }
    return 0;
}

/* A PEM inside a product's file; a damaged one is for `product lint`. */
static int add_pem(struct hf_certs *known, struct hf_certs *pool,
                   const char *pem, struct hf_err *err)
{
    struct hf_load load = { 0 };

    if (hf_load_certs(hf_view_text(pem), NULL, &load, err) < 0)
        return err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(self_issued(load.item[i].cert) ? known : pool,
                     load.item[i].cert);
    hf_load_done(&load);
    return 0;
}

static int add_products(struct hf_certs *known, struct hf_certs *pool,
                        const struct hf_products *products, struct hf_err *err)
{
    for (size_t i = 0; products && i < products->count; i++)
        for (size_t k = 0; k < products->product[i]->need_count; k++) {
            const char *pem = products->product[i]->need[k].pem;

            if (pem && add_pem(known, pool, pem, err) < 0)
                return hf_err_code(err);
        }
    return 0;
}

static int fill(struct hf_trust *trust, struct hf_certs *known,
                const struct hf_certs *anchors, const struct hf_certs *extra,
                const struct hf_products *products, struct hf_err *err)
{
    if (add_embedded(known, err) < 0 ||
        add_products(known, &trust->pool_certs, products, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; extra && i < extra->count; i++)
        hf_certs_add(self_issued(extra->cert[i]) ? known : &trust->pool_certs,
                     extra->cert[i]);
    if (hf_certs_check(known, err) < 0 ||
        hf_certs_check(&trust->pool_certs, err) < 0 ||
        hf_cert_index_new(anchors, &trust->anchors, err) < 0 ||
        hf_cert_index_new(known, &trust->known, err) < 0)
        return hf_err_code(err);
    return hf_cert_index_new(&trust->pool_certs, &trust->pool, err);
}

int hf_trust_init(struct hf_trust *trust, const char *root,
                  const struct hf_certs *anchors, const struct hf_certs *extra,
                  const struct hf_products *products, struct hf_err *err)
{
    struct hf_certs known = { 0 };
    int rc;

    *trust = (struct hf_trust){ 0 };
    rc = fill(trust, &known, anchors, extra, products, err);
    hf_certs_done(&known);
    if (rc == 0)
        rc = hf_distrust_load(root, &trust->distrust, err);
    if (rc == 0)
        rc = hf_inspectors_load(root, &trust->inspectors, err);
    if (rc < 0)
        hf_trust_done(trust);
    return rc;
}

void hf_trust_done(struct hf_trust *trust)
{
    hf_cert_index_free(trust->anchors);
    hf_cert_index_free(trust->known);
    hf_cert_index_free(trust->pool);
    hf_certs_done(&trust->pool_certs);
    hf_crls_free(trust->crls);
    hf_distrust_free(trust->distrust);
    hf_inspectors_free(trust->inspectors);
    *trust = (struct hf_trust){ 0 };
}

int hf_trust_learn(struct hf_trust *trust, const struct hf_certs *more,
                   struct hf_err *err)
{
    struct hf_cert_index *pool;

    for (size_t i = 0; i < more->count; i++)
        if (!hf_certs_by_sha256(&trust->pool_certs,
                                hf_cert_sha256(more->cert[i])))
            hf_certs_add(&trust->pool_certs, more->cert[i]);
    if (hf_certs_check(&trust->pool_certs, err) < 0 ||
        hf_cert_index_new(&trust->pool_certs, &pool, err) < 0)
        return hf_err_code(err);
    hf_cert_index_free(trust->pool);
    trust->pool = pool;
    return 0;
}
