/* SPDX-License-Identifier: Apache-2.0 */
/* judge/audit_kin.c - which entries of a store have to do with each other. */
#include "judge/audit_kin.h"

#include <stdlib.h>

#include "crypto/der.h"

#define EMPTY_NAME 2 /* bytes of a subject without any part */

/* What is sorted, so that kin stand side by side. */
struct key {
    const struct hf_store_entry *entry;
    size_t index;
    struct hf_view subject, spki; /* of those sorted by name */
};

static int compare_views(struct hf_view a, struct hf_view b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    return order ? order : a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int compare_index(const struct key *a, const struct key *b)
{
    return a->index < b->index ? -1 : a->index > b->index;
}

static const char *place_of(const struct key *key)
{
    return key->entry->place ? key->entry->place : "";
}

/* --- the same bytes ------------------------------------------------------ */

static int compare_bytes(const struct key *a, const struct key *b)
{
    return memcmp(hf_cert_sha256(a->entry->cert),
                  hf_cert_sha256(b->entry->cert), HF_SHA256_LEN);
}

static int by_bytes(const void *a, const void *b)
{
    int order = compare_bytes(a, b);

    if (order == 0)
        order = strcmp(place_of(a), place_of(b));
    return order ? order : compare_index(a, b);
}

/* The lowest index among `count` that has this standing. */
static size_t first_standing(const struct key *key, size_t count,
                             enum hf_standing standing)
{
    size_t first = HF_KIN_NONE;

    for (size_t i = 0; i < count; i++)
        if (key[i].entry->standing == standing && key[i].index < first)
            first = key[i].index;
    return first;
}

/* All that have the same bytes. */
static void relate_bytes(const struct key *key, size_t count,
                         struct hf_kin *kin)
{
    size_t refused = first_standing(key, count, HF_STANDING_REFUSED);
    size_t anchor = first_standing(key, count, HF_STANDING_ANCHOR);
    size_t first = 0; /* in the place at hand */

    for (size_t i = 0; i < count; i++) {
        struct hf_kin *mine = &kin[key[i].index];

        if (strcmp(place_of(&key[first]), place_of(&key[i])) != 0)
            first = i;
        if (first < i)
            mine->again = key[first].index;
        mine->refused = refused;
        mine->anchor = anchor;
    }
}

/* --- the same name ------------------------------------------------------- */

/* The key of a certificate: what follows its subject. RFC 5280 4.1 */
static struct hf_view spki_of(const struct hf_cert *cert)
{
    struct hf_view der = hf_cert_der(cert);
    struct hf_view subject = hf_cert_subject_der(cert);
    struct hf_view rest =
        hf_view_from(der, (size_t)(subject.ptr - der.ptr) + subject.len);

    rest.len = hf_der_len(rest);
    return rest;
}

static int by_name(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = compare_views(x->subject, y->subject);

    if (order == 0)
        order = compare_views(x->spki, y->spki);
    return order ? order : compare_index(x, y);
}

/* All that have the same subject, sorted by their keys. */
static void relate_names(const struct key *key, size_t count,
                         struct hf_kin *kin)
{
    const struct key *last = &key[count - 1];

    if (compare_views(key[0].spki, last->spki) == 0)
        return; /* one key, renewed perhaps */
    for (size_t i = 0; i < count; i++)
        kin[key[i].index].namesake =
            compare_views(key[i].spki, key[0].spki) == 0 ? last->index
                                                         : key[0].index;
}

/* --- a list -------------------------------------------------------------- */

typedef int ordering(const void *a, const void *b);
typedef void relation(const struct key *key, size_t count, struct hf_kin *kin);

/* Sorts, and hands on each run of keys that `same` holds equal. */
static void each_run(struct key *key, size_t count, ordering *order,
                     bool (*same)(const struct key *a, const struct key *b),
                     relation *relate, struct hf_kin *kin)
{
    if (count > 1)
        qsort(key, count, sizeof(*key), order);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same(&key[from], &key[to]);)
            to++;
        relate(&key[from], to - from, kin);
    }
}

static bool same_bytes(const struct key *a, const struct key *b)
{
    return compare_bytes(a, b) == 0;
}

static bool same_name(const struct key *a, const struct key *b)
{
    return compare_views(a->subject, b->subject) == 0;
}

/* Keeps the keys of anchors that are trusted in effect and have a name. */
static size_t keep_anchors(struct key *key, size_t count,
                           const struct hf_kin *kin)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct key k = key[i];

        if (k.entry->standing != HF_STANDING_ANCHOR ||
            kin[k.index].refused != HF_KIN_NONE)
            continue;
        k.subject = hf_cert_subject_der(k.entry->cert);
        k.spki = spki_of(k.entry->cert);
        if (k.subject.len > EMPTY_NAME)
            key[kept++] = k;
    }
    return kept;
}

int hf_kin_find(const struct hf_store_list *list, struct hf_kin **ret_kin,
                struct hf_err *err)
{
    size_t room = list->count ? list->count : 1, count = 0;
    HF_AUTO(hf_free_ptr) struct hf_kin *kin = calloc(room, sizeof(*kin));
    HF_AUTO(hf_free_ptr) struct key *key = calloc(room, sizeof(*key));

    if (!kin || !key)
        return HF_FAIL(err, HF_E_NOMEM, "no memory to audit a store");
    for (size_t i = 0; i < list->count; i++) {
        kin[i] = (struct hf_kin){ HF_KIN_NONE, HF_KIN_NONE, HF_KIN_NONE,
                                  HF_KIN_NONE };
        if (list->entry[i].cert)
            key[count++] = (struct key){ .entry = &list->entry[i], .index = i };
    }
    each_run(key, count, by_bytes, same_bytes, relate_bytes, kin);
    count = keep_anchors(key, count, kin);
    each_run(key, count, by_name, same_name, relate_names, kin);
    *ret_kin = HF_STEAL(kin);
    return 0;
}
