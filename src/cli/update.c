/* SPDX-License-Identifier: Apache-2.0 */
/* cli/update.c - the automatic root update of the Windows on a shelf. */
#include "cli/update.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "store/ctl.h"

static int gather(struct hf_shelf *shelf, struct hf_update *update,
                  struct hf_rootupdate_source *source, struct hf_err *err)
{
    for (size_t i = 0; i < shelf->count; i++) {
        struct hf_book *book = &shelf->book[i];
        const struct hf_registry *registry = NULL;
        struct hf_err why;
        int rc;

        if (book->status == HF_BOOK_UNREADABLE)
            continue;
        rc = hf_store_registry(book->store, &registry, &why);
        if (rc == HF_E_NOMEM) {
            *err = why;
            return rc;
        }
        if (rc < 0 || !registry)
            continue; /* why it cannot be read was told of the store */
        update->book[update->count] = book;
        update->name[update->count] = hf_store_name(book->store);
        source[update->count++] =
            (struct hf_rootupdate_source){ registry,
                                           hf_store_name(book->store) };
    }
    return 0;
}

static int read_all(struct hf_shelf *shelf, struct hf_update *update,
                    struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs anchors = { 0 };
    HF_AUTO(hf_free_ptr)
    struct hf_rootupdate_source *source =
        calloc(shelf->count + 1, sizeof(*source));

    update->book = calloc(shelf->count + 1, sizeof(struct hf_book *));
    update->name = calloc(shelf->count + 1, sizeof(char *));
    if (!source || !update->book || !update->name)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for settings");
    if (gather(shelf, update, source, err) < 0)
        return hf_err_code(err);
    if (update->count == 0)
        return 0;
    if (hf_ctl_anchors(&anchors, err) < 0)
        return hf_err_code(err);
    return hf_rootupdate_read(source, update->count, &anchors, &update->update,
                              err);
}

int hf_update_read(struct hf_shelf *shelf, struct hf_update *ret_update,
                   struct hf_err *err)
{
    struct hf_update update = { 0 };

    if (read_all(shelf, &update, err) < 0) {
        hf_update_done(&update);
        return hf_err_code(err);
    }
    *ret_update = update;
    return 0;
}

static void json_time_or_null(struct hf_json *json, const char *key,
                              int64_t time_s)
{
    if (time_s)
        hf_json_time(json, key, time_s);
    else
        hf_json_null(json, key);
}

void hf_update_json(struct hf_json *json, const struct hf_update *update)
{
    const struct hf_rootupdate *u = &update->update;

    if (!u->known)
        return;
    hf_json_object(json, "root_update");
    hf_json_bool(json, "enabled", !u->roots_off);
    hf_json_bool(json, "disallowed_enabled", !u->disallowed_off);
    json_time_or_null(json, "last_sync", u->last_sync_s);
    json_time_or_null(json, "disallowed_last_sync", u->disallowed_sync_s);
    if (u->ctl) {
        hf_json_object(json, "list");
        hf_json_text(json, "sequence", u->ctl->sequence);
        hf_json_time(json, "date", u->ctl->this_update_s);
        hf_json_text(json, "signer", u->ctl->signer);
        hf_json_end(json);
    }
    if (u->root_dir_url)
        hf_json_text(json, "root_dir_url", u->root_dir_url);
    if (u->sync_from_url)
        hf_json_text(json, "sync_from_dir_url", u->sync_from_url);
    hf_json_end(json);
}

void hf_update_words(struct hf_buf *out, const struct hf_rootupdate *u)
{
    char day[HF_TIME_TEXT];

    hf_buf_text(out, u->roots_off ? "root updates: off by policy"
                                  : "root updates: on");
    if (u->ctl)
        hf_buf_printf(out, "; goes by the list of %s",
                      hf_calendar_day(u->ctl->this_update_s, day));
    if (u->last_sync_s)
        hf_buf_printf(out, "; last looked for on %s",
                      hf_calendar_day(u->last_sync_s, day));
    if (u->root_dir_url)
        hf_buf_printf(out, "; from %s", u->root_dir_url);
}

void hf_update_done(struct hf_update *update)
{
    hf_rootupdate_done(&update->update);
    free(update->book);
    free(update->name);
    *update = (struct hf_update){ 0 };
}
