/* SPDX-License-Identifier: Apache-2.0 */
/* store/ctl_test.c - trust lists as stores: bodies, standing, refusals. */
#include "store/ctl.h"

#include "base/hex.h"
#include "crypto/ctl_mint.h"
#include "doc/embed.h"
#include "hf_oom.h"
#include "plat/test_folder.h"
#include "store/ctl_parts.h"
#include "store/kind.h"
#include "win/cab.h"
#include "win/certblob.h"

#define DAY_2023 "\x00\x40\x27\x5a\xd0\x35\xd9\x01"
#define FOR_SERVERS "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
#define EMBEDDED "microsoft-root-ca-2010"

static struct ctl_signer signer;
static struct hf_cert *beside, *other; /* a body of the list; none of it */

static const struct hf_embed_root *embedded(void)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(root[i].name, EMBEDDED) == 0)
            return &root[i];
    abort();
}

static bool put(const struct test_folder *f, const char *name,
                struct hf_view bytes)
{
    struct hf_err err;

    return hf_file_write(test_at(f, name).text, bytes, 0644, &err) == 0;
}

/* <sha1>.crt: a file of that name, in either case of letters. */
static bool put_body(const struct test_folder *f, const uint8_t *sha1,
                     bool upper, struct hf_view bytes)
{
    char name[2 * HF_SHA1_LEN + 5];

    hf_hex(hf_view(sha1, HF_SHA1_LEN), name);
    memcpy(name + 2 * HF_SHA1_LEN, upper ? ".CRT" : ".crt", 5);
    for (char *at = name; upper && *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    return put(f, name, bytes);
}

/* Entry 1: `beside`, for servers. 2: the embedded one, disallowed. 3: nobody
 * has it, refused for servers. 4: the signer. */
static void list_of_roots(struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    struct hf_buf properties = ctl_buf();

    ctl_property(&properties, 9, CTL_BYTES(FOR_SERVERS));
    ctl_property(&properties, 11, CTL_BYTES("O\0n\0e\0\0\0"));
    ctl_entry(&entries, hf_view(hf_cert_sha1(beside), HF_SHA1_LEN),
              &properties);
    ctl_property(&properties, 104, CTL_BYTES(DAY_2023));
    ctl_entry(&entries, hf_view(embedded()->sha1, HF_SHA1_LEN), &properties);
    ctl_property(&properties, 122, CTL_BYTES(FOR_SERVERS));
    ctl_entry(&entries, CTL_BYTES("12345678901234567890"), &properties);
    ctl_entry(&entries, hf_view(hf_cert_sha1(signer.cert), HF_SHA1_LEN),
              &properties);
    ctl_make(out, &signer,
             (struct ctl_mint){ .entries = hf_buf_peek(&entries) });
    hf_buf_done(&properties);
}

/* Of the root of the signer, by what is signed in it. */
static void list_of_disallowed(struct hf_buf *out)
{
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    struct hf_buf none = ctl_buf();
    const uint8_t *der = hf_cert_der(other).ptr + 4;
    uint8_t sha256[SHA256_DIGEST_LENGTH];

    SHA256(der, 4 + ((size_t)der[2] << 8 | der[3]), sha256);
    ctl_entry(&entries, hf_view(sha256, sizeof(sha256)), &none);
    ctl_make(out, &signer,
             (struct ctl_mint){ .usage = CTL_OF_DISALLOWED,
                                .algorithm = CTL_SIGNED,
                                .entries = hf_buf_peek(&entries) });
    hf_buf_done(&none);
}

static bool put_cab(const struct test_folder *f, const char *name,
                    const char *member, struct hf_view bytes)
{
    HF_AUTO(hf_buf_done) struct hf_buf cab = ctl_buf();
    struct hf_err err;

    return hf_cab_store(&cab, member, bytes, MINT_AT_S, &err) == 0 &&
           put(f, name, hf_buf_peek(&cab));
}

/* A list and its entries. */
struct opened {
    struct hf_ctl_files files;
    struct hf_store_list list;
    struct hf_err err;
    int rc;
};

static void opened_done(struct opened *o)
{
    hf_store_list_done(&o->list);
    hf_ctl_files_done(&o->files);
}

static struct opened open_at(const char *path)
{
    struct opened o = { .rc = 0 };

    o.rc = hf_ctl_files_load(path, &signer.anchors, &o.files, &o.err);
    if (o.rc == 0)
        o.rc = hf_ctl_files_list(&o.files, &o.list, &o.err);
    return o;
}

/* The entry that stands at `number` in the file, of the first list. */
static const struct hf_store_entry *at(const struct opened *o, size_t number)
{
    for (size_t i = 0; i < o->list.count; i++)
        if (o->list.entry[i].named && o->list.entry[i].named->number == number)
            return &o->list.entry[i];
    return NULL;
}

/* --- a file -------------------------------------------------------------- */

static void check_entries(const struct opened *o, const char *path)
{
    const struct hf_store_entry *e = at(o, 1);
    char where[PATH_MAX + 16];

    (void)snprintf(where, sizeof(where), "%s: entry 1", path);
    HF_CHECK(e && e->cert && hf_cert_same(e->cert, beside) && !e->fault &&
                 strcmp(e->where, where) == 0 && strcmp(e->label, "One") == 0,
             "file: a body beside the list, place, label");
    HF_CHECK(e && e->standing == HF_STANDING_ANCHOR &&
                 e->purposes == HF_PURPOSE_TLS_SERVER,
             "file: an anchor for servers");
    e = at(o, 2);
    HF_CHECK(e && e->cert &&
                 memcmp(hf_cert_sha256(e->cert), embedded()->sha256, 32) == 0 &&
                 e->standing == HF_STANDING_REFUSED && !e->label,
             "file: a body built in, refused");
    e = at(o, 3);
    HF_CHECK(e && !e->cert && !e->fault && o->list.bodiless == 1 &&
                 e->standing == HF_STANDING_ANCHOR,
             "file: an entry without a body");
    HF_CHECK(e && !(e->purposes & HF_PURPOSE_TLS_SERVER) &&
                 (e->purposes & HF_PURPOSE_CODE) &&
                 (e->purposes & HF_PURPOSE_OTHER),
             "file: for everything but servers");
    e = at(o, 4);
    HF_CHECK(e && !e->cert && e->fault && o->list.damaged == 1 &&
                 strstr(e->fault, "not the certificate the list means"),
             "file: a body that is another certificate");
}

static void test_file(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(opened_done) struct opened o;

    test_folder_init(&f);
    list_of_roots(&bytes);
    if (!put(&f, "a.stl", hf_buf_peek(&bytes)) ||
        !put_body(&f, hf_cert_sha1(beside), true, hf_cert_der(beside)) ||
        !put_body(&f, hf_cert_sha1(signer.cert), false, hf_cert_der(other)) ||
        !put_body(&f, hf_cert_sha1(other), false, hf_cert_der(other)) ||
        !test_put(&f, "0123.crt", "no body"))
        abort();
    o = open_at(test_at(&f, "a.stl").text);
    HF_CHECK(o.rc == 0 && o.list.count == 4 && !o.list.incomplete,
             "file: its four entries");
    check_entries(&o, test_at(&f, "a.stl").text);
}

/* Bodies may be PEM, and may be nothing at all. */
static void test_bodies(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf pem = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(opened_done) struct opened o;

    test_folder_init(&f);
    list_of_roots(&bytes);
    hf_cert_pem(&pem, beside);
    if (!put(&f, "a.stl", hf_buf_peek(&bytes)) ||
        !put_body(&f, hf_cert_sha1(beside), false, hf_buf_peek(&pem)) ||
        !put_body(&f, embedded()->sha1, false, hf_view_text("no body")))
        abort();
    o = open_at(test_at(&f, "a.stl").text);
    HF_CHECK(o.rc == 0 && at(&o, 1)->cert && !at(&o, 2)->cert &&
                 at(&o, 2)->fault && !at(&o, 4)->cert && !at(&o, 4)->fault,
             "bodies: PEM is one, rubbish is damage");
}

/* --- a folder ------------------------------------------------------------ */

static bool put_sst(const struct test_folder *f)
{
    HF_AUTO(hf_buf_done) struct hf_buf sst = ctl_buf();
    struct hf_err err;

    hf_sst_begin(&sst);
    if (hf_certblob_write(&sst, hf_cert_der(beside), hf_cert_sha1(beside), NULL,
                          &err) < 0 ||
        hf_certblob_write(&sst, hf_cert_der(other), hf_cert_sha1(other), NULL,
                          &err) < 0)
        return false;
    hf_sst_end(&sst);
    return put(f, "disallowedcert.sst", hf_buf_peek(&sst));
}

static void test_folder(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf roots = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf disallowed = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(opened_done) struct opened o;
    const struct hf_store_entry *last;

    test_folder_init(&f);
    list_of_roots(&roots);
    list_of_disallowed(&disallowed);
    if (!put_cab(&f, "AuthRootSTL.cab", "authroot.stl", hf_buf_peek(&roots)) ||
        !put_cab(&f, "disallowedcertstl.cab", "disallowedcert.stl",
                 hf_buf_peek(&disallowed)) ||
        !put_sst(&f))
        abort();
    o = open_at(f.path);
    HF_CHECK(o.rc == 0 && o.files.ctl->count == 4 && o.files.ctl->disallowed &&
                 o.files.ctl->disallowed->count == 1 && o.list.count == 5,
             "folder: both lists");
    last = o.list.count == 5 ? &o.list.entry[4] : NULL;
    HF_CHECK(last && last->cert && hf_cert_same(last->cert, other) &&
                 last->standing == HF_STANDING_REFUSED &&
                 strstr(last->where, "disallowedcertstl.cab: entry 1"),
             "folder: what is disallowed is refused, body from the .sst");
}

static void test_folder_of_one(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(opened_done) struct opened none, o, wrong;

    test_folder_init(&f);
    list_of_disallowed(&bytes);
    none = open_at(f.path);
    HF_CHECK(none.rc == HF_E_ABSENT, "folder: without a list");
    if (!put(&f, "disallowedcert.stl", hf_buf_peek(&bytes)))
        abort();
    o = open_at(f.path);
    HF_CHECK(o.rc == 0 && o.files.ctl->usage == HF_CTL_DISALLOWED &&
                 !o.files.ctl->disallowed && o.list.count == 1 &&
                 o.list.bodiless == 1,
             "folder: of what is disallowed alone");
    if (!put(&f, "authroot.stl", hf_buf_peek(&bytes)))
        abort();
    wrong = open_at(f.path);
    HF_CHECK(wrong.rc == HF_E_PARSE &&
                 strstr(wrong.err.frame[0].text, "what is disallowed"),
             "folder: a list under the other's name");
}

static void test_damaged_sst(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(opened_done) struct opened o;

    test_folder_init(&f);
    list_of_disallowed(&bytes);
    if (!put(&f, "disallowedcert.stl", hf_buf_peek(&bytes)) ||
        !test_put(&f, "disallowedcert.sst", "no store"))
        abort();
    o = open_at(f.path);
    HF_CHECK(o.rc == 0 && o.list.count == 2 && o.list.damaged == 1 &&
                 o.list.bodiless == 1,
             "folder: a damaged .sst is said, and hides nothing");
}

/* --- as a store ---------------------------------------------------------- */

/* Signed by somebody who is not Microsoft. */
static void test_store(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_store_list list = { 0 };
    char spec[PATH_MAX + 8], text[1024];
    struct hf_err err = { 0 };
    size_t changed;

    test_folder_init(&f);
    list_of_roots(&bytes);
    if (!put(&f, "a.stl", hf_buf_peek(&bytes)))
        abort();
    (void)snprintf(spec, sizeof(spec), "ctl:%s", test_at(&f, "a.stl").text);
    HF_CHECK(hf_store_open(spec, NULL, &store, &err) == 0 &&
                 hf_store_stack(store) == HF_STACK_LIST,
             "store: opened as a list");
    if (!store)
        return;
    HF_CHECK(hf_store_read(store, &list, &err) == HF_E_CRYPTO && !list.entry,
             "store: a list of a stranger is not read");
    hf_err_text(&err, text, sizeof(text));
    HF_CHECK(strstr(text, "nothing of this list is believed"),
             "store: and the words say so");
    HF_CHECK(hf_store_may_change(store, &err) == HF_E_DENIED &&
                 strstr(err.frame[0].text, "signed by Microsoft") &&
                 hf_store_stage(store, NULL, NULL, NULL, &changed, &err) ==
                     HF_E_DENIED,
             "store: it cannot be changed");
    HF_CHECK(
        hf_ctl_load(test_at(&f, "a.stl").text, &ctl, &err) == HF_E_CRYPTO &&
            hf_ctl_decode(hf_buf_peek(&bytes), &ctl, &err) == HF_E_CRYPTO &&
            !ctl,
        "load: a list of a stranger is not read either");
}

static void test_broken(void)
{
    static const char *const name[] = { "no list", "MSCF and no cabinet" };

    for (size_t i = 0; i < HF_COUNT(name); i++) {
        HF_AUTO(test_folder_done) struct test_folder f;
        HF_AUTO(opened_done) struct opened o;

        test_folder_init(&f);
        if (!test_put(&f, "a.stl", name[i]))
            abort();
        o = open_at(test_at(&f, "a.stl").text);
        HF_CHECK(o.rc == HF_E_PARSE && o.err.n >= 2, "broken: %s", name[i]);
    }
}

static void test_anchors(void)
{
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    struct hf_err err;

    HF_CHECK(hf_ctl_anchors(&anchors, &err) == 0 && anchors.count == 3 &&
                 hf_certs_by_sha256(&anchors, embedded()->sha256),
             "anchors: Microsoft's three roots");
}

/* --- memory -------------------------------------------------------------- */

static int attempt(void *arg, struct hf_err *err)
{
    HF_AUTO(hf_ctl_files_done) struct hf_ctl_files files = { 0 };
    struct hf_store_list list = { 0 };
    int rc = hf_ctl_files_load(arg, &signer.anchors, &files, err);

    if (rc == 0)
        rc = hf_ctl_files_list(&files, &list, err);
    hf_store_list_done(&list);
    return rc;
}

static void test_memory(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf roots = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf disallowed = ctl_buf();
    HF_AUTO(test_folder_done) struct test_folder f;

    test_folder_init(&f);
    list_of_roots(&roots);
    list_of_disallowed(&disallowed);
    if (!put_cab(&f, "authrootstl.cab", "authroot.stl", hf_buf_peek(&roots)) ||
        !put(&f, "disallowedcert.stl", hf_buf_peek(&disallowed)) ||
        !put_body(&f, hf_cert_sha1(beside), false, hf_cert_der(beside)) ||
        !put_body(&f, hf_cert_sha1(signer.cert), false, hf_cert_der(other)) ||
        !put_sst(&f))
        abort();
    hf_oom_test("folder", HF_OOM_OURS, attempt, f.path);
}

int main(void)
{
    ctl_signer_init(&signer, CTL_SIGNER_EKU);
    beside = MINT("One", "One", signer.key, signer.key, MINT_CA, .serial = 7);
    other = MINT("Two", "Two", signer.key, signer.key, MINT_CA, .serial = 8);
    test_file();
    test_bodies();
    test_folder();
    test_folder_of_one();
    test_damaged_sst();
    test_store();
    test_broken();
    test_anchors();
    test_memory();
    hf_cert_unref(beside);
    hf_cert_unref(other);
    ctl_signer_done(&signer);
    return hf_test_end();
}
