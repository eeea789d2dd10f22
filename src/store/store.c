/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.c - one interface to every kind of trust store. */
#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

#include "plat/file.h"
#include "store/kind.h"

#define BEGUN_MAX 8 /* processes at once; ours */
#define STATE_DIR "/var/lib/holdfast"

/* --- opening ------------------------------------------------------------- */

/* A kind a row: what stands before the colon, and who opens what is behind. */
static const struct kind {
    const char *scheme;
    int (*open)(struct hf_store *store, const char *path, struct hf_err *err);
    bool parts; /* FILE#PART */
} kinds[] = {
    { "pem", hf_pem_open, false },           { "hive", hf_hive_open, true },
    { "reg", hf_regfile_open, true },        { "pol", hf_polfile_open, true },
    { "nss", hf_nss_open, false },           { "sst", hf_sst_open, false },
    { "keychain", hf_keychain_open, false }, { "ctl", hf_ctl_open, false },
    { "java", hf_java_open, false },
};

static const struct hf_store_scheme schemes[] = {
    { "system", "the distribution's bundle" },
    { "pem:FILE", "a file with PEM certificates" },
    { "pem:DIR", "a folder of such files" },
    { "nss:DIR", "a profile of Firefox, Thunderbird or Chromium" },
    { "nss:builtin", "the roots built into NSS, read only" },
    { "java:FILE", "a Java keystore: JKS, PKCS#12" },
    { "java:DIR", "the keystore of the JDK in this folder" },
    { "hive:FILE[#STORE]", "a Windows registry hive" },
    { "reg:FILE[#STORE]", "a registry export" },
    { "pol:FILE[#STORE]", "a Group Policy file (Registry.pol)" },
    { "sst:FILE", "a serialized certificate store of Windows" },
    { "keychain:FILE", "a macOS keychain, read only" },
    { "ctl:FILE", "Microsoft's trust list (.stl, .cab), read only" },
    { "ctl:DIR", "a folder written by certutil -syncWithWU, read only" },
    { NULL, NULL },
};

const struct hf_store_scheme *hf_store_schemes(void)
{
    return schemes;
}

static int unknown_kind(const char *spec, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf forms = { 0 };
    HF_AUTO(hf_free_ptr) char *text = NULL;

    hf_buf_init(&forms, 1024);
    for (size_t i = 0; schemes[i].form; i++)
        hf_buf_printf(&forms, "%s%s", i > 0 ? ", " : "", schemes[i].form);
    text = hf_buf_steal(&forms);
    return HF_FAIL(err, HF_E_USAGE, "unknown store '%s': expected one of %s",
                   spec, text ? text : "");
}

/* Cuts "#PART" off, unless a file of the whole name is there. */
static int split_part(struct hf_store *store, char *path, struct hf_err *err)
{
    char *hash = strrchr(path, '#');

    if (!hash || hash[1] == '\0' || access(path, F_OK) == 0)
        return 0;
    store->part = hf_view_dup(hf_view_text(hash + 1));
    if (!store->part)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    *hash = '\0';
    return 0;
}

static int open_kind(struct hf_store *store, const char *spec,
                     struct hf_err *err)
{
    const char *colon = strchr(spec, ':');
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (strcmp(spec, "system") == 0)
        return hf_linux_open(store, err);
    for (size_t i = 0; colon && colon[1] && i < HF_COUNT(kinds); i++) {
        if (!hf_view_is(hf_view(spec, (size_t)(colon - spec)), kinds[i].scheme))
            continue;
        path = hf_view_dup(hf_view_text(colon + 1));
        if (!path)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
        store->scheme = kinds[i].scheme;
        store->stack = HF_STACK_FILE;
        if (kinds[i].parts && split_part(store, path, err) < 0)
            return hf_err_code(err);
        return kinds[i].open(store, path, err);
    }
    return unknown_kind(spec, err);
}

int hf_store_open(const char *spec, const char *root,
                  struct hf_store **ret_store, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = calloc(1, sizeof(*store));

    if (!store)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    store->name = hf_view_dup(hf_view_text(spec));
    store->root = hf_view_dup(hf_view_text(root ? root : "/"));
    if (!store->name || !store->root)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a store");
    if (open_kind(store, spec, err) < 0)
        return hf_err_code(err);
    *ret_store = HF_STEAL(store);
    return 0;
}

static void forget_password(struct hf_store *store)
{
    if (store->password)
        explicit_bzero(store->password, strlen(store->password));
    free(HF_STEAL(store->password));
}

int hf_store_unlock(struct hf_store *store, const char *password,
                    struct hf_err *err)
{
    forget_password(store);
    if (!password)
        return 0;
    store->password = hf_view_dup(hf_view_text(password));
    return store->password
               ? 0
               : HF_FAIL(err, HF_E_NOMEM, "no memory for a password");
}

void hf_store_free(struct hf_store *store)
{
    if (!store)
        return;
    if (store->ops && store->ops->done)
        store->ops->done(store);
    forget_password(store);
    free(store->name);
    free(store->path);
    free(store->root);
    free(store->real);
    free(store->part);
    free(store);
}

enum hf_stack hf_store_stack(const struct hf_store *store)
{
    return store->stack;
}

const char *hf_stack_name(enum hf_stack stack)
{
    static const char *const names[] = { "OpenSSL", "CA file", "NSS", "Java",
                                         "Windows", "macOS",   "list" };

    return names[stack];
}

const char *hf_standing_name(enum hf_standing standing)
{
    static const char *const names[] = { "anchor", "issuer", "refused",
                                         "held" };

    return names[standing];
}

