/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/path_test.c - every way a chain can be wrong, told apart. */
#include "crypto/path.h"

#include <string.h>

#include "crypto/mint.h"
#include "hf_test.h"

enum { ROOT, BETWEEN, LEAF, OTHER, KEYS };
static EVP_PKEY *key[KEYS];

/* A scene: what is served, trusted and known. */
struct scene {
    struct hf_certs served, roots, pool;
    struct hf_crls *crls;
};

static void put(struct hf_certs *list, struct hf_cert *cert)
{
    hf_certs_add(list, cert);
    hf_cert_unref(cert);
}

static struct hf_cert *root_cert(void)
{
    return MINT("Root", "Root", key[ROOT], key[ROOT], MINT_CA);
}

static struct hf_cert *between_cert(void)
{
    return MINT("Between", "Root", key[BETWEEN], key[ROOT], MINT_CA);
}

static struct hf_cert *leaf_cert(void)
{
    return MINT("Leaf", "Between", key[LEAF], key[BETWEEN], MINT_LEAF);
}

static void scene_done(struct scene *s)
{
    hf_certs_done(&s->served);
    hf_certs_done(&s->roots);
    hf_certs_done(&s->pool);
    hf_crls_free(s->crls);
    *s = (struct scene){ 0 };
}

/* Leaf and what is above it are served, the root is trusted. `leaf` or
 * `between` NULL: the usual ones. */
static struct scene scene_of(struct hf_cert *leaf, struct hf_cert *between)
{
    struct scene s = { 0 };

    put(&s.served, leaf ? leaf : leaf_cert());
    put(&s.served, between ? between : between_cert());
    put(&s.roots, root_cert());
    return s;
}

static struct hf_path find(struct scene *s, struct hf_path_ask ask)
{
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *pool = NULL;
    struct hf_path path = { 0 };
    struct hf_err err;

    assert(hf_cert_index_new(&s->roots, &anchors, &err) == 0 &&
           hf_cert_index_new(&s->pool, &pool, &err) == 0);
    ask.served = &s->served;
    ask.anchors = anchors;
    ask.pool = pool;
    ask.crls = s->crls;
    ask.at_s = ask.at_s ? ask.at_s : MINT_AT_S;
    ask.purpose = ask.purpose ? ask.purpose : HF_PURPOSE_TLS_SERVER;
    assert(hf_path_find(&ask, &path, &err) == 0);
    return path;
}

/* "0:expired 1:not-a-ca" in the order of depth and kind. */
static void faults_text(const struct hf_path *path, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t depth = 0; depth < path->chain.count; depth++)
        for (int kind = 0; kind < HF_FAULT_COUNT; kind++)
            for (size_t i = 0; i < path->fault_count; i++)
                if (path->fault[i].depth == depth &&
                    path->fault[i].kind == (enum hf_fault_kind)kind)
                    (void)snprintf(text + strlen(text), size - strlen(text),
                                   "%s%zu:%s", *text ? " " : "", depth,
                                   hf_fault_name((enum hf_fault_kind)kind));
}

/* Judges the scene and empties it: exactly these faults, no other. */
static void expect(const char *what, struct scene s, struct hf_path_ask ask,
                   const char *want)
{
    struct hf_path path = find(&s, ask);
    char text[256];

    faults_text(&path, text, sizeof(text));
    for (size_t i = 0; i < path.fault_count; i++)
        printf("# %zu: %s\n", path.fault[i].depth, path.fault[i].text);
    HF_CHECK(strcmp(text, want) == 0 && path.valid == (*want == '\0'),
             "%s: '%s'", what, text);
    hf_path_done(&path);
    scene_done(&s);
}

#define ASK(...) ((struct hf_path_ask){ .host = "host.example", __VA_ARGS__ })
#define LEAF_WITH(ext, ...)                                                    \
    MINT("Leaf", "Between", key[LEAF], key[BETWEEN], ext, __VA_ARGS__)
#define BETWEEN_WITH(ext, ...)                                                 \
    MINT("Between", "Root", key[BETWEEN], key[ROOT], ext, __VA_ARGS__)
#define SAN "subjectAltName=DNS:host.example\n"

