/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/host_findings.c - from one server's evidence to its causes. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "doctor/host_case.h"
#include "doctor/reach.h"

static const char *name_of(struct hf_cert *cert)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);

    return info ? info->name : "a certificate that does not decode";
}

/* The chain in one line: leaf <- issuer <- root. */
static void show_chain(const struct hf_host *host, struct hf_findings *list)
{
    const struct hf_certs *chain = &host->verdict.path.chain;
    struct hf_buf text;

    hf_buf_init(&text, 4096);
    for (size_t i = 0; i < chain->count; i++)
        hf_buf_printf(&text, "%s'%s'", i > 0 ? ", issued by " : "",
                      name_of(chain->cert[i]));
    if (text.len > 0)
        hf_findings_evidence(list, "chain: %.*s", (int)text.len,
                             (const char *)text.ptr);
    hf_buf_done(&text);
}

static void show_hash(struct hf_cert *cert, struct hf_findings *list)
{
    char sha256[2 * HF_SHA256_LEN + 1];

    hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), sha256);
    hf_findings_evidence(list, "'%s' has SHA-256 %s", name_of(cert), sha256);
}

/* A command of ours, for the same root and host. */
static void suggest_fix(const struct hf_host_case *c, struct hf_findings *list,
                        bool automatic, const char *text)
{
    char command[700];

    (void)snprintf(command, sizeof(command), "holdfast doctor %s --fix",
                   c->host->label);
    hf_findings_remedy(list, automatic, automatic ? command : NULL, "%s", text);
}

/* --- gaps ---------------------------------------------------------------- */

static bool ended(struct hf_cert *cert, int64_t at_s)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);

    return info && info->not_after_s < at_s;
}

/* Whom the last certificate of a broken chain names, and where it says the
 * issuer's certificate is. */
static void show_missing(const struct hf_path *path, struct hf_findings *list)
{
    struct hf_err err;
    const struct hf_cert_info *top =
        hf_cert_info(path->chain.cert[path->chain.count - 1], &err);

    /* a root that was sent is its own issuer: it is there, and not trusted */
    if (!path->missing_name || !top || top->self_issued)
        return;
    hf_findings_evidence(list, "missing: '%s'%s%s", path->missing_name,
                         path->missing_key_id ? ", key id " : "",
                         path->missing_key_id ? path->missing_key_id : "");
    for (size_t i = 0; i < top->issuers_url.count && i < 2; i++)
        hf_findings_evidence(list, "it should be had from %s",
                             top->issuers_url.text[i]);
}

static void root_missing(const struct hf_host_case *c, struct hf_findings *list)
{
    const struct hf_served *v = &c->host->verdict;
    bool good = !v->distrust && !ended(v->root, c->at_s);

    hf_findings_add(list, "HF1203", HF_CERTAIN, c->host->label);
    hf_findings_summary(list,
                        "The root '%s', in which the chain of %s ends, is "
                        "missing from this machine's trust store.",
                        name_of(v->root), c->host->label);
    hf_findings_evidence(list, "%s", v->gap_text);
    show_chain(c->host, list);
    show_hash(v->root, list);
    if (v->distrust)
        hf_findings_evidence(list, "%s distrusts this root (%s)",
                             v->distrust->platform, v->distrust->kind);
    suggest_fix(c, list, good,
                good ? "Import the root into the store: its body is known "
                       "here and its SHA-256 is checked."
                     : "The root has ended or is distrusted: the server "
                       "should move to a certificate of another root.");
}

static void intermediate_missing(const struct hf_host_case *c,
                                 struct hf_findings *list)
{
    const struct hf_served *v = &c->host->verdict;
    bool sure = v->gap != HF_GAP_INTERMEDIATE_LIKELY;
    struct hf_err err;
    const struct hf_cert_info *leaf =
        hf_cert_info(c->host->seen.served.cert[0], &err);

    hf_findings_add(list, "HF1202", sure ? HF_CERTAIN : HF_LIKELY,
                    c->host->label);
    hf_findings_summary(list,
                        "%s sends its certificate without the intermediate "
                        "'%s' that leads to a trusted root.",
                        c->host->label,
                        v->intermediate ? name_of(v->intermediate)
                        : leaf          ? leaf->issuer_name
                                        : "?");
    hf_findings_evidence(list, "%s", v->gap_text);
    hf_findings_evidence(list, "the server sent %zu certificate%s",
                         c->host->seen.served.count,
                         c->host->seen.served.count == 1 ? "" : "s");
    if (v->intermediate)
        show_hash(v->intermediate, list);
    show_missing(&v->path, list);
    if (!sure)
        hf_findings_evidence(list,
                             "if that issuer is a private root, the cause "
                             "is untrusted-root instead: its own "
                             "certificate tells");
    hf_findings_remedy(list, false, NULL,
                       "On the server, put the intermediate behind the "
                       "server's certificate in the same file (nginx: "
                       "ssl_certificate; Apache: SSLCertificateFile), and "
                       "reload it.");
}

