/* SPDX-License-Identifier: Apache-2.0 */
/* base/json.h - writing JSON into a buffer, commas and escapes done here. */
#ifndef HF_BASE_JSON_H
#define HF_BASE_JSON_H

#include "base/buf.h"

#define HF_JSON_DEPTH 16 /* ours: our schemas nest 7 deep */

/* Errors are the buffer's: check `out` once at the end. */
struct hf_json {
    struct hf_buf *out;
    unsigned depth;
    bool filled[HF_JSON_DEPTH]; /* the level has a member already */
    char closer[HF_JSON_DEPTH]; /* what ends the level */
    bool pretty;                /* two blanks a level; else one line */
};

void hf_json_init(struct hf_json *json, struct hf_buf *out, bool pretty);

/* `key` is NULL inside an array and at the top. Keys are ours: plain ASCII. */
void hf_json_object(struct hf_json *json, const char *key);
void hf_json_array(struct hf_json *json, const char *key);
void hf_json_end(struct hf_json *json); /* closes what was opened last */
void hf_json_text(struct hf_json *json, const char *key, const char *text);
/* Bytes of a stranger: what is not UTF-8 becomes U+FFFD, one a byte. */
void hf_json_bytes(struct hf_json *json, const char *key, struct hf_view text);
void hf_json_number(struct hf_json *json, const char *key, int64_t number);
void hf_json_bool(struct hf_json *json, const char *key, bool value);
void hf_json_null(struct hf_json *json, const char *key);
/* An RFC 3339 time. */
void hf_json_time(struct hf_json *json, const char *key, int64_t time_s);
/* Lower-case hexadecimal. */
void hf_json_hex(struct hf_json *json, const char *key, struct hf_view bytes);

#endif
