/* SPDX-License-Identifier: Apache-2.0 */
/* report/catalogue.c - every cause and every code this program can name. */
#include "report/catalogue.h"

#include <strings.h>

#include "doc/embed.h"
#include "doc/tsv.h"

#define TABLE_MAX (1024 * 1024) /* bytes; ours: the larger table has 40,000 */
#define CAUSE_NAME_MAX 40       /* bytes; ours: the longest has 21 */

/* A row, and the number of the table that gave it: the same name twice in one
 * table is refused, in a later table it replaces. */
struct cause {
    struct hf_cause_row row;
    unsigned table;
};

struct code {
    struct hf_catalogue_row row;
    unsigned table;
};

struct hf_catalogue {
    struct cause *cause[HF_CATALOGUE_ROWS]; /* an entry stays where it is */
    size_t cause_count;
    struct code *code[HF_CATALOGUE_ROWS]; /* sorted once a table is read */
    size_t code_count;
    unsigned table; /* the one being read */
};

static const char *const severity_name[] = { "note", "warning", "error" };

const char *hf_severity_name(enum hf_severity severity)
{
    return severity_name[severity];
}

/* --- memory -------------------------------------------------------------- */

static void cause_done(struct hf_cause_row *cause)
{
    free(cause->name);
    free(cause->meaning);
    free(cause->told);
    free(cause->aka);
}

static void code_done(struct hf_catalogue_row *row)
{
    free(row->code);
    free(row->title);
    free(row->meaning);
    free(row->recognised);
    free(row->remedy);
    free(row->source);
}

int hf_catalogue_new(struct hf_catalogue **ret_catalogue, struct hf_err *err)
{
    struct hf_catalogue *catalogue = calloc(1, sizeof(*catalogue));

    if (!catalogue)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the catalogue");
    *ret_catalogue = catalogue;
    return 0;
}

void hf_catalogue_free(struct hf_catalogue *catalogue)
{
    if (!catalogue)
        return;
    for (size_t i = 0; i < catalogue->code_count; i++) {
        code_done(&catalogue->code[i]->row);
        free(catalogue->code[i]);
    }
    for (size_t i = 0; i < catalogue->cause_count; i++) {
        cause_done(&catalogue->cause[i]->row);
        free(catalogue->cause[i]);
    }
    free(catalogue);
}

/* --- looking up ---------------------------------------------------------- */

static struct code *code_by(const struct hf_catalogue *catalogue,
                            const char *name)
{
    for (size_t i = 0; i < catalogue->code_count; i++)
        if (strcasecmp(catalogue->code[i]->row.code, name) == 0)
            return catalogue->code[i];
    return NULL;
}

static struct cause *cause_by(const struct hf_catalogue *catalogue,
                              const char *name)
{
    for (size_t i = 0; i < catalogue->cause_count; i++)
        if (strcasecmp(catalogue->cause[i]->row.name, name) == 0)
            return catalogue->cause[i];
    return NULL;
}

const struct hf_catalogue_row *
hf_catalogue_code(const struct hf_catalogue *catalogue, const char *code)
{
    const struct code *found = code_by(catalogue, code);

    return found ? &found->row : NULL;
}

const struct hf_cause_row *
hf_catalogue_cause(const struct hf_catalogue *catalogue, const char *cause)
{
    const struct cause *found = cause_by(catalogue, cause);

    return found ? &found->row : NULL;
}

size_t hf_catalogue_count(const struct hf_catalogue *catalogue)
{
    return catalogue->code_count;
}

const struct hf_catalogue_row *
hf_catalogue_at(const struct hf_catalogue *catalogue, size_t i)
{
    return &catalogue->code[i]->row;
}

size_t hf_catalogue_cause_count(const struct hf_catalogue *catalogue)
{
    return catalogue->cause_count;
}

const struct hf_cause_row *
hf_catalogue_cause_at(const struct hf_catalogue *catalogue, size_t i)
{
    return &catalogue->cause[i]->row;
}

/* --- fields -------------------------------------------------------------- */

