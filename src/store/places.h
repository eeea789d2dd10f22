/* SPDX-License-Identifier: Apache-2.0 */
/* store/places.h - where certificate stores stand in a Windows registry.
 *
 * A folder of stores is a key such as SOFTWARE\Microsoft\SystemCertificates;
 * each key below it is a store ("ROOT"), each key below its Certificates is
 * named by a certificate's SHA-1. Sources: wincrypt.h, CERT_SYSTEM_STORE_*;
 * Microsoft, "Configure trusted roots and disallowed certificates". */
#ifndef HF_STORE_PLACES_H
#define HF_STORE_PLACES_H

#include "store/store.h"

/* A key that holds stores. */
struct hf_place_folder {
    char *key;    /* "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates" */
    char *prefix; /* of its stores' names: "", "policy ", "service NTDS " */
    char *mirror; /* 32-bit programs see this key instead; or NULL */
};

/* A store. */
struct hf_place {
    char *key;    /* "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT" */
    char *name;   /* "ROOT", "policy ROOT", "user CA", "service NTDS MY" */
    char *mirror; /* what stands below this key too is the same; or NULL */
    char *fault;  /* why the keys below `key` are not known; or NULL */
    enum hf_standing standing;
    bool selected;
};

struct hf_places {
    struct hf_place_folder *folder;
    size_t folder_count;
    struct hf_place *place;
    size_t count;
    const char *home; /* prefix of the file's own stores: "user " in a user's
                         hive, "policy " in a policy file, else ""; static */
    char *base;       /* key where new folders go, NULL: nobody can tell */
};

/* Looks in the usual places; where none is there, for keys of the usual names
 * near the top: a hive may be loaded under any name, or be a part. Looks at a
 * bounded number of keys, whatever the size of the registry.
 * registry  must live as long as the places.
 * Returns 0, HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_places_find(const struct hf_registry *registry,
                               struct hf_places *ret_places,
                               struct hf_err *err);
void hf_places_done(struct hf_places *places);

/* Selects the stores that are called `part`, without case; the file's own need
 * no prefix. NULL: all. `*ret_count` is how many. Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_places_select(struct hf_places *places, const char *part,
                                 size_t *ret_count, struct hf_err *err);

/* May there be a store of this name which is only empty yet: one that Windows
 * knows, in a folder that is there? Returns 0 or HF_E_NOMEM. */
HF_MUST_USE int hf_places_may_hold(const struct hf_places *places,
                                   const char *part, bool *ret_may,
                                   struct hf_err *err);

/* The names of all stores, with commas, for an error text; NULL: no memory. */
char *hf_places_list(const struct hf_places *places);

/* The key of the store `part`, there or not yet, and its name.
 * Returns 0, HF_E_USAGE (nobody can tell where it goes), HF_E_NOMEM. */
HF_MUST_USE int hf_places_key(const struct hf_places *places, const char *part,
                              char **ret_key, char **ret_name,
                              struct hf_err *err);

/* "A\B" on the heap; `b` alone where `a` is "". NULL: no memory. */
char *hf_key_join(const char *a, const char *b);

#endif
