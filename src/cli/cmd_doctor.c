/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_doctor.c - holdfast doctor: why is this agent offline, and what
 * repairs it? */
#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/show_cert.h"

#define AT(field) offsetof(struct hf_doctor_opts, field)

static const struct hf_opt doctor_opts[] = {
    { NULL, 0, "PRODUCT|HOST:PORT...", AT(words), hf_set_list, HF_VALUE_PRODUCT,
      "products whose roots are checked, and TLS servers to look at; none: "
      "the machine itself",
      NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      hf_store_help, "every store found" },
    { "fix", 0, NULL, AT(fix), hf_set_switch, HF_VALUE_ANY,
      "repair what can be repaired, then look again", NULL },
    { "reg", 0, "FILE", AT(reg_file), hf_set_text, HF_VALUE_FILE,
      "write the repair of a Windows machine as a .reg file, to be imported "
      "there",
      NULL },
    { "hosts", 0, "FILE", AT(hosts_file), hf_set_text, HF_VALUE_FILE,
      "look at the servers in FILE too, one HOST:PORT a line; - is standard "
      "input",
      NULL },
    { "from", 0, "PATH", AT(from), hf_set_list, HF_VALUE_FILE,
      "a file or folder with certificates that may help; may be repeated",
      NULL },
    { "include-distrusted", 0, NULL, AT(include_distrusted), hf_set_switch,
      HF_VALUE_ANY,
      "count roots that are expired, distrusted or not for TLS as missing too",
      NULL },
    { "no-fetch", 0, NULL, AT(no_fetch), hf_set_switch, HF_VALUE_ANY,
      "fetch no issuers and no revocation lists", NULL },
    { "offline", 0, NULL, AT(offline), hf_set_switch, HF_VALUE_ANY,
      "connect to nothing, not even to a product's own hosts", NULL },
    { "parallel", 'P', "N", AT(parallel), hf_set_count, HF_VALUE_ANY,
      "connections at once", "128" },
    { "timeout", 't', "SECONDS", AT(timeout_s), hf_set_count, HF_VALUE_ANY,
      "for each of name, connection and handshake", "5" },
    { 0 }
};

/* Findings that were there before a fix and are not any more. */
static void json_repaired(struct hf_json *json, const struct hf_findings *was,
                          const struct hf_findings *is)
{
    hf_json_array(json, "repaired");
    for (size_t i = 0; i < was->count; i++) {
        const struct hf_finding *f = &was->item[i];

        if (f->kind->severity == HF_NOTE ||
            hf_findings_by_cause(is, f->kind->cause->name, f->subject))
            continue;
        hf_json_object(json, NULL);
        hf_json_text(json, "code", f->kind->code);
        hf_json_text(json, "cause", f->kind->cause->name);
        hf_json_text(json, "subject", f->subject);
        hf_json_text(json, "summary", f->summary);
        hf_json_end(json);
    }
    hf_json_end(json);
}

struct outcome {
    struct hf_findings before; /* of the look before the fix */
    struct hf_doctor_fixed fixed;
};

static void put_json(struct hf_doctor *d, const struct outcome *o,
                     enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &d->s->out, true);
    hf_render_json_open(&json, "doctor", result, &d->s->findings);
    hf_doctor_json(&json, d);
    if (d->opts->fix) {
        json_repaired(&json, &o->before, &d->s->findings);
        hf_json_array(&json, "installed");
        for (size_t i = 0; i < o->fixed.installed.count; i++)
            hf_json_stored_cert(&json, o->fixed.installed.cert[i], NULL, NULL);
        hf_json_end(&json);
        hf_json_number(&json, "settings_repaired", (int64_t)o->fixed.values);
    }
    hf_json_end(&json);
}

static void put_verdict(struct hf_doctor *d, enum hf_result result)
{
    struct hf_session *s = d->s;

    if (result == HF_RESULT_HEALTHY && !s->common->quiet)
        hf_buf_printf(&s->out, "%sNo problem found.%s\n",
                      hf_ink(&s->style, HF_INK_GOOD),
                      hf_ink(&s->style, HF_INK_PLAIN));
    else if (result == HF_RESULT_INCOMPLETE)
        hf_buf_text(&s->out, "\nSome of it could not be looked at: the answer "
                             "is incomplete.\n");
}

static void put_fixed(struct hf_doctor *d, const struct outcome *o)
{
    struct hf_buf *out = &d->s->out;
    size_t roots = o->fixed.installed.count, values = o->fixed.values;

    if (!d->opts->fix)
        return;
    if (roots + values == 0) {
        hf_buf_text(out, "There was nothing that --fix could repair.\n\n");
        return;
    }
    hf_buf_text(out, "Repaired: ");
    if (values > 0)
        hf_buf_printf(out, "%zu %s put right%s", values,
                      hf_plural(values, "setting was", "settings were"),
                      roots > 0 ? ", " : "");
    if (roots > 0)
        hf_buf_printf(out, "%s imported",
                      roots == 1 ? "this root was" : "these roots were");
    hf_buf_text(out, ", and everything was looked at again.\n\n");
    for (size_t i = 0; i < roots; i++) {
        hf_show_cert(d->s, o->fixed.installed.cert[i], NULL);
        hf_buf_text(out, "\n");
    }
}

