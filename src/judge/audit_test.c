/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit_test.c - what is said of each entry of a store. */
#include "judge/audit.h"

#include "hf_oom.h"

#include "crypto/mint.h"
#include "doc/embed.h"

#define NOWHERE "/nonexistent-holdfast"
#define DAY_S INT64_C(86400)
#define TODAY INT64_C(1795305600) /* 2026-11-22 */

/* What the tests audit by. */
struct scene {
    struct hf_distrust *distrust;
    struct hf_known *known;
    EVP_PKEY *key, *other, *rsa1024, *small;
    struct hf_cert *root;     /* of `key` */
    struct hf_cert *renewed;  /* its name and key, another certificate */
    struct hf_cert *impostor; /* its name, the key `other` */
    struct hf_cert *inter;    /* issued by `root` */
    struct hf_cert *leaf;     /* an end of a chain */
    struct hf_cert *own;      /* self-issued, no authority */
    struct hf_cert *sha1;     /* an intermediate signed with SHA-1 */
    struct hf_cert *weak, *weak_ec, *sha1_root;
    struct hf_cert *nameless, *nameless2;
    struct hf_cert *geotrust, *g5, *g2;
};

static EVP_PKEY *make_key(const char *group, unsigned bits)
{
    EVP_PKEY *key = group ? EVP_EC_gen(group) : EVP_RSA_gen(bits);

    assert(key);
    return key;
}

static struct hf_cert *embedded(const char *name)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    struct hf_cert *cert = NULL;
    struct hf_err err;

    for (size_t i = 0; i < count && !cert; i++)
        if (strcmp(root[i].name, name) == 0)
            assert(hf_cert_new(root[i].der, &cert, &err) == 0);
    assert(cert);
    return cert;
}

static void scene_init(struct scene *s)
{
    struct hf_err err;

    assert(hf_distrust_load(NOWHERE, &s->distrust, &err) == 0 &&
           hf_known_load(NOWHERE, NULL, &s->known, &err) == 0);
    s->key = mint_key();
    s->other = mint_key();
    s->rsa1024 = make_key(NULL, 1024);
    s->small = make_key("secp192k1", 0);
    s->root = MINT("Root", "Root", s->key, s->key, MINT_CA);
    s->renewed = MINT("Root", "Root", s->key, s->key, MINT_CA, .serial = 2);
    s->impostor = MINT("Root", "Root", s->other, s->other, MINT_CA);
    s->inter = MINT("Inter", "Root", s->other, s->key, MINT_CA);
    s->leaf = MINT("host", "Root", s->other, s->key, MINT_LEAF);
    s->own = MINT("own", "own", s->other, s->other, MINT_LEAF);
    s->sha1 =
        MINT("Inter", "Root", s->other, s->key, MINT_CA, .digest = EVP_sha1());
    s->sha1_root =
        MINT("Old", "Old", s->key, s->key, MINT_CA, .digest = EVP_sha1());
    s->weak = MINT("Weak", "Weak", s->rsa1024, s->rsa1024, MINT_CA,
                   .no_key_ids = true);
    s->weak_ec = MINT("WeakEC", "WeakEC", s->small, s->small, MINT_CA);
    s->nameless = MINT(NULL, NULL, s->key, s->key, MINT_CA);
    s->nameless2 = MINT(NULL, NULL, s->other, s->other, MINT_CA);
    s->geotrust = embedded("geotrust-global-ca");
    s->g5 = embedded("verisign-class3-pca-g5");
    s->g2 = embedded("digicert-global-root-g2");
}

static void scene_done(struct scene *s)
{
    struct hf_cert *all[] = { s->root,      s->renewed,  s->impostor,
                              s->inter,     s->leaf,     s->own,
                              s->sha1,      s->weak,     s->weak_ec,
                              s->sha1_root, s->nameless, s->nameless2,
                              s->geotrust,  s->g5,       s->g2 };

    for (size_t i = 0; i < HF_COUNT(all); i++)
        hf_cert_unref(all[i]);
    EVP_PKEY_free(s->key);
    EVP_PKEY_free(s->other);
    EVP_PKEY_free(s->rsa1024);
    EVP_PKEY_free(s->small);
    hf_known_free(s->known);
    hf_distrust_free(s->distrust);
}

#define MAX 4
struct store {
    struct hf_store_entry entry[MAX];
    struct hf_store_list list;
};

