/* SPDX-License-Identifier: Apache-2.0 */
/* store/layout.c - where the distributions keep their anchors. */
#include "store/layout.h"

#include "plat/file.h"

/* Order matters: what tells Debian also stands on Arch and SUSE. */
static const struct hf_layout layouts[] = {
    {
        .kind = "Red Hat bundle",
        .sign = { "/etc/pki/ca-trust/source", "/etc/pki/ca-trust/extracted" },
        .bundle = { "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                    "/etc/pki/tls/certs/ca-bundle.crt" },
        .local = "/etc/pki/ca-trust/source/anchors",
        .links = "/etc/pki/ca-trust/extracted/pem/directory-hash",
        .block = { "/etc/pki/ca-trust/source/blocklist",
                   "/etc/pki/ca-trust/source/blacklist" },
        .follow_up = "update-ca-trust extract",
    },
    {
        .kind = "SUSE bundle",
        .sign = { "/etc/pki/trust", "/usr/share/pki/trust" },
        .bundle = { "/var/lib/ca-certificates/ca-bundle.pem",
                    "/etc/ssl/ca-bundle.pem" },
        .local = "/etc/pki/trust/anchors",
        .links = "/var/lib/ca-certificates/pem",
        .block = { "/etc/pki/trust/blocklist", "/etc/pki/trust/blacklist" },
        .follow_up = "update-ca-certificates",
    },
    {
        .kind = "Arch bundle",
        .sign = { "/etc/ca-certificates/trust-source",
                  "/etc/ca-certificates/extracted" },
        .bundle = { "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
                    "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem" },
        .local = "/etc/ca-certificates/trust-source/anchors",
        .links = "/etc/ssl/certs",
        .block = { "/etc/ca-certificates/trust-source/blocklist",
                   "/etc/ca-certificates/trust-source/blacklist" },
        .follow_up = "trust extract-compat",
    },
    {
        .kind = "Alpine bundle",
        .must = "/etc/alpine-release",
        .sign = { "/etc/ca-certificates.conf",
                  "/usr/sbin/update-ca-certificates",
                  "/usr/share/ca-certificates" },
        .bundle = { "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem" },
        .local = "/usr/local/share/ca-certificates",
        .conf = "/etc/ca-certificates.conf",
        .shared = "/usr/share/ca-certificates",
        .links = "/etc/ssl/certs",
        .prefix = "ca-cert-",
    },
    {
        .kind = "Debian bundle",
        .sign = { "/etc/ca-certificates.conf",
                  "/usr/sbin/update-ca-certificates",
                  "/usr/share/ca-certificates" },
        .bundle = { "/etc/ssl/certs/ca-certificates.crt" },
        .local = "/usr/local/share/ca-certificates",
        .conf = "/etc/ca-certificates.conf",
        .shared = "/usr/share/ca-certificates",
        .links = "/etc/ssl/certs",
        /* our files need no tool; its hooks feed others (Java) */
        .follow_up = "update-ca-certificates",
    },
    /* a container image, or a system that ships only the result */
    {
        .kind = "bundle without its tools",
        .sign = { "/etc/ssl/certs/ca-certificates.crt" },
        .bundle = { "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem" },
    },
    {
        .kind = "bundle without its tools",
        .sign = { "/etc/pki/tls/certs/ca-bundle.crt" },
        .bundle = { "/etc/pki/tls/certs/ca-bundle.crt" },
    },
    {
        .kind = "bundle without its tools",
        .sign = { "/var/lib/ca-certificates/ca-bundle.pem" },
        .bundle = { "/var/lib/ca-certificates/ca-bundle.pem" },
    },
    {
        .kind = "bundle without its tools",
        .sign = { "/etc/ssl/cert.pem" },
        .bundle = { "/etc/ssl/cert.pem" },
    },
};

const char *const hf_known_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/usr/lib/ssl/cert.pem",
    "/usr/local/ssl/cert.pem",
    NULL,
};

int hf_layout_has(const char *root, const char *path, bool *ret_has,
                  struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    int rc = hf_path_resolve(root, path, &real, err);

    if (rc == HF_E_NOMEM)
        return rc;
    /* HF_E_DENIED: somebody else can see it; a loop: it is there, and broken */
    *ret_has = rc == 0 ? hf_path_exists(real) : rc != HF_E_ABSENT;
    return 0;
}

static int is_layout(const struct hf_layout *layout, const char *root,
                     bool *ret_is, struct hf_err *err)
{
    bool has = true;

    *ret_is = false;
    if (layout->must && hf_layout_has(root, layout->must, &has, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; has && i < HF_COUNT(layout->sign) && !*ret_is; i++)
        if (layout->sign[i] &&
            hf_layout_has(root, layout->sign[i], ret_is, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_layout_find(const char *root, const struct hf_layout **ret_layout,
                   struct hf_err *err)
{
    const struct hf_layout *layout = NULL;
    bool is_it = false;

    for (size_t i = 0; i < HF_COUNT(layouts) && !layout; i++) {
        if (is_layout(&layouts[i], root, &is_it, err) < 0)
            return hf_err_code(err);
        layout = is_it ? &layouts[i] : NULL;
    }
    *ret_layout = layout;
    return 0;
}
