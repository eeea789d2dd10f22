/* SPDX-License-Identifier: Apache-2.0 */
/* plat/journal.c - the record of a change set, in memory and as text. */
#include "plat/journal.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hex.h"
#include "plat/durable.h"

#define HEAD "holdfast-journal 1"
#define NOTES_MAX 65536 /* ours: bounds what a damaged file can cost */
#define FOLDERS_MAX 1024
#define END_LEN 21 /* "end ", 16 digits, LF */

/* --- in memory ----------------------------------------------------------- */

void hf_state_done(struct hf_state *state)
{
    free(state->target);
    hf_buf_done(&state->bytes);
    *state = (struct hf_state){ 0 };
}

static void done_texts(char **text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(text[i]);
    free(text);
}

void hf_journal_done(struct hf_journal *journal)
{
    for (size_t i = 0; i < journal->change_count; i++) {
        free(journal->change[i].path);
        free(journal->change[i].temp);
        hf_state_done(&journal->change[i].was);
        hf_state_done(&journal->change[i].now);
    }
    free(journal->change);
    for (size_t i = 0; i < journal->note_count; i++) {
        free(journal->note[i].key);
        free(journal->note[i].value);
    }
    free(journal->note);
    done_texts(journal->made, journal->made_count);
    done_texts(journal->empty, journal->empty_count);
    *journal = (struct hf_journal){ 0 };
}

/* Room for one more element; the array as it is or moved, NULL without. */
static void *grown(void *array, size_t count, size_t *room, size_t max,
                   size_t size)
{
    size_t more = *room ? *room * 2 : 8;
    void *moved;

    if (count < *room)
        return array;
    if (count >= max)
        return NULL;
    moved = reallocarray(array, more, size);
    if (moved)
        *room = more;
    return moved;
}

struct hf_change *hf_journal_add_change(struct hf_journal *journal,
                                        struct hf_err *err)
{
    struct hf_change *list =
        grown(journal->change, journal->change_count, &journal->change_room,
              HF_JOURNAL_CHANGES_MAX, sizeof(*list));

    if (!list) {
        if (journal->change_count >= HF_JOURNAL_CHANGES_MAX)
            (void)HF_FAIL(err, HF_E_LIMIT, "more than %d files to change",
                          HF_JOURNAL_CHANGES_MAX);
        else
            (void)HF_FAIL(err, HF_E_NOMEM, "no memory for a change");
        return NULL;
    }
    journal->change = list;
    list += journal->change_count++;
    *list = (struct hf_change){ 0 };
    return list;
}

int hf_journal_add_note(struct hf_journal *journal, struct hf_view key,
                        struct hf_view value, struct hf_err *err)
{
    struct hf_note *list = grown(journal->note, journal->note_count,
                                 &journal->note_room, NOTES_MAX, sizeof(*list));

    if (!list)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a note");
    journal->note = list;
    list += journal->note_count;
    *list = (struct hf_note){ hf_view_dup(key), hf_view_dup(value) };
    journal->note_count++; /* counted even when half made, to be freed */
    if (!list->key || !list->value)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a note");
    return 0;
}

static int add_text(char ***list, size_t *count, size_t *room,
                    struct hf_view text, struct hf_err *err)
{
    char **more = grown(*list, *count, room, FOLDERS_MAX, sizeof(*more));
    char *copy;

    if (!more)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a list of folders");
    *list = more;
    copy = hf_view_dup(text);
    if (!copy)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    more[(*count)++] = copy;
    return 0;
}

int hf_journal_add_made(struct hf_journal *journal, struct hf_view path,
                        struct hf_err *err)
{
    return add_text(&journal->made, &journal->made_count, &journal->made_room,
                    path, err);
}

int hf_journal_add_empty(struct hf_journal *journal, struct hf_view path,
                         struct hf_err *err)
{
    return add_text(&journal->empty, &journal->empty_count,
                    &journal->empty_room, path, err);
}

/* --- writing ------------------------------------------------------------- */

static uint64_t fnv1a(struct hf_view bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ bytes.ptr[i]) * 0x100000001b3u;
    return hash;
}

static bool is_plain(uint8_t c)
{
    return c > ' ' && c < 0x7f && c != '%';
}

static void put_word(struct hf_buf *out, const char *text)
{
    const char *from = text;

    for (; *text; text++) {
        if (is_plain((uint8_t)*text))
            continue;
        hf_buf_add(out, from, (size_t)(text - from));
        hf_buf_printf(out, "%%%02x", (unsigned)(uint8_t)*text);
        from = text + 1;
    }
    hf_buf_text(out, from);
}

static void put_line(struct hf_buf *out, const char *key, const char *value)
{
    hf_buf_printf(out, "%s ", key);
    put_word(out, value);
    hf_buf_text(out, "\n");
}

static void put_state(struct hf_buf *out, const struct hf_state *state)
{
    switch (state->kind) {
    case HF_PATH_FILE:
        hf_buf_printf(out, " file:%o:%u:%u:%" PRIu64, (unsigned)state->mode,
                      (unsigned)state->uid, (unsigned)state->gid, state->size);
        return;
    case HF_PATH_LINK:
        hf_buf_text(out, " link:");
        put_word(out, state->target);
        return;
    case HF_PATH_ABSENT:
        hf_buf_text(out, " absent");
    }
}

