/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/fault.c - what can be wrong with a chain: names, weights, lists. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/path_parts.h"

#define CHAIN "RemoteCertificateChainErrors"
#define MISMATCH "RemoteCertificateNameMismatch"

/* weight  ours: what keeps a chain further from being right weighs more, so
 *         that the least wrong chain is the one shown */
static const struct {
    const char *name, *dotnet;
    unsigned weight;
} kinds[HF_FAULT_COUNT] = {
    [HF_FAULT_NO_ANCHOR] = { "no-anchor", CHAIN, 2000 },
    [HF_FAULT_SELF_SIGNED] = { "self-signed", CHAIN, 2000 },
    [HF_FAULT_EXPIRED] = { "expired", CHAIN, 20 },
    [HF_FAULT_NOT_YET_VALID] = { "not-yet-valid", CHAIN, 20 },
    [HF_FAULT_NAME] = { "name-mismatch", MISMATCH, 10 },
    [HF_FAULT_NO_SAN] = { "no-san", MISMATCH, 10 },
    [HF_FAULT_USAGE] = { "wrong-usage", CHAIN, 60 },
    [HF_FAULT_NOT_CA] = { "not-a-ca", CHAIN, 300 },
    [HF_FAULT_PATH_LEN] = { "path-length", CHAIN, 60 },
    [HF_FAULT_NAME_CONSTRAINT] = { "name-constraint", CHAIN, 60 },
    [HF_FAULT_WEAK_KEY] = { "weak-key", CHAIN, 20 },
    [HF_FAULT_WEAK_SIGNATURE] = { "weak-signature", CHAIN, 20 },
    [HF_FAULT_BAD_SIGNATURE] = { "bad-signature", CHAIN, 1000 },
    [HF_FAULT_REVOKED] = { "revoked", CHAIN, 40 },
    [HF_FAULT_NO_REVOCATION] = { "revocation-unknown", CHAIN, 5 },
    [HF_FAULT_POLICY] = { "policy", CHAIN, 60 },
    [HF_FAULT_MALFORMED] = { "malformed", CHAIN, 60 },
    [HF_FAULT_BUDGET] = { "search-cut-short", CHAIN, 1 },
};

const char *hf_fault_name(enum hf_fault_kind kind)
{
    return kinds[kind].name;
}

const char *hf_fault_dotnet(enum hf_fault_kind kind)
{
    return kinds[kind].dotnet;
}

void hf_faults_done(struct hf_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->fault[i].text);
    free(faults->fault);
    *faults = (struct hf_faults){ 0 };
}

int hf_faults_add(struct hf_faults *faults, enum hf_fault_kind kind,
                  size_t depth, struct hf_err *err, const char *format, ...)
{
    struct hf_fault *grown;
    char *text;
    va_list args;
    int len;

    /* one kind for one certificate is said once */
    for (size_t i = 0; i < faults->count; i++)
        if (faults->fault[i].kind == kind && faults->fault[i].depth == depth)
            return 0;
    grown = reallocarray(faults->fault, faults->count + 1, sizeof(*grown));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a fault");
    faults->fault = grown;
    va_start(args, format);
    len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a fault");
    grown[faults->count++] = (struct hf_fault){ kind, depth, text };
    return 0;
}

unsigned hf_faults_weight(const struct hf_faults *faults)
{
    unsigned sum = 0;

    for (size_t i = 0; i < faults->count; i++)
        sum += kinds[faults->fault[i].kind].weight;
    return sum;
}
