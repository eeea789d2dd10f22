/* SPDX-License-Identifier: Apache-2.0 */
/* product/read.c - a product out of a YAML tree (docs/product-format.md). */
#include "product/read.h"

#include <stdlib.h>

#include "base/hex.h"
#include "product/host.h"

/* Not given in the file: filled in from the product at the end. */
#define CONFIDENCE_UNSET ((enum hf_confidence)(HF_CONFIDENCE_UNCONFIRMED + 1))

/* What the tables below fill. */
struct reading {
    struct hf_product *product;
    const struct hf_yaml_collect *collect;
};

/* A list being read: where its items go and who reads one. */
struct list {
    const struct hf_yaml_node *node;
    char *array;
    size_t size;   /* bytes an item */
    size_t *count; /* grows with each item, so that half a list can be freed */
    int (*read)(const struct hf_yaml *doc, const struct hf_yaml_node *item,
                void *into, const struct reading *r, struct hf_err *err);
};

/* --- lists --------------------------------------------------------------- */

/* Allocates room for a sequence's items, 1 to HF_PRODUCT_ITEMS_MAX. */
static void *list_room(const struct hf_yaml *doc,
                       const struct hf_yaml_node *node, size_t size,
                       struct hf_err *err)
{
    void *array;

    if (hf_yaml_kind(node) != HF_YAML_SEQUENCE) {
        (void)hf_yaml_fail(doc, node, err, "expected a list here");
        return NULL;
    }
    if (hf_yaml_count(node) == 0) {
        (void)hf_yaml_fail(doc, node, err, "the list is empty");
        return NULL;
    }
    if (hf_yaml_count(node) > HF_PRODUCT_ITEMS_MAX) {
        (void)hf_yaml_fail(doc, node, err, "more than %d items",
                           HF_PRODUCT_ITEMS_MAX);
        return NULL;
    }
    array = calloc(hf_yaml_count(node), size);
    if (!array)
        (void)HF_FAIL(err, HF_E_NOMEM, "no memory for a list");
    return array;
}

/* Reads each item. One with a fault that is only collected keeps its place, as
 * far as it was read. */
static int read_list(const struct hf_yaml *doc, const struct list *list,
                     const struct reading *r, struct hf_err *err)
{
    for (size_t i = 0; i < hf_yaml_count(list->node); i++) {
        int rc = list->read(doc, hf_yaml_item(list->node, i),
                            list->array + i * list->size, r, err);

        *list->count = i + 1;
        if (rc < 0 && (!r->collect || rc != HF_E_PARSE ||
                       r->collect->fault(r->collect->user, err) < 0))
            return hf_err_code(err);
    }
    return 0;
}

static int read_line(const struct hf_yaml *doc, const struct hf_yaml_node *item,
                     void *into, const struct reading *r, struct hf_err *err)
{
    (void)r;
    return hf_yaml_read_text(doc, item, into, err);
}

static int read_domain(const struct hf_yaml *doc,
                       const struct hf_yaml_node *item, void *into,
                       const struct reading *r, struct hf_err *err)
{
    const char *fault;

    (void)r;
    if (hf_yaml_kind(item) != HF_YAML_SCALAR)
        return hf_yaml_fail(doc, item, err, "expected a domain here");
    fault = hf_host_fault(hf_yaml_text(item));
    if (fault)
        return hf_yaml_fail(doc, item, err, "no domain: %s", fault);
    return hf_yaml_read_text(doc, item, into, err);
}

/* A path below a root: "/ProgramData/Citrix"; it must not be able to leave. */
static int read_path(const struct hf_yaml *doc, const struct hf_yaml_node *item,
                     void *into, const struct reading *r, struct hf_err *err)
{
    struct hf_view rest = hf_yaml_text(item);

    (void)r;
    if (!hf_view_starts(rest, "/"))
        return hf_yaml_fail(doc, item, err,
                            "expected a path that begins with "
                            "'/'");
    while (rest.len > 0) {
        const uint8_t *slash = memchr(rest.ptr, '/', rest.len);
        struct hf_view part = rest;

        if (slash)
            part.len = (size_t)(slash - rest.ptr);
        if (hf_view_is(part, ".."))
            return hf_yaml_fail(doc, item, err, "'..' is not allowed here");
        rest = hf_view_from(rest, part.len + 1);
    }
    return hf_yaml_read_text(doc, item, into, err);
}

