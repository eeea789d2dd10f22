/* SPDX-License-Identifier: Apache-2.0 */
/* store/read.c - from files to a list of what a store holds. */
#include <stdio.h>

#include "plat/file.h"
#include "store/kind.h"
#include "store/pemtext.h"

void hf_store_list_done(struct hf_store_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        hf_cert_unref(list->entry[i].cert);
        free(list->entry[i].where);
        free(list->entry[i].fault);
        free(list->entry[i].place);
        free(list->entry[i].label);
    }
    free(list->entry);
    free(list->incomplete);
    hf_ctl_free(list->ctl);
    *list = (struct hf_store_list){ 0 };
}

void hf_store_list_certs(const struct hf_store_list *list,
                         struct hf_certs *certs)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->entry[i].cert)
            hf_certs_add(certs, list->entry[i].cert);
}

static bool is_refused(const struct hf_store_list *list,
                       const struct hf_cert *cert)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->entry[i].standing == HF_STANDING_REFUSED &&
            list->entry[i].cert && hf_cert_same(list->entry[i].cert, cert))
            return true;
    return false;
}

void hf_store_list_anchors(const struct hf_store_list *list, unsigned purposes,
                           struct hf_certs *certs)
{
    struct hf_certs mine = { 0 };

    for (size_t i = 0; i < list->count; i++) {
        const struct hf_store_entry *entry = &list->entry[i];

        if (entry->cert && entry->standing == HF_STANDING_ANCHOR &&
            (purposes == 0 || entry->purposes == 0 ||
             (entry->purposes & purposes)) &&
            !is_refused(list, entry->cert))
            hf_certs_add(&mine, entry->cert);
    }
    hf_certs_add_unique(certs, &mine);
    hf_certs_done(&mine);
}

static int make_room(struct hf_store_list *list, size_t more,
                     struct hf_err *err)
{
    size_t want = list->count + more, room = list->room ? list->room : 16;
    struct hf_store_entry *grown;

    if (want <= list->room)
        return 0;
    while (room < want)
        room *= 2;
    grown = reallocarray(list->entry, room, sizeof(*grown));
    if (!grown)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for %zu entries", want);
    list->entry = grown;
    list->room = room;
    return 0;
}

static char *where_text(const char *shown, unsigned line_no)
{
    char *text;

    if (line_no == 0)
        return hf_view_dup(hf_view_text(shown));
    return asprintf(&text, "%s:%u", shown, line_no) < 0 ? NULL : text;
}

/* `fault_take` is owned from here on. Room must be there. */
static int put_fault(struct hf_store_list *list, const char *shown,
                     unsigned line_no, char *fault_take, struct hf_err *err)
{
    struct hf_store_entry *entry = &list->entry[list->count];

    *entry = (struct hf_store_entry){ .where = where_text(shown, line_no),
                                      .fault = fault_take };
    list->count++;
    list->damaged++;
    if (!entry->where || !entry->fault)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    return 0;
}

int hf_store_list_fault(struct hf_store_list *list, const char *where,
                        const char *fault, struct hf_err *err)
{
    if (make_room(list, 1, err) < 0)
        return hf_err_code(err);
    return put_fault(list, where, 0, hf_view_dup(hf_view_text(fault)), err);
}

struct hf_store_entry *hf_store_list_add(struct hf_store_list *list,
                                         struct hf_cert *cert,
                                         const char *where, struct hf_err *err)
{
    struct hf_store_entry *entry;

    if (make_room(list, 1, err) < 0)
        return NULL;
    entry = &list->entry[list->count];
    *entry =
        (struct hf_store_entry){ .where = hf_view_dup(hf_view_text(where)) };
    if (!entry->where) {
        (void)HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
        return NULL;
    }
    entry->cert = cert ? hf_cert_ref(cert) : NULL;
    list->count++;
    return entry;
}

int hf_store_list_der(struct hf_store_list *list, struct hf_view der,
                      const char *where, struct hf_store_entry **ret_entry,
                      struct hf_err *err)
{
    HF_AUTO(hf_cert_unrefp) struct hf_cert *cert = NULL;
    struct hf_err inner = { 0 };
    int rc = hf_cert_new(der, &cert, &inner);

    if (rc == HF_E_NOMEM) {
        *err = inner;
        return rc;
    }
    *ret_entry = NULL;
    if (rc < 0)
        return hf_store_list_fault(list, where, inner.frame[0].text, err);
    *ret_entry = hf_store_list_add(list, cert, where, err);
    return *ret_entry ? 0 : hf_err_code(err);
}

/* Moves what was loaded into the list, in the order of the file. */
static int take(struct hf_load *load, const char *shown,
                struct hf_store_list *list, struct hf_err *err)
{
    size_t i = 0, f = 0;

    if (make_room(list, load->count + load->fault_count, err) < 0)
        return hf_err_code(err);
    while (i < load->count || f < load->fault_count) {
        struct hf_store_entry *entry = &list->entry[list->count];

        if (i == load->count ||
            (f < load->fault_count &&
             load->fault[f].offset < load->item[i].offset)) {
            struct hf_load_fault *fault = &load->fault[f++];

            if (put_fault(list, shown, fault->line_no, HF_STEAL(fault->text),
                          err) < 0)
                return hf_err_code(err);
            continue;
        }
        *entry = (struct hf_store_entry){ .cert = HF_STEAL(load->item[i].cert),
                                          .where = where_text(
                                              shown, load->item[i].line_no) };
        i++;
        list->count++;
        if (!entry->where)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for an entry");
    }
    return 0;
}

int hf_store_read_file(const char *real, const char *shown,
                       struct hf_store_list *list, struct hf_err *err)
{
    HF_AUTO(hf_buf_done) struct hf_buf bytes = { 0 };
    HF_AUTO(hf_load_done) struct hf_load load = { 0 };

    hf_buf_init(&bytes, HF_LOAD_MAX);
    if (hf_file_read(real, &bytes, err) < 0)
        return hf_err_code(err);
    if (hf_pem_load(hf_buf_peek(&bytes), &load, err) < 0)
        return HF_WRAP(err, "'%s'", shown);
    return take(&load, shown, list, err);
}
