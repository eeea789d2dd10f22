/* SPDX-License-Identifier: Apache-2.0 */
/* judge/served.c - a served chain against what a machine trusts.
 *
 * The search is asked with more and more that is known, until the chain ends
 * in an anchor; what had to be added is what is missing, and where. */
#include "judge/served.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct judge {
    const struct hf_served_ask *ask;
    const struct hf_trust *trust;
    struct hf_served *out;
    struct hf_err *err;
};

static bool self_issued(const struct hf_cert *cert)
{
    return hf_view_same(hf_cert_subject_der(cert), hf_cert_issuer_der(cert));
}

/* Searches; keeps the path in `out` when it is the first or it is anchored.
 * Returns 1 anchored, 0 not. */
static int try_path(struct judge *j, const struct hf_cert_index *anchors,
                    const struct hf_cert_index *pool)
{
    const struct hf_path_ask ask = {
        .served = j->ask->served,
        .anchors = anchors,
        .pool = pool,
        .crls = j->trust->crls,
        .at_s = j->ask->at_s,
        .purpose = j->ask->purpose,
        .host = j->ask->host,
    };
    struct hf_path path;

    if (hf_path_find(&ask, &path, j->err) < 0)
        return hf_err_code(j->err);
    if (j->out->path.chain.count > 0 && !path.anchored) {
        hf_path_done(&path);
        return 0;
    }
    hf_path_done(&j->out->path);
    j->out->path = path;
    return path.anchored;
}

static int HF_PRINTF(3, 4)
    say(struct judge *j, enum hf_gap gap, const char *format, ...)
{
    va_list args;
    int len;

    j->out->gap = gap;
    free(j->out->gap_text);
    va_start(args, format);
    len = vasprintf(&j->out->gap_text, format, args);
    va_end(args);
    if (len < 0) {
        j->out->gap_text = NULL;
        return HF_FAIL(j->err, HF_E_NOMEM, "no memory for a text");
    }
    return 0;
}

static const char *name_of(struct judge *j, struct hf_cert *cert)
{
    const struct hf_cert_info *info = hf_cert_info(cert, j->err);

    return info ? info->name : "a certificate that does not decode";
}

/* The lowest certificate of the chain that the server did not send and that is
 * no root. */
static struct hf_cert *left_out(const struct judge *j)
{
    const struct hf_certs *chain = &j->out->path.chain;

    for (size_t i = 1; i + 1 < chain->count; i++)
        if (!hf_certs_by_sha256(j->ask->served, hf_cert_sha256(chain->cert[i])))
            return chain->cert[i];
    return NULL;
}

static struct hf_cert *top_of(const struct judge *j)
{
    return j->out->path.chain.cert[j->out->path.chain.count - 1];
}

/* The chain was completed with what is known: what was it? */
static int describe_known(struct judge *j, bool root_trusted)
{
    struct hf_cert *between = left_out(j);

    j->out->intermediate = between;
    if (root_trusted)
        return say(j, HF_GAP_INTERMEDIATE,
                   "with '%s', which the server did not send, the chain is "
                   "complete",
                   between ? name_of(j, between) : "its issuer");
    j->out->root = top_of(j);
    if (!between)
        return say(j, HF_GAP_ROOT_MISSING,
                   "the chain ends in '%s', a known root that no store here "
                   "trusts",
                   name_of(j, j->out->root));
    return say(j, HF_GAP_BOTH,
               "the server left out '%s', and the root above it is not "
               "trusted here",
               name_of(j, between));
}

/* Does a trusted certificate bear the very name of the leaf's issuer, though it
 * did not issue it? Else the search had found it. */
static bool has_namesake(const struct judge *j, const struct hf_cert *leaf)
{
    return hf_cert_index_named(j->trust->anchors, hf_cert_issuer_der(leaf));
}

/* Does a trusted certificate bear the organisation that issued the leaf? */
static bool same_house(struct judge *j, const struct hf_cert_info *leaf)
{
    return *leaf->issuer_org != '\0' &&
           hf_cert_index_org(j->trust->anchors, leaf->issuer_org);
}