static void test_dates(void)
{
    expect("all is well", scene_of(NULL, NULL), ASK(0), "");
    expect("the last second",
           scene_of(LEAF_WITH(MINT_LEAF, .to_s = MINT_AT_S), NULL), ASK(0), "");
    expect("the first second",
           scene_of(LEAF_WITH(MINT_LEAF, .from_s = MINT_AT_S), NULL), ASK(0),
           "");
    expect("leaf expired",
           scene_of(LEAF_WITH(MINT_LEAF, .to_s = MINT_AT_S - 1), NULL), ASK(0),
           "0:expired");
    expect("leaf not yet valid",
           scene_of(LEAF_WITH(MINT_LEAF, .from_s = MINT_AT_S + 1), NULL),
           ASK(0), "0:not-yet-valid");
    expect("intermediate expired",
           scene_of(NULL, BETWEEN_WITH(MINT_CA, .to_s = MINT_AT_S - 1)), ASK(0),
           "1:expired");
    expect("both expired",
           scene_of(LEAF_WITH(MINT_LEAF, .to_s = MINT_AT_S - 1),
                    BETWEEN_WITH(MINT_CA, .to_s = MINT_AT_S - 1)),
           ASK(0), "0:expired 1:expired");
    expect("everything expired, in the year 9000", scene_of(NULL, NULL),
           ASK(.at_s = 221845392000), "0:expired 1:expired 2:expired");
    expect("before 1970", scene_of(NULL, NULL), ASK(.at_s = -1),
           "0:not-yet-valid 1:not-yet-valid 2:not-yet-valid");
    expect("valid past 2038",
           scene_of(LEAF_WITH(MINT_LEAF, .to_s = 4102444800), NULL),
           ASK(.at_s = 2147483648 + 1), "1:expired 2:expired");
}

static void test_hosts(void)
{
    static const struct {
        const char *ext, *host, *want;
    } row[] = {
        { SAN, "host.example", "" },
        { SAN, "HOST.Example", "" },
        { SAN, "host.example.", "" },
        { SAN, "other.example", "0:name-mismatch" },
        { SAN, "sub.host.example", "0:name-mismatch" },
        { SAN, ".example", "0:name-mismatch" },
        { SAN, "", "0:name-mismatch" },
        { SAN, "192.0.2.1", "0:name-mismatch" },
        { "subjectAltName=DNS:*.host.example", "a.host.example", "" },
        { "subjectAltName=DNS:*.example", "host.example", "0:name-mismatch" },
        { "subjectAltName=DNS:*.host.example", "a.b.host.example",
          "0:name-mismatch" },
        { "subjectAltName=DNS:*.host.example", "host.example",
          "0:name-mismatch" },
        { "subjectAltName=DNS:h*.host.example", "ha.host.example",
          "0:name-mismatch" },
        { "subjectAltName=DNS:*", "example", "0:name-mismatch" },
        { "subjectAltName=DNS:xn--bcher-kva.example", "xn--bcher-kva.example",
          "" },
        { "subjectAltName=IP:192.0.2.1", "192.0.2.1", "" },
        { "subjectAltName=IP:192.0.2.1", "192.0.2.2", "0:name-mismatch" },
        { "subjectAltName=IP:2001:db8::1", "2001:db8::1", "" },
        { "subjectAltName=IP:2001:db8::1", "2001:0DB8:0::1", "" },
        { "subjectAltName=DNS:192.0.2.1", "192.0.2.1", "0:name-mismatch" },
        { "basicConstraints=CA:FALSE", "Leaf", "0:no-san" },
        { "basicConstraints=CA:FALSE", "host.example", "0:name-mismatch" },
        { "subjectAltName=email:a@b.example", "leaf", "0:no-san" },
        { "subjectAltName=DER:300e820c686f73742e6578616d706c65", "host.example",
          "" },
        { "subjectAltName=DER:3010820e686f73742e6578616d706c650061",
          "host.example", "0:name-mismatch" },
    };
    char what[96];

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        (void)snprintf(what, sizeof(what), "host '%s' of %s", row[i].host,
                       row[i].ext);
        what[strcspn(what, "\n")] = '\0';
        expect(what, scene_of(LEAF_WITH(row[i].ext, 0), NULL),
               (struct hf_path_ask){ .host = row[i].host }, row[i].want);
    }
    expect("no host asked",
           scene_of(LEAF_WITH("basicConstraints=CA:FALSE", 0), NULL),
           (struct hf_path_ask){ 0 }, "");
}

