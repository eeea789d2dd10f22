/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_nss.h - for unit tests: NSS profiles made by libnss3 itself, in a
 * process apart, without our own code. */
#ifndef HF_STORE_TEST_NSS_H
#define HF_STORE_TEST_NSS_H

#include <cert.h>
#include <certdb.h>
#include <errno.h>
#include <nss.h>
#include <pk11pub.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/test_change.h"

struct nss_row {
    const char *pem, *nickname, *trust; /* as certutil's -t */
};

static inline bool nss_put(PK11SlotInfo *slot, const struct nss_row *row)
{
    struct hf_certs certs = test_certs(row->pem, NULL);
    struct hf_view der =
        certs.count > 0 ? hf_cert_der(certs.cert[0]) : hf_view(NULL, 0);
    SECItem item = { siDERCertBuffer, (unsigned char *)der.ptr,
                     (unsigned)der.len };
    CERTCertTrust trust;
    CERTCertificate *cert = CERT_NewTempCertificate(
        CERT_GetDefaultCertDB(), &item, NULL, PR_FALSE, PR_TRUE);

    return cert && CERT_DecodeTrustString(&trust, row->trust) == SECSuccess &&
           PK11_ImportCert(slot, cert, CK_INVALID_HANDLE, row->nickname,
                           PR_FALSE) == SECSuccess &&
           CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), cert, &trust) ==
               SECSuccess;
}

static inline bool nss_make_here(const char *where, const char *password,
                                 const struct nss_row *rows, size_t count)
{
    PK11SlotInfo *slot;

    if (NSS_Initialize(where, "", "", "secmod.db",
                       NSS_INIT_NOMODDB | NSS_INIT_NOROOTINIT) != SECSuccess)
        return false;
    slot = PK11_GetInternalKeySlot();
    if (!slot || (PK11_NeedUserInit(slot) &&
                  PK11_InitPin(slot, NULL, password) != SECSuccess))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!nss_put(slot, &rows[i]))
            return false;
    return true;
}

/* A profile in `folder`, which is made, or more for one that is there; `form`
 * is "sql" or "dbm". */
static inline bool nss_make(const struct test_folder *f, const char *folder,
                            const char *form, const char *password,
                            const struct nss_row *rows, size_t count)
{
    char where[PATH_MAX + 8];
    struct hf_err err;
    int status = -1;
    pid_t pid;

    if (hf_file_mkdirs(test_at(f, folder).text, 0755, &err) < 0)
        return false;
    (void)snprintf(where, sizeof(where), "%s:%s", form,
                   test_at(f, folder).text);
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        if (!nss_make_here(where, password, rows, count))
            _exit(1);
        /* an end at which valgrind does not ask for what NSS still holds */
        (void)raise(SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* Names, kinds, modes, times and contents of a folder, as one number. */
static inline uint64_t nss_picture(const struct test_folder *f,
                                   const char *folder)
{
    struct test_path at = test_at(f, folder);
    struct hf_names names = { 0 };
    struct hf_buf all;
    struct hf_err err;
    uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */

    hf_buf_init(&all, 64 * 1024 * 1024);
    if (hf_dir_names(at.text, &names, &err) < 0)
        return 0;
    for (size_t i = 0; i < names.count; i++) {
        HF_AUTO(hf_free_ptr) char *path = hf_path_join(at.text, names.name[i]);
        struct stat st = { 0 };

        (void)lstat(path, &st);
        hf_buf_printf(&all, "%s %o %lld.%ld\n", names.name[i],
                      (unsigned)st.st_mode, (long long)st.st_mtim.tv_sec,
                      st.st_mtim.tv_nsec);
        if (S_ISREG(st.st_mode) && hf_file_read(path, &all, &err) < 0)
            hf_buf_text(&all, "unreadable");
    }
    hf_names_done(&names);
    for (size_t i = 0; i < all.len; i++)
        sum = (sum ^ all.ptr[i]) * 0x100000001b3;
    hf_buf_done(&all);
    return sum;
}

static inline struct test_path nss_spec(const struct test_folder *f,
                                        const char *name)
{
    struct test_path spec, at = test_at(f, name);

    if (snprintf(spec.text, sizeof(spec.text), "nss:%s", at.text) < 0)
        spec.text[0] = '\0';
    return spec;
}

static inline int nss_list(const struct test_folder *f, const char *name,
                           struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;

    if (hf_store_open(nss_spec(f, name).text, f->path, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, list, err);
}

/* How many certificates, or a negative code. */
static inline int nss_count(const struct test_folder *f, const char *name,
                            struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list found = { 0 };
    int rc = nss_list(f, name, &found, err);

    return rc < 0 ? rc : (int)(found.count - found.damaged);
}

#endif
