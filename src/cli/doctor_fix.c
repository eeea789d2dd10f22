/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_fix.c - the automatic remedies carried out. */
#include "cli/doctor.h"
#include "cli/repair.h"

/* Roots that are missing, known, in force and not distrusted. */
static void want_host_roots(const struct hf_doctor *d, struct hf_certs *wanted)
{
    for (size_t i = 0; d->host && i < d->target_count; i++) {
        const struct hf_served *v = &d->host[i].verdict;
        struct hf_err err;
        const struct hf_cert_info *info;

        if (!d->host[i].judged || !v->root || v->distrust ||
            d->cases[i].inspected.yes)
            continue;
        info = hf_cert_info(v->root, &err);
        if (info && info->not_after_s >= d->s->at_s &&
            !hf_certs_by_sha256(wanted, hf_cert_sha256(v->root)))
            hf_certs_add(wanted, v->root);
    }
}

static void want_product_roots(const struct hf_doctor *d,
                               struct hf_certs *wanted)
{
    for (size_t i = 0; i < d->needs.count; i++) {
        const struct hf_product_verdict *v = &d->needs.row[i].verdict;

        for (size_t k = 0; k < v->need_count; k++)
            if (v->need[k].state == HF_NEED_MISSING && v->need[k].cert &&
                !hf_certs_by_sha256(wanted, hf_cert_sha256(v->need[k].cert)))
                hf_certs_add(wanted, v->need[k].cert);
    }
}

static int check_failed(const struct hf_repair *repair, struct hf_err *err)
{
    for (size_t i = 0; i < repair->count; i++) {
        const struct hf_book *book = repair->item[i].book;

        if (book->status == HF_BOOK_FAILED)
            return HF_FAIL(err, HF_E_DENIED, "cannot repair the store '%s': %s",
                           hf_store_name(book->store), book->reason);
    }
    return 0;
}

static int install(struct hf_doctor *d, struct hf_repair *repair,
                   const struct hf_certs *wanted, struct hf_err *err)
{
    if (hf_repair_plan(repair, &d->shelf, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < repair->count; i++) {
        hf_certs_add_all(&repair->item[i].add, wanted);
        if (hf_certs_check(&repair->item[i].add, err) < 0)
            return hf_err_code(err);
    }
    if (hf_repair_run(repair, false, err) < 0)
        return hf_err_code(err);
    return check_failed(repair, err);
}

int hf_doctor_fix(struct hf_doctor *d, struct hf_certs *ret_installed,
                  struct hf_err *err)
{
    struct hf_repair repair = { 0 };
    struct hf_certs wanted = { 0 };
    int rc;

    want_host_roots(d, &wanted);
    want_product_roots(d, &wanted);
    rc = hf_certs_check(&wanted, err);
    if (rc == 0 && wanted.count > 0)
        rc = hf_repair_begin(d->s, false, &repair, err);
    if (rc == 0 && wanted.count > 0)
        rc = install(d, &repair, &wanted, err);
    hf_repair_done(&repair);
    if (rc < 0)
        hf_certs_done(&wanted);
    else
        *ret_installed = wanted;
    return rc;
}
