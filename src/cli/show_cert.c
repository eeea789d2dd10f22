/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show_cert.c - certificates on a screen. */
#include "cli/show_cert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "crypto/cert_brief.h"

void hf_show_cert_heading(struct hf_session *s)
{
    hf_buf_printf(&s->out, "  %s%-10s  %-14s  %-16s  %s%s\n",
                  hf_ink(&s->style, HF_INK_DIM), "ends", "key",
                  "SHA-256 begins", "name", hf_ink(&s->style, HF_INK_PLAIN));
}

/* Red when over, yellow within a month. */
static enum hf_ink date_ink(const struct hf_session *s, int64_t not_after_s)
{
    if (not_after_s < s->at_s)
        return HF_INK_BAD;
    return not_after_s < s->at_s + 30LL * HF_DAY_S ? HF_INK_WARN : HF_INK_PLAIN;
}

/* By the short way where that knows. The name is freed by the caller. */
static bool few_words(struct hf_cert *cert, struct hf_cert_brief *ret_brief)
{
    struct hf_err err;
    const struct hf_cert_info *info;

    if (hf_cert_brief(cert, ret_brief, &err) == 0)
        return true;
    info = hf_cert_info(cert, &err);
    if (!info)
        return false;
    *ret_brief = (struct hf_cert_brief){
        .name = hf_view_dup(hf_view_text(info->name)),
        .not_before_s = info->not_before_s,
        .not_after_s = info->not_after_s,
    };
    (void)snprintf(ret_brief->key_text, sizeof(ret_brief->key_text), "%s",
                   info->key_text);
    return ret_brief->name != NULL;
}

void hf_show_cert_line(struct hf_session *s, struct hf_cert *cert)
{
    struct hf_cert_brief brief = { 0 };
    char hash[2 * 8 + 1], day[HF_TIME_TEXT];

    hf_hex(hf_view(hf_cert_sha256(cert), 8), hash);
    if (!few_words(cert, &brief)) {
        hf_buf_printf(&s->out, "  %-10s  %-14s  %s  does not decode\n", "?",
                      "?", hash);
        return;
    }
    hf_buf_printf(&s->out, "  %s%s%s  %-14s  %s  ",
                  hf_ink(&s->style, date_ink(s, brief.not_after_s)),
                  hf_calendar_day(brief.not_after_s, day),
                  hf_ink(&s->style, HF_INK_PLAIN), brief.key_text, hash);
    hf_render_safe(&s->out, &s->style, brief.name);
    if (brief.not_after_s < s->at_s)
        hf_buf_text(&s->out, "  (expired)");
    else if (brief.not_before_s > s->at_s)
        hf_buf_text(&s->out, "  (not yet valid)");
    hf_buf_text(&s->out, "\n");
    free(brief.name);
}

void hf_show_field(struct hf_session *s, const char *label, const char *value)
{
    hf_buf_printf(&s->out, "    %s%-8s%s ", hf_ink(&s->style, HF_INK_DIM),
                  label, hf_ink(&s->style, HF_INK_PLAIN));
    hf_render_wrapped(&s->out, &s->style, 13, value);
    hf_buf_text(&s->out, "\n");
}

static void put_validity(struct hf_session *s, const struct hf_cert_info *info)
{
    char from[HF_TIME_TEXT], to[HF_TIME_TEXT], text[128];

    (void)snprintf(text, sizeof(text), "%s to %s%s",
                   hf_calendar_day(info->not_before_s, from),
                   hf_calendar_day(info->not_after_s, to),
                   info->not_after_s < s->at_s    ? ": expired"
                   : info->not_before_s > s->at_s ? ": not yet valid"
                                                  : "");
    hf_show_field(s, "valid", text);
}

void hf_show_cert(struct hf_session *s, struct hf_cert *cert, const char *where)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);
    char hash[2 * HF_SHA256_LEN + 1];

    hf_buf_printf(&s->out, "  %s", hf_ink(&s->style, HF_INK_BOLD));
    hf_render_safe(&s->out, &s->style,
                   info ? info->name : "a certificate that does not decode");
    hf_buf_printf(&s->out, "%s\n", hf_ink(&s->style, HF_INK_PLAIN));
    if (info) {
        hf_show_field(s, "subject", info->subject);
        if (!info->self_issued || s->style.verbose)
            hf_show_field(s, "issuer", info->issuer);
        hf_show_field(s, "serial", info->serial);
        put_validity(s, info);
        if (s->style.verbose) {
            hf_show_field(s, "key", info->key_text);
            hf_show_field(s, "signed", info->signature);
        }
    }
    hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), hash);
    hf_show_field(s, "SHA-1", hash);
    hf_hex(hf_view(hf_cert_sha256(cert), HF_SHA256_LEN), hash);
    hf_show_field(s, "SHA-256", hash);
    if (where)
        hf_show_field(s, "where", where);
}

/* For a POSIX shell: double quotes where they are safe, since that is how the
 * manuals write it, else single ones. */
static void put_quoted(struct hf_session *s, const char *name)
{
    bool plain = strpbrk(name, "\"$`\\!") == NULL;

    hf_buf_text(&s->out, plain ? "\"" : "'");
    for (const char *c = name; *c; c++) {
        if (!plain && *c == '\'')
            hf_buf_text(&s->out, "'\\''");
        else
            hf_buf_add(&s->out, c, 1);
    }
    hf_buf_text(&s->out, plain ? "\"" : "'");
}

void hf_show_cert_commands(struct hf_session *s, struct hf_cert *cert,
                           const char *bundle)
{
    struct hf_err err;
    const struct hf_cert_info *info = hf_cert_info(cert, &err);
    char sha1[2 * HF_SHA1_LEN + 1];

    if (!info)
        return;
    hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), sha1);
    hf_buf_text(&s->out, "    Windows  certutil -store AuthRoot ");
    /* cmd.exe has no way to quote these: the hash finds it as well */
    if (strpbrk(info->name, "\"%"))
        hf_buf_text(&s->out, sha1);
    else
        hf_buf_printf(&s->out, "\"%s\"", info->name);
    hf_buf_printf(&s->out, "\n             certutil -store Root %s\n", sha1);
    hf_buf_text(&s->out, "    macOS    security find-certificate -c ");
    put_quoted(s, info->name);
    hf_buf_text(&s->out, " -a -Z\n    Linux    openssl crl2pkcs7 -nocrl "
                         "-certfile ");
    put_quoted(s, bundle);
    hf_buf_text(&s->out, " | openssl pkcs7 -print_certs -noout | grep -F ");
    put_quoted(s, info->name);
    hf_buf_text(&s->out, "\n");
}

void hf_json_stored_cert(struct hf_json *json, struct hf_cert *cert,
                         const char *store, const char *where)
{
    hf_json_object(json, NULL);
    hf_cert_json(json, cert);
    if (store)
        hf_json_text(json, "store", store);
    if (where)
        hf_json_text(json, "where", where);
    hf_json_end(json);
}
