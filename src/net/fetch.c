/* SPDX-License-Identifier: Apache-2.0 */
/* net/fetch.c - small public files over plain HTTP: issuers and CRLs.
 *
 * One GET of HTTP/1.0 on a connection of its own, as OpenSSL fetches CRLs: a
 * server must not answer it in chunks (RFC 9112 6.1), so the body is what
 * follows the head. Not libevent's client: that takes one address, resolves by
 * blocking, and its time limits start again with every byte. */
#include "net/fetch.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http.h"
#include "net/loop_in.h"
#include "net/reach.h"
#include "net/url.h"
#include "plat/clock.h"

#define PARALLEL 16
#define WAIT_MS 5000
#define READ_STEP                                                              \
    16384 /* bytes a read; ours: one TCP window of a slow start                \
           */

struct run;

struct fetch {
    struct run *of;
    bool busy;
    size_t at;
    struct hf_url url;
    const struct hf_proxy *proxy;
    int64_t began_ms;
    struct hf_reach *reach;
    int fd;
    struct event io, deadline;
    struct hf_buf out; /* the request */
    size_t sent;
    struct hf_buf in; /* head and body */
    struct hf_http_head head;
    bool has_head;
    struct hf_fetch_seen seen;
};

struct run {
    struct hf_loop *loop;
    const struct hf_proxy_conf *proxy;
    const struct hf_fetch_ask *ask;
    size_t count, next, ended;
    int ms;
    hf_fetch_fn *done;
    void *user;
    struct fetch fetch[PARALLEL];
};

static void start_next(struct fetch *fetch);

static void clear(struct fetch *fetch)
{
    if (!fetch->busy)
        return;
    hf_reach_free(fetch->reach);
    if (event_initialized(&fetch->io))
        event_del(&fetch->io);
    event_del(&fetch->deadline);
    if (fetch->fd >= 0)
        close(fetch->fd);
    hf_buf_done(&fetch->out);
    hf_buf_done(&fetch->in);
    memset(fetch, 0, offsetof(struct fetch, seen));
    fetch->fd = -1;
}

/* `why` NULL: the body is complete. Nothing of the fetch's old life is touched
 * after. */
static void finish(struct fetch *fetch, const char *why)
{
    struct run *run = fetch->of;

    fetch->seen.at = fetch->at;
    fetch->seen.status = fetch->has_head ? fetch->head.status : 0;
    if (why)
        snprintf(fetch->seen.detail, sizeof(fetch->seen.detail), "%s", why);
    else
        fetch->seen.body =
            hf_view_from(hf_buf_peek(&fetch->in), fetch->head.len);
    run->done(run->user, &fetch->seen);
    clear(fetch);
    fetch->of = run;
    run->ended++;
    if (run->next < run->count)
        start_next(fetch);
    else if (run->ended == run->count)
        hf_loop_stop(run->loop);
}

static void HF_PRINTF(2, 3) fail(struct fetch *fetch, const char *format, ...)
{
    char why[sizeof(fetch->seen.detail)];
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    finish(fetch, why);
}

static size_t max_body(const struct fetch *fetch)
{
    size_t max = fetch->of->ask[fetch->at].max;

    return max < INT32_MAX ? max : INT32_MAX;
}

/* Returns false when the fetch has ended. */
static bool accept_head(struct fetch *fetch)
{
    const struct hf_http_head *head = &fetch->head;
    char text[160];

    fetch->has_head = true;
    if (head->status >= 300 && head->status <= 399 && head->location.len > 0) {
        hf_http_safe(head->location, text, sizeof(text));
        fail(fetch, "HTTP %d to \"%s\"; redirects are not followed",
             head->status, text);
    } else if (head->status != 200) {
        hf_http_safe(head->reason, text, sizeof(text));
        fail(fetch, "HTTP %d %s", head->status, text);
    } else if (head->chunked) {
        fail(fetch, "the server answers HTTP/1.0 with a transfer coding");
    } else if (head->has_length && head->length > max_body(fetch)) {
        fail(fetch, "the file has %llu bytes, more than the %zu allowed",
             (unsigned long long)head->length, max_body(fetch));
    } else {
        return true;
    }
    return false;
}

