/* SPDX-License-Identifier: Apache-2.0 */
/* net/look.c - connect to TLS servers, many at once, and see what they serve.
 */
#include "net/look.h"

#include <stdio.h>
#include <unistd.h>

#include "net/loop_in.h"
#include "net/reach.h"
#include "net/shake.h"

#define PARALLEL 128
#define PARALLEL_MAX 4096
#define WAIT_MS 5000
/* ours: standard streams, epoll, resolvers, what the caller has open */
#define FILES_SPARE 64
/* ours: attempts of one host at addresses that do not answer */
#define FILES_A_LOOK 4

struct run;

/* One look under way; there are as many as may run at once. */
struct look {
    struct run *of;
    bool busy;
    struct hf_reach *reach;
    struct hf_shake *shake;
    int fd;
    char sni[254];
    char date_host[300];
    struct hf_look_seen seen;
};

struct run {
    struct hf_loop *loop;
    struct hf_look_conf conf;
    const struct hf_look_ask *ask;
    size_t count, next, ended;
    hf_look_fn *done;
    void *user;
    struct look *look;
    struct hf_err *err; /* filled when a look cannot even start */
    int failed;
};

const char *hf_look_end_name(enum hf_look_end end)
{
    static const char *const name[] = {
        [HF_LOOK_DONE] = "done",     [HF_LOOK_NO_NAME] = "no-name",
        [HF_LOOK_CLOSED] = "closed", [HF_LOOK_NO_ROUTE] = "no-route",
        [HF_LOOK_SILENT] = "silent", [HF_LOOK_NOT_TLS] = "not-tls",
        [HF_LOOK_ALERT] = "alert",   [HF_LOOK_CUT] = "cut",
        [HF_LOOK_PROXY] = "proxy",   [HF_LOOK_FAILED] = "failed",
    };

    return (size_t)end < HF_COUNT(name) ? name[end] : "?";
}

static void start_look(struct look *look);

static void clear_look(struct look *look)
{
    hf_reach_free(look->reach);
    hf_shake_free(look->shake);
    if (look->busy && look->fd >= 0)
        close(look->fd);
    hf_certs_done(&look->seen.served);
    look->reach = NULL;
    look->shake = NULL;
    look->fd = -1;
    look->busy = false;
}

static void give_up(struct run *run)
{
    run->failed = run->err->code;
    hf_loop_stop(run->loop);
}

static void finish(struct look *look)
{
    struct run *run = look->of;

    if (hf_certs_check(&look->seen.served, run->err) < 0) {
        give_up(run);
        return;
    }
    run->done(run->user, &look->seen);
    clear_look(look);
    run->ended++;
    if (run->next < run->count)
        start_look(look);
    else if (run->ended == run->count)
        hf_loop_stop(run->loop);
}

static void on_shaken(void *user)
{
    finish(user);
}

/* What goes into SNI: a name, without the dot that ends it, never an address.
 * Source: RFC 6066 3 */
static const char *choose_sni(struct look *look, const struct hf_look_ask *ask)
{
    const char *name = ask->sni ? ask->sni : ask->host;
    size_t len = strlen(name);
    struct hf_addrs addrs;

    if (!hf_host_plausible(name) || hf_addrs_numeric(name, 0, &addrs))
        return NULL;
    if (name[len - 1] == '.')
        len--;
    snprintf(look->sni, sizeof(look->sni), "%.*s", (int)len, name);
    return len > 0 ? look->sni : NULL;
}

static const char *choose_date_host(struct look *look,
                                    const struct hf_look_ask *ask)
{
    bool v6 = strchr(ask->host, ':') != NULL;
    char port[8] = "";

    if (!ask->ask_date)
        return NULL;
    if (ask->port != 443)
        snprintf(port, sizeof(port), ":%u", (unsigned)ask->port);
    snprintf(look->date_host, sizeof(look->date_host), "%s%s%s%s",
             v6 ? "[" : "", ask->host, v6 ? "]" : "", port);
    return look->date_host;
}

static void start_shake(struct look *look)
{
    struct run *run = look->of;
    const struct hf_look_ask *ask = &run->ask[look->seen.at];
    struct hf_shake_ask shake = {
        .fd = look->fd,
        .sni = choose_sni(look, ask),
        .ms = run->conf.handshake_ms,
        .date_host = choose_date_host(look, ask),
        .fn = on_shaken,
        .user = look,
    };

    if (hf_shake_start(run->loop, &shake, &look->seen, &look->shake, run->err) <
        0)
        give_up(run);
}

