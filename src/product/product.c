/* SPDX-License-Identifier: Apache-2.0 */
/* product/product.c - finding products: /etc/holdfast first, then embedded. */
#include "product/product.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/embed.h"
#include "doc/nearest.h"
#include "plat/file.h"
#include "product/host.h"
#include "product/read.h"

#define FOLDER "products/"
#define SUFFIX ".yaml"
#define ID_MAX 64 /* bytes; ours: file names stay readable */

const char *hf_confidence_name(enum hf_confidence confidence)
{
    static const char *const name[] = { "vendor", "measured", "reported",
                                        "assembled", "unconfirmed" };

    return confidence < HF_COUNT(name) ? name[confidence] : "unconfirmed";
}

static void free_texts(struct hf_text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->text[i]);
    free(list->text);
}

static void free_need(struct hf_need *need)
{
    free(need->name);
    free(need->any_of);
    free(need->versions);
    free(need->pem);
    free(need->get_from);
    free(need->source);
}

void hf_product_free(struct hf_product *product)
{
    if (!product)
        return;
    for (size_t i = 0; i < product->need_count; i++)
        free_need(&product->need[i]);
    for (size_t i = 0; i < product->host_count; i++)
        free(product->host[i].host);
    for (size_t i = 0; i < product->other_count; i++) {
        free(product->other[i].text);
        free(product->other[i].source);
    }
    free(product->need);
    free(product->host);
    free(product->other);
    free_texts(&product->aliases);
    free_texts(&product->bypass);
    free_texts(&product->programs);
    free_texts(&product->symptoms);
    free_texts(&product->detect);
    free(product->id);
    free(product->name);
    free(product->vendor);
    free(product->tls_min);
    free(product->source);
    free(product->path);
    free(product);
}

int hf_product_parse(const char *id, const char *name, struct hf_view text,
                     struct hf_product **ret_product, struct hf_err *err)
{
    HF_AUTO(hf_yaml_freep) struct hf_yaml *doc = NULL;

    if (hf_yaml_parse(name, text, &doc, err) < 0)
        return hf_err_code(err);
    return hf_product_read(doc, id, NULL, ret_product, err);
}

/* --- finding ------------------------------------------------------------- */

/* Reads products/ID.yaml, ROOT's own or the embedded one. */
static int load(const char *root, const char *id,
                struct hf_product **ret_product, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text;
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    char name[sizeof(FOLDER) + ID_MAX + sizeof(SUFFIX)];

    hf_buf_init(&text, HF_YAML_BYTES_MAX);
    if (snprintf(name, sizeof(name), FOLDER "%s" SUFFIX, id) >=
        (int)sizeof(name))
        return HF_FAIL(err, HF_E_ABSENT, "no product has so long a name");
    if (hf_embed_open(root, name, &text, &path, err) < 0)
        return hf_err_code(err);
    if (hf_product_parse(id, path ? path : name, hf_buf_peek(&text), &product,
                         err) < 0)
        return hf_err_code(err);
    if (product && path) {
        free(product->path);
        product->path = HF_STEAL(path);
    }
    *ret_product = HF_STEAL(product);
    return 0;
}

/* A name that can be a product's file: lower-case letters, digits, hyphens. */
static bool id_of(struct hf_view text, char ret_id[ID_MAX + 1])
{
    if (text.len == 0 || text.len > ID_MAX || text.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + ('a' - 'A'));
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
        ret_id[i] = (char)c;
    }
    ret_id[text.len] = '\0';
    return true;
}

/* The id in "products/ID.yaml" or "ID.yaml"; false when it is neither. */
static bool id_of_file(const char *file, char ret_id[ID_MAX + 1])
{
    struct hf_view name = hf_view_text(file);
    size_t suffix = sizeof(SUFFIX) - 1;

    if (hf_view_starts(name, FOLDER))
        name = hf_view_from(name, sizeof(FOLDER) - 1);
    if (name.len <= suffix ||
        !hf_view_is(hf_view_from(name, name.len - suffix), SUFFIX))
        return false;
    name.len -= suffix;
    /* a file that could not be asked for by its name is not offered either */
    return id_of(name, ret_id) && hf_view_is(name, ret_id);
}

