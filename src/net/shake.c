/* SPDX-License-Identifier: Apache-2.0 */
/* net/shake.c - one TLS handshake on the loop, and how it ended. */
#include "net/shake.h"

#include <openssl/err.h>
#include <stdio.h>

#include "net/http.h"
#include "net/loop_in.h"
#include "net/shake_end.h"
#include "plat/clock.h"

#define DATE_MS_MAX 2000 /* a second opinion is not worth more */
#define REQUEST_ROOM 512 /* bytes; a host is 253 at most */

/* The server's date, asked for after the handshake. */
struct date {
    char request[REQUEST_ROOM];
    int request_len;
    bool sent;
    size_t got;
    uint8_t in[HF_HTTP_HEAD_MAX];
};

struct hf_shake {
    struct hf_loop *loop;
    struct hf_shake_ask ask;
    struct hf_look_seen *seen;
    struct hf_tls_notes notes;
    SSL *ssl;
    struct event io, deadline;
    short waits_for;
    int64_t began_ms;
    struct date *date; /* NULL until it is asked for */
};

static void advance(struct hf_shake *shake);

/* The callback may free the shake: nothing is touched after. */
static void finish(struct hf_shake *shake)
{
    struct hf_look_seen *seen = shake->seen;
    const struct hf_tls_notes *notes = &shake->notes;

    event_del(&shake->io);
    event_del(&shake->deadline);
    seen->first_len = notes->heard_len < sizeof(seen->first_bytes)
                          ? notes->heard_len
                          : sizeof(seen->first_bytes);
    memcpy(seen->first_bytes, notes->heard, seen->first_len);
    seen->client_cert_asked = notes->client_cert_asked;
    seen->has_sct |= notes->has_sct;
    seen->alert = notes->alert;
    ERR_clear_error();
    shake->ask.fn(shake->ask.user);
}

static int64_t used_ms(const struct hf_shake *shake)
{
    return hf_clock_monotonic_ms() - shake->began_ms;
}

static void stop(struct hf_shake *shake, const struct hf_shake_stop *how)
{
    /* a write can fail before what the server said first was read */
    if (shake->notes.heard_len == 0)
        hf_tls_overhear(&shake->notes);
    hf_shake_judge(how, &shake->notes, shake->seen);
    shake->seen->handshake_ms = (int32_t)used_ms(shake);
    finish(shake);
}

static void on_io(evutil_socket_t fd, short what, void *arg);

/* Without memory for it the deadline is what ends the shake. */
static void wait_for(struct hf_shake *shake, short what)
{
    if (shake->waits_for == what)
        return;
    event_del(&shake->io);
    shake->waits_for = 0;
    if (event_assign(&shake->io, shake->loop->base, shake->ask.fd,
                     (short)(what | EV_PERSIST), on_io, shake) == 0 &&
        event_add(&shake->io, NULL) == 0)
        shake->waits_for = what;
}

/* After a call that did not succeed. Returns true when it only wants the
 * socket to become ready. */
static bool wants_more(struct hf_shake *shake, int error)
{
    if (error == SSL_ERROR_WANT_READ)
        wait_for(shake, EV_READ);
    else if (error == SSL_ERROR_WANT_WRITE)
        wait_for(shake, EV_WRITE);
    else
        return false;
    return true;
}

/* OID 1.3.6.1.4.1.11129.2.4.5, as DER, stands in an OCSP response that carries
 * SCTs; that it could stand there by chance does not matter for a hint. */
static bool staple_has_sct(struct hf_view staple)
{
    static const uint8_t oid[] = { 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04,
                                   0x01, 0xd6, 0x79, 0x02, 0x04, 0x05 };

    return staple.len > 0 &&
           memmem(staple.ptr, staple.len, oid, sizeof(oid)) != NULL;
}

static void note_success(struct hf_shake *shake)
{
    struct hf_look_seen *seen = shake->seen;
    const unsigned char *staple = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(shake->ssl, &staple);

    if (staple && len > 0)
        seen->staple = hf_view(staple, (size_t)len);
    seen->has_sct = staple_has_sct(seen->staple);
    seen->end = HF_LOOK_DONE;
    seen->finished = true;
    seen->hello_answered = true;
    seen->handshake_ms = (int32_t)used_ms(shake);
    snprintf(seen->version, sizeof(seen->version), "%s",
             SSL_get_version(shake->ssl));
    snprintf(seen->cipher, sizeof(seen->cipher), "%s",
             SSL_get_cipher_name(shake->ssl));
}

