/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.h - one interface to every trust store: read, describe, change.
 *
 * A kind is a file here (pem.c, linux.c) that fills struct hf_store_ops. */
#ifndef HF_STORE_STORE_H
#define HF_STORE_STORE_H

#include <signal.h>

#include "crypto/ctl.h"
#include "plat/changeset.h"
#include "win/registry.h"

struct hf_store;

/* Opens by the name used on the command line: "system", "pem:FILE", "pem:DIR",
 * "java:FILE", "hive:FILE#ROOT" (hf_store_schemes() tells all).
 * spec  copied. root: prefix for "system", NULL or "/" for this machine.
 * Opening reads no more than it takes to know the kind. Returns 0, HF_E_USAGE
 * (unknown kind; the text lists them), HF_E_ABSENT (no such file; no store of a
 * known layout below root), HF_E_NOMEM. */
HF_MUST_USE int hf_store_open(const char *spec, const char *root,
                              struct hf_store **ret_store, struct hf_err *err);
void hf_store_free(struct hf_store *store);
HF_FREEP(struct hf_store, hf_store_free)

const char *hf_store_name(const struct hf_store *store); /* "system" */
const char *hf_store_kind(const struct hf_store *store); /* "Debian bundle" */
const char *hf_store_path(const struct hf_store *store); /* what is read */
/* What an administrator types so that other formats follow a change
 * ("update-ca-trust extract"), or NULL. */
const char *hf_store_follow_up(const struct hf_store *store);

/* Whose programs go by a store. */
enum hf_stack {
    HF_STACK_SYSTEM, /* the distribution's bundle: OpenSSL, GnuTLS, curl, Go */
    HF_STACK_FILE,   /* a file or folder for whoever is told to use it */
    HF_STACK_NSS,    /* Firefox, Thunderbird, Chromium's user database */
    HF_STACK_JAVA,
    HF_STACK_WINDOWS, /* Schannel, CryptoAPI, .NET */
    HF_STACK_MACOS,
    HF_STACK_LIST /* a list of what should be trusted, no store */
};
enum hf_stack hf_store_stack(const struct hf_store *store);
const char *hf_stack_name(enum hf_stack stack); /* "Java" */

/* The forms of a name: "pem:FILE", ...; ended by { NULL }. */
struct hf_store_scheme {
    const char *form; /* "hive:FILE[#STORE]" */
    const char *what; /* "Windows registry hive" */
};
const struct hf_store_scheme *hf_store_schemes(void);

/* Opens what has a password. Copied, wiped with the store; NULL: the kind's
 * usual ones are tried. Returns 0 or HF_E_NOMEM; whether it fits shows when
 * the store is read (HF_E_CRYPTO). */
HF_MUST_USE int hf_store_unlock(struct hf_store *store, const char *password,
                                struct hf_err *err);

/* The registry a Windows store stands in, NULL for every other kind; borrowed,
 * valid until the store is read or asked again after its file changed. Opened
 * when asked for. */
HF_MUST_USE int hf_store_registry(struct hf_store *store,
                                  const struct hf_registry **ret_registry,
                                  struct hf_err *err);

/* What an entry is to the programs that use the store. */
enum hf_standing {
    HF_STANDING_ANCHOR,  /* trusted: chains may end in it */
    HF_STANDING_ISSUER,  /* at hand to build chains, not trusted by itself */
    HF_STANDING_REFUSED, /* refused by the store, wherever else it is trusted */
    HF_STANDING_HELD     /* there for another reason: personal, a service's */
};
const char *hf_standing_name(enum hf_standing standing); /* "anchor" */

/* A certificate in a store, or a part of the store that is none. */
struct hf_store_entry {
    struct hf_cert *cert; /* NULL: damaged, or `named` only */
    char *where;          /* "/etc/ssl/certs/ca-certificates.crt:12" */
    char *fault;          /* why it is damaged, else NULL */
    enum hf_standing standing;
    unsigned purposes; /* an anchor for these only (enum hf_purpose bits); 0:
                          for everything */
    char *place; /* the part of the store: "AuthRoot", "policy ROOT"; or NULL */
    char *label; /* what the store calls it: alias, nickname; or NULL */
    const struct hf_ctl_entry *named; /* its row, where the store is a list;
                                         without `cert` no body is at hand */
};

struct hf_store_list {
    struct hf_store_entry *entry;
    size_t count, room;
    size_t damaged;
    size_t bodiless;    /* named only */
    struct hf_ctl *ctl; /* where the store is a list; entries borrow from it */
    char *incomplete;   /* why there may be more than was read, or NULL */
};