/* "\n" and "\\" of a table as the bytes they stand for. */
static int field_text(struct hf_view field, char **ret_text, struct hf_err *err)
{
    uint8_t *text = malloc(field.len + 1);
    size_t len = 0;

    if (!text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the catalogue");
    for (size_t i = 0; i < field.len; i++) {
        uint8_t c = field.ptr[i];

        if (c == '\\') {
            uint8_t next = i + 1 < field.len ? field.ptr[++i] : 0;

            if (next != 'n' && next != '\\') {
                free(text);
                return HF_FAIL(err, HF_E_PARSE,
                               "a backslash is followed by neither 'n' nor "
                               "another one");
            }
            c = next == 'n' ? '\n' : next;
        }
        text[len++] = c;
    }
    text[len] = '\0';
    *ret_text = (char *)text;
    return 0;
}

/* The fields of a row from `at` on, into texts[0 .. count); all on the heap or
 * NULL, also on failure. */
static int field_texts(const struct hf_tsv_row *fields, size_t at, size_t count,
                       char **const *texts, struct hf_err *err)
{
    for (size_t i = 0; i < count; i++)
        if (field_text(fields->field[at + i], texts[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

static bool is_code(struct hf_view v)
{
    if (v.len != 6 || !hf_view_starts(v, "HF"))
        return false;
    for (size_t i = 2; i < v.len; i++)
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return false;
    return true;
}

static bool is_cause_name(struct hf_view v)
{
    if (v.len == 0 || v.len > CAUSE_NAME_MAX)
        return false;
    for (size_t i = 0; i < v.len; i++)
        if (!(v.ptr[i] >= 'a' && v.ptr[i] <= 'z') && v.ptr[i] != '-')
            return false;
    return true;
}

static int read_severity(struct hf_view v, enum hf_severity *ret_severity,
                         struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(severity_name); i++) {
        if (!hf_view_is(v, severity_name[i]))
            continue;
        *ret_severity = (enum hf_severity)i;
        return 0;
    }
    return HF_FAIL(err, HF_E_PARSE,
                   "the severity is none of note, warning, error");
}

/* A zeroed entry for one more row of an array that holds `count`; NULL, and
 * `err` says why. */
static void *new_entry(size_t count, size_t size, struct hf_err *err)
{
    void *entry = count < HF_CATALOGUE_ROWS ? calloc(1, size) : NULL;

    if (count >= HF_CATALOGUE_ROWS)
        (void)HF_FAIL(err, HF_E_LIMIT, "more than %d rows", HF_CATALOGUE_ROWS);
    else if (!entry)
        (void)HF_FAIL(err, HF_E_NOMEM, "no memory for the catalogue");
    return entry;
}

/* --- causes -------------------------------------------------------------- */

static int read_cause(const struct hf_tsv_row *fields,
                      struct hf_cause_row *ret_cause, struct hf_err *err)
{
    char **const texts[] = { &ret_cause->name, &ret_cause->meaning,
                             &ret_cause->told, &ret_cause->aka };

    if (!is_cause_name(fields->field[0]))
        return HF_FAIL(err, HF_E_PARSE,
                       "a cause is 1 to %d small letters and hyphens",
                       CAUSE_NAME_MAX);
    if (fields->field[1].len == 0 || fields->field[2].len == 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "the cause has no meaning or is not told apart");
    return field_texts(fields, 0, HF_COUNT(texts), texts, err);
}

/* Takes what `row` holds. */
static int put_cause(struct hf_catalogue *catalogue, struct hf_cause_row *row,
                     struct hf_err *err)
{
    struct cause *there = cause_by(catalogue, row->name);

    if (there && there->table == catalogue->table)
        return HF_FAIL(err, HF_E_PARSE, "'%s' stands here twice", row->name);
    if (!there) {
        there = new_entry(catalogue->cause_count, sizeof(*there), err);
        if (!there)
            return hf_err_code(err);
        catalogue->cause[catalogue->cause_count++] = there;
    }
    cause_done(&there->row);
    there->row = *row;
    there->table = catalogue->table;
    *row = (struct hf_cause_row){ 0 };
    return 0;
}

int hf_catalogue_causes(struct hf_catalogue *catalogue, const char *name,
                        struct hf_view text, struct hf_err *err)
{
    static const char *const columns[] = { "cause", "meaning", "told", "aka",
                                           NULL };
    struct hf_tsv tsv;
    struct hf_tsv_row fields;
    int rc;

    catalogue->table++;
    if (hf_tsv_open(&tsv, name, text, columns, err) < 0)
        return hf_err_code(err);
    while ((rc = hf_tsv_next(&tsv, &fields, err)) > 0) {
        struct hf_cause_row row = { 0 };

        if (read_cause(&fields, &row, err) < 0 ||
            put_cause(catalogue, &row, err) < 0) {
            cause_done(&row);
            return HF_WRAP(err, "%s:%u", name, fields.line_no);
        }
    }
    return rc;
}

/* --- codes --------------------------------------------------------------- */

static int read_row(const struct hf_catalogue *catalogue,
                    const struct hf_tsv_row *fields,
                    struct hf_catalogue_row *ret_row, struct hf_err *err)
{
    char **const texts[] = { &ret_row->title, &ret_row->meaning,
                             &ret_row->recognised, &ret_row->remedy,
                             &ret_row->source };

    if (!is_code(fields->field[0]))
        return HF_FAIL(err, HF_E_PARSE, "a code is HF and four digits");
    for (size_t i = 0; i < HF_COUNT(texts); i++)
        if (fields->field[3 + i].len == 0)
            return HF_FAIL(err, HF_E_PARSE, "column %zu is empty", 4 + i);
    ret_row->code = hf_view_dup(fields->field[0]);
    if (!ret_row->code)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the catalogue");
    for (size_t i = 0; i < catalogue->cause_count && !ret_row->cause; i++)
        if (hf_view_is(fields->field[1], catalogue->cause[i]->row.name))
            ret_row->cause = &catalogue->cause[i]->row;
    if (!ret_row->cause)
        return HF_FAIL(err, HF_E_PARSE, "the cause of '%s' is not in the list",
                       ret_row->code);
    if (read_severity(fields->field[2], &ret_row->severity, err) < 0)
        return hf_err_code(err);
    return field_texts(fields, 3, HF_COUNT(texts), texts, err);
}

/* Takes what `row` holds. */
static int put_code(struct hf_catalogue *catalogue,
                    struct hf_catalogue_row *row, struct hf_err *err)
{
    struct code *there = code_by(catalogue, row->code);

    if (there && there->table == catalogue->table)
        return HF_FAIL(err, HF_E_PARSE, "'%s' stands here twice", row->code);
    if (there && there->row.cause != row->cause)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s' keeps its cause '%s', '%s' is another", row->code,
                       there->row.cause->name, row->cause->name);
    if (!there) {
        there = new_entry(catalogue->code_count, sizeof(*there), err);
        if (!there)
            return hf_err_code(err);
        catalogue->code[catalogue->code_count++] = there;
    }
    code_done(&there->row);
    there->row = *row;
    there->table = catalogue->table;
    *row = (struct hf_catalogue_row){ 0 };
    return 0;
}

static int by_code(const void *a, const void *b)
{
    const struct code *const *left = a, *const *right = b;

    return strcmp((*left)->row.code, (*right)->row.code);
}

int hf_catalogue_codes(struct hf_catalogue *catalogue, const char *name,
                       struct hf_view text, struct hf_err *err)
{
    static const char *const columns[] = { "code",   "cause",   "severity",
                                           "title",  "meaning", "recognised",
                                           "remedy", "source",  NULL };
    struct hf_tsv tsv;
    struct hf_tsv_row fields;
    int rc;

    catalogue->table++;
    if (hf_tsv_open(&tsv, name, text, columns, err) < 0)
        return hf_err_code(err);
    while ((rc = hf_tsv_next(&tsv, &fields, err)) > 0) {
        struct hf_catalogue_row row = { 0 };

        if (read_row(catalogue, &fields, &row, err) < 0 ||
            put_code(catalogue, &row, err) < 0) {
            code_done(&row);
            return HF_WRAP(err, "%s:%u", name, fields.line_no);
        }
    }
    qsort(catalogue->code, catalogue->code_count, sizeof(catalogue->code[0]),
          by_code);
    return rc;
}

/* --- both tables --------------------------------------------------------- */

typedef int read_fn(struct hf_catalogue *catalogue, const char *name,
                    struct hf_view text, struct hf_err *err);

/* The embedded table, then the one in /etc/holdfast when there is one. */
static int load_table(struct hf_catalogue *catalogue, const char *root,
                      const char *name, read_fn *read, struct hf_err *err)
{
    const struct hf_embed *embedded = hf_embed_find(name);
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf text;

    hf_buf_init(&text, TABLE_MAX);
    if (!embedded)
        return HF_FAIL(err, HF_E_ABSENT, "no table '%s' is built in", name);
    if (read(catalogue, name, embedded->text, err) < 0 ||
        hf_embed_open(root, name, &text, &path, err) < 0)
        return hf_err_code(err);
    return path ? read(catalogue, path, hf_buf_peek(&text), err) : 0;
}

int hf_catalogue_load(const char *root, struct hf_catalogue **ret_catalogue,
                      struct hf_err *err)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;

    if (hf_catalogue_new(&catalogue, err) < 0 ||
        load_table(catalogue, root, "causes.tsv", hf_catalogue_causes, err) <
            0 ||
        load_table(catalogue, root, "findings.tsv", hf_catalogue_codes, err) <
            0)
        return HF_WRAP(err, "cannot load the catalogue of findings");
    *ret_catalogue = HF_STEAL(catalogue);
    return 0;
}