static void ended_by_server(struct fetch *fetch)
{
    if (!fetch->has_head)
        fail(fetch, "the server closed the connection without an answer");
    else if (fetch->head.has_length)
        fail(fetch, "the server closed the connection after %zu of %llu bytes",
             fetch->in.len - fetch->head.len,
             (unsigned long long)fetch->head.length);
    else
        finish(fetch, NULL);
}

/* Returns false when the fetch has ended. */
static bool got_bytes(struct fetch *fetch)
{
    size_t body;

    if (!fetch->has_head) {
        enum hf_http is =
            hf_http_head_read(hf_buf_peek(&fetch->in), &fetch->head);

        if (is == HF_HTTP_BAD) {
            fail(fetch, "the answer is not HTTP, or its head is over %d bytes",
                 HF_HTTP_HEAD_MAX);
            return false;
        }
        if (is == HF_HTTP_MORE)
            return true;
        if (!accept_head(fetch))
            return false;
    }
    body = fetch->in.len - fetch->head.len;
    if (fetch->head.has_length && body >= fetch->head.length) {
        fetch->in.len = fetch->head.len + (size_t)fetch->head.length;
        finish(fetch, NULL);
        return false;
    }
    if (body > max_body(fetch)) {
        fail(fetch, "the file has more than the %zu bytes allowed",
             max_body(fetch));
        return false;
    }
    return true;
}

static void on_readable(struct fetch *fetch)
{
    uint8_t bytes[READ_STEP];
    ssize_t n = recv(fetch->fd, bytes, sizeof(bytes), 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        fail(fetch, "the connection broke: %s", strerror(errno));
        return;
    }
    if (n == 0) {
        ended_by_server(fetch);
        return;
    }
    hf_buf_add(&fetch->in, bytes, (size_t)n);
    if (fetch->in.bad == HF_E_NOMEM) {
        fail(fetch, "no memory for the file");
        return;
    }
    (void)got_bytes(fetch);
}

static void on_writable(struct fetch *fetch);

static void on_io(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    if (what & EV_WRITE)
        on_writable(arg);
    else
        on_readable(arg);
}

static void wait_for(struct fetch *fetch, short what)
{
    if (event_initialized(&fetch->io))
        event_del(&fetch->io);
    if (event_assign(&fetch->io, fetch->of->loop->base, fetch->fd,
                     (short)(what | EV_PERSIST), on_io, fetch) < 0 ||
        event_add(&fetch->io, NULL) < 0)
        fail(fetch, "no memory to wait for the server");
}

static void on_writable(struct fetch *fetch)
{
    ssize_t n = send(fetch->fd, fetch->out.ptr + fetch->sent,
                     fetch->out.len - fetch->sent, MSG_NOSIGNAL);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        fail(fetch, "the connection broke: %s", strerror(errno));
        return;
    }
    fetch->sent += (size_t)n;
    if (fetch->sent == fetch->out.len)
        wait_for(fetch, EV_READ);
}

static void write_request(struct fetch *fetch)
{
    const struct hf_url *url = &fetch->url;
    struct hf_buf *out = &fetch->out;
    char place[300], port[8] = "";

    if (url->port != 80)
        snprintf(port, sizeof(port), ":%u", (unsigned)url->port);
    snprintf(place, sizeof(place), "%s%s%s%s", url->is_v6 ? "[" : "", url->host,
             url->is_v6 ? "]" : "", port);
    hf_buf_init(out, HF_HTTP_HEAD_MAX);
    hf_buf_text(out, "GET ");
    if (fetch->proxy)
        hf_buf_printf(out, "http://%s", place);
    if (url->target.len == 0 || url->target.ptr[0] != '/')
        hf_buf_text(out, "/");
    hf_buf_view(out, url->target);
    hf_buf_printf(out,
                  " HTTP/1.0\r\nHost: %s\r\nUser-Agent: holdfast\r\n"
                  "Connection: close\r\n",
                  place);
    if (fetch->proxy && fetch->proxy->authorization)
        hf_buf_printf(out, "Proxy-Authorization: %s\r\n",
                      fetch->proxy->authorization);
    hf_buf_text(out, "\r\n");
}

