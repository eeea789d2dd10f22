/* SPDX-License-Identifier: Apache-2.0 */
/* ctl_test.c - Microsoft's own trust lists of 2020 and 2025.
 * Source: authroot.stl and authrootstl.cab as Windows fetched them. */
#include <sys/resource.h>

#include "base/hex.h"
#include "doc/embed.h"
#include "hf_test.h"
#include "outside.h"
#include "store/ctl.h"
#include "store/store.h"

#define FOLDER "authroot"
#define NEW "authroot-2025-06-16.stl"
#define OLD "authroot-2020-09-03.stl"
#define CABINET "authrootstl-2025-06-16.cab"
#define IDENTITY "microsoft-identity-verification-root-2020"
#define PEAK_KB (64L * 1024)

#define MOST                                                                   \
    "clientAuth codeSign EFS email ipsecTunnel ipsecUser serverAuth timestamp"
static const char most[] = MOST;
static const char most_and_ike[] = "1.3.6.1.5.5.8.2.2 " MOST;
static const char most_ike_ocsp[] =
    "1.3.6.1.5.5.8.2.2 clientAuth codeSign EFS email ipsecTunnel ipsecUser "
    "ocsp serverAuth timestamp";

/* What the list of 2025-06-16 says of the roots built in: a root's name here,
 * then the columns of the table. Roots it does not name are not here. */
