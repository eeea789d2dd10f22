/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/store_findings_test.c - sound and unsound stores. */
#include "doctor/store_findings.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/mint.h"
#include "hf_test.h"
#include "plat/file.h"

#define NOWHERE "/nonexistent-holdfast"

static const struct {
    const char *name;
    mode_t mode;
    int64_t at_s;
    bool empty, system;
    const char *want;
} row[] = {
    { "sound", 0644, MINT_AT_S, false, false, "" },
    { "sound system store", 0644, MINT_AT_S, false, true, "" },
    { "empty", 0644, MINT_AT_S, true, false, "HF1103" },
    { "system store for root alone", 0600, MINT_AT_S, false, true, "HF1104" },
    { "CA file for its owner alone", 0600, MINT_AT_S, false, false, "" },
    { "anybody may write", 0666, MINT_AT_S, false, false, "HF1105" },
    { "a root has ended", 0644, MINT_TO_S + 1, false, false, "HF1106" },
    { "a root ends this second", 0644, MINT_TO_S, false, false, "" },
};

#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"

static void check_row(size_t i, const char *root, struct hf_cert *cert,
                      struct hf_catalogue *catalogue,
                      struct hf_distrust *distrust)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    struct hf_certs certs = { 0 };
    struct hf_findings list;
    struct hf_err err;
    char path[300], spec[310], codes[64] = "";

    hf_findings_init(&list, catalogue);
    if (!row[i].empty)
        hf_certs_add(&certs, cert);
    (void)snprintf(path, sizeof(path), "%s" BUNDLE, root);
    (void)snprintf(spec, sizeof(spec), "pem:%s", path);
    assert(chmod(path, row[i].mode) == 0);
    if (hf_store_open(row[i].system ? "system" : spec,
                      row[i].system ? root : NULL, &store, &err) == 0)
        hf_find_store(store, &certs, distrust, row[i].at_s, &list);
    if (list.count == 1)
        (void)snprintf(codes, sizeof(codes), "%s", list.item[0].kind->code);
    HF_CHECK(store && list.count == (row[i].want[0] != '\0') &&
                 strcmp(codes, row[i].want) == 0,
             "store: %s: %s", row[i].name, codes);
    hf_findings_done(&list);
    hf_certs_done(&certs);
}

static void check_ending(const char *root, struct hf_cert *cert,
                         struct hf_catalogue *catalogue)
{
    static const struct {
        const char *name;
        int64_t now_s, at_s;
        size_t found;
    } when[] = {
        { "it ends in between", MINT_AT_S, MINT_TO_S + 1, 1 },
        { "it ends the second after", MINT_AT_S, MINT_TO_S, 0 },
        { "it had ended before", MINT_TO_S + 1, MINT_TO_S + 9, 0 },
        { "no time passes", MINT_AT_S, MINT_AT_S, 0 },
    };

    for (size_t i = 0; i < HF_COUNT(when); i++) {
        HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
        struct hf_certs certs = { 0 };
        struct hf_findings list;
        struct hf_err err;

        hf_findings_init(&list, catalogue);
        hf_certs_add(&certs, cert);
        if (hf_store_open("system", root, &store, &err) == 0)
            hf_find_store_ending(store, &certs, when[i].now_s, when[i].at_s,
                                 &list);
        HF_CHECK(store && list.count == when[i].found &&
                     (list.count == 0 || list.item[0].evidence_count == 1),
                 "ending: %s", when[i].name);
        hf_findings_done(&list);
        hf_certs_done(&certs);
    }
}

/* A system below a temporary folder, whose bundle holds `cert`. */
static void make_root(char *root, size_t size, const struct hf_cert *cert)
{
    const char *tmp = getenv("TMPDIR");
    char path[300];
    struct hf_buf pem;
    struct hf_err err;

    (void)snprintf(root, size, "%s/hf-store-XXXXXX", tmp ? tmp : "/tmp");
    assert(mkdtemp(root));
    (void)snprintf(path, sizeof(path), "%s/etc/ssl/certs", root);
    assert(hf_file_mkdirs(path, 0755, &err) == 0);
    (void)snprintf(path, sizeof(path), "%s" BUNDLE, root);
    hf_buf_init(&pem, 65536);
    hf_cert_pem(&pem, cert);
    assert(hf_file_write(path, hf_buf_peek(&pem), 0644, &err) == 0);
    hf_buf_done(&pem);
}

static void drop_root(const char *root)
{
    static const char *const parts[] = { BUNDLE, "/etc/ssl/certs", "/etc/ssl",
                                         "/etc", "" };
    char path[300];

    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", root, parts[i]);
        (void)remove(path);
    }
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;
    EVP_PKEY *key = mint_key();
    struct hf_cert *cert = MINT("Root", "Root", key, key, MINT_CA);
    struct hf_err err;
    char root[200];

    make_root(root, sizeof(root), cert);
    assert(hf_catalogue_load(NOWHERE, &catalogue, &err) == 0 &&
           hf_distrust_load(NOWHERE, &distrust, &err) == 0);
    for (size_t i = 0; i < HF_COUNT(row); i++)
        check_row(i, root, cert, catalogue, distrust);
    check_ending(root, cert, catalogue);
    drop_root(root);
    hf_cert_unref(cert);
    EVP_PKEY_free(key);
    return hf_test_end();
}