int hf_store_registry(struct hf_store *store,
                      const struct hf_registry **ret_registry,
                      struct hf_err *err)
{
    if (store->ops->registry && store->ops->registry(store, err) < 0)
        return hf_err_code(err);
    *ret_registry = store->registry;
    return 0;
}

const char *hf_store_name(const struct hf_store *store)
{
    return store->name;
}
const char *hf_store_kind(const struct hf_store *store)
{
    return store->kind;
}
const char *hf_store_path(const struct hf_store *store)
{
    return store->path;
}

const char *hf_store_follow_up(const struct hf_store *store)
{
    return store->follow_up;
}

char *hf_store_state_dir(const char *root)
{
    return hf_path_join(root, STATE_DIR);
}

/* --- reading and changing ------------------------------------------------ */

int hf_store_read(struct hf_store *store, struct hf_store_list *ret_list,
                  struct hf_err *err)
{
    struct hf_store_list list = { 0 };

    if (store->ops->read(store, &list, err) < 0) {
        hf_store_list_done(&list);
        return HF_WRAP(err, "cannot read the store '%s'", store->name);
    }
    *ret_list = list;
    return 0;
}

void hf_stores_begin(struct hf_store *const *store, size_t count,
                     sigset_t *ret_before)
{
    static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
    size_t begun = 0;
    sigset_t held;

    (void)sigemptyset(&held);
    for (size_t i = 0; i < HF_COUNT(ends); i++)
        (void)sigaddset(&held, ends[i]);
    (void)sigprocmask(SIG_BLOCK, &held, ret_before);
    for (size_t i = 0; i < count && begun < BEGUN_MAX; i++)
        if (store[i]->ops->begin) {
            store[i]->ops->begin(store[i]);
            begun++;
        }
}

void hf_stores_begun(const sigset_t *before)
{
    (void)sigprocmask(SIG_SETMASK, before, NULL);
}

bool hf_store_begun(const struct hf_store *store)
{
    return store->ops->begun && store->ops->begun(store);
}

int hf_store_may_change(struct hf_store *store, struct hf_err *err)
{
    if (store->ops->may_change(store, err) < 0)
        return HF_WRAP(err, "cannot change the store '%s'", store->name);
    return 0;
}

void hf_edit_done(struct hf_edit *edit)
{
    hf_certs_done(&edit->added);
    hf_certs_done(&edit->removed);
    hf_texts_done(&edit->added_in);
    hf_texts_done(&edit->removed_in);
}

void hf_store_put_spec(struct hf_buf *out, const struct hf_store *store,
                       const char *part)
{
    if (!part)
        part = store->part;
    if (store->scheme)
        hf_buf_printf(out, "%s:%s", store->scheme, store->real);
    else
        hf_buf_text(out, store->name);
    if (part)
        hf_buf_printf(out, "#%s", part);
}

/* A note: the store as it can be opened again, LF, the certificate as PEM. */
static int note(const struct hf_store *store, const char *part, const char *key,
                const struct hf_cert *cert, struct hf_changeset *set,
                struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_free_ptr) char *value = NULL;

    hf_buf_init(&text, 2 * HF_CERT_MAX);
    hf_store_put_spec(&text, store, part);
    hf_buf_text(&text, "\n");
    hf_cert_pem(&text, cert);
    value = hf_buf_steal(&text);
    if (!value)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a note");
    return hf_changeset_note(set, key, value, err);
}

static int note_all(const struct hf_store *store, const struct hf_certs *certs,
                    const struct hf_texts *parts, const char *key,
                    struct hf_changeset *set, struct hf_err *err)
{
    if (hf_certs_check(certs, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < certs->count; i++)
        if (note(store, i < parts->count ? parts->text[i] : NULL, key,
                 certs->cert[i], set, err) < 0)
            return hf_err_code(err);
    return 0;
}

/* Certificates, each once: one may stand in several parts of a store. */
static size_t count_once(const struct hf_certs *certs)
{
    size_t count = 0;

    for (size_t i = 0; i < certs->count; i++) {
        struct hf_certs before = { .cert = certs->cert, .count = i };

        count += !hf_certs_by_sha256(&before, hf_cert_sha256(certs->cert[i]));
    }
    return count;
}

int hf_store_stage(struct hf_store *store, const struct hf_certs *add,
                   const struct hf_certs *remove, struct hf_changeset *set,
                   size_t *ret_changed, struct hf_err *err)
{
    static const struct hf_certs none = { 0 };
    struct hf_edit edit = { .add = add ? add : &none,
                            .remove = remove ? remove : &none,
                            .set = set };
    int rc = store->ops->stage(store, &edit, err);

    if (rc == 0)
        rc = note_all(store, &edit.added, &edit.added_in, "added", set, err);
    if (rc == 0)
        rc = note_all(store, &edit.removed, &edit.removed_in, "removed", set,
                      err);
    if (rc == 0)
        *ret_changed = count_once(&edit.added) + count_once(&edit.removed);
    hf_edit_done(&edit);
    return rc < 0 ? HF_WRAP(err, "cannot change the store '%s'", store->name)
                  : 0;
}

int hf_store_stage_value(struct hf_store *store,
                         const struct hf_store_value *value,
                         struct hf_changeset *set, bool *ret_changed,
                         struct hf_err *err)
{
    if (!store->ops->stage_value)
        return HF_FAIL(err, HF_E_USAGE, "the store '%s' is no registry",
                       store->name);
    if (store->ops->stage_value(store, value, set, ret_changed, err) < 0)
        return HF_WRAP(err, "cannot change the store '%s'", store->name);
    return 0;
}