static void add(struct store *s, struct hf_cert *cert,
                enum hf_standing standing, const char *place)
{
    assert(s->list.count < MAX);
    s->entry[s->list.count++] =
        (struct hf_store_entry){ .cert = cert,
                                 .where = (char *)"store:1",
                                 .standing = standing,
                                 .place = (char *)place };
    s->list.entry = s->entry;
}

static struct hf_audit_ask ask_of(const struct scene *scene,
                                  const struct store *store, int64_t at_s)
{
    return (struct hf_audit_ask){ .store = "store",
                                  .list = &store->list,
                                  .distrust = scene->distrust,
                                  .known = scene->known,
                                  .at_s = at_s,
                                  .stack = HF_STACK_WINDOWS };
}

/* "expired weak-key" */
static void marks_text(unsigned marks, char *text, size_t size)
{
    size_t len = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < HF_AUDIT_MARKS; i++)
        if (marks & 1U << i)
            len += (size_t)snprintf(
                text + len, size - len, "%s%s", len ? " " : "",
                hf_audit_mark_name((enum hf_audit_mark)(1U << i)));
}

/* Audits, and compares the marks and a piece of the text of entry `at`. */
static void check(const struct hf_audit_ask *ask, size_t at, const char *want,
                  const char *text, const char *name)
{
    struct hf_audit audit = { 0 };
    struct hf_err err;
    char marks[200] = "no audit";

    if (hf_audit_store(ask, &audit, &err) == 0)
        marks_text(audit.row[at].marks, marks, sizeof(marks));
    HF_CHECK(strcmp(marks, want) == 0 && audit.count == ask->list->count &&
                 audit.row[at].entry == &ask->list->entry[at] &&
                 (!text || strstr(audit.row[at].text, text)) &&
                 (audit.row[at].text[0] != '\0') == (want[0] != '\0'),
             "%s: %s", name, marks);
    if (audit.count > at)
        printf("# %s\n", audit.row[at].text);
    hf_audit_done(&audit);
}

/* --- an anchor by itself ------------------------------------------------- */