static const struct {
    const char *root;
    const char *column[6]; /* name, purposes, disallowed, ... */
} want[] = {
    { "microsoft-root-ca-2001",
      { "Microsoft Root Certificate Authority", "", "2021-08-01", "",
        "2017-04-30", "" } },
    { "microsoft-root-ca-2010",
      { "Microsoft Root Certificate Authority 2010", "", "", "", "", "" } },
    { "utn-userfirst-object",
      { "Sectigo (UTN Object)", "codeSign EFS timestamp", "2023-02-01", "",
        "2021-04-01", "" } },
    { "thawte-timestamping-ca",
      { "thawte", "timestamp", "2023-02-01", "", "2021-02-01", "" } },
    { "amazon-root-ca-1",
      { "Amazon Root CA 1", "clientAuth docSign EFS email serverAuth timestamp",
        "", "", "", "" } },
    { "verisign-class3-pca-2031",
      { "VeriSign Class 3 Public Primary CA",
        "clientAuth codeSign email serverAuth", "2020-02-02",
        "1.3.6.1.4.1.311.94.1.2", "2017-03-01", "" } },
    { "microsoft-rsa-root-2017",
      { "Microsoft RSA Root Certificate Authority 2017",
        "clientAuth serverAuth", "", "", "", "" } },
    { "baltimore-cybertrust-root",
      { "DigiCert Baltimore Root",
        "clientAuth codeSign email ocsp serverAuth timestamp", "", "",
        "2020-08-01", "ocsp" } },
    { "aaa-certificate-services", { "Sectigo (AAA)", most, "", "", "", "" } },
    { "starfield-class2-ca",
      { "Starfield Class 2 Certification Authority",
        "clientAuth codeSign email serverAuth", "", "", "", "" } },
    { "digicert-high-assurance-ev-root",
      { "DigiCert", "clientAuth codeSign email serverAuth timestamp", "", "",
        "", "" } },
    { "digicert-assured-id-root-ca",
      { "DigiCert", "clientAuth codeSign email serverAuth timestamp", "", "",
        "", "" } },
    { "entrust-root-ca",
      { "Entrust", most_and_ike, "", "", "2025-04-16",
        "codeSign EFS ipsecEnd ipsecTunnel ipsecUser serverAuth" } },
    { "thawte-primary-root-ca",
      { "thawte", "clientAuth codeSign email serverAuth", "cleared", "",
        "2021-02-01", "clientAuth codeSign email serverAuth" } },
    { "globalsign-root-r1",
      { "GlobalSign Root CA - R1", most_ike_ocsp, "", "ocsp", "2019-10-01",
        "ocsp" } },
    { "verisign-universal-root",
      { "VeriSign Universal Root Certification Authority",
        "clientAuth codeSign email serverAuth timestamp", "", "", "2021-02-01",
        "codeSign serverAuth" } },
    { "entrust-root-g2",
      { "Entrust.net", most, "", "", "2025-04-16",
        "EFS ipsecEnd ipsecTunnel ipsecUser serverAuth" } },
    { "starfield-root-g2",
      { "Starfield Root Certificate Authority – G2", most, "", "", "", "" } },
    { "starfield-services-root-g2",
      { "Amazon Services Root Certificate Authority -- G2", most, "", "",
        "2021-08-01", "codeSign" } },
    { "comodo-rsa", { "Sectigo (formerly Comodo CA)", most, "", "", "", "" } },
    { "digicert-trusted-root-g4",
      { "DigiCert Trusted Root G4",
        "clientAuth codeSign email serverAuth timestamp", "", "", "", "" } },
    { "digicert-global-root-g2",
      { "DigiCert Global Root G2",
        "clientAuth codeSign email serverAuth timestamp", "", "", "2021-08-01",
        "codeSign" } },
    { "digicert-global-root-g3",
      { "DigiCert Global Root G3",
        "clientAuth codeSign email serverAuth timestamp", "", "", "", "" } },
    { "microsoft-root-ca-2011",
      { "Microsoft Root Certificate Authority 2011", "", "", "", "", "" } },
    { "usertrust-rsa", { "Sectigo", most, "", "", "", "" } },
    { "godaddy-root-g2",
      { "Go Daddy Root Certificate Authority – G2", most, "", "", "", "" } },
    { "globalsign-root-r3",
      { "GlobalSign Root CA - R3", most, "", "", "", "" } },
    { "addtrust-external-ca-root",
      { "Sectigo (AddTrust)", most, "2023-02-01", "", "2021-04-01", "" } },
    { "verisign-class3-pca-g5",
      { "VeriSign", "clientAuth codeSign email serverAuth", "cleared", "",
        "2021-02-01", "clientAuth codeSign email serverAuth" } },
    { "digicert-global-root-ca",
      { "DigiCert", "clientAuth codeSign email serverAuth timestamp", "", "",
        "2021-08-01", "codeSign" } },
    { "godaddy-class2",
      { "Go Daddy Class 2 Certification Authority",
        "clientAuth codeSign email serverAuth", "", "", "", "" } },
    { "geotrust-global-ca",
      { "GeoTrust Global CA", "clientAuth codeSign email serverAuth timestamp",
        "2023-02-01", "", "2021-02-01",
        "clientAuth codeSign email serverAuth timestamp" } },
    { "isrg-root-x1",
      { "ISRG Root X1", "clientAuth serverAuth", "", "", "", "" } },
    { "microsoft-ecc-root-2017",
      { "Microsoft ECC Root Certificate Authority 2017",
        "clientAuth serverAuth", "", "", "", "" } },
    { "microsoft-identity-verification-root-2020",
      { "Microsoft Identity Verification Root Certificate Authority 2020",
        "codeSign timestamp", "", "", "", "" } },
    { "gts-root-r1",
      { "GTS Root R1", "clientAuth email serverAuth", "", "", "", "" } },
};

static char *folder;

static bool read_bytes(const char *name, struct hf_buf *bytes)
{
    hf_buf_init(bytes, HF_CTL_MAX);
    return outside_read(folder, name, bytes);
}

/* NULL when it is not believed. */
static struct hf_ctl *load(const char *name)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    struct hf_ctl *ctl = NULL;
    struct hf_err err = { 0 };
    char text[1024];

    if (!read_bytes(name, &bytes) ||
        hf_ctl_decode(hf_buf_peek(&bytes), &ctl, &err) == 0)
        return ctl;
    hf_err_text(&err, text, sizeof(text));
    printf("# %s: %s\n", name, text);
    return NULL;
}

static struct hf_buf table_of(const struct hf_ctl *ctl)
{
    struct hf_buf table;

    hf_buf_init(&table, 1024 * 1024);
    if (ctl)
        hf_ctl_tsv(&table, ctl);
    return table;
}

