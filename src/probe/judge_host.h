/* SPDX-License-Identifier: Apache-2.0 */
/* probe/judge_host.h - one host judged, and judged again as more is known. */
#ifndef HF_PROBE_JUDGE_HOST_H
#define HF_PROBE_JUDGE_HOST_H

#include "probe/hosts.h"

/* Judges what the host served, when it served anything; replaces an earlier
 * verdict. A chain that cannot be judged leaves `fault`. Returns 0 or
 * HF_E_NOMEM. */
HF_MUST_USE int hf_host_judge(const struct hf_hosts_conf *conf,
                              struct hf_host *host, struct hf_err *err);

/* Is the chain broken off below an issuer that could be fetched? */
bool hf_host_wants_issuer(const struct hf_host *host);

/* Is a date the leaf's or an intermediate's trouble? */
bool hf_host_wants_date(const struct hf_host *host);

#endif
