/* SPDX-License-Identifier: Apache-2.0 */
/* stores_bench.c - what listing stores cannot do without: their bytes read and
 * hashed, and each format's library made to open them, and no more.
 *
 * usage: stores_bench KIND:PATH... */
#include <cert.h>
#include <hivex.h>
#include <nss.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "plat/file.h"

#define FILE_MAX (512 * 1024 * 1024)

/* Reads and hashes the file; its bytes are kept for whoever opens it. */
static int hash_file(const char *path, struct hf_buf *bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct hf_err err;

    hf_buf_init(bytes, FILE_MAX);
    if (hf_file_read(path, bytes, &err) < 0)
        return -1;
    return EVP_Digest(bytes->ptr, bytes->len, digest, NULL, EVP_sha256(),
                      NULL) == 1
               ? 0
               : -1;
}

static int open_hive(const char *path)
{
    hive_h *hive = hivex_open(path, 0);

    return hive && hivex_close(hive) == 0 ? 0 : -1;
}

static int open_nss(const char *path)
{
    char *spec = NULL;
    NSSInitContext *nss;

    if (asprintf(&spec, "sql:%s", path) < 0)
        return -1;
    nss = NSS_InitContext(spec, "", "", "", NULL,
                          NSS_INIT_READONLY | NSS_INIT_NOMODDB |
                              NSS_INIT_NOROOTINIT | NSS_INIT_OPTIMIZESPACE);
    free(spec);
    return nss && NSS_ShutdownContext(nss) == SECSuccess ? 0 : -1;
}

static int open_pkcs12(const struct hf_buf *bytes)
{
    const unsigned char *at = bytes->ptr;
    PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)bytes->len);
    int good = p12 && PKCS12_verify_mac(p12, "changeit", -1) == 1;

    PKCS12_free(p12);
    return good ? 0 : -1;
}

static int visit_nss(const char *folder)
{
    static const char *const files[] = { "cert9.db", "key4.db" };

    for (size_t i = 0; i < HF_COUNT(files); i++) {
        char *path = hf_path_join(folder, files[i]);
        struct hf_buf bytes;
        int rc = path ? hash_file(path, &bytes) : -1;

        if (path)
            hf_buf_done(&bytes);
        free(path);
        if (rc < 0)
            return rc;
    }
    return open_nss(folder);
}

static int visit(const char *spec)
{
    const char *path = strchr(spec, ':') + 1;
    struct hf_buf bytes;
    int rc;

    if (strncmp(spec, "nss:", 4) == 0)
        return visit_nss(path);
    rc = hash_file(path, &bytes);
    if (rc == 0 && strncmp(spec, "hive:", 5) == 0)
        rc = open_hive(path);
    if (rc == 0 && strncmp(spec, "java:", 5) == 0 && bytes.len > 0 &&
        bytes.ptr[0] == 0x30)
        rc = open_pkcs12(&bytes);
    hf_buf_done(&bytes);
    return rc;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strchr(argv[i], ':') || visit(argv[i]) < 0) {
            fprintf(stderr, "stores_bench: cannot open %s\n", argv[i]);
            return 1;
        }
    return 0;
}
