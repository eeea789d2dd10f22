/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need.c - a product's certificates against the stores of a machine. */
#include "judge/need.h"

#include <stdlib.h>

#include "crypto/load.h"
#include "doc/embed.h"
#include "judge/body.h"
#include "judge/need_words.h"

/* --- present or not ------------------------------------------------------ */

static int note_where(const struct hf_need_ask *ask,
                      struct hf_need_verdict *verdict, struct hf_err *err)
{
    for (size_t i = 0; ask->list && i < ask->list->count; i++) {
        const struct hf_store_entry *entry = &ask->list->entry[i];

        if (!entry->cert || !entry->where ||
            !hf_cert_same(entry->cert, verdict->cert))
            continue;
        verdict->where = hf_view_dup(hf_view_text(entry->where));
        if (!verdict->where)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a verdict");
        return 0;
    }
    return 0;
}

/* Its own end, and what the platforms say of it. A certificate that matches
 * its hash and does not decode has no dates: only the hash speaks. */
static int note_faults(const struct hf_need_ask *ask,
                       struct hf_need_verdict *verdict, struct hf_err *err)
{
    const struct hf_need *need = verdict->need;
    const uint8_t *sha256 = need->has_sha256 ? need->sha256 : NULL;
    const struct hf_distrust_row *row = NULL;
    const struct hf_cert_info *info;

    if (verdict->cert) {
        info = hf_cert_info(verdict->cert, err);
        if (!info && err->code == HF_E_NOMEM)
            return hf_err_code(err);
        verdict->expired = info && ask->at_s > info->not_after_s;
        sha256 = hf_cert_sha256(verdict->cert);
    }
    if (ask->distrust && verdict->cert)
        row = hf_distrust_find_cert(ask->distrust, verdict->cert, ask->at_s);
    else if (ask->distrust && sha256)
        row = hf_distrust_find(ask->distrust, sha256, ask->at_s);
    /* where the store can hold a root back to code, what is said of TLS
     * servers does not concern one that is for code only */
    if (row && ask->purposes_known && !(need->purposes & HF_NEED_TLS) &&
        hf_distrust_kind(row) != HF_DISTRUST_DISALLOWED)
        row = NULL;
    verdict->distrust = row;
    return 0;
}

static enum hf_need_state absent_state(const struct hf_need_ask *ask,
                                       const struct hf_need_verdict *verdict)
{
    bool anchor = verdict->need->store != HF_NEED_CA;

    if (!verdict->cert)
        return HF_NEED_NO_BODY;
    /* nobody can insist on making an intermediate an anchor */
    if (verdict->no_anchor && (!anchor || !ask->include_distrusted))
        return HF_NEED_NOT_TLS;
    if (ask->include_distrusted)
        return HF_NEED_MISSING;
    if (verdict->expired)
        return HF_NEED_EXPIRED;
    return verdict->distrust ? HF_NEED_DISTRUSTED : HF_NEED_MISSING;
}

/* Does the list name it, for a purpose, with no refusal as a whole? */
static bool is_listed(const struct hf_need_ask *ask, const struct hf_need *need)
{
    const struct hf_ctl_entry *entry =
        ask->ctl && need->has_sha1 ? hf_ctl_find(ask->ctl, need->sha1) : NULL;

    return entry && (!need->has_sha256 || !entry->has_sha256 ||
                     memcmp(entry->sha256, need->sha256, HF_SHA256_LEN) == 0);
}

/* Finds it where it should be, and then where it should not. */
static struct hf_cert *find_held(const struct hf_need_ask *ask,
                                 struct hf_need_verdict *verdict)
{
    const struct hf_need *need = verdict->need;
    bool intermediate = need->store == HF_NEED_CA;
    const struct hf_certs *right = intermediate ? ask->issuers : ask->have;
    struct hf_cert *refused = hf_body_in(ask->refused, need);
    struct hf_cert *found = hf_body_in(right, need);

    verdict->state = found && !refused ? HF_NEED_PRESENT : HF_NEED_MISPLACED;
    if (refused) {
        verdict->among = HF_AMONG_REFUSED;
        return refused;
    }
    if (found)
        return found;
    verdict->among = intermediate ? HF_AMONG_ANCHORS : HF_AMONG_ISSUERS;
    return hf_body_in(intermediate ? ask->have : ask->issuers, need);
}

static int judge_need(const struct hf_need_ask *ask,
                      struct hf_need_verdict *verdict, struct hf_err *err)
{
    const struct hf_need *need = verdict->need;
    bool intermediate = need->store == HF_NEED_CA;
    struct hf_cert *found = find_held(ask, verdict);

    verdict->no_anchor =
        intermediate ? !ask->issuers
                     : !ask->purposes_known && !(need->purposes & HF_NEED_TLS);
    verdict->sha1_only = !need->has_sha256;
    if (found)
        verdict->cert = hf_cert_ref(found);
    else if (hf_body_find(ask->extra, need, &verdict->cert, err) < 0)
        return hf_err_code(err);
    if (note_faults(ask, verdict, err) < 0)
        return hf_err_code(err);
    if (found)
        return note_where(ask, verdict, err);
    if (!intermediate && is_listed(ask, need) && (ask->is_list || ask->fetches))
        verdict->state = ask->is_list ? HF_NEED_PRESENT : HF_NEED_ON_DEMAND;
    else
        verdict->state = absent_state(ask, verdict);
    return 0;
}

