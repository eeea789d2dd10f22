/* SPDX-License-Identifier: Apache-2.0 */
/* cli/mirror.c - a share of trust lists at a URL, fetched into a folder. */
#include "cli/mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "net/fetch.h"
#include "plat/file.h"
#include "store/ctl.h"

#define LIST_MS 20000 /* a list has 0.2 MB; slow lines are common */
#define BODY_MS 10000
/* bytes; ours: 1 MB today. Bodies are kept before they are looked at */
#define MIRROR_MAX (64 * 1024 * 1024)

struct mirroring {
    struct hf_session *s;
    const char *url;
    struct hf_mirror *mirror;
    struct hf_loop *loop;
    struct hf_proxy_conf *proxy;
    const struct hf_fetch_ask *ask;
    size_t count, done;
    size_t bytes;      /* kept */
    struct hf_err err; /* of writing; code 0: none */
};

static const char *read_env(const char *name)
{
    return getenv(name);
}

/* URL/NAME on the heap. */
static char *url_of(const struct mirroring *m, const char *name)
{
    size_t len = strlen(m->url);
    char *text;

    return asprintf(&text, "%s%s%s", m->url,
                    len > 0 && m->url[len - 1] == '/' ? "" : "/", name) < 0
               ? NULL
               : text;
}

static void save(struct mirroring *m, const struct hf_fetch_seen *seen)
{
    const char *name = strrchr(m->ask[seen->at].url, '/') + 1;
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(m->mirror->folder, name);

    if (m->err.code)
        return;
    m->bytes += seen->body.len;
    if (m->bytes > MIRROR_MAX)
        (void)HF_FAIL(&m->err, HF_E_LIMIT,
                      "'%s' sends more than %d MiB: no share of trust lists "
                      "does",
                      m->url, MIRROR_MAX / 1024 / 1024);
    else if (!path)
        (void)HF_FAIL(&m->err, HF_E_NOMEM, "no memory for a path");
    else
        (void)!hf_file_write(path, seen->body, 0600, &m->err);
}

static void on_file(void *user, const struct hf_fetch_seen *seen)
{
    struct mirroring *m = user;

    m->done++;
    hf_progress(m->s, "fetching: %zu of %zu files", m->done, m->count);
    if (seen->status == 200) {
        m->mirror->fetched++;
        save(m, seen);
        return;
    }
    if (m->mirror->failed++ == 0)
        (void)snprintf(m->mirror->why, sizeof(m->mirror->why), "%s",
                       seen->detail);
}

/* One round; counts are of this round only. */
static int fetch(struct mirroring *m, const struct hf_fetch_ask *ask,
                 size_t count, int deadline_ms, struct hf_err *err)
{
    int rc;

    m->ask = ask;
    m->count = count;
    m->done = m->mirror->fetched = m->mirror->failed = 0;
    m->err.code = 0;
    rc = hf_fetch_all(m->loop, m->proxy, ask, count, deadline_ms, on_file, m,
                      err);
    hf_progress_end(m->s);
    if (rc == 0 && m->err.code) {
        *err = m->err;
        rc = m->err.code;
    }
    return rc;
}

static int fetch_lists(struct mirroring *m, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *roots = url_of(m, "authrootstl.cab");
    HF_AUTO(hf_free_ptr) char *refused = url_of(m, "disallowedcertstl.cab");
    const struct hf_fetch_ask first = { roots, HF_CTL_MAX };
    const struct hf_fetch_ask second = { refused, HF_CTL_MAX };

    if (!roots || !refused)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a URL");
    if (fetch(m, &first, 1, LIST_MS, err) < 0)
        return hf_err_code(err);
    if (m->mirror->fetched == 0)
        return HF_FAIL(err, HF_E_NET, "no list at '%s': %s", roots,
                       m->mirror->why);
    /* a share need not have the second */
    return fetch(m, &second, 1, LIST_MS, err);
}

/* --- bodies --------------------------------------------------------------- */

static int put_body(const struct mirroring *m, const struct hf_cert *cert,
                    const char *name, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(m->mirror->folder, name);

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return hf_file_write(path, hf_cert_der(cert), 0600, err);
}

