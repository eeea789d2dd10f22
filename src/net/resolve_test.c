/* SPDX-License-Identifier: Apache-2.0 */
/* net/resolve_test.c - the pool of resolvers, with a resolver that behaves as
 * badly as the test asks; no name server is asked. */
#include "net/resolve.h"

#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "hf_test.h"
#include "net/resolve_child.h"
#include "plat/clock.h"

/* In a child: the name says how to behave. */
static void behave(const char *host, uint16_t port,
                   struct hf_resolved *ret_found)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };

    if (strcmp(host, "stuck.test") == 0)
        pause();
    if (strcmp(host, "crash.test") == 0)
        raise(SIGKILL);
    if (strcmp(host, "lie.test") == 0) {
        ret_found->addrs.count = 1000;
        return;
    }
    if (strcmp(host, "slow.test") == 0)
        poll(NULL, 0, 20);
    if (strcmp(host, "none.test") == 0) {
        snprintf(ret_found->why, sizeof(ret_found->why), "no such name");
        return;
    }
    v4.sin_addr.s_addr = htonl(0xc0000201);
    hf_addrs_add(&ret_found->addrs, (struct sockaddr *)&v4, port);
}

struct asked {
    struct event_base *base;
    struct hf_lookup *lookup;
    struct hf_resolved found;
    int calls;
    int *open; /* how many are to come */
};

static void on_found(void *user, const struct hf_resolved *found)
{
    struct asked *asked = user;

    asked->found = *found;
    asked->calls++;
    hf_lookup_free(asked->lookup);
    asked->lookup = NULL;
    if (--*asked->open == 0)
        event_base_loopbreak(asked->base);
}

/* Asks for all names at once and waits for all answers. */
static bool ask_all(struct event_base *base, struct hf_resolver *resolver,
                    const char *const *names, struct asked *asked, int count,
                    int ms)
{
    struct hf_err err;
    int open = count;

    for (int i = 0; i < count; i++) {
        struct hf_lookup_ask ask = { names[i], 443, ms, on_found, &asked[i] };

        asked[i] = (struct asked){ .base = base, .open = &open };
        if (hf_lookup_start(resolver, &ask, &asked[i].lookup, &err) < 0)
            return false;
    }
    event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY);
    return open == 0;
}

static void test_answers(struct event_base *base, struct hf_resolver *resolver)
{
    static const char *const names[] = { "good.test",  "none.test",
                                         "crash.test", "lie.test",
                                         "stuck.test", "good.test" };
    struct asked asked[6];
    int64_t began = hf_clock_monotonic_ms();
    char text[HF_ADDR_TEXT];

    HF_CHECK(ask_all(base, resolver, names, asked, 6, 200),
             "every question is answered");
    HF_CHECK(asked[0].found.addrs.count == 1 &&
                 strcmp(hf_addr_text(&asked[0].found.addrs.addr[0], text),
                        "192.0.2.1") == 0 &&
                 ntohs(asked[0].found.addrs.addr[0].at.v4.sin_port) == 443,
             "a name that resolves");
    HF_CHECK(asked[1].found.addrs.count == 0 &&
                 strcmp(asked[1].found.why, "no such name") == 0,
             "a name that does not: the resolver's own reason");
    HF_CHECK(asked[2].found.addrs.count == 0 &&
                 strstr(asked[2].found.why, "crashed"),
             "a resolver that crashes: '%s'", asked[2].found.why);
    HF_CHECK(asked[3].found.addrs.count == 0 && asked[3].found.why[0],
             "an answer that cannot be is not believed");
    HF_CHECK(strstr(asked[4].found.why, "within 200 ms"),
             "a resolver that is stuck: '%s'", asked[4].found.why);
    HF_CHECK(asked[5].found.addrs.count == 1, "the others are not held up");
    HF_CHECK(hf_clock_monotonic_ms() - began < 900, "the deadline holds");
}

