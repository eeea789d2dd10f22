/* SPDX-License-Identifier: Apache-2.0 */
/* cli/stacks.h - the stores of a shelf, grouped by whose programs go by them:
 * what OpenSSL trusts, what each Java trusts, what each NSS profile trusts. */
#ifndef HF_CLI_STACKS_H
#define HF_CLI_STACKS_H

#include "cli/shelf.h"

struct hf_stack_group {
    const char *name;        /* of its first store; borrowed */
    const char *user;        /* who goes by it: "OpenSSL", "Java" */
    struct hf_certs anchors; /* for TLS servers */
    struct hf_certs refused;
};

struct hf_stacks {
    struct hf_stack_group *group; /* the first is the machine's own */
    size_t count;
};

/* Lists of what should be trusted, users' hives and policy files are no group
 * of their own beside a machine's store. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_stacks_make(const struct hf_shelf *shelf,
                               struct hf_stacks *ret_stacks,
                               struct hf_err *err);
void hf_stacks_done(struct hf_stacks *stacks);

#endif
