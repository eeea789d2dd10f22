/* SPDX-License-Identifier: Apache-2.0 */
/* cli/repair.c - stores changed: checked first, staged, committed as one, read
 * back. */
#include "cli/repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hf_repair_begin(struct hf_session *s, bool dry_run,
                    struct hf_repair *ret_repair, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *state = NULL;
    struct hf_repair repair = { .root = s->common->root };
    int rc;

    if (!dry_run) {
        state = hf_store_state_dir(s->common->root);
        if (!state)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        rc = hf_changeset_begin(state, &repair.set, &repair.found,
                                &repair.denied);
        if (rc < 0 && rc != HF_E_DENIED) {
            *err = repair.denied;
            return rc;
        }
        if (rc == 0 &&
            hf_store_note_command(repair.set, s->cmd->path, err) < 0) {
            hf_changeset_free(repair.set);
            return hf_err_code(err);
        }
    }
    *ret_repair = repair;
    return 0;
}

int hf_repair_plan(struct hf_repair *repair, struct hf_shelf *shelf,
                   struct hf_err *err)
{
    repair->item = calloc(shelf->count + 1, sizeof(*repair->item));
    if (!repair->item)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < shelf->count; i++)
        if (shelf->book[i].status != HF_BOOK_UNREADABLE)
            repair->item[repair->count++].book = &shelf->book[i];
    return 0;
}

int hf_repair_value(struct hf_repair_item *item,
                    const struct hf_store_value *value, struct hf_err *err)
{
    struct hf_store_value *grown = reallocarray(
        item->value, item->value_count + 1, sizeof(item->value[0]));

    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a plan");
    item->value = grown;
    grown[item->value_count++] = *value;
    return 0;
}

static void fail_book(struct hf_repair *repair, struct hf_book *book,
                      const struct hf_err *why)
{
    book->status = HF_BOOK_FAILED;
    hf_err_text(why, book->reason, sizeof(book->reason));
    repair->failed++;
}

static void drop_work(struct hf_repair_item *item)
{
    hf_certs_done(&item->added);
    hf_certs_done(&item->removed);
}

/* Is it as adding (or removing) would make it? */
static bool is_added(const struct hf_book *book, const struct hf_cert *cert)
{
    return hf_book_holds(book, cert);
}

/* Taking a certificate out does not lift a refusal, unless that part of the
 * store was named. */
static bool is_removed(const struct hf_book *book, const struct hf_cert *cert)
{
    bool part = strchr(hf_store_name(book->store), '#') != NULL;

    for (size_t i = 0; i < book->list.count; i++) {
        const struct hf_store_entry *entry = &book->list.entry[i];

        if (entry->cert && hf_cert_same(entry->cert, cert) &&
            (part || entry->standing != HF_STANDING_REFUSED))
            return false;
    }
    return true;
}

typedef bool is_done(const struct hf_book *book, const struct hf_cert *cert);

/* Appends, once each, those of `certs` for which `is` says what `want` says. */
static void pick(const struct hf_book *book, const struct hf_certs *certs,
                 is_done *is, bool want, struct hf_certs *ret_picked)
{
    for (size_t i = 0; i < certs->count; i++)
        if (is(book, certs->cert[i]) == want &&
            !hf_certs_by_sha256(ret_picked, hf_cert_sha256(certs->cert[i])))
            hf_certs_add(ret_picked, certs->cert[i]);
}

static bool has_work(const struct hf_repair_item *item)
{
    return item->added.count + item->removed.count + item->value_count > 0;
}

