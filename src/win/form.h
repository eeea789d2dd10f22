/* SPDX-License-Identifier: Apache-2.0 */
/* win/form.h - inside win/: what a form of registry file offers. */
#ifndef HF_WIN_FORM_H
#define HF_WIN_FORM_H

#include "plat/file.h"
#include "win/registry.h"

/* Keys come without the mount: "" is the top, "Microsoft\Cryptography" a key
 * below it. `own` is what read or open made. Errors as in win/registry.h. */
struct hf_registry_ops {
    void (*free)(void *own);
    bool (*has)(const void *own, const char *key);
    int (*keys)(const void *own, const char *key, struct hf_names *ret_names,
                struct hf_err *err);
    int (*values)(const void *own, const char *key,
                  struct hf_reg_values *ret_values, struct hf_err *err);
    int (*get)(const void *own, const char *key, const char *name,
               struct hf_reg_value *ret_value, struct hf_err *err);
    int (*set)(void *own, const char *key, const struct hf_reg_value *value,
               struct hf_err *err);
    int (*unset)(void *own, const char *key, const char *name,
                 struct hf_err *err);
    int (*drop)(void *own, const char *key, struct hf_err *err);
    /* NULL where deleting is not something the form can say */
    int (*tell_unset)(void *own, const char *key, const char *name,
                      struct hf_err *err);
    int (*save)(void *own, struct hf_buf *out, struct hf_err *err);
};

struct hf_registry {
    const struct hf_registry_ops *ops;
    enum hf_registry_form form;
    void *own;
    char *mount;      /* never NULL; "" when keys are in full already */
    char *incomplete; /* or NULL */
    bool read_only;
};

/* Each fills ops, own, mount, incomplete of a registry that is zeroed; what it
 * filled is freed by hf_registry_free() whatever it returns. */
HF_MUST_USE int hf_hive_read(struct hf_registry *registry, const char *shown,
                             struct hf_view bytes, struct hf_err *err);
HF_MUST_USE int hf_hive_map(struct hf_registry *registry, const char *path,
                            struct hf_err *err);
HF_MUST_USE int hf_regtext_read(struct hf_registry *registry, const char *shown,
                                struct hf_view bytes, struct hf_err *err);
HF_MUST_USE int hf_regtext_new(struct hf_registry *registry,
                               struct hf_err *err);
HF_MUST_USE int hf_polfile_read(struct hf_registry *registry, const char *shown,
                                struct hf_view bytes, struct hf_err *err);
HF_MUST_USE int hf_polfile_new(struct hf_registry *registry,
                               struct hf_err *err);

#endif
