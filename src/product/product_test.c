/* SPDX-License-Identifier: Apache-2.0 */
/* product/product_test.c - product files: read, refused, found, asked. */
#include "product/product.h"

#include "hf_oom.h"

#include <stdio.h>
#include <string.h>

#include "doc/embed.h"
#include "plat/file.h"

#define SHA256                                                                 \
    "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161"
#define SHA1 "a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436"

static struct hf_view view(const char *text)
{
    return hf_view_text(text);
}

static const char whole[] = "name: Some Product\n"
                            "vendor: Some Vendor\n"
                            "aliases: [Some Alias, sp]\n"
                            "source: its page\n"
                            "confidence: vendor\n"
                            "certificates:\n"
                            "  - name: First\n"
                            "    sha256: " SHA256 "\n"
                            "    sha1: A8:98:5D:3A:65:E5:E5:C4:B2:D7:"
                            "D6:6D:40:C6:DD:2F:B1:9C:54:36\n"
                            "  - name: Second\n"
                            "    sha1: " SHA1 "\n"
                            "    store: ca\n"
                            "    purpose: [codesign, timestamp]\n"
                            "    any_of: pair\n"
                            "    versions: up to 4.8\n"
                            "    expiry_tolerated: true\n"
                            "    pem: |\n"
                            "      -----BEGIN CERTIFICATE-----\n"
                            "      AAAA\n"
                            "      -----END CERTIFICATE-----\n"
                            "    get_from: its maker\n"
                            "    source: another page\n"
                            "    confidence: unconfirmed\n"
                            "hosts: [api.a.example:8443, b.example, "
                            "\"*.c.example:80\"]\n"
                            "tls_min: \"1.2\"\n"
                            "bypass: [d.example, \"*.e.example\"]\n"
                            "programs: [p.exe]\n"
                            "symptoms: [agent offline]\n"
                            "detect: [/opt/p]\n"
                            "other:\n"
                            "  - text: port 80 is open\n"
                            "    source: a third page\n";

