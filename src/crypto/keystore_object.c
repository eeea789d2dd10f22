/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/keystore_object.c - how long a serialized Java object is.
 *
 * A JCEKS keeps a secret key as one: only its outline is followed, to find its
 * end. No class is named, made or looked for. Source: Java Object
 * Serialization Specification 6.4.2, as far as a sealed key needs it. */
#include <string.h>

#include "crypto/keystore_parts.h"

#define STREAM_HEAD 0xaced0005u
#define BASE_HANDLE 0x7e0000u
/* ours: a sealed key has 1 object, 4 classes, 8 texts and arrays, 4 deep */
#define HANDLES_MAX 64
#define CLASSES_MAX 16
#define FIELDS_MAX 32
#define DEPTH_MAX 8

enum token {
    TC_NULL = 0x70,
    TC_REFERENCE = 0x71,
    TC_CLASSDESC = 0x72,
    TC_OBJECT = 0x73,
    TC_STRING = 0x74,
    TC_ARRAY = 0x75,
    TC_BLOCKDATA = 0x77,
    TC_ENDBLOCKDATA = 0x78,
    TC_BLOCKDATALONG = 0x7a
};

enum flag {
    SC_WRITE_METHOD = 1,
    SC_SERIALIZABLE = 2,
    SC_EXTERNALIZABLE = 4,
    SC_BLOCK_DATA = 8
};

#define NO_CLASS (-1)

struct class_desc {
    uint32_t flags;
    char type[FIELDS_MAX]; /* one letter a field */
    size_t fields;
    char element; /* of an array's class: the letter of what it holds */
    int super;    /* in `cls`, or NO_CLASS */
};

struct stream {
    struct hf_rd *rd;
    int handle[HANDLES_MAX]; /* in `cls`, or NO_CLASS for anything else */
    size_t handles;
    struct class_desc cls[CLASSES_MAX];
    size_t classes;
};

static void skip_any(struct stream *s, int depth);

static void fail(struct stream *s)
{
    s->rd->bad = true;
    s->rd->left = 0;
}

static void give_handle(struct stream *s, int cls)
{
    if (s->handles == HANDLES_MAX)
        fail(s);
    else
        s->handle[s->handles++] = cls;
}

static struct hf_view take_text(struct stream *s)
{
    return hf_rd_bytes(s->rd, hf_rd_uint(s->rd, 2));
}

/* What is written by a class itself, up to its end mark. */
static void skip_annotation(struct stream *s, int depth)
{
    while (!s->rd->bad) {
        if (s->rd->left > 0 && s->rd->at[0] == TC_ENDBLOCKDATA) {
            (void)hf_rd_uint(s->rd, 1);
            return;
        }
        skip_any(s, depth);
    }
}

static void skip_fields(struct stream *s, struct class_desc *cls, int depth)
{
    cls->fields = hf_rd_uint(s->rd, 2);
    if (cls->fields > FIELDS_MAX)
        fail(s);
    for (size_t i = 0; i < cls->fields && !s->rd->bad; i++) {
        cls->type[i] = (char)hf_rd_uint(s->rd, 1);
        (void)take_text(s);
        if (cls->type[i] == 'L' || cls->type[i] == '[')
            skip_any(s, depth); /* the name of its class */
    }
}

/* Returns the class in `cls`, or NO_CLASS. */
static int take_class(struct stream *s, int depth)
{
    uint32_t token = hf_rd_uint(s->rd, 1), handle;
    struct hf_view name;
    int at;

    if (token == TC_NULL)
        return NO_CLASS;
    if (token == TC_REFERENCE) {
        handle = hf_rd_uint(s->rd, 4) - BASE_HANDLE;
        if (handle < s->handles && s->handle[handle] != NO_CLASS)
            return s->handle[handle];
    }
    if (token != TC_CLASSDESC || s->classes == CLASSES_MAX ||
        depth > DEPTH_MAX) {
        fail(s);
        return NO_CLASS;
    }
    at = (int)s->classes++;
    s->cls[at] = (struct class_desc){ .super = NO_CLASS };
    name = take_text(s);
    if (name.len > 1 && name.ptr[0] == '[')
        s->cls[at].element = (char)name.ptr[1];
    (void)hf_rd_bytes(s->rd, 8); /* serialVersionUID */
    give_handle(s, at);
    s->cls[at].flags = hf_rd_uint(s->rd, 1);
    skip_fields(s, &s->cls[at], depth + 1);
    skip_annotation(s, depth + 1);
    s->cls[at].super = take_class(s, depth + 1);
    return at;
}

