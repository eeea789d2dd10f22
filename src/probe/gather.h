/* SPDX-License-Identifier: Apache-2.0 */
/* probe/gather.h - what certificates point to: issuers and revocation lists. */
#ifndef HF_PROBE_GATHER_H
#define HF_PROBE_GATHER_H

#include "probe/hosts.h"

/* Fetches the issuers that broken chains name (AIA caIssuers) and makes them
 * known to the trust. ret_learned: how many certificates were new. What cannot
 * be fetched is no error. Returns 0, HF_E_NOMEM. Source: RFC 5280 4.2.2.1 */
HF_MUST_USE int hf_gather_issuers(const struct hf_hosts_conf *conf,
                                  const struct hf_host *host, size_t count,
                                  size_t *ret_learned, struct hf_err *err);

/* Fetches the CRLs of every complete chain, each URL once, into the trust. A
 * list that is not to be had leaves the host's crl_fault.
 * ret_lists: how many were had. Returns 0, HF_E_NOMEM.
 * Source: RFC 5280 4.2.1.13 */
HF_MUST_USE int hf_gather_crls(const struct hf_hosts_conf *conf,
                               struct hf_host *host, size_t count,
                               size_t *ret_lists, struct hf_err *err);

#endif