static void test_whole(void)
{
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
    struct hf_err err = { 0 };
    const struct hf_need *first, *second;

    if (hf_product_parse("some", "t", view(whole), &p, &err) < 0) {
        HF_CHECK(false, "a whole product: %s", err.frame[0].text);
        return;
    }
    HF_CHECK(strcmp(p->id, "some") == 0 &&
                 strcmp(p->name, "Some Product") == 0 &&
                 strcmp(p->vendor, "Some Vendor") == 0 &&
                 p->aliases.count == 2 && strcmp(p->path, "embedded") == 0,
             "who it is");
    HF_CHECK(p->need_count == 2 && p->host_count == 3 && p->bypass.count == 2 &&
                 p->programs.count == 1 && p->symptoms.count == 1 &&
                 p->detect.count == 1 && p->other_count == 1 &&
                 strcmp(p->tls_min, "1.2") == 0,
             "what it needs");
    first = &p->need[0];
    second = &p->need[1];
    HF_CHECK(first->has_sha256 && first->has_sha1 &&
                 memcmp(first->sha1, second->sha1, 20) == 0 &&
                 first->store == HF_NEED_ROOT &&
                 first->purposes == HF_NEED_TLS && !first->expiry_tolerated &&
                 first->line == 7,
             "a certificate with nothing but hashes");
    HF_CHECK(strcmp(first->source, "its page") == 0 &&
                 first->confidence == HF_CONFIDENCE_VENDOR,
             "what it does not say of its source the product says");
    HF_CHECK(!second->has_sha256 && second->store == HF_NEED_CA &&
                 second->purposes == (HF_NEED_CODESIGN | HF_NEED_TIMESTAMP) &&
                 strcmp(second->any_of, "pair") == 0 &&
                 strcmp(second->versions, "up to 4.8") == 0 &&
                 second->expiry_tolerated &&
                 strcmp(second->get_from, "its maker") == 0,
             "a certificate with everything");
    HF_CHECK(strcmp(second->source, "another page") == 0 &&
                 second->confidence == HF_CONFIDENCE_UNCONFIRMED &&
                 strcmp(second->pem, "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                     "-----END CERTIFICATE-----\n") == 0,
             "its own source, and its PEM as it stands");
    HF_CHECK(p->host[0].port == 8443 && p->host[1].port == 443 &&
                 p->host[2].port == 80 && p->host[2].wildcard &&
                 !p->host[0].wildcard,
             "hosts with their ports, 443 where none is given");
}

#define HEAD "name: x\n"
#define CERT HEAD "certificates:\n  - name: y\n"

static void test_refused(void)
{
    static const struct {
        const char *name, *text, *fault;
    } row[] = {
        { "no name", "vendor: x\n", "t:1:1: the key 'name' is missing" },
        { "an unknown key", HEAD "hots: [a]\n",
          "t:2:1: unknown key 'hots' (did you mean 'hosts'?)" },
        { "a list that is none", HEAD "hosts: a\n", "t:2:8: expected a list" },
        { "an empty list", HEAD "hosts: []\n", "t:2:8: the list is empty" },
        { "a short SHA-256", CERT "    sha256: 4348a0\n",
          "t:4:13: expected 64 hexadecimal digits" },
        { "a SHA-1 for a SHA-256", CERT "    sha256: " SHA1 "\n",
          "t:4:13: expected 64" },
        { "a long SHA-1", CERT "    sha1: " SHA1 "00\n",
          "t:4:11: expected 40 hexadecimal digits" },
        { "a hash with a letter", CERT "    sha1: x" SHA1 "\n", "t:4:11: exp" },
        { "no hash at all", CERT, "t:3:5: a certificate needs sha256" },
        { "an unknown store", CERT "    store: my\n",
          "t:4:12: expected one of root, authroot, ca" },
        { "an unknown purpose", CERT "    purpose: [mail]\n",
          "t:4:15: expected one of tls, codesign" },
        { "a purpose that is no list", CERT "    purpose: tls\n",
          "t:4:14: expected a list" },
        { "an unknown confidence", HEAD "confidence: high\n",
          "t:2:13: expected one of vendor, measured" },
        { "a port 0", HEAD "hosts: [\"a:0\"]\n", "t:2:9: no port" },
        { "a port 65536", HEAD "hosts: [\"a:65536\"]\n", "t:2:9: no port" },
        { "a port with a sign", HEAD "hosts: [\"a:+1\"]\n", "t:2:9: no port" },
        { "a host with a blank", HEAD "hosts: [\"a b\"]\n",
          "t:2:9: no host name: only letters" },
        { "an empty label", HEAD "hosts: [a..b]\n",
          "t:2:9: no host name: a l" },
        { "a hyphen at the end", HEAD "hosts: [a-.b]\n",
          "t:2:9: no host name" },
        { "a URL", HEAD "hosts: [\"https://a/\"]\n", "t:2:9: no port" },
        { "a wildcard in the middle", HEAD "hosts: [\"a.*.b\"]\n",
          "t:2:9: no host name: '*' may only be the whole first label" },
        { "half a wildcard", HEAD "bypass: [\"a*.b.c\"]\n",
          "t:2:10: no domain: '*' may only be" },
        { "a wildcard over a whole country", HEAD "bypass: [\"*.de\"]\n",
          "t:2:10: no domain: a wildcard needs two labels" },
        { "an unknown TLS version", HEAD "tls_min: 1.4\n",
          "t:2:10: expected one of 1.0, 1.1, 1.2, 1.3" },
        { "a path that leaves the root", HEAD "detect: [/a/../../b]\n",
          "t:2:10: '..' is not allowed here" },
        { "a path from nowhere", HEAD "detect: [opt/a]\n",
          "t:2:10: expected a path that begins with '/'" },
        { "another requirement without text", HEAD "other: [{source: a}]\n",
          "t:2:9: the key 'text' is missing" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
        struct hf_err err = { 0 };
        int rc = hf_product_parse("p", "t", view(row[i].text), &p, &err);
        bool good =
            rc == HF_E_PARSE && !p &&
            strncmp(err.frame[0].text, row[i].fault, strlen(row[i].fault)) == 0;

        HF_CHECK(good, "refused: %s", row[i].name);
        if (!good)
            printf("# %d %s\n", rc, err.frame[0].text);
    }
}

static void test_covers(void)
{
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
    struct hf_err err;
    static const struct {
        const char *host;
        bool want;
    } row[] = {
        { "api.a.example", true },
        { "API.A.Example.", true },
        { "x.api.a.example", false },
        { "a.example", false },
        { "x.c.example", true },
        { "x.y.c.example", true },
        { "c.example", false },
        { "xc.example", false },
        { "d.example", true },
        { "x.d.example", true },
        { "xd.example", false },
        { "e.example", false },
        { "x.e.example", true },
        { "", false },
        { ".", false },
    };

    if (hf_product_parse("some", "t", view(whole), &p, &err) < 0)
        return;
    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_product_covers(p, row[i].host) == row[i].want,
                 "covers '%s': %d", row[i].host, row[i].want);
}

static bool finds(const char *root, const char *name, const char *id)
{
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
    struct hf_err err = { 0 };

    return hf_product_find(root, name, &p, &err) == 0 && strcmp(p->id, id) == 0;
}

static void test_find(void)
{
    static const struct {
        const char *name, *id;
    } row[] = {
        { "cylance", "cylance" },
        { "CYLANCE", "cylance" },
        { "Cylance PROTECT", "cylance" },
        { "A1", "a1" },
        { "apex one", "a1" },
        { "V1", "v1" },
        { "C1", "c1" },
        { "Trellix ENS", "trellix-ens" },
        { "cortex", "cortex-xdr" },
        { "qualys", "qualys" },
        { "sophos", "sophos-central" },
        { "Citrix Cloud Connector", "citrix-cloud-connector" },
        { "mdi", "defender-for-identity" },
    };
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
    struct hf_err err = { 0 };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(finds(NULL, row[i].name, row[i].id), "'%s' is found",
                 row[i].name);
    HF_CHECK(hf_product_find(NULL, "cylanec", &p, &err) == HF_E_ABSENT && !p &&
                 strstr(err.frame[0].text, "did you mean 'cylance'?"),
             "an unknown name gets the nearest");
    HF_CHECK(hf_product_find(NULL, "mcaffee", &p, &err) == HF_E_ABSENT &&
                 strstr(err.frame[0].text, "did you mean 'mcafee'?"),
             "also of other names");
    HF_CHECK(hf_product_find(NULL, "Trend", &p, &err) == HF_E_ABSENT &&
                 strstr(err.frame[0].text, "did you mean 'a1', 'c1', 'v1'?"),
             "by the first word of a name, each that has it");
    HF_CHECK(hf_product_find(NULL, "../products/cylance", &p, &err) ==
                 HF_E_ABSENT,
             "a path is no name");
    HF_CHECK(hf_product_find(NULL, "", &p, &err) == HF_E_ABSENT &&
                 hf_product_find(NULL, "elephant", &p, &err) == HF_E_ABSENT,
             "nothing is not found");
}

/* Every file of data/products/ is one that can be asked for. */
static void test_all(void)
{
    HF_AUTO(hf_products_done) struct hf_products all = { 0 };
    struct hf_err err = { 0 };
    size_t files = 0, count;
    const struct hf_embed *file = hf_embed_all(&count);
    bool sorted = true, sourced = true;

    for (size_t i = 0; i < count; i++)
        files += hf_view_starts(view(file[i].name), "products/");
    HF_CHECK(hf_products_all(NULL, &all, &err) == 0 && all.count >= files &&
                 files >= 10,
             "all products load: %s", err.n ? err.frame[0].text : "yes");
    for (size_t i = 0; i < all.count; i++) {
        const struct hf_product *p = all.product[i];

        sorted &= i == 0 || strcmp(all.product[i - 1]->id, p->id) < 0;
        sourced &= p->source != NULL;
        for (size_t k = 0; k < p->need_count; k++)
            sourced &= p->need[k].source != NULL;
    }
    HF_CHECK(sorted, "they are sorted by id");
    HF_CHECK(sourced, "each and every certificate has a source");
}

/* --- /etc/holdfast/products ---------------------------------------------- */

static void put(const char *root, const char *name, const char *text)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(root, name);
    struct hf_err err;

    HF_CHECK(path && hf_file_write(path, view(text), 0644, &err) == 0,
             "write %s", name);
}

