/* SPDX-License-Identifier: Apache-2.0 */
/* net/proxy_test.c - proxy variables and the hosts they are not for. */
#include "net/proxy.h"

#include "hf_oom.h"
#include "hf_test.h"

#define VARS 6

/* What get() answers: pairs of name and value. */
static const char *const *vars;

static const char *get(const char *name)
{
    for (int i = 0; i < VARS && vars[2 * i]; i++)
        if (strcmp(vars[2 * i], name) == 0)
            return vars[2 * i + 1];
    return NULL;
}

static void test_choice(void)
{
    static const struct {
        const char *name;
        const char *var[2 * VARS];
        bool tls;
        const char *host; /* of the proxy; NULL: direct */
        uint16_t port;
        const char *authorization;
    } row[] = {
        { "no variable", { NULL }, true, NULL, 0, NULL },
        { "an empty variable", { "https_proxy", "" }, true, NULL, 0, NULL },
        { "https_proxy",
          { "https_proxy", "http://p.example:3128" },
          true,
          "p.example",
          3128,
          NULL },
        { "HTTPS_PROXY",
          { "HTTPS_PROXY", "p.example:3128" },
          true,
          "p.example",
          3128,
          NULL },
        { "lower case before upper",
          { "https_proxy", "low:1", "HTTPS_PROXY", "up:2" },
          true,
          "low",
          1,
          NULL },
        { "empty lower case leaves the upper",
          { "https_proxy", "", "HTTPS_PROXY", "up:2" },
          true,
          "up",
          2,
          NULL },
        { "all_proxy for TLS", { "all_proxy", "all:3" }, true, "all", 3, NULL },
        { "ALL_PROXY for plain",
          { "ALL_PROXY", "all:3" },
          false,
          "all",
          3,
          NULL },
        { "https_proxy is not for plain",
          { "https_proxy", "p:1" },
          false,
          NULL,
          0,
          NULL },
        { "http_proxy is for plain",
          { "http_proxy", "p:1" },
          false,
          "p",
          1,
          NULL },
        { "http_proxy is not for TLS",
          { "http_proxy", "p:1" },
          true,
          NULL,
          0,
          NULL },
        { "HTTP_PROXY is nobody's",
          { "HTTP_PROXY", "p:1" },
          false,
          NULL,
          0,
          NULL },
        { "no port in a URL is 80",
          { "https_proxy", "http://p.example/" },
          true,
          "p.example",
          80,
          NULL },
        { "an IPv6 proxy",
          { "https_proxy", "http://[2001:db8::1]:8080" },
          true,
          "2001:db8::1",
          8080,
          NULL },
        { "user and password",
          { "https_proxy", "http://ann:pw@p:1" },
          true,
          "p",
          1,
          "Basic YW5uOnB3" },
        { "a percent sign in the password",
          { "https_proxy", "http://ann:p%40w@p:1" },
          true,
          "p",
          1,
          "Basic YW5uOnBAdw==" },
        { "an at sign in the password",
          { "https_proxy", "http://ann:p@w@p:1" },
          true,
          "p",
          1,
          "Basic YW5uOnBAdw==" },
        { "a user without password",
          { "https_proxy", "http://ann@p:1" },
          true,
          "p",
          1,
          "Basic YW5uOg==" },
        { "no_proxy covers",
          { "https_proxy", "p:1", "no_proxy", "host.example" },
          true,
          NULL,
          0,
          NULL },
        { "NO_PROXY covers",
          { "https_proxy", "p:1", "NO_PROXY", ".example" },
          true,
          NULL,
          0,
          NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_proxy_freep) struct hf_proxy_conf *conf = NULL;
        const struct hf_proxy *proxy = NULL;
        struct hf_err err;
        bool good;

        vars = row[i].var;
        good = hf_proxy_read(get, &conf, &err) == 0;
        if (good)
            proxy = hf_proxy_for(conf, row[i].tls, "host.example", 443);
        if (good && row[i].host)
            good = proxy && strcmp(proxy->host, row[i].host) == 0 &&
                   proxy->port == row[i].port &&
                   !proxy->authorization == !row[i].authorization &&
                   (!proxy->authorization ||
                    strcmp(proxy->authorization, row[i].authorization) == 0);
        else
            good = good && !proxy;
        HF_CHECK(good, "choice: %s", row[i].name);
    }
}

