/* SPDX-License-Identifier: Apache-2.0 */
/* net/loop.c - the event loop of a process. */
#include "net/loop.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "net/loop_in.h"

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct hf_loop *loop = arg;

    (void)fd;
    (void)what;
    if (loop->tick_fn)
        loop->tick_fn(loop->tick_user);
}

static struct event_base *new_base(void)
{
    struct event_config *conf = event_config_new();
    struct event_base *base = NULL;

    if (!conf)
        return NULL;
    /* one thread: no locks. The environment is no place to choose epoll. */
    if (event_config_set_flag(conf, EVENT_BASE_FLAG_NOLOCK |
                                        EVENT_BASE_FLAG_IGNORE_ENV) == 0)
        base = event_base_new_with_config(conf);
    event_config_free(conf);
    return base;
}

int hf_loop_new(struct hf_loop **ret_loop, struct hf_err *err)
{
    HF_AUTO(hf_loop_freep) struct hf_loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an event loop");
    loop->base = new_base();
    if (!loop->base)
        return HF_FAIL(err, HF_E_NOMEM, "cannot make an event loop");
    if (event_assign(&loop->tick, loop->base, -1, EV_PERSIST, on_tick, loop) <
        0)
        return HF_FAIL(err, HF_E_NOMEM, "cannot make a timer");
    if (hf_resolver_new(loop->base, hf_resolve_system, &loop->resolver, err) <
        0)
        return HF_WRAP(err, "cannot make an event loop");
    /* a peer that went away is an error of one write, not our end */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return HF_FAIL_SYS(err, "cannot ignore SIGPIPE");
    *ret_loop = HF_STEAL(loop);
    return 0;
}

void hf_loop_free(struct hf_loop *loop)
{
    if (!loop)
        return;
    hf_resolver_free(loop->resolver);
    hf_tls_client_free(loop->tls);
    if (loop->base) {
        if (event_initialized(&loop->tick))
            event_del(&loop->tick);
        event_base_free(loop->base);
    }
    free(loop);
}

int hf_loop_tick(struct hf_loop *loop, int ms, void (*tick)(void *user),
                 void *user, struct hf_err *err)
{
    if (tick && ms <= 0)
        return HF_FAIL(err, HF_E_USAGE, "a tick every %d ms cannot be", ms);
    loop->tick_ms = ms;
    loop->tick_fn = tick;
    loop->tick_user = user;
    return 0;
}

int hf_loop_after(struct event *timer, int ms, struct hf_err *err)
{
    struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

    if (event_add(timer, &tv) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a timer");
    return 0;
}

void hf_loop_soon(struct event *timer)
{
    event_active(timer, EV_TIMEOUT, 1);
}

int hf_loop_run(struct hf_loop *loop, struct hf_err *err)
{
    int rc;

    if (loop->tick_fn && hf_loop_after(&loop->tick, loop->tick_ms, err) < 0)
        return HF_WRAP(err, "cannot start the tick");
    /* not to end when a moment comes in which nothing is armed: what stops
     * it is hf_loop_stop() */
    rc = event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    event_del(&loop->tick);
    if (rc < 0)
        return HF_FAIL(err, HF_E_IO, "the event loop broke");
    return 0;
}

void hf_loop_stop(struct hf_loop *loop)
{
    event_base_loopbreak(loop->base);
}

unsigned hf_loop_files(unsigned want)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return want < 256 ? want : 256;
    if (limit.rlim_cur < want && limit.rlim_cur < limit.rlim_max) {
        struct rlimit more = limit;

        more.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            limit = more;
    }
    return limit.rlim_cur < want ? (unsigned)limit.rlim_cur : want;
}