/* A reader of a list of texts into `field` of the product. */
#define TEXTS_READER(name, field, item)                                        \
    static int name(const struct hf_yaml *doc,                                 \
                    const struct hf_yaml_node *value, void *object,            \
                    struct hf_err *err)                                        \
    {                                                                          \
        const struct reading *r = object;                                      \
                                                                               \
        return read_texts(doc, value, &r->product->field, r,                   \
                          (struct list){ .read = (item) }, err);               \
    }

static int read_texts(const struct hf_yaml *doc,
                      const struct hf_yaml_node *value,
                      struct hf_text_list *texts, const struct reading *r,
                      struct list list, struct hf_err *err)
{
    texts->text = list_room(doc, value, sizeof(char *), err);
    if (!texts->text)
        return hf_err_code(err);
    list.node = value;
    list.array = (char *)texts->text;
    list.size = sizeof(char *);
    list.count = &texts->count;
    return read_list(doc, &list, r, err);
}

TEXTS_READER(read_aliases, aliases, read_line)
TEXTS_READER(read_bypass, bypass, read_domain)
TEXTS_READER(read_programs, programs, read_line)
TEXTS_READER(read_symptoms, symptoms, read_line)
TEXTS_READER(read_detect, detect, read_path)

/* --- a certificate ------------------------------------------------------- */

/* A reader of one line of text into `field` of the object. */
#define TEXT_READER(name, type, field)                                         \
    static int name(const struct hf_yaml *doc,                                 \
                    const struct hf_yaml_node *value, void *object,            \
                    struct hf_err *err)                                        \
    {                                                                          \
        return hf_yaml_read_text(doc, value, &((type *)object)->field, err);   \
    }

TEXT_READER(need_name, struct hf_need, name)
TEXT_READER(need_any_of, struct hf_need, any_of)
TEXT_READER(need_versions, struct hf_need, versions)
TEXT_READER(need_get_from, struct hf_need, get_from)
TEXT_READER(need_source, struct hf_need, source)

static int read_hash(const struct hf_yaml *doc,
                     const struct hf_yaml_node *value, uint8_t *ret_bytes,
                     size_t len, struct hf_err *err)
{
    uint8_t bytes[32];

    if (hf_yaml_kind(value) != HF_YAML_SCALAR ||
        !hf_hex_read(hf_yaml_text(value), bytes, len))
        return hf_yaml_fail(doc, value, err, "expected %zu hexadecimal digits",
                            2 * len);
    memcpy(ret_bytes, bytes, len);
    return 0;
}

static int need_sha256(const struct hf_yaml *doc,
                       const struct hf_yaml_node *value, void *object,
                       struct hf_err *err)
{
    struct hf_need *need = object;
    int rc = read_hash(doc, value, need->sha256, sizeof(need->sha256), err);

    need->has_sha256 = rc == 0;
    return rc;
}

static int need_sha1(const struct hf_yaml *doc,
                     const struct hf_yaml_node *value, void *object,
                     struct hf_err *err)
{
    struct hf_need *need = object;
    int rc = read_hash(doc, value, need->sha1, sizeof(need->sha1), err);

    need->has_sha1 = rc == 0;
    return rc;
}

static int need_store(const struct hf_yaml *doc,
                      const struct hf_yaml_node *value, void *object,
                      struct hf_err *err)
{
    static const char *const words[] = { "root", "authroot", "ca", NULL };
    unsigned at;

    if (hf_yaml_read_word(doc, value, words, &at, err) < 0)
        return hf_err_code(err);
    ((struct hf_need *)object)->store = (enum hf_need_store)at;
    return 0;
}

static int need_purpose(const struct hf_yaml *doc,
                        const struct hf_yaml_node *value, void *object,
                        struct hf_err *err)
{
    static const char *const words[] = { "tls", "codesign", "timestamp",
                                         "cross", NULL };
    unsigned at, purposes = 0;

    if (hf_yaml_kind(value) != HF_YAML_SEQUENCE || hf_yaml_count(value) == 0)
        return hf_yaml_fail(doc, value, err,
                            "expected a list: [tls, codesign, timestamp, "
                            "cross]");
    for (size_t i = 0; i < hf_yaml_count(value); i++) {
        if (hf_yaml_read_word(doc, hf_yaml_item(value, i), words, &at, err) < 0)
            return hf_err_code(err);
        purposes |= 1U << at;
    }
    ((struct hf_need *)object)->purposes = purposes;
    return 0;
}

