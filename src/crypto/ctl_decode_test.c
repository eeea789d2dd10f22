/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/ctl_decode_test.c - what stands in a trust list, whoever signed it. */
#include "crypto/ctl_decode.h"

#include "crypto/ctl_mint.h"
#include "hf_test.h"

#define DAY_2023 "\x00\x40\x27\x5a\xd0\x35\xd9\x01" /* 2023-02-01 */

/* An identifier of `len` bytes. */
static struct hf_view id_of(size_t len)
{
    static const uint8_t bytes[HF_CTL_ID_MAX + 1] = { 1 };

    return hf_view(bytes, len);
}

/* One entry with one property. */
static void one_property(struct hf_buf *entries, unsigned id,
                         struct hf_view value)
{
    struct hf_buf properties = ctl_buf();

    ctl_property(&properties, id, value);
    ctl_entry(entries, id_of(HF_SHA1_LEN), &properties);
}

static int decode(struct hf_view entries, struct hf_ctl **ret_ctl,
                  struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf content = { 0 };
    struct ctl_mint m = { .entries = entries };
    struct hf_ctl_outline outline;
    struct hf_ctl_head head;

    hf_buf_init(&content, HF_CTL_MAX);
    ctl_content(&content, &m);
    outline = (struct hf_ctl_outline){ hf_buf_peek(&content), content.ptr };
    if (hf_ctl_decode_head(&outline, &head, err) < 0)
        return hf_err_code(err);
    return hf_ctl_decode_entries(&outline, &head, ret_ctl, err);
}

static bool words_are(const struct hf_ctl_entry *entry, const char *want)
{
    HF_AUTO(hf_buf_done) struct hf_buf out = ctl_buf();

    hf_ctl_words(&out, entry);
    return hf_view_is(hf_buf_peek(&out), want);
}

/* --- properties ---------------------------------------------------------- */

static void test_properties(void)
{
    static const struct {
        const char *name;
        unsigned id;
        struct hf_view value;
        const char *words, *error; /* one of them */
    } row[] = {
        { "no purpose at all",
          9,
          { (const uint8_t *)"\x30\x00", 2 },
          "for none",
          NULL },
        { "a purpose list taken back", 9, { NULL, 0 }, "", NULL },
        { "a time of no certificate",
          104,
          { (const uint8_t *)"\0\0\0\0\0\0\0\0", 8 },
          "disallowed",
          NULL },
        { "a time of seven bytes",
          104,
          { (const uint8_t *)"\0\0\0\0\0\0\0", 7 },
          NULL,
          "expected a time of eight bytes" },
        { "nothing new, since ever",
          126,
          { (const uint8_t *)"\0\0\0\0\0\0\0\0", 8 },
          "nothing issued",
          NULL },
        { "a SHA-256 of 31 bytes",
          98,
          { (const uint8_t *)"0123456789012345678901234567890", 31 },
          NULL,
          "expected the SHA-256" },
        { "purposes that are none",
          9,
          { (const uint8_t *)"\x04\x00", 2 },
          NULL,
          "expected a list of purposes" },
        { "bytes behind the purposes",
          122,
          { (const uint8_t *)"\x30\x00\x00", 3 },
          NULL,
          "expected a list of purposes" },
        { "a purpose that is cut",
          127,
          { (const uint8_t *)"\x30\x03\x06\x01\x80", 5 },
          NULL,
          "expected the identifier of a purpose" },
        { "a purpose that is empty",
          9,
          { (const uint8_t *)"\x30\x02\x06\x00", 4 },
          NULL,
          "expected the identifier of a purpose" },
        { "a number too large for an identifier",
          9,
          { (const uint8_t *)"\x30\x0c\x06\x0a\xff\xff\xff\xff\xff\xff\xff\xff"
                             "\xff\x7f",
            14 },
          NULL,
          "expected the identifier of a purpose" },
        { "a property nobody knows",
          200,
          { (const uint8_t *)"x", 1 },
          "",
          NULL },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
        HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
        struct hf_err err = { 0 };
        int rc;

        one_property(&entries, row[i].id, row[i].value);
        rc = decode(hf_buf_peek(&entries), &ctl, &err);
        HF_CHECK(row[i].error ? rc == HF_E_PARSE && !ctl &&
                                    strstr(err.frame[0].text, row[i].error) &&
                                    strstr(err.frame[0].text, "offset")
                              : rc == 0 && ctl->count == 1 &&
                                    words_are(ctl->entry, row[i].words),
                 "property: %s", row[i].name);
    }
}

