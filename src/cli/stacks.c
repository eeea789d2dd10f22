/* SPDX-License-Identifier: Apache-2.0 */
/* cli/stacks.c - the stores of a shelf, grouped by who goes by them. */
#include "cli/stacks.h"

#include <stdlib.h>

/* The distribution's bundle and CA files are one; so is all of Windows. */
static bool is_common(enum hf_stack stack)
{
    return stack == HF_STACK_SYSTEM || stack == HF_STACK_FILE ||
           stack == HF_STACK_WINDOWS || stack == HF_STACK_MACOS;
}

static enum hf_stack stack_of(const struct hf_book *book)
{
    enum hf_stack stack = hf_store_stack(book->store);

    return stack == HF_STACK_FILE ? HF_STACK_SYSTEM : stack;
}

/* Mozilla's own roots are trusted beside those of every profile. */
static int add_builtin(struct hf_stack_group *group, struct hf_err *err)
{
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_store_list_done) struct hf_store_list list = { 0 };
    int rc = hf_store_open("nss:builtin", NULL, &store, err);

    if (rc == 0)
        rc = hf_store_read(store, &list, err);
    if (rc < 0)
        return rc == HF_E_NOMEM ? rc : 0; /* the profile speaks for itself */
    hf_store_list_anchors(&list, HF_PURPOSE_TLS_SERVER, &group->anchors);
    return 0;
}

static void add_book(struct hf_stack_group *group, const struct hf_book *book)
{
    hf_certs_add_all(&group->anchors, &book->anchors);
    for (size_t i = 0; i < book->list.count; i++)
        if (book->list.entry[i].cert &&
            book->list.entry[i].standing == HF_STANDING_REFUSED)
            hf_certs_add(&group->refused, book->list.entry[i].cert);
}

/* What one part of the group refuses no other part makes trusted. */
static int settle(struct hf_stack_group *group, struct hf_err *err)
{
    struct hf_certs left = { 0 };

    for (size_t i = 0; i < group->anchors.count; i++)
        if (!hf_certs_by_sha256(&group->refused,
                                hf_cert_sha256(group->anchors.cert[i])))
            hf_certs_add(&left, group->anchors.cert[i]);
    if (group->anchors.bad)
        left.bad = group->anchors.bad;
    hf_certs_done(&group->anchors);
    group->anchors = left;
    return hf_certs_check(&group->anchors, err) < 0
               ? hf_err_code(err)
               : hf_certs_check(&group->refused, err);
}

/* A list is no store, but where it was asked for first; a user's hive and a
 * policy file are no machine's. */
static bool has_group(const struct hf_shelf *shelf, size_t at)
{
    const struct hf_book *book = &shelf->book[at];
    enum hf_stack stack = hf_store_stack(book->store);

    return book->status != HF_BOOK_UNREADABLE &&
           (stack != HF_STACK_LIST || at == 0) &&
           (stack != HF_STACK_WINDOWS || book->machine);
}

static int make_group(const struct hf_shelf *shelf, size_t first,
                      struct hf_stack_group *group, struct hf_err *err)
{
    const struct hf_book *book = &shelf->book[first];
    enum hf_stack stack = stack_of(book);

    group->name = hf_store_name(book->store);
    group->user = hf_stack_name(stack);
    add_book(group, book);
    for (size_t i = first + 1; is_common(stack) && i < shelf->count; i++)
        if (has_group(shelf, i) && stack_of(&shelf->book[i]) == stack)
            add_book(group, &shelf->book[i]);
    if (stack == HF_STACK_NSS && add_builtin(group, err) < 0)
        return hf_err_code(err);
    return settle(group, err);
}

/* Does the book begin a group, or belong to one that has begun? */
static bool is_first(const struct hf_shelf *shelf, size_t at)
{
    enum hf_stack stack = stack_of(&shelf->book[at]);

    for (size_t i = 0; is_common(stack) && i < at; i++)
        if (has_group(shelf, i) && stack_of(&shelf->book[i]) == stack)
            return false;
    return true;
}

int hf_stacks_make(const struct hf_shelf *shelf, struct hf_stacks *ret_stacks,
                   struct hf_err *err)
{
    struct hf_stacks stacks = { 0 };
    int rc = 0;

    stacks.group = calloc(shelf->count + 1, sizeof(*stacks.group));
    if (!stacks.group)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for groups of stores");
    for (size_t i = 0; rc == 0 && i < shelf->count; i++)
        if (has_group(shelf, i) && is_first(shelf, i))
            rc = make_group(shelf, i, &stacks.group[stacks.count++], err);
    if (rc < 0)
        hf_stacks_done(&stacks);
    else
        *ret_stacks = stacks;
    return rc;
}

void hf_stacks_done(struct hf_stacks *stacks)
{
    for (size_t i = 0; i < stacks->count; i++) {
        hf_certs_done(&stacks->group[i].anchors);
        hf_certs_done(&stacks->group[i].refused);
    }
    free(stacks->group);
    *stacks = (struct hf_stacks){ 0 };
}
