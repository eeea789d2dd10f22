/* SPDX-License-Identifier: Apache-2.0 */
/* net/tunnel.c - through an HTTP proxy to a host: CONNECT. */
#include "net/tunnel.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "net/loop_in.h"

#define WHY_ROOM 200

struct hf_tunnel {
    struct hf_tunnel_ask ask; /* host and authorization are not used later */
    struct event ready, deadline;
    struct hf_buf out;
    size_t sent;
    size_t got;
    uint8_t in[HF_HTTP_HEAD_MAX];
};

/* The callback may free the tunnel: nothing is touched after. */
static void finish(struct hf_tunnel *tunnel, const char *why)
{
    event_del(&tunnel->ready);
    event_del(&tunnel->deadline);
    tunnel->ask.fn(tunnel->ask.user, why);
}

static void finish_sys(struct hf_tunnel *tunnel, const char *what, int sys)
{
    char why[WHY_ROOM];

    snprintf(why, sizeof(why), "%s: %s", what, strerror(sys));
    finish(tunnel, why);
}

static void judge_head(struct hf_tunnel *tunnel,
                       const struct hf_http_head *head)
{
    char reason[120], why[WHY_ROOM];

    if (head->status >= 200 && head->status <= 299) {
        finish(tunnel, NULL);
        return;
    }
    hf_http_safe(head->reason, reason, sizeof(reason));
    snprintf(
        why, sizeof(why), "the proxy answered %d %s%s", head->status, reason,
        head->status == 407 ? " (it wants a user name and a password)" : "");
    finish(tunnel, why);
}

static void not_http(struct hf_tunnel *tunnel)
{
    char text[60], why[WHY_ROOM];

    hf_http_safe(hf_view(tunnel->in, tunnel->got), text, sizeof(text));
    snprintf(why, sizeof(why), "the proxy's answer is not HTTP: \"%s\"", text);
    finish(tunnel, why);
}

/* Looks at what has come without taking it, then takes the head and nothing
 * else. */
static void on_readable(struct hf_tunnel *tunnel)
{
    struct hf_http_head head;
    uint8_t *at = tunnel->in + tunnel->got;
    size_t take;
    ssize_t n =
        recv(tunnel->ask.fd, at, sizeof(tunnel->in) - tunnel->got, MSG_PEEK);
    enum hf_http is;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        finish_sys(tunnel, "the proxy broke the connection", errno);
        return;
    }
    if (n == 0) {
        finish(tunnel, "the proxy closed the connection without an answer");
        return;
    }
    is = hf_http_head_read(hf_view(tunnel->in, tunnel->got + (size_t)n), &head);
    take = is == HF_HTTP_HEAD ? head.len - tunnel->got : (size_t)n;
    if (recv(tunnel->ask.fd, at, take, 0) != (ssize_t)take) {
        finish(tunnel, "the proxy broke the connection");
        return;
    }
    tunnel->got += take;
    if (is == HF_HTTP_HEAD)
        judge_head(tunnel, &head);
    else if (is == HF_HTTP_BAD)
        not_http(tunnel);
}

static void wait_for(struct hf_tunnel *tunnel, short what);

static void on_writable(struct hf_tunnel *tunnel)
{
    ssize_t n = send(tunnel->ask.fd, tunnel->out.ptr + tunnel->sent,
                     tunnel->out.len - tunnel->sent, MSG_NOSIGNAL);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        finish_sys(tunnel, "the proxy broke the connection", errno);
        return;
    }
    tunnel->sent += (size_t)n;
    if (tunnel->sent == tunnel->out.len)
        wait_for(tunnel, EV_READ);
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
    struct hf_tunnel *tunnel = arg;

    (void)fd;
    if (what & EV_WRITE)
        on_writable(tunnel);
    else
        on_readable(tunnel);
}

static void wait_for(struct hf_tunnel *tunnel, short what)
{
    event_del(&tunnel->ready);
    if (event_assign(&tunnel->ready, event_get_base(&tunnel->ready),
                     tunnel->ask.fd, (short)(what | EV_PERSIST), on_ready,
                     tunnel) < 0 ||
        event_add(&tunnel->ready, NULL) < 0)
        finish(tunnel, "no memory to wait for the proxy");
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct hf_tunnel *tunnel = arg;
    char why[WHY_ROOM];

    (void)fd;
    (void)what;
    snprintf(why, sizeof(why), "no answer from the proxy within %d ms",
             tunnel->ask.ms);
    finish(tunnel, why);
}

static void write_request(struct hf_tunnel *tunnel)
{
    const struct hf_tunnel_ask *ask = &tunnel->ask;
    bool v6 = strchr(ask->host, ':') != NULL;
    char to[300];

    snprintf(to, sizeof(to), "%s%s%s:%u", v6 ? "[" : "", ask->host,
             v6 ? "]" : "", (unsigned)ask->port);
    hf_buf_init(&tunnel->out, HF_HTTP_HEAD_MAX);
    hf_buf_printf(&tunnel->out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", to, to);
    if (ask->authorization)
        hf_buf_printf(&tunnel->out, "Proxy-Authorization: %s\r\n",
                      ask->authorization);
    hf_buf_text(&tunnel->out, "User-Agent: holdfast\r\n\r\n");
}

int hf_tunnel_start(struct hf_loop *loop, const struct hf_tunnel_ask *ask,
                    struct hf_tunnel **ret_tunnel, struct hf_err *err)
{
    struct hf_tunnel *tunnel = calloc(1, sizeof(*tunnel));

    if (!tunnel)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a tunnel");
    tunnel->ask = *ask;
    write_request(tunnel);
    if (hf_buf_check(&tunnel->out, err) < 0 ||
        evtimer_assign(&tunnel->deadline, loop->base, on_deadline, tunnel) ||
        event_assign(&tunnel->ready, loop->base, ask->fd, EV_WRITE | EV_PERSIST,
                     on_ready, tunnel) ||
        event_add(&tunnel->ready, NULL) ||
        hf_loop_after(&tunnel->deadline, ask->ms, err) < 0) {
        hf_tunnel_free(tunnel);
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a tunnel");
    }
    tunnel->ask.host = NULL;
    tunnel->ask.authorization = NULL;
    *ret_tunnel = tunnel;
    return 0;
}

void hf_tunnel_free(struct hf_tunnel *tunnel)
{
    if (!tunnel)
        return;
    if (event_initialized(&tunnel->ready))
        event_del(&tunnel->ready);
    if (event_initialized(&tunnel->deadline))
        event_del(&tunnel->deadline);
    hf_buf_done(&tunnel->out);
    free(tunnel);
}