static void test_no_purpose(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    struct hf_err err;

    one_property(&entries, 9, CTL_BYTES("\x30\x00"));
    HF_CHECK(decode(hf_buf_peek(&entries), &ctl, &err) == 0 &&
                 ctl->entry[0].purposes == HF_PURPOSE_OTHER,
             "purposes: none is not all");
}

static void test_twice(void)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf entries = ctl_buf();
    struct hf_buf properties = ctl_buf();
    struct hf_err err = { 0 };

    ctl_property(&properties, 104, hf_view(NULL, 0));
    ctl_property(&properties, 104, CTL_BYTES(DAY_2023));
    ctl_entry(&entries, id_of(HF_SHA1_LEN), &properties);
    hf_buf_done(&properties);
    HF_CHECK(decode(hf_buf_peek(&entries), &ctl, &err) == HF_E_PARSE &&
                 strstr(err.frame[0].text, "stands there twice"),
             "property: twice is refused");
}

/* --- limits -------------------------------------------------------------- */

static void test_limits(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf entries = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf long_id = ctl_buf();
    HF_AUTO(hf_buf_done) struct hf_buf big = { 0 };
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_buf properties;
    struct hf_ctl_outline outline;
    struct hf_err err = { 0 };

    hf_buf_init(&entries, HF_CTL_MAX);
    for (int i = 0; i <= HF_CTL_ENTRIES_MAX; i++)
        hf_buf_add(&entries, "\x30\x03\x04\x01\x55", 5);
    HF_CHECK(decode(hf_buf_peek(&entries), &ctl, &err) == HF_E_LIMIT,
             "limits: more entries than are read");
    properties = ctl_buf();
    ctl_entry(&long_id, id_of(HF_CTL_ID_MAX + 1), &properties);
    HF_CHECK(decode(hf_buf_peek(&long_id), &ctl, &err) == HF_E_PARSE,
             "limits: an identifier of 65 bytes");
    hf_buf_init(&big, HF_CTL_MAX + 1);
    while (big.len <= HF_CTL_MAX)
        hf_buf_add(&big, "0", 1);
    HF_CHECK(hf_ctl_outline(hf_buf_peek(&big), &outline, &err) == HF_E_LIMIT,
             "limits: more bytes than are read");
}

/* Many purposes in few bytes: bounded in the sum. */
static void test_purposes(void)
{
    HF_AUTO(hf_buf_done) struct hf_buf oids = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf list = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf entries = { 0 };
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_buf properties;
    struct hf_err err = { 0 };

    hf_buf_init(&oids, HF_CTL_MAX);
    hf_buf_init(&list, HF_CTL_MAX);
    hf_buf_init(&entries, HF_CTL_MAX);
    for (int i = 0; i < 250000; i++)
        hf_buf_add(&oids, "\x06\x01\x2a", 3);
    ctl_der(&list, 0x30, hf_buf_peek(&oids));
    properties = ctl_buf();
    ctl_property(&properties, 9, hf_buf_peek(&list));
    ctl_entry(&entries, id_of(HF_SHA1_LEN), &properties);
    hf_buf_done(&properties);
    HF_CHECK(decode(hf_buf_peek(&entries), &ctl, &err) == HF_E_LIMIT,
             "limits: more purposes than are read");
}

int main(void)
{
    test_properties();
    test_no_purpose();
    test_twice();
    test_limits();
    test_purposes();
    return hf_test_end();
}
