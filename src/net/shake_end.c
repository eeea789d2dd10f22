/* SPDX-License-Identifier: Apache-2.0 */
/* net/shake_end.c - what a handshake that failed means. */
#include "net/shake_end.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>

#include "net/http.h"

static void HF_PRINTF(3, 4) end(struct hf_look_seen *seen, enum hf_look_end how,
                                const char *format, ...)
{
    va_list args;

    seen->end = how;
    va_start(args, format);
    vsnprintf(seen->detail, sizeof(seen->detail), format, args);
    va_end(args);
}

static const char *when(const struct hf_tls_notes *notes,
                        const struct hf_look_seen *seen)
{
    if (seen->served.count > 0)
        return "after its certificates";
    return notes->heard_len > 0 ? "in the middle of the handshake"
                                : "right after our hello";
}

static void not_tls(const struct hf_tls_notes *notes, struct hf_look_seen *seen)
{
    struct hf_view rest = hf_view(notes->heard, notes->heard_len);
    char text[120];

    hf_http_safe(hf_view_line(&rest), text, sizeof(text));
    end(seen, HF_LOOK_NOT_TLS, "the server does not speak TLS; it said \"%s\"",
        text);
}

static void silent(const struct hf_shake_stop *stop,
                   const struct hf_tls_notes *notes, struct hf_look_seen *seen)
{
    if (notes->heard_len == 0)
        end(seen, HF_LOOK_SILENT,
            "connected, but no answer to the TLS hello within %d ms", stop->ms);
    else
        end(seen, HF_LOOK_SILENT,
            "the server fell silent %s; gave up after %d ms", when(notes, seen),
            stop->ms);
}

static void broken(const struct hf_shake_stop *stop,
                   const struct hf_tls_notes *notes, struct hf_look_seen *seen)
{
    const char *reason = ERR_reason_error_string(stop->lib);
    int sys = notes->sys;

    if (sys == ETIMEDOUT)
        silent(stop, notes, seen);
    else if (sys == ECONNRESET || sys == EPIPE || sys == ECONNABORTED)
        end(seen, HF_LOOK_CUT, "the connection was reset %s (%s)",
            when(notes, seen), strerror(sys));
    else if (sys != 0)
        end(seen, HF_LOOK_CUT, "the connection broke %s (%s)",
            when(notes, seen), strerror(sys));
    else if (notes->eof)
        end(seen, HF_LOOK_CUT, "the server closed the connection %s",
            when(notes, seen));
    else
        end(seen, HF_LOOK_FAILED,
            "our TLS library refused what the server sent: %s",
            reason ? reason : "no reason given");
}

/* A server that shows its certificates and then ends because we have none of
 * our own was seen as well as one can be. */
static void for_want_of_ours(struct hf_look_seen *seen)
{
    char how[sizeof(seen->detail)];

    memcpy(how, seen->detail, sizeof(how));
    end(seen, HF_LOOK_DONE, "the server wants a client certificate: %.180s",
        how);
}

void hf_shake_judge(const struct hf_shake_stop *stop,
                    const struct hf_tls_notes *notes, struct hf_look_seen *seen)
{
    bool tls = hf_tls_is_record(hf_view(notes->heard, notes->heard_len));

    seen->hello_answered = tls;
    seen->alert = notes->alert;
    if (notes->fault[0])
        end(seen, HF_LOOK_FAILED, "%s", notes->fault);
    else if (notes->heard_len > 0 && !tls)
        not_tls(notes, seen);
    else if (notes->alert_fatal)
        end(seen, HF_LOOK_ALERT, "the server refused with alert %d (%s)",
            notes->alert, SSL_alert_desc_string_long(notes->alert));
    else if (stop->late)
        silent(stop, notes, seen);
    else
        broken(stop, notes, seen);
    if (notes->client_cert_asked && seen->served.count > 0 &&
        (seen->end == HF_LOOK_ALERT || seen->end == HF_LOOK_CUT))
        for_want_of_ours(seen);
}
