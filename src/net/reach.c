/* SPDX-License-Identifier: Apache-2.0 */
/* net/reach.c - a connected socket to a host: name, addresses, proxy. */
#include "net/reach.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/loop_in.h"
#include "net/tunnel.h"
#include "plat/clock.h"

struct hf_reach {
    struct hf_loop *loop;
    struct hf_reach_ask ask;
    const char *host; /* whom we connect to: the host or its proxy */
    uint16_t port;
    struct event first; /* the first step, outside of the start */
    struct hf_lookup *lookup;
    struct hf_dial *dial;
    struct hf_tunnel *tunnel;
    int64_t began_ms; /* of the connection */
    struct hf_reached reached;
};

/* The callback may free the reach: nothing is touched after. */
static void finish(struct hf_reach *reach, enum hf_reach_end end)
{
    struct hf_reached result = reach->reached;

    result.end = end;
    if (end != HF_REACH_OPEN && result.fd >= 0) {
        close(result.fd);
        result.fd = -1;
    }
    reach->reached.fd = -1;
    reach->ask.fn(reach->ask.user, &result);
}

/* Ends with a failure; on the way to a proxy it is the proxy's. */
static void HF_PRINTF(3, 4)
    fail(struct hf_reach *reach, enum hf_reach_end end, const char *format, ...)
{
    char *to = reach->reached.detail;
    size_t room = sizeof(reach->reached.detail);
    int used = 0;
    va_list args;

    if (reach->ask.proxy && end != HF_REACH_OURS) {
        used = snprintf(to, room, "proxy %.100s: ", reach->host);
        end = HF_REACH_PROXY;
    }
    va_start(args, format);
    vsnprintf(to + used, room - (size_t)used, format, args);
    va_end(args);
    finish(reach, end);
}

static void open_now(struct hf_reach *reach)
{
    reach->reached.connect_ms =
        (int32_t)(hf_clock_monotonic_ms() - reach->began_ms);
    finish(reach, HF_REACH_OPEN);
}

static void on_tunnel(void *user, const char *why)
{
    struct hf_reach *reach = user;

    hf_tunnel_free(reach->tunnel);
    reach->tunnel = NULL;
    if (why)
        fail(reach, HF_REACH_PROXY, "%s", why);
    else
        open_now(reach);
}

static void start_tunnel(struct hf_reach *reach)
{
    int64_t used_ms = hf_clock_monotonic_ms() - reach->began_ms;
    int64_t left_ms = reach->ask.connect_ms - used_ms;
    struct hf_tunnel_ask ask = {
        .fd = reach->reached.fd,
        .host = reach->ask.host,
        .port = reach->ask.port,
        .authorization = reach->ask.proxy->authorization,
        .ms = left_ms > 1 ? (int)left_ms : 1,
        .fn = on_tunnel,
        .user = reach,
    };
    struct hf_err err;

    if (hf_tunnel_start(reach->loop, &ask, &reach->tunnel, &err) < 0)
        fail(reach, HF_REACH_OURS, "%s", err.frame[0].text);
}

static void dial_failed(struct hf_reach *reach, const struct hf_dialled *how)
{
    char address[HF_ADDR_TEXT], others[48] = "";

    hf_addr_text(&how->peer, address);
    if (!reach->ask.proxy)
        memcpy(reach->reached.address, address, sizeof(address));
    if (how->others > 0)
        snprintf(others, sizeof(others), "; %u more address%s failed too",
                 how->others, how->others > 1 ? "es" : "");
    if (how->end == HF_DIAL_SILENT)
        fail(reach, HF_REACH_SILENT, "no answer from %s port %u within %d ms%s",
             address, (unsigned)reach->port, reach->ask.connect_ms, others);
    else
        fail(reach,
             how->end == HF_DIAL_REFUSED       ? HF_REACH_REFUSED
             : how->end == HF_DIAL_UNREACHABLE ? HF_REACH_NO_ROUTE
                                               : HF_REACH_OURS,
             "%s port %u: %s%s", address, (unsigned)reach->port,
             strerror(how->sys), others);
}

static void on_dialled(void *user, const struct hf_dialled *how)
{
    struct hf_reach *reach = user;

    hf_dial_free(reach->dial);
    reach->dial = NULL;
    if (how->end != HF_DIAL_OPEN) {
        dial_failed(reach, how);
        return;
    }
    reach->reached.fd = how->fd;
    if (!reach->ask.proxy)
        hf_addr_text(&how->peer, reach->reached.address);
    if (reach->ask.proxy && reach->ask.tunnel)
        start_tunnel(reach);
    else
        open_now(reach);
}

static void start_dial(struct hf_reach *reach, const struct hf_addrs *addrs)
{
    struct hf_dial_ask ask = { addrs, reach->ask.connect_ms, on_dialled,
                               reach };
    struct hf_err err;

    reach->began_ms = hf_clock_monotonic_ms();
    if (hf_dial_start(reach->loop, &ask, &reach->dial, &err) < 0)
        fail(reach, HF_REACH_OURS, "%s", err.frame[0].text);
}

static void on_resolved(void *user, const struct hf_resolved *found)
{
    struct hf_reach *reach = user;

    hf_lookup_free(reach->lookup);
    reach->lookup = NULL;
    if (found->addrs.count == 0)
        fail(reach, HF_REACH_NO_NAME, "'%.100s': %s", reach->host, found->why);
    else
        start_dial(reach, &found->addrs);
}

static void on_first(evutil_socket_t fd, short what, void *arg)
{
    struct hf_reach *reach = arg;
    struct hf_lookup_ask ask = { reach->host, reach->port,
                                 reach->ask.resolve_ms, on_resolved, reach };
    struct hf_addrs addrs;
    struct hf_err err;

    (void)fd;
    (void)what;
    if (!hf_host_plausible(reach->ask.host)) {
        snprintf(reach->reached.detail, sizeof(reach->reached.detail),
                 "this cannot be the name of a host");
        finish(reach, HF_REACH_NO_NAME);
    } else if (hf_addrs_numeric(reach->host, reach->port, &addrs)) {
        start_dial(reach, &addrs);
    } else if (hf_lookup_start(reach->loop->resolver, &ask, &reach->lookup,
                               &err) < 0) {
        fail(reach, HF_REACH_OURS, "%s", err.frame[0].text);
    }
}

int hf_reach_start(struct hf_loop *loop, const struct hf_reach_ask *ask,
                   struct hf_reach **ret_reach, struct hf_err *err)
{
    struct hf_reach *reach = calloc(1, sizeof(*reach));

    if (!reach || evtimer_assign(&reach->first, loop->base, on_first, reach)) {
        free(reach);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a connection");
    }
    reach->loop = loop;
    reach->ask = *ask;
    reach->host = ask->proxy ? ask->proxy->host : ask->host;
    reach->port = ask->proxy ? ask->proxy->port : ask->port;
    reach->reached.fd = -1;
    hf_loop_soon(&reach->first);
    *ret_reach = reach;
    return 0;
}

void hf_reach_free(struct hf_reach *reach)
{
    if (!reach)
        return;
    event_del(&reach->first);
    hf_lookup_free(reach->lookup);
    hf_dial_free(reach->dial);
    hf_tunnel_free(reach->tunnel);
    if (reach->reached.fd >= 0)
        close(reach->reached.fd);
    free(reach);
}
