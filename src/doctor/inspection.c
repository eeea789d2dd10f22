/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/inspection.c - who re-signs traffic: by name, and by signs that need
 * no name.
 *
 * The signs (our deduction, none of them proof alone): the chain of a public
 * host ends outside the public roots; two unrelated public hosts have the same
 * issuer or the same key; no transparency timestamp; no pointer to an issuer,
 * a CRL or an OCSP responder; a leaf made in the last days. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "doctor/host_case.h"

#define FRESH_S                                                                \
    (3 * HF_DAY_S) /* ours: public leaves are on average weeks old */

static void HF_PRINTF(2, 3)
    add_sign(struct hf_inspected *inspected, const char *format, ...)
{
    size_t at = 0;
    va_list args;

    while (at < HF_COUNT(inspected->signs) && inspected->signs[at][0])
        at++;
    if (at == HF_COUNT(inspected->signs))
        return;
    va_start(args, format);
    /* a name that is cut is still a sign */
    (void)vsnprintf(inspected->signs[at], sizeof(inspected->signs[at]), format,
                    args);
    va_end(args);
}

static const struct hf_cert_info *leaf_of(const struct hf_host_case *c)
{
    struct hf_err err;

    return c->host->seen.served.count > 0
               ? hf_cert_info(c->host->seen.served.cert[0], &err)
               : NULL;
}

static void by_name(struct hf_host_case *c)
{
    const struct hf_inspector *inspector = c->host->verdict.inspector;
    const struct hf_cert_info *leaf = leaf_of(c);

    if (!c->host->judged || !inspector || !leaf)
        return;
    c->inspected.yes = true;
    c->inspected.certainty =
        strcmp(inspector->confidence, "weak") == 0 ? HF_LIKELY : HF_CERTAIN;
    (void)snprintf(c->inspected.by, sizeof(c->inspected.by), "%s",
                   inspector->product);
    add_sign(&c->inspected, "the certificate was issued by '%s'", leaf->issuer);
}

/* A public name whose chain does not end in a public root. */
static bool is_suspect(const struct hf_host_case *c)
{
    return c->host->judged && !c->inspected.yes &&
           !c->host->verdict.public_root &&
           hf_host_is_public(c->host->target.host) && leaf_of(c);
}

static bool unrelated(const struct hf_host_case *a,
                      const struct hf_host_case *b)
{
    const char *x = hf_host_registrable(a->host->target.host);
    const char *y = hf_host_registrable(b->host->target.host);

    return x && y && strcmp(x, y) != 0;
}

static bool same_issuer(const struct hf_host_case *a,
                        const struct hf_host_case *b)
{
    return hf_view_same(hf_cert_issuer_der(a->host->seen.served.cert[0]),
                        hf_cert_issuer_der(b->host->seen.served.cert[0]));
}

static const struct hf_host_case *find_fellow(const struct hf_host_case *cases,
                                              size_t count,
                                              const struct hf_host_case *c)
{
    for (size_t i = 0; i < count; i++)
        if (&cases[i] != c && cases[i].host->judged &&
            !cases[i].host->verdict.public_root &&
            hf_host_is_public(cases[i].host->target.host) &&
            leaf_of(&cases[i]) && unrelated(c, &cases[i]) &&
            same_issuer(c, &cases[i]))
            return &cases[i];
    return NULL;
}

/* Signs of the leaf itself; how many there are. */
static unsigned leaf_signs(struct hf_host_case *c)
{
    const struct hf_cert_info *leaf = leaf_of(c);
    unsigned signs = 0;

    if (!leaf)
        return 0;
    if (!leaf->has_sct && !c->host->seen.has_sct) {
        add_sign(&c->inspected,
                 "no certificate transparency timestamp, which public "
                 "certificates have");
        signs++;
    }
    if (leaf->issuers_url.count + leaf->crl_url.count + leaf->ocsp_url.count ==
        0) {
        add_sign(&c->inspected,
                 "no pointer to an issuer, a CRL or an OCSP responder");
        signs++;
    }
    if (c->at_s - leaf->not_before_s < FRESH_S &&
        leaf->not_before_s <= c->at_s) {
        add_sign(&c->inspected, "the certificate was made in the last "
                                "three days");
        signs++;
    }
    return signs;
}

static void by_signs(struct hf_host_case *cases, size_t count,
                     struct hf_host_case *c, bool covered)
{
    const struct hf_host_case *fellow;
    struct hf_inspected none = { 0 };

    if (!is_suspect(c))
        return;
    fellow = find_fellow(cases, count, c);
    if (fellow)
        add_sign(&c->inspected, "the unrelated host %s has the same issuer",
                 fellow->host->label);
    if ((!fellow && !covered) || leaf_signs(c) < 2) {
        c->inspected = none;
        return;
    }
    c->inspected.yes = true;
    c->inspected.certainty = fellow && covered ? HF_CERTAIN : HF_LIKELY;
}

static const struct hf_product *covering(const struct hf_products *all,
                                         const char *host)
{
    for (size_t i = 0; all && i < all->count; i++)
        if (hf_product_covers(all->product[i], host))
            return all->product[i];
    return NULL;
}

void hf_find_inspection(struct hf_host_case *cases, size_t count,
                        const struct hf_products *all)
{
    for (size_t i = 0; i < count; i++) {
        cases[i].product = covering(all, cases[i].host->target.host);
        by_name(&cases[i]);
    }
    for (size_t i = 0; i < count; i++)
        by_signs(cases, count, &cases[i], cases[i].product != NULL);
}
