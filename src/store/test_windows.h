/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_windows.h - for unit tests of the Windows kinds: registry exports
 * made of certificates, and what a store says about them. */
#ifndef HF_STORE_TEST_WINDOWS_H
#define HF_STORE_TEST_WINDOWS_H

#include <ctype.h>

#include "base/hex.h"
#include "store/test_change.h"
#include "win/certblob.h"

/* made for these tests; P-256; issued by "Test Root Z" */
#define TEST_I                                                                 \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBgjCCASigAwIBAgIBAjAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtUZXN0IFJv\n"       \
    "b3QgWjAgFw0yNjExMjIxMzAxNTNaGA8yMDc2MDMwNDEzMDE1M1owGDEWMBQGA1UE\n"       \
    "AwwNVGVzdCBJc3N1ZXIgSTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHQLUC0I\n"       \
    "0Ne4f/57MkBWSGBxv4ShwNOdGdJNwdU6nObgl/EXJDruxd7iSXzMXT5La7p+gP4k\n"       \
    "8zwJZLMNJqWLMMCjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEG\n"       \
    "MB0GA1UdDgQWBBQUyIFSu89t6OCtGQEZrCOf1MMLOjAfBgNVHSMEGDAWgBRX9pcv\n"       \
    "VaNQaBViBWhE3jhA5SqvCTAKBggqhkjOPQQDAgNIADBFAiAog6WjZpcM89uiGXN9\n"       \
    "W/3/MR7R9p/snPH4wS9R/seBWQIhANq6IqWXHJHEiQoidSIMEkwhjVBL58+L2k6j\n"       \
    "6yHxSrmz\n"                                                               \
    "-----END CERTIFICATE-----\n"

#define LM "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
#define SYSTEM_CERTS "Microsoft\\SystemCertificates\\"
#define MACHINE LM SYSTEM_CERTS
#define POLICY LM "Policies\\" SYSTEM_CERTS

static inline void test_reg_begin(struct hf_buf *reg)
{
    hf_buf_init(reg, 1024 * 1024);
    hf_buf_text(reg, "Windows Registry Editor Version 5.00\r\n\r\n");
}

static inline void test_reg_hex(struct hf_buf *reg, struct hf_view bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        hf_buf_printf(reg, "%s%02x", i > 0 ? "," : "", bytes.ptr[i]);
}

static inline struct hf_cert *test_first(const struct hf_certs *certs)
{
    if (!certs->cert || certs->count == 0)
        abort();
    return certs->cert[0];
}

/* The SHA-1 of the certificate, as Windows writes it. */
static inline struct test_path test_thumb(const char *pem)
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = test_certs(pem, NULL);
    struct test_path name;

    hf_hex(hf_view(hf_cert_sha1(test_first(&certs)), HF_SHA1_LEN), name.text);
    for (char *c = name.text; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return name;
}

/* The blob of a certificate, a property in front when there is one. */
static inline void test_blob(struct hf_buf *blob, const char *pem,
                             unsigned property, struct hf_view data)
{
    HF_AUTO(hf_certs_done) struct hf_certs certs = test_certs(pem, NULL);
    struct hf_cert *cert = test_first(&certs);
    struct hf_err err;

    hf_buf_init(blob, 65536);
    if (property > 0) {
        uint8_t head[12] = { (uint8_t)property, 0, 0, 0, 1, 0, 0, 0,
                             (uint8_t)data.len };

        hf_buf_add(blob, head, sizeof(head));
        hf_buf_view(blob, data);
    }
    if (hf_certblob_write(blob, hf_cert_der(cert), hf_cert_sha1(cert), NULL,
                          &err) < 0)
        abort();
}

/* One certificate in the store whose key is `store`. */
static inline void test_reg_cert(struct hf_buf *reg, const char *store,
                                 const char *pem)
{
    HF_AUTO(hf_buf_done) struct hf_buf blob = { 0 };

    test_blob(&blob, pem, 0, hf_view_text(""));
    hf_buf_printf(reg, "[%s\\Certificates\\%s]\r\n\"Blob\"=hex:", store,
                  test_thumb(pem).text);
    test_reg_hex(reg, hf_buf_peek(&blob));
    hf_buf_text(reg, "\r\n\r\n");
}

/* Writes it to the file and forgets it. */
static inline bool test_reg_put(const struct test_folder *f, const char *name,
                                struct hf_buf *reg)
{
    HF_AUTO(hf_free_ptr) char *text = hf_buf_steal(reg);

    return text && test_put(f, name, text);
}

/* "reg:FOLDER/NAME". */
static inline struct test_path test_spec(const struct test_folder *f,
                                         const char *scheme, const char *name)
{
    struct test_path spec;

    if (snprintf(spec.text, sizeof(spec.text), "%s:%s/%s", scheme, f->path,
                 name) < 0)
        spec.text[0] = '\0';
    return spec;
}

/* What a store holds, an entry a line: "ROOT anchor Test Root A", damaged ones
 * as "ROOT damaged"; or why it cannot be read. On the heap. */
static inline char *test_said(const char *spec)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    struct hf_buf out;
    struct hf_err err = { 0 };
    char text[1000];

    hf_buf_init(&out, 65536);
    hf_buf_text(&out, "");
    if (hf_store_open(spec, NULL, &store, &err) < 0 ||
        hf_store_read(store, &list, &err) < 0) {
        hf_err_text(&err, text, sizeof(text));
        hf_buf_text(&out, text);
        return hf_buf_steal(&out);
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct hf_store_entry *entry = &list.entry[i];
        const struct hf_cert_info *info =
            entry->cert ? hf_cert_info(entry->cert, &err) : NULL;

        hf_buf_printf(&out, "%s %s%s%s\n", entry->place ? entry->place : "-",
                      info ? hf_standing_name(entry->standing) : "damaged",
                      info ? " " : "", info ? info->name : "");
    }
    return hf_buf_steal(&out);
}

static inline int test_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text, sorted, each ended by LF; on the heap. */
static inline char *test_sorted(const char *text)
{
    struct hf_view rest = hf_view_text(text);
    struct hf_texts lines = { 0 };
    struct hf_buf out;

    while (rest.len > 0)
        if (!hf_texts_take(&lines, hf_view_dup(hf_view_line(&rest))))
            abort();
    if (lines.count > 0)
        qsort(lines.text, lines.count, sizeof(char *), test_by_text);
    hf_buf_init(&out, 65536);
    hf_buf_text(&out, "");
    for (size_t i = 0; i < lines.count; i++)
        hf_buf_printf(&out, "%s\n", lines.text[i]);
    hf_texts_done(&lines);
    return hf_buf_steal(&out);
}

/* The same lines, in whatever order the file has them? */
static inline bool test_says(const char *spec, const char *want)
{
    HF_AUTO(hf_free_ptr) char *said = test_said(spec);
    HF_AUTO(hf_free_ptr) char *have = said ? test_sorted(said) : NULL;
    HF_AUTO(hf_free_ptr) char *sorted = test_sorted(want);

    if (have && sorted && strcmp(have, sorted) == 0)
        return true;
    printf("# said: %s", said ? said : "nothing\n");
    return false;
}

#endif
