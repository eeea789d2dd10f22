/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_roots_share.c - holdfast roots share: a folder with Microsoft's list
 * and the roots it names, for machines that cannot reach Microsoft. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "cli/commands.h"
#include "cli/needs.h"
#include "doc/embed.h"
#include "plat/file.h"
#include "store/ctl.h"
#include "win/cab.h"

#define LIST_NAME "authrootstl.cab"
#define REFUSED_NAME "disallowedcertstl.cab"
#define SHOWN_MAX 20

struct share_opts {
    struct hf_common common;
    struct hf_args words;
    struct hf_args stores;
    struct hf_args from;
    const char *ctl;
    const char *disallowed;
};

#define AT(field) offsetof(struct share_opts, field)

static const struct hf_opt share_opts[] = {
    { NULL, 0, "DIR", AT(words), hf_set_list, HF_VALUE_DIR,
      "the folder to write; made when absent", NULL },
    { "ctl", 0, "FILE", AT(ctl), hf_set_text, HF_VALUE_FILE,
      "Microsoft's list: authrootstl.cab or authroot.stl", NULL },
    { "disallowed", 0, "FILE", AT(disallowed), hf_set_text, HF_VALUE_FILE,
      "the list of disallowed certificates: disallowedcertstl.cab or "
      "disallowedcert.stl",
      NULL },
    { "from", 0, "PATH", AT(from), hf_set_list, HF_VALUE_FILE,
      "a file or folder with certificate bodies; may be repeated", NULL },
    { "store", 's', "STORE", AT(stores), hf_set_list, HF_VALUE_STORE,
      "a store to take bodies from; may be repeated", "every store found" },
    { 0 }
};

struct share {
    struct hf_session *s;
    const struct share_opts *opts;
    const char *folder;
    struct hf_shelf shelf;
    struct hf_certs bodies; /* all that are known */
    struct hf_ctl *ctl;
    size_t written, kept;
    struct hf_texts missing;
};

/* --- bodies --------------------------------------------------------------- */

static int gather_bodies(struct share *h, struct hf_err *err)
{
    size_t count;
    const struct hf_embed_root *root = hf_embed_roots(&count);
    struct hf_err why;
    int rc = hf_shelf_open(h->s, &h->opts->stores, &h->shelf, &why);

    /* a machine without a store has bodies from elsewhere */
    if (rc < 0 && rc != HF_E_ABSENT) {
        *err = why;
        return rc;
    }
    for (size_t i = 0; i < h->shelf.count; i++)
        hf_certs_add_all(&h->bodies, &h->shelf.book[i].certs);
    for (size_t i = 0; i < count; i++) {
        HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;

        if (hf_cert_new(root[i].der, &cert, err) < 0)
            return hf_err_code(err);
        hf_certs_add(&h->bodies, cert);
    }
    return hf_needs_bodies(&h->opts->from, &h->bodies, err);
}

/* Writes a file unless it holds that already. */
static int write_file(struct share *h, const char *name, struct hf_view bytes,
                      struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(h->folder, name);
    HF_AUTO(hf_buf_done) struct hf_buf is;
    struct hf_err why;

    hf_buf_init(&is, HF_CTL_MAX);
    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_file_read(path, &is, &why) == 0 &&
        hf_view_same(hf_buf_peek(&is), bytes)) {
        h->kept++;
        return 0;
    }
    h->written++;
    return hf_file_write(path, bytes, 0644, err);
}

static struct hf_cert *body_of(const struct share *h,
                               const struct hf_ctl_entry *entry)
{
    for (size_t i = 0; i < h->bodies.count; i++)
        if (hf_ctl_means(entry, h->bodies.cert[i]))
            return h->bodies.cert[i];
    return NULL;
}