/* What is to change: all of it, until something fails. */
static int find_work(struct hf_repair *repair, struct hf_err *err)
{
    for (size_t i = 0; i < repair->count; i++) {
        struct hf_repair_item *item = &repair->item[i];

        pick(item->book, &item->add, is_added, false, &item->added);
        pick(item->book, &item->remove, is_removed, false, &item->removed);
        if (hf_certs_check(&item->added, err) < 0 ||
            hf_certs_check(&item->removed, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}

/* Leaves of what was to change what did, now that the store was read again. */
static int keep_done(struct hf_repair_item *item, struct hf_err *err)
{
    struct hf_certs added = { 0 }, removed = { 0 };

    pick(item->book, &item->added, is_added, true, &added);
    pick(item->book, &item->removed, is_removed, true, &removed);
    drop_work(item);
    item->added = added;
    item->removed = removed;
    return hf_certs_check(&added, err) < 0 ? hf_err_code(err)
                                           : hf_certs_check(&removed, err);
}

static bool is_below(const char *path, const char *root)
{
    size_t len = strlen(root);

    while (len > 0 && root[len - 1] == '/')
        len--;
    return strncmp(path, root, len) == 0 && path[len] == '/';
}

/* A change below --root is undone from below it, and touches nothing outside.
 * Links that lead out of it are seen to where the change is made. */
static int check_root(const struct hf_repair *repair,
                      const struct hf_book *book, struct hf_err *err)
{
    const char *path = hf_store_path(book->store);
    HF_AUTO(hf_free_ptr) char *root = NULL;
    HF_AUTO(hf_free_ptr) char *real = NULL;

    if (!repair->root || !book->named ||
        hf_store_stack(book->store) == HF_STACK_SYSTEM ||
        is_below(path, repair->root))
        return 0;
    root = realpath(repair->root, NULL);
    real = realpath(path, NULL);
    if (!root || !real || is_below(path, root) || is_below(real, root))
        return 0;
    return HF_FAIL(err, HF_E_DENIED,
                   "cannot change the store '%s': it is not below --root '%s': "
                   "leave --root out to change it",
                   hf_store_name(book->store), repair->root);
}

static int may_change(const struct hf_repair *repair,
                      const struct hf_book *book, struct hf_err *err)
{
    int rc = hf_store_may_change(book->store, err);

    return rc < 0 ? rc : check_root(repair, book, err);
}

/* Privileges first, before anything is touched. */
static void check_rights(struct hf_repair *repair)
{
    for (size_t i = 0; i < repair->count; i++) {
        struct hf_repair_item *item = &repair->item[i];
        struct hf_err why;

        if (item->book->status == HF_BOOK_SKIPPED)
            continue; /* for a reason of the command's */
        if (!has_work(item))
            item->book->status = HF_BOOK_UNCHANGED;
        else if (may_change(repair, item->book, &why) < 0)
            fail_book(repair, item->book, &why);
        else if (!repair->set)
            fail_book(repair, item->book, &repair->denied);
        if (item->book->status == HF_BOOK_FAILED)
            drop_work(item);
    }
}

static int stage_values(struct hf_repair_item *item, struct hf_changeset *set,
                        struct hf_err *err)
{
    for (size_t i = 0; i < item->value_count; i++) {
        bool changed;

        if (hf_store_stage_value(item->book->store, &item->value[i], set,
                                 &changed, err) < 0)
            return hf_err_code(err);
        item->values_changed += changed;
    }
    return 0;
}

/* Values that are not as they were meant to be, read with fresh eyes. */
static size_t values_wrong(const struct hf_repair *repair,
                           const struct hf_repair_item *item)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    const struct hf_registry *registry = NULL;
    struct hf_err err;
    size_t wrong = 0;

    if (item->value_count == 0)
        return 0;
    if (hf_store_open(hf_store_name(item->book->store), repair->root, &store,
                      &err) < 0 ||
        hf_store_registry(store, &registry, &err) < 0 || !registry)
        return item->value_count;
    for (size_t i = 0; i < item->value_count; i++) {
        const struct hf_store_value *want = &item->value[i];
        struct hf_reg_value is = { 0 };
        int rc = hf_registry_get(registry, want->key, want->name, &is, &err);

        if (want->gone)
            wrong += rc != HF_E_ABSENT;
        else
            wrong += rc < 0 || is.type != want->value.type ||
                     is.len != want->value.len ||
                     memcmp(is.data, want->value.data, is.len) != 0;
        hf_reg_value_done(&is);
    }
    return wrong;
}

static int stage_all(struct hf_repair *repair, struct hf_err *err)
{
    for (size_t i = 0; i < repair->count; i++) {
        struct hf_repair_item *item = &repair->item[i];

        if (item->book->status != HF_BOOK_READ)
            continue;
        if (hf_store_stage(item->book->store, &item->add, &item->remove,
                           repair->set, &item->changed, err) < 0 ||
            stage_values(item, repair->set, err) < 0)
            return hf_err_code(err); /* it names the store */
    }
    return 0;
}

/* Through the store's own reader: is it as it was meant to be? */
static int read_back(struct hf_repair *repair, struct hf_repair_item *item,
                     struct hf_err *err)
{
    struct hf_book *book = item->book;
    struct hf_err why;
    size_t wrong = 0;

    if (hf_book_reread(book, &why) < 0) {
        fail_book(repair, book, &why);
        drop_work(item); /* nobody can tell what is there now */
        return 0;
    }
    for (size_t i = 0; i < item->add.count; i++)
        wrong += !is_added(book, item->add.cert[i]);
    for (size_t i = 0; i < item->remove.count; i++)
        wrong += !is_removed(book, item->remove.cert[i]);
    wrong += values_wrong(repair, item);
    book->status = item->changed + item->values_changed > 0 ? HF_BOOK_TOUCHED
                                                            : HF_BOOK_UNCHANGED;
    if (wrong == 0)
        return keep_done(item, err);
    book->status = HF_BOOK_FAILED;
    (void)snprintf(book->reason, sizeof(book->reason),
                   "read back after the change, %zu %s not as asked for", wrong,
                   hf_plural(wrong, "thing is", "things are"));
    repair->failed++;
    return keep_done(item, err);
}

/* What would happen to each store; nothing is opened to be written. */
static void foresee(struct hf_repair *repair)
{
    for (size_t i = 0; i < repair->count; i++) {
        struct hf_book *book = repair->item[i].book;
        char text[sizeof(book->reason)];
        struct hf_err why;

        if (book->status == HF_BOOK_SKIPPED)
            continue; /* for a reason of the command's */
        if (!has_work(&repair->item[i])) {
            book->status = HF_BOOK_UNCHANGED;
            continue;
        }
        book->status = HF_BOOK_SKIPPED;
        if (may_change(repair, book, &why) < 0) {
            hf_err_text(&why, text, sizeof(text));
            (void)snprintf(book->reason, sizeof(book->reason),
                           "a dry run; without it: %.*s",
                           (int)sizeof(book->reason) - 32, text);
        } else {
            (void)snprintf(book->reason, sizeof(book->reason),
                           "a dry run; without it, this store is changed");
        }
    }
}

int hf_repair_run(struct hf_repair *repair, bool dry_run, struct hf_err *err)
{
    if (find_work(repair, err) < 0)
        return hf_err_code(err);
    if (dry_run) {
        foresee(repair);
        return 0;
    }
    check_rights(repair);
    if (!repair->set)
        return 0;
    if (stage_all(repair, err) < 0 || hf_changeset_commit(repair->set, err) < 0)
        return hf_err_code(err);
    for (size_t i = 0; i < repair->count; i++)
        if (repair->item[i].book->status == HF_BOOK_READ &&
            read_back(repair, &repair->item[i], err) < 0)
            return hf_err_code(err);
    return 0;
}

void hf_repair_done(struct hf_repair *repair)
{
    for (size_t i = 0; i < repair->count; i++) {
        hf_certs_done(&repair->item[i].add);
        hf_certs_done(&repair->item[i].remove);
        free(repair->item[i].value);
        drop_work(&repair->item[i]);
    }
    free(repair->item);
    hf_changeset_free(repair->set);
    *repair = (struct hf_repair){ 0 };
}

void hf_repair_follow_ups(struct hf_session *s, const struct hf_repair *repair)
{
    for (size_t i = 0; i < repair->count; i++) {
        const struct hf_book *book = repair->item[i].book;
        const char *command = hf_store_follow_up(book->store);

        if (book->status == HF_BOOK_TOUCHED && command)
            hf_buf_printf(&s->out,
                          "Run '%s' so that Java and other formats of the "
                          "store '%s' follow.\n",
                          command, hf_store_name(book->store));
    }
}
