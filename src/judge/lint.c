/* SPDX-License-Identifier: Apache-2.0 */
/* judge/lint.c - everything that is wrong with a product file. */
#include "judge/lint.h"

#include <stdlib.h>

#include "base/hex.h"
#include "crypto/load.h"
#include "judge/body.h"

#define SUFFIX ".yaml"

/* The certificate in the entry's own PEM; NULL when it holds none or several,
 * which has been noted then. */
static int own_body(struct hf_lint *lint, const struct hf_need *need,
                    struct hf_cert **ret_cert, struct hf_err *err)
{
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    char why[HF_ERR_TEXT];

    if (hf_load_certs(hf_view_text(need->pem), NULL, &load, err) < 0) {
        if (err->code == HF_E_NOMEM)
            return hf_err_code(err);
        hf_err_text(err, why, sizeof(why));
        hf_lint_add(lint, true, need->line, need->column, "pem: %s", why);
        return 0;
    }
    for (size_t i = 0; i < load.fault_count; i++)
        hf_lint_add(lint, true, need->line, need->column, "pem: %s",
                    load.fault[i].text);
    if (load.count == 0 && load.fault_count > 0)
        return 0;
    if (load.count != 1) {
        hf_lint_add(lint, true, need->line, need->column,
                    "pem: %zu certificates, expected one", load.count);
        return 0;
    }
    *ret_cert = hf_cert_ref(load.item[0].cert);
    return 0;
}

static void check_hash(struct hf_lint *lint, const struct hf_need *need,
                       const char *what, struct hf_view said, const uint8_t *is)
{
    char hex[65];

    if (memcmp(said.ptr, is, said.len) == 0)
        return;
    hf_hex(hf_view(is, said.len), hex);
    hf_lint_add(lint, true, need->line, need->column,
                "%s is not the certificate's, which is %s", what, hex);
}

/* A body is at hand: does the entry describe it? */
static int check_body(struct hf_lint *lint, const struct hf_need *need,
                      struct hf_cert *cert, struct hf_err *err)
{
    const struct hf_cert_info *info = hf_cert_info(cert, err);
    bool intermediate = need->store == HF_NEED_CA;
    char hex[65];

    if (need->has_sha256)
        check_hash(lint, need, "sha256",
                   hf_view(need->sha256, sizeof(need->sha256)),
                   hf_cert_sha256(cert));
    if (need->has_sha1)
        check_hash(lint, need, "sha1", hf_view(need->sha1, sizeof(need->sha1)),
                   hf_cert_sha1(cert));
    if (!need->has_sha256) {
        hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), hex);
        hf_lint_add(lint, false, need->line, need->column,
                    "its body is known: add sha256: %s", hex);
    }
    if (!info && err->code == HF_E_NOMEM)
        return hf_err_code(err);
    if (info && info->self_issued == intermediate)
        hf_lint_add(lint, false, need->line, need->column,
                    intermediate ? "it issued itself, so it is no 'ca' "
                                   "(intermediate) but a 'root'"
                                 : "it did not issue itself, so it belongs in "
                                   "the store 'ca' (intermediates)");
    return 0;
}

static int check_need(struct hf_lint *lint, const struct hf_need *need,
                      struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

    if (need->pem && own_body(lint, need, &cert, err) < 0)
        return hf_err_code(err);
    if (!cert && need->has_sha256 && hf_body_find(NULL, need, &cert, err) < 0)
        return hf_err_code(err);
    if (!cert && !need->has_sha256 && hf_body_by_sha1(need, &cert, err) < 0)
        return hf_err_code(err);
    return cert ? check_body(lint, need, cert, err) : 0;
}

/* The file's name without its folders and ".yaml", on the heap. */
static char *id_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct hf_view name = hf_view_text(slash ? slash + 1 : path);
    size_t suffix = sizeof(SUFFIX) - 1;

    if (name.len > suffix &&
        hf_view_is(hf_view_from(name, name.len - suffix), SUFFIX))
        name.len -= suffix;
    return hf_view_dup(name);
}

int hf_product_lint(const char *path, struct hf_view text, struct hf_lint *lint,
                    struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    HF_AUTO(hf_free_ptr) char *id = id_of(path);

    hf_lint_init(lint, path);
    if (!id)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a product");
    if (hf_lint_shape(lint, id, text, &product, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; product && i < product->need_count; i++)
        if (check_need(lint, &product->need[i], err) < 0)
            return hf_err_code(err);
    return hf_lint_check(lint, err);
}
