/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_check.c - in the child: is the database whole?
 *
 * NSS lists what it finds and passes over what SQLite cannot reach, so a
 * damaged database looks like one with fewer certificates. SQLite can tell; it
 * is the library that NSS itself uses, and asked only where it is at hand. */
#include <dlfcn.h>
#include <stdio.h>

#include "store/nss.h"

/* From SQLite's interface, which is stable. Source: sqlite.org/c3ref */
#define SQLITE_ROW 100
#define SQLITE_OPEN_READONLY 1

struct sqlite3;
struct sqlite3_stmt;

struct sqlite {
    int (*open)(const char *path, struct sqlite3 **ret_db, int flags,
                const char *vfs);
    int (*prepare)(struct sqlite3 *db, const char *sql, int len,
                   struct sqlite3_stmt **ret_stmt, const char **ret_tail);
    int (*step)(struct sqlite3_stmt *stmt);
    const unsigned char *(*text)(struct sqlite3_stmt *stmt, int column);
    const char *(*why)(struct sqlite3 *db);
};

/* A data pointer becomes a function pointer, as dlsym(3) says. */
static bool symbol(void *library, const char *name, void *ret_function)
{
    void *found = dlsym(library, name);

    memcpy(ret_function, &found, sizeof(found));
    return found;
}

static bool load(struct sqlite *ret_sqlite)
{
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);

    return library && symbol(library, "sqlite3_open_v2", &ret_sqlite->open) &&
           symbol(library, "sqlite3_prepare_v2", &ret_sqlite->prepare) &&
           symbol(library, "sqlite3_step", &ret_sqlite->step) &&
           symbol(library, "sqlite3_column_text", &ret_sqlite->text) &&
           symbol(library, "sqlite3_errmsg", &ret_sqlite->why);
}

bool hf_nss_damage(const char *folder, char *ret_text, size_t size)
{
    struct sqlite sqlite;
    struct sqlite3 *db = NULL;
    struct sqlite3_stmt *stmt = NULL;
    const char *text = NULL;
    char path[4096];

    if (!load(&sqlite) ||
        snprintf(path, sizeof(path), "%s/cert9.db", folder) < 0)
        return false;
    if (sqlite.open(path, &db, SQLITE_OPEN_READONLY, NULL) == 0 &&
        sqlite.prepare(db, "PRAGMA integrity_check(1)", -1, &stmt, NULL) == 0 &&
        sqlite.step(stmt) == SQLITE_ROW)
        text = (const char *)sqlite.text(stmt, 0);
    if (text && strcmp(text, "ok") == 0)
        return false;
    (void)snprintf(ret_text, size, "%s",
                   text ? text
                   : db ? sqlite.why(db)
                        : "SQLite has no memory");
    return true; /* nothing is closed: the process ends */
}
