/* SPDX-License-Identifier: Apache-2.0 */
/* judge/microsoft.h - Microsoft's lists that are at hand: the one built in as a
 * table (data/microsoft.tsv), and what an administrator laid beside it. */
#ifndef HF_JUDGE_MICROSOFT_H
#define HF_JUDGE_MICROSOFT_H

#include "crypto/ctl.h"

/* What hf_ctl_tsv() writes, as the list it was made from: its `purposes`,
 * offsets, signer and certificates are not in the table. name: for error texts.
 *
 * Returns 0, HF_E_PARSE (line named), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_microsoft_read(const char *name, struct hf_view text,
                                  struct hf_ctl **ret_ctl, struct hf_err *err);

/* The embedded table, or ROOT/etc/holdfast/microsoft.tsv. */
HF_MUST_USE int hf_microsoft_table(const char *root, struct hf_ctl **ret_ctl,
                                   struct hf_err *err);

/* Gives the table to `take`, then each list of ROOT/etc/holdfast that is there:
 * authroot.stl, authrootstl.cab, disallowedcert.stl, disallowedcertstl.cab. A
 * file that does not verify is an error that names it. */
typedef int hf_microsoft_take(void *arg, const struct hf_ctl *ctl,
                              struct hf_err *err);
HF_MUST_USE int hf_microsoft_each(const char *root, hf_microsoft_take *take,
                                  void *arg, struct hf_err *err);

/* Sequence numbers, hexadecimal: negative when `a` is the older one, 0 when
 * they are equal. */
int hf_microsoft_compare(const char *a, const char *b);

#endif