static void test_usage(void)
{
    expect("leaf for clients only",
           scene_of(LEAF_WITH(SAN "extendedKeyUsage=clientAuth", 0), NULL),
           ASK(0), "0:wrong-usage");
    expect("and asked as a client",
           scene_of(LEAF_WITH(SAN "extendedKeyUsage=clientAuth", 0), NULL),
           ASK(.purpose = HF_PURPOSE_TLS_CLIENT), "");
    expect("leaf may not sign handshakes",
           scene_of(LEAF_WITH(SAN "keyUsage=cRLSign", 0), NULL), ASK(0),
           "0:wrong-usage");
    expect("leaf for code, asked for code",
           scene_of(LEAF_WITH("extendedKeyUsage=codeSigning", 0), NULL),
           (struct hf_path_ask){ .purpose = HF_PURPOSE_CODE }, "");
    expect("leaf for servers, asked for code", scene_of(NULL, NULL),
           (struct hf_path_ask){ .purpose = HF_PURPOSE_CODE }, "0:wrong-usage");
    expect("intermediate for e-mail only",
           scene_of(NULL, BETWEEN_WITH(
                              MINT_CA "\nextendedKeyUsage=emailProtection", 0)),
           ASK(0), "1:wrong-usage");
    expect("intermediate may not sign certificates",
           scene_of(NULL, BETWEEN_WITH("basicConstraints=CA:TRUE\n"
                                       "keyUsage=cRLSign",
                                       0)),
           ASK(0), "1:wrong-usage");
    expect("intermediate says it is no authority",
           scene_of(NULL, BETWEEN_WITH("basicConstraints=CA:FALSE", 0)), ASK(0),
           "1:not-a-ca");
    expect("intermediate says nothing",
           scene_of(NULL, BETWEEN_WITH("subjectAltName=DNS:x.example", 0)),
           ASK(0), "1:not-a-ca");
    expect("intermediate says keyCertSign, and not that it is one",
           scene_of(NULL, BETWEEN_WITH("keyUsage=keyCertSign", 0)), ASK(0),
           "1:not-a-ca");
}

static void test_constraints(void)
{
    struct scene s = { 0 };

    put(&s.served, leaf_cert());
    put(&s.served, between_cert());
    put(&s.roots, MINT("Root", "Root", key[ROOT], key[ROOT],
                       "basicConstraints=critical,CA:TRUE,pathlen:0\n"
                       "keyUsage=keyCertSign"));
    expect("one more than the path length", s, ASK(0), "2:path-length");
    expect("the name is excluded",
           scene_of(NULL, BETWEEN_WITH(MINT_CA "\nnameConstraints=critical,"
                                               "excluded;DNS:example",
                                       0)),
           ASK(0), "0:name-constraint");
    expect("the name is not permitted",
           scene_of(NULL, BETWEEN_WITH(MINT_CA "\nnameConstraints=critical,"
                                               "permitted;DNS:test",
                                       0)),
           ASK(0), "0:name-constraint");
    expect("the name is permitted",
           scene_of(NULL, BETWEEN_WITH(MINT_CA "\nnameConstraints=critical,"
                                               "permitted;DNS:example",
                                       0)),
           ASK(0), "");
    expect("a policy is required and not there",
           scene_of(NULL, BETWEEN_WITH(MINT_CA "\npolicyConstraints="
                                               "requireExplicitPolicy:0",
                                       0)),
           ASK(0), "0:policy");
    expect("a policy is required and there",
           scene_of(LEAF_WITH(MINT_LEAF
                              "\ncertificatePolicies=DER:3006300406022a03",
                              0),
                    BETWEEN_WITH(MINT_CA
                                 "\ncertificatePolicies=DER:3006300406022a03\n"
                                 "policyConstraints="
                                 "requireExplicitPolicy:0",
                                 0)),
           ASK(0), "");
    expect(
        "a critical extension nobody knows",
        scene_of(LEAF_WITH(MINT_LEAF "\n1.2.3.4=critical,DER:0500", 0), NULL),
        ASK(0), "0:malformed");
    expect("an extension there twice",
           scene_of(LEAF_WITH(MINT_LEAF "\nkeyUsage=digitalSignature\n"
                                        "keyUsage=digitalSignature",
                              0),
                    NULL),
           ASK(0), "0:malformed");
    expect(
        "an extension of an authority that does not decode",
        scene_of(NULL, BETWEEN_WITH(MINT_CA "\nnameConstraints=DER:0401", 0)),
        ASK(0), "1:malformed");
}