void hf_journal_write(const struct hf_journal *journal, struct hf_buf *out)
{
    size_t start = out->len;

    hf_buf_printf(out, HEAD "\ntime %" PRId64 "\n", journal->time_s);
    if (journal->retire)
        hf_buf_printf(out, "retire %" PRIu64 "\n", journal->retire);
    for (size_t i = 0; i < journal->note_count; i++) {
        hf_buf_text(out, "note ");
        put_word(out, journal->note[i].key);
        hf_buf_text(out, " ");
        put_word(out, journal->note[i].value);
        hf_buf_text(out, "\n");
    }
    for (size_t i = 0; i < journal->made_count; i++)
        put_line(out, "made", journal->made[i]);
    for (size_t i = 0; i < journal->empty_count; i++)
        put_line(out, "empty", journal->empty[i]);
    for (size_t i = 0; i < journal->change_count; i++) {
        const struct hf_change *change = &journal->change[i];

        hf_buf_text(out, "change ");
        put_word(out, change->path);
        hf_buf_text(out, " ");
        put_word(out, change->temp);
        put_state(out, &change->was);
        put_state(out, &change->now);
        hf_buf_text(out, "\n");
    }
    if (!out->bad)
        hf_buf_printf(out, "end %016" PRIx64 "\n",
                      fnv1a(hf_view_from(hf_buf_peek(out), start)));
}

/* --- reading ------------------------------------------------------------- */

bool hf_temp_name_is(const char *name)
{
    size_t head = strlen(HF_TEMP_PREFIX), digits = 16;
    uint8_t bytes[8];

    return strlen(name) == head + digits + strlen(HF_TEMP_SUFFIX) &&
           hf_view_starts(hf_view_text(name), HF_TEMP_PREFIX) &&
           hf_hex_read(hf_view(name + head, digits), bytes, sizeof(bytes)) &&
           strcmp(name + head + digits, HF_TEMP_SUFFIX) == 0;
}

/* Up to the next `end` byte, which is taken too. */
static struct hf_view next_word(struct hf_view *rest, char end)
{
    struct hf_view word = *rest;
    const uint8_t *at =
        rest->len > 0 ? memchr(rest->ptr, end, rest->len) : NULL;

    if (at)
        word.len = (size_t)(at - rest->ptr);
    *rest = hf_view_from(*rest, word.len + 1);
    return word;
}

static bool read_number(struct hf_view text, unsigned base, uint64_t max,
                        uint64_t *ret_number)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)text.ptr[i] - '0';

        if (digit >= base || number > (max - digit) / base)
            return false;
        number = number * base + digit;
    }
    *ret_number = number;
    return text.len > 0;
}

