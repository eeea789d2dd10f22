/* SPDX-License-Identifier: Apache-2.0 */
/* hive_peer.h - a hive as libhivex reads it, compared with ours: every key and
 * every value. */
#ifndef HF_TESTS_HIVE_PEER_H
#define HF_TESTS_HIVE_PEER_H

#include <hivex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plat/file.h"
#include "win/registry.h"

#define HIVE_DEPTH_MAX 520 /* keys in each other */

struct hive_peer {
    hive_h *peer;
    struct hf_registry *ours;
    size_t keys, values, blobs, differences;
};

static inline void hive_differs(struct hive_peer *cmp, const char *path,
                                const char *what)
{
    if (cmp->differences++ < 5)
        printf("# '%s': %s\n", path, what);
}

/* A name as libhivex gives it ends at a NUL, which we show as U+2400. */
static inline bool hive_same_name(const char *peer, const char *ours)
{
    size_t len = strlen(peer);

    return strncmp(peer, ours, len) == 0 &&
           (ours[len] == '\0' || strncmp(ours + len, "\xe2\x90\x80", 3) == 0);
}

static inline void hive_compare_value(struct hive_peer *cmp, const char *path,
                                      hive_value_h peer,
                                      const struct hf_reg_value *ours)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value alone = { 0 };
    HF_AUTO(hf_free_ptr) char *name = hivex_value_key(cmp->peer, peer);
    HF_AUTO(hf_free_ptr) char *data = NULL;
    struct hf_err err;
    hive_type type;
    size_t len;

    data = hivex_value_value(cmp->peer, peer, &type, &len);
    if (!name || !hive_same_name(name, ours->name))
        hive_differs(cmp, path, "a value's name");
    if (!data || (uint32_t)type != ours->type || len != ours->len ||
        memcmp(data, ours->data, len) != 0)
        hive_differs(cmp, path, "a value's type or data");
    if (hf_registry_get(cmp->ours, path, ours->name, &alone, &err) < 0 ||
        alone.len != ours->len || memcmp(alone.data, ours->data, len) != 0)
        hive_differs(cmp, path, "a value asked for by its name");
    cmp->values++;
    cmp->blobs += strcmp(ours->name, "Blob") == 0;
}

static inline void hive_compare_values(struct hive_peer *cmp, const char *path,
                                       hive_node_h node)
{
    HF_AUTO(hf_reg_values_done) struct hf_reg_values ours = { 0 };
    HF_AUTO(hf_free_ptr)
    hive_value_h *peer = hivex_node_values(cmp->peer, node);
    struct hf_err err;
    size_t count = 0;

    while (peer && peer[count])
        count++;
    if (!peer || hf_registry_values(cmp->ours, path, &ours, &err) < 0 ||
        ours.count != count) {
        hive_differs(cmp, path, "the count of its values");
        return;
    }
    for (size_t i = 0; i < count; i++)
        hive_compare_value(cmp, path, peer[i], &ours.value[i]);
}

/* NOLINTNEXTLINE(misc-no-recursion): HIVE_DEPTH_MAX bounds it */
static inline void hive_compare_key(struct hive_peer *cmp, const char *path,
                                    hive_node_h node, int depth)
{
    HF_AUTO(hf_names_done) struct hf_names ours = { 0 };
    HF_AUTO(hf_free_ptr)
    hive_node_h *peer = hivex_node_children(cmp->peer, node);
    struct hf_err err;
    size_t count = 0;

    while (peer && peer[count])
        count++;
    cmp->keys++;
    hive_compare_values(cmp, path, node);
    if (!peer || depth > HIVE_DEPTH_MAX ||
        hf_registry_keys(cmp->ours, path, &ours, &err) < 0 ||
        ours.count != count) {
        hive_differs(cmp, path, "the count of its keys");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_free_ptr)
        char *name = hivex_node_name(cmp->peer, peer[i]);
        HF_AUTO(hf_buf_done) struct hf_buf below = { 0 };
        HF_AUTO(hf_free_ptr) char *text = NULL;

        hf_buf_init(&below, 65536);
        hf_buf_printf(&below, "%s%s%s", path, *path ? "\\" : "", ours.name[i]);
        text = hf_buf_steal(&below);
        if (!text || !name || !hive_same_name(name, ours.name[i]) ||
            !hf_registry_has(cmp->ours, text))
            hive_differs(cmp, path, "a key's name");
        else
            hive_compare_key(cmp, text, peer[i], depth + 1);
    }
}

static void hive_peer_close(hive_h **at)
{
    if (*at)
        (void)hivex_close(*at);
}

static inline void hive_close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* The bytes as a file that both can open: a descriptor, and its name of 64
 * bytes. */
static inline int hive_peer_file(struct hf_view bytes, char *ret_name)
{
    int fd = memfd_create("hive", MFD_CLOEXEC);

    if (fd >= 0 && write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len) {
        (void)close(fd);
        return -1;
    }
    (void)snprintf(ret_name, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* Does libhivex open the file, and have all that `ours` has and no more? */
static inline bool hive_peer_same(struct hf_registry *ours, const char *file,
                                  struct hive_peer *ret_cmp)
{
    HF_AUTO(hive_peer_close) hive_h *peer = hivex_open(file, 0);
    struct hive_peer cmp = { .peer = peer, .ours = ours };

    if (!peer)
        return false;
    hive_compare_key(&cmp, hf_registry_mount(ours), hivex_root(peer), 0);
    *ret_cmp = cmp;
    return cmp.differences == 0;
}

#endif
