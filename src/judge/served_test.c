/* SPDX-License-Identifier: Apache-2.0 */
/* judge/served_test.c - what is missing where, on a small authority. */
#include "judge/served.h"

#include <string.h>

#include "crypto/mint.h"
#include "hf_test.h"

#define NOWHERE "/nonexistent-holdfast" /* a root without /etc/holdfast */

/* One authority: root, intermediate, leaf; and a stranger. */
struct pki {
    EVP_PKEY *root_key, *mid_key, *leaf_key;
    struct hf_cert *root, *mid, *leaf, *self, *lone;
};

static void make_pki(struct pki *p)
{
    p->root_key = mint_key();
    p->mid_key = mint_key();
    p->leaf_key = mint_key();
    p->root = MINT("Holdfast Root", "Holdfast Root", p->root_key, p->root_key,
                   MINT_CA);
    p->mid = MINT("Mid", "Holdfast Root", p->mid_key, p->root_key, MINT_CA);
    p->leaf = MINT("leaf", "Mid", p->leaf_key, p->mid_key, MINT_LEAF);
    p->self = MINT("self", "self", p->leaf_key, p->leaf_key, MINT_LEAF);
    p->lone =
        MINT("lone", "Somebody's Root CA", p->leaf_key, p->mid_key, MINT_LEAF);
}

static void free_pki(struct pki *p)
{
    hf_cert_unref(p->root);
    hf_cert_unref(p->mid);
    hf_cert_unref(p->leaf);
    hf_cert_unref(p->self);
    hf_cert_unref(p->lone);
    EVP_PKEY_free(p->root_key);
    EVP_PKEY_free(p->mid_key);
    EVP_PKEY_free(p->leaf_key);
}

/* Certificates by letter: r(oot) m(id) l(eaf) s(elf) o(lone). */
static struct hf_certs pick(const struct pki *p, const char *letters)
{
    struct hf_certs list = { 0 };

    for (; *letters; letters++)
        hf_certs_add(&list, *letters == 'r'   ? p->root
                            : *letters == 'm' ? p->mid
                            : *letters == 'l' ? p->leaf
                            : *letters == 's' ? p->self
                                              : p->lone);
    return list;
}

static const struct {
    const char *name, *served, *store, *extra;
    enum hf_gap gap;
    bool good;
    char missing_root, missing_mid; /* letters, 0: none */
} row[] = {
    { "whole chain", "lm", "r", "", HF_GAP_NONE, true, 0, 0 },
    { "root served too", "lmr", "r", "", HF_GAP_NONE, true, 0, 0 },
    { "order does not matter", "lrm", "r", "", HF_GAP_NONE, true, 0, 0 },
    { "intermediate trusted itself", "lm", "m", "", HF_GAP_NONE, true, 0, 0 },
    { "leaf trusted itself", "s", "s", "", HF_GAP_NONE, true, 0, 0 },
    { "intermediate left out, known", "l", "r", "m", HF_GAP_INTERMEDIATE, false,
      0, 'm' },
    { "intermediate left out, unknown", "l", "r", "",
      HF_GAP_INTERMEDIATE_LIKELY, false, 0, 0 },
    { "root known, not trusted", "lm", "s", "r", HF_GAP_ROOT_MISSING, false,
      'r', 0 },
    { "root known and served", "lmr", "s", "r", HF_GAP_ROOT_MISSING, false, 'r',
      0 },
    { "both missing", "l", "s", "rm", HF_GAP_BOTH, false, 'r', 'm' },
    { "private root served", "lmr", "s", "", HF_GAP_UNTRUSTED, false, 0, 0 },
    { "private root not served", "lm", "s", "", HF_GAP_UNTRUSTED, false, 0, 0 },
    { "self-signed", "s", "r", "", HF_GAP_SELF_SIGNED, false, 0, 0 },
    { "alone, its issuer calls itself a root", "o", "r", "", HF_GAP_UNTRUSTED,
      false, 0, 0 },
};

static bool is_letter(const struct pki *p, const struct hf_cert *cert,
                      char letter)
{
    char text[2] = { letter, '\0' };
    struct hf_certs one;
    bool same;

    if (!letter)
        return cert == NULL;
    one = pick(p, text);
    same = cert && hf_cert_same(one.cert[0], cert);
    hf_certs_done(&one);
    return same;
}

