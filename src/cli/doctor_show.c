/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_show.c - the doctor's screen. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/doctor.h"
#include "cli/show_cert.h"

#define LABEL 12 /* columns of the first word of a line */

static void heading(struct hf_session *s, const char *text)
{
    hf_buf_printf(&s->out, "%s%s%s\n", hf_ink(&s->style, HF_INK_BOLD), text,
                  hf_ink(&s->style, HF_INK_PLAIN));
}

static void line(struct hf_session *s, enum hf_ink ink, const char *word,
                 const char *text)
{
    hf_buf_printf(&s->out, "  %s%-*s%s ", hf_ink(&s->style, ink), LABEL - 2,
                  word, hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_wrapped(&s->out, &s->style, LABEL + 1, text);
    hf_buf_text(&s->out, "\n");
}

static void show_update(struct hf_doctor *d)
{
    const struct hf_rootupdate *update = &d->update.update;
    HF_AUTO(hf_buf_done) struct hf_buf words;
    HF_AUTO(hf_free_ptr) char *text = NULL;

    hf_buf_init(&words, 4096);
    if (!update->known)
        return;
    hf_update_words(&words, update);
    text = hf_buf_steal(&words);
    line(d->s, update->roots_off ? HF_INK_BAD : HF_INK_GOOD,
         update->roots_off ? "off" : "ok", text ? text : "");
}

static void show_machine(struct hf_doctor *d)
{
    struct hf_session *s = d->s;
    bool clock = hf_findings_by_cause(&s->findings, "clock-wrong",
                                      "this machine") != NULL;
    char now[HF_TIME_TEXT], at[HF_TIME_TEXT], text[160];

    heading(s, s->common->root ? "Mounted system" : "This machine");
    for (size_t i = 0; i < d->shelf.count; i++)
        hf_book_line(s, &d->shelf.book[i]);
    show_update(d);
    hf_calendar_minute(s->now_s, now);
    if (s->at_s != s->now_s)
        (void)snprintf(text, sizeof(text), "clock: %s; judged for %s", now,
                       hf_calendar_minute(s->at_s, at));
    else
        (void)snprintf(text, sizeof(text), "clock: %s", now);
    line(s, clock ? HF_INK_BAD : HF_INK_GOOD, clock ? "wrong" : "ok", text);
    hf_buf_text(&s->out, "\n");
}

/* What of a product could only be fetched by hand. What has no place in the
 * store anyway does not count. */
static size_t count_by_hand(const struct hf_product_verdict *v)
{
    size_t count = 0;

    for (size_t i = 0; i < v->need_count; i++)
        count += v->need[i].state == HF_NEED_NO_BODY && !v->need[i].no_anchor;
    return count;
}

/* "2 of 5 certificates here, 3 not for this store" */
static void count_text(const struct hf_product_verdict *v, char *ret_text,
                       size_t size)
{
    size_t by_hand = count_by_hand(v);
    int n = snprintf(ret_text, size, "%s: %zu of %zu %s here", v->product->name,
                     v->present, v->need_count,
                     hf_plural(v->need_count, "certificate", "certificates"));
    const struct {
        size_t count;
        const char *what;
    } more[] = { { v->missing, "missing" },
                 { v->refused + v->no_body - by_hand, "not for this store" },
                 { by_hand, "to be fetched by hand" } };

    for (size_t i = 0; i < HF_COUNT(more) && n > 0 && (size_t)n < size; i++)
        if (more[i].count > 0)
            n += snprintf(ret_text + n, size - (size_t)n, ", %zu %s",
                          more[i].count, more[i].what);
}

static void show_others(struct hf_doctor *d)
{
    struct hf_session *s = d->s;

    if (d->others.count == 0)
        return;
    heading(s, "Products (none recognised as installed; what each would find)");
    for (size_t i = 0; i < d->others.count; i++) {
        const struct hf_product_verdict *v = &d->others.row[i].verdict;
        char text[300];

        count_text(v, text, sizeof(text));
        if (v->missing > 0)
            line(s, HF_INK_BAD, "lacks some", text);
        else if (count_by_hand(v) > 0)
            line(s, HF_INK_WARN, "by hand", text);
        else
            line(s, HF_INK_GOOD, "complete", text);
    }
    hf_buf_text(&s->out, "\n");
}

/* The causes found for a host, or what is good about it. */
static void host_text(struct hf_doctor *d, const struct hf_host *host,
                      struct hf_buf *out, bool *ret_good)
{
    const struct hf_findings *list = &d->s->findings;
    size_t told = 0;

    hf_buf_printf(out, "%s: ", host->label);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].subject, host->label) == 0 &&
            list->item[i].kind->severity != HF_NOTE)
            hf_buf_printf(out, "%s%s", told++ > 0 ? ", " : "",
                          list->item[i].kind->cause->name);
    if (told == 0 && host->judged && host->verdict.root &&
        d->update.update.roots_off) {
        hf_buf_text(out, "root-update-disabled");
        told++;
    }
    *ret_good = told == 0;
    if (told == 0 && host->judged) {
        const struct hf_certs *chain = &host->verdict.path.chain;
        struct hf_err err;
        const struct hf_cert_info *top =
            hf_cert_info(chain->cert[chain->count - 1], &err);

        hf_buf_printf(out, "%s, ends in '%s', %d ms", host->seen.version,
                      top ? top->name : "?",
                      host->seen.connect_ms + host->seen.handshake_ms);
    }
}

