/* SPDX-License-Identifier: Apache-2.0 */
/* net/resolve.c - the pool of children that look names up. */
#include "net/resolve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/loop_in.h"
#include "net/resolve_child.h"

struct worker {
    struct hf_resolver *of;
    pid_t pid; /* 0: none */
    int fd;
    struct event readable;
    struct hf_lookup *busy; /* what it looks up now, or NULL */
};

struct hf_resolver {
    struct event_base *base;
    hf_resolve_work *work;
    struct worker worker[HF_RESOLVERS_MAX];
    struct hf_lookup *first, *last; /* waiting for a worker */
};

struct hf_lookup {
    struct hf_resolver *of;
    struct hf_resolve_question question;
    int ms;
    void (*fn)(void *user, const struct hf_resolved *found);
    void *user;
    struct event timer;
    struct worker *with;    /* or NULL: it waits, or is answered */
    struct hf_lookup *next; /* of those that wait */
    bool waits;
};

static void feed(struct hf_resolver *resolver);

static int end_worker(struct worker *worker)
{
    int status = hf_resolve_child_end(worker->pid);

    event_del(&worker->readable);
    close(worker->fd);
    worker->pid = 0;
    if (worker->busy)
        worker->busy->with = NULL;
    worker->busy = NULL;
    return status;
}

static void leave_queue(struct hf_lookup *lookup)
{
    struct hf_resolver *of = lookup->of;
    struct hf_lookup **at = &of->first, *before = NULL;

    if (!lookup->waits)
        return;
    while (*at != lookup) {
        before = *at;
        at = &before->next;
    }
    *at = lookup->next;
    if (of->last == lookup)
        of->last = before;
    lookup->waits = false;
}

/* The callback may free the look-up: nothing of it is touched afterwards. */
static void answer(struct hf_lookup *lookup, const struct hf_resolved *found)
{
    leave_queue(lookup);
    lookup->with = NULL;
    event_del(&lookup->timer);
    lookup->fn(lookup->user, found);
}

static void fail(struct hf_lookup *lookup, const char *why)
{
    struct hf_resolved none = { .addrs = { .count = 0 } };

    snprintf(none.why, sizeof(none.why), "%s", why);
    answer(lookup, &none);
}

static void worker_died(struct worker *worker)
{
    struct hf_lookup *lookup = worker->busy;
    int status = end_worker(worker);
    char why[HF_RESOLVE_WHY];

    if (!lookup)
        return;
    if (WIFSIGNALED(status))
        snprintf(why, sizeof(why), "the resolver of this machine crashed (%s)",
                 strsignal(WTERMSIG(status)));
    else
        snprintf(why, sizeof(why), "the resolver of this machine ended");
    fail(lookup, why);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;
    struct hf_resolver *resolver = worker->of;
    struct hf_lookup *lookup = worker->busy;
    struct hf_resolved found;
    ssize_t len = recv(fd, &found, sizeof(found), MSG_TRUNC);

    (void)what;
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0 || !lookup || !hf_resolved_sound(&found, (size_t)len)) {
        worker_died(worker);
    } else {
        worker->busy = NULL;
        answer(lookup, &found);
    }
    feed(resolver);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
    struct hf_lookup *lookup = arg;
    struct hf_resolver *resolver = lookup->of;
    char why[HF_RESOLVE_WHY];

    (void)fd;
    (void)what;
    snprintf(why, sizeof(why), "no answer from the name servers within %d ms",
             lookup->ms);
    if (lookup->with)
        (void)end_worker(lookup->with); /* stuck in getaddrinfo() */
    fail(lookup, why);
    feed(resolver);
}

static int start_worker(struct worker *worker, struct hf_err *err)
{
    struct hf_resolver *of = worker->of;

    if (hf_resolve_child(of->work, &worker->pid, &worker->fd, err) < 0)
        return hf_err_code(err);
    if (event_assign(&worker->readable, of->base, worker->fd,
                     EV_READ | EV_PERSIST, on_readable, worker) == 0 &&
        event_add(&worker->readable, NULL) == 0)
        return 0;
    (void)end_worker(worker);
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a resolver");
}

