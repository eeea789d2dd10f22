/* SPDX-License-Identifier: Apache-2.0 */
/* settings/rootupdate.c - does this Windows fetch roots by itself? */
#include "settings/rootupdate.h"

#include <stdlib.h>
#include <string.h>

#define PROTECTED                                                              \
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\"          \
    "ProtectedRoots"
#define ROOTS_OFF "DisableRootAutoUpdate"
#define DISALLOWED_ON "EnableDisallowedCertAutoUpdate"
#define FLAGS "Flags"
#define FLAG_NO_USER_ROOTS 0x1u /* CERT_PROT_ROOT_DISABLE_CURRENT_USER_FLAG */
#define FLAG_POLICY_ROOTS 0x8u  /* CERT_PROT_ROOT_ONLY_LM_GPT_FLAG */

/* A value, and whether its number keeps roots away. */
struct setting {
    const char *key, *name, *policy;
    bool (*deviates)(uint32_t number, struct hf_rootupdate *update);
};

static bool roots_off(uint32_t number, struct hf_rootupdate *update)
{
    update->roots_off = update->roots_off || number != 0;
    return number != 0;
}

static bool disallowed_off(uint32_t number, struct hf_rootupdate *update)
{
    update->disallowed_off = update->disallowed_off || number == 0;
    return number == 0;
}

static bool protected_roots(uint32_t number, struct hf_rootupdate *update)
{
    update->user_roots_ignored |= (number & FLAG_NO_USER_ROOTS) != 0;
    update->policy_roots_only |= (number & FLAG_POLICY_ROOTS) != 0;
    return (number & (FLAG_NO_USER_ROOTS | FLAG_POLICY_ROOTS)) != 0;
}

static const struct setting settings[] = {
    { HF_ROOTUPDATE_POLICY, ROOTS_OFF,
      "Computer Configuration / Administrative Templates / System / Internet "
      "Communication Management / Internet Communication settings / Turn off "
      "Automatic Root Certificates Update",
      roots_off },
    { HF_ROOTUPDATE_POLICY, DISALLOWED_ON, NULL, disallowed_off },
    { PROTECTED, FLAGS,
      "Computer Configuration / Windows Settings / Security Settings / Public "
      "Key Policies / Certificate Path Validation Settings",
      protected_roots },
};

const char *hf_rootupdate_policy_path(const char *name)
{
    for (size_t i = 0; i < HF_COUNT(settings); i++)
        if (strcmp(settings[i].name, name) == 0)
            return settings[i].policy;
    return NULL;
}

void hf_rootupdate_done(struct hf_rootupdate *update)
{
    for (size_t i = 0; i < update->count; i++)
        free(update->value[i].malformed);
    free(update->value);
    free(update->root_dir_url);
    free(update->sync_from_url);
    free(update->ctl_fault);
    hf_ctl_free(update->ctl);
    *update = (struct hf_rootupdate){ 0 };
}

/* --- one registry --------------------------------------------------------- */

/* What is being read, and into what. */
struct reading {
    const struct hf_rootupdate_source *source;
    size_t at;
    const struct hf_certs *anchors;
    struct hf_rootupdate *update;
};

static int put_value(struct reading *r, const struct setting *setting,
                     uint32_t number, const struct hf_err *malformed,
                     struct hf_err *err)
{
    struct hf_rootupdate *update = r->update;
    struct hf_rootupdate_value *grown = reallocarray(
        update->value, update->count + 1, sizeof(update->value[0]));
    char text[HF_ERR_TEXT * 2];

    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a setting");
    update->value = grown;
    grown[update->count] = (struct hf_rootupdate_value){
        .key = setting->key,
        .name = setting->name,
        .number = number,
        .source = r->at,
    };
    if (malformed) {
        hf_err_text(malformed, text, sizeof(text));
        grown[update->count].malformed = hf_view_dup(hf_view_text(text));
        if (!grown[update->count].malformed)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a setting");
    }
    update->count++;
    return 0;
}

