/* SPDX-License-Identifier: Apache-2.0 */
/* cli/shelf.h - the stores a command works on, opened, read and named. */
#ifndef HF_CLI_SHELF_H
#define HF_CLI_SHELF_H

#include "cli/cli.h"
#include "store/store.h"

/* What happened to a store, for text and JSON. */
enum hf_book_status {
    HF_BOOK_READ,
    HF_BOOK_UNREADABLE,
    HF_BOOK_TOUCHED,
    HF_BOOK_UNCHANGED,
    HF_BOOK_SKIPPED,
    HF_BOOK_FAILED
};

struct hf_book {
    struct hf_store *store;
    struct hf_store_list list;
    struct hf_certs certs;   /* the sound ones */
    struct hf_certs anchors; /* those a TLS client of the store trusts */
    bool named;              /* by --store */
    bool machine; /* agents of the machine go by it, or it was named: products
                     are judged in it */
    enum hf_book_status status;
    char reason[HF_ERR_TEXT * 2]; /* why, when it is not read or touched */
};

struct hf_shelf {
    struct hf_book *book;
    size_t count;
    size_t unreadable;
};

extern const char hf_store_help[]; /* help text of --store */

/* Opens and reads the stores named (none: every store of the machine). An
 * unreadable store is a finding (HF1101), so is a damaged entry (HF1102).
 * Returns 0, HF_E_USAGE (a name that is no store), HF_E_ABSENT (no store at
 * all), HF_E_NOMEM. */
HF_MUST_USE int hf_shelf_open(struct hf_session *s, const struct hf_args *names,
                              struct hf_shelf *ret_shelf, struct hf_err *err);
void hf_shelf_done(struct hf_shelf *shelf);

/* Reads a store again, after a change. Returns 0 or what reading returned. */
HF_MUST_USE int hf_book_reread(struct hf_book *book, struct hf_err *err);

/* Does adding `cert` to the book's store change nothing? */
bool hf_book_holds(const struct hf_book *book, const struct hf_cert *cert);

/* "stores": [...] */
void hf_shelf_json(struct hf_json *json, const struct hf_shelf *shelf);
/* "system   150 certificates   /etc/ssl/certs/ca-certificates.crt" */
void hf_book_line(struct hf_session *s, const struct hf_book *book);
const char *hf_book_status_name(enum hf_book_status status);

/* The entry of a book that holds `cert`, or NULL. */
const char *hf_book_where(const struct hf_book *book,
                          const struct hf_cert *cert);

/* "certificates": the entries of all books, those without a body too. */
void hf_shelf_entries_json(struct hf_json *json, const struct hf_shelf *shelf);

#endif
