/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/crl_test.c - revocation lists are added whole or not at all. */
#include "crypto/crl.h"

#include "hf_data.h"
#include "hf_test.h"

#define BEGIN "-----BEGIN X509 CRL-----\n"
#define END "-----END X509 CRL-----\n"

/* Adds `bytes` to a set of its own. Returns how many lists came of it, or -1
 * with `part` in the error's text, or -2. */
static int added(struct hf_view bytes, const char *part)
{
    HF_AUTO(hf_crls_freep) struct hf_crls *crls = NULL;
    struct hf_err err;
    char text[HF_ERR_TEXT * 4];

    if (hf_crls_new(&crls, &err) < 0)
        return -2;
    if (hf_crls_add(crls, "a.crl", bytes, &err) == 0)
        return (int)hf_crls_count(crls);
    hf_err_text(&err, text, sizeof(text));
    printf("# %s\n", text);
    return hf_crls_count(crls) == 0 && strstr(text, "'a.crl': ") &&
                   strstr(text, part)
               ? -1
               : -2;
}

static void test_files(void)
{
    struct hf_buf der, pem, bytes;
    char place[32];

    hf_data_read("certs/revoked.crl", &der);
    hf_data_read("certs/revoked.crl.pem", &pem);
    hf_buf_init(&bytes, HF_DATA_MAX);
    HF_CHECK(added(hf_buf_peek(&der), "") == 1, "one in DER");
    HF_CHECK(added(hf_buf_peek(&pem), "") == 1, "one in PEM");
    hf_buf_view(&bytes, hf_buf_peek(&der));
    hf_buf_view(&bytes, hf_buf_peek(&der));
    HF_CHECK(added(hf_buf_peek(&bytes), "") == 2, "two in DER");
    hf_buf_add(&bytes, "x", 1);
    (void)snprintf(place, sizeof(place), "offset %zu:", 2 * der.len);
    HF_CHECK(added(hf_buf_peek(&bytes), place) == -1,
             "two in DER and a byte more: none");
    bytes.len = 0;
    hf_buf_text(&bytes, "junk\n");
    hf_buf_view(&bytes, hf_buf_peek(&pem));
    hf_buf_text(&bytes, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    hf_buf_view(&bytes, hf_buf_peek(&pem));
    HF_CHECK(added(hf_buf_peek(&bytes), "") == 2, "two in PEM, and junk");
    hf_buf_text(&bytes, BEGIN "AAAA\n" END);
    HF_CHECK(added(hf_buf_peek(&bytes), "offset ") == -1,
             "one that is none: none");
    hf_buf_done(&bytes);
    hf_buf_done(&der);
    hf_buf_done(&pem);
}

static void test_texts(void)
{
    static const struct {
        const char *name, *text, *part;
    } row[] = {
        { "nothing", "", "offset 0" },
        { "no list", "hello", "offset 0" },
        { "another block", "-----BEGIN KEY-----\n-----END KEY-----\n",
          "no '-----BEGIN X509 CRL-----'" },
        { "an empty block", BEGIN END, "offset 24" },
        { "no END", BEGIN "AAAA\n", "offset 24" },
        { "not base64", BEGIN "AA*A\n" END, "offset 27" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(added(hf_view_text(row[i].text), row[i].part) == -1, "%s: %s",
                 row[i].name, row[i].part);
}

int main(void)
{
    test_files();
    test_texts();
    return hf_test_end();
}
