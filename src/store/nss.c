/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss.c - a profile of Mozilla's NSS: Firefox, Thunderbird, Chromium. */
#include "store/nss.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plat/file.h"

const char hf_nss_old_kind[] = "old NSS profile";

/* --- reading -------------------------------------------------------------- */

static struct hf_nss_job list_job(const struct hf_nss_copy *copy)
{
    return (struct hf_nss_job){ .folder = copy->folder,
                                .old = copy->old,
                                /* then NSS must first make or mend */
                                .writable = copy->journal || copy->keyless };
}

/* Appends what a child at work on the copy finds. */
static int list_child(const struct hf_store *store,
                      const struct hf_nss_copy *copy,
                      struct hf_nss_child *child, struct hf_store_list *list,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf answer = { 0 };

    if (hf_nss_finish(child, &answer, err) < 0 ||
        hf_nss_list(store->path, hf_buf_peek(&answer), list, err) < 0)
        return HF_WRAP(err, "'%s/%s'", store->path,
                       copy->old ? "cert8.db" : "cert9.db");
    return 0;
}

static int list_copy(const struct hf_store *store,
                     const struct hf_nss_copy *copy, struct hf_store_list *list,
                     struct hf_err *err)
{
    const struct hf_nss_job job = list_job(copy);
    struct hf_nss_child child = { 0 };

    if (hf_nss_start(&job, &child, err) < 0)
        return hf_err_code(err);
    return list_child(store, copy, &child, list, err);
}

/* A reading that has begun, or room for one: store->own. */
struct begun {
    struct hf_nss_copy copy;
    struct hf_nss_child child;
};

static void begun_end(struct begun *begun)
{
    hf_nss_give_up(&begun->child);
    hf_nss_copy_done(&begun->copy);
}

static int begin(const struct hf_store *store, struct begun *begun,
                 struct hf_err *err)
{
    struct hf_nss_job job;

    if (hf_nss_copy_make(store, NULL, &begun->copy, err) < 0)
        return hf_err_code(err);
    job = list_job(&begun->copy);
    return hf_nss_start(&job, &begun->child, err);
}

/* What goes wrong here the reading itself will meet again, and say. */
static void profile_begin(struct hf_store *store)
{
    struct begun *begun = store->own;
    struct hf_err err;

    if (!begun->child.pid && begin(store, begun, &err) < 0)
        begun_end(begun);
}

static bool profile_begun(const struct hf_store *store)
{
    const struct begun *begun = store->own;

    return begun->child.pid != 0;
}

static void profile_done(struct hf_store *store)
{
    if (store->own)
        begun_end(store->own);
    free(store->own);
}

static int profile_read(const struct hf_store *store,
                        struct hf_store_list *list, struct hf_err *err)
{
    struct begun *begun = store->own;
    int rc;

    if (!begun->child.pid && begin(store, begun, err) < 0)
        rc = hf_err_code(err);
    else
        rc = list_child(store, &begun->copy, &begun->child, list, err);
    begun_end(begun);
    return rc;
}

/* --- what is to be done --------------------------------------------------- */

/* The changes in a copy, and what it held before. */
struct plan {
    struct hf_nss_copy copy;
    struct hf_store_list list;
    struct hf_nss_step *step;
    size_t count;
};

static void plan_done(struct plan *plan)
{
    hf_nss_copy_done(&plan->copy);
    hf_store_list_done(&plan->list);
    free(plan->step);
}

static const struct hf_store_entry *entry_of(const struct hf_store_list *list,
                                             const struct hf_cert *cert)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->entry[i].cert && hf_cert_same(list->entry[i].cert, cert))
            return &list->entry[i];
    return NULL;
}

static bool is_trusted(const struct hf_store_entry *entry)
{
    return entry && entry->standing == HF_STANDING_ANCHOR &&
           (entry->purposes & HF_PURPOSE_TLS_SERVER);
}

