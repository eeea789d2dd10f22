/* SPDX-License-Identifier: Apache-2.0 */
/* net/dial.c - a TCP connection to a host that has several addresses. */
#include "net/dial.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "net/loop_in.h"

struct attempt {
    struct hf_dial *of;
    int fd; /* valid while open */
    bool open;
    struct event writable;
};

struct hf_dial {
    struct hf_loop *loop;
    struct hf_addrs addrs;
    int ms;
    void (*fn)(void *user, const struct hf_dialled *dialled);
    void *user;
    struct event stagger, deadline;
    bool started;
    unsigned next;    /* address to try next */
    unsigned running; /* attempts under way */
    unsigned failed;
    struct hf_dialled worst; /* the failure to tell, see enum hf_dial_end */
    struct attempt attempt[HF_ADDRS_MAX]; /* one an address */
};

static void try_next(struct hf_dial *dial);

enum hf_dial_end hf_dial_class(int sys)
{
    switch (sys) {
    case 0:
    case ECONNRESET: /* it was open: a closed port is ECONNREFUSED */
    case EPIPE:
        return HF_DIAL_OPEN;
    case ECONNREFUSED:
        return HF_DIAL_REFUSED;
    case ETIMEDOUT:
        return HF_DIAL_SILENT;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case ENONET:
    case EAFNOSUPPORT:  /* no IPv6 in this kernel */
    case EADDRNOTAVAIL: /* no address of ours fits */
    case EINVAL:        /* link-local without a scope */
    case EPROTO:        /* ICMP parameter problem */
    case ENOPROTOOPT:
    case EACCES: /* a local firewall or a policy forbids it */
    case EPERM:
        return HF_DIAL_UNREACHABLE;
    default:
        return HF_DIAL_OURS;
    }
}

static void drop(struct attempt *attempt)
{
    if (!attempt->open)
        return;
    event_del(&attempt->writable);
    close(attempt->fd);
    attempt->open = false;
    attempt->of->running--;
}

/* Ends the race. The callback may free `dial`: nothing is touched after. */
static void finish(struct hf_dial *dial, const struct hf_dialled *how)
{
    struct hf_dialled result = *how;

    event_del(&dial->stagger);
    event_del(&dial->deadline);
    for (unsigned i = 0; i < dial->addrs.count; i++)
        drop(&dial->attempt[i]);
    result.others = dial->failed > 0 ? dial->failed - 1 : 0;
    dial->fn(dial->user, &result);
}

static void note_failure(struct hf_dial *dial, unsigned at, int sys)
{
    enum hf_dial_end end = hf_dial_class(sys);

    if (dial->failed++ > 0 && end <= dial->worst.end)
        return;
    dial->worst = (struct hf_dialled){
        .end = end, .fd = -1, .sys = sys, .peer = dial->addrs.addr[at]
    };
}

static void won(struct attempt *attempt)
{
    struct hf_dial *dial = attempt->of;
    struct hf_dialled how = { .end = HF_DIAL_OPEN, .fd = attempt->fd };

    how.peer = dial->addrs.addr[attempt - dial->attempt];
    event_del(&attempt->writable);
    attempt->open = false; /* the descriptor is handed on */
    dial->running--;
    dial->failed = 0;
    finish(dial, &how);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct attempt *attempt = arg;
    struct hf_dial *dial = attempt->of;
    int sys = 0;
    socklen_t len = sizeof(sys);

    (void)what;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys, &len) < 0)
        sys = errno;
    if (hf_dial_class(sys) == HF_DIAL_OPEN) {
        won(attempt);
        return;
    }
    drop(attempt);
    note_failure(dial, (unsigned)(attempt - dial->attempt), sys);
    try_next(dial);
}

/* Returns 0 when the attempt is under way, else the errno. */
static int begin(struct attempt *attempt, const struct hf_addr *addr)
{
    static const int on = 1;
    int fd = socket(addr->at.any.sa_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    /* else a small request after a small record waits 40 ms for an ACK; not
     * vital, so its failure is none */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if ((connect(fd, &addr->at.any, hf_addr_len(addr)) == 0 ||
         errno == EINPROGRESS) &&
        event_assign(&attempt->writable, attempt->of->loop->base, fd, EV_WRITE,
                     on_writable, attempt) == 0 &&
        event_add(&attempt->writable, NULL) == 0) {
        attempt->fd = fd;
        attempt->open = true;
        attempt->of->running++;
        return 0;
    }
    int sys = errno ? errno : ENOMEM;

    close(fd);
    return sys;
}

/* Starts the next address that can be started; ends when none is left. */
static void try_next(struct hf_dial *dial)
{
    while (dial->next < dial->addrs.count) {
        unsigned at = dial->next++;
        int sys = begin(&dial->attempt[at], &dial->addrs.addr[at]);
        struct hf_err err;

        if (sys != 0) {
            note_failure(dial, at, sys);
            continue;
        }
        /* without memory for the stagger the next one starts at once */
        if (dial->next == dial->addrs.count ||
            hf_loop_after(&dial->stagger, HF_DIAL_STAGGER_MS, &err) == 0)
            return;
    }
    if (dial->running == 0)
        finish(dial, &dial->worst);
}

static void on_stagger(evutil_socket_t fd, short what, void *arg)
{
    struct hf_dial *dial = arg;
    struct hf_err err;

    (void)fd;
    (void)what;
    if (!dial->started) {
        dial->started = true;
        if (hf_loop_after(&dial->deadline, dial->ms, &err) < 0) {
            note_failure(dial, 0, ENOMEM);
            finish(dial, &dial->worst);
            return;
        }
    }
    try_next(dial);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct hf_dial *dial = arg;

    (void)fd;
    (void)what;
    for (unsigned i = 0; i < dial->addrs.count; i++)
        if (dial->attempt[i].open)
            note_failure(dial, i, ETIMEDOUT);
    finish(dial, &dial->worst);
}

int hf_dial_start(struct hf_loop *loop, const struct hf_dial_ask *ask,
                  struct hf_dial **ret_dial, struct hf_err *err)
{
    struct hf_dial *dial = calloc(1, sizeof(*dial));

    if (!dial || evtimer_assign(&dial->stagger, loop->base, on_stagger, dial) ||
        evtimer_assign(&dial->deadline, loop->base, on_deadline, dial)) {
        free(dial);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a connection");
    }
    dial->loop = loop;
    dial->addrs = *ask->addrs;
    dial->ms = ask->ms;
    dial->fn = ask->fn;
    dial->user = ask->user;
    for (unsigned i = 0; i < HF_ADDRS_MAX; i++)
        dial->attempt[i].of = dial;
    hf_loop_soon(&dial->stagger);
    *ret_dial = dial;
    return 0;
}

void hf_dial_free(struct hf_dial *dial)
{
    if (!dial)
        return;
    event_del(&dial->stagger);
    event_del(&dial->deadline);
    for (unsigned i = 0; i < dial->addrs.count; i++)
        drop(&dial->attempt[i]);
    free(dial);
}
