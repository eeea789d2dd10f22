/* SPDX-License-Identifier: Apache-2.0 */
/* store/certfiles.h - inside store/: folders of certificate files, and the
 * links by which OpenSSL finds a certificate there. */
#ifndef HF_STORE_CERTFILES_H
#define HF_STORE_CERTFILES_H

#include "store/kind.h"

struct hf_cert_file {
    char *path;  /* on disk; may be a symbolic link itself */
    char *name;  /* below the folder it was looked for in */
    char *fault; /* why it holds nothing, or NULL */
    struct hf_certs certs;
};

struct hf_cert_files {
    struct hf_cert_file *file;
    size_t count, room;
};

void hf_cert_files_done(struct hf_cert_files *files);

enum hf_cert_files_how {
    HF_FILES_FLAT,    /* every file of the folder, but hidden ones */
    HF_FILES_CRT_DEEP /* *.crt here and below, as update-ca-certificates */
};

/* `path`, which lies below `root`, as the system there sees it. */
const char *hf_inside_of(const char *root, const char *path);

/* `set`, where given, may be NULL; what it has staged counts as there. */

/* Appends the files of `folder` (no symbolic link in it), below `root`. An
 * absent folder has none. Files without a certificate are kept only when their
 * name says that there should be one. */
HF_MUST_USE int hf_cert_files_read(const char *root, const char *folder,
                                   enum hf_cert_files_how how,
                                   const struct hf_changeset *set,
                                   struct hf_cert_files *files,
                                   struct hf_err *err);
/* Appends one file: `folder`/`name`. An absent one has no certificates. */
HF_MUST_USE int hf_cert_files_add(const char *root, const char *folder,
                                  const char *name,
                                  const struct hf_changeset *set,
                                  struct hf_cert_files *files,
                                  struct hf_err *err);
/* The first file from index `from` on that holds the certificate, or NULL. */
const struct hf_cert_file *hf_cert_files_with(const struct hf_cert_files *files,
                                              const struct hf_cert *cert,
                                              size_t from);

/* Stages that the file holds the certificate no more: it is cut out, and a file
 * that then holds none is removed. */
HF_MUST_USE int hf_cert_file_cut(const struct hf_cert_file *file,
                                 struct hf_cert *cert, struct hf_changeset *set,
                                 struct hf_err *err);

/* --- a folder with hash links -------------------------------------------- */

#define HF_HASH_SLOTS_MAX 64 /* ours: as many certificates of one name */

/* Is this the name of a hash link, like "3513523f.0"? */
bool hf_hash_name_is(const char *name);

/* Stages `folder`/HASH.N as a link to `name`, in the first free slot. */
HF_MUST_USE int hf_hash_link(const char *folder, const char *name,
                             struct hf_cert *cert, struct hf_changeset *set,
                             struct hf_err *err);

/* Stages that no hash link of `folder` leads to the certificate, nor to the
 * entry `name` (may be NULL); those that follow move up, because OpenSSL stops
 * at the first gap. Entries the removed links led to go too. */
HF_MUST_USE int hf_hash_unlink(const char *root, const char *folder,
                               const char *name, struct hf_cert *cert,
                               struct hf_changeset *set, struct hf_err *err);

#endif