/* Repairs, and looks again with fresh eyes. */
static int repair(struct hf_doctor *d, struct outcome *o, struct hf_err *err)
{
    if (hf_doctor_fix(d, &o->fixed, err) < 0) {
        hf_remedies_for(d->s, &d->opts->stores, &d->opts->from);
        /* what was found is still worth reading */
        if (!d->opts->common.json)
            hf_doctor_show(d);
        return HF_WRAP(err, "--fix");
    }
    if (o->fixed.installed.count + o->fixed.values == 0)
        return 0;
    o->before = d->s->findings;
    hf_findings_init(&d->s->findings, d->s->catalogue);
    d->s->findings.scope = d->s->scope;
    hf_doctor_forget(d);
    d->repaired = o->fixed.values > 0;
    return hf_doctor_look(d, err);
}

static void put_reg(struct hf_doctor *d)
{
    struct hf_session *s = d->s;

    if (!d->opts->reg_file || s->common->quiet)
        return;
    hf_buf_text(&s->out, "\nThe repair was written to ");
    hf_render_safe(&s->out, &s->style, d->opts->reg_file);
    hf_buf_text(&s->out, ", nothing else was touched. On the Windows machine, "
                         "as administrator:\nreg import FILE\n");
}

/* Looks, and repairs or writes the repair, as asked. */
static int act(struct hf_doctor *d, struct outcome *o, struct hf_err *err)
{
    int rc;

    if (hf_doctor_words(d, err) < 0 || hf_doctor_look(d, err) < 0 ||
        (d->opts->reg_file && hf_doctor_reg(d, d->opts->reg_file, err) < 0))
        return hf_err_code(err);
    rc = d->opts->fix ? repair(d, o, err) : 0;
    hf_remedies_for(d->s, &d->opts->stores, &d->opts->from);
    return rc;
}

static int examine(struct hf_doctor *d, struct outcome *o, struct hf_err *err)
{
    enum hf_result result;

    if (d->opts->fix && d->opts->reg_file)
        return HF_FAIL(err, HF_E_USAGE,
                       "--fix changes the stores, --reg writes a file and "
                       "touches nothing else: give one of them");
    if (act(d, o, err) < 0)
        return hf_err_code(err);
    result = hf_session_result(d->s, d->shelf.unreadable > 0);
    if (d->opts->common.json) {
        put_json(d, o, result);
    } else {
        put_fixed(d, o);
        hf_doctor_show(d);
        put_verdict(d, result);
        put_reg(d);
    }
    return hf_session_exit(result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    struct hf_doctor d = { .s = s, .opts = v };
    struct outcome o = { 0 };
    int rc = examine(&d, &o, err);

    hf_progress_end(s);
    hf_findings_done(&o.before);
    hf_certs_done(&o.fixed.installed);
    hf_doctor_done(&d);
    return rc;
}

static void done(void *v)
{
    struct hf_doctor_opts *opts = v;

    hf_args_done(&opts->words);
    hf_args_done(&opts->stores);
    hf_args_done(&opts->from);
}

static const struct hf_example examples[] = {
    { "doctor", "is this machine fit to trust what it must?" },
    { "doctor cylance", "Cylance PROTECT: its roots and its servers" },
    { "doctor api.example.com:443 10.0.0.7:8443",
      "two servers: what they serve, judged by this machine's store" },
    { "doctor A1 manager.example:4343 --fix", "repair what can be repaired" },
    { "doctor api.example.com --at 2031-11-10", "what breaks on that day?" },
    { "doctor --hosts fleet.txt --json", "many servers, for a program" },
    { "doctor --root /mnt/disk", "a system that is not running" },
    { "doctor cylance --store hive:SOFTWARE --reg repair.reg",
      "a Windows machine by its hive: the repair to import there" },
    { 0 }
};

const struct hf_cmd hf_cmd_doctor = {
    .path = "doctor",
    .words = "[PRODUCT|HOST:PORT]...",
    .summary = "why is this agent offline, and what repairs it?",
    .about = "Looks at this machine's trust stores and clock, at what the "
             "products named need, and at what the servers named serve, "
             "through the proxy variables of the environment; names the one "
             "cause of each fault with the evidence for it, and what repairs "
             "it. Nothing is sent to a server beyond a TLS handshake, and a "
             "HEAD request where a certificate's date is in doubt.",
    .opts = doctor_opts,
    .groups = HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_CTL |
              HF_GROUP_QUIET | HF_GROUP_ROOT | HF_GROUP_TIME,
    .size = sizeof(struct hf_doctor_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
