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
    bool empty;
    const char *want;
} row[] = {
    { "sound", 0644, MINT_AT_S, false, "" },
    { "empty", 0644, MINT_AT_S, true, "HF1103" },
    { "for root alone", 0600, MINT_AT_S, false, "HF1104" },
    { "anybody may write", 0666, MINT_AT_S, false, "HF1105" },
    { "a root has ended", 0644, MINT_TO_S + 1, false, "HF1106" },
    { "a root ends this second", 0644, MINT_TO_S, false, "" },
};

static void check_row(size_t i, const char *path, struct hf_cert *root,
                      struct hf_catalogue *catalogue,
                      struct hf_distrust *distrust)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    struct hf_certs certs = { 0 };
    struct hf_findings list;
    struct hf_err err;
    char spec[300], codes[64] = "";

    hf_findings_init(&list, catalogue);
    if (!row[i].empty)
        hf_certs_add(&certs, root);
    (void)snprintf(spec, sizeof(spec), "pem:%s", path);
    assert(chmod(path, row[i].mode) == 0);
    if (hf_store_open(spec, NULL, &store, &err) == 0)
        hf_find_store(store, &certs, distrust, row[i].at_s, &list);
    if (list.count == 1)
        (void)snprintf(codes, sizeof(codes), "%s", list.item[0].kind->code);
    HF_CHECK(store && list.count == (row[i].want[0] != '\0') &&
                 strcmp(codes, row[i].want) == 0,
             "store: %s: %s", row[i].name, codes);
    hf_findings_done(&list);
    hf_certs_done(&certs);
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;
    EVP_PKEY *key = mint_key();
    struct hf_cert *root = MINT("Root", "Root", key, key, MINT_CA);
    const char *tmp = getenv("TMPDIR");
    char path[200];
    struct hf_buf pem;
    struct hf_err err;
    int fd;

    (void)snprintf(path, sizeof(path), "%s/hf-store-XXXXXX",
                   tmp ? tmp : "/tmp");
    fd = mkstemp(path);
    assert(fd >= 0);
    hf_buf_init(&pem, 65536);
    hf_cert_pem(&pem, root);
    assert(write(fd, pem.ptr, pem.len) == (ssize_t)pem.len);
    close(fd);
    assert(hf_catalogue_load(NOWHERE, &catalogue, &err) == 0 &&
           hf_distrust_load(NOWHERE, &distrust, &err) == 0);
    for (size_t i = 0; i < HF_COUNT(row); i++)
        check_row(i, path, root, catalogue, distrust);
    unlink(path);
    hf_buf_done(&pem);
    hf_cert_unref(root);
    EVP_PKEY_free(key);
    return hf_test_end();
}