static const struct hf_embed_root *root_named(const char *name)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(root[i].name, name) == 0)
            return &root[i];
    return NULL;
}

/* --- what the lists say -------------------------------------------------- */

/* The row of the table that has this SHA-1. */
static struct hf_view row_of(struct hf_view table, const uint8_t *sha1)
{
    char digits[2 * HF_SHA1_LEN + 1];

    hf_hex(hf_view(sha1, HF_SHA1_LEN), digits);
    while (table.len > 0) {
        struct hf_view line = hf_view_line(&table);

        if (hf_view_find(line, digits) != SIZE_MAX)
            return line;
    }
    return hf_view(NULL, 0);
}

static bool is_row(struct hf_view row, const char *const *column)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    size_t at;

    hf_buf_init(&text, 4096);
    for (size_t i = 0; i < HF_COUNT(want[0].column); i++)
        hf_buf_printf(&text, "\t%s", column[i]);
    at = row.len > text.len ? row.len - text.len : 0;
    return hf_view_same(hf_view_from(row, at), hf_buf_peek(&text));
}

static void test_rows(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_buf_done) struct hf_buf table = table_of(ctl);

    for (size_t i = 0; i < HF_COUNT(want); i++) {
        const struct hf_embed_root *root = root_named(want[i].root);
        struct hf_view row =
            root ? row_of(hf_buf_peek(&table), root->sha1) : hf_view(NULL, 0);

        HF_CHECK(row.len > 0 && is_row(row, want[i].column),
                 "2025: what it says of %s", want[i].root);
    }
}

/* Which of the roots built in it means, by SHA-1 and by SHA-256. */
static size_t count_named(const struct hf_ctl *ctl)
{
    size_t count, named = 0;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        struct hf_err err;

        named += hf_cert_new(root[i].der, &cert, &err) == 0 &&
                 hf_ctl_find_cert(ctl, cert) != NULL;
    }
    return named;
}

static void test_lists(const struct hf_ctl *young, const struct hf_ctl *old)
{
    const struct hf_embed_root *identity = root_named(IDENTITY);

    HF_CHECK(young->count == 514 && young->usage == HF_CTL_ROOTS,
             "2025: 514 entries");
    HF_CHECK(strcmp(young->sequence, "1401dbdee7f1a4f449") == 0 &&
                 young->this_update_s == 1750096571,
             "2025: its sequence number and date");
    HF_CHECK(count_named(young) == HF_COUNT(want),
             "2025: names %zu of the roots built in", HF_COUNT(want));
    HF_CHECK(old->count == 413 && old->this_update_s < young->this_update_s,
             "2020: 413 entries");
    HF_CHECK(identity && hf_ctl_find(young, identity->sha1) &&
                 !hf_ctl_find(old, identity->sha1),
             "2020: without the identity verification root of that year");
}

/* data/microsoft.tsv: comments, then what the list of 2025 gives. */
static void test_reproduced(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_buf_done) struct hf_buf table = table_of(ctl);
    const struct hf_embed *data = hf_embed_find("microsoft.tsv");
    struct hf_view rest = data ? data->text : hf_view(NULL, 0);
    size_t before = rest.len > table.len ? rest.len - table.len : 0;
    bool comments = before > 0;

    HF_CHECK(hf_view_same(hf_view_from(rest, before), hf_buf_peek(&table)),
             "data/microsoft.tsv is what the list of 2025 gives");
    while (rest.len > table.len)
        comments = hf_view_starts(hf_view_line(&rest), "#") && comments;
    HF_CHECK(comments, "data/microsoft.tsv: comments before it");
}

static void test_cabinet(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *inside = load(CABINET);
    HF_AUTO(hf_buf_done) struct hf_buf a = table_of(ctl);
    HF_AUTO(hf_buf_done) struct hf_buf b = table_of(inside);

    HF_CHECK(inside && hf_view_same(hf_buf_peek(&a), hf_buf_peek(&b)),
             "the cabinet holds the same list");
}

