/* SPDX-License-Identifier: Apache-2.0 */
/* store/sst_test.c - serialized certificate stores, read and changed. */
#include "win/certblob.h"

#include "hf_mangle.h"
#include "hf_oom.h"
#include "store/kind.h"
#include "store/test_change.h"

#define NAME "s.sst"
#define CRL "\x21\0\0\0\1\0\0\0\3\0\0\0CRL"
#define EKU_HEAD "\x09\0\0\0\1\0\0\0"
/* 1.3.6.1.5.5.7.3.1, serverAuth; 1.3.6.1.4.1.311.10.3.4, encrypted files */
#define FOR_SERVERS EKU_HEAD "\x0c\0\0\0\x30\x0a\6\x08\x2b\6\1\5\5\7\3\1"
#define FOR_FILES                                                              \
    EKU_HEAD "\x0e\0\0\0\x30\x0c\6\x0a\x2b\6\1\4\1\x82\x37\x0a\3\4"
#define FOR_NOTHING EKU_HEAD "\2\0\0\0\x30\0"
#define FOR_WHO_KNOWS EKU_HEAD "\2\0\0\0??"
#define ADD(out, text) hf_buf_add((out), (text), sizeof(text) - 1)

/* --- what is written to be read ------------------------------------------ */

static void add_cert(struct hf_buf *out, const char *pem, const char *name)
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = test_certs(pem, NULL);
    struct hf_err err;

    if (hf_certblob_write(out, hf_cert_der(certs.cert[0]),
                          hf_cert_sha1(certs.cert[0]), name, &err) < 0)
        abort();
}

static bool put_bytes(const struct test_folder *f, struct hf_view bytes)
{
    struct hf_err err;

    return hf_file_write(test_at(f, NAME).text, bytes, 0644, &err) == 0;
}

static const char *spec_of(const struct test_folder *f, char *ret_spec)
{
    (void)snprintf(ret_spec, PATH_MAX + 8, "sst:%s", test_at(f, NAME).text);
    return ret_spec;
}

/* A with a name, a CRL, B for servers, C for nothing. */
static struct hf_buf sample(void)
{
    struct hf_buf out;

    hf_buf_init(&out, HF_SST_MAX);
    hf_sst_begin(&out);
    add_cert(&out, TEST_A, "Prüfung A");
    ADD(&out, CRL);
    ADD(&out, FOR_SERVERS);
    add_cert(&out, TEST_B, NULL);
    ADD(&out, FOR_NOTHING);
    add_cert(&out, TEST_C, NULL);
    hf_sst_end(&out);
    return out;
}

static int read_list(const struct test_folder *f, struct hf_store_list *list,
                     struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    char spec[PATH_MAX + 8];

    if (hf_store_open(spec_of(f, spec), NULL, &store, err) < 0)
        return hf_err_code(err);
    return hf_store_read(store, list, err);
}

/* --- reading ------------------------------------------------------------- */

static void test_read(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs tls = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs any = { 0 };
    struct hf_err err;

    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 read_list(f, &list, &err) == 0 && list.count == 3 &&
                 list.damaged == 0 && !list.incomplete,
             "read: the certificates, not the CRL");
    if (list.count != 3)
        return;
    HF_CHECK(list.entry[0].label &&
                 strcmp(list.entry[0].label, "Prüfung A") == 0 &&
                 !list.entry[1].label,
             "read: the friendly name is the label");
    HF_CHECK(strstr(list.entry[0].where, NAME ": offset 8") &&
                 list.entry[0].standing == HF_STANDING_ANCHOR,
             "read: entries say where they stand");
    HF_CHECK(list.entry[0].purposes == 0 &&
                 list.entry[1].purposes == HF_PURPOSE_TLS_SERVER &&
                 list.entry[2].purposes == HF_PURPOSE_OTHER,
             "read: no purposes are all, an empty list is none");
    hf_store_list_anchors(&list, HF_PURPOSE_TLS_SERVER, &tls);
    hf_store_list_anchors(&list, HF_PURPOSE_CODE, &any);
    HF_CHECK(tls.count == 2 && any.count == 1, "read: anchors for a purpose");
}

