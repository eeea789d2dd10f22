/* SPDX-License-Identifier: Apache-2.0 */
/* hive_fuzz.c - whatever a hive holds is read within bounds; what is sound and
 * changed stays sound, keeps what it had, and libhivex reads it.
 *
 * An input that does not begin with "regf" is the first bin's content: base
 * block and bin are made, so that the fuzzer need not find a check sum. */
#include <string.h>

#include "fuzz.h"
#include "hive_maker.h"
#include "hive_peer.h"
#include "win/registry.h"

#define HIVE_MAX (1u << 20)
#define KEYS_MAX                                                               \
    5000 /* ours: more than fit in the longest input, as a tree                \
          */
#define BIG 17000

struct walk {
    struct hf_registry *registry;
    size_t left; /* keys that may still be met */
};

/* What is listed can be asked for, or is damaged. */
static void look_at(struct walk *walk, const char *key)
{
    struct hf_reg_values values = { 0 };
    struct hf_names names = { 0 };
    struct hf_err err = { 0 };

    HF_PROMISE(walk->left > 0); /* nobody goes round */
    walk->left--;
    (void)hf_registry_has(walk->registry, key);
    if (hf_registry_values(walk->registry, key, &values, &err) < 0)
        HF_PROMISE(err.n > 0 && !values.value);
    for (size_t i = 0; values.value && i < values.count && i < 20; i++) {
        struct hf_reg_value value = { 0 };

        HF_PROMISE(values.value[i].name);
        /* of two values of one name the first may be damaged, and passed over
         */
        HF_PROMISE(hf_registry_get(walk->registry, key, values.value[i].name,
                                   &value, &err) == 0 ||
                   hf_registry_incomplete(walk->registry));
        hf_reg_value_done(&value);
    }
    if (hf_registry_keys(walk->registry, key, &names, &err) < 0)
        HF_PROMISE(err.n > 0 && !names.name);
    for (size_t i = 0; i < names.count; i++) {
        struct hf_buf below = { 0 };
        char *path;

        hf_buf_init(&below, 1u << 20);
        hf_buf_printf(&below, "%s%s%s", key, *key ? "\\" : "", names.name[i]);
        path = hf_buf_steal(&below);
        HF_PROMISE(path);
        look_at(walk, path);
        free(path);
    }
    hf_reg_values_done(&values);
    hf_names_done(&names);
}

/* Reads again what was saved: no damage, and libhivex, which walks all bins and
 * cells, opens it. (Names that are no UTF-16 it does not read.) */
static void check_saved(struct hf_registry *registry)
{
    struct hf_buf saved = { 0 };
    struct hf_registry *again = NULL;
    hive_h *peer;
    struct hf_reg_value value = { (char *)"", HF_REG_SZ, NULL, 0 };
    struct hf_err err = { 0 };
    char file[64];
    int fd;

    hf_buf_init(&saved, 2 * HIVE_MAX);
    HF_PROMISE(hf_registry_save(registry, &saved, &err) == 0);
    HF_PROMISE(hf_registry_read(HF_REGISTRY_HIVE, "again", hf_buf_peek(&saved),
                                &again, &err) == 0);
    fd = hive_peer_file(hf_buf_peek(&saved), file);
    HF_PROMISE(fd >= 0);
    peer = hivex_open(file, 0);
    HF_PROMISE(peer && hivex_close(peer) == 0);
    (void)close(fd);
    HF_PROMISE(hf_registry_set(again, hf_registry_mount(again), &value, &err) ==
               0);
    hf_registry_free(again);
    hf_buf_done(&saved);
}

static void change(struct hf_registry *registry, const char *mount)
{
    static uint8_t data[BIG];
    struct hf_reg_value value = { (char *)"Blob", HF_REG_BINARY, data, BIG };
    struct hf_names names = { 0 };
    struct hf_err err = { 0 };
    char key[80], first[64];

    (void)snprintf(first, sizeof(first), "%s%s", mount, *mount ? "\\" : "");
    (void)snprintf(key, sizeof(key), "%sa\\b", first);
    if (hf_registry_set(registry, key, &value, &err) < 0) {
        HF_PROMISE(err.code == HF_E_DENIED || err.code == HF_E_USAGE);
        HF_PROMISE(err.code == HF_E_USAGE || hf_registry_incomplete(registry));
        return;
    }
    value.len = 3;
    HF_PROMISE(hf_registry_set(registry, mount, &value, &err) == 0);
    check_saved(registry);
    HF_PROMISE(hf_registry_unset(registry, key, "blob", &err) == 0);
    (void)snprintf(key, sizeof(key), "%sa", first);
    HF_PROMISE(hf_registry_drop(registry, key, &err) == 0);
    HF_PROMISE(hf_registry_keys(registry, mount, &names, &err) == 0);
    for (size_t i = 0; i < names.count; i++) {
        struct hf_buf below = { 0 };
        char *path;

        hf_buf_init(&below, HIVE_MAX);
        hf_buf_printf(&below, "%s%s", first, names.name[i]);
        path = hf_buf_steal(&below);
        HF_PROMISE(path);
        HF_PROMISE(hf_registry_drop(registry, path, &err) == 0);
        free(path);
    }
    hf_names_done(&names);
    check_saved(registry);
}

static void run(const uint8_t *data, size_t size)
{
    struct hf_registry *registry = NULL;
    struct hf_err err = { 0 };
    struct walk walk;
    char mount[32];

    if (hf_registry_read(HF_REGISTRY_HIVE, "fuzz", hf_view(data, size),
                         &registry, &err) < 0) {
        HF_PROMISE(err.n > 0 && !registry);
        return;
    }
    walk = (struct walk){ registry, KEYS_MAX };
    (void)snprintf(mount, sizeof(mount), "%s", hf_registry_mount(registry));
    look_at(&walk, mount);
    change(registry, mount);
    hf_registry_free(registry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bins = size < 4 ? HIVE_BINS : (size + HIVE_BINS - 1) / 4096 * 4096;
    uint8_t *hive;

    if (size > HIVE_MAX)
        return 0;
    if (size >= 4 && memcmp(data, "regf", 4) == 0) {
        run(data, size);
        return 0;
    }
    hive = calloc(1, HIVE_BINS + bins);
    HF_PROMISE(hive);
    hive_make_base(hive, 5);
    hive_put(hive + 40, bins, 4);
    if (size > 0) /* the first byte is the version's */
        hive[24] = 2 + data[0] % 5;
    hive_sum(hive);
    if (size > 1)
        memcpy(hive + HIVE_BINS, data + 1, size - 1);
    memcpy(hive + HIVE_BINS, "hbin", 4);
    hive_put(hive + HIVE_BINS + 4, 0, 4);
    hive_put(hive + HIVE_BINS + 8, bins, 4);
    run(hive, HIVE_BINS + bins);
    free(hive);
    return 0;
}
