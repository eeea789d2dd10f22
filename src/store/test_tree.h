/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_tree.h - for unit tests of stores: small systems to change. */
#ifndef HF_STORE_TEST_TREE_H
#define HF_STORE_TEST_TREE_H

#include "plat/test_folder.h"
#include "store/test_certs.h"

#define TREE_STATE "var/lib/holdfast"

/* Makes the state folder beforehand, so that pictures are the same. */
static inline bool test_state(const struct test_folder *folder)
{
    struct hf_err err;

    return hf_file_mkdirs(test_at(folder, TREE_STATE).text, 0755, &err) == 0;
}

/* Debian's layout; `prefix` is what Alpine puts before the links' names. */
static inline bool tree_linked(const struct test_folder *f, const char *prefix)
{
    char a[100], c[100];

    (void)snprintf(a, sizeof(a), "etc/ssl/certs/%sA.pem", prefix);
    (void)snprintf(c, sizeof(c), "etc/ssl/certs/%sC.pem", prefix);
    return test_state(f) &&
           test_put(f, "etc/ssl/certs/ca-certificates.crt", TEST_A TEST_C) &&
           test_put(f, "etc/ca-certificates.conf",
                    "# list\n\nmozilla/A.crt\nmozilla/C.crt\n"
                    "!mozilla/D.crt\nmozilla/gone.crt\n") &&
           test_put(f, "usr/share/ca-certificates/mozilla/A.crt", TEST_A) &&
           test_put(f, "usr/share/ca-certificates/mozilla/C.crt", TEST_C) &&
           test_put(f, "usr/share/ca-certificates/mozilla/D.crt", TEST_D) &&
           test_link(f, a, "/usr/share/ca-certificates/mozilla/A.crt") &&
           test_link(f, c, "/usr/share/ca-certificates/mozilla/C.crt") &&
           test_link(f, "etc/ssl/certs/97e1a225.0", strrchr(a, '/') + 1) &&
           test_link(f, "etc/ssl/certs/f887fc89.0", strrchr(c, '/') + 1) &&
           test_put(f, "usr/local/share/ca-certificates/x", "x") &&
           unlink(test_at(f, "usr/local/share/ca-certificates/x").text) == 0;
}

static inline bool tree_debian(const struct test_folder *f)
{
    return tree_linked(f, "");
}

static inline bool tree_alpine(const struct test_folder *f)
{
    return tree_linked(f, "ca-cert-") &&
           test_put(f, "etc/alpine-release", "3.20.0\n") &&
           test_link(f, "etc/ssl/cert.pem", "certs/ca-certificates.crt");
}

static inline bool tree_red_hat(const struct test_folder *f)
{
    return test_state(f) &&
           test_put(f, "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                    "# A\n" TEST_A "\n# C\n" TEST_C) &&
           test_put(f, "etc/pki/ca-trust/source/README", "anchors here\n") &&
           test_link(f, "etc/pki/tls/certs/ca-bundle.crt",
                     "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem") &&
           test_link(f, "etc/pki/tls/cert.pem", "certs/ca-bundle.crt") &&
           test_link(f, "etc/ssl/certs", "../pki/tls/certs") &&
           test_put(f, "etc/pki/ca-trust/source/anchors/README", "here\n") &&
           test_put(f, "etc/pki/ca-trust/source/blacklist/README", "no\n");
}

static inline bool tree_suse(const struct test_folder *f)
{
    return test_state(f) &&
           test_put(f, "var/lib/ca-certificates/ca-bundle.pem",
                    "# A\n" TEST_A TEST_C) &&
           test_put(f, "var/lib/ca-certificates/pem/A.pem", TEST_A) &&
           test_put(f, "var/lib/ca-certificates/pem/C.pem", TEST_C) &&
           test_link(f, "var/lib/ca-certificates/pem/97e1a225.0", "A.pem") &&
           test_link(f, "var/lib/ca-certificates/pem/f887fc89.0", "C.pem") &&
           test_link(f, "etc/ssl/ca-bundle.pem",
                     "/var/lib/ca-certificates/ca-bundle.pem") &&
           test_link(f, "etc/ssl/certs", "/var/lib/ca-certificates/pem") &&
           test_put(f, "etc/pki/trust/blocklist/README", "no\n");
}

static inline bool tree_arch(const struct test_folder *f)
{
#define EXTRACTED "etc/ca-certificates/extracted/"
    return test_state(f) &&
           test_put(f, EXTRACTED "tls-ca-bundle.pem", TEST_A TEST_C) &&
           test_put(f, EXTRACTED "cadir/A.pem", TEST_A) &&
           test_put(f, EXTRACTED "cadir/C.pem", TEST_C) &&
           test_link(f, EXTRACTED "cadir/97e1a225.0", "A.pem") &&
           test_link(f, EXTRACTED "cadir/f887fc89.0", "C.pem") &&
           test_link(f, "etc/ssl/certs/ca-certificates.crt",
                     "../../ca-certificates/extracted/tls-ca-bundle.pem") &&
           test_link(f, "etc/ssl/certs/A.pem",
                     "../../ca-certificates/extracted/cadir/A.pem") &&
           test_link(f, "etc/ssl/certs/C.pem",
                     "../../ca-certificates/extracted/cadir/C.pem") &&
           test_link(f, "etc/ssl/certs/97e1a225.0",
                     "../../ca-certificates/extracted/cadir/97e1a225.0") &&
           test_link(f, "etc/ssl/certs/f887fc89.0",
                     "../../ca-certificates/extracted/cadir/f887fc89.0") &&
           test_link(f, "etc/ssl/cert.pem", "certs/ca-certificates.crt") &&
           test_put(f, "etc/ca-certificates/trust-source/anchors/README", "");
}

static inline bool tree_bare(const struct test_folder *f)
{
    return test_state(f) && test_put(f, "etc/ssl/cert.pem", TEST_A TEST_C);
}

#endif
