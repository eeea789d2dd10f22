/* SPDX-License-Identifier: Apache-2.0 */
/* product/product.h - what a product needs of a machine: roots, hosts, TLS. */
#ifndef HF_PRODUCT_PRODUCT_H
#define HF_PRODUCT_PRODUCT_H

#include "base/err.h"
#include "base/view.h"

/* Where a statement is known from, and how far to believe it. */
enum hf_confidence {
    HF_CONFIDENCE_VENDOR,    /* the vendor's own page, read */
    HF_CONFIDENCE_MEASURED,  /* tried */
    HF_CONFIDENCE_REPORTED,  /* somebody else's page or script */
    HF_CONFIDENCE_ASSEMBLED, /* put together from several weaker hints */
    HF_CONFIDENCE_UNCONFIRMED
};
const char *hf_confidence_name(enum hf_confidence confidence);

struct hf_text_list {
    char **text;
    size_t count;
};

enum hf_need_store { HF_NEED_ROOT, HF_NEED_AUTHROOT, HF_NEED_CA };
/* bits */
enum hf_need_purpose {
    HF_NEED_TLS = 1,
    HF_NEED_CODESIGN = 2,
    HF_NEED_TIMESTAMP = 4,
    HF_NEED_CROSS = 8
};

/* A certificate the product needs. */
struct hf_need {
    char *name; /* as people know it: "DigiCert Global Root CA" */
    bool has_sha256, has_sha1;
    uint8_t sha256[32], sha1[20];
    enum hf_need_store store;
    unsigned purposes;
    char *any_of;   /* group: one member is enough; NULL: needed by itself */
    char *versions; /* product version range in words, or NULL: all */
    bool expiry_tolerated; /* signatures with a timestamp outlive it */
    char *pem;             /* body given in the file itself, or NULL */
    char *get_from; /* where a body that we do not have is to be had, or NULL */
    char *source;   /* the product's when the entry names none; may be NULL */
    enum hf_confidence confidence;
    unsigned line, column; /* where it stands in its file */
};

struct hf_product_host {
    char *host; /* as written, "*." included */
    uint16_t port;
    bool wildcard; /* "*.cylance.com": for bypass and recognition only */
};

/* A requirement that is no certificate: a Windows update, a proxy setting. */
struct hf_product_other {
    char *text;
    char *source;
};

struct hf_product {
    char *id;   /* "cylance", the file's name */
    char *name; /* "Cylance PROTECT" */
    char *vendor;
    struct hf_text_list aliases;
    struct hf_need *need;
    size_t need_count;
    struct hf_product_host *host;
    size_t host_count;
    char *tls_min;                /* "1.2" or NULL */
    struct hf_text_list bypass;   /* domains never to inspect */
    struct hf_text_list programs; /* "CylanceSvc.exe" */
    struct hf_text_list symptoms; /* "Optimizing components" */
    struct hf_text_list detect;   /* paths below the root that show it */
    struct hf_product_other *other;
    size_t other_count;
    char *source; /* NULL: the file names none */
    enum hf_confidence confidence;
    char *path; /* file it came from, or "embedded" */
};

/* Parses one product. id: from the file's name; name: for error texts.
 * Returns 0, HF_E_PARSE (NAME:LINE:COLUMN), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_product_parse(const char *id, const char *name,
                                 struct hf_view text,
                                 struct hf_product **ret_product,
                                 struct hf_err *err);
void hf_product_free(struct hf_product *product);
HF_FREEP(struct hf_product, hf_product_free)

/* By id, alias or name, without case: ROOT/etc/holdfast/products/ID.yaml first,
 * then the embedded ones. Returns 0, HF_E_ABSENT (text names the nearest), or
 * what parsing returned. Cost: one file when `id` is an id, all when an alias.
 */
HF_MUST_USE int hf_product_find(const char *root, const char *id,
                                struct hf_product **ret_product,
                                struct hf_err *err);

struct hf_products {
    struct hf_product **product;
    size_t count;
};
/* All, sorted by id; a file in /etc replaces the embedded one of its id. */
HF_MUST_USE int hf_products_all(const char *root, struct hf_products *ret_all,
                                struct hf_err *err);
void hf_products_done(struct hf_products *all);

/* Is it installed below `root`? Only where the data knows how to tell. */
bool hf_product_installed(const char *root, const struct hf_product *product);

/* Does one of the product's hosts or bypass domains cover `host`? A host is
 * itself, "*.a.example" any name below, a bypass domain itself and any name
 * below. Without case; a final dot of `host` does not matter. */
bool hf_product_covers(const struct hf_product *product, const char *host);

#endif
