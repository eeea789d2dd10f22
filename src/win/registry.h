/* SPDX-License-Identifier: Apache-2.0 */
/* win/registry.h - a Windows registry, or a part of it, out of a file: a hive,
 * a .reg export, a policy file.
 *
 * Keys are named in full, whatever the file holds: "HKLM\SOFTWARE\Microsoft",
 * "HKCU\Software", "HKU\S-1-5-18". Names compare without case, as Windows does.
 * A hive stands at its mount: that of a SOFTWARE hive is HKLM\SOFTWARE. */
#ifndef HF_WIN_REGISTRY_H
#define HF_WIN_REGISTRY_H

#include "base/buf.h"

struct hf_names;

enum hf_registry_form {
    HF_REGISTRY_HIVE, /* NTUSER.DAT, SOFTWARE, SYSTEM */
    HF_REGISTRY_REG,  /* regedit's text: UTF-16LE, UTF-8, REGEDIT4; Wine's */
    HF_REGISTRY_POL   /* Registry.pol of a Group Policy object */
};

/* Sources: winnt.h, REG_*. */
enum hf_reg_type {
    HF_REG_NONE = 0,
    HF_REG_SZ = 1,
    HF_REG_EXPAND_SZ = 2,
    HF_REG_BINARY = 3,
    HF_REG_DWORD = 4,
    HF_REG_DWORD_BE = 5,
    HF_REG_LINK = 6,
    HF_REG_MULTI_SZ = 7,
    HF_REG_QWORD = 11
};
const char *hf_reg_type_name(uint32_t type); /* "REG_DWORD", "REG type 99" is
                                              * "REG_?" */

/* bytes; ours: EncodedCtl has 0.2 MB today */
#define HF_REG_VALUE_MAX (16 * 1024 * 1024)

struct hf_reg_value {
    char *name; /* UTF-8; "" is the default value */
    uint32_t type;
    uint8_t *data; /* owned, as stored: texts are UTF-16LE */
    size_t len;
};
void hf_reg_value_done(struct hf_reg_value *value);

struct hf_reg_values {
    struct hf_reg_value *value;
    size_t count;
};
void hf_reg_values_done(struct hf_reg_values *values);

struct hf_registry;

/* Reads a registry out of `bytes` (borrowed for the call only).
 * shown  its path, for error texts (copied) and for what it is: a policy below
 *        a folder "User" is a user's (HKCU), every other the machine's (HKLM).
 * Returns 0, HF_E_PARSE (line or offset named), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_registry_read(enum hf_registry_form form, const char *shown,
                                 struct hf_view bytes,
                                 struct hf_registry **ret_registry,
                                 struct hf_err *err);

/* The same out of a file, without taking a hive into memory as a whole; it
 * cannot be changed. Returns 0, HF_E_ABSENT, HF_E_DENIED, HF_E_IO, or as
 * above. */
HF_MUST_USE int hf_registry_open(enum hf_registry_form form, const char *path,
                                 struct hf_registry **ret_registry,
                                 struct hf_err *err);

/* An empty one to be filled: HF_REGISTRY_REG and HF_REGISTRY_POL only.
 * Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_registry_new(enum hf_registry_form form,
                                struct hf_registry **ret_registry,
                                struct hf_err *err);
void hf_registry_free(struct hf_registry *registry);
HF_FREEP(struct hf_registry, hf_registry_free)

enum hf_registry_form hf_registry_form(const struct hf_registry *registry);
/* Where its top key stands: "HKLM\SOFTWARE", "HKLM\SYSTEM", "HKCU" (a user's),
 * "HKLM" (a policy of the machine); "" for an export, whose keys say it
 * themselves, and for a hive nobody can tell. */
const char *hf_registry_mount(const struct hf_registry *registry);
/* Why what is read may not be all: the log of a dirty hive was not replayed, a
 * part is damaged. NULL: it is whole. Such a hive is not to be written. */
const char *hf_registry_incomplete(const struct hf_registry *registry);

/* --- reading ------------------------------------------------------------- */

/* Is there such a key? A key outside the mount is absent. */
bool hf_registry_has(const struct hf_registry *registry, const char *key);

/* The names of the keys below `key`, as stored, in the order of the file; key
 * "" is the top. Free with hf_names_done().
 * Returns 0, HF_E_ABSENT (no such key), HF_E_PARSE (damage: says where). */
HF_MUST_USE int hf_registry_keys(const struct hf_registry *registry,
                                 const char *key, struct hf_names *ret_names,
                                 struct hf_err *err);

HF_MUST_USE int hf_registry_values(const struct hf_registry *registry,
                                   const char *key,
                                   struct hf_reg_values *ret_values,
                                   struct hf_err *err);

/* One value; name "" is the default value. Returns 0, HF_E_ABSENT, HF_E_PARSE,
 * HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_registry_get(const struct hf_registry *registry,
                                const char *key, const char *name,
                                struct hf_reg_value *ret_value,
                                struct hf_err *err);

/* The same of a type that is known. Returns 0, HF_E_ABSENT, HF_E_PARSE when the
 * value is of another type or length: the text names the type it has. */
HF_MUST_USE int hf_registry_dword(const struct hf_registry *registry,
                                  const char *key, const char *name,
                                  uint32_t *ret_number, struct hf_err *err);
/* REG_SZ or REG_EXPAND_SZ, as UTF-8 on the heap, the final NULs cut. */
HF_MUST_USE int hf_registry_text(const struct hf_registry *registry,
                                 const char *key, const char *name,
                                 char **ret_text, struct hf_err *err);
/* An 8-byte FILETIME (REG_BINARY or REG_QWORD), as unix seconds; 0 stays 0. */
HF_MUST_USE int hf_registry_filetime(const struct hf_registry *registry,
                                     const char *key, const char *name,
                                     int64_t *ret_s, struct hf_err *err);

/* --- changing (in memory, until it is saved) ------------------------------ */

/* Makes the key and those above it where absent. Returns 0, HF_E_DENIED (a file
 * opened by hf_registry_open(), or an incomplete hive), HF_E_USAGE (a key
 * outside the mount), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_registry_set(struct hf_registry *registry, const char *key,
                                const struct hf_reg_value *value,
                                struct hf_err *err);
/* Absent is fine. */
HF_MUST_USE int hf_registry_unset(struct hf_registry *registry, const char *key,
                                  const char *name, struct hf_err *err);
/* The key with all below it; absent is fine. */
HF_MUST_USE int hf_registry_drop(struct hf_registry *registry, const char *key,
                                 struct hf_err *err);
/* Forms that are instructions (.reg, policy): says that whoever applies them
 * shall delete the value: `"name"=-`, `**del.name`. */
HF_MUST_USE int hf_registry_tell_unset(struct hf_registry *registry,
                                       const char *key, const char *name,
                                       struct hf_err *err);

/* The file as it shall be. .reg: UTF-16LE with a byte order mark and CRLF
 * (regedit's own), unless it was read as UTF-8 or REGEDIT4, whose encoding is
 * kept. */
HF_MUST_USE int hf_registry_save(struct hf_registry *registry,
                                 struct hf_buf *out, struct hf_err *err);

#endif
