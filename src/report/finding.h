/* SPDX-License-Identifier: Apache-2.0 */
/* report/finding.h - what was found: cause, subject, evidence, remedies. */
#ifndef HF_REPORT_FINDING_H
#define HF_REPORT_FINDING_H

#include "base/err.h"
#include "base/json.h"
#include "report/catalogue.h"

enum hf_certainty { HF_POSSIBLE, HF_LIKELY, HF_CERTAIN };

struct hf_remedy {
    char *text;     /* what to do, a sentence with its full stop */
    char *command;  /* what to type, or NULL */
    bool automatic; /* --fix does it */
};

struct hf_finding {
    const struct hf_catalogue_row *kind; /* code, cause, severity */
    enum hf_certainty certainty;
    char *subject; /* what it is about: "api.example.com:443", a store */
    char *summary; /* one sentence of cause, with its full stop */
    char **evidence;
    size_t evidence_count;
    struct hf_remedy *remedies;
    size_t remedy_count;
};

/* ours: 10,000 hosts with ten findings each */
#define HF_FINDINGS_MAX 100000

/* A list of findings. Sticky: after memory ran out, or HF_FINDINGS_MAX was
 * reached, nothing more is added, and hf_findings_check() at the end tells. */
struct hf_findings {
    const struct hf_catalogue *catalogue;
    struct hf_finding *item;
    size_t count;
    size_t room;       /* items allocated */
    int bad;           /* 0, or the enum hf_code that stopped it */
    const char *scope; /* options that commands of ours need to work where
                          these findings were made: " --root '/mnt'"; borrowed,
                          NULL: none */
};

void hf_findings_init(struct hf_findings *list,
                      const struct hf_catalogue *catalogue);
void hf_findings_done(struct hf_findings *list);
HF_MUST_USE int hf_findings_check(const struct hf_findings *list,
                                  struct hf_err *err);

/* Appends a finding. `code` must be in the catalogue: an assert, since codes
 * are ours. The functions below fill the finding appended last. */
void hf_findings_add(struct hf_findings *list, const char *code,
                     enum hf_certainty certainty, const char *subject);
void hf_findings_summary(struct hf_findings *list, const char *format, ...)
    HF_PRINTF(2, 3);
void hf_findings_evidence(struct hf_findings *list, const char *format, ...)
    HF_PRINTF(2, 3);
/* command  what to type, or NULL; copied. In "holdfast doctor" and "holdfast
 *          roots ..." the list's scope is put in. */
void hf_findings_remedy(struct hf_findings *list, bool automatic,
                        const char *command, const char *format, ...)
    HF_PRINTF(4, 5);

/* Is there a finding above a note? */
bool hf_findings_any(const struct hf_findings *list);
/* The first of that cause, and of that subject unless it is NULL; or NULL. */
const struct hf_finding *hf_findings_by_cause(const struct hf_findings *list,
                                              const char *cause,
                                              const char *subject);

const char *hf_certainty_name(enum hf_certainty certainty);

#endif