static int read_setting(struct reading *r, const struct setting *setting,
                        struct hf_err *err)
{
    uint32_t number;
    struct hf_err why;
    int rc = hf_registry_dword(r->source->registry, setting->key, setting->name,
                               &number, &why);

    if (rc == HF_E_ABSENT)
        return 0;
    if (rc == HF_E_NOMEM) {
        *err = why;
        return rc;
    }
    if (rc < 0)
        return put_value(r, setting, 0, &why, err);
    return setting->deviates(number, r->update)
               ? put_value(r, setting, number, NULL, err)
               : 0;
}

/* An address, where one is set. One of a wrong type is as good as none. */
static int read_url(struct reading *r, const char *name, char **url,
                    struct hf_err *err)
{
    char *text;
    int rc = hf_registry_text(r->source->registry, HF_ROOTUPDATE_STATE, name,
                              &text, err);

    if (rc < 0)
        return rc == HF_E_NOMEM ? rc : 0;
    if (*url || *text == '\0')
        free(text);
    else
        *url = text;
    return 0;
}

static int read_time(struct reading *r, const char *name, int64_t *time_s,
                     struct hf_err *err)
{
    int64_t found;
    int rc = hf_registry_filetime(r->source->registry, HF_ROOTUPDATE_STATE,
                                  name, &found, err);

    if (rc == 0 && found > *time_s)
        *time_s = found;
    return rc == HF_E_NOMEM ? rc : 0;
}

static int read_list(struct reading *r, struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    struct hf_rootupdate *update = r->update;
    char text[HF_ERR_TEXT * 2];
    struct hf_err why;
    int rc = hf_registry_get(r->source->registry, HF_ROOTUPDATE_STATE,
                             "EncodedCtl", &value, &why);

    if (rc == 0 && value.len > 0 && !update->ctl)
        rc = hf_ctl_read(hf_view(value.data, value.len), r->anchors,
                         &update->ctl, &why);
    if (rc == 0 || rc == HF_E_ABSENT)
        return 0;
    if (rc == HF_E_NOMEM) {
        *err = why;
        return rc;
    }
    hf_err_text(&why, text, sizeof(text));
    free(update->ctl_fault);
    update->ctl_fault = hf_view_dup(hf_view_text(text));
    return update->ctl_fault ? 0
                             : HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
}

static bool has_any(const struct hf_registry *registry)
{
    return hf_registry_has(registry, HF_ROOTUPDATE_POLICY) ||
           hf_registry_has(registry, HF_ROOTUPDATE_STATE) ||
           hf_registry_has(registry, PROTECTED) ||
           hf_registry_has(registry,
                           "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates");
}

static int read_source(struct reading *r, struct hf_err *err)
{
    struct hf_rootupdate *update = r->update;

    if (!has_any(r->source->registry))
        return 0;
    update->known = true;
    for (size_t i = 0; i < HF_COUNT(settings); i++)
        if (read_setting(r, &settings[i], err) < 0)
            return hf_err_code(err);
    if (read_url(r, "RootDirUrl", &update->root_dir_url, err) < 0 ||
        read_url(r, "SyncFromDirUrl", &update->sync_from_url, err) < 0 ||
        read_time(r, "LastSyncTime", &update->last_sync_s, err) < 0 ||
        read_time(r, "DisallowedCertLastSyncTime", &update->disallowed_sync_s,
                  err) < 0)
        return hf_err_code(err);
    return read_list(r, err);
}

int hf_rootupdate_read(const struct hf_rootupdate_source *source, size_t count,
                       const struct hf_certs *anchors,
                       struct hf_rootupdate *ret_update, struct hf_err *err)
{
    HF_AUTO(hf_rootupdate_done) struct hf_rootupdate update = { 0 };

    for (size_t i = 0; i < count; i++) {
        struct reading r = { &source[i], i, anchors, &update };

        if (read_source(&r, err) < 0)
            return hf_err_code(err);
    }
    *ret_update = update;
    update = (struct hf_rootupdate){ 0 };
    return 0;
}
