/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss.h - inside store/: databases of Mozilla's NSS, each opened in a
 * process of its own.
 *
 * A profile is somebody else's file: SQLite and NSS parse what may have been
 * made to break them. So its databases are copied into a private folder, and a
 * child process opens the copy: whatever happens there, the profile is as it
 * was, NSS never starts in this process, the profile's pkcs11.txt (which may
 * name a library to load) is never seen, and a crash is an answer like others.
 *
 *   nss.c       the store: lists and changes
 *   nss_copy.c  the private folder
 *   nss_child.c the child: its limits, its answer, its end
 *   nss_db.c    what the child does with libnss3
 *   nss_check.c is a database whole? (in the child)
 *   nss_list.c  from the child's answer to entries
 *   nss_busy.c  who has a profile open
 *   nss_find.c  where profiles are */
#ifndef HF_STORE_NSS_H
#define HF_STORE_NSS_H

#include <signal.h>

#include "store/kind.h"

/* bytes; ours: a profile with 1,000 certificates takes 3 MB */
#define HF_NSS_FILE_MAX (32 * 1024 * 1024)
#define HF_NSS_LABEL_MAX 1000 /* bytes of a nickname; ours */

/* `kind` of a profile with cert8.db and key3.db alone. */
extern const char hf_nss_old_kind[];

/* --- the private copy ----------------------------------------------------- */

struct hf_nss_copy {
    char *folder;  /* 0700, ours alone */
    bool old;      /* cert8.db and key3.db */
    bool journal;  /* a change that was cut short came along */
    bool keyless;  /* no key database */
    sigset_t held; /* signals that would leave the copy behind: they wait */
    bool holding;
};

/* Copies the databases of a profile as they are, or as `set` (may be NULL)
 * will leave them. Nothing of the profile is changed.
 * Returns 0, HF_E_ABSENT, HF_E_DENIED, HF_E_PARSE (no SQLite database, or a
 * cut one), HF_E_BUSY (changes all the time), HF_E_LIMIT, HF_E_IO. */
HF_MUST_USE int hf_nss_copy_make(const struct hf_store *store,
                                 struct hf_changeset *set,
                                 struct hf_nss_copy *ret_copy,
                                 struct hf_err *err);
void hf_nss_copy_done(struct hf_nss_copy *copy);

/* A file of the copy as it is now; `ret_bytes` is initialised here. */
HF_MUST_USE int hf_nss_copy_read(const struct hf_nss_copy *copy,
                                 const char *name, struct hf_buf *ret_bytes,
                                 struct hf_err *err);

/* Where the profile's file `name` really is: symbolic links below the store's
 * root stay below it. Returns 0 (it may be absent), HF_E_ABSENT (a link to
 * nowhere), HF_E_LIMIT (a loop), HF_E_DENIED, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_nss_file(const struct hf_store *store, const char *name,
                            char **ret_path, struct hf_err *err);

/* Has SQLite left work to be finished ("cert9.db-journal")? */
HF_MUST_USE int hf_nss_unfinished(const struct hf_store *store,
                                  struct hf_err *err);

/* --- the child ------------------------------------------------------------ */

enum hf_nss_trust {
    HF_NSS_NONE,      /* says nothing */
    HF_NSS_ANCHOR,    /* certutil's C, for clients T */
    HF_NSS_PEER,      /* P */
    HF_NSS_PROHIBITED /* p */
};

/* The purposes NSS keeps trust for, in the order of an answer. */
enum hf_nss_use {
    HF_NSS_SERVER,
    HF_NSS_CLIENT,
    HF_NSS_EMAIL,
    HF_NSS_CODE,
    HF_NSS_USES
};

struct hf_nss_step {
    bool removes;         /* else: shall be there, trusted for TLS servers */
    struct hf_cert *cert; /* borrowed */
};

struct hf_nss_job {
    const char *folder; /* NULL: no database */
    const char *module; /* a library to list in its place */
    bool old, writable;
    const char *password; /* NULL: none is known */
    const struct hf_nss_step *step;
    size_t step_count; /* 0: list */
};

/* An answer is a row of records: one byte that says what it is, a length of
 * four bytes (big-endian), a body:
 *   c  a certificate: length of its nickname (2 bytes), nickname, DER
 *   t  trust: enum hf_nss_trust for each use (1 byte), then three times a
 *      length (2 bytes) and bytes: SHA-1 or nothing, issuer, serial number as
 *      DER
 *   f  a damaged certificate: text
 *   d  the database is damaged, there may be more in it: text
 *   x  failed: the positive of an enum hf_code (1 byte), text
 *   e  done; without it or `x` at the end the child did not finish */
#define HF_NSS_RECORD_MAX                                                      \
    (2 * 1024 * 1024) /* bytes; a certificate and names                        \
                       */

/* A child at work. */
struct hf_nss_child {
    pid_t pid; /* 0: none */
    int fd;
};

/* The two halves of hf_nss_run(). finish ends the child whatever it returns;
 * give_up ends one that nobody waits for any more. */
HF_MUST_USE int hf_nss_start(const struct hf_nss_job *job,
                             struct hf_nss_child *ret_child,
                             struct hf_err *err);
HF_MUST_USE int hf_nss_finish(struct hf_nss_child *child,
                              struct hf_buf *ret_answer, struct hf_err *err);
void hf_nss_give_up(struct hf_nss_child *child);

/* Runs the job in a child process that may not outlive, outgrow or outspend
 * its limits.
 * ret_answer  initialised here. Returns 0, HF_E_PARSE (it crashed), HF_E_LIMIT
 * (too slow, too much), HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_nss_run(const struct hf_nss_job *job,
                           struct hf_buf *ret_answer, struct hf_err *err);

/* What the child does; the answer goes to `fd`. It allocates nothing itself.
 */
void hf_nss_work(const struct hf_nss_job *job, int fd);

/* For the child: is cert9.db in `folder` damaged? Then `ret_text` says how.
 * False where SQLite cannot be asked. */
bool hf_nss_damage(const char *folder, char *ret_text, size_t size);

/* The file of the NSS this program is linked with; NULL when unknown. */
const char *hf_nss_library(void);

/* --- the answer ----------------------------------------------------------- */

/* Appends what the child listed. Returns 0, what the child's `x` says, or
 * HF_E_PARSE when the answer is none. */
HF_MUST_USE int hf_nss_list(const char *shown, struct hf_view answer,
                            struct hf_store_list *list, struct hf_err *err);

/* --- the rest ------------------------------------------------------------- */

/* Returns 0, or HF_E_BUSY that names the program that has the profile open. */
HF_MUST_USE int hf_nss_busy(const struct hf_store *store, struct hf_err *err);

#endif
