/* SPDX-License-Identifier: Apache-2.0 */
/* look_bench.c - many hosts looked at and judged, against bare OpenSSL
 * handshakes with the same servers, in one run: which share of what the machine
 * can do is left.
 *
 * look_bench NAME PORT HOSTS PARALLEL ROUNDS ANCHORS.pem
 * The hosts are 127.0.0.1 at PORT, PORT + 1 and on. Both sides shake hands once
 * with every host, by turns, ROUNDS times; medians are told. Every host must be
 * found trusted by ANCHORS.
 *
 * The bare side is made as fast as plain OpenSSL goes: epoll, one SSL_CTX, no
 * chain building, no session kept, whole flights read at once. It looks at
 * nothing it gets. */
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/load.h"
#include "probe/hosts.h"

#define ROUNDS_MAX 25

struct bench {
    uint16_t port;
    size_t hosts;
    unsigned parallel;
    struct hf_certs anchors;
};

/* --- bare ------------------------------------------------------------------
 */

struct bare {
    const struct bench *bench;
    SSL_CTX *ctx;
    int epoll;
    size_t next, done, failed;
};

struct conn {
    int fd;
    SSL *ssl;
};

static int accept_all(X509_STORE_CTX *ctx, void *unused)
{
    (void)ctx;
    (void)unused;
    return 1;
}

static SSL_CTX *bare_ctx(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    if (!ctx)
        return NULL;
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_cert_verify_callback(ctx, accept_all, NULL);
    return ctx;
}

static int bare_start(struct bare *bare, struct conn *conn)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
                                 .data.ptr = conn };

    to.sin_port = htons((uint16_t)(bare->bench->port + bare->next++));
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    conn->ssl = SSL_new(bare->ctx);
    if (conn->fd < 0 || !conn->ssl || !SSL_set_fd(conn->ssl, conn->fd) ||
        (connect(conn->fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
         errno != EINPROGRESS) ||
        epoll_ctl(bare->epoll, EPOLL_CTL_ADD, conn->fd, &event) < 0)
        return -1;
    SSL_set_connect_state(conn->ssl);
    return 0;
}

static int bare_step(struct bare *bare, struct conn *conn)
{
    int rc = SSL_connect(conn->ssl);
    int error = rc == 1 ? 0 : SSL_get_error(conn->ssl, rc);

    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return 0;
    bare->failed += rc != 1;
    bare->done++;
    SSL_free(conn->ssl);
    close(conn->fd);
    *conn = (struct conn){ -1, NULL };
    return bare->next < bare->bench->hosts ? bare_start(bare, conn) : 0;
}

static int bare_loop(struct bare *bare)
{
    struct epoll_event event[64];

    while (bare->done < bare->bench->hosts) {
        int n = epoll_wait(bare->epoll, event, 64, 10000);

        if (n <= 0)
            return -1;
        for (int i = 0; i < n; i++) {
            struct conn *conn = event[i].data.ptr;

            /* not yet connected: the next edge says so */
            if (conn->ssl && event[i].events & (EPOLLIN | EPOLLOUT) &&
                bare_step(bare, conn) < 0)
                return -1;
        }
    }
    return bare->failed ? -1 : 0;
}

static int bare_all(const struct bench *bench)
{
    struct bare bare = { .bench = bench,
                         .epoll = epoll_create1(EPOLL_CLOEXEC) };
    HF_AUTO(hf_free_ptr)
    struct conn *conn = calloc(bench->parallel, sizeof(*conn));
    int rc = -1;

    bare.ctx = bare_ctx();
    if (conn && bare.ctx && bare.epoll >= 0) {
        rc = 0;
        for (unsigned i = 0; i < bench->parallel && rc == 0; i++)
            if (bare.next < bench->hosts)
                rc = bare_start(&bare, &conn[i]);
        if (rc == 0)
            rc = bare_loop(&bare);
    }
    SSL_CTX_free(bare.ctx);
    if (bare.epoll >= 0)
        close(bare.epoll);
    return rc;
}

/* --- looks -----------------------------------------------------------------
 */

static bool all_good(const struct hf_host *host, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!host[i].judged || !host[i].verdict.good) {
            fprintf(stderr, "%s: %s\n", host[i].label, host[i].seen.detail);
            return false;
        }
    return true;
}

