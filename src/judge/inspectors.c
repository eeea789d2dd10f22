/* SPDX-License-Identifier: Apache-2.0 */
/* judge/inspectors.c - products that inspect TLS, known by the names of their
 * authorities. */
#include "judge/inspectors.h"

#include <regex.h>
#include <stdio.h>

#include "doc/embed.h"
#include "doc/tsv.h"

#define TABLE "inspectors.tsv"
#define TABLE_MAX (256 * 1024) /* bytes; ours: the embedded one has 4 KB */
#define PATTERN_MAX 512        /* bytes; ours: the longest has 130 */

struct row {
    struct hf_inspector inspector;
    bool has_name, has_org;
    regex_t name, org;
};

struct hf_inspectors {
    struct row *row;
    size_t count;
};

static void row_done(struct row *row)
{
    free(row->inspector.product);
    free(row->inspector.confidence);
    free(row->inspector.source);
    if (row->has_name)
        regfree(&row->name);
    if (row->has_org)
        regfree(&row->org);
}

void hf_inspectors_free(struct hf_inspectors *inspectors)
{
    if (!inspectors)
        return;
    for (size_t i = 0; i < inspectors->count; i++)
        row_done(&inspectors->row[i]);
    free(inspectors->row);
    free(inspectors);
}

/* An extended regular expression for the whole value. */
static int compile(struct hf_view text, regex_t *regex, bool *has,
                   unsigned line_no, struct hf_err *err)
{
    char pattern[PATTERN_MAX + 8], why[120];
    int rc;

    if (text.len == 0)
        return 0;
    if (text.len > PATTERN_MAX)
        return HF_FAIL(err, HF_E_PARSE,
                       TABLE ": line %u: a pattern of more than %d bytes",
                       line_no, PATTERN_MAX);
    (void)snprintf(pattern, sizeof(pattern), "^(%.*s)$", (int)text.len,
                   (const char *)text.ptr);
    rc = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
    if (rc == REG_ESPACE)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a pattern");
    if (rc != 0) {
        regerror(rc, regex, why, sizeof(why));
        return HF_FAIL(err, HF_E_PARSE, TABLE ": line %u: '%.*s': %s", line_no,
                       (int)text.len, (const char *)text.ptr, why);
    }
    *has = true;
    return 0;
}

static int read_row(const struct hf_tsv_row *fields, struct row *row,
                    struct hf_err *err)
{
    unsigned line_no = fields->line_no;

    if (fields->field[1].len == 0 && fields->field[2].len == 0)
        return HF_FAIL(err, HF_E_PARSE,
                       TABLE ": line %u: neither a name nor an organisation",
                       line_no);
    if (compile(fields->field[1], &row->name, &row->has_name, line_no, err) <
            0 ||
        compile(fields->field[2], &row->org, &row->has_org, line_no, err) < 0)
        return hf_err_code(err);
    row->inspector.product = hf_view_dup(fields->field[0]);
    row->inspector.source = hf_view_dup(fields->field[3]);
    row->inspector.confidence = hf_view_dup(fields->field[4]);
    if (!row->inspector.product || !row->inspector.source ||
        !row->inspector.confidence)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a pattern");
    return 0;
}

static int read_table(struct hf_view text, struct hf_inspectors *inspectors,
                      struct hf_err *err)
{
    static const char *const columns[] = { "product",        "issuer_CN_regex",
                                           "issuer_O_regex", "source",
                                           "confidence",     NULL };
    struct hf_tsv tsv;
    struct hf_tsv_row fields;
    int rc;

    if (hf_tsv_open(&tsv, TABLE, text, columns, err) < 0)
        return hf_err_code(err);
    while ((rc = hf_tsv_next(&tsv, &fields, err)) > 0) {
        struct row row = { 0 };
        struct row *grown = reallocarray(inspectors->row, inspectors->count + 1,
                                         sizeof(*grown));

        if (!grown)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a pattern");
        inspectors->row = grown;
        if (read_row(&fields, &row, err) < 0) {
            row_done(&row);
            return hf_err_code(err);
        }
        inspectors->row[inspectors->count++] = row;
    }
    return rc;
}

int hf_inspectors_load(const char *root, struct hf_inspectors **ret_inspectors,
                       struct hf_err *err)
{
    HF_AUTO(hf_inspectors_freep)
    struct hf_inspectors *inspectors = calloc(1, sizeof(*inspectors));
    struct hf_buf text;
    int rc;

    if (!inspectors)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for patterns");
    hf_buf_init(&text, TABLE_MAX);
    rc = hf_embed_read(root, TABLE, &text, err);
    if (rc == 0)
        rc = read_table(hf_buf_peek(&text), inspectors, err);
    hf_buf_done(&text);
    if (rc == 0)
        *ret_inspectors = HF_STEAL(inspectors);
    return rc;
}

static bool matches(const struct row *row, const struct hf_cert_info *info)
{
    return (!row->has_name ||
            regexec(&row->name, info->issuer_name, 0, NULL, 0) == 0) &&
           (!row->has_org ||
            regexec(&row->org, info->issuer_org, 0, NULL, 0) == 0);
}

const struct hf_inspector *
hf_inspectors_match(const struct hf_inspectors *inspectors,
                    const struct hf_certs *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        struct hf_err err;
        const struct hf_cert_info *info = hf_cert_info(chain->cert[i], &err);

        for (size_t k = 0; info && k < inspectors->count; k++)
            if (matches(&inspectors->row[k], info))
                return &inspectors->row[k].inspector;
    }
    return NULL;
}
