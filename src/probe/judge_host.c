/* SPDX-License-Identifier: Apache-2.0 */
/* probe/judge_host.c - one host judged, and judged again as more is known. */
#include "probe/judge_host.h"

int hf_host_judge(const struct hf_hosts_conf *conf, struct hf_host *host,
                  struct hf_err *err)
{
    const struct hf_served_ask ask = {
        .served = &host->seen.served,
        .host = host->target.host,
        .at_s = conf->at_s,
        .purpose = HF_PURPOSE_TLS_SERVER,
    };
    struct hf_served verdict;

    if (host->seen.served.count == 0)
        return 0;
    if (hf_judge_served(&ask, conf->trust, &verdict, err) < 0) {
        hf_err_text(err, host->fault, sizeof(host->fault));
        return err->code == HF_E_NOMEM ? HF_E_NOMEM : 0;
    }
    if (host->judged)
        hf_served_done(&host->verdict);
    host->verdict = verdict;
    host->judged = true;
    return 0;
}

bool hf_host_wants_issuer(const struct hf_host *host)
{
    enum hf_gap gap = host->judged ? host->verdict.gap : HF_GAP_NONE;

    return (gap == HF_GAP_INTERMEDIATE_LIKELY || gap == HF_GAP_UNTRUSTED) &&
           host->verdict.path.chain.count > 0;
}

bool hf_host_wants_date(const struct hf_host *host)
{
    return host->judged &&
           (hf_served_has(&host->verdict, HF_FAULT_EXPIRED) ||
            hf_served_has(&host->verdict, HF_FAULT_NOT_YET_VALID));
}