/* What is wrong, with the words that .NET programs write into their logs. */
static void show_faults(struct hf_session *s, const struct hf_host *host)
{
    const struct hf_path *path = &host->verdict.path;
    char text[400];

    if (host->seen.served.count == 0)
        line(s, HF_INK_DIM, "", ".NET: RemoteCertificateNotAvailable");
    for (size_t i = 0; host->judged && i < path->fault_count; i++) {
        (void)snprintf(text, sizeof(text), "%s: %s (.NET: %s)",
                       hf_fault_name(path->fault[i].kind), path->fault[i].text,
                       hf_fault_dotnet(path->fault[i].kind));
        line(s, HF_INK_DIM, "", text);
    }
    if (!host->judged || !host->verdict.gap_text)
        return;
    (void)snprintf(text, sizeof(text), "%s (.NET: %s)", host->verdict.gap_text,
                   hf_fault_dotnet(HF_FAULT_NO_ANCHOR));
    line(s, HF_INK_DIM, "", text);
}

/* -v: what was seen, certificate by certificate. */
static void show_details(struct hf_doctor *d, const struct hf_host *host)
{
    const struct hf_certs *chain = &host->verdict.path.chain;
    char text[400];

    if (host->seen.version[0]) {
        (void)snprintf(text, sizeof(text), "%s, %s, address %s",
                       host->seen.version, host->seen.cipher,
                       host->seen.proxy[0] ? host->seen.proxy
                                           : host->seen.address);
        line(d->s, HF_INK_DIM, "", text);
    }
    show_faults(d->s, host);
    for (size_t i = 0; host->judged && i < chain->count; i++) {
        const char *where = hf_book_where(&d->shelf.book[0], chain->cert[i]);
        bool sent = hf_certs_by_sha256(&host->seen.served,
                                       hf_cert_sha256(chain->cert[i]));

        hf_show_cert(d->s, chain->cert[i],
                     where  ? where
                     : sent ? "sent by the server"
                            : "known to holdfast");
    }
}

static void show_host(struct hf_doctor *d, const struct hf_host *host)
{
    struct hf_buf text;
    char *owned;
    bool good;

    hf_buf_init(&text, 4096);
    host_text(d, host, &text, &good);
    owned = hf_buf_steal(&text);
    if (!d->s->common->quiet || !good)
        line(d->s, good ? HF_INK_GOOD : HF_INK_BAD, good ? "ok" : "fails",
             owned ? owned : host->label);
    free(owned);
    if (d->s->style.verbose)
        show_details(d, host);
}

static void show_hosts(struct hf_doctor *d)
{
    if (!d->host) /* none asked, or none could be looked at */
        return;
    if (!d->s->common->quiet)
        heading(d->s, "Servers");
    for (size_t i = 0; i < d->target_count; i++)
        show_host(d, &d->host[i]);
    if (!d->s->common->quiet)
        hf_buf_text(&d->s->out, "\n");
}

void hf_doctor_show(struct hf_doctor *d)
{
    struct hf_session *s = d->s;

    if (!s->common->quiet)
        show_machine(d);
    if (!s->common->quiet)
        hf_needs_show(s, &d->needs);
    if (!s->common->quiet)
        show_others(d);
    show_hosts(d);
    hf_render_findings(&s->out, &s->style, &s->findings);
    if (s->style.verbose) {
        hf_buf_text(&s->out, hf_findings_any(&s->findings) ? "\n" : "");
        hf_render_notes(&s->out, &s->style, &s->findings);
    }
}
