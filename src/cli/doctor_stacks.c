/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_stacks.c - the hosts judged by each stack's own store: what one
 * trusts and another does not. */
#include "cli/doctor.h"
#include "doctor/stack_findings.h"

/* Is the answer of another stack the same without asking? */
static bool is_same(const struct hf_stack_group *group,
                    const struct hf_served *verdict)
{
    const struct hf_certs *chain = &verdict->path.chain;

    return verdict->good && chain->count > 0 &&
           hf_certs_by_sha256(&group->anchors,
                              hf_cert_sha256(chain->cert[chain->count - 1]));
}

/* What a store lacks of a chain that another one trusts: its last. */
static struct hf_cert *last_of(const struct hf_served *verdict)
{
    const struct hf_certs *chain = &verdict->path.chain;

    return verdict->root      ? verdict->root
           : chain->count > 0 ? chain->cert[chain->count - 1]
                              : NULL;
}

/* A chain that breaks for want of a root, and for no other reason. */
static bool wants_root(const struct hf_served *verdict)
{
    return verdict->gap == HF_GAP_ROOT_MISSING ||
           verdict->gap == HF_GAP_UNTRUSTED ||
           verdict->gap == HF_GAP_SELF_SIGNED;
}

static void compare(struct hf_doctor *d, size_t at,
                    const struct hf_stack_group *other,
                    const struct hf_served *theirs)
{
    const struct hf_stack_group *ours = &d->stacks.group[0];
    const struct hf_served *mine = &d->host[at].verdict;
    struct hf_stack_gap gap = { 0 };

    if (mine->good && wants_root(theirs)) {
        gap = (struct hf_stack_gap){ ours->name, other->name, other->user,
                                     last_of(mine), false };
        gap.refused = gap.root && hf_certs_by_sha256(&other->refused,
                                                     hf_cert_sha256(gap.root));
    } else if (wants_root(mine) && theirs->good &&
               !d->cases[at].told_by_stacks) {
        gap = (struct hf_stack_gap){ other->name, ours->name, ours->user,
                                     last_of(theirs), false };
        gap.refused = gap.root && hf_certs_by_sha256(&ours->refused,
                                                     hf_cert_sha256(gap.root));
        d->cases[at].told_by_stacks = true;
    } else {
        return;
    }
    hf_find_stack_gap(&d->cases[at], &gap, &d->s->findings);
}

static int judge_host(struct hf_doctor *d, size_t at,
                      const struct hf_stack_group *group,
                      const struct hf_trust *trust, struct hf_err *err)
{
    HF_AUTO(hf_served_done) struct hf_served theirs = { 0 };
    const struct hf_served_ask ask = {
        .served = &d->host[at].seen.served,
        .host = d->host[at].target.host,
        .at_s = d->s->at_s,
        .purpose = HF_PURPOSE_TLS_SERVER,
    };

    if (!d->host[at].judged || is_same(group, &d->host[at].verdict))
        return 0;
    if (hf_judge_served(&ask, trust, &theirs, err) < 0)
        return hf_err_code(err);
    compare(d, at, group, &theirs);
    return 0;
}

static int judge_group(struct hf_doctor *d, size_t at, struct hf_err *err)
{
    const struct hf_stack_group *group = &d->stacks.group[at];
    HF_AUTO(hf_trust_done) struct hf_trust trust = { 0 };

    if (hf_doctor_trust(d, at, &trust, err) < 0 ||
        hf_trust_learn(&trust, &d->trust.pool_certs, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < d->target_count; i++)
        if (judge_host(d, i, group, &trust, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_doctor_stacks(struct hf_doctor *d, struct hf_err *err)
{
    for (size_t i = 1; i < d->stacks.count; i++)
        if (judge_group(d, i, err) < 0)
            return HF_WRAP(err, "the store '%s'", d->stacks.group[i].name);
    return 0;
}
