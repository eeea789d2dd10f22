/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_copy.c - a private copy of a profile's databases. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rd.h"
#include "plat/file.h"
#include "store/nss.h"

/* What is copied; the journals are a change that was cut short, or goes on. */
static const struct part {
    const char *name;
    bool old, must, journal, holds_keys;
} parts[] = {
    { "cert9.db", false, true, false, false },
    { "cert9.db-journal", false, false, true, false },
    { "cert9.db-wal", false, false, true, false },
    { "key4.db", false, false, false, true },
    { "key4.db-journal", false, false, true, false },
    { "key4.db-wal", false, false, true, false },
    { "cert8.db", true, true, false, false },
    { "key3.db", true, false, false, true },
};

#define TRIES_MAX 5 /* ours: to meet a moment without a change */

/* --- where the files are -------------------------------------------------- */

int hf_nss_file(const struct hf_store *store, const char *name, char **ret_path,
                struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *root = NULL;
    HF_AUTO(hf_free_ptr) char *path = NULL;
    size_t len;

    if (asprintf(&path, "%s/%s", store->real, name) < 0) {
        path = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    if (hf_store_real_or(NULL, store->root, &root, err) < 0)
        return hf_err_code(err);
    len = strlen(root);
    while (len > 0 && root[len - 1] == '/')
        root[--len] = '\0';
    if (len > 0 && strncmp(path, root, len) == 0 && path[len] == '/')
        return hf_path_resolve(root, path + len, ret_path, err);
    return hf_path_resolve(NULL, path, ret_path, err);
}

/* --- what a database begins with ------------------------------------------ */

static uint32_t number_at(struct hf_view v, size_t at)
{
    struct hf_rd rd = hf_rd(hf_view_from(v, at));

    return hf_rd_uint(&rd, 4);
}

/* Of an SQLite file without a journal. What is empty or cut NSS would take for
 * a database without certificates. Source: sqlite.org/fileformat2.html 1.3 */
static int check_database(const char *path, struct hf_view v,
                          struct hf_err *err)
{
    static const char magic[] = "SQLite format 3";
    uint32_t size, pages = v.len >= 100 ? number_at(v, 28) : 0;

    if (v.len == 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset 0: the file is empty: expected an SQLite "
                       "database",
                       path);
    if (v.len < sizeof(magic) || memcmp(v.ptr, magic, sizeof(magic)) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset 0: expected an SQLite database ('%s'), "
                       "found other bytes",
                       path, magic);
    if (v.len < 100)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset %zu: the file is cut in its header of 100 "
                       "bytes",
                       path, v.len);
    size = (uint32_t)v.ptr[16] << 8 | v.ptr[17];
    size = size == 1 ? 65536 : size;
    /* the count is only good when the same program wrote both: 1.3.7 */
    if (number_at(v, 24) == number_at(v, 92) && (uint64_t)pages * size > v.len)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset %zu: the file is cut: its header says "
                       "%llu bytes",
                       path, v.len, (unsigned long long)pages * size);
    return 0;
}

/* The same of cert8.db. Source: a hash file of Berkeley DB 1.85, whose header
 * NSS writes big-endian. */
static int check_old(const char *path, struct hf_view v, struct hf_err *err)
{
    if (v.len == 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset 0: the file is empty: expected a Berkeley "
                       "DB 1.85 database",
                       path);
    if (number_at(v, 0) != 0x00061561 && number_at(v, 0) != 0x61150600)
        return HF_FAIL(err, HF_E_PARSE,
                       "'%s': offset 0: expected a Berkeley DB 1.85 database "
                       "(00061561), found other bytes",
                       path);
    return 0;
}

/* A journal that SQLite is done with is absent, empty, or begins with zeros. */
static bool is_journal(struct hf_view v)
{
    for (size_t i = 0; i < v.len && i < 8; i++)
        if (v.ptr[i] != 0)
            return true;
    return false;
}

/* --- copying -------------------------------------------------------------- */

static int put_file(const char *folder, const char *name, struct hf_view bytes,
                    struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(folder, name);
    int fd, rc = 0;

    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return HF_FAIL_SYS(err, "cannot make '%s'", path);
    while (rc == 0 && bytes.len > 0) {
        ssize_t done = write(fd, bytes.ptr, bytes.len);

        if (done < 0 && errno != EINTR)
            rc = HF_FAIL_SYS(err, "cannot write '%s'", path);
        if (done > 0)
            bytes = hf_view_from(bytes, (size_t)done);
    }
    (void)close(fd);
    return rc;
}

