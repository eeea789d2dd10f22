/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_look.c - the doctor's evidence gathered, and findings made of it.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/doctor.h"
#include "cli/lists.h"
#include "doctor/store_findings.h"
#include "net/proxy.h"

static int look_at_stores(struct hf_doctor *d, struct hf_err *err)
{
    struct hf_session *s = d->s;

    if (hf_shelf_open(s, &d->opts->stores, &d->shelf, err) < 0 ||
        hf_update_read(&d->shelf, &d->update, err) < 0)
        return hf_err_code(err);
    return hf_stacks_make(&d->shelf, &d->stacks, err);
}

static void find_in_stores(struct hf_doctor *d,
                           const struct hf_distrust *distrust)
{
    const struct hf_session *s = d->s;
    bool machine_alone = d->opts->words.count == 0 && d->target_count == 0;

    for (size_t i = 0; i < d->shelf.count; i++) {
        const struct hf_book *book = &d->shelf.book[i];

        if (book->status == HF_BOOK_UNREADABLE)
            continue;
        hf_find_store(book->store, &book->anchors, distrust, s->at_s,
                      &d->s->findings);
        /* of servers and products it is said what they themselves lose */
        if (machine_alone)
            hf_find_store_ending(book->store, &book->anchors, s->now_s, s->at_s,
                                 &d->s->findings);
    }
}

static struct hf_needs_ask needs_ask(const struct hf_doctor *d,
                                     const struct hf_args *products)
{
    return (struct hf_needs_ask){ products, &d->opts->from,
                                  d->opts->include_distrusted };
}

/* All products, when the doctor was asked of the machine alone: what each
 * would find, for information. */
static int look_at_others(struct hf_doctor *d, struct hf_err *err)
{
    struct hf_products all = { 0 };
    struct hf_args ids = { 0 };
    struct hf_needs_ask ask = needs_ask(d, &ids);
    int rc = hf_products_all(d->s->common->root, &all, err);

    for (size_t i = 0; rc == 0 && i < all.count; i++)
        rc = hf_set_list(&ids, all.product[i]->id, err);
    if (rc == 0 && ids.count > 0)
        rc = hf_needs_judge(d->s, &ask, &d->shelf, &d->others, err);
    if (rc == 0)
        rc = hf_needs_lacks(&d->others, err);
    hf_args_done(&ids);
    hf_products_done(&all);
    return rc;
}

static int look_at_products(struct hf_doctor *d, struct hf_err *err)
{
    struct hf_needs_ask ask = needs_ask(d, &d->products);

    if (d->products.count > 0) {
        if (hf_needs_judge(d->s, &ask, &d->shelf, &d->needs, err) < 0)
            return hf_err_code(err);
        return hf_needs_findings(d->s, &d->needs, err);
    }
    return d->opts->words.count == 0 && d->target_count == 0
               ? look_at_others(d, err)
               : 0;
}

static void on_host(void *user, const struct hf_host *host)
{
    struct hf_doctor *d = user;

    d->looked++;
    hf_progress(d->s, "looking: %zu of %zu hosts, %s", d->looked,
                d->target_count, host->label);
}

static void on_tick(void *user)
{
    struct hf_doctor *d = user;

    hf_progress(d->s, "looking: %zu of %zu hosts", d->looked, d->target_count);
}

static const char *read_env(const char *name)
{
    return getenv(name);
}

/* A variable that names a proxy and cannot be read is a cause by itself: the
 * agents here read it too. Returns 1 when it is so, and told. */
static int read_proxies(struct hf_doctor *d, struct hf_err *err)
{
    struct hf_findings *list = &d->s->findings;
    int rc = hf_proxy_read(read_env, &d->proxy, err);

    if (rc != HF_E_USAGE)
        return rc;
    hf_findings_add(list, "HF1506", HF_CERTAIN, "this machine");
    hf_findings_summary(list, "A proxy variable of the environment is "
                              "malformed, so no server was looked at.");
    hf_findings_evidence(list, "%s", err->frame[0].text);
    hf_findings_remedy(list, false, "env | grep -i _proxy",
                       "Correct it where it is set: /etc/environment, the "
                       "shell's profile, the service's unit file.");
    return 1;
}

static int run_hosts(struct hf_doctor *d, struct hf_err *err)
{
    const struct hf_doctor_opts *opts = d->opts;
    int ms = opts->timeout_s ? (int)opts->timeout_s * 1000 : 0;
    struct hf_hosts_conf conf = {
        .look = { .parallel = opts->parallel,
                  .connect_ms = ms,
                  .handshake_ms = ms,
                  .resolve_ms = ms },
        .trust = &d->trust,
        .at_s = d->s->at_s,
        .clock_is_now = d->s->at_s == d->s->now_s,
        .fetch = !opts->no_fetch,
        .on_done = on_host,
        .user = d,
    };

    if (hf_loop_new(&d->loop, err) < 0 ||
        hf_loop_tick(d->loop, 1000, on_tick, d, err) < 0)
        return hf_err_code(err);
    conf.loop = d->loop;
    conf.look.proxy = d->proxy;
    return hf_hosts_look(&conf, d->host, d->target_count, err);
}

static const struct hf_certs *anchors_of(const struct hf_doctor *d, size_t at)
{
    static const struct hf_certs none = { 0 };

    return at < d->stacks.count ? &d->stacks.group[at].anchors : &none;
}

int hf_doctor_trust(struct hf_doctor *d, size_t at, struct hf_trust *ret_trust,
                    struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;

    if (hf_lists_ctl(d->s, &ctl, err) < 0 ||
        hf_trust_init(ret_trust, d->s->common->root, anchors_of(d, at),
                      &d->extra, &d->all, err) < 0)
        return hf_err_code(err);
    return ctl ? hf_distrust_take_ctl(ret_trust->distrust, ctl, err) : 0;
}

