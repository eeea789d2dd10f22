/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_json.c - the doctor's answer for a program. */
#include <string.h>

#include "cli/doctor.h"
#include "cli/show_cert.h"

static void put_faults(struct hf_json *json, const struct hf_path *path)
{
    hf_json_array(json, "faults");
    for (size_t i = 0; i < path->fault_count; i++) {
        hf_json_object(json, NULL);
        hf_json_text(json, "fault", hf_fault_name(path->fault[i].kind));
        hf_json_number(json, "depth", (int64_t)path->fault[i].depth);
        hf_json_text(json, "text", path->fault[i].text);
        hf_json_text(json, "dotnet", hf_fault_dotnet(path->fault[i].kind));
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void put_certs(struct hf_json *json, const char *key,
                      const struct hf_certs *certs)
{
    hf_json_array(json, key);
    for (size_t i = 0; i < certs->count; i++)
        hf_json_stored_cert(json, certs->cert[i], NULL, NULL);
    hf_json_end(json);
}

static void put_causes(struct hf_json *json, const struct hf_findings *list,
                       const char *label, bool update_explains)
{
    hf_json_array(json, "causes");
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].subject, label) == 0 &&
            list->item[i].kind->severity != HF_NOTE)
            hf_json_text(json, NULL, list->item[i].kind->cause->name);
    if (update_explains)
        hf_json_text(json, NULL, "root-update-disabled");
    hf_json_end(json);
}

/* What the last certificate of a chain that breaks off needs. */
static void put_missing(struct hf_json *json, const struct hf_path *path)
{
    struct hf_err err;
    const struct hf_cert_info *top;

    if (!path->missing_name) {
        hf_json_null(json, "missing_issuer");
        return;
    }
    top = hf_cert_info(path->chain.cert[path->chain.count - 1], &err);
    hf_json_object(json, "missing_issuer");
    hf_json_text(json, "name", path->missing_name);
    hf_json_text(json, "key_id", path->missing_key_id);
    hf_json_array(json, "urls");
    for (size_t i = 0; top && i < top->issuers_url.count; i++)
        hf_json_text(json, NULL, top->issuers_url.text[i]);
    hf_json_end(json);
    hf_json_end(json);
}

static void put_host(struct hf_json *json, const struct hf_doctor *d,
                     const struct hf_host *host)
{
    const struct hf_look_seen *seen = &host->seen;

    hf_json_object(json, NULL);
    hf_json_text(json, "host", host->target.host);
    hf_json_number(json, "port", host->target.port);
    hf_json_text(json, "status", hf_look_end_name(seen->end));
    hf_json_text(json, "detail", seen->detail);
    hf_json_text(json, "address", seen->address);
    if (seen->proxy[0])
        hf_json_text(json, "proxy", seen->proxy);
    hf_json_text(json, "version", seen->version);
    hf_json_text(json, "cipher", seen->cipher);
    hf_json_bool(json, "client_certificate_asked", seen->client_cert_asked);
    hf_json_number(json, "connect_ms", seen->connect_ms);
    hf_json_number(json, "handshake_ms", seen->handshake_ms);
    put_causes(json, &d->s->findings, host->label,
               host->judged && host->verdict.root &&
                   d->update.update.roots_off);
    hf_json_bool(json, "trusted", host->judged && host->verdict.good);
    /* the path of a host that could not be judged is empty */
    put_certs(json, "served", &seen->served);
    put_certs(json, "chain", &host->verdict.path.chain);
    put_faults(json, &host->verdict.path);
    put_missing(json, &host->verdict.path);
    hf_json_end(json);
}

void hf_doctor_json(struct hf_json *json, const struct hf_doctor *d)
{
    hf_shelf_json(json, &d->shelf);
    hf_needs_json(json, d->others.count > 0 ? &d->others : &d->needs);
    hf_update_json(json, &d->update);
    hf_json_object(json, "clock");
    hf_json_time(json, "now", d->s->now_s);
    hf_json_time(json, "at", d->s->at_s);
    hf_json_end(json);
    hf_json_array(json, "hosts");
    for (size_t i = 0; i < d->target_count && d->host; i++)
        put_host(json, d, &d->host[i]);
    hf_json_end(json);
}
