/* SPDX-License-Identifier: Apache-2.0 */
/* win/cab_store.c - one file put into a Microsoft cabinet, uncompressed. */
#include "base/calendar.h"
#include "win/cab.h"

/* Sources: [MS-CAB] 2.1 CFHEADER, 2.2 CFFOLDER, 2.3 CFFILE, 2.4 CFDATA */
#define HEAD_LEN 36
#define FOLDER_LEN 8
#define FILE_LEN 16 /* without its name */
#define DATA_LEN 8  /* without its bytes */
#define DATA_MAX 32768
#define ATTRIB_ARCHIVE 0x20
#define ATTRIB_NAME_UTF 0x80

static void add_u16(struct hf_buf *out, unsigned n)
{
    const uint8_t bytes[] = { (uint8_t)n, (uint8_t)(n >> 8) };

    hf_buf_add(out, bytes, sizeof(bytes));
}

static void add_u32(struct hf_buf *out, size_t n)
{
    add_u16(out, (unsigned)(n & 0xffff));
    add_u16(out, (unsigned)(n >> 16 & 0xffff));
}

/* [MS-CAB] 3.1: words xored; what is left over counts from its other end. */
static uint32_t check_sum(struct hf_view bytes, uint32_t seed)
{
    const uint8_t *at = bytes.ptr;
    uint32_t sum = seed, rest = 0;

    for (size_t i = bytes.len / 4; i > 0; i--, at += 4)
        sum ^= (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
               (uint32_t)at[3] << 24;
    for (size_t i = bytes.len % 4; i > 0; i--)
        rest = rest << 8 | *at++;
    return sum ^ rest;
}

static void add_data(struct hf_buf *out, struct hf_view bytes)
{
    const uint8_t lens[] = { (uint8_t)bytes.len, (uint8_t)(bytes.len >> 8),
                             (uint8_t)bytes.len, (uint8_t)(bytes.len >> 8) };

    add_u32(out, check_sum(hf_view(lens, sizeof(lens)), check_sum(bytes, 0)));
    hf_buf_add(out, lens, sizeof(lens));
    hf_buf_view(out, bytes);
}

static unsigned number_at(const char *digits, size_t count)
{
    unsigned n = 0;

    for (size_t i = 0; i < count; i++)
        n = n * 10 + (unsigned)(digits[i] - '0');
    return n;
}

/* Date and time as MS-DOS had them, in 16 bits each, from "YYYY-MM-DDThh:mm:ss"
 * with a year of 1980 to 2107. */
static void add_time(struct hf_buf *out, int64_t time_s)
{
    static const char first[] = "1980-01-01T00:00:00";
    static const char last[] = "2107-12-31T23:59:58";
    char text[HF_TIME_TEXT];
    const char *at = hf_calendar_rfc3339(time_s, text);

    if (memcmp(at, first, sizeof(first) - 1) < 0)
        at = first;
    if (memcmp(at, last, sizeof(last) - 1) > 0)
        at = last;
    add_u16(out, (number_at(at, 4) - 1980) << 9 | number_at(at + 5, 2) << 5 |
                     number_at(at + 8, 2));
    add_u16(out, number_at(at + 11, 2) << 11 | number_at(at + 14, 2) << 5 |
                     number_at(at + 17, 2) / 2);
}

static int check_name(const char *name, struct hf_err *err)
{
    size_t len = strlen(name);

    if (len == 0 || len > HF_CAB_NAME_MAX)
        return HF_FAIL(err, HF_E_USAGE,
                       "a name of %zu bytes in a cabinet: expected 1 to %d",
                       len, HF_CAB_NAME_MAX);
    return 0;
}

static bool is_ascii(const char *name)
{
    while (*name && (unsigned char)*name < 0x80)
        name++;
    return *name == '\0';
}

struct layout {
    size_t blocks, file_at, data_at, total;
};

static struct layout lay_out(const char *name, size_t len)
{
    struct layout l = { .blocks = (len + DATA_MAX - 1) / DATA_MAX };

    l.file_at = HEAD_LEN + FOLDER_LEN;
    l.data_at = l.file_at + FILE_LEN + strlen(name) + 1;
    l.total = l.data_at + l.blocks * DATA_LEN + len;
    return l;
}

static void add_head(struct hf_buf *out, const struct layout *l)
{
    hf_buf_text(out, "MSCF");
    add_u32(out, 0);
    add_u32(out, l->total);
    add_u32(out, 0);
    add_u32(out, l->file_at);
    add_u32(out, 0);
    hf_buf_add(out, "\3\1", 2); /* version 1.3 */
    add_u16(out, 1);            /* folders */
    add_u16(out, 1);            /* files */
    add_u16(out, 0);            /* flags: no set, nothing reserved */
    add_u16(out, 0);            /* set */
    add_u16(out, 0);            /* number in the set */
    add_u32(out, l->data_at);   /* the folder: its data, */
    add_u16(out, (unsigned)l->blocks);
    add_u16(out, 0); /* stored */
}

static void add_file(struct hf_buf *out, const char *name, size_t len,
                     int64_t time_s)
{
    add_u32(out, len);
    add_u32(out, 0); /* offset in the folder */
    add_u16(out, 0); /* folder */
    add_time(out, time_s);
    add_u16(out, ATTRIB_ARCHIVE | (is_ascii(name) ? 0 : ATTRIB_NAME_UTF));
    hf_buf_add(out, name, strlen(name) + 1);
}

int hf_cab_store(struct hf_buf *out, const char *name, struct hf_view member,
                 int64_t time_s, struct hf_err *err)
{
    struct layout l = lay_out(name, member.len);

    if (check_name(name, err) < 0)
        return hf_err_code(err);
    if (member.len > HF_CAB_MEMBER_MAX)
        return HF_FAIL(err, HF_E_LIMIT, "%zu bytes in a cabinet: at most %d",
                       member.len, HF_CAB_MEMBER_MAX);
    add_head(out, &l);
    add_file(out, name, member.len, time_s);
    for (size_t at = 0; at < member.len; at += DATA_MAX) {
        struct hf_view rest = hf_view_from(member, at);

        add_data(out,
                 hf_view(rest.ptr, rest.len < DATA_MAX ? rest.len : DATA_MAX));
    }
    return hf_buf_check(out, err);
}