static void test_overlay(const char *root)
{
    HF_AUTO(hf_free_ptr)
    char *dir = hf_path_join(root, "etc/holdfast/products");
    HF_AUTO(hf_free_ptr) char *opt = hf_path_join(root, "opt/p");
    HF_AUTO(hf_products_done) struct hf_products all = { 0 };
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;
    struct hf_err err = { 0 };
    size_t before;

    HF_CHECK(hf_products_all(root, &all, &err) == 0, "none of its own");
    before = all.count;
    hf_products_done(&all);
    HF_CHECK(hf_file_mkdirs(dir, 0755, &err) == 0, "make a folder");
    put(root, "etc/holdfast/products/cylance.yaml",
        "name: Mine\nhosts: [a.example]\n");
    put(root, "etc/holdfast/products/own.yaml", whole);
    put(root, "etc/holdfast/products/README", "no product\n");
    HF_CHECK(hf_products_all(root, &all, &err) == 0 && all.count == before + 1,
             "a file replaces the embedded one of its id, another is added");
    HF_CHECK(finds(root, "own", "own") && finds(root, "SOME ALIAS", "own"),
             "an own product is found by id and by alias");
    HF_CHECK(hf_product_find(root, "cylance", &p, &err) == 0 &&
                 strcmp(p->name, "Mine") == 0 &&
                 strstr(p->path, "/etc/holdfast/products/cylance.yaml"),
             "the replacement says where it came from");
    hf_product_free(HF_STEAL(p));
    HF_CHECK(hf_product_find(root, "own", &p, &err) == 0 &&
                 !hf_product_installed(root, p),
             "without its folder a product is not installed");
    HF_CHECK(hf_file_mkdirs(opt, 0755, &err) == 0 &&
                 hf_product_installed(root, p),
             "with it, it is");
    hf_product_free(HF_STEAL(p));
    put(root, "etc/holdfast/products/own.yaml", "name: [\n");
    HF_CHECK(hf_product_find(root, "own", &p, &err) == HF_E_PARSE &&
                 strstr(err.frame[0].text, "products/own.yaml:2:1"),
             "a damaged file is an error that says where");
    HF_CHECK(finds(root, "qualys", "qualys"),
             "and does not keep others from being found by id");
}