static void test_strength(void)
{
    EVP_PKEY *rsa = EVP_RSA_gen(1024);
    struct hf_cert *small = NULL;
    struct mint m = { .subject = "Leaf",
                      .issuer = "Between",
                      .key = rsa,
                      .by = key[BETWEEN],
                      .ext = MINT_LEAF,
                      .no_key_ids = true };

    small = mint(m);
    expect("an RSA key of 1024 bits", scene_of(hf_cert_ref(small), NULL),
           ASK(0), "0:weak-key");
    expect("and 1024 asked", scene_of(hf_cert_ref(small), NULL),
           ASK(.rsa_bits_min = 1024), "");
    expect("and any allowed", scene_of(small, NULL), ASK(.weak_allowed = true),
           "");
    expect("signed with SHA-1",
           scene_of(LEAF_WITH(MINT_LEAF, .digest = EVP_sha1()), NULL), ASK(0),
           "0:weak-signature");
    expect("an intermediate signed with SHA-1",
           scene_of(NULL, BETWEEN_WITH(MINT_CA, .digest = EVP_sha1())), ASK(0),
           "1:weak-signature");
    EVP_PKEY_free(rsa);
}

static void test_missing(void)
{
    struct scene s = { 0 };
    struct hf_path path;

    put(&s.served, leaf_cert());
    put(&s.roots, root_cert());
    path = find(&s, ASK(0));
    HF_CHECK(!path.valid && !path.anchored && path.chain.count == 1 &&
                 path.fault_count == 1 &&
                 hf_path_has(&path, HF_FAULT_NO_ANCHOR),
             "the leaf served without its chain");
    HF_CHECK(path.missing_name && strcmp(path.missing_name, "CN=Between") == 0,
             "the missing issuer is named");
    HF_CHECK(path.missing_key_id && strlen(path.missing_key_id) == 40,
             "and its key id");
    hf_path_done(&path);
    put(&s.pool, between_cert());
    path = find(&s, ASK(0));
    HF_CHECK(path.valid && path.used_served == 1 && path.chain.count == 3,
             "known on this machine: valid, and what was served is counted");
    hf_path_done(&path);
    scene_done(&s);

    put(&s.served, leaf_cert());
    put(&s.served, between_cert());
    put(&s.served, root_cert());
    path = find(&s, ASK(0));
    HF_CHECK(!path.valid && path.chain.count == 3 && path.fault_count == 1 &&
                 path.fault[0].kind == HF_FAULT_NO_ANCHOR &&
                 path.fault[0].depth == 2 &&
                 strstr(path.fault[0].text, "not trusted"),
             "the root is served and not trusted");
    hf_path_done(&path);
    scene_done(&s);

    put(&s.served, leaf_cert());
    put(&s.served, between_cert());
    path = find(&s, ASK(0));
    HF_CHECK(!path.valid && path.chain.count == 2 &&
                 strcmp(path.missing_name, "CN=Root") == 0 &&
                 strstr(path.fault[0].text, "neither served nor known"),
             "the root is missing");
    hf_path_done(&path);
    scene_done(&s);
}

static struct hf_cert *self_signed(const char *ext, int64_t to_s)
{
    return MINT("Leaf", "Leaf", key[LEAF], key[LEAF], ext, .to_s = to_s);
}

static void test_self_signed(void)
{
    struct scene s = { 0 };

    put(&s.served, self_signed(MINT_LEAF, 0));
    expect("self-signed", s, ASK(0), "0:self-signed");
    s = (struct scene){ 0 };
    put(&s.served, self_signed(MINT_LEAF, MINT_AT_S - 1));
    expect("self-signed, expired and for another host", s,
           (struct hf_path_ask){ .host = "other.example" },
           "0:self-signed 0:expired 0:name-mismatch");
    s = (struct scene){ 0 };
    put(&s.served, self_signed(MINT_LEAF, 0));
    hf_certs_add(&s.roots, s.served.cert[0]);
    expect("self-signed and trusted", s, ASK(0), "");
}

