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

static void want_of(const struct hf_needs *needs, struct hf_certs *wanted)
{
    for (size_t i = 0; i < needs->count; i++) {
        const struct hf_product_verdict *v = &needs->row[i].verdict;

        for (size_t k = 0; k < v->need_count; k++)
            if (hf_need_importable(&v->need[k]) &&
                !hf_certs_by_sha256(wanted, hf_cert_sha256(v->need[k].cert)))
                hf_certs_add(wanted, v->need[k].cert);
    }
}

static void want_product_roots(const struct hf_doctor *d,
                               struct hf_certs *wanted)
{
    want_of(&d->needs, wanted);
    /* a Windows kept from its roots gets those it would have fetched */
    if (d->update.update.roots_off)
        want_of(&d->others, wanted);
}

static int check_failed(const struct hf_repair *repair, struct hf_err *err)
{
    for (size_t i = 0; i < repair->count; i++) {
        const struct hf_book *book = repair->item[i].book;

        if (book->status != HF_BOOK_FAILED)
            continue;
        /* its own words first: a reason is longer than one text of an error */
        if (hf_store_may_change(book->store, err) < 0)
            return hf_err_code(err);
        return HF_FAIL(err, HF_E_DENIED, "cannot repair the store '%s': %s",
                       hf_store_name(book->store), book->reason);
    }
    return 0;
}

/* Settings that keep roots away shall be gone, in whichever file says them. */
static int want_values(const struct hf_doctor *d, struct hf_repair *repair,
                       struct hf_err *err)
{
    const struct hf_rootupdate *update = &d->update.update;

    for (size_t i = 0; i < update->count; i++) {
        const struct hf_rootupdate_value *value = &update->value[i];
        const struct hf_store_value want = { .key = value->key,
                                             .name = value->name,
                                             .gone = true };

        if (!hf_rootupdate_repairable(value))
            continue;
        for (size_t k = 0; k < repair->count; k++)
            if (repair->item[k].book == d->update.book[value->source] &&
                hf_repair_value(&repair->item[k], &want, err) < 0)
                return hf_err_code(err);
    }
    return 0;
}

/* Roots go to the stores agents go by; a user's own are the user's. */
static int plan(struct hf_doctor *d, struct hf_repair *repair,
                const struct hf_certs *wanted, struct hf_err *err)
{
    if (hf_repair_plan(repair, &d->shelf, err) < 0 ||
        want_values(d, repair, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < repair->count; i++) {
        if (!repair->item[i].book->machine)
            continue;
        hf_certs_add_all(&repair->item[i].add, wanted);
        if (hf_certs_check(&repair->item[i].add, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

static void count_done(const struct hf_repair *repair,
                       struct hf_doctor_fixed *fixed)
{
    for (size_t i = 0; i < repair->count; i++)
        fixed->values += repair->item[i].values_changed;
}

static bool has_values(const struct hf_doctor *d)
{
    for (size_t i = 0; i < d->update.update.count; i++)
        if (hf_rootupdate_repairable(&d->update.update.value[i]))
            return true;
    return false;
}

static int carry_out(struct hf_doctor *d, const struct hf_certs *wanted,
                     struct hf_doctor_fixed *fixed, struct hf_err *err)
{
    struct hf_repair repair = { 0 };
    int rc = hf_repair_begin(d->s, false, &repair, err);

    if (rc == 0)
        rc = plan(d, &repair, wanted, err);
    if (rc == 0)
        rc = hf_repair_run(&repair, false, err);
    if (rc == 0)
        rc = check_failed(&repair, err);
    if (rc == 0)
        count_done(&repair, fixed);
    hf_repair_done(&repair);
    return rc;
}

int hf_doctor_wanted(const struct hf_doctor *d, struct hf_certs *ret_wanted,
                     struct hf_err *err)
{
    struct hf_certs wanted = { 0 };

    want_host_roots(d, &wanted);
    want_product_roots(d, &wanted);
    if (hf_certs_check(&wanted, err) < 0) {
        hf_certs_done(&wanted);
        return hf_err_code(err);
    }
    *ret_wanted = wanted;
    return 0;
}

int hf_doctor_fix(struct hf_doctor *d, struct hf_doctor_fixed *ret_fixed,
                  struct hf_err *err)
{
    struct hf_doctor_fixed fixed = { 0 };

    if (hf_doctor_wanted(d, &fixed.installed, err) < 0)
        return hf_err_code(err);
    if ((fixed.installed.count > 0 || has_values(d)) &&
        carry_out(d, &fixed.installed, &fixed, err) < 0) {
        hf_certs_done(&fixed.installed);
        return hf_err_code(err);
    }
    *ret_fixed = fixed;
    return 0;
}
