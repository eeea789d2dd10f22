/* SPDX-License-Identifier: Apache-2.0 */
/* net/look_test.c - looks and fetches without memory, and with nothing to do;
 * on the loopback, at a port that nobody listens on. */
#include "net/look.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <unistd.h>

#include "hf_oom.h"
#include "hf_test.h"
#include "net/fetch.h"

struct tally {
    struct hf_err *err;
    int calls, closed, no_memory;
};

/* A port that is taken, so that nobody else listens on it, but closed. */
static int closed_port(uint16_t *ret_port)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &len) == 0)
        *ret_port = ntohs(at.sin_port);
    return fd;
}

static void note(struct tally *tally, bool closed, const char *detail)
{
    tally->calls++;
    tally->closed += closed;
    if (strstr(detail, "memory")) {
        tally->no_memory++;
        (void)HF_FAIL(tally->err, HF_E_NOMEM, "%s", detail);
    }
}

static void on_seen(void *user, const struct hf_look_seen *seen)
{
    note(user, seen->end == HF_LOOK_CLOSED, seen->detail);
}

static void on_fetched(void *user, const struct hf_fetch_seen *seen)
{
    note(user, strstr(seen->detail, "refused") != NULL, seen->detail);
}

/* One host looked at, one file fetched, neither there. */
static int use_all(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_loop_freep) struct hf_loop *loop = NULL;
    const uint16_t *port = arg;
    struct hf_look_ask look = { .host = "127.0.0.1", .port = *port };
    struct tally tally = { .err = err };
    struct hf_fetch_ask fetch;
    char url[64];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u/", (unsigned)*port);
    fetch = (struct hf_fetch_ask){ url, 1000 };
    if (hf_loop_new(&loop, err) < 0 ||
        hf_look_all(loop, NULL, &look, 1, on_seen, &tally, err) < 0 ||
        hf_fetch_all(loop, NULL, &fetch, 1, 1000, on_fetched, &tally, err) < 0)
        return hf_err_code(err);
    if (tally.no_memory > 0)
        return hf_err_code(err);
    if (tally.calls == 2 && tally.closed == 2)
        return 0;
    return HF_FAIL(err, HF_E_NET, "%d calls, %d closed", tally.calls,
                   tally.closed);
}

static void test_nothing(void)
{
    HF_AUTO(hf_loop_freep) struct hf_loop *loop = NULL;
    struct hf_err err;

    HF_CHECK(hf_loop_new(&loop, &err) == 0, "a loop");
    if (!loop)
        return;
    HF_CHECK(hf_look_all(loop, NULL, NULL, 0, on_seen, NULL, &err) == 0,
             "no host: nothing to do");
    HF_CHECK(hf_fetch_all(loop, NULL, NULL, 0, 0, on_fetched, NULL, &err) == 0,
             "no file: nothing to do");
    HF_CHECK(hf_loop_tick(loop, 0, free, NULL, &err) == HF_E_USAGE,
             "a tick needs a time");
}

int main(void)
{
    uint16_t port = 0;
    int fd = closed_port(&port);

    test_nothing();
    HF_CHECK(fd >= 0 && port > 0, "a closed port");
    hf_oom_test("look and fetch", HF_OOM_OURS, use_all, &port);
    if (fd >= 0)
        close(fd);
    return hf_test_end();
}