static int need_tolerated(const struct hf_yaml *doc,
                          const struct hf_yaml_node *value, void *object,
                          struct hf_err *err)
{
    return hf_yaml_read_bool(
        doc, value, &((struct hf_need *)object)->expiry_tolerated, err);
}

static int need_pem(const struct hf_yaml *doc, const struct hf_yaml_node *value,
                    void *object, struct hf_err *err)
{
    return hf_yaml_read_block(doc, value, &((struct hf_need *)object)->pem,
                              err);
}

static int confidence(const struct hf_yaml *doc,
                      const struct hf_yaml_node *value,
                      enum hf_confidence *ret_confidence, struct hf_err *err)
{
    static const char *const words[] = { "vendor",    "measured",    "reported",
                                         "assembled", "unconfirmed", NULL };
    unsigned at;

    if (hf_yaml_read_word(doc, value, words, &at, err) < 0)
        return hf_err_code(err);
    *ret_confidence = (enum hf_confidence)at;
    return 0;
}

static int need_confidence(const struct hf_yaml *doc,
                           const struct hf_yaml_node *value, void *object,
                           struct hf_err *err)
{
    return confidence(doc, value, &((struct hf_need *)object)->confidence, err);
}

static const struct hf_yaml_row need_rows[] = {
    { "name", true, need_name },
    { "sha256", false, need_sha256 },
    { "sha1", false, need_sha1 },
    { "store", false, need_store },
    { "purpose", false, need_purpose },
    { "any_of", false, need_any_of },
    { "versions", false, need_versions },
    { "expiry_tolerated", false, need_tolerated },
    { "pem", false, need_pem },
    { "get_from", false, need_get_from },
    { "source", false, need_source },
    { "confidence", false, need_confidence },
    { 0 },
};

static int read_need(const struct hf_yaml *doc, const struct hf_yaml_node *item,
                     void *into, const struct reading *r, struct hf_err *err)
{
    struct hf_need *need = into;

    need->line = hf_yaml_line(item);
    need->column = hf_yaml_column(item);
    need->purposes = HF_NEED_TLS;
    need->confidence = CONFIDENCE_UNSET;
    if (hf_yaml_map_all(doc, item, need_rows, need, r->collect, err) < 0)
        return hf_err_code(err);
    /* A file that only says where the faults are has said it already. */
    if (!need->has_sha256 && !need->has_sha1 && !r->collect)
        return hf_yaml_fail(doc, item, err,
                            "a certificate needs sha256, or sha1 where only "
                            "that is known");
    return 0;
}

static int read_needs(const struct hf_yaml *doc,
                      const struct hf_yaml_node *value, void *object,
                      struct hf_err *err)
{
    struct reading *r = object;
    struct hf_product *product = r->product;
    struct list list = { .node = value,
                         .size = sizeof(product->need[0]),
                         .count = &product->need_count,
                         .read = read_need };

    product->need = list_room(doc, value, sizeof(product->need[0]), err);
    if (!product->need)
        return hf_err_code(err);
    list.array = (char *)product->need;
    return read_list(doc, &list, r, err);
}

/* --- hosts and other requirements ---------------------------------------- */

static int read_host(const struct hf_yaml *doc, const struct hf_yaml_node *item,
                     void *into, const struct reading *r, struct hf_err *err)
{
    struct hf_product_host *host = into;
    struct hf_view name = hf_yaml_text(item);
    unsigned port = hf_host_port(&name, 443); /* https, RFC 9110 4.2.2 */
    const char *fault;

    (void)r;
    if (hf_yaml_kind(item) != HF_YAML_SCALAR)
        return hf_yaml_fail(doc, item, err, "expected HOST:PORT here");
    if (port == 0)
        return hf_yaml_fail(doc, item, err,
                            "no port: expected a number from 1 to 65535");
    fault = hf_host_fault(name);
    if (fault)
        return hf_yaml_fail(doc, item, err, "no host name: %s", fault);
    host->host = hf_view_dup(name);
    if (!host->host)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a host");
    host->port = (uint16_t)port;
    host->wildcard = name.ptr[0] == '*';
    return 0;
}