static size_t size_of(char type)
{
    switch (type) {
    case 'B':
    case 'Z':
        return 1;
    case 'C':
    case 'S':
        return 2;
    case 'F':
    case 'I':
        return 4;
    case 'D':
    case 'J':
        return 8;
    default:
        return 0;
    }
}

static void skip_values(struct stream *s, const struct class_desc *cls,
                        int depth)
{
    for (size_t i = 0; i < cls->fields && !s->rd->bad; i++) {
        size_t size = size_of(cls->type[i]);

        if (size > 0)
            (void)hf_rd_bytes(s->rd, size);
        else
            skip_any(s, depth); /* an object or an array */
    }
}

/* What one class of an object wrote. */
static void skip_part(struct stream *s, const struct class_desc *cls, int depth)
{
    if (cls->flags & SC_SERIALIZABLE) {
        skip_values(s, cls, depth);
        if (cls->flags & SC_WRITE_METHOD)
            skip_annotation(s, depth);
    } else if ((cls->flags & SC_EXTERNALIZABLE) &&
               (cls->flags & SC_BLOCK_DATA)) {
        skip_annotation(s, depth);
    } else if (cls->flags & SC_EXTERNALIZABLE) {
        fail(s); /* of a length that only the class knows */
    }
}

static void skip_object(struct stream *s, int depth)
{
    int line[CLASSES_MAX], cls = take_class(s, depth);
    size_t count = 0;

    give_handle(s, NO_CLASS);
    /* a class that is its own ancestor ends with the array */
    for (; cls != NO_CLASS && count < CLASSES_MAX; cls = s->cls[cls].super)
        line[count++] = cls;
    while (count > 0 && !s->rd->bad)
        skip_part(s, &s->cls[line[--count]], depth);
}

static void skip_array(struct stream *s, int depth)
{
    int cls = take_class(s, depth);
    uint32_t count = hf_rd_uint(s->rd, 4);
    size_t size = cls == NO_CLASS ? 0 : size_of(s->cls[cls].element), len;

    give_handle(s, NO_CLASS);
    /* arrays of objects are not met in a sealed key */
    if (size == 0 || __builtin_mul_overflow(size, count, &len))
        fail(s);
    else
        (void)hf_rd_bytes(s->rd, len);
}

static void skip_any(struct stream *s, int depth)
{
    uint32_t token = hf_rd_uint(s->rd, 1);

    if (depth > DEPTH_MAX) {
        fail(s);
        return;
    }
    switch (token) {
    case TC_NULL:
        return;
    case TC_REFERENCE:
        (void)hf_rd_bytes(s->rd, 4);
        return;
    case TC_OBJECT:
        skip_object(s, depth + 1);
        return;
    case TC_STRING:
        give_handle(s, NO_CLASS);
        (void)take_text(s);
        return;
    case TC_ARRAY:
        skip_array(s, depth + 1);
        return;
    case TC_BLOCKDATA:
        (void)hf_rd_bytes(s->rd, hf_rd_uint(s->rd, 1));
        return;
    case TC_BLOCKDATALONG:
        (void)hf_rd_bytes(s->rd, hf_rd_uint(s->rd, 4));
        return;
    default:
        fail(s);
    }
}

bool hf_java_object_skip(struct hf_rd *rd)
{
    struct stream s = { .rd = rd };

    if (hf_rd_uint(rd, 4) != STREAM_HEAD)
        fail(&s);
    skip_any(&s, 0);
    return !rd->bad;
}