/* Somebody has said that it shall not be trusted: that stands. */
static int refused(const struct hf_store_entry *entry, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_GUARD,
                   "the profile distrusts '%s': take that back first "
                   "(certutil -M -n '%s' -t ,,)",
                   entry->label, entry->label);
}

static int plan_add(struct plan *plan, struct hf_edit *edit,
                    struct hf_cert *cert, struct hf_err *err)
{
    const struct hf_store_entry *entry = entry_of(&plan->list, cert);

    if (is_trusted(entry) ||
        hf_certs_by_sha256(&edit->added, hf_cert_sha256(cert)))
        return 0;
    if (entry && entry->standing == HF_STANDING_REFUSED)
        return refused(entry, err);
    plan->step[plan->count++] = (struct hf_nss_step){ .cert = cert };
    hf_certs_add(&edit->added, cert);
    return 0;
}

/* What the profile distrusts stays: without the entry it might be trusted. */
static void plan_remove(struct plan *plan, struct hf_edit *edit,
                        struct hf_cert *cert)
{
    const struct hf_store_entry *entry = entry_of(&plan->list, cert);

    if (!entry || entry->standing == HF_STANDING_REFUSED ||
        hf_certs_by_sha256(&edit->removed, hf_cert_sha256(cert)))
        return;
    plan->step[plan->count++] =
        (struct hf_nss_step){ .removes = true, .cert = cert };
    hf_certs_add(&edit->removed, cert);
}