static void untrusted_root(const struct hf_host_case *c,
                           struct hf_findings *list)
{
    const struct hf_served *v = &c->host->verdict;

    hf_findings_add(list, "HF1201", HF_CERTAIN, c->host->label);
    hf_findings_summary(list,
                        "The chain of %s ends in a private root that nothing "
                        "here trusts or knows.",
                        c->host->label);
    hf_findings_evidence(list, "%s", v->gap_text);
    show_chain(c->host, list);
    show_missing(&v->path, list);
    show_hash(v->path.chain.cert[v->path.chain.count - 1], list);
    hf_findings_remedy(list, false, "holdfast roots add ROOT.crt",
                       "If it is your organisation's own root, get it from "
                       "whoever runs it, compare its SHA-256 over another way, "
                       "and add it. If nobody knows it, do not trust it.");
}

static void self_signed(const struct hf_host_case *c, struct hf_findings *list)
{
    const struct hf_served *v = &c->host->verdict;

    hf_findings_add(list, "HF1209", HF_CERTAIN, c->host->label);
    hf_findings_summary(list,
                        "The certificate of %s signed itself, and nothing here "
                        "trusts it.",
                        c->host->label);
    hf_findings_evidence(list, "%s", v->gap_text);
    show_hash(v->path.chain.cert[0], list);
    if (hf_served_has(v, HF_FAULT_NO_SAN))
        hf_findings_evidence(list, "it has no subjectAltName either, so most "
                                   "programs would refuse it even if trusted");
    hf_findings_remedy(list, false, NULL,
                       "Give the server a certificate of an authority that its "
                       "agents trust.");
}

static void add_gap(const struct hf_host_case *c, struct hf_findings *list)
{
    if (c->told_by_stacks)
        return;
    switch (c->host->verdict.gap) {
    case HF_GAP_NONE:
        break;
    case HF_GAP_BOTH:
        intermediate_missing(c, list);
        if (!c->updates_off)
            root_missing(c, list);
        break;
    case HF_GAP_ROOT_MISSING:
        if (!c->updates_off)
            root_missing(c, list);
        break;
    case HF_GAP_INTERMEDIATE:
    case HF_GAP_INTERMEDIATE_LIKELY:
        intermediate_missing(c, list);
        break;
    case HF_GAP_UNTRUSTED:
        untrusted_root(c, list);
        break;
    case HF_GAP_SELF_SIGNED:
        self_signed(c, list);
        break;
    }
}

/* --- inspection ----------------------------------------------------------- */

static void add_inspection(const struct hf_host_case *c,
                           struct hf_findings *list)
{
    const struct hf_inspected *in = &c->inspected;
    const struct hf_product *p = c->product;
    bool trusted = c->host->verdict.gap == HF_GAP_NONE;
    const char *by = in->by[0] ? in->by : "an inspecting gateway";

    hf_findings_add(list,
                    p         ? "HF1211"
                    : trusted ? "HF1212"
                              : "HF1210",
                    in->certainty, c->host->label);
    if (p)
        hf_findings_summary(list,
                            "%s re-signs the traffic to %s, which %s refuses: "
                            "it must not be inspected.",
                            by, c->host->label, p->name);
    else
        hf_findings_summary(list, "%s re-signs the traffic to %s%s.", by,
                            c->host->label,
                            trusted ? ", and this machine trusts it"
                                    : ", and this machine does not trust it");
    for (size_t i = 0; i < HF_COUNT(in->signs) && in->signs[i][0]; i++)
        hf_findings_evidence(list, "%s", in->signs[i]);
    show_chain(c->host, list);
    for (size_t i = 0; p && i < p->bypass.count; i++)
        hf_findings_remedy(list, false, NULL,
                           "On the gateway, exempt %s from inspection (%s).",
                           p->bypass.text[i], p->name);
    if (!p || p->bypass.count == 0)
        hf_findings_remedy(list, false, NULL,
                           trusted
                               ? "Programs with a trust store of their own, or "
                                 "that pin, fail here: exempt %s from "
                                 "inspection where one does."
                               : "Exempt %s from inspection, or import the "
                                 "gateway's root if your organisation runs it.",
                           c->host->target.host);
}