/* Undoes put_word() on the heap. 0, HF_E_PARSE or HF_E_NOMEM. */
static int read_word(struct hf_view word, char **ret_text, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *text = malloc(word.len + 1);
    size_t len = 0;

    if (!text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a word");
    for (size_t i = 0; i < word.len; i++) {
        uint8_t byte = word.ptr[i];

        if (byte == '%') {
            if (word.len - i < 3 ||
                !hf_hex_read(hf_view(word.ptr + i + 1, 2), &byte, 1) ||
                byte == '\0' || is_plain(byte))
                return HF_FAIL(err, HF_E_PARSE, "a bad %% escape");
            i += 2;
        } else if (!is_plain(byte)) {
            return HF_FAIL(err, HF_E_PARSE, "byte 0x%02x in a word", byte);
        }
        text[len++] = (char)byte;
    }
    text[len] = '\0';
    *ret_text = HF_STEAL(text);
    return 0;
}

/* Absolute, in its shortest form. */
static bool is_clean_path(const char *path)
{
    struct hf_view rest = hf_view_text(path);

    if (path[0] != '/' || path[1] == '\0' || rest.len > 4095)
        return false;
    rest = hf_view_from(rest, 1);
    if (rest.len == 0 || rest.ptr[rest.len - 1] == '/')
        return false;
    while (rest.len > 0) {
        struct hf_view part = next_word(&rest, '/');

        if (part.len == 0 || part.len > 255 || hf_view_is(part, ".") ||
            hf_view_is(part, ".."))
            return false;
    }
    return true;
}

static int read_path(struct hf_view word, char **ret_path, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (read_word(word, &path, err) < 0)
        return hf_err_code(err);
    if (!is_clean_path(path))
        return HF_FAIL(err, HF_E_PARSE, "not a clean absolute path");
    *ret_path = HF_STEAL(path);
    return 0;
}

static bool read_file_state(struct hf_view rest, struct hf_state *state)
{
    uint64_t mode, uid, gid;

    if (!read_number(next_word(&rest, ':'), 8, 07777, &mode) ||
        !read_number(next_word(&rest, ':'), 10, UINT32_MAX, &uid) ||
        !read_number(next_word(&rest, ':'), 10, UINT32_MAX, &gid) ||
        !read_number(rest, 10, HF_CHANGE_FILE_MAX, &state->size))
        return false;
    state->kind = HF_PATH_FILE;
    state->mode = (mode_t)mode;
    state->uid = (uid_t)uid;
    state->gid = (gid_t)gid;
    return true;
}

static int read_state(struct hf_view word, struct hf_state *state,
                      struct hf_err *err)
{
    if (hf_view_is(word, "absent"))
        return 0;
    if (hf_view_starts(word, "link:")) {
        if (read_word(hf_view_from(word, 5), &state->target, err) < 0)
            return hf_err_code(err);
        state->kind = HF_PATH_LINK;
        if (state->target[0] != '\0')
            return 0;
    } else if (hf_view_starts(word, "file:") &&
               read_file_state(hf_view_from(word, 5), state)) {
        return 0;
    }
    return HF_FAIL(err, HF_E_PARSE, "not a state of a file");
}

static bool is_temp_of(const char *temp, const char *path)
{
    size_t folder = (size_t)(strrchr(path, '/') - path) + 1;

    return strncmp(temp, path, folder) == 0 && hf_temp_name_is(temp + folder);
}

static int read_change(struct hf_view rest, struct hf_journal *journal,
                       struct hf_err *err)
{
    struct hf_change *change = hf_journal_add_change(journal, err);

    if (!change)
        return hf_err_code(err);
    if (read_path(next_word(&rest, ' '), &change->path, err) < 0 ||
        read_path(next_word(&rest, ' '), &change->temp, err) < 0 ||
        read_state(next_word(&rest, ' '), &change->was, err) < 0 ||
        read_state(rest, &change->now, err) < 0)
        return hf_err_code(err);
    if (!is_temp_of(change->temp, change->path))
        return HF_FAIL(err, HF_E_PARSE, "not a temporary file of ours");
    return 0;
}

static int read_note(struct hf_view rest, struct hf_journal *journal,
                     struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *key = NULL;
    HF_AUTO(hf_free_ptr) char *value = NULL;

    if (read_word(next_word(&rest, ' '), &key, err) < 0 ||
        read_word(rest, &value, err) < 0)
        return hf_err_code(err);
    return hf_journal_add_note(journal, hf_view_text(key), hf_view_text(value),
                               err);
}

static int read_folder(struct hf_view word, bool made,
                       struct hf_journal *journal, struct hf_err *err)
{
    HF_AUTO(hf_free_ptr) char *path = NULL;

    if (read_path(word, &path, err) < 0)
        return hf_err_code(err);
    return made ? hf_journal_add_made(journal, hf_view_text(path), err)
                : hf_journal_add_empty(journal, hf_view_text(path), err);
}

static int read_line(struct hf_view line, struct hf_journal *journal,
                     struct hf_err *err)
{
    struct hf_view rest = line, key = next_word(&rest, ' ');
    uint64_t number;

    if (hf_view_is(key, "change"))
        return read_change(rest, journal, err);
    if (hf_view_is(key, "note"))
        return read_note(rest, journal, err);
    if (hf_view_is(key, "made") || hf_view_is(key, "empty"))
        return read_folder(rest, hf_view_is(key, "made"), journal, err);
    if (hf_view_is(key, "time") && read_number(rest, 10, INT64_MAX, &number)) {
        journal->time_s = (int64_t)number;
        return 0;
    }
    if (hf_view_is(key, "retire") && read_number(rest, 10, 999999, &number)) {
        journal->retire = number;
        return 0;
    }
    return HF_FAIL(err, HF_E_PARSE, "not a line of a journal");
}

/* Takes the end line off and checks what it says about the rest. */
static int check_end(struct hf_view *text, struct hf_err *err)
{
    struct hf_view body = *text, end;
    char want[END_LEN + 1];

    if (text->len > HF_JOURNAL_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "larger than %d bytes", HF_JOURNAL_MAX);
    if (text->len < END_LEN)
        return HF_FAIL(err, HF_E_PARSE, "no end line");
    body.len -= END_LEN;
    end = hf_view_from(*text, body.len);
    (void)snprintf(want, sizeof(want), "end %016" PRIx64 "\n", fnv1a(body));
    if (!hf_view_is(end, want))
        return HF_FAIL(err, HF_E_PARSE,
                       "its check sum is wrong: cut short or damaged");
    *text = body;
    return 0;
}

int hf_journal_read(struct hf_view text, struct hf_journal *ret_journal,
                    struct hf_err *err)
{
    HF_AUTO(hf_journal_done) struct hf_journal journal = { 0 };

    if (check_end(&text, err) < 0)
        return hf_err_code(err);
    if (!hf_view_is(next_word(&text, '\n'), HEAD))
        return HF_FAIL(err, HF_E_PARSE,
                       "line 1: not '" HEAD "', perhaps of a newer version");
    for (unsigned line_no = 2; text.len > 0; line_no++)
        if (read_line(next_word(&text, '\n'), &journal, err) < 0)
            return HF_WRAP(err, "line %u", line_no);
    *ret_journal = journal;
    journal = (struct hf_journal){ 0 };
    return 0;
}