struct content {
    struct hf_buf bytes;
    char *path;
    bool there;
};

static void content_done(struct content *content)
{
    if (content->bytes.ptr) /* keys may be among them */
        explicit_bzero(content->bytes.ptr, content->bytes.len);
    hf_buf_done(&content->bytes);
    free(content->path);
}

static int from_set(struct hf_changeset *set, struct content *content,
                    struct hf_err *err)
{
    enum hf_path_kind kind;
    struct hf_view bytes;

    if (hf_changeset_peek(set, content->path, &kind, &bytes, err) < 0)
        return hf_err_code(err);
    if (kind == HF_PATH_LINK)
        return HF_FAIL(err, HF_E_IO, "'%s' is a symbolic link to nowhere",
                       content->path);
    content->there = kind == HF_PATH_FILE;
    if (content->there)
        hf_buf_view(&content->bytes, bytes);
    return hf_buf_check(&content->bytes, err);
}

static int get_bytes(const struct hf_store *store, const struct part *part,
                     struct hf_changeset *set, struct content *content,
                     struct hf_err *err)
{
    if (hf_nss_file(store, part->name, &content->path, err) < 0)
        return hf_err_code(err);
    if (set && !part->journal)
        return from_set(set, content, err);
    if (hf_file_read(content->path, &content->bytes, err) < 0)
        return hf_err_code(err);
    content->there = true;
    return 0;
}

static int get(const struct hf_store *store, const struct part *part,
               struct hf_changeset *set, struct content *ret_content,
               struct hf_err *err)
{
    struct content content = { 0 };
    int rc;

    hf_buf_init(&content.bytes, HF_NSS_FILE_MAX);
    rc = get_bytes(store, part, set, &content, err);
    if (rc == HF_E_ABSENT && !part->must)
        rc = 0;
    else if (rc == 0 && part->must && !content.there)
        rc = HF_FAIL(err, HF_E_ABSENT, "there is no file '%s'", content.path);
    if (rc < 0) {
        content_done(&content);
        return HF_WRAP(err, "'%s'", part->name);
    }
    *ret_content = content;
    return 0;
}

struct moment { /* of the files: another one when somebody changes them */
    struct stat st[HF_COUNT(parts)];
};

static int look(const struct hf_store *store, struct moment *ret_moment,
                struct hf_err *err)
{
    struct moment moment;

    memset(&moment, 0, sizeof(moment));
    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        HF_AUTO(hf_free_ptr) char *path = NULL;
        int rc = hf_nss_file(store, parts[i].name, &path, err);

        if (rc == HF_E_NOMEM)
            return rc;
        if (rc < 0 || stat(path, &moment.st[i]) < 0)
            memset(&moment.st[i], 0, sizeof(moment.st[i]));
    }
    *ret_moment = moment;
    return 0;
}

static bool is_same_moment(const struct moment *a, const struct moment *b)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        const struct stat *x = &a->st[i], *y = &b->st[i];

        if (x->st_dev != y->st_dev || x->st_ino != y->st_ino ||
            x->st_size != y->st_size ||
            x->st_mtim.tv_sec != y->st_mtim.tv_sec ||
            x->st_mtim.tv_nsec != y->st_mtim.tv_nsec)
            return false;
    }
    return true;
}

struct contents {
    struct content of[HF_COUNT(parts)];
};

static void contents_done(struct contents *contents)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++)
        content_done(&contents->of[i]);
    memset(contents, 0, sizeof(*contents));
}

