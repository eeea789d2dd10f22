/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/stack_findings.c - one store of a machine trusts a server, another
 * does not. */
#include "doctor/stack_findings.h"

#include <stdio.h>

#include "base/hex.h"

void hf_find_stack_gap(const struct hf_host_case *c,
                       const struct hf_stack_gap *gap, struct hf_findings *list)
{
    char hex[2 * HF_SHA256_LEN + 1], command[600];
    struct hf_err err;
    const struct hf_cert_info *info =
        gap->root ? hf_cert_info(gap->root, &err) : NULL;
    const char *name = info ? info->name : "the root of its chain";

    hf_findings_add(list, "HF1218", HF_CERTAIN, c->host->label);
    hf_findings_summary(list,
                        "The store '%s' trusts %s, but programs that go by "
                        "%s refuse it: '%s' %s '%s'.",
                        gap->trusting, c->host->label, gap->user, gap->lacking,
                        gap->refused ? "refuses" : "lacks", name);
    hf_findings_evidence(list, "trusted by: %s", gap->trusting);
    hf_findings_evidence(list, "not trusted by: %s (%s)", gap->lacking,
                         gap->user);
    if (!gap->root)
        return;
    hf_hex(hf_view(hf_cert_sha256(gap->root), HF_SHA256_LEN), hex);
    hf_findings_evidence(list, "'%s': SHA-256 %s", name, hex);
    (void)snprintf(command, sizeof(command),
                   "holdfast roots export %s --store '%s' --out root.pem && "
                   "holdfast roots add root.pem --store '%s'",
                   hex, gap->trusting, gap->lacking);
    hf_findings_remedy(list, false, command,
                       "If the programs that go by that store shall connect, "
                       "add the root to it too.");
}
