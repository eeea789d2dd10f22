/* SPDX-License-Identifier: Apache-2.0 */
/* store/winblob.c - the blob of a certificate, kept when it is taken away.
 *
 * Windows keeps properties with a certificate, such as what it is trusted for.
 * An undo that goes by certificates would lift such a limit. The note is three
 * lines: the file, the key, the bytes in hexadecimal. */
#include "base/hex.h"
#include "store/windows.h"
#include "win/certblob.h"

#define NOTE_BLOB "blob"
#define KEPT_MAX 65536 /* bytes; ours: blobs of 10,000 are seen */

static int no_memory(struct hf_err *err)
{
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a certificate");
}

static int new_blob(struct hf_cert *cert, struct hf_buf *out,
                    struct hf_err *err)
{
    return hf_certblob_write(out, hf_cert_der(cert), hf_cert_sha1(cert), NULL,
                             err);
}

static int put_note(const struct hf_store *store, const char *key,
                    struct hf_view blob, struct hf_changeset *set,
                    struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_free_ptr) char *note = NULL;
    HF_AUTO(hf_free_ptr) char *hex = malloc(2 * blob.len + 1);

    if (!hex)
        return no_memory(err);
    hf_hex(blob, hex);
    hf_buf_init(&text, 8 * KEPT_MAX);
    hf_buf_text(&text, store->real);
    hf_buf_text(&text, "\n");
    hf_buf_text(&text, key);
    hf_buf_text(&text, "\n");
    hf_buf_text(&text, hex);
    note = hf_buf_steal(&text);
    return note ? hf_changeset_note(set, NOTE_BLOB, note, err) : no_memory(err);
}

int hf_windows_keep_blob(const struct hf_store *store,
                         const struct hf_registry *registry, const char *key,
                         struct hf_cert *cert, struct hf_changeset *set,
                         struct hf_err *err)
{
    HF_AUTO(hf_reg_value_done) struct hf_reg_value value = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf plain = { 0 };
    struct hf_view blob;

    hf_buf_init(&plain, 2 * HF_CERT_MAX);
    if (hf_registry_get(registry, key, "Blob", &value, err) < 0 ||
        new_blob(cert, &plain, err) < 0)
        return hf_err_code(err);
    blob = hf_view(value.data, value.len);
    if (hf_view_same(blob, hf_buf_peek(&plain)) || blob.len > KEPT_MAX ||
        strpbrk(store->real, "\r\n") || strpbrk(key, "\r\n"))
        return 0;
    return put_note(store, key, blob, set, err);
}

/* A record is a file: does it hold that very certificate? */
static bool is_blob_of(struct hf_view bytes, struct hf_cert *cert)
{
    struct hf_certblob blob = { 0 };
    struct hf_err err;

    return hf_certblob_read(bytes, &blob, &err) == 0 &&
           hf_view_same(blob.der, hf_cert_der(cert));
}

/* Appends the kept blob; nothing when there is none. */
static int kept_blob(const struct hf_store *store, const char *key,
                     struct hf_cert *cert, const struct hf_change_record *back,
                     struct hf_buf *out, struct hf_err *err)
{
    const char *note;

    for (size_t i = 0; (note = hf_change_record_note(back, NOTE_BLOB, i));
         i++) {
        struct hf_view rest = hf_view_text(note);
        HF_AUTO(hf_free_ptr) uint8_t *bytes = NULL;
        size_t len;

        if (!hf_view_is(hf_view_line(&rest), store->real) ||
            !hf_view_same_nocase(hf_view_line(&rest), hf_view_text(key)))
            continue;
        len = rest.len / 2;
        bytes = malloc(len + 1);
        if (!bytes)
            return no_memory(err);
        if (rest.len % 2 != 0 || !hf_hex_read(rest, bytes, len) ||
            !is_blob_of(hf_view(bytes, len), cert))
            continue;
        hf_buf_add(out, bytes, len);
        return hf_buf_check(out, err);
    }
    return 0;
}

int hf_windows_blob(const struct hf_store *store, const char *key,
                    struct hf_cert *cert, const struct hf_change_record *back,
                    struct hf_buf *out, struct hf_err *err)
{
    if (back && kept_blob(store, key, cert, back, out, err) < 0)
        return hf_err_code(err);
    return out->len > 0 ? 0 : new_blob(cert, out, err);
}