static void on_reached(void *user, const struct hf_reached *reached)
{
    static const enum hf_look_end end[] = {
        [HF_REACH_OPEN] = HF_LOOK_DONE,
        [HF_REACH_NO_NAME] = HF_LOOK_NO_NAME,
        [HF_REACH_REFUSED] = HF_LOOK_CLOSED,
        [HF_REACH_NO_ROUTE] = HF_LOOK_NO_ROUTE,
        [HF_REACH_SILENT] = HF_LOOK_SILENT,
        [HF_REACH_PROXY] = HF_LOOK_PROXY,
        [HF_REACH_OURS] = HF_LOOK_FAILED,
    };
    struct look *look = user;
    struct hf_look_seen *seen = &look->seen;

    memcpy(seen->address, reached->address, sizeof(seen->address));
    look->fd = reached->fd;
    seen->connect_ms = reached->connect_ms;
    if (reached->end == HF_REACH_OPEN) {
        start_shake(look);
        return;
    }
    seen->end = end[reached->end];
    memcpy(seen->detail, reached->detail, sizeof(seen->detail));
    finish(look);
}

static void start_look(struct look *look)
{
    struct run *run = look->of;
    size_t at = run->next++;
    struct hf_reach_ask ask = {
        .host = run->ask[at].host,
        .port = run->ask[at].port,
        .proxy = hf_proxy_for(run->conf.proxy, true, run->ask[at].host,
                              run->ask[at].port),
        .tunnel = true,
        .resolve_ms = run->conf.resolve_ms,
        .connect_ms = run->conf.connect_ms,
        .fn = on_reached,
        .user = look,
    };

    look->busy = true;
    look->fd = -1;
    look->seen = (struct hf_look_seen){ .at = at, .alert = -1 };
    if (ask.proxy)
        snprintf(look->seen.proxy, sizeof(look->seen.proxy), "%.100s:%u",
                 ask.proxy->host, (unsigned)ask.proxy->port);
    if (hf_reach_start(run->loop, &ask, &look->reach, run->err) < 0)
        give_up(run);
}

static struct hf_look_conf with_defaults(const struct hf_look_conf *conf,
                                         size_t count)
{
    struct hf_look_conf full = { 0 };
    unsigned files;

    if (conf)
        full = *conf;
    if (full.parallel == 0)
        full.parallel = PARALLEL;
    if (full.parallel > PARALLEL_MAX)
        full.parallel = PARALLEL_MAX;
    if (full.parallel > count)
        full.parallel = (unsigned)count;
    full.connect_ms = full.connect_ms > 0 ? full.connect_ms : WAIT_MS;
    full.handshake_ms = full.handshake_ms > 0 ? full.handshake_ms : WAIT_MS;
    full.resolve_ms = full.resolve_ms > 0 ? full.resolve_ms : WAIT_MS;
    files = hf_loop_files(FILES_SPARE + full.parallel * FILES_A_LOOK);
    if (files < FILES_SPARE + full.parallel * FILES_A_LOOK)
        full.parallel = files > FILES_SPARE + FILES_A_LOOK
                            ? (files - FILES_SPARE) / FILES_A_LOOK
                            : 1;
    return full;
}

int hf_look_all(struct hf_loop *loop, const struct hf_look_conf *conf,
                const struct hf_look_ask *ask, size_t count, hf_look_fn *done,
                void *user, struct hf_err *err)
{
    struct run run = { .loop = loop,
                       .ask = ask,
                       .count = count,
                       .done = done,
                       .user = user,
                       .err = err };
    int rc = 0;

    if (count == 0)
        return 0;
    run.conf = with_defaults(conf, count);
    run.look = calloc(run.conf.parallel, sizeof(*run.look));
    if (!run.look)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %u connections",
                       run.conf.parallel);
    for (unsigned i = 0; i < run.conf.parallel && run.failed == 0; i++) {
        run.look[i].of = &run;
        start_look(&run.look[i]);
    }
    if (run.failed == 0)
        rc = hf_loop_run(loop, err);
    for (unsigned i = 0; i < run.conf.parallel; i++)
        clear_look(&run.look[i]);
    free(run.look);
    return run.failed ? run.failed : rc;
}
