/* SPDX-License-Identifier: Apache-2.0 */
/* store/placelook.h - inside places: looking for folders of stores. */
#ifndef HF_STORE_PLACELOOK_H
#define HF_STORE_PLACELOOK_H

#include "store/places.h"

/* Fills `places->folder`; a store that is the top of its file is appended to
 * `places->place`. */
HF_MUST_USE int hf_places_look(const struct hf_registry *registry,
                               struct hf_places *places, struct hf_err *err);

/* The SOFTWARE that the folder `key` belongs to ("HKLM\\SOFTWARE"), on the
 * heap; untouched when `key` is none of the usual ones. Returns 0 or
 * HF_E_NOMEM. */
HF_MUST_USE int hf_places_software(const char *key, char **ret_software,
                                   struct hf_err *err);

/* Appends a store; the texts are owned by the places from here on, also when
 * they are NULL or the call fails. */
HF_MUST_USE int hf_places_put(struct hf_places *places,
                              const struct hf_place *place_take,
                              struct hf_err *err);

/* Tells NOMEM, LIMIT and IO, which end a search, from damage at one key. */
bool hf_places_fatal(int rc);

#endif