/* A worker without work, started when there is room; NULL: none to be had,
 * with `ret_why` filled when not even one runs. */
static struct worker *idle_worker(struct hf_resolver *resolver,
                                  char ret_why[HF_ERR_TEXT])
{
    struct worker *room = NULL;
    unsigned running = 0;
    struct hf_err err;

    ret_why[0] = '\0';
    for (unsigned i = 0; i < HF_RESOLVERS_MAX; i++) {
        struct worker *worker = &resolver->worker[i];

        if (worker->pid && !worker->busy)
            return worker;
        running += worker->pid != 0;
        if (!worker->pid && !room)
            room = worker;
    }
    if (!room)
        return NULL;
    if (start_worker(room, &err) == 0)
        return room;
    if (running == 0)
        hf_err_text(&err, ret_why, HF_ERR_TEXT);
    return NULL;
}

static void give(struct worker *worker, struct hf_lookup *lookup)
{
    leave_queue(lookup);
    lookup->with = worker;
    worker->busy = lookup;
    /* a worker holds one question at a time, so the pair has room; a worker
     * that died shows by its end of file, not here */
    (void)send(worker->fd, &lookup->question, sizeof(lookup->question),
               MSG_NOSIGNAL);
}

static void feed(struct hf_resolver *resolver)
{
    while (resolver->first) {
        char why[HF_ERR_TEXT];
        struct worker *worker = idle_worker(resolver, why);

        if (worker)
            give(worker, resolver->first);
        else if (why[0])
            fail(resolver->first, why);
        else
            break;
    }
}

/* First round of the timer: at once, to be fed outside of the start; second:
 * the time is over. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct hf_lookup *lookup = arg;
    struct hf_resolver *resolver = lookup->of;
    struct hf_err err;

    if (lookup->with || lookup->waits) {
        on_late(fd, what, arg);
        return;
    }
    if (hf_loop_after(&lookup->timer, lookup->ms, &err) < 0) {
        fail(lookup, err.frame[0].text);
        return;
    }
    lookup->waits = true;
    if (resolver->last)
        resolver->last->next = lookup;
    else
        resolver->first = lookup;
    resolver->last = lookup;
    feed(resolver);
}

int hf_resolver_new(struct event_base *base, hf_resolve_work *work,
                    struct hf_resolver **ret_resolver, struct hf_err *err)
{
    struct hf_resolver *resolver = calloc(1, sizeof(*resolver));

    if (!resolver)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a resolver");
    resolver->base = base;
    resolver->work = work;
    for (unsigned i = 0; i < HF_RESOLVERS_MAX; i++)
        resolver->worker[i].of = resolver;
    *ret_resolver = resolver;
    return 0;
}

void hf_resolver_free(struct hf_resolver *resolver)
{
    if (!resolver)
        return;
    for (unsigned i = 0; i < HF_RESOLVERS_MAX; i++)
        if (resolver->worker[i].pid)
            (void)end_worker(&resolver->worker[i]);
    free(resolver);
}

int hf_lookup_start(struct hf_resolver *resolver,
                    const struct hf_lookup_ask *ask,
                    struct hf_lookup **ret_lookup, struct hf_err *err)
{
    struct hf_lookup *lookup = calloc(1, sizeof(*lookup));

    if (!lookup ||
        evtimer_assign(&lookup->timer, resolver->base, on_timer, lookup) < 0) {
        free(lookup);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a look-up");
    }
    lookup->of = resolver;
    snprintf(lookup->question.host, sizeof(lookup->question.host), "%s",
             ask->host);
    lookup->question.port = ask->port;
    lookup->ms = ask->ms;
    lookup->fn = ask->fn;
    lookup->user = ask->user;
    hf_loop_soon(&lookup->timer);
    *ret_lookup = lookup;
    return 0;
}

void hf_lookup_free(struct hf_lookup *lookup)
{
    if (!lookup)
        return;
    leave_queue(lookup);
    event_del(&lookup->timer);
    /* its answer would be taken for that of the next question */
    if (lookup->with)
        (void)end_worker(lookup->with);
    free(lookup);
}