/* Reads the store. Returns 0 (damaged entries are in the list), HF_E_ABSENT,
 * HF_E_DENIED, HF_E_PARSE, HF_E_LIMIT, HF_E_IO, HF_E_NOMEM. */
HF_MUST_USE int hf_store_read(struct hf_store *store,
                              struct hf_store_list *ret_list,
                              struct hf_err *err);
void hf_store_list_done(struct hf_store_list *list);

/* Starts the readings that go on in processes of their own, so that they work
 * beside each other; each ends with its hf_store_read() or hf_store_free().
 * Until hf_stores_begun() signals that would end this process wait, since those
 * readings leave files behind that it removes.
 * before  what to give to hf_stores_begun(). */
void hf_stores_begin(struct hf_store *const *store, size_t count,
                     sigset_t *ret_before);
void hf_stores_begun(const sigset_t *before);
/* Does a process of its own read it at this moment? */
bool hf_store_begun(const struct hf_store *store);
/* The sound certificates of a list, appended to `certs` (references). */
void hf_store_list_certs(const struct hf_store_list *list,
                         struct hf_certs *certs);
/* Those that are anchors for one of `purposes` (enum hf_purpose bits; 0: any),
 * each once, without those the same list refuses. */
void hf_store_list_anchors(const struct hf_store_list *list, unsigned purposes,
                           struct hf_certs *certs);

/* May this process change the store? Returns 0 or HF_E_DENIED (text says which
 * file or folder and what to do), before anything is touched. */
HF_MUST_USE int hf_store_may_change(struct hf_store *store, struct hf_err *err);

/* Stages, in `set`, that the store shall hold `add` and not hold `remove`.
 * Certificates that are there already, or already absent, are passed over, so
 * that a second run changes nothing. `ret_changed` counts what will change.
 * Notes in `set` let hf_store_undo() work by content. */
HF_MUST_USE int hf_store_stage(struct hf_store *store,
                               const struct hf_certs *add,
                               const struct hf_certs *remove,
                               struct hf_changeset *set, size_t *ret_changed,
                               struct hf_err *err);

/* A registry value that shall be otherwise. */
struct hf_store_value {
    const char *key; /* in full: "HKLM\\SOFTWARE\\Policies\\..." */
    const char *name;
    bool gone; /* shall be absent, else `value` */
    struct hf_reg_value value;
};
/* Stages it in a store that is a registry, with a note for undo. A value that
 * is so already is passed over: *ret_changed false.
 * Returns 0, HF_E_USAGE (no registry, key outside it), HF_E_DENIED. */
HF_MUST_USE int hf_store_stage_value(struct hf_store *store,
                                     const struct hf_store_value *value,
                                     struct hf_changeset *set,
                                     bool *ret_changed, struct hf_err *err);

/* What an undo took back. */
enum hf_undo { HF_UNDO_BYTES = 1, HF_UNDO_CERTIFICATES = 2 };
struct hf_undone {
    enum hf_undo how;
    int64_t time_s; /* when the change was made */
    char *command;  /* the command that made it ("roots fix"), or NULL */
    struct hf_undone_cert {
        struct hf_cert *cert;
        char *store;  /* as it can be opened again */
        bool removed; /* the change had added it, else it had removed it */
    } * item;
    size_t count;
    struct hf_texts values; /* registry values put back: "KEY\\NAME in STORE" */
};
void hf_undone_done(struct hf_undone *undone);

/* Takes the newest recorded change back: byte for byte where the files are as
 * the change left them, else certificate by certificate (what it added is
 * removed, what it removed is added again) through the stores it names.
 * Returns 0, HF_E_ABSENT (there is none), or why it cannot be done. */
HF_MUST_USE int hf_store_undo(const char *state_dir, const char *root,
                              struct hf_undone *ret_undone, struct hf_err *err);

/* Keeps with the change which command makes it, for whoever takes it back. */
HF_MUST_USE int hf_store_note_command(struct hf_changeset *set,
                                      const char *command, struct hf_err *err);

/* Every store this machine (or the system below `root`) has, readable or not.
 * Free each with hf_store_free() and the array with free(). */
struct hf_stores {
    struct hf_store **store;
    size_t count;
};
HF_MUST_USE int hf_stores_find(const char *root, struct hf_stores *ret_stores,
                               struct hf_err *err);
void hf_stores_done(struct hf_stores *stores);

/* ROOT/var/lib/holdfast on the heap, or NULL without memory. */
char *hf_store_state_dir(const char *root);

#endif