/* Without memory the date is simply not known. */
static void ask_date(struct hf_shake *shake)
{
    int64_t left = shake->ask.ms - used_ms(shake);
    struct date *date = calloc(1, sizeof(*date));
    struct hf_err err;
    int len = -1;

    if (date)
        len = snprintf(date->request, sizeof(date->request),
                       "HEAD / HTTP/1.1\r\nHost: %s\r\n"
                       "User-Agent: holdfast\r\nConnection: close\r\n\r\n",
                       shake->ask.date_host);
    if (left > DATE_MS_MAX)
        left = DATE_MS_MAX;
    if (len < 0 || len >= REQUEST_ROOM || left <= 0 ||
        hf_loop_after(&shake->deadline, (int)left, &err) < 0) {
        free(date);
        finish(shake);
        return;
    }
    date->request_len = len;
    shake->date = date;
    advance(shake);
}

static void advance_date(struct hf_shake *shake)
{
    struct date *date = shake->date;
    struct hf_http_head head;
    enum hf_http is = HF_HTTP_MORE;
    int rc = 1;

    if (!date->sent)
        rc = SSL_write(shake->ssl, date->request, date->request_len);
    date->sent = rc > 0;
    while (rc > 0 && is == HF_HTTP_MORE) {
        rc = SSL_read(shake->ssl, date->in + date->got,
                      (int)(sizeof(date->in) - date->got));
        if (rc > 0)
            date->got += (size_t)rc;
        is = hf_http_head_read(hf_view(date->in, date->got), &head);
    }
    if (rc <= 0 && wants_more(shake, SSL_get_error(shake->ssl, rc)))
        return;
    if (is == HF_HTTP_HEAD &&
        !hf_http_date_read(head.date, &shake->seen->date_s))
        shake->seen->date_s = 0;
    finish(shake);
}

static void advance_handshake(struct hf_shake *shake)
{
    int rc = SSL_connect(shake->ssl);
    struct hf_shake_stop how = { .ms = shake->ask.ms };

    if (rc == 1) {
        note_success(shake);
        if (shake->ask.date_host)
            ask_date(shake);
        else
            finish(shake);
    } else if (!wants_more(shake, SSL_get_error(shake->ssl, rc))) {
        how.lib = ERR_peek_error();
        stop(shake, &how);
    }
}

static void advance(struct hf_shake *shake)
{
    ERR_clear_error(); /* one queue for all connections of the thread */
    if (shake->date)
        advance_date(shake);
    else
        advance_handshake(shake);
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    advance(arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct hf_shake *shake = arg;
    struct hf_shake_stop how = { .late = true, .ms = shake->ask.ms };

    (void)fd;
    (void)what;
    if (shake->date)
        finish(shake);
    else
        stop(shake, &how);
}

static int prepare(struct hf_shake *shake, struct hf_err *err)
{
    if (!shake->loop->tls && hf_tls_client_new(&shake->loop->tls, err) < 0)
        return HF_WRAP(err, "cannot look at a server");
    if (evtimer_assign(&shake->deadline, shake->loop->base, on_deadline,
                       shake) ||
        hf_loop_after(&shake->deadline, shake->ask.ms, err) < 0)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a handshake");
    shake->ssl =
        hf_tls_client_connect(shake->loop->tls, shake->ask.sni, &shake->notes);
    if (!shake->ssl)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a handshake");
    if (event_assign(&shake->io, shake->loop->base, shake->ask.fd,
                     EV_READ | EV_PERSIST, on_io, shake) ||
        event_add(&shake->io, NULL))
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a handshake");
    shake->waits_for = EV_READ;
    return 0;
}

int hf_shake_start(struct hf_loop *loop, const struct hf_shake_ask *ask,
                   struct hf_look_seen *seen, struct hf_shake **ret_shake,
                   struct hf_err *err)
{
    struct hf_shake *shake = calloc(1, sizeof(*shake));

    if (!shake)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a handshake");
    shake->loop = loop;
    shake->ask = *ask;
    shake->seen = seen;
    shake->notes.served = &seen->served;
    shake->notes.alert = -1;
    shake->notes.fd = ask->fd;
    shake->began_ms = hf_clock_monotonic_ms();
    if (prepare(shake, err) < 0) {
        hf_shake_free(shake);
        return hf_err_code(err);
    }
    /* the hello goes out in this round of the loop, but not from in here */
    event_active(&shake->io, EV_WRITE, 1);
    *ret_shake = shake;
    return 0;
}

void hf_shake_free(struct hf_shake *shake)
{
    if (!shake)
        return;
    if (event_initialized(&shake->io))
        event_del(&shake->io);
    if (event_initialized(&shake->deadline))
        event_del(&shake->deadline);
    if (shake->ssl && shake->seen->finished) {
        /* a polite end: servers log the other kind */
        (void)SSL_shutdown(shake->ssl);
        ERR_clear_error();
    }
    SSL_free(shake->ssl);
    free(shake->date);
    free(shake);
}