static void test_signatures(void)
{
    struct scene s = { 0 };

    expect("signed by somebody else",
           scene_of(MINT("Leaf", "Between", key[LEAF], key[OTHER], MINT_LEAF,
                         .no_key_ids = true),
                    NULL),
           ASK(0), "0:bad-signature");
    /* another authority of the same name, known by its key id */
    expect("another key of the same name",
           scene_of(MINT("Leaf", "Between", key[LEAF], key[OTHER], MINT_LEAF),
                    NULL),
           ASK(0), "0:no-anchor");
    put(&s.served, leaf_cert());
    put(&s.served, MINT("Between", "Root", key[BETWEEN], key[OTHER], MINT_CA,
                        .no_key_ids = true));
    put(&s.roots, root_cert());
    expect("the intermediate is forged", s, ASK(0), "1:bad-signature");
}

static void test_alternatives(void)
{
    struct scene s =
        scene_of(NULL, BETWEEN_WITH(MINT_CA, .to_s = MINT_AT_S - 1));
    struct hf_path path;

    put(&s.pool, BETWEEN_WITH(MINT_CA, .serial = 7));
    expect("an expired intermediate with a valid twin", s, ASK(0), "");

    s = scene_of(NULL, NULL);
    hf_certs_done(&s.roots);
    put(&s.served, root_cert());
    put(&s.served, MINT("Root", "Old Root", key[ROOT], key[OTHER], MINT_CA));
    put(&s.roots,
        MINT("Old Root", "Old Root", key[OTHER], key[OTHER], MINT_CA));
    path = find(&s, ASK(0));
    HF_CHECK(path.valid && path.chain.count == 4 && path.used_served == 3,
             "an untrusted root that an older one certified");
    hf_path_done(&path);
    put(&s.roots, root_cert());
    path = find(&s, ASK(0));
    HF_CHECK(path.valid && path.chain.count == 3,
             "the shorter way, once the newer is trusted too");
    hf_path_done(&path);
    scene_done(&s);

    s = scene_of(NULL, NULL);
    hf_certs_done(&s.roots);
    put(&s.roots, between_cert());
    path = find(&s, ASK(0));
    HF_CHECK(path.valid && path.chain.count == 2,
             "an intermediate that is trusted itself");
    hf_path_done(&path);
    scene_done(&s);
}

/* A root that changed its key: RFC 4210 4.4, the new one with the old. Without
 * key ids OpenSSL, and all that stands on it, takes it for self-signed. */
static void test_rollover(void)
{
    for (int no_ids = 0; no_ids < 2; no_ids++) {
        struct scene s = { 0 };

        put(&s.served, MINT("Leaf", "Root", key[LEAF], key[OTHER], MINT_LEAF,
                            .no_key_ids = no_ids));
        put(&s.served, MINT("Root", "Root", key[OTHER], key[ROOT], MINT_CA,
                            .serial = 5, .no_key_ids = no_ids));
        put(&s.roots, MINT("Root", "Root", key[ROOT], key[ROOT], MINT_CA,
                           .no_key_ids = no_ids));
        expect(no_ids ? "a link certificate without key ids"
                      : "a link certificate",
               s, ASK(0), no_ids ? "1:malformed" : "");
    }
}

/* A list by the intermediate; `serial` 0: nothing is revoked. */
static void add_crl(struct scene *s, EVP_PKEY *by, int serial, int64_t next_s)
{
    X509_CRL *crl = X509_CRL_new();
    X509_NAME *name = X509_NAME_new();
    ASN1_TIME *time = ASN1_TIME_set(NULL, MINT_FROM_S);
    unsigned char *der = NULL;
    struct hf_err err;
    int len;

    mint_name(name, "Between");
    assert(X509_CRL_set_version(crl, 1) && X509_CRL_set_issuer_name(crl, name));
    X509_CRL_set1_lastUpdate(crl, time);
    if (serial) {
        X509_REVOKED *revoked = X509_REVOKED_new();
        ASN1_INTEGER *number = ASN1_INTEGER_new();

        ASN1_INTEGER_set(number, serial);
        X509_REVOKED_set_serialNumber(revoked, number);
        X509_REVOKED_set_revocationDate(revoked, time);
        ASN1_INTEGER_free(number);
        assert(X509_CRL_add0_revoked(crl, revoked));
    }
    ASN1_TIME_set(time, (time_t)next_s);
    X509_CRL_set1_nextUpdate(crl, time);
    assert(X509_CRL_sign(crl, by, EVP_sha256()));
    len = i2d_X509_CRL(crl, &der);
    if (!s->crls)
        assert(hf_crls_new(&s->crls, &err) == 0);
    assert(len > 0 &&
           hf_crls_add(s->crls, "a.crl", hf_view(der, (size_t)len), &err) == 0);
    OPENSSL_free(der);
    ASN1_TIME_free(time);
    X509_NAME_free(name);
    X509_CRL_free(crl);
}