static void test_bad(void)
{
    static const struct {
        const char *name, *value;
    } row[] = {
        { "another scheme", "https://p:1" },
        { "SOCKS", "socks5://ann:hunter2@p:1080" },
        { "a host without port", "hunter2" },
        { "port 0", "http://p:0" },
        { "port too large", "http://ann:hunter2@p:70000" },
        { "a path", "http://p:1/hunter2" },
        { "no host", "http://ann:hunter2@:80" },
        { "a bad percent sign", "http://ann:hunter2%zz@p:1" },
        { "a cut percent sign", "http://ann:hunter2%4@p:1" },
        { "a line break hidden in the password", "http://ann:hunter2%0a@p:1" },
        { "a blank", "http://p hunter2:1" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const char *var[2 * VARS] = { "https_proxy", row[i].value };
        struct hf_proxy_conf *conf = NULL;
        struct hf_err err;
        char text[512] = "";
        int rc;

        vars = var;
        rc = hf_proxy_read(get, &conf, &err);
        if (rc < 0)
            hf_err_text(&err, text, sizeof(text));
        HF_CHECK(rc == HF_E_USAGE && !conf && strstr(text, "https_proxy") &&
                     !strstr(text, "hunter2"),
                 "refused, variable named, secret not: %s", row[i].name);
        hf_proxy_free(conf);
    }
}

static void test_no_proxy(void)
{
    static const struct {
        const char *list, *host;
        uint16_t port;
        bool direct;
    } row[] = {
        { "*", "anything.example", 443, true },
        { "example", "example", 443, true },
        { "example", "a.b.example", 443, true },
        { ".example", "example", 443, true },
        { ".example", "a.example", 443, true },
        { "*.example", "a.example", 443, true },
        { "EXAMPLE", "a.Example", 443, true },
        { "example.", "a.example", 443, true },
        { "example", "a.example.", 443, true },
        { "example", "notexample", 443, false },
        { "a.example", "example", 443, false },
        { "x,  example\ty", "example", 443, true },
        { ",,,", "example", 443, false },
        { ".", "example", 443, false },
        { "example:443", "a.example", 443, true },
        { "example:8443", "a.example", 443, false },
        { "example:https", "a.example", 443, false },
        { "example:0", "a.example", 443, false },
        { "192.0.2.1", "192.0.2.1", 443, true },
        { "192.0.2.1:80", "192.0.2.1", 443, false },
        { "192.0.2.1:443", "192.0.2.1", 443, true },
        { "192.0.2.1", "192.0.2.10", 443, false },
        { "2.1", "192.0.2.1", 443, false },
        { "192.0.2.0/24", "192.0.2.255", 443, true },
        { "192.0.2.0/24", "192.0.3.0", 443, false },
        { "192.0.2.0/25", "192.0.2.127", 443, true },
        { "192.0.2.0/25", "192.0.2.128", 443, false },
        { "0.0.0.0/0", "203.0.113.9", 443, true },
        { "0.0.0.0/0", "::1", 443, false },
        { "0.0.0.0/0", "name.example", 443, false },
        { "192.0.2.0/33", "192.0.2.0", 443, false },
        { "192.0.2.0/x", "192.0.2.0", 443, false },
        { "2001:db8::/32", "2001:db8:1::1", 443, true },
        { "2001:db8::/32", "2001:db9::1", 443, false },
        { "2001:db8::1", "2001:0db8:0::1", 443, true },
        { "[2001:db8::1]", "2001:db8::1", 443, true },
        { "[2001:db8::1]:8443", "2001:db8::1", 443, false },
        { "[2001:db8::1]:443", "2001:db8::1", 443, true },
        { "[2001:db8::1", "2001:db8::1", 443, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        const char *var[2 * VARS] = { "all_proxy", "p:1", "no_proxy",
                                      row[i].list };
        HF_AUTO(hf_proxy_freep) struct hf_proxy_conf *conf = NULL;
        struct hf_err err;
        int rc;

        vars = var;
        rc = hf_proxy_read(get, &conf, &err);
        HF_CHECK(rc == 0 && !hf_proxy_for(conf, true, row[i].host,
                                          row[i].port) == row[i].direct,
                 "no_proxy '%s' and %s port %u", row[i].list, row[i].host,
                 (unsigned)row[i].port);
    }
}

static void test_limits(void)
{
    const char *var[2 * VARS] = { "no_proxy", NULL };
    HF_AUTO(hf_free_ptr) char *large = calloc(1, 70001);
    struct hf_proxy_conf *conf = NULL;
    struct hf_err err;

    HF_CHECK(large != NULL, "memory for a large list");
    if (!large)
        return;
    memset(large, 'a', 70000);
    var[1] = large;
    vars = var;
    HF_CHECK(hf_proxy_read(get, &conf, &err) == HF_E_LIMIT && !conf,
             "no_proxy: too many bytes");
    for (int i = 0; i < 10000; i += 2)
        memcpy(large + i, "a,", 2);
    large[10000] = '\0';
    HF_CHECK(hf_proxy_read(get, &conf, &err) == HF_E_LIMIT && !conf,
             "no_proxy: too many entries");
    HF_CHECK(!hf_proxy_for(NULL, true, "host.example", 443),
             "no settings: direct");
}

static int read_and_free(void *unused, struct hf_err *err)
{
    struct hf_proxy_conf *conf = NULL;
    int rc = hf_proxy_read(get, &conf, err);

    (void)unused;
    hf_proxy_free(conf);
    return rc;
}

static void test_memory(void)
{
    const char *var[2 * VARS] = { "https_proxy", "http://ann:pw@p:1",
                                  "http_proxy",  "http://p:2",
                                  "no_proxy",    "a.example,192.0.2.0/24" };

    vars = var;
    hf_oom_test("proxy settings", HF_OOM_OURS, read_and_free, NULL);
}

int main(void)
{
    test_choice();
    test_bad();
    test_no_proxy();
    test_limits();
    test_memory();
    return hf_test_end();
}