/* --- all ----------------------------------------------------------------- */

/* Ids of products/, sorted, each once. */
struct ids {
    char (*id)[ID_MAX + 1];
    size_t count;
};

static void ids_done(struct ids *ids)
{
    free(ids->id);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void drop_doubles(struct ids *ids)
{
    size_t kept = 0;

    if (ids->count > 1) /* qsort wants an array, even for none */
        qsort(ids->id, ids->count, sizeof(ids->id[0]), by_id);
    for (size_t i = 0; i < ids->count; i++)
        if (kept == 0 || strcmp(ids->id[kept - 1], ids->id[i]) != 0)
            memmove(ids->id[kept++], ids->id[i], sizeof(ids->id[0]));
    ids->count = kept;
}

static int list_ids(const char *root, struct ids *ret_ids, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names own = { 0 };
    HF_AUTO(ids_done) struct ids ids = { 0 };
    const struct hf_embed *file;
    size_t files;

    if (hf_embed_folder(root, "products", &own, err) < 0)
        return hf_err_code(err);
    file = hf_embed_all(&files);
    ids.id = calloc(own.count + files + 1, sizeof(ids.id[0]));
    if (!ids.id)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the products");
    for (size_t i = 0; i < own.count; i++)
        ids.count += id_of_file(own.name[i], ids.id[ids.count]);
    for (size_t i = 0; i < files; i++)
        if (hf_view_starts(hf_view_text(file[i].name), FOLDER))
            ids.count += id_of_file(file[i].name, ids.id[ids.count]);
    drop_doubles(&ids);
    *ret_ids = (struct ids){ HF_STEAL(ids.id), ids.count };
    return 0;
}

void hf_products_done(struct hf_products *all)
{
    for (size_t i = 0; i < all->count; i++)
        hf_product_free(all->product[i]);
    free(all->product);
    *all = (struct hf_products){ 0 };
}

int hf_products_all(const char *root, struct hf_products *ret_all,
                    struct hf_err *err)
{
    HF_AUTO(hf_products_done) struct hf_products all = { 0 };
    HF_AUTO(ids_done) struct ids ids = { 0 };

    if (list_ids(root, &ids, err) < 0)
        return hf_err_code(err);
    all.product = calloc(ids.count + 1, sizeof(struct hf_product *));
    if (!all.product)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the products");
    for (size_t i = 0; i < ids.count; i++) {
        if (load(root, ids.id[i], &all.product[i], err) < 0)
            return HF_WRAP(err, "cannot load the product '%s'", ids.id[i]);
        all.count++;
    }
    *ret_all = all;
    all = (struct hf_products){ 0 };
    return 0;
}

static bool goes_by(const struct hf_product *product, struct hf_view name)
{
    if (hf_view_same_nocase(hf_view_text(product->id), name) ||
        hf_view_same_nocase(hf_view_text(product->name), name))
        return true;
    for (size_t i = 0; i < product->aliases.count; i++)
        if (hf_view_same_nocase(hf_view_text(product->aliases.text[i]), name))
            return true;
    return false;
}

/* --- no such product: what was meant? ------------------------------------ */

#define WORDS_MAX 4096 /* bytes; ours: the ids of 50 products */

/* Without what follows the first blank. */
static struct hf_view first_word(const char *text)
{
    return hf_view(text, strcspn(text, " "));
}

static bool begins_with(const struct hf_product *product, struct hf_view word)
{
    bool yes = hf_view_same_nocase(first_word(product->name), word);

    for (size_t i = 0; !yes && i < product->aliases.count; i++)
        yes = hf_view_same_nocase(first_word(product->aliases.text[i]), word);
    return yes;
}

/* Every name there is. Returns NULL without memory; free the array alone. */
static const char **all_names(const struct hf_products *all, size_t *ret_count)
{
    size_t count = 0, room = 1;
    const char **name;

    for (size_t i = 0; i < all->count; i++)
        room += 2 + all->product[i]->aliases.count;
    name = calloc(room, sizeof(char *));
    for (size_t i = 0; name && i < all->count; i++) {
        const struct hf_product *product = all->product[i];

        name[count++] = product->id;
        name[count++] = product->name;
        for (size_t k = 0; k < product->aliases.count; k++)
            name[count++] = product->aliases.text[k];
    }
    *ret_count = count;
    return name;
}

/* The ids of all products that a name of which begins with `word`. */
static void put_ids(const struct hf_products *all, struct hf_view word,
                    struct hf_buf *out)
{
    for (size_t i = 0; i < all->count; i++)
        if (begins_with(all->product[i], word))
            hf_buf_printf(out, "%s'%s'", out->len > 0 ? ", " : "",
                          all->product[i]->id);
}

/* By whole names, else by their first words: who types "trend" means one of
 * several. Appends nothing when nothing is near. */
static int put_nearest(const struct hf_products *all, const char *id,
                       struct hf_buf *out, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) const char **name = NULL;
    size_t count;
    const char *near;
    bool whole = true;

    name = all_names(all, &count);
    near = name ? hf_nearest(name, hf_view_text(id)) : NULL;
    for (size_t i = 0; name && !near && i < count; i++) {
        char word[ID_MAX + 1];
        const char *const one[] = { word, NULL };
        struct hf_view first = first_word(name[i]);

        whole = false;
        if (first.len > ID_MAX)
            continue;
        memcpy(word, first.ptr, first.len);
        word[first.len] = '\0';
        near = hf_nearest(one, hf_view_text(id)) ? name[i] : NULL;
    }
    if (!name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the products");
    if (near && whole)
        hf_buf_printf(out, "'%s'", near);
    else if (near)
        put_ids(all, first_word(near), out);
    return 0;
}

static int no_product(const struct hf_products *all, const char *id,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf near = { 0 };

    hf_buf_init(&near, WORDS_MAX);
    if (put_nearest(all, id, &near, err) < 0)
        return hf_err_code(err);
    if (near.len > 0 && hf_buf_check(&near, err) == 0)
        return HF_FAIL(err, HF_E_ABSENT,
                       "no product is called '%.64s' (did you mean %.*s?)", id,
                       (int)near.len, (const char *)near.ptr);
    return HF_FAIL(err, HF_E_ABSENT, "no product is called '%.64s'", id);
}

static int find_by_alias(const char *root, const char *id,
                         struct hf_product **ret_product, struct hf_err *err)
{
    HF_AUTO(hf_products_done) struct hf_products all = { 0 };

    if (hf_products_all(root, &all, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < all.count; i++)
        if (goes_by(all.product[i], hf_view_text(id))) {
            *ret_product = HF_STEAL(all.product[i]);
            return 0;
        }
    return no_product(&all, id, err);
}

int hf_product_find(const char *root, const char *id,
                    struct hf_product **ret_product, struct hf_err *err)
{
    char file_id[ID_MAX + 1];
    int rc = HF_E_ABSENT;

    if (id_of(hf_view_text(id), file_id))
        rc = load(root, file_id, ret_product, err);
    if (rc != HF_E_ABSENT)
        return rc;
    return find_by_alias(root, id, ret_product, err);
}

/* --- asking a product ---------------------------------------------------- */

bool hf_product_installed(const char *root, const struct hf_product *product)
{
    for (size_t i = 0; i < product->detect.count; i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        struct hf_err err;

        if (hf_path_resolve(root, product->detect.text[i], &path, &err) == 0 &&
            hf_path_exists(path))
            return true;
    }
    return false;
}

bool hf_product_covers(const struct hf_product *product, const char *host)
{
    struct hf_view asked = hf_view_text(host);

    if (asked.len > 0 && asked.ptr[asked.len - 1] == '.')
        asked.len--;
    for (size_t i = 0; i < product->host_count; i++) {
        struct hf_view own = hf_view_text(product->host[i].host);

        if (product->host[i].wildcard
                ? hf_host_below(asked, hf_view_from(own, 2), true)
                : hf_view_same_nocase(asked, own))
            return true;
    }
    for (size_t i = 0; i < product->bypass.count; i++) {
        struct hf_view own = hf_view_text(product->bypass.text[i]);
        bool wildcard = hf_view_starts(own, "*.");

        if (hf_host_below(asked, hf_view_from(own, wildcard ? 2 : 0), wildcard))
            return true;
    }
    return false;
}