static void test_revocation(void)
{
    static const struct {
        const char *what;
        int serial;
        int64_t next_s;
        int by;
        bool needed;
        const char *want;
    } row[] = {
        { "revoked", 1, MINT_TO_S, BETWEEN, false, "0:revoked" },
        { "revoked by a list that ran out", 1, MINT_AT_S - 1, BETWEEN, false,
          "0:revoked" },
        { "another is revoked", 5, MINT_TO_S, BETWEEN, false, "" },
        { "a list that ran out", 5, MINT_AT_S - 1, BETWEEN, false, "" },
        { "a list that ran out, and one is needed", 5, MINT_AT_S - 1, BETWEEN,
          true, "0:revocation-unknown 1:revocation-unknown" },
        { "a forged list", 1, MINT_TO_S, OTHER, false, "" },
        { "a forged list, and one is needed", 1, MINT_TO_S, OTHER, true,
          "0:revocation-unknown 1:revocation-unknown" },
        { "none for the intermediate, and one is needed", 5, MINT_TO_S, BETWEEN,
          true, "1:revocation-unknown" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct scene s = scene_of(NULL, NULL);

        add_crl(&s, key[row[i].by], row[i].serial, row[i].next_s);
        expect(row[i].what, s, ASK(.crls_needed = row[i].needed), row[i].want);
    }
}

static void test_combined(void)
{
    expect("expired, for another host, for clients, with SHA-1",
           scene_of(LEAF_WITH(SAN "extendedKeyUsage=clientAuth",
                              .to_s = MINT_AT_S - 1, .digest = EVP_sha1()),
                    NULL),
           (struct hf_path_ask){ .host = "other.example" },
           "0:expired 0:name-mismatch 0:wrong-usage 0:weak-signature");
}

static void test_budget(void)
{
    struct scene s = scene_of(NULL, NULL);
    struct hf_path path = find(&s, ASK(.budget = 20));

    HF_CHECK(!path.valid && path.cut_short && path.chain.count >= 1 &&
                 hf_path_has(&path, HF_FAULT_BUDGET),
             "a budget that is too small is said");
    hf_path_done(&path);
    scene_done(&s);
}

static void test_asked_wrongly(void)
{
    struct scene s = { 0 };
    struct hf_path path;
    struct hf_err err;
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *none = NULL;
    struct hf_path_ask ask = { .served = &s.served };

    assert(hf_cert_index_new(&s.roots, &none, &err) == 0);
    ask.anchors = none;
    HF_CHECK(hf_path_find(&ask, &path, &err) == HF_E_PARSE,
             "nothing served is refused");
}

static void test_words(void)
{
    bool good = true;

    for (int kind = 0; kind < HF_FAULT_COUNT; kind++)
        good = good && hf_fault_name((enum hf_fault_kind)kind) &&
               hf_fault_dotnet((enum hf_fault_kind)kind);
    HF_CHECK(good, "every fault has its two words");
    HF_CHECK(strcmp(hf_fault_dotnet(HF_FAULT_NAME),
                    "RemoteCertificateNameMismatch") == 0,
             "the word for a wrong name");
}

int main(void)
{
    for (int i = 0; i < KEYS; i++)
        key[i] = mint_key();
    test_dates();
    test_hosts();
    test_usage();
    test_constraints();
    test_strength();
    test_missing();
    test_self_signed();
    test_signatures();
    test_alternatives();
    test_rollover();
    test_revocation();
    test_combined();
    test_budget();
    test_asked_wrongly();
    test_words();
    for (int i = 0; i < KEYS; i++)
        EVP_PKEY_free(key[i]);
    return hf_test_end();
}