static void test_purposes(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct hf_err err;

    hf_buf_init(&file, HF_SST_MAX);
    hf_sst_begin(&file);
    ADD(&file, FOR_FILES);
    add_cert(&file, TEST_A, NULL);
    ADD(&file, FOR_WHO_KNOWS);
    add_cert(&file, TEST_B, NULL);
    hf_sst_end(&file);
    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 read_list(f, &list, &err) == 0 && list.count == 2 &&
                 list.entry[0].purposes == HF_PURPOSE_OTHER &&
                 list.entry[1].purposes == HF_PURPOSE_OTHER,
             "read: a purpose we have no name for is not all of them");
}

static void test_damaged(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list cut = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list none = { 0 };
    size_t at = hf_view_find(hf_buf_peek(&file), "Test Root A");
    struct hf_err err;

    while (at > 0 && (file.ptr[at] != 0x30 || file.ptr[at + 1] != 0x82))
        at--; /* to where the certificate begins, by its inner SEQUENCE */
    file.ptr[at] = 0x31;
    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 read_list(f, &list, &err) == 0 && list.count == 3 &&
                 list.damaged == 1 && list.entry[0].fault &&
                 !list.entry[0].cert,
             "damaged: what is no certificate is listed as such");
    HF_CHECK(put_bytes(f, hf_view(file.ptr, file.len - 20)) &&
                 read_list(f, &cut, &err) == 0 && cut.count == 2 &&
                 cut.incomplete && strstr(cut.incomplete, "offset "),
             "damaged: a store that is cut is read as far as it goes");
    HF_CHECK(put_bytes(f, hf_view(file.ptr, 50)) &&
                 read_list(f, &none, &err) == HF_E_PARSE && none.count == 0,
             "damaged: cut in the first certificate");
    HF_CHECK(put_bytes(f, hf_view_text(TEST_A)) &&
                 read_list(f, &none, &err) == HF_E_PARSE,
             "damaged: a PEM file is none");
    HF_CHECK(put_bytes(f, hf_view(NULL, 0)) && read_list(f, &none, &err) == 0 &&
                 none.count == 0,
             "damaged: an empty file is an empty store");
}

/* --- changing ------------------------------------------------------------ */

static bool file_is(const struct test_folder *f, const struct hf_buf *want)
{
    HF_AUTO(hf_buf_done) struct hf_buf is = { 0 };
    struct hf_err err;

    hf_buf_init(&is, HF_SST_MAX);
    return hf_file_read(test_at(f, NAME).text, &is, &err) == 0 &&
           hf_view_same(hf_buf_peek(&is), hf_buf_peek(want));
}

static int change(const struct test_folder *f, const char *add,
                  const char *remove)
{
    char spec[PATH_MAX + 8];
    struct hf_err err;

    return test_change(f, spec_of(f, spec), add, remove, &err);
}

static void test_add(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();
    HF_AUTO(hf_buf_done) struct hf_buf want = sample();
    HF_AUTO(hf_buf_done) struct hf_buf fresh = { 0 };
    enum hf_undo how = 0;
    struct hf_err err;

    hf_buf_text(&file, "tail");
    want.len -= 12;
    add_cert(&want, TEST_D, NULL);
    hf_sst_end(&want);
    hf_buf_text(&want, "tail");
    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 change(f, TEST_A TEST_D TEST_D, NULL) == 1 &&
                 file_is(f, &want),
             "add: one that is not there, once, behind the others");
    HF_CHECK(change(f, TEST_A TEST_D, NULL) == 0 && file_is(f, &want),
             "add: a second time changes nothing");
    HF_CHECK(test_undo(f, &how, &err) == 1 && how == HF_UNDO_BYTES &&
                 file_is(f, &file),
             "add: undone");
    hf_buf_init(&fresh, HF_SST_MAX);
    hf_sst_begin(&fresh);
    add_cert(&fresh, TEST_A, NULL);
    hf_sst_end(&fresh);
    HF_CHECK(put_bytes(f, hf_view(NULL, 0)) && change(f, TEST_A, NULL) == 1 &&
                 file_is(f, &fresh),
             "add: to an empty file");
}

