/* SPDX-License-Identifier: Apache-2.0 */
/* boringssl_chain_test.c - the chain tests of BoringSSL (verify_certificate_
 * chain_unittest), judged as a TLS client that names faults would.
 * Source: https://boringssl.googlesource.com/boringssl, pki/testdata */
#include <string.h>

#include "base/calendar.h"
#include "boringssl_chain.h"
#include "crypto/load.h"
#include "crypto/path.h"
#include "hf_test.h"
#include "outside.h"

#define FIELD_MAX 128

struct test {
    char chain[FIELD_MAX], trust[FIELD_MAX], time[FIELD_MAX],
        purpose[FIELD_MAX];
    struct hf_view errors; /* the rest of the file */
};

struct tally {
    unsigned all, agreed, explained, left_out;
    unsigned kinds, kinds_right;
    bool met[HF_CHAIN_KNOWN_COUNT];
};

static void copy_field(struct hf_view line, const char *key, char *ret_text)
{
    if (!hf_view_starts(line, key))
        return;
    line = hf_view_trim(hf_view_from(line, strlen(key)));
    (void)snprintf(ret_text, FIELD_MAX, "%.*s", (int)line.len,
                   (const char *)line.ptr);
}

static struct test read_test(struct hf_view text)
{
    struct test test = { 0 };

    while (text.len > 0) {
        struct hf_view line = hf_view_line(&text);

        if (hf_view_starts(line, "expected_errors:"))
            break;
        copy_field(line, "chain:", test.chain);
        copy_field(line, "last_cert_trust:", test.trust);
        copy_field(line, "utc_time:", test.time);
        copy_field(line, "key_purpose:", test.purpose);
    }
    test.errors = text;
    return test;
}

/* YYMMDDhhmmssZ; DEFAULT is a day all the usual certificates cover. */
static int64_t time_of(const char *text)
{
    struct hf_date date = { 2021, 10, 5, 12, 0, 0 };
    int64_t time_s = 0;

    if (sscanf(text, "%2d%2d%2d%2d%2d%2dZ", &date.year, &date.month, &date.day,
               &date.hour, &date.minute, &date.second) == 6)
        date.year += 2000;
    return hf_calendar_date(date, &time_s) ? time_s : 0;
}

/* 0: a purpose nothing here judges. */
static enum hf_purpose purpose_of(const char *text)
{
    if (strncmp(text, "SERVER_AUTH", 11) == 0)
        return HF_PURPOSE_TLS_SERVER;
    if (strncmp(text, "CLIENT_AUTH", 11) == 0)
        return HF_PURPOSE_TLS_CLIENT;
    return strcmp(text, "ANY_EKU") == 0 ? HF_PURPOSE_ANY : 0;
}

static bool judge(const struct test *test, const struct hf_load *load,
                  struct hf_path *ret_path)
{
    struct hf_certs served = { 0 }, roots = { 0 };
    HF_AUTO(hf_cert_index_freep) struct hf_cert_index *anchors = NULL;
    bool trusted = strncmp(test->trust, "TRUSTED", 7) == 0, valid = false;
    struct hf_err err;
    struct hf_path_ask ask = { .served = &served,
                               .at_s = time_of(test->time),
                               .purpose = purpose_of(test->purpose),
                               .rsa_bits_min = 1024 };

    for (size_t i = 0; i < load->count; i++)
        hf_certs_add(trusted && i > 0 && i + 1 == load->count ? &roots
                                                              : &served,
                     load->item[i].cert);
    if (trusted && load->count == 1)
        hf_certs_add(&roots, load->item[0].cert);
    if (hf_cert_index_new(&roots, &anchors, &err) == 0) {
        ask.anchors = anchors;
        valid = hf_path_find(&ask, ret_path, &err) == 0 && ret_path->valid;
    }
    hf_certs_done(&served);
    hf_certs_done(&roots);
    return valid;
}

/* Every expected error whose kind is clear must be among ours. */
static bool same_kinds(const struct test *test, const struct hf_path *path,
                       const char *name)
{
    bool good = true;

    for (size_t i = 0; i < hf_chain_kind_count; i++) {
        const struct hf_chain_kind *kind = &hf_chain_kinds[i];

        if (hf_view_find(test->errors, kind->text) == SIZE_MAX ||
            hf_path_has(path, kind->fault) || hf_path_has(path, kind->instead))
            continue;
        printf("# %s: '%s' is not said\n", name, kind->text);
        good = false;
    }
    return good;
}

