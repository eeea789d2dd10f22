/* SPDX-License-Identifier: Apache-2.0 */
/* store/ctl.h - Microsoft's trust lists from files, verified with the roots
 * built into this program. */
#ifndef HF_STORE_CTL_H
#define HF_STORE_CTL_H

#include "crypto/ctl.h"

/* Appends the roots under which Microsoft signs its lists. */
HF_MUST_USE int hf_ctl_anchors(struct hf_certs *anchors, struct hf_err *err);

/* Reads and verifies a .stl, a .cab with one inside, or a folder as `certutil
 * -syncWithWU` writes it: authrootstl.cab or authroot.stl, and
 * disallowedcertstl.cab or disallowedcert.stl, which becomes `disallowed` of
 * the first, or the list itself when it is alone.
 * Returns 0, HF_E_ABSENT, HF_E_DENIED, HF_E_PARSE, HF_E_CRYPTO (nothing of it
 * is believed), HF_E_LIMIT, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_ctl_load(const char *path, struct hf_ctl **ret_ctl,
                            struct hf_err *err);

/* The same for a list in memory: a .stl, a .cab, a registry's EncodedCtl. */
HF_MUST_USE int hf_ctl_decode(struct hf_view bytes, struct hf_ctl **ret_ctl,
                              struct hf_err *err);

#endif
