/* SPDX-License-Identifier: Apache-2.0 */
/* store/java.c - a Java keystore, or the folder of a JDK that has one. */
#include "store/java.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "crypto/keystore.h"
#include "crypto/load.h"
#include "plat/clock.h"
#include "plat/file.h"
#include "store/kind.h"

const char *const hf_java_keystores[] = {
    "lib/security/jssecacerts",
    "lib/security/cacerts",
    "jre/lib/security/jssecacerts",
    "jre/lib/security/cacerts",
    NULL,
};

/* --- reading ------------------------------------------------------------- */

static int fail_read(const struct hf_store *store, int rc, struct hf_err *err)
{
    if (rc == HF_E_CRYPTO && !store->password)
        return HF_WRAP(err,
                       "'%s' has a password of its own: give it with "
                       "--store-password-file",
                       store->path);
    return HF_WRAP(err, "'%s'", store->path);
}

/* The alias as people may see it, on the heap. */
static int label_of(const struct hf_keystore_entry *from, char **ret_label,
                    struct hf_err *err)
{
    struct hf_buf text;

    hf_buf_init(&text, 8 * HF_KEYSTORE_ALIAS_MAX);
    hf_utf8_safe(&text, hf_view_text(from->alias));
    *ret_label = hf_buf_steal(&text);
    return *ret_label ? 0 : HF_FAIL(err, HF_E_NOMEM, "no memory for an alias");
}

static int add_entry(const struct hf_store *store,
                     const struct hf_keystore_entry *from,
                     struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *label = NULL;
    HF_AUTO(hf_free_ptr) char *where = NULL;
    struct hf_store_entry *entry;

    if (from->alias && label_of(from, &label, err) < 0)
        return hf_err_code(err);
    if (asprintf(&where, "%s%s%s", store->path, label ? ": " : "",
                 label ? label : "") < 0) {
        where = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    if (!from->cert)
        return hf_store_list_fault(list, where, from->fault, err);
    entry = hf_store_list_add(list, from->cert, where, err);
    if (!entry)
        return hf_err_code(err);
    entry->label = HF_STEAL(label);
    entry->standing = from->kind == HF_KEYSTORE_TRUSTED ? HF_STANDING_ANCHOR
                                                        : HF_STANDING_HELD;
    return 0;
}

static int java_read(const struct hf_store *store, struct hf_store_list *list,
                     struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    HF_AUTO(hf_keystore_done) struct hf_keystore keystore = { 0 };
    int rc;

    hf_buf_init(&bytes, HF_LOAD_MAX);
    if (hf_store_bytes(store, NULL, &bytes, err) < 0)
        return hf_err_code(err);
    rc = hf_keystore_read(hf_buf_peek(&bytes), store->password, &keystore, err);
    if (rc < 0)
        return fail_read(store, rc, err);
    for (size_t i = 0; i < keystore.count; i++)
        if (add_entry(store, &keystore.entry[i], list, err) < 0)
            return hf_err_code(err);
    if (keystore.unread > 0 &&
        asprintf(&list->incomplete,
                 "%zu entries stand behind a secret key that is not understood",
                 keystore.unread) < 0) {
        list->incomplete = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    return 0;
}

/* --- changing ------------------------------------------------------------ */

static int java_stage(const struct hf_store *store, struct hf_edit *edit,
                      struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf out = { 0 };
    const struct hf_keystore_edit what = { edit->add, edit->remove,
                                           store->password, hf_clock_now_s() };
    int rc;

    hf_buf_init(&bytes, HF_LOAD_MAX);
    hf_buf_init(&out, HF_LOAD_MAX);
    if (hf_store_bytes(store, edit->set, &bytes, err) < 0)
        return hf_err_code(err);
    rc = hf_keystore_write(hf_buf_peek(&bytes), &what, &out, &edit->added,
                           &edit->removed, err);
    if (rc < 0)
        return fail_read(store, rc, err);
    if (edit->added.count + edit->removed.count == 0)
        return 0;
    return hf_changeset_write(edit->set, store->real, hf_buf_peek(&out), 0644,
                              err);
}

static const struct hf_store_ops java_ops = {
    .read = java_read,
    .may_change = hf_store_file_may_change,
    .stage = java_stage,
};

/* --- opening ------------------------------------------------------------- */

/* `path` as the system below the store's root calls it: then its links lead
 * where they lead there. NULL: it is not below that root. */
static const char *below_root(const struct hf_store *store, const char *path)
{
    size_t len = strlen(store->root);

    while (len > 0 && store->root[len - 1] == '/')
        len--;
    return len > 0 && strncmp(path, store->root, len) == 0 && path[len] == '/'
               ? path + len
               : NULL;
}

static int real_of(const struct hf_store *store, const char *path,
                   char **ret_real, struct hf_err *err)
{
    const char *inner = below_root(store, path);

    return inner ? hf_store_real_or(store->root, inner, ret_real, err)
                 : hf_store_real_or(NULL, path, ret_real, err);
}

/* The keystore that a Java in `folder` goes by. */
static int find_inside(struct hf_store *store, const char *folder,
                       struct hf_err *err)
{
    for (size_t i = 0; hf_java_keystores[i]; i++) {
        HF_AUTO(hf_free_ptr)
        char *path = hf_path_join(folder, hf_java_keystores[i]);
        HF_AUTO(hf_free_ptr) char *real = NULL;

        if (!path)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (real_of(store, path, &real, err) < 0)
            return hf_err_code(err);
        if (!hf_path_exists(real))
            continue;
        store->path = HF_STEAL(path);
        store->real = HF_STEAL(real);
        return 0;
    }
    return HF_FAIL(err, HF_E_ABSENT,
                   "the folder '%s' is no JDK or JRE: it has no '%s' and no "
                   "'%s'",
                   folder, hf_java_keystores[1], hf_java_keystores[3]);
}

static int find_file(struct hf_store *store, const char *path,
                     struct hf_err *err)
{
    char *real;

    if (hf_store_set_file(store, path, err) < 0)
        return hf_err_code(err);
    if (!below_root(store, path))
        return 0;
    if (real_of(store, path, &real, err) < 0)
        return hf_err_code(err);
    free(store->real);
    store->real = real;
    return 0;
}

/* By the first bytes; what cannot be read says so when it is read. */
static const char *kind_of(const char *real)
{
    static const char *const kinds[][2] = {
        { "JKS", "JKS keystore" },
        { "JCEKS", "JCEKS keystore" },
        { "PKCS#12", "PKCS#12 keystore" },
    };
    int fd = open(real, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const char *format = NULL;
    uint8_t head[4];
    struct stat st;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        ssize_t len = read(fd, head, sizeof(head));

        format = hf_keystore_format(hf_view(head, len > 0 ? (size_t)len : 0));
    }
    if (fd >= 0)
        (void)close(fd);
    for (size_t i = 0; format && i < HF_COUNT(kinds); i++)
        if (strcmp(format, kinds[i][0]) == 0)
            return kinds[i][1];
    return "Java keystore";
}

int hf_java_open(struct hf_store *store, const char *path, struct hf_err *err)
{
    int rc = hf_path_is_dir(path) ? find_inside(store, path, err)
                                  : find_file(store, path, err);

    if (rc < 0)
        return rc;
    store->ops = &java_ops;
    store->stack = HF_STACK_JAVA;
    store->kind = kind_of(store->real);
    return 0;
}