static void test_anchors(const struct scene *s)
{
    const struct {
        const char *name;
        struct hf_cert *cert;
        int64_t at_s, expiring_s;
        const char *want, *text;
    } row[] = {
        { "a public root", s->g2, TODAY, 0, "", NULL },
        { "a private root", s->root, MINT_AT_S, 0, "unknown",
          "it names no organisation, 2024-01-01 to 2030-01-01, EC prime256v1, "
          "SHA-256 " },
        { "its last second", s->root, MINT_TO_S, 0, "unknown", NULL },
        { "the second after", s->root, MINT_TO_S + 1, 0, "expired unknown",
          "ended on 2030-01-01; on no list" },
        { "ends a second past the time", s->root, MINT_TO_S - DAY_S, DAY_S,
          "unknown", NULL },
        { "ends within the time", s->root, MINT_TO_S - DAY_S, DAY_S + 1,
          "expiring unknown", "ends on 2030-01-01" },
        { "ends this second, within the time", s->root, MINT_TO_S, 1,
          "expiring unknown", NULL },
        { "ended, and not ending again", s->root, MINT_TO_S + 1, DAY_S,
          "expired unknown", NULL },
        { "a time beyond all times", s->root, MINT_AT_S, INT64_MAX,
          "expiring unknown", NULL },
        { "RSA 1024", s->weak, MINT_AT_S, 0, "weak-key unknown",
          "its key is RSA 1024: at least 2048 bits are wanted" },
        { "a small curve", s->weak_ec, MINT_AT_S, 0, "weak-key unknown",
          "at least 224 bits" },
        { "a root's own SHA-1", s->sha1_root, MINT_AT_S, 0, "unknown", NULL },
        { "an intermediate with SHA-1", s->sha1, MINT_AT_S, 0,
          "weak-signature unknown misplaced", "signed with ecdsa-with-SHA1" },
        { "an intermediate", s->inter, MINT_AT_S, 0, "unknown misplaced",
          "in 'ROOT': an intermediate among the roots" },
        { "a server's certificate", s->leaf, MINT_AT_S, 0, "unknown misplaced",
          "neither root nor authority" },
        { "a server's own", s->own, MINT_AT_S, 0, "unknown", "no authority" },
        { "disallowed", s->geotrust, TODAY, 0, "expired distrusted",
          "Microsoft has disallowed it since 2023-02-01 (authroot.stl of " },
        { "the second before", s->geotrust, INT64_C(1675209599), 0,
          "expired restricted", NULL },
        { "nothing new", s->g5, TODAY, 0, "restricted",
          "Microsoft trusts nothing issued under it after 2021-02-01" },
        { "removed before that", s->g5, INT64_C(1577836800), 0, "distrusted",
          "Mozilla has removed it" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct store store = { 0 };
        struct hf_audit_ask ask = ask_of(s, &store, row[i].at_s);

        add(&store, row[i].cert, HF_STANDING_ANCHOR, "ROOT");
        ask.expiring_s = row[i].expiring_s;
        check(&ask, 0, row[i].want, row[i].text, row[i].name);
    }
}

/* --- what is no anchor --------------------------------------------------- */

static void test_standings(const struct scene *s)
{
    const struct {
        const char *name;
        struct hf_cert *cert;
        enum hf_standing standing;
        int64_t at_s;
        const char *want, *text;
    } row[] = {
        { "an intermediate", s->inter, HF_STANDING_ISSUER, MINT_AT_S, "",
          NULL },
        { "an intermediate that ended", s->inter, HF_STANDING_ISSUER,
          MINT_TO_S + 1, "expired", NULL },
        { "an intermediate with SHA-1", s->sha1, HF_STANDING_ISSUER, MINT_AT_S,
          "weak-signature", NULL },
        { "a root among the intermediates", s->root, HF_STANDING_ISSUER,
          MINT_AT_S, "misplaced", "nothing below it is trusted" },
        { "a server's own among them", s->own, HF_STANDING_ISSUER, MINT_AT_S,
          "", NULL },
        { "a weak key that is held", s->weak, HF_STANDING_HELD, MINT_AT_S,
          "weak-key", NULL },
        { "a distrusted root that is held", s->g5, HF_STANDING_HELD, TODAY, "",
          NULL },
        { "a private root that is refused", s->root, HF_STANDING_REFUSED,
          MINT_AT_S, "", NULL },
        { "a weak one that is refused", s->weak, HF_STANDING_REFUSED,
          MINT_TO_S + 1, "", NULL },
        { "a sound public root that is refused", s->g2, HF_STANDING_REFUSED,
          TODAY, "misplaced", "a sound public root among what is refused" },
        { "a restricted one that is refused", s->g5, HF_STANDING_REFUSED, TODAY,
          "", NULL },
        { "one that ended is refused", s->geotrust, HF_STANDING_REFUSED, TODAY,
          "", NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct store store = { 0 };
        struct hf_audit_ask ask = ask_of(s, &store, row[i].at_s);

        add(&store, row[i].cert, row[i].standing, NULL);
        check(&ask, 0, row[i].want, row[i].text, row[i].name);
    }
}

static void test_other_stacks(const struct scene *s)
{
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, MINT_AT_S);

    ask.stack = HF_STACK_SYSTEM;
    add(&store, s->inter, HF_STANDING_ANCHOR, NULL);
    add(&store, s->renewed, HF_STANDING_ISSUER, NULL);
    check(&ask, 0, "unknown", NULL, "a bundle has one place for all");
    check(&ask, 1, "", NULL, "and for roots at hand");
    ask.known = NULL;
    ask.distrust = NULL;
    check(&ask, 0, "", NULL, "without lists nothing is unknown");
}

/* --- kin ----------------------------------------------------------------- */

static void test_twice(const struct scene *s)
{
    struct store same = { 0 }, places = { 0 }, both = { 0 }, refused = { 0 };
    struct hf_audit_ask ask = ask_of(s, &same, TODAY);

    add(&same, s->g2, HF_STANDING_ANCHOR, NULL);
    add(&same, s->g2, HF_STANDING_ANCHOR, NULL);
    add(&same, s->g2, HF_STANDING_ANCHOR, NULL);
    check(&ask, 0, "", NULL, "the first of three");
    check(&ask, 1, "duplicate", "there twice: first store:1", "the second");
    check(&ask, 2, "duplicate", NULL, "the third");
    ask.list = &places.list;
    add(&places, s->g2, HF_STANDING_ANCHOR, "ROOT");
    add(&places, s->g2, HF_STANDING_ANCHOR, "AuthRoot");
    check(&ask, 0, "", NULL, "in ROOT and in AuthRoot");
    check(&ask, 1, "", NULL, "the other way round");
    ask.list = &both.list;
    add(&both, s->root, HF_STANDING_REFUSED, "Disallowed");
    add(&both, s->root, HF_STANDING_ANCHOR, "ROOT");
    check(&ask, 1, "duplicate",
          "trusted here and refused in 'Disallowed', store:1: it is not "
          "trusted",
          "trusted and refused, and judged no further");
    check(&ask, 0, "", NULL, "a private root, rightly refused");
    ask.list = &refused.list;
    add(&refused, s->root, HF_STANDING_REFUSED, NULL);
    add(&refused, s->root, HF_STANDING_REFUSED, NULL);
    check(&ask, 1, "duplicate", NULL, "refused twice");
}

static void test_names(const struct scene *s)
{
    struct store three = { 0 }, renewed = { 0 }, nameless = { 0 };
    struct store refused = { 0 };
    struct hf_audit_ask ask = ask_of(s, &three, MINT_AT_S);
    char hex[65], text[200];

    ask.known = NULL;
    for (int i = 0; i < 32; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", hf_cert_sha256(s->impostor)[i]);
    (void)snprintf(text, sizeof(text),
                   "another anchor has its name and another key: SHA-256 %s "
                   "in 'ROOT', store:1",
                   hex);
    add(&three, s->root, HF_STANDING_ANCHOR, "ROOT");
    add(&three, s->renewed, HF_STANDING_ANCHOR, "ROOT");
    add(&three, s->impostor, HF_STANDING_ANCHOR, "ROOT");
    check(&ask, 0, "same-name", text, "a root and an impostor");
    check(&ask, 1, "same-name", text, "its renewal and the impostor");
    check(&ask, 2, "same-name", NULL, "the impostor");
    ask.list = &renewed.list;
    add(&renewed, s->root, HF_STANDING_ANCHOR, "ROOT");
    add(&renewed, s->renewed, HF_STANDING_ANCHOR, "ROOT");
    check(&ask, 0, "", NULL, "a root renewed with its key");
    ask.list = &nameless.list;
    add(&nameless, s->nameless, HF_STANDING_ANCHOR, "ROOT");
    add(&nameless, s->nameless2, HF_STANDING_ANCHOR, "ROOT");
    check(&ask, 0, "", NULL, "no name is no common name");
    ask.list = &refused.list;
    add(&refused, s->root, HF_STANDING_ANCHOR, "ROOT");
    add(&refused, s->impostor, HF_STANDING_REFUSED, "Disallowed");
    check(&ask, 0, "", NULL, "an impostor that is refused");
}

static void test_root_in_both(const struct scene *s)
{
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, TODAY);

    add(&store, s->g2, HF_STANDING_ISSUER, "CA");
    add(&store, s->g2, HF_STANDING_ANCHOR, "ROOT");
    check(&ask, 0, "misplaced", "it is trusted, since it is among the roots",
          "a root among both");
    check(&ask, 1, "", NULL, "where it belongs");
}

/* --- lists, purposes, damage --------------------------------------------- */

static void test_named(const struct scene *s)
{
    struct hf_ctl_entry g5 = { .name = (char *)"VeriSign" };
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, TODAY);

    g5.has_sha256 = true;
    memcpy(g5.sha256, hf_cert_sha256(s->g5), HF_SHA256_LEN);
    add(&store, NULL, HF_STANDING_ANCHOR, NULL);
    store.entry[0].named = &g5;
    check(&ask, 0, "restricted", "Microsoft trusts nothing",
          "named only, and restricted");
    store.entry[0].standing = HF_STANDING_REFUSED;
    check(&ask, 0, "", NULL, "named in order to refuse it");
    store.entry[0].standing = HF_STANDING_ANCHOR;
    g5.sha256[0] ^= 1;
    check(&ask, 0, "", NULL, "named only, and nothing is known of it");
}