static void check_row(const struct pki *p, size_t i)
{
    struct hf_certs served = pick(p, row[i].served);
    struct hf_certs store = pick(p, row[i].store);
    struct hf_certs extra = pick(p, row[i].extra);
    const struct hf_served_ask ask = { &served, "host.example", MINT_AT_S,
                                       HF_PURPOSE_TLS_SERVER };
    struct hf_trust trust;
    struct hf_served verdict;
    struct hf_err err;
    int rc = hf_trust_init(&trust, NOWHERE, &store, &extra, NULL, &err);

    if (rc == 0)
        rc = hf_judge_served(&ask, &trust, &verdict, &err);
    HF_CHECK(rc == 0 && verdict.gap == row[i].gap, "gap: %s", row[i].name);
    if (rc == 0) {
        HF_CHECK(verdict.good == row[i].good, "good: %s", row[i].name);
        HF_CHECK(is_letter(p, verdict.root, row[i].missing_root),
                 "missing root: %s", row[i].name);
        HF_CHECK(is_letter(p, verdict.intermediate, row[i].missing_mid),
                 "missing intermediate: %s", row[i].name);
        HF_CHECK((verdict.gap == HF_GAP_NONE) == (verdict.gap_text == NULL),
                 "said why: %s", row[i].name);
        hf_served_done(&verdict);
        hf_trust_done(&trust);
    }
    hf_certs_done(&served);
    hf_certs_done(&store);
    hf_certs_done(&extra);
}

/* What is learned later closes a gap. */
static void check_learning(const struct pki *p)
{
    struct hf_certs served = pick(p, "l"), store = pick(p, "r"),
                    mid = pick(p, "m");
    const struct hf_served_ask ask = { &served, NULL, MINT_AT_S,
                                       HF_PURPOSE_TLS_SERVER };
    struct hf_trust trust;
    struct hf_served before, after;
    struct hf_err err;
    bool good = hf_trust_init(&trust, NOWHERE, &store, NULL, NULL, &err) == 0 &&
                hf_judge_served(&ask, &trust, &before, &err) == 0 &&
                hf_trust_learn(&trust, &mid, &err) == 0 &&
                hf_trust_learn(&trust, &mid, &err) == 0 &&
                hf_judge_served(&ask, &trust, &after, &err) == 0;

    HF_CHECK(good && before.gap == HF_GAP_INTERMEDIATE_LIKELY &&
                 after.gap == HF_GAP_INTERMEDIATE,
             "learning: the intermediate fills the gap");
    HF_CHECK(good && trust.pool_certs.count == 1,
             "learning: the same twice is kept once");
    hf_served_done(&before);
    hf_served_done(&after);
    hf_trust_done(&trust);
    hf_certs_done(&served);
    hf_certs_done(&store);
    hf_certs_done(&mid);
}

/* Issuers by name, CN and O together. */
static void check_inspectors(void)
{
    static const struct {
        const char *name, *cn, *org, *want; /* want NULL: nobody */
    } who[] = {
        { "name and organisation", "FortiGate CA", "Fortinet", "Fortigate" },
        { "organisation alone decides", "anything", "Zscaler Inc.", "Zscaler" },
        { "name alone decides", "McAfee Web Gateway", NULL,
          "McAfee Web Gateway" },
        { "the name of another house", "FortiGate CA", "Example", NULL },
        { "part of a name is not the name", "my mitmproxy test", "mitmproxy",
          NULL },
        { "an ordinary authority", "R11", "Let's Encrypt", NULL },
    };
    HF_AUTO(hf_inspectors_freep) struct hf_inspectors *inspectors = NULL;
    EVP_PKEY *key = mint_key();
    struct hf_err err;
    int rc = hf_inspectors_load(NOWHERE, &inspectors, &err);

    HF_CHECK(rc == 0, "inspectors: the embedded table loads");
    for (size_t i = 0; rc == 0 && i < HF_COUNT(who); i++) {
        struct mint m = { .subject = "leaf",
                          .issuer = who[i].cn,
                          .key = key,
                          .by = key,
                          .ext = MINT_LEAF };
        X509 *x509 = mint_begin(&m);
        struct hf_certs chain = { 0 };
        struct hf_cert *leaf;
        const struct hf_inspector *found;

        if (who[i].org)
            X509_NAME_add_entry_by_txt(
                X509_get_issuer_name(x509), "O", MBSTRING_UTF8,
                (const unsigned char *)who[i].org, -1, -1, 0);
        leaf = mint_end(x509, key, NULL);
        hf_certs_add(&chain, leaf);
        found = hf_inspectors_match(inspectors, &chain);
        HF_CHECK(who[i].want ? found && strcmp(found->product, who[i].want) == 0
                             : found == NULL,
                 "inspectors: %s", who[i].name);
        hf_certs_done(&chain);
        hf_cert_unref(leaf);
    }
    EVP_PKEY_free(key);
}

int main(void)
{
    struct pki p;

    make_pki(&p);
    for (size_t i = 0; i < HF_COUNT(row); i++)
        check_row(&p, i);
    check_learning(&p);
    free_pki(&p);
    check_inspectors();
    return hf_test_end();
}
