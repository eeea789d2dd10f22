/* SPDX-License-Identifier: Apache-2.0 */
/* report/finding.c - what was found: cause, subject, evidence, remedies. */
#include "report/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define COMMAND_MAX 65536 /* bytes; ours: a path has 4096 at most */

const char *hf_certainty_name(enum hf_certainty certainty)
{
    static const char *const name[] = { "possible", "likely", "certain" };

    return name[certainty];
}

void hf_findings_init(struct hf_findings *list,
                      const struct hf_catalogue *catalogue)
{
    *list = (struct hf_findings){ .catalogue = catalogue };
}

static void finding_done(struct hf_finding *finding)
{
    for (size_t i = 0; i < finding->evidence_count; i++)
        free(finding->evidence[i]);
    for (size_t i = 0; i < finding->remedy_count; i++) {
        free(finding->remedies[i].text);
        free(finding->remedies[i].command);
    }
    free(finding->evidence);
    free(finding->remedies);
    free(finding->subject);
    free(finding->summary);
}

void hf_findings_done(struct hf_findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        finding_done(&list->item[i]);
    free(list->item);
    hf_findings_init(list, list->catalogue);
}

int hf_findings_check(const struct hf_findings *list, struct hf_err *err)
{
    if (list->bad == HF_E_LIMIT)
        return HF_FAIL(err, HF_E_LIMIT, "more than %d findings",
                       HF_FINDINGS_MAX);
    if (list->bad)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the findings");
    return 0;
}

/* Room for one more item; doubles, since a store may have thousands. */
static bool make_room(struct hf_findings *list)
{
    size_t room = list->room > 0 ? list->room * 2 : 8;
    struct hf_finding *more;

    if (list->count >= HF_FINDINGS_MAX) {
        list->bad = HF_E_LIMIT;
        return false;
    }
    if (list->count < list->room)
        return true;
    more = reallocarray(list->item, room, sizeof(*more));
    if (!more) {
        list->bad = HF_E_NOMEM;
        return false;
    }
    list->item = more;
    list->room = room;
    return true;
}

void hf_findings_add(struct hf_findings *list, const char *code,
                     enum hf_certainty certainty, const char *subject)
{
    const struct hf_catalogue_row *kind =
        hf_catalogue_code(list->catalogue, code);
    struct hf_finding finding = { .kind = kind, .certainty = certainty };

    assert(kind); /* codes are ours: one that is not listed is our mistake */
    if (list->bad || !make_room(list))
        return;
    finding.subject = strdup(subject);
    finding.summary = strdup(kind->title);
    if (!finding.subject || !finding.summary) {
        finding_done(&finding);
        list->bad = HF_E_NOMEM;
        return;
    }
    list->item[list->count++] = finding;
}

/* The finding that is being filled, or NULL when the list went bad. */
static struct hf_finding *last(struct hf_findings *list)
{
    if (list->bad)
        return NULL;
    assert(list->count > 0); /* nothing was added yet: our mistake */
    return &list->item[list->count - 1];
}

/* The text on the heap; NULL, and the list is bad, without memory. */
HF_PRINTF(2, 0)
static char *format_text(struct hf_findings *list, const char *format,
                         va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0) {
        list->bad = HF_E_NOMEM;
        return NULL;
    }
    return text;
}

void hf_findings_summary(struct hf_findings *list, const char *format, ...)
{
    struct hf_finding *finding = last(list);
    va_list args;
    char *text;

    if (!finding)
        return;
    va_start(args, format);
    text = format_text(list, format, args);
    va_end(args);
    if (!text)
        return;
    free(finding->summary);
    finding->summary = text;
}

void hf_findings_evidence(struct hf_findings *list, const char *format, ...)
{
    struct hf_finding *finding = last(list);
    char **more;
    va_list args;
    char *text;

    if (!finding)
        return;
    va_start(args, format);
    text = format_text(list, format, args);
    va_end(args);
    if (!text)
        return;
    more = reallocarray(finding->evidence, finding->evidence_count + 1,
                        sizeof(*more));
    if (!more) {
        free(text);
        list->bad = HF_E_NOMEM;
        return;
    }
    finding->evidence = more;
    finding->evidence[finding->evidence_count++] = text;
}

/* Takes what `remedy` holds, also when there is no room for it. */
static bool put_remedy(struct hf_finding *finding,
                       const struct hf_remedy *remedy)
{
    struct hf_remedy *more = reallocarray(
        finding->remedies, finding->remedy_count + 1, sizeof(*more));

    if (!more) {
        free(remedy->text);
        free(remedy->command);
        return false;
    }
    finding->remedies = more;
    finding->remedies[finding->remedy_count++] = *remedy;
    return true;
}

/* The end of the words "holdfast doctor" or "holdfast roots WORD" at the start
 * of `text`, or 0. */
static size_t own_command(const char *text)
{
    static const char doctor[] = "holdfast doctor", roots[] = "holdfast roots ";

    if (strncmp(text, doctor, sizeof(doctor) - 1) == 0)
        return sizeof(doctor) - 1;
    if (strncmp(text, roots, sizeof(roots) - 1) == 0)
        return sizeof(roots) - 1 + strcspn(text + sizeof(roots) - 1, " ");
    return 0;
}

/* A command for the place these findings are about, on the heap. */
static char *scoped(const struct hf_findings *list, const char *command)
{
    HF_AUTO(hf_buf_done) struct hf_buf out;

    hf_buf_init(&out, COMMAND_MAX);
    while (*command) {
        size_t len = own_command(command);

        hf_buf_add(&out, command, len ? len : 1);
        if (len && list->scope)
            hf_buf_text(&out, list->scope);
        command += len ? len : 1;
    }
    return hf_buf_steal(&out);
}

void hf_findings_remedy(struct hf_findings *list, bool automatic,
                        const char *command, const char *format, ...)
{
    struct hf_finding *finding = last(list);
    struct hf_remedy remedy = { .automatic = automatic };
    va_list args;

    if (!finding)
        return;
    va_start(args, format);
    remedy.text = format_text(list, format, args);
    va_end(args);
    if (!remedy.text)
        return;
    if (command)
        remedy.command = scoped(list, command);
    if (!put_remedy(finding, &remedy) || (command && !remedy.command))
        list->bad = HF_E_NOMEM;
}

bool hf_findings_any(const struct hf_findings *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].kind->severity > HF_NOTE)
            return true;
    return false;
}

const struct hf_finding *hf_findings_by_cause(const struct hf_findings *list,
                                              const char *cause,
                                              const char *subject)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct hf_finding *finding = &list->item[i];

        if (strcmp(finding->kind->cause->name, cause) == 0 &&
            (!subject || strcmp(finding->subject, subject) == 0))
            return finding;
    }
    return NULL;
}