static void test_purposes(const struct scene *s)
{
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, TODAY);

    add(&store, s->g5, HF_STANDING_ANCHOR, NULL);
    store.entry[0].purposes = HF_PURPOSE_CODE;
    check(&ask, 0, "", NULL, "a restriction for TLS, an anchor for code");
    store.entry[0].purposes = HF_PURPOSE_CODE | HF_PURPOSE_TLS_SERVER;
    check(&ask, 0, "restricted", NULL, "an anchor for both");
    store.entry[0].purposes = HF_PURPOSE_CODE;
    store.entry[0].cert = s->geotrust;
    check(&ask, 0, "expired distrusted", NULL, "disallowed for everything");
}

static void test_damage(const struct scene *s)
{
    static const uint8_t outline[] = { /* names and dates that are none */
                                       0x30, 0x10, 0x30, 0x0e, 0x02, 0x01,
                                       0x01, 0x30, 0x00, 0x30, 0x00, 0x30,
                                       0x00, 0x30, 0x00, 0x30, 0x01, 0x00
    };
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, TODAY);
    struct hf_cert *cert = NULL;
    struct hf_err err;

    add(&store, NULL, HF_STANDING_ANCHOR, NULL);
    store.entry[0].fault = (char *)"offset 7: cut";
    check(&ask, 0, "damaged", "offset 7: cut", "a damaged entry");
    store.entry[0].fault = NULL;
    check(&ask, 0, "damaged", "not a certificate", "an entry with nothing");
    HF_CHECK(hf_cert_new(hf_view(outline, sizeof(outline)), &cert, &err) == 0,
             "an outline that holds nothing");
    store.entry[0].cert = cert;
    check(&ask, 0, "damaged", "does not decode", "what does not decode");
    hf_cert_unref(cert);
}