static void show(const char *name, const struct hf_path *path, bool valid)
{
    printf("# %s: %s", name, valid ? "accepted\n" : "refused:");
    for (size_t i = 0; i < path->fault_count; i++)
        printf(" %zu:%s (%s)%s", path->fault[i].depth,
               hf_fault_name(path->fault[i].kind), path->fault[i].text,
               i + 1 < path->fault_count ? "" : "\n");
}

static size_t known_at(const char *name)
{
    size_t i = 0;

    while (i < HF_CHAIN_KNOWN_COUNT &&
           strcmp(hf_chain_known[i].name, name) != 0)
        i++;
    return i;
}

static void compare(const char *name, const struct test *test,
                    const struct hf_load *load, struct tally *tally)
{
    bool want = hf_view_find(test->errors, "ERROR: ") == SIZE_MAX;
    size_t known = known_at(name);
    struct hf_path path = { 0 };
    bool got = judge(test, load, &path);

    if (got == want) {
        tally->agreed++;
        tally->kinds += !want;
        tally->kinds_right += !want && same_kinds(test, &path, name);
    } else if (known < HF_CHAIN_KNOWN_COUNT) {
        tally->explained++;
        tally->met[known] = true;
    } else {
        show(name, &path, got);
    }
    hf_path_done(&path);
}

static void run_test(const char *base, const char *folder, const char *file,
                     struct tally *tally)
{
    char name[256], below[512];
    struct hf_buf text, pem;
    struct hf_load load = { 0 };
    struct hf_err err;
    struct test test;

    (void)snprintf(name, sizeof(name), "%s/%s", folder, file);
    hf_buf_init(&text, 65536);
    hf_buf_init(&pem, HF_LOAD_MAX);
    if (!outside_read(base, name, &text))
        printf("# cannot read '%s'\n", name);
    test = read_test(hf_buf_peek(&text));
    (void)snprintf(below, sizeof(below), "%s/%s", folder, test.chain);
    tally->all++;
    if (!purpose_of(test.purpose))
        tally->left_out++;
    else if (!outside_read(base, below, &pem) ||
             hf_load_certs(hf_buf_peek(&pem), NULL, &load, &err) < 0)
        printf("# cannot load '%s'\n", below);
    else
        compare(name, &test, &load, tally);
    hf_load_done(&load);
    hf_buf_done(&text);
    hf_buf_done(&pem);
}

static void run_folder(const char *base, const char *folder,
                       struct tally *tally)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(base, folder);
    struct hf_names files = { 0 };
    struct hf_err err;

    if (!path || !hf_path_is_dir(path) || hf_dir_names(path, &files, &err) < 0)
        return;
    for (size_t i = 0; i < files.count; i++) {
        size_t len = strlen(files.name[i]);

        if (len > 5 && strcmp(files.name[i] + len - 5, ".test") == 0)
            run_test(base, folder, files.name[i], tally);
    }
    hf_names_done(&files);
}

int main(void)
{
    HF_AUTO(hf_free_ptr) char *base = outside_path("x509/boringssl_chain");
    struct hf_names folders = { 0 };
    struct tally tally = { 0 };
    struct hf_err err;

    if (!base || hf_dir_names(base, &folders, &err) < 0)
        return outside_skip(base);
    for (size_t i = 0; i < folders.count; i++)
        run_folder(base, folders.name[i], &tally);
    hf_names_done(&folders);
    HF_CHECK(tally.all == 197, "%u of 197 tests are there", tally.all);
    for (size_t i = 0; i < HF_CHAIN_KNOWN_COUNT; i++)
        HF_CHECK(tally.met[i], "differs as known: %s: %s",
                 hf_chain_known[i].name, hf_chain_known[i].why);
    HF_CHECK(tally.agreed + tally.explained + tally.left_out == tally.all,
             "%u agree, %u differ for a known reason, %u ask for purposes that "
             "are not judged here",
             tally.agreed, tally.explained, tally.left_out);
    HF_CHECK(tally.kinds == tally.kinds_right,
             "%u of %u refusals name the expected fault", tally.kinds_right,
             tally.kinds);
    return hf_test_end();
}