static int read_hosts(const struct hf_yaml *doc,
                      const struct hf_yaml_node *value, void *object,
                      struct hf_err *err)
{
    struct reading *r = object;
    struct hf_product *product = r->product;
    struct list list = { .node = value,
                         .size = sizeof(product->host[0]),
                         .count = &product->host_count,
                         .read = read_host };

    product->host = list_room(doc, value, sizeof(product->host[0]), err);
    if (!product->host)
        return hf_err_code(err);
    list.array = (char *)product->host;
    return read_list(doc, &list, r, err);
}

TEXT_READER(other_text, struct hf_product_other, text)
TEXT_READER(other_source, struct hf_product_other, source)

static int read_other(const struct hf_yaml *doc,
                      const struct hf_yaml_node *item, void *into,
                      const struct reading *r, struct hf_err *err)
{
    static const struct hf_yaml_row rows[] = {
        { "text", true, other_text },
        { "source", false, other_source },
        { 0 },
    };

    return hf_yaml_map_all(doc, item, rows, into, r->collect, err);
}

static int read_others(const struct hf_yaml *doc,
                       const struct hf_yaml_node *value, void *object,
                       struct hf_err *err)
{
    struct reading *r = object;
    struct hf_product *product = r->product;
    struct list list = { .node = value,
                         .size = sizeof(product->other[0]),
                         .count = &product->other_count,
                         .read = read_other };

    product->other = list_room(doc, value, sizeof(product->other[0]), err);
    if (!product->other)
        return hf_err_code(err);
    list.array = (char *)product->other;
    return read_list(doc, &list, r, err);
}

/* --- a product ----------------------------------------------------------- */

TEXT_READER(read_name, struct reading, product->name)
TEXT_READER(read_vendor, struct reading, product->vendor)
TEXT_READER(read_source, struct reading, product->source)

static int read_confidence(const struct hf_yaml *doc,
                           const struct hf_yaml_node *value, void *object,
                           struct hf_err *err)
{
    struct reading *r = object;

    return confidence(doc, value, &r->product->confidence, err);
}

static int read_tls_min(const struct hf_yaml *doc,
                        const struct hf_yaml_node *value, void *object,
                        struct hf_err *err)
{
    static const char *const words[] = { "1.0", "1.1", "1.2", "1.3", NULL };
    struct reading *r = object;
    unsigned at;

    if (hf_yaml_read_word(doc, value, words, &at, err) < 0)
        return hf_err_code(err);
    return hf_yaml_read_text(doc, value, &r->product->tls_min, err);
}

static const struct hf_yaml_row product_rows[] = {
    { "name", true, read_name },
    { "vendor", false, read_vendor },
    { "aliases", false, read_aliases },
    { "source", false, read_source },
    { "confidence", false, read_confidence },
    { "certificates", false, read_needs },
    { "hosts", false, read_hosts },
    { "tls_min", false, read_tls_min },
    { "bypass", false, read_bypass },
    { "programs", false, read_programs },
    { "symptoms", false, read_symptoms },
    { "detect", false, read_detect },
    { "other", false, read_others },
    { 0 },
};

/* What an entry does not say about its source the product says. */
static int inherit(struct hf_product *product, struct hf_err *err)
{
    for (size_t i = 0; i < product->need_count; i++) {
        struct hf_need *need = &product->need[i];

        if (need->confidence == CONFIDENCE_UNSET)
            need->confidence = product->confidence;
        if (need->source || !product->source)
            continue;
        need->source = hf_view_dup(hf_view_text(product->source));
        if (!need->source)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a product");
    }
    return 0;
}

int hf_product_read(const struct hf_yaml *doc, const char *id,
                    const struct hf_yaml_collect *collect,
                    struct hf_product **ret_product, struct hf_err *err)
{
    HF_AUTO(hf_product_freep)
    struct hf_product *product = calloc(1, sizeof(*product));
    struct reading r = { product, collect };

    if (!product)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a product");
    product->confidence = HF_CONFIDENCE_UNCONFIRMED;
    product->id = hf_view_dup(hf_view_text(id));
    product->path = hf_view_dup(hf_view_text("embedded"));
    if (!product->id || !product->path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a product");
    if (hf_yaml_map_all(doc, hf_yaml_top(doc), product_rows, &r, collect, err) <
        0)
        return hf_err_code(err);
    if (inherit(product, err) < 0)
        return hf_err_code(err);
    *ret_product = HF_STEAL(product);
    return 0;
}