static void clean(const char *root)
{
    static const char *const name[] = {
        "etc/holdfast/products/cylance.yaml",
        "etc/holdfast/products/own.yaml",
        "etc/holdfast/products/README",
        "etc/holdfast/products",
        "etc/holdfast",
        "etc",
        "opt/p",
        "opt",
        "",
    };

    for (size_t i = 0; i < HF_COUNT(name); i++) {
        HF_AUTO(hf_free_ptr) char *path = hf_path_join(root, name[i]);

        if (path)
            (void)remove(path);
    }
}

static int parse_attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;

    return hf_product_parse("p", "t", view(arg), &p, err);
}

static int find_attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *p = NULL;

    return hf_product_find(NULL, arg, &p, err);
}

int main(void)
{
    static char id[] = "sophos-central";
    const char *tmp = getenv("TMPDIR");
    char root[4096];

    (void)snprintf(root, sizeof(root), "%s/hf-product-XXXXXX",
                   tmp ? tmp : "/tmp");
    test_whole();
    test_refused();
    test_covers();
    test_find();
    test_all();
    if (!mkdtemp(root)) {
        HF_CHECK(false, "a folder to work in");
        return hf_test_end();
    }
    test_overlay(root);
    clean(root);
    hf_oom_test("a product", HF_OOM_OURS, parse_attempt, (void *)whole);
    hf_oom_test("finding one", HF_OOM_OURS, find_attempt, id);
    return hf_test_end();
}
