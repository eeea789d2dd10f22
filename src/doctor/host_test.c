/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/host_test.c - evidence of a server in, causes out: one cause, not ten
 * symptoms. */
#include <string.h>

#include "crypto/mint.h"
#include "doctor/host_case.h"
#include "hf_test.h"
#include "probe/judge_host.h"

#define NOWHERE "/nonexistent-holdfast"
#define HOST "host.example"

struct bench {
    struct hf_catalogue *catalogue;
    EVP_PKEY *root_key, *key;
    struct hf_cert *root;
    struct hf_certs store;
    struct hf_trust trust;
};

static void make_bench(struct bench *b)
{
    struct hf_err err;

    b->root_key = mint_key();
    b->key = mint_key();
    b->root = MINT("Holdfast Root", "Holdfast Root", b->root_key, b->root_key,
                   MINT_CA);
    b->store = (struct hf_certs){ 0 };
    hf_certs_add(&b->store, b->root);
    assert(hf_catalogue_load(NOWHERE, &b->catalogue, &err) == 0);
    assert(hf_trust_init(&b->trust, NOWHERE, &b->store, NULL, NULL, &err) == 0);
}

static void free_bench(struct bench *b)
{
    hf_trust_done(&b->trust);
    hf_certs_done(&b->store);
    hf_cert_unref(b->root);
    hf_catalogue_free(b->catalogue);
    EVP_PKEY_free(b->root_key);
    EVP_PKEY_free(b->key);
}

/* A host that served `leaf` (taken over) and was judged. */
static struct hf_host served_by(const struct bench *b, const char *name,
                                struct hf_cert *leaf)
{
    struct hf_host host = { .seen = { .end = HF_LOOK_DONE, .alert = -1 } };
    struct hf_hosts_conf conf = { .trust = (struct hf_trust *)&b->trust,
                                  .at_s = MINT_AT_S };
    struct hf_err err;

    (void)snprintf(host.target.host, sizeof(host.target.host), "%s", name);
    (void)snprintf(host.label, sizeof(host.label), "%s:443", name);
    host.target.port = 443;
    hf_certs_add(&host.seen.served, leaf);
    hf_cert_unref(leaf);
    assert(hf_host_judge(&conf, &host, &err) == 0 && host.judged);
    return host;
}

static struct hf_host_case case_of(const struct hf_host *host)
{
    return (struct hf_host_case){ .host = host,
                                  .at_s = MINT_AT_S,
                                  .now_s = MINT_AT_S };
}

/* Codes joined by blanks; "" when nothing was found. */
static const char *codes_of(const struct hf_findings *list, char *text,
                            size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < list->count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 i > 0 ? " " : "", list->item[i].kind->code);
    return text;
}

/* Each finding must say what and why, and what to do. */
static bool complete(const struct hf_findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list->item[i].summary || list->item[i].remedy_count == 0 ||
            (list->item[i].evidence_count == 0 &&
             list->item[i].kind->severity != HF_NOTE))
            return false;
    return true;
}

static void check_case(const struct bench *b, const struct hf_host_case *c,
                       const char *want, const char *name)
{
    struct hf_findings list;
    char codes[200];

    hf_findings_init(&list, b->catalogue);
    hf_find_host(c, &list);
    codes_of(&list, codes, sizeof(codes));
    HF_CHECK(strcmp(codes, want) == 0, "%s: %s", name, codes);
    HF_CHECK(complete(&list), "%s: nothing without evidence and remedy", name);
    hf_findings_done(&list);
}

