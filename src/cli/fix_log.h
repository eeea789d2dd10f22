/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fix_log.h - what a fix did, as the Log folder and --json show it. */
#ifndef HF_CLI_FIX_LOG_H
#define HF_CLI_FIX_LOG_H

#include "cli/needs.h"
#include "cli/repair.h"

#define HF_FIX_JSON "EasyFixofSysCerts.json"
#define HF_FIX_LOG "SCPeasyfix.log"

struct hf_fix_report {
    const struct hf_shelf *shelf;
    const struct hf_repair *repair;
    const struct hf_needs *needs; /* as they stand after the fix */
    enum hf_result result;
    bool fixed; /* everything importable is in place */
    bool dry_run;
    const char *log_dir; /* NULL: none is written */
};

/* The whole JSON document. */
void hf_fix_json(struct hf_session *s, struct hf_buf *out,
                 const struct hf_fix_report *report);
/* For people; ends in "Fixing result is True." or "... False." */
void hf_fix_text(struct hf_session *s, struct hf_buf *out,
                 const struct hf_fix_report *report);

/* Makes the folder, before anything is touched. */
HF_MUST_USE int hf_fix_log_dir(const char *dir, struct hf_err *err);
/* Writes both files; the log is appended to. */
HF_MUST_USE int hf_fix_log_write(struct hf_session *s,
                                 const struct hf_fix_report *report,
                                 struct hf_err *err);

#endif