/* --- groups of which one is enough --------------------------------------- */

static bool same_group(const struct hf_need_verdict *a,
                       const struct hf_need_verdict *b)
{
    return a->need->any_of && b->need->any_of &&
           strcmp(a->need->any_of, b->need->any_of) == 0;
}

/* How well a member meets its group: 0 not at all, more is better. What is in
 * place comes before what would have to be imported, what is sound before what
 * somebody insisted on. */
static int merit(const struct hf_need_verdict *verdict)
{
    bool ended = verdict->expired && !verdict->need->expiry_tolerated;
    bool sound = !ended && !verdict->distrust;

    if (verdict->state == HF_NEED_PRESENT)
        return sound ? 4 : 2;
    if (verdict->state == HF_NEED_MISSING ||
        verdict->state == HF_NEED_ON_DEMAND)
        return sound ? 3 : 1;
    return 0;
}

/* The member that meets the group of need `at`, or NULL: the first of the
 * best, in the order of the file. */
static const struct hf_need_verdict *
group_met_by(const struct hf_product_verdict *verdict, size_t at)
{
    const struct hf_need_verdict *best = NULL;

    for (size_t i = 0; i < verdict->need_count; i++) {
        const struct hf_need_verdict *one = &verdict->need[i];

        if (same_group(one, &verdict->need[at]) &&
            merit(one) > (best ? merit(best) : 0))
            best = one;
    }
    return best;
}

/* Spares the members that are absent while another meets the group. */
static int settle_groups(const struct hf_need_ask *ask,
                         struct hf_product_verdict *verdict, struct hf_err *err)
{
    for (size_t i = 0; i < verdict->need_count; i++) {
        struct hf_need_verdict *one = &verdict->need[i];
        const struct hf_need_verdict *met = group_met_by(verdict, i);

        if (!met || met == one || one->state == HF_NEED_PRESENT ||
            one->state == HF_NEED_MISPLACED)
            continue;
        one->state = HF_NEED_SPARED;
        if (hf_need_reason(ask, one, met->need->name, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* --- a product ----------------------------------------------------------- */

/* A misplaced one does its work only where it is trusted too much. */
static bool is_met(const struct hf_need_verdict *verdict)
{
    return verdict->state == HF_NEED_PRESENT ||
           (verdict->state == HF_NEED_MISPLACED &&
            verdict->among == HF_AMONG_ANCHORS);
}

bool hf_need_importable(const struct hf_need_verdict *verdict)
{
    return verdict->cert && (verdict->state == HF_NEED_MISSING ||
                             verdict->state == HF_NEED_ON_DEMAND ||
                             (verdict->state == HF_NEED_MISPLACED &&
                              verdict->among == HF_AMONG_ISSUERS));
}

static void count_states(struct hf_product_verdict *verdict)
{
    for (size_t i = 0; i < verdict->need_count; i++)
        switch (verdict->need[i].state) {
        case HF_NEED_MISPLACED:
            if (!is_met(&verdict->need[i])) {
                verdict->missing++;
                break;
            }
            verdict->present++;
            break;
        case HF_NEED_PRESENT:
            verdict->present++;
            break;
        case HF_NEED_ON_DEMAND:
            verdict->on_demand++;
            break;
        case HF_NEED_MISSING:
            verdict->missing++;
            break;
        case HF_NEED_NO_BODY:
            verdict->no_body++;
            break;
        case HF_NEED_EXPIRED:
        case HF_NEED_DISTRUSTED:
        case HF_NEED_NOT_TLS:
            verdict->refused++;
            break;
        case HF_NEED_SPARED:
            break;
        }
}

void hf_product_verdict_done(struct hf_product_verdict *verdict)
{
    for (size_t i = 0; i < verdict->need_count; i++) {
        hf_cert_unref(verdict->need[i].cert);
        free(verdict->need[i].where);
        free(verdict->need[i].reason);
    }
    free(verdict->need);
    *verdict = (struct hf_product_verdict){ 0 };
}

int hf_judge_product(const struct hf_need_ask *ask,
                     const struct hf_product *product,
                     struct hf_product_verdict *ret_verdict, struct hf_err *err)
{
    HF_AUTO(hf_product_verdict_done)
    struct hf_product_verdict verdict = { .product = product };

    verdict.need = calloc(product->need_count + 1, sizeof(verdict.need[0]));
    if (!verdict.need)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a verdict");
    verdict.need_count = product->need_count;
    for (size_t i = 0; i < product->need_count; i++) {
        verdict.need[i].need = &product->need[i];
        if (judge_need(ask, &verdict.need[i], err) < 0 ||
            hf_need_reason(ask, &verdict.need[i], NULL, err) < 0)
            return hf_err_code(err);
    }
    if (settle_groups(ask, &verdict, err) < 0)
        return hf_err_code(err);
    count_states(&verdict);
    *ret_verdict = verdict;
    verdict = (struct hf_product_verdict){ 0 };
    return 0;
}