/* --- faults of the chain -------------------------------------------------- */

static const struct {
    enum hf_fault_kind kind;
    const char *code;
    const char *before, *after; /* the host, in a sentence */
    const char *remedy;
} faults[] = {
    { HF_FAULT_EXPIRED, "HF1301", "A certificate of ", " has expired.",
      "Renew the certificate on the server and reload it; check that renewal "
      "runs by itself." },
    { HF_FAULT_NOT_YET_VALID, "HF1302", "A certificate of ",
      " is not valid yet.",
      "Check the clock of the machine that issued it, and of this one; else "
      "wait, or use the previous certificate." },
    { HF_FAULT_NAME, "HF1303", "The certificate of ", " is for other names.",
      "Connect by a name in the certificate, or give the server one that "
      "includes this name." },
    { HF_FAULT_NO_SAN, "HF1304", "The certificate of ",
      " has no subjectAltName.",
      "Issue it anew with its names as subjectAltName." },
    { HF_FAULT_USAGE, "HF1305", "A certificate of ",
      " is not meant for TLS servers.",
      "Issue it anew with the extended key usage serverAuth." },
    { HF_FAULT_NOT_CA, "HF1306", "A certificate in the chain of ",
      " is no authority, yet it issued another.",
      "Issue the leaf from a certificate with basicConstraints CA:TRUE." },
    { HF_FAULT_PATH_LEN, "HF1307", "The chain of ",
      " is longer than one of its authorities allows.",
      "Issue from an authority whose pathLenConstraint allows it." },
    { HF_FAULT_NAME_CONSTRAINT, "HF1308", "An authority of ",
      " may not issue for this name.",
      "Issue from an authority whose name constraints include the name." },
    { HF_FAULT_WEAK_KEY, "HF1309", "A key in the chain of ", " is too short.",
      "Issue it anew with RSA of 2048 bits or more, or with P-256." },
    { HF_FAULT_WEAK_SIGNATURE, "HF1310", "A signature in the chain of ",
      " uses a broken digest.", "Issue it anew with SHA-256." },
    { HF_FAULT_REVOKED, "HF1311", "A certificate of ", " has been revoked.",
      "Find out why it was revoked; give the server a new key and a new "
      "certificate." },
    { HF_FAULT_NO_REVOCATION, "HF1312", "Whether the certificate of ",
      " is revoked could not be told.",
      "See that this machine reaches the CRL named in the certificate." },
    { HF_FAULT_MALFORMED, "HF1313", "A certificate in the chain of ",
      " breaks the rules.",
      "Issue it anew with software that follows RFC 5280." },
    { HF_FAULT_BAD_SIGNATURE, "HF1314", "A signature in the chain of ",
      " does not verify.",
      "The chain was put together from the wrong parts, or was altered: "
      "install the certificates again as they were issued." },
    { HF_FAULT_POLICY, "HF1315", "A policy in the chain of ", " is not met.",
      "Ask whoever runs the authority which certificate to use." },
    { HF_FAULT_BUDGET, "HF1316", "The chain of ",
      " is too tangled to be followed to its end.",
      "Send only the certificates that lead to the root." },
};

/* Dates and strength are judged of the anchor elsewhere; a root that ended is
 * a cause of its own. */
static bool is_anchor(const struct hf_path *path, size_t depth)
{
    return path->anchored && depth + 1 == path->chain.count && depth > 0;
}

static void root_expired(const struct hf_host_case *c,
                         const struct hf_fault *fault, struct hf_findings *list)
{
    hf_findings_add(list, "HF1213", HF_CERTAIN, c->host->label);
    hf_findings_summary(list, "The root above %s has expired.", c->host->label);
    hf_findings_evidence(list, "%s", fault->text);
    show_chain(c->host, list);
    hf_findings_remedy(list, false, NULL,
                       "Move the server to a certificate of a root that is "
                       "valid; until then nothing on this machine can repair "
                       "it.");
}

static void date_evidence(const struct hf_host_case *c,
                          struct hf_findings *list)
{
    char there[HF_TIME_TEXT];

    if (c->host->date_s != 0)
        hf_findings_evidence(list, "the server's own clock says %s",
                             hf_calendar_minute(c->host->date_s, there));
    if (c->at_s != c->now_s)
        hf_findings_evidence(list, "judged for %s",
                             hf_calendar_minute(c->at_s, there));
}

