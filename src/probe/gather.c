/* SPDX-License-Identifier: Apache-2.0 */
/* probe/gather.c - what certificates point to: issuers and revocation lists. */
#include "probe/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/load.h"
#include "probe/judge_host.h"

/* ours: a run over a fleet's servers meets a handful of authorities */
#define URLS_MAX 256
#define ISSUER_MAX (64 * 1024)
#define FETCH_MS 4000

/* URLs, each once; borrowed from certificates. */
struct urls {
    struct hf_fetch_ask ask[URLS_MAX];
    char fault[URLS_MAX][200]; /* why it was not had, or "" */
    size_t count;
};

struct gathering {
    struct hf_trust *trust;
    struct urls *urls;
    struct hf_certs certs;
    size_t lists;
    struct hf_err *err;
    bool no_memory;
};

static void add_url(struct urls *urls, const char *url, size_t max)
{
    if (strncasecmp(url, "http://", 7) != 0 || urls->count == URLS_MAX)
        return;
    for (size_t i = 0; i < urls->count; i++)
        if (strcmp(urls->ask[i].url, url) == 0)
            return;
    urls->ask[urls->count++] = (struct hf_fetch_ask){ url, max };
}

static void on_issuer(void *user, const struct hf_fetch_seen *seen)
{
    struct gathering *g = user;
    struct hf_load load = { 0 };
    struct hf_err err;

    if (seen->body.len == 0)
        return;
    if (hf_load_certs(seen->body, NULL, &load, &err) < 0) {
        g->no_memory |= err.code == HF_E_NOMEM;
        return;
    }
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(&g->certs, load.item[i].cert);
    hf_load_done(&load);
}

static void on_crl(void *user, const struct hf_fetch_seen *seen)
{
    struct gathering *g = user;
    char *fault = g->urls->fault[seen->at];
    struct hf_err err;

    if (seen->body.len == 0) {
        (void)snprintf(fault, sizeof(g->urls->fault[0]), "%.199s",
                       seen->detail[0] ? seen->detail : "an empty answer");
        return;
    }
    if (hf_crls_add(g->trust->crls, g->urls->ask[seen->at].url, seen->body,
                    &err) == 0) {
        g->lists++;
        return;
    }
    g->no_memory |= err.code == HF_E_NOMEM;
    (void)snprintf(fault, sizeof(g->urls->fault[0]), "%.199s",
                   err.frame[0].text);
}

static int fetch(const struct hf_hosts_conf *conf, struct gathering *g,
                 hf_fetch_fn *each, struct hf_err *err)
{
    if (g->urls->count == 0)
        return 0;
    if (hf_fetch_all(conf->loop, conf->look.proxy, g->urls->ask, g->urls->count,
                     FETCH_MS, each, g, err) < 0)
        return hf_err_code(err);
    return g->no_memory ? HF_FAIL(err, HF_E_NOMEM,
                                  "no memory for what was "
                                  "fetched")
                        : 0;
}

int hf_gather_issuers(const struct hf_hosts_conf *conf,
                      const struct hf_host *host, size_t count,
                      size_t *ret_learned, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) struct urls *urls = calloc(1, sizeof(*urls));
    struct gathering g = { .trust = conf->trust, .urls = urls };
    size_t before = conf->trust->pool_certs.count;
    int rc;

    if (!urls)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for addresses");
    for (size_t i = 0; i < count; i++) {
        const struct hf_certs *chain = &host[i].verdict.path.chain;
        const struct hf_cert_info *top;

        if (!hf_host_wants_issuer(&host[i]))
            continue;
        top = hf_cert_info(chain->cert[chain->count - 1], err);
        for (size_t k = 0; top && k < top->issuers_url.count; k++)
            add_url(urls, top->issuers_url.text[k], ISSUER_MAX);
    }
    rc = fetch(conf, &g, on_issuer, err);
    if (rc == 0)
        rc = hf_trust_learn(conf->trust, &g.certs, err);
    hf_certs_done(&g.certs);
    if (rc == 0)
        *ret_learned = conf->trust->pool_certs.count - before;
    return rc;
}

/* Calls `each` for every CRL address of a complete chain's certificates. */
static void each_crl_url(const struct hf_host *host, struct urls *urls,
                         void (*each)(struct urls *urls, const char *url,
                                      void *user),
                         void *user)
{
    const struct hf_certs *chain = &host->verdict.path.chain;
    struct hf_err err;

    if (!host->judged || !host->verdict.path.anchored)
        return;
    for (size_t c = 0; c + 1 < chain->count; c++) {
        const struct hf_cert_info *info = hf_cert_info(chain->cert[c], &err);

        for (size_t k = 0; info && k < info->crl_url.count; k++)
            each(urls, info->crl_url.text[k], user);
    }
}

static void want_url(struct urls *urls, const char *url, void *unused)
{
    (void)unused;
    add_url(urls, url, HF_CRL_MAX);
}

/* Tells a host of an address that failed it. */
static void note_fault(struct urls *urls, const char *url, void *user)
{
    struct hf_host *host = user;

    for (size_t i = 0; i < urls->count; i++)
        if (strcmp(urls->ask[i].url, url) == 0 && urls->fault[i][0])
            (void)snprintf(host->crl_fault, sizeof(host->crl_fault),
                           "%.90s: %s", url, urls->fault[i]);
}

int hf_gather_crls(const struct hf_hosts_conf *conf, struct hf_host *host,
                   size_t count, size_t *ret_lists, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) struct urls *urls = calloc(1, sizeof(*urls));
    struct gathering g = { .trust = conf->trust, .urls = urls };

    if (!urls)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for addresses");
    for (size_t i = 0; i < count; i++)
        each_crl_url(&host[i], urls, want_url, NULL);
    *ret_lists = 0;
    if (urls->count > 0 && !conf->trust->crls &&
        hf_crls_new(&conf->trust->crls, err) < 0)
        return hf_err_code(err);
    if (fetch(conf, &g, on_crl, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < count; i++)
        each_crl_url(&host[i], urls, note_fault, &host[i]);
    *ret_lists = g.lists;
    return 0;
}