/* The leaf came alone and its issuer is known nowhere. Servers do not send
 * roots, so two causes look the same; what the leaf says of its issuer tells
 * them apart as far as it can be told. */
static int describe_alone(struct judge *j)
{
    const struct hf_cert_info *leaf =
        hf_cert_info(j->ask->served->cert[0], j->err);

    if (!leaf)
        return hf_err_code(j->err);
    if (has_namesake(j, j->ask->served->cert[0]))
        return say(j, HF_GAP_UNTRUSTED,
                   "this machine trusts another '%s', with another key: it was "
                   "made anew, or this one is false",
                   leaf->issuer_name);
    if (same_house(j, leaf))
        return say(j, HF_GAP_INTERMEDIATE_LIKELY,
                   "the server sent its certificate alone; this machine trusts "
                   "another authority of the issuer '%s'",
                   leaf->issuer_org);
    if (strcasestr(leaf->issuer_name, "root"))
        return say(j, HF_GAP_UNTRUSTED,
                   "the issuer '%s' calls itself a root, and no store or list "
                   "here knows it",
                   leaf->issuer_name);
    if (leaf->issuers_url.count > 0)
        return say(j, HF_GAP_INTERMEDIATE_LIKELY,
                   "the server sent its certificate alone; it says its issuer "
                   "is to be had from %s",
                   leaf->issuers_url.text[0]);
    return say(j, HF_GAP_INTERMEDIATE_LIKELY,
               "the server sent its certificate alone, and nothing here knows "
               "its issuer '%s'",
               leaf->issuer_name);
}

static int describe_unknown(struct judge *j)
{
    struct hf_cert *top = top_of(j);

    if (hf_path_has(&j->out->path, HF_FAULT_SELF_SIGNED))
        return say(j, HF_GAP_SELF_SIGNED, "'%s' is its own issuer",
                   name_of(j, top));
    if (self_issued(top))
        return say(j, HF_GAP_UNTRUSTED,
                   "the chain ends in '%s', which no store or list here knows",
                   name_of(j, top));
    if (j->out->path.chain.count == 1)
        return describe_alone(j);
    return say(j, HF_GAP_UNTRUSTED,
               "the chain ends in a certificate of '%s', which no store or "
               "list here knows",
               j->out->path.missing_name ? j->out->path.missing_name : "?");
}

static int find_gap(struct judge *j)
{
    const struct hf_trust *t = j->trust;
    int rc;

    rc = try_path(j, t->anchors, NULL);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = try_path(j, t->anchors, t->pool);
    if (rc != 0)
        return rc < 0 ? rc : describe_known(j, true);
    rc = try_path(j, t->known, NULL);
    if (rc == 0)
        rc = try_path(j, t->known, t->pool);
    if (rc != 0)
        return rc < 0 ? rc : describe_known(j, false);
    return describe_unknown(j);
}

static void look_at_anchor(struct judge *j)
{
    struct hf_served *out = j->out;
    struct hf_cert *top = top_of(j);

    out->public_root = hf_cert_index_has(j->trust->known, top);
    if (out->path.anchored)
        out->distrust =
            hf_distrust_find_cert(j->trust->distrust, top, j->ask->at_s);
    if (!out->public_root)
        out->inspector =
            hf_inspectors_match(j->trust->inspectors, &out->path.chain);
}

int hf_judge_served(const struct hf_served_ask *ask,
                    const struct hf_trust *trust, struct hf_served *ret_served,
                    struct hf_err *err)
{
    struct hf_served served = { 0 };
    struct judge j = { ask, trust, &served, err };

    if (find_gap(&j) < 0) {
        hf_served_done(&served);
        return hf_err_code(err);
    }
    look_at_anchor(&j);
    served.good = served.gap == HF_GAP_NONE && served.path.valid;
    *ret_served = served;
    return 0;
}

void hf_served_done(struct hf_served *served)
{
    hf_path_done(&served->path);
    free(served->gap_text);
    *served = (struct hf_served){ 0 };
}

bool hf_served_has(const struct hf_served *served, enum hf_fault_kind kind)
{
    return hf_path_has(&served->path, kind);
}