static void add_fault(const struct hf_host_case *c,
                      const struct hf_fault *fault, size_t row,
                      struct hf_findings *list)
{
    hf_findings_add(list, faults[row].code, HF_CERTAIN, c->host->label);
    hf_findings_summary(list, "%s%s%s", faults[row].before, c->host->label,
                        faults[row].after);
    hf_findings_evidence(list, "%s", fault->text);
    if (fault->kind == HF_FAULT_EXPIRED ||
        fault->kind == HF_FAULT_NOT_YET_VALID)
        date_evidence(c, list);
    show_chain(c->host, list);
    hf_findings_remedy(list, false, NULL, "%s", faults[row].remedy);
}

/* Is this fault said already by another finding of the host, or not the
 * server's? */
static bool is_covered(const struct hf_host_case *c,
                       const struct hf_fault *fault)
{
    const struct hf_served *v = &c->host->verdict;

    if (fault->kind == HF_FAULT_EXPIRED ||
        fault->kind == HF_FAULT_NOT_YET_VALID)
        return c->clock_explains;
    /* many programs still take the common name: told when nothing else is */
    if (fault->kind == HF_FAULT_NO_SAN)
        return v->gap != HF_GAP_NONE || c->inspected.yes ||
               v->path.fault_count > 1;
    /* a gateway's own habits are not the server's faults */
    if (c->inspected.yes)
        return fault->kind != HF_FAULT_NAME && fault->kind != HF_FAULT_REVOKED;
    return false;
}

static void add_faults(const struct hf_host_case *c, struct hf_findings *list)
{
    const struct hf_path *path = &c->host->verdict.path;
    bool told[HF_FAULT_COUNT] = { false };

    for (size_t i = 0; i < path->fault_count; i++) {
        const struct hf_fault *fault = &path->fault[i];

        if (is_covered(c, fault))
            continue;
        if (fault->kind == HF_FAULT_EXPIRED && is_anchor(path, fault->depth)) {
            root_expired(c, fault, list);
            continue;
        }
        for (size_t k = 0; k < HF_COUNT(faults); k++) {
            if (faults[k].kind != fault->kind)
                continue;
            if (told[fault->kind])
                hf_findings_evidence(list, "%s", fault->text);
            else
                add_fault(c, fault, k, list);
            told[fault->kind] = true;
        }
    }
}

/* The anchor is trusted here, but a platform restricts it. */
static void add_distrust(const struct hf_host_case *c, struct hf_findings *list)
{
    const struct hf_distrust_row *row = c->host->verdict.distrust;
    struct hf_err err;
    const struct hf_cert_info *leaf =
        hf_cert_info(c->host->seen.served.cert[0], &err);
    char since[HF_TIME_TEXT];

    if (!row || c->host->verdict.gap != HF_GAP_NONE || !leaf)
        return;
    /* such a root is trusted for what it issued before */
    if (strcmp(row->kind, "not-before") == 0 &&
        leaf->not_before_s < row->since_s)
        return;
    hf_findings_add(list, "HF1214", HF_CERTAIN, c->host->label);
    hf_findings_summary(list,
                        "The chain of %s ends in '%s', which %s distrusts: "
                        "this machine accepts it, others do not.",
                        c->host->label, row->name, row->platform);
    hf_findings_evidence(list, "%s since %s (%s)", row->kind,
                         row->since_s ? hf_calendar_day(row->since_s, since)
                                      : "a date not known",
                         row->source);
    show_chain(c->host, list);
    hf_findings_remedy(list, false, NULL,
                       "Move the server to a certificate of another root.");
}

static void add_unjudged(const struct hf_host_case *c, struct hf_findings *list)
{
    hf_findings_add(list, "HF1313", HF_CERTAIN, c->host->label);
    hf_findings_summary(list, "The certificate of %s does not decode.",
                        c->host->label);
    hf_findings_evidence(list, "%s", c->host->fault);
    hf_findings_remedy(list, false, NULL,
                       "Issue it anew with software that follows RFC 5280.");
}

void hf_find_host(const struct hf_host_case *c, struct hf_findings *list)
{
    const struct hf_host *host = c->host;

    if (host->seen.served.count == 0) {
        hf_find_reach(host, list);
        return;
    }
    if (!host->judged) {
        add_unjudged(c, list);
        return;
    }
    if (c->inspected.yes)
        add_inspection(c, list);
    else
        add_gap(c, list);
    add_faults(c, list);
    add_distrust(c, list);
    hf_find_after(host, list);
}