static struct hf_cert *held(const struct hf_certs *at_hand,
                            const struct hf_ctl_entry *entry)
{
    struct hf_cert *cert = hf_certs_by_sha1(at_hand, entry->sha1);

    return cert && hf_ctl_means(entry, cert) ? cert : NULL;
}

/* Puts what is at hand beside the list; the others are to be asked for. */
static int sort_bodies(struct mirroring *m, const struct hf_ctl *ctl,
                       const struct hf_certs *at_hand, struct hf_fetch_ask *ask,
                       size_t *count, struct hf_err *err)
{
    for (size_t i = 0; i < ctl->count; i++) {
        const struct hf_ctl_entry *entry = &ctl->entry[i];
        char hex[2 * HF_SHA1_LEN + 1], name[2 * HF_SHA1_LEN + 5];
        struct hf_cert *cert;

        if (entry->by != HF_CTL_BY_SHA1)
            continue;
        hf_hex(hf_view(entry->sha1, HF_SHA1_LEN), hex);
        (void)snprintf(name, sizeof(name), "%s.crt", hex);
        cert = held(at_hand, entry);
        if (cert) {
            if (put_body(m, cert, name, err) < 0)
                return hf_err_code(err);
            continue;
        }
        ask[*count] = (struct hf_fetch_ask){ url_of(m, name), HF_CERT_MAX };
        if (!ask[(*count)++].url)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a URL");
    }
    return 0;
}

static int fetch_bodies(struct mirroring *m, const struct hf_certs *at_hand,
                        struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    struct hf_fetch_ask *ask;
    size_t count = 0;
    int rc;

    if (hf_ctl_load(m->mirror->folder, &ctl, err) < 0)
        return hf_err_code(err);
    ask = calloc(ctl->count + 1, sizeof(*ask));
    if (!ask)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for URLs");
    rc = sort_bodies(m, ctl, at_hand, ask, &count, err);
    if (rc == 0)
        rc = fetch(m, ask, count, BODY_MS, err);
    for (size_t i = 0; i < count; i++)
        free((void *)ask[i].url);
    free(ask);
    return rc;
}

/* --- the whole ------------------------------------------------------------ */

static int make_folder(struct hf_mirror *mirror, struct hf_err *err)
{
    const char *tmp = getenv("TMPDIR");

    mirror->folder =
        hf_path_join(tmp && *tmp == '/' ? tmp : "/tmp", "holdfast-XXXXXX");
    if (!mirror->folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (!mkdtemp(mirror->folder)) {
        free(HF_STEAL(mirror->folder));
        return HF_FAIL_SYS(err, "cannot make a folder for what is fetched");
    }
    return 0;
}

void hf_mirror_done(struct hf_mirror *mirror)
{
    struct hf_names names = { 0 };
    struct hf_err err;

    if (!mirror->folder)
        return;
    if (hf_dir_names(mirror->folder, &names, &err) == 0)
        for (size_t i = 0; i < names.count; i++) {
            HF_AUTO(hf_free_ptr)
            char *path = hf_path_join(mirror->folder, names.name[i]);

            if (path)
                (void)unlink(path);
        }
    hf_names_done(&names);
    (void)rmdir(mirror->folder);
    free(mirror->folder);
    *mirror = (struct hf_mirror){ 0 };
}

int hf_mirror_fetch(struct hf_session *s, const char *url,
                    const struct hf_certs *at_hand,
                    struct hf_mirror *ret_mirror, struct hf_err *err)
{
    struct hf_mirror mirror = { 0 };
    struct mirroring m = { .s = s, .url = url, .mirror = &mirror };
    int rc;

    if (strncmp(url, "http://", 7) != 0)
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s': expected http://HOST/PATH (lists are signed: "
                       "they need no https)",
                       url);
    rc = make_folder(&mirror, err);
    if (rc == 0)
        rc = hf_loop_new(&m.loop, err);
    if (rc == 0)
        rc = hf_proxy_read(read_env, &m.proxy, err);
    if (rc == 0)
        rc = fetch_lists(&m, err);
    if (rc == 0)
        rc = fetch_bodies(&m, at_hand, err);
    hf_proxy_free(m.proxy);
    hf_loop_free(m.loop);
    if (rc < 0)
        hf_mirror_done(&mirror);
    else
        *ret_mirror = mirror;
    return rc;
}
