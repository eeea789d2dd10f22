/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_base.c - inside win/: the base block of a hive, and the logs beside
 * the file: is the hive whole? */
#include "win/hive_image.h"

#include <limits.h>
#include <strings.h>

/* where the fields lie in the base block, which a log has too */
#define AT_SEQUENCE_1 4
#define AT_SEQUENCE_2 8
#define AT_MAJOR 20
#define AT_MINOR 24
#define AT_TYPE 28
#define AT_ROOT 36
#define AT_BINS_LEN 40
#define AT_SUM 508
#define SUMMED_LEN 508

#define MINOR_OLDEST 2 /* NT 3.5; cells were longer before */

/* the log of Windows 8.1 and newer: entries from 512 on */
#define LOG_TYPE_ENTRIES 6
#define LOG_FIRST 512
#define LOG_ENTRY_HEAD 40

/* bytes of text; a folder may hold the log's name in every mix of cases */
#define SAID_ENOUGH 2048

static uint32_t field(const struct hf_hive *hive, size_t at)
{
    return hf_le32(hive->bytes + at);
}

/* Source: CmpHiveHeaderCheckSum as public descriptions have it; every hive at
 * hand agrees */
static uint32_t sum(const struct hf_hive *hive)
{
    uint32_t n = 0;

    for (size_t at = 0; at < SUMMED_LEN; at += 4)
        n ^= field(hive, at);
    return n == 0xFFFFFFFFu ? 0xFFFFFFFEu : n == 0 ? 1 : n;
}

