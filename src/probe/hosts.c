/* SPDX-License-Identifier: Apache-2.0 */
/* probe/hosts.c - servers looked at and judged, many at once.
 *
 * One pass over the network for the handshakes; each chain is judged as it
 * comes in. Then, only where it can change an answer: issuers learned from the
 * other servers, issuers fetched, revocation lists fetched, dates asked. */
#include "probe/hosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/gather.h"
#include "probe/judge_host.h"

#define ISSUER_ROUNDS                                                          \
    3 /* ours: no public chain has more than 3 intermediates */

struct looking {
    const struct hf_hosts_conf *conf;
    struct hf_host *host;
    struct hf_err *err;
    bool no_memory;
};

void hf_hosts_done(struct hf_host *host, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hf_certs_done(&host[i].seen.served);
        if (host[i].judged)
            hf_served_done(&host[i].verdict);
    }
}

static void on_seen(void *user, const struct hf_look_seen *seen)
{
    struct looking *l = user;
    struct hf_host *host = &l->host[seen->at];

    host->seen = *seen;
    host->seen.served = (struct hf_certs){ 0 };
    host->seen.staple = hf_view(NULL, 0);
    hf_certs_add_all(&host->seen.served, &seen->served);
    if (host->seen.served.bad || hf_host_judge(l->conf, host, l->err) < 0)
        l->no_memory = true;
    if (l->conf->on_done)
        l->conf->on_done(l->conf->user, host);
}

static void on_date(void *user, const struct hf_look_seen *seen)
{
    struct hf_host **host = user;

    host[seen->at]->date_s = seen->date_s;
}

static int look(const struct hf_hosts_conf *conf, struct hf_host *host,
                size_t count, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    struct hf_look_ask *ask = calloc(count + 1, sizeof(*ask));
    struct looking l = { conf, host, err, false };

    if (!ask)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu hosts", count);
    for (size_t i = 0; i < count; i++) {
        const struct hf_hostport *target = &host[i].target;

        ask[i] =
            (struct hf_look_ask){ .host = target->host, .port = target->port };
        (void)snprintf(host[i].label, sizeof(host[i].label),
                       strchr(target->host, ':') ? "[%s]:%u" : "%s:%u",
                       target->host, (unsigned)target->port);
    }
    if (hf_look_all(conf->loop, &conf->look, ask, count, on_seen, &l, err) < 0)
        return hf_err_code(err);
    return l.no_memory ? HF_FAIL(err, HF_E_NOMEM, "no memory to judge") : 0;
}

static int judge_gaps(const struct hf_hosts_conf *conf, struct hf_host *host,
                      size_t count, struct hf_err *err)
{
    for (size_t i = 0; i < count; i++)
        if (hf_host_wants_issuer(&host[i]) &&
            hf_host_judge(conf, &host[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

static bool any_gap(const struct hf_host *host, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hf_host_wants_issuer(&host[i]))
            return true;
    return false;
}

/* What one server sends, another may have left out. */
static int learn_served(const struct hf_hosts_conf *conf, struct hf_host *host,
                        size_t count, struct hf_err *err)
{
    struct hf_certs more = { 0 };
    int rc;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 1; k < host[i].seen.served.count; k++)
            hf_certs_add(&more, host[i].seen.served.cert[k]);
    rc = more.count > 0 ? hf_trust_learn(conf->trust, &more, err) : 0;
    hf_certs_done(&more);
    return rc < 0 ? rc : judge_gaps(conf, host, count, err);
}

static int fill_gaps(const struct hf_hosts_conf *conf, struct hf_host *host,
                     size_t count, struct hf_err *err)
{
    size_t learned = 1;

    if (!any_gap(host, count))
        return 0;
    if (learn_served(conf, host, count, err) < 0)
        return hf_err_code(err);
    for (int round = 0; conf->fetch && round < ISSUER_ROUNDS && learned > 0 &&
                        any_gap(host, count);
         round++)
        if (hf_gather_issuers(conf, host, count, &learned, err) < 0 ||
            judge_gaps(conf, host, count, err) < 0)
            return hf_err_code(err);
    return 0;
}

static bool points_to_crl(const struct hf_host *host, struct hf_err *err)
{
    const struct hf_certs *chain = &host->verdict.path.chain;

    for (size_t i = 0; host->judged && i + 1 < chain->count; i++) {
        const struct hf_cert_info *info = hf_cert_info(chain->cert[i], err);

        if (info && info->crl_url.count > 0)
            return true;
    }
    return false;
}

static int check_revoked(const struct hf_hosts_conf *conf, struct hf_host *host,
                         size_t count, struct hf_err *err)
{
    size_t lists;

    if (!conf->fetch)
        return 0;
    if (hf_gather_crls(conf, host, count, &lists, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; lists > 0 && i < count; i++)
        if (points_to_crl(&host[i], err) &&
            hf_host_judge(conf, &host[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* A second opinion on this machine's clock, from the servers whose dates are
 * at fault. */
static int ask_dates(const struct hf_hosts_conf *conf, struct hf_host *host,
                     size_t count, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr)
    struct hf_look_ask *ask = calloc(count + 1, sizeof(*ask));
    HF_AUTO(hf_free_ptr)
    struct hf_host **asked = calloc(count + 1, sizeof(*asked));
    size_t n = 0;

    if (!ask || !asked)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu hosts", count);
    for (size_t i = 0; conf->clock_is_now && i < count; i++)
        if (hf_host_wants_date(&host[i])) {
            ask[n] = (struct hf_look_ask){ .host = host[i].target.host,
                                           .port = host[i].target.port,
                                           .ask_date = true };
            asked[n++] = &host[i];
        }
    return n == 0 ? 0
                  : hf_look_all(conf->loop, &conf->look, ask, n, on_date, asked,
                                err);
}

int hf_hosts_look(const struct hf_hosts_conf *conf, struct hf_host *host,
                  size_t count, struct hf_err *err)
{
    if (look(conf, host, count, err) < 0 ||
        fill_gaps(conf, host, count, err) < 0 ||
        check_revoked(conf, host, count, err) < 0 ||
        ask_dates(conf, host, count, err) < 0)
        return HF_WRAP(err, "cannot look at the hosts");
    return 0;
}
