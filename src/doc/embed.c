/* SPDX-License-Identifier: Apache-2.0 */
/* doc/embed.c - the data compiled into the program, and /etc/holdfast over it.
 */
#include "doc/embed.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/embedded.h"
#include "plat/file.h"

#define OVERLAY "/etc/holdfast"

static int by_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct hf_embed *)row)->name);
}

static int by_sha256(const void *key, const void *row)
{
    return memcmp(key, ((const struct hf_embed_root *)row)->sha256, 32);
}

const struct hf_embed *hf_embed_find(const char *name)
{
    return bsearch(name, hf_embedded_texts, hf_embedded_text_count,
                   sizeof(hf_embedded_texts[0]), by_name);
}

const struct hf_embed *hf_embed_all(size_t *ret_count)
{
    *ret_count = hf_embedded_text_count;
    return hf_embedded_texts;
}

const struct hf_embed_root *hf_embed_roots(size_t *ret_count)
{
    *ret_count = hf_embedded_root_count;
    return hf_embedded_roots;
}

const struct hf_embed_root *hf_embed_root_find(const uint8_t sha256[32])
{
    return bsearch(sha256, hf_embedded_roots, hf_embedded_root_count,
                   sizeof(hf_embedded_roots[0]), by_sha256);
}

/* Where ROOT's own version of `name` would be, links followed below `root`. */
static int overlay_path(const char *root, const char *name, char **ret_path,
                        struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(OVERLAY, name);

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (!root || strcmp(root, "/") == 0) {
        *ret_path = HF_STEAL(path);
        return 0;
    }
    return hf_path_resolve(root, path, ret_path, err);
}

static int embedded(const char *name, struct hf_buf *ret_text,
                    struct hf_err *err)
{
    const struct hf_embed *found = hf_embed_find(name);

    if (!found)
        return HF_FAIL(err, HF_E_ABSENT, "there is no '%s'", name);
    hf_buf_view(ret_text, found->text);
    return hf_buf_check(ret_text, err);
}

int hf_embed_open(const char *root, const char *name, struct hf_buf *ret_text,
                  char **ret_path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    int rc = overlay_path(root, name, &path, err);

    if (rc == 0)
        rc = hf_file_read(path, ret_text, err);
    if (rc == 0)
        *ret_path = HF_STEAL(path);
    if (rc != HF_E_ABSENT)
        return rc;
    rc = embedded(name, ret_text, err);
    if (rc == 0)
        *ret_path = NULL;
    return rc;
}

int hf_embed_read(const char *root, const char *name, struct hf_buf *ret_text,
                  struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    return hf_embed_open(root, name, ret_text, &path, err);
}

int hf_embed_folder(const char *root, const char *folder,
                    struct hf_names *ret_names, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    struct hf_names names = { 0 };
    int rc = overlay_path(root, folder, &path, err);

    if (rc == 0)
        rc = hf_dir_names(path, &names, err);
    if (rc < 0 && rc != HF_E_ABSENT)
        return rc;
    *ret_names = names;
    return 0;
}