static int need_base(const struct hf_hive *hive, struct hf_err *err)
{
    if (hive->len < HF_HIVE_BASE_LEN)
        return HF_FAIL(err, HF_E_PARSE,
                       "%zu bytes are too few for a hive, whose base block has "
                       "%u",
                       hive->len, HF_HIVE_BASE_LEN);
    if (hf_hive_need(hive, 0, HF_HIVE_BASE_LEN, err) < 0)
        return hf_err_code(err);
    if (memcmp(hive->bytes, "regf", 4) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset 0: expected 'regf': this is no hive");
    return 0;
}

int hf_hive_base_read(struct hf_hive *hive, struct hf_err *err)
{
    size_t there;
    uint32_t said;

    if (need_base(hive, err) < 0)
        return hf_err_code(err);
    if (field(hive, AT_MAJOR) != 1 || field(hive, AT_MINOR) < MINOR_OLDEST)
        return HF_FAIL(
            err, HF_E_PARSE,
            "offset %u: a hive of version %u.%u, expected 1.%d to 1.6",
            AT_MAJOR, field(hive, AT_MAJOR), field(hive, AT_MINOR),
            MINOR_OLDEST);
    if (field(hive, AT_TYPE) != 0)
        return HF_FAIL(err, HF_E_PARSE,
                       "offset %u: type %u: the log of a hive, not a hive",
                       AT_TYPE, field(hive, AT_TYPE));
    there = (hive->len - HF_HIVE_BASE_LEN) / 8 * 8;
    said = field(hive, AT_BINS_LEN);
    if (there < HF_HIVE_BIN_HEAD)
        return HF_FAIL(err, HF_E_PARSE,
                       "it ends at offset 4096, after its base block");
    if (said == 0 || said % HF_HIVE_BASE_LEN != 0 || said > there)
        said = (uint32_t)there;
    hive->bins_len = said;
    hive->minor = field(hive, AT_MINOR);
    hive->root = field(hive, AT_ROOT);
    return 0;
}

static void doubt(struct hf_buf *out)
{
    if (out->len > 0)
        hf_buf_text(out, "; ");
}

void hf_hive_base_doubts(const struct hf_hive *hive, struct hf_buf *out)
{
    uint32_t first = field(hive, AT_SEQUENCE_1);
    uint32_t second = field(hive, AT_SEQUENCE_2);
    uint32_t said = field(hive, AT_BINS_LEN);

    if (first != second) {
        doubt(out);
        hf_buf_printf(out,
                      "its sequence numbers are %u and %u: changes were being "
                      "written, and its log was not replayed",
                      first, second);
    }
    if (field(hive, AT_SUM) != sum(hive)) {
        doubt(out);
        hf_buf_printf(out,
                      "the check sum of its base block is 0x%08x, expected "
                      "0x%08x",
                      field(hive, AT_SUM), sum(hive));
    }
    if (said == 0 || said % HF_HIVE_BASE_LEN != 0) {
        doubt(out);
        hf_buf_printf(out, "it says its bins have %u bytes, which cannot be",
                      said);
    } else if (said > hive->len - HF_HIVE_BASE_LEN) {
        doubt(out);
        hf_buf_printf(out, "it has %zu bytes of %llu: the rest is missing",
                      hive->len, (unsigned long long)said + HF_HIVE_BASE_LEN);
    }
}

void hf_hive_base_seal(struct hf_hive *hive)
{
    uint32_t next = field(hive, AT_SEQUENCE_1) + 1;

    hf_put_le32(hive->bytes + AT_SEQUENCE_1, next);
    hf_put_le32(hive->bytes + AT_SEQUENCE_2, next);
    hf_put_le32(hive->bytes + AT_BINS_LEN, hive->bins_len);
    hf_put_le32(hive->bytes + AT_SUM, sum(hive));
}

/* --- logs ---------------------------------------------------------------- */

/* The number of the last entry that follows the ones before it; false when
 * there is none. */
static bool newest_entry(const struct hf_hive *log, uint32_t *ret_number)
{
    struct hf_err err;
    uint32_t number = 0;
    bool any = false;

    for (size_t at = LOG_FIRST;;) {
        uint32_t size, next;

        if (hf_hive_need(log, at, LOG_ENTRY_HEAD, &err) < 0 ||
            memcmp(log->bytes + at, "HvLE", 4) != 0)
            break;
        size = field(log, at + 4);
        next = field(log, at + 12);
        if (size < LOG_ENTRY_HEAD || size > log->len - at ||
            (any && next != number + 1))
            break;
        number = next;
        any = true;
        at += size;
    }
    *ret_number = number;
    return any;
}

/* The number up to which a log goes. A log of the older kind carries the number
 * of the last change in its base block. */
static bool log_number(const struct hf_hive *log, uint32_t *ret_number)
{
    if (field(log, AT_TYPE) == LOG_TYPE_ENTRIES)
        return newest_entry(log, ret_number);
    *ret_number = field(log, AT_SEQUENCE_1);
    return field(log, AT_TYPE) != 0 && log->len > LOG_FIRST + 4 &&
           memcmp(log->bytes + LOG_FIRST, "DIRT", 4) == 0 &&
           field(log, AT_SUM) == sum(log);
}

/* A log that cannot be read, or is none, says nothing: Windows looks at the
 * hive's own numbers first, and so do we. */
static int look_at_log(const struct hf_hive *hive, const char *path,
                       const char *shown, struct hf_buf *out,
                       struct hf_err *err)
{
    struct hf_hive log = { .fd = -1 };
    uint32_t own = field(hive, AT_SEQUENCE_2), number;
    int rc = hf_hive_image_open(&log, path, err);

    if (rc == 0)
        rc = hf_hive_need(&log, 0, LOG_FIRST, err);
    /* numbers wrap around, so that only their distance counts */
    if (rc == 0 && memcmp(log.bytes, "regf", 4) == 0 &&
        log_number(&log, &number) && (int32_t)(number - own) > 0) {
        doubt(out);
        hf_buf_printf(out, "its log '%s' goes up to number %u, the hive to %u",
                      shown, number, own);
    }
    hf_hive_image_done(&log);
    return rc == HF_E_NOMEM ? rc : 0;
}

static bool is_log_of(const char *name, const char *hive_name)
{
    static const char *const endings[] = { ".LOG", ".LOG1", ".LOG2" };
    size_t len = strlen(hive_name);

    if (strncasecmp(name, hive_name, len) != 0)
        return false;
    for (size_t i = 0; i < HF_COUNT(endings); i++) {
        if (strcasecmp(name + len, endings[i]) == 0)
            return true;
    }
    return false;
}

/* The path of the file `name` in the folder of `path`; on the heap. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    HF_AUTO(hf_buf_done) struct hf_buf text = { 0 };

    hf_buf_init(&text, PATH_MAX);
    if (slash)
        hf_buf_add(&text, path, (size_t)(slash - path) + 1);
    hf_buf_text(&text, name);
    return hf_buf_steal(&text);
}

int hf_hive_log_doubts(const struct hf_hive *hive, const char *path,
                       struct hf_buf *out, struct hf_err *err)
{
    HF_AUTO(hf_names_done) struct hf_names names = { 0 };
    HF_AUTO(hf_free_ptr) char *folder = beside(path, ".");
    const char *slash = strrchr(path, '/');

    if (!folder)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
    if (hf_dir_names(folder, &names, err) < 0)
        return hf_err_code(err) == HF_E_NOMEM ? HF_E_NOMEM : 0;
    for (size_t i = 0; i < names.count && out->len < SAID_ENOUGH; i++) {
        HF_AUTO(hf_free_ptr) char *log = NULL;

        if (!is_log_of(names.name[i], slash ? slash + 1 : path))
            continue;
        log = beside(path, names.name[i]);
        if (!log)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a path");
        if (look_at_log(hive, log, names.name[i], out, err) < 0)
            return hf_err_code(err);
    }
    return 0;
}