static void test_remove(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();
    HF_AUTO(hf_buf_done) struct hf_buf want = { 0 };

    hf_buf_init(&want, HF_SST_MAX);
    hf_sst_begin(&want);
    ADD(&want, CRL);
    ADD(&want, FOR_SERVERS);
    add_cert(&want, TEST_B, NULL);
    add_cert(&want, TEST_D, NULL);
    hf_sst_end(&want);
    file.len -= 12;
    add_cert(&file, TEST_A, "again");
    hf_sst_end(&file);
    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 change(f, TEST_D, TEST_A TEST_C) == 3 && file_is(f, &want),
             "remove: each copy with its properties, the rest byte for byte");
    HF_CHECK(change(f, NULL, TEST_A) == 0 && file_is(f, &want),
             "remove: what is not there");
    HF_CHECK(change(f, NULL, TEST_B TEST_D) == 2 &&
                 test_holds(f, spec_of(f, (char[PATH_MAX + 8]){ 0 }), TEST_B) ==
                     0,
             "remove: the last");
}

static void test_refused(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();

    file.len -= 3;
    HF_CHECK(put_bytes(f, hf_buf_peek(&file)) &&
                 change(f, TEST_D, NULL) == HF_E_PARSE && file_is(f, &file),
             "refused: a store that is cut stays as it is");
    HF_CHECK(unlink(test_at(f, NAME).text) == 0 &&
                 change(f, TEST_D, NULL) == HF_E_ABSENT,
             "refused: no file");
}

/* --- damage, and no memory ----------------------------------------------- */

struct mangled {
    const struct test_folder *f;
    unsigned changes;
};

static int read_mangled(struct hf_view bytes, void *user, struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct mangled *m = user;

    m->changes++;
    return put_bytes(m->f, bytes) ? read_list(m->f, &list, err) : 1;
}

static void test_mangled(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = { 0 };
    struct mangled m = { f, 0 };

    hf_buf_init(&file, HF_SST_MAX);
    hf_sst_begin(&file);
    ADD(&file, CRL);
    ADD(&file, FOR_SERVERS);
    add_cert(&file, TEST_B, "B");
    hf_sst_end(&file);
    HF_CHECK(hf_mangle(hf_view(file.ptr, 120), read_mangled, &m) == 0 &&
                 m.changes > 500,
             "mangled: %u times", m.changes);
}

struct oom {
    const struct test_folder *f;
    struct hf_certs add, remove;
};

/* Read, and a change staged and given up. */
static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    struct oom *oom = arg;
    enum hf_changeset_found found;
    char spec[PATH_MAX + 8];
    size_t changed;

    if (hf_store_open(spec_of(oom->f, spec), NULL, &store, err) < 0 ||
        hf_store_read(store, &list, err) < 0 ||
        hf_changeset_begin(test_at(oom->f, TREE_STATE).text, &set, &found,
                           err) < 0)
        return hf_err_code(err);
    return hf_store_stage(store, &oom->add, &oom->remove, set, &changed, err);
}

static void test_oom(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf file = sample();
    struct oom oom = { f, test_certs(TEST_D, NULL), test_certs(TEST_A, NULL) };

    HF_CHECK(put_bytes(f, hf_buf_peek(&file)), "memory: a store");
    hf_oom_test("memory", HF_OOM_OURS, attempt, &oom);
    hf_certs_done(&oom.add);
    hf_certs_done(&oom.remove);
}

int main(void)
{
    struct test_folder f;

    test_folder_init(&f);
    if (!test_state(&f))
        return 1;
    test_read(&f);
    test_purposes(&f);
    test_damaged(&f);
    test_add(&f);
    test_remove(&f);
    test_refused(&f);
    test_mangled(&f);
    test_oom(&f);
    test_folder_done(&f);
    return hf_test_end();
}
