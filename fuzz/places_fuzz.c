/* SPDX-License-Identifier: Apache-2.0 */
/* places_fuzz.c - certificate stores in a registry of any form: each can be
 * named, selected by its name, and read. The first byte says the form. */
#include <strings.h>

#include "fuzz.h"
#include "plat/file.h"
#include "store/windows.h"

static void check_entries(const struct hf_registry *registry,
                          const struct hf_place *place)
{
    HF_AUTO(hf_names_done) struct hf_names name = { 0 };
    HF_AUTO(hf_free_ptr) char *below = hf_key_join(place->key, "Certificates");
    struct hf_err err = { 0 };

    HF_PROMISE(below);
    if (hf_registry_keys(registry, below, &name, &err) < 0)
        return;
    for (size_t i = 0; i < name.count; i++) {
        HF_AUTO(hf_windows_entry_done) struct hf_windows_entry entry = { 0 };
        HF_AUTO(hf_free_ptr) char *key = hf_key_join(below, name.name[i]);
        struct hf_err why = { 0 };

        HF_PROMISE(key);
        if (hf_windows_entry_read(registry, key, name.name[i], &entry, &why) <
            0)
            HF_PROMISE(why.n > 0);
        else
            HF_PROMISE(entry.cert && entry.size > 0);
    }
}

static void check_place(struct hf_places *places, const struct hf_place *place)
{
    HF_AUTO(hf_free_ptr) char *key = NULL;
    HF_AUTO(hf_free_ptr) char *name = NULL;
    struct hf_err err = { 0 };
    size_t count = 0;

    HF_PROMISE(place->key && place->name && *place->name);
    HF_PROMISE(hf_places_select(places, place->name, &count, &err) == 0);
    HF_PROMISE(count > 0 && place->selected);
    if (place->fault)
        return;
    HF_PROMISE(hf_places_key(places, place->name, &key, &name, &err) == 0);
    HF_PROMISE(strcasecmp(name, place->name) == 0);
}

/* Wherever a store would go, the place can be said in one way. */
static void check_asked(struct hf_places *places, const char *part)
{
    HF_AUTO(hf_free_ptr) char *key = NULL;
    HF_AUTO(hf_free_ptr) char *name = NULL;
    struct hf_err err = { 0 };
    bool may = false;

    HF_PROMISE(hf_places_may_hold(places, part, &may, &err) == 0);
    if (hf_places_key(places, part, &key, &name, &err) < 0)
        HF_PROMISE(err.n > 0 && !may && !key && !name);
    else
        HF_PROMISE(key && *key && name && *name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const parts[] = { "ROOT", "policy CA", "user X",
                                         "service S MY", "enterprise " };
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_places_done) struct hf_places places = { 0 };
    HF_AUTO(hf_free_ptr) char *list = NULL;
    struct hf_err err = { 0 };

    if (size == 0 ||
        hf_registry_read((enum hf_registry_form)(data[0] % 3), "x",
                         hf_view(data + 1, size - 1), &registry, &err) < 0)
        return 0;
    if (hf_places_find(registry, &places, &err) < 0) {
        HF_PROMISE(err.n > 0);
        return 0;
    }
    list = hf_places_list(&places);
    HF_PROMISE(list && *list);
    for (size_t i = 0; i < places.count; i++) {
        check_place(&places, &places.place[i]);
        check_entries(registry, &places.place[i]);
    }
    for (size_t i = 0; i < HF_COUNT(parts); i++)
        check_asked(&places, parts[i]);
    return 0;
}