/* As the doctor does it: resolve, connect, shake hands, judge. */
static int look_all(const struct bench *bench)
{
    HF_AUTO(hf_loop_freep) struct hf_loop *loop = NULL;
    HF_AUTO(hf_free_ptr)
    struct hf_host *host = calloc(bench->hosts, sizeof(*host));
    struct hf_hosts_conf conf = { .look = { .parallel = bench->parallel },
                                  .at_s = time(NULL),
                                  .clock_is_now = true,
                                  .fetch = true };
    struct hf_trust trust;
    struct hf_err err;
    int rc = -1;

    if (!host ||
        hf_trust_init(&trust, NULL, &bench->anchors, NULL, NULL, &err) < 0)
        return -1;
    for (size_t i = 0; i < bench->hosts; i++)
        host[i].target = (struct hf_hostport){
            .host = "127.0.0.1",
            .port = (uint16_t)(bench->port + i),
            .is_ip = true,
        };
    conf.trust = &trust;
    if (hf_loop_new(&loop, &err) == 0) {
        conf.loop = loop;
        if (hf_hosts_look(&conf, host, bench->hosts, &err) == 0 &&
            all_good(host, bench->hosts))
            rc = 0;
    }
    hf_hosts_done(host, bench->hosts);
    hf_trust_done(&trust);
    return rc;
}

/* --- measuring -------------------------------------------------------------
 */

static double seconds(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *value, int count)
{
    qsort(value, (size_t)count, sizeof(*value), ascending);
    return value[count / 2];
}

static int load_anchors(struct bench *bench, const char *path)
{
    struct hf_load load;
    struct hf_err err;

    if (hf_load_file(path, NULL, &load, &err) < 0)
        return -1;
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(&bench->anchors, load.item[i].cert);
    hf_load_done(&load);
    return bench->anchors.count > 0 ? 0 : -1;
}

/* Rates of one side, and what it costs this process: the server shares the
 * machine, so that the rate alone hides a part of a difference. */
struct side {
    double per_s[ROUNDS_MAX], cpu_us[ROUNDS_MAX];
};

static int run(const struct bench *bench, bool look, struct side *side, int at)
{
    double hosts = (double)bench->hosts;
    double wall = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

    if ((look ? look_all(bench) : bare_all(bench)) < 0)
        return -1;
    side->per_s[at] = hosts / (seconds(CLOCK_MONOTONIC) - wall);
    side->cpu_us[at] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6 / hosts;
    return 0;
}

static int measure(const struct bench *bench, const char *name, int rounds)
{
    static struct side bare, look;

    for (int i = 0; i < rounds; i++)
        if (run(bench, false, &bare, i) < 0 || run(bench, true, &look, i) < 0)
            return -1;
    printf("look_%s hosts=%zu parallel=%u rounds=%d bare_per_s=%.0f "
           "look_per_s=%.0f bare_cpu_us=%.0f look_cpu_us=%.0f ratio=%.2f\n",
           name, bench->hosts, bench->parallel, rounds,
           median(bare.per_s, rounds), median(look.per_s, rounds),
           median(bare.cpu_us, rounds), median(look.cpu_us, rounds),
           median(look.per_s, rounds) / median(bare.per_s, rounds));
    return 0;
}

int main(int argc, char **argv)
{
    struct bench bench = { 0 };
    long rounds;
    int rc;

    if (argc != 7)
        return 2;
    bench.port = (uint16_t)strtol(argv[2], NULL, 10);
    bench.hosts = (size_t)strtol(argv[3], NULL, 10);
    bench.parallel = (unsigned)strtol(argv[4], NULL, 10);
    rounds = strtol(argv[5], NULL, 10);
    if (bench.port == 0 || bench.hosts < 1 ||
        bench.hosts > 65535u - bench.port || bench.parallel < 1 ||
        bench.parallel > 4096 || rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    rc = load_anchors(&bench, argv[6]) < 0
             ? -1
             : measure(&bench, argv[1], (int)rounds);
    if (rc < 0)
        fprintf(stderr, "look_bench: a host failed\n");
    hf_certs_done(&bench.anchors);
    return rc < 0;
}
