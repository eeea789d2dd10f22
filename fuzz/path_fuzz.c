/* SPDX-License-Identifier: Apache-2.0 */
/* path_fuzz.c - no chain is valid without an anchor, or with a fault.
 *
 * Input: certificates in DER, one after the other; the first is the leaf. The
 * last bytes that are no certificate choose what is trusted and asked. */
#include "crypto/der.h"
#include "crypto/path.h"
#include "fuzz.h"

#define CERTS_MAX 12
#define BUDGET 3000

static void check_path(const struct hf_path *path,
                       const struct hf_path_ask *ask)
{
    HF_PROMISE(path->chain.count > 0 && path->chain.count <= HF_PATH_DEPTH_MAX);
    HF_PROMISE(hf_cert_same(path->chain.cert[0], ask->served->cert[0]));
    HF_PROMISE(path->valid == (path->anchored && path->fault_count == 0));
    HF_PROMISE(path->anchored ==
               hf_cert_index_has(ask->anchors,
                                 path->chain.cert[path->chain.count - 1]));
    HF_PROMISE(path->anchored || path->missing_name);
    HF_PROMISE(path->used_served >= 1 &&
               path->used_served <= path->chain.count);
    HF_PROMISE(path->work <= 2 * BUDGET + 100);
    for (size_t i = 0; i < path->fault_count; i++)
        HF_PROMISE(path->fault[i].text &&
                   path->fault[i].depth < path->chain.count &&
                   hf_fault_name(path->fault[i].kind));
}

static void search(const struct hf_certs *served, const struct hf_certs *roots,
                   uint8_t choice)
{
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    struct hf_path path = { 0 };
    struct hf_err err;
    struct hf_path_ask ask = {
        .served = served,
        .at_s = choice & 1 ? 1893456000 : 1800000000,
        .purpose = choice & 2 ? HF_PURPOSE_ANY : HF_PURPOSE_TLS_SERVER,
        .host = choice & 4 ? "host.example" : NULL,
        .strict = (choice & 8) != 0,
        .budget = BUDGET,
    };

    HF_PROMISE(hf_cert_index_new(roots, &anchors, &err) == 0);
    ask.anchors = anchors;
    if (hf_path_find(&ask, &path, &err) < 0) {
        HF_PROMISE(err.code == HF_E_PARSE);
        return;
    }
    check_path(&path, &ask);
    HF_PROMISE(roots->count > 0 || !path.valid);
    hf_path_done(&path);
}

/* Takes the certificates off the front of `bytes`. */
static void take_certs(struct hf_view *bytes, struct hf_certs *list)
{
    size_t len;

    while (list->count < CERTS_MAX && (len = hf_der_len(*bytes)) > 0) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
        struct hf_err err;

        if (hf_cert_new(hf_view(bytes->ptr, len), &cert, &err) < 0)
            return;
        hf_certs_add(list, cert);
        *bytes = hf_view_from(*bytes, len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_view rest = hf_view(data, size);
    struct hf_certs served = { 0 }, roots = { 0 };
    uint8_t choice;

    take_certs(&rest, &served);
    choice = rest.len > 0 ? rest.ptr[0] : 0;
    if (served.count > 0) {
        search(&served, &roots, choice);
        hf_certs_add(&roots, served.cert[choice % served.count]);
        search(&served, &roots, (uint8_t)(choice >> 4));
    }
    hf_certs_done(&served);
    hf_certs_done(&roots);
    return 0;
}
