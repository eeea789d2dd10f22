/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/eku_test.c - lists of purposes that stand alone. */
#include "crypto/eku.h"

#include "hf_test.h"

#define SERVER "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
#define CODE "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x03"
#define STAMP "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x08"
#define EFS "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x04"
#define ANY "\x06\x04\x55\x1d\x25\x00"
#define MS_ANY "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0a\x0c\x01"
#define BYTES(text)                                                            \
    {                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                              \
    }

static void test_lists(void)
{
    static const struct {
        const char *name;
        struct hf_view der;
        unsigned want;
    } row[] = {
        { "one", BYTES("\x30\x0a" SERVER), HF_PURPOSE_TLS_SERVER },
        { "two", BYTES("\x30\x14" CODE STAMP),
          HF_PURPOSE_CODE | HF_PURPOSE_TIMESTAMP },
        { "twice the same", BYTES("\x30\x14" CODE CODE), HF_PURPOSE_CODE },
        { "one of ours and another", BYTES("\x30\x16" SERVER EFS),
          HF_PURPOSE_TLS_SERVER | HF_PURPOSE_OTHER },
        { "others only: not for everything", BYTES("\x30\x0c" EFS),
          HF_PURPOSE_OTHER },
        { "none: not for everything", BYTES("\x30\x00"), HF_PURPOSE_OTHER },
        { "any: every one", BYTES("\x30\x06" ANY), 255 },
        { "any, as Microsoft says it", BYTES("\x30\x0c" MS_ANY), 255 },
        { "a length in the long form", BYTES("\x30\x81\x0a" SERVER),
          HF_PURPOSE_TLS_SERVER },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err;
        unsigned purposes = 0;

        HF_CHECK(hf_eku_purposes(row[i].der, &purposes, &err) == 0 &&
                     purposes == row[i].want,
                 "purposes: %s", row[i].name);
    }
}

static void test_malformed(void)
{
    static const struct {
        const char *name;
        struct hf_view der;
        const char *want;
    } row[] = {
        { "no bytes", { NULL, 0 }, "offset 0: " },
        { "no list", BYTES(SERVER), "offset 0: " },
        { "a list that is cut", BYTES("\x30\x0b" SERVER), "offset 0: " },
        { "more behind it", BYTES("\x30\x0a" SERVER "\x05\x00"),
          "offset 12: 2 bytes" },
        { "no identifier", BYTES("\x30\x0c" SERVER "\x05\x00"), "offset 12: " },
        { "an empty identifier", BYTES("\x30\x0c" SERVER "\x06\x00"),
          "offset 12: " },
        { "an identifier that is cut", BYTES("\x30\x03\x06\x08\x2b"),
          "offset 2: " },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_err err = { 0 };
        unsigned purposes = 4711;

        HF_CHECK(
            hf_eku_purposes(row[i].der, &purposes, &err) == HF_E_PARSE &&
                purposes == 4711 &&
                hf_view_starts(hf_view_text(err.frame[0].text), row[i].want),
            "malformed: %s", row[i].name);
    }
}

int main(void)
{
    test_lists();
    test_malformed();
    return hf_test_end();
}
