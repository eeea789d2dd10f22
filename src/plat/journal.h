/* SPDX-License-Identifier: Apache-2.0 */
/* plat/journal.h - inside plat/: the record of a change set, in memory and as
 * text.
 *
 * The text is one item a line, words parted by one blank, anything but visible
 * ASCII in a word written as %XX:
 *
 *   holdfast-journal 1
 *   time 1767225600
 *   retire 12
 *   note added system%0A-----BEGIN...
 *   made /usr/local/share/ca-certificates
 *   empty /usr/local/share/ca-certificates
 *   change PATH TEMP OLD NEW
 *   end 0123456789abcdef
 *
 * OLD and NEW are "absent", "link:TARGET" or "file:MODE:UID:GID:SIZE"; the
 * bytes of change number i are the files old.i and new.i beside the journal.
 * "end" carries FNV-1a (64 bits) over everything before it: against torn and
 * damaged files, not against people (those have no access to the folder). */
#ifndef HF_PLAT_JOURNAL_H
#define HF_PLAT_JOURNAL_H

#include <sys/types.h>

#include "plat/changeset.h"

/* bytes; ours: a change of 1,000 certificates needs 3 MB */
#define HF_JOURNAL_MAX (16 * 1024 * 1024)
#define HF_JOURNAL_CHANGES_MAX 16384 /* ours: 4 files a certificate */
/* bytes of one file that can be changed; ours: bundles have 1 MB, registry
 * hives 150 MB */
#define HF_CHANGE_FILE_MAX (512 * 1024 * 1024)

/* What stands at a path. */
struct hf_state {
    enum hf_path_kind kind;
    mode_t mode;         /* FILE: permission bits */
    uid_t uid;           /* FILE */
    gid_t gid;           /* FILE */
    uint64_t size;       /* FILE: bytes */
    char *target;        /* LINK, on the heap */
    struct hf_buf bytes; /* FILE; not in the text, may be unread (ptr NULL) */
};

struct hf_change {
    char *path;
    char *temp; /* where the new state waits, in the folder of `path` */
    struct hf_state was, now;
};

struct hf_note {
    char *key, *value;
};

struct hf_journal {
    int64_t time_s;
    uint64_t retire; /* number of the record that this set undoes; 0: none */
    struct hf_note *note;
    size_t note_count, note_room;
    char **made; /* folders the set makes, parents first */
    size_t made_count, made_room;
    char **empty; /* folders to remove afterwards if nothing is in them */
    size_t empty_count, empty_room;
    struct hf_change *change;
    size_t change_count, change_room;
};

void hf_journal_done(struct hf_journal *journal);
void hf_state_done(struct hf_state *state);

/* Grows by one, zeroed. NULL with an error: HF_E_NOMEM or HF_E_LIMIT. */
struct hf_change *hf_journal_add_change(struct hf_journal *journal,
                                        struct hf_err *err);
/* Copy; HF_E_NOMEM or 0. */
HF_MUST_USE int hf_journal_add_note(struct hf_journal *journal,
                                    struct hf_view key, struct hf_view value,
                                    struct hf_err *err);
HF_MUST_USE int hf_journal_add_made(struct hf_journal *journal,
                                    struct hf_view path, struct hf_err *err);
HF_MUST_USE int hf_journal_add_empty(struct hf_journal *journal,
                                     struct hf_view path, struct hf_err *err);

/* Appends the text; errors are the buffer's. */
void hf_journal_write(const struct hf_journal *journal, struct hf_buf *out);

/* Reads a text. Every path is absolute and without "." or ".."; every temp is
 * one of our names in the folder of its path.
 * ret_journal  empty before; untouched on error.
 * Returns 0, HF_E_PARSE (text names the line), HF_E_LIMIT, HF_E_NOMEM. */
HF_MUST_USE int hf_journal_read(struct hf_view text,
                                struct hf_journal *ret_journal,
                                struct hf_err *err);

/* Is this one of our temporary files' names (without a folder)? */
bool hf_temp_name_is(const char *name);

#endif
