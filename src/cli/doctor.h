/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor.h - what one run of the doctor knows, for its parts. */
#ifndef HF_CLI_DOCTOR_H
#define HF_CLI_DOCTOR_H

#include "cli/needs.h"
#include "cli/stacks.h"
#include "doctor/host_case.h"

struct hf_doctor_opts {
    struct hf_common common;
    struct hf_args words; /* products and hosts */
    struct hf_args stores;
    struct hf_args from;
    const char *hosts_file;
    const char *reg_file;
    unsigned parallel;
    unsigned timeout_s;
    bool fix;
    bool offline;
    bool no_fetch;
    bool include_distrusted;
};

struct hf_doctor {
    struct hf_session *s;
    const struct hf_doctor_opts *opts;
    struct hf_args products;    /* ids, of the words or recognised here */
    struct hf_args recognised;  /* ids found installed; owned strings */
    struct hf_hostport *target; /* hosts of the words, the file, products */
    size_t target_count;
    struct hf_shelf shelf;
    struct hf_stacks stacks; /* the first is what hosts are judged by */
    struct hf_update update; /* the root update, where this is Windows */
    struct hf_certs extra;   /* bodies from --from */
    struct hf_needs needs;   /* products that were named or recognised */
    struct hf_needs others;  /* the rest, for information; may be empty */
    struct hf_products all;  /* loaded when hosts are looked at */
    struct hf_trust trust;
    struct hf_loop *loop;
    struct hf_proxy_conf *proxy;
    struct hf_host *host;
    struct hf_host_case *cases;
    bool repaired; /* a fix put settings right, and this is the second look */
    size_t looked; /* hosts done, for progress */
};

/* What the words mean. Returns 0, HF_E_USAGE, HF_E_NOMEM. */
HF_MUST_USE int hf_doctor_words(struct hf_doctor *d, struct hf_err *err);
/* Looks at the machine and the hosts, and finds. Findings go to the session. */
HF_MUST_USE int hf_doctor_look(struct hf_doctor *d, struct hf_err *err);
/* What the group of stores number `at` trusts, prepared for many chains. */
HF_MUST_USE int hf_doctor_trust(struct hf_doctor *d, size_t at,
                                struct hf_trust *ret_trust, struct hf_err *err);
/* Judges the hosts by the other stacks too, and tells of differences. */
HF_MUST_USE int hf_doctor_stacks(struct hf_doctor *d, struct hf_err *err);
/* Forgets what was looked at, the words aside. */
void hf_doctor_forget(struct hf_doctor *d);
void hf_doctor_done(struct hf_doctor *d);

/* What a fix did. */
struct hf_doctor_fixed {
    struct hf_certs installed; /* certificates that went into a store */
    size_t values;             /* settings that were put right */
};

/* Does what automatic remedies name. */
HF_MUST_USE int hf_doctor_fix(struct hf_doctor *d,
                              struct hf_doctor_fixed *ret_fixed,
                              struct hf_err *err);
/* The certificates a fix would import. */
HF_MUST_USE int hf_doctor_wanted(const struct hf_doctor *d,
                                 struct hf_certs *ret_wanted,
                                 struct hf_err *err);
/* Writes the repair as a .reg file for the machine itself (--reg). */
HF_MUST_USE int hf_doctor_reg(struct hf_doctor *d, const char *path,
                              struct hf_err *err);

void hf_doctor_show(struct hf_doctor *d);
/* Members "stores", "products", "clock", "hosts" of an object that is open. */
void hf_doctor_json(struct hf_json *json, const struct hf_doctor *d);

#endif
