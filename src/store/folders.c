/* SPDX-License-Identifier: Apache-2.0 */
/* store/folders.c - folders of a system below its root, and its users' homes.
 */
#include "store/folders.h"

#include <dirent.h>
#include <string.h>

#include "plat/file.h"

#define HOMES_MAX 1000               /* ours */
#define NAMES_MAX 1000               /* looked at in one folder; ours */
#define PASSWD_MAX (4 * 1024 * 1024) /* bytes; ours: 50,000 users */

int hf_folder_follow(const char *root, const char *path, char **ret_real,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;
    int rc = hf_path_resolve(root, path, &real, err);

    if (rc == HF_E_NOMEM)
        return rc;
    *ret_real = rc == 0 && hf_path_is_dir(real) ? HF_STEAL(real) : NULL;
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

int hf_folder_names(const char *real, struct hf_texts *names,
                    struct hf_err *err)
{
    HF_AUTO(close_dir) DIR *dir = opendir(real);
    struct dirent *entry;

    while (dir && names->count < NAMES_MAX && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' &&
            !hf_texts_take(names, hf_view_dup(hf_view_text(entry->d_name))))
            return HF_FAIL(err, HF_E_NOMEM, "no memory to list '%s'", real);
    if (names->count > 1)
        qsort(names->text, names->count, sizeof(*names->text), by_bytes);
    return 0;
}

/* --- homes --------------------------------------------------------------- */

void hf_homes_done(struct hf_homes *homes)
{
    hf_texts_done(&homes->path);
    hf_texts_done(&homes->real);
}

static int add_home(const char *root, const char *home, struct hf_homes *homes,
                    struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *real = NULL;

    if (home[0] != '/' || homes->path.count >= HOMES_MAX)
        return 0;
    if (hf_folder_follow(root, home, &real, err) < 0)
        return hf_err_code(err);
    if (!real)
        return 0;
    for (size_t i = 0; i < homes->real.count; i++)
        if (strcmp(homes->real.text[i], real) == 0)
            return 0;
    if (!hf_texts_take(&homes->real, HF_STEAL(real)) ||
        !hf_texts_take(&homes->path, hf_view_dup(hf_view_text(home))))
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a list of homes");
    return 0;
}

/* Is it the number of a person, or of root? */
static bool is_person(struct hf_view uid)
{
    unsigned number = 0;

    for (size_t i = 0; i < uid.len; i++) {
        if (uid.ptr[i] < '0' || uid.ptr[i] > '9')
            return false;
        if (number < 1000)
            number = number * 10 + (uid.ptr[i] - '0');
    }
    return uid.len > 0 && (number == 0 || number >= 1000);
}

/* "name:x:1000:1000:text:/home/name:/bin/sh". The home, empty when there is
 * none, or the user is no person. */
static struct hf_view home_of(struct hf_view line)
{
    struct hf_view field[6] = { { 0 } };
    size_t n = 0;

    for (size_t i = 0, from = 0; i <= line.len && n < HF_COUNT(field); i++)
        if (i == line.len || line.ptr[i] == ':') {
            field[n++] = hf_view(line.ptr + from, i - from);
            from = i + 1;
        }
    if (n < 6 || !is_person(field[2]) || field[5].len == 0 ||
        memchr(field[5].ptr, 0, field[5].len))
        return hf_view(NULL, 0);
    return field[5];
}

static int read_passwd(const char *root, struct hf_homes *homes,
                       struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };
    HF_AUTO(hf_free_ptr) char *passwd = NULL;
    struct hf_view rest;
    int rc = hf_path_resolve(root, "/etc/passwd", &passwd, err);

    hf_buf_init(&text, PASSWD_MAX);
    if (rc == 0)
        rc = hf_file_read(passwd, &text, err);
    if (rc == HF_E_NOMEM)
        return rc;
    rest = rc == 0 ? hf_buf_peek(&text) : hf_view(NULL, 0);
    while (rest.len > 0) {
        struct hf_view found = home_of(hf_view_line(&rest));
        HF_AUTO(hf_free_ptr) char *home = hf_view_dup(found);

        if (!home)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a home");
        if (found.len > 0 && add_home(root, home, homes, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

int hf_homes_find(const char *root, struct hf_homes *ret_homes,
                  struct hf_err *err)
{
    HF_AUTO(hf_homes_done) struct hf_homes homes = { 0 };
    bool here = !root || root[strspn(root, "/")] == '\0';
    const char *own = here ? getenv("HOME") : NULL;

    if (own && add_home(root, own, &homes, err) < 0)
        return hf_err_code(err);
    if (read_passwd(root, &homes, err) < 0)
        return hf_err_code(err);
    *ret_homes = homes;
    homes = (struct hf_homes){ 0 };
    return 0;
}
