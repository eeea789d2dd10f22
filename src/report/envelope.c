/* SPDX-License-Identifier: Apache-2.0 */
/* report/envelope.c - findings and catalogue as JSON (docs/json.md). */
#include "report/render.h"

const char *hf_result_name(enum hf_result result)
{
    static const char *const name[] = { "healthy", "findings", "incomplete" };

    return name[result];
}

static void put_remedy(struct hf_json *json, const struct hf_remedy *remedy)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "text", remedy->text);
    if (remedy->command)
        hf_json_text(json, "command", remedy->command);
    hf_json_bool(json, "automatic", remedy->automatic);
    hf_json_end(json);
}

static void put_finding(struct hf_json *json, const struct hf_finding *finding)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "code", finding->kind->code);
    hf_json_text(json, "cause", finding->kind->cause->name);
    hf_json_text(json, "severity", hf_severity_name(finding->kind->severity));
    hf_json_text(json, "certainty", hf_certainty_name(finding->certainty));
    hf_json_text(json, "subject", finding->subject);
    hf_json_text(json, "summary", finding->summary);
    hf_json_array(json, "evidence");
    for (size_t i = 0; i < finding->evidence_count; i++)
        hf_json_text(json, NULL, finding->evidence[i]);
    hf_json_end(json);
    hf_json_array(json, "remedies");
    for (size_t i = 0; i < finding->remedy_count; i++)
        put_remedy(json, &finding->remedies[i]);
    hf_json_end(json);
    hf_json_end(json);
}

static void put_severity(struct hf_json *json, const struct hf_findings *list,
                         enum hf_severity severity)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].kind->severity == severity)
            put_finding(json, &list->item[i]);
}

void hf_render_json_open(struct hf_json *json, const char *command,
                         enum hf_result result, const struct hf_findings *list)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "holdfast", HF_VERSION);
    hf_json_text(json, "command", command);
    hf_json_text(json, "result", hf_result_name(result));
    hf_json_array(json, "findings");
    put_severity(json, list, HF_ERROR);
    put_severity(json, list, HF_WARNING);
    hf_json_end(json);
    hf_json_array(json, "notes");
    put_severity(json, list, HF_NOTE);
    hf_json_end(json);
}

void hf_render_json_code(struct hf_json *json,
                         const struct hf_catalogue_row *row)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "code", row->code);
    hf_json_text(json, "cause", row->cause->name);
    hf_json_text(json, "severity", hf_severity_name(row->severity));
    hf_json_text(json, "title", row->title);
    hf_json_text(json, "meaning", row->meaning);
    hf_json_text(json, "recognised", row->recognised);
    hf_json_text(json, "remedy", row->remedy);
    hf_json_text(json, "source", row->source);
    hf_json_end(json);
}

void hf_render_json_cause(struct hf_json *json,
                          const struct hf_catalogue *catalogue,
                          const struct hf_cause_row *cause)
{
    hf_json_object(json, NULL);
    hf_json_text(json, "cause", cause->name);
    hf_json_text(json, "meaning", cause->meaning);
    hf_json_text(json, "told", cause->told);
    hf_json_text(json, "aka", cause->aka);
    hf_json_array(json, "codes");
    for (size_t i = 0; i < hf_catalogue_count(catalogue); i++)
        if (hf_catalogue_at(catalogue, i)->cause == cause)
            hf_json_text(json, NULL, hf_catalogue_at(catalogue, i)->code);
    hf_json_end(json);
    hf_json_end(json);
}