static int write_bodies(struct share *h, struct hf_err *err)
{
    for (size_t i = 0; i < h->ctl->count; i++) {
        const struct hf_ctl_entry *entry = &h->ctl->entry[i];
        struct hf_cert *cert = body_of(h, entry);
        char hex[2 * HF_SHA1_LEN + 1], name[2 * HF_SHA1_LEN + 5];

        if (!cert) {
            if (!hf_texts_take(&h->missing,
                               hf_view_dup(hf_view_text(entry->name))))
                return HF_FAIL(err, HF_E_NOMEM, "no memory for a name");
            continue;
        }
        hf_hex(hf_view(hf_cert_sha1(cert), HF_SHA1_LEN), hex);
        (void)snprintf(name, sizeof(name), "%s.crt", hex);
        if (write_file(h, name, hf_cert_der(cert), err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* --- lists ---------------------------------------------------------------- */

/* No machine shall go back to an older list because a folder did. */
static int check_older(const struct share *h, const struct hf_ctl *ctl,
                       const char *name, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(h->folder, name);
    HF_AUTO(hf_ctl_freep) struct hf_ctl *there = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes;
    char is[HF_TIME_TEXT], was[HF_TIME_TEXT];
    struct hf_err why;

    hf_buf_init(&bytes, HF_CTL_MAX);
    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_file_read(path, &bytes, &why) < 0 ||
        hf_ctl_decode(hf_buf_peek(&bytes), &there, &why) < 0 ||
        there->usage != ctl->usage ||
        there->this_update_s <= ctl->this_update_s)
        return 0; /* none that counts is there */
    return HF_FAIL(err, HF_E_GUARD,
                   "'%s' is of %s, and the list given is of %s: remove that "
                   "file to go back to the older list",
                   path, hf_calendar_day(there->this_update_s, was),
                   hf_calendar_day(ctl->this_update_s, is));
}

/* Before anything is written: is it the list that belongs there? */
static int check_list(const struct share *h, const struct hf_ctl *ctl,
                      const char *name, struct hf_err *err)
{
    bool roots = strcmp(name, LIST_NAME) == 0;

    if ((ctl->usage == HF_CTL_ROOTS) != roots)
        return HF_FAIL(err, HF_E_USAGE,
                       roots ? "it is the list of what is disallowed: give it "
                               "with --disallowed"
                             : "it is the list of roots: give it with --ctl");
    return check_older(h, ctl, name, err);
}

/* A list as a cabinet: the one it came in, or one made around it. */
static int write_list(struct share *h, const char *path, const char *name,
                      const char *member, struct hf_err *err)
{
    HF_AUTO(hf_ctl_freep) struct hf_ctl *ctl = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes;
    HF_AUTO(hf_buf_done) struct hf_buf cab;

    hf_buf_init(&bytes, HF_CTL_MAX);
    hf_buf_init(&cab, 2 * HF_CTL_MAX);
    if (hf_file_read(path, &bytes, err) < 0 ||
        hf_ctl_decode(hf_buf_peek(&bytes), &ctl, err) < 0 ||
        check_list(h, ctl, name, err) < 0)
        return HF_WRAP(err, "'%s'", path);
    if (hf_cab_is(hf_buf_peek(&bytes)))
        hf_buf_add(&cab, bytes.ptr, bytes.len);
    else if (hf_cab_store(&cab, member, hf_buf_peek(&bytes), ctl->this_update_s,
                          err) < 0)
        return hf_err_code(err);
    if (hf_buf_check(&cab, err) < 0 ||
        write_file(h, name, hf_buf_peek(&cab), err) < 0)
        return hf_err_code(err);
    if (!h->ctl)
        h->ctl = HF_STEAL(ctl);
    return 0;
}

static int make(struct share *h, struct hf_err *err)
{
    if (hf_file_mkdirs(h->folder, 0755, err) < 0 || gather_bodies(h, err) < 0 ||
        write_list(h, h->opts->ctl, LIST_NAME, "authroot.stl", err) < 0)
        return hf_err_code(err);
    if (h->opts->disallowed && write_list(h, h->opts->disallowed, REFUSED_NAME,
                                          "disallowedcert.stl", err) < 0)
        return hf_err_code(err);
    return write_bodies(h, err);
}

/* Read as a machine would: the list verifies, each body is the right one. */
static int read_back(struct share *h, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    HF_AUTO(hf_free_ptr) char *spec = NULL;

    if (asprintf(&spec, "ctl:%s", h->folder) < 0) {
        spec = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    if (hf_store_open(spec, NULL, &store, err) < 0 ||
        hf_store_read(store, &list, err) < 0)
        return HF_WRAP(err, "read back");
    if (list.damaged > 0)
        return HF_FAIL(err, HF_E_IO, "read back, %zu entries are damaged",
                       list.damaged);
    return 0;
}

/* --- showing -------------------------------------------------------------- */

static void put_json(struct share *h, enum hf_result result)
{
    struct hf_json json;

    hf_json_init(&json, &h->s->out, true);
    hf_render_json_open(&json, h->s->cmd->path, result, &h->s->findings);
    hf_json_text(&json, "folder", h->folder);
    hf_json_object(&json, "list");
    hf_json_text(&json, "sequence", h->ctl->sequence);
    hf_json_time(&json, "date", h->ctl->this_update_s);
    hf_json_text(&json, "signer", h->ctl->signer);
    hf_json_end(&json);
    hf_json_number(&json, "entries", (int64_t)h->ctl->count);
    hf_json_number(&json, "written", (int64_t)h->written);
    hf_json_number(&json, "unchanged", (int64_t)h->kept);
    hf_json_array(&json, "without_body");
    for (size_t i = 0; i < h->missing.count; i++)
        hf_json_text(&json, NULL, h->missing.text[i]);
    hf_json_end(&json);
    hf_json_end(&json);
}

static void put_missing(struct share *h)
{
    struct hf_session *s = h->s;

    if (h->missing.count == 0)
        return;
    hf_buf_printf(&s->out,
                  "\n%zu of the %zu roots on the list have no body here; "
                  "machines do not get them from this share:\n",
                  h->missing.count, h->ctl->count);
    for (size_t i = 0; i < h->missing.count; i++) {
        if (i == SHOWN_MAX && !s->style.verbose) {
            hf_buf_printf(&s->out, "  and %zu more (-v)\n",
                          h->missing.count - SHOWN_MAX);
            break;
        }
        hf_buf_text(&s->out, "  ");
        hf_render_safe(&s->out, &s->style, h->missing.text[i]);
        hf_buf_text(&s->out, "\n");
    }
    hf_buf_text(&s->out, "Take them from a machine that has them with --from "
                         "or --store.\n");
}

static void put_text(struct share *h)
{
    struct hf_session *s = h->s;
    char day[HF_TIME_TEXT];

    hf_render_safe(&s->out, &s->style, h->folder);
    hf_buf_printf(&s->out,
                  ": the list of %s (sequence number %s), %zu of its %zu "
                  "roots; %zu %s written, %zu unchanged.\n",
                  hf_calendar_day(h->ctl->this_update_s, day), h->ctl->sequence,
                  h->ctl->count - h->missing.count, h->ctl->count, h->written,
                  hf_plural(h->written, "file", "files"), h->kept);
    put_missing(h);
    if (s->common->quiet)
        return;
    hf_buf_text(&s->out,
                "\nOn each machine, as administrator (or by Group Policy "
                "Preferences):\n"
                "  reg add HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\"
                "AuthRoot\\AutoUpdate /v RootDirUrl /t REG_SZ /d "
                "http://SERVER/SHARE /f\n");
}

static int run_share(struct share *h, struct hf_err *err)
{
    enum hf_result result;

    if (make(h, err) < 0 || read_back(h, err) < 0)
        return hf_err_code(err);
    result = h->missing.count > 0 ? HF_RESULT_FINDINGS : HF_RESULT_HEALTHY;
    if (h->opts->common.json)
        put_json(h, result);
    else
        put_text(h);
    return hf_session_exit(result);
}

static int run(struct hf_session *s, const void *v, struct hf_err *err)
{
    const struct share_opts *opts = v;
    struct share h = { .s = s, .opts = opts };
    int rc;

    if (opts->words.count != 1)
        return HF_FAIL(err, HF_E_USAGE, "name one folder to write");
    if (!opts->ctl)
        return HF_FAIL(err, HF_E_USAGE,
                       "--ctl FILE: Microsoft's list is needed; it is at "
                       "http://ctldl.windowsupdate.com/msdownload/update/v3/"
                       "static/trustedr/en/authrootstl.cab");
    h.folder = opts->words.word[0];
    rc = run_share(&h, err);
    hf_shelf_done(&h.shelf);
    hf_certs_done(&h.bodies);
    hf_texts_done(&h.missing);
    hf_ctl_free(h.ctl);
    return rc;
}

static void done(void *v)
{
    struct share_opts *opts = v;

    hf_args_done(&opts->words);
    hf_args_done(&opts->stores);
    hf_args_done(&opts->from);
}

static const struct hf_example examples[] = {
    { "roots share /srv/ctl --ctl authrootstl.cab",
      "the list, and the roots this machine knows" },
    { "roots share /srv/ctl --ctl authrootstl.cab --from roots/ --json",
      "with bodies collected elsewhere" },
    { 0 }
};

const struct hf_cmd hf_cmd_roots_share = {
    .path = "roots share",
    .words = "DIR",
    .summary = "a folder from which Windows machines fetch their roots",
    .about = "Writes Microsoft's list, as it was signed, and a file "
             "<SHA-1>.crt for each root on it whose body is known here: what "
             "Windows machines whose RootDirUrl names the folder fetch "
             "instead of asking Microsoft. Exits with 1 when bodies are "
             "missing, and names them.",
    .opts = share_opts,
    .groups =
        HF_GROUP_REPORT | HF_GROUP_STORES | HF_GROUP_QUIET | HF_GROUP_ROOT,
    .size = sizeof(struct share_opts),
    .examples = examples,
    .run = run,
    .done = done,
};