static int get_all(const struct hf_store *store, struct hf_changeset *set,
                   bool old, struct contents *contents, struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++)
        if (parts[i].old == old &&
            get(store, &parts[i], set, &contents->of[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

/* All files as they were at one moment. What stands in their way is not told
 * by the looks, but by reading. */
static int get_together(const struct hf_store *store, struct hf_changeset *set,
                        bool old, struct contents *contents, struct hf_err *err)
{
    struct moment before, after;

    for (int i = 0; i < TRIES_MAX; i++) {
        contents_done(contents);
        if (look(store, &before, err) < 0 ||
            get_all(store, set, old, contents, err) < 0 ||
            look(store, &after, err) < 0)
            return hf_err_code(err);
        if (is_same_moment(&before, &after))
            return 0;
    }
    return HF_FAIL(err, HF_E_BUSY,
                   "'%s' is being changed all the time: try again",
                   store->path);
}

static int put_all(const struct contents *contents, struct hf_nss_copy *copy,
                   struct hf_err *err)
{
    copy->keyless = true;
    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        struct hf_view v = hf_buf_peek(&contents->of[i].bytes);

        if (!contents->of[i].there || (parts[i].journal && !is_journal(v)))
            continue;
        copy->journal = copy->journal || parts[i].journal;
        copy->keyless = copy->keyless && !parts[i].holds_keys;
        if (put_file(copy->folder, parts[i].name, v, err) < 0)
            return hf_err_code(err);
    }
    if (copy->journal)
        return 0;
    for (size_t i = 0; copy->old && i < HF_COUNT(parts); i++)
        if (parts[i].old && parts[i].must)
            return check_old(contents->of[i].path,
                             hf_buf_peek(&contents->of[i].bytes), err);
    return check_database(contents->of[0].path,
                          hf_buf_peek(&contents->of[0].bytes), err);
}

/* --- the folder ----------------------------------------------------------- */

/* A key database may be in it: in memory where there is such a place. */
static int make_folder(struct hf_nss_copy *copy, struct hf_err *err)
{
    const char *tmp = secure_getenv("TMPDIR");

    if (!tmp || tmp[0] != '/')
        tmp = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    if (asprintf(&copy->folder, "%s/holdfast-nss-XXXXXX", tmp) < 0) {
        copy->folder = NULL;
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    }
    if (!mkdtemp(copy->folder)) {
        free(HF_STEAL(copy->folder));
        return HF_FAIL_SYS(err, "cannot make a folder in '%s'", tmp);
    }
    return 0;
}

/* Whoever ends us shall not leave a copy behind: such a signal waits for the
 * moment it takes (hf_nss_run has a time limit). */
static void hold_signals(struct hf_nss_copy *copy)
{
    static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
    sigset_t before;

    (void)sigemptyset(&copy->held);
    if (sigprocmask(SIG_BLOCK, NULL, &before) < 0)
        return;
    /* what waits already is another's to let go, maybe before this copy ends */
    for (size_t i = 0; i < HF_COUNT(ends); i++)
        if (sigismember(&before, ends[i]) == 0)
            (void)sigaddset(&copy->held, ends[i]);
    copy->holding = sigprocmask(SIG_BLOCK, &copy->held, NULL) == 0;
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        (void)closedir(dir);
    (void)rmdir(folder);
}

void hf_nss_copy_done(struct hf_nss_copy *copy)
{
    if (copy->folder)
        remove_folder(copy->folder);
    free(copy->folder);
    if (copy->holding)
        (void)sigprocmask(SIG_UNBLOCK, &copy->held, NULL);
    *copy = (struct hf_nss_copy){ 0 };
}

int hf_nss_copy_make(const struct hf_store *store, struct hf_changeset *set,
                     struct hf_nss_copy *ret_copy, struct hf_err *err)
{
    HF_AUTO(contents_done) struct contents contents = { 0 };
    struct hf_nss_copy copy = { 0 };

    copy.old = store->kind == hf_nss_old_kind;
    if (get_together(store, set, copy.old, &contents, err) < 0)
        return hf_err_code(err);
    hold_signals(&copy);
    if (make_folder(&copy, err) < 0 || put_all(&contents, &copy, err) < 0) {
        hf_nss_copy_done(&copy);
        return HF_WRAP(err, "cannot copy the profile");
    }
    *ret_copy = copy;
    return 0;
}

int hf_nss_copy_read(const struct hf_nss_copy *copy, const char *name,
                     struct hf_buf *ret_bytes, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = hf_path_join(copy->folder, name);

    hf_buf_init(ret_bytes, HF_NSS_FILE_MAX);
    if (!path)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    return hf_file_read(path, ret_bytes, err);
}

int hf_nss_unfinished(const struct hf_store *store, struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        struct content content = { 0 };
        bool unfinished;

        if (!parts[i].journal)
            continue;
        if (get(store, &parts[i], NULL, &content, err) < 0)
            return hf_err_code(err);
        unfinished = content.there && is_journal(hf_buf_peek(&content.bytes));
        content_done(&content);
        if (unfinished)
            return HF_FAIL(
                err, HF_E_BUSY,
                "a change of the profile was cut short ('%s'): let "
                "NSS finish it first (certutil -L -X -d 'sql:%s', or "
                "start and end the program whose profile it is)",
                parts[i].name, store->path);
    }
    return 0;
}
