/* SPDX-License-Identifier: Apache-2.0 */
/* cli/match.c - is this the certificate a person means? */
#include "cli/match.h"

#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "doc/opt.h"

/* Lower-case digits without colons, blanks and leading zeros. Windows prints
 * serials with blanks, browsers with colons. */
static void read_serial(const char *text, char *ret_serial, size_t size)
{
    size_t n = 0;

    for (const char *c = text; *c; c++) {
        char low = *c >= 'A' && *c <= 'F' ? (char)(*c + 32) : *c;

        if (*c == ':' || *c == ' ')
            continue;
        if (!strchr("0123456789abcdef", low) || n + 1 == size) {
            n = 0;
            break;
        }
        if (n > 0 || low != '0')
            ret_serial[n++] = low;
    }
    ret_serial[n] = '\0';
}

int hf_match_check(const struct hf_args *words, struct hf_err *err)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->word[i][strspn(words->word[i], " \t\r\n")] == '\0')
            return HF_FAIL(err, HF_E_USAGE,
                           "'%s' names no certificate: it would mean all",
                           words->word[i]);
    return 0;
}

struct hf_match hf_match_read(const char *text)
{
    struct hf_match match = { .text = text };
    struct hf_view view = hf_view_text(text);

    match.has_sha1 = hf_hex_read(view, match.sha1, HF_SHA1_LEN);
    match.has_sha256 = hf_hex_read(view, match.sha256, HF_SHA256_LEN);
    match.is_hash = match.has_sha1 || match.has_sha256;
    read_serial(text, match.serial, sizeof(match.serial));
    return match;
}

static bool same_serial(const char *serial, const char *wanted)
{
    while (*serial == '0')
        serial++;
    return *wanted && strcmp(serial, wanted) == 0;
}

bool hf_match_cert(const struct hf_match *match, struct hf_cert *cert)
{
    struct hf_err err;
    const struct hf_cert_info *info;

    if (match->has_sha256 &&
        memcmp(match->sha256, hf_cert_sha256(cert), HF_SHA256_LEN) == 0)
        return true;
    if (match->has_sha1 &&
        memcmp(match->sha1, hf_cert_sha1(cert), HF_SHA1_LEN) == 0)
        return true;
    info = hf_cert_info(cert, &err);
    if (!info)
        return false;
    if (same_serial(info->serial, match->serial))
        return true;
    return !match->is_hash && (strcasestr(info->name, match->text) ||
                               strcasestr(info->subject, match->text));
}
