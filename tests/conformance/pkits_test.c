/* SPDX-License-Identifier: Apache-2.0 */
/* pkits_test.c - NIST PKITS 1.0.1: RFC 5280 path validation with CRLs.
 * Source: https://csrc.nist.gov/projects/pki-testing */
#include <string.h>

#include "base/calendar.h"
#include "crypto/path.h"
#include "hf_test.h"
#include "outside.h"

#define FIELDS 7
#define NAMES_MAX 32 /* parts of one comma list; the suite has at most 8 */

enum { NUMBER, TITLE, GROUP, CERTS, CRLS, VALID, POLICY };

/* Tests we answer in another way, each with its reason. */
static const struct {
    const char *number, *why;
} known[] = {
    { "4.1.5", "DSA keys without parameters are not supported by OpenSSL" },
    { "4.6.4", "RFC 5280 4.2.1.9 of 2008 made critical what RFC 2459 did not; "
               "asked to the letter we follow it" },
    { "4.14.30", "what signs the list is itself covered by that list alone: "
                 "the circle is refused" },
};

struct tally {
    unsigned right, all, unasked; /* wrong, and the usual policies were asked */
};

static struct hf_view cut(struct hf_view *rest, char by)
{
    const uint8_t *end = rest->len ? memchr(rest->ptr, by, rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    struct hf_view part = hf_view(rest->ptr, len);

    *rest = hf_view_from(*rest, len + 1);
    return part;
}

/* Reads `folder`/NAME.`ending`. */
static bool read_part(const char *base, const char *folder, struct hf_view name,
                      const char *ending, struct hf_buf *bytes)
{
    char below[256];

    (void)snprintf(below, sizeof(below), "%s/%.*s.%s", folder, (int)name.len,
                   (const char *)name.ptr, ending);
    return outside_read(base, below, bytes);
}

/* The list names the root first and the target last. */
static unsigned load_certs(const char *base, struct hf_view list,
                           struct hf_cert **cert)
{
    unsigned count = 0;

    while (list.len > 0 && count < NAMES_MAX) {
        struct hf_view name = cut(&list, ',');
        struct hf_buf der;
        struct hf_err err;

        hf_buf_init(&der, HF_CERT_MAX);
        if (read_part(base, "certs", name, "crt", &der) &&
            hf_cert_new(hf_buf_peek(&der), &cert[count], &err) == 0)
            count++;
        else
            printf("# cannot load '%.*s'\n", (int)name.len,
                   (const char *)name.ptr);
        hf_buf_done(&der);
    }
    return count;
}

static void load_crls(const char *base, struct hf_view list,
                      struct hf_crls *crls)
{
    while (list.len > 0) {
        struct hf_view name = cut(&list, ',');
        struct hf_buf der;
        struct hf_err err;

        hf_buf_init(&der, HF_CRL_MAX);
        if (!read_part(base, "crls", name, "crl", &der) ||
            hf_crls_add(crls, "crl", hf_buf_peek(&der), &err) < 0)
            printf("# cannot load '%.*s'\n", (int)name.len,
                   (const char *)name.ptr);
        hf_buf_done(&der);
    }
}

static bool judge(struct hf_cert **cert, unsigned count,
                  const struct hf_crls *crls, char *text, size_t size)
{
    struct hf_certs served = { 0 }, roots = { 0 }, pool = { 0 };
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *others = NULL;
    struct hf_path path = { 0 };
    struct hf_err err;
    struct hf_path_ask ask = { .served = &served,
                               .crls = crls,
                               .crls_needed = true,
                               .strict = true,
                               .purpose = HF_PURPOSE_ANY,
                               .weak_allowed = true };
    bool valid = false;

    hf_certs_add(&roots, cert[0]);
    hf_certs_add(&served, cert[count - 1]);
    for (unsigned i = 1; i + 1 < count; i++)
        hf_certs_add(&pool, cert[i]);
    /* within the years 2010 to 2030 of the suite */
    text[0] = '\0';
    if (hf_calendar_s(2026, 6, 1, 0, 0, 0, &ask.at_s) &&
        hf_cert_index_new(&roots, &anchors, &err) == 0 &&
        hf_cert_index_new(&pool, &others, &err) == 0) {
        ask.anchors = anchors;
        ask.pool = others;
        valid = hf_path_find(&ask, &path, &err) == 0 && path.valid;
    }
    for (size_t i = 0; i < path.fault_count; i++)
        (void)snprintf(text + strlen(text), size - strlen(text), " %zu:%s (%s)",
                       path.fault[i].depth, hf_fault_name(path.fault[i].kind),
                       path.fault[i].text);
    hf_path_done(&path);
    hf_certs_done(&served);
    hf_certs_done(&roots);
    hf_certs_done(&pool);
    return valid;
}

static const char *reason(struct hf_view number)
{
    for (size_t i = 0; i < HF_COUNT(known); i++)
        if (hf_view_is(number, known[i].number))
            return known[i].why;
    return NULL;
}

static bool is_policy(struct hf_view group)
{
    return hf_view_find(group, "Polic") != SIZE_MAX;
}

static void run_test(const char *base, const struct hf_view *field,
                     struct tally *tally)
{
    struct hf_cert *cert[NAMES_MAX] = { 0 };
    HF_AUTO(hf_crls_freep) struct hf_crls *crls = NULL;
    bool want = hf_view_is(field[VALID], "true"), got;
    unsigned count = load_certs(base, field[CERTS], cert);
    struct hf_err err;
    char text[1200];