static void on_reached(void *user, const struct hf_reached *reached)
{
    struct fetch *fetch = user;

    fetch->fd = reached->fd;
    if (reached->end != HF_REACH_OPEN) {
        fail(fetch, "%s", reached->detail);
        return;
    }
    write_request(fetch);
    if (fetch->out.bad)
        fail(fetch, "no memory for the request");
    else
        wait_for(fetch, EV_WRITE);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct fetch *fetch = arg;

    (void)fd;
    (void)what;
    if (fetch->fd < 0)
        fail(fetch, "could not connect to '%.100s' within %d ms",
             fetch->url.host, fetch->of->ms);
    else
        fail(fetch, "not complete within %d ms (%zu bytes came)", fetch->of->ms,
             fetch->in.len);
}

static void on_first(evutil_socket_t fd, short what, void *arg)
{
    struct fetch *fetch = arg;
    struct run *run = fetch->of;
    struct hf_reach_ask ask = { .resolve_ms = run->ms,
                                .connect_ms = run->ms,
                                .fn = on_reached,
                                .user = fetch };
    struct hf_err err;

    (void)fd;
    (void)what;
    if (hf_url_read(run->ask[fetch->at].url, &fetch->url, &err) < 0) {
        fail(fetch, "%s", err.frame[0].text);
        return;
    }
    fetch->proxy =
        hf_proxy_for(run->proxy, false, fetch->url.host, fetch->url.port);
    ask.host = fetch->url.host;
    ask.port = fetch->url.port;
    ask.proxy = fetch->proxy;
    evtimer_assign(&fetch->deadline, run->loop->base, on_deadline, fetch);
    if (hf_loop_after(&fetch->deadline, run->ms, &err) < 0 ||
        hf_reach_start(run->loop, &ask, &fetch->reach, &err) < 0)
        fail(fetch, "%s", err.frame[0].text);
}

static void start_next(struct fetch *fetch)
{
    struct run *run = fetch->of;

    fetch->busy = true;
    fetch->at = run->next++;
    fetch->fd = -1;
    memset(&fetch->seen, 0, sizeof(fetch->seen));
    /* the head, the body, and the read that shows that it is too long */
    hf_buf_init(&fetch->in, HF_HTTP_HEAD_MAX + max_body(fetch) + 2 * READ_STEP);
    evtimer_assign(&fetch->deadline, run->loop->base, on_first, fetch);
    hf_loop_soon(&fetch->deadline);
}

/* sizes: what to fetch, on which way, and whom to tell are three pairs */
int hf_fetch_all(struct hf_loop *loop, const struct hf_proxy_conf *proxy,
                 const struct hf_fetch_ask *ask, size_t count, int deadline_ms,
                 hf_fetch_fn *done, void *user, struct hf_err *err)
{
    struct run *run;
    int rc;

    if (count == 0)
        return 0;
    run = calloc(1, sizeof(*run));
    if (!run)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for fetching");
    run->loop = loop;
    run->proxy = proxy;
    run->ask = ask;
    run->count = count;
    run->ms = deadline_ms > 0 ? deadline_ms : WAIT_MS;
    run->done = done;
    run->user = user;
    for (unsigned i = 0; i < PARALLEL && run->next < count; i++) {
        run->fetch[i].of = run;
        start_next(&run->fetch[i]);
    }
    rc = hf_loop_run(loop, err);
    for (unsigned i = 0; i < PARALLEL; i++)
        clear(&run->fetch[i]);
    free(run);
    return rc;
}