static int make_plan(const struct hf_store *store, struct hf_edit *edit,
                     struct plan *plan, struct hf_err *err)
{
    if (hf_nss_copy_make(store, edit->set, &plan->copy, err) < 0 ||
        list_copy(store, &plan->copy, &plan->list, err) < 0)
        return hf_err_code(err);
    if (plan->list.incomplete)
        return HF_FAIL(err, HF_E_PARSE, "'%s': %s", store->path,
                       plan->list.incomplete);
    plan->step =
        calloc(edit->add->count + edit->remove->count + 1, sizeof(*plan->step));
    if (!plan->step)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a change");
    for (size_t i = 0; i < edit->remove->count; i++)
        plan_remove(plan, edit, edit->remove->cert[i]);
    for (size_t i = 0; i < edit->add->count; i++)
        if (plan_add(plan, edit, edit->add->cert[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* --- changing ------------------------------------------------------------- */

static int too_old(const struct hf_store *store, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_DENIED,
                   "'%s' has the old format (cert8.db), which is only read: "
                   "start a newer Firefox with it once, or convert it "
                   "(certutil -L -X -d 'sql:%s')",
                   store->path, store->path);
}

/* Is the copy as it shall be? NSS has said so, but it is asked again. */
static int check_result(const struct hf_store *store, const struct plan *plan,
                        struct hf_err *err)
{
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };

    if (list_copy(store, &plan->copy, &list, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < plan->count; i++) {
        const struct hf_nss_step *step = &plan->step[i];
        const struct hf_store_entry *entry = entry_of(&list, step->cert);

        if (step->removes ? entry != NULL : !is_trusted(entry))
            return HF_FAIL(err, HF_E_IO,
                           "NSS said that it changed '%s', and did not",
                           store->path);
    }
    return 0;
}

static int change_copy(const struct hf_store *store, const struct plan *plan,
                       struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf answer = { 0 };
    HF_AUTO(hf_store_list_done) struct hf_store_list none = { 0 };
    struct hf_nss_job job = { .folder = plan->copy.folder,
                              .writable = true,
                              .password = store->password,
                              .step = plan->step,
                              .step_count = plan->count };

    if (hf_nss_run(&job, &answer, err) < 0 ||
        hf_nss_list(store->path, hf_buf_peek(&answer), &none, err) < 0)
        return hf_err_code(err);
    return check_result(store, plan, err);
}

/* A file of the profile shall be as the copy's is. */
static int stage_file(const struct hf_store *store,
                      const struct hf_nss_copy *copy, const char *name,
                      struct hf_changeset *set, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    enum hf_path_kind kind;
    struct hf_view old;

    if (hf_nss_copy_read(copy, name, &bytes, err) < 0 ||
        hf_nss_file(store, name, &path, err) < 0 ||
        hf_changeset_peek(set, path, &kind, &old, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_FILE && hf_view_same(old, hf_buf_peek(&bytes)))
        return 0;
    return hf_changeset_write(set, path, hf_buf_peek(&bytes), 0600, err);
}

/* A key database made by us would be ours, and closed to its user. */
static int check_keys(const struct hf_store *store,
                      const struct hf_nss_copy *copy, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;
    struct stat st;

    if (hf_nss_file(store, "cert9.db", &path, err) < 0)
        return hf_err_code(err);
    if (!copy->keyless || stat(path, &st) < 0 || st.st_uid == geteuid())
        return 0;
    return HF_FAIL(err, HF_E_DENIED,
                   "'%s' has no key4.db, with which NSS signs what is trusted: "
                   "its user starts the program once first",
                   store->path);
}

/* Whose profile it is may make links: one to another's file is not followed by
 * who may write everything. */
static int check_links(const struct hf_store *store, struct hf_err *err)
{
    static const char *const files[] = { "cert9.db", "key4.db" };
    struct stat folder, link, file;

    for (size_t i = 0; i < HF_COUNT(files); i++) {
        HF_AUTO(hf_free_ptr) char *here = hf_path_join(store->real, files[i]);
        HF_AUTO(hf_free_ptr) char *path = NULL;

        if (!here)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (lstat(here, &link) < 0 || !S_ISLNK(link.st_mode))
            continue;
        if (hf_nss_file(store, files[i], &path, err) < 0)
            return hf_err_code(err);
        if (stat(store->real, &folder) == 0 && stat(path, &file) == 0 &&
            folder.st_uid != 0 && folder.st_uid != file.st_uid)
            return HF_FAIL(err, HF_E_DENIED,
                           "'%s/%s' is a link to '%s', which belongs to "
                           "another user than the profile",
                           store->path, files[i], path);
    }
    return 0;
}

static int profile_stage(const struct hf_store *store, struct hf_edit *edit,
                         struct hf_err *err)
{
    HF_AUTO(plan_done) struct plan plan = { 0 };

    if (make_plan(store, edit, &plan, err) < 0)
        return hf_err_code(err);
    if (plan.count == 0)
        return 0;
    if (plan.copy.old)
        return too_old(store, err);
    if (hf_nss_busy(store, err) < 0 || hf_nss_unfinished(store, err) < 0 ||
        check_links(store, err) < 0 || check_keys(store, &plan.copy, err) < 0 ||
        change_copy(store, &plan, err) < 0)
        return hf_err_code(err);
    /* the key database holds the signatures of what is trusted */
    if (stage_file(store, &plan.copy, "cert9.db", edit->set, err) < 0)
        return hf_err_code(err);
    return stage_file(store, &plan.copy, "key4.db", edit->set, err);
}

static int profile_may_change(const struct hf_store *store, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (hf_nss_file(store, "cert9.db", &path, err) < 0)
        return hf_err_code(err);
    if (store->kind == hf_nss_old_kind)
        return too_old(store, err);
    if (hf_store_writable(path, err) < 0 || check_links(store, err) < 0 ||
        hf_nss_busy(store, err) < 0)
        return hf_err_code(err);
    return hf_nss_unfinished(store, err);
}

static const struct hf_store_ops profile_ops = {
    .read = profile_read,
    .may_change = profile_may_change,
    .stage = profile_stage,
    .begin = profile_begin,
    .begun = profile_begun,
    .done = profile_done,
};

/* --- the roots built into NSS --------------------------------------------- */

static int builtin_read(const struct hf_store *store,
                        struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf answer = { 0 };
    struct hf_nss_job job = { .module = store->real };

    if (hf_nss_run(&job, &answer, err) < 0 ||
        hf_nss_list(store->path, hf_buf_peek(&answer), list, err) < 0)
        return HF_WRAP(err, "'%s'", store->path);
    return 0;
}

static int builtin_may_change(const struct hf_store *store, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_DENIED,
                   "the roots built into NSS ('%s') are not changed: change "
                   "the profiles, which go before it",
                   store->path);
}

static int builtin_stage(const struct hf_store *store, struct hf_edit *edit,
                         struct hf_err *err)
{
    (void)edit;
    return builtin_may_change(store, err);
}

static const struct hf_store_ops builtin_ops = {
    .read = builtin_read,
    .may_change = builtin_may_change,
    .stage = builtin_stage,
};

/* Beside the NSS that this program is linked with, as NSS itself looks. */
static int find_module(char **ret_path, struct hf_err *err)
{
    static const char *const names[] = { "libnssckbi.so", "nss/libnssckbi.so" };
    HF_AUTO(hf_free_ptr) char *folder = NULL;
    const char *library = hf_nss_library();
    const char *slash = library ? strrchr(library, '/') : NULL;

    if (!slash)
        return HF_FAIL(err, HF_E_ABSENT, "libnss3 does not say where it is");
    folder = hf_view_dup(hf_view(library, (size_t)(slash - library)));
    for (size_t i = 0; folder && i < HF_COUNT(names); i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;

        if (asprintf(&path, "%s/%s", folder, names[i]) < 0) {
            path = NULL;
            break;
        }
        if (access(path, R_OK) == 0) {
            *ret_path = HF_STEAL(path);
            return 0;
        }
        if (i + 1 == HF_COUNT(names))
            return HF_FAIL(err, HF_E_ABSENT,
                           "NSS has no built-in roots here: there is no "
                           "'%s/%s'",
                           folder, names[0]);
    }
    return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
}

static int open_builtin(struct hf_store *store, struct hf_err *err)
{
    store->kind = "NSS built-in roots";
    store->ops = &builtin_ops;
    if (find_module(&store->path, err) < 0)
        return hf_err_code(err);
    store->real = hf_view_dup(hf_view_text(store->path));
    return store->real ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
}

/* --- opening -------------------------------------------------------------- */

static int has_file(const struct hf_store *store, const char *name,
                    bool *ret_has, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(store->real, name);
    struct stat st;

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    *ret_has = lstat(path, &st) == 0;
    return 0;
}

static int no_profile(const struct hf_store *store, struct hf_err *err)
{
    return HF_FAIL(err, HF_E_ABSENT,
                   "'%s' is no NSS profile: it has no cert9.db (certutil -N -d "
                   "'sql:%s' --empty-password makes one)",
                   store->path, store->path);
}

int hf_nss_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    bool has = false, has_old = false;
    struct stat st;

    store->stack = HF_STACK_NSS;
    if (strcmp(path, "builtin") == 0)
        return open_builtin(store, err);
    if (hf_view_starts(hf_view_text(path), "sql:") ||
        hf_view_starts(hf_view_text(path), "dbm:"))
        path += 4;
    store->own = calloc(1, sizeof(struct begun));
    if (!store->own)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a profile");
    store->ops = &profile_ops;
    store->kind = "NSS profile";
    if (hf_store_set_file(store, path, err) < 0)
        return hf_err_code(err);
    if (stat(store->real, &st) == 0 && !S_ISDIR(st.st_mode))
        return HF_FAIL(err, HF_E_USAGE,
                       "'%s' is a file: name the profile's folder", path);
    if (has_file(store, "/cert9.db", &has, err) < 0 ||
        has_file(store, "/cert8.db", &has_old, err) < 0)
        return hf_err_code(err);
    if (has_old && !has)
        store->kind = hf_nss_old_kind;
    /* closed to us is not absent: reading will say so */
    return has || has_old || access(store->real, X_OK) < 0
               ? 0
               : no_profile(store, err);
}