    if (hf_crls_new(&crls, &err) == 0)
        load_crls(base, field[CRLS], crls);
    got = count > 0 && judge(cert, count, crls, text, sizeof(text));
    for (unsigned i = 0; i < count; i++)
        hf_cert_unref(cert[i]);
    tally->all++;
    tally->right += got == want;
    if (got == want)
        return;
    tally->unasked += hf_view_find(field[POLICY], "SetInitial") == SIZE_MAX;
    printf("# %.*s %.*s: %s:%s\n", (int)field[NUMBER].len,
           (const char *)field[NUMBER].ptr, (int)field[TITLE].len,
           (const char *)field[TITLE].ptr,
           got ? "accepted though bad" : "refused though valid", text);
    if (!is_policy(field[GROUP])) {
        const char *why = reason(field[NUMBER]);

        HF_CHECK(why, "%.*s differs for a known reason: %s",
                 (int)field[NUMBER].len, (const char *)field[NUMBER].ptr,
                 why ? why : "none");
    }
}

static void run_all(const char *base, struct hf_view text)
{
    struct tally plain = { 0 }, policy = { 0 };

    (void)hf_view_line(&text);
    while (text.len > 0) {
        struct hf_view line = hf_view_line(&text), field[FIELDS];

        for (size_t i = 0; i < FIELDS; i++)
            field[i] = cut(&line, '\t');
        if (field[CERTS].len > 0)
            run_test(base, field, is_policy(field[GROUP]) ? &policy : &plain);
    }
    HF_CHECK(plain.all == 159 && plain.right >= 156,
             "outside the policy groups: %u of %u right, at least 156 wanted",
             plain.right, plain.all);
    /* other initial policies than any are not asked by anything we judge */
    HF_CHECK(policy.all == 88 && policy.unasked == 0,
             "policy groups: %u of %u right, the others ask for other initial "
             "policies",
             policy.right, policy.all);
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *base = outside_path("x509/pkits");
    struct hf_buf text;

    hf_buf_init(&text, 1024 * 1024);
    if (!base || !outside_read(base, "PKITS.tsv", &text))
        return outside_skip(base);
    run_all(base, hf_buf_peek(&text));
    hf_buf_done(&text);
    return hf_test_end();
}
