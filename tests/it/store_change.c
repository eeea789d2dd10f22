/* SPDX-License-Identifier: Apache-2.0 */
/* store_change.c - changes a store below a root and looks at it meanwhile,
 * for crash.sh.
 *
 *   store_change add ROOT FILE     the system store shall hold FILE's
 *   store_change remove ROOT FILE  it shall not
 *   store_change recover ROOT      settles what a killed run left; prints it
 *   store_change undo ROOT         takes the newest change back
 *   store_change watch FILE OLD NEW STOP   until STOP exists, FILE must hold
 *                                  the bytes of OLD or of NEW; prints how often
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/load.h"
#include "plat/file.h"
#include "store/store.h"

#define BUNDLE_MAX (16 * 1024 * 1024) /* bytes */

static int fail(const struct hf_err *err)
{
    char text[1000];

    hf_err_text(err, text, sizeof(text));
    fprintf(stderr, "store_change: %s\n", text);
    return 1;
}

static int change(const char *root, const char *file, bool add,
                  struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *state = hf_store_state_dir(root);
    HF_AUTO(hf_store_freep) struct hf_store *store = NULL;
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs certs = { 0 };
    enum hf_changeset_found found;
    size_t changed = 0;

    if (hf_load_file(file, NULL, &load, err) < 0)
        return err->code;
    for (size_t i = 0; i < load.count; i++)
        hf_certs_add(&certs, load.item[i].cert);
    if (hf_store_open("system", root, &store, err) < 0 ||
        hf_store_may_change(store, err) < 0 ||
        hf_changeset_begin(state, &set, &found, err) < 0 ||
        hf_store_stage(store, add ? &certs : NULL, add ? NULL : &certs, set,
                       &changed, err) < 0 ||
        hf_changeset_commit(set, err) < 0)
        return err->code;
    printf("%zu changed\n", changed);
    return 0;
}

static int recover(const char *root, struct hf_err *err)
{
    static const char *const word[] = { "clean", "finished", "taken back" };
    HF_AUTO(hf_free_ptr) char *state = hf_store_state_dir(root);
    HF_AUTO(hf_changeset_freep) struct hf_changeset *set = NULL;
    enum hf_changeset_found found;

    if (hf_changeset_begin(state, &set, &found, err) < 0)
        return err->code;
    printf("%s\n", word[found]);
    return 0;
}

static int undo(const char *root, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *state = hf_store_state_dir(root);
    HF_AUTO(hf_undone_done) struct hf_undone undone = { 0 };
    int rc = hf_store_undo(state, root, &undone, err);

    if (rc == HF_E_ABSENT) {
        printf("nothing\n");
        return 0;
    }
    if (rc == 0)
        printf("%s\n", undone.how == HF_UNDO_BYTES ? "bytes" : "certificates");
    return rc;
}

/* Reads a whole file; 0 when it is there. */
static int look(const char *path, struct hf_buf *bytes, struct hf_err *err)
{
    hf_buf_done(bytes);
    hf_buf_init(bytes, BUNDLE_MAX);
    return hf_file_read(path, bytes, err);
}

static int watch(char *const argv[], struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf old = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf new = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf now = { 0 };
    unsigned long seen[2] = { 0, 0 };

    if (look(argv[3], &old, err) < 0 || look(argv[4], &new, err) < 0)
        return err->code;
    while (!hf_path_exists(argv[5])) {
        bool is_old;

        (void)usleep(100); /* leave the processor to those that change it */
        if (look(argv[2], &now, err) < 0)
            return HF_WRAP(err, "a reader found no bundle");
        is_old = hf_view_same(hf_buf_peek(&now), hf_buf_peek(&old));
        if (!is_old && !hf_view_same(hf_buf_peek(&now), hf_buf_peek(&new)))
            return HF_FAIL(err, HF_E_PARSE, "a reader saw a broken bundle");
        seen[is_old ? 0 : 1]++;
    }
    printf("old %lu new %lu\n", seen[0], seen[1]);
    return 0;
}

int main(int argc, char *argv[])
{
    const char *what = argc > 2 ? argv[1] : "";
    struct hf_err err = { 0 };
    int rc = 0;

    if (strcmp(what, "add") == 0 && argc == 4)
        rc = change(argv[2], argv[3], true, &err);
    else if (strcmp(what, "remove") == 0 && argc == 4)
        rc = change(argv[2], argv[3], false, &err);
    else if (strcmp(what, "recover") == 0)
        rc = recover(argv[2], &err);
    else if (strcmp(what, "undo") == 0)
        rc = undo(argv[2], &err);
    else if (strcmp(what, "watch") == 0 && argc == 6)
        rc = watch(argv, &err);
    else
        rc = HF_FAIL(&err, HF_E_USAGE, "see the top of store_change.c");
    return rc < 0 ? fail(&err) : 0;
}