static void test_crowd(struct event_base *base, struct hf_resolver *resolver)
{
    enum { CROWD = 3 * HF_RESOLVERS_MAX };
    const char *names[CROWD];
    struct asked asked[CROWD];
    int good = 0;

    for (int i = 0; i < CROWD; i++)
        names[i] = i < HF_RESOLVERS_MAX ? "stuck.test" : "slow.test";
    /* all resolvers stuck: those behind wait for their replacements */
    if (ask_all(base, resolver, names, asked, CROWD, 150))
        for (int i = 0; i < CROWD; i++)
            good += asked[i].calls == 1;
    HF_CHECK(good == CROWD, "a crowd behind stuck resolvers: %d of %d", good,
             CROWD);
    for (int i = 0; i < CROWD; i++)
        names[i] = "slow.test";
    good = 0;
    if (ask_all(base, resolver, names, asked, CROWD, 2000))
        for (int i = 0; i < CROWD; i++)
            good += asked[i].found.addrs.count == 1;
    HF_CHECK(good == CROWD, "replaced: %d of %d resolve afterwards", good,
             CROWD);
}

static void test_taken_back(struct event_base *base,
                            struct hf_resolver *resolver)
{
    static const char *const names[] = { "good.test" };
    struct asked never = { .calls = 0 }, asked[1];
    struct hf_lookup_ask ask = { "slow.test", 443, 1000, on_found, &never };
    struct hf_err err;
    int rc = hf_lookup_start(resolver, &ask, &never.lookup, &err);

    HF_CHECK(rc == 0, "a question is put");
    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK); /* under way */
    hf_lookup_free(never.lookup);
    HF_CHECK(ask_all(base, resolver, names, asked, 1, 1000) &&
                 asked[0].found.addrs.count == 1,
             "the next one gets its own answer");
    HF_CHECK(never.calls == 0, "the one taken back gets none");
}

/* A child holds the descriptors we hold: none. */
static void count_files(const char *host, uint16_t port,
                        struct hf_resolved *ret_found)
{
    int open = 0;

    (void)host;
    (void)port;
    for (int fd = 3; fd < 1024; fd++)
        open += fcntl(fd, F_GETFD) >= 0;
    snprintf(ret_found->why, sizeof(ret_found->why), "%d open", open);
}

static void test_files(struct event_base *base)
{
    static const char *const names[] = { "x.test" };
    HF_AUTO(hf_resolver_freep) struct hf_resolver *resolver = NULL;
    struct asked asked[1];
    struct hf_err err;
    int extra = open("/dev/null", O_RDONLY);

    HF_CHECK(hf_resolver_new(base, count_files, &resolver, &err) == 0 &&
                 ask_all(base, resolver, names, asked, 1, 2000) &&
                 strcmp(asked[0].found.why, "1 open") == 0,
             "a resolver holds its end of the pair and no other file (%s)",
             asked[0].found.why);
    if (extra >= 0)
        close(extra);
}

static void test_sound(void)
{
    struct hf_resolved found = { .addrs = { .count = 0 } };

    HF_CHECK(!hf_resolved_sound(&found, sizeof(found)),
             "sound: neither addresses nor a reason");
    found.why[0] = 'x';
    HF_CHECK(hf_resolved_sound(&found, sizeof(found)), "sound: a reason");
    HF_CHECK(!hf_resolved_sound(&found, sizeof(found) - 1), "sound: cut");
    memset(found.why, 'x', sizeof(found.why));
    HF_CHECK(!hf_resolved_sound(&found, sizeof(found)),
             "sound: a reason without end");
    found.why[0] = '\0';
    found.addrs.count = 1;
    HF_CHECK(!hf_resolved_sound(&found, sizeof(found)),
             "sound: an address of no family");
}

int main(void)
{
    struct event_base *base = event_base_new();
    HF_AUTO(hf_resolver_freep) struct hf_resolver *resolver = NULL;
    struct hf_err err;
    int rc = hf_resolver_new(base, behave, &resolver, &err);

    HF_CHECK(base && rc == 0, "a resolver");
    if (base && rc == 0) {
        test_answers(base, resolver);
        test_crowd(base, resolver);
        test_taken_back(base, resolver);
        test_files(base);
    }
    test_sound();
    hf_resolver_free(HF_STEAL(resolver));
    event_base_free(base);
    return hf_test_end();
}