static void test_parts(const struct scene *s)
{
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, MINT_TO_S + 1);
    struct hf_audit audit = { 0 };
    struct hf_err err;

    add(&store, s->weak, HF_STANDING_ANCHOR, NULL);
    assert(hf_audit_store(&ask, &audit, &err) == 0);
    HF_CHECK(audit.marked == 1 &&
                 hf_view_is(hf_audit_part(&audit.row[0], HF_AUDIT_EXPIRED),
                            "ended on 2030-01-01") &&
                 hf_view_is(hf_audit_part(&audit.row[0], HF_AUDIT_WEAK_KEY),
                            "its key is RSA 1024: at least 2048 bits are "
                            "wanted") &&
                 hf_audit_part(&audit.row[0], HF_AUDIT_DAMAGED).len == 0,
             "each mark has its part of the text");
    hf_audit_done(&audit);
}

/* Paths longer than any text may be. */
static void test_novel(const struct scene *s)
{
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, TODAY);
    struct hf_audit audit = { 0 };
    struct hf_err err;
    char *where = malloc(20000);

    assert(where);
    memset(where, 'x', 19999);
    where[19999] = '\0';
    add(&store, s->g2, HF_STANDING_ANCHOR, NULL);
    add(&store, s->g2, HF_STANDING_ANCHOR, NULL);
    store.entry[0].where = where;
    HF_CHECK(hf_audit_store(&ask, &audit, &err) == 0 &&
                 audit.row[1].marks == HF_AUDIT_DUPLICATE &&
                 strncmp(audit.row[1].text, "there twice", 11) == 0 &&
                 strlen(audit.row[1].text) < 16000,
             "a path as long as a novel is left out");
    hf_audit_done(&audit);
    free(where);
}

static int attempt(void *arg, struct hf_err *err)
{
    const struct scene *s = arg;
    struct store store = { 0 };
    struct hf_audit_ask ask = ask_of(s, &store, MINT_AT_S);
    struct hf_audit audit = { 0 };
    int rc;

    add(&store, s->root, HF_STANDING_ANCHOR, "ROOT");
    add(&store, s->impostor, HF_STANDING_ANCHOR, "ROOT");
    add(&store, s->root, HF_STANDING_ANCHOR, "ROOT");
    rc = hf_audit_store(&ask, &audit, err);
    hf_audit_done(&audit);
    return rc;
}

int main(void)
{
    struct scene s = { 0 };

    scene_init(&s);
    test_anchors(&s);
    test_standings(&s);
    test_other_stacks(&s);
    test_twice(&s);
    test_names(&s);
    test_root_in_both(&s);
    test_named(&s);
    test_purposes(&s);
    test_damage(&s);
    test_parts(&s);
    test_novel(&s);
    hf_oom_test("an audit", HF_OOM_OURS, attempt, &s);
    scene_done(&s);
    return hf_test_end();
}