/* --- as a store ---------------------------------------------------------- */

static void test_store(void)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(folder, NEW);
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    struct hf_store_list list = { 0 };
    size_t refused = 0, limited = 0;
    char spec[PATH_MAX];
    struct hf_err err;

    (void)snprintf(spec, sizeof(spec), "ctl:%s", path);
    HF_CHECK(hf_store_open(spec, NULL, &store, &err) == 0 &&
                 hf_store_read(store, &list, &err) == 0 && list.count == 514 &&
                 list.damaged == 0 && list.bodiless == 514 - HF_COUNT(want),
             "store: 514 entries, %zu with a body", HF_COUNT(want));
    for (size_t i = 0; i < list.count; i++) {
        refused += list.entry[i].standing == HF_STANDING_REFUSED;
        limited += list.entry[i].purposes != 0;
    }
    HF_CHECK(refused > 0 && refused < list.count && limited > refused,
             "store: %zu are refused, %zu are for some purposes", refused,
             limited);
    hf_store_list_done(&list);
}

/* --- damage -------------------------------------------------------------- */

/* 0: refused, or as it was; 1: believed with another content. */
static int flip(const struct hf_certs *anchors, struct hf_buf *bytes, size_t at,
                const struct hf_buf *table, size_t *believed)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf got = { 0 };
    struct hf_err err = { 0 };
    int rc;

    bytes->ptr[at] ^= (uint8_t)(1u << at % 8);
    rc = hf_ctl_read(hf_buf_peek(bytes), anchors, &ctl, &err);
    bytes->ptr[at] ^= (uint8_t)(1u << at % 8);
    if (rc < 0)
        return ctl != NULL || err.n == 0;
    *believed += 1;
    got = table_of(ctl);
    return !hf_view_same(hf_buf_peek(&got), hf_buf_peek(table));
}

/* Every third byte of what stands around the list, every 499th of the list. */
static void test_flips(const struct hf_ctl *ctl)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf table = table_of(ctl);
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    size_t tried = 0, believed = 0;
    int wrong = 0;
    struct hf_err err;

    if (!read_bytes(NEW, &bytes) || hf_ctl_anchors(&anchors, &err) < 0)
        abort();
    for (size_t at = 0; at < bytes.len; tried++) {
        wrong += flip(&anchors, &bytes, at, &table, &believed);
        at += at > 200 && at + 4500 < bytes.len ? 499 : 3;
    }
    HF_CHECK(wrong == 0, "flips: none of %zu changes what is believed", tried);
    HF_CHECK(believed * 50 < tried, "flips: %zu were in what is not signed",
             believed);
}

static void test_cuts(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    size_t believed = 0, tried = 0;

    if (!read_bytes(NEW, &bytes))
        abort();
    for (size_t len = 0; len < bytes.len; len += 997, tried++) {
        HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
        struct hf_err err;

        believed +=
            hf_ctl_decode(hf_view(bytes.ptr, len), &ctl, &err) != HF_E_PARSE;
    }
    HF_CHECK(believed == 0, "cuts: all %zu are refused", tried);
}

static void test_memory(void)
{
#ifndef __SANITIZE_ADDRESS__ /* which takes memory of its own */
    struct rusage used;

    (void)getrusage(RUSAGE_SELF, &used);
    HF_CHECK(used.ru_maxrss < PEAK_KB, "%ld kB at most", used.ru_maxrss);
#endif
}

int main(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *young = NULL;
    HF_AUTO(hf_ctl_freep) struct hf_ctl *old = NULL;
    HF_AUTO(hf_free_ptr) char *base = outside_path(FOLDER);

    folder = base;
    if (!hf_path_is_dir(folder))
        return outside_skip(folder);
    young = load(NEW);
    old = load(OLD);
    HF_CHECK(young && old, "both lists are believed");
    if (!young || !old)
        return hf_test_end();
    test_lists(young, old);
    test_rows(young);
    test_reproduced(young);
    test_cabinet(young);
    test_store();
    test_flips(young);
    test_cuts();
    test_memory();
    return hf_test_end();
}
