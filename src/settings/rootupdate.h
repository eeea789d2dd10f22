/* SPDX-License-Identifier: Apache-2.0 */
/* settings/rootupdate.h - does this Windows fetch roots by itself? Policies and
 * state of the automatic root update.
 *
 * Sources: Microsoft, "Configure trusted roots and disallowed certificates";
 * wincrypt.h (CERT_DISABLE_ROOT_AUTO_UPDATE_VALUE_NAME and its neighbours). */
#ifndef HF_SETTINGS_ROOTUPDATE_H
#define HF_SETTINGS_ROOTUPDATE_H

#include "crypto/ctl.h"
#include "win/registry.h"

#define HF_ROOTUPDATE_POLICY                                                   \
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\AuthRoot"
#define HF_ROOTUPDATE_STATE                                                    \
    "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate"

/* A registry to be asked; all borrowed. */
struct hf_rootupdate_source {
    const struct hf_registry *registry;
    const char *name; /* the file it came from */
};

/* A setting that keeps roots away, or cannot be understood. */
struct hf_rootupdate_value {
    const char *key, *name; /* static */
    uint32_t number;
    char *malformed; /* why its value cannot be used, or NULL */
    size_t source;   /* index of who says it */
};

struct hf_rootupdate {
    bool known;              /* a source holds such settings at all */
    bool roots_off;          /* DisableRootAutoUpdate is not 0 */
    bool disallowed_off;     /* EnableDisallowedCertAutoUpdate is 0 */
    bool policy_roots_only;  /* ProtectedRoots Flags 0x8 */
    bool user_roots_ignored; /* ProtectedRoots Flags 0x1 */
    struct hf_rootupdate_value *value;
    size_t count;
    char *root_dir_url, *sync_from_url; /* or NULL: Windows Update */
    int64_t last_sync_s,
        disallowed_sync_s; /* unix seconds; 0: never, unknown */
    struct hf_ctl *ctl; /* EncodedCtl: the list this machine goes by, or NULL */
    char *ctl_fault;    /* why EncodedCtl could not be read, or NULL */
};

/* What the registries say together: a policy file is what the machine's policy
 * will say again, so its values count as the registry's do.
 * anchors  whom to believe about EncodedCtl (crypto/ctl.h).
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_rootupdate_read(const struct hf_rootupdate_source *source,
                                   size_t count, const struct hf_certs *anchors,
                                   struct hf_rootupdate *ret_update,
                                   struct hf_err *err);
void hf_rootupdate_done(struct hf_rootupdate *update);

/* "Computer Configuration / Administrative Templates / ... / Turn off Automatic
 * Root Certificates Update": where an administrator finds a value; NULL when no
 * policy is known for it. */
const char *hf_rootupdate_policy_path(const char *name);

#endif
