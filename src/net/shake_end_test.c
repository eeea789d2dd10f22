/* SPDX-License-Identifier: Apache-2.0 */
/* net/shake_end_test.c - what a handshake that failed means. */
#include "net/shake_end.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>

#include "hf_test.h"

#define LIB(reason) ERR_PACK(ERR_LIB_SSL, 0, (reason))
#define TLS "\x16\x03\x03\x00\x7a\x02"

static void test_first_bytes(void)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t len;
        bool want;
    } row[] = {
        { "a handshake record", "\x16\x03\x03\x00\x7a", 5, true },
        { "an alert record", "\x15\x03\x01\x00\x02", 5, true },
        { "its first byte alone", "\x16", 1, true },
        { "nothing", "", 0, false },
        { "HTTP", "HTTP/1.1 400", 12, false },
        { "SSH", "SSH-2.0-x", 9, false },
        { "SMTP", "220 mail", 8, false },
        { "MySQL", "\x4a\x00\x00\x00\x0a", 5, false },
        { "a version that is none", "\x16\x09\x00", 3, false },
        { "application data first", "\x17\x03\x03\x00\x7a", 5, false },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++)
        HF_CHECK(hf_tls_is_record(hf_view(row[i].bytes, row[i].len)) ==
                     row[i].want,
                 "first bytes: %s", row[i].name);
}

static void test_judge(void)
{
    static const struct {
        const char *name;
        const char *heard;
        bool late, closed;
        int sys;
        int reason; /* of the library, 0: none */
        int alert;  /* -1: none */
        bool fatal;
        enum hf_look_end want;
        const char *words; /* in the detail */
    } row[] = {
        { "nothing in time", "", true, false, 0, 0, -1, false, HF_LOOK_SILENT,
          "no answer to the TLS hello" },
        { "silence after an answer", TLS, true, false, 0, 0, -1, false,
          HF_LOOK_SILENT, "fell silent in the middle" },
        { "reset right away", "", false, false, ECONNRESET, 0, -1, false,
          HF_LOOK_CUT, "right after our hello" },
        { "reset in the middle", TLS, false, false, ECONNRESET, 0, -1, false,
          HF_LOOK_CUT, "in the middle" },
        { "the write fails", "", false, false, EPIPE, 0, -1, false, HF_LOOK_CUT,
          "reset" },
        { "closed right away", "", false, true, 0, 0, -1, false, HF_LOOK_CUT,
          "closed the connection right after" },
        { "closed in the middle", TLS, false, true, 0,
          SSL_R_UNEXPECTED_EOF_WHILE_READING, -1, false, HF_LOOK_CUT,
          "closed the connection in the middle" },
        { "the network gives up", TLS, false, false, ETIMEDOUT, 0, -1, false,
          HF_LOOK_SILENT, "fell silent" },
        { "a fatal alert", "\x15\x03\x01", false, false, 0,
          SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, 40, true, HF_LOOK_ALERT,
          "alert 40 (handshake failure)" },
        { "an alert, then a reset", "\x15\x03\x01", false, false, ECONNRESET, 0,
          70, true, HF_LOOK_ALERT, "70 (protocol version)" },
        { "a warning, then a reset", TLS, false, false, ECONNRESET, 0, 112,
          false, HF_LOOK_CUT, "reset" },
        { "HTTP", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n", false, false, 0,
          SSL_R_WRONG_VERSION_NUMBER, -1, false, HF_LOOK_NOT_TLS,
          "\"HTTP/1.1 400 Bad Request\"" },
        { "a banner, then a reset", "220 mail.example ESMTP\r\n", false, false,
          ECONNRESET, 0, -1, false, HF_LOOK_NOT_TLS,
          "\"220 mail.example ESMTP\"" },
        { "a banner, then silence", "SSH-2.0-x", true, false, 0, 0, -1, false,
          HF_LOOK_NOT_TLS, "SSH-2.0-x" },
        { "our library refuses", TLS, false, false, 0, SSL_R_BAD_SIGNATURE, -1,
          false, HF_LOOK_FAILED, "our TLS library refused" },
    };

    for (size_t i = 0; i < HF_COUNT(row); i++) {
        struct hf_look_seen seen = { .alert = -1 };
        struct hf_tls_notes notes = { .served = &seen.served,
                                      .alert = row[i].alert,
                                      .alert_fatal = row[i].fatal,
                                      .sys = row[i].sys,
                                      .eof = row[i].closed };
        struct hf_shake_stop stop = {
            .late = row[i].late,
            .lib = row[i].reason ? LIB(row[i].reason) : 0,
            .ms = 5000,
        };

        notes.heard_len = strlen(row[i].heard);
        memcpy(notes.heard, row[i].heard, notes.heard_len);
        hf_shake_judge(&stop, &notes, &seen);
        HF_CHECK(seen.end == row[i].want && strstr(seen.detail, row[i].words) &&
                     seen.alert == row[i].alert,
                 "end: %s: %s", row[i].name, seen.detail);
    }
}

static void test_precedence(void)
{
    struct hf_cert *none = NULL;
    struct hf_look_seen seen = { .alert = -1 };
    struct hf_tls_notes notes = { .served = &seen.served,
                                  .alert = 40,
                                  .alert_fatal = true,
                                  .client_cert_asked = true };
    struct hf_shake_stop stop = { .ms = 5000 };

    notes.heard_len = 3;
    memcpy(notes.heard, TLS, 3);
    hf_shake_judge(&stop, &notes, &seen);
    HF_CHECK(seen.end == HF_LOOK_ALERT && seen.hello_answered,
             "a client certificate asked for, nothing shown: the alert");
    /* only their number is looked at */
    seen.served = (struct hf_certs){ .cert = &none, .count = 1 };
    hf_shake_judge(&stop, &notes, &seen);
    HF_CHECK(seen.end == HF_LOOK_DONE && seen.alert == 40 && !seen.finished &&
                 strstr(seen.detail, "wants a client certificate"),
             "a client certificate asked for, certificates shown: seen");
    notes.client_cert_asked = false;
    hf_shake_judge(&stop, &notes, &seen);
    HF_CHECK(seen.end == HF_LOOK_ALERT,
             "certificates shown, none asked for: still the alert");
    snprintf(notes.fault, sizeof(notes.fault), "certificate 1: garbled");
    hf_shake_judge(&stop, &notes, &seen);
    HF_CHECK(seen.end == HF_LOOK_FAILED &&
                 strcmp(seen.detail, "certificate 1: garbled") == 0,
             "our own refusal of a certificate comes first");
}

int main(void)
{
    test_first_bytes();
    test_judge();
    test_precedence();
    HF_CHECK(strcmp(hf_look_end_name(HF_LOOK_NOT_TLS), "not-tls") == 0 &&
                 strcmp(hf_look_end_name((enum hf_look_end)99), "?") == 0,
             "names of ends");
    return hf_test_end();
}