static int load_trust(struct hf_doctor *d, struct hf_err *err)
{
    /* a root that any known product wants is known */
    if (hf_products_all(d->s->common->root, &d->all, err) < 0)
        return hf_err_code(err);
    return hf_doctor_trust(d, 0, &d->trust, err);
}

static int look_at_hosts(struct hf_doctor *d, struct hf_err *err)
{
    int rc = read_proxies(d, err);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    d->host = calloc(d->target_count, sizeof(*d->host));
    d->cases = calloc(d->target_count, sizeof(*d->cases));
    if (!d->host || !d->cases)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu hosts",
                       d->target_count);
    for (size_t i = 0; i < d->target_count; i++) {
        d->host[i].target = d->target[i];
        d->cases[i] = (struct hf_host_case){
            .host = &d->host[i],
            .at_s = d->s->at_s,
            .now_s = d->s->now_s,
            .updates_off = d->update.update.roots_off,
        };
    }
    if (load_trust(d, err) < 0)
        return hf_err_code(err);
    rc = run_hosts(d, err);
    hf_progress_end(d->s);
    if (rc < 0)
        return rc;
    if (hf_doctor_stacks(d, err) < 0)
        return hf_err_code(err);
    hf_find_inspection(d->cases, d->target_count, &d->all);
    hf_find_clock(d->cases, d->target_count, d->s->now_s, &d->s->findings);
    for (size_t i = 0; i < d->target_count; i++)
        hf_find_host(&d->cases[i], &d->s->findings);
    return 0;
}

/* --- the root update of Windows ------------------------------------------- */

/* Two that miss the same root are told once, by the first. */
static void add_lack(struct hf_update_lack *lack, size_t *count,
                     const struct hf_update_lack *one)
{
    for (size_t i = 0; i < *count; i++)
        if (one->cert && lack[i].cert && hf_cert_same(lack[i].cert, one->cert))
            return;
    lack[(*count)++] = *one;
}

/* What products miss, and hosts whose root never arrived. */
static int host_lacks(const struct hf_doctor *d, struct hf_update_lack **lack,
                      size_t *count, struct hf_err *err)
{
    size_t others = d->others.lack_count;

    *count = 0;
    *lack = calloc(d->needs.lack_count + others + d->target_count + 1,
                   sizeof(**lack));
    if (!*lack)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for what is missing");
    for (size_t i = 0; i < d->needs.lack_count; i++)
        add_lack(*lack, count, &d->needs.lack[i]);
    for (size_t i = 0; i < others; i++)
        add_lack(*lack, count, &d->others.lack[i]);
    for (size_t i = 0; d->host && i < d->target_count; i++) {
        const struct hf_served *v = &d->host[i].verdict;
        const struct hf_cert_info *info;

        if (!d->host[i].judged || !v->root || !d->cases[i].updates_off)
            continue;
        info = hf_cert_info(v->root, err);
        (*lack)[(*count)++] =
            (struct hf_update_lack){ d->host[i].label,
                                     info ? info->name : "a root", v->root };
    }
    return 0;
}

static int find_update(struct hf_doctor *d, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) struct hf_update_lack *lack = NULL;
    HF_AUTO(hf_free_ptr)
    char *again =
        hf_again("doctor", &d->opts->words, &d->opts->stores, " --fix");
    struct hf_update_case c = {
        .update = &d->update.update,
        .source = d->update.name,
        .again = again,
        .at_s = d->s->at_s,
        .repaired = d->repaired,
        .nobody_asked = d->needs.count == 0 && d->target_count == 0,
    };

    if (!again)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a command");
    if (host_lacks(d, &lack, &c.lack_count, err) < 0)
        return hf_err_code(err);
    c.lack = lack;
    hf_find_rootupdate(&c, &d->s->findings);
    return 0;
}

int hf_doctor_look(struct hf_doctor *d, struct hf_err *err)
{
    HF_AUTO(hf_distrust_freep) struct hf_distrust *distrust = NULL;

    hf_find_clock_alone(d->s->now_s, &d->s->findings);
    if (look_at_stores(d, err) < 0 ||
        hf_lists_distrust(d->s, &distrust, err) < 0)
        return hf_err_code(err);
    find_in_stores(d, distrust);
    if (hf_needs_bodies(&d->opts->from, &d->extra, err) < 0)
        return hf_err_code(err);
    if (look_at_products(d, err) < 0)
        return hf_err_code(err);
    if (d->target_count > 0 && look_at_hosts(d, err) < 0)
        return hf_err_code(err);
    if (find_update(d, err) < 0)
        return hf_err_code(err);
    return hf_findings_check(&d->s->findings, err);
}

void hf_doctor_forget(struct hf_doctor *d)
{
    if (d->host)
        hf_hosts_done(d->host, d->target_count);
    free(d->host);
    free(d->cases);
    d->host = NULL;
    d->cases = NULL;
    d->looked = 0;
    hf_loop_free(HF_STEAL(d->loop));
    hf_proxy_free(HF_STEAL(d->proxy));
    hf_trust_done(&d->trust);
    hf_products_done(&d->all);
    hf_needs_done(&d->needs);
    hf_needs_done(&d->others);
    hf_stacks_done(&d->stacks);
    hf_update_done(&d->update);
    hf_certs_done(&d->extra);
    hf_shelf_done(&d->shelf);
}

void hf_doctor_done(struct hf_doctor *d)
{
    hf_doctor_forget(d);
    for (size_t i = 0; i < d->recognised.count; i++)
        free((void *)d->recognised.word[i]);
    hf_args_done(&d->recognised);
    hf_args_done(&d->products);
    free(d->target);
}