static void check_chains(const struct bench *b)
{
    const struct {
        const char *name, *want;
        struct mint leaf;
    } row[] = {
        { "healthy", "", { .ext = MINT_LEAF } },
        { "expired",
          "HF1301",
          { .ext = MINT_LEAF, .to_s = MINT_AT_S - 86400 } },
        { "not yet valid",
          "HF1302",
          { .ext = MINT_LEAF, .from_s = MINT_AT_S + 86400 } },
        { "another name",
          "HF1303",
          { .ext = "subjectAltName=DNS:other.example" } },
        { "expired and another name",
          "HF1301 HF1303",
          { .ext = "subjectAltName=DNS:other.example",
            .to_s = MINT_AT_S - 86400 } },
        { "no alternative name",
          "HF1304",
          { .subject = HOST, .ext = "basicConstraints=CA:FALSE" } },
        { "no alternative name, and expired: one cause",
          "HF1301",
          { .subject = HOST,
            .ext = "basicConstraints=CA:FALSE",
            .to_s = MINT_AT_S - 86400 } },
        { "no alternative name, and another common name",
          "HF1303",
          { .subject = "other.example", .ext = "basicConstraints=CA:FALSE" } },
        { "for clients only",
          "HF1305",
          { .ext =
                "subjectAltName=DNS:" HOST "\nextendedKeyUsage=clientAuth" } },
        { "SHA-1", "HF1310", { .ext = MINT_LEAF, .digest = EVP_sha1() } },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct mint m = row[i].leaf;
        struct hf_host host;
        struct hf_host_case c;

        m.subject = m.subject ? m.subject : "leaf";
        m.issuer = "Holdfast Root";
        m.key = b->key;
        m.by = b->root_key;
        host = served_by(b, HOST, mint(m));
        c = case_of(&host);
        check_case(b, &c, row[i].want, row[i].name);
        hf_hosts_done(&host, 1);
    }
}

static void check_self_signed(const struct bench *b)
{
    struct hf_host host = served_by(
        b, HOST, MINT(HOST, HOST, b->key, b->key, "basicConstraints=CA:TRUE"));
    struct hf_host_case c = case_of(&host);

    check_case(b, &c, "HF1209", "self-signed, without names: one cause");
    hf_hosts_done(&host, 1);
}

