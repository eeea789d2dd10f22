/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_words.c - what the words after `doctor` mean: products, hosts. */
#include <string.h>

#include "cli/doctor.h"
#include "plat/file.h"

#define PORT_HTTPS 443
#define HOSTS_MAX 100000                  /* ours: a list of 100,000 hosts */
#define HOSTS_FILE_MAX (32 * 1024 * 1024) /* bytes */

static int add_target(struct hf_doctor *d, const struct hf_hostport *target,
                      struct hf_err *err)
{
    struct hf_hostport *grown;

    /* asked twice is looked at once */
    for (size_t i = 0; d->target_count < 1000 && i < d->target_count; i++)
        if (strcmp(d->target[i].host, target->host) == 0 &&
            d->target[i].port == target->port)
            return 0;
    if (d->target_count == HOSTS_MAX)
        return HF_FAIL(err, HF_E_USAGE, "more than %d hosts", HOSTS_MAX);
    grown =
        d->target_count & (d->target_count - 1)
            ? d->target
            : reallocarray(d->target, d->target_count ? d->target_count * 2 : 1,
                           sizeof(*grown));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for hosts");
    d->target = grown;
    d->target[d->target_count++] = *target;
    return 0;
}

static int add_host(struct hf_doctor *d, const char *text, struct hf_err *err)
{
    struct hf_hostport target;

    if (hf_hostport_read(text, PORT_HTTPS, &target, err) < 0)
        return HF_WRAP(err, "'%s'", text);
    return add_target(d, &target, err);
}

/* A product, or else a host: a word with a dot or a colon may be one. */
static int add_word(struct hf_doctor *d, const char *word, struct hf_err *err)
{
    HF_AUTO(hf_product_freep) struct hf_product *product = NULL;
    int rc;

    if (strpbrk(word, ":[/"))
        return add_host(d, word, err);
    rc = hf_product_find(d->s->common->root, word, &product, err);
    if (rc == 0)
        return hf_set_list(&d->products, word, err);
    if (rc != HF_E_ABSENT)
        return rc;
    if (strchr(word, '.') || strcmp(word, "localhost") == 0)
        return add_host(d, word, err);
    err->code = HF_E_USAGE;
    return HF_WRAP(err, "'%s' is neither a product nor HOST:PORT", word);
}

static int add_file(struct hf_doctor *d, const char *path, struct hf_err *err)
{
    struct hf_buf text;
    struct hf_view rest;
    unsigned line_no = 0;
    int rc;

    hf_buf_init(&text, HOSTS_FILE_MAX);
    rc = hf_file_read(path, &text, err);
    rest = hf_buf_peek(&text);
    while (rc == 0 && rest.len > 0) {
        struct hf_view line = hf_view_trim(hf_view_line(&rest));
        HF_AUTO(hf_free_ptr) char *word = hf_view_dup(line);

        line_no++;
        if (!word)
            rc = HF_FAIL(err, HF_E_NOMEM, "no memory for a host");
        else if (*word && *word != '#' && add_host(d, word, err) < 0)
            rc = HF_WRAP(err, "'%s': line %u", path, line_no);
    }
    hf_buf_done(&text);
    return rc;
}

/* The hosts of products that were named, when no host was: those without a
 * wildcard that speak TLS. */
static int add_product_hosts(struct hf_doctor *d, struct hf_err *err)
{
    for (size_t i = 0; i < d->products.count; i++) {
        HF_AUTO(hf_product_freep) struct hf_product *p = NULL;

        if (hf_product_find(d->s->common->root, d->products.word[i], &p, err) <
            0)
            return hf_err_code(err);
        for (size_t k = 0; k < p->host_count; k++) {
            struct hf_hostport target;

            if (p->host[k].wildcard || p->host[k].port == 80)
                continue;
            if (hf_hostport_read(p->host[k].host, p->host[k].port, &target,
                                 err) < 0 ||
                add_target(d, &target, err) < 0)
                return hf_err_code(err);
        }
    }
    return 0;
}

/* Products that are installed here, when none was named. */
static int recognise(struct hf_doctor *d, struct hf_err *err)
{
    struct hf_products all = { 0 };
    int rc = hf_products_all(d->s->common->root, &all, err);

    for (size_t i = 0; rc == 0 && i < all.count; i++) {
        char *id;

        if (!hf_product_installed(d->s->common->root, all.product[i]))
            continue;
        id = strdup(all.product[i]->id);
        rc = id ? hf_set_list(&d->recognised, id, err)
                : HF_FAIL(err, HF_E_NOMEM, "no memory for a product");
        if (rc < 0)
            free(id);
        else
            rc = hf_set_list(&d->products, id, err);
    }
    hf_products_done(&all);
    return rc;
}

int hf_doctor_words(struct hf_doctor *d, struct hf_err *err)
{
    const struct hf_doctor_opts *opts = d->opts;

    for (size_t i = 0; i < opts->words.count; i++)
        if (add_word(d, opts->words.word[i], err) < 0)
            return hf_err_code(err);
    if (opts->hosts_file && add_file(d, opts->hosts_file, err) < 0)
        return HF_WRAP(err, "--hosts");
    if (opts->words.count == 0 && !opts->hosts_file && recognise(d, err) < 0)
        return hf_err_code(err);
    if (d->target_count == 0 && opts->words.count > 0 && !opts->offline &&
        add_product_hosts(d, err) < 0)
        return hf_err_code(err);
    if (opts->offline && d->target_count > 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "--offline and a host exclude each "
                       "other");
    return 0;
}
