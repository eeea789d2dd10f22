/* SPDX-License-Identifier: Apache-2.0 */
/* net_look.c - what net/ sees of servers, as lines for a test.
 *
 * net_look look [key=value...] HOST PORT [HOST PORT...]
 *     keys: connect, handshake, resolve (ms), parallel, date, sni
 *     at=N end=E finished=B alert=N ... detail="..."
 * net_look fetch [key=value...] URL...
 *     keys: max (bytes), ms
 *     at=N status=N bytes=N detail="..."
 * The proxy variables of the environment hold. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "net/fetch.h"
#include "net/look.h"
#include "net/proxy.h"

#define ASKS_MAX 256

struct opts {
    struct hf_look_conf look;
    int ms;
    size_t max;
    bool date;
    const char *sni;
};

static int ticks;

static void on_tick(void *user)
{
    (void)user;
    ticks++;
}

static const char *getenv_const(const char *name)
{
    return getenv(name);
}

/* Takes a leading key=value off; returns how many words it took. */
static int read_opts(int argc, char **argv, struct opts *opts)
{
    int used = 0;

    for (; used < argc && strchr(argv[used], '=') &&
           islower((unsigned char)argv[used][0]) && !strstr(argv[used], "://");
         used++) {
        const char *value = strchr(argv[used], '=') + 1;
        int n = (int)strtol(value, NULL, 10);
        size_t key = (size_t)(value - 1 - argv[used]);
        struct hf_view name = hf_view(argv[used], key);

        if (hf_view_is(name, "connect"))
            opts->look.connect_ms = n;
        else if (hf_view_is(name, "handshake"))
            opts->look.handshake_ms = n;
        else if (hf_view_is(name, "resolve"))
            opts->look.resolve_ms = n;
        else if (hf_view_is(name, "parallel"))
            opts->look.parallel = (unsigned)n;
        else if (hf_view_is(name, "date"))
            opts->date = n != 0;
        else if (hf_view_is(name, "sni"))
            opts->sni = value;
        else if (hf_view_is(name, "max"))
            opts->max = (size_t)n;
        else if (hf_view_is(name, "ms"))
            opts->ms = n;
    }
    return used;
}

static void on_seen(void *user, const struct hf_look_seen *seen)
{
    char hash[2 * HF_SHA256_LEN + 1], first[2 * 16 + 1];

    (void)user;
    hf_hex(hf_view(seen->first_bytes, seen->first_len), first);
    printf("at=%zu end=%s finished=%d alert=%d version=%s cipher=%s hello=%d "
           "client_cert=%d sct=%d staple=%zu date=%lld connect=%d "
           "handshake=%d address=%s proxy=%s first=%s certs=%zu",
           seen->at, hf_look_end_name(seen->end), seen->finished, seen->alert,
           seen->version, seen->cipher, seen->hello_answered,
           seen->client_cert_asked, seen->has_sct, seen->staple.len,
           (long long)seen->date_s, (int)seen->connect_ms,
           (int)seen->handshake_ms, seen->address, seen->proxy, first,
           seen->served.count);
    for (size_t i = 0; i < seen->served.count; i++) {
        hf_hex(hf_view(hf_cert_sha256(seen->served.cert[i]), HF_SHA256_LEN),
               hash);
        printf(" cert%zu=%s", i, hash);
    }
    printf(" detail=\"%s\"\n", seen->detail);
    fflush(stdout);
}

static void on_fetched(void *user, const struct hf_fetch_seen *seen)
{
    (void)user;
    printf("at=%zu status=%d bytes=%zu detail=\"%s\"\n", seen->at, seen->status,
           seen->body.len, seen->detail);
    fflush(stdout);
}

static int look(struct hf_loop *loop, const struct opts *opts, char **words,
                int count, struct hf_err *err)
{
    struct hf_look_ask ask[ASKS_MAX];
    size_t asks = 0;

    for (int i = 0; i + 1 < count && asks < ASKS_MAX; i += 2)
        ask[asks++] = (struct hf_look_ask){
            .host = words[i],
            .port = (uint16_t)strtol(words[i + 1], NULL, 10),
            .sni = opts->sni,
            .ask_date = opts->date,
        };
    return hf_look_all(loop, &opts->look, ask, asks, on_seen, NULL, err);
}

static int fetch(struct hf_loop *loop, const struct opts *opts, char **words,
                 int count, struct hf_err *err)
{
    struct hf_fetch_ask ask[ASKS_MAX];
    size_t asks = 0;

    for (int i = 0; i < count && asks < ASKS_MAX; i++)
        ask[asks++] = (struct hf_fetch_ask){ words[i], opts->max };
    return hf_fetch_all(loop, opts->look.proxy, ask, asks, opts->ms, on_fetched,
                        NULL, err);
}

static int run(struct opts *opts, int argc, char **argv, struct hf_err *err)
{
    HF_AUTO(hf_proxy_freep) struct hf_proxy_conf *proxy = NULL;
    HF_AUTO(hf_loop_freep) struct hf_loop *loop = NULL;
    bool looks = strcmp(argv[1], "look") == 0;
    int used = 2 + read_opts(argc - 2, argv + 2, opts);

    if (hf_proxy_read(getenv_const, &proxy, err) < 0 ||
        hf_loop_new(&loop, err) < 0 ||
        hf_loop_tick(loop, 20, on_tick, NULL, err) < 0)
        return err->code;
    opts->look.proxy = proxy;
    return looks ? look(loop, opts, argv + used, argc - used, err)
                 : fetch(loop, opts, argv + used, argc - used, err);
}

int main(int argc, char **argv)
{
    struct opts opts = { .max = 65536 };
    struct hf_err err;
    char text[512];

    if (argc < 2)
        return 2;
    if (run(&opts, argc, argv, &err) < 0) {
        hf_err_text(&err, text, sizeof(text));
        printf("error=\"%s\"\n", text);
        return 1;
    }
    printf("ticks=%d\n", ticks);
    return 0;
}