static void check_ends(const struct bench *b)
{
    static const struct {
        enum hf_look_end end;
        int alert;
        const char *want;
    } row[] = {
        { HF_LOOK_NO_NAME, -1, "HF1501" }, { HF_LOOK_CLOSED, -1, "HF1502" },
        { HF_LOOK_SILENT, -1, "HF1503" },  { HF_LOOK_NO_ROUTE, -1, "HF1504" },
        { HF_LOOK_PROXY, -1, "HF1505" },   { HF_LOOK_NOT_TLS, -1, "HF1406" },
        { HF_LOOK_CUT, -1, "HF1407" },     { HF_LOOK_FAILED, -1, "HF1408" },
        { HF_LOOK_ALERT, 70, "HF1401" },   { HF_LOOK_ALERT, 40, "HF1402" },
        { HF_LOOK_ALERT, 112, "HF1404" },  { HF_LOOK_ALERT, 120, "HF1409" },
        { HF_LOOK_ALERT, 47, "HF1408" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_host host = { .label = HOST ":443",
                                .seen = { .end = row[i].end,
                                          .alert = row[i].alert,
                                          .detail = "why" } };
        struct hf_host_case c = case_of(&host);

        check_case(b, &c, row[i].want, hf_look_end_name(row[i].end));
    }
}

static void check_client_cert(const struct bench *b)
{
    struct hf_host host = served_by(
        b, HOST, MINT("leaf", "Holdfast Root", b->key, b->root_key, MINT_LEAF));
    struct hf_host_case c = case_of(&host);

    host.seen.client_cert_asked = true;
    host.seen.end = HF_LOOK_ALERT;
    host.seen.alert = 40;
    check_case(b, &c, "HF1405", "a client certificate wanted is a note");
    hf_hosts_done(&host, 1);
}

/* A leaf whose issuer has this name and organisation, known to nobody. */
static struct hf_cert *foreign(const struct bench *b, const char *cn,
                               const char *org, const char *host)
{
    char ext[300];
    struct mint m = { .subject = "leaf",
                      .issuer = cn,
                      .key = b->key,
                      .by = b->key,
                      .from_s = MINT_AT_S - 3600 };
    X509 *x509;

    (void)snprintf(ext, sizeof(ext), "subjectAltName=DNS:%s", host);
    m.ext = ext;
    x509 = mint_begin(&m);
    if (org)
        X509_NAME_add_entry_by_txt(X509_get_issuer_name(x509), "O",
                                   MBSTRING_UTF8, (const unsigned char *)org,
                                   -1, -1, 0);
    return mint_end(x509, b->key, NULL);
}

static void check_inspection_by_name(const struct bench *b)
{
    struct hf_host host =
        served_by(b, HOST, foreign(b, "FortiGate CA", "Fortinet", HOST));
    struct hf_host_case c = case_of(&host);
    char domain[] = "*.example";
    char *domains[] = { domain };
    struct hf_product product = { .name = domain, .bypass = { domains, 1 } };
    struct hf_product *one = &product;
    const struct hf_products all = { &one, 1 };

    hf_find_inspection(&c, 1, NULL);
    HF_CHECK(strcmp(c.inspected.by, "Fortigate") == 0, "inspection: named");
    check_case(b, &c, "HF1210", "inspected, untrusted: one cause");
    c = case_of(&host);
    hf_find_inspection(&c, 1, &all);
    check_case(b, &c, "HF1211", "inspected, and the product forbids it");
    hf_hosts_done(&host, 1);
}

/* Without a name: two unrelated public hosts with one unknown issuer. */
static void check_inspection_by_signs(const struct bench *b)
{
    static const struct {
        const char *name, *first, *second;
        bool found;
    } row[] = {
        { "two unrelated public hosts", "www.debian.org", "www.kernel.org",
          true },
        { "two hosts of one owner", "www.debian.org", "ftp.debian.org", false },
        { "names for tests are not public", "a.test", "b.example", false },
        { "one public host alone", "www.debian.org", "b.test", false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_host host[2] = {
            served_by(b, row[i].first,
                      foreign(b, "Corporate CA 7", NULL, row[i].first)),
            served_by(b, row[i].second,
                      foreign(b, "Corporate CA 7", NULL, row[i].second)),
        };
        struct hf_host_case c[2] = { case_of(&host[0]), case_of(&host[1]) };

        hf_find_inspection(c, 2, NULL);
        HF_CHECK(c[0].inspected.yes == row[i].found, "signs: %s", row[i].name);
        HF_CHECK(!row[i].found || (c[0].inspected.certainty == HF_LIKELY &&
                                   c[0].inspected.signs[1][0] != '\0'),
                 "signs: likely, with what shows it: %s", row[i].name);
        hf_hosts_done(host, 2);
    }
}

static void check_clock(const struct bench *b)
{
    const int64_t day = 86400;
    const struct {
        const char *name;
        int64_t date_s; /* of the server, from the machine's */
        const char *clock, *host;
    } row[] = {
        { "the server agrees: it is expired", 0, "", "HF1301" },
        { "the server does not tell", INT64_MIN, "", "HF1301" },
        { "the server lives earlier: our clock is ahead", -40 * day, "HF1107",
          "" },
        { "the server lives later still", 40 * day, "", "HF1301" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_host host =
            served_by(b, HOST,
                      MINT("leaf", "Holdfast Root", b->key, b->root_key,
                           MINT_LEAF, .to_s = MINT_AT_S - 10 * day));
        struct hf_host_case c = case_of(&host);
        struct hf_findings list;
        char codes[100];

        host.date_s =
            row[i].date_s == INT64_MIN ? 0 : MINT_AT_S + row[i].date_s;
        hf_findings_init(&list, b->catalogue);
        hf_find_clock(&c, 1, MINT_AT_S, &list);
        HF_CHECK(strcmp(codes_of(&list, codes, sizeof(codes)), row[i].clock) ==
                     0,
                 "clock: %s: %s", row[i].name, codes);
        hf_findings_done(&list);
        check_case(b, &c, row[i].host, row[i].name);
        hf_hosts_done(&host, 1);
    }
}

static void check_clock_alone(const struct bench *b)
{
    static const struct {
        const char *name;
        int64_t now_s;
        size_t found;
    } row[] = {
        { "1970", 0, 1 },
        { "a second before the release", 1793491199, 1 },
        { "the release", 1793491200, 0 },
        { "ten years on", 1793491200 + 315360000, 0 },
        { "2100", 4102444800, 1 },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_findings list;

        hf_findings_init(&list, b->catalogue);
        hf_find_clock_alone(row[i].now_s, &list);
        HF_CHECK(list.count == row[i].found, "clock alone: %s", row[i].name);
        hf_findings_done(&list);
    }
}

int main(void)
{
    struct bench b;

    make_bench(&b);
    check_chains(&b);
    check_self_signed(&b);
    check_ends(&b);
    check_client_cert(&b);
    check_inspection_by_name(&b);
    check_inspection_by_signs(&b);
    check_clock(&b);
    check_clock_alone(&b);
    free_bench(&b);
    return hf_test_end();
}
